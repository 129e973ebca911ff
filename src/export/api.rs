//! Endpoints as a client would call them.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{self, Names};
use super::tree::{Leaf, Tree, constants_of};
use crate::assess::Assessment;
use crate::config::{Config, Status};
use crate::inventory::{Endpoint, Inventory, Observed, ParamUse};
use crate::locale::Locale;
use crate::report::group_title;
use crate::route::{EndpointPattern, Part, Piece, Template};
use crate::scope::{MATRIX, Operation, Place};
use crate::value::Kind;
use crate::value::keyed::Keyed;

/// Everything that is exported.
#[derive(Debug, Clone)]
pub struct Api {
    /// The title.
    pub title: String,
    /// The hosts, those with most requests first.
    pub hosts: Vec<String>,
    /// The calls, by route, method and operation.
    pub calls: Vec<Call>,
}

/// One endpoint; what several hosts serve is one call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The words of its name in code.
    pub(super) words: Vec<String>,
    /// The method.
    pub method: String,
    /// The route; calls of one path share its parameters' names, and no name is there twice.
    pub route: Template,
    /// The hosts, those with most requests first.
    pub hosts: Vec<String>,
    /// The operation, where the route serves several.
    pub operation: Option<Operation>,
    /// What it does, as configured.
    pub title: Option<String>,
    /// The heading of its group.
    pub group: String,
    /// How far it is implemented.
    pub status: Status,
    /// The kinds of the path parameters' values, in the route's order.
    pub path_kinds: Vec<BTreeSet<Kind>>,
    /// What was observed.
    pub observed: Observed,
    /// How many captures it was seen in.
    pub captures: usize,
}

impl Api {
    /// The endpoints of an inventory that are wanted: by status and by pattern, where any are
    /// given.
    pub fn new(
        inventory: &Inventory,
        assessment: &Assessment,
        config: &Config,
        locale: &Locale,
        wanted: &Wanted,
    ) -> Api {
        let mut calls: Vec<Call> = Vec::new();
        let mut known: BTreeMap<Key, usize> = BTreeMap::new();
        let mut routes: BTreeMap<Vec<Part>, Template> = BTreeMap::new();
        let all = inventory.endpoints.iter().zip(&assessment.endpoints);
        for (endpoint, assessed) in all {
            if !wanted.holds(endpoint, assessed.status) {
                continue;
            }
            let route = routes.entry(endpoint.route.shape());
            let route = route
                .or_insert_with(|| named_apart(&endpoint.route))
                .clone();
            let key = (
                route.shape(),
                endpoint.method.clone(),
                endpoint.operation.clone(),
            );
            if let Some(at) = known.get(&key) {
                calls[*at].merge(endpoint);
                continue;
            }
            let rest = assessment.shared.rest(&route);
            let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
            let said = assessed
                .route
                .and_then(|at| config.routes[at].title.as_ref());
            let title = said.map(|title| title.get(locale.lang()).to_owned());
            known.insert(key, calls.len());
            calls.push(Call {
                words: name::of_call(&endpoint.method, rest, operation),
                method: endpoint.method.clone(),
                hosts: vec![endpoint.host.clone()],
                operation: endpoint.operation.clone(),
                title,
                group: group_title(config, locale, &assessed.grouped.group),
                status: assessed.status,
                path_kinds: endpoint.path_kinds.clone(),
                observed: endpoint.observed.clone(),
                captures: endpoint.captures.len(),
                route,
            });
        }
        let title = config
            .title
            .as_ref()
            .map(|title| title.get(locale.lang()).to_owned());
        let hosts = hosts(inventory, &calls);
        Api {
            title: title
                .or_else(|| hosts.first().cloned())
                .unwrap_or_else(|| "API".to_owned()),
            hosts,
            calls,
        }
    }

    /// A name in code for each call, each once.
    pub(super) fn names(
        &self,
        style: fn(&[String]) -> String,
        joint: &str,
        mut names: Names,
    ) -> Vec<String> {
        let calls = self.calls.iter();
        calls
            .map(|call| names.take(&style(&call.words), joint))
            .collect()
    }
}

/// What tells calls apart.
type Key = (Vec<Part>, String, Option<Operation>);

/// Which endpoints are wanted; without any condition all are.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The statuses.
    pub statuses: Vec<Status>,
    /// Patterns of endpoints.
    pub patterns: Vec<EndpointPattern>,
}

impl Wanted {
    fn holds(&self, endpoint: &Endpoint, status: Status) -> bool {
        let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
        let named = |pattern: &EndpointPattern| {
            pattern.matches(&endpoint.method, &endpoint.route, operation)
        };
        (self.statuses.is_empty() || self.statuses.contains(&status))
            && (self.patterns.is_empty() || self.patterns.iter().any(named))
    }
}

/// The hosts of calls, those with most requests first.
fn hosts(inventory: &Inventory, calls: &[Call]) -> Vec<String> {
    let used: BTreeSet<&String> = calls.iter().flat_map(|call| &call.hosts).collect();
    let mut hosts: Vec<(usize, String)> = used
        .into_iter()
        .map(|host| {
            let known = inventory.hosts.iter().find(|summary| summary.host == *host);
            (known.map_or(0, |summary| summary.requests), host.clone())
        })
        .collect();
    hosts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    hosts.into_iter().map(|(_, host)| host).collect()
}

/// The route with each parameter's name once.
fn named_apart(route: &Template) -> Template {
    let mut names = Names::default();
    let mut route = route.clone();
    for part in &mut route.parts {
        match part {
            Part::Literal(_) => {}
            Part::Param(name) => *name = names.take(name, "_"),
            Part::Mixed(pieces) => {
                for piece in pieces {
                    if let Piece::Param(name) = piece {
                        *name = names.take(name, "_");
                    }
                }
            }
        }
    }
    route
}

/// A parameter beside those of the path.
#[derive(Debug, Clone)]
pub(super) struct Param<'a> {
    pub(super) name: &'a str,
    pub(super) required: bool,
    pub(super) kinds: &'a BTreeSet<Kind>,
    pub(super) values: Vec<String>,
    /// What stands for its value where a request has to have one.
    pub(super) sample: Option<String>,
}

impl Param<'_> {
    /// Whether a request that is written out has it in any case.
    pub(super) fn is_sent(&self) -> bool {
        self.required || self.sample.is_some()
    }
}

/// What a request carries in its body.
#[derive(Debug, Clone)]
pub(super) enum Body<'a> {
    /// URL-encoded fields.
    Form(Vec<Param<'a>>),
    /// Parts.
    Multipart(Vec<Param<'a>>),
    /// JSON.
    Json(Tree),
}

impl Call {
    fn merge(&mut self, endpoint: &Endpoint) {
        let more = endpoint.observed.requests > self.observed.requests;
        if !self.hosts.contains(&endpoint.host) {
            let at = if more { 0 } else { self.hosts.len() };
            self.hosts.insert(at, endpoint.host.clone());
        }
        self.observed.merge(&endpoint.observed);
        self.captures = self.captures.max(endpoint.captures.len());
        for (ours, theirs) in self.path_kinds.iter_mut().zip(&endpoint.path_kinds) {
            ours.extend(theirs);
        }
    }

    /// The path parameters with the kinds of their values.
    pub(super) fn path_params(&self) -> impl Iterator<Item = (&str, &BTreeSet<Kind>)> {
        self.route.params().zip(&self.path_kinds)
    }

    /// The parameters of the query, those that wrap the operation first.
    pub(super) fn query(&self) -> Vec<Param<'_>> {
        let mut params = self.wrapping_params();
        params.extend(self.params(Place::Query));
        params
    }

    /// The parameters of one place, by first appearance.
    pub(super) fn params(&self, place: Place) -> Vec<Param<'_>> {
        let of = match place {
            Place::Query => self.observed.requests,
            _ => self.bodies(place),
        };
        // Those of the path's own segments stand nowhere that an export could put them, and what stands in
        // a text is sent with it.
        let uses = self.uses(place).filter(|(name, _)| {
            !name.starts_with(MATRIX) && self.observed.text_around(place, name).is_none()
        });
        let mut params: Vec<(&String, &ParamUse)> = uses.collect();
        params.sort_by_key(|(name, known)| (known.rank, *name));
        params
            .into_iter()
            .map(|(name, known)| Param {
                name,
                required: known.requests == of,
                kinds: &known.kinds,
                values: constants_of(&known.values),
                sample: None,
            })
            .collect()
    }

    fn uses(&self, place: Place) -> impl Iterator<Item = (&String, &ParamUse)> {
        let params = self.observed.params.iter();
        let params = params.filter(move |((at, name), _)| *at == place && !name.is_empty());
        params.map(|((_, name), known)| (name, known))
    }

    /// How many requests had a body of a kind, as far as its parameters show.
    fn bodies(&self, place: Place) -> usize {
        self.uses(place)
            .map(|(_, known)| known.requests)
            .max()
            .unwrap_or(0)
    }

    /// The bodies that were sent, one of each kind.
    pub(super) fn sent(&self) -> Vec<Body<'_>> {
        let mut bodies = Vec::new();
        let form = self.params(Place::Form);
        if !form.is_empty() {
            bodies.push(Body::Form(form));
        }
        let parts = self.params(Place::Multipart);
        if !parts.is_empty() {
            bodies.push(Body::Multipart(parts));
        }
        if self.bodies(Place::Json) > 0 {
            bodies.push(Body::Json(self.json()));
        }
        bodies
    }

    /// The JSON body that is sent.
    fn json(&self) -> Tree {
        let of = self.bodies(Place::Json);
        let leaves = self.uses(Place::Json).map(|(name, known)| Leaf {
            path: name,
            kinds: &known.kinds,
            // At the top a request counts once, whatever it repeats.
            times: if name.contains(['.', '[']) {
                known.times
            } else {
                known.requests
            },
            values: &known.values,
        });
        Tree::new(of, leaves)
    }

    /// Whether every request had a body.
    pub(super) fn always_sends(&self) -> bool {
        let with_type: usize = self.observed.request_media.values().sum();
        let with_params: usize = [Place::Form, Place::Multipart, Place::Json]
            .into_iter()
            .map(|place| self.bodies(place))
            .sum();
        with_type.max(with_params) >= self.observed.requests
    }

    /// The JSON that is answered, if any is.
    pub(super) fn answer(&self) -> Option<Tree> {
        let fields = &self.observed.fields;
        let leaves = fields.iter().map(|(path, known)| Leaf {
            path,
            kinds: &known.kinds,
            times: if path.contains(['.', '[']) {
                known.times
            } else {
                known.responses
            },
            values: &known.values,
        });
        (!fields.is_empty()).then(|| Tree::new(self.observed.json_responses(), leaves))
    }

    /// The credentials that requests carry in headers; those in parameters are among the parameters.
    pub(super) fn auth(&self) -> impl Iterator<Item = Credential<'_>> {
        let is_param = |name: &str| <(Place, String)>::of_text(name).is_some();
        let auth = self.observed.auth.iter();
        let auth = auth.filter(move |(name, _)| !is_param(name));
        auth.map(|(name, count)| {
            let (header, scheme) = match name.split_once(": ") {
                Some((header, scheme)) => (header, Some(scheme)),
                None => (name.as_str(), None),
            };
            Credential {
                header,
                scheme,
                always: *count == self.observed.requests,
            }
        })
    }

    /// The headers of credentials, each once, with the beginning of their value.
    pub(super) fn auth_headers(&self) -> Vec<(&str, String)> {
        let mut headers: Vec<(&str, String)> = Vec::new();
        for credential in self.auth() {
            if headers.iter().all(|(name, _)| *name != credential.header) {
                let scheme = credential
                    .scheme
                    .map(|scheme| format!("{} ", capital(scheme)));
                headers.push((credential.header, scheme.unwrap_or_default()));
            }
        }
        headers
    }
}

/// A text with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + chars.as_str(),
        None => String::new(),
    }
}

/// How requests say who makes them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Credential<'a> {
    /// The header that carries it, in lower case.
    pub(super) header: &'a str,
    /// The scheme that an `Authorization` names, in lower case.
    pub(super) scheme: Option<&'a str>,
    /// Whether every request had it.
    pub(super) always: bool,
}

/// The URL of a host; the captures' own scheme is `https` nearly always, but on the own machine.
pub(super) fn origin(host: &str) -> String {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = name == "localhost"
        || name.ends_with(".localhost")
        || name.starts_with("127.")
        || name == "[::1]";
    let scheme = if local { "http" } else { "https" };
    format!("{scheme}://{host}")
}
