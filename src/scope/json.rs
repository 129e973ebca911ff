//! JSON bodies as fields: names and types out, values dropped.

use std::cell::RefCell;

use foldhash::{HashMap, HashMapExt};

use crate::capture::{JsonEvent, JsonVisitor, RawBody, walk_json};
use crate::value::{ConstantRules, Kind, Naming, Segment, Value, Values, Way};

use super::exchange::Field;

/// Values of one body beyond this number only repeat what the others said.
const MAX_VALUES: usize = 50_000;
/// An object with more members than this is a map: what follows is counted under one name.
const MAX_MEMBERS: usize = 200;
/// What stands for names that are values themselves.
const KEY: &str = "<key>";
/// The name of a body that is one bare value, as in `JSONPath`.
const ROOT: &str = "$";

/// All fields of a JSON body, in order of first appearance; `None` if the text is no JSON.
pub(super) fn fields(text: &str, way: Way, values: &Values) -> Option<Vec<Field>> {
    let mut walker = Walker::new(way, values);
    walk_json(text, &mut walker).ok()?;
    Some(walker.fields())
}

/// The same of a body that has not been decoded.
pub(super) fn body_fields(body: &RawBody<'_>, way: Way, values: &Values) -> Option<Vec<Field>> {
    let mut walker = Walker::new(way, values);
    body.walk_json(&mut walker).ok()?;
    Some(walker.fields())
}

/// Whether a text can only be JSON: it starts like an object or array.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Whether a name is itself a value: an id, a date, a number, or no name at all.
pub(super) fn is_value(name: &str, values: &Values) -> bool {
    name.len() > 80 || Segment::parse(name, values.tokens()).text().is_none()
}

/// Paths and names whose meaning is remembered; beyond that it is worked out anew.
const MAX_REMEMBERED: usize = 1 << 14;

/// What the names in bodies mean, which the next body of the endpoint asks again. Each thread
/// remembers for itself, and what is remembered changes no result.
#[derive(Default)]
struct Meanings {
    namings: [HashMap<String, Naming>; 2],
    values: HashMap<String, bool>,
}

thread_local! {
    static MEANINGS: RefCell<Meanings> = RefCell::default();
}

/// What `table` says of `key`, else what `find` finds, which is remembered.
fn remembered<T: Copy>(table: &mut HashMap<String, T>, key: &str, find: impl FnOnce() -> T) -> T {
    if let Some(known) = table.get(key) {
        return *known;
    }
    let found = find();
    if table.len() >= MAX_REMEMBERED {
        *table = HashMap::new();
    }
    table.insert(key.to_owned(), found);
    found
}

fn naming(path: &str, way: Way) -> Naming {
    MEANINGS.with_borrow_mut(|meanings| {
        let table = &mut meanings.namings[usize::from(way == Way::Answered)];
        remembered(table, path, || ConstantRules::built_in().naming(path, way))
    })
}

fn is_value_name(name: &str, values: &Values) -> bool {
    MEANINGS.with_borrow_mut(|meanings| {
        remembered(&mut meanings.values, name, || is_value(name, values))
    })
}

/// One place in the body: the root, a member by name, or the items of an array.
struct Node {
    name: String,
    path: String,
    naming: Naming,
    children: Vec<usize>,
    values: Vec<Value>,
}

/// Builds the tree of places. Arrays of like objects name their members in the same order again
/// and again, so the member after the last one is tried first.
struct Walker<'a> {
    way: Way,
    values: &'a Values,
    nodes: Vec<Node>,
    /// The open objects and arrays: their node, and the position of the next member to try.
    open: Vec<(usize, usize)>,
    /// The node that the next value belongs to.
    at: usize,
    kept: usize,
}

impl<'a> Walker<'a> {
    fn new(way: Way, values: &'a Values) -> Self {
        let mut walker = Walker {
            way,
            values,
            nodes: Vec::new(),
            open: Vec::new(),
            at: 0,
            kept: 0,
        };
        walker.add_node("", String::new());
        walker
    }

    /// Places with values, without the root's own object or array.
    fn fields(self) -> Vec<Field> {
        self.nodes
            .into_iter()
            .filter(|node| !node.values.is_empty())
            .map(|node| Field {
                path: if node.path.is_empty() {
                    ROOT.to_owned()
                } else {
                    node.path
                },
                state: node.naming.state,
                values: node.values,
            })
            .collect()
    }

    fn add_node(&mut self, name: &str, path: String) -> usize {
        self.nodes.push(Node {
            name: name.to_owned(),
            naming: naming(&path, self.way),
            path,
            children: Vec::new(),
            values: Vec::new(),
        });
        self.nodes.len() - 1
    }

    fn keep(&mut self, value: Value) {
        if self.kept < MAX_VALUES {
            self.kept += 1;
            self.nodes[self.at].values.push(value);
        }
    }

    fn scalar(&mut self, kind: Kind, text: &str) {
        let naming = self.nodes[self.at].naming;
        self.keep(self.values.scalar(naming, kind, text));
    }

    fn enter(&mut self, array: bool) {
        let kind = if array { Kind::Array } else { Kind::Object };
        if self.at != 0 {
            self.keep(self.values.opaque(kind));
        }
        self.open.push((self.at, 0));
        if array {
            self.at = self.child("[]");
        }
    }

    /// Behind an array's item the next one belongs to the same place.
    fn exit(&mut self) {
        self.open.pop();
        if let Some((parent, _)) = self.open.last() {
            let items = self.nodes[*parent].children.first().copied();
            if let Some(items) = items.filter(|items| self.nodes[*items].name == "[]") {
                self.at = items;
            }
        }
    }

    /// The place of a member, by its name as written or as [`KEY`].
    fn child(&mut self, name: &str) -> usize {
        let Some((parent, next)) = self.open.last().copied() else {
            return 0;
        };
        let children = &self.nodes[parent].children;
        let is = |position: &usize| {
            children
                .get(*position)
                .is_some_and(|child| self.nodes[*child].name == name)
        };
        let found = Some(next)
            .filter(is)
            .or_else(|| (0..children.len()).find(is));
        if let Some(position) = found {
            let child = children[position];
            if let Some(frame) = self.open.last_mut() {
                frame.1 = position + 1;
            }
            return child;
        }
        let map = children.len() >= MAX_MEMBERS;
        if name != KEY && name != "[]" && (map || is_value_name(name, self.values)) {
            return self.child(KEY);
        }
        let path = member_path(&self.nodes[parent].path, name);
        let child = self.add_node(name, path);
        self.nodes[parent].children.push(child);
        child
    }
}

fn member_path(parent: &str, name: &str) -> String {
    match (parent, name) {
        (parent, "[]") => format!("{parent}[]"),
        ("", name) => name.to_owned(),
        (parent, name) => format!("{parent}.{name}"),
    }
}

impl JsonVisitor for Walker<'_> {
    fn event(&mut self, event: JsonEvent<'_>) {
        match event {
            JsonEvent::ObjectStart => self.enter(false),
            JsonEvent::ArrayStart => self.enter(true),
            JsonEvent::ObjectEnd | JsonEvent::ArrayEnd => self.exit(),
            JsonEvent::Key(name) => self.at = self.child(name),
            JsonEvent::String(text) => self.scalar(Kind::String, text),
            JsonEvent::Number(text) => {
                let whole = !text.contains(['.', 'e', 'E', 'N', 'I']);
                self.scalar(if whole { Kind::Integer } else { Kind::Number }, text);
            }
            JsonEvent::Bool(yes) => self.scalar(Kind::Boolean, if yes { "true" } else { "false" }),
            JsonEvent::Null => self.keep(self.values.opaque(Kind::Null)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        fields(text, Way::Answered, &Values::new())
            .unwrap()
            .into_iter()
            .map(|field| {
                let kinds: Vec<&str> = field.values.iter().map(|v| v.kind.name()).collect();
                format!("{}: {}", field.path, kinds.join(","))
            })
            .collect()
    }

    #[test]
    fn items_of_an_array_are_one() {
        assert_eq!(
            shown(r#"{"list":[{"id":1,"tags":["a","b"]},{"id":"x","tags":[]}],"n":null}"#),
            [
                "list: array",
                "list[]: object,object",
                "list[].id: integer,string",
                "list[].tags: array,array",
                "list[].tags[]: string,string",
                "n: null",
            ]
        );
        assert_eq!(
            shown("[[1],[2.5]]"),
            ["[]: array,array", "[][]: integer,number"]
        );
        assert_eq!(shown("3"), ["$: integer"]);
    }

    #[test]
    fn names_that_are_values_are_not_shown() {
        assert_eq!(
            shown(r#"{"by_id":{"10248":{"a":1},"10249":{"a":2}},"2024-05-01":true}"#),
            [
                "by_id: object",
                "by_id.<key>: object,object",
                "by_id.<key>.a: integer,integer",
                "<key>: boolean",
            ]
        );
    }

    #[test]
    fn what_is_no_json_leaves_nothing() {
        assert!(fields("{\"a\":1", Way::Answered, &Values::new()).is_none());
    }
}
