//! The repository can be checked out on every system.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use walkdir::WalkDir;

/// Names of devices, which Windows keeps for itself whatever follows the first dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
/// Characters of a path from the root: Windows knows 260, of which a checkout's own folder needs some.
const MAX_PATH: usize = 160;

/// What is wrong with a name, if anything.
fn problem(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    if name.contains(|c: char| c.is_control() || "<>:\"/\\|?*".contains(c)) {
        Some("a sign that Windows refuses")
    } else if name.ends_with(['.', ' ']) {
        Some("it ends in a dot or a space")
    } else if DEVICES.contains(&stem.as_str()) {
        Some("it is the name of a device")
    } else {
        None
    }
}

#[test]
fn names_of_files_are_legal_everywhere() {
    let root = env!("CARGO_MANIFEST_DIR");
    let own = |name: &str| !matches!(name, ".git" | "target" | "corpus" | "artifacts");
    let files = WalkDir::new(root).into_iter();
    let files = files.filter_entry(|entry| own(&entry.file_name().to_string_lossy()));
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for file in files {
        let file = file.unwrap();
        let path = file
            .path()
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let name = file.file_name().to_str().unwrap();
        assert_eq!(problem(name), None, "{path}");
        assert!(path.chars().count() <= MAX_PATH, "{path}");
        if let Some(other) = seen.insert(path.to_lowercase(), path.clone()) {
            panic!("{path} and {other} are one file on some systems");
        }
    }
    assert!(seen.contains_key("cargo.toml"));
}

#[test]
fn bad_names_are_noticed() {
    for name in ["a:b", "GET /x?y.snap", "x.", "x ", "aux.rs", "NUL"] {
        assert!(problem(name).is_some(), "{name}");
    }
    for name in ["沃美.har", "a b.har", "auxiliary.rs", ".ci"] {
        assert_eq!(problem(name), None, "{name}");
    }
}
