//! The table of what stays as it is.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

/// The table `rules.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) plain_headers: BTreeSet<String>,
    pub(super) date_headers: BTreeSet<String>,
    pub(super) url_headers: BTreeSet<String>,
    pub(super) media_headers: BTreeSet<String>,
    pub(super) credential_headers: BTreeSet<String>,
    pub(super) relations: BTreeSet<String>,
    pub(super) words: BTreeSet<String>,
    pub(super) phrases: BTreeSet<String>,
    pub(super) vendor_members: BTreeSet<String>,
    pub(super) vendor_words: BTreeSet<String>,
}

impl Rules {
    pub(super) fn built_in() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("rules.toml")).expect("rules.toml is valid")
        })
    }
}
