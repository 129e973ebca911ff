//! What is told of several sessions, things, hosts and credentials together.

use serde_json::{Value, json};

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

/// What flows, as `GET /a field -> GET /b/<id> id × 2`.
fn flows(story: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let edges = story["edges"].as_array().unwrap().iter();
    let mut flows: Vec<String> = edges
        .map(|edge| {
            let (from, to) = (&edge["from"], &edge["to"]);
            format!(
                "{} {} -> {} {} × {}",
                text(&from["endpoint"]),
                text(&from["field"]),
                text(&to["endpoint"]),
                text(&to["field"]),
                edge["support"]
            )
        })
        .collect();
    flows.sort();
    flows
}

/// The same few pods in every namespace: first a list of them, then of each its state and its log.
fn pods() -> Vec<Call> {
    let mut calls = Vec::new();
    for (at, namespace) in (0..).zip(["default", "kube-system", "prod-payments", "staging"]) {
        let pods = ["web-7d4b9c6f5-x2x9z", "api-5c6d8f9b7-k4m2q"];
        let items: Vec<Value> = pods
            .iter()
            .map(|pod| json!({"metadata": {"name": pod}}))
            .collect();
        let list = format!("/v1/namespaces/{namespace}/pods");
        calls.push(call(at * 20_000, "GET", &list, &json!({"items": items})));
        for (of, pod) in (0..).zip(pods) {
            for (then, what) in (1..).zip(["log", "status"]) {
                let at = at * 20_000 + of * 4_000 + then * 1_000;
                calls.push(call(
                    at,
                    "GET",
                    &format!("{list}/{pod}/{what}"),
                    &json!({"n": at}),
                ));
            }
        }
    }
    calls
}

#[test]
fn a_value_is_one_whatever_the_path_that_sends_it() {
    let list = "GET /v1/namespaces/<namespace_name>/pods";
    let wanted = ["log", "status"].map(|what| {
        format!("{list} items[].metadata.name -> {list}/<pod_name>/{what} pod_name × 2")
    });
    let direct = story(&pods());
    assert_eq!(flows(&direct), wanted);
    let fan_out = |finding: &Value| finding["kind"] == "fan-out";
    assert!(!direct["findings"].as_array().unwrap().iter().any(fan_out));
    // An inventory knows it, too.
    let folder = Folder::new();
    let file = folder.file("odd.har", har(&pods()));
    let inventory = harcov(&["inventory", "--no-config", &file]).fine();
    let file = folder.file("odd.json", inventory);
    let again = harcov(&[
        "flow",
        "--no-config",
        "--lang",
        "en",
        "--format",
        "json",
        &file,
    ]);
    assert_eq!(flows(&again.json()), wanted);
}

/// Two tenants, each with a key of its own.
fn tenants(hosts: [&str; 2]) -> Vec<Call> {
    let mut calls = Vec::new();
    for (at, (host, key)) in (0..).zip(
        hosts
            .into_iter()
            .zip(["WKbsDE3kGZoD9iPC", "DnobDQCm5JUcKkHn"]),
    ) {
        let mut add = |second: u64, path: &str, answer: Value| {
            let mut call = call(at * 10_000 + second * 1_000, "GET", path, &answer);
            call.url = format!("https://{host}{path}");
            calls.push(call.sends("X-Api-Key", key));
        };
        let list = ["/api/employees", "/api/staff"][usize::try_from(at).unwrap()];
        add(1, list, json!({"items": [{"department": "engineering"}]}));
        add(
            2,
            "/api/departments/engineering/headcount",
            json!({"n": 10}),
        );
    }
    calls
}

#[test]
fn a_value_comes_from_the_host_and_the_user_that_it_is_sent_by() {
    let story = story(&tenants(["acme.odd.example", "globex.odd.example"]));
    let to = "GET /api/departments/<department>/headcount";
    assert_eq!(
        flows(&story),
        [
            format!(
                "GET /api/employees items[].department -> {to} @acme.odd.example department × 1"
            ),
            format!("GET /api/staff items[].department -> {to} @globex.odd.example department × 1"),
        ]
    );
}

/// The last one who sends a value at a place says whose it is there.
#[test]
fn of_one_host_the_users_are_told_apart() {
    let story = story(&tenants(["hr.odd.example", "hr.odd.example"]));
    let to = "GET /api/departments/<department>/headcount";
    assert_eq!(
        flows(&story),
        [format!(
            "GET /api/staff items[].department -> {to} department × 1"
        )]
    );
}

/// Two orders that are polled at once, and how they end.
fn two_orders(ends: [&str; 2]) -> Value {
    let mut calls = Vec::new();
    for round in 0..4 {
        for (order, end) in (1..).zip(ends) {
            let state = if round == 3 { end } else { "PROCESSING" };
            let answer = json!({"orderId": 900_000 + order, "status": state});
            let path = format!("/v1/orders/90000{order}/status");
            calls.push(call(round * 2_000 + order * 1_000, "GET", &path, &answer));
        }
    }
    story(&calls)
}

#[test]
fn all_ends_of_polls_are_told() {
    for ends in [["DONE", "FAILED"], ["FAILED", "DONE"]] {
        let story = two_orders(ends);
        let poll = &story["polls"][0];
        let wanted = json!([{"value": "DONE", "count": 1}, {"value": "FAILED", "count": 1}]);
        assert_eq!(poll["ends"], wanted);
        assert_eq!(story["steps"][0]["reaches"], "status=DONE / FAILED");
        let findings = story["findings"].as_array().unwrap();
        let polling = findings.iter().find(|known| known["kind"] == "polling");
        let text = polling.unwrap()["text"].as_str().unwrap();
        assert!(text.contains("ended as `DONE` and `FAILED`"), "{text}");
    }
    let story = two_orders(["DONE", "DONE"]);
    assert_eq!(
        story["polls"][0]["ends"],
        json!([{"value": "DONE", "count": 2}])
    );
    assert_eq!(story["steps"][0]["reaches"], "status=DONE");
}

/// A login, and a renewal of what it gave.
#[test]
fn all_that_gave_a_credential_is_told() {
    let (first, second) = ("QLwdibXcNYWFxZBXmfewBaXj", "MTzJ3d59u3SbKk9inhvWFTD2");
    let given = |token: &str| json!({"access_token": token});
    let sent = |call: Call, token: &str| call.sends("Authorization", &format!("Bearer {token}"));
    let empty = json!({"ok": true});
    let story = story(&[
        call(0, "POST", "/v1/login", &given(first)).json(&json!({"user": "u"})),
        sent(call(1_000, "GET", "/v1/accounts", &empty), first),
        sent(call(2_000, "POST", "/v1/transfers", &empty), first),
        call(3_000, "POST", "/v1/token/refresh", &given(second)).json(&json!({"old": "x"})),
        sent(call(4_000, "POST", "/v1/transfers", &empty), second),
        sent(call(5_000, "POST", "/v1/logout", &empty), second),
    ]);
    let credential = &story["auth"]["credentials"][0];
    let source = |call: &str| json!({"endpoint": call, "field": "access_token", "in": "body"});
    assert_eq!(credential["from"], source("POST /v1/login"));
    assert_eq!(
        credential["also_from"],
        json!([source("POST /v1/token/refresh")])
    );
}

/// A word that identifies something has the name that the API gives it.
#[test]
fn a_word_is_named_as_the_answers_name_it() {
    let booking = json!({"pnr": "QKXWTR", "state": "OPEN"});
    let steps = ["payments", "ticket", "seats"].into_iter().zip(2..);
    let mut calls = vec![
        call(0, "POST", "/v2/bookings", &booking).json(&json!({"offer": 7})),
        call(1_000, "GET", "/v2/bookings/QKXWTR", &booking),
    ];
    calls.extend(steps.map(|(step, second)| {
        let path = format!("/v2/bookings/QKXWTR/{step}");
        call(second * 1_000, "POST", &path, &json!({"ok": true}))
    }));
    let story = story(&calls);
    let wanted = "POST /v2/bookings pnr -> GET /v2/bookings/<pnr> pnr × 1".to_owned();
    assert!(flows(&story).contains(&wanted), "{:#?}", flows(&story));
}
