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

/// A guess: an old and a new thing, how alike they are, and in what.
struct Guess<T> {
    likeness: f64,
    old: T,
    new: T,
    reasons: Vec<&'static str>,
}

/// The guesses that hold together: the best ones first, each thing in one of them only.
fn paired<T: Ord + Copy>(mut guesses: Vec<Guess<T>>) -> Vec<Guess<T>> {
    guesses.sort_by(|a, b| {
        let names = (&a.old, &a.new).cmp(&(&b.old, &b.new));
        b.likeness.total_cmp(&a.likeness).then(names)
    });
    let (mut old, mut new) = (BTreeSet::new(), BTreeSet::new());
    guesses.retain(|guess| {
        let free = !old.contains(&guess.old) && !new.contains(&guess.new);
        if free {
            old.insert(guess.old);
            new.insert(guess.new);
        }
        free
    });
    guesses
}

/// Parameters that were probably renamed: of one place and type, with names that are alike or equal
/// constants.
pub(super) fn params(
    pair: Pair<'_>,
    lost: &[&(Place, String)],
    added: &[&(Place, String)],
) -> Vec<Found> {
    let mut guesses = Vec::new();
    for old in lost {
        guesses.extend(added.iter().filter(|new| new.0 == old.0).filter_map(|new| {
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
                Guess {
                    likeness: jaro_winkler(&old.1, &new.1),
                    old: *old,
                    new: *new,
                    reasons,
                }
            })
        }));
    }
    let found = paired(guesses).into_iter().map(|guess| Found {
        place: Some(guess.new.0),
        reasons: guess.reasons,
        ..Found::new(Code::ParamRenamed, Some(pair.new), guess.new.1.clone())
            .values(Some(guess.old.1.clone()), Some(guess.new.1.clone()))
    });
    found.collect()
}

/// Response fields that were probably renamed: under one parent, of one type, with names that are alike.
pub(super) fn fields(pair: Pair<'_>, lost: &[&String], added: &[&String]) -> Vec<Found> {
    let mut guesses = Vec::new();
    for old in lost {
        let (parent, name) = split(old);
        guesses.extend(added.iter().filter_map(|new| {
            let (new_parent, new_name) = split(new);
            let a = pair.old.observed.fields.get(*old)?;
            let b = pair.new.observed.fields.get(*new)?;
            let one = parent == new_parent && type_name(&a.kinds) == type_name(&b.kinds);
            (one && alike(name, new_name)).then(|| Guess {
                likeness: jaro_winkler(name, new_name),
                old: *old,
                new: *new,
                reasons: vec!["rename.names", "rename.types"],
            })
        }));
    }
    let found = paired(guesses).into_iter().map(|guess| Found {
        reasons: guess.reasons,
        ..Found::new(Code::FieldRenamed, Some(pair.new), guess.new.clone())
            .values(Some(guess.old.clone()), Some(guess.new.clone()))
    });
    found.collect()
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
    let mut guesses = Vec::new();
    for old in lost {
        guesses.extend(added.iter().filter_map(|new| {
            let (likeness, reasons) = likeness(old, new)?;
            Some(Guess {
                likeness,
                old: &old.id,
                new: &new.id,
                reasons,
            })
        }));
    }
    let found = paired(guesses).into_iter().filter_map(|guess| {
        let (_, now) = new.endpoint(guess.new)?;
        Some(Found {
            reasons: guess.reasons,
            ..Found::new(Code::EndpointRenamed, Some(now), guess.new.clone())
                .values(Some(guess.old.clone()), Some(guess.new.clone()))
        })
    });
    found.collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_pairs_come_first_and_nothing_is_in_two() {
        let guess = |likeness, old, new| Guess {
            likeness,
            old,
            new,
            reasons: Vec::new(),
        };
        let pairs = paired(vec![
            guess(0.8, "a", "x"),
            guess(0.9, "b", "x"),
            guess(0.7, "a", "y"),
            guess(0.9, "c", "x"),
        ]);
        let names: Vec<_> = pairs.iter().map(|pair| (pair.old, pair.new)).collect();
        assert_eq!(names, [("b", "x"), ("a", "y")]);
    }
}
