//! Which values names have in a file.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::idioms::idioms;
use super::language::Role;
use super::syntax::{Id, Syntax};

/// How many values of one name are looked at.
const MAX_VALUES: usize = 64;

/// Things of one name, by the function that they are in.
type Scoped<'s> = HashMap<(&'s str, Option<Id>), Vec<Id>>;

/// A statement that puts something behind a value: `url += "/x"`, `url.path = "/x"`.
#[derive(Debug, Clone, Copy)]
struct Longer {
    statement: Id,
    value: Id,
    /// Whether it begins a path of its own.
    path: bool,
}

/// Something that is put behind a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Appended {
    pub(super) statement: Id,
    pub(super) value: Id,
    /// Whether a slash stands between.
    pub(super) path: bool,
    /// Whether it is certain to be put there.
    pub(super) certain: bool,
}

/// The assignments and functions of a file, by name.
#[derive(Debug, Default)]
pub(super) struct Scopes<'s> {
    assigned: HashMap<&'s str, Vec<Id>>,
    scoped: Scoped<'s>,
    /// What is put behind values.
    appended: HashMap<(&'s str, Option<Id>), Vec<Longer>>,
    functions: HashMap<&'s str, Vec<Id>>,
    /// What each function returns.
    returned: HashMap<Id, Vec<Id>>,
    /// What is put into tables: `form["x"] = 1`, `form.x = 1`, `form.Set("x", 1)`, `form.update(more)`.
    put: HashMap<&'s str, Vec<Id>>,
    /// The entries of tables, by key, of those that were asked for.
    entries: RefCell<HashMap<Id, Rc<HashMap<&'s str, Id>>>>,
    /// Whether values were left out because there are too many.
    pub(super) cut: Cell<bool>,
}

impl<'s> Scopes<'s> {
    pub(super) fn of(syntax: &Syntax<'s>) -> Self {
        let mut scopes = Scopes::default();
        for id in 0..syntax.nodes.len() {
            match syntax.role(id) {
                Role::Assign if !syntax.get(id).kids.is_empty() => scopes.assign(syntax, id),
                Role::Function => {
                    if let Some(name) = syntax.function_name(id) {
                        scopes.functions.entry(name).or_default().push(id);
                    }
                }
                Role::Returns => {
                    if let (Some(function), Some(value)) =
                        (syntax.function_of(id), syntax.get(id).kids.last())
                    {
                        scopes.returned.entry(function).or_default().push(*value);
                    }
                }
                Role::Call => scopes.call(syntax, id),
                _ => {}
            }
        }
        let start = |id: &Id| syntax.get(*id).span.start;
        let named = scopes.assigned.values_mut().chain(scopes.put.values_mut());
        let named = named.chain(scopes.scoped.values_mut());
        named.for_each(|ids| ids.sort_by_key(start));
        for longer in scopes.appended.values_mut() {
            longer.sort_by_key(|longer| start(&longer.statement));
        }
        scopes
    }

    fn assign(&mut self, syntax: &Syntax<'s>, id: Id) {
        let (name, function) = (syntax.name(id), syntax.function_of(id));
        let longer = value(syntax, id).filter(|_| appends(syntax, id));
        // `form["x"] = 1` and `form |= { x: 1 }` leave what the table holds.
        let adds = merges(syntax, id);
        if adds {
            self.put.entry(name).or_default().push(id);
        }
        if let Some(value) = longer {
            let known = self.appended.entry((name, function));
            known.or_default().push(Longer {
                statement: id,
                value,
                path: false,
            });
        } else if !adds && !syntax.head(id).contains('[') {
            self.assigned.entry(name).or_default().push(id);
            let known = self.scoped.entry((name, function));
            known.or_default().push(id);
        }
        if let Some((variable, key)) = key_of(syntax, id) {
            self.put.entry(variable).or_default().push(id);
            if idioms().calls.extend.contains(key)
                && let Some(value) = value(syntax, id)
            {
                self.extend(syntax, variable, id, value, true);
            }
        }
    }

    /// Notes what a call puts into a table, or behind a text or path.
    fn call(&mut self, syntax: &Syntax<'s>, id: Id) {
        let name = syntax.name(id);
        let on = owner(syntax.head(id).trim_end());
        let arguments = &idioms().arguments;
        let puts = arguments.builders.contains(name);
        if let Some(on) = on.filter(|_| puts) {
            self.put.entry(on).or_default().push(id);
        }
        if arguments.merge.contains(name)
            && let Some(on) = merged_into(syntax, id)
        {
            self.put.entry(on).or_default().push(id);
        }
        let path = !puts && idioms().calls.extend.contains(name);
        if !path && !idioms().calls.append.contains(name) {
            return;
        }
        // `text.append(a).append(b)` puts both behind the same.
        let first = root(syntax, id);
        let on = on.or_else(|| (syntax.role(first) == Role::Name).then(|| syntax.name(first)));
        let mut given = syntax.arguments(id);
        if let (Some(on), Some(value), None) = (on, given.next(), given.next())
            && syntax.function_of(id).is_some()
        {
            self.extend(syntax, on, id, value, path);
        }
    }

    /// Notes that something is put behind a variable's value.
    fn extend(&mut self, syntax: &Syntax<'s>, on: &'s str, statement: Id, value: Id, path: bool) {
        let key = (on, syntax.function_of(statement));
        self.appended.entry(key).or_default().push(Longer {
            statement,
            value,
            path,
        });
    }

    /// The functions of a name.
    pub(super) fn functions(&self, name: &str) -> &[Id] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// All assignments to a name.
    pub(super) fn assignments(&self, name: &str) -> &[Id] {
        self.assigned.get(name).map_or(&[], Vec::as_slice)
    }

    /// The values of a function's return statements.
    pub(super) fn returned(&self, function: Id) -> &[Id] {
        self.returned.get(&function).map_or(&[], Vec::as_slice)
    }

    /// What is put into a variable's table in a function.
    pub(super) fn put(&self, syntax: &Syntax<'s>, variable: &str, function: Id) -> &[Id] {
        let known = self.put.get(variable).map_or(&[][..], Vec::as_slice);
        let span = &syntax.get(function).span;
        let first = known.partition_point(|id| syntax.get(*id).span.start < span.start);
        let behind = known.partition_point(|id| syntax.get(*id).span.start < span.end);
        &known[first..behind]
    }

    /// The values that a name can have where it is used: the assignments of the innermost scope,
    /// without those that a later one replaces for certain.
    pub(super) fn values(&self, syntax: &Syntax<'s>, used: Id) -> Vec<Id> {
        self.values_of(syntax, syntax.name(used), used, is_member(syntax, used))
    }

    /// The values that a name has at a place.
    pub(super) fn values_of(
        &self,
        syntax: &Syntax<'s>,
        name: &str,
        used: Id,
        member: bool,
    ) -> Vec<Id> {
        let assignments = self.assignments(name);
        if assignments.is_empty() {
            return Vec::new();
        }
        let valued = |assigns: Vec<Id>| {
            let values = assigns.into_iter().filter_map(|id| value(syntax, id));
            values.collect()
        };
        let mut scope = syntax.function_of(used);
        loop {
            if let Some(inside) = self.scoped.get(&(name, scope)) {
                let reaching = self.reaching(syntax, inside, used);
                if !reaching.is_empty() {
                    return valued(reaching);
                }
            }
            match scope {
                Some(function) => {
                    if takes(syntax, function, name) && !member {
                        return Vec::new();
                    }
                    scope = syntax.function_of(function);
                }
                None => break,
            }
        }
        if member {
            return valued(self.elsewhere(syntax, assignments, used));
        }
        Vec::new()
    }

    /// The assignments of one scope that can still hold where a name is used: the last one in front of
    /// it that is certain to have run, and those behind that one; all of them if none is in front.
    fn reaching(&self, syntax: &Syntax<'s>, assignments: &[Id], used: Id) -> Vec<Id> {
        let at = syntax.get(used).span.start;
        let started = assignments.partition_point(|id| syntax.get(*id).span.start <= at);
        let mut before = Vec::new();
        for id in assignments[..started].iter().rev() {
            if syntax.get(*id).span.end > at {
                continue;
            }
            before.push(*id);
            if is_certain(syntax, *id, used) {
                break;
            }
            if before.len() == MAX_VALUES {
                self.cut.set(true);
                break;
            }
        }
        if before.is_empty() {
            return self.elsewhere(syntax, assignments, used);
        }
        before.reverse();
        before
    }

    /// Assignments that a name is no part of.
    fn elsewhere(&self, syntax: &Syntax<'s>, assignments: &[Id], used: Id) -> Vec<Id> {
        if assignments.len() > MAX_VALUES {
            self.cut.set(true);
        }
        let all = assignments.iter().copied();
        all.filter(|id| !is_around(syntax, *id, used))
            .take(MAX_VALUES)
            .collect()
    }

    /// Whether an assignment puts something behind what is there.
    pub(super) fn is_appended(&self, syntax: &Syntax<'s>, assign: Id) -> bool {
        let key = (syntax.name(assign), syntax.function_of(assign));
        let appended = self.appended.get(&key);
        appended.is_some_and(|all| all.iter().any(|longer| longer.statement == assign))
    }

    /// What is put behind the value of a name before it is used, in order.
    pub(super) fn appended(&self, syntax: &Syntax<'s>, name: &str, used: Id) -> Vec<Appended> {
        let key = (name, syntax.function_of(used));
        let Some(appended) = self.appended.get(&key) else {
            return Vec::new();
        };
        let at = syntax.get(used).span.start;
        let before = appended
            .iter()
            .filter(|longer| syntax.get(longer.statement).span.end <= at);
        let appended = before.map(|longer| Appended {
            statement: longer.statement,
            value: longer.value,
            path: longer.path,
            certain: is_certain(syntax, longer.statement, used),
        });
        appended.take(MAX_VALUES).collect()
    }

    /// The value behind `table.key`: of a table that is assigned to the name in front.
    pub(super) fn entry(&self, syntax: &Syntax<'s>, used: Id) -> Option<Id> {
        let key = syntax.name(used);
        let owner = match syntax.head(used) {
            "" => owner(syntax.source(used))?,
            table => last_of(table),
        };
        let tables = self.assignments(owner).iter().take(MAX_VALUES);
        let mut tables = tables.filter_map(|assign| value(syntax, *assign));
        tables.find_map(|table| self.entries_of(syntax, table).get(key).copied())
    }

    fn entries_of(&self, syntax: &Syntax<'s>, table: Id) -> Rc<HashMap<&'s str, Id>> {
        let known = self.entries.borrow().get(&table).cloned();
        known.unwrap_or_else(|| {
            let mut entries = HashMap::new();
            for id in syntax.descendants(table) {
                if syntax.role(id) == Role::Pair
                    && let Some(value) = syntax.get(id).kids.last()
                {
                    entries.entry(syntax.name(id)).or_insert(*value);
                }
            }
            let entries = Rc::new(entries);
            let mut all = self.entries.borrow_mut();
            all.insert(table, Rc::clone(&entries));
            entries
        })
    }
}

/// The name in front of the last one: `api` of `this.api.users`, and of `this.api.get<User>`.
pub(super) fn owner(member: &str) -> Option<&str> {
    let member = &member[..type_arguments(member)];
    let end = member.trim_end_matches(':');
    let end = end.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let end = end.trim_end_matches(['.', ':', '?', '>', '-', '!', '$']);
    let start = end.rfind(|c: char| !(c.is_alphanumeric() || c == '_'));
    let owner = &end[start.map_or(0, |at| at + 1)..];
    (!owner.is_empty()).then_some(owner)
}

/// Where the type arguments at the end of a name begin, or where the name ends.
pub(super) fn type_arguments(text: &str) -> usize {
    let end = text.trim_end().len();
    let mut depth = 0usize;
    for (at, c) in text[..end].char_indices().rev() {
        match c {
            '>' => depth += 1,
            '<' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return if c == '<' { at } else { end };
        }
    }
    end
}

/// The name of what a call is made on, or of what the chain of calls in front of it begins with.
pub(super) fn client<'s>(syntax: &Syntax<'s>, call: Id) -> Option<&'s str> {
    owner(syntax.head(call)).or_else(|| {
        let first = root(syntax, call);
        (first != call).then(|| owner(syntax.head(first)).unwrap_or(syntax.name(first)))
    })
}

/// What a chain of calls begins with.
pub(super) fn root(syntax: &Syntax<'_>, call: Id) -> Id {
    let mut at = call;
    while let Some(on) = syntax
        .get(at)
        .receiver
        .filter(|_| syntax.role(at) == Role::Call)
    {
        at = on;
    }
    at
}

/// The variable and the key of an assignment to an entry of a table: `form["x"] = 1`, `form.x = 1`.
pub(super) fn key_of<'s>(syntax: &Syntax<'s>, assign: Id) -> Option<(&'s str, &'s str)> {
    let head = syntax.head(assign).trim_start_matches('$');
    let end = head.find(['[', '.'])?;
    let (variable, rest) = head.split_at(end);
    let key = match rest.strip_prefix('[') {
        Some(key) => {
            let key = key.trim_end_matches(']');
            key.trim_matches(['"', '\'', '`', ' '])
        }
        None => rest.trim_start_matches('.'),
    };
    Some((variable, key))
}

/// The last name of `this.api`.
fn last_of(member: &str) -> &str {
    let start = member.rfind(|c: char| !(c.is_alphanumeric() || c == '_'));
    &member[start.map_or(0, |at| at + 1)..]
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
pub(super) fn takes(syntax: &Syntax<'_>, function: Id, name: &str) -> bool {
    let body = syntax.get(function);
    body.kids.iter().any(|kid| {
        let node = syntax.get(*kid);
        let mine = |id: &Id| {
            matches!(syntax.role(*id), Role::Name | Role::Parameter) && syntax.name(*id) == name
        };
        match node.role {
            Role::Name | Role::Parameter => mine(kid),
            // What stands in front of the body.
            Role::Other
                if body.kids.last() != Some(kid) || syntax.source(*kid).starts_with('(') =>
            {
                syntax.descendants(*kid).iter().any(mine)
            }
            _ => false,
        }
    })
}

/// Whether a statement has run for certain when a name is used: they share a block.
fn is_certain(syntax: &Syntax<'_>, statement: Id, used: Id) -> bool {
    for around in syntax.ancestors(statement) {
        let role = syntax.role(around);
        // Not the declaration of one name.
        let is_block = role == Role::Other && syntax.get(around).kids.len() > 1;
        if is_block || role == Role::Function {
            return is_around(syntax, around, used);
        }
    }
    true
}

/// Whether an assignment puts something behind what is there.
fn appends(syntax: &Syntax<'_>, assign: Id) -> bool {
    let operator = operator(syntax, assign);
    operator.contains("+=") || operator.contains(".=")
}

/// Whether an assignment puts the entries of another table into one: `form |= more`, `$form += […]`.
pub(super) fn merges(syntax: &Syntax<'_>, assign: Id) -> bool {
    let operator = operator(syntax, assign);
    let is_text = |id: Id| matches!(syntax.role(id), Role::String | Role::Concat);
    operator.contains("|=") && !operator.contains("||=")
        || operator.contains("+=") && value(syntax, assign).is_some_and(|id| !is_text(id))
}

/// What stands between the target of an assignment and its value.
fn operator<'s>(syntax: &Syntax<'s>, assign: Id) -> &'s str {
    let Some(value) = value(syntax, assign) else {
        return "";
    };
    let between = syntax.get(assign).head.end..syntax.get(value).span.start;
    syntax.text.get(between).unwrap_or("")
}

/// The variable that a call puts the entries of other tables into: `form` of `form.update(more)` and of
/// `Object.assign(form, more)`.
pub(super) fn merged_into<'s>(syntax: &Syntax<'s>, call: Id) -> Option<&'s str> {
    let on = owner(syntax.head(call).trim_end());
    let is_type = on.is_none_or(|on| on.starts_with(|c: char| c.is_uppercase() || c == '_'));
    let first = syntax.arguments(call).next();
    let first = first.filter(|id| is_type && syntax.role(*id) == Role::Name);
    first.map(|id| syntax.name(id)).or(on)
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn owners_are_found_behind_type_arguments() {
        for (member, found) in [
            ("this.api.users", Some("api")),
            ("http.get<Cart>", Some("http")),
            ("_http.GetAsync<Map<string, Item[]>> ", Some("_http")),
            ("client.get::<Cart>", Some("client")),
            ("$this->http->get", Some("http")),
            ("get<Cart>", None),
            ("a > b", None),
        ] {
            assert_eq!(owner(member), found, "{member}");
        }
    }
}
