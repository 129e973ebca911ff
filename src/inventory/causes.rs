//! Calls that came before states changed.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::names::Name;
use super::polls::Call;

/// Writes named for each change, and as many before it.
pub(super) const MAX_CAUSES: usize = 4;

/// A call that came before a state changed, with names as numbers and calls by their positions.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    /// The call that showed the state.
    pub(super) read: usize,
    pub(super) field: Name,
    /// Before and after.
    pub(super) values: (SmolStr, SmolStr),
    pub(super) by: usize,
    /// How many calls back before the first value was read; 0 if it was made in between.
    pub(super) back: usize,
}

/// Calls before changes, and how often each came.
pub(super) struct Causes {
    room: usize,
    /// Those that there was no room for.
    pub(super) left_out: usize,
    kept: BTreeMap<Cause, usize>,
}

impl Causes {
    pub(super) fn new(room: usize) -> Self {
        Causes {
            room,
            left_out: 0,
            kept: BTreeMap::new(),
        }
    }

    /// Which are kept of too many is decided by their order alone.
    pub(super) fn note(&mut self, cause: Cause) {
        *self.kept.entry(cause).or_default() += 1;
        if self.kept.len() > self.room {
            let gone = self.kept.pop_last();
            self.left_out += gone.map_or(0, |(_, count)| count);
        }
    }

    /// Those that are kept.
    pub(super) fn into_kept(self) -> BTreeMap<Cause, usize> {
        self.kept
    }
}

/// A state that changed between two calls.
pub(super) struct Turn<'c> {
    pub(super) field: Name,
    pub(super) from: (&'c Call, &'c SmolStr),
    pub(super) to: (&'c Call, &'c SmolStr),
}

/// The changes of each state field.
pub(super) fn turns<'c>(calls: &[&'c Call]) -> Vec<Turn<'c>> {
    let mut last: BTreeMap<Name, (&Call, &SmolStr)> = BTreeMap::new();
    let mut turns = Vec::new();
    for call in calls {
        // What an error says of itself (`status: 503`) is no state.
        let words = call.words.iter().filter(|_| !call.failed);
        for known in words.filter(|known| known.state) {
            if let Some(from) = last.insert(known.field, (call, &known.word))
                && *from.1 != known.word
            {
                turns.push(Turn {
                    field: known.field,
                    from,
                    to: (call, &known.word),
                });
            }
        }
    }
    turns
}
