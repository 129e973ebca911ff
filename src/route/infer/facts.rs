//! Facts of a whole host, computed once before the walk.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::super::name::singular;
use super::super::{Origin, Sighting};
use super::affix::endings;
use super::vocabulary::{KeyClass, Lexeme, Style, is_select, key_class};
use crate::value::{Segment, SegmentPiece, snake};

/// What is known of one sighting.
pub(super) struct Row {
    /// For each depth the hash of the segments from there on, values left out.
    pub(super) suffix: Vec<u64>,
    /// Its response's fields.
    pub(super) fields: Vec<u32>,
}

/// What is known of one text.
pub(super) struct Word {
    pub(super) lexeme: Lexeme,
    /// Distinct segments that it follows.
    pub(super) contexts: u32,
    /// Whether a field or parameter is named after it.
    pub(super) is_field: bool,
}

/// What a field or parameter is, by its name.
pub(super) struct Key {
    pub(super) class: KeyClass,
    pub(super) snake: String,
    /// Whether what it sends as a parameter are names of the API's own.
    pub(super) selects: bool,
}

/// Everything that is known of the sightings of one host.
pub(super) struct Facts<'s> {
    pub(super) sightings: &'s [Sighting<'s>],
    pub(super) rows: HashMap<usize, Row>,
    pub(super) words: HashMap<Cow<'s, str>, Word>,
    pub(super) keys: HashMap<&'s str, Key>,
    /// What fields and parameters are named after.
    pub(super) names: HashSet<String>,
    /// How telling each field is, from 0 to 1.
    pub(super) field_weight: Vec<f32>,
    /// Share of the definite values that were seen elsewhere: how far its absence says something.
    pub(super) traced: f64,
    /// How many distinct segments have each ending.
    pub(super) endings: HashMap<Box<str>, u32>,
    /// Share of each style among the names of several words that are sure to be the API's own.
    pub(super) styles: BTreeMap<Style, f32>,
}

/// The text that decides: without a format's ending.
pub(super) fn stem(segment: &Segment) -> Option<Cow<'_, str>> {
    match segment.pieces() {
        [SegmentPiece::Word(stem)] | [SegmentPiece::Word(stem), SegmentPiece::Fixed(_)] => {
            Some(Cow::Borrowed(stem))
        }
        [SegmentPiece::Value(_)] => None,
        _ => segment.text().map(Cow::Owned),
    }
}

impl<'s> Facts<'s> {
    pub(super) fn new(members: &[usize], sightings: &'s [Sighting<'s>]) -> Facts<'s> {
        let mut contexts: HashMap<Cow<'_, str>, BTreeSet<Cow<'_, str>>> = HashMap::new();
        for &at in members {
            let mut before = Cow::Borrowed("");
            for segment in sightings[at].segments {
                let text = stem(segment);
                if let Some(text) = text.clone() {
                    contexts.entry(text).or_default().insert(before);
                }
                before = text.unwrap_or_default();
            }
        }
        let names = field_names(members, sightings);
        let words: HashMap<Cow<'s, str>, Word> = contexts
            .into_iter()
            .map(|(text, contexts)| {
                let lexeme = Lexeme::of(&text);
                let word = Word {
                    is_field: names.contains(&noun(&text)),
                    contexts: u32::try_from(contexts.len()).unwrap_or(u32::MAX),
                    lexeme,
                };
                (text, word)
            })
            .collect();
        let (fields, field_weight) = fields(members, sightings);
        let rows = members
            .iter()
            .zip(fields)
            .map(|(&at, fields)| {
                let row = Row {
                    suffix: suffixes(sightings[at].segments, &words),
                    fields,
                };
                (at, row)
            })
            .collect();
        Facts {
            sightings,
            rows,
            names,
            traced: traced(members, sightings),
            endings: endings(members.iter().flat_map(|&at| sightings[at].segments)),
            styles: styles(&words),
            words,
            keys: keys(members, sightings),
            field_weight,
        }
    }
}

impl Facts<'_> {
    /// Whether an origin is a parameter that sends names of the API's own.
    pub(super) fn selects(&self, origin: &Origin) -> bool {
        let Origin::Request(_, name) = origin else {
            return false;
        };
        self.keys.get(name.as_str()).is_some_and(|key| key.selects)
    }
}

fn traced(members: &[usize], sightings: &[Sighting<'_>]) -> f64 {
    let (mut seen, mut all) = (1.0, 2.0);
    for &at in members {
        let sighting = &sightings[at];
        for (segment, stats) in sighting.segments.iter().zip(sighting.stats) {
            if matches!(segment.pieces(), [SegmentPiece::Value(_)]) {
                all += 1.0;
                seen += f64::from(u8::from(!stats.origins.is_empty()));
            }
        }
    }
    seen / all
}

/// A text's words, the last in the singular.
pub(super) fn noun(text: &str) -> String {
    let snake_case = snake(text);
    match snake_case.rsplit_once('_') {
        Some((head, last)) => format!("{head}_{}", singular(last)),
        None => singular(&snake_case),
    }
}

/// What fields and parameters are named after: `user` for `user_id`, `users[]` and `userName`.
fn field_names(members: &[usize], sightings: &[Sighting<'_>]) -> HashSet<String> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut names = HashSet::new();
    for &at in members {
        let params = sightings[at].params.iter().map(|(_, name)| *name);
        let all = sightings[at].fields.iter().copied().chain(params);
        for path in all {
            let last = path
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .trim_end_matches("[]");
            if !seen.insert(last) {
                continue;
            }
            let name = noun(last);
            if let Some((head, tail)) = name.rsplit_once('_')
                && matches!(key_class(tail), KeyClass::Identifier | KeyClass::Name)
            {
                names.insert(head.to_owned());
            }
            names.insert(name);
        }
    }
    names
}

fn fields(members: &[usize], sightings: &[Sighting<'_>]) -> (Vec<Vec<u32>>, Vec<f32>) {
    let mut ids: HashMap<&str, u32> = HashMap::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut of = Vec::with_capacity(members.len());
    let mut bodies = 0_u32;
    for &at in members {
        let mut fields: Vec<u32> = sightings[at]
            .fields
            .iter()
            .take(48)
            .map(|field| {
                let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                let id = *ids.entry(field).or_insert(next);
                if id as usize == counts.len() {
                    counts.push(0);
                }
                counts[id as usize] += 1;
                id
            })
            .collect();
        bodies += u32::from(!fields.is_empty());
        fields.sort_unstable();
        of.push(fields);
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let weight = counts
        .iter()
        .map(|&n| (1.0 - (n as f32 / bodies.max(1) as f32)).max(0.02))
        .collect();
    (of, weight)
}

/// Hashes of what follows each depth; values and texts that are hardly names are left out.
fn suffixes(segments: &[Segment], words: &HashMap<Cow<'_, str>, Word>) -> Vec<u64> {
    let mut suffixes = vec![0; segments.len() + 1];
    let mut rest = 0_u64;
    for (at, segment) in segments.iter().enumerate().rev() {
        let known = stem(segment).filter(|text| {
            words.get(text).is_some_and(|word| {
                word.lexeme.all_known() || word.lexeme.plural || word.contexts > 2
            })
        });
        let mut hasher = DefaultHasher::new();
        (known, rest).hash(&mut hasher);
        rest = hasher.finish();
        suffixes[at] = rest;
    }
    suffixes
}

fn keys<'s>(members: &[usize], sightings: &'s [Sighting<'s>]) -> HashMap<&'s str, Key> {
    let mut keys = HashMap::new();
    for &at in members {
        for stats in sightings[at].stats {
            let parts = stats.parts.iter().flat_map(BTreeMap::keys);
            for origin in stats.origins.keys().chain(parts) {
                let (Origin::Response(path) | Origin::Request(_, path) | Origin::Echo(path)) =
                    origin;
                keys.entry(path.as_str()).or_insert_with(|| {
                    let snake_case = snake(path);
                    let last = path
                        .rsplit('.')
                        .map(|part| part.trim_end_matches("[]"))
                        .find(|part| !part.is_empty())
                        .unwrap_or_default();
                    Key {
                        class: key_class(&snake(last)),
                        selects: is_select(last),
                        snake: snake_case
                            .split('_')
                            .map(singular)
                            .collect::<Vec<_>>()
                            .join("_"),
                    }
                });
            }
        }
    }
    keys
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn styles(words: &HashMap<Cow<'_, str>, Word>) -> BTreeMap<Style, f32> {
    let mut counts: BTreeMap<Style, f32> = BTreeMap::new();
    for word in words.values() {
        let lexeme = &word.lexeme;
        if lexeme.words > 1 && lexeme.all_known() && lexeme.digits == 0 {
            *counts.entry(lexeme.style).or_default() += 1.0 + (word.contexts.min(3) as f32);
        }
    }
    let total: f32 = counts.values().sum();
    for n in counts.values_mut() {
        *n /= total + 2.0;
    }
    counts
}
