//! The walk down the tree of paths.

use std::collections::BTreeMap;

use super::super::name::{Naming, NamingPlace};
use super::super::{Inference, Part, Piece, Pins, Reason, Route, Sighting, Template, Verdict};
use super::decide::{Label, Place, decide};
use crate::value::{Segment, SegmentPiece};

/// One decided segment; the decided segments before it are its ancestors.
struct Slot {
    parent: Option<usize>,
    part: Part,
    verdict: Verdict,
}

/// A place that is still to be decided, with the sightings that reach it.
struct Node {
    depth: usize,
    slot: Option<usize>,
    members: Vec<usize>,
    /// The pins whose parts so far fit the decided segments.
    pins: Vec<usize>,
}

/// What the labels of one parameter have in common: their fixed pieces.
type Skeleton = Vec<Option<Box<str>>>;

/// Decides all paths of one host.
pub(super) fn walk(
    host: &str,
    members: Vec<usize>,
    sightings: &[Sighting<'_>],
    pins: &Pins,
    inference: &mut Inference,
) {
    let mut slots: Vec<Slot> = Vec::new();
    let mut ends: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
    let pins_here = (0..pins.pins.len())
        .filter(|&at| pins.pins[at].host.as_deref().is_none_or(|h| h == host))
        .collect();
    let mut open = vec![Node {
        depth: 0,
        slot: None,
        members,
        pins: pins_here,
    }];
    while let Some(node) = open.pop() {
        let (ended, going): (Vec<usize>, Vec<usize>) = node
            .members
            .iter()
            .partition(|&&at| sightings[at].segments.len() == node.depth);
        if !ended.is_empty() {
            ends.push((node.slot, ended));
        }
        if going.is_empty() {
            continue;
        }
        let labels = labels(&going, node.depth, sightings);
        let trail = trail(&slots, node.slot);
        let before = trail.iter().rev().find_map(|&at| match &slots[at].part {
            Part::Literal(text) => Some(text.clone()),
            _ => None,
        });
        let place = Place {
            depth: node.depth,
            before: before.as_deref(),
        };
        let mut verdicts = decide(&place, &labels, sightings);
        for (label, verdict) in labels.iter().zip(&mut verdicts) {
            if let Some(param) = pinned(pins, &node, label, sightings) {
                *verdict = Verdict {
                    param,
                    confidence: 1.0,
                    reasons: vec![Reason::Pinned],
                };
            }
        }
        let mut groups: BTreeMap<Skeleton, Vec<usize>> = BTreeMap::new();
        for (at, verdict) in verdicts.iter().enumerate() {
            if verdict.param {
                groups
                    .entry(skeleton(labels[at].segment))
                    .or_default()
                    .push(at);
            } else {
                let text = labels[at].segment.text().unwrap_or_default();
                let next = advance(pins, &node.pins, node.depth, Some(&text));
                slots.push(Slot {
                    parent: node.slot,
                    part: Part::Literal(text),
                    verdict: verdict.clone(),
                });
                open.push(Node {
                    depth: node.depth + 1,
                    slot: Some(slots.len() - 1),
                    members: labels[at].members.clone(),
                    pins: next,
                });
            }
        }
        for (skeleton, group) in groups {
            let mut members: Vec<usize> = group
                .iter()
                .flat_map(|&at| labels[at].members.iter().copied())
                .collect();
            members.sort_unstable();
            let next = advance(pins, &node.pins, node.depth, None);
            let parts: Vec<&Part> = trail.iter().map(|&at| &slots[at].part).collect();
            let said =
                next.iter()
                    .find_map(|&at| match &pins.pins[at].template.parts[node.depth] {
                        Part::Param(name) => Some(name.as_str()),
                        _ => None,
                    });
            let mut naming = Naming::new(&NamingPlace {
                depth: node.depth,
                before: &parts,
                members: &members,
                sightings,
                said,
            });
            let part = part(&skeleton, &mut naming);
            slots.push(Slot {
                parent: node.slot,
                part,
                verdict: merge(group.iter().map(|&at| &verdicts[at])),
            });
            open.push(Node {
                depth: node.depth + 1,
                slot: Some(slots.len() - 1),
                members,
                pins: next,
            });
        }
    }
    finish(host, &slots, ends, sightings, pins, inference);
}

/// The distinct segments at a place.
fn labels<'s>(members: &[usize], depth: usize, sightings: &[Sighting<'s>]) -> Vec<Label<'s>> {
    let mut labels: BTreeMap<&Segment, Vec<usize>> = BTreeMap::new();
    for &at in members {
        labels
            .entry(&sightings[at].segments[depth])
            .or_default()
            .push(at);
    }
    labels
        .into_iter()
        .map(|(segment, members)| Label { segment, members })
        .collect()
}

/// The decided segments up to a slot, from the root.
fn trail(slots: &[Slot], slot: Option<usize>) -> Vec<usize> {
    let mut trail: Vec<usize> = std::iter::successors(slot, |&at| slots[at].parent).collect();
    trail.reverse();
    trail
}

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

fn part(skeleton: &Skeleton, naming: &mut Naming) -> Part {
    if skeleton.len() == 1 {
        return Part::Param(naming.whole());
    }
    Part::Mixed(
        skeleton
            .iter()
            .map(|piece| match piece {
                Some(text) => Piece::Literal(text.to_string()),
                None => Piece::Param(naming.piece()),
            })
            .collect(),
    )
}

/// Whether a pin says what a label is.
fn pinned(pins: &Pins, node: &Node, label: &Label<'_>, sightings: &[Sighting<'_>]) -> Option<bool> {
    let text = label.segment.text();
    let fits_on = |pin: usize, at: usize| fits(&pins.pins[pin].template, &sightings[at]);
    let literal = node.pins.iter().any(|&pin| {
        matches!(pins.pins[pin].template.parts.get(node.depth),
            Some(Part::Literal(said)) if Some(said) == text.as_ref())
    });
    if literal {
        return Some(false);
    }
    let param = node.pins.iter().any(|&pin| {
        !matches!(
            pins.pins[pin].template.parts.get(node.depth),
            None | Some(Part::Literal(_))
        ) && (text.is_none() || label.members.iter().any(|&at| fits_on(pin, at)))
    });
    param.then_some(true)
}

/// The pins that still fit behind a literal, or behind a parameter.
fn advance(pins: &Pins, here: &[usize], depth: usize, literal: Option<&str>) -> Vec<usize> {
    here.iter()
        .copied()
        .filter(
            |&at| match (pins.pins[at].template.parts.get(depth), literal) {
                (Some(Part::Literal(said)), Some(text)) => said == text,
                (Some(Part::Param(_) | Part::Mixed(_)), None) => true,
                _ => false,
            },
        )
        .collect()
}

/// Whether a template fits all segments of a path; a value fits every parameter and no literal.
fn fits(template: &Template, sighting: &Sighting<'_>) -> bool {
    template.parts.len() == sighting.segments.len()
        && template
            .parts
            .iter()
            .zip(sighting.segments)
            .all(|(part, segment)| match segment.text() {
                Some(text) => part.matches(&text),
                None => fits_value(part, segment),
            })
}

fn fits_value(part: &Part, segment: &Segment) -> bool {
    match part {
        Part::Literal(_) => false,
        Part::Param(_) => true,
        Part::Mixed(pieces) => {
            let fixed: Skeleton = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => Some(text.as_str().into()),
                    Piece::Param(_) => None,
                })
                .collect();
            fixed == skeleton(segment)
        }
    }
}

/// The verdict of a group from those of its labels.
fn merge<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> Verdict {
    let mut merged = Verdict {
        param: true,
        confidence: 0.0,
        reasons: Vec::new(),
    };
    let mut distinct = 0;
    for verdict in verdicts {
        merged.confidence = verdict.confidence.max(merged.confidence);
        for reason in &verdict.reasons {
            match reason {
                Reason::Distinct { values } => distinct += values,
                reason if !merged.reasons.contains(reason) => merged.reasons.push(reason.clone()),
                _ => {}
            }
        }
    }
    if distinct > 0 {
        merged.reasons.push(Reason::Distinct { values: distinct });
    }
    merged
}

/// Turns decided paths into routes.
fn finish(
    host: &str,
    slots: &[Slot],
    ends: Vec<(Option<usize>, Vec<usize>)>,
    sightings: &[Sighting<'_>],
    pins: &Pins,
    inference: &mut Inference,
) {
    let mut routes: BTreeMap<Vec<Part>, (Route, u64, u64)> = BTreeMap::new();
    let mut reached: Vec<(Vec<Part>, usize)> = Vec::new();
    for (slot, members) in ends {
        let trail = trail(slots, slot);
        let parts: Vec<Part> = trail.iter().map(|&at| slots[at].part.clone()).collect();
        let verdicts: Vec<Verdict> = trail.iter().map(|&at| slots[at].verdict.clone()).collect();
        for at in members {
            let sighting = &sightings[at];
            let said = best_pin(pins, host, sighting);
            let (parts, verdicts) = match said {
                Some(template) => (
                    template.parts.clone(),
                    template
                        .parts
                        .iter()
                        .map(|part| Verdict {
                            param: !matches!(part, Part::Literal(_)),
                            confidence: 1.0,
                            reasons: vec![Reason::Pinned],
                        })
                        .collect(),
                ),
                None => (parts.clone(), verdicts.clone()),
            };
            let confidence = verdicts.iter().map(|v| v.confidence).fold(1.0, f64::min);
            let template = Template {
                parts,
                slash: false,
            };
            let key = template.shape();
            let entry = routes.entry(key.clone()).or_insert_with(|| {
                let route = Route {
                    host: host.to_owned(),
                    template,
                    verdicts,
                    pinned: said.is_some(),
                    confidence,
                };
                (route, 0, 0)
            });
            if let (Some(template), false) = (said, entry.0.pinned) {
                entry.0.template.parts.clone_from(&template.parts);
                entry.0.pinned = true;
                entry.0.confidence = 1.0;
            }
            entry.1 += u64::from(sighting.slashed);
            entry.2 += u64::from(sighting.requests);
            reached.push((key, at));
        }
    }
    let mut position = BTreeMap::new();
    for (key, (mut route, slashed, requests)) in routes {
        route.template.slash = slashed * 2 > requests && !route.template.parts.is_empty();
        position.insert(key, inference.routes.len());
        inference.routes.push(route);
    }
    for (key, at) in reached {
        inference.of[at] = position[&key];
    }
}

/// The pin that fits a path; the one with most literals, then the first.
fn best_pin<'p>(pins: &'p Pins, host: &str, sighting: &Sighting<'_>) -> Option<&'p Template> {
    let literals = |template: &Template| {
        let literal = |part: &&Part| matches!(part, Part::Literal(_));
        template.parts.iter().filter(literal).count()
    };
    pins.pins
        .iter()
        .filter(|pin| pin.host.as_deref().is_none_or(|h| h == host))
        .filter(|pin| pin.methods.is_empty() || pin.methods.iter().any(|m| m == sighting.method))
        .filter(|pin| fits(&pin.template, sighting))
        .map(|pin| &pin.template)
        .reduce(|best, next| {
            if literals(next) > literals(best) {
                next
            } else {
                best
            }
        })
}
