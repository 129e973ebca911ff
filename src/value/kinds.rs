//! Several kinds in a byte.

use super::Kind;

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    const ALL: [Kind; 8] = [
        Kind::Null,
        Kind::Boolean,
        Kind::Integer,
        Kind::Number,
        Kind::String,
        Kind::Array,
        Kind::Object,
        Kind::File,
    ];

    /// Adds a kind.
    #[inline]
    pub fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u8;
    }

    /// Adds those of another set; whether there was one that was not in it.
    #[inline]
    pub fn extend(&mut self, other: Kinds) -> bool {
        let before = self.0;
        self.0 |= other.0;
        self.0 != before
    }

    /// The kinds in it, in order.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Self::ALL
            .into_iter()
            .filter(move |kind| self.0 & 1 << *kind as u8 != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_place_of_its_own() {
        let mut kinds = Kinds::default();
        for (count, kind) in Kinds::ALL.into_iter().enumerate() {
            assert_eq!(kinds.iter().count(), count);
            kinds.insert(kind);
        }
        assert!(kinds.iter().eq(Kinds::ALL));
        assert!(!kinds.extend(kinds));
        assert!(Kinds::default().extend(kinds));
    }
}
