//! Runs: the sessions of the captures, aligned into the flows that they have in common.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Inventory, Session};

use super::super::proposal;
use super::order::in_order;

/// Flows that are told; of more, those with most changes of state.
const MAX_FLOWS: usize = 8;
/// Sessions are runs of one flow if they share at least this part of what they do.
const SHARED: f64 = 0.5;

/// A flow that was found: what some sessions have in common, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The sessions: positions in [`Inventory::sessions`].
    pub sessions: Vec<usize>,
    /// Its steps in order.
    pub steps: Vec<RunStep>,
    /// The state that was reached last: the endpoint that showed it, its field, and the values that it
    /// ended with, the most frequent first.
    pub end: Option<(usize, String, Vec<String>)>,
}

/// One step of a flow that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep {
    /// The endpoint: a position in the inventory.
    pub endpoint: usize,
    /// Sessions that have it.
    pub runs: usize,
    /// The most calls of it in one session.
    pub calls: usize,
    /// Whether the flow needs it: it changes state or is waited for, or something that does sends
    /// what it answers; and every session has it.
    pub needed: bool,
}

/// The flows in which the sessions fall, those that do most first.
pub(super) fn runs(inventory: &Inventory) -> Vec<Run> {
    let acting = acting(inventory);
    let mut flows: Vec<Vec<usize>> = Vec::new();
    for (at, session) in inventory.sessions.iter().enumerate() {
        let mine = does(session, &acting);
        let known = flows.iter_mut().find(|flow| {
            let theirs = does(&inventory.sessions[flow[0]], &acting);
            alike(&mine, &theirs)
        });
        match known {
            Some(flow) => flow.push(at),
            None => flows.push(vec![at]),
        }
    }
    let mut flows: Vec<Flow> = flows
        .into_iter()
        .map(|sessions| Flow::new(inventory, sessions))
        .collect();
    flows.sort_by_key(|flow| {
        (
            Reverse(flow.steps.intersection(&acting).count()),
            Reverse(flow.sessions.len()),
            Reverse(flow.steps.len()),
        )
    });
    flows.truncate(MAX_FLOWS);
    let runs = flows.into_iter();
    runs.map(|flow| run(inventory, flow, &acting)).collect()
}

/// Sessions that are runs of one flow.
struct Flow {
    sessions: Vec<usize>,
    /// For each session the endpoints in the order of their first calls.
    orders: Vec<Vec<usize>>,
    /// For each endpoint how many sessions have it, and the most calls in one.
    counts: BTreeMap<usize, (usize, usize)>,
    steps: BTreeSet<usize>,
}

impl Flow {
    fn new(inventory: &Inventory, sessions: Vec<usize>) -> Self {
        let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let mut orders = Vec::with_capacity(sessions.len());
        for session in &sessions {
            let mut order: Vec<usize> = Vec::new();
            let mut calls: BTreeMap<usize, usize> = BTreeMap::new();
            for call in &inventory.sessions[*session].calls {
                let times = calls.entry(call.endpoint).or_insert_with(|| {
                    order.push(call.endpoint);
                    0
                });
                *times += call.times;
            }
            for (endpoint, times) in calls {
                let (runs, most) = counts.entry(endpoint).or_default();
                *runs += 1;
                *most = times.max(*most);
            }
            orders.push(order);
        }
        Flow {
            steps: counts.keys().copied().collect(),
            sessions,
            orders,
            counts,
        }
    }
}

/// The endpoints that change state or are polled.
fn acting(inventory: &Inventory) -> BTreeSet<usize> {
    (0..inventory.endpoints.len())
        .filter(|at| proposal::acts(&inventory.endpoints[*at]))
        .collect()
}

/// What a session does: its calls that act, or all calls if none does.
fn does(session: &Session, acting: &BTreeSet<usize>) -> BTreeSet<usize> {
    let all: BTreeSet<usize> = session.calls.iter().map(|call| call.endpoint).collect();
    let acts: BTreeSet<usize> = all.intersection(acting).copied().collect();
    if acts.is_empty() { all } else { acts }
}

#[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
fn alike(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> bool {
    let shared = a.intersection(b).count() as f64;
    shared >= a.union(b).count() as f64 * SHARED
}

/// Aligns the sessions of a flow: every endpoint once, in the order that most of them have.
fn run(inventory: &Inventory, flow: Flow, acting: &BTreeSet<usize>) -> Run {
    let needed = needed(inventory, &flow.steps, acting);
    let steps = in_order(&flow.orders)
        .into_iter()
        .map(|endpoint| {
            let (runs, calls) = flow.counts[&endpoint];
            RunStep {
                endpoint,
                runs,
                calls,
                needed: runs == flow.sessions.len() && needed.contains(&endpoint),
            }
        })
        .collect();
    Run {
        end: end(inventory, &flow.steps),
        sessions: flow.sessions,
        steps,
    }
}

/// What acts, and all that gives values to it, step by step back.
fn needed(
    inventory: &Inventory,
    all: &BTreeSet<usize>,
    acting: &BTreeSet<usize>,
) -> BTreeSet<usize> {
    let mut needed: BTreeSet<usize> = all.intersection(acting).copied().collect();
    if needed.is_empty() {
        return all.clone();
    }
    proposal::add_givers(inventory, &mut needed);
    needed
}

/// The last state that a poll waited for, else the last one that was seen to change.
fn end(inventory: &Inventory, all: &BTreeSet<usize>) -> Option<(usize, String, Vec<String>)> {
    let polled = all.iter().filter_map(|at| {
        let observed = &inventory.endpoints[*at].observed;
        let poll = observed.poll.as_ref()?;
        poll.change.as_ref()?;
        Some((observed.moments.last, *at, poll))
    });
    let (_, at, poll) = polled.max()?;
    let (field, ..) = poll.change.clone()?;
    let values = poll.last_values().into_iter();
    let values = values.map(|(value, _)| value.to_owned()).collect();
    Some((at, field, values))
}
