//! The laws of merging: evidence of captures adds up to the same in any order and any grouping, a
//! capture counts once however often it is given, and inventories are as good as the captures.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;

use common::{Folder, harcov};
use harcov::capture::Source;
use harcov::inventory::{Collected, Evidence, Inventory, Known, collect, write};
use harcov::route::Pins;
use harcov::scope::Filter;
use proptest::prelude::*;
use serde_json::json;

/// What may be called, with an answer that later calls can send on.
const PATHS: [&str; 12] = [
    "/v1/users/1",
    "/v1/users/22",
    "/v1/users/me",
    "/v1/users/anna/posts/",
    "/v1/users/bob/posts/",
    "/v1/users/carol/posts/",
    "/v1/orders/7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f/items",
    "/v1/orders/7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f/items/",
    "/v1/search?q=x&kind=BOOK",
    "/v1/search?kind=FILM&page=2&memo=marigold",
    "/v1/search?order_id=7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f&sort=up",
    "/static/app.js",
];

/// One request: which path, and whether it is a POST.
type Call = (usize, bool);

fn capture(calls: &[Call], number: usize) -> String {
    let entries: Vec<serde_json::Value> = calls
        .iter()
        .enumerate()
        .map(|(second, (path, post))| {
            let order = "7f3c9d1e-2b4a-4c5d-8e6f-0a1b2c3d4e5f";
            let state = if second % 2 == 0 { "OPEN" } else { "DONE" };
            let word = ["lily", "rose", "tulip", "daisy"][second % 4];
            let answer = json!({ "code": 0, "order_id": order, "status": state, "flower": word });
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
    // Two captures of the same calls are two captures.
    json!({ "log": { "version": "1.2", "comment": number, "entries": entries } }).to_string()
}

fn collect_all(sources: Vec<Source>) -> Collected {
    let collected = collect(sources, &Filter::default(), false, &mut |_, _| {});
    let failed: Vec<String> = collected
        .failed
        .iter()
        .map(|f| f.error.to_string())
        .collect();
    assert_eq!(failed, Vec::<String>::new());
    collected
}

fn source(name: &str, text: &str) -> Source {
    let bytes = std::io::Cursor::new(text.to_owned().into_bytes());
    Source::reader(name, bytes)
}

/// Captures, each named by its number, in the given order.
fn sources(captures: &[Vec<Call>], order: &[usize]) -> Vec<Source> {
    let captures = order.iter().map(|at| (at, capture(&captures[*at], *at)));
    captures
        .map(|(at, text)| source(&format!("{at}.har"), &text))
        .collect()
}

fn evidence(captures: &[Vec<Call>], order: &[usize]) -> Evidence {
    collect_all(sources(captures, order)).parts.fold().unwrap()
}

fn inventory_of(sources: Vec<Source>, fold: bool) -> String {
    write(collect_all(sources).parts, &Known::default(), fold).unwrap()
}

fn inventory(captures: &[Vec<Call>], order: &[usize]) -> String {
    inventory_of(sources(captures, order), false)
}

/// One inventory of several.
fn joined(inventories: &[&String], fold: bool) -> String {
    let texts = inventories.iter().map(|text| source("x.json", text));
    inventory_of(texts.collect(), fold)
}

/// The endpoints with how often each was called.
fn endpoints(evidence: &Evidence) -> Vec<(String, usize)> {
    let inventory = Inventory::build(evidence, &Filter::default(), &Pins::default());
    let endpoints = inventory.endpoints.into_iter();
    endpoints.map(|e| (e.id, e.observed.requests)).collect()
}

/// The same without the names of parameters: those of `/users/1` and `/users/anna` together are `id`
/// or `name` by what most of the texts are, which an inventory does not tell.
fn nameless(endpoints: Vec<(String, usize)>) -> Vec<(String, usize)> {
    let bare = |id: &str| id.replace("user_name", "user_id");
    endpoints
        .into_iter()
        .map(|(id, requests)| (bare(&id), requests))
        .collect()
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec((0..PATHS.len(), any::<bool>()), 1..14)
}

fn all(captures: &[Vec<Call>]) -> Vec<usize> {
    (0..captures.len()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn the_order_of_captures_does_not_matter(
        captures in prop::collection::vec(calls(), 2..5),
        turn in 0usize..5,
    ) {
        let straight = all(&captures);
        let mut other = straight.clone();
        other.rotate_left(turn % captures.len());
        other.reverse();
        let (a, b) = (evidence(&captures, &straight), evidence(&captures, &other));
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(endpoints(&a), endpoints(&b));
        prop_assert_eq!(inventory(&captures, &straight), inventory(&captures, &other));
    }

    #[test]
    fn a_capture_added_again_changes_nothing(captures in prop::collection::vec(calls(), 1..4)) {
        let once = all(&captures);
        let twice: Vec<usize> = once.iter().chain(&once).copied().collect();
        prop_assert_eq!(evidence(&captures, &once), evidence(&captures, &twice));
        prop_assert_eq!(inventory(&captures, &once), inventory(&captures, &twice));
    }

    #[test]
    fn requests_add_up(captures in prop::collection::vec(calls(), 1..4)) {
        let recorded = |evidence: Evidence| -> usize {
            evidence.calls.values().map(|call| call.observed.requests).sum()
        };
        let apart: usize = all(&captures).iter().map(|at| recorded(evidence(&captures, &[*at]))).sum();
        prop_assert_eq!(recorded(evidence(&captures, &all(&captures))), apart);
    }

    #[test]
    fn inventories_join_to_that_of_all_captures(
        captures in prop::collection::vec(calls(), 1..5),
        groups in prop::collection::vec(prop::collection::btree_set(0usize..5, 1..4), 1..4),
    ) {
        // Groups may overlap and miss captures; those that none has come alone.
        let mut groups: Vec<BTreeSet<usize>> = groups
            .into_iter()
            .map(|group| group.into_iter().filter(|at| *at < captures.len()).collect())
            .filter(|group: &BTreeSet<usize>| !group.is_empty())
            .collect();
        groups.extend(all(&captures).into_iter().map(|at| BTreeSet::from([at])));
        let parts: Vec<String> = groups
            .iter()
            .map(|group| inventory(&captures, &group.iter().copied().collect::<Vec<_>>()))
            .collect();
        let whole = inventory(&captures, &all(&captures));
        let parts: Vec<&String> = parts.iter().collect();
        prop_assert_eq!(&joined(&parts, false), &whole);
        let (left, right) = parts.split_at(parts.len() / 2);
        let (left, right) = (joined(left, false), joined(right, false));
        prop_assert_eq!(&joined(&[&right, &left, &right], false), &whole);
        prop_assert_eq!(&joined(&[&whole], false), &whole);
        // Captures and inventories of them mix.
        let mut mixed = sources(&captures, &all(&captures));
        mixed.push(source("x.json", &left));
        prop_assert_eq!(&inventory_of(mixed, false), &whole);
    }

    #[test]
    fn folded_inventories_sum_up_to_the_same(captures in prop::collection::vec(calls(), 2..5)) {
        let whole = inventory_of(sources(&captures, &all(&captures)), true);
        let (left, right) = (&all(&captures)[..1], &all(&captures)[1..]);
        let left = inventory_of(sources(&captures, left), true);
        let right = inventory_of(sources(&captures, right), true);
        prop_assert_eq!(&joined(&[&right, &left], true), &whole);
        prop_assert_eq!(&joined(&[&whole, &left], false), &whole);
        prop_assert_eq!(&joined(&[&inventory(&captures, &all(&captures))], true), &whole);
    }

    #[test]
    fn an_inventory_stands_for_its_captures(captures in prop::collection::vec(calls(), 1..4)) {
        let direct = evidence(&captures, &all(&captures));
        let read = collect_all(vec![source("x.json", &inventory(&captures, &all(&captures)))]);
        let read = read.parts.fold().unwrap();
        // Whether a lonely word of a path is a value is decided when an inventory is written; this is
        // about captures that agree with each other on that.
        let together: BTreeSet<String> = endpoints(&direct).into_iter().map(|(id, _)| id).collect();
        let agree = |at: &usize| {
            let alone = endpoints(&evidence(&captures, &[*at]));
            alone.iter().all(|(id, _)| together.contains(id))
        };
        prop_assume!(all(&captures).iter().all(agree));
        prop_assert_eq!(nameless(endpoints(&read)), nameless(endpoints(&direct)));
    }
}

#[test]
fn sums_that_overlap_are_refused_by_name() {
    let captures = [vec![(0, false)], vec![(1, false)], vec![(2, true)]];
    let folder = Folder::new();
    let ab = folder.file("ab.json", inventory_of(sources(&captures, &[0, 1]), true));
    let bc = folder.file("bc.json", inventory_of(sources(&captures, &[1, 2]), true));
    let ran = harcov(&["inventory", "--no-config", &ab, &bc]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.is_empty());
    common::snapshot("inventory-overlap", &ran.err);
}

#[test]
fn the_command_line_joins_shards() {
    let folder = Folder::new();
    let captures = [
        vec![(0, false), (3, true)],
        vec![(4, false), (8, false)],
        vec![(8, true)],
    ];
    let files: Vec<String> = (0..3)
        .map(|at| folder.file(&format!("{at}.har"), capture(&captures[at], at)))
        .collect();
    let whole = harcov(&["inventory", "--no-config", &files[0], &files[1], &files[2]]).fine();
    let shards: Vec<String> = files
        .iter()
        .map(|file| {
            let shard = file.replace(".har", ".inventory.json");
            let ran = harcov(&["inventory", "--no-config", file, "-o", &shard]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            shard
        })
        .collect();
    let joined = harcov(&[
        "inventory",
        "--no-config",
        &shards[2],
        &shards[0],
        &shards[1],
    ])
    .fine();
    assert_eq!(joined, whole);
    // A folder holds captures, inventories of them, and a copy under another name.
    folder.file("copy.har", capture(&captures[0], 0));
    let of_folder = harcov(&["inventory", "--no-config", &folder.at("")]).fine();
    assert_eq!(of_folder, whole);
}
