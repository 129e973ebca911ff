//! JSON's tokens: what a walk asks of a text, and the tokens of plain text.

use std::borrow::Cow;

use super::scan::string_end;
use super::text::{into_string, unescape};
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
pub(super) fn number(bytes: &[u8]) -> Option<(usize, bool)> {
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
pub(super) fn begins_with_word(bytes: &[u8], word: &str) -> bool {
    bytes
        .strip_prefix(word.as_bytes())
        .is_some_and(|rest| matches!(rest, [b',' | b'}' | b']', ..]))
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

pub(super) fn word_length(bytes: &[u8]) -> usize {
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

pub(super) fn unescaped(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len());
    unescape(bytes, &mut text);
    into_string(text)
}
