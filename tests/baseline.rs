//! The baseline of `harcov check`: what it knows, whatever else changes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;

use common::{BOOKSTORE_CONFIG, Folder, Ran, harcov};
use serde_json::{Value, json};

/// A capture of an API with these paths and answers.
fn captured(calls: &[(&str, Value)]) -> String {
    let entry = |(path, answer): &(&str, Value)| {
        json!({
            "startedDateTime": "2026-01-01T00:00:00Z",
            "time": 1,
            "request": { "method": "GET", "url": format!("https://api.example{path}"), "headers": [] },
            "response": { "status": 200, "headers": [], "content": { "mimeType": "application/json", "text": answer.to_string() } }
        })
    };
    let entries: Vec<Value> = calls.iter().map(entry).collect();
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

/// A folder in which `GET /orders/<…>` is a known gap, and a later capture lets its parameter be called
/// otherwise.
struct Renamed(Folder);

impl Renamed {
    fn new() -> Self {
        let folder = Folder::new();
        let order = |id: u32| format!("/orders/{id}");
        let ids = [880_001, 880_002, 880_003];
        let paths = ids.map(order);
        let calls: Vec<(&str, Value)> = paths
            .iter()
            .map(|p| (p.as_str(), json!({"total": 5})))
            .collect();
        folder.file("a.har", captured(&calls));
        let listed = json!({ "orders": ids.map(|id| json!({ "orderNo": id + 10 })) });
        let paths = ids.map(|id| order(id + 10));
        let mut calls = vec![("/orders", listed)];
        let echoes = paths.iter().zip(ids);
        calls.extend(echoes.map(|(path, id)| (path.as_str(), json!({ "orderNo": id + 10 }))));
        folder.file("b.har", captured(&calls));
        folder.file(
            "m.toml",
            "[[endpoint]]\nmethod = 'GET'\nroute = '/orders'\n",
        );
        Renamed(folder)
    }

    fn run(&self, command: &str, captures: &[&str], args: &[&str]) -> Ran {
        let manifest = self.0.at("m.toml");
        let captures: Vec<String> = captures.iter().map(|name| self.0.at(name)).collect();
        let mut all = vec![command, "--no-config", "--manifest", &manifest];
        all.extend(captures.iter().map(String::as_str));
        all.extend(args);
        harcov(&all)
    }

    fn check(&self, captures: &[&str], args: &[&str]) -> Ran {
        let known = self.0.at("k.toml");
        let deny = [
            "--deny",
            "new",
            "--baseline",
            &known,
            "--today",
            "2026-01-31",
        ];
        self.run("check", captures, &[&deny[..], args].concat())
    }

    fn known(&self) -> toml::Table {
        fs::read_to_string(self.0.at("k.toml"))
            .unwrap()
            .parse()
            .unwrap()
    }
}

#[test]
fn a_gap_is_known_whatever_its_parameters_are_called() {
    let folder = Renamed::new();
    let made = folder.check(&["a.har"], &["--update-baseline"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let endpoint = folder.known()["gap"][0]["endpoint"].clone();
    assert_eq!(endpoint.as_str(), Some("GET /orders/<order_id>"));
    let ran = folder.check(&["a.har", "b.har"], &["--format", "json"]);
    let verdict = ran.json();
    assert_eq!(verdict["known"][0]["endpoint"], "GET /orders/<order_no>");
    assert_eq!((ran.code, &verdict["unused"]), (0, &json!([])));
    let known = folder.0.at("k.toml");
    let since = folder.run(
        "report",
        &["a.har", "b.har"],
        &["--since", &known, "--report", "json=-"],
    );
    let since = &since.json()["since"]["baseline"];
    assert_eq!((&since["new"], &since["closed"]), (&json!([]), &json!([])));
}

#[test]
fn a_route_that_only_names_a_parameter_changes_no_fingerprint() {
    let folder = Renamed::new();
    let gaps = |args: &[&str]| {
        let mut all = vec!["report", "--report", "json=-"];
        let capture = folder.0.at("a.har");
        all.extend(args);
        all.push(&capture);
        let report = harcov(&all).json();
        let of = |row: &Value| row["fingerprint"].clone();
        (
            of(&report["gaps"][0]),
            of(&report["endpoints"][0]),
            report["endpoints"][0]["id"].clone(),
        )
    };
    let plain = gaps(&["--no-config"]);
    let config = folder
        .0
        .file("harcov.toml", "[[route]]\ntemplate = '/orders/<number>'\n");
    let named = gaps(&["--config", &config]);
    assert_ne!(plain.2, named.2);
    assert_eq!((plain.0, plain.1), (named.0, named.1));
}

#[test]
fn a_baseline_of_an_earlier_version_is_read() {
    let folder = Renamed::new();
    // As it was written when the names of parameters were part of fingerprints.
    let old = "[[gap]]\nfingerprint = '5e375c17f4f4'\n";
    let told = "code = 'endpoint-new'\nendpoint = 'GET /orders/<order_id>'\nreason = 'Later.'\n";
    for (baseline, captures) in [
        (old.to_owned(), vec!["a.har"]),
        (format!("{old}{told}"), vec!["a.har", "b.har"]),
    ] {
        folder.0.file("k.toml", &baseline);
        let ran = folder.check(&captures, &["--format", "json"]);
        assert_eq!(ran.code, 0, "{baseline}{}", ran.out);
        assert_eq!(ran.json()["unused"], json!([]));
        let ran = folder.check(&captures, &["--prune-baseline"]);
        assert!(ran.err.contains("is up to date"), "{}", ran.err);
    }
    folder.check(&["a.har", "b.har"], &["--update-baseline"]);
    let gap = folder.known()["gap"][0].clone();
    assert_eq!(gap["reason"].as_str(), Some("Later."));
    assert_ne!(gap["fingerprint"].as_str(), Some("5e375c17f4f4"));
}

#[test]
fn what_is_not_asked_for_this_time_is_not_gone() {
    let folder = Folder::new();
    let known = folder.at("k.toml");
    let check = |args: &[&str]| {
        let common = [
            "check",
            "--config",
            BOOKSTORE_CONFIG,
            "--today",
            "2026-01-31",
        ];
        harcov(&[&common[..], &["--baseline", &known], args].concat())
    };
    let made = check(&["--deny", "new", "--deny", "partial", "--update-baseline"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let written = fs::read_to_string(&known).unwrap();
    let partial = "code        = \"endpoint-partial\"\n";
    let count = written.matches(partial).count();
    assert!(count > 0, "{written}");
    let reasoned = written.replace(partial, &format!("{partial}reason = \"Later.\"\n"));
    fs::write(&known, &reasoned).unwrap();
    let reasons = |text: &str| text.matches("\"Later.\"").count();
    for change in [None, Some("--prune-baseline"), Some("--update-baseline")] {
        let mut args = vec!["--fail-under", "40"];
        args.extend(change);
        let ran = check(&args);
        assert!(!ran.out.contains("gone"), "{}", ran.out);
        let kept = fs::read_to_string(&known).unwrap();
        assert_eq!(reasons(&kept), count, "{change:?}: {kept}");
    }
}

#[test]
fn a_gap_that_is_closed_is_gone_whatever_is_asked_for() {
    let folder = Folder::new();
    let known = folder.file("k.toml", "[[gap]]\nfingerprint = '0123456789ab'\n");
    let common = [
        "check",
        "--config",
        BOOKSTORE_CONFIG,
        "--today",
        "2026-01-31",
    ];
    let ran = harcov(&[&common[..], &["--baseline", &known, "--fail-under", "1"]].concat());
    assert!(
        ran.out.contains("1 gap of the baseline is gone"),
        "{}",
        ran.out
    );
}
