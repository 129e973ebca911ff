//! The rows of the story.

mod model;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::assess::{Credential, Run, plain_error, protocol_error};
use crate::inventory::{Endpoint, Link, changes_in_order, values_in_order};
use crate::scope::{Place, Protocol, given_in};

use super::context::Context;
use super::model::EndpointRow;

pub use model::{
    AuthRow, ChangeRow, CredentialRow, EdgeFrom, EdgeRow, EdgeTo, EndRow, EnvelopeRow, MachineRow,
    PageRow, PollRow, RunStepRow, StoryDocument, StoryRow, VariantRow,
};

/// The story in rows.
pub(super) fn story(context: &Context<'_>, endpoints: &[EndpointRow]) -> StoryRow {
    StoryRow {
        edges: edges(context),
        polls: polls(context),
        states: states(context),
        variants: variants(context),
        steps: steps(context, endpoints),
        pages: pages(context),
        auth: auth(context),
        envelopes: envelopes(context),
    }
}

fn id(context: &Context<'_>, at: usize) -> String {
    context.inventory.endpoints[at].id.clone()
}

/// Where a value comes from.
fn source(context: &Context<'_>, at: usize, field: &str) -> EdgeFrom {
    let (place, name) = given_in(field);
    EdgeFrom {
        endpoint: id(context, at),
        field: name.to_owned(),
        place: place.map_or("body", Place::name).to_owned(),
    }
}

fn edges(context: &Context<'_>) -> Vec<EdgeRow> {
    let edge = |link: &Link| EdgeRow {
        from: source(context, link.from, &link.field),
        to: EdgeTo {
            endpoint: id(context, link.to),
            field: link.param.clone(),
            place: link.place.name().to_owned(),
        },
        credential: link.is_credential(),
        support: link.support,
        against: link.against,
    };
    let mut edges: Vec<EdgeRow> = context.inventory.links.iter().map(edge).collect();
    edges.sort_by(|a, b| {
        let key = |edge: &EdgeRow| (Reverse(edge.support), edge.from.clone(), edge.to.clone());
        key(a).cmp(&key(b))
    });
    edges
}

fn polls(context: &Context<'_>) -> Vec<PollRow> {
    context
        .inventory
        .endpoints
        .iter()
        .filter_map(|endpoint| {
            let poll = endpoint.observed.poll.as_ref()?;
            Some(PollRow {
                endpoint: endpoint.id.clone(),
                kind: if poll.held { "long-poll" } else { "poll" }.to_owned(),
                count: poll.calls,
                interval_ms: poll.interval_ms,
                field: poll.change.as_ref().map(|(field, _, _)| field.clone()),
                values: poll.values.clone(),
                ends: poll
                    .last_values()
                    .into_iter()
                    .map(|(value, count)| EndRow {
                        value: value.to_owned(),
                        count,
                    })
                    .collect(),
            })
        })
        .collect()
}

fn states(context: &Context<'_>) -> Vec<MachineRow> {
    let endpoints = context.inventory.endpoints.iter().enumerate();
    let by = |at: usize, field: &str, change: &(String, String)| {
        let key = (at, field.to_owned(), change.clone());
        let calls = context.assessment.story.causes.get(&key);
        let calls = calls.into_iter().flatten();
        calls.map(|call| id(context, *call)).collect()
    };
    endpoints
        .flat_map(|(at, endpoint)| {
            let machines = endpoint.observed.state_changes().into_iter();
            machines.map(move |(field, changes)| MachineRow {
                endpoint: endpoint.id.clone(),
                field: field.to_owned(),
                values: values_in_order(&changes),
                transitions: changes_in_order(&changes)
                    .into_iter()
                    .map(|(change, count)| ChangeRow {
                        from: change.0.clone(),
                        to: change.1.clone(),
                        count: *count,
                        by: by(at, field, change),
                    })
                    .collect(),
                observed_only: true,
            })
        })
        .collect()
}

fn variants(context: &Context<'_>) -> Vec<VariantRow> {
    let variants = context.assessment.story.variants.iter();
    variants
        .map(|variant| VariantRow {
            endpoint: id(context, variant.endpoint),
            fields: variant.fields.clone(),
            constants: variant.constants.clone(),
            status: variant.status,
            requests: variant.requests,
            own: variant.own.clone(),
            lacking: variant.lacking.clone(),
            response_fields: variant.answers.clone(),
        })
        .collect()
}

fn steps(context: &Context<'_>, endpoints: &[EndpointRow]) -> Vec<RunStepRow> {
    let by_id: BTreeMap<&str, &EndpointRow> =
        endpoints.iter().map(|row| (row.id.as_str(), row)).collect();
    let runs = context.assessment.story.runs.iter().enumerate();
    runs.flat_map(|(flow, run)| steps_of(context, flow + 1, run, &by_id))
        .collect()
}

fn steps_of(
    context: &Context<'_>,
    flow: usize,
    run: &Run,
    endpoints: &BTreeMap<&str, &EndpointRow>,
) -> Vec<RunStepRow> {
    let steps = run.steps.iter().enumerate();
    steps
        .map(|(at, step)| {
            let endpoint = &context.inventory.endpoints[step.endpoint];
            let row = endpoints.get(endpoint.id.as_str());
            let reached = run.end.as_ref().filter(|(end, _, _)| *end == step.endpoint);
            RunStepRow {
                flow,
                step: at + 1,
                endpoint: endpoint.id.clone(),
                call: call(context, endpoint),
                title: row.and_then(|row| row.title.clone()),
                status: context.assessment.endpoints[step.endpoint].status,
                runs: step.runs,
                of: run.sessions.len(),
                calls: step.calls,
                repeated: step.calls > 1,
                optional: !step.needed,
                entry: at == 0,
                reaches: reached
                    .map(|(_, field, values)| format!("{field}={}", values.join(" / "))),
            }
        })
        .collect()
}

/// The method and the route without the path that nearly all share.
fn call(context: &Context<'_>, endpoint: &Endpoint) -> String {
    let style = context.config.param_style;
    let route = context.assessment.shared.short(&endpoint.route, style);
    let operation = endpoint.operation.as_ref();
    let operation = operation.map_or_else(String::new, |known| format!(" [{}]", known.name));
    format!("{} {route}{operation}", endpoint.method)
}

fn pages(context: &Context<'_>) -> Vec<PageRow> {
    let pages = context.assessment.story.pages.iter();
    pages
        .map(|page| PageRow {
            endpoint: id(context, page.endpoint),
            kind: page.kind.name().to_owned(),
            field: page.param.clone(),
            place: page.place.name().to_owned(),
            from: page.from.clone(),
            count: page.requests,
        })
        .collect()
}

fn auth(context: &Context<'_>) -> AuthRow {
    let ids = |positions: &[usize]| positions.iter().map(|at| id(context, *at)).collect();
    let credentials = &context.assessment.story.credentials;
    let known = !credentials.is_empty();
    let carries = |at: &usize| {
        let mut all = credentials.iter();
        all.any(|known| known.always.contains(at) || known.sometimes.contains(at))
    };
    let open: Vec<usize> = (0..context.inventory.endpoints.len())
        .filter(|at| known && !carries(at))
        .collect();
    let given = |credential: &Credential| {
        let sources = credential.from.clone().into_iter();
        sources.map(|(from, field)| source(context, from, &field))
    };
    AuthRow {
        known,
        credentials: credentials
            .iter()
            .map(|credential| CredentialRow {
                name: credential.name.clone(),
                place: credential.place.name().to_owned(),
                scheme: credential.scheme.clone(),
                signature: credential.signature,
                with: credential.with.clone(),
                from: given(credential).next(),
                also_from: given(credential).skip(1).collect(),
                endpoints: ids(&credential.always),
                sometimes: ids(&credential.sometimes),
            })
            .collect(),
        open: ids(&open),
    }
}

fn envelopes(context: &Context<'_>) -> Vec<EnvelopeRow> {
    let envelope = &context.assessment.envelope;
    let endpoints = &context.inventory.endpoints;
    let with = |wanted: &dyn Fn(&Endpoint) -> bool| -> Vec<String> {
        let found = endpoints.iter().filter(|endpoint| wanted(endpoint));
        found.map(|endpoint| endpoint.id.clone()).collect()
    };
    let mut rows = Vec::new();
    let fields: Vec<String> = envelope.fields().map(|(path, _)| path.to_owned()).collect();
    if !fields.is_empty() {
        rows.push(EnvelopeRow {
            kind: "code".to_owned(),
            success: envelope
                .fields()
                .filter_map(|(path, success)| Some((path.to_owned(), success?.to_owned())))
                .collect(),
            failed: with(&|endpoint| envelope.codes(endpoint).iter().any(|code| !code.ok)),
            fields,
        });
    }
    let problem = with(&|endpoint| {
        let media = &endpoint.observed.response_media;
        media.contains_key("application/problem+json")
    });
    let failed_by = |wanted: Protocol| {
        with(&|endpoint| protocol_error(endpoint).is_some_and(|(protocol, _)| protocol == wanted))
    };
    let graphql = failed_by(Protocol::Graphql);
    let rpc = failed_by(Protocol::JsonRpc);
    let plain: BTreeSet<&str> = endpoints.iter().filter_map(plain_error).collect();
    let plain: Vec<&str> = plain.into_iter().collect();
    let plain_failed = with(&|endpoint| plain_error(endpoint).is_some());
    for (kind, fields, failed) in [
        (
            "problem",
            &["type", "title", "status", "detail"][..],
            problem,
        ),
        ("graphql", &["data", "errors"][..], graphql),
        ("json-rpc", &["result", "error"][..], rpc),
        ("error", &plain[..], plain_failed),
    ] {
        if !failed.is_empty() {
            rows.push(EnvelopeRow {
                kind: kind.to_owned(),
                fields: fields.iter().map(ToString::to_string).collect(),
                success: BTreeMap::new(),
                failed,
            });
        }
    }
    rows
}
