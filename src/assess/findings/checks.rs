//! Declared flows against what was seen.

use std::collections::BTreeSet;

use crate::inventory::{Inventory, Session};
use crate::locale::{Arg, Lang};

use super::super::Reason;
use super::super::flow::{Flow, FlowName};
use super::super::story::Story;
use super::Finding;

/// Endpoints that one finding lists.
const MAX_LISTED: usize = 12;

/// What the captures say against the declared flows: steps that were never seen, or in another
/// order, and needed calls in between that no flow declares.
pub(super) fn findings(
    inventory: &Inventory,
    story: &Story,
    flows: &[Flow],
    lang: Lang,
) -> Vec<Finding> {
    let declared: Vec<&Flow> = flows
        .iter()
        .filter(|flow| matches!(flow.name, FlowName::Declared(_)))
        .collect();
    let mut findings = Vec::new();
    for flow in &declared {
        findings.extend(unseen(flow, lang));
        findings.extend(disordered(inventory, flow, lang));
    }
    findings.extend(undeclared(inventory, story, &declared));
    findings
}

fn unseen(flow: &Flow, lang: Lang) -> Vec<Finding> {
    let steps = flow.steps.iter().filter(|step| !step.observed);
    steps
        .filter_map(|step| {
            let call = step.call.clone()?;
            Some(Finding {
                kind: "flow",
                endpoint: step.endpoint,
                text: named("found.flow-unseen", flow, lang).with("step", Arg::Code(call)),
            })
        })
        .collect()
}

/// Neighbouring steps of which every session that has both has the later one first.
fn disordered(inventory: &Inventory, flow: &Flow, lang: Lang) -> Vec<Finding> {
    let steps: Vec<usize> = flow.steps.iter().filter_map(|step| step.endpoint).collect();
    let mut findings = Vec::new();
    for pair in steps.windows(2).filter(|pair| pair[0] != pair[1]) {
        let both: Vec<(usize, usize)> = inventory
            .sessions
            .iter()
            .filter_map(|session| {
                let first = places(session, pair[0]).next()?;
                Some((first, places(session, pair[1]).last()?))
            })
            .collect();
        if !both.is_empty() && both.iter().all(|(first, last)| last < first) {
            let id = |at: usize| Arg::Code(inventory.endpoints[at].id.clone());
            findings.push(Finding {
                kind: "flow",
                endpoint: Some(pair[1]),
                text: named("found.flow-order", flow, lang)
                    .with("earlier", id(pair[1]))
                    .with("later", id(pair[0])),
            });
        }
    }
    findings
}

fn places(session: &Session, endpoint: usize) -> impl Iterator<Item = usize> {
    let calls = session.calls.iter().enumerate();
    calls
        .filter(move |(_, call)| call.endpoint == endpoint)
        .map(|(at, _)| at)
}

/// Calls that a found flow needs, between the first and the last step that is declared.
fn undeclared(inventory: &Inventory, story: &Story, flows: &[&Flow]) -> Option<Finding> {
    let steps = flows.iter().flat_map(|flow| &flow.steps);
    let declared: BTreeSet<usize> = steps.filter_map(|step| step.endpoint).collect();
    let mut missing: Vec<String> = Vec::new();
    for run in &story.runs {
        let is_declared = |at: &usize| declared.contains(&run.steps[*at].endpoint);
        let places: Vec<usize> = (0..run.steps.len()).filter(is_declared).collect();
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            continue;
        };
        for step in &run.steps[*first..=*last] {
            let id = &inventory.endpoints[step.endpoint].id;
            if step.needed && !declared.contains(&step.endpoint) && !missing.contains(id) {
                missing.push(id.clone());
            }
        }
    }
    missing.truncate(MAX_LISTED);
    (!missing.is_empty()).then(|| Finding {
        kind: "flow",
        endpoint: None,
        text: Reason::new("found.flow-undeclared").with("endpoints", Arg::Codes(missing)),
    })
}

/// A reason that names the flow.
fn named(key: &'static str, flow: &Flow, lang: Lang) -> Reason {
    let reason = Reason::new(key);
    match &flow.name {
        FlowName::Declared(name) => reason.with("flow", Arg::Text(name.get(lang).to_owned())),
        FlowName::Proposed(_) => reason,
    }
}
