//! OpenAPI 2.0 (Swagger), 3.0, 3.1 and 3.2.

mod operation;

use std::sync::Arc;

use super::bases::{self, Base};
use super::refs::Refs;
use super::tree::{Key, Node};
use super::{Notes, Operation};
use operation::Reader;

/// The methods that a path item may have, as its keys.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// Whether a document is of this kind, be it only in parts.
pub(super) fn is(root: &Node) -> bool {
    ["openapi", "swagger", "paths"]
        .iter()
        .any(|key| root.get(key).is_some())
}

/// Reads the operations; beside them the format and the title.
pub(super) fn read(root: &Node, notes: &mut Notes) -> (String, String, Vec<Operation>) {
    let swagger = root.text_of("swagger");
    let version = root.text_of("openapi").or(swagger);
    if version.is_none() {
        notes.warn(
            root.line,
            "the file does not say its version (`openapi: 3.1.0`)",
        );
    }
    let title = root.get("info").and_then(|info| info.text_of("title"));
    let refs = Refs::new(root);
    let bases = match swagger {
        Some(_) => bases::swagger(root),
        None => bases::servers(root.get("servers").map(Arc::as_ref), notes),
    };
    let mut operations = Vec::new();
    let reader = Reader::new(root, &refs);
    for (key, item) in root
        .get("paths")
        .map(|paths| paths.entries())
        .unwrap_or_default()
    {
        if key.text.starts_with("x-") {
            continue;
        }
        let Some(item) = refs.resolve(item) else {
            continue;
        };
        let bases = own_bases(&item, &bases, notes);
        for (method, node) in methods(&item) {
            let Some(node) = refs.resolve(node) else {
                continue;
            };
            let bases = own_bases(&node, &bases, notes);
            match reader.operation(&key.text, &item, &node, notes) {
                Ok(operation) => operations.push(Operation {
                    method: method.text.to_ascii_uppercase(),
                    location: notes.place(method.line),
                    bases,
                    ..operation
                }),
                Err(message) => {
                    notes.warn(key.line, message);
                    break;
                }
            }
        }
    }
    if root.get("paths").is_none() {
        notes.warn(root.line, "the file has no `paths`");
    }
    for (line, pointer) in refs.lost() {
        let message = if pointer.starts_with('#') {
            format!("the reference `{pointer}` leads nowhere")
        } else {
            format!(
                "the reference `{pointer}` leads out of the file; bundle the description into one"
            )
        };
        notes.warn(line, message);
    }
    let format = format!("OpenAPI {}", version.unwrap_or("of no version"));
    (format, title.unwrap_or_default().to_owned(), operations)
}

/// The methods of a path item with their operations.
fn methods(item: &Node) -> Vec<(&Key, &Arc<Node>)> {
    let known = item.entries().iter();
    let known = known.filter(|(key, _)| METHODS.contains(&key.text.to_ascii_lowercase().as_str()));
    let more = item.get("additionalOperations").map(|more| more.entries());
    let all = known.chain(more.unwrap_or_default());
    all.map(|(key, node)| (key, node)).collect()
}

/// The servers of a path or operation, or else those around it.
fn own_bases(node: &Node, around: &[Base], notes: &mut Notes) -> Vec<Base> {
    match node.get("servers") {
        Some(servers) if !servers.items().is_empty() => bases::servers(Some(servers), notes),
        _ => around.to_vec(),
    }
}
