//! Canaries: secrets and personal data of every kind, in every place of a capture and every encoding,
//! through every command and format. Nothing of them may come out, on any stream or in any file.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test fails by panicking, and long lists of places read best in one place"
)]

#[path = "../common/mod.rs"]
mod common;
mod kinds;
mod odd;
mod places;
mod runs;
mod watch;

use common::Folder;
use kinds::{ENCODINGS, Encoding, KINDS};
use places::har;
use runs::{Breadth, leaks};
use serde_json::{Value, json};
use watch::Canaries;

#[test]
fn the_captures_hold_every_canary() {
    let text = har(Encoding::Plain);
    let canaries = Canaries::new();
    let found = canaries.found_in(&text);
    for (value, _) in KINDS {
        assert!(
            found.iter().any(|piece| piece.starts_with(value)),
            "{value}"
        );
    }
    for encoding in ENCODINGS {
        let har: Value = serde_json::from_str(&har(encoding)).unwrap();
        assert_eq!(
            har["log"]["entries"].as_array().unwrap().len(),
            7 * KINDS.len()
        );
    }
}

macro_rules! encodings {
    ($($name:ident: $encoding:expr,)*) => {
        $(
            #[test]
            fn $name() {
                let folder = Folder::new();
                let capture = folder.file("in/capture.har", har($encoding));
                let leaks = leaks(&folder, &[&capture], &Canaries::new(), if $encoding == Encoding::Plain { Breadth::Everything } else { Breadth::Commands });
                assert!(leaks.is_empty(), "{} leaks\n{leaks:#?}", leaks.len());
            }
        )*
    };
}

encodings! {
    nothing_leaks_plain: Encoding::Plain,
    nothing_leaks_url_encoded: Encoding::UrlOnce,
    nothing_leaks_url_encoded_twice: Encoding::UrlTwice,
    nothing_leaks_in_base64: Encoding::Base64,
    nothing_leaks_json_escaped: Encoding::JsonEscaped,
    nothing_leaks_unicode_escaped: Encoding::UnicodeEscaped,
    nothing_leaks_json_in_json: Encoding::JsonInJson,
}

/// Odd and broken captures, and errors about them: cut off, of other types than expected, not HAR at
/// all, unreadable, with values in file names.
#[test]
fn nothing_leaks_from_odd_and_broken_captures() {
    let folder = Folder::new();
    let text = har(Encoding::Plain);
    let cut = text
        .char_indices()
        .nth(text.chars().count() * 2 / 3)
        .unwrap()
        .0;
    let odd: Vec<Value> = KINDS
        .iter()
        .flat_map(|(value, _)| {
            [
                json!(value),
                json!([value]),
                json!({ "request": value }),
                json!({ "request": { "method": [value], "url": { "a": value } } }),
                json!({ "request": { "method": "GET", "url": value }, "response": value }),
                json!({ "request": { "method": "GET", "url": "https://api.shop.example/v1/x", "headers": { "X-A": value, "Cookie": value }, "cookies": value, "postData": value },
                    "response": { "status": 200, "headers": value, "content": value } }),
                json!({ "request": { "method": "POST", "url": "https://api.shop.example/v1/y", "postData": { "text": { "a": value, "b": [value] }, "mimeType": [value] } },
                    "response": { "status": value, "content": { "text": { "a": value }, "encoding": value, "size": value } }, "time": value, "startedDateTime": value, "timings": { "wait": value } }),
            ]
        })
        .collect();
    let odd = json!({ "log": { "version": "1.2", "creator": KINDS[0].0, "pages": KINDS[1].0, "entries": odd } });
    let captures = [
        folder.file("in/cut.har", &text[..cut]),
        folder.file("in/odd.har", odd.to_string()),
        folder.file("in/13812345678.har", &text),
        folder.file("in/zhang.sanfeng@umbrella-mail.cn.har", "{\"13812345678\": not json"),
        folder.file("in/list.json", json!(KINDS.map(|(value, _)| value).to_vec()).to_string()),
        folder.file("in/text.har", KINDS.map(|(value, _)| value).join("\n")),
        folder.file("in/object.har", json!({ "13812345678": KINDS[6].0 }).to_string()),
        folder.file("in/bad.zip", format!("PK\u{3}\u{4}{}", KINDS[6].0)),
        folder.file("in/bare.har", format!("{{\"log\":{{\"entries\":[{{\"request\":{{\"method\":\"GET\",\"url\":\"https://api.shop.example/a\",\"headers\":{}}}}}]}}}}", KINDS[0].0)),
    ];
    for captures in captures
        .each_ref()
        .map(|path| vec![path.as_str()])
        .into_iter()
        .chain([captures.iter().map(String::as_str).collect::<Vec<_>>()])
    {
        let leaks = leaks(&folder, &captures, &Canaries::new(), Breadth::Commands);
        assert!(
            leaks.is_empty(),
            "{captures:?}: {} leaks\n{leaks:#?}",
            leaks.len()
        );
    }
}

/// Places that an attacker would think of, each with values of its own.
#[test]
fn nothing_leaks_from_odd_places() {
    let folder = Folder::new();
    let (text, values) = odd::har();
    let canaries = Canaries::of(&values);
    let found = canaries.found_in(&text);
    for (value, place) in &values {
        let held = found.iter().any(|piece| piece.starts_with(value));
        assert!(
            held || odd::is_wrapped(place),
            "{place} does not hold {value}"
        );
    }
    let capture = folder.file("in/capture.har", text);
    let leaks = leaks(&folder, &[&capture], &canaries, Breadth::Formats);
    assert!(leaks.is_empty(), "{} leaks\n{leaks:#?}", leaks.len());
}
