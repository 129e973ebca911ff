//! A Postman collection, version 2.1.

use super::api::{Api, Body, Call, Param, origin};
use super::json::Json;
use super::sample;
use crate::route::{ParamStyle, Part};
use crate::scope::Protocol;
use crate::value::Kind;

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// The collection of an API: a folder for each group.
pub(super) fn write(api: &Api) -> Json {
    let mut folders: Vec<(&str, Vec<Json>)> = Vec::new();
    for call in &api.calls {
        let new = items(api, call);
        match folders.iter_mut().find(|(name, _)| *name == call.group) {
            Some((_, items)) => items.extend(new),
            None => folders.push((&call.group, new)),
        }
    }
    let folders = folders.into_iter();
    let items: Vec<Json> = folders
        .map(|(name, items)| Json::object().with("name", name).with("item", items))
        .collect();
    let variables: Vec<Json> = api
        .hosts
        .iter()
        .enumerate()
        .map(|(at, host)| {
            Json::object()
                .with("key", base(at))
                .with("value", origin(host))
        })
        .collect();
    let info = Json::object()
        .with("name", api.title.as_str())
        .with("schema", SCHEMA);
    Json::object()
        .with("info", info)
        .with("item", items)
        .with("variable", variables)
}

/// The variable that holds a host's URL.
fn base(at: usize) -> String {
    match at {
        0 => "baseUrl".to_owned(),
        at => format!("baseUrl{}", at + 1),
    }
}

/// The requests of a call: one for each form that its body has.
fn items(api: &Api, call: &Call) -> Vec<Json> {
    let bodies = bodies(call);
    if bodies.is_empty() {
        return vec![item(api, call, None, "")];
    }
    let bodies = bodies.into_iter().enumerate();
    bodies
        .map(|(at, body)| match at {
            0 => item(api, call, Some(body), ""),
            at => item(api, call, Some(body), &format!(" ({})", at + 1)),
        })
        .collect()
}

fn item(api: &Api, call: &Call, body: Option<Json>, suffix: &str) -> Json {
    let route = call.route.display(ParamStyle::Colon);
    let operation = call.operation.as_ref().map(|o| format!(" [{}]", o.name));
    let name = call
        .title
        .clone()
        .unwrap_or_else(|| format!("{} {route}{}", call.method, operation.unwrap_or_default()));
    let name = format!("{name}{suffix}");
    let header = |key: &str, value: String| Json::object().with("key", key).with("value", value);
    let credentials = call.auth_headers().into_iter();
    let mut headers: Vec<Json> = credentials
        .map(|(name, scheme)| header(name, format!("{scheme}{{{{{name}}}}}")))
        .collect();
    if let Some(message) = call.message() {
        let action = message.action.into_iter();
        headers.extend(action.map(|(name, action)| header(name, action)));
        headers.push(header("Content-Type", message.media));
    }
    let request = Json::object()
        .with("method", call.method.as_str())
        .with("header", headers)
        .with("url", url(api, call))
        .with_some("body", body);
    Json::object().with("name", name).with("request", request)
}

fn url(api: &Api, call: &Call) -> Json {
    let host = call
        .hosts
        .first()
        .and_then(|own| api.hosts.iter().position(|host| host == own));
    let base = format!("{{{{{}}}}}", base(host.unwrap_or(0)));
    // A whole segment is a path variable of Postman's, a piece of one a variable of any kind.
    let whole = |name: &str| {
        call.route
            .parts
            .iter()
            .any(|part| matches!(part, Part::Param(own) if own == name))
    };
    let path = sample::path(call, |name| {
        if whole(name) {
            format!(":{name}")
        } else {
            format!("{{{{{name}}}}}")
        }
    });
    let params = call.query();
    let query: Vec<Json> = params.iter().map(entry).collect();
    let sent = params.iter().filter(|param| param.is_sent());
    let sent: Vec<String> = sent
        .map(|param| {
            let value = sample::in_query(sample::constant(param).unwrap_or_default());
            format!("{}={value}", sample::in_query(param.name))
        })
        .collect();
    let raw = if sent.is_empty() {
        format!("{base}{path}")
    } else {
        format!("{base}{path}?{}", sent.join("&"))
    };
    let segments: Vec<Json> = path[1..].split('/').map(Json::from).collect();
    let variables: Vec<Json> = call
        .route
        .params()
        .filter(|name| whole(name))
        .map(|name| Json::object().with("key", name).with("value", ""))
        .collect();
    let mut url = Json::object()
        .with("raw", raw)
        .with("host", vec![Json::from(base)])
        .with("path", segments);
    if !query.is_empty() {
        url.put("query", query);
    }
    if !variables.is_empty() {
        url.put("variable", variables);
    }
    url
}

/// A parameter; what only some requests sent is switched off.
fn entry(param: &Param<'_>) -> Json {
    let mut entry = Json::object()
        .with("key", param.name)
        .with("value", sample::constant(param).unwrap_or_default());
    if !param.is_sent() {
        entry.put("disabled", true);
    }
    if param.values.len() > 1 {
        let values: Vec<String> = param
            .values
            .iter()
            .map(|value| format!("`{value}`"))
            .collect();
        entry.put("description", values.join(", "));
    }
    entry
}

/// The bodies of a call.
fn bodies(call: &Call) -> Vec<Json> {
    if let Some(message) = call.message() {
        return vec![raw(&message.text, "xml")];
    }
    let members = call.members();
    let mut all = Vec::new();
    for body in call.sent() {
        match (body, &members) {
            (Body::Json(tree), Some(members)) => {
                let bodies = sample::bodies(&tree).into_iter();
                all.extend(bodies.map(|json| wrapped(call, members, json)));
            }
            (Body::Json(tree), None) => all.extend(sample::bodies(&tree).iter().map(json)),
            (Body::Form(params), _) => {
                let entries: Vec<Json> = params.iter().map(entry).collect();
                all.push(mode("urlencoded", entries));
            }
            (Body::Multipart(params), _) => {
                let parts = params.iter().map(|param| {
                    let file = param.kinds.contains(&Kind::File);
                    entry(param).with("type", if file { "file" } else { "text" })
                });
                all.push(mode("formdata", parts.collect::<Vec<_>>()));
            }
        }
    }
    if let Some(members) = members.filter(|_| all.is_empty()) {
        all.push(wrapped(call, &members, Json::object()));
    }
    all
}

fn mode(mode: &str, content: impl Into<Json>) -> Json {
    Json::object().with("mode", mode).with(mode, content)
}

fn json(json: &Json) -> Json {
    raw(json.to_text().trim_end(), "json")
}

fn raw(text: &str, language: &str) -> Json {
    let language = Json::object().with("language", language);
    let options = Json::object().with("raw", language);
    mode("raw", text).with("options", options)
}

/// The body of an operation with what its protocol wraps it in.
fn wrapped(call: &Call, around: &Json, sent: Json) -> Json {
    if let Json::List(calls) = sent {
        // Several calls in one request.
        let calls = calls.into_iter();
        let calls: Vec<Json> = calls.map(|one| joined(around, one)).collect();
        return json(&Json::List(calls));
    }
    let protocol = call.operation.as_ref().map(|operation| operation.protocol);
    if protocol == Some(Protocol::Graphql) {
        let variables = member(&sent, "variables").cloned();
        let graphql = Json::object()
            .with_some("query", member(around, "query").cloned())
            .with(
                "variables",
                variables.unwrap_or_else(Json::object).to_line(),
            );
        return mode("graphql", graphql);
    }
    json(&joined(around, sent))
}

fn joined(around: &Json, sent: Json) -> Json {
    let mut body = around.clone();
    if let Json::Object(members) = sent {
        for (name, value) in members {
            body.put(name, value);
        }
    }
    body
}

fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => members
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, v)| v),
        _ => None,
    }
}
