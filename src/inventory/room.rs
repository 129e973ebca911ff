//! Which of too many things are kept: the first in the order of their texts, whatever order they come in.

use std::collections::BTreeMap;
use std::hash::Hash;

use foldhash::HashMap;

/// The order of what is kept under numbers; known once there is no more room.
pub(super) struct Order<K, T>(BTreeMap<T, K>);

impl<K, T> Default for Order<K, T> {
    fn default() -> Self {
        Order(BTreeMap::new())
    }
}

/// What becomes of something new.
pub(super) enum Admitted<V> {
    /// There is room for it.
    Yes,
    /// It takes the place of what was kept last.
    Instead(V),
    /// It is behind all that is kept.
    No,
}

impl<K: Clone + Eq + Hash, T: Ord> Order<K, T> {
    /// Makes room for a key that is not kept, if it is among the first `room` by its text.
    ///
    /// A key that is among the first in the end was among them from the moment it was first seen, so what is
    /// kept of it is exact whatever the order.
    pub(super) fn admit<V>(
        &mut self,
        kept: &mut HashMap<K, V>,
        room: usize,
        key: &K,
        text: impl Fn(&K) -> T,
    ) -> Admitted<V> {
        if kept.len() < room {
            return Admitted::Yes;
        }
        if self.0.is_empty() {
            self.0 = kept.keys().map(|key| (text(key), key.clone())).collect();
        }
        let own = text(key);
        let Some(last) = self.0.last_entry().filter(|last| *last.key() > own) else {
            return Admitted::No;
        };
        let gone = kept.remove(&last.remove());
        self.0.insert(own, key.clone());
        gone.map_or(Admitted::Yes, Admitted::Instead)
    }
}
