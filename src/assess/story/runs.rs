//! Runs: the sessions of the captures, aligned into the flows that they have in common.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Inventory, Session};

use super::super::points::Rules;
use super::super::proposal;

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
    /// The state that was reached last: the endpoint that showed it, its field and value.
    pub end: Option<(usize, String, String)>,
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
    let mut runs: Vec<Run> = flows
        .into_iter()
        .map(|sessions| run(inventory, sessions, &acting))
        .collect();
    runs.sort_by_key(|run| {
        let acts = run
            .steps
            .iter()
            .filter(|step| acting.contains(&step.endpoint));
        (
            Reverse(acts.count()),
            Reverse(run.sessions.len()),
            Reverse(run.steps.len()),
        )
    });
    runs.truncate(MAX_FLOWS);
    runs
}

/// The endpoints that change state or are polled.
fn acting(inventory: &Inventory) -> BTreeSet<usize> {
    let rules = Rules::built_in();
    (0..inventory.endpoints.len())
        .filter(|at| proposal::acts(&inventory.endpoints[*at], rules))
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

/// Aligns sessions: every endpoint once, where most sessions have it first.
fn run(inventory: &Inventory, sessions: Vec<usize>, acting: &BTreeSet<usize>) -> Run {
    let firsts: Vec<BTreeMap<usize, (usize, usize)>> = sessions
        .iter()
        .map(|at| first_calls(&inventory.sessions[*at]))
        .collect();
    let all: BTreeSet<usize> = firsts
        .iter()
        .flat_map(|first| first.keys().copied())
        .collect();
    let order = aligned(&all, &firsts);
    let needed = needed(inventory, &all, acting);
    let steps = order
        .into_iter()
        .map(|endpoint| {
            let having: Vec<&(usize, usize)> = firsts
                .iter()
                .filter_map(|first| first.get(&endpoint))
                .collect();
            RunStep {
                endpoint,
                runs: having.len(),
                calls: having.iter().map(|(_, calls)| *calls).max().unwrap_or(0),
                needed: having.len() == sessions.len() && needed.contains(&endpoint),
            }
        })
        .collect();
    Run {
        end: end(inventory, &all),
        sessions,
        steps,
    }
}

/// For each endpoint of a session the position of its first call, and how many there are.
fn first_calls(session: &Session) -> BTreeMap<usize, (usize, usize)> {
    let mut first: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (position, call) in session.calls.iter().enumerate() {
        first.entry(call.endpoint).or_insert((position, 0)).1 += call.times;
    }
    first
}

/// The endpoints by their mean place in the sessions; then neighbours are swapped where more
/// sessions have them the other way round.
fn aligned(all: &BTreeSet<usize>, firsts: &[BTreeMap<usize, (usize, usize)>]) -> Vec<usize> {
    #[expect(clippy::cast_precision_loss, reason = "places need no more precision")]
    let mean = |endpoint: usize| {
        let places: Vec<f64> = firsts
            .iter()
            .filter_map(|first| {
                let (position, _) = first.get(&endpoint)?;
                Some(*position as f64 / first.len().max(1) as f64)
            })
            .collect();
        places.iter().sum::<f64>() / places.len().max(1) as f64
    };
    let mut order: Vec<(f64, usize)> = all.iter().map(|at| (mean(*at), *at)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut order: Vec<usize> = order.into_iter().map(|(_, at)| at).collect();
    let earlier = |a: usize, b: usize| {
        let both = firsts
            .iter()
            .filter_map(|first| Some((first.get(&a)?.0, first.get(&b)?.0)));
        let (mut before, mut behind) = (0_usize, 0_usize);
        for (a, b) in both {
            if a < b {
                before += 1;
            } else {
                behind += 1;
            }
        }
        before > behind
    };
    for _ in 0..order.len() {
        let mut moved = false;
        for at in 1..order.len() {
            if earlier(order[at], order[at - 1]) {
                order.swap(at, at - 1);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    order
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
fn end(inventory: &Inventory, all: &BTreeSet<usize>) -> Option<(usize, String, String)> {
    let polled = all.iter().filter_map(|at| {
        let observed = &inventory.endpoints[*at].observed;
        let (field, _, to) = observed.poll.as_ref()?.change.clone()?;
        Some((observed.moments.last, *at, field, to))
    });
    let (_, at, field, value) = polled.max()?;
    Some((at, field, value))
}
