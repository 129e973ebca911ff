//! The recorder: takes the entries of one capture through the gate and keeps what they say.

use std::collections::{BTreeMap, HashMap};

use crate::capture::{Capture, Entry};
use crate::scope::{Exchange, Gate, Passed, Place, Skip};

use super::crowd::Crowds;
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
    pub fn new(entry: &Entry<'_>, gate: &Gate<'_>, row: bool) -> Self {
        Recordable {
            index: entry.index,
            passed: gate.pass(entry),
            row: row.then(|| {
                (
                    crate::scope::method_name(&entry.request.method),
                    crate::scope::origin_of(&entry.request.url),
                )
            }),
        }
    }
}

/// Records one capture.
#[derive(Default)]
pub struct Recorder {
    answered: Calls,
    unanswered: Calls,
    skipped: BTreeMap<Skip, usize>,
    rows: Vec<EntryRow>,
    unanswered_rows: Vec<usize>,
}

impl Recorder {
    /// A recorder with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one entry, in the order of the file.
    pub fn add(&mut self, recordable: Recordable) {
        let passed = recordable.passed;
        let outcome = match &passed {
            Passed::Exchange(exchange) => Ok(self.answered.add(exchange)),
            Passed::Unanswered(exchange) => Ok(self.unanswered.add(exchange)),
            Passed::Skipped(skip) => {
                *self.skipped.entry(*skip).or_default() += 1;
                Err(*skip)
            }
        };
        let Some((method, origin)) = recordable.row else {
            return;
        };
        if matches!(passed, Passed::Unanswered(_)) {
            self.unanswered_rows.push(self.rows.len());
        }
        self.rows.push(EntryRow {
            capture: String::new(),
            index: recordable.index,
            method,
            origin,
            outcome,
            params: sent(&passed),
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
#[derive(Default)]
struct Calls {
    positions: HashMap<CallKey, usize>,
    crowds: Crowds,
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
        let mut key = CallKey {
            host: exchange.host.clone(),
            segments: exchange.segments.clone(),
            method: exchange.method.clone(),
            operation: exchange.operation.clone(),
        };
        if !self.positions.contains_key(&key) {
            key.segments = self.crowds.thin(&key.host, &key.segments);
        }
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
