//! Guesses: of what is gone and what is new, pairs that look like one thing under another name.

use std::collections::BTreeSet;

use strsim::jaro_winkler;

use crate::inventory::Endpoint;
use crate::route::Part;
use crate::scope::Place;

use super::compare::{Found, Pair};
use super::fields::type_name;
use super::level::{Code, Rules};
use super::sides::Sides;

/// Parameters that were probably renamed: of one place and type, with names that are alike or equal
/// constants.
pub(super) fn params(
    pair: Pair<'_>,
    lost: &[&(Place, String)],
    added: &[&(Place, String)],
) -> Vec<Found> {
    let mut found = Vec::new();
    for old in lost {
        let best = added.iter().filter(|new| new.0 == old.0).filter_map(|new| {
            let a = pair.old.observed.params.get(*old)?;
            let b = pair.new.observed.params.get(*new)?;
            let mut reasons = Vec::new();
            if type_name(&a.kinds) != type_name(&b.kinds) {
                return None;
            }
            if alike(&old.1, &new.1) {
                reasons.push("rename.names");
            }
            if !a.values.counts.is_empty() && a.values.counts.keys().eq(b.values.counts.keys()) {
                reasons.push("rename.constants");
            }
            (!reasons.is_empty()).then(|| {
                reasons.push("rename.types");
                (jaro_winkler(&old.1, &new.1), *new, reasons)
            })
        });
        if let Some((_, new, reasons)) = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        {
            found.push(Found {
                place: Some(new.0),
                reasons,
                ..Found::new(Code::ParamRenamed, Some(pair.new), new.1.clone())
                    .values(Some(old.1.clone()), Some(new.1.clone()))
            });
        }
    }
    found
}

/// Response fields that were probably renamed: under one parent, of one type, with names that are alike.
pub(super) fn fields(pair: Pair<'_>, lost: &[&String], added: &[&String]) -> Vec<Found> {
    let mut found = Vec::new();
    for old in lost {
        let (parent, name) = split(old);
        let best = added.iter().filter_map(|new| {
            let (new_parent, new_name) = split(new);
            let a = pair.old.observed.fields.get(*old)?;
            let b = pair.new.observed.fields.get(*new)?;
            let one = parent == new_parent && type_name(&a.kinds) == type_name(&b.kinds);
            (one && alike(name, new_name)).then(|| (jaro_winkler(name, new_name), *new))
        });
        if let Some((_, new)) = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))) {
            found.push(Found {
                reasons: vec!["rename.names", "rename.types"],
                ..Found::new(Code::FieldRenamed, Some(pair.new), new.clone())
                    .values(Some((*old).clone()), Some(new.clone()))
            });
        }
    }
    found
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// Endpoints that were probably renamed or moved: of one method, with alike routes, parameters and
/// fields.
pub(super) fn endpoints(sides: &Sides) -> Vec<Found> {
    let (old, new) = (&sides.old, &sides.new);
    let lost = old
        .inventory
        .endpoints
        .iter()
        .filter(|e| new.endpoint(&e.id).is_none());
    let added: Vec<&Endpoint> = {
        let all = new.inventory.endpoints.iter();
        all.filter(|e| old.endpoint(&e.id).is_none()).collect()
    };
    let mut found = Vec::new();
    for old in lost {
        let best = added
            .iter()
            .filter_map(|new| Some((likeness(old, new)?, *new)));
        let best = best.max_by(|a, b| a.0.0.total_cmp(&b.0.0).then(b.1.id.cmp(&a.1.id)));
        if let Some(((_, reasons), new)) = best {
            found.push(Found {
                reasons,
                ..Found::new(Code::EndpointRenamed, Some(new), new.id.clone())
                    .values(Some(old.id.clone()), Some(new.id.clone()))
            });
        }
    }
    found
}

/// How alike two endpoints are, and in what; `None` if not enough to guess.
fn likeness(old: &Endpoint, new: &Endpoint) -> Option<(f64, Vec<&'static str>)> {
    if old.method != new.method || old.operation.is_some() != new.operation.is_some() {
        return None;
    }
    let rules = &Rules::built_in().rename;
    let route = route_likeness(old, new);
    let names = |endpoint: &Endpoint| -> BTreeSet<String> {
        endpoint
            .observed
            .params
            .keys()
            .map(|(_, name)| name.clone())
            .collect()
    };
    let fields = |endpoint: &Endpoint| -> BTreeSet<String> {
        // What stands around every answer tells nothing of this one.
        let inner = endpoint
            .observed
            .fields
            .keys()
            .filter(|path| path.contains('.'));
        inner.cloned().collect()
    };
    let params = shared(&names(old), &names(new));
    let answers = shared(&fields(old), &fields(new));
    let mut reasons = Vec::new();
    if route >= rules.name {
        reasons.push("rename.routes");
    }
    if params.is_some_and(|share| share >= rules.shape) {
        reasons.push("rename.params");
    }
    if answers.is_some_and(|share| share >= rules.shape) {
        reasons.push("rename.fields");
    }
    let contradicted = [params, answers]
        .iter()
        .flatten()
        .any(|share| *share < rules.shape / 2.0);
    let score = route + params.unwrap_or(0.0) + answers.unwrap_or(0.0);
    (reasons.len() >= 2 && !contradicted).then_some((score, reasons))
}

/// The share of segments that are the same or alike.
fn route_likeness(old: &Endpoint, new: &Endpoint) -> f64 {
    let texts = |endpoint: &Endpoint| -> Vec<String> {
        let mut texts: Vec<String> = endpoint
            .route
            .parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Param(_) | Part::Mixed(_) => "<>".to_owned(),
            })
            .collect();
        texts.extend(
            endpoint
                .operation
                .iter()
                .map(|operation| operation.name.clone()),
        );
        texts
    };
    let (old, new) = (texts(old), texts(new));
    let longest = old.len().max(new.len()).max(1);
    let alike: f64 = old
        .iter()
        .map(|a| {
            let likeness = new.iter().map(|b| {
                if a == b {
                    1.0
                } else {
                    jaro_winkler(a, b) / 2.0
                }
            });
            likeness.fold(0.0, f64::max)
        })
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "paths are short")]
    let share = alike / longest as f64;
    share
}

/// The share of names that both have; `None` if there are none at all.
fn shared(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Option<f64> {
    let all = old.union(new).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of names are small")]
    let share = old.intersection(new).count() as f64 / all as f64;
    (all > 0).then_some(share)
}

/// Whether two names look like one, however they are written.
fn alike(old: &str, new: &str) -> bool {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (old, new) = (plain(old), plain(new));
    old == new
        || jaro_winkler(&old, &new) >= Rules::built_in().rename.name
            && strsim::normalized_levenshtein(&old, &new) >= 0.5
}
