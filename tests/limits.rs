//! What a capture has too much of is left out, and every output says so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, harcov};
use serde_json::{Value, json};

/// A capture of one request to each path, answered with these bodies in turn.
fn capture(paths: &[&str], bodies: &[Value]) -> String {
    let entries: Vec<Value> = (paths.iter().zip(bodies.iter().cycle()).enumerate())
        .map(|(at, (path, body))| {
            json!({
                "startedDateTime": format!("2026-03-01T10:{:02}:{:02}Z", at / 60, at % 60),
                "request": {"method": "GET", "url": format!("https://api.example.com{path}")},
                "response": {"status": 200, "content": {
                    "mimeType": "application/json", "text": body.to_string(),
                }},
            })
        })
        .collect();
    json!({"log": {"entries": entries}}).to_string()
}

/// The JSON report and the warnings under these limits.
fn report(limits: &str, capture: &str) -> (Value, String) {
    let folder = Folder::new();
    let config = folder.file("harcov.toml", format!("[limits]\n{limits}\n"));
    let capture = folder.file("c.har", capture);
    let ran = harcov(&[
        "report", "--report", "json=-", "--config", &config, &capture,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (ran.json(), ran.err)
}

fn problems(report: &Value) -> Vec<&str> {
    let problems = report["captures"][0]["problems"].as_array().unwrap();
    problems.iter().map(|p| p.as_str().unwrap()).collect()
}

#[test]
fn calls_beyond_the_limit_are_counted_under_a_reason_of_their_own() {
    let paths = ["/orders", "/users", "/items", "/orders", "/carts"];
    let har = capture(&paths, &[json!({"ret": 0})]);
    let (all, warnings) = report("calls = 4", &har);
    assert_eq!(all["endpoints"].as_array().unwrap().len(), 4);
    assert_eq!((problems(&all).len(), warnings.as_str()), (0, ""));

    let (some, warnings) = report("calls = 2", &har);
    assert_eq!(some["endpoints"].as_array().unwrap().len(), 2);
    assert_eq!(some["scope"]["in_scope"], 3);
    assert_eq!(some["scope"]["skipped"]["over-limit"], 2);
    assert!(
        warnings.contains("more distinct calls than are kept"),
        "{warnings}"
    );
    assert!(
        warnings.contains("raise `calls` under [limits]"),
        "{warnings}"
    );
    assert!(
        problems(&some)[0].starts_with("2 requests to further calls"),
        "{some}"
    );
}

#[test]
fn names_values_and_repeats_beyond_the_limits_are_told() {
    let paths = ["/a?x=1", "/a?y=2", "/a?x=3", "/b?id=order-81723"];
    let bodies = [json!({"no": "order-81723", "p": 1, "q": 2})];
    let har = capture(&paths, &bodies);
    let (report, warnings) = report("names = 1\nvalues = 1\nrepeats = 2", &har);
    for (limit, start) in [
        ("names", "Further names"),
        ("values", "Further values"),
        ("repeats", "2 further requests"),
    ] {
        assert!(warnings.contains(&format!("raise `{limit}`")), "{warnings}");
        assert!(
            problems(&report).iter().any(|p| p.starts_with(start)),
            "{report}"
        );
    }
    assert_eq!(problems(&report).len(), 3);
}

#[test]
fn times_and_signatures_take_no_room_of_values_that_come_back() {
    let mut paths: Vec<String> = (0..30)
        .map(|n| format!("/orders?page={n}&_t=17723592000{n:02}&sign=9f86d081884c7d65{n:02}"))
        .collect();
    paths.push("/detail?id=order-81723".into());
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let har = capture(&paths, &[json!({"no": "order-81723"})]);
    let (report, warnings) = report("values = 60", &har);
    assert_eq!((problems(&report).len(), warnings.as_str()), (0, ""));
    let endpoints: Vec<&Value> = (report["flows"][0]["steps"].as_array().unwrap().iter())
        .map(|step| &step["endpoint"])
        .collect();
    assert_eq!(endpoints, ["GET /orders", "GET /detail"]);
}

#[test]
fn repetitions_are_kept_up_to_a_limit_as_well() {
    let har = capture(&["/orders"; 12], &[json!({"ret": 0})]);
    let (all, warnings) = report("repeats = 6", &har);
    assert_eq!((problems(&all).len(), warnings.as_str()), (0, ""));
    let (some, warnings) = report("repeats = 2", &har);
    assert!(warnings.contains("raise `repeats`"), "{warnings}");
    assert!(
        problems(&some)[0].starts_with("7 further requests"),
        "{some}"
    );
}

#[test]
fn one_request_made_again_and_again_is_kept_up_to_a_share() {
    let har = capture(&["/orders"; 110], &[json!({"ret": 0})]);
    let (all, warnings) = report("repeats = 660", &har);
    assert_eq!((problems(&all).len(), warnings.as_str()), (0, ""));
    let (some, warnings) = report("repeats = 60", &har);
    assert!(warnings.contains("raise `repeats`"), "{warnings}");
    assert!(
        problems(&some)[0].starts_with("9 further requests"),
        "{some}"
    );
}

#[test]
fn what_is_kept_does_not_depend_on_the_order() {
    // Of 90 names, and of as many sets of them.
    let paths: Vec<String> = (0..90)
        .map(|n| format!("/items?always=1&p{}=a+b", n * 37 % 90))
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let bodies: Vec<Value> = (0..90)
        .map(|n| json!({"always": 1, format!("f{}", n * 53 % 90): "a b"}))
        .collect();
    let har = capture(&paths, &bodies);
    let mut turned: Value = serde_json::from_str(&har).unwrap();
    turned["log"]["entries"].as_array_mut().unwrap().reverse();
    let folder = Folder::new();
    for limits in ["names = 10", "names = 2000"] {
        let config = folder.file("harcov.toml", format!("[limits]\n{limits}\n"));
        let calls = |name: &str, har: &str| {
            let har = folder.file(name, har);
            let ran = harcov(&["inventory", "--config", &config, &har]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let inventory = ran.json();
            let observed = &inventory["parts"][0]["calls"][0]["observed"];
            assert!(observed.is_object(), "{inventory}");
            let part = |key: &str| observed[key].clone();
            [
                "params",
                "more_params",
                "fields",
                "more_fields",
                "variants",
                "more_variants",
                "roles",
            ]
            .map(part)
        };
        let [params, more_params, fields, _, variants, more_variants, _] = calls("a.har", &har);
        let kept = params.as_object().unwrap().len();
        assert_eq!(kept, if limits == "names = 10" { 10 } else { 91 });
        assert_eq!(fields.as_object().unwrap().len(), kept);
        let sets = variants.as_array().map_or(0, Vec::len);
        if kept == 10 {
            assert!(params.get("query always").is_some(), "{params}");
            assert_eq!(
                (&more_params, sets, &more_variants),
                (&json!(81), 0, &json!(90))
            );
        } else {
            assert_eq!((sets, &more_variants), (64, &json!(26)));
        }
        assert_eq!(
            calls("b.har", &turned.to_string())[..],
            calls("a.har", &har)[..]
        );
    }
}

#[test]
fn an_inventory_remembers_what_was_left_out() {
    let folder = Folder::new();
    let config = folder.file("harcov.toml", "[limits]\ncalls = 1\n");
    let har = capture(&["/orders", "/users"], &[json!({"ret": 0})]);
    let har = folder.file("c.har", har);
    let ran = harcov(&["inventory", "--config", &config, &har]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let file = folder.file("c.json", &ran.out);
    let ran = harcov(&["report", "--report", "json=-", "--no-config", &file]);
    assert!(problems(&ran.json())[0].starts_with("1 request to further calls was left out"));
}

#[test]
fn limits_that_are_none_are_errors() {
    let folder = Folder::new();
    let config = folder.file("harcov.toml", "[limits]\ncalls = 0\nnames = 5000\n");
    let ran = harcov(&["report", "--config", &config, common::BOOKSTORE]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("write a number from 1 to 2000"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("harcov.toml:2"), "{}", ran.err);
}

#[test]
fn roles_waits_and_states_beyond_the_limits_are_told() {
    let folder = Folder::new();
    let config = folder.file(
        "harcov.toml",
        "[limits]\nroles = 1\nwaits = 1\nstates = 1\n",
    );
    let entries: Vec<Value> = (0..4)
        .map(|at| {
            let body = json!({"id": format!("order-81723{at}"), "status": "OPEN"});
            json!({
                "startedDateTime": format!("2026-03-01T10:00:{at}0Z"),
                "time": 9_000,
                "request": {"method": "GET", "url": format!("https://api.example.com/o?p{at}=1")},
                "response": {"status": 200, "content": {
                    "mimeType": "application/json", "text": body.to_string(),
                }},
            })
        })
        .collect();
    let capture = folder.file("c.har", json!({"log": {"entries": entries}}).to_string());
    for (lang, starts) in [
        (
            "en",
            [
                "3 requests were made in further roles",
                "3 further requests that took long",
                "Further states of things",
            ],
        ),
        (
            "zh-CN",
            [
                "因调用方式过多，有 3 个",
                "因耗时长的请求过多，有 3 个",
                "因状态记录过多，有 3 次",
            ],
        ),
    ] {
        let ran = harcov(&[
            "report", "--report", "json=-", "--config", &config, "--lang", lang, &capture,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let report = ran.json();
        for start in starts {
            assert!(
                problems(&report).iter().any(|p| p.starts_with(start)),
                "{report}"
            );
        }
        for limit in ["roles", "waits", "states"] {
            assert!(ran.err.contains(&format!("raise `{limit}`")), "{}", ran.err);
        }
    }
}
