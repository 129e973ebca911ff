//! Response fields as the tree that their paths describe.

use serde::Serialize;

use crate::report::FieldRow;

/// A field with those below it.
#[derive(Debug, Serialize)]
pub(super) struct Node<'a> {
    /// The last part of its path: `list[]`.
    name: &'a str,
    /// What is known of the field itself; a mere container has nothing.
    field: Option<&'a FieldRow>,
    children: Vec<Node<'a>>,
}

/// The fields of one response, in their order.
pub(super) fn tree(fields: &[FieldRow]) -> Vec<Node<'_>> {
    let mut roots = Vec::new();
    for field in fields {
        insert(&mut roots, &field.path, field);
    }
    roots
}

fn insert<'a>(level: &mut Vec<Node<'a>>, path: &'a str, field: &'a FieldRow) {
    let (name, rest) = match path.split_once('.') {
        // Keys may themselves hold dots at their ends; what is no path stays whole.
        Some((name, rest)) if !name.is_empty() && !rest.is_empty() => (name, Some(rest)),
        _ => (path, None),
    };
    let at = level.iter().rposition(|node| node.name == name);
    let at = at.unwrap_or_else(|| {
        level.push(Node {
            name,
            field: None,
            children: Vec::new(),
        });
        level.len() - 1
    });
    match rest {
        Some(rest) => insert(&mut level[at].children, rest, field),
        None => level[at].field = Some(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(nodes: &[Node<'_>]) -> String {
        let shown = nodes.iter().map(|node| {
            let mark = if node.field.is_some() { "" } else { "*" };
            match node.children.as_slice() {
                [] => format!("{}{mark}", node.name),
                below => format!("{}{mark}({})", node.name, outline(below)),
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn paths_become_branches() {
        let paths = [
            "code",
            "data.list[].id",
            "data.list[].tags[]",
            "data.total",
            "a..b",
            ".",
        ];
        let fields: Vec<FieldRow> = paths
            .iter()
            .map(|path| FieldRow {
                path: (*path).to_owned(),
                kind: "string".to_owned(),
                required: true,
                values: Vec::new(),
            })
            .collect();
        assert_eq!(
            outline(&tree(&fields)),
            "code data*(list[]*(id tags[]) total) a*(.b) ."
        );
    }
}
