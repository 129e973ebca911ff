//! How calls put texts together: by slashes, by another separator, or side by side.

use super::fold::{Folder, append, hole, join};
use super::idioms::idioms;
use super::language::Role;
use super::pattern::{Pattern, Piece};
use super::scope::{owner, root};
use super::syntax::{Id, Syntax, is_text};

/// What is put together of more parts is no path; each of its parts would be looked at for each.
const MAX_PARTS: usize = 64;

/// How a call makes a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Makes {
    /// Of a pattern and values.
    Format,
    /// Of parts with a separator between.
    Join,
    /// Of what it is made on, and segments behind it.
    Chain,
    /// Of parts side by side.
    Concat,
}

impl Folder<'_, '_> {
    /// How a call makes a text, if it does.
    pub(super) fn makes(&self, call: Id) -> Option<Makes> {
        let syntax = self.syntax;
        let calls = &idioms().calls;
        let name = syntax.name(call);
        let receiver = syntax.get(call).receiver;
        if calls.format.contains(name) {
            return Some(Makes::Format);
        }
        let on_text = receiver.is_some_and(|on| syntax.role(on) == Role::String);
        let on_list = || receiver.is_some_and(|on| is_list(syntax, on));
        let given = syntax.arguments(call).count();
        let takes_list = || syntax.arguments(call).any(|id| is_list(syntax, id));
        if calls.join.contains(name) && (on_text || given > 1 || on_list() || takes_list()) {
            return Some(Makes::Join);
        }
        if self.concatenates(call) {
            return Some(Makes::Concat);
        }
        let chained = calls.chain.contains(name) && (1..=2).contains(&given) && !on_text;
        (chained && receiver.is_some()).then_some(Makes::Chain)
    }

    /// Whether a call puts its parts side by side.
    fn concatenates(&self, call: Id) -> bool {
        let syntax = self.syntax;
        let calls = &idioms().calls;
        let name = syntax.name(call);
        let receiver = syntax.get(call).receiver;
        let given: Vec<Id> = syntax.arguments(call).collect();
        if calls.concat.contains(name) {
            let requests = |id: &Id| {
                syntax.role(*id) == Role::Call && idioms().verb(syntax.name(*id)).is_some()
            };
            let on_list = receiver.is_some_and(|on| is_list(syntax, on));
            let takes_list = given.iter().any(|id| is_list(syntax, *id));
            let on_type = receiver.is_none_or(|on| is_type(syntax, on));
            // Lists are put side by side, and streams of answers.
            let fits = match given.as_slice() {
                [] => on_list,
                _ => !on_list && (!takes_list || on_type),
            };
            return fits && !given.iter().chain(&receiver).any(requests);
        }
        if calls.append.contains(name) && given.len() == 1 {
            return match receiver {
                Some(on) => self.is_built(on),
                None => self.is_inside_build(call),
            };
        }
        calls.build.contains(name) && !given.is_empty()
    }

    /// Whether what a text is put behind is one: something that builds texts, or a variable with one.
    fn is_built(&self, on: Id) -> bool {
        let syntax = self.syntax;
        match syntax.role(on) {
            Role::Call => builds(syntax, on) || self.makes(on) == Some(Makes::Concat),
            Role::Name | Role::Member => {
                let values = self.scopes.values(syntax, on);
                let is_value = |id: &Id| {
                    let makes = || {
                        let name = syntax.name(*id);
                        let calls = &idioms().calls;
                        let known = [&calls.pass, &calls.edit, &calls.format];
                        known.iter().any(|words| words.contains(name))
                    };
                    let call = syntax.role(*id) == Role::Call;
                    is_text(syntax, *id) || (call && (builds(syntax, *id) || makes()))
                };
                values.iter().any(is_value)
            }
            _ => false,
        }
    }

    fn is_inside_build(&self, call: Id) -> bool {
        let syntax = self.syntax;
        let calls = &idioms().calls;
        let around = syntax.ancestors(call);
        let mut around =
            around.take_while(|at| matches!(syntax.role(*at), Role::Other | Role::Call));
        around
            .find(|at| syntax.role(*at) == Role::Call && !calls.append.contains(syntax.name(*at)))
            .is_some_and(|at| calls.build.contains(syntax.name(at)))
    }

    /// Whether a call does nothing but put a text behind one that is built elsewhere.
    pub(super) fn is_addition(&self, call: Id) -> bool {
        let syntax = self.syntax;
        let is_append = idioms().calls.append.contains(syntax.name(call));
        if !is_append || self.makes(call) != Some(Makes::Concat) {
            return false;
        }
        let first = root(syntax, call);
        syntax.role(first) != Role::Call
            || syntax.get(first).receiver.is_none() && !builds(syntax, first)
    }

    /// Whether what is put behind a variable's value makes its text longer, and no list or table.
    pub(super) fn lengthens(&self, statement: Id) -> bool {
        let name = self.syntax.name(statement);
        self.syntax.role(statement) != Role::Call
            || !idioms().calls.append.contains(name)
            || self.concatenates(statement)
    }

    /// Whether an expression is a part of a text that a call around it makes.
    pub(super) fn is_joined(&self, id: Id) -> bool {
        let syntax = self.syntax;
        for at in syntax.ancestors(id) {
            match syntax.role(at) {
                Role::Call if self.makes(at).is_some() => return true,
                Role::Call | Role::Object | Role::Other if is_list(syntax, at) => {}
                _ => return false,
            }
        }
        false
    }

    /// The parts of a text one behind another.
    pub(super) fn side_by_side(&self, call: Id, steps: usize) -> Vec<Pattern> {
        let parts = self.parts(call);
        if parts.len() > MAX_PARTS {
            return vec![hole("")];
        }
        let mut found = vec![Pattern::new()];
        for part in parts {
            append(&mut found, &self.at(part, steps));
        }
        found
    }

    /// What a call puts side by side, along the whole chain of calls that it ends.
    fn parts(&self, call: Id) -> Vec<Id> {
        let syntax = self.syntax;
        let mut links: Vec<Vec<Id>> = Vec::new();
        let mut at = call;
        loop {
            links.push(syntax.arguments(at).collect());
            match syntax.get(at).receiver {
                Some(on) if syntax.role(on) == Role::Call && self.concatenates(on) => at = on,
                Some(on) if is_type(syntax, on) => break,
                Some(on) => {
                    links.push(vec![on]);
                    break;
                }
                None => break,
            }
        }
        links.reverse();
        let parts = links.into_iter().flatten();
        parts
            .flat_map(|id| {
                self.statements(id)
                    .or_else(|| elements(syntax, id))
                    .unwrap_or(vec![id])
            })
            .collect()
    }

    /// What is put side by side inside a function that builds a text.
    fn statements(&self, body: Id) -> Option<Vec<Id>> {
        let syntax = self.syntax;
        let adds = |id: &Id| syntax.role(*id) == Role::Call && self.is_addition(*id);
        if adds(&body) {
            return Some(vec![body]);
        }
        let kids = &syntax.get(body).kids;
        let is_body = syntax.role(body) == Role::Other && kids.iter().any(adds);
        is_body.then(|| kids.clone())
    }

    /// Parts with a separator between.
    pub(super) fn joined(&self, call: Id, steps: usize) -> Vec<Pattern> {
        let (separator, parts) = joint(self.syntax, call);
        if parts.len() > MAX_PARTS {
            return vec![hole("")];
        }
        let between = separator.map(|id| self.at(id, steps));
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return vec![hole("")];
        };
        let mut found = self.at(first, steps);
        for part in parts {
            let part = self.at(part, steps);
            match between.as_deref() {
                Some([pattern]) if said(pattern).is_some_and(|text| text != "/") => {
                    append(&mut found, std::slice::from_ref(pattern));
                    append(&mut found, &part);
                }
                _ => join(&mut found, &part),
            }
        }
        found
    }
}

/// The text that a pattern is, if it is nothing else.
fn said(pattern: &Pattern) -> Option<&str> {
    match pattern.as_slice() {
        [] => Some(""),
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

/// What stands between the parts that a call joins, if it is given, and the parts.
fn joint(syntax: &Syntax<'_>, call: Id) -> (Option<Id>, Vec<Id>) {
    let receiver = syntax.get(call).receiver;
    let given: Vec<Id> = syntax.arguments(call).collect();
    if let Some(list) = receiver.and_then(|on| elements(syntax, on)) {
        let named = |id: &Id| match syntax.role(*id) {
            Role::Pair => syntax.get(*id).kids.last().copied(),
            _ => Some(*id),
        };
        return (given.first().and_then(named), list);
    }
    let flat = |ids: &[Id]| -> Vec<Id> {
        let each = ids.iter();
        each.flat_map(|id| elements(syntax, *id).unwrap_or(vec![*id]))
            .collect()
    };
    if let Some(on) = receiver.filter(|on| syntax.role(*on) == Role::String) {
        return (Some(on), flat(&given));
    }
    let is_mark = |id: Id| syntax.role(id) == Role::String && syntax.source(id).len() <= 3;
    match given.as_slice() {
        // `strings.Join(list, "/")`, `implode('/', $list)`
        [list, mark] if is_list(syntax, *list) && is_mark(*mark) => (Some(*mark), flat(&[*list])),
        // `String.join("/", a, b)`
        [mark, parts @ ..] if receiver.is_some() && is_mark(*mark) => (Some(*mark), flat(parts)),
        [mark, list] if is_mark(*mark) && is_list(syntax, *list) => (Some(*mark), flat(&[*list])),
        _ => (None, flat(&given)),
    }
}

/// The elements of a list where it is written.
fn elements(syntax: &Syntax<'_>, id: Id) -> Option<Vec<Id>> {
    list(syntax, id).map(|list| syntax.arguments(list).collect())
}

fn is_list(syntax: &Syntax<'_>, id: Id) -> bool {
    list(syntax, id).is_some()
}

/// What holds the elements of a list.
fn list(syntax: &Syntax<'_>, id: Id) -> Option<Id> {
    let node = syntax.get(id);
    match node.role {
        Role::Object => Some(id),
        // `[]string{a, b}`, `new[] { a, b }`
        Role::Other if node.kids.len() <= 2 => {
            let last = node.kids.last().copied();
            last.filter(|last| syntax.role(*last) == Role::Object)
        }
        Role::Call if idioms().calls.list.contains(syntax.name(id)) => Some(id),
        _ => None,
    }
}

/// Whether a call begins a text that others are put behind.
fn builds(syntax: &Syntax<'_>, call: Id) -> bool {
    let calls = &idioms().calls;
    let on = owner(syntax.head(call).trim_end());
    calls.build.contains(syntax.name(call)) || on.is_some_and(|on| calls.types.contains(on))
}

/// Whether a call on this is made on the type of texts, and on none of them.
pub(super) fn is_type(syntax: &Syntax<'_>, on: Id) -> bool {
    idioms().calls.types.contains(syntax.name(on))
        || idioms().calls.types.contains(syntax.source(on))
}
