//! A Postman collection, version 2.1.

use super::api::{Api, Body, Call, Param, origin};
use super::json::Json;
use super::sample;
use crate::route::{ParamStyle, Part};
use crate::scope::{Operation, Place, Protocol};
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
    let headers: Vec<Json> = call
        .auth_headers()
        .into_iter()
        .map(|(header, scheme)| {
            Json::object()
                .with("key", header)
                .with("value", format!("{scheme}{{{{{header}}}}}"))
        })
        .collect();
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
    let params = call.params(Place::Query);
    let query: Vec<Json> = params.iter().map(entry).collect();
    let sent = params.iter().filter(|param| param.required);
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
    if !param.required {
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
    let operation = call.operation.as_ref().filter(|_| call.method != "GET");
    let wrapping = operation
        .filter(|operation| matches!(operation.protocol, Protocol::Graphql | Protocol::JsonRpc));
    let mut all = Vec::new();
    for body in call.sent() {
        match (body, wrapping) {
            (Body::Json(tree), Some(operation)) => {
                let bodies = sample::bodies(&tree).into_iter();
                all.extend(bodies.map(|json| wrapped(call, operation, json)));
            }
            (Body::Json(tree), None) => all.extend(sample::bodies(&tree).iter().map(raw)),
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
    if let Some(operation) = wrapping.filter(|_| all.is_empty()) {
        all.push(wrapped(call, operation, Json::object()));
    }
    all
}

fn mode(mode: &str, content: impl Into<Json>) -> Json {
    Json::object().with("mode", mode).with(mode, content)
}

fn raw(json: &Json) -> Json {
    let language = Json::object().with("language", "json");
    let options = Json::object().with("raw", language);
    mode("raw", json.to_text().trim_end()).with("options", options)
}

/// The body of an operation with what its protocol wraps it in.
fn wrapped(call: &Call, operation: &Operation, json: Json) -> Json {
    if let Json::List(calls) = json {
        // Several calls in one request.
        let calls = calls.into_iter();
        let calls: Vec<Json> = calls.map(|one| enveloped(call, operation, one)).collect();
        return raw(&Json::List(calls));
    }
    if operation.protocol == Protocol::Graphql {
        let variables = member(&json, "variables").cloned();
        let graphql = Json::object()
            .with("query", sample::graphql(call, &operation.name))
            .with(
                "variables",
                variables.unwrap_or_else(Json::object).to_line(),
            );
        return mode("graphql", graphql);
    }
    raw(&enveloped(call, operation, json))
}

fn enveloped(call: &Call, operation: &Operation, json: Json) -> Json {
    let mut body = match operation.protocol {
        Protocol::Graphql => Json::object()
            .with("operationName", operation.name.as_str())
            .with("query", sample::graphql(call, &operation.name)),
        _ => Json::object()
            .with("jsonrpc", "2.0")
            .with("id", 1_usize)
            .with("method", operation.name.as_str()),
    };
    if let Json::Object(members) = json {
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
