//! Types flow one way: a room of the library refers to itself and to the rooms before it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use walkdir::WalkDir;

/// The rooms, each behind those that it may refer to.
const ROOMS: [&str; 19] = [
    "value",
    "capture",
    "scope",
    "route",
    "inventory",
    "redact",
    "locale",
    "config",
    "spec",
    "manifest",
    "scan",
    "rules",
    "assess",
    "report",
    "gate",
    "diff",
    "render",
    "export",
    "cli",
];

/// A reference to a room: the line, from 1, and the room's name.
type Reference = (usize, String);

/// The names that a `use` tree or path starts with: one, or those of a list in braces.
fn first_names(tree: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut fresh = true;
    let mut rest = tree;
    while let Some(c) = rest.chars().next() {
        let at = tree.len() - rest.len();
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        if word > 0 {
            if fresh && depth <= 1 {
                names.push((at, &rest[..word]));
            }
            fresh = false;
            rest = &rest[word..];
            if depth == 0 {
                break;
            }
            continue;
        }
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => fresh = depth == 1,
            ' ' | '\n' | ':' => {}
            _ => break,
        }
        rest = &rest[c.len_utf8()..];
        if depth == 0 && c == '}' {
            break;
        }
    }
    names
}

/// What a source refers to from the crate's root: by `crate::`, in examples by `harcov::`, and by
/// at least `depth` times `super::`, which is how deep the file lies. Comments count: a text that
/// names a later room explains the earlier one by it.
fn references(source: &str, depth: usize) -> Vec<Reference> {
    let up = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", "harcov::", up.as_str()] {
        for (start, _) in source.match_indices(root) {
            let behind_word = source[..start]
                .ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$');
            let tree = &source[start + root.len()..];
            if behind_word || tree.starts_with("super::") {
                continue;
            }
            for (at, name) in first_names(tree) {
                if ROOMS.contains(&name) {
                    let before = &source[..start + root.len() + at];
                    found.push((before.lines().count(), name.to_owned()));
                }
            }
        }
    }
    found.sort();
    found
}

/// How many modules a file lies below the crate's root: one for `route/mod.rs`, two for
/// `route/name.rs`.
fn depth(file: &Path) -> usize {
    let parts = file.components().count();
    if file.ends_with("mod.rs") {
        parts - 1
    } else {
        parts
    }
}

#[test]
fn a_room_refers_only_to_rooms_before_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut violations = Vec::new();
    let mut seen = BTreeSet::new();
    for file in WalkDir::new(&src).sort_by_file_name() {
        let file = file.unwrap().into_path();
        let within = file.strip_prefix(&src).unwrap();
        let Some(room) = within.iter().next().and_then(|part| part.to_str()) else {
            continue;
        };
        // Those at the top (`lib.rs`, `main.rs`) see everything.
        if file.extension().is_none_or(|ending| ending != "rs") || within.components().count() < 2 {
            continue;
        }
        let Some(own) = ROOMS.iter().position(|known| *known == room) else {
            violations.push(format!("src/{room} is no room of tests/layers.rs"));
            continue;
        };
        seen.insert(room.to_owned());
        let source = std::fs::read_to_string(&file).unwrap();
        for (line, name) in references(&source, depth(within)) {
            if !ROOMS[..=own].contains(&name.as_str()) {
                violations.push(format!(
                    "src/{}:{line}: `{room}` refers to `{name}`, which comes after it",
                    within.display()
                ));
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    assert_eq!(seen.len(), ROOMS.len(), "a room is gone: {seen:?}");
}

#[test]
fn references_are_found_however_they_are_written() {
    let source = "use crate::scope::Skip;
use crate::{
    report::{Report, cli},
    value::Kind,
};
/// See [`crate::render`] and `harcov::assess::assess`.
fn f() -> crate::cli::Io { xcrate::locale(); super::super::rules::propose() }
";
    let rooms = [
        (1, "scope"),
        (3, "report"),
        (4, "value"),
        (6, "assess"),
        (6, "render"),
        (7, "cli"),
        (7, "rules"),
    ];
    let rooms = rooms.map(|(line, room)| (line, room.to_owned()));
    assert_eq!(references(source, 2), rooms);
    let deeper: Vec<Reference> = references(source, 3);
    assert_eq!(deeper.len(), rooms.len() - 1, "{deeper:?}");
}
