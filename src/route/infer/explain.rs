//! Reasons: the evidence of a decision in words for people.

use std::collections::{BTreeMap, BTreeSet};

use super::super::name::is_plural;
use super::super::{Origin, Reason, Verdict};
use super::decide::{Label, Place};
use super::facts::{Facts, stem};
use super::feature::{Feature as F, Features};
use crate::value::{SegmentPiece, Shape};

/// Origins shown for one parameter.
const MAX_ORIGINS: usize = 3;
/// What the features of a group's labels must reach on average to be told.
const TOLD: f64 = 0.5;

/// Why a text is a literal.
pub(super) fn literal(evidence: &Features, contexts: u32) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if evidence.get(F::Known) > 0.0 {
        reasons.push(Reason::ApiWord);
    }
    if evidence.get(F::IsField) > 0.0 {
        reasons.push(Reason::FieldName);
    }
    if contexts > 1 {
        reasons.push(Reason::SeenInRoutes { places: contexts });
    }
    if evidence.get(F::NoOrigin) > TOLD {
        reasons.push(Reason::NoOrigin);
    }
    if evidence.get(F::Alone) > 0.0 {
        reasons.push(Reason::Alone);
    }
    reasons
}

/// Why some labels are one parameter; the strongest reasons first.
pub(super) fn param(
    place: &Place<'_>,
    labels: &[Label<'_>],
    group: &[usize],
    verdicts: &[Verdict],
    evidence: &[Option<Features>],
    facts: &Facts<'_>,
) -> Verdict {
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in group.iter().flat_map(|&at| &verdicts[at].reasons) {
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    reasons.extend(origins(place, labels, group, facts));
    let shapes = shapes(labels, group);
    if !shapes.is_empty() {
        reasons.push(Reason::Shapes { shapes });
    }
    reasons.push(Reason::Distinct {
        values: distinct(place, labels, group, facts),
    });
    let told: Vec<&Features> = group
        .iter()
        .filter_map(|&at| evidence[at].as_ref())
        .collect();
    let most = |feature: F| told.iter().map(|f| f.get(feature)).fold(0.0, f64::max);
    let share = |feature: F| {
        let n = f64::from(u32::try_from(told.len().max(1)).unwrap_or(u32::MAX));
        told.iter().map(|f| f.get(feature)).sum::<f64>() / n
    };
    let others = most(F::SuffixOthers).exp_m1().round();
    if others >= 1.0 {
        reasons.push(Reason::SharedSuffixes {
            siblings: whole(others),
        });
    }
    if share(F::ResponseAll) > TOLD {
        reasons.push(Reason::EqualResponses {
            siblings: whole(f64::from(
                u32::try_from(group.len().saturating_sub(1)).unwrap_or(u32::MAX),
            )),
        });
    }
    if let Some(noun) = place
        .before
        .filter(|noun| !place.after_param && is_plural(noun))
    {
        reasons.push(Reason::PluralNoun {
            noun: noun.to_owned(),
        });
    }
    if share(F::ValuesBeside) > TOLD || share(F::Siblings) > 0.25 {
        reasons.push(Reason::AmongValues);
    }
    if share(F::UnknownLast) > TOLD {
        reasons.push(Reason::UnknownWord);
    }
    if share(F::Known) > TOLD {
        reasons.push(Reason::ApiWord);
    }
    let n = f64::from(u32::try_from(group.len().max(1)).unwrap_or(u32::MAX));
    let confidence = group.iter().map(|&at| verdicts[at].confidence).sum::<f64>() / n;
    Verdict {
        param: true,
        confidence,
        reasons,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count that went through logarithms"
)]
fn whole(n: f64) -> u32 {
    n as u32
}

/// Where most of the values were seen elsewhere.
fn origins(
    place: &Place<'_>,
    labels: &[Label<'_>],
    group: &[usize],
    facts: &Facts<'_>,
) -> Vec<Reason> {
    let mut counts: BTreeMap<&Origin, u32> = BTreeMap::new();
    for &member in group.iter().flat_map(|&at| &labels[at].members) {
        let Some(stats) = facts.sightings[member].stats.get(place.depth) else {
            continue;
        };
        let parts = stats.parts.iter().flatten();
        for (origin, n) in stats.origins.iter().chain(parts) {
            *counts.entry(origin).or_default() += n;
        }
    }
    let mut counts: Vec<(&Origin, u32)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts
        .into_iter()
        .take(MAX_ORIGINS)
        .map(|(origin, requests)| Reason::Seen {
            origin: origin.clone(),
            requests,
        })
        .collect()
}

fn shapes(labels: &[Label<'_>], group: &[usize]) -> Vec<Shape> {
    let pieces = group.iter().flat_map(|&at| labels[at].segment.pieces());
    let shapes: BTreeSet<Shape> = pieces
        .filter_map(|piece| match piece {
            SegmentPiece::Value(shape) => Some(*shape),
            _ => None,
        })
        .collect();
    shapes.into_iter().collect()
}

/// How many distinct values a group has: each text is one.
fn distinct(place: &Place<'_>, labels: &[Label<'_>], group: &[usize], facts: &Facts<'_>) -> u32 {
    group
        .iter()
        .map(|&at| {
            if stem(labels[at].segment).is_some() {
                return 1;
            }
            // The same values come with several methods, and several paths behind them.
            labels[at]
                .members
                .iter()
                .filter_map(|&member| facts.sightings[member].stats.get(place.depth))
                .map(|stats| stats.distinct.max(1))
                .max()
                .unwrap_or(1)
        })
        .fold(0, u32::saturating_add)
}
