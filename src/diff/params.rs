//! What requests of one endpoint send: parameters, their types and constants, and sets of them.

use std::collections::BTreeSet;

use crate::inventory::{Observed, ParamUse, ValueCounts};
use crate::scope::Place;
use crate::value::Kind;

use super::compare::{Found, Pair, members};
use super::fields::type_name;
use super::level::Code;
use super::rename;
use super::seen::{Presence, Seen, no_longer_always, now_always, presence};

/// Requests on both sides that a change of type in a place without types needs: there a type is how
/// the texts happen to look.
const MIN_UNTYPED: usize = 2;

type Key = (Place, String);

/// All changes of what is sent.
pub(super) fn changes(pair: Pair<'_>) -> Vec<Found> {
    let (old, new) = (&pair.old.observed, &pair.new.observed);
    let keys: BTreeSet<&Key> = old.params.keys().chain(new.params.keys()).collect();
    let mut found = Vec::new();
    let (mut lost, mut added): (Vec<&Key>, Vec<&Key>) = (Vec::new(), Vec::new());
    for key in keys {
        let (before, now) = (seen(old, key), seen(new, key));
        let used =
            |observed: &Observed| observed.params.get(key).map(|used| type_name(&used.kinds));
        let change = |code| Found {
            place: Some(key.0),
            ..Found::new(code, Some(pair.new), key.1.clone())
        };
        match presence(before, now) {
            Presence::New { thin } => {
                added.push(key);
                found.push(
                    change(Code::ParamNew)
                        .values(None, used(new))
                        .seen(before, now, thin),
                );
            }
            Presence::Gone { thin } => {
                lost.push(key);
                found.push(
                    change(Code::ParamGone)
                        .values(used(old), None)
                        .seen(before, now, thin),
                );
            }
            Presence::Same if now_always(before, now) => {
                found.push(change(Code::ParamAlways).seen(before, now, false));
            }
            Presence::Same if no_longer_always(before, now) => {
                found.push(change(Code::ParamOptional).seen(before, now, false));
            }
            Presence::Same => {}
        }
        if let (Some(a), Some(b)) = (old.params.get(key), new.params.get(key)) {
            if let Some((old_type, new_type)) = type_change(key.0, a, b) {
                found.push(
                    change(Code::ParamType)
                        .values(Some(old_type), Some(new_type))
                        .seen(before, now, false),
                );
            }
            let split = pair.split_by.contains(&key.1);
            let codes = if split {
                [Code::DiscriminatorNew, Code::DiscriminatorGone]
            } else {
                [Code::ConstantNew, Code::ConstantGone]
            };
            found.extend(
                constants(pair, codes, &key.1, [&a.values, &b.values], split).map(|change| Found {
                    place: Some(key.0),
                    ..change
                }),
            );
        }
    }
    found.extend(rename::params(pair, &lost, &added));
    found.extend(variants(pair));
    found
}

fn seen(observed: &Observed, key: &Key) -> Seen {
    let count = observed.params.get(key).map_or(0, |used| used.requests);
    Seen::new(count, observed.requests)
}

/// The types before and now, if they differ beyond what the texts happen to look like.
fn type_change(place: Place, old: &ParamUse, new: &ParamUse) -> Option<(String, String)> {
    let (before, now) = (bare(&old.kinds), bare(&new.kinds));
    if before.is_empty() || now.is_empty() || before == now {
        return None;
    }
    let changed = if place == Place::Json {
        !now.is_subset(&before)
    } else {
        let enough = old.requests >= MIN_UNTYPED && new.requests >= MIN_UNTYPED;
        enough && before.is_disjoint(&now)
    };
    changed.then(|| (type_name(&old.kinds), type_name(&new.kinds)))
}

/// Kinds without `null`, and with all numbers as one.
pub(super) fn bare(kinds: &BTreeSet<Kind>) -> BTreeSet<Kind> {
    let known = kinds.iter().filter(|kind| **kind != Kind::Null);
    known
        .map(|kind| match kind {
            Kind::Integer => Kind::Number,
            kind => *kind,
        })
        .collect()
}

/// Constants that are new or gone; of a name whose values are listed by hand all of them count.
pub(super) fn constants(
    pair: Pair<'_>,
    codes: [Code; 2],
    name: &str,
    [old, new]: [&ValueCounts; 2],
    listed: bool,
) -> impl Iterator<Item = Found> {
    let all = |side: &ValueCounts| side.are_all() || side.counts.is_empty() && side.overflow == 0;
    let shown = all(old) && all(new);
    let of = |values: &ValueCounts| values.counts.values().sum();
    let found = if shown || listed {
        members(
            pair.new,
            codes,
            [&old.counts, &new.counts],
            [of(old), of(new)],
        )
    } else {
        Vec::new()
    };
    let name = name.to_owned();
    found.into_iter().map(move |change| Found {
        subject: name.clone(),
        ..change
    })
}

/// Sets of parameters that make an endpoint do another job: nothing of it is a new name, and it is
/// neither more nor less of a set that was sent before.
fn variants(pair: Pair<'_>) -> Vec<Found> {
    let (old, new) = (&pair.old.observed, &pair.new.observed);
    if old.writes == 0 || old.more_variants + new.more_variants > 0 {
        return Vec::new();
    }
    let names = |observed: &Observed| -> BTreeSet<String> {
        observed
            .params
            .keys()
            .map(|(_, name)| name.clone())
            .collect()
    };
    let mut found = Vec::new();
    for (code, here, there) in [(Code::VariantNew, new, old), (Code::VariantGone, old, new)] {
        let known = names(there);
        for (set, count) in &here.variants {
            let set_names: BTreeSet<&String> = set.iter().collect();
            let other_job = there.variants.keys().all(|other| {
                let other: BTreeSet<&String> = other.iter().collect();
                !other.is_subset(&set_names) && !set_names.is_subset(&other)
            });
            if set.is_empty() || !other_job || !set.iter().all(|name| known.contains(name)) {
                continue;
            }
            let text = set.join(" + ");
            let (seen_here, none) = (
                Seen::new(*count, here.requests),
                Seen::new(0, there.requests),
            );
            let change = Found::new(code, Some(pair.new), text.clone());
            if code == Code::VariantNew {
                found.push(change.values(None, Some(text)).seen(none, seen_here, false));
            } else if let Presence::Gone { thin } = presence(seen_here, none) {
                found.push(change.values(Some(text), None).seen(seen_here, none, thin));
            }
        }
    }
    found
}
