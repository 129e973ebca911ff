//! `harcov redact`: the same shape and the same report, none of the values.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write as _;
use std::io::Read as _;

use common::{
    BOOKSTORE, BOOKSTORE_CONFIG, Folder, WOMOVIE, WOMOVIE_CONFIG, capture, entries, harcov,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Redacts a capture into a folder under the same file name; gives the new path.
fn redacted(folder: &Folder, source: &str, more: &[&str]) -> String {
    let name = source.rsplit('/').next().unwrap();
    std::fs::create_dir_all(folder.path().join("out")).unwrap();
    let out = folder.at(&format!("out/{name}"));
    let ran = harcov(&[&["redact", source, "-o", &out], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    out
}

fn copied(folder: &Folder, source: &str) -> String {
    let name = source.rsplit('/').next().unwrap();
    folder.file(&format!("in/{name}"), std::fs::read(source).unwrap())
}

/// The JSON report and the routes with every entry.
fn told(args: &[&str], path: &str) -> [Value; 3] {
    let run = |command: &[&str]| {
        let ran = harcov(&[command, args, &[path]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.json()
    };
    [
        run(&["report", "--report", "json=-"]),
        run(&["routes", "--format", "json"]),
        run(&["routes", "--format", "json", "--each-request"]),
    ]
}

/// How sure inference is depends on the letters of a word a little; what it concludes must not.
fn without_confidence(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            // Made of ids, which are compared themselves.
            members.remove("fingerprint");
            if members.remove("confidence").is_some() {
                // Neither must the evidence be the same to the word; what it leads to must.
                members.remove("reasons");
            }
            for value in members.values_mut() {
                *value = without_confidence(value.take());
            }
        }
        Value::Array(items) => {
            for value in items {
                *value = without_confidence(value.take());
            }
        }
        _ => {}
    }
    value
}

/// The first place where two values differ.
fn difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter()
                .find_map(|key| difference(&format!("{path}/{key}"), &ours[key], &theirs[key]))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(at, (a, b))| difference(&format!("{path}/{at}"), a, b)),
        (a, b) => (a != b).then(|| format!("{path}: {a} became {b}")),
    }
}

fn assert_same_report(folder: &Folder, original: &str, redacted: &str, args: &[&str]) {
    let names = ["report", "routes", "requests"];
    let (ours, theirs) = (told(args, original), told(args, redacted));
    for ((name, ours), theirs) in names.iter().zip(ours).zip(theirs) {
        let (ours, theirs) = (without_confidence(ours), without_confidence(theirs));
        let hidden = |value: &Value| -> Value {
            serde_json::from_str(&folder.hidden(&value.to_string())).unwrap()
        };
        assert_eq!(difference(name, &hidden(&ours), &hidden(&theirs)), None);
    }
}

#[test]
fn the_samples_have_the_same_report() {
    for (source, config) in [(WOMOVIE, WOMOVIE_CONFIG), (BOOKSTORE, BOOKSTORE_CONFIG)] {
        let folder = Folder::new();
        let original = copied(&folder, source);
        let result = redacted(&folder, &original, &["--config", config, "-q"]);
        assert_same_report(&folder, &original, &result, &["--config", config]);
        assert_same_report(&folder, &original, &result, &["--no-config"]);
    }
}

#[test]
fn no_value_of_the_samples_is_left() {
    for source in [WOMOVIE, BOOKSTORE] {
        let folder = Folder::new();
        let result = redacted(&folder, source, &["-q"]);
        let (ours, theirs) = (capture(source), std::fs::read_to_string(&result).unwrap());
        let mut left = Vec::new();
        for entry in ours["log"]["entries"].as_array().unwrap() {
            for kind in ["request", "response"] {
                for cookie in entry[kind]["cookies"].as_array().into_iter().flatten() {
                    let value = cookie["value"].as_str().unwrap();
                    if value.len() > 5 && theirs.contains(value) {
                        left.push(value.to_owned());
                    }
                }
            }
        }
        assert_eq!(left, [""; 0], "{source}");
        let ran = harcov(&["redact", "--check", &result]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let ran = harcov(&["redact", "--check", source]);
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    }
}

#[test]
fn redacting_again_changes_nothing() {
    for source in [WOMOVIE, BOOKSTORE] {
        let folder = Folder::new();
        let once = redacted(&folder, source, &["-q"]);
        let twice = folder.at("twice.har");
        let ran = harcov(&["redact", &once, "-o", &twice]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("redacted before"), "{}", ran.err);
        assert!(std::fs::read(&once).unwrap() == std::fs::read(&twice).unwrap());
    }
}

#[test]
fn keys_of_maps_are_replaced() {
    let member = |role: &str| json!({"role": role, "since": "2025-01-02", "karma": 12});
    let body = json!({"members": {
        "octocat": member("owner"), "torvalds": member("guest"), "sindre-sorhus": member("guest"),
    }, "sizes": {
        "small": {"width": 1, "height": 1}, "medium": {"width": 2, "height": 2}, "large": {"width": 3, "height": 3},
    }});
    let response = json!({"status": 200, "content": {"mimeType": "application/json", "text": body.to_string()}});
    let folder = Folder::new();
    let request = json!({"method": "GET", "url": "https://api.x.test/v1/room/7/members"});
    let original = folder.file("in/maps.har", one_entry(request, response));
    let result = redacted(&folder, &original, &["--no-config", "-q"]);
    assert_same_report(&folder, &original, &result, &["--no-config"]);
    let text = std::fs::read_to_string(&result).unwrap();
    let told = harcov(&["report", "--no-config", "--report", "json=-", &original]).out;
    for name in ["octocat", "torvalds", "sindre", "sorhus"] {
        assert!(!text.contains(name), "{text}");
        assert!(!told.contains(name), "{told}");
    }
    assert!(told.contains("members.<key>.karma"), "{told}");
    assert!(told.contains("sizes.small.width"), "{told}");
    assert!(text.contains("medium"), "{text}");
}

/// Redacting the result again changes nothing.
fn assert_stays(folder: &Folder, once: &str) {
    let first = std::fs::read_to_string(once).unwrap();
    let copy = folder.file("again.har", &first);
    let again = redacted(folder, &copy, &["--no-config", "-q"]);
    assert_eq!(std::fs::read_to_string(again).unwrap(), first);
}

#[test]
fn odd_names_around_the_entries_stay_as_they_are_the_next_time() {
    let har = r#"{"log":{"creator\u0000\u0005":{"2024-05-01":"a"},"13800138042[x]":1,"entries":[]},"550e8400-e29b-41d4-a716-446655440042":{}}"#;
    let folder = Folder::new();
    let once = redacted(&folder, &folder.file("a.har", har), &["--no-config", "-q"]);
    let first = std::fs::read_to_string(&once).unwrap();
    assert!(
        !first.contains("13800138042") && !first.contains("550e8400"),
        "{first}"
    );
    assert_stays(&folder, &once);
}

#[test]
fn what_is_no_json_in_a_capture_is_json_in_the_result() {
    let folder = Folder::new();
    let har = one_entry(
        json!({ "method": "GET", "url": "https://api.example.com/v1/x", "headersSize": 999, "headers": [] }),
        json!({ "status": 200, "bodySize": 998, "content": { "size": 997, "mimeType": "text/plain", "text": "x" } }),
    );
    let har = har
        .replace("999", "0999")
        .replace("998", "NaN")
        .replace("997", "-0x");
    let once = redacted(&folder, &folder.file("a.har", har), &["--no-config", "-q"]);
    let entry = &capture(&once)["log"]["entries"][0];
    assert_eq!(entry["request"]["headersSize"], 999);
    assert_eq!(entry["response"]["bodySize"], Value::Null);
    assert_stays(&folder, &once);
}

#[test]
fn what_has_the_name_of_the_entries_and_is_none_is_left_out() {
    let folder = Folder::new();
    for har in [
        r#"{"log":{"version":"1.2","entries":[],"entries":13800138042}}"#,
        r#"{"log":{"version":"1.2","entries":[]},"log":13800138042}"#,
        r#"{"log":{"version":"1.2","entries":[],"pages":[],"entries": oops"#,
    ] {
        let once = redacted(&folder, &folder.file("a.har", har), &["--no-config", "-q"]);
        assert_eq!(capture(&once)["log"]["entries"], json!([]), "{har}");
        assert_stays(&folder, &once);
        std::fs::remove_file(&once).unwrap();
    }
}

#[test]
fn a_seal_that_was_broken_counts_no_more() {
    let folder = Folder::new();
    let once = redacted(&folder, BOOKSTORE, &["-q"]);
    let mut har = capture(&once);
    entries(&mut har)[0]["request"]["headers"][0] =
        json!({ "name": "Authorization", "value": "Bearer hunterzebra42" });
    let changed = folder.file("changed.har", har.to_string());
    let ran = harcov(&["redact", "--check", &changed]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("header"), "{}", ran.out);
    assert!(!ran.out.contains("hunterzebra42"));
    let again = redacted(&folder, &changed, &["-q"]);
    assert!(
        !std::fs::read_to_string(again)
            .unwrap()
            .contains("hunterzebra42")
    );
    // Pretty printing breaks no seal.
    let pretty = folder.file(
        "pretty.har",
        serde_json::to_string_pretty(&capture(&once)).unwrap(),
    );
    assert_eq!(harcov(&["redact", "--check", &pretty]).code, 0);
}

/// A seal that somebody made who had no key: it holds, and what it seals was never redacted.
fn forged(mut entry: Value) -> Value {
    use sha2::{Digest, Sha256};
    let members = entry.as_object().unwrap().clone();
    let sorted: std::collections::BTreeMap<String, Value> = members.into_iter().collect();
    let digest = Sha256::digest(serde_json::to_string(&sorted).unwrap().as_bytes());
    let mut hex = String::new();
    for byte in digest {
        write!(hex, "{byte:02x}").unwrap();
    }
    entry["_harcov"] = json!(format!("redacted sha256:{hex}"));
    entry
}

#[test]
fn a_forged_seal_is_seen_through() {
    let folder = Folder::new();
    let key = folder.file("key", "0123456789abcdef0123456789abcdef");
    let of = |member: &str, value: &str| {
        let request = json!({ "headers": [], "method": "GET", "url": "https://api.shop.test/a" });
        let mut entry = json!({ "request": request, "response": null, "startedDateTime": "2025-01-01T00:00:00.000Z" });
        entry[member] = json!(value);
        let har = json!({ "log": { "entries": [forged(entry)], "version": "1.2" } });
        folder.file("forged.har", har.to_string())
    };
    // What no token looks like is found without a key.
    for (member, value) in [
        ("_tel", "13800138042"),
        ("comment", "the password is hunterzebra"),
        ("_id", "11010519491231002X"),
    ] {
        let ran = harcov(&["redact", "--check", "--no-config", &of(member, value)]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(!ran.out.contains(value));
        let out = redacted(&folder, &of(member, value), &["-q", "--no-config"]);
        assert!(!std::fs::read_to_string(out).unwrap().contains(value));
    }
    // What may be a token is not: only the key proves that it is one.
    let file = of("_password", "hunterzebra");
    let ran = harcov(&["redact", "--check", "--no-config", &file]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("--key-file proves it"), "{}", ran.out);
    let ran = harcov(&[
        "redact",
        "--check",
        "--no-config",
        &file,
        "--key-file",
        &key,
    ]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let proven = redacted(&folder, BOOKSTORE, &["-q", "--key-file", &key]);
    let ran = harcov(&["redact", "--check", &proven, "--key-file", &key]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let other = folder.file("other", "another key of at least sixteen bytes");
    let ran = harcov(&["redact", "--check", &proven, "--key-file", &other]);
    assert_eq!(ran.code, 1, "{}", ran.out);
}

#[test]
fn keys_decide_tokens() {
    let folder = Folder::new();
    let key = folder.file("key", "0123456789abcdef0123456789abcdef\n");
    let run = |out: &str, key: &[&str]| {
        let out = folder.at(out);
        let ran = harcov(&[&["redact", BOOKSTORE, "-q", "-o", &out], key].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        std::fs::read(out).unwrap()
    };
    assert!(run("a.har", &[]) != run("b.har", &[]));
    assert!(run("c.har", &["--key-file", &key]) == run("d.har", &["--key-file", &key]));
    let short = folder.file("short", "secret");
    let ran = harcov(&[
        "redact",
        BOOKSTORE,
        "-o",
        &folder.at("x"),
        "--key-file",
        &short,
    ]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("at least 16"), "{}", ran.err);
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better")]
fn one_entry(request: Value, response: Value) -> String {
    json!({ "log": { "version": "1.2", "creator": { "name": "t", "version": "1" }, "entries": [
        { "startedDateTime": "2025-01-01T00:00:00.000Z", "time": 12.5, "request": request, "response": response }
    ] } })
    .to_string()
}

#[test]
fn tokens_keep_the_kind_of_the_value() {
    let folder = Folder::new();
    let body = json!({
        "mobile": "13800138042",
        "number": 13_800_138_042_u64,
        "uuid": "550e8400-e29b-41d4-a716-446655440042",
        "email": "alice.canary@mail.test",
        "hex": "9f86d081884c7d659a2feaa0c55ad015",
        "idCard": "11010519491231002X",
        "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5",
        "ip": "203.0.113.77",
        "price": 39.95,
        "day": "2025-06-24",
        "birthday": "1949-12-31",
        "status": "SUCCESS",
        "plate": "京A12345",
        "nested": "{\"pw\":\"nestedcanary\"}",
        "ok": true,
        "nothing": null,
    });
    let text = one_entry(
        json!({ "method": "GET", "url": "https://u:p@api.shop.test/users/13800138042?m=13800138042", "headers": [] }),
        json!({ "status": 200, "statusText": "OK", "headers": [], "content": { "mimeType": "application/json", "text": body.to_string() } }),
    );
    let source = folder.file("a.har", text);
    let result = redacted(&folder, &source, &["--no-config", "-q"]);
    let har = capture(&result);
    let entry = &har["log"]["entries"][0];
    let body: Value =
        serde_json::from_str(entry["response"]["content"]["text"].as_str().unwrap()).unwrap();
    let text = |key: &str| body[key].as_str().unwrap().to_owned();
    let matches = |key: &str, pattern: &str| {
        let value = text(key);
        assert!(
            regex::Regex::new(&format!("^(?:{pattern})$"))
                .unwrap()
                .is_match(&value),
            "{key} {value}"
        );
        value
    };
    let phone = matches("mobile", "12[0-9]{9}");
    assert_eq!(
        body["number"].to_string(),
        phone,
        "equal values have equal tokens"
    );
    let url = entry["request"]["url"].as_str().unwrap();
    assert_eq!(url.matches(&phone).count(), 2, "{url}");
    assert!(!url.contains("u:p@"), "{url}");
    matches("uuid", "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");
    matches("email", "[a-z]{5}\\.[a-z]{6}@[a-z]{4}\\.invalid");
    matches("hex", "[0-9a-f]{32}");
    matches("idCard", "[0-9]{17}X");
    matches("jwt", "eyJ[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+");
    matches("ip", "198\\.1[89]\\.[0-9]+\\.[0-9]+");
    assert!(body["price"].is_f64(), "{}", body["price"]);
    assert_eq!(text("day"), "2025-06-24");
    assert_ne!(
        matches("birthday", "19[0-9]{2}-[01][0-9]-[0-3][0-9]"),
        "1949-12-31"
    );
    assert_eq!(text("status"), "SUCCESS");
    assert_ne!(text("plate"), "京A12345");
    matches("nested", "\\{\"pw\":\"[a-z]{12}\"\\}");
    assert_eq!(
        (&body["ok"], &body["nothing"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(entry["time"], 12.5);
}

#[cfg(unix)]
#[test]
fn long_texts_cost_no_more_for_each_character() {
    let picture: String = (0_u64..1_000_000)
        .map(|n| char::from(b'a' + u8::try_from(n * n % 23).unwrap()))
        .collect();
    let body = json!({ "picture": picture }).to_string();
    let folder = Folder::new();
    let request =
        json!({ "method": "GET", "url": "https://api.example.com/v1/pictures/1", "headers": [] });
    let response =
        json!({ "status": 200, "content": { "mimeType": "application/json", "text": body } });
    let capture = folder.file("c.har", one_entry(request, response));
    let started = std::time::Instant::now();
    let out = redacted(&folder, &capture, &["--no-config", "-q"]);
    let out = std::fs::read_to_string(out).unwrap();
    // It was minutes when each draw hashed the whole text.
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    assert!(out.len() > picture.len() && !out.contains(&picture[..100]));
}

#[test]
fn only_the_user_can_read_the_result() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let out = redacted(&folder, BOOKSTORE, &["-q"]);
    let mode = std::fs::metadata(out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn captures_are_replaced_only_by_the_switch_that_says_so() {
    let folder = Folder::new();
    let source = copied(&folder, BOOKSTORE);
    let before = std::fs::read(&source).unwrap();
    let ran = harcov(&["redact", &source, "-o", &source]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--in-place"), "{}", ran.err);
    assert!(std::fs::read(&source).unwrap() == before);
    assert_eq!(harcov(&["redact", &source, "--in-place", "-q"]).code, 0);
    assert!(std::fs::read(&source).unwrap() != before);
    assert_eq!(harcov(&["redact", &source, "--check"]).code, 0);
}

#[test]
fn several_captures_go_into_a_folder() {
    let folder = Folder::new();
    for name in [
        "in/a.har",
        "in/13800138042.har",
        "in/13900139042.har",
        "in/b/a.har",
    ] {
        folder.file(name, std::fs::read(BOOKSTORE).unwrap());
    }
    let (input, out) = (folder.at("in"), folder.at("made/out"));
    let ran = harcov(&["redact", &input, "-o", &out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!ran.err.contains("13800138042"), "{}", ran.err);
    let mut names: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["_cn-mobile_-2.har", "_cn-mobile_.har", "a-2.har", "a.har"]
    );
}

#[test]
fn the_name_of_the_result_says_whether_it_is_compressed() {
    let folder = Folder::new();
    let out = folder.at("a.har.gz");
    assert_eq!(harcov(&["redact", BOOKSTORE, "-q", "-o", &out]).code, 0);
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(&out).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.starts_with("{\"log\":"));
    let plain = folder.at("b.har");
    assert_eq!(harcov(&["redact", &out, "-q", "-o", &plain]).code, 0);
    assert!(std::fs::read_to_string(plain).unwrap() == text);
}

#[test]
fn bodies_and_hosts_can_be_left_out() {
    let folder = Folder::new();
    let out = redacted(&folder, BOOKSTORE, &["-q", "--strip-bodies"]);
    let har = capture(&out);
    for entry in har["log"]["entries"].as_array().unwrap() {
        assert!(entry["request"]["postData"]["text"].is_null());
        assert!(entry["request"]["postData"]["params"].is_null());
        assert!(
            entry["response"]["content"]["text"]
                .as_str()
                .unwrap_or_default()
                .is_empty()
        );
    }
    let host = "ct.womovie.cn";
    let out = redacted(&folder, WOMOVIE, &["--only-hosts", host]);
    let har = capture(&out);
    let urls = har["log"]["entries"].as_array().unwrap();
    assert!(!urls.is_empty());
    for entry in urls {
        assert!(entry["request"]["url"].as_str().unwrap().contains(host));
    }
}

#[test]
fn a_capture_of_nothing_is_never_written() {
    let folder = Folder::new();
    let original = std::fs::read(BOOKSTORE).unwrap();
    let capture = folder.file("a.har", &original);
    let out = folder.at("out.har");
    let hosts = ["--only-hosts", "typo.example"];
    for to in [&["-o", out.as_str()][..], &["--in-place"], &["-o", "-"]] {
        let ran = harcov(&[&["redact", &capture], &hosts[..], to].concat());
        assert_eq!(ran.code, 2, "{to:?}");
        assert!(
            ran.err
                .contains("no entry is of a host that --only-hosts names")
        );
        assert!(!std::path::Path::new(&out).exists());
        assert_eq!(std::fs::read(&capture).unwrap(), original);
    }
    // Of several, those with none of these hosts are left out.
    let other = folder.file("b.har", std::fs::read(WOMOVIE).unwrap());
    let into = folder.at("into");
    let ran = harcov(&[
        "redact",
        &capture,
        &other,
        "-o",
        &into,
        "--only-hosts",
        "ct.womovie.cn",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("it was not written"), "{}", ran.err);
    let written = std::fs::read_dir(&into)
        .unwrap()
        .map(|file| file.unwrap().file_name());
    assert_eq!(written.collect::<Vec<_>>(), ["b.har"]);
}

/// A capture of requests that were made one after the other, each answered with a `Link` header or none.
fn requested(requests: &[(&str, &str, Option<String>)]) -> String {
    let entries = requests
        .iter()
        .enumerate()
        .map(|(at, (method, url, link))| {
            let link = link
                .iter()
                .map(|link| json!({ "name": "Link", "value": link }));
            json!({
                "startedDateTime": format!("2025-01-01T00:00:{at:02}.000Z"), "time": 12.5,
                "request": { "method": method, "url": url },
                "response": {
                    "status": 200, "headers": link.collect::<Vec<_>>(),
                    "content": { "mimeType": "application/json", "text": "[{\"x\": 1}]" },
                },
            })
        });
    let entries: Vec<Value> = entries.collect();
    json!({ "log": { "version": "1.2", "creator": { "name": "t", "version": "1" }, "entries": entries } })
        .to_string()
}

#[test]
fn verbs_behind_a_colon_stay() {
    let folder = Folder::new();
    let call = |name: &str| format!("https://api.shop.test/v1/topics/{name}");
    let urls: Vec<String> = [
        "orders-7f3a:publish",
        "orders-9c1b:publish",
        "bills-2d4e:publish",
        "orders-7f3a:streamPublish",
        "bills-2d4e:streamPublish",
        "orders-9c1b:streamPublish",
    ]
    .map(call)
    .into();
    let requests: Vec<_> = urls
        .iter()
        .map(|url| ("POST", url.as_str(), None))
        .collect();
    let original = folder.file("in/verbs.har", requested(&requests));
    let result = redacted(&folder, &original, &["-q", "--no-config"]);
    let text = std::fs::read_to_string(&result).unwrap();
    assert!(!text.contains("7f3a"), "{text}");
    assert_same_report(&folder, &original, &result, &["--no-config"]);
    let routes = harcov(&["routes", "--no-config", &result]).fine();
    assert!(
        routes.contains(">:publish") && routes.contains(">:streamPublish"),
        "{routes}"
    );
}

#[test]
fn names_of_people_behind_a_sign_are_replaced() {
    let folder = Folder::new();
    let names = ["octavia", "lindqvist", "zhang_wei88"];
    let mut urls: Vec<String> = names
        .iter()
        .flat_map(|name| ["", "/followers"].map(|rest| format!("https://pics.test/@{name}{rest}")))
        .collect();
    urls.push("https://pics.test/api/users/@me".to_owned());
    let requests: Vec<_> = urls.iter().map(|url| ("GET", url.as_str(), None)).collect();
    let original = folder.file("in/handles.har", requested(&requests));
    let result = redacted(&folder, &original, &["-q", "--no-config"]);
    let text = std::fs::read_to_string(&result).unwrap();
    assert!(!names.iter().any(|name| text.contains(name)), "{text}");
    assert!(text.contains("/api/users/@me"), "{text}");
    assert_same_report(&folder, &original, &result, &["--no-config"]);
}

#[test]
fn links_still_lead_to_the_next_page() {
    let folder = Folder::new();
    let first = "https://api.shop.test/v1/projects?per_page=50";
    let page = |cursor: &str| format!("{first}&page_info={cursor}");
    let cursors = [
        "ETaThf5Dvm3vrb02R7Ujwr",
        "PH3DU4SN5EvXHpUxPgRUAW",
        "hqTjZYLrH4CX3ovrj2HEJF",
    ]
    .map(page);
    let next = |url: &String| {
        Some(format!(
            "<{url}>; rel=\"next\", <https://private.example/7>; title=\"Zora\""
        ))
    };
    let requests = [
        ("GET", first, next(&cursors[0])),
        ("GET", &cursors[0], next(&cursors[1])),
        ("GET", &cursors[1], next(&cursors[2])),
        ("GET", &cursors[2], None),
    ];
    let original = folder.file("in/links.har", requested(&requests));
    let result = redacted(&folder, &original, &["-q", "--no-config"]);
    let text = std::fs::read_to_string(&result).unwrap();
    for private in ["ETaThf5D", "private.example", "Zora"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    let mut har = capture(&result);
    let entries = entries(&mut har);
    for pair in entries.windows(2) {
        let link = pair[0]["response"]["headers"][0]["value"].as_str().unwrap();
        let asked = pair[1]["request"]["url"].as_str().unwrap();
        assert!(
            link.starts_with(&format!("<{asked}>; rel=\"next\", <")),
            "{link}\n{asked}"
        );
    }
    let told = |path: &str| harcov(&["flow", "--no-config", path]).fine();
    assert_eq!(told(&original), told(&result));
}

#[test]
fn what_is_left_of_a_truncated_capture_is_kept() {
    let folder = Folder::new();
    let text = std::fs::read_to_string(BOOKSTORE).unwrap();
    let half = folder.file("half.har", &text[..text.len() / 2]);
    let out = folder.at("out.har");
    let ran = harcov(&["redact", &half, "-o", &out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("ends at byte"), "{}", ran.err);
    let har = capture(&out);
    assert!(har["log"]["entries"].as_array().unwrap().len() > 3);
}

#[test]
fn the_summary_names_rules_and_places() {
    let folder = Folder::new();
    let source = folder.file(
        "a.har",
        one_entry(
            json!({ "method": "GET", "url": "https://api.shop.test/a?tel=13800138042", "headers": [{ "name": "Cookie", "value": "sid=SESSIONCANARY42" }] }),
            json!({ "status": 200, "content": { "mimeType": "application/json", "text": "{\"password\":\"hunterzebra\"}" } }),
        ),
    );
    let ran = harcov(&["redact", &source, "-o", &folder.at("b.har"), "--no-config"]);
    let words = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    };
    let lines = words(&ran.err);
    for line in [
        "secret secret-name cookie 1",
        "secret secret-name json 1",
        "personal cn-mobile query 1",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line}\n{}", ran.err);
    }
    let ran = harcov(&["redact", &source, "--check", "--no-config"]);
    assert_eq!(ran.code, 1);
    assert!(
        words(&ran.out)
            .iter()
            .any(|told| told == "personal cn-mobile query 1 in entries 1"),
        "{}",
        ran.out
    );
    for secret in ["13800138042", "SESSIONCANARY42", "hunterzebra"] {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret));
    }
}

/// A value such as APIs send.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..30_u64).prop_map(Value::from),
        (10_000..10_040_u64).prop_map(Value::from),
        (0..9_000_u32).prop_map(|cents| json!(f64::from(cents) / 8.0)),
        prop::sample::select(vec![
            "",
            "true",
            "PENDING",
            "paid",
            "in_stock",
            "VGC_T",
            "alice",
            "hello world",
            "张三",
            "3号厅",
            "2025-06-24",
            "2025-06-24T08:00:00Z",
            "zh-CN",
            "1.4.0",
            "13800138042",
            "a@b.test",
            "10.0.0.7",
            "550e8400-e29b-41d4-a716-446655440042",
            "9f86d081884c7d659a2feaa0c55ad015",
            "cus_9s6XKzkNRiz8i3",
            "https://img.shop.test/u/1001.png?s=1",
            "10010",
            "{\"id\":10010,\"type\":\"A\"}",
            "acme.io",
            "PROJ-12",
            "1,2,3",
            "7",
            "007",
            "-5",
            "0.50",
            "chess",
            "XKQZRTW",
            "a:b",
            "Orders(7)",
        ])
        .prop_map(Value::from),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[a-z]{1,9}".prop_map(Value::from),
        "[A-Z0-9]{6,12}".prop_map(Value::from),
    ]
}

/// An object whose keys may be values, as those of users are.
fn map() -> impl Strategy<Value = Value> {
    let keys = vec![
        "octocat",
        "torvalds",
        "gvanrossum",
        "sindre-sorhus",
        "mojombo",
        "dhh",
        "small",
        "large",
        "alice",
        "10010",
    ];
    let held = (value(), value(), prop::option::of(value())).prop_map(|(role, since, note)| {
        let mut held = json!({"role": role, "since": since});
        if let Some(note) = note {
            held["note"] = note;
        }
        held
    });
    let keys = prop::sample::subsequence(keys, 2..7);
    (keys, prop::collection::vec(held, 7)).prop_map(|(keys, held)| {
        let members = keys.into_iter().map(str::to_owned).zip(held);
        Value::Object(members.collect())
    })
}

fn object() -> impl Strategy<Value = Value> {
    prop_oneof![6 => plain_object(), 1 => map()]
}

fn plain_object() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "id",
        "order_id",
        "status",
        "type",
        "name",
        "price",
        "token",
        "list",
        "code",
        "msg",
        "page",
        "availability",
        "10010",
        "alice",
        "13800138042",
    ]);
    prop::collection::vec((key, value()), 0..5).prop_map(|members| {
        Value::Object(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    })
}

fn request() -> impl Strategy<Value = (Value, Value)> {
    let segment = prop::sample::select(vec![
        "orders",
        "users",
        "v1",
        "api",
        "10010",
        "10011",
        "7",
        "alice",
        "pending",
        "search",
        "report.pdf",
        "550e8400-e29b-41d4-a716-446655440042",
        "items",
        "a%20b",
        "PROJ-12",
        "me",
        "octocat",
        "hunterzebra",
        "acme-labs",
        "status",
        "chess",
        "u_GZJY0110777779",
    ]);
    let path = prop::collection::vec(segment, 1..5).prop_map(|parts| parts.join("/"));
    let query = prop::collection::vec(
        (
            prop::sample::select(vec!["q", "page", "id", "type", "token", "sort"]),
            value(),
        ),
        0..3,
    );
    let method = prop::sample::select(vec!["GET", "POST", "PUT"]);
    let host = prop::sample::select(vec![
        "api.shop.test",
        "www.shop.test",
        "u10010123.shop.test",
    ]);
    (method, host, path, query, object(), object(), 0..3_u8).prop_map(
        |(method, host, path, query, sent, answered, form)| {
            let mut url = url::Url::parse(&format!("https://{host}/{path}")).unwrap();
            for (name, value) in &query {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                url.query_pairs_mut().append_pair(name, &text);
            }
            let mut request = json!({ "method": method, "url": url.as_str(), "headers": [] });
            if method != "GET" {
                let pairs = sent.as_object().unwrap().iter();
                let pairs = pairs.map(|(name, value)| {
                    (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                });
                let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                request["postData"] = match form {
                    0 => json!({ "mimeType": "application/x-www-form-urlencoded", "text": text }),
                    _ => json!({ "mimeType": "application/json", "text": sent.to_string() }),
                };
            }
            let answer = json!({ "status": 200, "statusText": "OK", "headers": [], "content": { "mimeType": "application/json", "text": answered.to_string() } });
            (request, answer)
        },
    )
}

/// Whether what some exchanges show is the same once they are redacted, and redacting again changes nothing.
fn holds_for(exchanges: Vec<(Value, Value)>) -> Result<(), TestCaseError> {
    let folder = Folder::new();
    let entries: Vec<Value> = exchanges
        .into_iter()
        .enumerate()
        .map(|(at, (request, response))| {
            json!({
                "startedDateTime": format!("2025-01-01T00:00:{at:02}.000Z"),
                "request": request,
                "response": response,
            })
        })
        .collect();
    let har = json!({ "log": { "version": "1.2", "creator": { "name": "t", "version": "1" }, "entries": entries } });
    let source = folder.file("in/a.har", har.to_string());
    // Under one key, so that what fails fails again.
    let key = folder.file("key", "0123456789abcdef0123456789abcdef");
    let result = redacted(&folder, &source, &["--no-config", "-q", "--key-file", &key]);
    assert_same_report(&folder, &source, &result, &["--no-config"]);
    let again = folder.at("again.har");
    harcov(&["redact", &result, "-q", "-o", &again, "--no-config"]);
    prop_assert!(std::fs::read(&result).unwrap() == std::fs::read(&again).unwrap());
    let checked = harcov(&["redact", "--check", &result, "--no-config"]);
    prop_assert_eq!(checked.code, 0, "{}", checked.out);
    Ok(())
}

/// The seed of the property: another one is tried with `HARCOV_SEED=7 HARCOV_CASES=200`, and what fails can be
/// looked at again.
#[test]
fn what_stays_readable_is_the_token_of_nothing_else() {
    let exchange = |method: &str, url: &str, body: Value| {
        (
            json!({ "method": method, "url": url, "headers": [] }),
            json!({ "status": 200, "content": { "mimeType": "application/json", "text": body.to_string() } }),
        )
    };
    // Under this key the token of 4 would be the 7 that is a word of a route.
    let exchanges = vec![
        exchange(
            "PUT",
            "https://api.shop.test/orders/users",
            json!({ "name": 4, "status": "PENDING" }),
        ),
        exchange(
            "POST",
            "https://api.shop.test/users/PROJ-12/7/a%20b",
            json!({}),
        ),
        exchange("POST", "https://api.shop.test/7?sort=55ARQGWZPM", json!({})),
    ];
    holds_for(exchanges).unwrap();
}

#[test]
fn numbers_of_telephones_pass_the_check_however_they_are_written() {
    let folder = Folder::new();
    let long = format!(
        "{} +49 170 1234567 or ann@mail.example",
        "A note. ".repeat(80)
    );
    for number in [
        "+86 13912345678",
        "+49 170 1234567",
        "+1-202-555-0143",
        "+44 (0)20 7946 0018",
        "+86-139-1234-5678",
        "+1 13912345678",
        "008613912345678",
        &long,
    ] {
        let url = format!(
            "https://api.shop.test/a?tel={}",
            url::form_urlencoded::byte_serialize(number.as_bytes()).collect::<String>()
        );
        let source = folder.file(
            "a.har",
            one_entry(
                json!({ "method": "GET", "url": url, "headers": [{ "name": "X-Phone", "value": number }] }),
                json!({ "status": 200, "content": { "mimeType": "application/json", "text": json!({ "contact": number }).to_string() } }),
            ),
        );
        let once = redacted(&folder, &source, &["-q", "--no-config"]);
        let text = std::fs::read_to_string(&once).unwrap();
        assert!(!text.contains(number), "{number}");
        let checked = harcov(&["redact", "--check", "--no-config", &once]);
        assert_eq!(checked.code, 0, "{number}: {}", checked.out);
        assert_stays(&folder, &once);
    }
}

fn from_environment<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: from_environment("HARCOV_CASES", 16),
        max_shrink_iters: 100,
        rng_seed: proptest::test_runner::RngSeed::Fixed(from_environment("HARCOV_SEED", 20_250_624)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_redacted_capture_has_the_same_report(exchanges in prop::collection::vec(request(), 1..30)) {
        holds_for(exchanges)?;
    }
}
