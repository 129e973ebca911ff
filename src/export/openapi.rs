//! `OpenAPI` 3.1.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::api::{Api, Body, Call, Credential, Param, capital, origin};
use super::json::Json;
use super::name::{self, Names};
use super::schema;
use crate::route::ParamStyle;
use crate::scope::Protocol;

/// The methods that a path item has a key for.
const METHODS: [&str; 8] = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
];

/// The description of an API.
pub(super) fn write(api: &Api) -> Json {
    let info = Json::object()
        .with("title", api.title.as_str())
        .with("version", "0.0.0")
        .with(
            "x-harcov-generator",
            concat!("harcov ", env!("CARGO_PKG_VERSION")),
        );
    let servers = servers(&api.hosts);
    let ids = api.names(name::ascii_camel, "", Names::default());
    let mut tags: Vec<&str> = Vec::new();
    let mut paths: BTreeMap<String, Vec<(&str, Json)>> = BTreeMap::new();
    let mut schemas = Json::object();
    let mut credentials: BTreeMap<String, Json> = BTreeMap::new();
    for (call, id) in api.calls.iter().zip(&ids) {
        if !METHODS.contains(&call.method.as_str()) {
            continue;
        }
        if !tags.contains(&call.group.as_str()) {
            tags.push(&call.group);
        }
        let answer = call.answer().map(|tree| {
            let name = format!("{}Answer", capital(id));
            schemas.put(name.clone(), schema::of_json(&tree));
            Json::object().with("$ref", format!("#/components/schemas/{name}"))
        });
        for credential in call.auth() {
            credentials
                .entry(scheme_name(credential))
                .or_insert_with(|| scheme(credential));
        }
        let operation = operation(api, call, id, answer.as_ref());
        paths
            .entry(path(call))
            .or_default()
            .push((&call.method, operation));
    }
    let mut items = Json::object();
    for (path, mut operations) in paths {
        operations.sort_by_key(|(method, _)| METHODS.iter().position(|known| known == method));
        let mut item = Json::object();
        for (method, operation) in operations {
            item.put(method.to_ascii_lowercase(), operation);
        }
        items.put(path, item);
    }
    let mut components = Json::object();
    if !schemas.is_empty() {
        components.put("schemas", schemas);
    }
    if !credentials.is_empty() {
        components.put(
            "securitySchemes",
            Json::Object(credentials.into_iter().collect()),
        );
    }
    let tags: Vec<Json> = tags
        .into_iter()
        .map(|tag| Json::object().with("name", tag))
        .collect();
    let mut root = Json::object()
        .with("openapi", "3.1.0")
        .with("info", info)
        .with("servers", servers);
    if !tags.is_empty() {
        root.put("tags", tags);
    }
    root.put("paths", items);
    if !components.is_empty() {
        root.put("components", components);
    }
    root
}

fn servers(hosts: &[String]) -> Vec<Json> {
    let hosts = hosts.iter();
    hosts
        .map(|host| Json::object().with("url", origin(host)))
        .collect()
}

/// The key of a call's path. Operations of one route are told apart by a fragment, since a path has
/// each method once.
fn path(call: &Call) -> String {
    let route = call.route.display(ParamStyle::Brace);
    match &call.operation {
        Some(operation) => {
            let name = utf8_percent_encode(&operation.name, NON_ALPHANUMERIC);
            format!("{route}#{name}")
        }
        None => route.to_string(),
    }
}

fn operation(api: &Api, call: &Call, id: &str, answer: Option<&Json>) -> Json {
    let mut operation = Json::object()
        .with("operationId", id)
        .with_some("summary", call.title.as_deref())
        .with("tags", vec![Json::from(call.group.as_str())]);
    if call.hosts != api.hosts {
        operation.put("servers", servers(&call.hosts));
    }
    let params = parameters(call);
    if !params.is_empty() {
        operation.put("parameters", params);
    }
    if let Some(body) = request_body(call) {
        operation.put("requestBody", body);
    }
    operation.put("responses", responses(call, answer));
    let auth: Vec<(String, bool)> = call
        .auth()
        .map(|credential| (scheme_name(credential), credential.always))
        .collect();
    if !auth.is_empty() {
        operation.put("security", security(&auth));
    }
    operation.put("x-harcov-status", call.status.name());
    operation.put("x-harcov-requests", call.observed.requests);
    operation.put("x-harcov-captures", call.captures);
    if let Some(named) = &call.operation {
        let named = Json::object()
            .with("protocol", named.protocol.name())
            .with("name", named.name.as_str());
        operation.put("x-harcov-operation", named);
    }
    operation
}

/// What every request had is needed together; what only some had is one way beside none.
fn security(auth: &[(String, bool)]) -> Vec<Json> {
    let all = |wanted: bool| {
        let mut requirement = Json::object();
        for (name, always) in auth {
            if *always || wanted {
                requirement.put(name.clone(), Vec::new());
            }
        }
        requirement
    };
    let (always, any) = (all(false), all(true));
    if always == any {
        vec![any]
    } else {
        vec![any, always]
    }
}

fn parameters(call: &Call) -> Vec<Json> {
    let in_path = call.path_params().map(|(name, kinds)| {
        Json::object()
            .with("name", name)
            .with("in", "path")
            .with("required", true)
            .with("schema", schema::of_text(kinds, &[]))
    });
    let query = call.query().into_iter().map(|param| {
        let mut json = Json::object().with("name", param.name).with("in", "query");
        if param.required {
            json.put("required", true);
        }
        json.with("schema", schema::of_text(param.kinds, &param.values))
    });
    in_path.chain(query).collect()
}

fn request_body(call: &Call) -> Option<Json> {
    let mut content = Json::object();
    let media = |part: &str, usual: &str| {
        let mut known = call.observed.request_media.keys();
        known
            .find(|media| media.contains(part))
            .cloned()
            .unwrap_or_else(|| usual.to_owned())
    };
    for body in call.sent() {
        let (media, schema) = match body {
            Body::Form(params) => (
                media("x-www-form-urlencoded", "application/x-www-form-urlencoded"),
                form(&params),
            ),
            Body::Multipart(params) => (media("multipart/", "multipart/form-data"), form(&params)),
            Body::Json(tree) => (
                media("json", "application/json"),
                enveloped(call, schema::of_json(&tree)),
            ),
        };
        content.put(media, Json::object().with("schema", schema));
    }
    if content.is_empty() && call.members().is_some() {
        let schema = enveloped(call, Json::object().with("type", "object"));
        let media = media("json", "application/json");
        content.put(media, Json::object().with("schema", schema));
    }
    if content.is_empty() {
        let known = call.observed.request_media.keys();
        for media in known.filter(|media| !media.is_empty()) {
            content.put(media.clone(), Json::object());
        }
    }
    if let Some(message) = call.message().filter(|_| content.is_empty()) {
        content.put(message.media, Json::object());
    }
    if content.is_empty() {
        return None;
    }
    let mut body = Json::object();
    if call.always_sends() {
        body.put("required", true);
    }
    Some(body.with("content", content))
}

/// The schema of a JSON body with what its protocol wraps it in.
fn enveloped(call: &Call, schema: Json) -> Json {
    let Some(operation) = &call.operation else {
        return schema;
    };
    let constant = |text: &str| Json::object().with("const", text);
    let text = || Json::object().with("type", "string");
    let wrapping: Vec<(&str, Json)> = match operation.protocol {
        Protocol::Graphql => vec![
            ("operationName", constant(&operation.name)),
            ("query", text()),
            ("extensions", Json::object().with("type", "object")),
        ],
        Protocol::JsonRpc => vec![
            ("jsonrpc", constant("2.0")),
            ("method", constant(&operation.name)),
            ("id", Json::object()),
        ],
        Protocol::Soap | Protocol::XmlRpc | Protocol::Action => return schema,
    };
    let Json::Object(mut members) = schema else {
        return schema;
    };
    if !members.iter().any(|(name, _)| name == "properties") {
        members.push(("properties".to_owned(), Json::object()));
    }
    for (name, value) in &mut members {
        if let (true, Json::Object(properties)) = (name == "properties", value) {
            for (name, schema) in &wrapping {
                if !properties.iter().any(|(known, _)| known == name) {
                    properties.push(((*name).to_owned(), schema.clone()));
                }
            }
        }
    }
    // What wraps all operations is no parameter, so how often it was sent is known of the document alone.
    if operation.protocol == Protocol::Graphql && call.sends_documents() {
        require(&mut members, "query");
    }
    Json::Object(members)
}

/// Adds a property to those that an object must have.
fn require(members: &mut Vec<(String, Json)>, property: &str) {
    let name = Json::from(property);
    match members.iter_mut().find(|(key, _)| key == "required") {
        Some((_, Json::List(required))) => required.push(name),
        _ => members.push(("required".to_owned(), Json::List(vec![name]))),
    }
}

fn form(params: &[Param<'_>]) -> Json {
    let mut properties = Json::object();
    let mut required = Vec::new();
    for param in params {
        properties.put(param.name, schema::of_text(param.kinds, &param.values));
        if param.required {
            required.push(Json::from(param.name));
        }
    }
    let mut schema = Json::object()
        .with("type", "object")
        .with("properties", properties);
    if !required.is_empty() {
        schema.put("required", required);
    }
    schema
}

fn responses(call: &Call, answer: Option<&Json>) -> Json {
    let mut responses = Json::object();
    for (status, count) in &call.observed.statuses {
        let mut response = Json::object().with("description", description(*status));
        let bodiless = *status < 200 || matches!(status, 204 | 205 | 304);
        let content = content(call, answer);
        if !bodiless && !content.is_empty() {
            response.put("content", content);
        }
        responses.put(status.to_string(), response.with("x-harcov-count", *count));
    }
    if responses.is_empty() {
        let none = Json::object().with("description", "No answer was captured");
        responses.put("default", none);
    }
    responses
}

fn content(call: &Call, answer: Option<&Json>) -> Json {
    let mut content = Json::object();
    let mut described = false;
    for media in call
        .observed
        .response_media
        .keys()
        .filter(|media| !media.is_empty())
    {
        let json = media.contains("json");
        let schema = answer.filter(|_| json);
        described |= schema.is_some();
        content.put(
            media.clone(),
            match schema {
                Some(schema) => Json::object().with("schema", schema.clone()),
                None => Json::object(),
            },
        );
    }
    if let Some(schema) = answer.filter(|_| !described) {
        content.put(
            "application/json",
            Json::object().with("schema", schema.clone()),
        );
    }
    content
}

/// The usual words for statuses.
const REASONS: [(u16, &str); 15] = [
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (204, "No Content"),
    (304, "Not Modified"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (409, "Conflict"),
    (422, "Unprocessable Content"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
];

fn description(status: u16) -> &'static str {
    let known = REASONS.iter().find(|(code, _)| *code == status);
    known.map_or_else(
        || match status / 100 {
            1 => "Informational",
            2 => "Success",
            3 => "Redirection",
            4 => "Client error",
            _ => "Server error",
        },
        |(_, reason)| reason,
    )
}

/// The key of a credential among the components.
fn scheme_name(credential: Credential<'_>) -> String {
    let words = name::ascii_words(credential.header);
    let scheme = credential.scheme.map(name::ascii_words).unwrap_or_default();
    name::camel(&[words, scheme].concat())
}

/// How a credential is sent. Which cookies matter only values would tell, and those are gone.
fn scheme(credential: Credential<'_>) -> Json {
    if let (Some(scheme), "authorization") = (credential.scheme, credential.header) {
        return Json::object().with("type", "http").with("scheme", scheme);
    }
    let (place, name) = match credential.header {
        "cookie" => ("cookie", "session"),
        header => ("header", header),
    };
    Json::object()
        .with("type", "apiKey")
        .with("in", place)
        .with("name", name)
}
