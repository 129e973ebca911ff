//! Captures of many producers, kept beside the repository: everything is read or refused in words.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it saw"
)]

mod common;

use std::path::PathBuf;

use common::{harcov, shared};

fn files() -> Option<Vec<PathBuf>> {
    let Some(corpus) = shared("har-corpus") else {
        println!("the corpus is not there; nothing was tested");
        return None;
    };
    let mut files = Vec::new();
    let mut folders = vec![corpus];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|extension| extension != "tsv") {
                files.push(path);
            }
        }
    }
    files.sort();
    Some(files)
}

#[test]
fn every_capture_is_read_or_refused() {
    let Some(files) = files() else { return };
    let (mut read, mut refused, mut entries, mut counted) = (0, 0, 0, 0);
    for file in &files {
        let name = file.to_str().unwrap();
        let ran = harcov(&["report", "--no-config", "--report", "json=-", name]);
        let rows = harcov(&[
            "routes",
            "--no-config",
            "--each-request",
            "--format",
            "json",
            name,
        ]);
        assert_eq!(ran.code, rows.code, "{name}");
        if ran.out.is_empty() {
            assert_eq!(ran.code, 2, "{name}");
            assert!(ran.err.starts_with("error: "), "{name}: {}", ran.err);
            refused += 1;
            continue;
        }
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let scope = &ran.json()["scope"];
        let all = scope["entries"].as_u64().unwrap();
        let in_scope = scope["in_scope"].as_u64().unwrap();
        let skipped = scope["skipped"].as_object().unwrap().values();
        let skipped: u64 = skipped.map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(in_scope + skipped, all, "{name}");
        let rows = rows.json();
        let rows = rows.as_array().unwrap();
        let inside = rows.iter().filter(|row| row["in_scope"] == true).count();
        assert_eq!(inside as u64, in_scope, "{name}");
        assert!(
            rows.iter()
                .all(|row| row["in_scope"] == true || row["reason"].is_string()),
            "{name}"
        );
        (read, entries, counted) = (read + 1, entries + all, counted + in_scope);
    }
    println!("{read} captures read, {refused} refused; {counted} of {entries} entries count");
    assert!(read > 0);
}

#[test]
fn every_report_of_the_corpus_renders() {
    let Some(files) = files() else { return };
    for file in files.iter().step_by(7) {
        let name = file.to_str().unwrap();
        for format in ["md=-", "html=-"] {
            for lang in ["en", "zh-CN"] {
                let args = [
                    "report",
                    "--no-config",
                    "--lang",
                    lang,
                    "--report",
                    format,
                    name,
                ];
                let ran = harcov(&args);
                assert!(
                    ran.code == 0 || ran.err.starts_with("error: "),
                    "{name}: {}",
                    ran.err
                );
                assert!(ran.code != 0 || !ran.out.is_empty(), "{name}");
            }
        }
    }
}

/// What is asked for again and again in captures of pages: only what a page's own program does is a poll.
#[test]
fn assets_are_no_polls_and_websockets_are_named() {
    let Some(files) = files() else { return };
    let (mut told, mut polls, mut sockets) = (0, Vec::new(), 0);
    for file in &files {
        let name = file.to_str().unwrap();
        let ran = harcov(&["flow", "--no-config", "--format", "json", name]);
        if ran.code != 0 || ran.out.is_empty() {
            continue;
        }
        told += 1;
        let story = ran.json();
        for poll in story["polls"].as_array().unwrap() {
            polls.push(poll["endpoint"].as_str().unwrap().to_owned());
        }
        let mut findings = story["findings"].as_array().unwrap().iter();
        sockets += usize::from(findings.any(|finding| finding["kind"] == "websocket"));
    }
    println!("{told} stories, polls: {polls:?}, captures with WebSockets: {sockets}");
    // The one page that asks whether its check is done, every three seconds.
    assert_eq!(polls, ["GET /checks/latest"]);
    assert!(sockets >= 3, "{sockets}");
}
