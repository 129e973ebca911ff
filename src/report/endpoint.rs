//! The rows of endpoints.

use std::collections::BTreeSet;

use crate::assess::{Assessed, BusinessCode, Split, nothing_to_build};
use crate::config::{Level, Prose, RouteConfig, Status};
use crate::inventory::{Endpoint, FieldUse, Observed, ParamUse, changes_in_order, values_in_order};
use crate::manifest::Claim;
use crate::route::unnamed;
use crate::scope::Place;
use crate::value::{Kind, fingerprint};

use super::context::Context;
use super::model::{
    CodeRow, CountRow, EndpointRow, Exclusion, FieldRow, ParamRow, PriorityRow, SplitRow,
    SplitValue, StateRow, TransitionRow,
};

/// Observed endpoints by group, status and route, then what the manifest names beyond them.
pub(super) fn rows(context: &Context<'_>) -> Vec<EndpointRow> {
    let order = order(context);
    let mut rows: Vec<EndpointRow> = order.into_iter().map(|at| observed(context, at)).collect();
    rows.extend(
        context
            .assessment
            .unobserved
            .iter()
            .map(|at| unobserved(context, &context.manifest.claims[*at])),
    );
    rows
}

/// Positions in the inventory in report order.
pub(super) fn order(context: &Context<'_>) -> Vec<usize> {
    let groups: Vec<&String> = context.config.groups.iter().map(|g| &g.name).collect();
    let mut order: Vec<usize> = (0..context.inventory.endpoints.len()).collect();
    order.sort_by_key(|at| {
        let assessed = &context.assessment.endpoints[*at];
        let group = &assessed.grouped.group;
        let rank = groups
            .iter()
            .position(|name| *name == group)
            .unwrap_or(groups.len());
        let status = Status::ALL.iter().position(|s| *s == assessed.status);
        (rank, group.clone(), status, *at)
    });
    order
}

fn observed(context: &Context<'_>, at: usize) -> EndpointRow {
    let endpoint = &context.inventory.endpoints[at];
    let assessed = &context.assessment.endpoints[at];
    let claim = assessed.claim.map(|claim| &context.manifest.claims[claim]);
    let route = assessed.route.map(|route| &context.config.routes[route]);
    let seen = &endpoint.observed;
    EndpointRow {
        id: endpoint.id.clone(),
        fingerprint: fingerprint(&["endpoint", &unnamed(&endpoint.id)]),
        method: endpoint.method.clone(),
        host: endpoint.host.clone(),
        route: endpoint
            .route
            .display(context.config.param_style)
            .to_string(),
        operation: endpoint.operation.as_ref().map(|o| o.name.clone()),
        title: title(context, claim, route),
        group: assessed.grouped.group.clone(),
        rule: assessed.grouped.rule.map(|rule| rule_text(context, rule)),
        status: assessed.status,
        reasons: context.say_all(&assessed.reasons),
        priority: PriorityRow {
            level: assessed.priority.level,
            importance: assessed.priority.importance,
            reasons: context.say_all(&assessed.priority.reasons),
        },
        requests: seen.requests,
        positions: positions(seen),
        params: params(endpoint),
        splits: splits(context, assessed, route),
        response_fields: fields(seen),
        http_statuses: seen
            .statuses
            .iter()
            .map(|(status, count)| CountRow {
                value: status.to_string(),
                count: *count,
            })
            .collect(),
        business_codes: context
            .assessment
            .envelope
            .codes(endpoint)
            .into_iter()
            .map(code)
            .collect(),
        states: states(seen),
        evidence: claim.map_or_else(Vec::new, |claim| claim.source.clone()),
        manifest: claim.map(|claim| context.place(&claim.location)),
        note: prose(context, claim.and_then(|claim| claim.note.as_ref())),
        exclusion: claim.and_then(|claim| exclusion(context, claim)),
        captures: endpoint
            .captures
            .iter()
            .map(|at| context.inventory.captures[*at].capture.name.clone())
            .collect(),
    }
}

/// A claim that no capture showed.
fn unobserved(context: &Context<'_>, claim: &Claim) -> EndpointRow {
    let style = context.config.param_style;
    let route = claim.route.display(style).to_string();
    let id = match &claim.operation {
        Some(operation) => format!("{} {route} [{operation}]", claim.method),
        None => format!("{} {route}", claim.method),
    };
    let excluded = claim.status == Status::Excluded;
    let grouped = crate::rules::group_of_claim(claim, context.config);
    EndpointRow {
        fingerprint: fingerprint(&["endpoint", &unnamed(&id)]),
        id,
        method: claim.method.clone(),
        host: claim.host.clone().unwrap_or_default(),
        route,
        operation: claim.operation.clone(),
        title: prose(context, claim.title.as_ref()),
        rule: grouped.rule.map(|rule| rule_text(context, rule)),
        group: grouped.group,
        status: Status::Unobserved,
        reasons: vec![context.locale.format(
            if excluded {
                "reason.excluded-unobserved"
            } else if claim.described.is_some() {
                "reason.described-unobserved"
            } else {
                "reason.never-observed"
            },
            &[],
        )],
        priority: PriorityRow {
            level: Level::None,
            importance: Level::None,
            reasons: vec![context.say(&nothing_to_build(Status::Unobserved))],
        },
        requests: 0,
        positions: None,
        params: Vec::new(),
        splits: Vec::new(),
        response_fields: Vec::new(),
        http_statuses: Vec::new(),
        business_codes: Vec::new(),
        states: Vec::new(),
        evidence: claim.source.clone(),
        manifest: Some(context.place(&claim.location)),
        note: prose(context, claim.note.as_ref()),
        exclusion: exclusion(context, claim),
        captures: Vec::new(),
    }
}

fn prose(context: &Context<'_>, prose: Option<&Prose>) -> Option<String> {
    prose.map(|prose| context.prose(prose))
}

/// The manifest's title, else the config's.
fn title(
    context: &Context<'_>,
    claim: Option<&Claim>,
    route: Option<&RouteConfig>,
) -> Option<String> {
    let said = claim
        .and_then(|claim| claim.title.as_ref())
        .or_else(|| route.and_then(|route| route.title.as_ref()));
    prose(context, said)
}

fn exclusion(context: &Context<'_>, claim: &Claim) -> Option<Exclusion> {
    (claim.status == Status::Excluded).then(|| Exclusion {
        reason: prose(context, claim.reason.as_ref()),
        date: claim.date.clone(),
        until: claim.until.clone(),
        reference: claim.reference.clone(),
    })
}

/// A rule by its place and what it asks for: `harcov.toml:12 /order/`.
fn rule_text(context: &Context<'_>, rule: usize) -> String {
    let Some(rule) = context.config.rules.get(rule) else {
        return String::new();
    };
    let mut text = rule.location.short();
    let asked = [&rule.path, &rule.operation, &rule.query, &rule.host];
    for regex in asked.into_iter().flatten() {
        text.extend([" ", regex.as_str()]);
    }
    if !rule.methods.is_empty() {
        text.extend([" ", &rule.methods.join(" ")]);
    }
    text
}

fn positions(seen: &Observed) -> Option<(usize, usize)> {
    let one_based = |at: i64| usize::try_from(at).ok().map(|at| at + 1);
    Some((
        one_based(seen.positions.first?)?,
        one_based(seen.positions.last?)?,
    ))
}

/// Path parameters, then the others by place and first appearance. Objects and lists are shown by
/// what they hold.
pub(super) fn params(endpoint: &Endpoint) -> Vec<ParamRow> {
    let seen = &endpoint.observed;
    let in_path = endpoint.route.params().zip(&endpoint.path_kinds);
    let in_path = in_path.map(|(name, of_values)| ParamRow {
        name: name.to_owned(),
        place: Place::Path.name().to_owned(),
        kind: kinds(of_values),
        required: true,
        values: Vec::new(),
    });
    let mut others: Vec<(&(Place, String), &ParamUse)> = seen
        .params
        .iter()
        .filter(|((_, name), known)| !is_container(name, &known.kinds, seen))
        .collect();
    others.sort_by_key(|((place, name), known)| (*place, known.rank, name));
    in_path
        .chain(others.into_iter().map(|((place, name), known)| ParamRow {
            name: name.clone(),
            place: place.name().to_owned(),
            kind: sent_kinds(*place, &known.kinds),
            required: known.requests == seen.requests,
            values: values(&known.values),
        }))
        .collect()
}

/// Whether a JSON parameter is an object or list whose members are listed themselves.
fn is_container(name: &str, kinds: &BTreeSet<Kind>, seen: &Observed) -> bool {
    let only = kinds
        .iter()
        .all(|kind| matches!(kind, Kind::Object | Kind::Array | Kind::Null));
    only && seen.params.keys().any(|(_, other)| holds(name, other))
}

/// Whether a path is one of what another holds.
fn holds(container: &str, path: &str) -> bool {
    path.strip_prefix(container)
        .is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// Response fields by path; objects and lists are shown by what they hold.
pub(super) fn fields(seen: &Observed) -> Vec<FieldRow> {
    let answers = seen.json_responses();
    let paths: Vec<&String> = seen.fields.keys().collect();
    seen.fields
        .iter()
        .enumerate()
        .filter(|(at, (path, known))| {
            let container = known
                .kinds
                .iter()
                .all(|kind| matches!(kind, Kind::Object | Kind::Array | Kind::Null));
            let next = paths[at + 1..].iter().any(|next| holds(path, next));
            !(container && next)
        })
        .map(|(_, (path, known))| field(path, known, answers))
        .collect()
}

fn field(path: &str, known: &FieldUse, answers: usize) -> FieldRow {
    FieldRow {
        path: path.to_owned(),
        kind: kinds(&known.kinds),
        required: known.responses == answers,
        values: values(&known.values),
    }
}

/// The types of a parameter; one that was only ever empty in an untyped place is a text.
fn sent_kinds(place: Place, of_values: &BTreeSet<Kind>) -> String {
    let empty = of_values.iter().all(|kind| *kind == Kind::Null);
    if empty && place != Place::Json {
        Kind::String.name().to_owned()
    } else {
        kinds(of_values)
    }
}

/// `integer`, or `integer|null`; an integer that was also another number is a number.
fn kinds(kinds: &BTreeSet<Kind>) -> String {
    let mut names: Vec<&str> = kinds
        .iter()
        .filter(|kind| !(**kind == Kind::Integer && kinds.contains(&Kind::Number)))
        .map(|kind| kind.name())
        .collect();
    // What may be absent comes last.
    names.sort_by_key(|name| *name == "null");
    names.join("|")
}

fn values(known: &crate::inventory::ValueCounts) -> Vec<String> {
    if known.are_all() {
        known.counts.keys().cloned().collect()
    } else {
        Vec::new()
    }
}

fn code(code: BusinessCode) -> CodeRow {
    CodeRow {
        field: code.field,
        value: code.value,
        count: code.count,
        ok: code.ok,
    }
}

fn splits(
    context: &Context<'_>,
    assessed: &Assessed,
    route: Option<&RouteConfig>,
) -> Vec<SplitRow> {
    let label = |value: &str| {
        let prose = route.and_then(|route| route.labels.get(value))?;
        Some(context.prose(prose))
    };
    assessed
        .splits
        .iter()
        .map(|Split { param, values }| SplitRow {
            param: param.clone(),
            values: values
                .iter()
                .map(|value| SplitValue {
                    value: value.value.clone(),
                    title: label(&value.value),
                    requests: value.requests,
                    status: value.status,
                })
                .collect(),
        })
        .collect()
}

/// State fields with their changes; the values by how they follow each other.
pub(super) fn states(seen: &Observed) -> Vec<StateRow> {
    seen.transitions
        .iter()
        .map(|(field, transitions)| StateRow {
            field: field.clone(),
            values: values_in_order(transitions),
            transitions: changes_in_order(transitions)
                .into_iter()
                .map(|((from, to), count)| TransitionRow {
                    from: from.clone(),
                    to: to.clone(),
                    count: *count,
                })
                .collect(),
        })
        .collect()
}
