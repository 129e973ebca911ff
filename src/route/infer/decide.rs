//! The decision for each distinct segment at one place: the API's own, or a value?

use super::super::{Reason, Sighting, Verdict};
use crate::value::{Segment, SegmentPiece, Shape};

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
    /// What stands before it.
    pub(super) before: Option<&'s str>,
}

/// Decides every label of a place.
pub(super) fn decide(
    place: &Place<'_>,
    labels: &[Label<'_>],
    sightings: &[Sighting<'_>],
) -> Vec<Verdict> {
    labels
        .iter()
        .map(|label| {
            let shapes = shapes(label.segment);
            if shapes.is_empty() {
                return Verdict {
                    param: false,
                    confidence: 0.7,
                    reasons: vec![Reason::NoEvidence],
                };
            }
            let distinct = label
                .members
                .iter()
                .filter_map(|&at| sightings[at].stats.get(place.depth))
                .map(|stats| stats.distinct)
                .max()
                .unwrap_or(1);
            let mut reasons = vec![
                Reason::Shapes { shapes },
                Reason::Distinct { values: distinct },
            ];
            if let Some(noun) = place.before
                && super::super::name::is_plural(noun)
            {
                reasons.push(Reason::PluralNoun {
                    noun: noun.to_owned(),
                });
            }
            Verdict {
                param: true,
                confidence: 0.99,
                reasons,
            }
        })
        .collect()
}

fn shapes(segment: &Segment) -> Vec<Shape> {
    segment
        .pieces()
        .iter()
        .filter_map(|piece| match piece {
            SegmentPiece::Value(shape) => Some(*shape),
            _ => None,
        })
        .collect()
}
