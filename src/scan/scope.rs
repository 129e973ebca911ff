//! Which values names have in a file.

use std::collections::HashMap;

use super::language::Role;
use super::syntax::{Id, Syntax};

/// The assignments and functions of a file, by name.
#[derive(Debug, Default)]
pub(super) struct Scopes<'s> {
    assigned: HashMap<&'s str, Vec<Id>>,
    /// `url += "/x"`
    appended: HashMap<&'s str, Vec<Id>>,
    functions: HashMap<&'s str, Vec<Id>>,
}

impl<'s> Scopes<'s> {
    pub(super) fn of(syntax: &Syntax<'s>) -> Self {
        let mut scopes = Scopes::default();
        for id in 0..syntax.nodes.len() {
            match syntax.role(id) {
                Role::Assign if !syntax.get(id).kids.is_empty() => {
                    let named = if appends(syntax, id) {
                        scopes.appended.entry(syntax.name(id)).or_default()
                    } else {
                        scopes.assigned.entry(syntax.name(id)).or_default()
                    };
                    named.push(id);
                }
                Role::Function => {
                    if let Some(name) = syntax.function_name(id) {
                        scopes.functions.entry(name).or_default().push(id);
                    }
                }
                _ => {}
            }
        }
        let all = scopes
            .assigned
            .values_mut()
            .chain(scopes.appended.values_mut());
        for named in all {
            named.sort_by_key(|id| syntax.get(*id).span.start);
        }
        scopes
    }

    /// The functions of a name.
    pub(super) fn functions(&self, name: &str) -> &[Id] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// All assignments to a name.
    pub(super) fn assignments(&self, name: &str) -> &[Id] {
        self.assigned.get(name).map_or(&[], Vec::as_slice)
    }

    /// The values that a name can have where it is used: the assignments of the innermost scope,
    /// without those that a later one replaces for certain.
    pub(super) fn values(&self, syntax: &Syntax<'s>, used: Id) -> Vec<Id> {
        let name = syntax.name(used);
        let assignments = self.assignments(name);
        if assignments.is_empty() {
            return Vec::new();
        }
        let mut scope = syntax.function_of(used);
        loop {
            let inside: Vec<Id> = assignments
                .iter()
                .copied()
                .filter(|id| syntax.function_of(*id) == scope && !is_around(syntax, *id, used))
                .collect();
            if !inside.is_empty() {
                let last = reaching(syntax, &inside, used);
                return last
                    .into_iter()
                    .filter_map(|id| value(syntax, id))
                    .collect();
            }
            match scope {
                Some(function) => {
                    if takes(syntax, function, name) && !is_member(syntax, used) {
                        return Vec::new();
                    }
                    scope = syntax.function_of(function);
                }
                None => break,
            }
        }
        if is_member(syntax, used) {
            let all = assignments.iter().copied();
            return all
                .filter(|id| !is_around(syntax, *id, used))
                .filter_map(|id| value(syntax, id))
                .collect();
        }
        Vec::new()
    }

    /// Whether an assignment puts something behind what is there.
    pub(super) fn is_appended(&self, syntax: &Syntax<'s>, assign: Id) -> bool {
        let appended = self.appended.get(syntax.name(assign));
        appended.is_some_and(|appended| appended.contains(&assign))
    }

    /// What is put behind the value of a name before it is used, in order, and whether that is
    /// certain.
    pub(super) fn appended(&self, syntax: &Syntax<'s>, used: Id) -> Vec<(Id, bool)> {
        let Some(appended) = self.appended.get(syntax.name(used)) else {
            return Vec::new();
        };
        let at = syntax.get(used).span.start;
        let function = syntax.function_of(used);
        let around: Vec<Id> = syntax.ancestors(used).collect();
        let before = appended
            .iter()
            .copied()
            .filter(|id| syntax.get(*id).span.end <= at && syntax.function_of(*id) == function);
        before
            .filter_map(|id| Some((value(syntax, id)?, is_certain(syntax, id, &around))))
            .collect()
    }

    /// The value behind `table.key`: of a table that is assigned to the name in front.
    pub(super) fn entry(&self, syntax: &Syntax<'s>, used: Id) -> Option<Id> {
        let key = syntax.name(used);
        let owner = owner(syntax.source(used))?;
        self.assignments(owner).iter().find_map(|assign| {
            let below = syntax.descendants(value(syntax, *assign)?);
            below
                .into_iter()
                .find(|id| syntax.role(*id) == Role::Pair && syntax.name(*id) == key)
                .and_then(|pair| syntax.get(pair).kids.last().copied())
        })
    }
}

/// The name in front of the last one: `api` of `this.api.users`.
pub(super) fn owner(member: &str) -> Option<&str> {
    let end = member.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let end = end.trim_end_matches(['.', ':', '?', '>', '-', '!', '$']);
    let start = end.rfind(|c: char| !(c.is_alphanumeric() || c == '_'));
    let owner = &end[start.map_or(0, |at| at + 1)..];
    (!owner.is_empty()).then_some(owner)
}

/// What an assignment assigns.
pub(super) fn value(syntax: &Syntax<'_>, assign: Id) -> Option<Id> {
    let last = syntax.get(assign).kids.last().copied();
    last.filter(|id| syntax.role(*id) != Role::Annotation)
}

fn is_member(syntax: &Syntax<'_>, id: Id) -> bool {
    syntax.role(id) == Role::Member
}

fn is_around(syntax: &Syntax<'_>, outer: Id, inner: Id) -> bool {
    let (outer, inner) = (&syntax.get(outer).span, &syntax.get(inner).span);
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a function has a parameter of this name.
fn takes(syntax: &Syntax<'_>, function: Id, name: &str) -> bool {
    let body = syntax.get(function);
    body.kids.iter().any(|kid| {
        let node = syntax.get(*kid);
        let mine = |id: &Id| {
            matches!(syntax.role(*id), Role::Name | Role::Parameter) && syntax.name(*id) == name
        };
        match node.role {
            Role::Name | Role::Parameter => mine(kid),
            Role::Other if syntax.source(*kid).starts_with('(') => {
                syntax.descendants(*kid).iter().any(mine)
            }
            _ => false,
        }
    })
}

/// The assignments that can still hold where a name is used: the last one in front of it that is
/// certain to have run, and those behind that one.
fn reaching(syntax: &Syntax<'_>, assignments: &[Id], used: Id) -> Vec<Id> {
    let at = syntax.get(used).span.start;
    let mut before: Vec<Id> = assignments
        .iter()
        .copied()
        .filter(|id| syntax.get(*id).span.end <= at)
        .collect();
    if before.is_empty() {
        return assignments.to_vec();
    }
    let around: Vec<Id> = syntax.ancestors(used).collect();
    if let Some(last) = before
        .iter()
        .rposition(|id| is_certain(syntax, *id, &around))
    {
        before.drain(..last);
    }
    before
}

/// Whether a statement has run for certain when something inside `around` runs: they share a block.
fn is_certain(syntax: &Syntax<'_>, statement: Id, around: &[Id]) -> bool {
    let mut block = syntax.get(statement).parent;
    while let Some(parent) = block {
        let role = syntax.role(parent);
        // Not the declaration of one name.
        let is_block = role == Role::Other && syntax.get(parent).kids.len() > 1;
        if is_block || role == Role::Function {
            return around.contains(&parent);
        }
        block = syntax.get(parent).parent;
    }
    true
}

/// Whether an assignment puts something behind what is there.
fn appends(syntax: &Syntax<'_>, assign: Id) -> bool {
    let Some(value) = value(syntax, assign) else {
        return false;
    };
    let node = syntax.get(assign);
    let between = node.head.end..syntax.get(value).span.start;
    let operator = syntax.text.get(between).unwrap_or("");
    operator.contains("+=") || operator.contains(".=")
}
