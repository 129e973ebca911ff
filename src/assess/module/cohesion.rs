//! What holds proposed modules together: ids that they share, and calls that follow each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Inventory;
use crate::locale::Arg;

use super::super::Reason;
use super::super::points::changes_state;

/// Ids that are named.
const MAX_IDS: usize = 3;
/// A value that flows from one module into another holds them together as much as this many calls that
/// follow each other.
const LINK: usize = 3;

/// A module before it is judged: its nouns and its endpoints.
type Draft = (Vec<String>, Vec<usize>);

/// Puts each endpoint that is alone and only reads to the module that its values come from or go to, if there is one.
pub(super) fn joined(inventory: &Inventory, modules: &[Draft]) -> Vec<Draft> {
    let mut owners = vec![0; inventory.endpoints.len()];
    for (module, (_, endpoints)) in modules.iter().enumerate() {
        for at in endpoints {
            owners[*at] = module;
        }
    }
    let bonds = bonds(inventory, &owners);
    let mut joined: Vec<Draft> = modules.to_vec();
    for (module, (_, endpoints)) in modules.iter().enumerate() {
        let [alone] = endpoints[..] else { continue };
        if changes_state(&inventory.endpoints[alone]) {
            continue;
        }
        let others = bonds.range((module, 0)..(module + 1, 0));
        let best = others
            .filter(|((_, other), bond)| bond.flows && modules[*other].1.len() > 1)
            .max_by_key(|((_, other), bond)| (bond.strength, std::cmp::Reverse(*other)));
        if let Some(((_, other), _)) = best {
            let moved = std::mem::take(&mut joined[module].1);
            joined[*other].1.extend(moved);
        }
    }
    joined.retain(|(_, endpoints)| !endpoints.is_empty());
    for (_, endpoints) in &mut joined {
        endpoints.sort_unstable();
    }
    joined
}

/// How much two modules have to do with each other.
#[derive(Default)]
struct Bond {
    flows: bool,
    strength: usize,
}

fn bonds(inventory: &Inventory, owners: &[usize]) -> BTreeMap<(usize, usize), Bond> {
    let mut bonds: BTreeMap<(usize, usize), Bond> = BTreeMap::new();
    let mut add = |a: usize, b: usize, flows: bool, strength: usize| {
        let (a, b) = (owners[a], owners[b]);
        for pair in [(a, b), (b, a)].into_iter().filter(|_| a != b) {
            let bond = bonds.entry(pair).or_default();
            bond.flows |= flows;
            bond.strength += strength;
        }
    };
    for link in inventory.links.iter().filter(|link| !link.is_credential()) {
        add(link.from, link.to, true, LINK);
    }
    for session in &inventory.sessions {
        for pair in session.calls.windows(2) {
            add(pair[0].endpoint, pair[1].endpoint, false, 1);
        }
    }
    bonds
}

/// The ids that at least two endpoints of a module send or answer, those that most do first.
pub(super) fn shared_ids(inventory: &Inventory, endpoints: &[usize]) -> Option<Reason> {
    let within: BTreeSet<usize> = endpoints.iter().copied().collect();
    let mut users: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for link in inventory.links.iter().filter(|link| !link.is_credential()) {
        if within.contains(&link.to) {
            let users = users.entry(&link.param).or_default();
            users.insert(link.to);
            users.extend(within.get(&link.from));
        }
    }
    let mut shared: Vec<(usize, &str)> = users
        .into_iter()
        .filter(|(_, users)| users.len() > 1)
        .map(|(param, users)| (users.len(), param))
        .collect();
    shared.sort_by_key(|(users, param)| (std::cmp::Reverse(*users), *param));
    let ids: Vec<String> = shared
        .into_iter()
        .take(MAX_IDS)
        .map(|(_, param)| param.to_owned())
        .collect();
    (!ids.is_empty()).then(|| Reason::new("proposed.shares").with("ids", Arg::Codes(ids)))
}
