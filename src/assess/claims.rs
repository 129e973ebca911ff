//! Which claims of manifest and descriptions are about which endpoints, found by route rather than by comparing
//! each with each.

use std::collections::BTreeMap;

use crate::inventory::{Endpoint, Inventory};
use crate::manifest::Claim;
use crate::route::Part;

/// Claims by the shapes of their routes.
pub(super) struct Claims<'a> {
    claims: Vec<&'a Claim>,
    by_route: BTreeMap<Vec<Part>, Vec<usize>>,
}

impl<'a> Claims<'a> {
    /// Claims that are named by their positions in the order given here.
    pub(super) fn new(claims: impl Iterator<Item = &'a Claim>) -> Self {
        let claims: Vec<&Claim> = claims.collect();
        let mut by_route: BTreeMap<Vec<Part>, Vec<usize>> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            by_route.entry(claim.route.shape()).or_default().push(at);
        }
        Claims { claims, by_route }
    }

    /// The claim at a position.
    pub(super) fn at(&self, position: usize) -> Option<&'a Claim> {
        self.claims.get(position).copied()
    }

    /// The claims about an endpoint, in the order of the manifest.
    fn about(&self, endpoint: &Endpoint) -> impl Iterator<Item = usize> {
        let same_route = self.by_route.get(&endpoint.route.shape());
        let same_route = same_route.into_iter().flatten().copied();
        same_route.filter(move |at| is_about(self.claims[*at], endpoint))
    }

    /// The claim that holds for an endpoint: one for its operation goes before one for the whole route.
    pub(super) fn of(&self, endpoint: &Endpoint) -> Option<usize> {
        let mut about = self.about(endpoint);
        let names = |at: &usize| self.claims[*at].operation.is_some();
        about.find(names).or_else(|| self.about(endpoint).next())
    }

    /// The claims that no observed endpoint is about.
    pub(super) fn unobserved(&self, inventory: &Inventory) -> Vec<usize> {
        let mut observed = vec![false; self.claims.len()];
        for endpoint in &inventory.endpoints {
            for at in self.about(endpoint) {
                observed[at] = true;
            }
        }
        (0..observed.len()).filter(|at| !observed[*at]).collect()
    }
}

/// Whether a claim for the endpoint's route is about the endpoint.
fn is_about(claim: &Claim, endpoint: &Endpoint) -> bool {
    let host = |claimed: &String| *claimed == endpoint.host;
    // An empty name stands for the requests that name no operation.
    let operation = endpoint.operation.as_ref().map_or("", |o| o.name.as_str());
    let named = |claimed: &String| claimed == operation;
    claim.method == endpoint.method
        && claim.host.as_ref().is_none_or(host)
        && claim.operation.as_ref().is_none_or(named)
}
