//! Groups proposed where no rule table says them.

use std::collections::BTreeMap;

use crate::config::OTHER;
use crate::inventory::Inventory;

use super::SharedPath;

/// Above this many groups, those with one endpoint become one.
const MAX_GROUPS: usize = 12;

/// The group of each endpoint: the first noun behind what all routes share.
pub(super) fn groups(inventory: &Inventory) -> Vec<String> {
    let shared = SharedPath::of(inventory);
    let mut groups: Vec<String> = inventory
        .endpoints
        .iter()
        .map(|endpoint| {
            shared
                .nouns(&endpoint.route)
                .into_iter()
                .next()
                .map_or_else(|| OTHER.to_owned(), |noun| noun.to_lowercase())
        })
        .collect();
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for group in &groups {
        *sizes.entry(group.clone()).or_default() += 1;
    }
    if sizes.len() > MAX_GROUPS {
        for group in &mut groups {
            if sizes.get(group).copied() == Some(1) {
                OTHER.clone_into(group);
            }
        }
    }
    groups
}
