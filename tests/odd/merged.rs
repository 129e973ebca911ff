//! What is told of several sessions, things, hosts and credentials together.

use serde_json::json;

use crate::common::{Folder, harcov};
use crate::{Call, call, har, story};

/// A call of somebody.
fn by(who: &str, minute: u64, second: u64, method: &'static str, path: &str) -> Call {
    let at_ms = (minute * 60 + second) * 1_000;
    call(at_ms, method, path, &json!({"ok": true}))
        .sends("Authorization", &format!("Bearer {}", who.repeat(16)))
}

/// Two sessions, one of which goes on where the other ends.
fn two_sessions() -> Vec<Call> {
    vec![
        by("u1", 0, 1, "POST", "/v1/token"),
        by("u1", 0, 2, "GET", "/v1/accounts"),
        by("u1", 0, 3, "GET", "/v1/profile"),
        by("u1", 0, 4, "POST", "/v1/transfers"),
        by("u2", 20, 5, "POST", "/v1/token"),
        by("u2", 20, 6, "POST", "/v1/transfers"),
        by("u2", 20, 7, "POST", "/v1/confirm"),
        by("u2", 20, 8, "POST", "/v1/logout"),
    ]
}

#[test]
fn steps_stand_in_an_order_that_all_sessions_have() {
    let story = story(&two_sessions());
    let steps = story["steps"].as_array().unwrap().iter();
    let steps: Vec<&str> = steps.map(|step| step["call"].as_str().unwrap()).collect();
    let ends = ["POST /transfers", "POST /confirm", "POST /logout"];
    assert_eq!(steps[0], "POST /token");
    assert_eq!(steps[3..], ends);
}

#[test]
fn the_diagram_of_a_report_draws_the_flow_above_it() {
    let folder = Folder::new();
    let file = folder.file("odd.har", har(&two_sessions()));
    let report = harcov(&["report", "--no-config", "--lang", "en", &file]).fine();
    let (list, diagram) = report.split_once("```mermaid\n").unwrap();
    let diagram = diagram.split("```").next().unwrap();
    let listed = list.lines().filter_map(|line| {
        let (number, call) = line.split_once(". `")?;
        Some(format!("{number}. {}", call.split('`').next()?))
    });
    let drawn = diagram.lines();
    let drawn = drawn.filter_map(|line| line.trim().strip_prefix("C->>A: "));
    let listed: Vec<String> = listed.collect();
    assert_eq!(listed.len(), 4);
    assert_eq!(drawn.collect::<Vec<_>>(), listed);
}

/// What is drawn beside the flows that are declared says what it is.
#[test]
fn a_diagram_of_what_is_listed_nowhere_has_a_caption() {
    let folder = Folder::new();
    let file = folder.file("odd.har", har(&two_sessions()));
    let flow =
        r#"steps = [{ title = "Ask the user" }, { title = "Leave", endpoint = "POST */logout" }]"#;
    let config = format!("captures = [{file:?}]\n[[flow]]\nname = \"Leave\"\n{flow}\n");
    let config = folder.file("harcov.toml", config);
    for (lang, caption) in [
        (
            "en",
            "as the captures show it: 6 steps, seen in 2 sessions.",
        ),
        ("zh-CN", "抓包所见的主要流程：共 6 步，见于 2 个会话。"),
    ] {
        let report = harcov(&["report", "--config", &config, "--lang", lang]).fine();
        let diagrams: Vec<&str> = report.split("```mermaid\n").collect();
        assert_eq!(diagrams.len(), 3, "{report}");
        assert!(diagrams[1].contains("Note over C: 1. Ask the user"));
        assert!(diagrams[1].trim_end().ends_with(caption), "{report}");
    }
}
