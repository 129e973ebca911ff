//! The room as a whole: what comes out of captures of every make, whole, cut and hostile.

use std::io::Cursor;

use proptest::prelude::*;

use super::{Body, Capture, Entry, Problem, ReadError, Source, read, read_mapped};

/// Reads a capture and keeps of each entry what `keep` makes of it.
fn read_all<T>(
    bytes: &[u8],
    mut keep: impl FnMut(Entry<'_>) -> T,
) -> (Result<Capture, ReadError>, Vec<T>) {
    let mut kept = Vec::new();
    let source = Source::reader("test", Cursor::new(bytes.to_vec()));
    let result = read(source, &mut |_| (), &mut |entry| kept.push(keep(entry)));
    (result, kept)
}

fn har(entries: &str) -> String {
    format!(
        r#"{{"log":{{"version":"1.2","creator":{{"name":"N","version":"1"}},"entries":[{entries}]}}}}"#
    )
}

/// Reads one entry and says what the test asks of it.
fn one<T>(entry: &str, keep: impl FnMut(Entry<'_>) -> T) -> T {
    let (result, mut kept) = read_all(har(entry).as_bytes(), keep);
    assert_eq!(result.unwrap().unusable, [], "{entry}");
    kept.remove(0)
}

fn problem(entry: &str) -> &'static str {
    read_all(har(entry).as_bytes(), |_| ()).0.unwrap().unusable[0]
        .problem
        .code()
}

fn urls(bytes: &[u8]) -> (Result<Capture, ReadError>, Vec<(usize, String)>) {
    read_all(bytes, |entry| (entry.index, entry.request.url.into_owned()))
}

fn code(input: &[u8]) -> &'static str {
    read_all(input, |_| ()).0.unwrap_err().code()
}

fn request_body(post: &str) -> String {
    let entry = format!(r#"{{"request":{{"method":"POST","url":"u",{post}}}}}"#);
    one(&entry, |entry| format!("{:?}", entry.request.body.decode()))
}

fn response_body(method: &str, response: &str) -> String {
    let entry =
        format!(r#"{{"request":{{"method":"{method}","url":"u"}},"response":{{{response}}}}}"#);
    one(&entry, |entry| {
        format!("{:?}", entry.response.unwrap().body.decode())
    })
}

#[test]
fn a_whole_entry() {
    let entry = r#"{
        "startedDateTime": "2011-09-13T18:50:36.503Z", "_resourceType": "XHR", "time": null,
        "_initiator": {"stack": {"parent": {"parent": {}}}},
        "request": {
            "method": " post ", "url": "https://a.example/x?y=1", "httpVersion": null,
            "headers": [
                {"name": ":path", "value": "/x"}, {"name": "Content-Type", "value": "application/json"},
                {"name": "Set-Cookie", "value": "a=1\nb=2"}, {"value": "nameless"}, null
            ],
            "cookies": {"not": "an array"}, "queryString": null,
            "postData": {"mimeType": "", "text": "{\"a\":1}", "params": [{"name": "f", "value": "v", "fileName": "x.png"}]}
        },
        "response": {
            "status": "200", "headers": {"Vary": ["a", "b"], "X": 1}, "redirectURL": "/next",
            "content": {"size": -1, "mimeType": "x-unknown", "text": "ok"}
        }
    }"#;
    let shown = one(entry, |entry| format!("{entry:#?}"));
    insta::with_settings!({
        snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true
    }, { insta::assert_snapshot!("capture_entry", shown) });
}

#[test]
fn the_frame() {
    let (capture, _) = urls(har("").as_bytes());
    let capture = capture.unwrap();
    assert_eq!(
        (capture.creator.as_deref(), capture.version.as_deref()),
        (Some("N 1"), Some("1.2"))
    );
    let late = r#"{"a":[{}],"log":{"entries":[{"request":{"method":"GET","url":"u"}}],"pages":[],"version":1.3,"creator":"me"},"z":0}"#;
    let (capture, kept) = urls(late.as_bytes());
    let capture = capture.unwrap();
    assert_eq!(
        (capture.creator.as_deref(), capture.version.as_deref()),
        (Some("me"), Some("1.3"))
    );
    assert_eq!(kept, [(0, "u".to_owned())]);
}

#[test]
fn jsonp_and_assignments() {
    for (before, after) in [
        ("onInputData(", ");"),
        (" cb (\n", ")\n;"),
        ("window.har = ", ";"),
        ("", "\0\0\n"),
    ] {
        let text = format!(
            "{before}{}{after}",
            har(r#"{"request":{"method":"GET","url":"u"}}"#)
        );
        let (capture, kept) = urls(text.as_bytes());
        assert_eq!((capture.unwrap().ended_at, kept.len()), (None, 1), "{text}");
    }
    let text = " \n".repeat(1 << 20) + &har("");
    assert_eq!(
        urls(text.as_bytes()).0.unwrap().ended_at,
        None,
        "spaces before"
    );
    let text = har("") + " more";
    assert_eq!(
        urls(text.as_bytes()).0.unwrap().ended_at,
        Some(text.len() as u64 - 4)
    );
}

#[test]
fn keys_with_escapes_and_keys_twice() {
    let entry = r#"{"request":{"m\u0065thod":"GET","url":"first","\u0075rl":"last"}}"#;
    assert_eq!(one(entry, |entry| entry.request.url.into_owned()), "last");
}

#[test]
fn entries_stand_alone() {
    let good = r#"{"request":{"method":"GET","url":"u"}}"#;
    let entries = format!(
        r#"{good},null,{{"request":null}},[{good}],"x",{{"request":{{"method":"GET" "url":"u"}}}},,{good}"#
    );
    let (capture, kept) = urls(har(&entries).as_bytes());
    let capture = capture.unwrap();
    let codes: Vec<_> = capture
        .unusable
        .iter()
        .map(|unusable| (unusable.index, unusable.problem.code()))
        .collect();
    assert_eq!(
        codes,
        [
            (1, "not-an-object"),
            (2, "no-request"),
            (3, "not-an-object"),
            (4, "not-an-object"),
            (5, "malformed")
        ]
    );
    assert_eq!(kept, [(0, "u".to_owned()), (6, "u".to_owned())]);
    assert_eq!((capture.entries, capture.ended_at), (7, None));
}

#[test]
fn what_makes_an_entry_unusable() {
    assert_eq!(problem("{}"), "no-request");
    assert_eq!(problem(r#"{"request":"GET u"}"#), "no-request");
    assert_eq!(problem(r#"{"request":{"method":"GET"}}"#), "no-url");
    assert_eq!(
        problem(r#"{"request":{"method":"GET","url":["u"]}}"#),
        "no-url"
    );
    assert_eq!(
        problem(r#"{"request":{"method":"GET","url":" "}}"#),
        "no-url"
    );
    assert_eq!(
        problem(r#"{"request":{"method":"","url":"u"}}"#),
        "no-method"
    );
}

#[test]
fn every_problem_has_its_code() {
    let problems = [
        Problem::NotAnObject,
        Problem::NoRequest,
        Problem::NoMethod,
        Problem::NoUrl,
        Problem::Malformed { at: 1 },
        Problem::Truncated,
        Problem::TooLarge { limit: 1 },
    ];
    for (problem, code) in problems.iter().zip(Problem::CODES) {
        assert_eq!(problem.code(), code);
        let json = serde_json::to_value(problem).unwrap();
        assert_eq!(json["code"], code);
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), *problem);
    }
}

#[test]
fn no_response_is_none() {
    for response in [
        "null",
        "{}",
        r#"{"status":0}"#,
        r#"{"status":-1}"#,
        r#"{"status":null}"#,
        "[]",
    ] {
        let entry = format!(r#"{{"request":{{"method":"GET","url":"u"}},"response":{response}}}"#);
        assert!(one(&entry, |entry| entry.response.is_none()), "{response}");
    }
    let status = |written: &str| {
        let entry = format!(
            r#"{{"request":{{"method":"GET","url":"u"}},"response":{{"status":{written}}}}}"#
        );
        one(&entry, |entry| {
            entry.response.map(|response| response.status)
        })
    };
    assert_eq!(
        (status("200.0"), status("\" 404\""), status("101")),
        (Some(200), Some(404), Some(101))
    );
    assert_eq!(
        (status("1e999"), status("NaN"), status("99999")),
        (None, None, None)
    );
}

#[test]
fn failures_are_seen_where_producers_write_them() {
    for (fields, failed) in [
        (r#""_error":"net::ERR_ABORTED""#, true),
        (r#""_error":{"code":"MAXREDIRECTS"}"#, true),
        (
            r#""response":{"status":0,"_error":"net::ERR_ABORTED"}"#,
            true,
        ),
        (r#""response":{"status":-1,"_failureText":"blocked"}"#, true),
        (
            r#""_error":null,"response":{"status":200,"_error":""}"#,
            false,
        ),
    ] {
        let entry = format!(r#"{{"request":{{"method":"GET","url":"u"}},{fields}}}"#);
        assert_eq!(one(&entry, |entry| entry.failed), failed, "{fields}");
    }
}

#[test]
fn bodies_of_requests() {
    assert_eq!(
        request_body(r#""postData":{"text":"a=1"}"#),
        r#"Text("a=1")"#
    );
    assert_eq!(request_body(r#""postData":"a=1""#), r#"Text("a=1")"#);
    assert_eq!(
        request_body(r#""postData":{"text":{"a":[1]}}"#),
        r#"Text("{\"a\":[1]}")"#
    );
    assert_eq!(
        request_body(r#""postData":{"text":"YQ==","_encoding":"base64"}"#),
        r#"Text("a")"#
    );
    assert_eq!(
        request_body(r#""postData":{"text":"YQ==","encoding":"BASE64"}"#),
        r#"Text("a")"#
    );
    assert_eq!(request_body(r#""postData":null,"bodySize":0"#), "Empty");
    assert_eq!(request_body(r#""bodySize":17"#), "NotCaptured");
    assert_eq!(request_body(r#""bodySize":-1"#), "Empty");
    assert_eq!(
        request_body(r#""headers":[{"name":"Content-Length","value":"5"}]"#),
        "NotCaptured"
    );
    assert_eq!(
        request_body(r#""headers":[{"name":"Content-Type","value":"text/plain"}]"#),
        "NotCaptured"
    );
    assert_eq!(
        request_body(r#""postData":{"params":[{"name":"a"}]},"bodySize":0"#),
        "NotCaptured"
    );
}

#[test]
fn bodies_of_responses() {
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"text":"x"}"#),
        r#"Text("x")"#
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"text":null,"size":9}"#),
        "NotCaptured"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"size":9}"#),
        "NotCaptured"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"text":"","size":9}"#),
        "NotCaptured"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{}"#),
        "NotCaptured"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"size":-1},"bodySize":-1"#),
        "NotCaptured"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"size":0},"bodySize":9"#),
        "NotCaptured"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"size":0}"#),
        "Empty"
    );
    assert_eq!(
        response_body("GET", r#""status":200,"content":{"text":""}"#),
        "Empty"
    );
    assert_eq!(
        response_body("HEAD", r#""status":200,"content":{"size":9}"#),
        "Empty"
    );
    assert_eq!(
        response_body("GET", r#""status":204,"content":{"size":-1}"#),
        "Empty"
    );
    assert_eq!(
        response_body("GET", r#""status":304,"content":{"size":9}"#),
        "Empty"
    );
    assert_eq!(
        response_body("GET", r#""status":304,"content":{"text":"cached"}"#),
        r#"Text("cached")"#
    );
}

#[test]
fn what_is_not_har_is_named() {
    for (input, what) in [
        ("", "empty"),
        (" \n ", "empty"),
        ("[]", "array"),
        ("{}", "object"),
        ("{", "truncated"),
        ("{\"log\"", "truncated"),
        ("{not json}", "not-json"),
        ("{\"log\":{\"entries\":null}}", "no-entries"),
        ("{\"log\":{}}", "no-entries"),
        ("{\"log\":[]}", "log-not-object"),
        (
            "{\"openapi\":\"3.1.0\",\"info\":{},\"paths\":{}}",
            "openapi",
        ),
        ("{\"info\":{},\"item\":[]}", "postman"),
        ("{\"request\":{},\"response\":{}}", "entry"),
        ("<!doctype html><script>{}</script>", "html"),
        ("log:\n  entries: [{}]\n", "yaml"),
        ("user=1{", "text"),
        ("3", "scalar"),
    ] {
        assert_eq!(code(input.as_bytes()), what, "{input}");
    }
}

#[test]
fn depth_does_not_matter() {
    let deep = "{\"parent\":".repeat(200_000) + "1" + &"}".repeat(200_000);
    let entry = format!(r#"{{"_initiator":{deep},"request":{{"method":"GET","url":"u"}}}}"#);
    assert_eq!(one(&entry, |entry| entry.request.url.into_owned()), "u");
    assert_eq!(problem(&deep), "no-request");
}

#[test]
fn large_values_pass_through_the_window() {
    let blob = "x\\\"".repeat(1 << 20);
    let entry = format!(
        r#"{{"_blob":"{blob}","request":{{"method":"GET","url":"u"}},"response":{{"status":200,"content":{{"text":"{blob}"}}}}}}"#
    );
    let text = format!(
        r#"{{"before":["{blob}"],"log":{{"pages":"{blob}","creator":{{"name":"{blob}"}},"entries":[{entry},{entry}]}}}}"#
    );
    let (capture, kept) = read_all(text.as_bytes(), |entry| {
        match entry.response.unwrap().body.decode() {
            Body::Text(text) => text.len(),
            _ => 0,
        }
    });
    assert_eq!(capture.unwrap().creator, None);
    assert_eq!(kept, [2 << 20, 2 << 20]);
}

/// A capture in which each kind of token occurs, for cutting and damaging.
fn sample() -> String {
    let entry = |index: usize| {
        format!(
            r#"{{"startedDateTime":"2020-01-01T00:00:00Z","time":1.5e1,"request":{{"method":"GET","url":"u{index}","headers":[{{"name":"A","value":"\"\\"}}]}},"response":{{"status":200,"content":{{"text":"{{\"a\":[1,\"é\"]}}"}}}},"cache":{{}}}}"#
        )
    };
    format!(
        r#"{{"x":[1,{{}}],"log":{{"entries":[{},{} , {}],"version":"1.2"}}}} "#,
        entry(0),
        entry(1),
        entry(2)
    )
}

#[test]
fn a_capture_cut_anywhere_gives_the_entries_before() {
    let whole = sample();
    let (_, expected) = urls(whole.as_bytes());
    for cut in 0..whole.len() {
        let (result, kept) = urls(&whole.as_bytes()[..cut]);
        assert!(expected.starts_with(&kept), "{cut}");
        match result {
            Ok(capture) if capture.ended_at.is_none() => assert_eq!(cut, whole.len() - 1),
            Ok(capture) => {
                assert_eq!(capture.ended_at, Some(cut as u64), "{cut}");
                assert_eq!(capture.entries, kept.len() + capture.skipped());
                assert!(
                    capture
                        .unusable
                        .iter()
                        .all(|unusable| unusable.problem == Problem::Truncated)
                );
            }
            Err(error) => assert!(
                kept.is_empty() && matches!(error.code(), "truncated" | "empty"),
                "{cut} {error}"
            ),
        }
    }
}

#[test]
fn a_break_that_looks_endless_is_placed_where_it_is() {
    let text =
        har(r#"{"request":{"method":"GET","url":"a"}},{"request":{"method":"GET,"url":"b"}}"#);
    let (capture, kept) = urls(text.as_bytes());
    let capture = capture.unwrap();
    assert_eq!(kept, [(0, "a".to_owned())]);
    assert_eq!(capture.ended_at, text.find("url\":\"b").map(|at| at as u64));
    assert_eq!(capture.unusable[0].problem.code(), "malformed");
}

#[test]
fn progress_counts_the_bytes_of_the_source() {
    let entry = format!(r#"{{"_":"{}"}}"#, "x".repeat(1 << 20));
    let text = har(&[&entry[..]; 3].join(","));
    let mut told = Vec::new();
    let source = Source::reader("test", Cursor::new(text.clone().into_bytes()));
    read(source, &mut |bytes| told.push(bytes), &mut |_| ()).unwrap();
    assert!(told.is_sorted() && told.len() > 2);
    assert_eq!(told.last(), Some(&(text.len() as u64)));
}

#[test]
fn threads_give_what_one_gives() {
    let good = |index: usize| {
        let size = match index {
            700 => 5 << 20,
            _ if index % 100 > 95 => index << 9,
            _ => index * 37 % 9000,
        };
        let blob = "y".repeat(size);
        format!(r#"{{"request":{{"method":"GET","url":"{index}"}},"x":"{blob}"}}"#)
    };
    let entries: Vec<_> = (0..1500)
        .map(|index| {
            if index % 100 == 7 {
                "null".to_owned()
            } else {
                good(index)
            }
        })
        .collect();
    let whole = har(&entries.join(","));
    for text in [
        whole.as_bytes(),
        &whole.as_bytes()[..whole.len() - 2000],
        b"[]",
    ] {
        let (capture, expected) = urls(text);
        let mut kept = Vec::new();
        let mut told = Vec::new();
        let mapped = read_mapped(
            Source::reader("test", Cursor::new(text.to_vec())),
            &mut |bytes| told.push(bytes),
            &|entry| (entry.index, entry.request.url.into_owned()),
            &mut |row| kept.push(row.clone()),
        );
        assert_eq!(kept, expected);
        assert_eq!(format!("{mapped:?}"), format!("{capture:?}"));
        assert!(told.is_sorted());
        assert!(mapped.is_err() || told.last() == Some(&(text.len() as u64)));
    }
}

#[test]
fn a_list_of_nothing_takes_no_memory() {
    let (capture, _) = urls(har(&"1,".repeat(40_000)).as_bytes());
    let capture = capture.unwrap();
    assert_eq!((capture.entries, capture.skipped()), (40_000, 40_000));
    assert_eq!(capture.unusable.len(), 10_000);
}

fn accounted(bytes: &[u8]) {
    let (result, kept) = urls(bytes);
    if let Ok(capture) = result {
        assert_eq!(kept.len() + capture.skipped(), capture.entries);
        assert!(kept.is_sorted());
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        accounted(&bytes);
    }

    #[test]
    fn any_entries(text in r#"([{}\[\]",:\\ n1]|"request":|"url":"u"|"method":"m"|"headers":|"postData":|"content":|"text":){0,60}"#) {
        accounted(har(&text).as_bytes());
    }

    #[test]
    fn damage_anywhere(at in 0usize..600, byte: u8) {
        let mut bytes = sample().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        accounted(&bytes);
    }
}
