//! Any text as JSON: accepted exactly where `serde_json` accepts it, lenient cases aside, and the
//! same from within a JSON string.

#![no_main]

use std::io::Cursor;

use harcov::capture::{JsonError, JsonEvent, Source, read, walk_json};
use libfuzzer_sys::fuzz_target;

fn events(walk: impl FnOnce(&mut Vec<String>) -> Result<(), JsonError>) -> (Vec<String>, Result<(), JsonError>) {
    let mut events = Vec::new();
    let walked = walk(&mut events);
    (events, walked)
}

fuzz_target!(|text: &str| {
    let (plain, walked) = events(|events| walk_json(text, &mut |event: JsonEvent<'_>| events.push(format!("{event:?}"))));
    if serde_json_accepts(text) {
        assert_eq!(walked, Ok(()));
    }
    // A body that is blank counts as absent.
    if text.is_empty() {
        return;
    }
    let body = escape(text);
    let har = format!(
        r#"{{"log":{{"entries":[{{"request":{{"method":"POST","url":"u","postData":{{"text":"{body}"}}}}}}]}}}}"#
    );
    read(Source::reader("fuzz", Cursor::new(har.into_bytes())), &mut |_| (), &mut |entry| {
        let (escaped, again) = events(|events| {
            entry.request.body.walk_json(&mut |event: JsonEvent<'_>| events.push(format!("{event:?}")))
        });
        assert_eq!(again, walked);
        assert_eq!(escaped, plain);
    })
    .unwrap();
});

fn serde_json_accepts(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

fn escape(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}
