//! Modules: named pieces of functionality, declared or proposed.

use std::collections::BTreeMap;

use crate::config::{Config, Level, Location, ModuleConfig, Prose, Status};
use crate::inventory::Inventory;
use crate::manifest::Manifest;
use crate::rules::SharedPath;

use super::{Assessed, Reason};

mod cohesion;

/// A module with what is concluded of it.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its name.
    pub name: ModuleName,
    /// What it is for, in Markdown.
    pub summary: Option<Prose>,
    /// What holds a proposed one together.
    pub cohesion: Option<Reason>,
    /// Its observed endpoints: positions in the inventory.
    pub endpoints: Vec<usize>,
    /// Its claims that nothing observed is about: positions in the manifest.
    pub unobserved: Vec<usize>,
    /// How far it is implemented.
    pub status: Status,
    /// How many of its endpoints are missing.
    pub missing: usize,
    /// How urgent it is.
    pub priority: Level,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Where it was declared.
    pub location: Option<Location>,
}

/// What a module is called.
#[derive(Debug, Clone)]
pub enum ModuleName {
    /// As the config says.
    Declared(Prose),
    /// The nouns of its routes.
    Proposed(Vec<String>),
}

/// The modules of the config, or those that the routes propose.
pub(super) fn modules(
    inventory: &Inventory,
    config: &Config,
    manifest: &Manifest,
    unobserved: &[usize],
    assessed: &[Assessed],
    shared: &SharedPath,
) -> Vec<Module> {
    if config.modules.is_empty() {
        return proposed(inventory, assessed, shared);
    }
    config
        .modules
        .iter()
        .map(|module| declared(module, inventory, manifest, unobserved, assessed))
        .collect()
}

fn declared(
    module: &ModuleConfig,
    inventory: &Inventory,
    manifest: &Manifest,
    unobserved: &[usize],
    assessed: &[Assessed],
) -> Module {
    let endpoints = matched(inventory, module);
    let unobserved: Vec<usize> = unobserved
        .iter()
        .copied()
        .filter(|at| {
            let claim = &manifest.claims[*at];
            module.endpoints.iter().any(|pattern| {
                pattern.matches(&claim.method, &claim.route, claim.operation.as_deref())
            })
        })
        .collect();
    let mut built = build(
        ModuleName::Declared(module.name.clone()),
        endpoints,
        assessed,
    );
    built.summary.clone_from(&module.summary);
    built.unobserved = unobserved;
    built.location = Some(module.location.clone());
    if let Some(level) = module.priority {
        built.priority = level;
        built.reasons = vec![Reason::new("priority.said-by-config")];
    }
    built
}

/// The observed endpoints of a module of the config: positions in the inventory.
pub(super) fn matched(inventory: &Inventory, module: &ModuleConfig) -> Vec<usize> {
    super::flow::positions(inventory, |endpoint| {
        let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
        module
            .endpoints
            .iter()
            .any(|pattern| pattern.matches(&endpoint.method, &endpoint.route, operation))
    })
}

/// Endpoints that share their first two nouns are a module, if there are two; what is left joins
/// the others with its first noun, else the module that it shares most ids and neighbours with.
fn proposed(inventory: &Inventory, assessed: &[Assessed], shared: &SharedPath) -> Vec<Module> {
    let mut by_nouns: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, endpoint) in inventory.endpoints.iter().enumerate() {
        let mut nouns = shared.nouns(&endpoint.route);
        nouns.truncate(2);
        by_nouns.entry(nouns).or_default().push(at);
    }
    let mut modules: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (mut nouns, endpoints) in by_nouns {
        if endpoints.len() < 2 {
            nouns.truncate(1);
        }
        modules.entry(nouns).or_default().extend(endpoints);
    }
    let modules = cohesion::joined(inventory, &modules.into_iter().collect::<Vec<_>>());
    modules
        .into_iter()
        .map(|(nouns, endpoints)| {
            let cohesion = cohesion::shared_ids(inventory, &endpoints);
            let mut built = build(ModuleName::Proposed(nouns), endpoints, assessed);
            built.cohesion = cohesion;
            built
        })
        .collect()
}

fn build(name: ModuleName, endpoints: Vec<usize>, assessed: &[Assessed]) -> Module {
    let of = |at: &usize| &assessed[*at];
    let statuses: Vec<Status> = endpoints.iter().map(|at| of(at).status).collect();
    let urgent = endpoints
        .iter()
        .max_by_key(|at| {
            let priority = &of(at).priority;
            (priority.level, priority.score, std::cmp::Reverse(**at))
        })
        .map(|at| &of(at).priority);
    Module {
        name,
        summary: None,
        cohesion: None,
        unobserved: Vec::new(),
        status: status(&statuses),
        missing: statuses.iter().filter(|s| **s == Status::Missing).count(),
        priority: urgent.map_or(Level::None, |priority| priority.level),
        reasons: urgent.map_or_else(Vec::new, |priority| priority.reasons.clone()),
        endpoints,
        location: None,
    }
}

/// All endpoints alike decide; otherwise what works in part is partial. Excluded ones do not count.
fn status(statuses: &[Status]) -> Status {
    let counted: Vec<Status> = statuses
        .iter()
        .copied()
        .filter(|status| *status != Status::Excluded)
        .collect();
    let Some(first) = counted.first() else {
        return if statuses.is_empty() {
            Status::Unobserved
        } else {
            Status::Excluded
        };
    };
    if counted.iter().all(|status| status == first) {
        return *first;
    }
    let any = |wanted: Status| counted.contains(&wanted);
    if any(Status::Implemented) && !any(Status::Missing) && !any(Status::Partial) {
        // Implemented as far as is known.
        return Status::Unknown;
    }
    if any(Status::Implemented) || any(Status::Partial) {
        Status::Partial
    } else {
        Status::Missing
    }
}
