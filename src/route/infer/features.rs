//! What a decision looks at: the evidence for one text at one place, as numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::Origin;
use super::decide::{Label, Place};
use super::facts::{Facts, stem};
use super::vocabulary::{KeyClass, Lexeme, Style, WordClass};
use crate::value::{Segment, SegmentPiece, Shape};

/// A list of numbers with the names of what they measure.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// The numbers by name; what is zero is left out.
    pub values: BTreeMap<&'static str, f64>,
}

impl Features {
    fn add(&mut self, name: &'static str, value: f64) {
        if value != 0.0 {
            self.values.insert(name, value);
        }
    }

    fn flag(&mut self, name: &'static str, value: bool) {
        self.add(name, f64::from(u8::from(value)));
    }

    pub(super) fn get(&self, name: &str) -> f64 {
        self.values.get(name).copied().unwrap_or(0.0)
    }

    fn cross(&mut self, name: &'static str, factors: &[&str]) {
        let product = factors.iter().map(|f| self.get(f)).product();
        self.add(name, product);
    }
}

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
            let mut f = Features::default();
            f.add("bias", 1.0);
            lexical(&mut f, &text, &word.lexeme, facts);
            around(&mut f, place, label, facts);
            f.flag("values_beside", values > 0);
            f.add("words_beside", count(words - 1).ln_1p());
            f.flag("alone", labels.len() == 1);
            f.add("value_share", count(values) / count(labels.len()));
            f.add("requests_per_label", (requests / count(labels.len())).ln());
            f.add("contexts", f64::from(word.contexts - 1).ln_1p());
            f.flag("is_field", word.is_field);
            provenance(&mut f, place, label, facts);
            let shared = siblings.shared[at];
            f.add("suffix_own", shared.own);
            f.add("suffix_others", shared.others.ln_1p());
            f.add(
                "suffix_share",
                if labels.len() > 1 {
                    shared.others / count(labels.len() - 1)
                } else {
                    0.0
                },
            );
            f.flag("suffix_value", shared.value);
            let similarity = siblings.similarity[at];
            f.add("response_all", similarity.all);
            f.add("response_value", similarity.value);
            f.flag("response_known", similarity.known);
            f.add(
                "response_differs",
                if similarity.known {
                    (0.3 - similarity.all).max(0.0)
                } else {
                    0.0
                },
            );
            crosses(&mut f);
            Some(f)
        })
        .collect()
}

fn requests(label: &Label<'_>, facts: &Facts<'_>) -> f64 {
    let sum = |n: u32, &at: &usize| n + facts.sightings[at].requests;
    f64::from(label.members.iter().fold(0, sum).max(1))
}

fn lexical(f: &mut Features, text: &str, lexeme: &Lexeme, facts: &Facts<'_>) {
    let known = lexeme.all_known();
    f.flag("known", known);
    f.flag("known_verb", known && lexeme.first == WordClass::Verb);
    f.flag("known_noun", known && lexeme.last == WordClass::Noun);
    f.flag("known_compound", known && lexeme.words > 1);
    f.flag("known_plural", known && lexeme.plural);
    f.add(
        "known_share",
        f64::from(lexeme.known) / f64::from(lexeme.words.max(1)),
    );
    f.flag("unknown", lexeme.known == 0);
    f.flag("unknown_plural", !known && lexeme.plural);
    f.flag("unknown_last", !known && lexeme.last == WordClass::Unknown);
    f.flag("unknown_abstract", !known && lexeme.abstract_noun);
    f.flag("joined", lexeme.joined);
    f.flag("compound", lexeme.words > 1);
    f.flag("long_compound", lexeme.words > 3);
    f.flag("digits", lexeme.digits > 0);
    f.flag("many_digits", lexeme.digits > 2);
    f.flag("ends_in_number", lexeme.ends_in_number);
    f.flag("alias", lexeme.alias);
    f.flag("capitals", lexeme.style == Style::Capitals);
    f.flag("pascal", lexeme.style == Style::Pascal);
    f.flag("odd", lexeme.style == Style::Odd);
    f.flag("non_ascii", !text.is_ascii());
    f.flag("sigil", text.starts_with(|c: char| !c.is_alphanumeric()));
    let length = text.chars().count();
    f.flag("short", length <= 2);
    f.flag("three", length == 3);
    f.flag("long", length > 16);
    let shape = Shape::of(text);
    f.flag("file", shape == Shape::File);
    f.flag("host", shape == Shape::Host);
    f.flag("locale", shape == Shape::Locale);
    let style = facts.styles.get(&lexeme.style).copied().unwrap_or(0.0);
    let judged = lexeme.words > 1 && lexeme.style != Style::Odd && !facts.styles.is_empty();
    f.add("style_usual", if judged { f64::from(style) } else { 0.0 });
    f.add(
        "style_unusual",
        if judged {
            (0.25 - f64::from(style)).max(0.0)
        } else {
            0.0
        },
    );
}

fn around(f: &mut Features, place: &Place<'_>, label: &Label<'_>, facts: &Facts<'_>) {
    f.flag("first", place.depth == 0);
    f.flag("second", place.depth == 1);
    f.flag("after_param", place.after_param);
    f.flag("after_root", place.after_root);
    if let Some(before) = place.before.filter(|_| !place.after_param) {
        let lexeme = Lexeme::of(before);
        f.flag("after_plural", lexeme.plural);
        f.flag(
            "after_noun",
            !lexeme.plural && lexeme.last == WordClass::Noun,
        );
        f.flag("after_verb", lexeme.last == WordClass::Verb);
        f.flag("after_unknown", !lexeme.plural && lexeme.known == 0);
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
    f.flag("leaf", leaf && !branch);
    f.flag("branch", branch && !leaf);
    f.flag("both", branch && leaf);
    f.flag("leaf_get", get && !post && !change);
    f.flag("leaf_post", post && !get && !change);
    f.flag("leaf_change", change);
    f.add("suffixes", count(suffixes.len()).ln());
    f.add("requests", requests(label, facts).ln());
    f.flag("collection", place.collection);
}

fn provenance(f: &mut Features, place: &Place<'_>, label: &Label<'_>, facts: &Facts<'_>) {
    let mut totals: HashMap<&'static str, f64> = HashMap::new();
    let mut requests = 0.0;
    let noun = place.noun.as_deref();
    for &at in &label.members {
        let sighting = &facts.sightings[at];
        requests += f64::from(sighting.requests.max(1));
        let Some(stats) = sighting.stats.get(place.depth) else {
            continue;
        };
        let mut best: HashMap<&'static str, u32> = HashMap::new();
        let parts = stats.parts.first();
        for (origin, &n) in stats.origins.iter().chain(parts.into_iter().flatten()) {
            let (path, names) = match origin {
                Origin::Response(path) => {
                    (path, ["seen_id", "seen_name", "seen_kind", "seen_other"])
                }
                Origin::Echo(path) => (path, ["echo_id", "echo_name", "echo_kind", "echo_other"]),
                Origin::Request(_, path) => {
                    (path, ["sent_id", "sent_name", "sent_kind", "sent_other"])
                }
            };
            let Some(key) = facts.keys.get(path.as_str()) else {
                continue;
            };
            let name = names[match key.class {
                KeyClass::Identifier => 0,
                KeyClass::Name => 1,
                KeyClass::Kind => 2,
                KeyClass::Other => 3,
            }];
            let slot = best.entry(name).or_default();
            *slot = n.max(*slot);
            if noun.is_some_and(|noun| key.snake.contains(noun)) && key.class != KeyClass::Kind {
                let slot = best.entry("noun_match").or_default();
                *slot = n.max(*slot);
            }
            let slot = best.entry("origin").or_default();
            *slot = n.max(*slot);
        }
        for (name, n) in best {
            *totals.entry(name).or_default() += f64::from(n);
        }
    }
    for (name, total) in totals {
        f.add(name, (total / requests).min(1.0));
    }
    let known = f.get("seen_id").max(f.get("seen_name"));
    f.add("seen", known);
    f.add("echo", f.get("echo_id").max(f.get("echo_name")));
    f.add("sent", f.get("sent_id").max(f.get("sent_name")));
    f.add("no_origin", 1.0 - f.get("origin"));
    f.add("traced", facts.traced);
    f.cross("no_origin*traced", &["no_origin", "traced"]);
}

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

/// Evidence that means more, or less, beside other evidence.
fn crosses(f: &mut Features) {
    f.cross("known*after_plural", &["known", "after_plural"]);
    f.cross("known*after_param", &["known", "after_param"]);
    f.cross("known_plural*after_param", &["known_plural", "after_param"]);
    f.cross(
        "unknown_last*after_plural",
        &["unknown_last", "after_plural"],
    );
    f.cross("unknown_last*after_param", &["unknown_last", "after_param"]);
    f.cross("unknown_last*after_noun", &["unknown_last", "after_noun"]);
    f.cross("unknown_last*collection", &["unknown_last", "collection"]);
    f.cross("known*seen", &["known", "seen"]);
    f.cross("known*echo", &["known", "echo"]);
    f.cross("known_plural*seen", &["known_plural", "seen"]);
    f.cross("unknown_last*seen", &["unknown_last", "seen"]);
    f.cross("unknown_last*no_origin", &["unknown_last", "no_origin"]);
    f.cross(
        "unknown_last*untraced",
        &["unknown_last", "no_origin*traced"],
    );
    f.cross(
        "after_plural*untraced",
        &["after_plural", "no_origin*traced"],
    );
    f.cross("after_param*untraced", &["after_param", "no_origin*traced"]);
    f.cross("known*untraced", &["known", "no_origin*traced"]);
    f.cross("compound*untraced", &["compound", "no_origin*traced"]);
    f.cross(
        "suffix_others*untraced",
        &["suffix_others", "no_origin*traced"],
    );
    f.cross("known*suffix_share", &["known", "suffix_share"]);
    f.cross("known*suffix_others", &["known", "suffix_others"]);
    f.cross(
        "unknown_last*suffix_others",
        &["unknown_last", "suffix_others"],
    );
    f.cross("known*response_all", &["known", "response_all"]);
    f.cross("known*values_beside", &["known", "values_beside"]);
    f.cross(
        "unknown_last*values_beside",
        &["unknown_last", "values_beside"],
    );
    f.cross("leaf_change*after_plural", &["leaf_change", "after_plural"]);
    f.cross("both*after_plural", &["both", "after_plural"]);
    f.cross("branch*after_plural", &["branch", "after_plural"]);
    f.cross("branch*after_param", &["branch", "after_param"]);
    f.cross("alone*after_plural", &["alone", "after_plural"]);
    f.cross("alone*unknown_last", &["alone", "unknown_last"]);
    f.cross("alone*seen", &["alone", "seen"]);
    f.cross("after_plural*seen", &["after_plural", "seen"]);
    f.cross("after_param*seen", &["after_param", "seen"]);
    f.cross("after_plural*no_origin", &["after_plural", "no_origin"]);
    f.cross("words_beside*seen", &["words_beside", "seen"]);
    f.cross("words_beside*known", &["words_beside", "known"]);
    f.cross(
        "words_beside*unknown_last",
        &["words_beside", "unknown_last"],
    );
    f.cross(
        "words_beside*after_plural",
        &["words_beside", "after_plural"],
    );
    f.cross("first*unknown_last", &["first", "unknown_last"]);
    f.cross("after_root*unknown_last", &["after_root", "unknown_last"]);
    f.cross("requests*no_origin", &["requests", "no_origin"]);
    f.cross("requests*seen", &["requests", "seen"]);
    f.cross("contexts*known", &["contexts", "known"]);
    f.cross("contexts*seen", &["contexts", "seen"]);
    f.cross("is_field*known", &["is_field", "known"]);
    f.cross("seen*echo", &["seen", "echo"]);
    f.cross("suffixes*no_origin", &["suffixes", "no_origin"]);
    f.cross("known_verb*leaf_post", &["known_verb", "leaf_post"]);
}

/// The same with what the first pass said of the siblings.
pub(super) fn second(first: Vec<Option<Features>>, odds: &[f64]) -> Vec<Option<Features>> {
    let p = |odds: f64| 1.0 / (1.0 + (-odds).exp());
    let texts: Vec<usize> = (0..first.len()).filter(|&at| first[at].is_some()).collect();
    let sum: f64 = texts.iter().map(|&at| p(odds[at])).sum();
    let weight = |f: &Features| f.get("requests").exp();
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
            let slot = alike.entry(f.get("known") > 0.0).or_default();
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
            f.add("odds", odds[at].clamp(-8.0, 8.0));
            if others > 0.0 {
                let mean = (sum - own) / others;
                f.add("siblings", mean - 0.5);
                f.add("siblings_count", (sum - own).ln_1p());
                f.add("sibling_literals", (others - (sum - own)).ln_1p());
                let requests = weight(&f);
                f.add(
                    "sibling_requests",
                    (params - own * requests) / (all - requests).max(1.0) - 0.5,
                );
                let (sum, n) = alike[&(f.get("known") > 0.0)];
                if n > 1.0 {
                    f.add("siblings_alike", (sum - own) / (n - 1.0) - 0.5);
                }
                f.cross("siblings*known", &["siblings", "known"]);
                f.cross("siblings*suffix_others", &["siblings", "suffix_others"]);
                f.cross("siblings*suffix_share", &["siblings", "suffix_share"]);
                f.cross("siblings*response_all", &["siblings", "response_all"]);
                f.cross("siblings*no_origin", &["siblings", "no_origin"]);
                f.cross("siblings*seen", &["siblings", "seen"]);
                f.cross("siblings_count*known", &["siblings_count", "known"]);
                f.cross("siblings_count*no_origin", &["siblings_count", "no_origin"]);
            }
            Some(f)
        })
        .collect()
}
