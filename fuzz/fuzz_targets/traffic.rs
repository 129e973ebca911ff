//! Any URL, content type and body through the gate: the parsers of URLs, queries, forms, multipart
//! and JSON bodies. Lines are: method, URL, content type; the rest is the body of both messages.

#![no_main]

use std::io::Cursor;

use harcov::capture::{Source, read};
use harcov::scope::{Filter, Gate, Passed};
use harcov::value::Values;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(4, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let (method, url, media, body) = (next(), next(), next(), next());
    let har = serde_json::json!({"log": {"entries": [{
        "request": {"method": method, "url": url, "postData": {"mimeType": media, "text": body}},
        "response": {"status": 200, "content": {"mimeType": media, "text": body}},
    }]}});
    let (filter, values) = (Filter::default(), Values::new());
    let gate = Gate::new(&filter, &values);
    let source = Source::reader("fuzz", Cursor::new(har.to_string().into_bytes()));
    read(source, &mut |_| (), &mut |entry| {
        if let Passed::Exchange(exchange) = gate.pass(&entry) {
            assert!(!exchange.host.is_empty());
            assert!(!exchange.method.is_empty());
        }
    })
    .unwrap();
});
