//! When a request is the same as one before it, and what it is then.

use serde_json::json;

use crate::{Call, call, kinds, story};

impl Call {
    fn text(mut self, media: &'static str, body: &str) -> Self {
        self.body = Some((media, body.to_owned()));
        self
    }
}

/// Whether sending these bodies one after the other, the whole twice, is said to repeat requests.
fn repeats(media: &'static str, bodies: &[&str]) -> bool {
    let calls: Vec<Call> = (0..)
        .zip(bodies)
        .map(|(at, body)| {
            call(at * 700, "POST", "/v1/things", &json!({"ok": true})).text(media, body)
        })
        .collect();
    let story = story(&calls);
    kinds(&story).contains(&"duplicate")
}

#[test]
fn requests_with_other_bodies_are_others() {
    let part = |file: &str| {
        format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n{file}\r\n--XX--\r\n"
        )
    };
    let nameless = |text: &str| format!("--XX\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--XX--");
    for (media, a, b) in [
        (
            "application/xml",
            "<sku>a1</sku>".to_owned(),
            "<sku>b2</sku>".to_owned(),
        ),
        (
            "text/plain",
            "one note".to_owned(),
            "another note".to_owned(),
        ),
        (
            "application/x-ndjson",
            "{\"a\":1}\n{\"a\":2}\n".to_owned(),
            "{\"a\":3}\n{\"a\":4}\n".to_owned(),
        ),
        (
            "application/grpc-web-text",
            "AAAAAAUKA2FiYw==".to_owned(),
            "AAAAAAUKA2FiZA==".to_owned(),
        ),
        (
            "multipart/form-data; boundary=XX",
            part("\u{1}abc"),
            part("\u{1}abd"),
        ),
        (
            "multipart/mixed; boundary=XX",
            nameless("one"),
            nameless("two"),
        ),
    ] {
        assert!(!repeats(media, &[&a, &b]), "{media}");
        assert!(repeats(media, &[&a, &a]), "{media}");
    }
}

#[test]
fn requests_for_other_parts_are_others() {
    let part = |at: u64, range: &str| {
        call(
            at * 1_000,
            "GET",
            "/v1/videos/77/stream",
            &json!({"ok": true}),
        )
        .sends("Range", range)
    };
    let parts = story(&[
        part(0, "bytes=0-999"),
        part(1, "bytes=1000-1999"),
        part(2, "bytes=2000-2999"),
        part(3, "bytes=3000-3999"),
    ]);
    assert_eq!(parts["polls"], json!([]));
    let same: Vec<Call> = (0..4).map(|at| part(at, "bytes=0-999")).collect();
    assert_eq!(story(&same)["polls"][0]["count"], 4);
}
