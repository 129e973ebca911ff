//! The calls that change states, as far as captures show.

use std::collections::BTreeMap;

use crate::inventory::Inventory;

use super::super::points::changes_state;

/// One change of a state: the endpoint that showed it, its field, the values before and after.
pub type StateChange = (usize, String, (String, String));

/// For each change the endpoints that may have made it: those that were called in between, else the
/// last one before that changes state.
pub(super) fn causes(inventory: &Inventory) -> BTreeMap<StateChange, Vec<usize>> {
    let mut calls: BTreeMap<StateChange, Vec<(usize, usize)>> = BTreeMap::new();
    for change in &inventory.changes {
        let key = (change.read, change.field.clone(), change.values.clone());
        calls.entry(key).or_default().push((change.back, change.by));
    }
    calls
        .into_iter()
        .filter_map(|(key, mut calls)| {
            calls.sort_unstable();
            let between: Vec<usize> = calls
                .iter()
                .filter(|(back, _)| *back == 0)
                .map(|(_, by)| *by)
                .collect();
            let acts = |at: &usize| changes_state(&inventory.endpoints[*at]);
            let acting: Vec<usize> = between.iter().copied().filter(acts).collect();
            let last = || {
                let mut before = calls.iter().filter(|(back, _)| *back > 0);
                before.find(|(_, by)| acts(by)).map(|(_, by)| *by)
            };
            let by = if acting.is_empty() {
                last().map_or(between, |by| vec![by])
            } else {
                acting
            };
            (!by.is_empty()).then_some((key, by))
        })
        .collect()
}
