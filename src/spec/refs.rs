//! Local references: `#/components/schemas/User`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::tree::Node;

/// How many references may lead from one to the next.
const MAX_HOPS: usize = 16;

/// Resolves the references of one document.
pub(super) struct Refs<'d> {
    root: &'d Node,
    known: RefCell<BTreeMap<String, Option<Arc<Node>>>>,
    /// References that lead nowhere, with their lines.
    lost: RefCell<BTreeMap<String, usize>>,
}

impl<'d> Refs<'d> {
    pub(super) fn new(root: &'d Node) -> Self {
        Refs {
            root,
            known: RefCell::default(),
            lost: RefCell::default(),
        }
    }

    /// The node that a node stands for: itself, or what its `$ref` leads to in the end. `None`
    /// where it leads nowhere or in a circle.
    pub(super) fn resolve(&self, node: &Arc<Node>) -> Option<Arc<Node>> {
        let mut node = Arc::clone(node);
        for _ in 0..MAX_HOPS {
            let Some(pointer) = node.text_of("$ref") else {
                return Some(node);
            };
            let Some(next) = self.at(pointer) else {
                let mut lost = self.lost.borrow_mut();
                lost.entry(pointer.to_owned()).or_insert(node.line);
                return None;
            };
            node = next;
        }
        None
    }

    /// The references that led nowhere, by line.
    pub(super) fn lost(self) -> Vec<(usize, String)> {
        let lost = self.lost.into_inner().into_iter();
        lost.map(|(pointer, line)| (line, pointer)).collect()
    }

    fn at(&self, pointer: &str) -> Option<Arc<Node>> {
        if let Some(known) = self.known.borrow().get(pointer) {
            return known.clone();
        }
        let found = self.find(pointer);
        let mut known = self.known.borrow_mut();
        known.insert(pointer.to_owned(), found.clone());
        found
    }

    fn find(&self, pointer: &str) -> Option<Arc<Node>> {
        let path = pointer.strip_prefix("#/")?;
        let mut at: Option<&Arc<Node>> = None;
        for piece in path.split('/') {
            let piece = percent_decode_str(piece).decode_utf8_lossy();
            let piece = piece.replace("~1", "/").replace("~0", "~");
            let node = at.map_or(self.root, Arc::as_ref);
            let item = || node.items().get(piece.parse::<usize>().ok()?);
            at = Some(node.get(&piece).or_else(item)?);
        }
        at.cloned()
    }
}
