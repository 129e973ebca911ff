//! Any text as JSON: accepted exactly where `serde_json` accepts it, lenient cases aside, and the
//! same from within a JSON string.

#![no_main]

use std::io::Cursor;

use harcov::capture::{Ahead, JsonError, JsonEvent, JsonVisitor, Source, Written, WrittenKey, read, walk_json};
use libfuzzer_sys::fuzz_target;

fn events(walk: impl FnOnce(&mut Vec<String>) -> Result<(), JsonError>) -> (Vec<String>, Result<(), JsonError>) {
    let mut events = Vec::new();
    let walked = walk(&mut events);
    (events, walked)
}

/// Takes events, and expects the last key and the last scalar to come again.
#[derive(Default)]
struct Expecting {
    events: Vec<String>,
    key: Option<(WrittenKey, String)>,
    scalar: Option<(Written, String)>,
}

impl JsonVisitor for Expecting {
    fn event(&mut self, event: JsonEvent<'_>) {
        self.events.push(format!("{event:?}"));
        if let JsonEvent::Key(key) = event {
            self.key = WrittenKey::new(key).map(|written| (written, format!("{event:?}")));
        }
    }

    fn take_key(&mut self, ahead: Ahead<'_>) -> Option<usize> {
        let (written, event) = self.key.as_ref()?;
        let length = ahead.key(written)?;
        self.events.push(event.clone());
        Some(length)
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
        let mut expecting = Expecting::default();
        assert_eq!(entry.request.body.walk_json(&mut expecting), walked);
        assert_eq!(expecting.events, plain);
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
