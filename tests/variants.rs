//! What holds for the Chinese sample holds for other captures of the same API: other cinemas,
//! orders and hosts, entries in another order, more noise, the same story twice.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;

use common::{
    Folder, WOMOVIE, WOMOVIE_CONFIG, capture, cinema, entries, harcov, order, replaced, report,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

/// What must be as in the sample whatever a capture's values are; requests count `times` as often.
fn essence(report: &Value, times: u64) -> Value {
    let list = |name: &str| report[name].as_array().unwrap().iter();
    let requests = |row: &Value| {
        let requests = row["requests"].as_u64().unwrap();
        assert_eq!(requests % times, 0, "{row}");
        requests / times
    };
    let groups: Vec<Value> = list("groups")
        .map(|row| json!([row["name"], requests(row), row["endpoints"]]))
        .collect();
    let endpoints: Vec<Value> = list("endpoints")
        .map(|row| {
            let states: Vec<&Value> = row["states"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| &s["values"])
                .collect();
            json!([
                row["method"],
                row["route"],
                row["status"],
                row["group"],
                row["priority"]["level"],
                requests(row),
                row["params"],
                row["response_fields"],
                states,
            ])
        })
        .collect();
    let modules: Vec<Value> = list("modules")
        .map(|row| json!([row["name"], row["status"], row["missing"], row["priority"]]))
        .collect();
    let kinds: Vec<&Value> = list("findings").map(|row| &row["kind"]).collect();
    json!({
        "groups": groups,
        "endpoints": endpoints,
        "modules": modules,
        "flows": report["flows"],
        "findings": kinds,
        "recommendations": report["recommendations"],
        "coverage": report["coverage"]["endpoints"],
    })
}

fn sample() -> Value {
    essence(&report(WOMOVIE_CONFIG, &[]), 1)
}

/// The essence of one capture's report under the sample's config.
fn essence_of(capture: &str, times: u64) -> Value {
    let folder = Folder::new();
    let file = folder.file("variant.har", capture);
    essence(&report(WOMOVIE_CONFIG, &[&file]), times)
}

#[test]
fn other_cinemas() {
    for other in ["7", "42", "100000001", "0815"] {
        let changed = replaced(&[(cinema(), other.to_owned())]);
        assert_eq!(essence_of(&changed.to_string(), 1), sample(), "{other}");
    }
}

#[test]
fn other_orders() {
    let other = "990817263544001".to_owned();
    let changed = replaced(&[(order(), other)]);
    assert_eq!(essence_of(&changed.to_string(), 1), sample());
}

#[test]
fn another_host() {
    let pair = (
        "ct.womovie.cn".to_owned(),
        "mp-api.starcinema.example:8443".to_owned(),
    );
    let changed = replaced(&[pair]);
    assert_eq!(essence_of(&changed.to_string(), 1), sample());
}

#[test]
fn pretty_and_minified() {
    let sample_capture = capture(WOMOVIE);
    assert_eq!(essence_of(&sample_capture.to_string(), 1), sample());
    let pretty = serde_json::to_string_pretty(&sample_capture).unwrap();
    assert_eq!(essence_of(&pretty, 1), sample());
}

#[test]
fn entries_in_any_order() {
    let shuffled = Just(entries(&mut capture(WOMOVIE)).clone()).prop_shuffle();
    let mut runner = TestRunner::new(Config {
        cases: 8,
        failure_persistence: None,
        ..Config::default()
    });
    let expected = sample();
    runner
        .run(&shuffled, |shuffled| {
            let mut changed = capture(WOMOVIE);
            *entries(&mut changed) = shuffled;
            prop_assert_eq!(
                &sorted(essence_of(&changed.to_string(), 1)),
                &sorted(expected.clone())
            );
            Ok(())
        })
        .unwrap();
}

/// With the parameters of each endpoint in alphabetical order: in the report they stand as first seen.
fn sorted(mut essence: Value) -> Value {
    for row in essence["endpoints"].as_array_mut().unwrap() {
        row[6]
            .as_array_mut()
            .unwrap()
            .sort_by_key(ToString::to_string);
    }
    essence
}

#[test]
fn more_noise() {
    let mut changed = capture(WOMOVIE);
    let call = entries(&mut changed)
        .iter()
        .find(|entry| {
            entry["request"]["url"]
                .as_str()
                .unwrap()
                .contains("/user/info/")
        })
        .unwrap()
        .clone();
    let noise = |n: usize| {
        let mut entry = call.clone();
        let (url, media) = match n % 4 {
            0 => (
                format!("https://static.womovie.cn/js/chunk-{n}.js"),
                "application/javascript",
            ),
            1 => (
                format!("https://stat.trackpoint.example/collect?n={n}"),
                "application/json",
            ),
            2 => (
                format!("https://www.google-analytics.com/g/collect?n={n}"),
                "text/plain",
            ),
            _ => (
                format!("https://img.womovie.cn/poster/{n}.webp"),
                "image/webp",
            ),
        };
        entry["request"]["url"] = json!(url);
        entry["response"]["content"] = json!({ "mimeType": media, "size": 0 });
        entry["_resourceType"] = json!(if n % 4 == 1 { "ping" } else { "other" });
        entry
    };
    entries(&mut changed).extend((0..200).map(noise));
    assert_eq!(essence_of(&changed.to_string(), 1), sample());
}

#[test]
fn two_cinemas_count_twice() {
    let mut both = capture(WOMOVIE);
    let mut other = replaced(&[
        (cinema(), "8899".to_owned()),
        (order(), "990817263544001".to_owned()),
    ]);
    for entry in entries(&mut other) {
        let later = entry["startedDateTime"]
            .as_str()
            .unwrap()
            .replace("2025-06-24", "2025-06-25");
        entry["startedDateTime"] = json!(later);
    }
    let others = entries(&mut other).clone();
    entries(&mut both).extend(others);
    let essence = essence_of(&both.to_string(), 2);
    let counted = |essence: &Value| {
        let rows = essence["endpoints"].as_array().unwrap().iter();
        rows.map(|row| (row[1].to_string() + &row[0].to_string(), row[5].clone()))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(counted(&essence), counted(&sample()));
    for part in ["groups", "modules", "flows", "coverage"] {
        assert_eq!(essence[part], sample()[part], "{part}");
    }
}

#[test]
fn captures_in_any_order_give_the_same_bytes() {
    let folder = Folder::new();
    let mut parts = Vec::new();
    let all = entries(&mut capture(WOMOVIE)).clone();
    for (n, part) in all.chunks(25).enumerate() {
        let mut piece = capture(WOMOVIE);
        *entries(&mut piece) = part.to_vec();
        parts.push(folder.file(&format!("part-{n}.har"), piece.to_string()));
    }
    for format in ["md", "html", "json"] {
        let target = format!("{format}=-");
        let run = |order: &[usize]| {
            let mut args = vec!["report", "--config", WOMOVIE_CONFIG, "--report", &target];
            args.extend(order.iter().map(|at| parts[*at].as_str()));
            harcov(&args).fine()
        };
        let first = run(&[0, 1, 2]);
        for order in [[0, 2, 1], [1, 0, 2], [2, 1, 0]] {
            assert!(run(&order) == first, "{format} {order:?}");
        }
    }
}

#[test]
fn the_same_capture_twice_is_as_once() {
    let folder = Folder::new();
    folder.file("a.har", std::fs::read(WOMOVIE).unwrap());
    for captures in [[WOMOVIE, WOMOVIE], [&folder.at(""), WOMOVIE]] {
        let report = report(WOMOVIE_CONFIG, &captures);
        assert_eq!(report["scope"]["in_scope"], 35, "{captures:?}");
        assert_eq!(essence(&report, 1), sample(), "{captures:?}");
    }
}
