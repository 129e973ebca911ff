//! What some of an inventory's captures show of it.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{add_path_kinds, capture_summaries, changes, links, sessions};
use super::evidence::{CallKey, Evidence};
use super::observed::Observed;
use super::{Endpoint, Inventory};

impl Inventory {
    /// The part of this inventory that `evidence` shows, which must have gone into it: the same routes,
    /// ids and hosts, and of the endpoints those that were seen, with what was observed of them there.
    pub fn side(&self, evidence: &Evidence) -> Inventory {
        let mut sums: BTreeMap<usize, (Observed, Vec<&CallKey>)> = BTreeMap::new();
        for (key, call) in &evidence.calls {
            if let Some(at) = self.calls.get(key) {
                let (sum, keys) = sums.entry(*at).or_default();
                sum.merge(&call.observed);
                keys.push(key);
            }
        }
        let mut endpoints = Vec::with_capacity(sums.len());
        let mut of_call: BTreeMap<&CallKey, usize> = BTreeMap::new();
        for (at, (mut observed, keys)) in sums {
            let known = &self.endpoints[at];
            observed.judge_as(&known.observed);
            let mut kinds = vec![BTreeSet::new(); known.path_kinds.len()];
            for key in keys {
                add_path_kinds(&mut kinds, &known.route, key);
                of_call.insert(key, endpoints.len());
            }
            endpoints.push(Endpoint {
                observed,
                path_kinds: kinds,
                captures: Vec::new(),
                ..known.clone()
            });
        }
        let counts = |host: &str| {
            self.hosts
                .iter()
                .any(|known| known.host == host && known.skip.is_none())
        };
        Inventory {
            captures: capture_summaries(evidence, counts),
            skipped: evidence.skipped.clone(),
            hosts: self.hosts.clone(),
            routes: self.routes.clone(),
            links: links(evidence, &of_call, &endpoints),
            changes: changes(evidence, &of_call),
            sessions: sessions(evidence, &of_call),
            traced: evidence.traces.len(),
            calls: of_call
                .into_iter()
                .map(|(key, at)| (key.clone(), at))
                .collect(),
            endpoints,
        }
    }
}
