//! All changes of two sides, before they are put into words.

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::Envelope;
use crate::inventory::Endpoint;
use crate::scope::Place;

use super::effect;
use super::fields;
use super::flows;
use super::level::Code;
use super::model::{Effect, Support};
use super::params;
use super::rename;
use super::seen::{Presence, Seen, presence, support};
use super::sides::Sides;

/// A change as data: what a text and a fingerprint are made of.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) code: Code,
    pub(super) endpoint: Option<String>,
    /// Where a parameter is sent.
    pub(super) place: Option<Place>,
    pub(super) subject: String,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) support: Option<Support>,
    /// Whether the observations are few.
    pub(super) thin: bool,
    /// Why it is guessed, as keys of messages.
    pub(super) reasons: Vec<&'static str>,
    pub(super) effect: Option<Effect>,
}

impl Found {
    pub(super) fn new(code: Code, endpoint: Option<&Endpoint>, subject: impl Into<String>) -> Self {
        Found {
            code,
            endpoint: endpoint.map(|endpoint| endpoint.id.clone()),
            place: None,
            subject: subject.into(),
            old: None,
            new: None,
            support: None,
            thin: false,
            reasons: Vec::new(),
            effect: None,
        }
    }

    pub(super) fn values(mut self, old: Option<String>, new: Option<String>) -> Self {
        (self.old, self.new) = (old, new);
        self
    }

    pub(super) fn seen(mut self, old: Seen, new: Seen, thin: bool) -> Self {
        self.support = Some(support(old, new));
        self.thin = thin;
        self
    }
}

/// One endpoint on both sides.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) old: &'a Endpoint,
    pub(super) new: &'a Endpoint,
    pub(super) envelope: &'a Envelope,
    /// Parameters whose values are listed one by one.
    pub(super) split_by: &'a [String],
}

/// All changes.
pub(super) fn changes(sides: &Sides) -> Vec<Found> {
    let mut found = Vec::new();
    if let Some((old, new)) = &sides.hosts {
        let change = Found::new(Code::HostChanged, None, new.clone());
        found.push(change.values(Some(old.clone()), Some(new.clone())));
    }
    let (old, new) = (&sides.old.inventory, &sides.new.inventory);
    for endpoint in &new.endpoints {
        if sides.old.endpoint(&endpoint.id).is_none() {
            let change = Found::new(Code::EndpointNew, Some(endpoint), endpoint.id.clone());
            found.push(count(change, 0, endpoint.observed.requests));
        }
    }
    for endpoint in &old.endpoints {
        let Some((_, now)) = sides.new.endpoint(&endpoint.id) else {
            let change = Found::new(
                Code::EndpointUnobserved,
                Some(endpoint),
                endpoint.id.clone(),
            );
            found.push(count(change, endpoint.observed.requests, 0));
            continue;
        };
        let splits: Vec<String> = split_by(sides, &endpoint.id);
        found.extend(pair(Pair {
            old: endpoint,
            new: now,
            envelope: &sides.envelope,
            split_by: &splits,
        }));
    }
    found.extend(rename::endpoints(sides));
    found.extend(flows::changes(sides));
    effect::add(&mut found, sides);
    found
}

/// A change whose support is a number of requests.
fn count(mut change: Found, old: usize, new: usize) -> Found {
    change.support = Some(Support {
        old: [old, old],
        new: [new, new],
    });
    change
}

/// The parameters that an endpoint is split by, on either side.
fn split_by(sides: &Sides, id: &str) -> Vec<String> {
    let mut params = BTreeSet::new();
    for side in [&sides.old, &sides.new] {
        if let Some((at, _)) = side.endpoint(id) {
            let splits = &side.assessment.endpoints[at].splits;
            params.extend(splits.iter().map(|split| split.param.clone()));
        }
    }
    params.into_iter().collect()
}

/// A set on both sides, with the codes of what is new and of what is gone.
type Compared = (Code, Code, Counted, Counted);

/// Members of a set with how often each was seen.
type Counted = BTreeMap<String, usize>;

/// All changes of one endpoint.
fn pair(pair: Pair<'_>) -> Vec<Found> {
    let mut found = params::changes(pair);
    found.extend(fields::changes(pair));
    let (old, new) = (&pair.old.observed, &pair.new.observed);
    let requests = [old.requests, new.requests];
    let statuses = |counts: &BTreeMap<u16, usize>| -> BTreeMap<String, usize> {
        // What a cache answers is no news of the API.
        let told = counts.iter().filter(|(status, _)| **status != 304);
        told.map(|(status, count)| (status.to_string(), *count))
            .collect()
    };
    let answered = |counts: &BTreeMap<String, usize>| counts.values().sum::<usize>();
    let sets: [Compared; 4] = [
        (
            Code::StatusNew,
            Code::StatusGone,
            statuses(&old.statuses),
            statuses(&new.statuses),
        ),
        (
            Code::RequestMediaNew,
            Code::RequestMediaGone,
            old.request_media.clone(),
            new.request_media.clone(),
        ),
        (
            Code::ResponseMediaNew,
            Code::ResponseMediaGone,
            old.response_media.clone(),
            new.response_media.clone(),
        ),
        (
            Code::AuthNew,
            Code::AuthGone,
            old.auth.clone(),
            new.auth.clone(),
        ),
    ];
    for (code_new, code_gone, before, now) in sets {
        let of = match code_new {
            Code::AuthNew => requests,
            _ => [answered(&before), answered(&now)],
        };
        found.extend(members(
            pair.new,
            [code_new, code_gone],
            [&before, &now],
            of,
        ));
    }
    found
}

/// What is new or gone of a set whose members are counted.
pub(super) fn members(
    endpoint: &Endpoint,
    [code_new, code_gone]: [Code; 2],
    [old, new]: [&BTreeMap<String, usize>; 2],
    [of_old, of_new]: [usize; 2],
) -> Vec<Found> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut found = Vec::new();
    for name in names {
        let seen = |counts: &BTreeMap<String, usize>, of| {
            Seen::new(counts.get(name).copied().unwrap_or(0), of)
        };
        let (before, now) = (seen(old, of_old), seen(new, of_new));
        let (code, values, thin) = match presence(before, now) {
            Presence::New { thin } => (code_new, (None, Some(name.clone())), thin),
            Presence::Gone { thin } => (code_gone, (Some(name.clone()), None), thin),
            Presence::Same => continue,
        };
        let change = Found::new(code, Some(endpoint), name.clone());
        // A member that is new is a fact however few observations there are.
        let thin = thin && code == code_gone;
        found.push(change.values(values.0, values.1).seen(before, now, thin));
    }
    found
}
