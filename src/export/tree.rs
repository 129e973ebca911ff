//! Bodies as trees, from the paths that were observed.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::ValueCounts;
use crate::scope::ROOT;
use crate::value::Kind;

/// A place in a body.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    /// The types that were seen.
    pub(super) kinds: BTreeSet<Kind>,
    /// How often it was seen.
    pub(super) times: usize,
    /// Its values, if it has few and they are constants.
    pub(super) values: Vec<String>,
    /// Members of an object, in order of the name.
    pub(super) members: BTreeMap<String, Tree>,
    /// The items of an array.
    pub(super) items: Option<Box<Tree>>,
}

/// One observed path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf<'a> {
    pub(super) path: &'a str,
    pub(super) kinds: &'a BTreeSet<Kind>,
    pub(super) times: usize,
    pub(super) values: &'a ValueCounts,
}

impl Tree {
    /// The tree of a body that was seen so often; a path is a member of the longest other path that
    /// it begins with, so that names with dots stay whole.
    pub(super) fn new<'a>(times: usize, leaves: impl IntoIterator<Item = Leaf<'a>>) -> Tree {
        let leaves: BTreeMap<&str, Leaf<'_>> =
            leaves.into_iter().map(|leaf| (leaf.path, leaf)).collect();
        let mut root = Tree {
            times,
            ..Tree::default()
        };
        // A path sorts behind those that it begins with.
        for (path, leaf) in &leaves {
            if *path == ROOT {
                // A body of another kind that held nothing left no trace, so anything may come.
                if leaf.times == times || leaves.len() > 1 {
                    root.kinds.extend(leaf.kinds);
                    root.values = constants(leaf);
                }
                continue;
            }
            let mut at = &mut root;
            let mut from = 0;
            for (end, _) in path.match_indices(['.', '[']) {
                if end > from && leaves.contains_key(&path[..end]) {
                    at = at.step(&path[from..end]);
                    from = end;
                }
            }
            at = at.step(&path[from..]);
            at.kinds.extend(leaf.kinds);
            at.times = leaf.times;
            at.values = constants(leaf);
        }
        root
    }

    /// The member or the items that a piece of a path names: `.id`, `id`, `[]`, `[].id`.
    fn step(&mut self, piece: &str) -> &mut Tree {
        let name = piece.strip_prefix('.').unwrap_or(piece);
        match name.strip_prefix("[]") {
            Some(rest) => {
                let items = self.items.get_or_insert_default();
                if rest.is_empty() {
                    items
                } else {
                    items.step(rest)
                }
            }
            None => self.members.entry(name.to_owned()).or_default(),
        }
    }

    /// Whether every object here had the member.
    pub(super) fn requires(&self, member: &Tree) -> bool {
        self.times > 0 && member.times == self.times
    }

    /// The types, without what follows from others.
    pub(super) fn types(&self) -> BTreeSet<Kind> {
        let mut kinds = self.kinds.clone();
        if kinds.contains(&Kind::Number) {
            kinds.remove(&Kind::Integer);
        }
        if !self.members.is_empty() {
            kinds.insert(Kind::Object);
        }
        if self.items.is_some() {
            kinds.insert(Kind::Array);
        }
        kinds
    }
}

/// The constants of a place, if all that was seen there are some.
pub(super) fn constants_of(values: &ValueCounts) -> Vec<String> {
    if values.are_all() {
        values.counts.keys().cloned().collect()
    } else {
        Vec::new()
    }
}

fn constants(leaf: &Leaf<'_>) -> Vec<String> {
    constants_of(leaf.values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_dots_stay_whole() {
        let (object, array, text) = (
            BTreeSet::from([Kind::Object]),
            BTreeSet::from([Kind::Array]),
            BTreeSet::from([Kind::String]),
        );
        let values = ValueCounts::default();
        let leaf = |path, kinds| Leaf {
            path,
            kinds,
            times: 1,
            values: &values,
        };
        let tree = Tree::new(
            1,
            [
                leaf("a", &object),
                leaf("a.b.c", &text),
                leaf("list", &array),
                leaf("list[]", &object),
                leaf("list[].id", &text),
                leaf("list[].x[]", &text),
            ],
        );
        assert!(tree.members["a"].members.contains_key("b.c"));
        let items = tree.members["list"].items.as_ref().unwrap();
        assert!(items.members.contains_key("id"));
        assert!(tree.requires(&tree.members["a"]));
    }
}
