//! How far an endpoint is implemented: what the manifest claims against what was observed.

use crate::config::{Config, GroupConfig, Status};
use crate::inventory::{Endpoint, Inventory};
use crate::locale::Arg;
use crate::manifest::{Claim, Manifest};
use crate::rules::Grouped;

use super::Reason;
use super::beyond::Beyond;
use super::claims::Claims;
use super::mismatch::{Mismatch, mismatches};

/// A status with its reasons and the claim behind it.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) claim: Option<usize>,
    pub(super) status: Status,
    pub(super) reasons: Vec<Reason>,
    /// What was sent that the claim does not list.
    pub(super) beyond: Vec<String>,
    /// The operation of the descriptions that is about it, whatever claim holds.
    pub(super) described: Option<usize>,
    /// How it differs from its description.
    pub(super) mismatches: Vec<Mismatch>,
}

/// The status of each endpoint, in the inventory's order.
pub(super) fn statuses(
    inventory: &Inventory,
    config: &Config,
    manifest: &Manifest,
    claims: &Claims<'_>,
    operations: &Claims<'_>,
    grouped: &[Grouped],
) -> Vec<Judged> {
    inventory
        .endpoints
        .iter()
        .zip(grouped)
        .map(|(endpoint, grouped)| {
            let group = config.groups.iter().find(|g| g.name == grouped.group);
            judge(endpoint, group, manifest, claims.of(endpoint), operations)
        })
        .collect()
}

fn judge(
    endpoint: &Endpoint,
    group: Option<&GroupConfig>,
    manifest: &Manifest,
    position: Option<usize>,
    operations: &Claims<'_>,
) -> Judged {
    let described = operations.of(endpoint);
    let operation = described.and_then(|at| operations.at(at)?.described.as_deref());
    let mismatches = operation.map_or_else(Vec::new, |operation| mismatches(operation, endpoint));
    let claim = position.and_then(|at| manifest.claims.get(at));
    let beyond = claim
        .filter(|claim| matches!(claim.status, Status::Implemented | Status::Partial))
        .map_or_else(Beyond::default, |claim| Beyond::of(claim, endpoint));
    // What a manifest says of the endpoint holds, however it is described.
    let by_description = claim.is_some_and(|claim| claim.described.is_some());
    let counted = if by_description {
        mismatches.as_slice()
    } else {
        &[]
    };
    let (status, reasons) = match claim {
        Some(claim) => weigh(claim, &beyond, counted),
        None => unlisted(group, manifest),
    };
    Judged {
        claim: position,
        status,
        reasons,
        beyond: subjects(&beyond, counted),
        described,
        mismatches,
    }
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

/// What was observed beyond the claim, by name.
fn subjects(beyond: &Beyond, mismatches: &[Mismatch]) -> Vec<String> {
    let mut subjects = beyond.subjects();
    subjects.extend(
        mismatches
            .iter()
            .flat_map(|mismatch| mismatch.subjects.clone()),
    );
    subjects
}

/// The status of what the manifest does not name.
fn unlisted(group: Option<&GroupConfig>, manifest: &Manifest) -> (Status, Vec<Reason>) {
    let unlisted = group.map_or(Status::Missing, |group| group.unlisted);
    let (status, reason) = if manifest.claims.is_empty() {
        (Status::Unknown, "reason.no-manifest")
    } else if unlisted == Status::Missing && manifest.is_description() {
        (Status::Missing, "reason.not-described")
    } else if unlisted == Status::Missing {
        (Status::Missing, "reason.not-in-manifest")
    } else {
        let said = if manifest.is_description() {
            "reason.group-undescribed"
        } else {
            "reason.group-unlisted"
        };
        (unlisted, said)
    };
    (status, vec![Reason::new(reason)])
}

/// What a claim comes to once held against what was observed.
fn weigh(claim: &Claim, beyond: &Beyond, mismatches: &[Mismatch]) -> (Status, Vec<Reason>) {
    let says = |by_hand, described| {
        if claim.described.is_some() {
            Reason::new(described).with("place", Arg::Code(claim.location.short()))
        } else {
            Reason::new(by_hand)
        }
    };
    match claim.status {
        Status::Implemented | Status::Partial => {
            let mut reasons = Vec::new();
            if claim.status == Status::Partial {
                reasons.push(says("reason.says-partial", "reason.described-partial"));
            }
            let status = if beyond.is_empty() && mismatches.is_empty() {
                claim.status
            } else {
                Status::Partial
            };
            reasons.extend(beyond.reasons());
            reasons.extend(mismatches.iter().map(|mismatch| mismatch.reason.clone()));
            if reasons.is_empty() {
                reasons.push(says("reason.says-implemented", "reason.described"));
            }
            (status, reasons)
        }
        Status::Excluded => (Status::Excluded, vec![Reason::new("reason.says-excluded")]),
        Status::Unknown => (
            Status::Unknown,
            vec![says("reason.says-unknown", "reason.described-unknown")],
        ),
        Status::Missing | Status::Unobserved => (
            Status::Missing,
            vec![says("reason.says-missing", "reason.described-missing")],
        ),
    }
}
