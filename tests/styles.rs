//! The style of parameters: what people read follows it, what programs compare does not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{WOMOVIE, WOMOVIE_CONFIG, WOMOVIE_LATER, harcov};
use serde_json::Value;

/// What a command prints under a style, whatever its exit code.
fn told(command: &[&str], style: &str) -> String {
    let config = ["--config", WOMOVIE_CONFIG, "--param-style", style];
    harcov(&[command, &config, WOMOVIE_SIDES].concat()).out
}

/// Both sides of a diff are captures like any others elsewhere.
const WOMOVIE_SIDES: &[&str] = &[WOMOVIE, WOMOVIE_LATER];

const COMMANDS: [&[&str]; 13] = [
    &["report"],
    &["report", "--report", "terminal=-"],
    &["report", "--report", "sarif=-"],
    &["report", "--report", "junit=-"],
    &["report", "--report", "csv=-"],
    &["report", "--report", "gitlab=-"],
    &["check"],
    &["check", "--report", "github=-"],
    &["check", "--report", "summary=-"],
    &["flow"],
    &["diff"],
    &["diff", "--format", "markdown"],
    &["diff", "--format", "github"],
];

#[test]
fn what_people_read_follows_the_style() {
    for command in COMMANDS {
        let [angle, brace] = ["angle", "brace"].map(|style| told(command, style));
        assert!(
            angle.contains("cinema/<cinema_id>") || angle.contains("&lt;cinema_id"),
            "{command:?}"
        );
        assert!(brace.contains("cinema/{cinema_id}"), "{command:?}: {brace}");
        for other in ["/<cinema_id>", "/&lt;cinema_id", "#lt;cinema_id"] {
            assert!(!brace.contains(other), "{command:?}: {brace}");
        }
    }
}

#[test]
fn a_page_follows_the_style() {
    let page = told(&["report", "--report", "html=-"], "colon");
    assert!(page.contains("/cinema/:cinema_id/") && !page.contains("/&lt;cinema_id"));
}

/// The ids and fingerprints in JSON.
fn ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("id" | "endpoint" | "fingerprint", Value::String(text)) => {
                        found.push(text.clone());
                    }
                    _ => ids(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| ids(item, found)),
        _ => {}
    }
}

#[test]
fn ids_in_json_are_the_same_in_every_style() {
    let commands: [&[&str]; 4] = [
        &["report", "--report", "json=-"],
        &["check", "--format", "json"],
        &["flow", "--format", "json"],
        &["diff", "--format", "json"],
    ];
    for command in commands {
        let [angle, brace] = ["angle", "brace"].map(|style| {
            let mut found = Vec::new();
            ids(
                &serde_json::from_str(&told(command, style)).unwrap(),
                &mut found,
            );
            found
        });
        assert!(
            angle.iter().any(|id| id.contains("<cinema_id>")),
            "{command:?}"
        );
        assert_eq!(angle, brace, "{command:?}");
    }
}
