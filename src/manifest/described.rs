//! Descriptions of APIs as manifests: each operation is a claim.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Claim, Description, Manifest};
use crate::config::words::quote;
use crate::config::{Diagnostic, Diagnostics, Marker, Prose, SpecConfig, Status};
use crate::spec::{self, Operation};

/// The extension by which a description says the status of an operation itself, as those that
/// harcov writes do.
const STATUS: &str = "x-harcov-status";

/// Reads a description as a manifest; without rules, whatever it describes counts as implemented.
///
/// # Errors
/// The file cannot be read, or describes no API.
pub(super) fn load(file: &Path, rules: Option<&SpecConfig>) -> Result<Manifest, Diagnostics> {
    let description = spec::load(file)?;
    let operations = &description.operations;
    let mut warnings = description.warnings;
    warnings.extend(operations.iter().filter_map(unknown_status));
    let name: Arc<str> = description.file.as_str().into();
    let claims = operations.iter().map(|operation| Claim {
        description: Some(Arc::clone(&name)),
        ..claim(operation, rules)
    });
    Ok(Manifest {
        claims: claims.collect(),
        overruled: Vec::new(),
        descriptions: vec![Description {
            file: description.file,
            format: description.format,
            title: description.title,
            operations: operations.len(),
        }],
        warnings,
    })
}

/// What an operation claims: it is implemented, unless something marks it.
fn claim(operation: &Operation, rules: Option<&SpecConfig>) -> Claim {
    let (status, marked) = match rules {
        Some(rules) => status(operation, rules),
        None => (Status::Implemented, None),
    };
    Claim {
        method: operation.method.clone(),
        host: None,
        route: operation.route.clone(),
        operation: operation.operation.clone(),
        status,
        params: None,
        values: BTreeMap::new(),
        title: operation.summary.clone().map(Prose::from),
        source: Vec::new(),
        note: None,
        reason: marked
            .filter(|_| status == Status::Excluded)
            .map(|marker| reason(operation, marker)),
        date: None,
        until: None,
        reference: None,
        priority: None,
        location: operation.location.clone(),
        described: Some(Arc::new(operation.clone())),
        description: None,
    }
}

/// The status of an operation, and what marks it so.
fn status<'r>(operation: &Operation, rules: &'r SpecConfig) -> (Status, Option<&'r Marker>) {
    let marks = [
        (Status::Excluded, &rules.excluded),
        (Status::Missing, &rules.missing),
        (Status::Partial, &rules.partial),
    ];
    let marked = marks.into_iter().find_map(|(status, markers)| {
        let marker = markers.iter().find(|marker| carries(operation, marker))?;
        Some((status, Some(marker)))
    });
    marked.unwrap_or_else(|| (said_itself(operation).unwrap_or(Status::Implemented), None))
}

/// What an operation can say of itself.
const CLAIMABLE: [Status; 5] = [
    Status::Implemented,
    Status::Partial,
    Status::Missing,
    Status::Unknown,
    Status::Excluded,
];

fn said_itself(operation: &Operation) -> Option<Status> {
    let said = operation.extensions.get(STATUS)?;
    CLAIMABLE.into_iter().find(|status| status.name() == said)
}

/// A warning where an operation says something of itself that is no status.
fn unknown_status(operation: &Operation) -> Option<Diagnostic> {
    let said = operation.extensions.get(STATUS)?;
    if said_itself(operation).is_some() {
        return None;
    }
    let message = format!("`{STATUS}` is {}, which is no status", quote(said));
    let words = CLAIMABLE.map(|status| format!("`{}`", status.name()));
    Some(
        Diagnostic::error(operation.location.clone(), message)
            .remedy(format!("write one of {}", words.join(", ")))
            .warning(),
    )
}

/// Whether an operation carries a mark.
fn carries(operation: &Operation, marker: &Marker) -> bool {
    match marker {
        Marker::Extension(name) => operation
            .extensions
            .get(name)
            .is_some_and(|text| text != "false"),
        Marker::Tag(tag) => operation.tags.contains(tag),
        Marker::Deprecated => operation.deprecated,
    }
}

/// Why it is left out: what the extension says, or the mark itself.
fn reason(operation: &Operation, marker: &Marker) -> Prose {
    let text = match marker {
        Marker::Extension(name) => {
            let said = operation.extensions.get(name).map(String::as_str);
            match said {
                Some(said) if !said.is_empty() && said != "true" => said.to_owned(),
                _ => format!("`{name}`"),
            }
        }
        Marker::Tag(tag) => format!("`tag:{}`", tag.replace('`', "'")),
        Marker::Deprecated => "`deprecated`".to_owned(),
    };
    Prose::from(text)
}
