//! What a report says of importance, priority and order: the same in every place.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, harcov};
use serde_json::{Value, json};

/// A capture of calls that are made one after the other, each with its answer.
fn har(calls: &[(&str, &str, Value, Value)]) -> String {
    let entries: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(at, (method, path, sent, answered))| {
            let mut request = json!({"method": method,
                "url": format!("https://api.example.com{path}"), "headers": []});
            if !sent.is_null() {
                request["postData"] =
                    json!({"mimeType": "application/json", "text": sent.to_string()});
            }
            json!({
                "startedDateTime": format!("2026-01-31T10:00:{at:02}.000Z"),
                "request": request,
                "response": {"status": 200, "headers": [], "content": {
                    "mimeType": "application/json", "text": answered.to_string()}},
            })
        })
        .collect();
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

/// Something is found, put into a cart, ordered and paid.
fn shop() -> String {
    let none = Value::Null;
    har(&[
        (
            "GET",
            "/products",
            none.clone(),
            json!({"items": [{"id": 481_516}]}),
        ),
        (
            "POST",
            "/carts",
            json!({"product_id": 481_516}),
            json!({"cart_id": 902_771}),
        ),
        (
            "POST",
            "/orders",
            json!({"cart_id": 902_771}),
            json!({"order_id": 7_733_113}),
        ),
        (
            "POST",
            "/orders/7733113/pay",
            json!({"pay_type": "CARD"}),
            json!({"ok": true}),
        ),
        ("GET", "/banners", none, json!({"text": "hello"})),
    ])
}

/// The report of the shop under a configuration that names `own.toml`, in a format and a language.
fn report(config: &str, own: &str, format: &str, lang: &str) -> String {
    let folder = Folder::new();
    let config = folder.file("harcov.toml", format!("manifest = 'own.toml'\n{config}"));
    folder.file("own.toml", own);
    let capture = folder.file("shop.har", shop());
    let to = format!("{format}=-");
    let args = [
        "report", "--config", &config, "--lang", lang, "--report", &to, &capture,
    ];
    harcov(&args).out
}

/// The same as JSON.
fn rows(config: &str, own: &str) -> Value {
    serde_json::from_str(&report(config, own, "json", "en")).unwrap()
}

/// An entry of the manifest.
fn entry(method: &str, route: &str, rest: &str) -> String {
    format!("[[endpoint]]\nmethod = '{method}'\nroute = '{route}'\n{rest}\n")
}

#[test]
fn each_endpoint_counts_for_one_importance() {
    let own = entry("GET", "/banners", "priority = 'none'") + &entry("POST", "/carts", "");
    let report = rows("", &own);
    let sum: u64 = report["priorities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["coverage"]["endpoints"]["total"].as_u64().unwrap())
        .sum();
    assert_eq!(report["coverage"]["endpoints"]["total"], sum, "{report:#}");
}

#[test]
fn coverage_by_importance_says_what_it_is() {
    let own = entry("GET", "/banners", "priority = 'none'");
    for (lang, head, none) in [("en", "Importance", "None"), ("zh-CN", "重要程度", "无")] {
        let markdown = report("", &own, "md", lang);
        assert!(markdown.contains(&format!("| {head} | ")), "{markdown}");
        assert!(
            markdown.contains(&format!("\n| {none} | 1 |")),
            "{markdown}"
        );
        assert!(markdown.contains(&format!("\n\n{head}")), "{markdown}");
        let html = report("", &own, "html", lang);
        assert!(html.contains(&format!("<th scope=\"col\">{head}</th>")));
        assert!(html.contains(&format!("<p class=\"count\">{head}")));
    }
}

#[test]
fn what_has_no_priority_is_not_recommended_with_its_module() {
    let own = entry(
        "POST",
        "/orders/<id>/pay",
        "status = 'missing'\npriority = 'none'",
    );
    let recommended = rows("", &own)["recommendations"].to_string();
    assert!(recommended.contains("POST /orders\""), "{recommended}");
    assert!(!recommended.contains("/pay\""), "{recommended}");
}

#[test]
fn what_is_to_be_built_first_stands_first() {
    let pay = entry("POST", "/orders/<id>/pay", "status = 'missing'");
    let low = "[[priority]]\nendpoint = 'POST /carts'\nlevel = 'low'\n";
    for (lang, first, later) in [
        ("en", "so build that first", "further down in this order"),
        ("zh-CN", "应在其后实现", "被依赖者排在后面"),
    ] {
        let told = |config: &str| {
            let report: Value = serde_json::from_str(&report(config, &pay, "json", lang)).unwrap();
            let high = report["recommendations"]["high"].as_array().unwrap();
            let orders = high
                .iter()
                .find(|row| row["endpoints"].to_string().contains("POST /orders\""));
            let reasons = &orders.unwrap()["reasons"];
            reasons.to_string()
        };
        let (same, lower) = (told(""), told(low));
        assert!(same.contains(first) && !same.contains(later), "{same}");
        assert!(lower.contains(later) && !lower.contains(first), "{lower}");
    }
}

/// The level and the reasons of an endpoint.
fn priority<'r>(report: &'r Value, id: &str) -> (&'r str, &'r Value) {
    let rows = report["endpoints"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == id).unwrap();
    let priority = &row["priority"];
    (priority["level"].as_str().unwrap(), &priority["reasons"])
}

#[test]
fn a_modules_priority_is_that_of_its_endpoints() {
    let of_module = |level: &str, patterns: &str| {
        format!(
            "[[module]]\nname = 'Buy {level}'\nendpoints = [{patterns}]\npriority = '{level}'\n"
        )
    };
    let rule = "[[rule]]\ngroup = 'order'\npath = '^/orders'\npriority = 'high'\n";
    let config = [
        rule,
        &of_module(
            "low",
            "'POST /orders', 'POST /orders/<id>/pay', 'POST /carts'",
        ),
        &of_module("medium", "'POST /carts', 'GET /banners'"),
    ];
    let own = entry(
        "POST",
        "/orders/<id>/pay",
        "status = 'missing'\npriority = 'high'",
    ) + &entry("GET", "/banners", "");
    let report = rows(&config.concat(), &own);
    let by_module = json!(["said by hand for its module"]);
    assert_eq!(priority(&report, "POST /orders"), ("low", &by_module));
    assert_eq!(priority(&report, "POST /carts"), ("medium", &by_module));
    let by_manifest = json!(["said by hand in the manifest"]);
    assert_eq!(
        priority(&report, "POST /orders/<id>/pay"),
        ("high", &by_manifest)
    );
    // What is done has no priority, whoever says one.
    let done = json!(["nothing is left to build"]);
    assert_eq!(priority(&report, "GET /banners"), ("none", &done));
}
