//! The decision for each distinct segment at one place: the API's own, or a value?

use super::super::{Reason, Verdict};
use super::facts::Facts;
use super::features::{Features, first, is_definite, second};
use super::weights::{Weights, odds};
use crate::value::{Segment, SegmentPiece, Shape, is_version};

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

/// Decides every label of a place.
pub(super) fn decide(
    weights: &Weights,
    place: &Place<'_>,
    labels: &[Label<'_>],
    facts: &Facts<'_>,
) -> Vec<Verdict> {
    let evidence = first(place, labels, facts);
    let known: Vec<f64> = pass(&weights.first, &evidence);
    let evidence = second(&evidence, &known);
    let odds = pass(&weights.second, &evidence);
    labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            guard(at, labels).unwrap_or_else(|| match &evidence[at] {
                Some(evidence) => judge(odds[at], evidence),
                None => definite(place, label, facts),
            })
        })
        .collect()
}

fn pass(
    weights: &std::collections::BTreeMap<String, f64>,
    evidence: &[Option<Features>],
) -> Vec<f64> {
    evidence
        .iter()
        .map(|e| e.as_ref().map_or(8.0, |e| odds(weights, e)))
        .collect()
}

/// What is decided without weighing: versions are literals, locales are values.
pub(super) fn guard(at: usize, labels: &[Label<'_>]) -> Option<Verdict> {
    let text = labels[at].segment.text()?;
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
            reasons: vec![Reason::Shapes {
                shapes: vec![Shape::Boolean],
            }],
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

/// Whether a text names a program of the server: `index.php`.
fn is_program(text: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        "action", "ashx", "asmx", "asp", "aspx", "axd", "cfm", "cgi", "do", "dll", "jsp", "php",
        "pl", "svc",
    ];
    text.rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending))
}

/// A language with its region, or a language beside one.
fn is_locale(text: &str, labels: &[Label<'_>]) -> bool {
    let full = |text: &str| Shape::of(text) == Shape::Locale && LANGUAGES.contains(&&text[..2]);
    full(text)
        || LANGUAGES.contains(&text)
            && labels
                .iter()
                .filter_map(|label| label.segment.text())
                .any(|other| full(&other))
}

/// ISO 639-1 codes of languages that software is commonly translated to.
const LANGUAGES: [&str; 48] = [
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi",
    "hr", "hu", "id", "is", "it", "ja", "ka", "kk", "ko", "lt", "lv", "ms", "nb", "nl", "nn", "no",
    "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "th", "tr", "uk", "ur", "vi", "zh",
];

fn definite(place: &Place<'_>, label: &Label<'_>, facts: &Facts<'_>) -> Verdict {
    let shapes: Vec<Shape> = label
        .segment
        .pieces()
        .iter()
        .filter_map(|piece| match piece {
            SegmentPiece::Value(shape) => Some(*shape),
            _ => None,
        })
        .collect();
    let distinct = label
        .members
        .iter()
        .filter_map(|&at| facts.sightings[at].stats.get(place.depth))
        .map(|stats| stats.distinct)
        .max()
        .unwrap_or(1);
    let mut reasons = vec![
        Reason::Shapes { shapes },
        Reason::Distinct { values: distinct },
    ];
    if let Some(noun) = place.before.filter(|_| !place.after_param) {
        if super::super::name::is_plural(noun) {
            reasons.push(Reason::PluralNoun {
                noun: noun.to_owned(),
            });
        }
    }
    Verdict {
        param: true,
        confidence: 0.99,
        reasons,
    }
}

fn judge(odds: f64, _evidence: &Features) -> Verdict {
    let p = 1.0 / (1.0 + (-odds).exp());
    let param = p > 0.5;
    Verdict {
        param,
        confidence: if param { p } else { 1.0 - p },
        reasons: Vec::new(),
    }
}

/// Whether a label needs no weighing.
pub(super) fn is_settled(at: usize, labels: &[Label<'_>]) -> bool {
    is_definite(labels[at].segment) || guard(at, labels).is_some()
}
