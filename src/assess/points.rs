//! The table of priorities, and what it says of single endpoints.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::config::Level;
use crate::inventory::Endpoint;
use crate::scope::{Protocol, reads, reads_again};

use super::wording::{called, words};

/// The table `priority.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) points: Points,
    pub(super) limits: Limits,
    pub(super) bounds: Bounds,
    words: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Points {
    pub(super) flow_step: i32,
    pub(super) changes_state: i32,
    pub(super) needed_once: i32,
    pub(super) needed_often: i32,
    pub(super) takes_part: i32,
    pub(super) leads_to_end: i32,
    pub(super) on_path: i32,
    pub(super) frequent: i32,
    pub(super) loose_end: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) often: usize,
    pub(super) frequent_share: f64,
    pub(super) frequent_requests: usize,
    pub(super) high: i32,
    pub(super) medium: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bounds {
    pub(super) partial: Level,
    pub(super) unknown: Level,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    ends: BTreeSet<String>,
}

impl Rules {
    pub(super) fn built_in() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("priority.toml")).expect("priority.toml is valid")
        })
    }

    /// Whether an endpoint settles what the user came for, by the words of its route.
    pub(super) fn settles(&self, endpoint: &Endpoint) -> bool {
        changes_state(endpoint)
            && words(endpoint)
                .iter()
                .any(|word| self.words.ends.contains(word))
    }
}

/// Whether an endpoint changes state: its method or operation may, and neither its operation
/// nor its route is called like a read, or like waiting where it is polled. The document of a GraphQL operation says it by itself.
pub fn changes_state(endpoint: &Endpoint) -> bool {
    let observed = &endpoint.observed;
    if observed.writes == 0 {
        return false;
    }
    let said = endpoint
        .operation
        .as_ref()
        .is_some_and(|operation| operation.protocol == Protocol::Graphql && observed.documents > 0);
    // What only asks whether something is there yet, again and again, does not change it.
    let waits = || observed.poll.is_some() && reads_again(called(endpoint));
    said || endpoint.method != "POST" || !(reads(called(endpoint)) || waits())
}
