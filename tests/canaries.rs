//! Canaries: secrets and personal data of every kind, in every place of a capture and every encoding,
//! through every command and format. Nothing of them may come out, on any stream or in any file.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test fails by panicking, and long lists of places read best in one place"
)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use common::{Folder, harcov};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// A secret or personal value, and whether it is told from a name by its form, so that it may not even
/// come out where it stands as a name, a path or a host. An ordinary word cannot be told from one.
const KINDS: [(&str, bool); 33] = [
    ("13812345678", true),
    ("+86 139-8765-4321", true),
    ("11010519491231002X", true),
    ("6222021234567890128", true),
    ("4111111111111111", true),
    ("粤B·D12345", true),
    ("zhang.sanfeng@umbrella-mail.cn", true),
    ("203.0.113.77", false),
    ("2001:470:1f0b:4d2:7e57:c0de:77:9", true),
    ("30.274151,120.155070", true),
    (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5",
        true,
    ),
    ("550e8400-e29b-41d4-a716-446655440042", true),
    ("9f86d081884c7d659a2feaa0c55ad015", true),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", true),
    ("ghp_AbCdEf0123456789abcdefghijklmnopqrst", true),
    ("AKIAQ7ZK3MPL9XWV2TRN", true),
    ("LTAI5tQnKxW9vR3mZp7sYbD4", true),
    ("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", true),
    ("tiihtNczf5v6AKRyjwEUhQ==", true),
    ("8A3F-77K2-Q9", true),
    ("weixin://wxpay/bizpayurl?pr=K7Q2mZx9Pt", true),
    ("浙江省杭州市西湖区文三路138号2507单元", true),
    ("张伟明", true),
    ("00:1B:44:11:3A:B7", true),
    ("356938035643809", true),
    ("DE89370400440532013000", true),
    ("a2V5LW1hdGVyaWFsLTAxMjM0NTY3ODlhYmNkZWY/+Zq8=", true),
    (
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----",
        true,
    ),
    ("Tr0ub4dor&3xZqW", true),
    ("01ARZ3NDEKTSV4RRFFQ69G5FAV", true),
    ("correcthorsebatterystaple", false),
    ("XKQZRTWVBN", false),
    ("Zaphod Beeblebrox", false),
];

/// How a value is written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    UrlOnce,
    UrlTwice,
    Base64,
    JsonEscaped,
    UnicodeEscaped,
    JsonInJson,
}

const ENCODINGS: [Encoding; 7] = [
    Encoding::Plain,
    Encoding::UrlOnce,
    Encoding::UrlTwice,
    Encoding::Base64,
    Encoding::JsonEscaped,
    Encoding::UnicodeEscaped,
    Encoding::JsonInJson,
];

fn url_encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn unicode_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        write!(escaped, "\\u{unit:04x}").unwrap();
    }
    escaped
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

impl Encoding {
    /// A value as it stands in a text.
    fn of(self, value: &str) -> String {
        match self {
            Encoding::Plain | Encoding::UnicodeEscaped => value.to_owned(),
            Encoding::UrlOnce => url_encoded(value),
            Encoding::UrlTwice => url_encoded(&url_encoded(value)),
            Encoding::Base64 => BASE64_STANDARD.encode(value),
            Encoding::JsonEscaped => json!(value).to_string().replace('/', "\\/"),
            Encoding::JsonInJson => {
                json!({ "inner": json!({ "v": value }).to_string() }).to_string()
            }
        }
    }

    /// A JSON text in which characters are escaped as this encoding does.
    fn json(self, json: &Value, value: &str) -> String {
        let text = json.to_string();
        if self != Encoding::UnicodeEscaped {
            return text;
        }
        let written = json!(value).to_string();
        text.replace(&written[1..written.len() - 1], &unicode_escaped(value))
    }
}

/// The entries that hold one value in every place.
fn entries(value: &str, named: bool, encoding: Encoding, number: usize) -> Vec<Value> {
    let c = encoding.of(value);
    let in_url = url_encoded(&c);
    let path = if named {
        in_url.clone()
    } else {
        "list".to_owned()
    };
    let key = if named { c.clone() } else { "key".to_owned() };
    let label = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && named
        && value.len() < 60;
    let host = if label && encoding == Encoding::Plain {
        format!("{}.api.shop.example", value.to_lowercase())
    } else {
        "api.shop.example".to_owned()
    };
    let url = format!(
        "https://{in_url}:{in_url}@{host}/v1/users/{path};sid={in_url}/orders?token={in_url}&{}={in_url}&q={in_url}#access={in_url}",
        if named { in_url.as_str() } else { "x" }
    );
    let headers = json!([
        { "name": "Authorization", "value": format!("Bearer {c}") },
        { "name": "Cookie", "value": format!("sid={c}; theme={in_url}") },
        { "name": "X-Api-Key", "value": c },
        { "name": "X-Custom", "value": c },
        { "name": "X-Forwarded-For", "value": c },
        { "name": "Referer", "value": format!("https://www.shop.example/p/{in_url}?x={in_url}#{in_url}") },
        { "name": "Origin", "value": format!("https://{}www.shop.example", if label { format!("{value}.") } else { String::new() }) },
        { "name": "User-Agent", "value": format!("Mozilla/5.0 {c}") },
        { "name": "Accept-Language", "value": c },
        { "name": "Content-Type", "value": format!("application/json; v={c}") },
        { "name": "SOAPAction", "value": if named { format!("\"urn:{c}\"") } else { String::new() } },
    ]);
    let answered_headers = json!([
        { "name": "Set-Cookie", "value": format!("sid={c}; Domain=.shop.example; Path=/p/{in_url}; X={in_url}") },
        { "name": "Location", "value": format!("https://www.shop.example/u/{in_url}?code={in_url}") },
        { "name": "ETag", "value": c },
        { "name": "Server", "value": c },
        { "name": "Content-Disposition", "value": format!("attachment; filename=\"{c}\"") },
    ]);
    // Where constants stand, a word or an address of a server cannot be told from one.
    let constant = if named || encoding != Encoding::Plain {
        c.as_str()
    } else {
        "x"
    };
    let body = json!({
        "data": { "type": constant, "status": constant, "name": c, "availability": c, "message": c, "list": [c, c], "password": c,
            "nested": json!({ "pw": c }).to_string(), "link": format!("https://img.shop.example/{in_url}?u={in_url}"),
            key.as_str(): { "n": 1 }, "by": { key.as_str(): c } },
        "code": 0,
        key.as_str(): c,
    });
    let body_text = encoding.json(&body, &c);
    let pairs = json!([{ "name": "q", "value": c }, { "name": key, "value": c }]);
    let entry = |post: Value, content: Value, method: &str, url: &str| {
        json!({
            "startedDateTime": "2025-01-01T00:00:00.000Z",
            "time": 1,
            "pageref": c,
            "connection": c,
            "serverIPAddress": c,
            "comment": c,
            "_initiator": { "type": "script", "url": format!("https://www.shop.example/{in_url}"), "stack": { "callFrames": [{ "functionName": c, "url": c }] } },
            "_webSocketMessages": [{ "type": "send", "time": 1, "opcode": 1, "data": body_text }, { "type": "receive", "data": c }],
            "_custom": { "value": c, "list": [c] },
            "cache": { "beforeRequest": { "eTag": c, "comment": c } },
            "request": {
                "method": method, "url": url, "httpVersion": format!("HTTP/1.1 {c}"), "headers": headers,
                "cookies": [{ "name": "sid", "value": c, "path": format!("/{in_url}"), "domain": "shop.example" }],
                "queryString": pairs, "postData": post, "comment": c,
            },
            "response": {
                "status": 200, "statusText": c, "headers": answered_headers, "redirectURL": format!("/r/{in_url}?x={in_url}"),
                "cookies": [{ "name": "sid", "value": c }], "content": content, "comment": c,
            },
        })
    };
    let content = |mime: &str, text: &str| json!({ "mimeType": mime, "text": text, "comment": c });
    let base64 = |bytes: &[u8]| json!({ "mimeType": "application/json", "encoding": "base64", "text": BASE64_STANDARD.encode(bytes) });
    let form = format!(
        "a={in_url}&password={in_url}&type={in_url}&{}={in_url}",
        url_encoded(&key)
    );
    // Cut in two by a boundary, and whole.
    let middle = value
        .char_indices()
        .nth(value.chars().count() / 2)
        .unwrap()
        .0;
    let multipart = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{}\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n{}\r\n--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{}.png\"\r\nContent-Type: text/plain\r\n\r\n{c}\r\n--XX\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n{c}\r\n--XX--\r\n",
        &value[..middle],
        &value[middle..],
        c.replace(['"', '\n'], ""),
    );
    let json_mime = "application/json";
    let half: String = body_text
        .chars()
        .take(body_text.chars().count() / 2)
        .collect();
    let graphql = json!({
        "operationName": if named { c.as_str() } else { "GetUser" },
        "query": format!("query GetUser {{ user(token: {}) {{ id }} }}", json!(c)),
        "variables": { "input": c },
    });
    vec![
        entry(json!(null), content(json_mime, &body_text), "GET", &url),
        entry(
            json!({ "mimeType": json_mime, "text": body_text }),
            content("text/html", &body_text),
            "POST",
            &url,
        ),
        entry(
            json!({ "mimeType": "application/x-www-form-urlencoded", "text": form, "params": [{ "name": "a", "value": c, "fileName": c, "comment": c }] }),
            content("text/html", &format!("<html><title>{c}</title>{c}</html>")),
            "POST",
            &format!("https://api.shop.example/v1/forms/{number}"),
        ),
        entry(
            json!({ "mimeType": "multipart/form-data; boundary=XX", "text": multipart }),
            base64(&gzipped(&body_text)),
            "POST",
            "https://api.shop.example/v1/uploads",
        ),
        entry(
            json!({ "mimeType": json_mime, "text": graphql.to_string() }),
            base64(body_text.as_bytes()),
            "POST",
            "https://api.shop.example/graphql",
        ),
        entry(
            json!({ "mimeType": format!("application/x-{}", if named { c.as_str() } else { "y" }), "params": [{ "name": "a", "value": c }] }),
            content("text/plain", &format!("token: {c}\n{c}")),
            if named { &c } else { "PUT" },
            "https://api.shop.example/v1/odd",
        ),
        entry(
            json!({ "mimeType": "text/xml", "text": format!("<?xml version=\"1.0\"?><a b=\"{c}\">{c}</a>") }),
            content(json_mime, &half),
            "POST",
            "https://api.shop.example/v1/broken",
        ),
    ]
}

fn har(encoding: Encoding) -> String {
    let mut all = Vec::new();
    let mut pages = Vec::new();
    for (number, (value, named)) in KINDS.iter().enumerate() {
        all.extend(entries(value, *named, encoding, number));
        let c = encoding.of(value);
        pages.push(json!({ "id": c, "title": c, "startedDateTime": c, "comment": c, "pageTimings": { "onLoad": 1, "comment": c } }));
    }
    let log = json!({
        "version": "1.2",
        "creator": { "name": "Recorder", "version": "1", "comment": KINDS[0].0 },
        "browser": { "name": KINDS[0].0, "version": KINDS[6].0 },
        "pages": pages,
        "comment": KINDS[0].0,
        "_vendor": { "value": KINDS[0].0, "list": [KINDS[1].0] },
        "entries": all,
    });
    let text = json!({ "log": log, "_root": KINDS[0].0 }).to_string();
    if encoding != Encoding::UnicodeEscaped {
        return text;
    }
    KINDS.iter().fold(text, |text, (value, _)| {
        let written = json!(value).to_string();
        text.replace(&written[1..written.len() - 1], &unicode_escaped(value))
    })
}

/// What must not come out: every piece of eight characters of a value, and longer ones of what it
/// looks like when it is encoded.
struct Canaries {
    pieces: Vec<(String, &'static str)>,
    search: AhoCorasick,
}

impl Canaries {
    fn new() -> Self {
        let mut pieces = Vec::new();
        for (value, _) in KINDS {
            add_windows(&mut pieces, value, 8, value);
            add_windows(&mut pieces, &BASE64_STANDARD.encode(value), 14, value);
            // Three characters of Chinese are 27 of these.
            let width = if value.is_ascii() { 14 } else { 30 };
            add_windows(&mut pieces, &url_encoded(value), width, value);
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 11 {
                add_windows(&mut pieces, &digits, 9, value);
            }
        }
        pieces.retain(|(piece, _)| !piece.contains("2D%2D%2D"));
        // What the frames around the values have in common with them.
        let frames = [
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "weixin://wxpay/",
        ];
        pieces.retain(|(piece, _)| !frames.iter().any(|frame| frame.contains(piece.as_str())));
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(pieces.iter().map(|(piece, _)| piece))
            .unwrap();
        Canaries { pieces, search }
    }

    fn found_in(&self, text: &str) -> BTreeSet<String> {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let texts = if decoded == text {
            vec![text]
        } else {
            vec![text, &*decoded]
        };
        texts
            .into_iter()
            .flat_map(|text| self.search.find_overlapping_iter(text))
            .map(|found| {
                let (piece, value) = &self.pieces[found.pattern().as_usize()];
                format!("{value} (by {piece})")
            })
            .collect()
    }
}

fn add_windows(
    pieces: &mut Vec<(String, &'static str)>,
    text: &str,
    width: usize,
    value: &'static str,
) {
    let chars: Vec<char> = text.chars().collect();
    for window in chars.windows(width.min(chars.len())) {
        pieces.push((window.iter().collect(), value));
    }
}

/// The runs of every command on some captures. Whatever a command is called, its options with a choice
/// of words are all tried, so that one that is added is covered from its first day.
fn runs(folder: &Folder, captures: &[&str], every: bool) -> Vec<Vec<String>> {
    let mut command = harcov::cli::command();
    command.build();
    let mut runs = Vec::new();
    for below in command.get_subcommands() {
        let name = below.get_name();
        // Prints no capture, or waits for a browser.
        if matches!(name, "help" | "schema" | "completions" | "man" | "serve") {
            continue;
        }
        let mut base: Vec<Vec<String>> = vec![vec![name.to_owned()]];
        for positional in below.get_positionals() {
            let words: Vec<String> = positional
                .get_possible_values()
                .iter()
                .map(|value| value.get_name().to_owned())
                .collect();
            let id = positional.get_id().as_str().to_uppercase();
            let choices: Vec<Vec<String>> = if !words.is_empty() {
                words.into_iter().map(|word| vec![word]).collect()
            } else if id == "METHOD" {
                vec![vec!["GET".to_owned()]]
            } else if id == "URL" {
                vec![vec!["/v1/users/x/orders".to_owned()]]
            } else if positional
                .get_num_args()
                .is_some_and(|range| range.max_values() > 1)
            {
                vec![captures.iter().map(|path| (*path).to_owned()).collect()]
            } else {
                vec![vec![captures[0].to_owned()]]
            };
            base = base
                .iter()
                .flat_map(|args| choices.iter().map(|more| [&args[..], &more[..]].concat()))
                .collect();
        }
        let own: Vec<String> = match name {
            "redact" => vec!["-o".to_owned(), folder.at("redacted")],
            "init" => vec!["--dir".to_owned(), folder.at("init"), "--force".to_owned()],
            _ => vec!["--no-config".to_owned()],
        };
        for args in &base {
            runs.push([&args[..], &own[..]].concat());
        }
        let args = [&base[0][..], &own[..]].concat();
        if !every {
            if name == "report" {
                for format in ["html", "json"] {
                    runs.push(
                        [&args[..], &["--report".to_owned(), format!("{format}=-")]].concat(),
                    );
                }
            }
            continue;
        }
        for option in below.get_opts() {
            let Some(long) = option.get_long() else {
                continue;
            };
            if option.is_global_set() && long != "lang" {
                continue;
            }
            for value in option.get_possible_values() {
                runs.push([&args[..], &[format!("--{long}={}", value.get_name())]].concat());
            }
        }
        for flag in below.get_arguments() {
            let Some(long) = flag.get_long() else {
                continue;
            };
            if matches!(flag.get_action(), clap::ArgAction::SetTrue)
                && !matches!(long, "in-place" | "watch" | "open")
            {
                runs.push([&args[..], &[format!("--{long}")]].concat());
            }
        }
        if below
            .get_opts()
            .any(|option| option.get_long() == Some("report"))
        {
            for format in [
                "md",
                "html",
                "json",
                "junit",
                "sarif",
                "gitlab",
                "github",
                "badge",
                "template",
                "html-assets",
                "csv",
            ] {
                let path = folder.at(&format!("out-{name}.{format}"));
                runs.push(
                    [
                        &args[..],
                        &[
                            "--report".to_owned(),
                            format!("{format}={path}"),
                            "--lang=en".to_owned(),
                        ],
                    ]
                    .concat(),
                );
                runs.push([&args[..], &["--report".to_owned(), format!("{format}=-")]].concat());
            }
        }
    }
    runs
}

/// Every text in a folder, except those that were put there on purpose.
fn files(folder: &Path, given: &BTreeSet<std::path::PathBuf>) -> Vec<(String, String)> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|file| file.file_type().is_file() && !given.contains(file.path()))
        .map(|file| {
            let name = file
                .path()
                .strip_prefix(folder)
                .unwrap()
                .display()
                .to_string();
            let bytes = std::fs::read(file.path()).unwrap();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// Runs everything on some captures and gives what came out although it must not.
fn leaks(folder: &Folder, captures: &[&str], every: bool) -> BTreeSet<String> {
    let canaries = Canaries::new();
    let given: BTreeSet<_> = walkdir::WalkDir::new(folder.path())
        .into_iter()
        .map(|file| file.unwrap().into_path())
        .collect();
    let mut leaks = BTreeSet::new();
    let mut note = |what: &str, text: &str| {
        for value in canaries.found_in(text) {
            leaks.insert(format!("{what}: {value}"));
        }
    };
    std::fs::create_dir_all(folder.at("init")).unwrap();
    let runs = runs(folder, captures, every);
    assert!(runs.len() > if every { 25 } else { 5 }, "{runs:?}");
    for args in runs {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = harcov(&args);
        let what = folder.hidden(&args.join(" "));
        assert!(ran.code <= 2, "{what}");
        note(&format!("stdout of {what}"), &ran.out);
        note(
            &format!("stderr of {what}"),
            &ran.err.replace(folder.path().to_str().unwrap(), ""),
        );
    }
    for (name, text) in files(folder.path(), &given) {
        note(&format!("name of {name}"), &name);
        note(&name, &text);
    }
    leaks
}

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
                let leaks = leaks(&folder, &[&capture], $encoding == Encoding::Plain);
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
        let leaks = leaks(&folder, &captures, false);
        assert!(
            leaks.is_empty(),
            "{captures:?}: {} leaks\n{leaks:#?}",
            leaks.len()
        );
    }
}
