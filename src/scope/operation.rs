//! Operations behind one route: GraphQL, JSON-RPC, SOAP, XML-RPC, and programs told what to do by a parameter.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::capture::{Body, JsonEvent, JsonVisitor, Request, walk_json};
use crate::value::{Segment, SegmentPiece, Sensitive, Tokens, holds_value};

use super::exchange::{Operation, Param, Place, Protocol};
use super::location::Location;
use super::places::KEY;
use super::{soap, xmlrpc};

/// Names longer than this are no names.
const MAX_NAME: usize = 120;

/// An operation, and whether it changes state where the protocol says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) operation: Operation,
    pub(super) writes: Option<bool>,
    /// Whether there is a GraphQL document.
    pub(super) document: bool,
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
    names.sort_unstable();
    names.dedup();
    let writes = found.iter().any(|f| f.writes != Some(false));
    let document = found.iter().all(|f| f.document);
    let found = named(first.operation.protocol, &names.join("+"), Some(writes))?;
    Some(Found { document, ..found })
}

fn in_query(location: &Location) -> Option<Found> {
    let mut call = Call::default();
    for (name, value) in location.query() {
        match name.as_ref() {
            "query" => call.query = Some(value.into_owned()),
            "operationName" => call.operation_name = Some(value.into_owned()),
            "extensions" => call.extensions = true,
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
    jsonrpc: bool,
    method: Option<String>,
}

impl Call {
    fn operation(&self) -> Option<Found> {
        if self.jsonrpc {
            return named(Protocol::JsonRpc, self.method.as_deref()?, None);
        }
        let document = self.query.as_deref().filter(|text| is_graphql(text));
        if document.is_none() && !(self.extensions && self.operation_name.is_some()) {
            return None;
        }
        let name = self.operation_name.as_deref().filter(|n| !n.is_empty());
        let writes = document.map(is_mutation);
        let name = match (name, document) {
            (Some(name), _) => name,
            (None, document) => document_name(document?)?,
        };
        let document = document.is_some();
        let found = named(Protocol::Graphql, name, writes)?;
        Some(Found { document, ..found })
    }
}

/// Whether a text is a GraphQL document.
pub(crate) fn is_graphql(text: &str) -> bool {
    let text = skip_ignored(text);
    text.contains('{')
        && (text.starts_with('{')
            || ["query", "mutation", "subscription", "fragment"]
                .iter()
                .any(|keyword| strip_keyword(text, keyword).is_some()))
}

/// Whether a document holds a mutation; a document may hold fragments before it.
fn is_mutation(document: &str) -> bool {
    document.match_indices("mutation").any(|(at, _)| {
        let before = document[..at].trim_end_matches([' ', '\t', '\r', '\n', ',']);
        (before.is_empty() || before.ends_with('}'))
            && strip_keyword(&document[at..], "mutation").is_some()
    })
}

fn strip_keyword<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    text.strip_prefix(keyword)
        .filter(|rest| rest.starts_with([' ', '\t', '\r', '\n', '{', '(', '@']))
}

/// Drops blanks and `#` comments.
fn skip_ignored(text: &str) -> &str {
    let mut text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    while let Some(comment) = text.strip_prefix('#') {
        text = comment.split_once('\n').map_or("", |(_, rest)| rest);
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    text
}

/// The name of a document's first operation, or its first root field if it is anonymous.
fn document_name(document: &str) -> Option<&str> {
    let mut text = skip_ignored(document);
    while let Some(rest) = strip_keyword(text, "fragment") {
        let close = rest.find('}')?;
        text = skip_ignored(&rest[close + 1..]);
    }
    for keyword in ["query", "mutation", "subscription"] {
        if let Some(rest) = strip_keyword(text, keyword) {
            text = skip_ignored(rest);
            if let Some(name) = leading_name(text) {
                return Some(name);
            }
        }
    }
    let fields = skip_ignored(&text[text.find('{')? + 1..]);
    let first = leading_name(fields)?;
    let behind = skip_ignored(&fields[first.len()..]);
    match behind.strip_prefix(':') {
        Some(field) => leading_name(skip_ignored(field)),
        None => Some(first),
    }
}

fn leading_name(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// Collects the members of the outermost object, or of each object of an outermost array.
#[derive(Default)]
struct Calls {
    found: Vec<Call>,
    depth: usize,
    /// The depth of the calls' members: 1, or 2 in a batch.
    members: usize,
    key: String,
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

    #[test]
    fn graphql_documents_are_named() {
        for (document, name) in [
            (
                "query GetUser($id: ID!) { user(id: $id) { id } }",
                "GetUser",
            ),
            ("{ viewer { login } }", "viewer"),
            ("mutation { alias: addItem(id: 1) { id } }", "addItem"),
            ("# c\nquery{me{id}}", "me"),
            ("fragment F on U { id } query Q { u { ...F } }", "Q"),
        ] {
            assert!(is_graphql(document), "{document}");
            assert_eq!(document_name(document), Some(name), "{document}");
        }
        assert!(!is_graphql("queryable things {}"));
        assert!(!is_graphql("harry potter"));
    }
}
