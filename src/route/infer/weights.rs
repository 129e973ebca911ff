//! The weights of the evidence, as data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::features::Features;

/// What each feature adds to the log odds of a text being a value.
///
/// The weights that harcov uses are in `weights.toml`, made by `examples/routebench` from captures
/// with known routes; others serve to make and to judge them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// For the first pass, which sees each text with plain facts of its siblings.
    pub first: BTreeMap<String, f64>,
    /// For the second pass, which also sees what the first said of the siblings.
    pub second: BTreeMap<String, f64>,
}

impl Weights {
    /// The weights that harcov uses.
    pub fn built_in() -> &'static Weights {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        #[expect(clippy::expect_used, reason = "a constant table, read by a test")]
        WEIGHTS.get_or_init(|| toml::from_str(include_str!("weights.toml")).expect("weights.toml"))
    }
}

/// The log odds of some evidence.
pub(super) fn odds(weights: &BTreeMap<String, f64>, features: &Features) -> f64 {
    features
        .values
        .iter()
        .filter_map(|(name, value)| Some(weights.get(*name)? * value))
        .sum()
}
