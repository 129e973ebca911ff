//! The rows of flows.

use crate::assess::{FlowName, Step, StepTitle};

use super::context::Context;
use super::model::{EndpointRow, FlowRow, StepRow};
use super::naming::flow_name;

/// The flows in report order.
pub(super) fn rows(context: &Context<'_>, endpoints: &[EndpointRow]) -> Vec<FlowRow> {
    context
        .assessment
        .flows
        .iter()
        .map(|flow| FlowRow {
            name: match &flow.name {
                FlowName::Declared(name) => context.prose(name),
                FlowName::Proposed(end) => proposed(context, *end),
            },
            summary: flow.summary.as_ref().map(|summary| context.prose(summary)),
            proposed: matches!(flow.name, FlowName::Proposed(_)),
            steps: flow
                .steps
                .iter()
                .map(|step| row(context, step, endpoints))
                .collect(),
        })
        .collect()
}

fn proposed(context: &Context<'_>, end: usize) -> String {
    let end = &context.inventory.endpoints[end];
    flow_name(end, &context.assessment.shared, context.locale)
}

fn row(context: &Context<'_>, step: &Step, endpoints: &[EndpointRow]) -> StepRow {
    let id = step
        .endpoint
        .map(|at| context.inventory.endpoints[at].id.clone());
    let endpoint = id
        .as_ref()
        .and_then(|id| endpoints.iter().find(|row| row.id == *id));
    StepRow {
        title: match &step.title {
            StepTitle::Declared(title) => context.prose(title),
            StepTitle::Endpoint => endpoint
                .and_then(|row| row.title.clone())
                .or_else(|| step.call.clone())
                .unwrap_or_default(),
        },
        endpoint: id,
        call: step.call.clone(),
        status: endpoint.map(|row| row.status),
        observed: step.observed,
    }
}
