//! From the written form to the valid manifest.

use std::collections::BTreeMap;

use toml::Spanned;

use super::raw::{RawClaim, RawManifest};
use super::{Claim, Manifest};
use crate::config::check::Checks;
use crate::config::forms::OneOrMany;
use crate::config::{Location, Prose, Status};
use crate::route::{ParamStyle, Part};

/// Makes the manifest of a file; problems go to `checks`.
pub(super) fn validate(raw: RawManifest, checks: &mut Checks<'_>) -> Manifest {
    let mut claims = Vec::new();
    let mut listed = Listed::default();
    for written in raw.endpoint {
        let route = written.get_ref().route.span();
        let Some(claim) = claim(written, checks) else {
            continue;
        };
        match listed.again(&claim) {
            Some(message) => checks.error(&route, message, "merge the two"),
            None => claims.push(claim),
        }
    }
    Manifest {
        claims,
        ..Manifest::default()
    }
}

/// Which endpoints are listed, and where.
#[derive(Default)]
pub(super) struct Listed(BTreeMap<Key, Location>);

/// What tells endpoints apart: method, host, operation and the route's shape.
type Key = (String, Option<String>, Option<String>, Vec<Part>);

impl Listed {
    /// Adds a claim; a message if its endpoint is listed already.
    pub(super) fn again(&mut self, claim: &Claim) -> Option<String> {
        let key = (
            claim.method.clone(),
            claim.host.clone(),
            claim.operation.clone(),
            claim.route.shape(),
        );
        let Some(first) = self.0.get(&key) else {
            self.0.insert(key, claim.location.clone());
            return None;
        };
        let route = claim.route.display(ParamStyle::Angle);
        let operation = claim.operation.as_ref();
        let suffix = operation
            .map(|name| format!(" [{name}]"))
            .unwrap_or_default();
        let method = &claim.method;
        Some(format!(
            "`{method} {route}{suffix}` is already listed at {first}"
        ))
    }
}

fn claim(written: Spanned<RawClaim>, checks: &mut Checks<'_>) -> Option<Claim> {
    let span = written.span();
    let raw = written.into_inner();
    let method = checks.method(&raw.method);
    let route = checks.template(&raw.route);
    let is_star = |part: &Part| matches!(part, Part::Literal(text) if text == "*" || text == "**");
    if route
        .as_ref()
        .is_some_and(|route| route.parts.iter().any(is_star))
    {
        checks.warn(
            &raw.route.span(),
            "a `*` in a route of a manifest stands for itself",
            "write `<name>` for a segment that varies, and an entry for each endpoint",
        );
    }
    let host = raw.host.as_ref().map(|host| checks.host(host));
    let date = raw.date.as_ref().map(|date| checks.day(date));
    let until = raw.until.as_ref().map(|until| checks.day(until));
    let status = raw.status.unwrap_or_default().into();
    if let (Some(until), true) = (&raw.until, status != Status::Excluded) {
        checks.warn(
            &until.span(),
            "only an exclusion ends, and the endpoint is not excluded",
            "leave `until` out, or write `status = \"excluded\"`",
        );
    }
    if status == Status::Excluded && raw.reason.as_ref().is_none_or(Prose::is_empty) {
        checks.warn(
            &span,
            "the endpoint is excluded without a reason",
            "say in `reason` why, and when and where that was decided in `date` and `reference`",
        );
    }
    Some(Claim {
        method: method?,
        host: host.flatten(),
        route: route?,
        operation: raw.operation,
        status,
        params: raw.params.map(OneOrMany::into_strings),
        values: raw
            .values
            .into_iter()
            .map(|(name, values)| (name, values.into_iter().map(|value| value.0).collect()))
            .collect(),
        title: raw.title,
        source: raw.source.into_strings(),
        note: raw.note,
        reason: raw.reason,
        date: date.flatten(),
        until: until.flatten(),
        reference: raw.reference,
        priority: raw.priority,
        location: checks.place(&span),
        described: None,
        description: None,
    })
}
