//! Flows: declared ones are matched to endpoints, or one is proposed from the order of the calls.

use crate::config::{Config, FlowConfig, Prose, StepConfig};
use crate::inventory::{Endpoint, Inventory};
use crate::route::ParamStyle;
use crate::rules::SharedPath;
use crate::scope::Place;

use super::proposal;

/// A flow: ordered steps through endpoints.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Its name.
    pub name: FlowName,
    /// What it does, in Markdown.
    pub summary: Option<Prose>,
    /// The steps.
    pub steps: Vec<Step>,
}

/// What a flow is called.
#[derive(Debug, Clone)]
pub enum FlowName {
    /// As the config says.
    Declared(Prose),
    /// Proposed from the capture; the step that it is for, a position in the inventory.
    Proposed(usize),
}

/// One step of a flow.
#[derive(Debug, Clone)]
pub struct Step {
    /// What happens.
    pub title: StepTitle,
    /// The endpoint that does it: a position in the inventory.
    pub endpoint: Option<usize>,
    /// How the call is written: method, short route and what tells the step from others.
    pub call: Option<String>,
    /// Parameters, with their values, that tell it from other steps on its endpoint.
    pub with: Vec<(String, String)>,
    /// Whether it was seen, with the parameters that the step names.
    pub observed: bool,
}

/// What a step is called.
#[derive(Debug, Clone)]
pub enum StepTitle {
    /// As the config says.
    Declared(Prose),
    /// The endpoint's own title or route.
    Endpoint,
}

/// The flows of the config, or the one that the captures propose.
pub(super) fn flows(inventory: &Inventory, config: &Config, shared: &SharedPath) -> Vec<Flow> {
    if !config.flows.is_empty() {
        return config
            .flows
            .iter()
            .map(|flow| declared(flow, inventory, config, shared))
            .collect();
    }
    let steps: Vec<Step> = proposal::story(inventory)
        .into_iter()
        .map(|at| Step {
            title: StepTitle::Endpoint,
            call: Some(call(inventory, at, &[], config, shared)),
            endpoint: Some(at),
            with: Vec::new(),
            observed: true,
        })
        .collect();
    let positions: Vec<usize> = steps.iter().filter_map(|step| step.endpoint).collect();
    let Some(end) = proposal::end(inventory, &positions) else {
        return Vec::new();
    };
    vec![Flow {
        name: FlowName::Proposed(end),
        summary: None,
        steps,
    }]
}

fn declared(
    flow: &FlowConfig,
    inventory: &Inventory,
    config: &Config,
    shared: &SharedPath,
) -> Flow {
    Flow {
        name: FlowName::Declared(flow.name.clone()),
        summary: flow.summary.clone(),
        steps: flow
            .steps
            .iter()
            .map(|step| declared_step(step, inventory, config, shared))
            .collect(),
    }
}

fn declared_step(
    step: &StepConfig,
    inventory: &Inventory,
    config: &Config,
    shared: &SharedPath,
) -> Step {
    let matching: Vec<usize> = step.endpoint.as_ref().map_or_else(Vec::new, |pattern| {
        positions(inventory, |endpoint| {
            let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
            pattern.matches(&endpoint.method, &endpoint.route, operation)
        })
    });
    let sent = |at: &usize| {
        let endpoint = &inventory.endpoints[*at];
        step.with
            .iter()
            .all(|(param, value)| sends(endpoint, param, value))
    };
    let exact = matching.iter().copied().find(|at| sent(at));
    let endpoint = exact.or_else(|| matching.first().copied());
    Step {
        title: StepTitle::Declared(step.title.clone()),
        call: match (endpoint, &step.endpoint) {
            (Some(at), _) => Some(call(inventory, at, &step.with, config, shared)),
            (None, Some(pattern)) => Some(pattern.as_str().to_owned()),
            (None, None) => None,
        },
        endpoint,
        with: step.with.clone(),
        observed: exact.is_some() || step.endpoint.is_none(),
    }
}

/// Whether an endpoint was seen to send a parameter, with a value if one is named.
fn sends(endpoint: &Endpoint, param: &str, value: &str) -> bool {
    endpoint.observed.params.iter().any(|((_, name), known)| {
        name == param && (value.is_empty() || known.values.counts.contains_key(value))
    })
}

pub(super) fn positions(inventory: &Inventory, wanted: impl Fn(&Endpoint) -> bool) -> Vec<usize> {
    (0..inventory.endpoints.len())
        .filter(|at| wanted(&inventory.endpoints[*at]))
        .collect()
}

/// `GET /vouchers?type=A`, `POST /order/change/ (pay_type=CARD)`: the shared path is left out; what is
/// not sent in the query stands in brackets. The host is named where another one serves the same.
fn call(
    inventory: &Inventory,
    at: usize,
    with: &[(String, String)],
    config: &Config,
    shared: &SharedPath,
) -> String {
    let style: ParamStyle = config.param_style;
    let endpoint = &inventory.endpoints[at];
    let host = if has_twin(inventory, endpoint) {
        endpoint.host.as_str()
    } else {
        ""
    };
    let route = shared.short(&endpoint.route, style);
    let mut call = format!("{} {host}{route}", endpoint.method);
    let in_query = |param: &String| {
        let mut sent = endpoint.observed.params.keys();
        sent.any(|(place, name)| name == param && *place == Place::Query)
    };
    let (query, others): (Vec<_>, Vec<_>) = with.iter().partition(|(param, _)| in_query(param));
    if !query.is_empty() {
        call.extend(["?", &pairs(&query, "&")]);
    }
    if !others.is_empty() {
        call.extend([" (", &pairs(&others, ", "), ")"]);
    }
    if let Some(operation) = &endpoint.operation {
        call.extend([" [", &operation.name, "]"]);
    }
    call
}

/// Whether another host serves the same call.
fn has_twin(inventory: &Inventory, endpoint: &Endpoint) -> bool {
    inventory.endpoints.iter().any(|other| {
        other.host != endpoint.host
            && other.method == endpoint.method
            && other.operation == endpoint.operation
            && other.route.shape() == endpoint.route.shape()
    })
}

/// `name=value` or, for any value, `name`.
fn pairs(with: &[&(String, String)], joint: &str) -> String {
    let shown: Vec<String> = with
        .iter()
        .map(|(param, value)| match value.as_str() {
            "" => param.clone(),
            value => format!("{param}={value}"),
        })
        .collect();
    shown.join(joint)
}
