//! HTTP files, as the editors of JetBrains and Visual Studio Code run them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::api::{Api, Body, Call, Param, origin};
use super::json::{Json, one_line};
use super::name::{self, Names};
use super::sample;

/// The file: variables first, then a request for each call.
pub(super) fn write(api: &Api) -> String {
    let mut out = String::new();
    let hosts: BTreeMap<&str, String> = api
        .hosts
        .iter()
        .enumerate()
        .map(|(at, host)| (host.as_str(), variable(at)))
        .collect();
    for host in &api.hosts {
        let _ = writeln!(out, "@{} = {}", hosts[host.as_str()], origin(host));
    }
    let headers: BTreeSet<&str> = api
        .calls
        .iter()
        .flat_map(Call::auth)
        .map(|credential| credential.header)
        .collect();
    for header in &headers {
        let _ = writeln!(out, "@{} =", name::camel(&name::ascii_words(header)));
    }
    let names = api.names(name::ascii_camel, "", Names::default());
    for (call, name) in api.calls.iter().zip(names) {
        let host = call.hosts.first().and_then(|host| hosts.get(host.as_str()));
        request(
            &mut out,
            call,
            &name,
            host.map_or("baseUrl", String::as_str),
        );
    }
    out
}

fn variable(at: usize) -> String {
    match at {
        0 => "baseUrl".to_owned(),
        at => format!("baseUrl{}", at + 1),
    }
}

fn request(out: &mut String, call: &Call, name: &str, base: &str) {
    let title = call.title.as_deref().unwrap_or(name);
    let _ = writeln!(out, "\n### {}\n# @name {name}", one_line(title));
    let path = sample::path(call, |param| format!("{{{{{param}}}}}"));
    let query = pairs(&call.query(), "\n  &");
    let query = if query.is_empty() {
        query
    } else {
        format!("\n  ?{query}")
    };
    let _ = writeln!(out, "{} {{{{{base}}}}}{path}{query}", call.method);
    for (header, scheme) in call.auth_headers() {
        let _ = writeln!(
            out,
            "{header}: {scheme}{{{{{}}}}}",
            name::camel(&name::ascii_words(header))
        );
    }
    if let Some((header, action)) = call.message().and_then(|message| message.action) {
        let _ = writeln!(out, "{header}: {action}");
    }
    if let Some((media, body)) = body(call) {
        let _ = writeln!(out, "content-type: {media}\n\n{body}");
    }
}

fn body(call: &Call) -> Option<(String, String)> {
    let json = |json: &Json| {
        (
            "application/json".to_owned(),
            json.to_text().trim_end().to_owned(),
        )
    };
    if let Some(message) = call.message() {
        return Some((message.media, message.text));
    }
    if let Some(wrapped) = wrapped(call) {
        return Some(json(&wrapped));
    }
    Some(match call.sent().into_iter().next()? {
        Body::Form(params) => (
            "application/x-www-form-urlencoded".to_owned(),
            pairs(&params, "\n&"),
        ),
        Body::Multipart(params) => {
            let boundary = "harcov";
            let mut text = String::new();
            for param in &params {
                let name = param.name.replace(['"', '\r', '\n'], "_");
                let value = sample::constant(param).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "--{boundary}\nContent-Disposition: form-data; name=\"{name}\"\n\n{}",
                    one_line(value)
                );
            }
            let _ = write!(text, "--{boundary}--");
            (format!("multipart/form-data; boundary={boundary}"), text)
        }
        Body::Json(tree) => json(&sample::body(&tree)),
    })
}

/// The body of an operation with what its protocol wraps it in.
pub(super) fn wrapped(call: &Call) -> Option<Json> {
    let mut body = call.members()?;
    for sent in call.sent() {
        if let Body::Json(tree) = sent
            && let Json::Object(members) = sample::body(&tree)
        {
            for (name, value) in members {
                body.put(name, value);
            }
        }
    }
    Some(body)
}

/// `name={{name}}`, or the constant.
fn pairs(params: &[Param<'_>], joint: &str) -> String {
    let pairs: Vec<String> = params
        .iter()
        .map(|param| {
            let value = match sample::constant(param) {
                Some(constant) => sample::in_query(constant),
                None => format!("{{{{{}}}}}", name::camel(&name::ascii_words(param.name))),
            };
            format!("{}={value}", sample::in_query(param.name))
        })
        .collect();
    pairs.join(joint)
}
