//! JSON Schemas of what was observed.

use std::collections::BTreeSet;

use super::json::Json;
use super::tree::Tree;
use crate::scope::KEY;
use crate::value::Kind;

/// Constants of a place from this number on are an enumeration; one alone is an example.
const ENUM: usize = 2;

/// The schema of a place in a JSON body.
pub(super) fn of_json(tree: &Tree) -> Json {
    let kinds = tree.types();
    let mut schema = typed(&kinds);
    constants(&mut schema, &kinds, &tree.values);
    if kinds.contains(&Kind::Object) {
        object(&mut schema, tree);
    }
    if kinds.contains(&Kind::Array) {
        let items = tree.items.as_deref().map_or_else(Json::object, of_json);
        schema.put("items", items);
    }
    schema
}

/// The schema of what is sent as text: in the path, the query or a form.
pub(super) fn of_text(kinds: &BTreeSet<Kind>, values: &[String]) -> Json {
    let mut kinds: BTreeSet<Kind> = kinds
        .iter()
        .copied()
        .filter(|kind| !matches!(kind, Kind::Null | Kind::Object | Kind::Array))
        .collect();
    if kinds.contains(&Kind::File) {
        return typed(&BTreeSet::from([Kind::File]));
    }
    // A text is what numbers and truth values are too.
    if kinds.is_empty() || kinds.contains(&Kind::String) {
        kinds = BTreeSet::from([Kind::String]);
    } else if kinds.contains(&Kind::Number) {
        kinds.remove(&Kind::Integer);
    }
    let mut schema = typed(&kinds);
    constants(&mut schema, &kinds, values);
    schema
}

fn typed(kinds: &BTreeSet<Kind>) -> Json {
    let mut names: Vec<&str> = kinds
        .iter()
        .map(|kind| match kind {
            Kind::File => "string",
            kind => kind.name(),
        })
        .collect();
    names.sort_by_key(|name| *name == "null");
    names.dedup();
    let schema = Json::object();
    let schema = match names.as_slice() {
        [] => schema,
        [name] => schema.with("type", *name),
        names => schema.with(
            "type",
            names
                .iter()
                .map(|name| Json::from(*name))
                .collect::<Vec<_>>(),
        ),
    };
    if kinds.contains(&Kind::File) {
        schema.with("format", "binary")
    } else {
        schema
    }
}

/// Adds constants: an enumeration, or the one as an example.
fn constants(schema: &mut Json, kinds: &BTreeSet<Kind>, values: &[String]) {
    let mut real = kinds.iter().filter(|kind| **kind != Kind::Null);
    let (Some(kind), None) = (real.next(), real.next()) else {
        return;
    };
    let literals = values.iter().map(|value| literal(*kind, value));
    let Some(mut literals) = literals.collect::<Option<Vec<Json>>>() else {
        return;
    };
    if literals.len() >= ENUM {
        if kinds.contains(&Kind::Null) {
            literals.push(Json::Null);
        }
        schema.put("enum", literals);
    } else if !literals.is_empty() {
        schema.put("examples", literals);
    }
}

/// A constant as a JSON value of a type; nothing where a type needs no constants, or has none.
pub(super) fn literal(kind: Kind, value: &str) -> Option<Json> {
    match kind {
        Kind::Integer => value.parse().ok().map(Json::Integer),
        Kind::Number => {
            let number: f64 = value.parse().ok()?;
            number.is_finite().then_some(Json::Number(number))
        }
        Kind::String => Some(Json::Text(value.to_owned())),
        Kind::Null | Kind::Boolean | Kind::Array | Kind::Object | Kind::File => None,
    }
}

fn object(schema: &mut Json, tree: &Tree) {
    let mut properties = Json::object();
    let mut required = Vec::new();
    for (name, member) in tree.members.iter().filter(|(name, _)| *name != KEY) {
        properties.put(name.clone(), of_json(member));
        if tree.requires(member) {
            required.push(Json::Text(name.clone()));
        }
    }
    if !properties.is_empty() {
        schema.put("properties", properties);
    }
    if !required.is_empty() {
        schema.put("required", required);
    }
    if let Some(any) = tree.members.get(KEY) {
        schema.put("additionalProperties", of_json(any));
    }
}
