//! JSON bodies as fields: names and types out, values dropped.

use std::sync::Arc;

use crate::capture::{RawBody, walk_json};
use crate::value::{Value, Values, Way};

use super::fields::{Fields, Summed};
use super::nested::{MIN_HOLDING, looks_like_json};
use super::places::At;
use super::walker::with_walker;

/// The fields of a JSON body; `None` if it is no JSON.
pub(super) fn answered(body: &RawBody<'_>, values: &Values) -> Option<Fields> {
    let mut summed = Summed::with_room(body.written_len());
    let named = with_walker(Way::Answered, values, &mut summed, |walker| {
        body.walk_json(walker).ok()?;
        Some(walker.places.named())
    })?;
    Some(summed.named(named))
}

/// The same for a text that stands within a body.
pub(super) fn answered_text(text: &str, values: &Values) -> Option<Fields> {
    let mut summed = Summed::with_room(text.len());
    let named = with_walker(Way::Answered, values, &mut summed, |walker| {
        walk_json(text, walker).ok()?;
        Some(walker.places.named())
    })?;
    Some(summed.named(named))
}

/// The fields of a JSON text with their values, in order of first appearance; `None` if it is no
/// JSON.
pub(super) fn sent(text: &str, values: &Values) -> Option<Vec<(Arc<str>, Value)>> {
    let mut sent: Vec<(At, Value)> = Vec::new();
    let form = with_walker(Way::Sent, values, &mut sent, |walker| {
        walk_json(text, walker).ok()?;
        Some(walker.places.named().form)
    })?;
    sent.sort_by_key(|(field, _)| *field);
    let named = sent
        .into_iter()
        .filter_map(|(field, value)| Some((Arc::clone(&form.get(field as usize)?.path), value)));
    Some(named.collect())
}

/// The fields of a text that is itself JSON, with the name of what holds it in front.
pub(super) fn held(name: &str, text: &str, values: &Values) -> Vec<(String, Value)> {
    if text.len() < MIN_HOLDING || !looks_like_json(text) {
        return Vec::new();
    }
    let fields = sent(text, values).unwrap_or_default();
    fields
        .into_iter()
        .map(|(path, value)| {
            let joint = if path.starts_with('[') { "" } else { "." };
            (format!("{name}{joint}{path}"), value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<String> {
        let mut shown: Vec<(Arc<str>, String)> = Vec::new();
        for (path, value) in sent(text, &Values::new()).unwrap() {
            match shown.last_mut().filter(|(last, _)| *last == path) {
                Some((_, kinds)) => *kinds = format!("{kinds},{}", value.kind.name()),
                None => shown.push((path, value.kind.name().to_owned())),
            }
        }
        shown
            .iter()
            .map(|(path, kinds)| format!("{path}: {kinds}"))
            .collect()
    }
    #[test]
    fn items_of_an_array_are_one() {
        assert_eq!(
            shown(r#"{"list":[{"id":1,"tags":["a","b"]},{"id":"x","tags":[]}],"n":null}"#),
            [
                "list: array",
                "list[]: object,object",
                "list[].id: integer,string",
                "list[].tags: array,array",
                "list[].tags[]: string,string",
                "n: null",
            ]
        );
        assert_eq!(
            shown("[[1],[2.5]]"),
            ["[]: array,array", "[][]: integer,number"]
        );
        assert_eq!(shown("3"), ["$: integer"]);
    }

    #[test]
    fn names_that_are_values_are_not_shown() {
        assert_eq!(
            shown(r#"{"by_id":{"10248":{"a":1},"10249":{"a":2}},"2024-05-01":true}"#),
            [
                "by_id: object",
                "by_id.<key>: object,object",
                "by_id.<key>.a: integer,integer",
                "<key>: boolean",
            ]
        );
    }

    #[test]
    fn what_is_no_json_leaves_nothing() {
        assert!(sent("{\"a\":1", &Values::new()).is_none());
    }

    #[test]
    fn depth_takes_no_memory_without_bound() {
        let depth = 100_000;
        for (opening, closing) in [("{\"a\":", "}"), ("[", "]"), ("[{\"b\":", "}]")] {
            let text = opening.repeat(depth) + "1" + &closing.repeat(depth);
            let fields = sent(&text, &Values::new()).unwrap();
            let longest = fields.iter().map(|(path, _)| path.len()).max();
            assert!(longest < Some(600), "{longest:?}");
        }
    }

    /// The same by a thread that remembers nothing yet.
    fn shown_anew(text: &str) -> Vec<String> {
        let text = text.to_owned();
        std::thread::spawn(move || shown(&text)).join().unwrap()
    }

    #[test]
    fn wide_bodies_become_maps_as_if_nothing_were_remembered() {
        let object = |from: usize, to: usize| {
            let members: Vec<String> = (from..to).map(|n| format!("\"m{}\":1", word(n))).collect();
            format!("{{{}}}", members.join(","))
        };
        for (from, to) in [(0, 150), (100, 250), (0, 300), (50, 320), (0, 150)] {
            let text = object(from, to);
            assert_eq!(shown(&text), shown_anew(&text));
        }
        assert_eq!(shown(&object(0, 300)).len(), 201);
    }

    /// A number in letters.
    fn word(number: usize) -> String {
        let digits = number.to_string();
        let letters = digits.bytes().map(|digit| char::from(digit + b'a' - b'0'));
        letters.collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_remembered_changes_nothing(
            bodies in prop::collection::vec(body(), 1..6),
        ) {
            for body in &bodies {
                let text = body.to_string();
                prop_assert_eq!(shown(&text), shown_anew(&text));
            }
        }
    }

    /// What a capture that holds a text as the body of a response says of it, as a string or in base64.
    fn answered_in(text: &str, encoded: bool, values: &Values) -> String {
        use base64::prelude::{BASE64_STANDARD, Engine};

        let content = if encoded {
            serde_json::json!({"text": BASE64_STANDARD.encode(text), "encoding": "base64"})
        } else {
            serde_json::json!({"text": text})
        };
        let entry = serde_json::json!({
            "request": {"method": "GET", "url": "https://a.example/"},
            "response": {"status": 200, "content": content},
        });
        let har = serde_json::json!({"log": {"entries": [entry]}}).to_string();
        let source = crate::capture::Source::reader("test", std::io::Cursor::new(har.into_bytes()));
        let mut said = String::new();
        crate::capture::read(source, &mut |_| (), &mut |entry| {
            let body = entry.response.map(|response| response.body).unwrap();
            said = format!("{:?}", answered(&body, values));
        })
        .unwrap();
        said
    }

    #[test]
    fn a_value_that_comes_again_counts_again() {
        let values = Values::new();
        let item =
            r#"{"a":"x y","b":"/p?q=12345","c":-1.5,"n":"q\"\n","s":"DONE","t":true,"z":null}"#;
        let text = format!("[{},{}]", [item; 5].join(","), item.replace("x y", "x z"));
        let said = answered_in(&text, false, &values);
        assert_eq!(said, answered_in(&text, true, &values));
        assert_eq!(said.matches("values: 6").count(), 8, "{said}");
    }

    /// Items of a list in which values come again and again, written in the usual way or not.
    fn list() -> impl Strategy<Value = String> {
        let value = prop::sample::select(vec![
            r#""PAID""#,
            r#""a value that is longer than what is compared at once""#,
            r#""/p?q=12345""#,
            r#""x%20y%20z""#,
            r#""{\"id\":12345}""#,
            r#""a \"quoted\" word\n\\""#,
            r#""\u5f71\ud83d\ude00""#,
            r#""影厅""#,
            r#""""#,
            "12345678",
            "12345678.5",
            "1e3",
            "-0",
            "true",
            "null",
            "[]",
            r#"["a","a"]"#,
        ]);
        let item =
            (value.clone(), value.clone(), value, prop::bool::ANY).prop_map(|(a, b, c, spaced)| {
                if spaced {
                    format!("{{ \"a\": {a},\n\"b\":{b} ,\"c\":[{c},{c}]\t}}")
                } else {
                    format!(r#"{{"a":{a},"b":{b},"c":[{c},{c}]}}"#)
                }
            });
        prop::collection::vec(item, 0..8).prop_map(|items| format!("[{}]", items.join(",")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_expected_changes_nothing(texts in prop::collection::vec(list(), 1..4)) {
            let values = Values::new();
            for text in &texts {
                let escaped = answered_in(text, false, &values);
                prop_assert_eq!(&escaped, &answered_in(text, true, &values));
                let (text, values) = (text.clone(), values.clone());
                let anew = std::thread::spawn(move || answered_in(&text, false, &values));
                prop_assert_eq!(escaped, anew.join().unwrap());
            }
        }
    }

    /// Bodies that share names.
    fn body() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            (0..9).prop_map(serde_json::Value::from),
            "[ab]{0,2}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
                prop::collection::vec((r#"[ab]|\[\]|id|2024-05-01|"|\\"#, inner), 0..5)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }
}
