//! What was observed of one endpoint: a sum of observations that merge in any order.

use std::collections::{BTreeMap, BTreeSet};

use crate::scope::{Exchange, Payload, Place};
use crate::value::{ConstantRules, Kind, Value};

/// Distinct names of parameters or fields beyond this number are counted, not kept.
pub(super) const MAX_NAMES: usize = 2_000;
/// Distinct sets of parameters beyond this number are not kept.
pub(super) const MAX_VARIANTS: usize = 64;

/// How often each constant was seen; `overflow` counts what was no constant or one too many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueCounts {
    /// Constants with counts.
    pub counts: BTreeMap<String, usize>,
    /// Values that were not kept.
    pub overflow: usize,
}

impl ValueCounts {
    pub(super) fn add(&mut self, value: &Value) {
        match &value.word {
            Some(word) => self.add_word(word, 1),
            None if matches!(value.kind, Kind::Null | Kind::Object | Kind::Array) => {}
            None => self.overflow += 1,
        }
    }

    pub(super) fn add_word(&mut self, word: &str, count: usize) {
        // One more than may be listed is kept, so that "too many" stays visible after a merge.
        let room = self.counts.len() <= ConstantRules::built_in().max_values();
        match self.counts.get_mut(word) {
            Some(known) => *known += count,
            None if room => {
                self.counts.insert(word.to_owned(), count);
            }
            None => self.overflow += count,
        }
    }

    fn merge(&mut self, other: &ValueCounts) {
        for (word, count) in &other.counts {
            self.add_word(word, *count);
        }
        self.overflow += other.overflow;
    }
}

/// What was observed of one parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParamUse {
    /// Requests that sent it.
    pub requests: usize,
    /// Position among the request's parameters when first seen; for the order in reports.
    pub rank: usize,
    /// The kinds of its values.
    pub kinds: BTreeSet<Kind>,
    /// Its constants.
    pub values: ValueCounts,
}

/// What was observed of one response field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldUse {
    /// Responses that held it.
    pub responses: usize,
    /// The kinds of its values.
    pub kinds: BTreeSet<Kind>,
    /// Its constants.
    pub values: ValueCounts,
}

/// Changes of a state field: from, to, and how often.
pub type Transitions = BTreeMap<(String, String), usize>;

/// A call that was repeated until something changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Poll {
    /// Calls of the longest series.
    pub calls: usize,
    /// The median gap between them, in milliseconds.
    pub interval_ms: u64,
    /// The state field with its first and last value, if one changed.
    pub change: Option<(String, String, String)>,
}

/// First and last of something, where there was any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: Option<i64>,
    /// The last.
    pub last: Option<i64>,
}

impl Span {
    /// Widens the span to hold a point.
    pub fn add(&mut self, at: i64) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
    }

    /// Widens the span to hold another.
    pub fn merge(&mut self, other: Span) {
        if let Some(first) = other.first {
            self.add(first);
        }
        if let Some(last) = other.last {
            self.add(last);
        }
    }
}

/// What was observed of one endpoint, or of one distinct path while routes are not yet inferred.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Requests.
    pub requests: usize,
    /// Requests whose path ended in a slash.
    pub slashed: usize,
    /// Requests that may have changed state: by their method, or as their protocol says.
    pub writes: usize,
    /// Positions of the entries, from 0.
    pub positions: Span,
    /// When the requests started, in microseconds since 1970 UTC, or their positions in a capture
    /// without times; for the order only.
    pub moments: Span,
    /// Parameters by place and name; path parameters come from the route.
    pub params: BTreeMap<(Place, String), ParamUse>,
    /// Sets of parameter names sent together, with counts.
    pub variants: BTreeMap<Vec<String>, usize>,
    /// Content types of request bodies, with counts.
    pub request_media: BTreeMap<String, usize>,
    /// Statuses, with counts.
    pub statuses: BTreeMap<u16, usize>,
    /// Content types of responses, with counts.
    pub response_media: BTreeMap<String, usize>,
    /// What came back, with counts.
    pub payloads: BTreeMap<Payload, usize>,
    /// Response fields by path.
    pub fields: BTreeMap<String, FieldUse>,
    /// Credentials by location, with counts.
    pub auth: BTreeMap<String, usize>,
    /// State fields by path, with their changes for one and the same request.
    pub transitions: BTreeMap<String, Transitions>,
    /// The longest poll.
    pub poll: Option<Poll>,
}

impl Observed {
    /// Adds one exchange, its parameters and fields apart.
    pub(super) fn add(&mut self, exchange: &Exchange) {
        self.requests += 1;
        self.slashed += usize::from(exchange.slash);
        self.positions
            .add(i64::try_from(exchange.index).unwrap_or(i64::MAX));
        self.moments.add(
            exchange
                .at
                .unwrap_or_else(|| i64::try_from(exchange.index).unwrap_or(i64::MAX)),
        );
        self.writes += usize::from(exchange.writes);
        if let Some(media) = &exchange.request_media {
            *self.request_media.entry(media.clone()).or_default() += 1;
        }
        if let Some(status) = exchange.status {
            *self.statuses.entry(status).or_default() += 1;
        }
        if let Some(media) = &exchange.response_media {
            *self.response_media.entry(media.clone()).or_default() += 1;
        }
        *self.payloads.entry(exchange.payload).or_default() += 1;
        for name in &exchange.auth {
            *self.auth.entry(name.clone()).or_default() += 1;
        }
    }

    pub(super) fn add_variant(&mut self, variant: Vec<String>, count: usize) {
        let room = self.variants.len() < MAX_VARIANTS;
        match self.variants.get_mut(&variant) {
            Some(known) => *known += count,
            None if room => {
                self.variants.insert(variant, count);
            }
            None => {}
        }
    }

    /// Adds everything that another one observed.
    pub fn merge(&mut self, other: &Observed) {
        self.requests += other.requests;
        self.slashed += other.slashed;
        self.writes += other.writes;
        self.positions.merge(other.positions);
        self.moments.merge(other.moments);
        for (key, theirs) in &other.params {
            let ours = self.params.entry(key.clone()).or_insert_with(|| ParamUse {
                rank: theirs.rank,
                ..ParamUse::default()
            });
            ours.requests += theirs.requests;
            ours.rank = ours.rank.min(theirs.rank);
            ours.kinds.extend(&theirs.kinds);
            ours.values.merge(&theirs.values);
        }
        for (variant, count) in &other.variants {
            self.add_variant(variant.clone(), *count);
        }
        for (path, theirs) in &other.fields {
            let ours = self.fields.entry(path.clone()).or_default();
            ours.responses += theirs.responses;
            ours.kinds.extend(&theirs.kinds);
            ours.values.merge(&theirs.values);
        }
        add_counts(&mut self.request_media, &other.request_media);
        add_counts(&mut self.statuses, &other.statuses);
        add_counts(&mut self.response_media, &other.response_media);
        add_counts(&mut self.payloads, &other.payloads);
        add_counts(&mut self.auth, &other.auth);
        for (field, theirs) in &other.transitions {
            add_counts(self.transitions.entry(field.clone()).or_default(), theirs);
        }
        self.poll = longer(self.poll.take(), other.poll.clone());
    }

    /// Responses whose body was JSON.
    pub fn json_responses(&self) -> usize {
        self.payloads.get(&Payload::Json).copied().unwrap_or(0)
    }
}

/// The poll with more calls; ties by the other fields, so that the order does not matter.
pub(super) fn longer(a: Option<Poll>, b: Option<Poll>) -> Option<Poll> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

pub(super) fn add_counts<K: Ord + Clone>(
    ours: &mut BTreeMap<K, usize>,
    theirs: &BTreeMap<K, usize>,
) {
    for (key, count) in theirs {
        *ours.entry(key.clone()).or_default() += count;
    }
}
