//! A call as one text: `POST api.example.com/orders/<integer>/pay`, with the protocol and name of an
//! operation behind it.
//!
//! Of a segment, words stand as they are, values as their shapes (`<uuid>`), and text between
//! values in braces (`<integer>{.json}`). What would be taken for something else is
//! percent-encoded, so that every call is read back as it was.

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, Error};

use crate::inventory::CallKey;
use crate::scope::{Operation, Protocol};
use crate::value::keyed::Keyed;
use crate::value::{Segment, SegmentPiece, Shape};

impl Keyed for CallKey {
    fn to_text(&self) -> String {
        let mut text = String::new();
        escape(&mut text, &self.method);
        text.push(' ');
        escape(&mut text, &self.host);
        for segment in &self.segments {
            text.push('/');
            write_segment(&mut text, segment);
        }
        if let Some(operation) = &self.operation {
            let protocol = operation.protocol.name();
            // Writing to a string cannot fail.
            let _ = write!(text, " {protocol} {}", operation.name);
        }
        text
    }

    fn of_text(text: &str) -> Option<Self> {
        let mut words = text.splitn(4, ' ');
        let (method, path) = (words.next()?, words.next()?);
        let operation = match (words.next(), words.next()) {
            (None, _) => None,
            (Some(protocol), name) => Some(Operation {
                protocol: named::<Protocol>(protocol)?,
                name: name?.to_owned(),
            }),
        };
        let mut segments = path.split('/');
        let host = unescape(segments.next()?)?;
        let segments = segments.map(read_segment).collect::<Option<Vec<_>>>()?;
        (!method.is_empty() && !host.is_empty()).then_some(())?;
        Some(CallKey {
            host,
            segments,
            method: unescape(method)?,
            operation,
        })
    }
}

/// The variant that serde knows by this name.
fn named<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    T::deserialize(BorrowedStrDeserializer::<Error>::new(name)).ok()
}

fn write_segment(text: &mut String, segment: &Segment) {
    for piece in segment.pieces() {
        match piece {
            SegmentPiece::Word(word) => escape(text, word),
            SegmentPiece::Fixed(fixed) => {
                text.push('{');
                escape(text, fixed);
                text.push('}');
            }
            SegmentPiece::Value(shape) => {
                // Writing to a string cannot fail.
                let _ = write!(text, "<{shape}>");
            }
        }
    }
}

fn read_segment(text: &str) -> Option<Segment> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end;
        let piece = match rest.as_bytes()[0] {
            b'<' => {
                end = rest.find('>')? + 1;
                SegmentPiece::Value(named::<Shape>(&rest[1..end - 1])?)
            }
            b'{' => {
                end = rest.find('}')? + 1;
                SegmentPiece::Fixed(unescape(&rest[1..end - 1])?.into())
            }
            _ => {
                end = rest.find(['<', '{']).unwrap_or(rest.len());
                SegmentPiece::Word(unescape(&rest[..end])?.into())
            }
        };
        pieces.push(piece);
        rest = &rest[end..];
    }
    if pieces.is_empty() {
        pieces.push(SegmentPiece::Word(Box::default()));
    }
    Some(Segment::from_pieces(pieces))
}

fn escape(text: &mut String, part: &str) {
    for c in part.chars() {
        if c.is_whitespace() || c.is_control() || "%/<>{}".contains(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
        } else {
            text.push(c);
        }
    }
}

/// The text that is escaped like this; none if it could not have been written so.
fn unescape(text: &str) -> Option<String> {
    let plain = percent_decode_str(text).decode_utf8().ok()?.into_owned();
    let mut again = String::with_capacity(text.len());
    escape(&mut again, &plain);
    (again == text).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Tokens;
    use proptest::prelude::*;

    fn key(path: &[&str], operation: Option<&str>) -> CallKey {
        CallKey {
            host: "api.example.com:8443".to_owned(),
            segments: Segment::path(path.iter().copied(), &Tokens::new()),
            method: "POST".to_owned(),
            operation: operation.map(|name| Operation {
                protocol: Protocol::JsonRpc,
                name: name.to_owned(),
            }),
        }
    }

    #[test]
    fn calls_are_read_as_people_write_them() {
        for (path, operation, text) in [
            (
                &["v1", "orders", "12"][..],
                None,
                "POST api.example.com:8443/v1/orders/<integer>",
            ),
            (
                &["7.json"],
                None,
                "POST api.example.com:8443/<integer>{.json}",
            ),
            (&[], None, "POST api.example.com:8443"),
            (&["", ""], None, "POST api.example.com:8443//"),
            (
                &["a%2Fb"],
                Some("get x"),
                "POST api.example.com:8443/a%252Fb json-rpc get x",
            ),
        ] {
            assert_eq!(key(path, operation).to_text(), text);
        }
    }

    #[test]
    fn what_is_no_call_is_refused() {
        for text in [
            "",
            "GET",
            "GET ",
            " a.example/",
            "GET a.example/<word",
            "GET a.example/<nonsense>",
            "GET a.example/%zz",
            "GET a.example/%41",
            "GET a.example/x soap",
            "GET a.example/} x",
        ] {
            assert!(CallKey::of_text(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_call_is_read_back(
            path in prop::collection::vec(".{0,12}|[a-z0-9:.()',=%<>{}-]{0,12}", 0..4),
            operation in prop::option::of(".{0,8}"),
        ) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let key = key(&path, operation.as_deref());
            prop_assert_eq!(CallKey::of_text(&key.to_text()), Some(key));
        }

        #[test]
        fn no_text_is_read_as_another_call(text in "(GET|P) [a-z<>{}%2/F ]{0,24}") {
            if let Some(key) = CallKey::of_text(&text) {
                prop_assert_eq!(CallKey::of_text(&key.to_text()), Some(key));
            }
        }
    }
}
