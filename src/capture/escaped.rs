//! JSON as the content of a JSON string, read where it stands.
//!
//! Most bodies of an API stand in a capture as escaped strings. Reading their tokens where they
//! stand saves writing each body to memory first; what is unusual there (an escape within a string
//! of the body, `\u0022` in place of `\"`) is unescaped and read exactly.

use std::borrow::Cow;

use super::lexer::{
    Lexer, Number, Text, begins_with_word, is_space, is_word, number, unescaped, word_length,
};
use super::scan::find_backslash;
use super::text::{decode_one, into_string, plain_unicode, short_escape, unescape};
use super::written::{Ahead, Written};

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
