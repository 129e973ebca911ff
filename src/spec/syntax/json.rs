//! JSON, with comments and trailing commas let pass.

use std::sync::Arc;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::spec::tree::{Content, Key, MAX_DEPTH, Node, Scalar};

/// Reads a text; an error says where it goes wrong.
pub(super) fn parse(text: &str) -> Result<Node, (usize, usize, String)> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    let parsed = parsed.map_err(|error| {
        let message = error.kind().to_string().to_lowercase();
        (
            error.line_display(),
            error.column_display(),
            format!("the JSON goes wrong here: {message}"),
        )
    })?;
    let lines = Lines::new(text);
    let root = parsed.value.map(|value| node(&value, &lines, 0));
    Ok(root.unwrap_or_else(|| Node::null(1)))
}

/// Where lines start.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Lines {
        Lines(memchr::memchr_iter(b'\n', text.as_bytes()).collect())
    }

    /// The line of a byte, from 1.
    fn of(&self, byte: usize) -> usize {
        self.0.partition_point(|end| *end < byte) + 1
    }
}

/// The node of a value; what lies too deep is null.
fn node(value: &Value<'_>, lines: &Lines, depth: u16) -> Node {
    let line = lines.of(value.start());
    if depth >= MAX_DEPTH {
        return Node::null(line);
    }
    let scalar = |kind, text: &str| Content::Scalar(kind, text.to_owned());
    let content = match value {
        Value::StringLit(text) => scalar(Scalar::Text, &text.value),
        Value::NumberLit(number) => scalar(Scalar::Number, number.value),
        Value::BooleanLit(bool) => scalar(Scalar::Bool, if bool.value { "true" } else { "false" }),
        Value::NullKeyword(_) => scalar(Scalar::Null, ""),
        Value::Array(array) => Content::List(
            array
                .elements
                .iter()
                .map(|item| Arc::new(node(item, lines, depth + 1)))
                .collect(),
        ),
        Value::Object(object) => Content::Map(
            object
                .properties
                .iter()
                .map(|property| {
                    let text = match &property.name {
                        ObjectPropName::String(text) => text.value.as_ref(),
                        ObjectPropName::Word(word) => word.value,
                    };
                    let key = Key {
                        line: lines.of(property.range.start),
                        text: text.to_owned(),
                    };
                    (key, Arc::new(node(&property.value, lines, depth + 1)))
                })
                .collect(),
        ),
    };
    Node::new(line, content)
}
