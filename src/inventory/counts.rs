//! Counts that merge in any order, and how they are written.

use std::collections::BTreeMap;

/// Adds counts to counts.
pub(super) fn add_counts<K: Ord + Clone>(
    ours: &mut BTreeMap<K, usize>,
    theirs: &BTreeMap<K, usize>,
) {
    for (key, count) in theirs {
        *ours.entry(key.clone()).or_default() += count;
    }
}

/// The place of a key in a map that keeps the first `limit` keys in their order; `None` if it is
/// behind them. What has to make room is given to `dropped`.
///
/// A key that is among the first in the end was among them from the moment it was first seen, so
/// what is kept of it is exact whatever the order of additions.
pub(super) fn slot<K: Ord, V: Default>(
    map: &mut BTreeMap<K, V>,
    key: K,
    limit: usize,
    dropped: impl FnOnce(V),
) -> Option<&mut V> {
    if map.len() >= limit && !map.contains_key(&key) {
        let last = map.last_entry()?;
        if *last.key() < key {
            return None;
        }
        dropped(last.remove());
    }
    Some(map.entry(key).or_default())
}

/// Adds to the count of a key if it is among the first `limit`, else to `overflow`.
pub(super) fn add_bounded<K: Ord>(
    counts: &mut BTreeMap<K, usize>,
    overflow: &mut usize,
    limit: usize,
    key: K,
    count: usize,
) {
    let mut lost = 0;
    match slot(counts, key, limit, |known| lost = known) {
        Some(known) => *known += count,
        None => lost = count,
    }
    *overflow += lost;
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Counts whose keys are no texts, as a list of pairs.
pub(super) mod listed {
    use std::collections::BTreeMap;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<K: Serialize, S: Serializer>(
        counts: &BTreeMap<K, usize>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(counts)
    }

    pub(in super::super) fn deserialize<'de, K: Deserialize<'de> + Ord, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, usize>, D::Error> {
        let pairs = Vec::<(K, usize)>::deserialize(deserializer)?;
        let length = pairs.len();
        let counts: BTreeMap<K, usize> = pairs.into_iter().collect();
        if counts.len() < length {
            return Err(D::Error::custom(
                "something stands twice in a list of counts",
            ));
        }
        Ok(counts)
    }
}

/// Changes of states by field, each a list of pairs.
pub(super) mod changes {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::super::observed::Transitions;
    use super::listed;

    #[derive(Serialize, Deserialize)]
    struct Listed(#[serde(with = "listed")] Transitions);

    pub(in super::super) fn serialize<S: Serializer>(
        changes: &BTreeMap<String, Transitions>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let fields = changes.iter();
        serializer.collect_map(fields.map(|(field, counts)| (field, Listed(counts.clone()))))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, Transitions>, D::Error> {
        let fields = BTreeMap::<String, Listed>::deserialize(deserializer)?;
        Ok(fields
            .into_iter()
            .map(|(field, Listed(counts))| (field, counts))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All that was counted, in the order given, at most five keys of it kept.
    fn counted(keys: &[u8]) -> (BTreeMap<u8, usize>, usize) {
        let (mut counts, mut overflow) = (BTreeMap::new(), 0);
        for key in keys {
            add_bounded(&mut counts, &mut overflow, 5, *key, 1);
        }
        (counts, overflow)
    }

    proptest! {
        #[test]
        fn what_is_kept_does_not_depend_on_order_or_splits(
            keys in prop::collection::vec(0u8..12, 0..60),
            split in 0usize..60,
        ) {
            let whole = counted(&keys);
            let mut sorted = keys.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            prop_assert_eq!(&counted(&sorted), &whole);
            let (a, b) = keys.split_at(split.min(keys.len()));
            let (mut a, b) = (counted(a), counted(b));
            for (key, count) in b.0 {
                add_bounded(&mut a.0, &mut a.1, 5, key, count);
            }
            a.1 += b.1;
            prop_assert_eq!(a, whole);
        }
    }
}
