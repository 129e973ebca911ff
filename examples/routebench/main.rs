//! The benchmark of route inference, and the program that makes its weights.
//!
//! ```text
//! cargo run --release --example routebench -- score DIR...   how good the built-in weights are
//! cargo run --release --example routebench -- cross DIR...   the same, each API judged by weights
//!                                                            trained on other APIs only
//! cargo run --release --example routebench -- train DIR...   src/route/infer/weights.toml
//! cargo run --release --example routebench -- wrong DIR...   what is inferred wrongly
//! cargo run --release --example routebench -- speed          how long inference takes
//! ```
//!
//! A directory holds captures (`NAME.har`), each with the true templates of its entries
//! (`NAME.truth.json`: `{"spec", "density", "entries": [{"method", "template"}, ...]}`, an entry
//! without a template does not count).
//!
//! An endpoint is a method on a structure of path. `f1` compares the sets of true and inferred
//! endpoints, `exact` counts requests, `over` and `under` are endpoints merged and pieces split for
//! each true endpoint, `names` is the share of true parameters that are found and named right. All
//! are means over captures.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints"
)]

mod capture;
mod score;
mod speed;
mod train;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use harcov::route::training::Example;
use harcov::route::{ParamStyle, Pins, Sighting, Weights, infer_with};

use capture::{Labelled, sighting};
use score::{Score, score};

/// Whatever stops the benchmark.
pub(crate) type Problem = Box<dyn std::error::Error>;

/// Captures without any lineage or answers are trained on too, and count so much beside others.
const BLIND: f64 = 0.3;

/// In `cross`, each API is judged by weights trained without one in so many.
const FOLDS: u32 = 5;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("routebench: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Problem> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, dirs) = args
        .split_first()
        .ok_or("usage: routebench score|cross|train|wrong|speed DIR...")?;
    let mut captures = Vec::new();
    for dir in dirs {
        captures.extend(capture::read_dir(Path::new(dir))?);
    }
    match command.as_str() {
        "score" => {
            let judged = captures.iter().map(|c| (c, judge(c, Weights::built_in())));
            table(&judged.collect::<Vec<_>>());
        }
        "cross" => table(&cross(&captures)),
        "train" => {
            let places = Places::of(&captures);
            let all: Vec<usize> = (0..captures.len()).collect();
            print!("{HEADER}");
            print!("{}", train::train(&places.rows(&all)).to_toml()?);
        }
        "wrong" => captures.iter().for_each(print_wrong),
        "speed" => speed::measure(),
        other => return Err(format!("unknown command {other}").into()),
    }
    Ok(())
}

const HEADER: &str = "\
# What each piece of evidence adds to the log odds of a text being a value and no name of the API's
# own. The names are those of `feature.rs`; `a*b` is a product. Made by
# `cargo run --release --example routebench -- train`, from captures with known routes; do not edit.

";

/// What is trained on, for each capture: as it is, and without lineage and answers.
struct Places {
    full: Vec<Vec<Example>>,
    blind: Vec<Vec<Example>>,
}

impl Places {
    fn of(captures: &[Labelled]) -> Places {
        let places = |blind| captures.iter().map(|c| train::places(c, blind)).collect();
        Places {
            full: places(false),
            blind: places(true),
        }
    }

    fn rows(&self, captures: &[usize]) -> Vec<(&[Example], f64)> {
        let both = |&at: &usize| [(&*self.full[at], 1.0), (&*self.blind[at], BLIND)];
        captures.iter().flat_map(both).collect()
    }
}

/// Judges every capture by weights that never saw its API.
fn cross(captures: &[Labelled]) -> Vec<(&Labelled, Score)> {
    let places = Places::of(captures);
    let fold = |capture: &Labelled| {
        let hash = |h: u32, b: u8| h.wrapping_mul(31).wrapping_add(u32::from(b));
        capture.spec.bytes().fold(7, hash) % FOLDS
    };
    let mut judged = Vec::new();
    for k in 0..FOLDS {
        let others: Vec<usize> = (0..captures.len())
            .filter(|&at| fold(&captures[at]) != k)
            .collect();
        let weights = train::train(&places.rows(&others));
        let own = captures.iter().filter(|capture| fold(capture) == k);
        judged.extend(own.map(|capture| (capture, judge(capture, &weights))));
    }
    judged
}

/// For each entry with a true template: method, true and inferred template.
fn predictions<'c>(
    capture: &'c Labelled,
    weights: &Weights,
) -> Vec<(&'c str, &'c str, Option<String>)> {
    let calls = &capture.evidence.calls;
    let sightings: Vec<Sighting<'_>> = calls
        .iter()
        .map(|(key, call)| sighting(key, call))
        .collect();
    let inference = infer_with(&sightings, &Pins::default(), weights);
    let of: BTreeMap<_, _> = calls.keys().zip(&inference.of).collect();
    capture
        .entries
        .iter()
        .map(|entry| {
            let route = entry.call.as_ref().and_then(|call| of.get(call));
            let template = route.map(|route| {
                let template = &inference.routes[**route].template;
                template.display(ParamStyle::Angle).to_string()
            });
            (entry.method.as_str(), entry.template.as_str(), template)
        })
        .collect()
}

fn judge(capture: &Labelled, weights: &Weights) -> Score {
    score(&predictions(capture, weights))
}

fn print_wrong(capture: &Labelled) {
    let wrong: BTreeMap<_, _> = predictions(capture, Weights::built_in())
        .into_iter()
        .filter(|(_, truth, found)| {
            let found = found.as_deref().unwrap_or_default();
            score::canon(truth).0 != score::canon(found).0
        })
        .map(|(method, truth, found)| ((method, truth), found.unwrap_or_default()))
        .collect();
    for ((method, truth), found) in wrong {
        println!(
            "{}.{}: {method} {truth} is {found}",
            capture.spec, capture.density
        );
    }
}

fn table(judged: &[(&Labelled, Score)]) {
    println!(
        "{:<22} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8}",
        "captures", "f1", "exact", "over", "under", "names", "worst f1"
    );
    for density in ["sparse", "normal", "dense", ""] {
        let is_asked = |capture: &Labelled| density.is_empty() || capture.density == density;
        let scores: Vec<Score> = judged
            .iter()
            .filter(|(capture, _)| is_asked(capture))
            .map(|(_, score)| *score)
            .collect();
        if scores.is_empty() {
            continue;
        }
        let worst = scores.iter().map(|score| score.f1).fold(1.0, f64::min);
        let label = if density.is_empty() { "all" } else { density };
        println!(
            "{:<22} {:>6.3} {:>6.3} {:>6.3} {:>6.3} {:>6.3} {worst:>8.3}",
            format!("{label} ({})", scores.len()),
            mean(&scores, |s| Some(s.f1)),
            mean(&scores, |s| Some(s.exact)),
            mean(&scores, |s| Some(s.over)),
            mean(&scores, |s| Some(s.under)),
            mean(&scores, |s| s.names),
        );
    }
}

fn mean(scores: &[Score], of: fn(&Score) -> Option<f64>) -> f64 {
    let values: Vec<f64> = scores.iter().filter_map(of).collect();
    values.iter().sum::<f64>() / score::ratio(values.len().max(1))
}
