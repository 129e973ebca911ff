//! What the captures propose where the config says nothing: the main story of the calls, and the flows
//! that it is made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Endpoint, Inventory};
use crate::rules::SharedPath;

use super::points::{Rules, changes_state};
use super::story::Run;

/// A proposed flow has at most this many steps.
const MAX_STEPS: usize = 12;

/// The endpoints that make the main story, by when they were first called: those that change
/// state or are polled, and those whose answers they need. Without any of the first, all whose
/// answers are sent on or that send them.
pub(super) fn story(inventory: &Inventory) -> Vec<usize> {
    let mut chosen: BTreeSet<usize> = (0..inventory.endpoints.len())
        .filter(|at| acts(&inventory.endpoints[*at]))
        .collect();
    if chosen.is_empty() {
        chosen.extend(inventory.links.iter().flat_map(|link| [link.from, link.to]));
    } else {
        add_givers(inventory, &mut chosen);
    }
    let mut steps: Vec<usize> = chosen.into_iter().collect();
    if steps.len() > MAX_STEPS {
        steps.sort_by_key(|at| std::cmp::Reverse(weight(inventory, *at)));
        steps.truncate(MAX_STEPS);
    }
    steps.sort_by_key(|at| (inventory.endpoints[*at].observed.moments.first, *at));
    steps
}

/// Flows that are proposed; of more, those of the runs that do most.
const MAX_FLOWS: usize = 8;

/// The flows that are worth a name, each as its steps in order: of each run what acts and what that
/// needs, as far as one passes values on to the other. Who makes the calls joins nothing.
pub(super) fn flows(inventory: &Inventory, runs: &[Run], shared: &SharedPath) -> Vec<Vec<usize>> {
    let mut flows: Vec<Vec<usize>> = Vec::new();
    for run in runs {
        let all: BTreeSet<usize> = run.steps.iter().map(|step| step.endpoint).collect();
        let acting = all.iter().copied();
        let acting: BTreeSet<usize> = acting
            .filter(|at| acts(&inventory.endpoints[*at]))
            .collect();
        let mut by_piece: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (at, piece) in pieces(inventory, &acting, shared) {
            by_piece.entry(piece).or_default().insert(at);
        }
        let of_piece = |mut chosen: BTreeSet<usize>| -> Vec<usize> {
            add_readers(inventory, &mut chosen, &acting);
            // Who logs in does so first in each.
            let links = inventory.links.iter().filter(|link| link.is_credential());
            let logins = links.filter(|link| chosen.contains(&link.to));
            let logins: Vec<usize> = logins.map(|link| link.from).collect();
            if chosen.len() > 1 {
                chosen.extend(logins);
            }
            let steps = run.steps.iter().map(|step| step.endpoint);
            steps.filter(|at| chosen.contains(at)).collect()
        };
        let mut of_run: Vec<Vec<usize>> = by_piece.into_values().map(of_piece).collect();
        of_run.retain(|steps| steps.len() > 1);
        for steps in &mut of_run {
            shorten(inventory, steps);
        }
        of_run.sort_by_key(|steps| std::cmp::Reverse(steps.len()));
        for steps in of_run {
            let within = |known: &Vec<usize>| steps.iter().all(|step| known.contains(step));
            if !flows.iter().any(within) {
                flows.push(steps);
            }
        }
    }
    flows.truncate(MAX_FLOWS);
    flows
}

/// For each of the endpoints that act the piece that it belongs to, which is the first endpoint of it: what
/// one makes the other works on, or both are about the same of what their routes name first.
fn pieces(
    inventory: &Inventory,
    acting: &BTreeSet<usize>,
    shared: &SharedPath,
) -> BTreeMap<usize, usize> {
    let mut parent: BTreeMap<usize, usize> = acting.iter().map(|at| (*at, *at)).collect();
    let root = |parent: &BTreeMap<usize, usize>, mut at: usize| loop {
        match parent.get(&at) {
            Some(above) if *above != at => at = *above,
            known => return known.copied(),
        }
    };
    let mut join = |a: usize, b: usize| {
        if let (Some(a), Some(b)) = (root(&parent, a), root(&parent, b)) {
            parent.insert(a.max(b), a.min(b));
        }
    };
    let links = inventory.links.iter().filter(|link| !link.is_credential());
    let mut users: BTreeMap<(usize, &str, String), usize> = BTreeMap::new();
    for link in links.filter(|link| acting.contains(&link.to)) {
        join(link.from, link.to);
        let mut nouns = shared
            .nouns(&inventory.endpoints[link.to].route)
            .into_iter();
        let of = (
            link.from,
            link.field.as_str(),
            nouns.next().unwrap_or_default(),
        );
        join(*users.entry(of).or_insert(link.to), link.to);
    }
    let piece = |at: &usize| Some((*at, root(&parent, *at)?));
    acting.iter().filter_map(piece).collect()
}

/// Adds what gives values to the chosen ones and only reads, until nothing is added.
fn add_readers(inventory: &Inventory, chosen: &mut BTreeSet<usize>, acting: &BTreeSet<usize>) {
    loop {
        let links = inventory.links.iter().filter(|link| !link.is_credential());
        let givers: Vec<usize> = links
            .filter(|link| chosen.contains(&link.to) && !chosen.contains(&link.from))
            .map(|link| link.from)
            .filter(|from| !acting.contains(from))
            .collect();
        if givers.is_empty() {
            return;
        }
        chosen.extend(givers);
    }
}

/// Keeps of too many steps those that weigh most, in their order.
fn shorten(inventory: &Inventory, steps: &mut Vec<usize>) {
    if steps.len() > MAX_STEPS {
        let mut by_weight = steps.clone();
        by_weight.sort_by_key(|at| std::cmp::Reverse(weight(inventory, *at)));
        by_weight.truncate(MAX_STEPS);
        steps.retain(|at| by_weight.contains(at));
    }
}

/// What a flow is for: the last of its steps that settles something, else that changes state, else the
/// last one.
pub fn end(inventory: &Inventory, steps: &[usize]) -> Option<usize> {
    let rules = Rules::built_in();
    let last = |wanted: &dyn Fn(&Endpoint) -> bool| {
        let mut steps = steps.iter().rev();
        steps.find(|at| wanted(&inventory.endpoints[**at])).copied()
    };
    last(&|endpoint| rules.settles(endpoint))
        .or_else(|| last(&|endpoint| changes_state(endpoint)))
        .or_else(|| steps.last().copied())
}

/// Whether an endpoint does something: it changes state, or is waited for.
pub(super) fn acts(endpoint: &Endpoint) -> bool {
    changes_state(endpoint) || endpoint.observed.poll.is_some()
}

/// Adds what gives values to the chosen ones, until nothing is added.
pub(super) fn add_givers(inventory: &Inventory, chosen: &mut BTreeSet<usize>) {
    loop {
        let givers: Vec<usize> = inventory
            .links
            .iter()
            .filter(|link| chosen.contains(&link.to) && !chosen.contains(&link.from))
            .map(|link| link.from)
            .collect();
        if givers.is_empty() {
            return;
        }
        chosen.extend(givers);
    }
}

fn weight(inventory: &Inventory, at: usize) -> (bool, usize, usize) {
    let endpoint = &inventory.endpoints[at];
    let links = inventory
        .links
        .iter()
        .filter(|link| link.from == at || link.to == at)
        .count();
    (changes_state(endpoint), links, endpoint.observed.requests)
}
