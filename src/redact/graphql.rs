//! Documents of GraphQL: names stay, values are replaced.

use crate::value::{Sensitive, Way};

use super::redactor::{At, Redactor, scrubbed};
use super::summary::Place;

impl Redactor<'_> {
    /// A GraphQL document: names stay, strings, numbers and comments go.
    pub(super) fn graphql(&mut self, text: &str, place: Place) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = match first {
                '"' => string_end(rest),
                '#' => rest.find('\n').unwrap_or(rest.len()),
                c if c.is_alphanumeric() || c == '_' => rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            let (part, behind) = rest.split_at(end);
            rest = behind;
            if first.is_alphabetic() || first == '_' {
                out.push_str(&self.name(place, part));
            } else if first == '"' {
                out.push_str(&self.graphql_string(part, place));
            } else if first == '#' {
                out.push_str(&self.words(place, part));
            } else if part.chars().any(char::is_alphanumeric) {
                out.push_str(&self.value(unnamed(place), part));
            } else {
                out.push_str(part);
            }
        }
        self.without_known(place, text, &out)
    }

    /// A string with its quotes.
    fn graphql_string(&mut self, part: &str, place: Place) -> String {
        // Its escapes are those of JSON.
        match serde_json::from_str::<String>(part) {
            Ok(text) => serde_json::Value::from(self.value(unnamed(place), &text)).to_string(),
            Err(_) => self.words(place, part),
        }
    }

    /// What a text became, without what rules know in it and no token is: names, one beside the other, may be
    /// a value.
    fn without_known(&mut self, place: Place, text: &str, became: &str) -> String {
        let mut out = String::with_capacity(became.len());
        let mut from = 0;
        for found in Sensitive::built_in().find_all(became) {
            let value = &became[found.range.clone()];
            if found.rule.alike && !text.contains(value) {
                continue;
            }
            self.note(place, None, value);
            out.push_str(&became[from..found.range.start]);
            out.push_str(&scrubbed(value));
            from = found.range.end;
        }
        out.push_str(&became[from..]);
        out
    }
}

/// A place of which no name is known.
fn unnamed(place: Place) -> At<'static> {
    At {
        place,
        name: "",
        way: Way::Sent,
    }
}

/// The end of a string of GraphQL, at whose opening quotes a text begins.
fn string_end(text: &str) -> usize {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        return block.find("\"\"\"").map_or(text.len(), |at| at + 6);
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    text.len()
}
