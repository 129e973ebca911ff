//! What is found of how calls follow each other: repetitions of each kind, and answers without use.

use std::collections::BTreeSet;

use crate::config::Status;
use crate::inventory::{Endpoint, Inventory};
use crate::locale::Arg;
use crate::scope::Payload;

use super::super::Reason;
use super::super::points::changes_state;
use super::super::story::{Page, Story, Variant};
use super::Finding;

/// So many different values make one call for each item of a list.
const MIN_FAN: usize = 3;
/// Endpoints that one finding lists.
const MAX_LISTED: usize = 12;

/// The findings, in any order.
pub(super) fn findings(inventory: &Inventory, story: &Story) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, endpoint) in inventory.endpoints.iter().enumerate() {
        let texts = [
            ("retry", retries(endpoint)),
            ("duplicate", duplicates(endpoint)),
        ];
        findings.extend(texts.into_iter().filter_map(|(kind, text)| {
            Some(Finding {
                kind,
                endpoint: Some(at),
                text: text?,
            })
        }));
    }
    findings.extend(story.variants.iter().filter_map(|v| variant(v, inventory)));
    findings.extend(story.pages.iter().map(|page| pagination(page, inventory)));
    findings.extend(fan_outs(inventory, story));
    findings.extend(unused(inventory));
    findings
}

fn retries(endpoint: &Endpoint) -> Option<Reason> {
    let repeats = endpoint.observed.repeats;
    (repeats.retries > 0).then(|| {
        Reason::new("found.retry")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("n", Arg::Count(repeats.retries))
            .with("recovered", Arg::Count(repeats.recovered))
    })
}

fn duplicates(endpoint: &Endpoint) -> Option<Reason> {
    let duplicates = endpoint.observed.repeats.duplicates;
    (duplicates > 0).then(|| {
        Reason::new("found.duplicate")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("n", Arg::Count(duplicates))
    })
}

/// A role that is not implemented although others of the endpoint are.
fn variant(variant: &Variant, inventory: &Inventory) -> Option<Finding> {
    if variant.lacking.is_empty() {
        return None;
    }
    let endpoint = Arg::Code(inventory.endpoints[variant.endpoint].id.clone());
    let own = if variant.own.is_empty() {
        variant
            .constants
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    } else {
        variant.own.clone()
    };
    let text = match variant.status {
        Status::Missing => Reason::new("found.variant"),
        Status::Partial => Reason::new("found.variant-partial")
            .with("lacking", Arg::Codes(variant.lacking.clone())),
        _ => return None,
    };
    Some(Finding {
        kind: "variant",
        endpoint: Some(variant.endpoint),
        text: text
            .with("endpoint", endpoint)
            .with("fields", Arg::Codes(own)),
    })
}

fn pagination(page: &Page, inventory: &Inventory) -> Finding {
    let reason = match &page.from {
        Some(from) => Reason::new("found.pagination-given").with("from", Arg::Code(from.clone())),
        None => Reason::new("found.pagination"),
    };
    Finding {
        kind: "pagination",
        endpoint: Some(page.endpoint),
        text: reason
            .with(
                "endpoint",
                Arg::Code(inventory.endpoints[page.endpoint].id.clone()),
            )
            .with("field", Arg::Code(page.param.clone()))
            .with("kind", Arg::Word("page-kind", page.kind.name()))
            .with("n", Arg::Count(page.requests)),
    }
}

/// One call for each item: many values of one list go into one parameter.
fn fan_outs(inventory: &Inventory, story: &Story) -> Vec<Finding> {
    let cursor = |at: usize, param: &str| {
        story
            .pages
            .iter()
            .any(|page| page.endpoint == at && page.param == param)
    };
    inventory
        .links
        .iter()
        .filter(|link| {
            link.from != link.to
                && link.support >= MIN_FAN
                && link.field.contains("[]")
                && !cursor(link.to, &link.param)
        })
        .map(|link| Finding {
            kind: "fan-out",
            endpoint: Some(link.to),
            text: Reason::new("found.fan-out")
                .with(
                    "endpoint",
                    Arg::Code(inventory.endpoints[link.to].id.clone()),
                )
                .with("param", Arg::Code(link.param.clone()))
                .with("field", Arg::Code(link.field.clone()))
                .with(
                    "giver",
                    Arg::Code(inventory.endpoints[link.from].id.clone()),
                )
                .with("n", Arg::Count(link.support)),
        })
        .collect()
}

/// Reads whose answers nothing sends on and that nobody waits for.
fn unused(inventory: &Inventory) -> Option<Finding> {
    let givers: BTreeSet<usize> = inventory.links.iter().map(|link| link.from).collect();
    let loose: BTreeSet<&str> = inventory
        .endpoints
        .iter()
        .enumerate()
        .filter(|(at, endpoint)| {
            let observed = &endpoint.observed;
            !givers.contains(at)
                && !changes_state(endpoint)
                && observed.poll.is_none()
                && observed.transitions.is_empty()
                && observed.payloads.contains_key(&Payload::Json)
        })
        .map(|(_, endpoint)| endpoint.id.as_str())
        .collect();
    // Without a single value that flows, nothing is known of what is used.
    if loose.is_empty() || givers.is_empty() {
        return None;
    }
    let listed = loose.into_iter().take(MAX_LISTED);
    Some(Finding {
        kind: "unused",
        endpoint: None,
        text: Reason::new("found.unused")
            .with("endpoints", Arg::Codes(listed.map(str::to_owned).collect())),
    })
}
