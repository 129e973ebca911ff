//! The recorder: takes the entries of one capture through the gate and keeps what they say.

use std::collections::{BTreeMap, HashMap};

use crate::capture::{Capture, Entry};
use crate::scope::{Exchange, Filter, Gate, Passed, Place, Skip};
use crate::value::Values;

use super::evidence::{CallEvidence, CallKey, CaptureEvidence};
use super::lineage::{Lineage, moment};
use super::observed::Observed;
use super::polls::Polls;

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

/// Records one capture.
pub struct Recorder<'a> {
    gate: Gate<'a>,
    answered: Calls,
    unanswered: Calls,
    skipped: BTreeMap<Skip, usize>,
    rows: Option<Vec<EntryRow>>,
    unanswered_rows: Vec<usize>,
}

impl<'a> Recorder<'a> {
    /// A recorder with nothing in it; `rows` asks for a row for each entry, which costs memory for
    /// each of them.
    pub fn new(filter: &'a Filter, values: &'a Values, rows: bool) -> Self {
        Recorder {
            gate: Gate::new(filter, values),
            answered: Calls::default(),
            unanswered: Calls::default(),
            skipped: BTreeMap::new(),
            rows: rows.then(Vec::new),
            unanswered_rows: Vec::new(),
        }
    }

    /// Takes one entry.
    pub fn add(&mut self, entry: &Entry<'_>) {
        let passed = self.gate.pass(entry);
        let outcome = match &passed {
            Passed::Exchange(exchange) => Ok(self.answered.add(exchange)),
            Passed::Unanswered(exchange) => Ok(self.unanswered.add(exchange)),
            Passed::Skipped(skip) => {
                *self.skipped.entry(*skip).or_default() += 1;
                Err(*skip)
            }
        };
        let Some(rows) = &mut self.rows else {
            return;
        };
        if matches!(passed, Passed::Unanswered(_)) {
            self.unanswered_rows.push(rows.len());
        }
        rows.push(row(entry, &passed, outcome));
    }

    /// Ends the capture.
    pub fn finish(mut self, capture: Capture) -> (CaptureEvidence, Vec<EntryRow>) {
        let mut rows = self.rows.take().unwrap_or_default();
        for row in &mut rows {
            row.capture.clone_from(&capture.name);
        }
        if !capture.unusable.is_empty() {
            *self.skipped.entry(Skip::Unusable).or_default() += capture.unusable.len();
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

fn row(entry: &Entry<'_>, passed: &Passed, outcome: Result<CallKey, Skip>) -> EntryRow {
    let exchange = match passed {
        Passed::Exchange(exchange) | Passed::Unanswered(exchange) => Some(exchange),
        Passed::Skipped(_) => None,
    };
    EntryRow {
        capture: String::new(),
        index: entry.index,
        method: exchange.map_or_else(
            || crate::scope::method_name(&entry.request.method),
            |exchange| exchange.method.clone(),
        ),
        origin: crate::scope::origin_of(&entry.request.url),
        outcome,
        params: exchange.map_or_else(Vec::new, |exchange| {
            let mut names = Vec::new();
            for param in &exchange.params {
                let name = (param.place, param.name.clone());
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
        }),
    }
}

/// The calls recorded so far.
#[derive(Default)]
struct Calls {
    positions: HashMap<CallKey, usize>,
    recorded: Vec<CallEvidence>,
    lineage: Lineage,
    polls: Polls,
}

impl Calls {
    fn is_empty(&self) -> bool {
        self.recorded.is_empty()
    }

    fn requests(&self) -> usize {
        self.recorded
            .iter()
            .map(|call| call.observed.requests)
            .sum()
    }

    fn add(&mut self, exchange: &Exchange) -> CallKey {
        let key = CallKey {
            host: exchange.host.clone(),
            segments: exchange.segments.clone(),
            method: exchange.method.clone(),
            operation: exchange.operation.clone(),
        };
        let position = if let Some(position) = self.positions.get(&key) {
            *position
        } else {
            self.recorded.push(CallEvidence::default());
            self.positions.insert(key.clone(), self.recorded.len() - 1);
            self.recorded.len() - 1
        };
        if let Some(call) = self.recorded.get_mut(position) {
            call.observed.add(exchange);
            if let Some(page) = &exchange.page_host {
                call.with_page += 1;
                call.first_party += usize::from(crate::scope::same_site(page, &exchange.host));
            }
            if exchange.at.is_some() {
                call.span.add(moment(exchange).0);
            }
        }
        self.lineage.add(position, exchange);
        self.polls.add(position, exchange);
        key
    }

    fn finish(mut self, capture: Capture, skipped: BTreeMap<Skip, usize>) -> CaptureEvidence {
        let mut observed: Vec<&mut Observed> = self
            .recorded
            .iter_mut()
            .map(|call| &mut call.observed)
            .collect();
        self.polls.finish(&mut observed);
        let mut keys: Vec<(&CallKey, usize)> =
            self.positions.iter().map(|(key, at)| (key, *at)).collect();
        keys.sort_by_key(|(_, at)| *at);
        let keys: Vec<&CallKey> = keys.into_iter().map(|(key, _)| key).collect();
        let links = self.lineage.links(&keys);
        let mut stats = self.lineage.stats(&keys);
        let mut calls = BTreeMap::new();
        for (key, position) in self.positions {
            let mut call = std::mem::take(&mut self.recorded[position]);
            call.stats = std::mem::take(&mut stats[position]);
            call.captures.insert(capture.name.clone());
            calls.insert(key, call);
        }
        CaptureEvidence {
            capture,
            calls,
            links,
            skipped,
        }
    }
}
