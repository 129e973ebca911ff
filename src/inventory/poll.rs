//! What is known of an endpoint that is polled.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts::slot;

/// Fields, and values of each, that polls are known to end with.
const MAX_ENDS: usize = 16;

/// Of each field that changed the values that it had at the end, with the number of polls.
type Ends = BTreeMap<String, BTreeMap<String, usize>>;

/// A call that was repeated until something changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// Calls of the longest series.
    pub calls: usize,
    /// The median gap between them, in milliseconds.
    pub interval_ms: u64,
    /// The state field with its first and last value, if one changed.
    pub change: Option<(String, String, String)>,
    /// Whether the server held each request until there was news, or for a while.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// All values of that field, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// What all series ended with: of each field that changed its last values, with the number of
    /// series.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ends: Ends,
}

impl Poll {
    /// What the field that changed was in the end, with the number of series, most of them first; of an
    /// inventory that does not tell, of the longest series only.
    pub fn last_values(&self) -> Vec<(&str, usize)> {
        let Some((field, _, last)) = &self.change else {
            return Vec::new();
        };
        let known = self.ends.get(field).into_iter().flatten();
        let mut ends: Vec<(&str, usize)> = known.map(|(value, n)| (value.as_str(), *n)).collect();
        if ends.is_empty() {
            ends.push((last, 1));
        }
        ends.sort_by_key(|(value, count)| (Reverse(*count), *value));
        ends
    }

    /// Takes out the values of fields that are not shown.
    pub(super) fn withhold(&mut self, shown: impl Fn(&str) -> bool) {
        if self.change.take_if(|(field, ..)| !shown(field)).is_some() {
            self.values.clear();
        }
        self.ends.retain(|field, _| shown(field));
    }
}

/// The poll with more calls, ties by the other fields, with the ends of both: the order does not matter.
pub(super) fn merged(a: Option<Poll>, b: Option<Poll>) -> Option<Poll> {
    let (mut a, mut b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (a, b) => return a.or(b),
    };
    let mut ends = std::mem::take(&mut a.ends);
    for (field, values) in std::mem::take(&mut b.ends) {
        let Some(known) = slot(&mut ends, field, MAX_ENDS, drop) else {
            continue;
        };
        for (value, count) in values {
            if let Some(known) = slot(known, value, MAX_ENDS, drop) {
                *known += count;
            }
        }
    }
    Some(Poll { ends, ..a.max(b) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn poll(calls: usize, field: &str, last: &str) -> Poll {
        Poll {
            calls,
            interval_ms: 2_000,
            change: Some((field.to_owned(), "NEW".to_owned(), last.to_owned())),
            held: false,
            values: vec!["NEW".to_owned(), last.to_owned()],
            ends: Ends::from([(field.to_owned(), BTreeMap::from([(last.to_owned(), 1)]))]),
        }
    }

    fn of(polls: &[(usize, usize, usize)]) -> Option<Poll> {
        let (fields, lasts) = (["state", "status"], ["DONE", "FAILED", "GONE"]);
        let polls = polls.iter();
        let polls = polls.map(|(calls, field, last)| poll(*calls, fields[*field], lasts[*last]));
        polls.map(Some).reduce(merged).flatten()
    }

    #[test]
    fn an_old_inventory_knows_one_end() {
        let mut old = poll(3, "status", "DONE");
        old.ends.clear();
        assert_eq!(old.last_values(), [("DONE", 1)]);
        let both = merged(Some(old), Some(poll(2, "status", "FAILED")));
        assert_eq!(both.unwrap().last_values(), [("FAILED", 1)]);
    }

    #[test]
    fn what_is_withheld_is_nowhere() {
        let mut known = poll(3, "status", "DONE");
        known.withhold(|_| false);
        let text = serde_json::to_string(&known).unwrap();
        assert!(!text.contains("DONE") && !text.contains("status"), "{text}");
    }

    proptest! {
        /// All ends are known, in whatever order polls are put together.
        #[test]
        fn ends_add_up(mut polls in prop::collection::vec((2usize..5, 0usize..2, 0usize..3), 1..9)) {
            let all = of(&polls).unwrap();
            let counts = all.ends.values().flat_map(BTreeMap::values);
            prop_assert_eq!(counts.sum::<usize>(), polls.len());
            polls.reverse();
            prop_assert_eq!(of(&polls), Some(all.clone()));
            let (a, b) = polls.split_at(polls.len() / 2);
            prop_assert_eq!(merged(of(b), of(a)), Some(all));
        }
    }
}
