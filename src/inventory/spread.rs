//! Words beside values that were words: an inventory and a crowd know only that there were some.

use std::collections::HashSet;

use crate::route::{is_api_word, may_select};
use crate::value::{Segment, SegmentPiece};

use super::evidence::{CallEvidence, CallKey};

/// The paths of calls as inference is to see them: where a value stands at a place that could as well
/// be a word of the API's own, somebody decided with more at hand that texts at this place are values,
/// so other texts there are too, words that APIs use apart. `None` where nothing changes.
pub(super) fn spread(calls: &[(&CallKey, &CallEvidence)]) -> Vec<Option<Vec<Segment>>> {
    let mut paths: Vec<Option<Vec<Segment>>> = vec![None; calls.len()];
    let any = |(key, _): &(&CallKey, &CallEvidence)| key.segments.iter().any(was_word);
    if !calls.iter().any(any) {
        return paths;
    }
    let longest = calls.iter().map(|(key, _)| key.segments.len()).max();
    for depth in 0..longest.unwrap_or(0) {
        let mut places: HashSet<(&str, Vec<String>)> = HashSet::new();
        for ((key, _), path) in calls.iter().zip(&paths) {
            let path = path.as_ref().unwrap_or(&key.segments);
            if path.get(depth).is_some_and(was_word) {
                places.insert((&key.host, place(&path[..depth])));
            }
        }
        if places.is_empty() {
            continue;
        }
        for ((key, _), path) in calls.iter().zip(&mut paths) {
            let known = path.as_ref().unwrap_or(&key.segments);
            let Some(text) = known.get(depth).and_then(Segment::text) else {
                continue;
            };
            let selects = known.len() > depth + 1 && may_select(&text);
            if !selects
                && !is_api_word(&text)
                && places.contains(&(&key.host, place(&known[..depth])))
            {
                let mut known = known.clone();
                known[depth] = known[depth].as_value();
                *path = Some(known);
            }
        }
    }
    paths
}

/// Whether a segment is a value that nothing but a decision made one.
fn was_word(segment: &Segment) -> bool {
    matches!(segment.pieces(), [SegmentPiece::Value(shape)] if !shape.is_definite())
}

/// What leads to a place; all values are one.
fn place(path: &[Segment]) -> Vec<String> {
    path.iter()
        .map(|segment| {
            segment
                .text()
                .map_or(String::new(), |text| format!("/{text}"))
        })
        .collect()
}
