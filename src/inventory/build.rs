//! From evidence to endpoints: hosts are chosen, routes inferred, calls folded.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use crate::route::{
    Inference, ParamStyle, Part, Piece, Pins, Sighting, Template, infer, infer_decided, unnamed,
};
use crate::scope::{Filter, HostUse, Payload, Place, Skip, choose_hosts};
use crate::value::{ConstantRules, Kind, SegmentPiece, Shape};

use super::evidence::{CallEvidence, CallKey, Evidence, Slot, Words};
use super::flows::counted_before;
use super::lineage;
use super::observed::{Observed, Span};
use super::short::same_id;
use super::spread::spread;
use super::{CaptureSummary, Change, Endpoint, HostSummary, Inventory, Link, Session, SessionCall};

impl Inventory {
    /// Infers routes from the evidence and folds it into endpoints.
    pub fn build(evidence: &Evidence, filter: &Filter, pins: &Pins) -> Inventory {
        Builder::new(evidence, filter, pins).build()
    }
}

/// Which endpoint each call is one of, for lists of single requests.
impl Inventory {
    /// The endpoint of a call, if its host counts.
    pub fn endpoint_of(&self, call: &CallKey) -> Option<&Endpoint> {
        self.calls.get(call).and_then(|at| self.endpoints.get(*at))
    }

    /// Why requests to a host do not count, if they do not.
    pub fn skip_of_host(&self, host: &str) -> Option<Skip> {
        let summary = self.hosts.iter().find(|summary| summary.host == host)?;
        summary.skip
    }
}

/// Digits of an identity that are shown, as Git does with commits.
const SHORT_ID: usize = 7;

/// Where values are sent: the endpoint, the place and the parameter.
type Target = (usize, Place, String);

struct Builder<'a> {
    evidence: &'a Evidence,
    rules: ConstantRules,
    hosts: BTreeMap<&'a str, Option<Skip>>,
    calls: Vec<(&'a CallKey, &'a CallEvidence)>,
    inference: Inference,
}

impl<'a> Builder<'a> {
    fn new(evidence: &'a Evidence, filter: &Filter, pins: &Pins) -> Self {
        let uses = host_uses(evidence);
        let skips = choose_hosts(&uses, filter);
        let names = evidence.calls.keys().map(|call| call.host.as_str());
        let names: BTreeSet<&str> = names.collect();
        let hosts: BTreeMap<&str, Option<Skip>> = names.into_iter().zip(skips).collect();
        let counts = |call: &CallKey| matches!(hosts.get(call.host.as_str()), Some(None));
        let calls: Vec<(&CallKey, &CallEvidence)> = evidence
            .calls
            .iter()
            .filter(|(key, _)| counts(key))
            .collect();
        let inference = inference(evidence, &calls, pins);
        Builder {
            evidence,
            rules: ConstantRules::with_privacy(&filter.privacy),
            hosts,
            calls,
            inference,
        }
    }

    fn build(self) -> Inventory {
        let (endpoints, of_call) = self.endpoints();
        let links = links(self.evidence, &of_call, &endpoints);
        let changes = changes(self.evidence, &of_call);
        let sessions = sessions(self.evidence, &of_call);
        let mut skipped = self.evidence.skipped.clone();
        for (key, call) in &self.evidence.calls {
            if let Some(Some(skip)) = self.hosts.get(key.host.as_str()) {
                *skipped.entry(*skip).or_default() += call.observed.requests;
            }
        }
        let mut hosts: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, call) in &self.evidence.calls {
            *hosts.entry(&key.host).or_default() += call.observed.requests;
        }
        Inventory {
            captures: capture_summaries(self.evidence, |host| {
                matches!(self.hosts.get(host), Some(None))
            }),
            skipped,
            hosts: hosts
                .into_iter()
                .map(|(host, requests)| HostSummary {
                    host: host.to_owned(),
                    requests,
                    skip: self.hosts.get(host).copied().flatten(),
                })
                .collect(),
            routes: self.inference.routes,
            endpoints,
            links,
            changes,
            sessions,
            traced: self.evidence.traces.len(),
            calls: of_call
                .into_iter()
                .map(|(key, at)| (key.clone(), at))
                .collect(),
        }
    }

    /// Calls of one method, host, route and operation are one endpoint.
    fn endpoints(&self) -> (Vec<Endpoint>, BTreeMap<&'a CallKey, usize>) {
        let mut folded: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, (key, _)) in self.calls.iter().enumerate() {
            let route = self.inference.of[at];
            let template = &self.inference.routes[route].template;
            let group = (
                template.parts.clone(),
                key.method.as_str(),
                key.host.as_str(),
                key.operation.as_ref(),
                route,
            );
            folded.entry(group).or_default().push(at);
        }
        let places: HashMap<&String, usize> = (capture_order(self.evidence).into_iter())
            .enumerate()
            .map(|(at, id)| (id, at))
            .collect();
        let mut endpoints = Vec::with_capacity(folded.len());
        let mut of_call = BTreeMap::new();
        for ((_, method, host, operation, route), calls) in folded {
            let mut observed = Observed::default();
            let mut kinds =
                vec![BTreeSet::new(); self.inference.routes[route].template.params().count()];
            let mut captures: BTreeSet<usize> = BTreeSet::new();
            for at in calls {
                let (key, call) = self.calls[at];
                observed.merge(&call.observed);
                add_path_kinds(&mut kinds, &self.inference.routes[route].template, key);
                captures.extend(call.captures.iter().filter_map(|id| places.get(id)));
                of_call.insert(key, endpoints.len());
            }
            observed.judge(&self.rules);
            let mut template = self.inference.routes[route].template.clone();
            // As most requests of this very endpoint wrote it.
            template.slash = observed.slashed * 2 >= observed.requests && observed.slashed > 0;
            endpoints.push(Endpoint {
                id: String::new(),
                method: method.to_owned(),
                host: host.to_owned(),
                route: template,
                inferred: route,
                operation: operation.cloned(),
                path_kinds: kinds,
                observed,
                captures: captures.into_iter().collect(),
            });
        }
        name_endpoints(&mut endpoints);
        (endpoints, of_call)
    }
}

/// The routes of some calls of evidence.
pub(super) fn inference(
    evidence: &Evidence,
    calls: &[(&CallKey, &CallEvidence)],
    pins: &Pins,
) -> Inference {
    let paths = match evidence.words {
        Words::Decided => vec![None; calls.len()],
        Words::Captured | Words::Mixed => spread(calls),
    };
    let sightings: Vec<Sighting<'_>> = calls
        .iter()
        .zip(&paths)
        .map(|((key, call), path)| Sighting {
            segments: path.as_ref().unwrap_or(&key.segments),
            ..sighting(key, call)
        })
        .collect();
    match evidence.words {
        Words::Decided => infer_decided(&sightings, pins),
        Words::Captured | Words::Mixed => infer(&sightings, pins),
    }
}

/// The flows of values between endpoints, those that the evidence refutes apart.
pub(super) fn links(
    evidence: &Evidence,
    of_call: &BTreeMap<&CallKey, usize>,
    endpoints: &[Endpoint],
) -> Vec<Link> {
    let place = |to: &CallKey, slot: &Slot| {
        let to = *of_call.get(to)?;
        let (place, param) = match slot {
            Slot::Param(place, name) => (*place, name.clone()),
            Slot::Segment(position) => {
                let name = endpoints[to].route.param_at(*position)?;
                (Place::Path, name.to_owned())
            }
        };
        Some((to, place, param))
    };
    let mut strays: BTreeMap<Target, usize> = BTreeMap::new();
    for ((to, slot), count) in &evidence.strays {
        if let Some(place) = place(to, slot) {
            *strays.entry(place).or_default() += count;
        }
    }
    let likely = evidence.likely.iter().filter(|(link, _)| {
        let to = place(&link.to, &link.slot);
        to.is_some_and(|(_, _, param)| same_id(&link.field, &link.from, &param))
    });
    // Values by calls that send them, and those of them that another call of the endpoint sends, too.
    let mut links: BTreeMap<(usize, &str, Target), (usize, usize)> = BTreeMap::new();
    for (link, support) in evidence.links.iter().chain(likely) {
        if let (Some(from), Some(to)) = (of_call.get(&link.from), place(&link.to, &link.slot)) {
            links.entry((*from, &link.field, to)).or_default().0 += support;
        }
    }
    let same = |a: &CallKey, b: &CallKey| of_call.get(a) == of_call.get(b);
    for (link, count) in counted_before(&evidence.again, same) {
        if let (Some(from), Some(to)) = (of_call.get(&link.from), place(&link.to, &link.slot))
            && let Some((_, again)) = links.get_mut(&(*from, &*link.field, to))
        {
            *again += count;
        }
    }
    links
        .into_iter()
        .filter_map(|((from, field, to), (sent, again))| {
            // Both counts are by calls, as what comes from elsewhere is.
            let against = strays.get(&to).copied().unwrap_or(0);
            let support = sent.saturating_sub(again).max(1);
            let refuted = lineage::is_refuted(sent, against);
            let (to, place, param) = to;
            (!refuted).then(|| Link {
                from,
                field: field.to_owned(),
                to,
                place,
                param,
                support,
                against,
            })
        })
        .collect()
}

/// Which endpoints were called before states changed, each once.
pub(super) fn changes(evidence: &Evidence, of_call: &BTreeMap<&CallKey, usize>) -> Vec<Change> {
    let changes = evidence.changes.keys();
    let changes: BTreeSet<Change> = changes
        .filter_map(|change| {
            Some(Change {
                read: *of_call.get(&change.read)?,
                field: change.field.clone(),
                values: (change.from.clone(), change.to.clone()),
                back: change.back,
                by: *of_call.get(&change.by)?,
            })
        })
        .collect();
    changes.into_iter().collect()
}

/// The identities of the captures by their names.
fn capture_order(evidence: &Evidence) -> Vec<&String> {
    let mut ids: Vec<&String> = evidence.captures.keys().collect();
    ids.sort_by_key(|id| (evidence.captures.get(*id).map(|(c, _)| &c.name), *id));
    ids
}

/// The sessions by capture and by when they started; calls that do not count are left out.
pub(super) fn sessions(evidence: &Evidence, of_call: &BTreeMap<&CallKey, usize>) -> Vec<Session> {
    let mut sessions: BTreeMap<(usize, u32), Session> = BTreeMap::new();
    for (capture, id) in capture_order(evidence).into_iter().enumerate() {
        let Some(trace) = evidence.traces.get(id) else {
            continue;
        };
        let endpoints: Vec<Option<&usize>> =
            trace.calls.iter().map(|key| of_call.get(key)).collect();
        for event in &trace.events {
            let Some(Some(endpoint)) = endpoints.get(event.call as usize) else {
                continue;
            };
            let session = sessions
                .entry((capture, event.session))
                .or_insert_with(|| Session {
                    capture,
                    calls: Vec::new(),
                });
            let times = event.times as usize;
            match session.calls.last_mut() {
                // Different paths of one endpoint.
                Some(last) if last.endpoint == **endpoint => last.times += times,
                _ => session.calls.push(SessionCall {
                    endpoint: **endpoint,
                    times,
                    after_ms: event.after_ms,
                }),
            }
        }
    }
    sessions.into_values().collect()
}

/// The captures by name, with what of them goes to hosts that count.
pub(super) fn capture_summaries(
    evidence: &Evidence,
    counts: impl Fn(&str) -> bool,
) -> Vec<CaptureSummary> {
    let captures = &evidence.captures;
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for (capture, _) in captures.values() {
        *uses.entry(&capture.name).or_default() += 1;
    }
    capture_order(evidence)
        .into_iter()
        .filter_map(|id| captures.get(id))
        .map(|(capture, hosts)| {
            let mut span = Span::default();
            let mut in_scope = 0;
            for (host, (requests, host_span)) in hosts {
                if counts(host) {
                    in_scope += requests;
                    span.merge(*host_span);
                }
            }
            let mut capture = capture.clone();
            // Others of the same name, from other folders or machines, are told apart.
            if uses
                .get(capture.name.as_str())
                .is_some_and(|uses| *uses > 1)
            {
                let id: String = capture.id.chars().take(SHORT_ID).collect();
                capture.name = format!("{}#{id}", capture.name);
            }
            CaptureSummary {
                capture,
                in_scope,
                span,
            }
        })
        .collect()
}

/// Adds the kinds of a call's path values: whole numbers are integers, all else is text.
pub(super) fn add_path_kinds(kinds: &mut [BTreeSet<Kind>], template: &Template, key: &CallKey) {
    let mut params = kinds.iter_mut();
    for (part, segment) in template.parts.iter().zip(&key.segments) {
        let pieces = segment.pieces();
        let found: Vec<Kind> = match part {
            Part::Literal(_) => Vec::new(),
            Part::Param(_) => vec![path_kind(pieces)],
            Part::Mixed(shown) => (0..)
                .zip(shown)
                .filter(|(_, piece)| matches!(piece, Piece::Param(_)))
                .map(|(at, _)| path_kind(pieces.get(at..=at).unwrap_or_default()))
                .collect(),
        };
        for (kind, kinds) in found.into_iter().zip(&mut params) {
            kinds.insert(kind);
        }
    }
}

/// The kind of what stands in a path: a number, or a text.
fn path_kind(pieces: &[SegmentPiece]) -> Kind {
    if pieces == [SegmentPiece::Value(Shape::Integer)] {
        Kind::Integer
    } else {
        Kind::String
    }
}

/// The traffic of each host, by name.
fn host_uses(evidence: &Evidence) -> Vec<HostUse> {
    let mut uses: BTreeMap<&str, HostUse> = BTreeMap::new();
    for (key, call) in &evidence.calls {
        let host = uses.entry(&key.host).or_default();
        host.requests += call.observed.requests;
        host.first_party += call.first_party;
        host.with_page += call.with_page;
        host.endpoints += usize::from(is_data(call));
    }
    uses.into_iter()
        .map(|(name, host)| HostUse {
            host: name.to_owned(),
            ..host
        })
        .collect()
}

/// Whether a call sends or answers data, as calls of an API do.
fn is_data(call: &CallEvidence) -> bool {
    let observed = &call.observed;
    observed.payloads.contains_key(&Payload::Json)
        || observed.payloads.contains_key(&Payload::Xml)
        || observed
            .params
            .keys()
            .any(|(place, _)| *place != Place::Query)
}

/// What inference may use of a call.
pub(super) fn sighting<'a>(key: &'a CallKey, call: &'a CallEvidence) -> Sighting<'a> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Sighting {
        method: &key.method,
        host: &key.host,
        segments: &key.segments,
        operation: key.operation.as_ref(),
        slashed: count(call.observed.slashed),
        requests: count(call.observed.requests),
        stats: &call.stats,
        params: call
            .observed
            .params
            .keys()
            .map(|(place, name)| (*place, name.as_str()))
            .collect(),
        fields: call.observed.fields.keys().map(String::as_str).collect(),
        statuses: call.observed.statuses.keys().copied().collect(),
    }
}

/// `METHOD /route [operation]`, with ` @host` where several hosts share it.
fn name_endpoints(endpoints: &mut [Endpoint]) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    // Hosts share a route whatever its parameters are called on each.
    for endpoint in endpoints.iter_mut() {
        let route = endpoint.route.display(ParamStyle::Angle);
        endpoint.id = match &endpoint.operation {
            Some(operation) => format!("{} {route} [{}]", endpoint.method, operation.name),
            None => format!("{} {route}", endpoint.method),
        };
        *uses.entry(unnamed(&endpoint.id)).or_default() += 1;
    }
    for endpoint in endpoints.iter_mut() {
        if uses.get(&unnamed(&endpoint.id)).copied().unwrap_or(0) > 1 {
            endpoint.id = format!("{} @{}", endpoint.id, endpoint.host);
        }
    }
}
