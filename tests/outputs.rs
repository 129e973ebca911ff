//! Where reports are written to.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::os::unix::fs::symlink;

use common::{BOOKSTORE, Folder, harcov};

fn write_to(path: &str) {
    let target = format!("md={path}");
    let args = [
        "report",
        "-q",
        "--no-config",
        "--report",
        &target,
        BOOKSTORE,
    ];
    assert_eq!(harcov(&args).fine(), "");
}

#[test]
fn a_device_stays_a_device() {
    let folder = Folder::new();
    let path = folder.at("null");
    symlink("/dev/null", &path).unwrap();
    write_to(&path);
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[test]
fn redacting_replaces_no_device_and_no_link() {
    let folder = Folder::new();
    let redact = |out: &str| {
        let ran = harcov(&["redact", "--no-config", "-q", BOOKSTORE, "-o", out]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(fs::symlink_metadata(out).unwrap().is_symlink());
    };
    let device = folder.at("null");
    symlink("/dev/null", &device).unwrap();
    redact(&device);
    assert!(!fs::metadata(&device).unwrap().is_file());
    let (file, link) = (folder.file("a.har", "old"), folder.at("b.har"));
    symlink(&file, &link).unwrap();
    redact(&link);
    assert!(fs::read_to_string(&file).unwrap().starts_with("{\"log\""));
}

#[test]
fn a_link_stays_a_link() {
    let folder = Folder::new();
    let file = folder.file("file.md", "old");
    let path = folder.at("link.md");
    symlink(&file, &path).unwrap();
    write_to(&path);
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert!(fs::read_to_string(&file).unwrap().contains("## "));
}
