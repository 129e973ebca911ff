//! Tests of the walk: against `serde_json`, and of plain against escaped texts.

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
