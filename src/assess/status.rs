//! How far an endpoint is implemented: what the manifest claims against what was observed.

use crate::config::{Config, GroupConfig, Status};
use crate::inventory::{Endpoint, Inventory};
use crate::manifest::{Claim, Manifest};
use crate::rules::Grouped;

use super::Reason;
use super::beyond::Beyond;

/// A status with its reasons and the claim behind it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) claim: Option<usize>,
    pub(super) status: Status,
    pub(super) reasons: Vec<Reason>,
    /// What was sent that the claim does not list.
    pub(super) beyond: Vec<String>,
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
    let claim = position.and_then(|at| manifest.claims.get(at));
    let beyond = claim
        .filter(|claim| matches!(claim.status, Status::Implemented | Status::Partial))
        .map_or_else(Beyond::default, |claim| Beyond::of(claim, endpoint));
    let (status, reasons) = match claim {
        Some(claim) => weigh(claim, &beyond),
        None => unlisted(group, manifest),
    };
    Judged {
        claim: position,
        status,
        reasons,
        beyond: beyond.subjects(),
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
fn weigh(claim: &Claim, beyond: &Beyond) -> (Status, Vec<Reason>) {
    match claim.status {
        Status::Implemented | Status::Partial => {
            let mut reasons = Vec::new();
            if claim.status == Status::Partial {
                reasons.push(Reason::new("reason.says-partial"));
            }
            let status = if beyond.is_empty() {
                claim.status
            } else {
                Status::Partial
            };
            reasons.extend(beyond.reasons());
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
