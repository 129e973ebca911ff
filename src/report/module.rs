//! The rows of modules.

use crate::assess::{Module, ModuleName, nothing_to_build};
use crate::config::{Level, Status};

use super::context::Context;
use super::endpoint;
use super::model::{EndpointRow, FieldRow, ModuleRow, ParamRow, StateRow};
use super::naming::subject;

/// The modules in report order.
pub(super) fn rows(context: &Context<'_>, endpoints: &[EndpointRow]) -> Vec<ModuleRow> {
    context
        .assessment
        .modules
        .iter()
        .map(|module| row(context, module, endpoints))
        .collect()
}

/// What a module is called; what has no noun is named as the group of what fits nowhere.
pub(super) fn name(context: &Context<'_>, module: &Module) -> String {
    match &module.name {
        ModuleName::Declared(name) => context.prose(name),
        ModuleName::Proposed(nouns) if nouns.is_empty() => {
            context.locale.get("group.other").to_owned()
        }
        ModuleName::Proposed(nouns) => subject(nouns, context.locale),
    }
}

fn row(context: &Context<'_>, module: &Module, endpoints: &[EndpointRow]) -> ModuleRow {
    let inventory = context.inventory;
    let mut params: Vec<ParamRow> = Vec::new();
    let mut fields: Vec<FieldRow> = Vec::new();
    let mut states: Vec<StateRow> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    for at in &module.endpoints {
        let endpoint = &inventory.endpoints[*at];
        ids.push(endpoint.id.clone());
        for param in endpoint::params(endpoint) {
            if param.place != "path" {
                add_param(&mut params, param);
            }
        }
        for field in endpoint::fields(&endpoint.observed) {
            if !context.assessment.envelope.has(&field.path) {
                add_field(&mut fields, field);
            }
        }
        for state in endpoint::states(&endpoint.observed) {
            if !states.contains(&state) {
                states.push(state);
            }
        }
    }
    ids.extend(unobserved_ids(context, module, endpoints));
    let gap = matches!(
        module.status,
        Status::Missing | Status::Partial | Status::Unknown
    );
    ModuleRow {
        name: name(context, module),
        summary: module
            .summary
            .as_ref()
            .map(|summary| context.prose(summary))
            .or_else(|| {
                let cohesion = module.cohesion.as_slice();
                context.say_all(cohesion).pop()
            }),
        proposed: matches!(module.name, ModuleName::Proposed(_)),
        status: module.status,
        missing: module.missing,
        priority: if gap { module.priority } else { Level::None },
        priority_reasons: if gap {
            context.say_all(&module.reasons)
        } else {
            vec![context.say(&nothing_to_build(module.status))]
        },
        endpoints: ids,
        params,
        response_fields: fields,
        states,
    }
}

/// The ids of a module's claims that nothing observed is about; rows of claims stand in their order.
fn unobserved_ids(
    context: &Context<'_>,
    module: &Module,
    endpoints: &[EndpointRow],
) -> Vec<String> {
    let rows = endpoints
        .iter()
        .filter(|endpoint| endpoint.status == Status::Unobserved);
    context
        .assessment
        .unobserved
        .iter()
        .zip(rows)
        .filter(|(claim, _)| module.unobserved.contains(claim))
        .map(|(_, row)| row.id.clone())
        .collect()
}

/// One row for each name and place; required if each of the module's endpoints that has it needs it.
fn add_param(params: &mut Vec<ParamRow>, param: ParamRow) {
    let known = params
        .iter_mut()
        .find(|known| known.name == param.name && known.place == param.place);
    match known {
        Some(known) => {
            known.required &= param.required;
            add_values(&mut known.values, param.values);
        }
        None => params.push(param),
    }
}

fn add_field(fields: &mut Vec<FieldRow>, field: FieldRow) {
    match fields.iter_mut().find(|known| known.path == field.path) {
        Some(known) => {
            known.required &= field.required;
            add_values(&mut known.values, field.values);
        }
        None => fields.push(field),
    }
}

fn add_values(values: &mut Vec<String>, more: Vec<String>) {
    values.extend(more);
    values.sort_unstable();
    values.dedup();
}
