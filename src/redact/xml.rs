//! XML: its names stay as those of JSON do, and its values are replaced.

use std::borrow::Cow;
use std::ops::Range;

use crate::scope::XmlMessage;
use crate::value::Way;

use super::markup::{Kind, Markup, Piece};
use super::redactor::{At, Redactor};
use super::summary::Place;

/// Longer values are drawn as a whole.
const LONG: usize = 4096;

impl Redactor<'_> {
    /// A text that is XML; `None` if it is none. Of a message of SOAP or a call of XML-RPC, which may be cut
    /// off, what says that it is one stays.
    pub(super) fn xml(
        &mut self,
        text: &str,
        message: Option<&XmlMessage>,
        way: Way,
    ) -> Option<String> {
        let markup = Markup::of(text)?;
        if !markup.is_whole && message.is_none() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        for piece in &markup.pieces {
            let part = &text[piece.range.clone()];
            match piece.kind {
                Kind::Sign => out.push_str(part),
                Kind::Declaration => out.push_str(&self.plain_words(Place::Text, part)),
                Kind::Name => out.push_str(&self.xml_name(text, part, message)),
                Kind::Data => out.push_str(&self.words(Place::Text, part)),
                Kind::Text | Kind::Value(_) => {
                    out.push_str(&self.xml_value(text, piece, message, way));
                }
            }
        }
        Some(out)
    }

    /// A name: its prefix and what stands behind it. That of an operation becomes what the request names.
    fn xml_name(&mut self, text: &str, name: &str, message: Option<&XmlMessage>) -> String {
        let (prefix, local) = match name.rfind(':') {
            Some(colon) => name.split_at(colon + 1),
            None => ("", name),
        };
        let prefix = match prefix.strip_suffix(':') {
            Some(plain) => format!("{}:", self.name(Place::Text, plain)),
            None => String::new(),
        };
        let local = match message.map(|message| &text[message.operation.clone()]) {
            Some(operation) if operation == local => self.soap_operation(Place::Text, local),
            _ => self.name(Place::Text, local),
        };
        format!("{prefix}{local}")
    }

    /// What an element or attribute holds.
    fn xml_value(
        &mut self,
        text: &str,
        piece: &Piece,
        message: Option<&XmlMessage>,
        way: Way,
    ) -> String {
        let part = &text[piece.range.clone()];
        let trimmed = part.trim();
        if trimmed.is_empty() {
            return part.to_owned();
        }
        let name = &text[piece.name.clone()];
        if let Some(message) = message {
            if within(&message.operation, &piece.range) {
                let operation = self.soap_operation(Place::Text, trimmed);
                return part.replacen(trimmed, &operation, 1);
            }
            if let Some(mark) = message.marks.iter().find(|mark| within(mark, &piece.range)) {
                let before = self.plain_words(Place::Text, &text[piece.range.start..mark.start]);
                let after = self.plain_words(Place::Text, &text[mark.end..piece.range.end]);
                return format!("{before}{}{after}", &text[mark.clone()]);
            }
        }
        if name == "xmlns" || name.starts_with("xmlns:") {
            return self.plain_words(Place::Text, part);
        }
        let at = At {
            place: Place::Text,
            name: name.rsplit(':').next().unwrap_or(name),
            way,
        };
        let value = decoded(trimmed);
        let token = if value.len() > LONG {
            self.note_value(at, &value);
            self.plain_token(&value)
        } else {
            self.value(at, &value)
        };
        part.replacen(trimmed, &encoded(&token, piece.kind), 1)
    }
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A value without the references that XML knows of itself.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = rest
            .find(';')
            .and_then(|end| Some((referred(&rest[1..end])?, end)));
        if let Some((c, end)) = found {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn referred(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// A value as it is written.
fn encoded(text: &str, kind: Kind) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match (c, kind) {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('"', Kind::Value('"')) => out.push_str("&quot;"),
            ('\'', Kind::Value('\'')) => out.push_str("&apos;"),
            (c, _) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_and_written() {
        assert_eq!(decoded("a&amp;b &#x41;&#66; &x; &"), "a&b AB &x; &");
        assert_eq!(encoded("a&b<\"'", Kind::Text), "a&amp;b&lt;\"'");
        assert_eq!(encoded("\"'", Kind::Value('"')), "&quot;'");
    }
}
