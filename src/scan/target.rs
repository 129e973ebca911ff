//! What is looked for: the endpoints of an inventory or a description.

use super::pattern::{HOLE, glob};
use crate::inventory::{Endpoint, Inventory};
use crate::route::{Part, Piece, Template};
use crate::scope::Place;
use crate::spec::{Description, Operation};
use crate::value::Kind;

/// Stands for the value of a parameter: no text of source is it, only a wildcard.
pub(super) const VALUE: char = '\u{1}';

/// An endpoint that is looked for in source code.
#[derive(Debug, Clone)]
pub struct Target {
    /// The method, in upper case.
    pub method: String,
    /// The route.
    pub route: Template,
    /// The host, where it is known.
    pub host: Option<String>,
    /// The hosts that it is at, as far as they are known.
    pub hosts: Vec<String>,
    /// The operation, where the route serves several.
    pub operation: Option<String>,
    /// The parameters that were seen or described, without those of the path.
    pub params: Vec<String>,
    /// Where a description mounts the route: segments that may stand in front of it.
    pub bases: Vec<Vec<String>>,
}

impl Target {
    /// The endpoints of an inventory.
    pub fn of(inventory: &Inventory) -> Vec<Target> {
        inventory.endpoints.iter().map(Target::from).collect()
    }

    /// The operations of a description.
    pub fn described(description: &Description) -> Vec<Target> {
        description.operations.iter().map(Target::from).collect()
    }

    /// The segments as text, with [`VALUE`] for what varies.
    pub(super) fn segments(&self) -> Vec<String> {
        let text = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Param(_) => VALUE.to_string(),
            Part::Mixed(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => text.clone(),
                    Piece::Param(_) => VALUE.to_string(),
                })
                .collect(),
        };
        self.route.parts.iter().map(text).collect()
    }
}

impl From<&Endpoint> for Target {
    fn from(endpoint: &Endpoint) -> Self {
        let mut sent: Vec<_> = endpoint.observed.params.iter().collect();
        sent.sort_by_key(|((place, _), known)| (*place, known.rank));
        let mut params: Vec<String> = Vec::new();
        for ((_, name), known) in sent {
            let holds = |kind: &Kind| matches!(kind, Kind::Object | Kind::Array);
            // A container counts by what it holds.
            let container = known.kinds.iter().all(holds);
            if !container && !params.contains(name) {
                params.push(name.clone());
            }
        }
        Target {
            method: endpoint.method.clone(),
            route: endpoint.route.clone(),
            host: Some(endpoint.host.clone()),
            hosts: vec![endpoint.host.clone()],
            operation: endpoint.operation.as_ref().map(|o| o.name.clone()),
            params,
            bases: Vec::new(),
        }
    }
}

impl From<&Operation> for Target {
    fn from(operation: &Operation) -> Self {
        let mut params: Vec<String> = Vec::new();
        for field in &operation.params {
            // Headers and cookies are set in one place, and what is optional may be left out.
            let sent = matches!(field.place, Some(Place::Query | Place::Form | Place::Json));
            if sent && field.required && !field.open && !params.contains(&field.name) {
                params.push(field.name.clone());
            }
        }
        let text = |part: &Part| match part {
            Part::Literal(text) => text.clone(),
            Part::Param(_) | Part::Mixed(_) => HOLE.to_string(),
        };
        Target {
            method: operation.method.clone(),
            route: operation.route.clone(),
            host: None,
            hosts: operation
                .bases
                .iter()
                .filter_map(|base| base.host.clone())
                .collect(),
            operation: operation.operation.clone(),
            params,
            bases: operation
                .bases
                .iter()
                .map(|base| base.path.iter().map(text).collect())
                .collect(),
        }
    }
}

/// How a segment of source agrees with one of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Text with the same text.
    Text,
    /// A wildcard where the route has a parameter.
    Value,
    /// A text that looks like a value where the route has a parameter.
    Example,
    /// A wildcard where the route has text.
    Guess,
    No,
}

/// Compares a segment of source with one of a route.
pub(super) fn fit(source: &str, route: &str) -> Fit {
    let wild = source.contains(HOLE);
    let varies = route.contains(VALUE);
    match (wild, varies) {
        (false, false) if source == route => Fit::Text,
        (false, false) => Fit::No,
        (false, true) => {
            let digits = source.bytes().any(|b| b.is_ascii_digit());
            let whole = route.chars().eq([VALUE]);
            if digits && whole && !is_version(source) {
                Fit::Example
            } else {
                Fit::No
            }
        }
        (true, _) if !glob(source, route) => Fit::No,
        (true, true) => Fit::Value,
        (true, false) => {
            let literal = source.trim_matches(HOLE);
            // `json` + a query string that may follow.
            if literal == route {
                Fit::Text
            } else {
                Fit::Guess
            }
        }
    }
}

/// Whether a segment is the version of an API: `v1`, `v1.41`, `2.0`.
pub(super) fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
    let dotted = segment.len() != digits.len() || digits.contains('.');
    dotted && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
