//! Walking the JSON of a body as a stream of events.

use std::fmt;

use super::lexer::{Escaped, Lexer, Plain, Text};
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

    #[inline(never)]
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
                if self.expected_key(visitor) {
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
    fn expected_key<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> bool {
        let taken = visitor.take_key(self.lexer.ahead());
        self.lexer.skip(taken.unwrap_or(0));
        taken.is_some()
    }

    /// Takes a key that was not expected, or did not stand where it was.
    fn key<V: JsonVisitor + ?Sized>(&mut self, visitor: &mut V) -> Result<(), JsonError> {
        let quote = self.lexer.peek();
        if self.expected_key(visitor) {
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
mod tests {
    use super::super::written::WrittenKey;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    /// Builds the value that the events tell.
    #[derive(Default)]
    struct Build {
        open: Vec<(Value, Option<String>)>,
        key: Option<String>,
        done: Vec<Value>,
    }

    impl Build {
        fn put(&mut self, value: Value) {
            match (self.open.last_mut(), self.key.take()) {
                (Some((Value::Object(map), _)), Some(key)) => _ = map.insert(key, value),
                (Some((Value::Array(items), _)), None) => items.push(value),
                (None, None) => self.done.push(value),
                other => panic!("{other:?}"),
            }
        }
    }

    impl JsonVisitor for Build {
        fn event(&mut self, event: JsonEvent<'_>) {
            match event {
                JsonEvent::ObjectStart => {
                    self.open.push((Value::Object(Map::new()), self.key.take()));
                }
                JsonEvent::ArrayStart => {
                    self.open.push((Value::Array(Vec::new()), self.key.take()));
                }
                JsonEvent::ObjectEnd | JsonEvent::ArrayEnd => {
                    let (value, key) = self.open.pop().unwrap();
                    self.key = key;
                    self.put(value);
                }
                JsonEvent::Key(key) => self.key = Some(key.to_owned()),
                JsonEvent::String(text) => self.put(text.into()),
                JsonEvent::Integer(number) | JsonEvent::Number(number) => {
                    self.put(serde_json::from_str(number).unwrap());
                }
                JsonEvent::Bool(value) => self.put(value.into()),
                JsonEvent::Null => self.put(Value::Null),
            }
        }
    }

    fn value(text: &str) -> Result<Value, JsonError> {
        let mut build = Build::default();
        walk_json(text, &mut build)?;
        assert!(build.open.is_empty());
        assert_eq!(build.done.len(), 1);
        Ok(build.done.remove(0))
    }

    fn error(text: &str) -> usize {
        walk_json(text, &mut |_: JsonEvent<'_>| ()).unwrap_err().at
    }

    #[test]
    fn errors_say_where() {
        for (text, at) in [
            ("", 0),
            ("{", 1),
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("[1]]", 3),
            ("{\"a\" 1}", 5),
            ("01", 0),
            ("1.", 2),
            ("-", 1),
            ("1e+", 3),
            ("truth", 0),
            ("\"abc", 4),
            ("[}", 1),
            ("a=1&b=2", 0),
            ("<html>", 0),
        ] {
            assert_eq!(error(text), at, "{text}");
        }
    }

    #[test]
    fn what_producers_write_passes() {
        for text in [
            "[NaN, -Infinity, 1e999]",
            "\"\\ud800\"",
            "\"a\u{0}\nb\"",
            "\u{feff}{}",
            " \"\\x\" ",
        ] {
            assert!(
                walk_json(text, &mut |_: JsonEvent<'_>| ()).is_ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn any_depth() {
        let text = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert!(walk_json(&text, &mut |_: JsonEvent<'_>| ()).is_ok());
        assert_eq!(error(&text[..1_500_000]), 1_500_000);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
            ".{0,80}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(".{0,8}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The content of a JSON string, as three kinds of producers write it.
    fn escape(text: &str, style: i32) -> String {
        let plain = serde_json::to_string(text).unwrap();
        let plain = plain[1..plain.len() - 1].to_owned();
        match style {
            0 => plain,
            1 => plain.replace("\\\"", "\\u0022").replace('1', "\\u0031"),
            _ => {
                let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
                units.collect::<Vec<_>>().concat()
            }
        }
    }

    /// Walking escaped text is walking it unescaped.
    fn agree(escaped: &str) -> Result<(), TestCaseError> {
        let mut bytes = Vec::new();
        crate::capture::text::unescape(escaped.as_bytes(), &mut bytes);
        let plain = crate::capture::text::into_string(bytes);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let walked = walk_escaped_json(escaped, &mut |event: JsonEvent<'_>| {
            ours.push(format!("{event:?}"));
        });
        let expected = walk_json(&plain, &mut |event: JsonEvent<'_>| {
            theirs.push(format!("{event:?}"));
        });
        prop_assert_eq!(walked, expected);
        prop_assert_eq!(ours, theirs);
        Ok(())
    }

    /// Takes events, and expects these keys in turn.
    struct Guessing {
        guesses: Vec<String>,
        next: usize,
        events: Vec<String>,
    }

    impl JsonVisitor for Guessing {
        fn event(&mut self, event: JsonEvent<'_>) {
            self.next += usize::from(matches!(event, JsonEvent::Key(_)));
            self.events.push(format!("{event:?}"));
        }

        fn take_key(&mut self, ahead: Ahead<'_>) -> Option<usize> {
            let guess = self.guesses.get(self.next)?.clone();
            let length = ahead.key(&WrittenKey::new(&guess)?)?;
            self.event(JsonEvent::Key(&guess));
            Some(length)
        }
    }

    /// Takes events, and expects the last scalar to come again.
    #[derive(Default)]
    struct Repeating {
        scalar: Option<(Written, String)>,
        events: Vec<String>,
    }

    impl JsonVisitor for Repeating {
        fn event(&mut self, event: JsonEvent<'_>) {
            self.events.push(format!("{event:?}"));
        }

        fn take_scalar(&mut self, ahead: Ahead<'_>) -> Option<usize> {
            let (written, event) = self.scalar.as_ref()?;
            let length = ahead.scalar(written)?;
            self.events.push(event.clone());
            Some(length)
        }

        fn wants_to_remember(&mut self) -> bool {
            true
        }

        fn remember(&mut self, written: Written) {
            self.scalar = self.events.last().map(|event| (written, event.clone()));
        }
    }

    /// Expecting a scalar again, right or wrong, changes neither events nor errors.
    fn repeats_do_not_matter(escaped: &str) -> Result<(), TestCaseError> {
        let mut expected = Vec::new();
        let walked = walk_escaped_json(escaped, &mut |event: JsonEvent<'_>| {
            expected.push(format!("{event:?}"));
        });
        let mut repeating = Repeating::default();
        prop_assert_eq!(walk_escaped_json(escaped, &mut repeating), walked);
        prop_assert_eq!(repeating.events, expected);
        Ok(())
    }

    /// Guesses about keys, right or wrong, change nothing.
    fn guesses_do_not_matter(value: &Value, shift: usize, style: i32) -> Result<(), TestCaseError> {
        let text = value.to_string();
        let (mut keys, mut expected) = (Vec::new(), Vec::new());
        walk_json(&text, &mut |event: JsonEvent<'_>| {
            expected.push(format!("{event:?}"));
            if let JsonEvent::Key(key) = event {
                keys.push(key.to_owned());
            }
        })
        .unwrap();
        keys.drain(..shift.min(keys.len()));
        let guessing = || Guessing {
            guesses: keys.clone(),
            next: 0,
            events: Vec::new(),
        };
        let (mut plain, mut escaped) = (guessing(), guessing());
        walk_json(&text, &mut plain).unwrap();
        walk_escaped_json(&escape(&text, style), &mut escaped).unwrap();
        prop_assert_eq!(&plain.events, &expected);
        prop_assert_eq!(&escaped.events, &expected);
        Ok(())
    }

    #[test]
    fn a_guess_is_not_part_of_a_longer_key() {
        let value = serde_json::json!({"a": 1, "a\"": 2, "ab": 3, "a\\": 4});
        for shift in 0..4 {
            guesses_do_not_matter(&value, shift, 0).unwrap();
        }
    }

    proptest! {
        #[test]
        fn guesses_change_nothing(value in json(), shift in 0usize..2, style in 0..3) {
            guesses_do_not_matter(&value, shift, style)?;
        }

        #[test]
        fn repeats_change_nothing(
            text in r#"\[(("a"|"ab"|"a\n"|1|12|1\.5|1e2|true|null|\[\]|x|"a)(,|, |,\n|\]| ,)){0,20}"#,
            style in 0..3,
        ) {
            repeats_do_not_matter(&escape(&text, style))?;
        }

        #[test]
        fn says_what_serde_json_says(expected in json(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&expected) } else { serde_json::to_string(&expected) };
            prop_assert_eq!(value(&text.unwrap()), Ok(expected));
        }

        #[test]
        fn refuses_what_serde_json_refuses(text in r#"[{}\[\]",:0-9eE.+\-truefalsn ]{0,12}"#) {
            let ours = walk_json(&text, &mut |_: JsonEvent<'_>| ()).is_ok();
            prop_assert_eq!(ours, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{}", text);
        }

        #[test]
        fn escapes_do_not_matter(
            text in r#"([{}\[\]",:0-9e. \\ntu]|"a":|"b\\n"|\\u00|true|[é😀]){0,20}"#,
            style in 0..3,
        ) {
            agree(&escape(&text, style))?;
        }

        #[test]
        fn escaped_json_reads_the_same(value in json(), pretty: bool, style in 0..3) {
            let text = if pretty {
                serde_json::to_string_pretty(&value)
            } else {
                serde_json::to_string(&value)
            };
            agree(&escape(&text.unwrap(), style))?;
        }

        #[test]
        fn any_escaped_text(text in r#"([{}\[\],:1 a\\nu0]|\\"|\\\\|\\u0022|\\u005c|\\ud83d|\\u002){0,40}"#) {
            // A quote without a backslash would have ended the string.
            prop_assume!(crate::capture::scan::string_end(text.as_bytes(), 0).is_none());
            agree(&text)?;
        }

        #[test]
        fn never_panics(text in ".{0,200}") {
            let _ = walk_json(&text, &mut |_: JsonEvent<'_>| ());
        }
    }
}
