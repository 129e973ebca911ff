//! Compares paths of the source with routes.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{HOLE, PathPattern};
use super::target::{Fit, Target, VALUE, fit, is_version};

/// A route with the endpoints on it.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) segments: Vec<String>,
    /// Segments that may stand in front.
    bases: Vec<Vec<String>>,
    /// How many of its first segments most routes share: the base of the API.
    shared: usize,
    /// Positions of the targets.
    pub(super) targets: Vec<usize>,
}

/// How a path of the source agrees with a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// The route: a position in [`Routes::wanted`].
    pub(super) route: usize,
    /// The first segments of the route that the source does not have.
    pub(super) missing: usize,
    /// The first segments of the source that the route does not have.
    pub(super) extra: usize,
    /// Segments that are the same text.
    texts: usize,
    /// Wildcards where the route has text.
    pub(super) guesses: usize,
    examples: usize,
}

/// The routes that are looked for, by the texts in them.
#[derive(Debug, Default)]
pub(super) struct Routes {
    pub(super) wanted: Vec<Wanted>,
    by_text: BTreeMap<String, Vec<usize>>,
}

impl Routes {
    pub(super) fn new(targets: &[Target]) -> Self {
        let mut shapes: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (at, target) in targets.iter().enumerate() {
            shapes.entry(target.segments()).or_default().push(at);
        }
        let fronts = fronts(shapes.keys());
        let mut routes = Routes::default();
        for (segments, shape) in shapes {
            let at = routes.wanted.len();
            for segment in &segments {
                let known = routes.by_text.entry(segment.clone()).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
            let mut bases: Vec<Vec<String>> = shape
                .iter()
                .flat_map(|at| targets[*at].bases.clone())
                .collect();
            bases.sort();
            bases.dedup();
            let ends = (1..segments.len()).rev();
            let mut shared = ends.filter(|end| fronts.contains(&segments[..*end]));
            routes.wanted.push(Wanted {
                shared: shared.next().unwrap_or(0),
                segments,
                bases,
                targets: shape,
            });
        }
        routes
    }

    /// The routes that share a text with a path.
    pub(super) fn candidates(&self, path: &PathPattern) -> BTreeSet<usize> {
        let mut candidates: BTreeSet<usize> = BTreeSet::new();
        for segment in &path.segments {
            let text = segment.trim_matches(HOLE);
            if let Some(known) = self.by_text.get(text).filter(|_| !text.is_empty()) {
                candidates.extend(known);
            } else if segment.contains(HOLE) && !text.is_empty() {
                // Such as `<id>.json`.
                let mixed = self
                    .by_text
                    .iter()
                    .filter(|(known, _)| known.contains(VALUE) && known.chars().count() > 1);
                candidates.extend(mixed.flat_map(|(_, routes)| routes));
            }
        }
        candidates
    }

    /// The routes that a path agrees with best.
    pub(super) fn matches(&self, path: &PathPattern) -> Vec<Match> {
        let mut matches: Vec<Match> = self
            .candidates(path)
            .into_iter()
            .filter_map(|route| self.compare(path, route))
            .collect();
        let rank = |m: &Match| (m.guesses, m.missing + m.extra > 0, m.examples);
        let Some(best) = matches.iter().map(rank).min() else {
            return matches;
        };
        matches.retain(|m| rank(m) == best);
        // Without a base, the longest agreement is the closest.
        if best.1 {
            let longest = matches.iter().map(|m| m.texts).max().unwrap_or(0);
            matches.retain(|m| m.texts == longest || m.extra == 0);
            // What lacks nothing of the route says more than what lacks its front.
            if matches.iter().any(|m| m.missing == 0) {
                matches.retain(|m| m.missing == 0);
            }
        }
        matches
    }

    fn compare(&self, path: &PathPattern, route: usize) -> Option<Match> {
        let wanted = &self.wanted[route].segments;
        let given = &path.segments;
        let shared = wanted.len().min(given.len());
        let mut found = Match {
            route,
            missing: wanted.len() - shared,
            extra: given.len() - shared,
            texts: 0,
            guesses: 0,
            examples: 0,
        };
        // Texts that are no part of the base, which says nothing of one route.
        let mut own_texts = 0;
        let pairs = given[given.len() - shared..]
            .iter()
            .zip(&wanted[wanted.len() - shared..]);
        for (at, (source, segment)) in (found.missing..).zip(pairs) {
            match fit(source, segment) {
                Fit::No => return None,
                Fit::Text => {
                    found.texts += 1;
                    own_texts += usize::from(at >= self.wanted[route].shared);
                }
                Fit::Guess => found.guesses += 1,
                Fit::Example => found.examples += 1,
                Fit::Value => {
                    if segment.chars().count() > 1 {
                        found.texts += 1;
                    }
                }
            }
        }
        let guessable = found.guesses == 0
            || (found.guesses == 1 && own_texts >= 1 && found.missing + found.extra == 0);
        let whole_address = path.host.is_some() && found.missing > 0;
        let extra = &given[..found.extra];
        let bases = &self.wanted[route].bases;
        let front = bases.iter().any(|base| base.ends_with(extra))
            || extra.iter().all(|segment| {
                segment.contains(HOLE)
                    || is_version(segment)
                    || path.host.is_some()
                    || is_base(segment)
            });
        (found.texts > 0 && guessable && !whole_address && front).then_some(found)
    }
}

/// The first segments that at least half of the routes share.
fn fronts<'r>(routes: impl ExactSizeIterator<Item = &'r Vec<String>>) -> BTreeSet<Vec<String>> {
    let half = routes.len().div_ceil(2).max(2);
    let mut counts: BTreeMap<&[String], usize> = BTreeMap::new();
    for route in routes {
        for end in 1..route.len() {
            *counts.entry(&route[..end]).or_default() += 1;
        }
    }
    let shared = counts.into_iter().filter(|(_, count)| *count >= half);
    shared.map(|(front, _)| front.to_vec()).collect()
}

/// Whether a segment is a usual one in front of all routes of an API.
fn is_base(segment: &str) -> bool {
    matches!(
        segment,
        "api" | "apis" | "rest" | "v" | "public" | "internal" | "gateway" | "openapi"
    )
}
