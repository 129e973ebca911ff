//! JSON's tokens, from plain text and from text that is itself escaped within a JSON string.
//!
//! Most bodies of an API stand in a capture as escaped strings. Reading their tokens where they
//! stand saves writing each body to memory first; what is unusual there (an escape within a string
//! of the body, `\u0022` in place of `\"`) is unescaped and read exactly.

use std::borrow::Cow;

use super::scan::{find_backslash, string_end};
use super::text::{decode_one, into_string, plain_unicode, short_escape, unescape};
use super::written::{Ahead, Written};

/// A string of a text of JSON tokens.
pub(super) struct Text<'l> {
    /// What it says.
    pub(super) text: &'l str,
    /// Whether it is known to hold neither `%` nor `?`.
    pub(super) unmarked: bool,
}

/// A number that is written as it should be.
pub(super) struct Number<'t> {
    pub(super) text: &'t str,
    /// Whether it has no fraction.
    pub(super) whole: bool,
}

/// A position in a text of JSON tokens.
pub(super) trait Lexer<'t> {
    /// Whether what is written in one text is written so in others: [`Lexer::written`] does something.
    const REPEATS: bool;

    /// The next character that is not a space, not taken; 0xFF stands for all that are not ASCII.
    fn peek(&mut self) -> Option<u8>;

    /// Takes the character that [`Lexer::peek`] gave.
    fn take(&mut self);

    /// Takes a string, at whose opening quote the position is; `None` if it has no end.
    fn string(&mut self) -> Option<Text<'_>>;

    /// What comes next, as it is written.
    fn ahead(&self) -> Ahead<'t>;

    /// Takes so many bytes of what is ahead.
    fn skip(&mut self, length: usize);

    /// Takes a word of JSON, if it stands here and a sign is right behind it.
    fn take_word(&mut self, word: &str) -> bool;

    /// How the string or number is written that ends here and began at `from`, if an equal one can be
    /// told by that.
    fn written(&self, from: usize) -> Option<Written>;

    /// Takes a number without an exponent if one stands here that is written as it should be and has
    /// no escapes.
    fn number(&mut self) -> Option<Number<'t>>;

    /// Takes the letters, digits, signs and points that come next.
    fn word(&mut self) -> Cow<'t, str>;

    /// The position in the text as it stands.
    fn at(&self) -> usize;

    /// The position in the text, counted once it is unescaped.
    fn position(&self) -> usize;

    /// The length of the text, counted once it is unescaped.
    fn end(&self) -> usize;
}

/// How many digits a text begins with.
#[inline]
fn digits(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        // A digit has a 3 in its upper half, and keeps it with 6 added.
        const UPPER: u64 = 0xF0F0_F0F0_F0F0_F0F0;
        const THREES: u64 = 0x3030_3030_3030_3030;
        const SIXES: u64 = 0x0606_0606_0606_0606;
        let eight = u64::from_le_bytes(*eight);
        let more = eight.wrapping_add(SIXES);
        let others = (eight & UPPER ^ THREES) | (more & UPPER ^ THREES);
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = &bytes[at..];
    at + rest
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(rest.len())
}

/// The length of the number without an exponent that a text begins with, and whether it is whole, if
/// nothing else of a word follows it.
#[inline]
fn number(bytes: &[u8]) -> Option<(usize, bool)> {
    let start = usize::from(bytes.first() == Some(&b'-'));
    let mut at = start + digits(&bytes[start..]);
    if at == start || bytes[start] == b'0' && at > start + 1 {
        return None;
    }
    let whole = bytes.get(at) != Some(&b'.');
    if !whole {
        let fraction = digits(&bytes[at + 1..]);
        if fraction == 0 {
            return None;
        }
        at += 1 + fraction;
    }
    let ends = match &bytes[at..] {
        [b'\\', b'n' | b'r' | b't', ..] | [] => true,
        [byte, ..] => !is_word(*byte) && *byte != b'\\',
    };
    ends.then_some((at, whole))
}

/// Whether a text begins with a word and a sign that ends it.
#[inline]
fn begins_with_word(bytes: &[u8], word: &str) -> bool {
    bytes
        .strip_prefix(word.as_bytes())
        .is_some_and(|rest| matches!(rest, [b',' | b'}' | b']', ..]))
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
    /// The last string that had escapes.
    unescaped: String,
}

impl<'t> Plain<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Plain {
            text,
            at,
            unescaped: String::new(),
        }
    }
}

impl<'t> Lexer<'t> for Plain<'t> {
    const REPEATS: bool = false;

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
    fn string(&mut self) -> Option<Text<'_>> {
        let from = self.at + 1;
        let end = string_end(self.text.as_bytes(), from)?;
        self.at = end.quote + 1;
        let raw = &self.text[from..end.quote];
        let text = if end.escapes {
            self.unescaped = unescaped(raw.as_bytes());
            &self.unescaped
        } else {
            raw
        };
        Some(Text {
            text,
            unmarked: false,
        })
    }

    #[inline]
    fn ahead(&self) -> Ahead<'t> {
        Ahead::plain(&self.text.as_bytes()[self.at..])
    }

    #[inline]
    fn skip(&mut self, length: usize) {
        self.at += length;
    }

    #[inline]
    fn take_word(&mut self, word: &str) -> bool {
        let is = begins_with_word(&self.text.as_bytes()[self.at..], word);
        if is {
            self.at += word.len();
        }
        is
    }

    fn written(&self, _: usize) -> Option<Written> {
        None
    }

    #[inline]
    fn number(&mut self) -> Option<Number<'t>> {
        let rest = &self.text[self.at..];
        let (length, whole) = number(rest.as_bytes())?;
        self.at += length;
        let text = &rest[..length];
        Some(Number { text, whole })
    }

    #[inline]
    fn word(&mut self) -> Cow<'t, str> {
        let rest = &self.text[self.at..];
        let length = word_length(rest.as_bytes());
        self.at += length;
        Cow::Borrowed(&rest[..length])
    }

    fn at(&self) -> usize {
        self.at
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
    /// The first `%` or `?` that is not known to lie before the position.
    mark: Option<usize>,
    /// The last string that had escapes.
    unescaped: String,
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
            mark: None,
            unescaped: String::new(),
        }
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    /// Whether there is a `%` or `?` from one position to another; the first never goes back.
    #[inline]
    fn is_marked(&mut self, from: usize, to: usize) -> bool {
        match self.mark {
            Some(mark) if mark >= from => mark < to,
            _ => self.find_mark(from) < to,
        }
    }

    #[cold]
    fn find_mark(&mut self, from: usize) -> usize {
        let found = memchr::memchr2(b'%', b'?', &self.bytes()[from..]);
        let mark = found.map_or(self.text.len(), |at| from + at);
        self.mark = Some(mark);
        mark
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

    /// Takes a string that begins at `from` and has its first backslash at `at`, which does not end
    /// it: escapes of its own are escaped themselves.
    #[inline(never)]
    fn string_with_escapes(&mut self, from: usize, mut at: usize) -> Option<Text<'_>> {
        self.unescaped.clear();
        let mut run = from;
        loop {
            let rest = self.bytes().get(at + 1..)?;
            let (char, width) = match rest {
                [b'"', ..] => {
                    self.unescaped += &self.text[run..at];
                    self.at = at + 2;
                    break;
                }
                [b'\\', b'\\', code @ (b'"' | b'\\'), ..] => (char::from(*code), 4),
                [b'\\', code @ (b'n' | b't' | b'r' | b'b' | b'f' | b'/'), ..] => {
                    (short_escape(*code).into(), 3)
                }
                [b'\\', b'u', digits @ ..] if let Some(char) = plain_unicode(digits) => (char, 7),
                [b'u', digits @ ..] if let Some(char) = plain_unicode(digits) => (char, 6),
                _ => return self.odd_string(from),
            };
            self.unescaped += &self.text[run..at];
            self.unescaped.push(char);
            run = at + width;
            at = find_backslash(self.bytes(), run)?;
        }
        Some(Text {
            text: &self.unescaped,
            unmarked: false,
        })
    }

    /// The same for a string that is written in any way.
    #[cold]
    fn odd_string(&mut self, from: usize) -> Option<Text<'_>> {
        let (end, behind) = self.string_end(from)?;
        self.at = behind;
        let mut content = Vec::with_capacity(end - from);
        unescape(&self.bytes()[from..end], &mut content);
        self.unescaped = if content.contains(&b'\\') {
            unescaped(&content)
        } else {
            into_string(content)
        };
        Some(Text {
            text: &self.unescaped,
            unmarked: false,
        })
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
    const REPEATS: bool = true;

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

    #[expect(
        clippy::inline_always,
        reason = "it is short where there are no escapes"
    )]
    #[inline(always)]
    fn string(&mut self) -> Option<Text<'_>> {
        let from = self.at + self.width;
        let first = find_backslash(self.bytes(), from)?;
        if self.bytes().get(first + 1) != Some(&b'"') {
            return self.string_with_escapes(from, first);
        }
        self.at = first + 2;
        Some(Text {
            unmarked: !self.is_marked(from, first),
            text: &self.text[from..first],
        })
    }

    #[inline]
    fn ahead(&self) -> Ahead<'t> {
        Ahead::escaped(&self.bytes()[self.at..])
    }

    #[inline]
    fn skip(&mut self, length: usize) {
        self.at += length;
    }

    #[inline]
    fn take_word(&mut self, word: &str) -> bool {
        let is = begins_with_word(&self.bytes()[self.at..], word);
        if is {
            self.at += word.len();
        }
        is
    }

    fn written(&self, from: usize) -> Option<Written> {
        let rest = self.bytes().get(from..)?;
        let length = self.at.checked_sub(from)?;
        if rest.starts_with(br#"\""#) {
            return Some(Written::new(&rest[..length]));
        }
        // What follows a number may go on with it.
        let ends = matches!(rest.get(length)?, b',' | b'}' | b']');
        ends.then(|| Written::with_next(rest, length))
    }

    #[inline]
    fn number(&mut self) -> Option<Number<'t>> {
        let from = self.at;
        let (length, whole) = number(&self.bytes()[from..])?;
        self.at += length;
        let text = &self.text[from..self.at];
        Some(Number { text, whole })
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

    fn at(&self) -> usize {
        self.at
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
