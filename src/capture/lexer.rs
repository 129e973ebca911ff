//! JSON's tokens, from plain text and from text that is itself escaped within a JSON string.
//!
//! Most bodies of an API stand in a capture as escaped strings. Reading their tokens where they
//! stand saves writing each body to memory first; what is unusual there (an escape within a string
//! of the body, `\u0022` in place of `\"`) is unescaped and read exactly.

use std::borrow::Cow;

use super::scan::{find_backslash, string_end};
use super::text::{decode_one, into_string, unescape};

/// A position in a text of JSON tokens.
pub(super) trait Lexer<'t> {
    /// The next character that is not a space, not taken; 0xFF stands for all that are not ASCII.
    fn peek(&mut self) -> Option<u8>;

    /// Takes the character that [`Lexer::peek`] gave.
    fn take(&mut self);

    /// Takes a string, at whose opening quote the position is; `None` if it has no end.
    fn string(&mut self) -> Option<Cow<'t, str>>;

    /// Takes a key with the colon behind it, if they are written here just like this.
    fn take_if(&mut self, key: &WrittenKey) -> bool;

    /// Takes a whole number if one stands here that is written as it should be and has no escapes.
    fn integer(&mut self) -> Option<&'t str>;

    /// Takes the letters, digits, signs and points that come next.
    fn word(&mut self) -> Cow<'t, str>;

    /// The position in the text, counted once it is unescaped.
    fn position(&self) -> usize;

    /// The length of the text, counted once it is unescaped.
    fn end(&self) -> usize;
}

/// A key with the colon behind it as JSON writes it, to be compared as a whole.
#[derive(Debug, Clone)]
pub struct WrittenKey(Box<[u8]>);

impl WrittenKey {
    /// How a key is written; none if it holds quotes, backslashes or what may be written otherwise.
    pub fn new(name: &str) -> Option<WrittenKey> {
        let plain = |c: char| c >= ' ' && !matches!(c, '"' | '\\');
        (name.chars().all(plain)).then(|| WrittenKey(format!(r#"\"{name}\":"#).into_bytes().into()))
    }

    /// Within a string of a JSON text.
    #[inline]
    fn escaped(&self) -> &[u8] {
        &self.0
    }

    /// The key with its opening quote; its closing one and the colon follow.
    #[inline]
    fn plain(&self) -> &[u8] {
        &self.0[1..self.0.len() - 3]
    }
}

/// The length of the whole number that a text begins with, if nothing else of a word follows it.
#[inline]
fn integer_length(bytes: &[u8]) -> Option<usize> {
    let start = usize::from(bytes.first() == Some(&b'-'));
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    let zero = bytes.get(start) == Some(&b'0') && at > start + 1;
    let ends = match bytes.get(at..)? {
        [b'\\', b'n' | b'r' | b't', ..] | [] => true,
        [byte, ..] => !is_word(*byte) && *byte != b'\\',
    };
    (at > start && !zero && ends).then_some(at)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

fn word_length(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| !is_word(*byte));
    end.unwrap_or(bytes.len())
}

/// JSON as it is.
pub(super) struct Plain<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Plain<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Plain { text, at }
    }
}

impl<'t> Lexer<'t> for Plain<'t> {
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            if !is_space(*byte) {
                return Some(if byte.is_ascii() { *byte } else { 0xFF });
            }
            self.at += 1;
        }
        None
    }

    #[inline]
    fn take(&mut self) {
        self.at += 1;
    }

    #[inline]
    fn string(&mut self) -> Option<Cow<'t, str>> {
        let from = self.at + 1;
        let end = string_end(self.text.as_bytes(), from)?;
        self.at = end.quote + 1;
        let raw = &self.text[from..end.quote];
        if !end.escapes {
            return Some(Cow::Borrowed(raw));
        }
        Some(Cow::Owned(unescaped(raw.as_bytes())))
    }

    #[inline]
    fn take_if(&mut self, key: &WrittenKey) -> bool {
        let behind = self.at + key.plain().len();
        let bytes = self.text.as_bytes();
        let is = bytes.get(self.at..behind) == Some(key.plain())
            && bytes.get(behind..behind + 2) == Some(br#"":"#);
        if is {
            self.at = behind + 2;
        }
        is
    }

    #[inline]
    fn integer(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let length = integer_length(rest.as_bytes())?;
        self.at += length;
        Some(&rest[..length])
    }

    #[inline]
    fn word(&mut self) -> Cow<'t, str> {
        let rest = &self.text[self.at..];
        let length = word_length(rest.as_bytes());
        self.at += length;
        Cow::Borrowed(&rest[..length])
    }

    fn position(&self) -> usize {
        self.at
    }

    fn end(&self) -> usize {
        self.text.len()
    }
}

/// JSON as the content of a JSON string, its escapes not undone.
pub(super) struct Escaped<'t> {
    text: &'t str,
    at: usize,
    /// How many bytes the character takes that was peeked at.
    width: usize,
}

impl<'t> Escaped<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mark = ["\u{feff}", "\\ufeff", "\\uFEFF"]
            .iter()
            .find(|mark| text.starts_with(**mark));
        Escaped {
            text,
            at: mark.map_or(0, |mark| mark.len()),
            width: 0,
        }
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// What [`Lexer::peek`] gives behind spaces, and where it is written as an escape.
    fn peek_far(&mut self) -> Option<u8> {
        loop {
            let (char, width) = decode_one(self.bytes(), self.at)?;
            if !is_space(char) {
                self.width = width;
                return Some(char);
            }
            self.at += width;
        }
    }

    /// The end of a string, from one escape to the next: where its content ends and where the
    /// string does. A quote cannot stand here without a backslash.
    fn string_end(&self, mut at: usize) -> Option<(usize, usize)> {
        loop {
            at = find_backslash(self.bytes(), at)?;
            let (char, width) = decode_one(self.bytes(), at)?;
            match char {
                b'"' => return Some((at, at + width)),
                b'\\' => at += width + decode_one(self.bytes(), at + width)?.1,
                _ => at += width,
            }
        }
    }
}

impl<'t> Lexer<'t> for Escaped<'t> {
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        match self.bytes().get(self.at..)? {
            [b'\\', b'"', ..] => {
                self.width = 2;
                Some(b'"')
            }
            [byte @ (b'!'..=b'[' | b']'..=b'~'), ..] => {
                self.width = 1;
                Some(*byte)
            }
            _ => self.peek_far(),
        }
    }

    #[inline]
    fn take(&mut self) {
        self.at += self.width;
    }

    #[inline]
    fn string(&mut self) -> Option<Cow<'t, str>> {
        let from = self.at + self.width;
        let first = find_backslash(self.bytes(), from)?;
        if self.bytes().get(first + 1) == Some(&b'"') {
            self.at = first + 2;
            return Some(Cow::Borrowed(&self.text[from..first]));
        }
        let (end, behind) = self.string_end(from)?;
        self.at = behind;
        let mut content = Vec::with_capacity(end - from);
        unescape(&self.bytes()[from..end], &mut content);
        if content.contains(&b'\\') {
            return Some(Cow::Owned(unescaped(&content)));
        }
        Some(Cow::Owned(into_string(content)))
    }

    #[inline]
    fn take_if(&mut self, key: &WrittenKey) -> bool {
        let behind = self.at + key.escaped().len();
        let is = self.bytes().get(self.at..behind) == Some(key.escaped());
        if is {
            self.at = behind;
        }
        is
    }

    #[inline]
    fn integer(&mut self) -> Option<&'t str> {
        let from = self.at;
        self.at += integer_length(&self.bytes()[from..])?;
        Some(&self.text[from..self.at])
    }

    #[inline]
    fn word(&mut self) -> Cow<'t, str> {
        let from = self.at;
        self.at += word_length(&self.bytes()[from..]);
        let plain = &self.text[from..self.at];
        if self.bytes().get(self.at) != Some(&b'\\') {
            return Cow::Borrowed(plain);
        }
        let mut word = plain.to_owned();
        while let Some((char, width)) = decode_one(self.bytes(), self.at)
            && is_word(char)
        {
            word.push(char.into());
            self.at += width;
        }
        Cow::Owned(word)
    }

    fn position(&self) -> usize {
        unescaped(&self.bytes()[..self.at]).len()
    }

    fn end(&self) -> usize {
        unescaped(self.bytes()).len()
    }
}

fn unescaped(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len());
    unescape(bytes, &mut text);
    into_string(text)
}
