//! JSON bodies as fields: names and types out, values dropped.

use crate::capture::{JsonEvent, JsonVisitor, walk_json};
use crate::value::{Kind, Segment, Value, Values};

/// One value in a body: where it stands and what is known of it.
pub(super) struct Leaf {
    pub(super) path: String,
    pub(super) value: Value,
}

/// Values of one body beyond this number only repeat what the others said.
const MAX_LEAVES: usize = 50_000;

/// Which way a body goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Sent,
    Answered,
}

/// All values of a JSON body with their dotted paths; `None` if the text is no JSON.
pub(super) fn leaves(text: &str, way: Way, values: &Values) -> Option<Vec<Leaf>> {
    let mut walker = Walker {
        values,
        way,
        path: String::new(),
        frames: Vec::new(),
        leaves: Vec::new(),
    };
    walk_json(text, &mut walker).ok()?;
    Some(walker.leaves)
}

/// Whether a text can only be JSON: it starts like an object or array.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

struct Walker<'a> {
    values: &'a Values,
    way: Way,
    path: String,
    /// For each open object or array: whether it is an array, and the path's length before it.
    frames: Vec<(bool, usize)>,
    leaves: Vec<Leaf>,
}

impl Walker<'_> {
    fn leaf(&mut self, value: Value) {
        if self.leaves.len() < MAX_LEAVES {
            // A body that is one bare value has no name; `$` is JSONPath's for the whole.
            let path = match self.path.as_str() {
                "" => "$".to_owned(),
                path => path.to_owned(),
            };
            self.leaves.push(Leaf { path, value });
        }
        self.leave_value();
    }

    fn scalar(&mut self, kind: Kind, text: &str) {
        let value = match self.way {
            Way::Sent => self.values.sent(&self.path, kind, text),
            Way::Answered => self.values.answered(&self.path, kind, text),
        };
        self.leaf(value);
    }

    fn enter(&mut self, array: bool) {
        let kind = if array { Kind::Array } else { Kind::Object };
        if self.leaves.len() < MAX_LEAVES && !self.path.is_empty() {
            self.leaves.push(Leaf {
                path: self.path.clone(),
                value: self.values.opaque(kind),
            });
        }
        self.frames.push((array, self.path.len()));
        if array {
            self.path.push_str("[]");
        }
    }

    fn exit(&mut self) {
        if let Some((_, length)) = self.frames.pop() {
            self.path.truncate(length);
        }
        self.leave_value();
    }

    /// Behind a member's value the path goes back to its object's.
    fn leave_value(&mut self) {
        if let Some((array, length)) = self.frames.last() {
            let base = length + if *array { 2 } else { 0 };
            self.path.truncate(base);
        }
    }

    /// A name that is itself a value (an id as a map's key) is not shown.
    fn key(&mut self, name: &str) {
        self.leave_value();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        if is_value(name, self.values) {
            self.path.push_str("<key>");
        } else {
            self.path.push_str(name);
        }
    }
}

/// Whether a name is itself a value: an id, a date, a number, or no name at all.
pub(super) fn is_value(name: &str, values: &Values) -> bool {
    name.len() > 80 || Segment::parse(name, values.tokens()).text().is_none()
}

impl JsonVisitor for Walker<'_> {
    fn event(&mut self, event: JsonEvent<'_>) {
        match event {
            JsonEvent::ObjectStart => self.enter(false),
            JsonEvent::ArrayStart => self.enter(true),
            JsonEvent::ObjectEnd | JsonEvent::ArrayEnd => self.exit(),
            JsonEvent::Key(name) => self.key(name),
            JsonEvent::String(text) => self.scalar(Kind::String, text),
            JsonEvent::Number(text) => {
                let whole = !text.contains(['.', 'e', 'E', 'N', 'I']);
                let kind = if whole { Kind::Integer } else { Kind::Number };
                self.scalar(kind, text);
            }
            JsonEvent::Bool(true) => self.scalar(Kind::Boolean, "true"),
            JsonEvent::Bool(false) => self.scalar(Kind::Boolean, "false"),
            JsonEvent::Null => {
                let value = self.values.opaque(Kind::Null);
                self.leaf(value);
            }
        }
    }
}
