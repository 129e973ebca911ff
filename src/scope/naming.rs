//! What names of parameters and fields mean, remembered from one request to the next.

use std::cell::RefCell;

use foldhash::{HashMap, HashMapExt};

use crate::value::{Naming, Segment, Sensitive, Values, Way, holds_value};

/// Whether a name is itself a value: an id, a date, a number, or no name at all.
pub(crate) fn is_value(name: &str, values: &Values) -> bool {
    NAMES.with_borrow_mut(|names| {
        remembered(&mut names.values, name, || {
            name.len() > 80
                || Sensitive::built_in().is_name(name)
                || holds_value(name)
                || Segment::parse(name, values.tokens()).text().is_none()
        })
    })
}

/// What the name of a parameter says of its values.
pub(super) fn naming(name: &str, values: &Values) -> Naming {
    NAMES.with_borrow_mut(|names| {
        let rules = values.rules();
        if names.rules != rules.fingerprint() {
            names.rules = rules.fingerprint();
            names.namings.clear();
        }
        remembered(&mut names.namings, name, || rules.naming(name, Way::Sent))
    })
}

/// Names whose meaning is remembered; beyond that it is worked out anew.
const MAX_REMEMBERED: usize = 1 << 14;

/// What names mean, which the next request asks again.
#[derive(Default)]
struct Names {
    /// The rules that the namings hold under.
    rules: u64,
    namings: HashMap<String, Naming>,
    values: HashMap<String, bool>,
}

thread_local! {
    // Each thread remembers for itself, and what is remembered changes no result.
    static NAMES: RefCell<Names> = RefCell::default();
}

/// What `table` says of `key`, else what `find` finds, which is remembered.
fn remembered<T: Copy>(table: &mut HashMap<String, T>, key: &str, find: impl FnOnce() -> T) -> T {
    if let Some(known) = table.get(key) {
        return *known;
    }
    let found = find();
    if table.len() >= MAX_REMEMBERED {
        *table = HashMap::new();
    }
    table.insert(key.to_owned(), found);
    found
}
