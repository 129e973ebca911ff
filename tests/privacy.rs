//! What may not be shown is shown nowhere: by no command, and of no kind of input.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{BOOKSTORE, BOOKSTORE_CONFIG, Folder, harcov};
use serde_json::{Value, json};

/// More states than a list may have; none of them is a word of a report's own.
const STATES: [&str; 16] = [
    "amber", "basil", "cedar", "dahlia", "elder", "fennel", "ginger", "hazel", "iris", "jasmine",
    "laurel", "maple", "nettle", "olive", "poppy", "quince",
];

fn entry(at: usize, method: &str, path: &str, sent: Option<Value>, answer: &Value) -> Value {
    let body = sent.map(|sent| json!({"mimeType": "application/json", "text": sent.to_string()}));
    json!({
        "startedDateTime": format!("2026-03-01T10:00:{at:02}Z"),
        "request": {
            "method": method, "url": format!("https://api.shop.example{path}"), "postData": body,
        },
        "response": {
            "status": 200,
            "content": {"mimeType": "application/json", "text": answer.to_string()},
        },
    })
}

/// An order that goes through states, and is paid for in some ways.
fn capture(states: &[&str], methods: &[&str]) -> String {
    let pays = methods.iter().enumerate().map(|(at, method)| {
        let sent = json!({"payment_method": method, "order_id": 710_001});
        entry(at, "POST", "/payments", Some(sent), &json!({"ok": true}))
    });
    let reads = states.iter().enumerate().map(|(at, state)| {
        let answer = json!({"id": 710_001, "status": state});
        entry(20 + at, "GET", "/orders/710001", None, &answer)
    });
    let entries: Vec<Value> = pays.chain(reads).collect();
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

/// All that every command says of some captures.
fn all_of(folder: &Folder, config: &str, file: &str) -> Vec<(String, String)> {
    let config = folder.file("harcov.toml", config);
    let commands = [
        "report --report md=-",
        "report --report html=-",
        "report --report json=-",
        "report --report csv=-",
        "flow",
        "flow --format json",
        "inventory",
        "inventory --textconv",
        "inventory --format csv",
        "export openapi",
        "routes --format json",
        "init --dry-run",
    ];
    commands
        .into_iter()
        .map(|command| {
            let mut args: Vec<&str> = command.split(' ').collect();
            args.extend(["--config", &config, file]);
            (command.to_owned(), harcov(&args).out)
        })
        .collect()
}

#[test]
fn states_that_are_too_many_to_be_listed_are_named_nowhere() {
    let folder = Folder::new();
    let old = folder.file("old.har", capture(&STATES[..3], &["card"]));
    let new = folder.file("new.har", capture(&STATES, &["card"]));
    let shown = |text: &str| STATES[3..].iter().any(|state| text.contains(state));
    for (command, text) in all_of(&folder, "", &new) {
        // An inventory keeps what a sum of several may list.
        if !command.starts_with("inventory") {
            assert!(!shown(&text), "{command}: {text}");
        }
    }
    let diff = harcov(&["diff", "--no-config", &old, &new]);
    assert!(!shown(&diff.out), "{}", diff.out);
}

#[test]
fn what_is_denied_is_denied_of_inventories_too() {
    let folder = Folder::new();
    let har = folder.file("a.har", capture(&STATES[..4], &["card", "invoice"]));
    let inventory = folder.at("a.json");
    harcov(&["inventory", "--no-config", "-q", "-o", &inventory, &har]).fine();
    let known = std::fs::read_to_string(&inventory).unwrap();
    assert!(known.contains("basil") && known.contains("invoice"));
    for privacy in [
        "deny_values = [\"basil\", \"invoice\"]",
        "deny_names = [\"status\", \"payment_method\"]",
    ] {
        let config = format!("[privacy]\n{privacy}\n");
        for file in [&har, &inventory] {
            for (command, text) in all_of(&folder, &config, file) {
                for word in ["basil", "invoice"] {
                    assert!(!text.contains(word), "{privacy} {command} {file}: {text}");
                }
            }
        }
        let config = folder.at("harcov.toml");
        for sides in [[&inventory, &har], [&har, &inventory]] {
            let args = ["diff", "--config", &config, sides[0], sides[1]];
            let ran = harcov(&args);
            assert!(
                !ran.out.contains("basil") && !ran.out.contains("invoice"),
                "{}",
                ran.out
            );
        }
    }
}

#[test]
fn nothing_changes_since_the_same_capture() {
    let report = harcov(&[
        "report",
        "-q",
        "--config",
        BOOKSTORE_CONFIG,
        "--since",
        BOOKSTORE,
        "--report",
        "json=-",
        BOOKSTORE,
    ]);
    let since = &report.json()["since"];
    let points = since["points"].as_array().unwrap();
    assert_eq!(points[0]["coverage"], points[1]["coverage"]);
    assert_eq!(since["last"]["changed"], json!([]));
}

#[test]
fn a_value_that_is_not_listed_changes_the_status_of_a_diff() {
    let folder = Folder::new();
    let old = folder.file("old.har", capture(&STATES[..3], &["card"]));
    let new = folder.file("new.har", capture(&STATES[..3], &["card", "invoice"]));
    folder.file(
        "manifest.toml",
        "[[endpoint]]\nmethod = \"POST\"\nroute = \"/payments\"\nvalues = { payment_method = [\"card\"] }\n",
    );
    let config = folder.file("harcov.toml", "manifest = [\"manifest.toml\"]\n");
    let diff = harcov(&["diff", "--config", &config, "--format", "json", &old, &new]).json();
    let told = diff["changes"].as_array().unwrap().iter();
    let codes: Vec<&str> = told.filter_map(|change| change["code"].as_str()).collect();
    assert!(
        codes.contains(&"status-worse") || diff.to_string().contains("partial"),
        "{diff:#}"
    );
}

#[test]
fn values_that_a_project_allows_are_compared() {
    let folder = Folder::new();
    let label = |label: &str| {
        let sent = json!({"label": label});
        let entries: Vec<Value> = (0..4)
            .map(|at| {
                entry(
                    at,
                    "POST",
                    "/labels",
                    Some(sent.clone()),
                    &json!({"ok": true}),
                )
            })
            .collect();
        json!({"log": {"version": "1.2", "entries": entries}}).to_string()
    };
    let old = folder.file("old.har", label("nordnordost"));
    let new = folder.file("new.har", label("westsuedwest"));
    let config = folder.file("harcov.toml", "[privacy]\nallow_names = [\"label\"]\n");
    let diff = harcov(&["diff", "--config", &config, &old, &new]);
    assert!(diff.out.contains("westsuedwest"), "{}", diff.out);
    let diff = harcov(&["diff", "--no-config", &old, &new]);
    assert!(!diff.out.contains("westsuedwest"), "{}", diff.out);
}
