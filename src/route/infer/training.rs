//! What the weights are made from: places of captures whose routes are known.

use super::super::{Pins, Sighting, Verdict};
use super::decide::{Decision, Label, Place, is_settled};
use super::facts::Facts;
use super::feature::Features;
use super::features;
use super::walk::walk;

/// One place with the truth about its texts.
#[derive(Debug, Clone)]
pub struct Example {
    /// The evidence of the first pass for each distinct segment; none for definite values.
    pub first: Vec<Option<Features>>,
    /// Whether each is a value.
    pub truth: Vec<bool>,
    /// How many endpoints depend on each; 0 where a rule decides.
    pub weight: Vec<f64>,
    /// The texts, for those who look at mistakes.
    pub texts: Vec<String>,
    /// The literal before them, likewise.
    pub before: String,
}

impl Example {
    /// The evidence of the second pass, given the log odds of the first.
    pub fn second(&self, odds: &[f64]) -> Vec<Option<Features>> {
        features::second(self.first.clone(), odds)
    }
}

/// The places of one host's sightings; `truth` says for each sighting which segments are variable.
pub fn examples(sightings: &[Sighting<'_>], truth: &[Vec<bool>]) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut oracle = |place: &Place<'_>, labels: &[Label<'_>], facts: &Facts<'_>| {
        let first = features::first(place, labels, facts);
        let is_value = |label: &Label<'_>| {
            let votes = label.members.iter().filter(|&&at| truth[at][place.depth]);
            votes.count() * 2 > label.members.len()
        };
        let said: Vec<bool> = labels.iter().map(is_value).collect();
        let weight = labels.iter().enumerate().map(|(at, label)| {
            let n = u32::try_from(label.members.len().min(30)).unwrap_or(30);
            if is_settled(at, place, labels) {
                0.0
            } else {
                f64::from(n).sqrt()
            }
        });
        examples.push(Example {
            weight: weight.collect(),
            truth: said.clone(),
            texts: labels
                .iter()
                .map(|label| label.segment.text().unwrap_or_default())
                .collect(),
            before: place.before.unwrap_or_default().to_owned(),
            first: first.clone(),
        });
        let verdict = |param| Verdict {
            param,
            confidence: 1.0,
            reasons: Vec::new(),
        };
        Decision {
            verdicts: said.into_iter().map(verdict).collect(),
            evidence: first,
        }
    };
    let members = (0..sightings.len()).collect();
    let host = sightings.first().map_or("", |sighting| sighting.host);
    walk(host, members, sightings, &Pins::default(), &mut oracle);
    examples
}
