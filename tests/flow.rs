//! The story that captures tell: `harcov flow`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{BOOKSTORE_CONFIG, WOMOVIE_CONFIG, harcov, snapshot};
use serde_json::Value;

#[test]
fn the_story_of_the_samples() {
    for (sample, config) in [("womovie", WOMOVIE_CONFIG), ("bookstore", BOOKSTORE_CONFIG)] {
        for lang in ["zh-CN", "en"] {
            let text = harcov(&["flow", "--config", config, "--lang", lang]).fine();
            snapshot(&format!("flow_{sample}_{lang}"), &text);
        }
        let args = [
            "flow", "--config", config, "--lang", "en", "--format", "json",
        ];
        snapshot(&format!("flow_{sample}.json"), &harcov(&args).fine());
    }
}

#[test]
fn the_json_has_what_the_contract_names() {
    let args = ["flow", "--config", WOMOVIE_CONFIG, "--format", "json"];
    let story = harcov(&args).json();
    let text = |value: &Value, pointer: &str| {
        value
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer} in {value}"))
            .clone()
    };
    for (list, pointers) in [
        (
            "edges",
            &[
                "/from/endpoint",
                "/from/field",
                "/to/endpoint",
                "/to/field",
                "/to/in",
                "/support",
            ][..],
        ),
        (
            "polls",
            &["/endpoint", "/count", "/interval_ms", "/field", "/values/0"],
        ),
        (
            "states",
            &[
                "/endpoint",
                "/field",
                "/transitions/0/from",
                "/transitions/0/to",
            ],
        ),
        (
            "variants",
            &["/endpoint", "/fields/0", "/constants", "/status"],
        ),
        ("steps", &["/endpoint", "/flow", "/step"]),
        ("pages", &["/endpoint", "/kind", "/field", "/in"]),
        ("findings", &["/kind", "/text"]),
    ] {
        let first = text(&story, &format!("/{list}/0"));
        for pointer in pointers {
            text(&first, pointer);
        }
    }
}
