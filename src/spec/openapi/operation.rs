//! One operation of an OpenAPI file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::route::Template;
use crate::scope::Place;
use crate::spec::refs::Refs;
use crate::spec::schema::{Spots, spots};
use crate::spec::tree::{Content, Node};
use crate::spec::{Field, Notes, Operation, StatusPattern};
use crate::value::Kind;

/// The extension that names an operation where a route serves several.
const OPERATION: &str = "x-harcov-operation";
/// Headers that OpenAPI says are described elsewhere.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Reads operations with what the document says of all of them.
pub(super) struct Reader<'a, 'd> {
    root: &'a Node,
    refs: &'a Refs<'d>,
    /// Query parameters that carry credentials.
    keys: Vec<Field>,
}

/// What is read of one body.
#[derive(Default)]
struct Body {
    fields: Vec<Field>,
    open: bool,
}

impl<'a, 'd> Reader<'a, 'd> {
    pub(super) fn new(root: &'a Node, refs: &'a Refs<'d>) -> Self {
        let components = root
            .get("components")
            .and_then(|c| c.get("securitySchemes"));
        let schemes = components.or_else(|| root.get("securityDefinitions"));
        let keys = schemes.map(|schemes| schemes.entries()).unwrap_or_default();
        let keys = keys.iter().filter_map(|(_, scheme)| {
            let scheme = refs.resolve(scheme)?;
            let name = scheme.text_of("name")?;
            (scheme.text_of("in") == Some("query")).then(|| Field {
                place: Some(Place::Query),
                name: name.to_owned(),
                required: false,
                kinds: BTreeSet::new(),
                values: Vec::new(),
                open: false,
                line: scheme.line,
            })
        });
        Reader {
            root,
            refs,
            keys: keys.collect(),
        }
    }

    /// Reads one operation, but for what its key and its holders say; an error is a message about
    /// its path.
    pub(super) fn operation(
        &self,
        path: &str,
        item: &Node,
        node: &Node,
        notes: &mut Notes,
    ) -> Result<Operation, String> {
        let path = Path::parse(path)?;
        let (params, open_params) = self.params(item, node, path.query, notes);
        let answers = self.answers(node, notes);
        let extensions = extensions(node);
        let named = node.get(OPERATION);
        let named = named.and_then(|named| named.text().or_else(|| named.text_of("name")));
        let text = |key: &str| node.text_of(key).map(str::to_owned);
        let tags = node
            .get("tags")
            .map(|tags| tags.items())
            .unwrap_or_default();
        Ok(Operation {
            method: String::new(),
            route: path.route,
            bases: Vec::new(),
            operation: named.map(str::to_owned).or(path.fragment),
            id: text("operationId"),
            summary: text("summary").or_else(|| first_line(node.text_of("description"))),
            params,
            open_params,
            statuses: answers.statuses,
            fields: answers.body.fields,
            open_fields: answers.body.open,
            deprecated: node.is_true("deprecated"),
            tags: tags
                .iter()
                .filter_map(|tag| tag.text())
                .map(str::to_owned)
                .collect(),
            extensions,
            location: notes.place(node.line),
        })
    }

    /// All that an operation takes, and whether it may take more.
    fn params(
        &self,
        item: &Node,
        node: &Node,
        query: Vec<(String, String)>,
        notes: &mut Notes,
    ) -> (Vec<Field>, bool) {
        let mut fields: BTreeMap<(Option<Place>, String), Field> = BTreeMap::new();
        let mut open = false;
        for (name, value) in query {
            let field = Field {
                place: Some(Place::Query),
                name: name.clone(),
                required: true,
                kinds: BTreeSet::new(),
                values: vec![value],
                open: false,
                line: node.line,
            };
            fields.insert((Some(Place::Query), name), field);
        }
        let mut add = |found: Vec<Field>| {
            for field in found {
                fields.insert((field.place, field.name.clone()), field);
            }
        };
        add(self.keys.clone());
        for holder in [item, node] {
            for param in holder
                .get("parameters")
                .map(|list| list.items())
                .unwrap_or_default()
            {
                let Some(param) = self.refs.resolve(param) else {
                    open = true;
                    continue;
                };
                match self.param(&param, node) {
                    Some(body) => {
                        open |= body.open;
                        add(body.fields);
                    }
                    None => notes.warn(param.line, "the parameter has no `name` or `in`"),
                }
            }
        }
        if let Some(body) = node.get("requestBody") {
            match self.refs.resolve(body) {
                Some(resolved) => {
                    let body = self.content(resolved.get("content").map(Arc::as_ref), None);
                    open |= body.open;
                    add(body.fields);
                }
                None => open = true,
            }
        }
        (fields.into_values().collect(), open)
    }

    /// One entry of `parameters`; a body of OpenAPI 2 is one too.
    fn param(&self, param: &Arc<Node>, operation: &Node) -> Option<Body> {
        let place = param.text_of("in")?;
        if place.eq_ignore_ascii_case("body") {
            return Some(self.json(param.get("schema"), Some(Place::Json)));
        }
        let name = param.text_of("name")?;
        let place = match place.to_ascii_lowercase().as_str() {
            "query" => Place::Query,
            "path" => Place::Path,
            "header" if IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) => {
                return Some(Body::default());
            }
            "header" => Place::Header,
            "formdata" => self.form_place(operation),
            // Cookies are no parameters of ours.
            _ => return Some(Body::default()),
        };
        let content = param
            .get("content")
            .and_then(|content| Some(&content.entries().first()?.1));
        let schema = param.get("schema").or_else(|| content?.get("schema"));
        let found = spots(schema.unwrap_or(param), self.refs);
        if let Some(fields) = exploded(param, &found, place) {
            return Some(Body {
                fields,
                open: found.open(),
            });
        }
        let mut field = found.param(place, name);
        field.required = param.is_true("required") || place == Place::Path;
        field.line = param.line;
        field.open |= content.is_some();
        Some(Body {
            fields: vec![field],
            open: false,
        })
    }

    /// How OpenAPI 2 sends `formData`: as multipart if the operation or the file says so.
    fn form_place(&self, operation: &Node) -> Place {
        let consumes = operation
            .get("consumes")
            .or_else(|| self.root.get("consumes"));
        let media = consumes.map(|list| list.items()).unwrap_or_default();
        let multipart =
            |media: &Arc<Node>| media.text().is_some_and(|m| m.starts_with("multipart/"));
        if media.iter().any(multipart) {
            Place::Multipart
        } else {
            Place::Form
        }
    }

    /// The bodies of a `content` table; `answer` where they are answers.
    fn content(&self, content: Option<&Node>, answer: Option<()>) -> Body {
        let mut all = Body::default();
        for (media, node) in content.map(Node::entries).unwrap_or_default() {
            let Some(node) = self.refs.resolve(node) else {
                all.open = true;
                continue;
            };
            let schema = node.get("schema");
            let media = media.text.to_ascii_lowercase();
            let body = if media.contains("json") || media == "*/*" {
                self.json(schema, answer.is_none().then_some(Place::Json))
            } else if answer.is_some() {
                // Inventories know fields of JSON answers only.
                continue;
            } else if media.contains("x-www-form-urlencoded") {
                self.form(schema, Place::Form)
            } else if media.starts_with("multipart/") {
                self.form(schema, Place::Multipart)
            } else {
                Body {
                    open: true,
                    ..Body::default()
                }
            };
            all.open |= body.open;
            merge(&mut all.fields, body.fields);
        }
        all
    }

    fn json(&self, schema: Option<&Arc<Node>>, place: Option<Place>) -> Body {
        match schema {
            Some(schema) => {
                let found = spots(schema, self.refs);
                Body {
                    open: found.open(),
                    fields: found.fields(place),
                }
            }
            None => Body {
                open: true,
                ..Body::default()
            },
        }
    }

    fn form(&self, schema: Option<&Arc<Node>>, place: Place) -> Body {
        match schema {
            Some(schema) => {
                let found = spots(schema, self.refs);
                Body {
                    open: found.open(),
                    fields: found.flat(place),
                }
            }
            None => Body {
                open: true,
                ..Body::default()
            },
        }
    }

    /// The answers' statuses, and what their JSON holds.
    fn answers(&self, node: &Node, notes: &mut Notes) -> Answers {
        let mut answers = Answers::default();
        let mut bodies: Vec<Body> = Vec::new();
        for (key, answer) in node
            .get("responses")
            .map(|r| r.entries())
            .unwrap_or_default()
        {
            if key.text.starts_with("x-") {
                continue;
            }
            let Some(status) = StatusPattern::parse(&key.text) else {
                notes.warn(key.line, format!("`{}` is no status", key.text));
                continue;
            };
            answers.statuses.insert(status);
            let Some(answer) = self.refs.resolve(answer) else {
                answers.body.open = true;
                continue;
            };
            if let Some(content) = answer.get("content") {
                let body = self.content(Some(content), Some(()));
                if body.open || !body.fields.is_empty() {
                    bodies.push(body);
                }
            } else if let Some(schema) = answer.get("schema") {
                bodies.push(self.json(Some(schema), None));
            }
        }
        // Without a word on any body, anything may come.
        answers.body.open |= bodies.is_empty() || bodies.iter().any(|body| body.open);
        let mut bodies = bodies.into_iter();
        if let Some(first) = bodies.next() {
            answers.body.fields = first.fields;
            for body in bodies {
                merge(&mut answers.body.fields, body.fields);
            }
        }
        answers
    }
}

#[derive(Default)]
struct Answers {
    statuses: BTreeSet<StatusPattern>,
    body: Body,
}

/// Adds the fields of another body; required stays what both require, as far as both are sent in
/// the same way.
fn merge(ours: &mut Vec<Field>, theirs: Vec<Field>) {
    let places = |fields: &[Field]| fields.iter().map(|f| f.place).collect::<BTreeSet<_>>();
    let shared: BTreeSet<_> = places(ours)
        .intersection(&places(&theirs))
        .copied()
        .collect();
    let mut all: BTreeMap<(Option<Place>, String), Field> = std::mem::take(ours)
        .into_iter()
        .map(|field| ((field.place, field.name.clone()), field))
        .collect();
    let mut both = BTreeSet::new();
    for field in theirs {
        let key = (field.place, field.name.clone());
        both.insert(key.clone());
        if let Some(known) = all.get_mut(&key) {
            combine(known, field);
        } else {
            let required = field.required && !shared.contains(&field.place);
            all.insert(key, Field { required, ..field });
        }
    }
    for (key, field) in &mut all {
        field.required &= both.contains(key) || !shared.contains(&field.place);
    }
    ours.extend(all.into_values());
}

/// What either of two fields allows.
fn combine(known: &mut Field, other: Field) {
    known.required &= other.required;
    known.open |= other.open;
    // A side that lists no types or values allows all.
    if known.kinds.is_empty() || other.kinds.is_empty() {
        known.kinds.clear();
    } else {
        known.kinds.extend(other.kinds);
    }
    if known.values.is_empty() || other.values.is_empty() {
        known.values.clear();
    } else {
        let new = other.values.into_iter();
        let new: Vec<String> = new.filter(|v| !known.values.contains(v)).collect();
        known.values.extend(new);
    }
}

/// The members of an object in the query, which the usual style sends as parameters of their own.
fn exploded(param: &Node, found: &Spots, place: Place) -> Option<Vec<Field>> {
    let object = found
        .0
        .get("")
        .is_some_and(|root| root.kinds.contains(&Kind::Object));
    let style = param.text_of("style").unwrap_or("form") == "form";
    let folded = param.text_of("explode") == Some("false");
    let fields = found.flat(place);
    let explodes = object && style && !folded && place == Place::Query && !fields.is_empty();
    explodes.then_some(fields)
}

/// The extensions with their text; `true` where they hold more than text.
fn extensions(node: &Node) -> BTreeMap<String, String> {
    let own = node
        .entries()
        .iter()
        .filter(|(key, _)| key.text.starts_with("x-"));
    own.map(|(key, value)| {
        let text = match &value.content {
            Content::Scalar(_, text) => text.clone(),
            _ => "true".to_owned(),
        };
        (key.text.clone(), text)
    })
    .collect()
}

fn first_line(text: Option<&str>) -> Option<String> {
    let line = text?.lines().find(|line| !line.trim().is_empty())?;
    Some(line.trim().to_owned())
}

/// A key of `paths`.
struct Path {
    route: Template,
    /// What a query string in the path fixes, which some files use to tell operations apart.
    query: Vec<(String, String)>,
    /// A name behind `#`, used for the same.
    fragment: Option<String>,
}

impl Path {
    fn parse(text: &str) -> Result<Path, String> {
        let (rest, fragment) = match text.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (text, None),
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        // `{id:[0-9]+}` and `{+path}` are parameters all the same.
        let route = simple(&path)
            .parse()
            .map_err(|error| format!("the path `{text}` was left out: {error}"))?;
        let fragment = fragment.filter(|name| !name.is_empty());
        Ok(Path {
            route,
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            fragment: fragment
                .map(|name| percent_decode_str(name).decode_utf8_lossy().into_owned()),
        })
    }
}

/// The path with parameters that are names only; a colon or `<` is text in OpenAPI.
fn simple(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        out.push_str(&literal(&rest[..open]));
        let name = rest[open + 1..open + close]
            .split([':', '*'])
            .next()
            .unwrap_or_default();
        let name: String = name
            .trim_matches(['+', '/', '.', ';', '?', ' '])
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "_-.$".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let name = if name.is_empty() { "param" } else { &name };
        out.push('{');
        out.push_str(name);
        out.push('}');
        rest = &rest[open + close + 1..];
    }
    out.push_str(&literal(rest));
    out
}

fn literal(text: &str) -> String {
    text.replace('<', "%3C").replace("/:", "/%3A")
}
