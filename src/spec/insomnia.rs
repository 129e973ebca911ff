//! Insomnia: exports of version 4, and the collections of version 5.

use super::collection::{Sample, Variables, joined};
use super::tree::Node;
use super::{Notes, Operation};
use crate::scope::Place;

/// The variable that stands for a template tag.
const COMPUTED: &str = "{{ id }}";

/// Whether a document is an export of Insomnia.
pub(super) fn is(root: &Node) -> bool {
    root.get("__export_format").is_some()
        || root
            .text_of("type")
            .is_some_and(|kind| kind.starts_with("collection.insomnia.rest/"))
}

/// Reads the requests; beside them the format and the title.
pub(super) fn read(root: &Node, notes: &mut Notes) -> (String, String, Vec<Operation>) {
    let mut variables = Variables::new();
    let mut samples = Vec::new();
    let (format, title) = if root.get("resources").is_some() {
        ("Insomnia 4", export(root, &mut variables, &mut samples))
    } else {
        environments(root.get("environments").map(AsRef::as_ref), &mut variables);
        children(root, "collection", &mut Vec::new(), &mut samples);
        (
            "Insomnia 5",
            root.text_of("name").unwrap_or_default().to_owned(),
        )
    };
    let operations = samples.into_iter();
    let operations = operations.filter_map(|sample| sample.operation(&variables, notes));
    (format.to_owned(), title, joined(operations.collect()))
}

/// Version 4: a flat list of resources, each with the id of the one that holds it.
fn export(root: &Node, variables: &mut Variables, samples: &mut Vec<Sample>) -> String {
    let resources = root
        .get("resources")
        .map(|list| list.items())
        .unwrap_or_default();
    let named = |id: &str, kind: &str| {
        let mut all = resources.iter();
        let found = all.find(|resource| {
            resource.text_of("_id") == Some(id) && resource.text_of("_type") == Some(kind)
        })?;
        found.text_of("name").map(str::to_owned)
    };
    let mut title = String::new();
    for resource in resources {
        match resource.text_of("_type") {
            Some("workspace") => {
                resource
                    .text_of("name")
                    .unwrap_or_default()
                    .clone_into(&mut title);
            }
            Some("environment") => data(resource, variables),
            Some("request") => {
                let folder = resource
                    .text_of("parentId")
                    .and_then(|id| named(id, "request_group"));
                samples.push(Sample {
                    folders: folder.into_iter().collect(),
                    ..sample(resource)
                });
            }
            _ => {}
        }
    }
    title
}

/// Version 5: folders hold requests and folders.
fn children(holder: &Node, key: &str, folders: &mut Vec<String>, samples: &mut Vec<Sample>) {
    for item in holder.get(key).map(|list| list.items()).unwrap_or_default() {
        if item.get("url").is_some() {
            samples.push(Sample {
                folders: folders.clone(),
                ..sample(item)
            });
        }
        if item.get("children").is_some() {
            folders.push(item.text_of("name").unwrap_or_default().to_owned());
            children(item, "children", folders, samples);
            folders.pop();
        }
    }
}

fn environments(environment: Option<&Node>, variables: &mut Variables) {
    let Some(environment) = environment else {
        return;
    };
    data(environment, variables);
    for sub in environment
        .get("subEnvironments")
        .map(|list| list.items())
        .unwrap_or_default()
    {
        data(sub, variables);
    }
}

/// The texts of an environment; the first value of a name holds.
fn data(environment: &Node, variables: &mut Variables) {
    for (key, value) in environment
        .get("data")
        .map(|data| data.entries())
        .unwrap_or_default()
    {
        if let Some(value) = value.text() {
            variables
                .entry(key.text.clone())
                .or_insert_with(|| value.to_owned());
        }
    }
}

fn sample(request: &Node) -> Sample {
    let text = |key: &str| request.text_of(key).unwrap_or_default().to_owned();
    let mut sample = Sample {
        method: text("method"),
        url: without_tags(&text("url")),
        name: text("name"),
        line: request.line,
        ..Sample::default()
    };
    names(request, "parameters", Place::Query, &mut sample);
    let Some(body) = request.get("body") else {
        return sample;
    };
    let media = body
        .text_of("mimeType")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content = body.text_of("text").unwrap_or_default();
    if media.contains("x-www-form-urlencoded") {
        names(body, "params", Place::Form, &mut sample);
    } else if media.starts_with("multipart/") {
        names(body, "params", Place::Multipart, &mut sample);
    } else if media.contains("json") || media.contains("graphql") {
        sample.json = Some(content.to_owned());
    } else {
        sample.other_body = !content.trim().is_empty();
    }
    sample
}

/// A URL whose template tags (`{% response 'body', … %}`) are variables: what they hold is computed when
/// it is sent, and their text names nothing.
fn without_tags(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut rest = url;
    while let Some((before, tag)) = rest.split_once("{%") {
        let Some((_, behind)) = tag.split_once("%}") else {
            break;
        };
        out.push_str(before);
        out.push_str(COMPUTED);
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn names(holder: &Node, list: &str, place: Place, sample: &mut Sample) {
    for entry in holder
        .get(list)
        .map(|list| list.items())
        .unwrap_or_default()
    {
        if let Some(name) = entry.text_of("name") {
            sample.params.push((place, name.to_owned()));
        }
    }
}
