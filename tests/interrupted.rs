//! What a user sees while a large capture is read, and what is left when the run is broken off.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it leaves out"
)]

mod common;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::Folder;

const HARCOV: &str = env!("CARGO_BIN_EXE_harcov");

/// A capture of 40 MB of which little has to be read.
fn large() -> String {
    let filler = "x".repeat(1_000_000);
    let entry = format!(
        r#"{{"_note":"{filler}","request":{{"method":"GET","url":"https://a.example/api/x"}},"response":{{"status":200}}}}"#
    );
    let entries = vec![entry; 40].join(",");
    format!(r#"{{"log":{{"entries":[{entries}]}}}}"#)
}

#[test]
fn nothing_is_written_before_all_is_known() {
    let folder = Folder::new();
    let report = folder.file("report.md", "old");
    let mut child = Command::new(HARCOV)
        .args([
            "report",
            "--no-config",
            "--report",
            &format!("md={report}"),
            "-",
        ])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(br#"{"log":{"entries":["#).unwrap();
    input.flush().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    // Where the tests run in the background, Ctrl-C is ignored by all that they start; then the second
    // signal ends it, like a service that is stopped.
    for signal in ["-INT", "-TERM"] {
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }
    assert!(!child.wait().unwrap().success());
    drop(input);
    assert_eq!(std::fs::read_to_string(&report).unwrap(), "old");
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "something else was left");
}

#[test]
fn progress_is_for_terminals() {
    let folder = Folder::new();
    let capture = folder.file("large.har", large());
    let piped = Command::new(HARCOV)
        .args(["routes", "--no-config", &capture])
        .output()
        .unwrap();
    assert!(piped.status.success());
    assert_eq!(String::from_utf8(piped.stderr).unwrap(), "");

    // `script` runs a command on a terminal of its own.
    let shown = |quiet: &str| {
        let command = format!("{HARCOV} routes --no-config {quiet} {capture}");
        Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .stdin(Stdio::null())
            .output()
    };
    let Ok(output) = shown("") else {
        eprintln!("left out: no `script` (util-linux) to run a command on a terminal");
        return;
    };
    let bar = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() && bar.is_empty() {
        eprintln!("left out: this `script` knows no -qec");
        return;
    }
    assert!(bar.contains("MiB") && bar.contains(" left"), "{bar}");
    let quiet = shown("--quiet").unwrap();
    assert!(!String::from_utf8_lossy(&quiet.stdout).contains("MiB"));
}
