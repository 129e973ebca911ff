//! What was observed of one endpoint: a sum of observations that merge in any order.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::{Exchange, Payload, Place};
use crate::value::{ConstantRules, Kind, Value, keyed};

use super::counts::{add_bounded, add_counts, changes, is_zero, listed, slot};

use super::paging::{PageUse, Paging};
use super::poll::{Poll, merged};
use super::polls::Repeats;
use super::roles::Roles;

/// Distinct names of parameters or fields beyond this number are counted, not kept.
pub(super) const MAX_NAMES: usize = 2_000;
/// Distinct sets of parameters beyond this number are counted, not kept.
pub(super) const MAX_VARIANTS: usize = 64;

/// How often each constant was seen; `overflow` counts what was no constant or one too many.
///
/// Of too many constants the first are kept in the order of texts, each with its exact count, so
/// that it does not matter in which order values came or counts were merged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ValueCounts {
    /// Constants with counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, usize>,
    /// Values that were not kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub overflow: usize,
    /// Whether the rules let the constants be listed; known once all evidence is together.
    pub listable: bool,
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
        if let Some(known) = self.counts.get_mut(word) {
            *known += count;
            return;
        }
        // One more than may be listed is kept, so that "too many" stays visible after a merge.
        let limit = ConstantRules::built_in().max_values() + 1;
        add_bounded(
            &mut self.counts,
            &mut self.overflow,
            limit,
            word.to_owned(),
            count,
        );
    }

    /// Whether the constants are all there is, and may be listed.
    pub fn are_all(&self) -> bool {
        self.listable && self.overflow == 0
    }

    fn merge(&mut self, other: &ValueCounts) {
        for (word, count) in &other.counts {
            self.add_word(word, *count);
        }
        self.overflow += other.overflow;
    }

    /// Takes the constants for values that are not shown, but for those that `shown` says may be.
    pub(super) fn withhold(&mut self, shown: impl Fn(&str) -> bool) {
        let overflow = &mut self.overflow;
        self.counts.retain(|word, count| {
            let kept = shown(word);
            if !kept {
                *overflow += *count;
            }
            kept
        });
    }

    /// Whether nothing was counted.
    fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.overflow == 0
    }
}

/// What was observed of one parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParamUse {
    /// Requests that sent it.
    pub requests: usize,
    /// Position among the request's parameters when first seen; for the order in reports.
    pub rank: usize,
    /// How many values were sent; a body may hold several.
    #[serde(default)]
    pub times: usize,
    /// The kinds of its values.
    pub kinds: BTreeSet<Kind>,
    /// Its constants.
    #[serde(default, skip_serializing_if = "ValueCounts::is_empty")]
    pub values: ValueCounts,
}

/// What was observed of one response field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldUse {
    /// Responses that held it.
    pub responses: usize,
    /// How many values were answered; a response may hold several.
    #[serde(default)]
    pub times: usize,
    /// The kinds of its values.
    pub kinds: BTreeSet<Kind>,
    /// Its constants.
    #[serde(default, skip_serializing_if = "ValueCounts::is_empty")]
    pub values: ValueCounts,
}

/// Changes of a state field: from, to, and how often.
pub type Transitions = BTreeMap<(String, String), usize>;

/// The values of a state, each behind those that it can come from as far as there is such an order.
pub fn values_in_order(changes: &Transitions) -> Vec<String> {
    let mut left: Vec<&String> = Vec::new();
    for value in changes.keys().flat_map(|(from, to)| [from, to]) {
        if !left.contains(&value) {
            left.push(value);
        }
    }
    let mut order: Vec<String> = Vec::new();
    while !left.is_empty() {
        let before = |value: &String| {
            let sources = changes
                .keys()
                .filter(|(from, to)| to == value && from != value);
            sources.filter(|(from, _)| left.contains(&from)).count()
        };
        let next = (0..left.len())
            .min_by_key(|at| before(left[*at]))
            .unwrap_or(0);
        order.push(left.remove(next).clone());
    }
    order
}

/// The changes of a state in the order of its values.
pub fn changes_in_order(changes: &Transitions) -> Vec<(&(String, String), &usize)> {
    let values = values_in_order(changes);
    let place = |value: &String| values.iter().position(|known| known == value);
    let mut order: Vec<(&(String, String), &usize)> = changes.iter().collect();
    order.sort_by_key(|((from, to), _)| (place(from), place(to)));
    order
}

/// First and last of something, where there was any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "Option<(i64, i64)>", into = "Option<(i64, i64)>")]
pub struct Span {
    /// The first.
    pub first: Option<i64>,
    /// The last.
    pub last: Option<i64>,
}

impl From<Option<(i64, i64)>> for Span {
    fn from(ends: Option<(i64, i64)>) -> Self {
        let mut span = Span::default();
        if let Some((first, last)) = ends {
            span.add(first);
            span.add(last);
        }
        span
    }
}

impl From<Span> for Option<(i64, i64)> {
    fn from(span: Span) -> Self {
        span.first.zip(span.last)
    }
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Observed {
    /// Requests.
    pub requests: usize,
    /// Requests whose path ended in a slash.
    #[serde(skip_serializing_if = "is_zero")]
    pub slashed: usize,
    /// Requests that may have changed state: by their method, or as their protocol says.
    #[serde(skip_serializing_if = "is_zero")]
    pub writes: usize,
    /// Requests that held the GraphQL document of their operation.
    #[serde(skip_serializing_if = "is_zero")]
    pub documents: usize,
    /// Positions of the entries, from 0.
    pub positions: Span,
    /// When the requests started, in microseconds since 1970 UTC, or their positions in a capture
    /// without times; for the order only.
    pub moments: Span,
    /// Parameters by place and name; path parameters come from the route.
    #[serde(with = "keyed", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, ParamUse>")]
    pub params: BTreeMap<(Place, String), ParamUse>,
    /// How often parameters were sent beyond those that are kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_params: usize,
    /// Sets of parameter names sent together, with counts.
    #[serde(with = "listed", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "Vec<(Vec<String>, usize)>")]
    pub variants: BTreeMap<Vec<String>, usize>,
    /// Requests with other sets than those that are kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_variants: usize,
    /// Content types of request bodies, with counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub request_media: BTreeMap<String, usize>,
    /// Statuses, with counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<u16, usize>,
    /// Content types of responses, with counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub response_media: BTreeMap<String, usize>,
    /// What came back, with counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub payloads: BTreeMap<Payload, usize>,
    /// Response fields by path.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldUse>,
    /// How often fields were answered beyond those that are kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_fields: usize,
    /// Credentials by location, with counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub auth: BTreeMap<String, usize>,
    /// State fields by path, with their changes for one and the same request or thing.
    #[serde(with = "changes", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, Vec<((String, String), usize)>>")]
    pub transitions: BTreeMap<String, Transitions>,
    /// The same fields with changes that other endpoints showed, of things that this one shows too: from
    /// what one answered to what the next one did.
    #[serde(with = "changes", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, Vec<((String, String), usize)>>")]
    pub joint: BTreeMap<String, Transitions>,
    /// The longest poll.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// Requests that only repeated another one.
    #[serde(skip_serializing_if = "Repeats::is_none")]
    pub repeats: Repeats,
    /// In which ways it is called.
    #[serde(skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// The parameters that ask for a list piece by piece.
    #[serde(with = "keyed", skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, PageUse>")]
    pub paging: Paging,
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
        self.documents += usize::from(exchange.document);
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
        add_bounded(
            &mut self.variants,
            &mut self.more_variants,
            MAX_VARIANTS,
            variant,
            count,
        );
    }

    /// Adds everything that another one observed.
    pub fn merge(&mut self, other: &Observed) {
        self.requests += other.requests;
        self.slashed += other.slashed;
        self.writes += other.writes;
        self.documents += other.documents;
        self.more_params += other.more_params;
        self.more_variants += other.more_variants;
        self.more_fields += other.more_fields;
        self.positions.merge(other.positions);
        self.moments.merge(other.moments);
        for (key, theirs) in &other.params {
            let more = &mut self.more_params;
            let Some(ours) = slot(&mut self.params, key.clone(), MAX_NAMES, |known| {
                *more += known.requests;
            }) else {
                self.more_params += theirs.requests;
                continue;
            };
            if ours.requests == 0 {
                ours.rank = theirs.rank;
            }
            ours.requests += theirs.requests;
            ours.times += theirs.times;
            ours.rank = ours.rank.min(theirs.rank);
            ours.kinds.extend(&theirs.kinds);
            ours.values.merge(&theirs.values);
        }
        for (variant, count) in &other.variants {
            self.add_variant(variant.clone(), *count);
        }
        for (path, theirs) in &other.fields {
            let more = &mut self.more_fields;
            let Some(ours) = slot(&mut self.fields, path.clone(), MAX_NAMES, |known| {
                *more += known.responses;
            }) else {
                self.more_fields += theirs.responses;
                continue;
            };
            ours.responses += theirs.responses;
            ours.times += theirs.times;
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
        for (field, theirs) in &other.joint {
            add_counts(self.joint.entry(field.clone()).or_default(), theirs);
        }
        self.poll = merged(self.poll.take(), other.poll.clone());
        self.repeats.merge(other.repeats);
        self.roles.merge(&other.roles);
        for (key, used) in &other.paging {
            super::paging::add(&mut self.paging, key.clone(), *used);
        }
    }

    /// State fields with all their changes, whoever showed them.
    pub fn state_changes(&self) -> BTreeMap<&str, Transitions> {
        let mut all: BTreeMap<&str, Transitions> = BTreeMap::new();
        for (field, changes) in self.transitions.iter().chain(&self.joint) {
            add_counts(all.entry(field).or_default(), changes);
        }
        all
    }

    /// Responses whose body was JSON.
    pub fn json_responses(&self) -> usize {
        self.payloads.get(&Payload::Json).copied().unwrap_or(0)
    }
}
