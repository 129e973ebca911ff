//! Where the routes of a description are mounted in what was captured.
//!
//! A description says its routes behind a base (`https://api.example.com/v1`), and captures may
//! show them behind it, without it (a proxy strips it) or behind another one (a gateway adds it).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{Claim, Manifest};
use crate::inventory::{CallKey, Evidence};
use crate::route::{Part, Template};
use crate::spec::Base;
use crate::value::Segment;

/// Prefixes of observed paths that are tried.
const MAX_PREFIXES: usize = 200;
/// The longest of them, in segments.
const MAX_LENGTH: usize = 4;

/// A description and the bases of some of its operations.
type Mount = (Option<Arc<str>>, Vec<Base>);

impl Manifest {
    /// Puts the routes of descriptions where the evidence shows them, and sets aside what other
    /// claims say already.
    pub fn mount(&mut self, evidence: &Evidence) {
        let mut mounts: BTreeMap<Mount, Vec<usize>> = BTreeMap::new();
        for (at, claim) in self.claims.iter().enumerate() {
            if let Some(operation) = &claim.described {
                let key = (claim.description.clone(), operation.bases.clone());
                mounts.entry(key).or_default().push(at);
            }
        }
        if mounts.is_empty() {
            return;
        }
        let calls: Vec<&CallKey> = evidence.calls.keys().collect();
        for ((_, bases), claims) in mounts {
            let routes: Vec<(String, Template)> = claims
                .iter()
                .map(|at| {
                    (
                        self.claims[*at].method.clone(),
                        self.claims[*at].route.clone(),
                    )
                })
                .collect();
            let prefix = best_prefix(&bases, &routes, &calls);
            let host = host(&bases, &prefix, &calls);
            for at in claims {
                let claim = &mut self.claims[at];
                let mut parts = prefix.clone();
                parts.append(&mut claim.route.parts);
                claim.route.parts = parts;
                claim.host.clone_from(&host);
            }
        }
        self.set_repeated_aside();
    }

    /// What is written by hand comes first and holds; of two descriptions the first.
    fn set_repeated_aside(&mut self) {
        self.claims.sort_by_key(|claim| claim.described.is_some());
        let mut kept: Vec<Claim> = Vec::new();
        let mut known: HashMap<_, Vec<Option<String>>> = HashMap::new();
        for claim in std::mem::take(&mut self.claims) {
            let key = (
                claim.method.clone(),
                claim.route.shape(),
                claim.operation.clone(),
            );
            let hosts = known.entry(key).or_default();
            let again = hosts
                .iter()
                .any(|host| host.is_none() || *host == claim.host);
            if claim.described.is_none() || !again {
                hosts.push(claim.host.clone());
                kept.push(claim);
            } else {
                self.overruled.push(claim);
            }
        }
        self.claims = kept;
    }
}

/// The prefix behind which most calls are described: that of a base, none, or else one that was
/// observed. Where nothing fits, the first base.
fn best_prefix(bases: &[Base], routes: &[(String, Template)], calls: &[&CallKey]) -> Vec<Part> {
    let mut prefixes: Vec<Vec<Part>> = Vec::new();
    for prefix in bases.iter().map(|base| &base.path).chain([&Vec::new()]) {
        if !prefixes.contains(prefix) {
            prefixes.push(prefix.clone());
        }
    }
    let first = prefixes.first().cloned().unwrap_or_default();
    let by_length = by_length(routes);
    let best = |prefixes: Vec<Vec<Part>>| {
        let scored = prefixes
            .into_iter()
            .map(|prefix| (score(&prefix, &by_length, calls), prefix));
        // The first of equals.
        scored.fold(
            (0, Vec::new()),
            |best, next| if next.0 > best.0 { next } else { best },
        )
    };
    let (score, prefix) = best(prefixes);
    if score > 0 {
        return prefix;
    }
    let (score, prefix) = best(observed_prefixes(calls));
    if score > 0 { prefix } else { first }
}

/// Routes by method and number of segments.
type ByLength<'a> = HashMap<(&'a str, usize), Vec<&'a Template>>;

fn by_length(routes: &[(String, Template)]) -> ByLength<'_> {
    let mut all: ByLength<'_> = HashMap::new();
    for (method, route) in routes {
        all.entry((method, route.parts.len()))
            .or_default()
            .push(route);
    }
    all
}

/// How many calls some route behind a prefix describes.
fn score(prefix: &[Part], routes: &ByLength<'_>, calls: &[&CallKey]) -> usize {
    let described = |call: &&&CallKey| {
        let Some(rest) = call.segments.len().checked_sub(prefix.len()) else {
            return false;
        };
        let (before, behind) = call.segments.split_at(prefix.len());
        fits(prefix, before)
            && routes
                .get(&(call.method.as_str(), rest))
                .is_some_and(|routes| routes.iter().any(|route| fits(&route.parts, behind)))
    };
    calls.iter().filter(described).count()
}

fn fits(parts: &[Part], segments: &[Segment]) -> bool {
    let template = Template {
        parts: parts.to_vec(),
        slash: false,
    };
    template.fits(segments)
}

/// The literal beginnings of observed paths, short ones first.
fn observed_prefixes(calls: &[&CallKey]) -> Vec<Vec<Part>> {
    let mut prefixes: BTreeSet<(usize, Vec<Part>)> = BTreeSet::new();
    for call in calls {
        let mut prefix = Vec::new();
        for segment in call.segments.iter().take(MAX_LENGTH) {
            let Some(text) = segment.text() else {
                break;
            };
            prefix.push(Part::Literal(text));
            prefixes.insert((prefix.len(), prefix.clone()));
        }
    }
    prefixes
        .into_iter()
        .take(MAX_PREFIXES)
        .map(|(_, prefix)| prefix)
        .collect()
}

/// The host of the bases that was seen, if it is one.
fn host(bases: &[Base], prefix: &[Part], calls: &[&CallKey]) -> Option<String> {
    let seen: BTreeSet<&str> = calls.iter().map(|call| call.host.as_str()).collect();
    let at_prefix = |base: &&Base| base.path == prefix;
    let own = bases.iter().any(|base| at_prefix(&base));
    let hosts: BTreeSet<&String> = bases
        .iter()
        .filter(|base| !own || at_prefix(base))
        .filter_map(|base| base.host.as_ref())
        .filter(|host| seen.contains(host.as_str()))
        .collect();
    match hosts.len() {
        1 => hosts.into_iter().next().cloned(),
        _ => None,
    }
}
