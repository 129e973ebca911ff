//! Operations behind one route: GraphQL, JSON-RPC, SOAP, XML-RPC, and programs told what to do by a parameter.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::capture::{Body, JsonEvent, JsonVisitor, Request, walk_json};
use crate::value::{Segment, SegmentPiece, Sensitive, Tokens, holds_value};

use super::exchange::{Operation, Param, Place, Protocol};
use super::location::Location;
use super::places::KEY;
use super::{graphql, soap, xmlrpc};

/// Names longer than this are no names.
const MAX_NAME: usize = 120;

/// An operation, and whether it changes state where the protocol says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) operation: Operation,
    pub(super) writes: Option<bool>,
    /// Whether there is a GraphQL document.
    pub(super) document: bool,
    /// What else it asks for than its parameters tell: hashes of its documents, and the order of a batch.
    pub(super) asks: Vec<String>,
}

/// The operation that a request asks for, where its protocol names one.
pub(super) fn operation(
    location: &Location,
    request: &Request<'_>,
    body: &Body<'_>,
) -> Option<Found> {
    soap::operation(request, body)
        .or_else(|| xmlrpc::operation(body))
        .or_else(|| in_body(body))
        .or_else(|| in_query(location))
}

/// The table `operation.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    actions: Vec<String>,
    programs: Vec<String>,
    gateways: Vec<String>,
    pub(super) envelopes: Vec<String>,
}

pub(super) fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("operation.toml")).expect("operation.toml is valid")
    })
}

/// The operation that a parameter names, where the route is one program for many operations.
pub(super) fn by_action(location: &Location, params: &[Param]) -> Option<Operation> {
    let rules = rules();
    let last = location.segments.last().map_or("", String::as_str);
    let last = last.to_ascii_lowercase();
    let program = rules.gateways.contains(&last)
        || rules.programs.iter().any(|ending| last.ends_with(ending));
    let param = params.iter().filter(|_| program).find(|param| {
        matches!(param.place, Place::Query | Place::Form) && rules.actions.contains(&param.name)
    })?;
    named(Protocol::Action, param.value.word.as_deref()?, None).map(|found| found.operation)
}

/// Whether a parameter of this name tells one program what to do.
pub(crate) fn names_action(name: &str) -> bool {
    rules().actions.iter().any(|action| action == name)
}

/// An operation of this name, if it can be one.
pub(super) fn named(protocol: Protocol, name: &str, writes: Option<bool>) -> Option<Found> {
    let name = name.trim();
    let valid = !name.is_empty()
        && name.len() <= MAX_NAME
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.:/+-#".contains(c));
    let is_value = |part: &str| {
        Sensitive::built_in().is_name(part)
            || holds_value(part)
            || matches!(
                Segment::parse(part, &Tokens::default()).pieces(),
                [SegmentPiece::Value(_)]
            )
    };
    let shown = if name.split(['.', '/', '+', '#', ':']).any(is_value) {
        KEY
    } else {
        name
    };
    valid.then(|| Found {
        operation: Operation {
            protocol,
            name: shown.to_owned(),
        },
        writes,
        document: false,
        asks: Vec::new(),
    })
}

/// The operation that a JSON body names, where its protocol has such.
pub(crate) fn operation_in_json(text: &str) -> Option<Operation> {
    in_json(text).map(|found| found.operation)
}

fn in_body(body: &Body<'_>) -> Option<Found> {
    in_json(body.text()?)
}

fn in_json(text: &str) -> Option<Found> {
    if !super::nested::looks_like_json(text) {
        return None;
    }
    let mut calls = Calls::default();
    walk_json(text, &mut calls).ok()?;
    let found: Vec<Found> = calls.found.iter().filter_map(Call::operation).collect();
    let first = found.first()?;
    if found.len() == 1 {
        return Some(first.clone());
    }
    let mut names: Vec<&str> = found.iter().map(|f| f.operation.name.as_str()).collect();
    let asks = found.iter().flat_map(|f| {
        let name = std::iter::once(&f.operation.name);
        name.chain(&f.asks).cloned()
    });
    let asks = asks.collect();
    names.sort_unstable();
    names.dedup();
    let writes = found.iter().any(|f| f.writes != Some(false));
    let document = found.iter().all(|f| f.document);
    let found = named(first.operation.protocol, &names.join("+"), Some(writes))?;
    Some(Found {
        document,
        asks,
        ..found
    })
}

fn in_query(location: &Location) -> Option<Found> {
    let mut call = Call::default();
    for (name, value) in location.query() {
        match name.as_ref() {
            "query" => call.query = Some(value.into_owned()),
            "operationName" => call.operation_name = Some(value.into_owned()),
            "extensions" => {
                call.extensions = true;
                call.hash = Calls::hash_in(&value);
            }
            _ => {}
        }
    }
    call.operation()
}

/// What one call of a (possibly batched) body says of its operation.
#[derive(Default)]
struct Call {
    query: Option<String>,
    operation_name: Option<String>,
    extensions: bool,
    /// The hash that stands for the document.
    hash: Option<String>,
    jsonrpc: bool,
    method: Option<String>,
}

impl Call {
    fn operation(&self) -> Option<Found> {
        if self.jsonrpc {
            return named(Protocol::JsonRpc, self.method.as_deref()?, None);
        }
        let document = self
            .query
            .as_deref()
            .filter(|text| graphql::is_graphql(text));
        if document.is_none() && !(self.extensions && self.operation_name.is_some()) {
            return None;
        }
        let name = self.operation_name.as_deref().filter(|n| !n.is_empty());
        let writes = document.map(graphql::is_mutation);
        let name = match (name, document) {
            (Some(name), _) => name,
            (None, document) => graphql::document_name(document?)?,
        };
        let found = named(Protocol::Graphql, name, writes)?;
        let hash = self.hash.as_ref().map(|hash| hash.to_ascii_lowercase());
        let asks = hash.or_else(|| document.map(graphql::hash));
        Some(Found {
            document: document.is_some(),
            asks: asks.into_iter().collect(),
            ..found
        })
    }
}

/// Collects the members of the outermost object, or of each object of an outermost array.
#[derive(Default)]
struct Calls {
    found: Vec<Call>,
    depth: usize,
    /// The depth of the calls' members: 1, or 2 in a batch.
    members: usize,
    key: String,
    /// Whether the next text is the hash of a document.
    at_hash: bool,
}

/// The extension that says the hash of a document.
const HASH: &str = "sha256Hash";

impl Calls {
    /// The hash that the text of a call's extensions says.
    fn hash_in(extensions: &str) -> Option<String> {
        let mut calls = Calls {
            found: vec![Call::default()],
            depth: 1,
            members: 1,
            key: "extensions".to_owned(),
            at_hash: false,
        };
        walk_json(extensions, &mut calls).ok()?;
        calls.found.pop()?.hash
    }
}

impl JsonVisitor for Calls {
    fn event(&mut self, event: JsonEvent<'_>) {
        match event {
            JsonEvent::ArrayStart | JsonEvent::ObjectStart => {
                let object = matches!(event, JsonEvent::ObjectStart);
                if self.depth == 0 {
                    self.members = if object { 1 } else { 2 };
                }
                self.depth += 1;
                if object && self.depth == self.members && self.found.len() < 100 {
                    self.found.push(Call::default());
                }
                if object
                    && self.depth == self.members + 1
                    && self.key == "extensions"
                    && let Some(call) = self.found.last_mut()
                {
                    call.extensions = true;
                }
            }
            JsonEvent::ArrayEnd | JsonEvent::ObjectEnd => self.depth = self.depth.saturating_sub(1),
            JsonEvent::Key(key) if self.depth == self.members => {
                self.key.clear();
                self.key.push_str(key);
                self.at_hash = false;
            }
            JsonEvent::Key(key) => self.at_hash = self.key == "extensions" && key == HASH,
            JsonEvent::String(text) if self.at_hash => {
                self.at_hash = false;
                if let Some(call) = self.found.last_mut() {
                    call.hash = Some(text.to_owned());
                }
            }
            JsonEvent::String(text) if self.depth == self.members => {
                let Some(call) = self.found.last_mut() else {
                    return;
                };
                match self.key.as_str() {
                    "query" => call.query = Some(text.to_owned()),
                    "operationName" => call.operation_name = Some(text.to_owned()),
                    "jsonrpc" => call.jsonrpc = true,
                    "method" => call.method = Some(text.to_owned()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_values_are_not_shown() {
        let name = |name: &str| named(Protocol::JsonRpc, name, None).unwrap().operation.name;
        assert_eq!(name("GetUser"), "GetUser");
        assert_eq!(name("wallet.getBalance2"), "wallet.getBalance2");
        for value in [
            "GetUser13800138000",
            "13800138000",
            "user.9f86d081884c7d659a2f",
        ] {
            assert_eq!(name(value), KEY, "{value}");
        }
    }
}
