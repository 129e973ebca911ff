//! Segments of several pieces: what stays literal around the variable ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::decide::Label;
use super::facts::Facts;
use super::vocabulary::{Lexeme, Style, WordClass};
use crate::value::{Segment, SegmentPiece};

/// The literal pieces of a parameter's segments, with `None` where a variable one stands.
pub(super) type Skeleton = Vec<Option<Box<str>>>;

/// The pieces of a segment as they were taken apart.
fn skeleton(segment: &Segment) -> Skeleton {
    segment
        .pieces()
        .iter()
        .map(|piece| match piece {
            SegmentPiece::Fixed(text) => Some(text.clone()),
            SegmentPiece::Word(_) | SegmentPiece::Value(_) => None,
        })
        .collect()
}

/// Groups the variable labels of a place by the literal pieces that they share.
///
/// An ending such as `.json` stays literal where it is the only one at the place, or where the
/// values before it are known without it; otherwise the segment is a file's name and one value. A
/// colon before a verb stays literal with it (`<job>:cancel`); one between two values makes two
/// parameters, unless the whole is known as one value.
pub(super) fn group(
    labels: &[Label<'_>],
    variable: &[usize],
    depth: usize,
    facts: &Facts<'_>,
) -> BTreeMap<Skeleton, Vec<usize>> {
    let things: BTreeSet<&SegmentPiece> = labels
        .iter()
        .filter_map(|label| match label.segment.pieces() {
            [piece] => Some(piece),
            _ => action(label.segment)
                .filter(|(_, word)| is_verb(&Lexeme::of(word)))
                .map(|(what, _)| what),
        })
        .collect();
    let mut raw: BTreeMap<Skeleton, Vec<usize>> = BTreeMap::new();
    for &at in variable {
        raw.entry(with_action(labels[at].segment, &things))
            .or_default()
            .push(at);
    }
    let endings: BTreeSet<&str> = raw.keys().filter_map(|s| ending(s)).collect();
    let several = endings.len() > 1;
    let mut groups: BTreeMap<Skeleton, Vec<usize>> = BTreeMap::new();
    for (skeleton, members) in &raw {
        let keep = match skeleton.as_slice() {
            [None, Some(_)] if ending(skeleton).is_some() => {
                keeps_ending(skeleton, labels, members, depth, several, facts)
            }
            [None, Some(colon), None] if &**colon == ":" => {
                let (whole, parts) = known(labels, members, depth, facts);
                parts > whole
                    || parts == whole && members.iter().all(|&at| is_pair(labels[at].segment))
            }
            _ => true,
        };
        let skeleton = if keep { skeleton.clone() } else { vec![None] };
        groups.entry(skeleton).or_default().extend(members);
    }
    for members in groups.values_mut() {
        members.sort_unstable();
    }
    groups
}

fn ending(skeleton: &Skeleton) -> Option<&str> {
    match skeleton.as_slice() {
        [None, Some(text)] => text.strip_prefix('.'),
        _ => None,
    }
}

fn keeps_ending(
    skeleton: &Skeleton,
    labels: &[Label<'_>],
    members: &[usize],
    depth: usize,
    several: bool,
    facts: &Facts<'_>,
) -> bool {
    let (whole, parts) = known(labels, members, depth, facts);
    if whole != parts {
        return parts > whole;
    }
    let ending = skeleton[1].as_deref().unwrap_or_default();
    let elsewhere = facts.endings.get(ending).copied().unwrap_or(0);
    let here = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let definite = members.iter().all(|&at| {
        let value = |piece: &SegmentPiece| matches!(piece, SegmentPiece::Value(_));
        labels[at].segment.pieces().iter().any(value)
    });
    !several && (definite || elsewhere > here)
}

/// In how many requests the whole values, and their pieces, were seen elsewhere.
fn known(labels: &[Label<'_>], members: &[usize], depth: usize, facts: &Facts<'_>) -> (u32, u32) {
    let (mut whole, mut parts) = (0, 0);
    for &at in members {
        for &member in &labels[at].members {
            if let Some(stats) = facts.sightings[member].stats.get(depth) {
                whole += stats.origins.values().max().copied().unwrap_or(0);
                let best = stats.parts.iter().flat_map(BTreeMap::values).max();
                parts += best.copied().unwrap_or(0);
            }
        }
    }
    (whole, parts)
}

/// The skeleton, with an action behind a colon taken as literal: a verb, or any words that APIs use behind
/// a value, or behind one of the `things` that stand there alone too, or before a verb.
fn with_action(segment: &Segment, things: &BTreeSet<&SegmentPiece>) -> Skeleton {
    if let Some((what, word)) = action(segment) {
        let lexeme = Lexeme::of(word);
        let thing = matches!(what, SegmentPiece::Value(_)) || things.contains(what);
        if (is_verb(&lexeme) || thing) && lexeme.all_known() {
            return vec![None, Some(format!(":{word}").into())];
        }
    }
    skeleton(segment)
}

/// What stands before a colon, and the word behind it.
fn action(segment: &Segment) -> Option<(&SegmentPiece, &str)> {
    match segment.pieces() {
        [what, SegmentPiece::Fixed(colon), SegmentPiece::Word(word)] if &**colon == ":" => {
            Some((what, word))
        }
        _ => None,
    }
}

fn is_verb(lexeme: &Lexeme) -> bool {
    lexeme.all_known() && (lexeme.first == WordClass::Verb || lexeme.style == Style::Camel)
}

/// Whether both sides of a colon read like names or identifiers of their own.
fn is_pair(segment: &Segment) -> bool {
    segment.pieces().iter().all(|piece| match piece {
        SegmentPiece::Word(text) => {
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            text.chars().count() > 2 && text.chars().all(plain)
        }
        SegmentPiece::Fixed(_) | SegmentPiece::Value(_) => true,
    })
}

/// How many distinct segments of a host have each ending.
pub(super) fn endings<'s>(segments: impl Iterator<Item = &'s Segment>) -> HashMap<Box<str>, u32> {
    let mut distinct: HashMap<&Box<str>, BTreeSet<&SegmentPiece>> = HashMap::new();
    for segment in segments {
        if let [stem, SegmentPiece::Fixed(ending)] = segment.pieces() {
            distinct.entry(ending).or_default().insert(stem);
        }
    }
    let count = |stems: &BTreeSet<_>| u32::try_from(stems.len()).unwrap_or(u32::MAX);
    let endings = distinct.iter();
    endings
        .map(|(ending, stems)| ((*ending).clone(), count(stems)))
        .collect()
}
