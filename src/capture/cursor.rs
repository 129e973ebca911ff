//! Walking the fields of one entry that lies whole in memory.

use std::borrow::Cow;

use super::scan::{LongString, Skip, StringEnd, string_end};
use super::text::RawText;

/// The JSON breaks off or goes wrong at a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    /// Position in the bytes that were walked.
    pub(super) at: usize,
}

/// A value as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw<'a> {
    /// A string.
    Text(RawText<'a>),
    /// A number, `true`, `false`, `null`, or what some producers write in their place (`NaN`).
    Bare(&'a [u8]),
    /// An object or array, brackets included.
    Nested(&'a [u8]),
}

impl<'a> Raw<'a> {
    /// Whether there is nothing: `null`, `undefined` or an empty string.
    pub(super) fn is_blank(self) -> bool {
        match self {
            Raw::Text(text) => text.bytes.is_empty(),
            Raw::Bare(word) => word == b"null" || word == b"undefined",
            Raw::Nested(_) => false,
        }
    }

    /// The text of a string, or a number or boolean as written.
    pub(super) fn scalar(self) -> Option<Cow<'a, str>> {
        match self {
            Raw::Text(text) => Some(text.decode()),
            Raw::Bare(word) if !self.is_blank() => Some(String::from_utf8_lossy(word)),
            Raw::Bare(_) | Raw::Nested(_) => None,
        }
    }

    /// The text of a string.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Raw::Text(text) => Some(text.decode()),
            Raw::Bare(_) | Raw::Nested(_) => None,
        }
    }

    /// A whole number, also from a string or with a fraction (`200.0`, `"200"`).
    pub(super) fn number(self) -> Option<i64> {
        let text = self.scalar()?;
        let text = text.trim();
        text.parse()
            .ok()
            .or_else(|| text.split_once('.')?.0.parse().ok())
    }
}

/// A position in the bytes of one value.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Long strings that begin further on, where that is known.
    long: &'a [LongString],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Cursor::with_long(bytes, &[])
    }

    /// A position at the start of a value whose long strings are known.
    pub(super) fn with_long(bytes: &'a [u8], long: &'a [LongString]) -> Self {
        Cursor { bytes, at: 0, long }
    }

    /// The next byte that is not a space; not taken.
    pub(super) fn peek(&mut self) -> Result<u8, Broken> {
        while let Some(byte) = self.bytes.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Ok(*byte);
            }
            self.at += 1;
        }
        self.broken()
    }

    /// What comes next.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// Takes so many bytes of what comes next.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// Takes the value that comes next.
    pub(super) fn value(&mut self) -> Result<Raw<'a>, Broken> {
        match self.peek()? {
            b'"' => Ok(Raw::Text(self.string()?)),
            b'{' | b'[' => {
                let rest = &self.bytes[self.at..];
                let Some(length) = Skip::default().feed(rest) else {
                    return Err(Broken {
                        at: self.bytes.len(),
                    });
                };
                self.at += length;
                Ok(Raw::Nested(&rest[..length]))
            }
            _ => {
                let rest = &self.bytes[self.at..];
                let length = bare_length(rest);
                if length == 0 {
                    return self.broken();
                }
                self.at += length;
                Ok(Raw::Bare(&rest[..length]))
            }
        }
    }

    /// Takes an object, giving each key to `field`, which must take the value; whatever else comes
    /// next is taken and left alone.
    pub(super) fn object(
        &mut self,
        mut field: impl FnMut(&[u8], &mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        if self.peek()? != b'{' {
            return self.value().map(|_| ());
        }
        self.at += 1;
        let mut first = true;
        while self.more(first, b'}')? {
            first = false;
            if self.peek()? != b'"' {
                return self.broken();
            }
            let key = self.string()?;
            if self.peek()? != b':' {
                return self.broken();
            }
            self.at += 1;
            self.peek()?;
            if key.escapes {
                field(key.decode().as_bytes(), self)?;
            } else {
                field(key.bytes, self)?;
            }
        }
        Ok(())
    }

    /// Takes an object of a `name` and a `value` that are strings, if it is written as most producers
    /// do, without spaces and with nothing else in it.
    pub(super) fn pair(&mut self) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        const OPENING: &[u8] = br#"{"name":""#;
        const BETWEEN: &[u8] = br#"","value":""#;
        const CLOSING: &[u8] = br#""}"#;
        let bytes = self.bytes;
        let start = bytes.get(self.at..)?;
        start.starts_with(OPENING).then_some(())?;
        let name = self.at + OPENING.len();
        let name_end = string_end(bytes, name)?;
        let between = bytes.get(name_end.quote..)?;
        between.starts_with(BETWEEN).then_some(())?;
        let value = name_end.quote + BETWEEN.len();
        let value_end = string_end(bytes, value)?;
        let end = bytes.get(value_end.quote..)?;
        end.starts_with(CLOSING).then_some(())?;
        self.at = value_end.quote + CLOSING.len();
        // Checked at once, both are checked.
        let text = simdutf8::basic::from_utf8(&bytes[name..value_end.quote]).ok();
        let decode = |from: usize, end: StringEnd| {
            let plain = text.filter(|_| !end.escapes);
            plain
                .and_then(|text| text.get(from - name..end.quote - name))
                .map_or_else(
                    || {
                        let bytes = &bytes[from..end.quote];
                        let escapes = end.escapes;
                        RawText { bytes, escapes }.decode()
                    },
                    Cow::Borrowed,
                )
        };
        Some((decode(name, name_end), decode(value, value_end)))
    }

    /// Takes an array, calling `item` for each, which must take the value; whatever else comes next
    /// is taken and left alone.
    pub(super) fn array(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        if self.peek()? != b'[' {
            return self.value().map(|_| ());
        }
        self.at += 1;
        let mut first = true;
        while self.more(first, b']')? {
            first = false;
            item(self)?;
        }
        Ok(())
    }

    /// Whether another member follows, or the closing bracket, which is taken. A comma before the
    /// bracket does no harm.
    fn more(&mut self, first: bool, close: u8) -> Result<bool, Broken> {
        if !first && self.peek()? == b',' {
            self.at += 1;
        } else if !first && self.peek()? != close {
            return self.broken();
        }
        if self.peek()? != close {
            return Ok(true);
        }
        self.at += 1;
        Ok(false)
    }

    fn string(&mut self) -> Result<RawText<'a>, Broken> {
        let from = self.at + 1;
        let end = match self.known_end(from) {
            Some(end) => end,
            None => string_end(self.bytes, from).ok_or(Broken {
                at: self.bytes.len(),
            })?,
        };
        self.at = end.quote + 1;
        Ok(RawText {
            bytes: &self.bytes[from..end.quote],
            escapes: end.escapes,
        })
    }

    /// Where the string ends whose content begins at `from`, if that is known.
    #[inline]
    fn known_end(&mut self, from: usize) -> Option<StringEnd> {
        while let [next, rest @ ..] = self.long
            && next.start <= from
        {
            self.long = rest;
            if next.start == from {
                return Some(StringEnd {
                    quote: next.end,
                    escapes: next.escapes,
                });
            }
        }
        None
    }

    fn broken<T>(&self) -> Result<T, Broken> {
        Err(Broken { at: self.at })
    }
}

/// How many bytes a number or word takes.
pub(super) fn bare_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| {
            matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']')
                || byte.is_ascii_whitespace()
        })
        .unwrap_or(bytes.len())
}
