//! Stories made with a known truth: how much of it `harcov flow` finds, and how much that is not so.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a test fails by panicking and says what it measured; a tale is told in one go"
)]

mod common;
#[path = "stories/har.rs"]
mod har;
#[path = "stories/tales.rs"]
mod tales;
#[path = "stories/truth.rs"]
mod truth;

use common::{Folder, harcov};
use har::{Capture, Noise};
use tales::Plan;
use truth::{Score, Truth};

/// No kind may fall below this, neither in precision nor in recall.
const FLOOR: f64 = 0.95;
/// Stories of each kind at each level of noise.
const STORIES: u64 = 12;

type Tale = fn(&mut Capture, &Plan, &mut Truth);

const TALES: [(&str, Tale); 4] = [
    ("shop", tales::shop),
    ("tickets", tales::tickets),
    ("jobs", tales::jobs),
    ("studio", tales::studio),
];

/// One story as a capture with its truth; with much noise a second user does the same meanwhile.
fn tell(tale: Tale, seed: u64, noise: Noise) -> (serde_json::Value, Truth) {
    let mut truth = Truth::default();
    let mut capture = Capture::new(seed, noise);
    let plan = Plan::new(&mut capture);
    tale(&mut capture, &plan, &mut truth);
    if noise == Noise::Much {
        let mut other = Capture::new(seed + 1_000, noise);
        other.now = 900;
        tale(&mut other, &plan, &mut truth);
        capture.entries.extend(other.entries);
    }
    (capture.har(), truth)
}

#[test]
fn what_stories_hold_is_found() {
    let folder = Folder::new();
    let mut low = Vec::new();
    for noise in [Noise::None, Noise::Some, Noise::Much] {
        let mut score = Score::default();
        for (name, tale) in TALES {
            for seed in 1..=STORIES {
                let (har, truth) = tell(tale, seed, noise);
                let file = folder.file("story.har", har.to_string());
                let ran = harcov(&["flow", "--no-config", "--format", "json", &file]);
                assert_eq!(ran.code, 0, "{}", ran.err);
                let told = Truth::told(&ran.json());
                score.add(&format!("{name} {seed} {noise:?}"), &truth, &told);
            }
        }
        let table = score.table(&format!("noise: {noise:?}"));
        println!("{table}");
        for (kind, precision, recall) in score.shares() {
            if precision < FLOOR || recall < FLOOR {
                low.push(format!(
                    "{kind} at noise {noise:?}: {precision:.3}, {recall:.3}"
                ));
            }
        }
    }
    assert!(low.is_empty(), "below {FLOOR}: {low:#?}");
}
