//! The walk down the tree of paths.

use std::collections::BTreeMap;

use super::super::name::{Naming, NamingPlace};
use super::super::{Part, Piece, Pins, Reason, Sighting, Verdict};
use super::affix::{self, Skeleton};
use super::decide::{Decision, Label, Place};
use super::explain;
use super::facts::{Facts, noun};
use super::pinned::Said;
use crate::value::{Segment, is_root, is_version};

/// One decided segment; the decided segments before it are its ancestors.
pub(super) struct Slot {
    parent: Option<usize>,
    pub(super) part: Part,
    pub(super) verdict: Verdict,
}

/// The decided tree.
pub(super) struct Walked {
    pub(super) slots: Vec<Slot>,
    /// The last segment of some sightings; none for the root.
    pub(super) ends: Vec<(Option<usize>, Vec<usize>)>,
}

impl Walked {
    /// The decided segments up to one, from the root.
    pub(super) fn trail(&self, slot: Option<usize>) -> Vec<usize> {
        let mut trail: Vec<usize> =
            std::iter::successors(slot, |&at| self.slots[at].parent).collect();
        trail.reverse();
        trail
    }

    fn add(&mut self, parent: Option<usize>, part: Part, verdict: Verdict) -> usize {
        self.slots.push(Slot {
            parent,
            part,
            verdict,
        });
        self.slots.len() - 1
    }
}

/// A place that is still to be decided, with the sightings that reach it.
struct Node {
    depth: usize,
    slot: Option<usize>,
    members: Vec<usize>,
    /// The pins whose parts so far fit the decided segments.
    pins: Vec<usize>,
}

/// Decides the labels of a place.
pub(super) type Judge<'j> = dyn FnMut(&Place<'_>, &[Label<'_>], &Facts<'_>) -> Decision + 'j;

/// Decides all paths of one host.
pub(super) fn walk(
    host: &str,
    members: Vec<usize>,
    sightings: &[Sighting<'_>],
    pins: &Pins,
    judge: &mut Judge<'_>,
) -> Walked {
    let facts = Facts::new(&members, sightings);
    let mut walked = Walked {
        slots: Vec::new(),
        ends: Vec::new(),
    };
    let mut open = vec![Node {
        depth: 0,
        slot: None,
        members,
        pins: (0..pins.pins.len())
            .filter(|&at| pins.pins[at].host.as_deref().is_none_or(|h| h == host))
            .collect(),
    }];
    while let Some(node) = open.pop() {
        let (ended, going): (Vec<usize>, Vec<usize>) = node
            .members
            .iter()
            .partition(|&&at| sightings[at].segments.len() == node.depth);
        if !going.is_empty() {
            let children = children(&node, &ended, &going, &walked, pins, &facts, judge);
            for (part, verdict, members, pins) in children {
                open.push(Node {
                    depth: node.depth + 1,
                    slot: Some(walked.add(node.slot, part, verdict)),
                    members,
                    pins,
                });
            }
        }
        if !ended.is_empty() {
            walked.ends.push((node.slot, ended));
        }
    }
    walked
}

/// One decided child of a node: the segment, why, the sightings, and the pins that still fit.
type Child = (Part, Verdict, Vec<usize>, Vec<usize>);

/// Decides the segments at a node.
fn children(
    node: &Node,
    ended: &[usize],
    going: &[usize],
    walked: &Walked,
    pins: &Pins,
    facts: &Facts<'_>,
    judge: &mut Judge<'_>,
) -> Vec<Child> {
    let sightings = facts.sightings;
    let labels = labels(going, node.depth, sightings);
    let trail = walked.trail(node.slot);
    let before: Vec<&Part> = trail.iter().map(|&at| &walked.slots[at].part).collect();
    let place = place(node.depth, &before, ended, facts);
    let said = Said::new(pins, &node.pins, node.depth, &before, &labels);
    let Decision {
        mut verdicts,
        evidence,
    } = judge(&place, &labels, facts);
    for (label, verdict) in labels.iter().zip(&mut verdicts) {
        if let Some(param) = said.of(label, verdict, sightings) {
            *verdict = Verdict {
                param,
                confidence: 1.0,
                reasons: vec![Reason::Pinned],
            };
        }
    }
    let mut children: Vec<Child> = Vec::new();
    let mut variable = Vec::new();
    for (at, verdict) in verdicts.iter().enumerate() {
        if verdict.param {
            variable.push(at);
            continue;
        }
        let text = labels[at].segment.text().unwrap_or_default();
        let behind = said.behind(Some(&text));
        let members = labels[at].members.clone();
        children.push((Part::Literal(text), verdict.clone(), members, behind));
    }
    for (skeleton, group) in affix::group(&labels, &variable, node.depth, facts) {
        let members: Vec<usize> = group
            .iter()
            .flat_map(|&at| labels[at].members.iter().copied())
            .collect();
        let naming_place = NamingPlace {
            depth: node.depth,
            before: &before,
            members: &members,
            sightings,
            known: &facts.names,
            said: said.name(),
        };
        let part = part(&skeleton, &mut Naming::new(&naming_place));
        let verdict = explain::param(&place, &labels, &group, &verdicts, &evidence, facts);
        children.push((part, verdict, members, said.behind(None)));
    }
    children
}

/// What is known of a place from what stands before it, and from the sightings that end before it.
fn place<'s>(depth: usize, parts: &[&'s Part], ended: &[usize], facts: &Facts<'_>) -> Place<'s> {
    let literals = || {
        parts.iter().rev().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            _ => None,
        })
    };
    Place {
        depth,
        before: literals().next(),
        noun: literals().next().map(noun),
        after_param: parts
            .last()
            .is_some_and(|part| !matches!(part, Part::Literal(_))),
        after_root: literals().all(|text| is_root(text) || is_version(text)),
        collection: ended.iter().any(|&at| {
            let sighting = &facts.sightings[at];
            sighting.method == "GET" && sighting.fields.iter().any(|field| field.contains("[]"))
        }),
    }
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

fn part(skeleton: &Skeleton, naming: &mut Naming<'_>) -> Part {
    if skeleton.len() == 1 {
        return Part::Param(naming.whole());
    }
    let mut before = None;
    Part::Mixed(
        skeleton
            .iter()
            .map(|piece| {
                if let Some(text) = piece {
                    before = Some(&**text);
                    Piece::Literal(text.to_string())
                } else {
                    Piece::Param(naming.piece(before.take()))
                }
            })
            .collect(),
    )
}
