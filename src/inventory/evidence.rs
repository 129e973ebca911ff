//! Evidence: what was recorded of captures before any route is inferred.

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::Capture;
use crate::route::{Origin, SegmentStats};
use crate::scope::{Operation, Place, Skip};
use crate::value::Segment;

use super::counts::add_counts;
use super::observed::{Observed, Span};
use super::trace::{MAX_EVENTS_IN_ALL, Trace, choose};

/// One distinct call: paths whose values have equal shapes are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey {
    /// The host.
    pub host: String,
    /// The path.
    pub segments: Vec<Segment>,
    /// The method.
    pub method: String,
    /// The operation, where the route serves several.
    pub operation: Option<Operation>,
}

/// Where a request sends a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The segment at this position of the path.
    Segment(usize),
    /// A parameter.
    Param(Place, String),
}

/// A value that flowed from a response into a later request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkKey {
    /// The call that answered it.
    pub from: CallKey,
    /// The response field.
    pub field: String,
    /// The call that sends it.
    pub to: CallKey,
    /// Where it is sent.
    pub slot: Slot,
}

/// Values that flowed into a call, and that an earlier one of the same form sends, too: if both are of
/// one endpoint, they are not other values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgainKey {
    /// What flowed.
    pub link: LinkKey,
    /// The earlier call.
    pub before: CallKey,
}

/// A state that changed, and a call that may have changed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeKey {
    /// The call that showed the state.
    pub read: CallKey,
    /// The response field.
    pub field: String,
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
    /// The call.
    pub by: CallKey,
    /// How many calls back before the first value was read; 0 if it was made in between.
    pub back: usize,
}

/// What was recorded of one distinct call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallEvidence {
    /// What was observed.
    pub observed: Observed,
    /// For each segment what is known of its values.
    pub stats: Vec<SegmentStats>,
    /// Requests by pages of the same site.
    pub first_party: usize,
    /// Requests of which the page is known.
    pub with_page: usize,
    /// When its requests started.
    pub span: Span,
    /// The captures that it was seen in, by identity.
    pub captures: BTreeSet<String>,
}

impl CallEvidence {
    /// Adds what was recorded of the same call elsewhere.
    pub(super) fn merge(&mut self, other: &CallEvidence) {
        self.observed.merge(&other.observed);
        if self.stats.len() < other.stats.len() {
            self.stats
                .resize(other.stats.len(), SegmentStats::default());
        }
        for (ours, theirs) in self.stats.iter_mut().zip(&other.stats) {
            // The same value may be in both, so the larger number is all that is sure.
            ours.distinct = ours.distinct.max(theirs.distinct);
            add_origins(&mut ours.origins, &theirs.origins);
            if ours.parts.len() < theirs.parts.len() {
                ours.parts.resize(theirs.parts.len(), BTreeMap::new());
            }
            for (ours, theirs) in ours.parts.iter_mut().zip(&theirs.parts) {
                add_origins(ours, theirs);
            }
        }
        self.first_party += other.first_party;
        self.with_page += other.with_page;
        self.span.merge(other.span);
        self.captures.extend(other.captures.iter().cloned());
    }
}

fn add_origins(ours: &mut BTreeMap<Origin, u32>, theirs: &BTreeMap<Origin, u32>) {
    for (origin, count) in theirs {
        *ours.entry(origin.clone()).or_default() += count;
    }
}

/// What was recorded of one capture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaptureEvidence {
    /// What the reader says of it.
    pub capture: Capture,
    /// Calls with what was recorded of them.
    pub calls: BTreeMap<CallKey, CallEvidence>,
    /// Which values flowed where, with the number of distinct ones.
    pub links: BTreeMap<LinkKey, usize>,
    /// How many distinct values each place sent that no response had given.
    pub strays: BTreeMap<(CallKey, Slot), usize>,
    /// Short ids that may have flowed into a path; whether they did, the route's names say.
    pub likely: BTreeMap<LinkKey, usize>,
    /// Of both, how many values another call of the same form sends, too.
    pub again: BTreeMap<AgainKey, usize>,
    /// Which calls came before states changed, and how often.
    pub changes: BTreeMap<ChangeKey, usize>,
    /// In which order the calls were made.
    pub trace: Trace,
    /// Entries that do not count, by reason.
    pub skipped: BTreeMap<Skip, usize>,
}

/// For each host how many requests were made to it, and when they started.
pub type HostTraffic = BTreeMap<String, (usize, Span)>;

/// What was recorded of some captures, summed up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The captures by identity ([`Capture::id`]), with their traffic by host.
    pub captures: BTreeMap<String, (Capture, HostTraffic)>,
    /// Calls with what was recorded of them.
    pub calls: BTreeMap<CallKey, CallEvidence>,
    /// Which values flowed where.
    pub links: BTreeMap<LinkKey, usize>,
    /// How many distinct values each place sent that no response had given.
    pub strays: BTreeMap<(CallKey, Slot), usize>,
    /// Short ids that may have flowed into a path; whether they did, the route's names say.
    pub likely: BTreeMap<LinkKey, usize>,
    /// Of both, how many values another call of the same form sends, too.
    pub again: BTreeMap<AgainKey, usize>,
    /// Which calls came before states changed, and how often.
    pub changes: BTreeMap<ChangeKey, usize>,
    /// In which order the calls of each capture were made, by its identity; of very many captures, of a
    /// sample of them.
    pub traces: BTreeMap<String, Trace>,
    /// Entries that do not count, by reason.
    pub skipped: BTreeMap<Skip, usize>,
    /// What is known of the words in its paths.
    pub words: Words,
}

/// What is known of the words in the paths of evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Words {
    /// Nothing yet: they are as they were captured.
    #[default]
    Captured,
    /// All of them are the API's own: the evidence was read from the inventory of one capture, where
    /// others are values.
    Decided,
    /// That was decided of some captures, each by itself, and other evidence was added since.
    Mixed,
}

impl From<CaptureEvidence> for Evidence {
    fn from(evidence: CaptureEvidence) -> Self {
        let mut hosts = HostTraffic::new();
        for (key, call) in &evidence.calls {
            let (requests, span) = hosts.entry(key.host.clone()).or_default();
            *requests += call.observed.requests;
            span.merge(call.span);
        }
        let capture = evidence.capture;
        Evidence {
            traces: BTreeMap::from([(capture.id.clone(), evidence.trace)]),
            captures: BTreeMap::from([(capture.id.clone(), (capture, hosts))]),
            calls: evidence.calls,
            links: evidence.links,
            strays: evidence.strays,
            likely: evidence.likely,
            again: evidence.again,
            changes: evidence.changes,
            skipped: evidence.skipped,
            words: Words::Captured,
        }
    }
}

impl Evidence {
    /// The same with another name for a host: that of another environment of the API.
    pub fn with_host(self, from: &str, to: &str) -> Self {
        let name = |host: String| if host == from { to.to_owned() } else { host };
        let key = |key: CallKey| CallKey {
            host: name(key.host),
            ..key
        };
        let captures = self.captures.into_iter().map(|(id, (capture, hosts))| {
            let hosts = hosts
                .into_iter()
                .map(|(host, traffic)| (name(host), traffic));
            (id, (capture, hosts.collect()))
        });
        let link = |(link, support): (LinkKey, usize)| {
            let link = LinkKey {
                from: key(link.from),
                to: key(link.to),
                ..link
            };
            (link, support)
        };
        let again = |(again, count): (AgainKey, usize)| {
            let (link, _) = link((again.link, 0));
            let before = key(again.before);
            (AgainKey { link, before }, count)
        };
        let change = |(change, count): (ChangeKey, usize)| {
            let change = ChangeKey {
                read: key(change.read),
                by: key(change.by),
                ..change
            };
            (change, count)
        };
        let stray = |((to, slot), count): ((CallKey, Slot), usize)| ((key(to), slot), count);
        let traces = self.traces.into_iter().map(|(id, trace)| {
            let calls = trace.calls.into_iter().map(key).collect();
            (id, Trace { calls, ..trace })
        });
        Evidence {
            captures: captures.collect(),
            traces: traces.collect(),
            calls: self
                .calls
                .into_iter()
                .map(|(call, of)| (key(call), of))
                .collect(),
            links: self.links.into_iter().map(link).collect(),
            strays: self.strays.into_iter().map(stray).collect(),
            likely: self.likely.into_iter().map(link).collect(),
            again: self.again.into_iter().map(again).collect(),
            changes: self.changes.into_iter().map(change).collect(),
            skipped: self.skipped,
            words: self.words,
        }
    }

    /// The evidence of both: what routes are inferred from where two sides are compared. A capture that
    /// is in both counts twice, which no inference minds.
    pub fn and(&self, other: &Evidence) -> Evidence {
        let mut both = self.clone();
        both.merge(other.clone());
        both
    }

    /// Adds the evidence of other captures. None may be in both; [`Parts`](super::Parts) sees to it.
    pub(super) fn merge(&mut self, other: Evidence) {
        self.words = match (self.words, other.words) {
            (Words::Captured, Words::Captured) => Words::Captured,
            _ => Words::Mixed,
        };
        self.captures.extend(other.captures);
        self.traces.extend(other.traces);
        choose(&mut self.traces, self.captures.keys(), MAX_EVENTS_IN_ALL);
        for (key, call) in other.calls {
            match self.calls.get_mut(&key) {
                Some(known) => known.merge(&call),
                None => {
                    self.calls.insert(key, call);
                }
            }
        }
        add_counts(&mut self.links, &other.links);
        add_counts(&mut self.strays, &other.strays);
        add_counts(&mut self.likely, &other.likely);
        add_counts(&mut self.again, &other.again);
        add_counts(&mut self.changes, &other.changes);
        add_counts(&mut self.skipped, &other.skipped);
    }
}
