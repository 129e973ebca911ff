//! What responses of one endpoint hold: fields, their types and constants, codes and states.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::BusinessCode;
use crate::inventory::{FieldUse, Observed};
use crate::value::Kind;

use super::compare::{Found, Pair, members};
use super::level::{Code, Rules};
use super::params::{bare, constants};
use super::rename;
use super::seen::{Presence, Seen, no_longer_always, now_never, presence};

/// All changes of what is answered.
pub(super) fn changes(pair: Pair<'_>) -> Vec<Found> {
    let (old, new) = (&pair.old.observed, &pair.new.observed);
    if old.json_responses() == 0 || new.json_responses() == 0 {
        return Vec::new();
    }
    let mut found = codes(pair);
    found.extend(transitions(pair));
    // Answers of success and of failure are two things, and are not held against each other.
    if succeeded(old) != succeeded(new) {
        return found;
    }
    if let Some(change) = whole(pair) {
        found.push(change);
        return found;
    }
    let as_before = fails_as_before(pair, &found);
    let paths: BTreeSet<&String> = old.fields.keys().chain(new.fields.keys()).collect();
    let (mut lost, mut added): (Vec<&String>, Vec<&String>) = (Vec::new(), Vec::new());
    for path in paths {
        let change = |code| Found::new(code, Some(pair.new), path.clone());
        let (a, b) = (old.fields.get(path), new.fields.get(path));
        let used = |field: Option<&FieldUse>| field.map(|used| type_name(&used.kinds));
        if let (Some(before), Some(now)) = (seen(old, path), seen(new, path)) {
            match presence(before, now) {
                Presence::New { thin } => {
                    added.push(path);
                    found.push(
                        change(Code::FieldNew)
                            .values(None, used(b))
                            .seen(before, now, thin),
                    );
                }
                Presence::Gone { thin } => {
                    lost.push(path);
                    found.push(
                        change(Code::FieldGone)
                            .values(used(a), None)
                            .seen(before, now, thin),
                    );
                }
                Presence::Same if as_before && no_longer_always(before, now) => {
                    let sure = [old, new].iter().all(|side| holder_is_object(side, path));
                    let change = change(Code::FieldOptional).seen(before, now, false);
                    found.extend(sure.then_some(change));
                }
                Presence::Same => {}
            }
        }
        if let (Some(a), Some(b)) = (a, b) {
            let (before, now) = (bare(&a.kinds), bare(&b.kinds));
            if !before.is_empty() && !now.is_subset(&before) {
                found.push(
                    change(Code::FieldType)
                        .values(used(Some(a)), used(Some(b)))
                        .seen(
                            Seen::new(a.responses, a.responses),
                            Seen::new(b.responses, b.responses),
                            false,
                        ),
                );
            }
            if as_before {
                found.extend(turned_null(change(Code::FieldNull), a, b));
            }
            if !pair.envelope.has(path) {
                let codes = [Code::FieldConstantNew, Code::FieldConstantGone];
                found.extend(constants(pair, codes, path, [&a.values, &b.values], false));
            }
        }
    }
    found.extend(rename::fields(pair, &lost, &added));
    found
}

/// Whether there was a success.
fn succeeded(observed: &Observed) -> bool {
    observed.statuses.keys().any(|status| *status < 400)
}

/// Whether the new side answers nothing but what the old side knows: a failure of another kind says
/// nothing of the fields of a success.
fn fails_as_before(pair: Pair<'_>, codes: &[Found]) -> bool {
    let (old, new) = (&pair.old.observed.statuses, &pair.new.observed.statuses);
    let known = |status: &u16| *status < 400 || old.contains_key(status);
    new.keys().all(known) && !codes.iter().any(|row| row.code == Code::BusinessCodeNew)
}

/// The change of answers that were objects and are arrays, or the other way round.
fn whole(pair: Pair<'_>) -> Option<Found> {
    let kind = |observed: &Observed| {
        let mut paths = observed.fields.keys().map(|path| path.starts_with("[]"));
        let first = paths.next()?;
        paths.all(|is_item| is_item == first).then_some(first)
    };
    let (old, new) = (kind(&pair.old.observed)?, kind(&pair.new.observed)?);
    let name = |is_array| {
        Some(
            if is_array { Kind::Array } else { Kind::Object }
                .name()
                .to_owned(),
        )
    };
    let answers = |observed: &Observed| {
        let count = observed.json_responses();
        Seen::new(count, count)
    };
    (old != new).then(|| {
        Found::new(Code::ResponseType, Some(pair.new), "$")
            .values(name(old), name(new))
            .seen(
                answers(&pair.old.observed),
                answers(&pair.new.observed),
                false,
            )
    })
}

/// The change of a field that is null now and never was, beyond chance: every time, or at times where it was
/// seen often enough before.
fn turned_null(change: Found, old: &FieldUse, new: &FieldUse) -> Option<Found> {
    let never = !old.kinds.is_empty() && !old.kinds.contains(&Kind::Null);
    if !never || !new.kinds.contains(&Kind::Null) {
        return None;
    }
    let all = |used: &FieldUse| Seen::new(used.responses, used.responses);
    let sure = if new.kinds.len() == 1 {
        now_never(all(old), Seen::new(0, new.responses))
    } else {
        old.responses >= Rules::built_in().support.never_null
    };
    let types = |used: &FieldUse| Some(type_name(&used.kinds));
    sure.then(|| {
        change
            .values(types(old), types(new))
            .seen(all(old), all(new), false)
    })
}

/// How often a field was answered, of how many times that it could have been: when what holds it was
/// an object. Where that was null at times, it was one at least as often as it held anything. `None` where
/// that cannot be told, as what holds it may be something else, and for items of lists, which may be empty.
fn seen(observed: &Observed, path: &str) -> Option<Seen> {
    let count = observed.fields.get(path).map_or(0, |used| used.responses);
    if path.ends_with("[]") {
        return None;
    }
    let Some((parent, _)) = path.rsplit_once('.') else {
        return Some(Seen::new(count, observed.json_responses()));
    };
    let holder = observed.fields.get(parent)?;
    let kinds = || holder.kinds.iter();
    if kinds().all(|kind| *kind == Kind::Object) {
        return Some(Seen::new(count, holder.responses));
    }
    let nullable = kinds().all(|kind| matches!(kind, Kind::Object | Kind::Null));
    nullable.then(|| Seen::new(count, most_held(observed, parent)))
}

/// In how many answers an object held the field of it that it held most often.
fn most_held(observed: &Observed, holder: &str) -> usize {
    let within = format!("{holder}.");
    let fields = observed.fields.range(within.clone()..);
    fields
        .take_while(|(path, _)| path.starts_with(&within))
        .map(|(_, used)| used.responses)
        .max()
        .unwrap_or(0)
}

/// Whether what holds a field was an object every time, so that it is known how often the field could have
/// been answered.
fn holder_is_object(observed: &Observed, path: &str) -> bool {
    let Some((parent, _)) = path.rsplit_once('.') else {
        return true;
    };
    let holder = observed.fields.get(parent);
    holder.is_some_and(|holder| holder.kinds.iter().all(|kind| *kind == Kind::Object))
}

/// `integer`, or `integer|null`, as reports write it.
pub(super) fn type_name(kinds: &BTreeSet<Kind>) -> String {
    let mut names: Vec<&str> = kinds
        .iter()
        .filter(|kind| !(**kind == Kind::Integer && kinds.contains(&Kind::Number)))
        .map(|kind| kind.name())
        .collect();
    names.sort_by_key(|name| *name == "null");
    names.join("|")
}

/// Business codes: which values of which fields of the envelope.
fn codes(pair: Pair<'_>) -> Vec<Found> {
    let [old, new] = [pair.old, pair.new].map(|endpoint| pair.envelope.codes(endpoint));
    let fields: BTreeSet<&String> = old.iter().map(|code| &code.field).collect();
    let answers = [pair.old, pair.new].map(|endpoint| endpoint.observed.json_responses());
    let names = [Code::BusinessCodeNew, Code::BusinessCodeGone];
    let mut found = Vec::new();
    for field in fields {
        let counts = |codes: &[BusinessCode]| -> BTreeMap<String, usize> {
            let own = codes.iter().filter(|code| code.field == *field);
            own.map(|code| (code.value.clone(), code.count)).collect()
        };
        let (before, now) = (counts(&old), counts(&new));
        if now.is_empty() {
            continue;
        }
        let changes = members(pair.new, names, [&before, &now], answers).into_iter();
        found.extend(changes.map(|change| Found {
            subject: field.clone(),
            ..change
        }));
    }
    found
}

/// Changes of a state with how often each was seen.
type Moves = BTreeMap<(String, String), usize>;

/// Changes of states, `from → to`. One that skips states on a known way is none: whoever polls less
/// often sees fewer of them.
fn transitions(pair: Pair<'_>) -> Vec<Found> {
    let (old, new) = (
        &pair.old.observed.transitions,
        &pair.new.observed.transitions,
    );
    let names = [Code::TransitionNew, Code::TransitionGone];
    let mut found = Vec::new();
    for (field, moves) in new {
        let Some(before) = old.get(field) else {
            continue;
        };
        let texts = |ours: &Moves, theirs: &Moves| -> BTreeMap<String, usize> {
            let told = ours.iter().filter(|((from, to), _)| {
                theirs.contains_key(&(from.clone(), to.clone())) || !leads(theirs, from, to)
            });
            told.map(|((from, to), count)| (format!("{from} → {to}"), *count))
                .collect()
        };
        let (before, now) = (texts(before, moves), texts(moves, before));
        let of = [before.values().sum(), now.values().sum()];
        let changes = members(pair.new, names, [&before, &now], of).into_iter();
        found.extend(changes.map(|change| Found {
            subject: field.clone(),
            ..change
        }));
    }
    found
}

/// Whether one state leads to another, over any others.
fn leads(moves: &Moves, from: &str, to: &str) -> bool {
    let mut reached: BTreeSet<&str> = BTreeSet::from([from]);
    loop {
        let next = moves
            .keys()
            .find(|(a, b)| reached.contains(a.as_str()) && !reached.contains(b.as_str()));
        match next {
            Some((_, b)) if b == to => return true,
            Some((_, b)) => reached.insert(b),
            None => return false,
        };
    }
}
