//! What to build first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::config::{Level, Status};

use super::build::Context;
use super::endpoint::order;
use super::model::{EndpointRow, Recommendation, Recommendations};
use super::module;

/// Modules with gaps, then gaps that no module has; by score within a level.
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
    ranked.sort_by_key(|(level, score, _)| Reverse((*level, *score)));
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

fn modules(context: &Context<'_>) -> Vec<(Level, i32, Recommendation)> {
    let gaps = context
        .assessment
        .modules
        .iter()
        .filter(|module| is_gap(module.status));
    gaps.map(|module| {
        let name = module::name(context, module);
        let gaps = module
            .endpoints
            .iter()
            .filter(|at| is_gap(context.assessment.endpoints[**at].status))
            .map(|at| context.inventory.endpoints[*at].id.clone())
            .collect();
        let recommendation = Recommendation {
            title: name.clone(),
            module: Some(name),
            status: module.status,
            endpoints: gaps,
            reasons: context.say_all(&module.reasons),
        };
        (module.priority, module.score, recommendation)
    })
    .collect()
}

fn single(
    context: &Context<'_>,
    at: usize,
    endpoints: &[EndpointRow],
) -> Option<(Level, i32, Recommendation)> {
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
        assessed.priority.score,
        recommendation,
    ))
}
