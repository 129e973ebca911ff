//! The laws of merging: evidence of captures adds up to the same in any order, adding a capture
//! again changes nothing, and what single captures hold is what they hold together.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use harcov::capture::Source;
use harcov::inventory::{Collected, Inventory, collect};
use harcov::route::Pins;
use harcov::scope::Filter;
use proptest::prelude::*;
use serde_json::json;

/// What may be called, with an answer that later calls can send on.
const PATHS: [&str; 9] = [
    "/v1/users/1",
    "/v1/users/22",
    "/v1/users/me",
    "/v1/users/anna/posts/",
    "/v1/orders/7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f/items",
    "/v1/orders/7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f/items/",
    "/v1/search?q=x&kind=BOOK",
    "/v1/search?kind=FILM&page=2",
    "/static/app.js",
];

/// One request: which path, and whether it is a POST.
type Call = (usize, bool);

fn capture(calls: &[Call]) -> String {
    let entries: Vec<serde_json::Value> = calls
        .iter()
        .enumerate()
        .map(|(second, (path, post))| {
            let order = "7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f";
            let state = if second % 2 == 0 { "OPEN" } else { "DONE" };
            let answer = json!({ "code": 0, "order_id": order, "status": state });
            json!({
                "startedDateTime": format!("2026-02-03T04:{:02}:{:02}Z", second / 60, second % 60),
                "request": {
                    "method": if *post { "POST" } else { "GET" },
                    "url": format!("https://api.example.org{}", PATHS[*path]),
                    "headers": [],
                },
                "response": {
                    "status": 200, "headers": [],
                    "content": { "mimeType": "application/json", "text": answer.to_string() },
                },
            })
        })
        .collect();
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

/// Collects captures, each named by its number, in the given order.
fn collected(captures: &[Vec<Call>], order: &[usize]) -> Collected {
    let source = |at: &usize| {
        let bytes = std::io::Cursor::new(capture(&captures[*at]).into_bytes());
        Source::reader(format!("{at}.har"), bytes)
    };
    let sources = order.iter().map(source).collect();
    collect(sources, &Filter::default(), false, &mut |_, _| {})
}

/// The endpoints with how often each was called.
fn endpoints(collected: &Collected) -> Vec<(String, usize)> {
    let inventory = Inventory::build(&collected.evidence, &Filter::default(), &Pins::default());
    let endpoints = inventory.endpoints.into_iter();
    endpoints.map(|e| (e.id, e.observed.requests)).collect()
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec((0..PATHS.len(), any::<bool>()), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_captures_does_not_matter(
        captures in prop::collection::vec(calls(), 2..5),
        turn in 0usize..5,
    ) {
        let straight: Vec<usize> = (0..captures.len()).collect();
        let mut other = straight.clone();
        other.rotate_left(turn % captures.len());
        other.reverse();
        let (a, b) = (collected(&captures, &straight), collected(&captures, &other));
        prop_assert_eq!(&a.evidence, &b.evidence);
        prop_assert_eq!(endpoints(&a), endpoints(&b));
    }

    #[test]
    fn a_capture_added_again_changes_nothing(captures in prop::collection::vec(calls(), 1..4)) {
        let once: Vec<usize> = (0..captures.len()).collect();
        let twice: Vec<usize> = once.iter().chain(&once).copied().collect();
        let (a, b) = (collected(&captures, &once), collected(&captures, &twice));
        prop_assert_eq!(a.evidence, b.evidence);
    }

    #[test]
    fn requests_add_up(captures in prop::collection::vec(calls(), 1..4)) {
        let all: Vec<usize> = (0..captures.len()).collect();
        let recorded = |collected: &Collected| -> usize {
            let calls = collected.evidence.calls.values();
            calls.map(|call| call.observed.requests).sum()
        };
        let apart: usize = all.iter().map(|at| recorded(&collected(&captures, &[*at]))).sum();
        prop_assert_eq!(recorded(&collected(&captures, &all)), apart);
    }
}
