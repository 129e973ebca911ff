//! Everything in a capture is hostile: nothing of it acts, and no secret of it is shown.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    clippy::useless_format,
    reason = "a test fails by panicking, and long lists of bad things read best in one place"
)]

mod common;

use std::collections::BTreeSet;

use common::hostile::{entry, har, hostile};
use common::{BOOKSTORE, BOOKSTORE_CONFIG, Folder, WOMOVIE, WOMOVIE_CONFIG, harcov};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use scraper::{Html, Node};
use serde_json::{Value, json};

/// Texts that act somewhere: in Markdown, HTML, terminals, CI logs, templates, TOML.
const ATTACKS: [&str; 16] = [
    "a|b||c",
    "`x` ``y`` ```\nz",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "\u{1b}[31mred\u{1b}]8;;https://evil.example\u{7}\u{9b}2J",
    "\u{202e}gnp.exe\u{202c}\u{2066}x\u{2069}",
    "\n::error file=a::b",
    "\n::set-output name=x::y\n##vso[task.x]y",
    "[t](javascript:alert(1))",
    "](javascript:alert(1))",
    "![i](https://evil.example/i.png) https://evil.example <https://evil.example>",
    "@mention #1 !2 GH-3 user/repo@abcdef0",
    "{{ title }}{% if true %}x{% endif %}{# y #}",
    "# h\n- i\n> q\n\n    code\n---\n",
    "'''\n[scope]\nhosts = [\"evil.example\"]\n\"\"\" \\",
];

/// A file name that acts.
const NAME: &str = "a|b`c`<script>\u{1b}[31m\u{202e}\n::error::x](javascript:y).har";

/// Every output of every command that reads captures: what it is, and its text.
fn outputs(folder: &Folder, capture: &str) -> Vec<(String, String)> {
    let mut outputs = Vec::new();
    let mut add = |what: &str, args: &[&str]| {
        let ran = harcov(args);
        outputs.push((format!("stderr of {what}"), ran.err));
        outputs.push((what.to_owned(), ran.out));
    };
    for lang in ["en", "zh-CN"] {
        for format in ["md", "html", "json"] {
            let target = format!("{format}=-");
            let args = [
                "report",
                "--no-config",
                "--lang",
                lang,
                "--report",
                &target,
                capture,
            ];
            add(&format!("report {format} {lang}"), &args);
        }
        for format in ["text", "json"] {
            let args = [
                "routes",
                "--no-config",
                "--lang",
                lang,
                "--format",
                format,
                capture,
            ];
            add(&format!("routes {format}"), &args);
            let each = [&args[..], &["--each-request"]].concat();
            add(&format!("requests {format}"), &each);
        }
        let dir = folder.at(&format!("init-{lang}"));
        std::fs::create_dir_all(&dir).unwrap();
        add("init", &["init", "--lang", lang, "--dir", &dir, capture]);
        let config = format!("{dir}/harcov.toml");
        add(
            "report json of init",
            &[
                "report", "--config", &config, "--lang", lang, "--report", "json=-",
            ],
        );
        add(
            "explain",
            &["explain", "GET", "/v1/items/x", "--no-config", capture],
        );
        add(
            "explain",
            &["explain", "PUT", "/v1/items/x", "--config", &config],
        );
    }
    for file in [
        "init-en/harcov.toml",
        "init-en/manifest.toml",
        "init-zh-CN/harcov.toml",
        "init-zh-CN/manifest.toml",
    ] {
        outputs.push((
            format!("{file} toml"),
            std::fs::read_to_string(folder.at(file)).unwrap(),
        ));
    }
    outputs
}

/// The tags and attributes of a page.
fn vocabulary(page: &str) -> BTreeSet<String> {
    let page = Html::parse_document(page);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let mut words = BTreeSet::new();
    for node in page.tree.values() {
        match node {
            Node::Element(element) => {
                let name = element.name();
                words.insert(name.to_owned());
                for (attribute, value) in element.attrs() {
                    assert!(
                        !attribute.starts_with("on") && attribute != "src",
                        "{name} {attribute}"
                    );
                    assert!(
                        attribute != "href" || value.starts_with('#'),
                        "{name} href={value}"
                    );
                    words.insert(format!("{name}[{attribute}]"));
                }
            }
            Node::Comment(comment) => {
                words.insert(format!("comment {}", &**comment));
            }
            _ => {}
        }
    }
    words
}

/// What pages have that the templates alone wrote.
fn usual_vocabulary() -> BTreeSet<String> {
    let runs: [&[&str]; 4] = [
        &["--config", WOMOVIE_CONFIG],
        &["--config", BOOKSTORE_CONFIG],
        &["--no-config", WOMOVIE],
        &["--no-config", BOOKSTORE],
    ];
    runs.iter()
        .flat_map(|args| {
            vocabulary(&harcov(&[&["report", "--report", "html=-"], *args].concat()).fine())
        })
        .collect()
}

fn assert_inert_markdown(what: &str, text: &str) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{what}: HTML {html}"),
            // Diagrams are code; what their lines may be, tests/flow.rs says.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) if &*kind == "mermaid" => {}
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(_)
                | Tag::BlockQuote(_)),
            ) => panic!("{what}: {tag:?}"),
            _ => {}
        }
    }
    assert_even_tables(what, text);
}

/// Every row of a table has as many cells as its head; a backslash takes the next sign with it.
fn assert_even_tables(what: &str, text: &str) {
    let mut width = None;
    for line in text.lines() {
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        let mut pipes = 0;
        let mut signs = line.chars();
        while let Some(sign) = signs.next() {
            match sign {
                '\\' => drop(signs.next()),
                '|' => pipes += 1,
                _ => {}
            }
        }
        assert_eq!(*width.get_or_insert(pipes), pipes, "{what}: {line:.200}");
    }
}

/// Marks that turn the direction of what follows.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Nothing that a terminal or the log reader of a CI service would obey.
fn assert_inert_lines(what: &str, text: &str) {
    let bad = text
        .chars()
        .find(|c| (c.is_control() && *c != '\n') || turns(*c));
    assert_eq!(bad, None, "{what}");
    for line in text.lines() {
        let line = line.trim_start();
        assert!(
            !line.starts_with("::") && !line.contains("##vso["),
            "{what}: {line}"
        );
    }
}

#[test]
fn nothing_of_a_hostile_capture_acts() {
    let folder = Folder::new();
    let capture = folder.file(NAME, hostile(&ATTACKS));
    let usual = usual_vocabulary();
    for (what, text) in outputs(&folder, &capture) {
        match what.split(' ').nth(1).unwrap_or_default() {
            "html" => {
                let unexpected: Vec<_> = vocabulary(&text).difference(&usual).cloned().collect();
                assert_eq!(unexpected, [""; 0], "{what}");
            }
            "json" | "toml" => {
                let control = text
                    .chars()
                    .find(|c| (c.is_control() && *c != '\n') || turns(*c));
                assert_eq!(control, None, "{what}");
            }
            "md" => {
                assert_inert_markdown(&what, &text);
                assert_inert_lines(&what, &text);
            }
            _ => assert_inert_lines(&what, &text),
        }
    }
}

#[test]
fn a_hostile_capture_is_read_all_the_same() {
    let folder = Folder::new();
    let capture = folder.file(NAME, hostile(&ATTACKS));
    let ran = harcov(&["report", "--no-config", "--report", "json=-", &capture]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let scope = &ran.json()["scope"];
    assert_eq!(scope["entries"], 6 * ATTACKS.len());
    let skipped: u64 = scope["skipped"]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(
        scope["in_scope"].as_u64().unwrap() + skipped,
        scope["entries"].as_u64().unwrap()
    );
    assert!(scope["in_scope"].as_u64().unwrap() > 0);
}

/// What must never be shown, each unmistakable.
const SECRETS: [&str; 43] = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5",
    "sk_live_canary4eC39HqLyjWDarjtT1zdp7dc",
    "ghp_canaryAbCdEf0123456789abcdefghijkl",
    "AKIACANARY7EXAMPLE42",
    "hunterzebra",
    "CorrectHorse",
    "SESSIONCANARY",
    "cookiecanary",
    "alice.canary@mail.example",
    "13800138042",
    "+4915112345642",
    "4111111111111142",
    "6222021234567890142",
    "DE89370400440532013042",
    "11010519491231002X",
    "482913",
    "771204",
    "9f86d081884c7d659a2feaa0c55ad015",
    "550e8400-e29b-41d4-a716-446655440042",
    "CANARYVOUCHER",
    "Canary Lane",
    "alicecanary",
    "Alice Canary",
    "zhangsan_canary",
    "张三丰",
    "bearercanary",
    "fragmentcanary",
    "userinfocanary",
    "multipartcanary",
    "filenamecanary",
    "nestedcanary",
    "headercanary",
    "queryvaluecanary",
    "keyonlycanary42x7",
    "mapkeycanary42x7",
    "jsessioncanary",
    "pathtokenCanary93k2Lz",
    "af0ifjsldcanary7",
    "splxlobezqqybys",
    "graphqlcanary",
    "errorcanary for you",
    "WXOPENIDCANARY",
    "passphrasecanary",
];

/// A capture with secrets and personal data wherever they occur.
fn secretive() -> String {
    let base = "https://api.bank.example/v2";
    let headers = json!([
        { "name": "Authorization", "value": "Bearer bearercanary" },
        { "name": "Cookie", "value": "sid=SESSIONCANARY; theme=cookiecanary" },
        { "name": "X-Api-Key", "value": "headercanary" },
    ]);
    let cookies = json!([{ "name": "sid", "value": "SESSIONCANARY" }]);
    let mut entries = Vec::new();
    // Several times, so that nothing becomes a constant by coming back.
    for n in 0..5 {
        let mut add = |method: &str, url: String, kind: &str, body: String, answer: Value| {
            let mut request = json!({
                "method": method, "url": url, "headers": headers, "cookies": cookies, "queryString": [],
            });
            if !body.is_empty() {
                request["postData"] = json!({ "mimeType": kind, "text": body });
            }
            entries.push(entry(n * 10, request, &answer));
        };
        let form = "application/x-www-form-urlencoded";
        let json = "application/json";
        add(
            "POST",
            format!("{base}/login"),
            form,
            "username=alicecanary&password=hunterzebra&code=482913&mobile=13800138042&captcha=CorrectHorse&verify_code=771204&passphrase=passphrasecanary".to_owned(),
            json!({ "code": 0, "data": {
                "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5",
                "openid": "WXOPENIDCANARY",
                "apiKey": "sk_live_canary4eC39HqLyjWDarjtT1zdp7dc",
                "user": { "realName": "张三丰", "nickName": "zhangsan_canary", "idCard": "11010519491231002X" },
            } }),
        );
        add(
            "GET",
            format!(
                "https://userinfocanary:hunterzebra@api.bank.example/v2/accounts/DE89370400440532013042/cards/4111111111111142?access_token=ghp_canaryAbCdEf0123456789abcdefghijkl&email=alice.canary%40mail.example&keyonlycanary42x7#access_token=fragmentcanary"
            ),
            "",
            String::new(),
            json!({ "code": 0, "data": { "cardNumber": "4111111111111142", "holder": "Alice Canary", "voucher": "CANARYVOUCHER", "bankCard": "6222021234567890142" } }),
        );
        add(
            "POST",
            format!("{base}/users/alice.canary@mail.example/phones/+4915112345642"),
            json,
            json!({
                "secretKey": "AKIACANARY7EXAMPLE42",
                "address": { "street": "Canary Lane" },
                "payload": json!({ "pw": "nestedcanary" }).to_string(),
                "mapkeycanary42x7": 1,
                "alice.canary@mail.example": { "13800138042": true },
            })
            .to_string(),
            json!({ "code": 0, "data": {
                "byUser": {
                    "alice.canary@mail.example": { "n": 1 },
                    "550e8400-e29b-41d4-a716-446655440042": { "n": 1 },
                    "9f86d081884c7d659a2feaa0c55ad015": { "n": 1 },
                    "13800138042": { "n": 1 },
                },
                "message": "errorcanary for you",
            } }),
        );
        add(
            "GET",
            format!("{base}/verify/9f86d081884c7d659a2feaa0c55ad015;jsessionid=jsessioncanary"),
            "",
            String::new(),
            json!({ "code": 1, "error": "errorcanary for you", "error_description": "errorcanary for you" }),
        );
        add(
            "GET",
            format!(
                "{base}/reset/pathtokenCanary93k2Lz/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlY2FuYXJ5?state=af0ifjsldcanary7&code=splxlobezqqybys&q=queryvaluecanary&name=Alice+Canary"
            ),
            "",
            String::new(),
            json!({ "code": 0 }),
        );
        add(
            "GET",
            format!("{base}/users/550e8400-e29b-41d4-a716-446655440042/profile"),
            "",
            String::new(),
            json!({ "code": 0, "data": { "id": "550e8400-e29b-41d4-a716-446655440042" } }),
        );
        add(
            "POST",
            format!("{base}/upload"),
            "multipart/form-data; boundary=XX",
            "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nmultipartcanary\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"filenamecanary.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--XX--\r\n".to_owned(),
            json!({ "code": 0 }),
        );
        add(
            "POST",
            "https://api.bank.example/graphql".to_owned(),
            json,
            json!({ "query": "query Me { user(email: \"alice.canary@mail.example\", pw: \"graphqlcanary\") { id } }", "variables": { "secret": "graphqlcanary" } }).to_string(),
            json!({ "data": { "user": { "id": "alicecanary" } } }),
        );
    }
    har("Recorder", &entries)
}

#[test]
fn no_secret_of_a_capture_is_shown() {
    let folder = Folder::new();
    let capture = folder.file("secretive.har", secretive());
    let mut leaks = BTreeSet::new();
    for (what, text) in outputs(&folder, &capture) {
        let decoded = percent_encoding::percent_decode_str(&text).decode_utf8_lossy();
        for secret in SECRETS {
            if text.contains(secret) || decoded.contains(secret) {
                leaks.insert((secret, what.clone()));
            }
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn the_capture_of_secrets_holds_them_all_and_counts() {
    let text = secretive();
    let plain = text.replace("%40", "@").replace('+', " ") + &text;
    for secret in SECRETS {
        assert!(plain.contains(secret), "{secret}");
    }
    let folder = Folder::new();
    let capture = folder.file("secretive.har", text);
    let ran = harcov(&["report", "--no-config", "--report", "json=-", &capture]);
    assert_eq!(ran.json()["scope"]["in_scope"], 40, "{}", ran.err);
}

#[test]
fn messages_about_bad_entries_show_no_secret() {
    let folder = Folder::new();
    let bad = json!([
        "hunterzebra",
        { "request": "hunterzebra" },
        { "request": { "method": { "hunterzebra": 1 }, "url": "https://api.example/?token=hunterzebra" } },
        { "request": { "method": "GET", "url": "hunterzebra://alicecanary:hunterzebra@x y" } },
        { "request": { "method": "GET", "url": 5 }, "startedDateTime": "hunterzebra" },
    ]);
    let capture = folder.file("bad.har", har("x", bad.as_array().unwrap()));
    for (what, text) in outputs(&folder, &capture) {
        for secret in ["hunterzebra", "alicecanary"] {
            assert!(!text.contains(secret), "{what}: {text}");
        }
    }
}
