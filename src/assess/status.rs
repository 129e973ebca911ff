//! How far an endpoint is implemented: what the manifest claims against what was observed.

use std::collections::BTreeSet;

use crate::config::{Config, GroupConfig, Status};
use crate::inventory::{Endpoint, Inventory};
use crate::locale::Arg;
use crate::manifest::{Claim, Manifest};
use crate::rules::Grouped;
use crate::value::{Kind, is_listable};

use super::Reason;

/// A status with its reasons and the claim behind it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) claim: Option<usize>,
    pub(super) status: Status,
    pub(super) reasons: Vec<Reason>,
}

/// The status of each endpoint, in the inventory's order.
pub(super) fn statuses(
    inventory: &Inventory,
    config: &Config,
    manifest: &Manifest,
    grouped: &[Grouped],
) -> Vec<Judged> {
    inventory
        .endpoints
        .iter()
        .zip(grouped)
        .map(|(endpoint, grouped)| {
            let group = config.groups.iter().find(|g| g.name == grouped.group);
            judge(endpoint, group, manifest)
        })
        .collect()
}

fn judge(endpoint: &Endpoint, group: Option<&GroupConfig>, manifest: &Manifest) -> Judged {
    let position = manifest
        .claims
        .iter()
        .position(|claim| is_about(claim, endpoint));
    let (status, reasons) = match position.and_then(|at| manifest.claims.get(at)) {
        Some(claim) => weigh(claim, endpoint),
        None => unlisted(group, manifest),
    };
    Judged {
        claim: position,
        status,
        reasons,
    }
}

/// Whether a claim is about an endpoint.
pub(super) fn is_about(claim: &Claim, endpoint: &Endpoint) -> bool {
    let host = |claimed: &String| *claimed == endpoint.host;
    let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
    claim.method == endpoint.method
        && claim.host.as_ref().is_none_or(host)
        && (claim.operation.is_none() || claim.operation.as_deref() == operation)
        && claim.route.shape() == endpoint.route.shape()
}

/// The position of the first `[[route]]` that is about an endpoint.
pub(super) fn route_of(endpoint: &Endpoint, config: &Config) -> Option<usize> {
    config.routes.iter().position(|route| {
        let pin = &route.pin;
        (pin.methods.is_empty() || pin.methods.contains(&endpoint.method))
            && pin.host.as_ref().is_none_or(|host| *host == endpoint.host)
            && pin.template.shape() == endpoint.route.shape()
    })
}

/// Claims that no observed endpoint is about.
pub(super) fn unobserved(inventory: &Inventory, manifest: &Manifest) -> Vec<usize> {
    (0..manifest.claims.len())
        .filter(|at| {
            let claim = &manifest.claims[*at];
            !inventory
                .endpoints
                .iter()
                .any(|endpoint| is_about(claim, endpoint))
        })
        .collect()
}

/// The status of what the manifest does not name.
fn unlisted(group: Option<&GroupConfig>, manifest: &Manifest) -> (Status, Vec<Reason>) {
    let unlisted = group.map_or(Status::Missing, |group| group.unlisted);
    let (status, reason) = if manifest.claims.is_empty() {
        (Status::Unknown, "reason.no-manifest")
    } else if unlisted == Status::Missing {
        (Status::Missing, "reason.not-in-manifest")
    } else {
        (unlisted, "reason.group-unlisted")
    };
    (status, vec![Reason::new(reason)])
}

/// What a claim comes to once held against what was observed.
fn weigh(claim: &Claim, endpoint: &Endpoint) -> (Status, Vec<Reason>) {
    match claim.status {
        Status::Implemented | Status::Partial => {
            let beyond = beyond(claim, endpoint);
            let mut reasons = Vec::new();
            if claim.status == Status::Partial {
                reasons.push(Reason::new("reason.says-partial"));
            }
            let status = if beyond.is_empty() {
                claim.status
            } else {
                Status::Partial
            };
            reasons.extend(beyond);
            if reasons.is_empty() {
                reasons.push(Reason::new("reason.says-implemented"));
            }
            (status, reasons)
        }
        Status::Excluded => (Status::Excluded, vec![Reason::new("reason.says-excluded")]),
        Status::Unknown => (Status::Unknown, vec![Reason::new("reason.says-unknown")]),
        Status::Missing | Status::Unobserved => {
            (Status::Missing, vec![Reason::new("reason.says-missing")])
        }
    }
}

/// Parameters and values that were observed and that the claim does not list.
fn beyond(claim: &Claim, endpoint: &Endpoint) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Some(listed) = &claim.params {
        let extra: Vec<String> = sent(endpoint)
            .into_iter()
            .filter(|name| !covers(listed, name))
            .collect();
        if !extra.is_empty() {
            reasons.push(Reason::new("reason.params-beyond").with("params", Arg::Codes(extra)));
        }
    }
    for (param, listed) in &claim.values {
        let extra: Vec<String> = constants(endpoint, param)
            .into_iter()
            .filter(|value| !listed.contains(value))
            .collect();
        if !extra.is_empty() {
            reasons.push(
                Reason::new("reason.values-beyond")
                    .with("param", Arg::Code(param.clone()))
                    .with("values", Arg::Codes(extra)),
            );
        }
    }
    reasons
}

/// Names of the parameters that were sent, by first appearance; containers are named by what they hold.
fn sent(endpoint: &Endpoint) -> Vec<String> {
    let mut params: Vec<_> = endpoint.observed.params.iter().collect();
    params.sort_by_key(|((place, _), known)| (*place, known.rank));
    let mut names: Vec<String> = Vec::new();
    for ((_, name), known) in params {
        let container = known
            .kinds
            .iter()
            .all(|kind| matches!(kind, Kind::Object | Kind::Array));
        if !container && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Whether a list names a parameter, itself or an object or list that holds it.
fn covers(listed: &[String], name: &str) -> bool {
    listed.iter().any(|known| {
        name.strip_prefix(known.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// The constants that were sent as a parameter, wherever.
pub(super) fn constants(endpoint: &Endpoint, param: &str) -> BTreeSet<String> {
    endpoint
        .observed
        .params
        .iter()
        .filter(|((_, name), known)| name == param && is_listable(name, &known.values.counts))
        .flat_map(|(_, known)| known.values.counts.keys().cloned())
        .collect()
}
