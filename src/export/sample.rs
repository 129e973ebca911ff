//! Skeletons of requests: every name, with a placeholder or a constant in place of each value.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::api::{Call, Param};
use super::json::Json;
use super::schema::literal;
use super::tree::Tree;
use crate::route::{Part, Piece};
use crate::value::Kind;

/// What does not stand in a path or query as it is.
const URL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// The same for a segment of a path.
const SEGMENT: &AsciiSet = &URL.add(b'/').add(b':');

/// Bodies that show the names of one request, at most.
const MAX_FORMS: usize = 8;

/// A body with a value for each name: a constant, or the plainest of its type.
pub(super) fn body(tree: &Tree) -> Json {
    form(tree, 0)
}

/// As many bodies as it takes to show every name: a place that was an object and a list, say, is
/// either in turn.
pub(super) fn bodies(tree: &Tree) -> Vec<Json> {
    (0..forms(tree)).map(|at| form(tree, at)).collect()
}

/// How many bodies it takes to show each form of a place with all that is below it.
fn forms(tree: &Tree) -> usize {
    let own = own_forms(tree);
    let all: usize = own.iter().map(|kind| forms_as(tree, *kind)).sum();
    all.clamp(1, MAX_FORMS)
}

/// The same of a place that is an object, a list, or a plain value.
fn forms_as(tree: &Tree, kind: Kind) -> usize {
    match kind {
        Kind::Object => tree.members.values().map(forms).max().unwrap_or(1),
        Kind::Array => tree.items.as_deref().map_or(1, forms),
        _ => 1,
    }
}

fn own_forms(tree: &Tree) -> Vec<Kind> {
    let kinds = tree.types();
    let mut own: Vec<Kind> = [Kind::Object, Kind::Array]
        .into_iter()
        .filter(|kind| kinds.contains(kind))
        .collect();
    let plain = |kind: &&Kind| !matches!(kind, Kind::Object | Kind::Array);
    own.extend(kinds.iter().find(plain));
    own
}

/// One of the bodies, counted around.
fn form(tree: &Tree, at: usize) -> Json {
    let mut at = at % forms(tree);
    let mut chosen = None;
    for kind in own_forms(tree) {
        let count = forms_as(tree, kind);
        if at < count {
            chosen = Some(kind);
            break;
        }
        at -= count;
    }
    match chosen {
        Some(Kind::Object) => {
            let members = tree.members.iter();
            Json::Object(
                members
                    .map(|(name, member)| (name.clone(), form(member, at)))
                    .collect(),
            )
        }
        Some(Kind::Array) => Json::List(tree.items.iter().map(|items| form(items, at)).collect()),
        _ => {
            let plain = tree.types().into_iter();
            let plain = plain.filter(|kind| !matches!(kind, Kind::Object | Kind::Array));
            scalar(&plain.collect(), &tree.values)
        }
    }
}

fn scalar(kinds: &BTreeSet<Kind>, values: &[String]) -> Json {
    let kind = kinds.iter().find(|kind| **kind != Kind::Null).copied();
    let constant = kind.and_then(|kind| literal(kind, values.first()?));
    constant.unwrap_or(match kind {
        Some(Kind::Boolean) => Json::Bool(false),
        Some(Kind::Integer | Kind::Number) => Json::Integer(0),
        Some(_) => Json::Text(String::new()),
        None => Json::Null,
    })
}

/// What stands for the value of a parameter, else its first constant.
pub(super) fn constant<'p>(param: &'p Param<'_>) -> Option<&'p str> {
    let sample = param.sample.as_ref();
    sample.or(param.values.first()).map(String::as_str)
}

/// A text as it stands in a query.
pub(super) fn in_query(text: &str) -> String {
    utf8_percent_encode(text, URL).to_string()
}

/// The path with what `param` makes of each parameter's name.
pub(super) fn path(call: &Call, param: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let literal = |text: &str| utf8_percent_encode(text, SEGMENT).to_string();
    for part in &call.route.parts {
        out.push('/');
        match part {
            Part::Literal(text) => out.push_str(&literal(text)),
            Part::Param(name) => out.push_str(&param(name)),
            Part::Mixed(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Literal(text) => out.push_str(&literal(text)),
                        Piece::Param(name) => out.push_str(&param(name)),
                    }
                }
            }
        }
    }
    if call.route.slash || call.route.parts.is_empty() {
        out.push('/');
    }
    out
}
