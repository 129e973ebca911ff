//! The story that captures tell: `harcov flow`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{BOOKSTORE_CONFIG, WOMOVIE, WOMOVIE_CONFIG, harcov, snapshot};
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

/// The Mermaid diagrams of a Markdown report.
fn diagrams(report: &str) -> Vec<&str> {
    let blocks = report.split("```mermaid\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

/// Whether a text is of the few forms of lines that harcov writes, each of which a real parser took.
fn is_diagram(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |c: char| c.is_alphanumeric() || "/_-., =[]()$+@#;·’".contains(c);
        !label.trim().is_empty() && label.chars().all(plain)
    };
    let mut lines = text.lines();
    let sequence = match lines.next() {
        Some("sequenceDiagram") => true,
        Some("stateDiagram-v2") => false,
        _ => return false,
    };
    let mut open = 0_i32;
    for line in lines.map(str::trim) {
        let known = if sequence {
            open += i32::from(line.starts_with("loop") || line == "opt") - i32::from(line == "end");
            line == "end"
                || line == "opt"
                || line == "loop"
                || line.starts_with("participant ")
                || ["C->>A: ", "A-->>C: ", "Note over C: ", "loop "]
                    .iter()
                    .any(|start| line.strip_prefix(start).is_some_and(is_label))
        } else {
            let state = line
                .strip_prefix("state \"")
                .and_then(|rest| rest.split_once("\" as s"))
                .is_some_and(|(label, number)| {
                    is_label(label) && number.bytes().all(|byte| byte.is_ascii_digit())
                });
            let comment = line.strip_prefix("%% ").is_some_and(is_label);
            let arrow = line.split_once(" --> ").is_some_and(|(from, to)| {
                let (to, by) = to.split_once(" : ").unwrap_or((to, "·"));
                from.starts_with('s') && to.starts_with('s') && is_label(by)
            });
            state || comment || arrow
        };
        if !known {
            return false;
        }
    }
    open == 0
}

#[test]
fn diagrams_are_mermaid_and_short_enough() {
    let mut seen = 0;
    for config in [WOMOVIE_CONFIG, BOOKSTORE_CONFIG] {
        for lang in ["zh-CN", "en"] {
            let report = harcov(&["report", "--config", config, "--lang", lang]).fine();
            for diagram in diagrams(&report) {
                assert!(is_diagram(diagram), "{diagram}");
                assert!(diagram.chars().count() <= 2_000, "{diagram}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 8, "{seen}");
}

#[test]
fn diagrams_of_hostile_captures_are_mermaid_too() {
    let entry = |at: usize, path: &str, state: &str| {
        let answer = serde_json::json!({
            "status": state, "end": "end", "a;b\n```\"%%{": "x7812345", "order_id": "ord-77812",
        });
        serde_json::json!({
            "startedDateTime": format!("2025-03-04T10:{:02}:{:02}Z", at / 60, at % 60),
            "request": {"method": "POST", "url": format!("https://a.example/{path}"), "headers": [],
                "postData": {"mimeType": "application/json",
                    "text": "{\"order_id\":\"ord-77812\",\"end\":\"x7812345\"}"}},
            "response": {"status": 200, "headers": [],
                "content": {"mimeType": "application/json", "text": answer.to_string()}},
        })
    };
    let mut entries: Vec<Value> = (0..70)
        .map(|at| {
            entry(
                at * 3,
                &format!("end/loop%3B%22{at}x/alt-{}", "y".repeat(at)),
                "NEW",
            )
        })
        .collect();
    for (at, state) in [(400, "PENDING"), (403, "PENDING"), (406, "DONE")] {
        entries.push(entry(at, "end/query", state));
    }
    let har = serde_json::json!({"log": {"version": "1.2", "entries": entries}});
    let folder = common::Folder::new();
    let file = folder.file("hostile.har", har.to_string());
    let report = harcov(&["report", "--no-config", &file]).fine();
    let diagrams = diagrams(&report);
    assert!(!diagrams.is_empty());
    for diagram in diagrams {
        assert!(is_diagram(diagram), "{diagram}");
        assert!(diagram.chars().count() <= 2_000, "{diagram}");
    }
}

/// Declared flows are held against what was seen.
#[test]
fn declared_flows_are_checked() {
    let folder = common::Folder::new();
    let own = r#"
[[flow]]
name  = "Odd"
steps = [
  { title = "Pay",    endpoint = "POST */order/payment/" },
  { title = "Create", endpoint = "POST */order/ticket/" },
  { title = "Refund", endpoint = "POST */order/refund/" },
]
"#;
    let captures = std::path::absolute(WOMOVIE).unwrap();
    let file = folder.file(
        "harcov.toml",
        format!("captures = [{:?}]\n{own}", captures.to_str().unwrap()),
    );
    let story = harcov(&[
        "flow", "--config", &file, "--lang", "en", "--format", "json",
    ])
    .json();
    let texts: Vec<&str> = story["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["kind"] == "flow")
        .map(|finding| finding["text"].as_str().unwrap())
        .collect();
    let has = |words: &[&str]| {
        let mut texts = texts.iter();
        texts.any(|text| words.iter().all(|word| text.contains(word)))
    };
    assert!(has(&["Odd", "refund", "never seen"]), "{texts:#?}");
    assert!(
        has(&["Odd", "/order/ticket/", "before", "/order/payment/"]),
        "{texts:#?}"
    );
    assert!(has(&["no flow declares"]), "{texts:#?}");
    assert_eq!(
        harcov(&["report", "--config", &file, "--lang", "en"]).code,
        0
    );
}
