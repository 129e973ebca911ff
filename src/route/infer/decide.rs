//! The decision for each distinct segment at one place: the API's own, or a value?

use super::super::name::is_plural;
use super::super::{Reason, Verdict};
use super::explain;
use super::facts::{Facts, stem};
use super::feature::Features;
use super::features::{first, is_definite, second};
use super::locale::is_locale;
use super::prior::prior;
use super::weights::{Weights, odds};
use crate::value::{Segment, Shape, is_root, is_version};

/// One distinct segment at one place, with the sightings that have it.
#[derive(Debug)]
pub(super) struct Label<'s> {
    /// The segment.
    pub(super) segment: &'s Segment,
    /// Positions of the sightings.
    pub(super) members: Vec<usize>,
}

/// One place in the tree of paths.
#[derive(Debug)]
pub(super) struct Place<'s> {
    /// How many segments stand before it.
    pub(super) depth: usize,
    /// The nearest literal before it.
    pub(super) before: Option<&'s str>,
    /// What that literal names, in the singular.
    pub(super) noun: Option<String>,
    /// Whether a parameter stands right before it.
    pub(super) after_param: bool,
    /// Whether nothing but words such as `api`, versions and parameters stand before it.
    pub(super) after_root: bool,
    /// Whether the path up to it answers with lists.
    pub(super) collection: bool,
}

/// What was decided at a place: for each label the verdict, and the evidence that was weighed.
pub(super) struct Decision {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) evidence: Vec<Option<Features>>,
}

/// Decides every label of a place.
pub(super) fn decide(
    weights: &Weights,
    place: &Place<'_>,
    labels: &[Label<'_>],
    facts: &Facts<'_>,
) -> Decision {
    let evidence = first(place, labels, facts);
    let known = pass(weights.first(), &evidence);
    let evidence = second(evidence, &known);
    let odds = pass(weights.second(), &evidence);
    let verdict = |(at, label): (usize, &Label<'_>)| {
        guard(at, place, labels).unwrap_or_else(|| match &evidence[at] {
            Some(evidence) if is_selected(place, label, facts) => {
                literal(DECIDED, evidence, label, facts)
            }
            Some(evidence) => weighed(odds[at], evidence, label, facts),
            None => DEFINITE,
        })
    };
    let verdicts = labels.iter().enumerate().map(verdict).collect();
    Decision { verdicts, evidence }
}

/// Whether a text was sent by nothing but parameters that say what is to be answered: it names what stands
/// beside the things that are (`/orders/7/items`, `?$expand=items`).
fn is_selected(place: &Place<'_>, label: &Label<'_>, facts: &Facts<'_>) -> bool {
    let stats = label.members.iter();
    let mut origins = stats
        .filter_map(|&at| facts.sightings[at].stats.get(place.depth))
        .flat_map(|stats| stats.origins.keys())
        .peekable();
    origins.peek().is_some() && origins.all(|origin| facts.selects(origin))
}

/// How sure it is that a text is the API's own where something besides its weight says so.
const DECIDED: f64 = 0.9;

/// The same where every text was found to be the API's own before.
pub(super) fn as_decided(
    mut decision: Decision,
    labels: &[Label<'_>],
    facts: &Facts<'_>,
) -> Decision {
    for (at, label) in labels.iter().enumerate() {
        let verdict = &mut decision.verdicts[at];
        if verdict.param && !is_definite(label.segment) {
            *verdict = match &decision.evidence[at] {
                Some(evidence) => literal(DECIDED, evidence, label, facts),
                None => Verdict {
                    param: false,
                    confidence: DECIDED,
                    reasons: Vec::new(),
                },
            };
        }
    }
    decision
}

/// The verdict for a segment that is a value by its shape alone.
const DEFINITE: Verdict = Verdict {
    param: true,
    confidence: 0.99,
    reasons: Vec::new(),
};

fn pass(weights: &[f64], evidence: &[Option<Features>]) -> Vec<f64> {
    let sum = |e: &Option<Features>| e.as_ref().map_or(SURE, |e| odds(weights, e) + prior(e));
    evidence.iter().map(sum).collect()
}

/// Log odds of a definite value.
const SURE: f64 = 8.0;

fn weighed(odds: f64, evidence: &Features, label: &Label<'_>, facts: &Facts<'_>) -> Verdict {
    let p = 1.0 / (1.0 + (-odds).exp());
    if p > 0.5 {
        return Verdict {
            param: true,
            confidence: p,
            reasons: Vec::new(),
        };
    }
    literal(1.0 - p, evidence, label, facts)
}

fn literal(confidence: f64, evidence: &Features, label: &Label<'_>, facts: &Facts<'_>) -> Verdict {
    let word = stem(label.segment).and_then(|text| facts.words.get(&text));
    Verdict {
        param: false,
        confidence,
        reasons: explain::literal(evidence, word.map_or(1, |word| word.contexts)),
    }
}

/// What is decided without weighing: versions are literals, locales are values.
pub(super) fn guard(at: usize, place: &Place<'_>, labels: &[Label<'_>]) -> Option<Verdict> {
    let text = labels[at].segment.text()?;
    if Shape::of(&text) == Shape::Version && is_behind_things(place) {
        return Some(DEFINITE);
    }
    if is_version(&text) {
        let others = labels
            .iter()
            .filter_map(|label| label.segment.text())
            .filter(|text| is_version(text));
        if others.count() <= 3 {
            return Some(Verdict {
                param: false,
                confidence: 0.98,
                reasons: vec![Reason::Version],
            });
        }
        return Shape::of(&text).is_definite().then(|| Verdict {
            param: true,
            confidence: 0.9,
            reasons: Vec::new(),
        });
    }
    if Shape::of(&text) == Shape::Boolean {
        return Some(Verdict {
            param: true,
            confidence: 0.9,
            reasons: Vec::new(),
        });
    }
    if is_program(&text) {
        return Some(Verdict {
            param: false,
            confidence: 0.95,
            reasons: vec![Reason::Program],
        });
    }
    is_locale(&text, labels).then(|| Verdict {
        param: true,
        confidence: 0.95,
        reasons: vec![Reason::Locale],
    })
}

/// Whether what stands before a place is a thing, or things, that have versions of their own:
/// `/releases/v1.4/assets`, `/packages/<package>/v2.1/download`.
fn is_behind_things(place: &Place<'_>) -> bool {
    let things = |text: &str| is_plural(text) && !is_root(text);
    place.after_param || place.before.is_some_and(things)
}

/// Whether a text names a program of the server: `index.php`.
fn is_program(text: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        "action", "ashx", "asmx", "asp", "aspx", "axd", "cfm", "cgi", "do", "dll", "jsp", "php",
        "pl", "svc",
    ];
    text.rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending))
}

/// Whether a label needs no weighing.
pub(super) fn is_settled(at: usize, place: &Place<'_>, labels: &[Label<'_>]) -> bool {
    is_definite(labels[at].segment) || guard(at, place, labels).is_some()
}
