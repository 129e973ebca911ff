//! What a decision looks at: the evidence for one text at one place, as numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::Origin;
use super::decide::{Label, Place};
use super::facts::{Facts, stem};
use super::feature::{Feature as F, Features};
use super::vocabulary::{KeyClass, Lexeme, Style, WordClass};
use crate::value::{Segment, SegmentPiece, Shape};

/// Whether a segment is a value by its shape or structure alone.
pub(super) fn is_definite(segment: &Segment) -> bool {
    segment.pieces().iter().any(|piece| match piece {
        SegmentPiece::Value(_) => true,
        SegmentPiece::Fixed(text) => text.contains('('),
        SegmentPiece::Word(_) => false,
    })
}

/// What the labels of one place say about each other.
struct Siblings {
    /// For each label with how many others it shares a suffix longer than nothing.
    shared: Vec<Shared>,
    similarity: Vec<Similarity>,
}

#[derive(Default, Clone, Copy)]
struct Shared {
    /// Share of the label's own suffixes that another label has too.
    own: f64,
    /// Most labels that have one of its suffixes, without itself.
    others: f64,
    /// Whether a definite value has one of its suffixes.
    value: bool,
}

#[derive(Default, Clone, Copy)]
struct Similarity {
    /// Mean similarity of its responses to those of all other labels with the same suffix.
    all: f64,
    /// Best to a definite value's.
    value: f64,
    known: bool,
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The evidence for each label of a place that is no definite value.
pub(super) fn first(
    place: &Place<'_>,
    labels: &[Label<'_>],
    facts: &Facts<'_>,
) -> Vec<Option<Features>> {
    let siblings = siblings(place, labels, facts);
    let values = labels.iter().filter(|l| is_definite(l.segment)).count();
    let words = labels.len() - values;
    let requests: f64 = labels.iter().map(|l| requests(l, facts)).sum();
    labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            if is_definite(label.segment) {
                return None;
            }
            let text = stem(label.segment)?;
            let word = facts.words.get(&text)?;
            let mut f = Features::new();
            f.set(F::Bias, 1.0);
            lexical(&mut f, &text, &word.lexeme, facts);
            around(&mut f, place, label, facts);
            // What is looked up stands behind it, or it is made of words that APIs use.
            let selects = f.get(F::Branch) > 0.0 || word.lexeme.all_known();
            f.flag(F::Selector, word.lexeme.selector && selects);
            f.flag(F::ValuesBeside, values > 0);
            f.set(F::WordsBeside, scaled(count(words - 1)));
            f.flag(F::Alone, labels.len() == 1);
            f.set(F::ValueShare, count(values) / count(labels.len()));
            f.set(F::RequestsPerLabel, busy(requests / count(labels.len())));
            f.set(F::Contexts, scaled(f64::from(word.contexts - 1)));
            f.flag(F::IsField, word.is_field);
            provenance(&mut f, place, label, facts);
            let shared = siblings.shared[at];
            f.set(F::SuffixOwn, shared.own);
            f.set(F::SuffixOthers, scaled(shared.others));
            f.set(
                F::SuffixShare,
                if labels.len() > 1 {
                    shared.others / count(labels.len() - 1)
                } else {
                    0.0
                },
            );
            f.flag(F::SuffixValue, shared.value);
            let similarity = siblings.similarity[at];
            f.set(F::ResponseAll, similarity.all);
            f.set(F::ResponseValue, similarity.value);
            f.flag(F::ResponseKnown, similarity.known);
            f.set(
                F::ResponseDiffers,
                if similarity.known {
                    (0.3 - similarity.all).max(0.0)
                } else {
                    0.0
                },
            );
            f.multiply_first();
            Some(f)
        })
        .collect()
}

/// Things counted beyond this number weigh no more: the weights were learnt from captures with up to
/// so many at one place, and say nothing of more.
const MANY_THINGS: f64 = 100.0;
/// The same of requests.
const MANY_REQUESTS: f64 = 1_000.0;

/// A number of things, on the scale that the weights are for.
fn scaled(things: f64) -> f64 {
    things.min(MANY_THINGS).ln_1p()
}

/// A number of requests, at least one, on the scale that the weights are for.
fn busy(requests: f64) -> f64 {
    requests.min(MANY_REQUESTS).ln()
}

fn requests(label: &Label<'_>, facts: &Facts<'_>) -> f64 {
    let sum = |n: u32, &at: &usize| n + facts.sightings[at].requests;
    f64::from(label.members.iter().fold(0, sum).max(1))
}

fn lexical(f: &mut Features, text: &str, lexeme: &Lexeme, facts: &Facts<'_>) {
    let known = lexeme.all_known();
    f.flag(F::Known, known);
    f.flag(F::KnownVerb, known && lexeme.first == WordClass::Verb);
    f.flag(F::KnownNoun, known && lexeme.last == WordClass::Noun);
    f.flag(F::KnownCompound, known && lexeme.words > 1);
    f.flag(F::KnownPlural, known && lexeme.plural);
    f.set(
        F::KnownShare,
        f64::from(lexeme.known) / f64::from(lexeme.words.max(1)),
    );
    f.flag(F::Unknown, lexeme.known == 0);
    f.flag(F::UnknownPlural, !known && lexeme.plural);
    f.flag(F::UnknownLast, !known && lexeme.last == WordClass::Unknown);
    f.flag(F::UnknownAbstract, !known && lexeme.abstract_noun);
    f.flag(F::Joined, lexeme.joined);
    f.flag(F::Compound, lexeme.words > 1);
    f.flag(F::LongCompound, lexeme.words > 3);
    f.flag(F::Digits, lexeme.digits > 0);
    f.flag(F::ManyDigits, lexeme.digits > 2);
    f.flag(F::EndsInNumber, lexeme.ends_in_number);
    f.flag(F::Alias, lexeme.alias);
    f.flag(
        F::KnownCamel,
        lexeme.style == Style::Camel && lexeme.known * 2 >= lexeme.words,
    );
    f.flag(F::Capitals, lexeme.style == Style::Capitals);
    f.flag(F::Pascal, lexeme.style == Style::Pascal);
    f.flag(F::Odd, lexeme.style == Style::Odd);
    f.flag(F::NonAscii, !text.is_ascii());
    f.flag(F::Sigil, text.starts_with(|c: char| !c.is_alphanumeric()));
    let length = text.chars().count();
    f.flag(F::Short, length <= 2);
    f.flag(F::Three, length == 3);
    f.flag(F::Long, length > 16);
    let shape = Shape::of(text);
    f.flag(F::File, shape == Shape::File);
    f.flag(F::Host, shape == Shape::Host);
    f.flag(F::Locale, shape == Shape::Locale);
    let style = facts.styles.get(&lexeme.style).copied().unwrap_or(0.0);
    let judged = lexeme.words > 1 && lexeme.style != Style::Odd && !facts.styles.is_empty();
    f.set(F::StyleUsual, if judged { f64::from(style) } else { 0.0 });
    f.set(
        F::StyleUnusual,
        if judged {
            (0.25 - f64::from(style)).max(0.0)
        } else {
            0.0
        },
    );
}

fn around(f: &mut Features, place: &Place<'_>, label: &Label<'_>, facts: &Facts<'_>) {
    f.flag(F::First, place.depth == 0);
    f.flag(F::Second, place.depth == 1);
    f.flag(F::AfterParam, place.after_param);
    f.flag(F::AfterRoot, place.after_root);
    if let Some(before) = place.before.filter(|_| !place.after_param) {
        let lexeme = Lexeme::of(before);
        f.flag(F::AfterPlural, lexeme.plural);
        f.flag(
            F::AfterNoun,
            !lexeme.plural && lexeme.last == WordClass::Noun,
        );
        f.flag(F::AfterVerb, lexeme.last == WordClass::Verb);
        f.flag(F::AfterUnknown, !lexeme.plural && lexeme.known == 0);
    }
    let (mut leaf, mut branch) = (false, false);
    let (mut get, mut post, mut change) = (false, false, false);
    let mut suffixes = HashSet::new();
    for &at in &label.members {
        let sighting = &facts.sightings[at];
        suffixes.insert((sighting.method, facts.rows[&at].suffix[place.depth + 1]));
        if sighting.segments.len() == place.depth + 1 {
            leaf = true;
            get |= sighting.method == "GET";
            post |= sighting.method == "POST";
            change |= matches!(sighting.method, "PUT" | "PATCH" | "DELETE");
        } else {
            branch = true;
        }
    }
    f.flag(F::Leaf, leaf && !branch);
    f.flag(F::Branch, branch && !leaf);
    f.flag(F::Both, branch && leaf);
    f.flag(F::LeafGet, get && !post && !change);
    f.flag(F::LeafPost, post && !get && !change);
    f.flag(F::LeafChange, change);
    f.set(F::Suffixes, scaled(count(suffixes.len()) - 1.0));
    f.set(F::Requests, busy(requests(label, facts)));
    f.flag(F::Collection, place.collection);
}

fn provenance(f: &mut Features, place: &Place<'_>, label: &Label<'_>, facts: &Facts<'_>) {
    let mut requests = 0.0;
    let noun = place.noun.as_deref();
    for &at in &label.members {
        let sighting = &facts.sightings[at];
        requests += f64::from(sighting.requests.max(1));
        let Some(stats) = sighting.stats.get(place.depth) else {
            continue;
        };
        // Requests of this sighting by what they say; several fields may say the same.
        let mut best: BTreeMap<usize, (F, u32)> = BTreeMap::new();
        let mut note = |feature: F, n: u32| {
            let slot = best.entry(feature as usize).or_insert((feature, 0));
            slot.1 = slot.1.max(n);
        };
        let parts = stats.parts.first();
        for (origin, &n) in stats.origins.iter().chain(parts.into_iter().flatten()) {
            let (path, features) = match origin {
                Origin::Response(path) => (path, SEEN),
                Origin::Echo(path) => (path, ECHO),
                Origin::Request(_, path) => (path, SENT),
            };
            let Some(key) = facts.keys.get(path.as_str()) else {
                continue;
            };
            if facts.selects(origin) {
                continue;
            }
            note(features[key.class as usize], n);
            note(F::Origin, n);
            if noun.is_some_and(|noun| key.snake.contains(noun)) && key.class != KeyClass::Kind {
                note(F::NounMatch, n);
            }
        }
        for (feature, n) in best.into_values() {
            f.set(feature, f.get(feature) + f64::from(n));
        }
    }
    let counted = SEEN.iter().chain(&ECHO).chain(&SENT);
    for feature in counted.chain(&[F::Origin, F::NounMatch]) {
        f.set(*feature, (f.get(*feature) / requests).min(1.0));
    }
    f.set(F::Seen, f.get(F::SeenId).max(f.get(F::SeenName)));
    f.set(F::Echo, f.get(F::EchoId).max(f.get(F::EchoName)));
    f.set(F::Sent, f.get(F::SentId).max(f.get(F::SentName)));
    f.set(F::NoOrigin, 1.0 - f.get(F::Origin));
    f.set(F::Traced, facts.traced);
    f.set(F::Untraced, f.get(F::NoOrigin) * facts.traced);
}

/// What it means that a value was seen in an earlier answer, by [`KeyClass`].
const SEEN: [F; 4] = [F::SeenId, F::SeenName, F::SeenKind, F::SeenOther];
/// The same for the answer to the request itself.
const ECHO: [F; 4] = [F::EchoId, F::EchoName, F::EchoKind, F::EchoOther];
/// The same for parameters.
const SENT: [F; 4] = [F::SentId, F::SentName, F::SentKind, F::SentOther];

fn siblings(place: &Place<'_>, labels: &[Label<'_>], facts: &Facts<'_>) -> Siblings {
    let next = place.depth + 1;
    // Labels by what follows them; the same with the fields of the response.
    let mut by_suffix: BTreeMap<(&str, u64), Vec<usize>> = BTreeMap::new();
    let mut fields: BTreeMap<(&str, u64), BTreeMap<usize, HashSet<u32>>> = BTreeMap::new();
    for (at, label) in labels.iter().enumerate() {
        for &member in &label.members {
            let row = &facts.rows[&member];
            let sighting = &facts.sightings[member];
            let key = (sighting.method, row.suffix[next]);
            if sighting.segments.len() > next {
                let having = by_suffix.entry(key).or_default();
                if having.last() != Some(&at) {
                    having.push(at);
                }
            }
            if !row.fields.is_empty() && labels.len() > 1 {
                fields
                    .entry(key)
                    .or_default()
                    .entry(at)
                    .or_default()
                    .extend(&row.fields);
            }
        }
    }
    let mut shared = vec![Shared::default(); labels.len()];
    let mut suffixes = vec![0.0; labels.len()];
    for having in by_suffix.values() {
        let value = having.iter().any(|&at| is_definite(labels[at].segment));
        for &at in having {
            suffixes[at] += 1.0;
            let others = count(having.len() - 1);
            let entry = &mut shared[at];
            entry.own += f64::from(u8::from(having.len() > 1));
            entry.others = entry.others.max(others);
            entry.value |= value;
        }
    }
    for (shared, n) in shared.iter_mut().zip(&suffixes) {
        shared.own /= f64::max(*n, 1.0);
    }
    Siblings {
        shared,
        similarity: similarity(labels, &fields, facts),
    }
}

fn similarity(
    labels: &[Label<'_>],
    fields: &BTreeMap<(&str, u64), BTreeMap<usize, HashSet<u32>>>,
    facts: &Facts<'_>,
) -> Vec<Similarity> {
    let mut sums = vec![(0.0, 0.0, 0.0); labels.len()];
    for by_label in fields.values().filter(|by_label| by_label.len() > 1) {
        let mut counts: HashMap<u32, (u32, bool)> = HashMap::new();
        for (&at, fields) in by_label {
            let value = is_definite(labels[at].segment);
            for &field in fields {
                let slot = counts.entry(field).or_default();
                slot.0 += 1;
                slot.1 |= value;
            }
        }
        let has_value = by_label.keys().any(|&at| is_definite(labels[at].segment));
        for (&at, fields) in by_label {
            let mut ordered: Vec<u32> = fields.iter().copied().collect();
            ordered.sort_unstable();
            let weight = |field: u32| f64::from(facts.field_weight[field as usize]);
            let total: f64 = ordered.iter().map(|&field| weight(field)).sum();
            let others = count(by_label.len() - 1);
            let all: f64 = ordered
                .iter()
                .map(|&field| weight(field) * f64::from(counts[&field].0 - 1) / others)
                .sum();
            let value: f64 = ordered
                .iter()
                .filter(|&&field| counts[&field].1)
                .map(|&field| weight(field))
                .sum();
            let sum = &mut sums[at];
            sum.0 += all / total;
            sum.1 = f64::max(sum.1, if has_value { value / total } else { 0.0 });
            sum.2 += 1.0;
        }
    }
    sums.into_iter()
        .map(|(all, value, n)| Similarity {
            all: all / f64::max(n, 1.0),
            value,
            known: n > 0.0,
        })
        .collect()
}

/// The same with what the first pass said of the siblings.
pub(super) fn second(first: Vec<Option<Features>>, odds: &[f64]) -> Vec<Option<Features>> {
    let p = |odds: f64| 1.0 / (1.0 + (-odds).exp());
    let texts: Vec<usize> = (0..first.len()).filter(|&at| first[at].is_some()).collect();
    let sum: f64 = texts.iter().map(|&at| p(odds[at])).sum();
    let weight = |f: &Features| f.get(F::Requests).exp();
    let all: f64 = texts
        .iter()
        .filter_map(|&at| first[at].as_ref())
        .map(weight)
        .sum();
    let params: f64 = texts
        .iter()
        .filter_map(|&at| first[at].as_ref().map(|f| weight(f) * p(odds[at])))
        .sum();
    // What siblings that look alike say: known words and unknown ones, each among themselves.
    let mut alike: BTreeMap<bool, (f64, f64)> = BTreeMap::new();
    for &at in &texts {
        if let Some(f) = &first[at] {
            let slot = alike.entry(f.get(F::Known) > 0.0).or_default();
            slot.0 += p(odds[at]);
            slot.1 += 1.0;
        }
    }
    first
        .into_iter()
        .enumerate()
        .map(|(at, f)| {
            let mut f = f?;
            let own = p(odds[at]);
            let others = count(texts.len()) - 1.0;
            f.set(F::Odds, odds[at].clamp(-8.0, 8.0));
            if others > 0.0 {
                let mean = (sum - own) / others;
                f.set(F::Siblings, mean - 0.5);
                f.set(F::SiblingsCount, scaled(sum - own));
                f.set(F::SiblingLiterals, scaled(others - (sum - own)));
                let requests = weight(&f);
                f.set(
                    F::SiblingRequests,
                    (params - own * requests) / (all - requests).max(1.0) - 0.5,
                );
                let (sum, n) = alike[&(f.get(F::Known) > 0.0)];
                if n > 1.0 {
                    f.set(F::SiblingsAlike, (sum - own) / (n - 1.0) - 0.5);
                }
                f.multiply_second();
            }
            Some(f)
        })
        .collect()
}
