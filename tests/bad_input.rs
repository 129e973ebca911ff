//! Bad input: one clear message with place and remedy, the right exit code, and never a panic.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write as _;

use common::{Folder, WOMOVIE, capture, entries, harcov, snapshot, transcript};
use serde_json::json;

/// Runs and gives everything of the run, the folder's path and the report's body left out.
fn told(folder: &Folder, args: &[&str]) -> String {
    let mut ran = harcov(args);
    if ran.out.starts_with("# ") {
        "(a report)".clone_into(&mut ran.out);
    }
    // Mistakes on the command line are told before it is known what colour is wanted.
    ran.err = anstream::adapter::strip_str(&ran.err).to_string();
    folder.hidden(&transcript(args, &ran))
}

/// The report of each capture, without a config.
fn captures(snapshot_name: &str, files: &[(&str, &[u8])]) {
    let folder = Folder::new();
    let mut text = String::new();
    for (name, content) in files {
        let file = folder.file(name, content);
        writeln!(
            text,
            "{}\n",
            told(&folder, &["report", "--no-config", &file])
        )
        .unwrap();
    }
    snapshot(snapshot_name, &text);
}

fn good() -> Vec<u8> {
    let mut small = capture(WOMOVIE);
    let kept = entries(&mut small).drain(21..26).collect();
    *entries(&mut small) = kept;
    small.to_string().into_bytes()
}

#[test]
fn what_is_no_capture_is_named() {
    let entry = &capture(WOMOVIE)["log"]["entries"][21].to_string();
    captures(
        "bad_no-capture",
        &[
            ("empty.har", b""),
            ("blank.har", b" \n\t "),
            ("text.har", b"hello"),
            ("not-json.har", b"{\"log\": {nope}}"),
            ("array.har", b"[1, 2, 3]"),
            ("entry.har", entry.as_bytes()),
            ("log.har", b"{\"version\": \"1.2\", \"entries\": []}"),
            ("object.har", b"{\"a\": 1}"),
            ("null.har", b"null"),
            ("openapi.json", b"{\"openapi\": \"3.1.0\", \"paths\": {}}"),
            ("openapi.har", b"openapi: 3.1.0\npaths: {}\n"),
            ("yaml.har", b"log:\n  version: '1.2'\n  entries: []\n"),
            ("page.har", b"<!DOCTYPE html><html></html>"),
            ("binary.har", b"\x00\x01\x02\x03"),
            ("gzip.har.gz", b"\x1f\x8b\x08\x00"),
            ("archive.zip", b"PK\x03\x04broken"),
        ],
    );
}

#[test]
fn what_can_be_read_is_kept() {
    let whole = good();
    let mut bom = b"\xef\xbb\xbf".to_vec();
    bom.extend(&whole);
    let text = String::from_utf8(whole.clone()).unwrap();
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let within = whole.len() * 3 / 4;
    captures(
        "bad_readable",
        &[
            ("whole.har", &whole),
            ("bom.har", &bom),
            ("utf16.har", &utf16),
            ("truncated.har", &whole[..within]),
            ("truncated-early.har", &whole[..40]),
            (
                "no-entries.har",
                b"{\"log\": {\"version\": \"1.2\", \"entries\": []}}",
            ),
            ("no-entries-key.har", b"{\"log\": {\"version\": \"1.2\"}}"),
        ],
    );
}

#[test]
fn entries_of_the_wrong_kind_are_skipped_and_counted() {
    let mut mixed = capture(WOMOVIE);
    let sound = entries(&mut mixed)[21].clone();
    let with = |path: &str, value: serde_json::Value| {
        let mut entry = sound.clone();
        *entry.pointer_mut(path).unwrap() = value;
        entry
    };
    *entries(&mut mixed) = vec![
        sound.clone(),
        json!("text"),
        json!(null),
        json!([]),
        json!({}),
        json!({ "request": 5 }),
        json!({ "request": { "method": "GET" } }),
        json!({ "request": { "url": "https://ct.womovie.cn/ticket/x" } }),
        with("/startedDateTime", json!(5)),
        with("/time", json!("long")),
        with("/request/headers", json!("none")),
        with("/request/queryString", json!({ "a": 1 })),
        with("/request/postData", json!([])),
        with("/response", json!("none")),
        with("/response/status", json!("200")),
        with("/response/content", json!(7)),
        with("/request/url", json!("no url")),
        with("/request/url", json!("")),
    ];
    let folder = Folder::new();
    let file = folder.file("mixed.har", mixed.to_string());
    let text = told(&folder, &["report", "--no-config", &file]);
    let report = harcov(&["report", "--no-config", "--report", "json=-", &file]).json();
    let counts = json!({ "scope": report["scope"], "problems": report["captures"][0]["problems"] });
    let text = format!(
        "{text}\n\n{}",
        serde_json::to_string_pretty(&counts).unwrap()
    );
    snapshot("bad_entries", &text);
}

#[test]
fn what_is_not_there_is_named() {
    let folder = Folder::new();
    let missing = folder.at("missing.har");
    let empty = folder.at("empty");
    std::fs::create_dir(&empty).unwrap();
    let text = [
        told(&folder, &["report", "--no-config", &missing]),
        told(&folder, &["report", "--no-config", &empty]),
        told(&folder, &["report", "--no-config"]),
        told(
            &folder,
            &["report", "--config", &folder.at("harcov.toml"), &missing],
        ),
        told(
            &folder,
            &[
                "report",
                "--no-config",
                "--manifest",
                &folder.at("m.toml"),
                &missing,
            ],
        ),
        told(&folder, &["init", &missing, "--dir", &empty]),
        told(&folder, &["routes", "--no-config", &missing]),
        told(&folder, &["explain", "GET", "/x", "--no-config", &missing]),
    ];
    snapshot("bad_missing", &text.join("\n\n"));
}

#[test]
fn one_bad_capture_among_several_is_a_warning_and_an_error_in_the_end() {
    let folder = Folder::new();
    let good = folder.file("good.har", good());
    let bad = folder.file("bad.har", "{\"log\": ");
    let missing = folder.at("missing.har");
    let walked = folder.file("folder/inner.har", std::fs::read(&good).unwrap());
    folder.file("folder/package.json", "{\"name\": \"x\"}");
    let within = folder.at("folder");
    let text = [
        told(&folder, &["report", "--no-config", &good, &bad]),
        told(
            &folder,
            &["report", "--no-config", "--keep-going", &good, &bad],
        ),
        told(&folder, &["report", "--no-config", &good, &missing]),
        told(
            &folder,
            &["report", "--no-config", "--keep-going", &good, &missing],
        ),
        told(&folder, &["report", "--no-config", "--quiet", &good, &bad]),
        told(&folder, &["report", "--no-config", &within]),
        told(&folder, &["report", "--no-config", "--keep-going", &bad]),
    ];
    snapshot("bad_among-several", &text.join("\n\n"));
    assert_eq!(harcov(&["report", "--no-config", &walked]).code, 0);
}

#[test]
fn mistakes_in_the_configuration_are_pointed_at() {
    let folder = Folder::new();
    let capture = folder.file("good.har", good());
    let mut text = Vec::new();
    for (name, config) in [
        (
            "regex.toml",
            "[[group]]\nname = \"a\"\n\n[[rule]]\ngroup = \"a\"\npath = '/(order'\n",
        ),
        (
            "unknown-key.toml",
            "titel = \"x\"\n\n[scope]\nhost = [\"a\"]\n",
        ),
        ("syntax.toml", "title = \n"),
        ("group.toml", "[[rule]]\ngroup = \"nope\"\npath = '/'\n"),
        (
            "module.toml",
            "[[module]]\nname = \"Nothing\"\nendpoints = [\"GET */nowhere/\"]\n",
        ),
        (
            "flow.toml",
            "[[flow]]\nname = \"Nothing\"\nsteps = [{ title = \"x\", endpoint = \"GET */nowhere/\" }]\n",
        ),
        ("manifest-missing.toml", "manifest = [\"nowhere.toml\"]\n"),
    ] {
        let config = folder.file(name, config);
        text.push(told(&folder, &["report", "--config", &config, &capture]));
    }
    snapshot("bad_config", &text.join("\n\n"));
}

#[test]
fn a_module_that_names_no_endpoint_is_told_in_the_report() {
    let folder = Folder::new();
    let capture = folder.file("good.har", good());
    let config = folder.file(
        "harcov.toml",
        "[[module]]\nname = \"Nothing\"\nendpoints = [\"GET */nowhere/\"]\n",
    );
    let ran = harcov(&["report", "--config", &config, &capture]);
    assert!(
        ran.out.contains("The module Nothing names no endpoint"),
        "{}",
        ran.out
    );
}

#[test]
fn mistakes_in_the_manifest_are_pointed_at() {
    let folder = Folder::new();
    let capture = folder.file("good.har", good());
    let mut text = Vec::new();
    for (name, manifest) in [
        (
            "twice.toml",
            "[[endpoint]]\nmethod = \"GET\"\nroute = \"/a/<id>\"\n\n[[endpoint]]\nmethod = \"get\"\nroute = \"/a/{key}/\"\n",
        ),
        (
            "status.toml",
            "[[endpoint]]\nmethod = \"GET\"\nroute = \"/a\"\nstatus = \"done\"\n",
        ),
        (
            "route.toml",
            "[[endpoint]]\nmethod = \"GET\"\nroute = \"a b\"\n",
        ),
    ] {
        let manifest = folder.file(name, manifest);
        let args = ["report", "--no-config", "--manifest", &manifest, &capture];
        text.push(told(&folder, &args));
    }
    snapshot("bad_manifest", &text.join("\n\n"));
}

#[test]
fn outputs_that_cannot_be_written_are_named() {
    let folder = Folder::new();
    let capture = folder.file("good.har", good());
    let within_nothing = format!("md={}", folder.at("nowhere/report.md"));
    let a_folder = format!("html={}", folder.path().display());
    let within_a_file = format!("json={capture}/x.json");
    let mut text = Vec::new();
    for target in [
        within_nothing.as_str(),
        &a_folder,
        &within_a_file,
        "pdf=report.pdf",
        "report.md",
        "md=",
        "template=x.txt",
    ] {
        text.push(told(
            &folder,
            &["report", "--no-config", &capture, "--report", target],
        ));
    }
    text.push(told(
        &folder,
        &["init", &capture, "--dir", &folder.at("nowhere")],
    ));
    snapshot("bad_outputs", &text.join("\n\n"));
}

#[test]
fn templates_with_mistakes_are_pointed_at() {
    let folder = Folder::new();
    let capture = folder.file("good.har", good());
    let mut text = Vec::new();
    let templates = [
        folder.at("missing.txt"),
        folder.file("syntax.txt", "a\n{% if %}\n"),
        folder.file("unknown.txt", "a\n{{ titel }}\n"),
        folder.file("filter.txt", "{{ title | nope }}\n"),
        folder.file("bytes.txt", b"\xff\xfe\x00"),
        folder.file("fine.txt", "{{ title | text }}: {{ scope.entries }}\n"),
    ];
    for template in &templates {
        text.push(told(
            &folder,
            &["report", "--no-config", &capture, "--template", template],
        ));
    }
    snapshot("bad_templates", &text.join("\n\n"));
}

#[test]
fn mistakes_on_the_command_line_are_pointed_at() {
    let folder = Folder::new();
    let mut text = Vec::new();
    for args in [
        &["raport"][..],
        &["report", "--lang", "fr", "x.har"],
        &["report", "--no-config", "--config", "x.toml", "x.har"],
        &["routes", "--format", "xml", "x.har"],
        &["routes", "--param-style", "curly", "x.har"],
        &["schema", "dif"],
        &["init"],
        &["explain", "GET"],
        &["explain", "GET", "", "--no-config", WOMOVIE],
    ] {
        text.push(told(&folder, args));
    }
    snapshot("bad_usage", &text.join("\n\n"));
}
