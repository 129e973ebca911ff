//! Schemas as lists of fields, by path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Field;
use super::refs::Refs;
use super::tree::{Node, Scalar};
use crate::scope::{KEY, Place, ROOT, is_value_name};
use crate::value::{Kind, Values};

/// Fields of one schema beyond this number are not told apart: anything may lie there.
const MAX_FIELDS: usize = 2_000;
/// Schemas within one another beyond this number are not told apart.
const MAX_DEPTH: usize = 24;
/// Schemas that are looked at for one list of fields.
const MAX_STEPS: usize = 20_000;
/// Schemas put together to one that are looked at for the names that they require.
const MAX_PARTS: usize = 200;
/// How often a reference may be within itself.
const MAX_REPEATS: usize = 2;

/// What is known of one place in a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Spot {
    pub(super) required: bool,
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) values: Vec<String>,
    pub(super) open: bool,
    /// Whether nothing but what is said may lie below it.
    closed: bool,
    pub(super) line: usize,
}

/// The places of a schema by path; the root is the empty path.
#[derive(Debug, Default)]
pub(super) struct Spots(pub(super) BTreeMap<String, Spot>);

impl Spots {
    /// Whether anything may lie at the top.
    pub(super) fn open(&self) -> bool {
        self.0.get("").is_none_or(|root| root.open)
    }

    /// The fields of a JSON body; a body that is one bare value is called `$`.
    pub(super) fn fields(&self, place: Option<Place>) -> Vec<Field> {
        let plain = |spot: &Spot| spot.kinds.iter().any(|kind| !is_container(*kind));
        let fields = self.0.iter();
        let fields = fields.filter(|(path, spot)| !path.is_empty() || plain(spot));
        fields
            .map(|(path, spot)| {
                if path.is_empty() {
                    let holds = spot.kinds.iter().any(|kind| is_container(*kind));
                    let mut root = spot.field(place, ROOT);
                    root.required &= !holds;
                    root
                } else {
                    spot.field(place, path)
                }
            })
            .collect()
    }

    /// The fields of a form or query: the top level only, for below it everybody writes as they
    /// like (`a[b]`, `a.b`, JSON).
    pub(super) fn flat(&self, place: Place) -> Vec<Field> {
        let within = |path: &str| {
            let mut ends = path.match_indices(['.', '[']);
            ends.any(|(end, _)| end > 0 && self.0.contains_key(&path[..end]))
        };
        let top = self.0.iter().filter(|(path, _)| !path.is_empty());
        let top = top.filter(|(path, _)| !path.starts_with('[') && !within(path));
        top.map(|(name, spot)| self.untyped(place, name, spot))
            .collect()
    }

    /// The root as one parameter that is sent as text.
    pub(super) fn param(&self, place: Place, name: &str) -> Field {
        let root = self.0.get("").cloned().unwrap_or_default();
        let mut field = root.field(Some(place), name);
        if let Some(items) = self
            .0
            .get("[]")
            .filter(|_| root.kinds.contains(&Kind::Array))
        {
            field.kinds.clone_from(&items.kinds);
            field.values.clone_from(&items.values);
        }
        field.open = root.kinds.iter().any(|kind| is_container(*kind));
        field.kinds.retain(|kind| !is_container(*kind));
        field
    }

    fn untyped(&self, place: Place, name: &str, spot: &Spot) -> Field {
        let mut field = spot.field(Some(place), name);
        if let Some(items) = self.0.get(&format!("{name}[]")) {
            field.kinds.clone_from(&items.kinds);
            field.values.clone_from(&items.values);
        }
        field.open = spot.open || spot.kinds.iter().any(|kind| is_container(*kind));
        field.kinds.retain(|kind| !is_container(*kind));
        field
    }
}

impl Spot {
    fn field(&self, place: Option<Place>, name: &str) -> Field {
        Field {
            place,
            name: name.to_owned(),
            required: self.required,
            kinds: self.kinds.clone(),
            values: self.values.clone(),
            open: self.open,
            line: self.line,
        }
    }
}

fn is_container(kind: Kind) -> bool {
    matches!(kind, Kind::Array | Kind::Object)
}

/// The places of a schema.
pub(super) fn spots(schema: &Arc<Node>, refs: &Refs<'_>) -> Spots {
    let mut walk = Walk {
        refs,
        values: Values::new(),
        spots: BTreeMap::new(),
        required: BTreeMap::new(),
        within: Vec::new(),
        steps: 0,
    };
    walk.schema(schema, "", true, 0);
    walk.open_what_is_unsaid();
    Spots(walk.spots)
}

struct Walk<'a, 'd> {
    refs: &'a Refs<'d>,
    values: Values,
    spots: BTreeMap<String, Spot>,
    /// The names that the members of an object have to have that is there itself, by its place: what is put
    /// together by `allOf` may say so in another part than the one that describes them.
    required: BTreeMap<String, BTreeSet<String>>,
    /// The references that lead here.
    within: Vec<String>,
    steps: usize,
}

impl Walk<'_, '_> {
    fn spot(&mut self, path: &str, line: usize) -> &mut Spot {
        self.spots.entry(path.to_owned()).or_insert_with(|| Spot {
            line,
            ..Spot::default()
        })
    }

    fn schema(&mut self, schema: &Arc<Node>, path: &str, required: bool, depth: usize) {
        self.steps += 1;
        let full = self.spots.len() >= MAX_FIELDS && !self.spots.contains_key(path);
        if full || depth > MAX_DEPTH || self.steps > MAX_STEPS {
            self.close_off(path);
            return;
        }
        let spot = self.spot(path, schema.line);
        spot.required |= required;
        if required {
            let mut names = BTreeSet::new();
            self.required_names(schema, &mut names, &mut 0);
            if !names.is_empty() {
                let known = self.required.entry(path.to_owned()).or_default();
                known.extend(names);
            }
        }
        if let Some(pointer) = schema.text_of("$ref") {
            self.reference(schema, pointer, path, required, depth);
            if schema.entries().len() == 1 {
                return;
            }
        }
        let kinds = kinds(schema);
        let nullable = kinds.contains(&Kind::Null);
        let values = values(schema);
        let spot = self.spot(path, schema.line);
        spot.kinds.extend(kinds.iter().copied());
        for value in values {
            if !spot.values.contains(&value) {
                spot.values.push(value);
            }
        }
        self.members(schema, path, required && !nullable, depth);
        self.composed(schema, path, required && !nullable, depth);
    }

    /// Places of which nothing is said, or only that they hold something, may hold anything.
    fn open_what_is_unsaid(&mut self) {
        let holds = |path: &str| {
            [".", "["].iter().any(|joint| {
                let start = format!("{path}{joint}");
                let next = self.spots.range(start.clone()..).next();
                next.is_some_and(|(next, _)| next.starts_with(&start))
            })
        };
        let unsaid = |(path, spot): (&String, &Spot)| {
            let below = if path.is_empty() {
                self.spots.len() > 1
            } else {
                holds(path)
            };
            let may_hold = spot.kinds.iter().all(|kind| *kind == Kind::Null)
                || spot.kinds.iter().any(|kind| is_container(*kind));
            let free = may_hold && !below && spot.values.is_empty() && !spot.closed;
            free.then(|| path.clone())
        };
        let unsaid: Vec<String> = self.spots.iter().filter_map(unsaid).collect();
        for path in unsaid {
            self.close_off(&path);
        }
    }

    /// Anything may lie at a place that is no longer looked into, or at the nearest one above it
    /// that is listed.
    fn close_off(&mut self, path: &str) {
        let mut path = path;
        loop {
            if let Some(spot) = self.spots.get_mut(path) {
                spot.open = true;
                return;
            }
            path = &path[..path.rfind(['.', '[']).unwrap_or(0)];
        }
    }

    fn reference(
        &mut self,
        schema: &Arc<Node>,
        pointer: &str,
        path: &str,
        required: bool,
        depth: usize,
    ) {
        let repeats = self.within.iter().filter(|known| *known == pointer).count();
        match self.refs.resolve(schema) {
            Some(target) if repeats < MAX_REPEATS => {
                self.within.push(pointer.to_owned());
                self.schema(&target, path, required, depth + 1);
                self.within.pop();
            }
            target => {
                let kinds = target.map(|target| kinds(&target)).unwrap_or_default();
                let spot = self.spot(path, schema.line);
                spot.open = true;
                spot.kinds.extend(kinds);
            }
        }
    }

    /// The members of an object and the items of an array.
    fn members(&mut self, schema: &Arc<Node>, path: &str, required: bool, depth: usize) {
        for (key, member) in schema
            .get("properties")
            .map(|p| p.entries())
            .unwrap_or_default()
        {
            let names = self.required.get(path).filter(|_| required);
            let always = names.is_some_and(|names| names.contains(&key.text));
            let below = self.below(path, &key.text);
            if self.spots.len() < MAX_FIELDS {
                self.spot(&below, key.line);
            }
            self.schema(member, &below, always, depth + 1);
        }
        for key in ["additionalProperties", "unevaluatedProperties"] {
            let Some(free) = schema.get(key) else {
                continue;
            };
            if free.is_map() && !free.entries().is_empty() {
                self.schema(free, &join(path, KEY), false, depth + 1);
            } else if free.scalar() == Some(Scalar::Bool) && free.text() == Some("false") {
            } else {
                self.spot(path, schema.line).open = true;
            }
        }
        for (_, member) in schema
            .get("patternProperties")
            .map(|p| p.entries())
            .unwrap_or_default()
        {
            self.schema(member, &join(path, KEY), false, depth + 1);
        }
        let items = schema.get("items").into_iter();
        let items = items.chain(
            schema
                .get("prefixItems")
                .map(|i| i.items())
                .unwrap_or_default(),
        );
        for item in items {
            self.schema(item, &format!("{path}[]"), false, depth + 1);
        }
    }

    /// Adds the names that all parts of a schema require.
    fn required_names(&self, schema: &Arc<Node>, names: &mut BTreeSet<String>, seen: &mut usize) {
        if *seen >= MAX_PARTS {
            return;
        }
        *seen += 1;
        let items = |key: &str| schema.get(key).map(|list| list.items()).unwrap_or_default();
        let listed = items("required").iter().filter_map(|name| name.text());
        names.extend(listed.map(str::to_owned));
        let target = schema
            .text_of("$ref")
            .and_then(|_| self.refs.resolve(schema));
        for part in items("allOf").iter().chain(&target) {
            self.required_names(part, names, seen);
        }
    }

    /// What is put together of other schemas.
    fn composed(&mut self, schema: &Arc<Node>, path: &str, required: bool, depth: usize) {
        let parts = |key: &str| schema.get(key).map(|list| list.items()).unwrap_or_default();
        for part in parts("allOf") {
            self.schema(part, path, required, depth + 1);
        }
        for key in ["oneOf", "anyOf"] {
            let real = parts(key)
                .iter()
                .filter(|part| part.text_of("type") != Some("null"));
            let always = required && real.count() == 1 && parts(key).len() == 1;
            for part in parts(key) {
                self.schema(part, path, always, depth + 1);
            }
        }
    }

    fn below(&self, path: &str, name: &str) -> String {
        if is_value_name(name, &self.values) {
            join(path, KEY)
        } else {
            join(path, name)
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The types that a schema says, or that follow from its other words.
fn kinds(schema: &Node) -> BTreeSet<Kind> {
    let said = schema.get("type");
    let words = said.into_iter().flat_map(|said| {
        let one = said.text().into_iter();
        one.chain(said.items().iter().filter_map(|item| item.text()))
    });
    let binary = matches!(schema.text_of("format"), Some("binary"))
        || schema.text_of("contentMediaType") == Some("application/octet-stream");
    let mut kinds: BTreeSet<Kind> = words
        .filter_map(|word| match word {
            "string" if binary => Some(Kind::File),
            "string" => Some(Kind::String),
            "integer" => Some(Kind::Integer),
            "number" => Some(Kind::Number),
            "boolean" => Some(Kind::Boolean),
            "array" => Some(Kind::Array),
            "object" => Some(Kind::Object),
            "null" => Some(Kind::Null),
            "file" => Some(Kind::File),
            _ => None,
        })
        .collect();
    if kinds.is_empty() {
        if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
            kinds.insert(Kind::Object);
        } else if schema.get("items").is_some() {
            kinds.insert(Kind::Array);
        }
    }
    if schema.is_true("nullable") || schema.is_true("x-nullable") {
        kinds.insert(Kind::Null);
    }
    kinds
}

/// The values that a schema lists.
fn values(schema: &Node) -> Vec<String> {
    let listed = schema
        .get("enum")
        .map(|list| list.items())
        .unwrap_or_default();
    let listed = listed.iter().chain(schema.get("const"));
    listed
        .filter_map(|value| value.text())
        .map(str::to_owned)
        .collect()
}
