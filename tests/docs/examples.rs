//! The examples of the book: each page's commands are run, in its order, in a folder of their own.
//!
//! A page that has commands says in a comment which files it begins with:
//! `<!-- begins with: har-samples/bookstore/checkout.har as shop.har -->`. A command that does not end
//! with 0 says so (`# ends with 1`). Lines below a command stand in what it prints, in this order;
//! `…` leaves some out.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use super::{ROOT, pages, read};

/// A command of a page: what it is, how it ends, and what of its output is shown.
struct Example {
    command: String,
    ends: i32,
    shown: Vec<String>,
}

#[test]
fn the_examples_run() {
    let mut ran = 0;
    for page in pages() {
        let text = read(&format!("docs/src/{page}"));
        let examples = examples(&text);
        if examples.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        for line in text.lines() {
            if let Some(files) = line.strip_prefix("<!-- begins with: ") {
                let (from, to) = files.trim_end_matches(" -->").split_once(" as ").unwrap();
                let target = folder.path().join(to);
                std::fs::create_dir_all(target.parent().unwrap()).unwrap();
                std::fs::copy(Path::new(ROOT).join(from), target).unwrap();
            }
        }
        for example in examples {
            run(&page, &example, folder.path());
            ran += 1;
        }
    }
    assert!(ran > 20, "only {ran} examples");
}

fn examples(text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                let (command, ends) = match command.split_once("  # ends with ") {
                    Some((command, code)) => (command.trim(), code.parse().unwrap()),
                    None => (command, 0),
                };
                found.push(Example {
                    command: command.to_owned(),
                    ends,
                    shown: Vec::new(),
                });
            } else if !line.is_empty() && line != "…" {
                found.last_mut().unwrap().shown.push(line.to_owned());
            }
        }
    }
    found
}

fn run(page: &str, example: &Example, folder: &Path) {
    let bin = Path::new(env!("CARGO_BIN_EXE_harcov")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("bash")
        .args([
            "-uo",
            "pipefail",
            "-c",
            &format!("({}) 2>&1", example.command),
        ])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        output.status.code(),
        Some(example.ends),
        "{page}: {}\n{printed}",
        example.command
    );
    let mut lines = printed.lines();
    for shown in &example.shown {
        assert!(
            lines.any(|line| line.trim_end() == shown.trim_end()),
            "{page}: {}\nprints no line, or not in this order: {shown}\n{printed}",
            example.command
        );
    }
}
