//! What a scan found, as claims of a manifest.

use super::{EndpointScan, EvidenceKind, Scan, Target};
use std::path::Path;

use crate::config::{Location, Status};
use crate::manifest::{Claim, ClaimDraft, Manifest};

/// How many places a claim names.
pub const SHOWN: usize = 3;

impl EndpointScan {
    /// What the source by itself claims: a call that sends less than was seen is implemented as far
    /// as it goes, and what it sends is listed.
    pub fn claimed(&self) -> Option<Status> {
        match self.evidence.first()?.kind {
            EvidenceKind::Exact => Some(Status::Implemented),
            EvidenceKind::Path | EvidenceKind::Suffix => Some(Status::Unknown),
            EvidenceKind::Test | EvidenceKind::Comment => None,
        }
    }

    /// The best places, as `file:line`.
    pub fn places(&self) -> Vec<String> {
        let best = self.evidence.first().map(|row| row.kind);
        let rows = self.evidence.iter().filter(|row| Some(row.kind) == best);
        rows.take(SHOWN).map(super::Evidence::place).collect()
    }

    /// The entry of a manifest; none where nothing in the source speaks for the endpoint.
    pub fn draft(&self) -> Option<ClaimDraft> {
        let status = self.claimed()?;
        let target = &self.target;
        Some(ClaimDraft {
            method: target.method.clone(),
            route: target.route.clone(),
            host: None,
            operation: target.operation.clone(),
            status,
            title: None,
            params: self.params.clone().unwrap_or_default(),
            values: std::collections::BTreeMap::new(),
            source: self.places(),
            note: None,
            priority: None,
        })
    }
}

impl Scan {
    /// The entries of a manifest. Endpoints of several hosts that a manifest cannot tell apart by
    /// method and route name their host.
    pub fn drafts(&self) -> Vec<ClaimDraft> {
        let drafts = self.endpoints.iter().filter_map(|endpoint| {
            let target = &endpoint.target;
            let host = target.host.clone().filter(|_| self.is_at_several(target));
            Some(ClaimDraft {
                host,
                ..endpoint.draft()?
            })
        });
        drafts.collect()
    }

    /// Whether several hosts serve the route of a target with its method.
    pub fn is_at_several(&self, one: &Target) -> bool {
        self.endpoints.iter().any(|other| {
            other.target.host != one.host
                && other.target.method == one.method
                && other.target.route.shape() == one.route.shape()
        })
    }

    /// Adds to a manifest what it does not claim itself; `root` is the folder that names of files are
    /// relative to.
    pub fn complete(&self, manifest: &mut Manifest, root: &Path) {
        for draft in self.drafts() {
            let known = manifest.claims.iter().any(|claim| {
                claim.method == draft.method
                    && (claim.host.is_none() || draft.host.is_none() || claim.host == draft.host)
                    && claim.names() == draft.names()
                    && claim.route.shape() == draft.route.shape()
            });
            if known {
                continue;
            }
            manifest.claims.push(Claim {
                location: draft
                    .source
                    .first()
                    .map_or_else(|| Location::file("scan"), |place| located(place, root)),
                method: draft.method,
                host: draft.host,
                route: draft.route,
                operation: draft.operation,
                status: draft.status,
                params: Some(draft.params).filter(|params| !params.is_empty()),
                values: draft.values,
                title: None,
                source: draft.source,
                note: None,
                reason: None,
                date: None,
                until: None,
                reference: None,
                priority: None,
                described: None,
                description: None,
            });
        }
    }
}

/// A place from `file:line`.
fn located(place: &str, root: &Path) -> Location {
    let (file, line) = place.rsplit_once(':').unwrap_or((place, "1"));
    Location {
        file: root.join(file).display().to_string(),
        line: line.parse().unwrap_or(1),
        column: 1,
    }
}
