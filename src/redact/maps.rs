//! Which keys of a JSON document are those of maps, as reports tell it.

use crate::capture::Node;
use crate::scope::{ITEMS, KEY, Members, names_a_value};

/// Says of each member of a document, in its order, whether its name is the key of a map.
#[derive(Default)]
pub(super) struct MapKeys(std::vec::IntoIter<bool>);

impl MapKeys {
    /// Those of a document.
    pub(super) fn of(document: &Node) -> Self {
        let mut members = Members::new();
        let mut order = Vec::new();
        collect(document, 0, &mut members, &mut order);
        let Some(collapsed) = members.collapsed() else {
            return MapKeys::default();
        };
        let keys: Vec<bool> = order.iter().map(|at| collapsed.is_key(*at)).collect();
        MapKeys(keys.into_iter())
    }

    /// Of the next member.
    pub(super) fn next(&mut self) -> bool {
        self.0.next().unwrap_or(false)
    }
}

fn collect<'n>(node: &'n Node, at: usize, members: &mut Members<'n>, order: &mut Vec<usize>) {
    match node {
        Node::Object(below) => {
            for (key, node) in below {
                let name = if names_a_value(key) { KEY } else { key };
                let member = members.member(at, name);
                order.push(member);
                collect(node, member, members, order);
            }
        }
        Node::Array(items) => {
            let member = members.member(at, ITEMS);
            for item in items {
                collect(item, member, members, order);
            }
        }
        Node::Text(_) | Node::Bare(_) => {}
    }
}
