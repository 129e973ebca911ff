//! What to build first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::config::{Level, Status};

use super::context::Context;
use super::endpoint::order;
use super::model::{EndpointRow, Recommendation, Recommendations};
use super::module;

/// Modules with gaps, and gaps that no module has. Within a level, what is known to be missing
/// comes before what may be there, in the order in which the captures first call it.
pub(super) fn recommendations(context: &Context<'_>, endpoints: &[EndpointRow]) -> Recommendations {
    let mut ranked = modules(context);
    let in_modules: BTreeSet<usize> = context
        .assessment
        .modules
        .iter()
        .flat_map(|module| module.endpoints.iter().copied())
        .collect();
    for at in order(context) {
        if !in_modules.contains(&at) {
            ranked.extend(single(context, at, endpoints));
        }
    }
    ranked.sort_by_key(|(level, first, recommendation)| {
        let unknown = recommendation.status == Status::Unknown;
        (Reverse(*level), unknown, *first)
    });
    let mut recommendations = Recommendations::default();
    for (level, _, recommendation) in ranked {
        match level {
            Level::High => recommendations.high.push(recommendation),
            Level::Medium => recommendations.medium.push(recommendation),
            Level::Low => recommendations.low.push(recommendation),
            Level::None => {}
        }
    }
    recommendations
}

fn is_gap(status: Status) -> bool {
    matches!(status, Status::Missing | Status::Partial | Status::Unknown)
}

/// When something is first called: the time, else the place in the capture.
type First = (Option<i64>, Option<i64>);

fn first_call(context: &Context<'_>, at: usize) -> First {
    let observed = &context.inventory.endpoints[at].observed;
    (observed.moments.first, observed.positions.first)
}

fn modules(context: &Context<'_>) -> Vec<(Level, First, Recommendation)> {
    let gaps = context
        .assessment
        .modules
        .iter()
        .filter(|module| is_gap(module.status));
    gaps.map(|module| {
        let name = module::name(context, module);
        let gaps: Vec<usize> = module
            .endpoints
            .iter()
            .copied()
            .filter(|at| is_gap(context.assessment.endpoints[*at].status))
            .collect();
        let first = gaps.iter().map(|at| first_call(context, *at)).min();
        let recommendation = Recommendation {
            title: name.clone(),
            module: Some(name),
            status: module.status,
            endpoints: gaps
                .iter()
                .map(|at| context.inventory.endpoints[*at].id.clone())
                .collect(),
            reasons: context.say_all(&module.reasons),
        };
        (module.priority, first.unwrap_or_default(), recommendation)
    })
    .collect()
}

fn single(
    context: &Context<'_>,
    at: usize,
    endpoints: &[EndpointRow],
) -> Option<(Level, First, Recommendation)> {
    let assessed = &context.assessment.endpoints[at];
    if !is_gap(assessed.status) {
        return None;
    }
    let id = &context.inventory.endpoints[at].id;
    let row = endpoints.iter().find(|row| row.id == *id)?;
    let recommendation = Recommendation {
        title: row.title.clone().unwrap_or_else(|| row.id.clone()),
        module: None,
        status: row.status,
        endpoints: vec![row.id.clone()],
        reasons: row.priority.reasons.clone(),
    };
    Some((
        assessed.priority.level,
        first_call(context, at),
        recommendation,
    ))
}
