//! The recorder: takes the entries of one capture through the gate and keeps what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::capture::{Capture, Entry, Limit};
use crate::scope::{Exchange, Gate, Limits, Operation, Passed, Place, Skip};
use crate::value::{Privacy, Segment};

use super::crowd::Crowds;
use super::evidence::{CallEvidence, CallKey, CaptureEvidence, ChangeKey};
use super::lineage::Lineage;
use super::moment::moment;
use super::names::{Name, Names};
use super::observed::{Observed, Span};
use super::paging::PageBook;
use super::polls::Polls;
use super::roles::RoleBook;
use super::series::Fingerprints;
use super::tally::Tally;
use super::trace::Tracer;
use super::waits::Waits;

/// What became of one entry, without any value; for lists of single requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The capture's name.
    pub capture: String,
    /// Position in the capture, from 0.
    pub index: usize,
    /// The method.
    pub method: String,
    /// Scheme, host and port of the URL, as far as it has them.
    pub origin: String,
    /// The call it is one of, or why it does not count.
    pub outcome: Result<CallKey, Skip>,
    /// Names of the parameters it sent, in order.
    pub params: Vec<(Place, String)>,
}

/// Which entries have a row of their own.
#[derive(Clone, Copy, Default)]
pub enum Rows<'a> {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those whose method and URL this takes, none of which is kept.
    Of(&'a (dyn Fn(&str, &str) -> bool + Sync)),
}

impl Rows<'_> {
    fn wants(self, entry: &Entry<'_>) -> bool {
        match self {
            Rows::None => false,
            Rows::All => true,
            Rows::Of(is_wanted) => is_wanted(&entry.request.method, &entry.request.url),
        }
    }
}

impl From<bool> for Rows<'_> {
    fn from(all: bool) -> Self {
        if all { Rows::All } else { Rows::None }
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Rows::None => "None",
            Rows::All => "All",
            Rows::Of(_) => "Of",
        })
    }
}

/// One entry behind the gate: all that the recorder needs, and nothing of the capture's values.
#[derive(Debug)]
pub struct Recordable {
    index: usize,
    passed: Passed,
    /// Method and origin, where a row is wanted.
    row: Option<(String, String)>,
}

impl Recordable {
    /// Takes an entry through the gate; needs no order, so that several threads can.
    pub fn new(entry: &Entry<'_>, gate: &Gate<'_>, rows: Rows<'_>) -> Self {
        Recordable {
            index: entry.index,
            passed: gate.pass(entry),
            row: rows.wants(entry).then(|| {
                (
                    crate::scope::method_name(&entry.request.method),
                    crate::scope::origin_of(&entry.request.url),
                )
            }),
        }
    }
}

/// Records one capture.
pub struct Recorder {
    answered: Calls,
    unanswered: Calls,
    skipped: BTreeMap<Skip, usize>,
    rows: Vec<EntryRow>,
    unanswered_rows: Vec<usize>,
}

impl Recorder {
    /// A recorder with nothing in it that keeps no more than the limits say, and whose polls name the
    /// values that may be shown.
    pub fn new(limits: Limits, privacy: &Privacy) -> Self {
        Recorder {
            answered: Calls::new(limits, privacy),
            unanswered: Calls::new(limits, privacy),
            skipped: BTreeMap::new(),
            rows: Vec::new(),
            unanswered_rows: Vec::new(),
        }
    }

    /// Takes one entry, in the order of the file.
    pub fn add(&mut self, recordable: &Recordable) {
        let passed = &recordable.passed;
        let position = match passed {
            Passed::Exchange(exchange) => self.answered.add(exchange).ok_or(Skip::OverLimit),
            Passed::Unanswered(exchange) => self.unanswered.add(exchange).ok_or(Skip::OverLimit),
            Passed::Skipped(skip) => Err(*skip),
        };
        if let Err(skip) = position {
            *self.skipped.entry(skip).or_default() += 1;
        }
        let Some((method, origin)) = recordable.row.clone() else {
            return;
        };
        let calls = if matches!(passed, Passed::Unanswered(_)) {
            self.unanswered_rows.push(self.rows.len());
            &self.unanswered
        } else {
            &self.answered
        };
        self.rows.push(EntryRow {
            capture: String::new(),
            index: recordable.index,
            method,
            origin,
            outcome: position.map(|at| calls.keys[at].clone()),
            params: sent(passed),
        });
    }

    /// Ends the capture.
    pub fn finish(mut self, capture: Capture) -> (CaptureEvidence, Vec<EntryRow>) {
        let mut rows = std::mem::take(&mut self.rows);
        for row in &mut rows {
            row.capture.clone_from(&capture.name);
        }
        if capture.skipped() > 0 {
            *self.skipped.entry(Skip::Unusable).or_default() += capture.skipped();
        }
        let calls = if self.answered.is_empty() {
            self.unanswered
        } else {
            let aborted = self.unanswered.requests();
            if aborted > 0 {
                *self.skipped.entry(Skip::Aborted).or_default() += aborted;
            }
            for position in self.unanswered_rows {
                if let Some(row) = rows.get_mut(position) {
                    row.outcome = Err(Skip::Aborted);
                }
            }
            self.answered
        };
        let evidence = calls.finish(capture, self.skipped);
        (evidence, rows)
    }
}

/// Names of the parameters that an entry sent, each once.
fn sent(passed: &Passed) -> Vec<(Place, String)> {
    let (Passed::Exchange(exchange) | Passed::Unanswered(exchange)) = passed else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for param in &exchange.params {
        let name = (param.place, param.name.clone());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The calls recorded so far.
struct Calls {
    limits: Limits,
    /// Requests to calls beyond the limit.
    left_out: usize,
    hasher: RandomState,
    /// Positions of calls, by their keys.
    positions: HashTable<usize>,
    keys: Vec<CallKey>,
    recorded: Vec<Recorded>,
    crowds: Crowds,
    names: Names,
    lineage: Lineage,
    fingerprints: Fingerprints,
    polls: Polls,
    waits: Waits,
    roles: RoleBook,
    pages: PageBook,
    tracer: Tracer,
}

/// What was recorded of one call.
#[derive(Default)]
struct Recorded {
    tally: Tally,
    first_party: usize,
    with_page: usize,
    span: Span,
}

impl Calls {
    fn new(limits: Limits, privacy: &Privacy) -> Self {
        Calls {
            limits,
            left_out: 0,
            hasher: RandomState::default(),
            positions: HashTable::new(),
            keys: Vec::new(),
            recorded: Vec::new(),
            crowds: Crowds::default(),
            names: Names::default(),
            lineage: Lineage::new(limits.values),
            fingerprints: Fingerprints::default(),
            polls: Polls::new(limits.repeats, limits.states, privacy),
            waits: Waits::new(limits.waits),
            roles: RoleBook::new(limits.roles),
            pages: PageBook::default(),
            tracer: Tracer::default(),
        }
    }

    /// What was not kept.
    fn left_out(&self) -> BTreeMap<Limit, usize> {
        let names = self.recorded.iter().map(|call| call.tally.left_out());
        let counts = [
            (Limit::Calls, self.left_out),
            (Limit::Names, names.sum()),
            (Limit::Values, self.lineage.left_out()),
            (Limit::Repeats, self.polls.left_out),
            (Limit::Roles, self.roles.left_out),
            (Limit::Waits, self.waits.left_out),
        ];
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    fn is_empty(&self) -> bool {
        self.recorded.is_empty()
    }

    fn requests(&self) -> usize {
        self.recorded.iter().map(|call| call.tally.requests()).sum()
    }

    /// Adds an exchange; gives the position of its call, unless that is one too many.
    fn add(&mut self, exchange: &Exchange) -> Option<usize> {
        let Some(position) = self.position(exchange) else {
            self.left_out += 1;
            return None;
        };
        let params: Vec<Name> = exchange
            .params
            .iter()
            .map(|param| self.names.number(&param.name))
            .collect();
        let fields = self.names.of_fields(&exchange.fields);
        if let Some(call) = self.recorded.get_mut(position) {
            call.tally
                .add(exchange, &params, &fields, self.limits.names, &self.names);
            if let Some(page) = &exchange.page_host {
                call.with_page += 1;
                call.first_party += usize::from(crate::scope::same_site(page, &exchange.host));
            }
            if exchange.at.is_some() {
                call.span.add(moment(exchange).0);
            }
        }
        self.lineage
            .add(position, exchange, &params, &fields, &self.names);
        self.lineage
            .add_headers(position, exchange, &mut self.names);
        self.polls
            .add(position, exchange, &fields, &self.names, &self.fingerprints);
        self.waits.add(position, exchange);
        self.roles.add(position, exchange, &params, &fields);
        self.pages
            .add(position, exchange, &params, &self.fingerprints);
        self.tracer.add(position, exchange);
        Some(position)
    }

    /// The position of the call that an exchange is one of, which may be a new one.
    fn position(&mut self, exchange: &Exchange) -> Option<usize> {
        if let Some(position) = self.find(exchange, &exchange.segments) {
            return Some(position);
        }
        let room = self.keys.len() < self.limits.calls;
        let segments = self.crowds.thin(&exchange.host, &exchange.segments, room);
        if let Some(position) = self.find(exchange, &segments) {
            return Some(position);
        }
        if !room {
            return None;
        }
        let hash = self.hash(exchange, &segments);
        self.keys.push(CallKey {
            host: exchange.host.clone(),
            segments,
            method: exchange.method.clone(),
            operation: exchange.operation.clone(),
        });
        self.recorded.push(Recorded::default());
        let position = self.keys.len() - 1;
        let (keys, hasher) = (&self.keys, &self.hasher);
        self.positions.insert_unique(hash, position, |at| {
            let key = &keys[*at];
            hash_call(
                hasher,
                &key.host,
                &key.segments,
                &key.method,
                key.operation.as_ref(),
            )
        });
        Some(position)
    }

    fn find(&self, exchange: &Exchange, segments: &[Segment]) -> Option<usize> {
        let is = |at: &usize| {
            let key = &self.keys[*at];
            key.segments == segments
                && key.host == exchange.host
                && key.method == exchange.method
                && key.operation == exchange.operation
        };
        let hash = self.hash(exchange, segments);
        self.positions.find(hash, is).copied()
    }

    fn hash(&self, exchange: &Exchange, segments: &[Segment]) -> u64 {
        let operation = exchange.operation.as_ref();
        hash_call(
            &self.hasher,
            &exchange.host,
            segments,
            &exchange.method,
            operation,
        )
    }

    fn finish(mut self, mut capture: Capture, skipped: BTreeMap<Skip, usize>) -> CaptureEvidence {
        self.lineage.settle(self.tracer.makers());
        capture.left_out = self.left_out();
        let keys: Vec<&CallKey> = self.keys.iter().collect();
        let lineage = self.lineage.links(&keys, &self.names);
        let trace = self.tracer.finish(&keys, &self.lineage);
        let stats = self.lineage.stats(&keys, &self.names);
        let mut observed: Vec<Observed> = Vec::with_capacity(keys.len());
        let mut calls: Vec<CallEvidence> = Vec::with_capacity(keys.len());
        for (call, stats) in self.recorded.into_iter().zip(stats) {
            observed.push(call.tally.finish(&self.names));
            calls.push(CallEvidence {
                observed: Observed::default(),
                stats,
                first_party: call.first_party,
                with_page: call.with_page,
                span: call.span,
                captures: BTreeSet::from([capture.id.clone()]),
            });
        }
        let causes = self.polls.finish(&mut observed, &keys, &self.names);
        if causes.left_out > 0 {
            capture.left_out.insert(Limit::States, causes.left_out);
        }
        let mut changes: BTreeMap<ChangeKey, usize> = BTreeMap::new();
        for (cause, count) in causes.into_kept() {
            if let (Some(read), Some(by)) = (keys.get(cause.read), keys.get(cause.by)) {
                let key = ChangeKey {
                    read: (*read).clone(),
                    field: self.names.name(cause.field).to_owned(),
                    from: cause.values.0.to_string(),
                    to: cause.values.1.to_string(),
                    by: (*by).clone(),
                    back: cause.back,
                };
                *changes.entry(key).or_default() += count;
            }
        }
        self.waits.finish(&mut observed);
        self.roles.finish(&mut observed, &self.names);
        self.pages.finish(&mut observed, &self.names);
        for (call, observed) in calls.iter_mut().zip(observed) {
            call.observed = observed;
        }
        CaptureEvidence {
            capture,
            calls: self.keys.into_iter().zip(calls).collect(),
            links: lineage.links,
            strays: lineage.strays,
            likely: lineage.likely,
            again: lineage.again,
            changes,
            trace,
            skipped,
        }
    }
}

fn hash_call(
    hasher: &RandomState,
    host: &str,
    segments: &[Segment],
    method: &str,
    operation: Option<&Operation>,
) -> u64 {
    hasher.hash_one((host, segments, method, operation))
}
