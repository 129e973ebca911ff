//! `[diff]`: what changes between captures are worth, and which are known.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::check::Checks;
use super::forms::Day;
use super::{Location, Prose};

/// How much a change matters.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ChangeLevel {
    /// Breaks a client that works as the old side shows.
    Breaking,
    /// To be looked at.
    Warning,
    /// Good to know.
    Info,
    /// Not told.
    None,
}

/// `[diff]`.
#[derive(Debug, Clone, Default)]
pub struct DiffConfig {
    /// Levels of codes that the built-in table gives others.
    pub levels: BTreeMap<String, ChangeLevel>,
    /// Where the levels were written, if they were.
    pub levels_at: Option<Location>,
    /// Changes that are known.
    pub ignore: Vec<IgnoreConfig>,
}

/// `[[diff.ignore]]`: a change that is known.
#[derive(Debug, Clone)]
pub struct IgnoreConfig {
    /// The change's fingerprint.
    pub fingerprint: String,
    /// Why it is ignored.
    pub reason: Option<Prose>,
    /// The last day on which it is (`YYYY-MM-DD`).
    pub until: Option<String>,
}

impl IgnoreConfig {
    /// Whether the last day is over.
    pub fn has_ended(&self, today: Option<&str>) -> bool {
        let until = self.until.as_deref().zip(today);
        until.is_some_and(|(until, today)| until < today)
    }
}

/// What changes between captures are worth, and which are known (`harcov diff`).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Diff")]
pub(crate) struct RawDiff {
    /// Levels of codes (`param-new = "info"`) that the built-in table gives others.
    #[schemars(with = "Option<BTreeMap<String, ChangeLevel>>")]
    levels: Option<Spanned<BTreeMap<String, ChangeLevel>>>,
    /// Changes that are known and not told.
    #[serde(default)]
    ignore: Vec<RawIgnore>,
}

/// A change that is known and not told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Ignore")]
struct RawIgnore {
    /// Its fingerprint, as `harcov diff` tells it.
    fingerprint: String,
    /// Why.
    reason: Option<Prose>,
    /// The last day on which it is ignored.
    #[schemars(with = "Option<Day>")]
    until: Option<Spanned<Day>>,
}

/// Makes the valid form.
pub(super) fn validate(raw: RawDiff, checks: &mut Checks<'_>) -> DiffConfig {
    let levels_at = raw
        .levels
        .as_ref()
        .map(|levels| checks.place(&levels.span()));
    DiffConfig {
        levels: raw.levels.map(Spanned::into_inner).unwrap_or_default(),
        levels_at,
        ignore: raw
            .ignore
            .into_iter()
            .map(|rule| IgnoreConfig {
                fingerprint: rule.fingerprint,
                reason: rule.reason,
                until: rule.until.as_ref().and_then(|until| checks.day(until)),
            })
            .collect(),
    }
}
