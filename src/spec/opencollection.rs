//! OpenCollection, the YAML form of Bruno's collections, bundled into one file.

use super::collection::{Sample, Variables, joined};
use super::tree::Node;
use super::{Notes, Operation};
use crate::scope::Place;

/// Whether a document is a collection.
pub(super) fn is(root: &Node) -> bool {
    root.get("opencollection").is_some()
}

/// Reads the requests; beside them the format and the title.
pub(super) fn read(root: &Node, notes: &mut Notes) -> (String, String, Vec<Operation>) {
    let mut variables = Variables::new();
    let environments = root
        .get("config")
        .and_then(|config| config.get("environments"));
    for environment in environments.map(|list| list.items()).unwrap_or_default() {
        for variable in environment
            .get("variables")
            .map(|list| list.items())
            .unwrap_or_default()
        {
            if let (Some(name), Some(value)) = (variable.text_of("name"), variable.text_of("value"))
            {
                variables
                    .entry(name.to_owned())
                    .or_insert_with(|| value.to_owned());
            }
        }
    }
    let mut samples = Vec::new();
    items(root, &mut Vec::new(), &mut samples);
    let operations = samples.into_iter();
    let operations = operations.filter_map(|sample| sample.operation(&variables, notes));
    let title = root.get("info").and_then(|info| info.text_of("name"));
    (
        "OpenCollection".to_owned(),
        title.unwrap_or_default().to_owned(),
        joined(operations.collect()),
    )
}

fn items(folder: &Node, folders: &mut Vec<String>, samples: &mut Vec<Sample>) {
    for item in folder
        .get("items")
        .map(|list| list.items())
        .unwrap_or_default()
    {
        let info = item.get("info").unwrap_or(item);
        let name = info.text_of("name").unwrap_or_default();
        // Older files put the request into the item itself.
        let request = item.get("http").or_else(|| item.get("url").map(|_| item));
        if let Some(request) = request {
            samples.push(Sample {
                name: name.to_owned(),
                folders: folders.clone(),
                line: item.line,
                ..sample(request)
            });
        }
        if item.get("items").is_some() {
            folders.push(name.to_owned());
            items(item, folders, samples);
            folders.pop();
        }
    }
}

fn sample(request: &Node) -> Sample {
    let text = |key: &str| request.text_of(key).unwrap_or_default().to_owned();
    let mut sample = Sample {
        method: text("method"),
        url: text("url"),
        ..Sample::default()
    };
    for param in request
        .get("params")
        .map(|list| list.items())
        .unwrap_or_default()
    {
        if param.text_of("type") != Some("path") {
            sample.params.extend(named(param, Place::Query));
        }
    }
    let Some(body) = request.get("body") else {
        return sample;
    };
    let data = body.get("data");
    let list = data.map(|data| data.items()).unwrap_or_default();
    match body.text_of("type") {
        Some("form-urlencoded") => {
            sample
                .params
                .extend(list.iter().filter_map(|entry| named(entry, Place::Form)));
        }
        Some("multipart-form") => {
            sample.params.extend(
                list.iter()
                    .filter_map(|entry| named(entry, Place::Multipart)),
            );
        }
        Some("json") => sample.json = body.text_of("data").map(str::to_owned),
        Some("graphql") => {
            let part = |key: &str| data.and_then(|data| data.text_of(key)).unwrap_or_default();
            sample.graphql = Some((part("query").to_owned(), part("variables").to_owned()));
        }
        Some("none") | None => {}
        Some(_) => sample.other_body = true,
    }
    sample
}

fn named(entry: &Node, place: Place) -> Option<(Place, String)> {
    Some((place, entry.text_of("name")?.to_owned()))
}
