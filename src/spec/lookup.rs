//! Whether a path of a body is described.

use std::collections::BTreeMap;

use super::Field;
use crate::scope::KEY;

/// The described paths of bodies, as a tree.
#[derive(Debug, Default)]
pub struct Lookup<'f> {
    field: Option<&'f Field>,
    below: BTreeMap<&'f str, Lookup<'f>>,
}

impl<'f> Lookup<'f> {
    /// A tree of fields.
    pub fn new(fields: impl IntoIterator<Item = &'f Field>) -> Self {
        let mut root = Lookup::default();
        for field in fields {
            let mut at = &mut root;
            for name in names(&field.name) {
                at = at.below.entry(name).or_default();
            }
            at.field.get_or_insert(field);
        }
        root
    }

    /// The described field that a path is, or the open one that it lies in; and whether it is the
    /// field itself.
    pub fn find(&self, path: &str) -> Option<(&'f Field, bool)> {
        let names: Vec<&str> = names(path).collect();
        self.find_names(&names)
    }

    fn find_names(&self, path: &[&str]) -> Option<(&'f Field, bool)> {
        let open = || Some((self.field.filter(|field| field.open)?, false));
        let Some((name, rest)) = path.split_first() else {
            return Some((self.field?, true));
        };
        let named = self
            .below
            .get(name)
            .and_then(|below| below.find_names(rest));
        let any_key = || {
            let below = self.below.get(KEY).filter(|_| *name != "[]");
            below.and_then(|below| below.find_names(rest))
        };
        // Where captures show too many names to tell apart, each described one may be meant.
        let each = || {
            let below = self.below.values().filter(|_| *name == KEY);
            below.into_iter().find_map(|below| below.find_names(rest))
        };
        named.or_else(any_key).or_else(each).or_else(open)
    }
}

/// `data.list[].id` as `data`, `list`, `[]`, `id`.
fn names(path: &str) -> impl Iterator<Item = &str> {
    let pieces = path.split('.');
    pieces.flat_map(|piece| {
        let (name, brackets) = piece.split_at(piece.find('[').unwrap_or(piece.len()));
        let items = brackets.split_inclusive(']');
        std::iter::once(name)
            .filter(|name| !name.is_empty())
            .chain(items)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_and_open_places_hold_what_is_below_them() {
        let field = |name: &str, open| Field {
            place: None,
            name: name.to_owned(),
            required: false,
            kinds: BTreeSet::new(),
            values: Vec::new(),
            open,
            line: 1,
        };
        let fields = [
            field("data.list[].id", false),
            field("meta.<key>.size", false),
            field("free", true),
            field("matrix[][]", false),
            field("[].x", false),
        ];
        let lookup = Lookup::new(&fields);
        let found = |path: &str| lookup.find(path).map(|(field, _)| field.name.as_str());
        assert_eq!(found("data.list[].id"), Some("data.list[].id"));
        assert_eq!(found("data.list[].name"), None);
        assert_eq!(found("meta.width.size"), Some("meta.<key>.size"));
        assert_eq!(found("free.of[].all"), Some("free"));
        assert_eq!(found("matrix[][]"), Some("matrix[][]"));
        assert_eq!(found("[].x"), Some("[].x"));
        assert_eq!(found("data.<key>[].id"), Some("data.list[].id"));
    }
}
