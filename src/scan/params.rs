//! Which parameters a call sends.

use std::collections::BTreeSet;

use super::fold::Folder;
use super::idioms::idioms;
use super::language::Role;
use super::request::Context;
use super::scope::{key_of, merges, value};
use super::syntax::{Id, Syntax};

/// The parameters that a call sends, as far as they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Params {
    /// Their names, in the order of the source.
    pub(super) names: Vec<String>,
    /// Whether more may be sent: a value that the file does not spell out.
    pub(super) open: bool,
}

/// How far tables are followed.
const MAX_STEPS: usize = 8;

impl Params {
    /// The parameters of a call that a path goes through.
    pub(super) fn of(folder: &Folder<'_, '_>, context: &Context, site: Id) -> Params {
        let mut reader = Reader {
            folder,
            syntax: folder.syntax,
            params: Params::default(),
            seen: BTreeSet::new(),
        };
        let reads = context
            .methods
            .names
            .iter()
            .all(|m| m == "GET" || m == "HEAD");
        for (call, from) in &context.calls {
            reader.call(*call, *from, reads);
        }
        if let Some(table) = context.table {
            reader.options(table, site);
        }
        if let Some(annotation) = context.annotated {
            let around = folder.syntax.ancestors(annotation);
            let mut functions = around.filter(|at| folder.syntax.role(*at) == Role::Function);
            if let Some(function) = functions.next() {
                reader.annotated(function, annotation);
            }
        }
        reader.params
    }

    pub(super) fn add(&mut self, name: &str) {
        let fits = !name.is_empty() && name.len() <= 80 && !name.contains(char::is_whitespace);
        if fits && !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }
}

struct Reader<'r, 'f, 's> {
    folder: &'r Folder<'f, 's>,
    syntax: &'f Syntax<'s>,
    params: Params,
    seen: BTreeSet<Id>,
}

impl Reader<'_, '_, '_> {
    fn call(&mut self, call: Id, from: Id, reads: bool) {
        let arguments = &idioms().arguments;
        let syntax = self.syntax;
        let name = syntax.name(call);
        let others: Vec<Id> = syntax.arguments(call).filter(|id| *id != from).collect();
        let is_receiver = syntax.get(call).receiver == Some(from);
        if is_receiver
            && arguments.builders.contains(name)
            && others.len() >= 2
            && let Some(text) = self.text(others[0])
        {
            self.params.add(&text);
            return;
        }
        if is_receiver
            && (arguments.params.contains(name) || name == "setBody" || name == "bodyValue")
        {
            for id in others {
                self.table(id, MAX_STEPS);
            }
            return;
        }
        for id in others {
            match syntax.role(id) {
                Role::Pair if arguments.params.contains(syntax.name(id)) => {
                    self.table(id, MAX_STEPS);
                }
                Role::Object => self.options_or_table(id),
                Role::Name | Role::Member => {
                    let known = arguments.bodies.contains(syntax.name(id));
                    let values = self.folder.scopes.values(syntax, id);
                    let is_table = |id: &Id| self.is_table(*id);
                    if known || values.iter().any(is_table) {
                        self.table_or_options(id);
                    } else if !reads && !is_receiver && self.is_opaque(id, &values) {
                        self.params.open = true;
                    }
                }
                Role::Call if arguments.wrap.contains(syntax.name(id)) => {
                    self.table(id, MAX_STEPS);
                }
                Role::Call if self.set_on(id).is_some() => {
                    if let Some(table) = self.set_on(id) {
                        self.table(table, MAX_STEPS);
                    }
                }
                Role::Call | Role::Function | Role::Other => {
                    let before = self.params.names.len();
                    self.built(id);
                    let spelt = self.params.names.len() > before;
                    if !spelt && !reads && syntax.role(id) == Role::Call {
                        self.params.open = true;
                    }
                }
                _ => {}
            }
        }
    }

    /// What is set on something that is made: `new User { Name = name }`.
    fn set_on(&self, call: Id) -> Option<Id> {
        let last = self.syntax.get(call).kids.last().copied()?;
        let is_set = |id: &Id| self.syntax.role(*id) == Role::Assign;
        let is_table = self.syntax.role(last) == Role::Object
            && !self.syntax.get(last).kids.is_empty()
            && self.syntax.get(last).kids.iter().all(is_set);
        is_table.then_some(last)
    }

    /// Whether an argument could be a body that nobody spelt out: no method, no text.
    fn is_opaque(&self, id: Id, values: &[Id]) -> bool {
        let plain = |id: &Id| matches!(self.syntax.role(*id), Role::String | Role::Concat);
        let name = self.syntax.name(id);
        let is_method = idioms().verb(name).is_some() || name.starts_with("Method");
        let context = matches!(
            name,
            "ctx" | "context" | "nil" | "null" | "None" | "headers" | "token" | "method"
        );
        let is_text = !values.is_empty() && values.iter().all(plain);
        !(is_method || context || is_text)
    }

    fn is_table(&self, id: Id) -> bool {
        match self.syntax.role(id) {
            Role::Object => true,
            Role::Call => idioms().arguments.wrap.contains(self.syntax.name(id)),
            Role::Other => self
                .syntax
                .get(id)
                .kids
                .iter()
                .any(|kid| self.is_table(*kid)),
            _ => false,
        }
    }

    /// A table that says how to send, or what.
    fn options_or_table(&mut self, table: Id) {
        let arguments = &idioms().arguments;
        let is_option = |id: &Id| {
            self.is_entry_of(*id, &arguments.options) || self.is_entry_of(*id, &arguments.params)
        };
        if self.syntax.get(table).kids.iter().any(is_option) {
            self.options(table, table);
        } else {
            self.table(table, MAX_STEPS);
        }
    }

    fn table_or_options(&mut self, id: Id) {
        let values = self.folder.scopes.values(self.syntax, id);
        match values.as_slice() {
            [one] if self.syntax.role(*one) == Role::Object => {
                self.options_or_table(*one);
                self.mutations(id);
            }
            _ => {
                self.table(id, MAX_STEPS);
            }
        }
    }

    /// The entries of a table of options that hold what is sent.
    fn options(&mut self, table: Id, except: Id) {
        let arguments = &idioms().arguments;
        for kid in self.syntax.get(table).kids.clone() {
            if kid == except || !self.is_entry_of(kid, &arguments.params) {
                continue;
            }
            let Some(given) = value(self.syntax, kid) else {
                continue;
            };
            if self.is_by_place(given) {
                self.options(given, except);
            } else {
                self.table(given, MAX_STEPS);
            }
        }
    }

    /// Whether something is the entry of a table under one of some names: `body: x`, and in what makes a
    /// request, `Content = x`.
    fn is_entry_of(&self, id: Id, names: &BTreeSet<String>) -> bool {
        let name = self.syntax.name(id);
        match self.syntax.role(id) {
            Role::Pair => names.contains(name),
            Role::Assign => names.contains(name.to_ascii_lowercase().as_str()),
            _ => false,
        }
    }

    /// Whether a table holds what is sent by where it is sent: `{ path: { id }, query: { page } }`.
    fn is_by_place(&self, table: Id) -> bool {
        let kids = &self.syntax.get(table).kids;
        let holds_table = |id: &Id| {
            value(self.syntax, *id).is_some_and(|id| self.syntax.role(id) == Role::Object)
        };
        self.syntax.role(table) == Role::Object
            && kids.iter().any(holds_table)
            && kids
                .iter()
                .all(|id| self.is_entry_of(*id, &idioms().arguments.places))
    }

    /// The keys of a table.
    fn table(&mut self, id: Id, steps: usize) {
        let Some(steps) = steps.checked_sub(1) else {
            self.params.open = true;
            return;
        };
        let syntax = self.syntax;
        let node = syntax.get(id);
        match node.role {
            Role::Pair | Role::Hole => {
                for kid in node.kids.clone() {
                    self.table(kid, steps);
                }
            }
            Role::Object => {
                for kid in node.kids.clone() {
                    self.entry(kid, steps);
                }
            }
            Role::Call if idioms().arguments.wrap.contains(syntax.name(id)) => {
                for kid in syntax.arguments(id).collect::<Vec<_>>() {
                    match syntax.role(kid) {
                        Role::Pair => self.entry(kid, steps),
                        Role::String => {}
                        _ => self.table(kid, steps),
                    }
                }
            }
            Role::Call => {
                let before = self.params.names.len();
                self.built(id);
                self.params.open |= self.params.names.len() == before;
            }
            Role::Name | Role::Member => {
                if !self.seen.insert(id)
                    || matches!(syntax.source(id), "undefined" | "nil" | "NULL")
                {
                    return;
                }
                let values = self.folder.scopes.values(syntax, id);
                self.params.open |= values.is_empty();
                for value in values {
                    self.table(value, steps);
                }
                self.mutations(id);
            }
            Role::Choice => {
                // `form and encode(form)`, `a ? b : c`: what is a table counts.
                for kid in node.kids.clone() {
                    if matches!(syntax.role(kid), Role::Object | Role::Call) {
                        self.table(kid, steps);
                    } else if matches!(syntax.role(kid), Role::Name | Role::Member) {
                        self.params.open = true;
                    }
                }
            }
            Role::Other => {
                let kids = node.kids.clone();
                for kid in &kids {
                    self.table(*kid, steps);
                }
            }
            Role::String => {
                let text = self.text(id).unwrap_or_default();
                if text.contains('=') {
                    for pair in text.split('&') {
                        self.params.add(pair.split('=').next().unwrap_or(""));
                    }
                }
            }
            Role::Concat => self.params.open = true,
            _ => {}
        }
    }

    /// One entry of a table: a key, a pair in a list, or another table that is spread into it.
    fn entry(&mut self, id: Id, steps: usize) {
        let syntax = self.syntax;
        match syntax.role(id) {
            Role::Pair | Role::Assign => {
                let name = syntax.name(id).to_owned();
                self.params.add(&name);
            }
            Role::Object => {
                let first = syntax.get(id).kids.first().copied();
                if let Some(name) = first.and_then(|first| self.text(first)) {
                    self.params.add(&name);
                }
            }
            Role::Name | Role::Member | Role::Choice | Role::Call => self.table(id, steps),
            _ => {}
        }
    }

    /// What is put into a variable's table later: `form["x"] = 1`, `q.Set("x", 1)`.
    fn mutations(&mut self, used: Id) {
        let syntax = self.syntax;
        let variable = syntax.name(used);
        let Some(function) = syntax.function_of(used) else {
            return;
        };
        for id in self.folder.scopes.put(syntax, variable, function) {
            let is_call = syntax.role(*id) == Role::Call;
            if is_call && idioms().arguments.merge.contains(syntax.name(*id)) {
                self.merged(*id, variable);
                continue;
            }
            if !is_call && merges(syntax, *id) {
                if let Some(more) = value(syntax, *id) {
                    self.spread(more);
                }
                continue;
            }
            let key = match syntax.role(*id) {
                Role::Assign => key_of(syntax, *id).map(|(_, key)| key.to_owned()),
                _ => syntax
                    .arguments(*id)
                    .next()
                    .and_then(|first| self.text(first)),
            };
            if let Some(key) = key {
                self.params.add(&key);
            }
        }
    }

    /// The entries of other tables that a call puts into a variable's.
    fn merged(&mut self, call: Id, variable: &str) {
        for id in self.syntax.arguments(call) {
            let is_target = self.syntax.role(id) == Role::Name && self.syntax.name(id) == variable;
            if !is_target {
                self.spread(id);
            }
        }
    }

    /// What is spread into a table: an entry, or a table of entries.
    fn spread(&mut self, id: Id) {
        match self.syntax.role(id) {
            Role::Pair => self.entry(id, MAX_STEPS),
            _ => self.table(id, MAX_STEPS),
        }
    }

    /// What is added one by one inside an expression: `FormBody.Builder().add("a", 1)`.
    fn built(&mut self, id: Id) {
        let syntax = self.syntax;
        let mut calls: Vec<Id> = syntax.descendants(id);
        calls.sort_by_key(|id| syntax.get(*id).span.end);
        for at in calls {
            if syntax.role(at) != Role::Call {
                continue;
            }
            let name = syntax.name(at);
            let given: Vec<Id> = syntax.arguments(at).collect();
            if idioms().arguments.builders.contains(name) && given.len() >= 2 {
                if let Some(text) = self.text(given[0]) {
                    self.params.add(&text);
                }
            } else if name == "setBody" || idioms().arguments.wrap.contains(name) {
                for id in given {
                    if syntax.role(id) == Role::Pair {
                        self.entry(id, MAX_STEPS);
                    } else if syntax.role(id) != Role::String {
                        self.table(id, MAX_STEPS);
                    }
                }
            }
        }
    }

    /// Parameters that annotations name: `@Query("page") int page`.
    fn annotated(&mut self, function: Id, route: Id) {
        let syntax = self.syntax;
        let route = syntax.source(route);
        let arguments = &idioms().arguments;
        let mut annotations = syntax.descendants(function);
        annotations.sort_by_key(|id| syntax.get(*id).span.start);
        for id in annotations {
            if syntax.role(id) != Role::Annotation {
                continue;
            }
            let name = syntax.name(id);
            if arguments.open.contains(name) {
                self.params.open = true;
            } else if arguments.annotations.contains(name) {
                // Not `defaultValue = "20"`.
                let is_name = |id: &Id| {
                    syntax.role(*id) != Role::Pair || arguments.names.contains(syntax.name(*id))
                };
                let mut given = syntax.arguments(id).filter(is_name);
                let said = given.find_map(|id| self.text(id));
                let said = said.or_else(|| {
                    let parameter = syntax
                        .ancestors(id)
                        .find(|at| syntax.role(*at) == Role::Parameter)?;
                    Some(syntax.name(parameter).to_owned())
                });
                let is_in_path = |name: &String| route.contains(&format!("{{{name}}}"));
                if let Some(name) = said.filter(|name| !is_in_path(name)) {
                    self.params.add(&name);
                }
            }
        }
    }

    /// The text of a string without holes.
    fn text(&self, id: Id) -> Option<String> {
        let syntax = self.syntax;
        let id = match syntax.role(id) {
            Role::Pair => *syntax.get(id).kids.last()?,
            _ => id,
        };
        let is_plain = syntax.role(id) == Role::String && syntax.get(id).kids.is_empty();
        let text = syntax
            .source(id)
            .trim_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != ']' && c != '$');
        (is_plain && !text.is_empty()).then(|| text.to_owned())
    }
}
