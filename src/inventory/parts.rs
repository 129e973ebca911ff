//! Parts: evidence of several captures, kept apart so that no capture counts twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::evidence::{CaptureEvidence, Evidence, Words};

/// Evidence in parts, each of one capture, or of several that were summed up before.
///
/// A capture is known by its identity, not by its name: of a copy, and of the same capture in
/// several inventories, one is kept. A part that holds all captures of another one takes its place.
/// So adding parts is associative, commutative and idempotent, as far as it is defined: of two sums
/// that share some captures and not others, neither can be told what of it is in both.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    parts: BTreeMap<BTreeSet<String>, Part>,
    /// The identities of all captures in them.
    known: BTreeSet<String>,
}

/// One part.
#[derive(Debug, Clone)]
struct Part {
    evidence: Evidence,
    /// Whether it was read from an inventory, and so holds nothing that may not be written.
    written: bool,
}

/// Two sums that share some captures and not others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Names of those that they share.
    pub shared: Vec<String>,
    /// Names of those that only one of them has.
    pub others: Vec<String>,
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "two inventories hold sums that share {} but not {}, so that what they share would count twice; write them again without `--fold`, or give only one of them",
            self.shared.join(", "),
            self.others.join(", "),
        )
    }
}

impl std::error::Error for Overlap {}

impl Parts {
    /// Adds the evidence of a capture; says whether that is news.
    pub fn add(&mut self, evidence: CaptureEvidence) -> bool {
        let news = !self.known.contains(&evidence.capture.id);
        self.add_part(evidence.into(), false);
        news
    }

    /// Adds a part of an inventory.
    pub(super) fn add_written(&mut self, evidence: Evidence) {
        self.add_part(evidence, true);
    }

    fn add_part(&mut self, evidence: Evidence, written: bool) {
        let ids: BTreeSet<String> = evidence.captures.keys().cloned().collect();
        self.known.extend(ids.iter().cloned());
        let part = Part { evidence, written };
        let part = match self.parts.remove(&ids) {
            Some(known) => known.or(part),
            None => part,
        };
        self.parts.insert(ids, part);
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The parts, none of which shares a capture with another, in the order of names.
    ///
    /// # Errors
    ///
    /// Two sums share some captures and not others.
    pub(super) fn settle(self) -> Result<Vec<(Evidence, bool)>, Overlap> {
        let names = self.names();
        let mut parts: Vec<(BTreeSet<String>, Part)> = self.parts.into_iter().collect();
        // The largest first: they take the place of what they hold.
        parts.sort_by_key(|(ids, _)| std::cmp::Reverse(ids.len()));
        let mut kept: Vec<(BTreeSet<String>, Part)> = Vec::new();
        let mut holders: BTreeMap<String, usize> = BTreeMap::new();
        for (ids, part) in parts {
            let holder = ids.iter().find_map(|id| holders.get(id));
            match holder.and_then(|at| kept.get(*at)) {
                Some((known, _)) if ids.is_subset(known) => {}
                Some((known, _)) => return Err(overlap(known, &ids, &names)),
                None => {
                    holders.extend(ids.iter().map(|id| (id.clone(), kept.len())));
                    kept.push((ids, part));
                }
            }
        }
        let mut kept: Vec<(Evidence, bool)> = kept
            .into_iter()
            .map(|(_, part)| (part.evidence, part.written))
            .collect();
        for (evidence, _) in &mut kept {
            for (id, (capture, _)) in &mut evidence.captures {
                if let Some(name) = names.get(id) {
                    capture.name.clone_from(name);
                }
            }
        }
        kept.sort_by_cached_key(|(evidence, _)| {
            let captures = evidence.captures.values();
            let mut names: Vec<(String, String)> = captures
                .map(|(capture, _)| (capture.name.clone(), capture.id.clone()))
                .collect();
            names.sort();
            names
        });
        Ok(kept)
    }

    /// All evidence, summed up.
    ///
    /// # Errors
    ///
    /// Two sums share some captures and not others.
    pub fn fold(self) -> Result<Evidence, Overlap> {
        let parts = self.settle()?;
        // What was decided of one capture holds for it; of several there is more to go by.
        let words = match parts.as_slice() {
            [(part, true)] if part.captures.len() == 1 => Words::Decided,
            parts if parts.iter().any(|(_, written)| *written) => Words::Mixed,
            _ => Words::Captured,
        };
        let mut sum = Evidence::default();
        for (evidence, _) in parts {
            sum.merge(evidence);
        }
        sum.words = words;
        Ok(sum)
    }

    /// The name of each capture; of several the first.
    fn names(&self) -> BTreeMap<String, String> {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for part in self.parts.values() {
            for (id, (capture, _)) in &part.evidence.captures {
                let name = names
                    .entry(id.clone())
                    .or_insert_with(|| capture.name.clone());
                if capture.name < *name {
                    name.clone_from(&capture.name);
                }
            }
        }
        names
    }
}

impl Part {
    /// Of two parts of the same captures the one that knows more: what was read from captures; else
    /// always the same of the two. A capture has the first of its names.
    fn or(mut self, mut other: Part) -> Part {
        let ours = self.evidence.captures.values_mut();
        for ((a, _), (b, _)) in ours.zip(other.evidence.captures.values_mut()) {
            if a.name < b.name {
                b.name.clone_from(&a.name);
            } else {
                a.name.clone_from(&b.name);
            }
        }
        if self.written == other.written && self.evidence == other.evidence {
            return self;
        }
        let rank = |part: &Part| (part.written, super::file::part_text(&part.evidence));
        if rank(&other) < rank(&self) {
            other
        } else {
            self
        }
    }
}

fn overlap(a: &BTreeSet<String>, b: &BTreeSet<String>, of: &BTreeMap<String, String>) -> Overlap {
    let sorted = |ids: Vec<&String>| {
        let mut list: Vec<String> = ids
            .into_iter()
            .filter_map(|id| of.get(id).cloned())
            .collect();
        list.sort();
        list
    };
    Overlap {
        shared: sorted(a.intersection(b).collect()),
        others: sorted(a.symmetric_difference(b).collect()),
    }
}
