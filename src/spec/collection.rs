//! Requests as collections keep them: samples, with variables in double braces.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::bases::Base;
use super::syntax;
use super::tree::{Content, Node};
use super::{Field, Notes, Operation};
use crate::route::{Part, Template};
use crate::scope::{KEY, Place, ROOT, is_value_name, operation_in_json, shown_name};
use crate::value::{Segment, Values};

/// How often a variable may stand for another.
const MAX_ROUNDS: usize = 5;
/// Fields of one sample body beyond this number are not told apart.
const MAX_FIELDS: usize = 2_000;
/// The longest URL that is looked into.
const MAX_URL: usize = 16 * 1024;

/// The values of variables, by name.
pub(super) type Variables = BTreeMap<String, String>;

/// One request of a collection, as far as all kinds of them agree.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) name: String,
    pub(super) folders: Vec<String>,
    pub(super) line: usize,
    /// Names beside those of the URL's query string, with whether the sample sends them.
    pub(super) params: Vec<(Place, String)>,
    /// The text of a JSON body.
    pub(super) json: Option<String>,
    /// A GraphQL call: its document, and the text of its variables.
    pub(super) graphql: Option<(String, String)>,
    /// Whether it has a body whose fields nobody can tell.
    pub(super) other_body: bool,
}

impl Sample {
    /// What the sample says of an endpoint; nothing, with a warning, if it has no usable URL.
    pub(super) fn operation(self, variables: &Variables, notes: &mut Notes) -> Option<Operation> {
        let values = Values::new();
        let Some(target) = Target::parse(&self.url, variables, &values) else {
            notes.warn(self.line, "the request has no URL that can be read");
            return None;
        };
        let mut fields = Fields::default();
        for (name, _) in url::form_urlencoded::parse(target.query.as_bytes()) {
            fields.add(Place::Query, &shown_name(&name, &values), self.line);
        }
        for (place, name) in &self.params {
            fields.add(*place, &shown_name(name, &values), self.line);
        }
        let mut operation = None;
        if let Some(text) = &self.json {
            operation = operation_in_json(text).map(|operation| operation.name);
            fields.json(text, "", self.line, &values);
        }
        if let Some((document, sent)) = &self.graphql {
            let call = serde_json::json!({ "query": document });
            operation = operation_in_json(&call.to_string()).map(|operation| operation.name);
            fields.json(sent, "variables", self.line, &values);
        }
        Some(Operation {
            method: if self.method.is_empty() {
                "GET".to_owned()
            } else {
                self.method.to_ascii_uppercase()
            },
            route: target.route,
            bases: target.base.into_iter().collect(),
            operation,
            id: None,
            summary: Some(self.name).filter(|name| !name.is_empty()),
            params: fields.all,
            open_params: self.other_body || fields.open,
            statuses: BTreeSet::new(),
            fields: Vec::new(),
            open_fields: true,
            deprecated: false,
            tags: self.folders,
            extensions: BTreeMap::new(),
            location: notes.place(self.line),
        })
    }
}

/// Samples of one endpoint as one operation, which takes what any of them sends.
pub(super) fn joined(operations: Vec<Operation>) -> Vec<Operation> {
    let mut first: BTreeMap<_, usize> = BTreeMap::new();
    let mut all: Vec<Operation> = Vec::new();
    for operation in operations {
        let key = (
            operation.method.clone(),
            operation.route.shape(),
            operation.operation.clone(),
            operation.bases.clone(),
        );
        let Some(at) = first.get(&key) else {
            first.insert(key, all.len());
            all.push(operation);
            continue;
        };
        let known: &mut Operation = &mut all[*at];
        known.open_params |= operation.open_params;
        for param in operation.params {
            let same = |p: &Field| p.place == param.place && p.name == param.name;
            if !known.params.iter().any(same) {
                known.params.push(param);
            }
        }
        for tag in operation.tags {
            if !known.tags.contains(&tag) {
                known.tags.push(tag);
            }
        }
    }
    all
}

/// Where a request goes.
struct Target {
    base: Option<Base>,
    route: Template,
    query: String,
}

impl Target {
    fn parse(url: &str, variables: &Variables, values: &Values) -> Option<Target> {
        let url = url.trim();
        if url.is_empty() || url.len() > MAX_URL {
            return None;
        }
        let (base, rest) = origin(url, variables);
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let said_nothing = base
            .as_ref()
            .is_some_and(|b| b.host.is_none() && b.path.is_empty());
        Some(Target {
            base: base.filter(|_| !said_nothing),
            route: route(path, values)?,
            query: query.to_owned(),
        })
    }
}

/// Where the API of a URL is mounted, if it says so, and the rest of the URL.
fn origin(url: &str, variables: &Variables) -> (Option<Base>, String) {
    // A variable in front is where the API is mounted.
    if let Some((name, rest)) = leading_variable(url) {
        let value = filled(&format!("{{{{{name}}}}}"), variables);
        let known = Base::parse(&value).filter(|_| !value.contains("{{"));
        return (known, rest.to_owned());
    }
    let url = filled(url, variables);
    if url.starts_with('/') {
        return (None, url);
    }
    // `localhost:3000/users` is a host without its scheme.
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", &url));
    let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let origin = format!("{scheme}://{}", &rest[..at]);
    (Base::parse(&origin), rest[at..].to_owned())
}

/// The variable that a URL starts with, and the rest.
fn leading_variable(url: &str) -> Option<(String, &str)> {
    let (inner, rest) = url.strip_prefix("{{")?.split_once("}}")?;
    Some((variable(inner), rest))
}

/// The name of a variable as written: `_.base_url`, `base_url | filter`.
fn variable(inner: &str) -> String {
    let name = inner.split('|').next().unwrap_or_default().trim();
    let own = name.strip_prefix("_.").or_else(|| name.strip_prefix("_["));
    own.unwrap_or(name)
        .trim_matches(['[', ']', '\'', '"', ' '])
        .to_owned()
}

/// The text with the variables that are known filled in.
fn filled(text: &str, variables: &Variables) -> String {
    let mut text = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut changed = false;
        while let Some(open) = rest.find("{{") {
            let Some(close) = rest[open..].find("}}") else {
                break;
            };
            let whole = &rest[open..open + close + 2];
            out.push_str(&rest[..open]);
            match variables.get(&variable(&whole[2..whole.len() - 2])) {
                Some(value) if value.len() + out.len() <= MAX_URL => {
                    out.push_str(value);
                    changed = true;
                }
                _ => out.push_str(whole),
            }
            rest = &rest[open + close + 2..];
        }
        out.push_str(rest);
        text = out;
        if !changed {
            break;
        }
    }
    text
}

/// A sample's path as a route: variables and ids are parameters.
fn route(path: &str, values: &Values) -> Option<Template> {
    let slash = path.len() > 1 && path.ends_with('/');
    let mut parts: Vec<Part> = Vec::new();
    let path = path.trim_matches('/');
    for segment in path.split('/').filter(|_| !path.is_empty()) {
        let part = part(segment, parts.last(), values)?;
        parts.push(part);
    }
    Some(Template { parts, slash })
}

fn part(segment: &str, before: Option<&Part>, values: &Values) -> Option<Part> {
    if segment.contains("{{") {
        let mut text = String::new();
        let mut rest = segment;
        while let Some((literal, behind)) = rest.split_once("{{") {
            let (inner, after) = behind.split_once("}}")?;
            text.push_str(literal);
            text.push('{');
            text.push_str(&name(&variable(inner)));
            text.push('}');
            rest = after;
        }
        text.push_str(rest);
        let template: Template = format!("/{text}").parse().ok()?;
        return template.parts.into_iter().next();
    }
    if let Some(param) = segment.strip_prefix(':').filter(|param| !param.is_empty()) {
        return Some(Part::Param(name(param)));
    }
    if segment.starts_with('{') && segment.ends_with('}') {
        return Some(Part::Param(name(segment.trim_matches(['{', '}']))));
    }
    let text = percent_decode_str(segment).decode_utf8_lossy();
    let is_value = Segment::parse(&text, values.tokens()).text().is_none();
    let version = before.is_none() && crate::value::is_version(&text);
    if is_value && !version {
        return Some(Part::Param("id".to_owned()));
    }
    Some(Part::Literal(text.into_owned()))
}

/// A parameter's name that can be written in a route.
fn name(text: &str) -> String {
    let name: String = text
        .trim()
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "_-.$".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    if name.is_empty() {
        "param".to_owned()
    } else {
        name
    }
}

/// The parameters of a sample, each once.
#[derive(Default)]
struct Fields {
    all: Vec<Field>,
    known: BTreeSet<(Place, String)>,
    open: bool,
}

impl Fields {
    fn add(&mut self, place: Place, name: &str, line: usize) -> Option<&mut Field> {
        if name.is_empty() {
            return None;
        }
        if self.known.insert((place, name.to_owned())) {
            self.all.push(Field {
                place: Some(place),
                name: name.to_owned(),
                required: false,
                kinds: BTreeSet::new(),
                values: Vec::new(),
                // Where a sample holds text, others may hold lists (`tags[]`).
                open: place != Place::Json,
                line,
            });
            return self.all.last_mut();
        }
        self.all
            .iter_mut()
            .find(|f| f.place == Some(place) && f.name == name)
    }

    /// The fields of a sample of JSON; types are not taken from it, for a sample is no rule.
    fn json(&mut self, text: &str, path: &str, line: usize, values: &Values) {
        if text.trim().is_empty() {
            return;
        }
        let text = unquoted_variables_gone(text);
        let parsed = syntax::parse(&text);
        if !parsed.problems.is_empty() {
            self.open = true;
            return;
        }
        self.node(&parsed.root, path, line, values);
    }

    fn node(&mut self, node: &Node, path: &str, line: usize, values: &Values) {
        if self.all.len() > MAX_FIELDS {
            self.open = true;
            return;
        }
        let (plain, empty) = match &node.content {
            Content::Scalar(..) => (true, false),
            Content::List(items) => (false, items.is_empty()),
            Content::Map(entries) => (false, entries.is_empty()),
        };
        if path.is_empty() && plain {
            self.add(Place::Json, ROOT, line);
        } else if path.is_empty() {
            self.open |= empty;
        } else if let Some(field) = self.add(Place::Json, path, line) {
            field.open |= empty;
        }
        for item in node.items() {
            self.node(item, &format!("{path}[]"), line, values);
        }
        for (key, value) in node.entries() {
            let key = if is_value_name(&key.text, values) {
                KEY
            } else {
                &key.text
            };
            let path = if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            };
            self.node(value, &path, line, values);
        }
    }
}

/// JSON text whose variables outside of strings are null.
fn unquoted_variables_gone(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        if quoted && c == '\\' {
            let end = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        if c == '"' {
            quoted = !quoted;
        }
        if let Some(behind) = bare_variable(rest).filter(|_| !quoted) {
            out.push_str("null");
            rest = behind;
            continue;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// What stands behind the variable that a text starts with.
fn bare_variable(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("{{")?;
    let end = rest.find(['"', '{', '}', ':', '\n'])?;
    rest[end..].strip_prefix("}}")
}
