//! What the captures propose where the config says nothing: the main story of the calls.

use std::collections::BTreeSet;

use crate::inventory::{Endpoint, Inventory};

use super::points::Rules;

/// A proposed flow has at most this many steps.
const MAX_STEPS: usize = 12;

/// The endpoints that make the main story, by when they were first called: those that change
/// state or are polled, and those whose answers they need. Without any of the first, all whose
/// answers are sent on or that send them.
pub(super) fn story(inventory: &Inventory) -> Vec<usize> {
    let rules = Rules::built_in();
    let mut chosen: BTreeSet<usize> = (0..inventory.endpoints.len())
        .filter(|at| acts(&inventory.endpoints[*at], rules))
        .collect();
    if chosen.is_empty() {
        chosen.extend(inventory.links.iter().flat_map(|link| [link.from, link.to]));
    } else {
        add_givers(inventory, &mut chosen);
    }
    let mut steps: Vec<usize> = chosen.into_iter().collect();
    if steps.len() > MAX_STEPS {
        steps.sort_by_key(|at| std::cmp::Reverse(weight(inventory, *at, rules)));
        steps.truncate(MAX_STEPS);
    }
    steps.sort_by_key(|at| (inventory.endpoints[*at].observed.moments.first, *at));
    steps
}

/// What a flow is for: the last of its steps that settles something, else that changes state, else the
/// last one.
pub(super) fn end(inventory: &Inventory, steps: &[usize]) -> Option<usize> {
    let rules = Rules::built_in();
    let last = |wanted: &dyn Fn(&Endpoint) -> bool| {
        let mut steps = steps.iter().rev();
        steps.find(|at| wanted(&inventory.endpoints[**at])).copied()
    };
    last(&|endpoint| rules.settles(endpoint))
        .or_else(|| last(&|endpoint| rules.changes_state(endpoint)))
        .or_else(|| steps.last().copied())
}

/// Whether an endpoint does something: it changes state, or is waited for.
pub(super) fn acts(endpoint: &Endpoint, rules: &Rules) -> bool {
    rules.changes_state(endpoint) || endpoint.observed.poll.is_some()
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

fn weight(inventory: &Inventory, at: usize, rules: &Rules) -> (bool, usize, usize) {
    let endpoint = &inventory.endpoints[at];
    let links = inventory
        .links
        .iter()
        .filter(|link| link.from == at || link.to == at)
        .count();
    (
        rules.changes_state(endpoint),
        links,
        endpoint.observed.requests,
    )
}
