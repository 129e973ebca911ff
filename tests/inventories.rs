//! Inventories as users see them: what is in the file, what is not, and what happens to one that was
//! edited, cut off, or comes from elsewhere.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::Write as _;

use common::{
    BOOKSTORE, BOOKSTORE_CONFIG, Folder, WOMOVIE, WOMOVIE_CONFIG, capture, entries, harcov, shared,
    snapshot, transcript,
};
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::{Value, json};

fn inventory(args: &[&str]) -> String {
    harcov(&[&["inventory"], args].concat()).fine()
}

#[test]
fn the_samples_reports_are_those_of_their_inventories() {
    for (config, capture) in [(WOMOVIE_CONFIG, WOMOVIE), (BOOKSTORE_CONFIG, BOOKSTORE)] {
        let folder = Folder::new();
        let text = inventory(&["--config", config, capture]);
        let file = folder.file("api.inventory.json", &text);
        for format in ["md=-", "html=-", "json=-"] {
            let report = |capture: &str| {
                harcov(&["report", "--config", config, "--report", format, capture]).fine()
            };
            assert!(report(&file) == report(capture), "{config} {format}");
        }
        let routes = |capture: &str| -> Vec<Value> {
            let ran = harcov(&["routes", "--config", config, "--format", "json", capture]);
            let rows = ran.json().as_array().unwrap().clone();
            rows.into_iter()
                .map(|row| json!([row["endpoint"], row["requests"]]))
                .collect()
        };
        assert_eq!(routes(&file), routes(capture));
        assert_eq!(inventory(&["--config", config, &file, capture]), text);
    }
}

#[test]
fn an_inventory_of_the_sample() {
    let text = inventory(&["--no-config", BOOKSTORE]);
    let longest = text.lines().map(str::len).max().unwrap();
    assert!(longest < 4_000, "a call is a line to read: {longest}");
    let first: Vec<&str> = text.lines().take(12).collect();
    snapshot("inventory-bookstore", &first.join("\n"));
}

#[test]
fn inventories_fit_their_schema() {
    let schema = harcov(&["schema", "inventory"]).json();
    let folder = Folder::new();
    let one = inventory(&["--config", WOMOVIE_CONFIG, WOMOVIE]);
    let other = folder.file("a.har", std::fs::read(BOOKSTORE).unwrap());
    let summed = inventory(&["--no-config", "--fold", WOMOVIE, &other]);
    for text in [one, summed] {
        let value: Value = serde_json::from_str(&text).unwrap();
        common::conforms(&schema, &value);
    }
}

#[test]
fn no_value_is_in_an_inventory() {
    let secrets = [
        "marigold",
        "octocat",
        "13800138000",
        "KXQZPL",
        "hunter2",
        "eyJhbGciOi",
        "anna@example.com",
        "WANGWEI",
    ];
    let words = ["marigold", "cornflower", "foxglove", "larkspur"];
    let call = |path: &str, at: usize| {
        let answer = json!({
            "nickname": "octocat", "phone": "13800138000", "holder": "WANGWEI",
            "email": "anna@example.com", "remark": words[at],
        });
        json!({
            "startedDateTime": "2026-02-03T04:05:06Z",
            "request": {
                "method": "POST", "url": format!("https://api.example.com{path}"),
                "headers": [{ "name": "Authorization", "value": "Bearer eyJhbGciOi" }],
                "postData": { "mimeType": "application/json",
                    "text": json!({ "memo": words[at], "password": "hunter2", "code": "KXQZPL" }).to_string() },
            },
            "response": { "status": 200,
                "content": { "mimeType": "application/json", "text": answer.to_string() } },
        })
    };
    let har = json!({ "log": { "entries": [
        call("/v1/users/octocat/posts", 0), call("/v1/users/marigold/posts", 1),
        call("/v1/users/anna@example.com/posts", 2), call("/v1/users/13800138000/posts", 3),
    ]}});
    let folder = Folder::new();
    let file = folder.file("a.har", har.to_string());
    for extra in [&[][..], &["--fold"]] {
        let text = inventory(&[&["--no-config", &file], extra].concat());
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("POST api.example.com/v1/users/<"), "{text}");
    }
}

#[test]
fn values_that_the_config_names_are_kept() {
    let folder = Folder::new();
    folder.file(
        "harcov.toml",
        "[[route]]\ntemplate = \"/books\"\nsplit_by = [\"flavour\"]\n",
    );
    let har = json!({ "log": { "entries": [{
        "request": { "method": "GET", "url": "https://api.example.com/books?flavour=vanilla&topping=cherry" },
        "response": { "status": 200, "content": { "mimeType": "application/json", "text": "{}" } },
    }]}});
    let file = folder.file("a.har", har.to_string());
    let text = inventory(&["--config", &folder.at("harcov.toml"), &file]);
    assert!(
        text.contains("vanilla") && !text.contains("cherry"),
        "{text}"
    );
}

#[test]
fn inventories_are_read_wherever_captures_are() {
    let folder = Folder::new();
    let text = inventory(&["--config", WOMOVIE_CONFIG, WOMOVIE]);
    let plain = folder.file("a/inventory.json", &text);
    let pretty = folder.file("pretty.json", text.replace('\n', "\r\n\t"));
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = folder.file("inventory.json.gz", gzip.finish().unwrap());
    let expected = harcov(&["report", "--config", WOMOVIE_CONFIG, WOMOVIE]).fine();
    for given in [&plain, &pretty, &gzip, &folder.at("a")] {
        let report = harcov(&["report", "--config", WOMOVIE_CONFIG, given]).fine();
        assert!(report == expected, "{given}");
    }
    let explained = |capture: &str| {
        let url = "/ticket/wmyc/cinema/1/order/change/";
        harcov(&["explain", "--config", WOMOVIE_CONFIG, "POST", url, capture]).fine()
    };
    assert_eq!(explained(&plain), explained(WOMOVIE));
    let init = |capture: &str, into: &str| {
        std::fs::create_dir(folder.at(into)).unwrap();
        let ran = harcov(&["init", "--dir", &folder.at(into), capture]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        std::fs::read_to_string(folder.at(&format!("{into}/manifest.toml"))).unwrap()
    };
    assert_eq!(init(&plain, "one"), init(WOMOVIE, "two"));
    let rows = harcov(&["routes", "--no-config", "--each-request", &plain]);
    assert_eq!((rows.code, rows.out.as_str()), (0, ""));
    assert!(
        rows.err.contains("holds no single requests"),
        "{}",
        rows.err
    );
}

#[test]
fn every_command_says_of_an_inventory_what_it_says_of_its_captures() {
    let folder = Folder::new();
    let text = inventory(&["--config", WOMOVIE_CONFIG, WOMOVIE]);
    let inventory = folder.file("inventory.json", &text);
    let described = folder.at("openapi.json");
    let openapi = harcov(&["export", "openapi", "--config", WOMOVIE_CONFIG, WOMOVIE]).fine();
    std::fs::write(&described, openapi).unwrap();
    let baseline = folder.at("known.toml");
    let update = [
        "check",
        "--config",
        WOMOVIE_CONFIG,
        "--baseline",
        &baseline,
        "--update-baseline",
    ];
    assert_eq!(harcov(&[&update[..], &[WOMOVIE]].concat()).code, 0);
    let source = "har-samples/womovie";
    let commands: [&[&str]; 19] = [
        &["check", "--lang", "en"],
        &[
            "check",
            "--format",
            "json",
            "--fail-under",
            "80",
            "--max-missing",
            "high=0",
        ],
        &[
            "check", "--deny", "new", "--deny", "partial", "--report", "sarif=-",
        ],
        &["check", "--baseline", &baseline],
        &["report", "--report", "json=-"],
        &["report", "--report", "html=-"],
        &["report", "--report", "junit=-"],
        &["report", "--report", "csv=-"],
        &["report", "--against", &described, "--report", "json=-"],
        &["routes"],
        &["routes", "--format", "json"],
        &["flow"],
        &["flow", "--format", "json"],
        &["inventory", "--textconv"],
        &["export", "openapi"],
        &["export", "postman"],
        &["export", "http"],
        &["export", "k6"],
        &["scan", source, "--dry-run"],
    ];
    for command in commands {
        let run = |capture: &str| {
            let mut args = command.to_vec();
            args.extend(["--config", WOMOVIE_CONFIG]);
            if command[0] == "scan" {
                args.push("--against");
            }
            args.push(capture);
            let ran = harcov(&args);
            (ran.code, ran.out, ran.err)
        };
        let (of_inventory, of_capture) = (run(&inventory), run(WOMOVIE));
        assert!(of_capture.0 < 2, "{command:?}: {}", of_capture.2);
        assert!(
            of_inventory == of_capture,
            "{command:?}\n{of_inventory:#?}\n{of_capture:#?}"
        );
    }
    for lang in ["python", "rust"] {
        let stub = |capture: &str| {
            let args = [
                "stub",
                "--config",
                WOMOVIE_CONFIG,
                "--lang",
                lang,
                "--capture",
                capture,
            ];
            harcov(&args).fine()
        };
        assert_eq!(stub(&inventory), stub(WOMOVIE));
    }
}

/// What `routes` says of a file: endpoints with their requests.
fn endpoints(file: &str) -> Vec<Value> {
    let ran = harcov(&["routes", "--no-config", "--format", "json", file]);
    let rows = ran.json().as_array().unwrap().clone();
    rows.iter()
        .map(|row| json!([row["endpoint"], row["requests"]]))
        .collect()
}

#[test]
fn what_was_decided_of_words_in_paths_stays_decided() {
    let paths = [
        "/api/goods/90001",
        "/api/goods/90002",
        "/api/goods/list",
        "/api/goods/zotrin",
        "/api/goods/plombwall",
        "/lol/entries/QUUX_SOLO/GOLD/I",
        "/lol/entries/QUUX_SOLO/SILVER/II",
        "/lol/entries/QUUX_FLEX/GOLD/I",
        "/documents/quarter.pdf",
        "/documents/yearly.pdf",
        "/matches/EUW1_6900000001",
        "/matches/EUW1_6900000002",
        "/matches/by-quux/8899771234",
        "/users/zotrin/repos",
        "/users/plomb/repos",
        "/users/plomb",
    ];
    let entries: Vec<Value> = paths
        .iter()
        .enumerate()
        .map(|(at, path)| {
            // One has no time of its own, which must not make the file unreadable.
            let time = if at == 3 { String::new() } else { format!("2026-03-01T10:00:{at:02}Z") };
            json!({
                "startedDateTime": time,
                "request": {"method": "GET", "url": format!("https://api.shop.example{path}")},
                "response": {"status": 200, "content": {
                    "mimeType": "application/json", "text": json!({"name": "x", "at": at}).to_string(),
                }},
            })
        })
        .collect();
    let folder = Folder::new();
    let har = folder.file("a.har", json!({"log": {"entries": entries}}).to_string());
    let file = folder.file("a.json", inventory(&["--no-config", &har]));
    assert_eq!(endpoints(&file), endpoints(&har));
    assert_eq!(
        inventory(&["--no-config", &file]),
        std::fs::read_to_string(&file).unwrap()
    );
}

#[test]
fn inventories_of_all_known_captures_have_their_routes() {
    let Some(corpus) = shared("har-corpus") else {
        eprintln!("left out: the corpus of captures is not there");
        return;
    };
    let folder = Folder::new();
    let mut compared = 0;
    for entry in walkdir::WalkDir::new(corpus).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().display().to_string();
        let small = entry.metadata().is_ok_and(|data| data.len() < 200_000);
        if !small
            || entry
                .path()
                .extension()
                .is_none_or(|ending| ending != "har")
        {
            continue;
        }
        let out = folder.at("x.json");
        if harcov(&["inventory", "--no-config", "-q", "-o", &out, &path]).code == 0 {
            assert_eq!(endpoints(&out), endpoints(&path), "{path}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn captures_of_one_name_are_told_apart_and_copies_count_once() {
    let folder = Folder::new();
    let mut other = capture(WOMOVIE);
    entries(&mut other).truncate(30);
    let shards: Vec<String> = [capture(WOMOVIE), other]
        .iter()
        .enumerate()
        .map(|(n, har)| {
            let file = folder.file(&format!("{n}/capture.har"), har.to_string());
            let shard = folder.at(&format!("{n}.json"));
            let ran = harcov(&["inventory", "--no-config", &file, "-o", &shard]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            shard
        })
        .collect();
    let captures = |inputs: &[&str]| {
        let report =
            harcov(&[&["report", "--no-config", "--report", "json=-"], inputs].concat()).json();
        let names = report["captures"].as_array().unwrap().iter();
        names
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let both = captures(&[&shards[0], &shards[1]]);
    assert!(
        both.iter().all(|name| name.starts_with("capture.har#")),
        "{both:?}"
    );
    assert_ne!(both[0], both[1]);
    let copy = folder.file(
        "copy.har",
        std::fs::read(folder.at("0/capture.har")).unwrap(),
    );
    assert_eq!(captures(&[&copy, &shards[0]]), ["capture.har"]);
}

/// What is said of an inventory after an edit.
fn edited(edit: impl Fn(&str) -> String) -> String {
    let folder = Folder::new();
    let text = inventory(&["--no-config", BOOKSTORE]);
    let changed = edit(&text);
    assert_ne!(changed, text);
    folder.file("x.json", changed);
    let file = folder.at("x.json");
    let ran = harcov(&["report", "--no-config", &file]);
    assert_eq!(ran.code, 2);
    folder.hidden(&transcript(&["report", "--no-config", &file], &ran))
}

#[test]
fn what_is_wrong_with_an_inventory_is_told() {
    let replace =
        |from: &'static str, to: &'static str| move |text: &str| text.replacen(from, to, 1);
    let cases = [
        edited(replace("harcov.inventory/1", "harcov.inventory/2")),
        edited(|text| text[..text.len() / 2].to_owned()),
        edited(replace("\"requests\":", "\"request\":")),
        edited(replace("\"requests\":", "\"requests\":-")),
        edited(replace(
            "\"observed\":{\"requests\":",
            "\"observed\":{\"requests\":9999999999999",
        )),
        edited(replace("<integer>", "<number>")),
        edited(replace(
            "\"observed\":{\"requests\":1,",
            "\"observed\":{\"requests\":0,",
        )),
        edited(replace(
            "\"captures\": [\n",
            "\"captures\": [],\n\"was\": [\n",
        )),
        edited(|text| {
            let text = text.replacen("\"schema\": \"harcov.inventory/1\",\n", "", 1);
            let text = text.strip_suffix("\n}\n").unwrap();
            format!("{text},\n\"schema\": \"harcov.inventory/1\"\n}}\n")
        }),
    ];
    snapshot("inventory-errors", &cases.join("\n\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_edit_makes_reading_panic(at in 0usize..30_000, cut in 0usize..40, put in "[0-9\\[\\]{}\":,a-z-]{0,12}") {
        thread_local! {
            static TEXT: String = inventory(&["--no-config", BOOKSTORE]);
        }
        let mut text = TEXT.with(String::clone).into_bytes();
        let at = at.min(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, put.bytes());
        let folder = Folder::new();
        let file = folder.file("x.json", &text);
        let ran = harcov(&["report", "--no-config", "--report", "json=-", &file]);
        prop_assert!(ran.code == 0 || ran.err.starts_with("error: "), "{}", ran.err);
    }
}

#[test]
fn the_tables_of_an_inventory_join() {
    let folder = Folder::new();
    let tables = folder.at("tables");
    let args = ["inventory", "--lang", "en", "--config", BOOKSTORE_CONFIG];
    let args = [&args[..], &[BOOKSTORE, "--format", "csv", "-o", &tables]].concat();
    assert_eq!(harcov(&args).code, 0);
    let read = |name: &str| std::fs::read_to_string(folder.at(&format!("tables/{name}.csv")));
    let names = ["endpoints", "parameters", "fields", "edges"];
    let texts = names.map(|name| read(name).unwrap());
    let shown: Vec<String> = names
        .iter()
        .zip(&texts)
        .map(|(name, text)| format!("--- {name}.csv\n{text}"))
        .collect();
    snapshot("inventory-tables", &shown.join("\n"));

    let first = |text: &str| -> Vec<String> {
        let rows = text.lines().skip(1);
        rows.map(|row| row.split(',').next().unwrap().to_owned())
            .collect()
    };
    let endpoints = first(&texts[0]);
    assert!(endpoints.len() > 3);
    for text in &texts[1..] {
        for endpoint in first(text) {
            assert!(endpoints.contains(&endpoint), "{endpoint}");
        }
    }

    let ran = harcov(&["inventory", "--no-config", BOOKSTORE, "--format", "csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--output DIR"), "{}", ran.err);
}

#[test]
fn a_sum_that_holds_the_order_of_some_captures_says_so() {
    let folder = Folder::new();
    let one = folder.file("a.har", std::fs::read(BOOKSTORE).unwrap());
    let other = folder.file("b.har", std::fs::read(WOMOVIE).unwrap());
    let whole = inventory(&["--no-config", "--fold", &one, &other]);
    let report = |text: &str| {
        let file = folder.file("sum.json", text);
        harcov(&["report", "--no-config", "--lang", "en", &file]).fine()
    };
    assert!(!report(&whole).contains("1 of 2 captures"));
    let (head, rest) = whole.split_once(",\n{\"capture\":1,").unwrap();
    let (_, tail) = rest.split_once('\n').unwrap();
    let told = report(&format!("{head}\n{tail}"));
    let line = "Steps and flows are told from the order of calls in 1 of 2 captures";
    assert!(told.contains(line), "{told}");
}
