//! Discriminators: the values of a parameter listed one by one.

use std::collections::BTreeMap;

use crate::config::{RouteConfig, Status};
use crate::inventory::Endpoint;
use crate::manifest::Claim;
use crate::value::ConstantRules;

/// The values of a discriminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The parameter.
    pub param: String,
    /// Its values, by name.
    pub values: Vec<SplitValue>,
}

/// One value of a discriminator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitValue {
    /// The value.
    pub value: String,
    /// Requests with it.
    pub requests: usize,
    /// Whether the implementation sends it.
    pub status: Status,
}

/// The values of each parameter that the config splits an endpoint by.
pub(super) fn splits(
    endpoint: &Endpoint,
    route: Option<&RouteConfig>,
    claim: Option<&Claim>,
    status: Status,
) -> Vec<Split> {
    let Some(route) = route else {
        return Vec::new();
    };
    route
        .split_by
        .iter()
        .filter_map(|param| {
            let counts = counts(endpoint, param);
            let listed = claim.and_then(|claim| claim.values.get(param));
            let values: Vec<SplitValue> = counts
                .into_iter()
                .map(|(value, requests)| SplitValue {
                    status: match listed {
                        Some(listed) if listed.contains(&value) => Status::Implemented,
                        Some(_) => Status::Missing,
                        None => status,
                    },
                    value,
                    requests,
                })
                .collect();
            (!values.is_empty()).then(|| Split {
                param: param.clone(),
                values,
            })
        })
        .collect()
}

/// The constants of a parameter with counts. Said by hand, a discriminator needs no other sign of
/// being one, but one with too many values is none.
fn counts(endpoint: &Endpoint, param: &str) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, name), known) in &endpoint.observed.params {
        if name == param {
            for (value, count) in &known.values.counts {
                *counts.entry(value.clone()).or_default() += count;
            }
        }
    }
    if counts.len() > ConstantRules::built_in().max_values() {
        counts.clear();
    }
    counts
}
