//! The captures against descriptions of the API: what each has and the other lacks, whatever a
//! manifest beside them says of the same endpoints.

use crate::config::Location;
use crate::inventory::Endpoint;
use crate::manifest::Claim;
use crate::route::Template;
use crate::rules::SharedPath;

use super::context::Context;
use super::model::{Against, DescriptionRow, MismatchRow, PlaceRow, ShadowRow, UnobservedRow};

/// Everything that differs, if the manifests hold a description at all.
pub(super) fn rows(context: &Context<'_>) -> Option<Against> {
    let manifest = context.manifest;
    if manifest.descriptions.is_empty() {
        return None;
    }
    let operations: Vec<&Claim> = manifest.operations().collect();
    let unseen = |at: usize| context.assessment.unseen.contains(&at);
    let descriptions = manifest.descriptions.iter().map(|description| {
        let own = |claim: &Claim| claim.description.as_deref() == Some(&*description.file);
        let seen = operations
            .iter()
            .enumerate()
            .filter(|(at, claim)| own(claim) && !unseen(*at));
        DescriptionRow {
            file: context
                .place(&Location::file(description.file.clone()))
                .file,
            format: description.format.clone(),
            title: description.title.clone(),
            operations: description.operations,
            observed: seen.count(),
        }
    });
    Some(Against {
        descriptions: descriptions.collect(),
        shadow: shadow(context, &operations),
        unobserved: operations
            .iter()
            .enumerate()
            .filter(|(at, _)| unseen(*at))
            .map(|(_, claim)| described(context, claim, None))
            .collect(),
        mismatches: mismatches(context, &operations),
        deprecated: deprecated(context, &operations),
    })
}

/// What was seen and no description has.
fn shadow(context: &Context<'_>, operations: &[&Claim]) -> Vec<ShadowRow> {
    let base = SharedPath::of_routes(operations.iter().map(|claim| &claim.route));
    let endpoints = context.inventory.endpoints.iter();
    let endpoints = endpoints.zip(&context.assessment.endpoints);
    endpoints
        .filter(|(_, assessed)| assessed.described.is_none())
        .map(|(endpoint, _)| {
            let same = |claim: &Claim| claim.route.shape() == endpoint.route.shape();
            let others = operations.iter().copied();
            let others: Vec<&Claim> = others.filter(|claim| same(claim)).collect();
            // Where the route is described with the method, it is so for another host or operation.
            let methods: Vec<String> = others
                .iter()
                .filter(|claim| claim.method != endpoint.method)
                .map(|claim| claim.method.clone())
                .collect();
            let nearest = match others.first() {
                Some(_) => None,
                None => nearest(endpoint, operations, &base),
            };
            let place = others.first().copied().or(nearest);
            ShadowRow {
                endpoint: endpoint.id.clone(),
                kind: if methods.is_empty() {
                    "route"
                } else {
                    "method"
                }
                .to_owned(),
                requests: endpoint.observed.requests,
                described: methods,
                nearest: nearest.map(|claim| written(context, claim)),
                place: place.map(|claim| context.place(&claim.location)),
            }
        })
        .collect()
}

/// The described route that has most segments in common from the start, at least one behind the base that
/// the described routes share.
fn nearest<'c>(
    endpoint: &Endpoint,
    operations: &[&'c Claim],
    base: &SharedPath,
) -> Option<&'c Claim> {
    let (common, claim) = operations
        .iter()
        .map(|claim| (common(&endpoint.route, &claim.route), *claim))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (common > base.depth(&endpoint.route)).then_some(claim)
}

fn common(a: &Template, b: &Template) -> usize {
    let (a, b) = (a.shape(), b.shape());
    a.iter().zip(&b).take_while(|(a, b)| a == b).count()
}

/// Method, route and operation as described.
fn written(context: &Context<'_>, claim: &Claim) -> String {
    let route = claim.route.display(context.config.param_style);
    let operation = claim.operation.as_ref().map(|name| format!(" [{name}]"));
    format!("{} {route}{}", claim.method, operation.unwrap_or_default())
}

fn described(context: &Context<'_>, claim: &Claim, endpoint: Option<&Endpoint>) -> UnobservedRow {
    UnobservedRow {
        endpoint: endpoint.map_or_else(|| written(context, claim), |endpoint| endpoint.id.clone()),
        title: claim.title.as_ref().map(|title| context.prose(title)),
        requests: endpoint.map_or(0, |endpoint| endpoint.observed.requests),
        place: context.place(&claim.location),
    }
}

fn mismatches(context: &Context<'_>, operations: &[&Claim]) -> Vec<MismatchRow> {
    let mut rows = Vec::new();
    let endpoints = context.inventory.endpoints.iter();
    for (endpoint, assessed) in endpoints.zip(&context.assessment.endpoints) {
        let Some(claim) = assessed.described.map(|at| operations[at]) else {
            continue;
        };
        for mismatch in &assessed.mismatches {
            let place = PlaceRow {
                line: mismatch.line,
                ..context.place(&claim.location)
            };
            rows.push(MismatchRow {
                endpoint: endpoint.id.clone(),
                kind: mismatch.kind.to_owned(),
                subjects: mismatch.subjects.clone(),
                text: context.say(&mismatch.reason),
                place,
            });
        }
    }
    rows
}

fn deprecated(context: &Context<'_>, operations: &[&Claim]) -> Vec<UnobservedRow> {
    let endpoints = context.inventory.endpoints.iter();
    let endpoints = endpoints.zip(&context.assessment.endpoints);
    endpoints
        .filter_map(|(endpoint, assessed)| {
            let claim = operations[assessed.described?];
            let operation = claim.described.as_ref()?;
            operation
                .deprecated
                .then(|| described(context, claim, Some(endpoint)))
        })
        .collect()
}
