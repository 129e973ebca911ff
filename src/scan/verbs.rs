//! Which method an argument, a table or a function says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::idioms::{idioms, words};
use super::language::Role;
use super::request::Requests;
use super::scope::{owner, value};
use super::syntax::{Id, is_text};

/// How many elements of a list are looked at.
const MAX_ELEMENTS: usize = 8;

impl Requests<'_, '_> {
    /// The method that an argument is.
    pub(super) fn method_of(&self, id: Id) -> BTreeSet<String> {
        self.method_value(id, false, 5)
    }

    fn method_value(&self, id: Id, named: bool, steps: usize) -> BTreeSet<String> {
        let syntax = self.syntax();
        let Some(steps) = steps.checked_sub(1) else {
            return BTreeSet::new();
        };
        let node = syntax.get(id);
        let one = |verb: Option<&str>| verb.map(str::to_owned).into_iter().collect();
        match node.role {
            Role::String => {
                let text = syntax.source(id).trim_matches(|c: char| !c.is_alphabetic());
                one(idioms()
                    .verb(text)
                    .filter(|_| !text.starts_with("del") || named || text.len() > 3))
            }
            Role::Name | Role::Pair if idioms().marks.contains_key(syntax.name(id)) => {
                one(idioms().marks.get(syntax.name(id)).map(String::as_str))
            }
            Role::Name | Role::Member => {
                let source = syntax.source(id);
                let before = node.span.start.checked_sub(1);
                let dotted = before.is_some_and(|at| syntax.text.as_bytes()[at] == b'.');
                let mut words = words(syntax.name(id));
                let told = source.to_lowercase().contains("method") || dotted || named;
                words.retain(|word| !matches!(word.as_str(), "method" | "http" | "request"));
                if let [word] = words.as_slice()
                    && (told || syntax.name(id).chars().all(|c| !c.is_lowercase()))
                    && let Some(verb) = idioms().verb(word)
                {
                    return one(Some(verb));
                }
                let values = self.folder.scopes.values(syntax, id);
                let text = |id: &Id| is_text(syntax, *id) || syntax.role(*id) == Role::Choice;
                let values = values.into_iter().filter(text);
                values
                    .flat_map(|id| self.method_value(id, named, steps))
                    .collect()
            }
            Role::Pair if idioms().arguments.method.contains(syntax.name(id)) => {
                let value = node.kids.iter();
                value
                    .flat_map(|id| self.method_value(*id, true, steps))
                    .collect()
            }
            Role::Object if named => {
                let kids = node.kids.iter();
                kids.flat_map(|id| self.method_value(*id, true, steps))
                    .collect()
            }
            Role::Choice => {
                let kids = node.kids.iter();
                kids.flat_map(|id| self.method_value(*id, named, steps))
                    .collect()
            }
            Role::Object => self.method_entries(id, id),
            _ => BTreeSet::new(),
        }
    }

    /// The method that entries of a table say.
    pub(super) fn method_entries(&self, table: Id, except: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let kids = syntax.get(table).kids.iter().copied();
        kids.filter(|id| *id != except && syntax.role(*id) == Role::Pair)
            .flat_map(|id| self.method_of(id))
            .collect()
    }

    /// The method that an element of a list says: `("POST", "/users")`.
    pub(super) fn method_elements(&self, list: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let kids = syntax.get(list).kids.iter().take(MAX_ELEMENTS);
        let texts = kids.filter(|id| syntax.role(**id) == Role::String);
        let words = texts.map(|id| syntax.source(*id).trim_matches(['"', '\'', '`']));
        let said = words.filter_map(|word| idioms().verb(word).filter(|verb| *verb == word));
        said.map(str::to_owned).collect()
    }

    /// The method that something inside an argument says: `Builder::new().method(Method::GET)`.
    pub(super) fn method_within(&self, id: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let is_sent =
            syntax.role(id) == Role::Pair && idioms().arguments.params.contains(syntax.name(id));
        if !matches!(syntax.role(id), Role::Call | Role::Other | Role::Pair) || is_sent {
            return BTreeSet::new();
        }
        let mut found = BTreeSet::new();
        for at in syntax.descendants(id) {
            // `Options(method: "POST")`
            let inside = at != id && syntax.role(at) == Role::Pair;
            let says = syntax.role(at) == Role::Call || inside;
            if says && idioms().arguments.method.contains(syntax.name(at)) {
                for argument in syntax.arguments(at) {
                    found.extend(self.method_value(argument, true, 3));
                }
            }
        }
        found
    }

    /// The methods of a list of nothing else: `['put', 'patch']`.
    pub(super) fn method_list(&self, list: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let kids = syntax.get(list).kids.iter();
        let kids = kids.filter(|_| syntax.role(list) == Role::Object);
        let said: Option<BTreeSet<String>> = kids
            .take(MAX_ELEMENTS)
            .map(|id| self.method_of(*id).pop_first())
            .collect();
        said.unwrap_or_default()
    }

    /// The methods of handlers: `get(list).post(create)`, `{ get { … } post { … } }`.
    pub(super) fn handlers(&self, id: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        match syntax.role(id) {
            Role::Call => self.handlers_in(id),
            Role::Other => {
                let kids = syntax.get(id).kids.iter().copied();
                let handles =
                    |id: &Id| syntax.role(*id) == Role::Call && syntax.get(*id).receiver.is_none();
                kids.filter(handles)
                    .flat_map(|id| self.handlers_in(id))
                    .collect()
            }
            _ => BTreeSet::new(),
        }
    }

    fn handlers_in(&self, call: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        if idioms().routes.guards.contains(syntax.name(call)) {
            let inside = syntax.arguments(call);
            return inside.flat_map(|id| self.handlers(id)).collect();
        }
        let mut found = BTreeSet::new();
        let mut at = Some(call);
        while let Some(id) = at.filter(|id| syntax.role(*id) == Role::Call) {
            let argument = syntax.arguments(id).next();
            // Not `post("/x") { … }`, which has a path of its own.
            let verb = idioms().verb(syntax.name(id));
            let verb = verb.filter(|_| !argument.is_some_and(|id| is_text(syntax, id)));
            found.extend(verb.map(str::to_owned));
            if let Some(argument) = argument
                && found.is_empty()
            {
                // `web::get().to(handler)` names it in front; `on(MethodFilter::GET, …)` inside.
                found.extend(self.method_value(argument, true, 3));
            }
            at = syntax.get(id).receiver;
        }
        found
    }

    /// The method that is set on what a path was made part of: `request.httpMethod = "POST"`.
    pub(super) fn assigned_method(&self, assign: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let variable = syntax.name(assign);
        let function = syntax.function_of(assign);
        let mut found = BTreeSet::new();
        for name in &idioms().arguments.method {
            for other in self.folder.scopes.assignments(name) {
                let same = owner(syntax.head(*other)) == Some(variable)
                    && syntax.function_of(*other) == function
                    && syntax.get(*other).span.start > syntax.get(assign).span.start;
                if let Some(value) = value(syntax, *other).filter(|_| same) {
                    found.extend(self.method_value(value, true, 4));
                }
            }
        }
        found
    }

    /// The methods that each function sends, by the calls in it.
    pub(super) fn sent(&self) -> HashMap<Id, BTreeSet<String>> {
        let syntax = self.syntax();
        let mut sends: HashMap<Id, BTreeSet<String>> = HashMap::new();
        for id in 0..syntax.nodes.len() {
            let Some(function) = syntax.function_of(id) else {
                continue;
            };
            // `method = HttpMethod.Post` in a builder.
            if syntax.role(id) == Role::Assign
                && idioms().arguments.method.contains(syntax.head(id))
                && let Some(value) = value(syntax, id)
                && syntax.role(value) == Role::Member
            {
                let said = self.method_value(value, true, 2);
                if !said.is_empty() {
                    sends.entry(function).or_default().extend(said);
                }
            }
            let said = self.sent_by(id);
            if !said.is_empty() {
                sends.entry(function).or_default().extend(said);
            }
        }
        sends
    }

    /// The methods that a call sends by itself.
    pub(super) fn sent_by(&self, id: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let sends = syntax.role(id) == Role::Call && !self.is_on_store(id);
        if !sends || self.tells(id) || self.guards(id) {
            return BTreeSet::new();
        }
        let on = owner(syntax.head(id).trim_end());
        let name = syntax.name(id);
        let trusted = on.is_some_and(|on| idioms().makes_requests(on))
            || name.starts_with('_')
            || (syntax
                .get(id)
                .receiver
                .is_some_and(|r| syntax.role(r) == Role::Call)
                && idioms().verb(name) != Some("GET"));
        let mut said: BTreeSet<String> = BTreeSet::new();
        if trusted {
            said.extend(idioms().verb_in(name).map(str::to_owned));
        }
        if said.is_empty() {
            let arguments = syntax.arguments(id);
            said = arguments.flat_map(|id| self.method_of(id)).collect();
        }
        if said.is_empty()
            && idioms().calls.staged.contains(name)
            && let [_, option, value] = syntax.arguments(id).collect::<Vec<_>>().as_slice()
            && idioms().arguments.method.contains(syntax.name(*option))
        {
            // `curl_setopt($curl, CURLOPT_CUSTOMREQUEST, "PUT")`
            said = self.method_value(*value, true, 3);
        }
        said
    }

    /// The method of each function that makes a request and neither says nor is given another one:
    /// `fetch(BASE + path)`.
    pub(super) fn defaults(&self) -> HashMap<Id, String> {
        let syntax = self.syntax();
        let mut found: HashMap<Id, String> = HashMap::new();
        let mut told: HashSet<Id> = self.sends.keys().copied().collect();
        for id in 0..syntax.nodes.len() {
            let Some(function) = syntax.function_of(id) else {
                continue;
            };
            match syntax.role(id) {
                Role::Call => {
                    if let Some(verb) = idioms().default_verb(syntax.head(id)) {
                        found.insert(function, verb.to_owned());
                    }
                }
                Role::Pair | Role::Assign | Role::Parameter | Role::Name
                    if idioms().arguments.method.contains(syntax.name(id)) =>
                {
                    let around = std::iter::successors(Some(function), |f| syntax.function_of(*f));
                    told.extend(around);
                }
                _ => {}
            }
        }
        found.retain(|function, _| !told.contains(function));
        found
    }

    /// The method of each function of the file that sends one and no other, by name.
    pub(super) fn wrappers(&self) -> BTreeMap<String, String> {
        let syntax = self.syntax();
        let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
        // Parameters `method="GET"`.
        let mut defaults: HashMap<Id, String> = HashMap::new();
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) == Role::Parameter
                && idioms().arguments.method.contains(syntax.name(id))
                && let Some(default) = syntax.get(id).kids.last()
                && let Some(method) = self.method_value(*default, true, 2).pop_first()
                && let Some(function) = syntax.function_of(id)
            {
                defaults.insert(function, method);
            }
        }
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) != Role::Function {
                continue;
            }
            let Some(name) = syntax.function_name(id) else {
                continue;
            };
            let sends = self
                .sends
                .get(&id)
                .map(|sends| sends.iter().collect::<Vec<_>>());
            let one = match (defaults.get(&id), sends.as_deref()) {
                (Some(default), _) => Some(default.clone()),
                (None, Some([only])) => Some((*only).clone()),
                (None, None) => self.defaults.get(&id).cloned(),
                _ => None,
            };
            let known = found.entry(name.to_owned()).or_insert_with(|| one.clone());
            if *known != one {
                *known = None;
            }
        }
        found
            .into_iter()
            .filter_map(|(name, method)| Some((name, method?)))
            .collect()
    }
}
