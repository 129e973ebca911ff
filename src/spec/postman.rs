//! Postman collections, version 2.0 and 2.1.

use super::collection::{Sample, Variables, joined};
use super::tree::Node;
use super::{Notes, Operation};
use crate::scope::Place;

/// Whether a document is a collection.
pub(super) fn is(root: &Node) -> bool {
    let root = unwrapped(root);
    let schema = root.get("info").and_then(|info| info.text_of("schema"));
    schema.is_some_and(|schema| schema.contains("getpostman.com"))
        || root
            .get("info")
            .is_some_and(|info| info.get("_postman_id").is_some())
        || (root
            .get("info")
            .is_some_and(|info| info.get("name").is_some())
            && root
                .get("item")
                .is_some_and(|item| matches!(item.content, super::tree::Content::List(_))))
}

/// Postman's own API wraps the collection.
fn unwrapped(root: &Node) -> &Node {
    match root.get("collection") {
        Some(inner) if root.get("info").is_none() && inner.get("item").is_some() => inner,
        _ => root,
    }
}

/// Reads the requests; beside them the format and the title.
pub(super) fn read(root: &Node, notes: &mut Notes) -> (String, String, Vec<Operation>) {
    let root = unwrapped(root);
    let title = root.get("info").and_then(|info| info.text_of("name"));
    let mut variables = Variables::new();
    for variable in root
        .get("variable")
        .map(|list| list.items())
        .unwrap_or_default()
    {
        let name = variable.text_of("key").or_else(|| variable.text_of("id"));
        if let (Some(name), Some(value)) = (name, variable.text_of("value")) {
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    let mut samples = Vec::new();
    items(root, &mut Vec::new(), &mut samples);
    let operations = samples.into_iter();
    let operations = operations.filter_map(|sample| sample.operation(&variables, notes));
    let operations = joined(operations.collect());
    (
        "Postman".to_owned(),
        title.unwrap_or_default().to_owned(),
        operations,
    )
}

/// The requests of a folder and of those in it.
fn items(folder: &Node, folders: &mut Vec<String>, samples: &mut Vec<Sample>) {
    for item in folder
        .get("item")
        .map(|list| list.items())
        .unwrap_or_default()
    {
        let name = item.text_of("name").unwrap_or_default();
        if let Some(request) = item.get("request") {
            samples.push(Sample {
                name: name.to_owned(),
                folders: folders.clone(),
                line: item.line,
                ..sample(request)
            });
        }
        if item.get("item").is_some() {
            folders.push(name.to_owned());
            items(item, folders, samples);
            folders.pop();
        }
    }
}

fn sample(request: &Node) -> Sample {
    if let Some(url) = request.text() {
        return Sample {
            url: url.to_owned(),
            ..Sample::default()
        };
    }
    let mut sample = Sample {
        method: request.text_of("method").unwrap_or_default().to_owned(),
        ..Sample::default()
    };
    if let Some(url) = request.get("url") {
        sample.url = url_of(url);
        keys(url, "query", Place::Query, &mut sample);
    }
    if let Some(body) = request.get("body") {
        read_body(body, &mut sample);
    }
    sample
}

/// The URL as written, or put together of its parts.
fn url_of(url: &Node) -> String {
    if let Some(raw) = url.text().or_else(|| url.text_of("raw")) {
        return raw.to_owned();
    }
    let joined = |key: &str, with: &str| -> String {
        let Some(node) = url.get(key) else {
            return String::new();
        };
        if let Some(text) = node.text() {
            return text.to_owned();
        }
        let texts = node.items().iter();
        let texts: Vec<&str> = texts
            .filter_map(|item| item.text().or_else(|| item.text_of("value")))
            .collect();
        texts.join(with)
    };
    let host = joined("host", ".");
    let scheme = match url.text_of("protocol") {
        Some(scheme) if !host.starts_with("{{") => format!("{scheme}://"),
        _ => String::new(),
    };
    let port = url.text_of("port").map(|port| format!(":{port}"));
    let path = joined("path", "/");
    format!(
        "{scheme}{host}{}/{}",
        port.unwrap_or_default(),
        path.trim_start_matches('/')
    )
}

/// The names of a list of keys, those that are switched off too: they are described all the same.
fn keys(holder: &Node, list: &str, place: Place, sample: &mut Sample) {
    for entry in holder
        .get(list)
        .map(|list| list.items())
        .unwrap_or_default()
    {
        if let Some(name) = entry.text_of("key") {
            sample.params.push((place, name.to_owned()));
        }
    }
}

fn read_body(body: &Node, sample: &mut Sample) {
    match body.text_of("mode") {
        Some("urlencoded") => {
            if let Some(text) = body.text_of("urlencoded") {
                for (name, _) in url::form_urlencoded::parse(text.as_bytes()) {
                    sample.params.push((Place::Form, name.into_owned()));
                }
            }
            keys(body, "urlencoded", Place::Form, sample);
        }
        Some("formdata") => keys(body, "formdata", Place::Multipart, sample),
        Some("raw") => {
            let raw = body.text_of("raw").unwrap_or_default();
            let language = body
                .get("options")
                .and_then(|options| options.get("raw")?.text_of("language"));
            if language == Some("json") || raw.trim_start().starts_with(['{', '[']) {
                sample.json = Some(raw.to_owned());
            } else {
                sample.other_body = !raw.trim().is_empty();
            }
        }
        Some("graphql") => {
            let text = |key: &str| {
                let node = body.get("graphql")?;
                node.text_of(key).map(str::to_owned)
            };
            let query = text("query").unwrap_or_default();
            sample.graphql = Some((query, text("variables").unwrap_or_default()));
        }
        Some("file") => sample.other_body = true,
        _ => {}
    }
}
