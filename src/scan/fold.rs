//! What a string expression can become, with the names of the file resolved.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use smol_str::SmolStr;

use super::idioms::idioms;
use super::joins::{Makes, is_type};
use super::language::Role;
use super::literals::{delimiters, slot, unescape};
use super::pattern::{HOLE, Pattern, Piece, flatten};
use super::scope::{Scopes, owner};
use super::syntax::{Id, Syntax, is_text};

/// How many alternatives of one expression are kept.
const MAX_ALTERNATIVES: usize = 8;
/// How many names are followed.
const MAX_STEPS: usize = 12;
/// How many expressions of one file are folded; no file that a person wrote comes near it.
const MAX_FOLDS: usize = 2_000_000;

/// Folds expressions of a file.
pub(super) struct Folder<'f, 's> {
    pub(super) syntax: &'f Syntax<'s>,
    pub(super) scopes: &'f Scopes<'s>,
    /// What names and calls were folded to, with so many steps left: where many values of names lead to one
    /// another, the ways through them are many more than they are.
    known: RefCell<HashMap<(Id, usize), Vec<Pattern>>>,
    folds: Cell<usize>,
}

/// What the slots of a pattern are filled with.
struct Slots<'g> {
    /// The values that are given.
    given: &'g [Id],
    /// Where the pattern stands, for variables that it names.
    used: Id,
    steps: usize,
}

impl<'f, 's> Folder<'f, 's> {
    pub(super) fn new(syntax: &'f Syntax<'s>, scopes: &'f Scopes<'s>) -> Self {
        Folder {
            syntax,
            scopes,
            known: RefCell::default(),
            folds: Cell::new(0),
        }
    }

    /// Whether something was left out because the file has too much to follow.
    pub(super) fn is_cut(&self) -> bool {
        self.folds.get() > MAX_FOLDS || self.scopes.cut.get()
    }

    /// What an expression can become; never empty.
    pub(super) fn fold(&self, id: Id) -> Vec<Pattern> {
        self.at(id, MAX_STEPS)
    }

    pub(super) fn at(&self, id: Id, steps: usize) -> Vec<Pattern> {
        let node = self.syntax.get(id);
        self.folds.set(self.folds.get() + 1);
        let steps = steps.checked_sub(1);
        let Some(steps) = steps.filter(|_| self.folds.get() <= MAX_FOLDS) else {
            return vec![hole("")];
        };
        match node.role {
            Role::String => self.string(id, steps),
            Role::Concat => self.concat(id, steps),
            Role::Call | Role::Name | Role::Member => self.followed(id, steps, node.role),
            Role::Pair | Role::Hole => match node.kids.last() {
                Some(value) => self.at(*value, steps),
                None => vec![hole("")],
            },
            Role::Choice => {
                let told = node.kids.iter().flat_map(|kid| self.at(*kid, steps));
                let mut told: Vec<Pattern> = told.filter(says_something).collect();
                told.truncate(MAX_ALTERNATIVES);
                if told.is_empty() {
                    vec![hole("")]
                } else {
                    told
                }
            }
            // A value with a mark or type behind it.
            Role::Other if (1..=2).contains(&node.kids.len()) => self.at(node.kids[0], steps),
            _ => vec![hole("")],
        }
    }

    /// A call or a name, each followed once.
    fn followed(&self, id: Id, steps: usize, role: Role) -> Vec<Pattern> {
        let known = self.known.borrow().get(&(id, steps)).cloned();
        known.unwrap_or_else(|| {
            let found = match role {
                Role::Call => self.call(id, steps),
                _ => self.named(id, steps),
            };
            self.known.borrow_mut().insert((id, steps), found.clone());
            found
        })
    }

    fn string(&self, id: Id, steps: usize) -> Vec<Pattern> {
        let syntax = self.syntax;
        let node = syntax.get(id);
        let (start, end) = delimiters(syntax.source(id));
        let (first, last) = (node.span.start + start, node.span.end - end);
        let mut found = vec![Pattern::new()];
        let mut at = first;
        for hole in &node.kids {
            let span = &syntax.get(*hole).span;
            let text = syntax.text.get(at..span.start.max(at)).unwrap_or("");
            // Swift's holes are told without their marks: `\(id)`.
            let bare = text.strip_suffix("\\(");
            let text = bare.unwrap_or(text);
            append(&mut found, &[vec![Piece::Text(unescape(text))]]);
            append(&mut found, &self.at(*hole, steps));
            at = span.end + usize::from(bare.is_some());
        }
        let text = syntax.text.get(at..last.max(at)).unwrap_or("");
        append(&mut found, &[vec![Piece::Text(unescape(text))]]);
        found
    }

    fn concat(&self, id: Id, steps: usize) -> Vec<Pattern> {
        let kids = &self.syntax.get(id).kids;
        match (self.syntax.operator(id), kids.as_slice()) {
            ("%", [pattern, values @ ..]) => {
                let mut given: Vec<Id> = Vec::new();
                for value in values {
                    match self.syntax.role(*value) {
                        Role::Object => given.extend(&self.syntax.get(*value).kids),
                        _ => given.push(*value),
                    }
                }
                self.filled(*pattern, &given, steps)
            }
            ("/", [first, rest @ ..]) => {
                let mut found = self.at(*first, steps);
                for kid in rest {
                    join(&mut found, &self.at(*kid, steps));
                }
                found
            }
            (_, kids) => {
                let mut found = vec![Pattern::new()];
                for kid in kids {
                    append(&mut found, &self.at(*kid, steps));
                }
                found
            }
        }
    }

    fn call(&self, id: Id, steps: usize) -> Vec<Pattern> {
        let syntax = self.syntax;
        let node = syntax.get(id);
        let name = syntax.name(id);
        let given: Vec<Id> = syntax.arguments(id).collect();
        match (self.makes(id), node.receiver) {
            (Some(Makes::Format), Some(receiver)) if is_text(syntax, receiver) => {
                return self.filled(receiver, &given, steps);
            }
            (Some(Makes::Format), _) => {
                let pattern = given.iter().position(|id| is_text(syntax, *id));
                if let Some(at) = pattern {
                    return self.filled(given[at], &given[at + 1..], steps);
                }
                // `USER.format(id=1)`, `String.format(USER, id)`
                let is_name = |id: &Id| matches!(syntax.role(*id), Role::Name | Role::Member);
                let on = node.receiver.filter(|on| {
                    is_name(on) && !matches!(syntax.name(*on), "String" | "fmt" | "string")
                });
                if let Some(on) = on {
                    return self.filled(on, &given, steps);
                }
                if let Some(at) = given.iter().position(is_name) {
                    return self.filled(given[at], &given[at + 1..], steps);
                }
            }
            (Some(Makes::Join), _) => return self.joined(id, steps),
            (Some(Makes::Concat), _) => return self.side_by_side(id, steps),
            (Some(Makes::Chain), Some(receiver)) => {
                let mut found = self.at(receiver, steps);
                for argument in given {
                    join(&mut found, &self.at(argument, steps));
                }
                return found;
            }
            _ => {}
        }
        if idioms().calls.edit.contains(name)
            && let Some(edited) = self.edited(id)
        {
            return self.at(edited, steps);
        }
        if idioms().calls.pass.contains(name) {
            let on = node.receiver.filter(|on| syntax.role(*on) != Role::Name);
            for source in on
                .into_iter()
                .chain(given.iter().copied())
                .chain(node.receiver)
            {
                let found = self.at(source, steps);
                if found.iter().any(says_something) {
                    return found;
                }
            }
        }
        if let Some(found) = self.returned(id, steps) {
            return found;
        }
        // A call that makes an address of a path: `self._url("/x/{0}", id)`.
        if let Some(first) = given.first().filter(|_| !self.is_joint(id)) {
            let found = self.at(*first, steps);
            if found.iter().all(starts_with_slash) {
                let mut based = vec![hole("")];
                append(&mut based, &found);
                return based;
            }
        }
        // Whatever is called on an address, an address it may still be.
        if let Some(receiver) = node.receiver.filter(|on| syntax.role(*on) == Role::Call) {
            let found = self.at(receiver, steps);
            if found.iter().any(says_something) {
                return found;
            }
        }
        vec![hole(syntax.head(id).trim_end())]
    }

    /// The text that a call edits: what it is made on, or else what it is given first.
    fn edited(&self, call: Id) -> Option<Id> {
        let syntax = self.syntax;
        let receiver = syntax.get(call).receiver;
        let on = receiver.filter(|on| !is_type(syntax, *on));
        on.or_else(|| syntax.arguments(call).next())
    }

    /// What a function of the file returns, if that is a text.
    fn returned(&self, call: Id, steps: usize) -> Option<Vec<Pattern>> {
        let syntax = self.syntax;
        let named = self.scopes.functions(syntax.name(call));
        // What is called on something is an entry of a table or a class, what is not is none.
        let on = owner(syntax.head(call).trim_end()).is_some();
        let fits = |function: &&Id| {
            let parent = syntax.get(**function).parent;
            let is_entry = parent.is_some_and(|at| syntax.role(at) == Role::Pair);
            on == (is_entry || syntax.class_of(**function).is_some())
        };
        let function = match named {
            [only] => only,
            several => {
                let mut fitting = several.iter().filter(fits);
                fitting.next().filter(|_| fitting.next().is_none())?
            }
        };
        let mut found: Vec<Pattern> = Vec::new();
        for result in results(syntax, self.scopes, *function) {
            found.extend(self.at(result, steps).into_iter().filter(says_something));
        }
        found.truncate(MAX_ALTERNATIVES);
        (!found.is_empty()).then_some(found)
    }

    /// A pattern with the values put in that are known.
    fn filled(&self, pattern: Id, given: &[Id], steps: usize) -> Vec<Pattern> {
        let mut found = Vec::new();
        let slots = Slots {
            given,
            used: pattern,
            steps,
        };
        for pattern in self.at(pattern, steps) {
            let mut filled = vec![Pattern::new()];
            let mut next = 0;
            for piece in pattern {
                match piece {
                    Piece::Text(text) => self.fill(&text, &slots, &mut next, &mut filled),
                    Piece::Hole(name) => append(&mut filled, &[vec![Piece::Hole(name)]]),
                }
            }
            found.extend(filled);
        }
        found.truncate(MAX_ALTERNATIVES);
        found
    }

    /// What a variable is that a text names where it is filled.
    fn variable(&self, name: &str, used: Id, steps: usize) -> Vec<Pattern> {
        let values = self.scopes.values_of(self.syntax, name, used, false);
        match values.as_slice() {
            [only] => self.at(*only, steps),
            _ => vec![hole(name)],
        }
    }

    fn fill(&self, text: &str, slots: &Slots<'_>, next: &mut usize, filled: &mut Vec<Pattern>) {
        let Slots { given, steps, .. } = *slots;
        let syntax = self.syntax;
        let mut rest = text;
        while let Some((before, slot, behind)) = slot(rest) {
            append(filled, &[vec![Piece::Text(before.to_owned())]]);
            let value = if slot.is_empty() {
                let value = given.get(*next).copied();
                *next += 1;
                value
            } else if let Ok(at) = slot.parse::<usize>() {
                given.get(at).copied()
            } else {
                let named = |id: &Id| syntax.role(*id) == Role::Pair && syntax.name(*id) == slot;
                given.iter().copied().find(named)
            };
            let values = match value {
                Some(value) => self.at(value, steps),
                // `format!("{base}/x")`: the name of a variable.
                None => self.variable(slot, slots.used, steps),
            };
            append(filled, &values);
            rest = behind;
        }
        append(filled, &[vec![Piece::Text(rest.to_owned())]]);
    }

    fn named(&self, id: Id, steps: usize) -> Vec<Pattern> {
        let syntax = self.syntax;
        let mut values = self.scopes.values(syntax, id);
        let mut variable = syntax.name(id);
        let mut written = syntax.source(id);
        if values.is_empty() && syntax.role(id) == Role::Member {
            values.extend(self.scopes.entry(syntax, id));
            // `Path.USERS.value`, `components.url`
            if values.is_empty()
                && idioms().calls.inner.contains(variable)
                && let Some(owner) = owner(written)
            {
                variable = owner;
                let end = written.trim_end_matches(['!', '?']);
                let end = end.strip_suffix(syntax.name(id)).unwrap_or(end);
                written = end.trim_end_matches(['.', '?', '!', '-', '>']);
                values = self
                    .scopes
                    .values_of(syntax, owner, id, written.len() > owner.len());
            }
        }
        let told = values.iter().flat_map(|value| self.at(*value, steps));
        let mut told: Vec<Pattern> = told.filter(says_something).collect();
        told.truncate(MAX_ALTERNATIVES);
        if told.is_empty() {
            told.push(match (syntax.role(id), syntax.head(id)) {
                (Role::Member, "") => hole(written),
                (Role::Member, table) => hole(&format!("{table}.{}", syntax.name(id))),
                _ => hole(syntax.name(id)),
            });
        }
        for more in self.scopes.appended(syntax, variable, id) {
            if !self.lengthens(more.statement) {
                continue;
            }
            let mut longer = told.clone();
            let behind = self.at(more.value, steps);
            if more.path {
                join(&mut longer, &behind);
            } else {
                append(&mut longer, &behind);
            }
            if more.certain {
                told = longer;
            } else {
                told.extend(longer);
                told.truncate(MAX_ALTERNATIVES);
            }
        }
        told
    }
}

/// What a function returns: the values of its return statements, or its body where it is one.
pub(super) fn results(syntax: &Syntax<'_>, scopes: &Scopes<'_>, function: Id) -> Vec<Id> {
    let mut found = scopes.returned(function).to_vec();
    if found.is_empty() {
        let body = syntax.get(function).kids.last().copied();
        let is_value = |id: &Id| {
            matches!(
                syntax.role(*id),
                Role::String | Role::Concat | Role::Choice | Role::Call
            )
        };
        found.extend(body.filter(is_value));
    }
    found
}

/// A pattern that is one hole.
pub(super) fn hole(name: &str) -> Pattern {
    let name = (!name.is_empty() && name.len() < 80).then(|| SmolStr::new(name));
    vec![Piece::Hole(name)]
}

/// Whether anything of a pattern is written as text.
pub(super) fn says_something(pattern: &Pattern) -> bool {
    pattern
        .iter()
        .any(|piece| matches!(piece, Piece::Text(text) if !text.is_empty()))
}

fn starts_with_slash(pattern: &Pattern) -> bool {
    let flat = flatten(pattern);
    flat.starts_with('/') && flat.len() > 1
}

/// Puts each continuation behind each pattern.
pub(super) fn append(found: &mut Vec<Pattern>, more: &[Pattern]) {
    let mut all = Vec::new();
    for (head, tail) in found
        .iter()
        .flat_map(|head| more.iter().map(move |tail| (head, tail)))
        .take(MAX_ALTERNATIVES)
    {
        let mut pattern = head.clone();
        for piece in tail {
            match (pattern.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(more),
                (_, Piece::Text(more)) if more.is_empty() => {}
                (_, piece) => pattern.push(piece.clone()),
            }
        }
        all.push(pattern);
    }
    *found = all;
}

/// The same with one slash between.
pub(super) fn join(found: &mut Vec<Pattern>, more: &[Pattern]) {
    let slashed: Vec<Pattern> = more
        .iter()
        .map(|pattern| match pattern.first() {
            Some(Piece::Text(text)) if text.contains("://") => pattern.clone(),
            _ => {
                let mut slashed = vec![Piece::Text("/".to_owned())];
                slashed.extend(pattern.iter().cloned());
                slashed
            }
        })
        .collect();
    append(found, &slashed);
}

/// Whether a text can be a path at all.
pub(super) fn is_path_like(pattern: &Pattern) -> bool {
    let flat = flatten(pattern);
    flat.contains('/') && !flat.trim_matches([HOLE, '/']).is_empty() && flat.len() < 2000
}
