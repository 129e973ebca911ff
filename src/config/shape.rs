//! Compares a parsed file with its JSON Schema: keys, types and words.
//!
//! Serde stops at the first problem. This walk finds all of them, with their places, and takes out
//! what is wrong, so that the rest can be read and checked in the same run.

use std::fmt;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Diagnostic;
use super::source::Source;
use super::words::{list, nearest, quote, sentence};

/// The type of a list without tables, for a sentence.
const STRINGS: &str = "a list of strings";

/// Takes out of `table` what does not fit the schema, and says what it was.
pub(crate) fn check(
    table: &mut DeTable<'_>,
    schema: &Value,
    source: &Source<'_>,
) -> Vec<Diagnostic> {
    let mut shape = Shape {
        schema,
        source,
        problems: Vec::new(),
    };
    shape.table(table, schema, &Place::root(), 0..0);
    shape.problems
}

/// A table of the file, as a person would call it.
struct Place(String);

impl Place {
    fn root() -> Self {
        Place(String::new())
    }

    fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// ` in [[rule]]`, or nothing at the top.
    fn inside(&self) -> String {
        if self.is_root() {
            String::new()
        } else {
            format!(" in {}", self.0)
        }
    }
}

/// Where a value stands: under a key, or in the list under it.
#[derive(Clone, Copy)]
struct Slot<'p> {
    key: &'p str,
    place: &'p Place,
    item: bool,
}

impl Slot<'_> {
    /// The table that stands here.
    fn table(self) -> Place {
        let key = self.key;
        Place(match (self.place.is_root(), self.item) {
            (true, true) => format!("[[{key}]]"),
            (true, false) => format!("[{key}]"),
            (false, _) => format!("`{key}` of {}", self.place.0),
        })
    }
}

impl fmt::Display for Slot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = if self.item { "an item of " } else { "" };
        write!(f, "{of}`{}`{}", self.key, self.place.inside())
    }
}

struct Shape<'a> {
    schema: &'a Value,
    source: &'a Source<'a>,
    problems: Vec<Diagnostic>,
}

impl<'a> Shape<'a> {
    /// Checks a table; false if it lacks a key that must be there, so that it cannot be read.
    fn table(
        &mut self,
        table: &mut DeTable<'_>,
        schema: &'a Value,
        place: &Place,
        span: Range<usize>,
    ) -> bool {
        let mut whole = true;
        for key in required(schema) {
            if !table.contains_key(key) {
                let message = format!("{} lacks the key `{key}`", place.0);
                let problem = self.source.error(&span, message);
                self.problems.push(problem.remedy("add it"));
                whole = false;
            }
        }
        for (key, mut value) in std::mem::take(table) {
            let name: &str = key.get_ref();
            let additional = &schema["additionalProperties"];
            let wanted = match schema["properties"].get(name) {
                Some(wanted) => wanted,
                None if additional.is_object() => additional,
                None => {
                    self.unknown_key(name, &key.span(), schema, place);
                    continue;
                }
            };
            let slot = Slot {
                key: name,
                place,
                item: false,
            };
            if self.value(&mut value, wanted, slot) {
                table.insert(key, value);
            } else if required(schema).any(|key| key == name) {
                whole = false;
            }
        }
        whole
    }

    fn unknown_key(&mut self, name: &str, span: &Range<usize>, schema: &'a Value, place: &Place) {
        let message = format!("unknown key `{name}`{}", place.inside());
        let mut remedy = match nearest(name, keys_of(schema)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are {}", list(keys_of(schema))),
        };
        if !place.is_root() && keys_of(self.schema).any(|key| key == name) {
            let also = format!("a `{name}` of the whole file stands above the first table");
            remedy = format!("{remedy}; {also}");
        }
        let problem = self.source.error(span, message);
        self.problems.push(problem.remedy(remedy));
    }

    /// Checks a value; false if it does not fit.
    fn value(
        &mut self,
        value: &mut Spanned<DeValue<'_>>,
        schema: &'a Value,
        slot: Slot<'_>,
    ) -> bool {
        let span = value.span();
        let choices = self.choices(schema);
        let mut fitting = choices.clone();
        fitting.retain(|choice| fits(choice, value.get_ref()));
        let Some(&first) = fitting.first() else {
            self.wrong_type(value, &choices, slot);
            return false;
        };
        if is_too_empty(value.get_ref(), schema) || is_too_empty(value.get_ref(), first) {
            let message = format!("{slot} is empty");
            let problem = self.source.error(&span, message);
            self.problems
                .push(problem.remedy("leave it out, or say something"));
            return false;
        }
        match value.get_mut() {
            DeValue::String(text) => self.word(text, &fitting, &span, slot),
            DeValue::Table(table) => self.table(table, first, &slot.table(), span),
            DeValue::Array(array) => {
                let slot = Slot { item: true, ..slot };
                for mut item in std::mem::replace(array, DeArray::new()) {
                    if self.value(&mut item, &first["items"], slot) {
                        array.push(item);
                    }
                }
                true
            }
            _ => true,
        }
    }

    /// Checks that a text is one of the words, where there is a list of them.
    fn word(
        &mut self,
        text: &str,
        choices: &[&Value],
        span: &Range<usize>,
        slot: Slot<'_>,
    ) -> bool {
        let words: Vec<&str> = choices.iter().copied().flat_map(words_of).collect();
        if words.is_empty() || words.contains(&text) {
            return true;
        }
        let values = list(words.iter().copied());
        let remedy = match nearest(text, words) {
            Some(near) => format!("did you mean `{near}`? The values are {values}"),
            None => format!("the values are {values}"),
        };
        let message = format!("{} is no value of `{}`", quote(text), slot.key);
        let problem = self.source.error(span, message);
        self.problems.push(problem.remedy(remedy));
        false
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, choices: &[&'a Value], slot: Slot<'_>) {
        let mut wanted: Vec<&str> = choices.iter().map(|choice| self.describe(choice)).collect();
        wanted.dedup();
        let message = format!(
            "{slot} must be {}, not {}",
            sentence(&wanted, "or"),
            kind(value.get_ref())
        );
        let key = slot.key;
        let at_top = slot.place.is_root() && !slot.item;
        let remedy = match (value.get_ref(), choices) {
            (_, [only]) if at_top && self.holds_tables(only) => Some(format!("write `[[{key}]]`")),
            (DeValue::Array(_), [only]) if at_top && only["type"] == "object" => {
                Some(format!("write `[{key}]`, once"))
            }
            (DeValue::String(text), [only]) if self.describe(only) == STRINGS => {
                let text = toml::Value::String(text.to_string());
                Some(format!("write `{key} = [{text}]`"))
            }
            _ => None,
        };
        let mut problem = self.source.error(&value.span(), message);
        problem.remedy = remedy;
        self.problems.push(problem);
    }

    /// What a value may be, with references followed.
    fn choices(&self, schema: &'a Value) -> Vec<&'a Value> {
        let pointer = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
        let schema = pointer
            .and_then(|pointer| self.schema.pointer(pointer))
            .unwrap_or(schema);
        let choices = [&schema["anyOf"], &schema["oneOf"]]
            .into_iter()
            .find_map(Value::as_array);
        match choices {
            Some(choices) => choices.iter().flat_map(|c| self.choices(c)).collect(),
            None => vec![schema],
        }
    }

    fn holds_tables(&self, schema: &'a Value) -> bool {
        let items = self.choices(&schema["items"]);
        schema["type"] == "array" && items.iter().all(|choice| choice["type"] == "object")
    }

    /// A type, for a sentence.
    fn describe(&self, schema: &'a Value) -> &'static str {
        match schema["type"].as_str() {
            Some("string") if schema["format"] == "date" => "a date",
            Some("integer" | "number") => "a number",
            Some("boolean") => "a boolean",
            Some("object") => "a table",
            Some("array") if self.holds_tables(schema) => "a list of tables",
            Some("array") => STRINGS,
            _ => "a string",
        }
    }
}

/// Whether a value has the type that a schema without alternatives says.
fn fits(schema: &Value, value: &DeValue<'_>) -> bool {
    let Some(wanted) = schema["type"].as_str() else {
        return true;
    };
    match value {
        DeValue::String(_) => wanted == "string",
        DeValue::Integer(_) => matches!(wanted, "integer" | "number"),
        DeValue::Float(_) => wanted == "number",
        DeValue::Boolean(_) => wanted == "boolean",
        DeValue::Datetime(_) => schema["format"] == "date",
        DeValue::Array(_) => wanted == "array",
        DeValue::Table(_) => wanted == "object",
    }
}

/// Whether a value holds nothing where the schema wants something.
fn is_too_empty(value: &DeValue<'_>, schema: &Value) -> bool {
    let least = |key: &str| schema[key].as_u64().unwrap_or_default() > 0;
    match value {
        DeValue::Array(array) => array.is_empty() && least("minItems"),
        DeValue::Table(table) => table.is_empty() && least("minProperties"),
        _ => false,
    }
}

/// A value's type, for a sentence.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn keys_of(schema: &Value) -> impl Iterator<Item = &str> {
    let keys = schema["properties"].as_object().into_iter().flatten();
    keys.map(|(key, _)| key.as_str())
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let keys = schema["required"].as_array().into_iter().flatten();
    keys.filter_map(Value::as_str)
}

/// The words that a schema without alternatives lists.
fn words_of(schema: &Value) -> impl Iterator<Item = &str> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    listed.chain(schema.get("const")).filter_map(Value::as_str)
}
