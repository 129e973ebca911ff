//! A JSON value as a tree that keeps what other readers lose: the order and repetition of keys, and
//! the text of numbers.

use super::cursor::{Broken, Cursor, Raw};

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An object: its members in order, repeated keys included.
    Object(Vec<(String, Node)>),
    /// An array.
    Array(Vec<Node>),
    /// A string.
    Text(String),
    /// A number, `true`, `false`, `null`, or what some producers write in their place (`NaN`).
    Bare(String),
}

/// What is nested deeper is read as `null`, so that no input exhausts the stack.
const MAX_DEPTH: usize = 200;

impl Node {
    /// Reads the value that `bytes` begin with, as leniently as captures are read.
    ///
    /// ```
    /// use harcov::capture::Node;
    ///
    /// let node = Node::parse(br#" {"b": 1.50, "a": ["x\u0041"], "b": null} "#).unwrap();
    /// assert_eq!(node.to_string(), r#"{"b":1.50,"a":["xA"],"b":null}"#);
    /// ```
    pub fn parse(bytes: &[u8]) -> Option<Node> {
        value(&mut Cursor::new(bytes), 0).ok()
    }

    /// `null`.
    pub fn null() -> Node {
        Node::Bare("null".to_owned())
    }

    /// The member of an object, if there is one; of several, the last.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Node::Object(members) = self else {
            return None;
        };
        let (_, node) = members.iter().rev().find(|(name, _)| name == key)?;
        Some(node)
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Appends the value as compact JSON.
    pub fn write(&self, out: &mut String) {
        match self {
            Node::Object(members) => {
                out.push('{');
                for (at, (key, node)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    node.write(out);
                }
                out.push('}');
            }
            Node::Array(items) => {
                out.push('[');
                for (at, node) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    node.write(out);
                }
                out.push(']');
            }
            Node::Text(text) => write_text(text, out),
            Node::Bare(word) => out.push_str(valid(word)),
        }
    }
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

fn value(cursor: &mut Cursor<'_>, depth: usize) -> Result<Node, Broken> {
    let first = cursor.peek()?;
    if depth >= MAX_DEPTH && matches!(first, b'{' | b'[') {
        cursor.value()?;
        return Ok(Node::null());
    }
    match first {
        b'{' => {
            let mut members = Vec::new();
            cursor.object(|key, cursor| {
                let key = String::from_utf8_lossy(key).into_owned();
                members.push((key, value(cursor, depth + 1)?));
                Ok(())
            })?;
            Ok(Node::Object(members))
        }
        b'[' => {
            let mut items = Vec::new();
            cursor.array(|cursor| {
                items.push(value(cursor, depth + 1)?);
                Ok(())
            })?;
            Ok(Node::Array(items))
        }
        _ => Ok(match cursor.value()? {
            Raw::Text(text) => Node::Text(text.decode().into_owned()),
            Raw::Bare(word) => Node::Bare(String::from_utf8_lossy(word).into_owned()),
            Raw::Nested(_) => Node::null(),
        }),
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1F => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(escape);
        if escape.is_empty() {
            out.push_str("\\u00");
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// A word as JSON has it: without zeros in front, and what is none (`NaN`) as `null`.
fn valid(word: &str) -> &str {
    let is_json = |word: &str| serde_json::from_str::<serde::de::IgnoredAny>(word).is_ok();
    if is_json(word) {
        return word;
    }
    let bare = word.trim_start_matches('0');
    if is_json(bare) { bare } else { "null" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_depth_is_read() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let text = Node::parse(deep.as_bytes()).unwrap().to_string();
        assert_eq!(
            text,
            "[".repeat(MAX_DEPTH) + "null" + &"]".repeat(MAX_DEPTH)
        );
        assert!(Node::parse(b"{\"a\":").is_none());
    }

    proptest! {
        #[test]
        fn texts_are_written_as_they_were(text in ".*") {
            let written = Node::Text(text.clone()).to_string();
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
