//! The benchmark of route inference.
//!
//! ```text
//! routebench score DIR...     the table, with the weights that harcov uses
//! routebench cross DIR...     the same with weights trained on other descriptions
//! routebench train DIR...     new weights, as TOML, on standard output
//! ```
//!
//! A directory holds captures (`x.har`) with their truth (`x.truth.json`).
#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "wip"
)]

mod capture;
mod score;
mod train;

type Problem = Box<dyn std::error::Error>;

use std::collections::BTreeMap;
use std::path::Path;

use capture::{Labelled, sighting};
use harcov::route::training::Example;
use harcov::route::{ParamStyle, Pins, Sighting, Weights, infer_with};
use score::{Score, score};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, dirs)) = args.split_first() else {
        eprintln!("usage: routebench score|cross|train DIR...");
        return;
    };
    if command == "time" { time(); return; }
    if command == "show" {
        for f in dirs {
            show(f);
        }
        return;
    }
    let start = std::time::Instant::now();
    let captures: Vec<Labelled> = dirs
        .iter()
        .flat_map(|d| capture::read_dir(Path::new(d)).unwrap())
        .collect();
    eprintln!("read {} captures in {:?}", captures.len(), start.elapsed());
    let verbose = std::env::var("VERBOSE").is_ok();
    match command.as_str() {
        "score" => {
            let weights = Weights::built_in();
            let rows: Vec<_> = captures.iter().map(|c| (c, judge(c, weights))).collect();
            table(&rows, verbose);
        }
        "train" => {
            let places: Vec<_> = captures.iter().map(|c| train::places(c, false)).collect();
            let blind: Vec<_> = captures.iter().map(|c| train::places(c, true)).collect();
            let all: Vec<_> = places
                .iter()
                .map(|p| (p, 1.0))
                .chain(blind.iter().map(|p| (p, BLIND)))
                .collect();
            let weights = train::train(&all);
            println!("{}", weights.to_toml().unwrap());
        }
        "cross" => cross(&captures, verbose),
        _ => eprintln!("unknown command"),
    }
    eprintln!("{:?}", start.elapsed());
}

const BLIND: f64 = 0.3;
fn blind_share() -> f64 {
    std::env::var("BLIND")
        .ok()
        .and_then(|b| b.parse().ok())
        .unwrap_or(BLIND)
}

const FOLDS: u32 = 5;

fn fold(spec: &str) -> u32 {
    spec.bytes()
        .fold(7_u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)))
        % FOLDS
}

fn cross(captures: &[Labelled], verbose: bool) {
    let start = std::time::Instant::now();
    let places: Vec<_> = captures.iter().map(|c| train::places(c, false)).collect();
    let blind: Vec<_> = captures.iter().map(|c| train::places(c, true)).collect();
    eprintln!("places {:?}", start.elapsed());
    let mut rows = Vec::new();
    for k in 0..FOLDS {
        let others: Vec<_> = (0..captures.len())
            .filter(|&at| fold(&captures[at].spec) != k)
            .flat_map(|at| [(&places[at], 1.0), (&blind[at], blind_share())])
            .collect();
        let weights = train::train(&others);
        eprintln!("fold {k} trained {:?}", start.elapsed());
        for (capture, places) in captures.iter().zip(&places) {
            if fold(&capture.spec) == k {
                rows.push((capture, judge(capture, &weights)));
                if verbose {
                    mistakes(capture, places, &weights);
                }
            }
        }
    }
    rows.sort_by(|a, b| (&a.0.spec, &a.0.density).cmp(&(&b.0.spec, &b.0.density)));
    table(&rows, verbose);
}

/// Prints what is decided wrongly where everything before it is right.
fn mistakes(capture: &Labelled, places: &[Example], weights: &Weights) {
    for place in places {
        let first = train::odds(weights.first(), &place.first);
        let second = train::odds(weights.second(), &place.second(&first));
        for (at, &truth) in place.truth.iter().enumerate() {
            if place.weight[at] > 0.0 && (second[at] > 0.0) != truth {
                println!("MISS {} {} {}/{} is {} odds {:.1} then {:.1}", capture.spec, capture.density, place.before, place.texts[at], if truth { "a value" } else { "literal" }, first[at], second[at]);
            }
        }
    }
}

fn judge(capture: &Labelled, weights: &Weights) -> Score {
    let mut sightings: Vec<Sighting<'_>> = capture
        .evidence
        .calls
        .iter()
        .map(|(k, c)| sighting(k, c))
        .collect();
    let none = vec![harcov::route::SegmentStats::default(); 64];
    if std::env::var("STRIP").is_ok() {
        for s in &mut sightings {
            s.fields = Vec::new();
            s.stats = &none[..s.segments.len()];
        }
    }
    let inference = infer_with(&sightings, &Pins::default(), weights);
    let routes: BTreeMap<_, _> = capture.evidence.calls.keys().zip(&inference.of).collect();
    let pairs: Vec<_> = capture
        .entries
        .iter()
        .map(|entry| {
            let text = entry.call.as_ref().map(|call| {
                let template = &inference.routes[*routes[call]].template;
                template.display(ParamStyle::Angle).to_string()
            });
            (entry.method.as_str(), entry.template.as_str(), text)
        })
        .collect();
    if std::env::var("SHOW").is_ok_and(|s| s == format!("{}.{}", capture.spec, capture.density)) {
        let mut seen = std::collections::BTreeSet::new();
        for (m, t, p) in &pairs {
            if score::canon(t).0 != score::canon(p.as_deref().unwrap_or_default()).0
                && seen.insert((t, p.clone()))
            {
                println!("WRONG {m} {t}  ->  {p:?}");
            }
        }
    }
    if std::env::var("NAMES").is_ok() {
        let mut seen = std::collections::BTreeSet::new();
        for (m, t, p) in &pairs {
            if score::canon(t).0 == score::canon(p.as_deref().unwrap_or_default()).0
                && seen.insert((t, p.clone()))
            {
                let s = score::score(&[(m, t, p.clone())]);
                if s.named && s.name_all < 1.0 {
                    println!("NAME {} {t}  ->  {p:?}", capture.spec);
                }
            }
        }
    }
    score(&pairs)
}

fn table(rows: &[(&Labelled, Score)], verbose: bool) {
    let mut by: BTreeMap<usize, Vec<&Score>> = BTreeMap::new();
    println!(
        "{:<28} {:>6} {:>6} {:>6} {:>6} {:>8}",
        "", "f1", "exact", "over", "under", "name_all"
    );
    let line = |label: String, scores: &[&Score]| {
        let n = scores.len() as f64;
        let mean = |f: fn(&Score) -> f64| scores.iter().map(|s| f(s)).sum::<f64>() / n;
        let named: Vec<_> = scores.iter().filter(|s| s.named).collect();
        let name = named.iter().map(|s| s.name_all).sum::<f64>() / named.len().max(1) as f64;
        println!(
            "{label:<28} {:>6.3} {:>6.3} {:>6.3} {:>6.3} {:>8.3}",
            mean(|s| s.f1),
            mean(|s| s.exact),
            mean(|s| s.over),
            mean(|s| s.under),
            name
        );
    };
    for (capture, score) in rows {
        let order = ["sparse", "normal", "dense"]
            .iter()
            .position(|d| *d == capture.density);
        by.entry(order.unwrap_or(3)).or_default().push(score);
        by.entry(9).or_default().push(score);
        if verbose || score.f1 < 0.6 {
            line(format!("{}.{}", capture.spec, capture.density), &[score]);
        }
    }
    for (order, scores) in by {
        let label = ["sparse", "normal", "dense"].get(order).unwrap_or(&"all");
        line(format!("MACRO {label} ({})", scores.len()), &scores);
    }
}

fn show(file: &str) {
    use harcov::{capture::*, inventory::*, route::*, scope::Filter, value::Values};
    let (filter, values) = (Filter::default(), Values::new());
    let mut recorder = Recorder::new(&filter, &values, true);
    let Ok(capture) = read(Source::file(file), &mut |_| (), &mut |entry| {
        recorder.add(&entry)
    }) else {
        return;
    };
    let (evidence, _) = recorder.finish(capture);
    let sightings: Vec<Sighting<'_>> = evidence.calls.iter().map(|(k, c)| sighting(k, c)).collect();
    let inference = infer(&sightings, &Pins::default());
    println!("== {file}");
    for (s, of) in sightings.iter().zip(&inference.of) {
        let r = &inference.routes[*of];
        let raw: Vec<String> = s
            .segments
            .iter()
            .map(|s| {
                s.pieces()
                    .iter()
                    .map(|p| match p {
                        harcov::value::SegmentPiece::Fixed(t) => format!("{t}"),
                        harcov::value::SegmentPiece::Word(t) => t.to_string(),
                        harcov::value::SegmentPiece::Value(s) => format!("<{s}>"),
                    })
                    .collect()
            })
            .collect();
        println!(
            "{:.2} {} {} {}   <- /{} x{}",
            r.confidence,
            s.method,
            s.host,
            r.template.display(ParamStyle::Angle),
            raw.join("/"),
            s.requests
        );
    }
}

fn time() {
    use harcov::{route::*, value::*};
    let tokens = Tokens::new();
    for n in [10_000_usize, 20_000, 40_000, 80_000] {
        let mut paths = Vec::new();
        for i in 0..n {
            let text = match i % 4 {
                0 => format!("api/v1/users/user-{}/posts", (i * 7919) % n),
                1 => format!("api/v1/repos/owner{}/repo-name-{}/issues/{}", i % 97, (i * 31) % n, i),
                2 => format!("api/v1/things/word{}", i),
                _ => format!("api/v1/orders/{}/items/{}", i, i % 13),
            };
            paths.push(Segment::path(text.split('/'), &tokens));
        }
        paths.sort();
        paths.dedup();
        let stats: Vec<SegmentStats> = (0..8).map(|i| SegmentStats { distinct: 1, origins: [(Origin::Response(format!("data[].f{i}")), 1)].into(), ..Default::default() }).collect();
        let fields: Vec<String> = (0..30).map(|i| format!("data[].field{i}")).collect();
        let sightings: Vec<Sighting<'_>> = paths.iter().map(|p| Sighting { method: "GET", host: "h", segments: p, operation: None, slashed: 0, requests: 1, stats: &stats[..p.len()], params: vec![], fields: fields.iter().map(String::as_str).collect(), statuses: vec![200] }).collect();
        let start = std::time::Instant::now();
        let inference = infer(&sightings, &Pins::default());
        println!("{n} requests, {} distinct: {} routes in {:?}", sightings.len(), inference.routes.len(), start.elapsed());
    }
}
