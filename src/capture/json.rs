//! Walking the JSON of a body as a stream of events.

use std::fmt;

use super::escaped::Escaped;
use super::lexer::{Lexer, Plain, Text};
use super::written::{Ahead, Written};

/// One step of a walk over JSON.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum JsonEvent<'t> {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// The key of the value that comes next.
    Key(&'t str),
    /// A string.
    String(&'t str),
    /// A whole number without an exponent, as written.
    Integer(&'t str),
    /// Any other number, as written.
    Number(&'t str),
    /// `true` or `false`.
    Bool(bool),
    /// `null`
    Null,
}

/// Receives the events of [`walk_json`].
pub trait JsonVisitor {
    /// Takes the next event.
    fn event(&mut self, event: JsonEvent<'_>);

    /// Takes the key that comes next in place of an event, if it is the one that the visitor expects:
    /// then the bytes of it are given, as [`Ahead::key`] finds them.
    fn take_key(&mut self, _ahead: Ahead<'_>) -> Option<usize> {
        None
    }

    /// The same for a string or number that was given to [`JsonVisitor::remember`], here or in another
    /// text, as [`Ahead::scalar`] finds it.
    fn take_scalar(&mut self, _ahead: Ahead<'_>) -> Option<usize> {
        None
    }

    /// Whether the string or number of the last event is likely to come again.
    fn wants_to_remember(&mut self) -> bool {
        false
    }

    /// Takes how the string or number of the last event was written.
    fn remember(&mut self, _: Written) {}

    /// Takes a string that is known to hold neither `%` nor `?`.
    fn unmarked_string(&mut self, text: &str) {
        self.event(JsonEvent::String(text));
    }
}

impl<F: FnMut(JsonEvent<'_>)> JsonVisitor for F {
    fn event(&mut self, event: JsonEvent<'_>) {
        self(event);
    }
}

/// The text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonError {
    /// The byte where it goes wrong; the length of the text where it only ends too early.
    pub at: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON at byte {}", self.at)
    }
}

impl std::error::Error for JsonError {}

/// Walks one JSON text, giving its events in order.
///
/// Nothing recurses, so any nesting will do. A leading byte order mark, unescaped control
/// characters in strings, lone surrogates and unknown escapes (as [U+FFFD] and the character
/// itself) and `NaN` and `Infinity` as numbers are let pass; anything else that RFC 8259 does not allow
/// is an error.
///
/// [U+FFFD]: char::REPLACEMENT_CHARACTER
///
/// ```
/// use harcov::capture::{JsonEvent, walk_json};
///
/// let mut keys = Vec::new();
/// let walked = walk_json(r#"{"id": 7, "tags": ["a"]}"#, &mut |event: JsonEvent<'_>| {
///     if let JsonEvent::Key(key) = event {
///         keys.push(key.to_owned());
///     }
/// });
/// assert!(walked.is_ok());
/// assert_eq!(keys, ["id", "tags"]);
/// ```
///
/// # Errors
///
/// The text is not JSON. The events before the error have been given by then: the visitor has to
/// drop what it made of them.
pub fn walk_json<V: JsonVisitor + ?Sized>(text: &str, visitor: &mut V) -> Result<(), JsonError> {
    Walk::new(Plain::new(text)).run(visitor)
}

/// Walks JSON that is the content of a JSON string whose escapes have not been undone; the same
/// events and the same error as undoing them first.
pub(super) fn walk_escaped_json<V: JsonVisitor + ?Sized>(
    text: &str,
    visitor: &mut V,
) -> Result<(), JsonError> {
    Walk::new(Escaped::new(text)).run(visitor)
}

struct Walk<L> {
    lexer: L,
    /// For each open bracket whether it is an object's.
    open: Vec<bool>,
}

impl<'t, L: Lexer<'t>> Walk<L> {
    fn new(lexer: L) -> Self {
        Walk {
            lexer,
            open: Vec::new(),
        }
    }

    fn run<V: JsonVisitor + ?Sized>(mut self, visitor: &mut V) -> Result<(), JsonError> {
        loop {
            let opened = self.value(visitor)?;
            if opened || self.next(visitor)? {
                continue;
            }
            return match self.lexer.peek() {
                None => Ok(()),
                Some(_) => self.wrong(),
            };
        }
    }

    /// Takes a scalar, an empty container, or what opens another and leads to its first value:
    /// true then.
    #[inline]
    fn value<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<bool, JsonError> {
        if L::REPEATS
            && let Some(length) = visitor.take_scalar(self.lexer.ahead())
        {
            self.lexer.skip(length);
            return Ok(false);
        }
        match self.lexer.peek() {
            Some(b'"') => self.string(visitor)?,
            Some(b'{') => {
                self.lexer.take();
                visitor.event(JsonEvent::ObjectStart);
                self.open.push(true);
                if self.take_expected_key(visitor) {
                    return Ok(true);
                }
                if self.lexer.peek() == Some(b'}') {
                    return Ok(false);
                }
                self.key(visitor)?;
                return Ok(true);
            }
            Some(b'[') => {
                self.lexer.take();
                visitor.event(JsonEvent::ArrayStart);
                self.open.push(false);
                return Ok(self.lexer.peek() != Some(b']'));
            }
            Some(b'-' | b'0'..=b'9') => self.number(visitor)?,
            Some(b't') if self.lexer.take_word("true") => visitor.event(JsonEvent::Bool(true)),
            Some(b'f') if self.lexer.take_word("false") => visitor.event(JsonEvent::Bool(false)),
            Some(b'n') if self.lexer.take_word("null") => visitor.event(JsonEvent::Null),
            Some(_) => self.word(visitor)?,
            None => return self.wrong(),
        }
        Ok(false)
    }

    /// Takes what follows a value: closing brackets, and a comma with the next key. Whether
    /// another value comes.
    #[inline]
    fn next<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<bool, JsonError> {
        while let Some(object) = self.open.last().copied() {
            if object
                && let Some(ahead) = self.lexer.ahead().behind(b',')
                && let Some(length) = visitor.take_key(ahead)
            {
                self.lexer.skip(1 + length);
                return Ok(true);
            }
            match self.lexer.peek() {
                Some(b',') => {
                    self.lexer.take();
                    if object {
                        self.key(visitor)?;
                    }
                    return Ok(true);
                }
                Some(b'}') if object => visitor.event(JsonEvent::ObjectEnd),
                Some(b']') if !object => visitor.event(JsonEvent::ArrayEnd),
                _ => return self.wrong(),
            }
            self.lexer.take();
            self.open.pop();
        }
        Ok(false)
    }

    /// Whether the visitor takes the key that comes next.
    #[inline(never)]
    fn take_expected_key<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> bool {
        let taken = visitor.take_key(self.lexer.ahead());
        self.lexer.skip(taken.unwrap_or(0));
        taken.is_some()
    }

    /// Takes a key that was not expected, or did not stand where it was.
    fn key<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<(), JsonError> {
        let quote = self.lexer.peek();
        if self.take_expected_key(visitor) {
            return Ok(());
        }
        if quote != Some(b'"') {
            return self.wrong();
        }
        match self.lexer.string() {
            Some(key) => visitor.event(JsonEvent::Key(key.text)),
            None => return self.unended(),
        }
        if self.lexer.peek() != Some(b':') {
            return self.wrong();
        }
        self.lexer.take();
        Ok(())
    }

    #[inline]
    fn string<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<(), JsonError> {
        let from = self.lexer.at();
        match self.lexer.string() {
            Some(Text {
                text,
                unmarked: true,
            }) => visitor.unmarked_string(text),
            Some(Text { text, .. }) => visitor.event(JsonEvent::String(text)),
            None => return self.unended(),
        }
        self.remember(from, visitor);
        Ok(())
    }

    #[inline]
    fn remember<V: JsonVisitor + ?Sized>(&mut self, from: usize, visitor: &mut V) {
        if L::REPEATS
            && visitor.wants_to_remember()
            && let Some(written) = self.lexer.written(from)
        {
            visitor.remember(written);
        }
    }

    #[inline]
    fn number<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<(), JsonError> {
        let from = self.lexer.at();
        let Some(number) = self.lexer.number() else {
            return self.word(visitor);
        };
        visitor.event(if number.whole {
            JsonEvent::Integer(number.text)
        } else {
            JsonEvent::Number(number.text)
        });
        self.remember(from, visitor);
        Ok(())
    }

    /// Takes one of JSON's words, or a number that is written in any way.
    fn word<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<(), JsonError> {
        let word = self.lexer.word();
        visitor.event(match word.as_bytes() {
            b"true" => JsonEvent::Bool(true),
            b"false" => JsonEvent::Bool(false),
            b"null" => JsonEvent::Null,
            b"NaN" | b"Infinity" | b"-Infinity" => JsonEvent::Number(&word),
            bytes => match number_error(bytes) {
                None if is_whole(bytes) => JsonEvent::Integer(&word),
                None => JsonEvent::Number(&word),
                Some(good) => {
                    let from = self.lexer.position() - word.len();
                    return Err(JsonError { at: from + good });
                }
            },
        });
        Ok(())
    }

    /// A string has no end.
    #[cold]
    fn unended<T>(&self) -> Result<T, JsonError> {
        Err(JsonError {
            at: self.lexer.end(),
        })
    }

    fn wrong<T>(&self) -> Result<T, JsonError> {
        let at = self.lexer.position();
        Err(JsonError { at })
    }
}

/// Whether a number has neither a fraction nor an exponent.
fn is_whole(number: &[u8]) -> bool {
    number
        .iter()
        .all(|byte| *byte == b'-' || byte.is_ascii_digit())
}

/// Where a word stops being a number of RFC 8259, if it does.
fn number_error(word: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        from + word[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let start = usize::from(word.first() == Some(&b'-'));
    let mut at = digits(start);
    if at == start || (word[start] == b'0' && at > start + 1) {
        return Some(start);
    }
    if word.get(at) == Some(&b'.') {
        let end = digits(at + 1);
        if end == at + 1 {
            return Some(end);
        }
        at = end;
    }
    if matches!(word.get(at), Some(b'e' | b'E')) {
        let from = at + 1 + usize::from(matches!(word.get(at + 1), Some(b'+' | b'-')));
        let end = digits(from.min(word.len()));
        if end == from {
            return Some(end);
        }
        at = end;
    }
    (at < word.len()).then_some(at)
}

#[cfg(test)]
mod tests;
