//! The weights of the evidence, as data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::feature::Features;

/// What each piece of evidence adds to the log odds of a text being a value.
///
/// The weights that harcov uses are in `weights.toml`, made by `examples/routebench` from captures
/// with known routes; others serve to make and to judge them.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    first: Vec<f64>,
    second: Vec<f64>,
}

/// The weights as they are written: by name, zeros left out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// For the first pass, which sees each text with plain facts of its siblings.
    first: BTreeMap<String, f64>,
    /// For the second pass, which also sees what the first said of the siblings.
    second: BTreeMap<String, f64>,
}

impl Weights {
    /// Weights for both passes, in the order of [`Features::names`].
    pub fn new(first: Vec<f64>, second: Vec<f64>) -> Weights {
        Weights { first, second }
    }

    /// The weights that harcov uses.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a constant table, read by a test"
    )]
    pub fn built_in() -> &'static Weights {
        static WEIGHTS: OnceLock<Weights> = OnceLock::new();
        WEIGHTS.get_or_init(|| {
            let file: File = toml::from_str(include_str!("weights.toml")).expect("weights.toml");
            Weights::new(dense(&file.first), dense(&file.second))
        })
    }

    /// The weights of the first pass.
    pub fn first(&self) -> &[f64] {
        &self.first
    }

    /// The weights of the second pass.
    pub fn second(&self) -> &[f64] {
        &self.second
    }

    /// The text of `weights.toml`.
    ///
    /// # Errors
    ///
    /// Numbers that TOML cannot write.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&File {
            first: sparse(&self.first),
            second: sparse(&self.second),
        })
    }
}

fn dense(weights: &BTreeMap<String, f64>) -> Vec<f64> {
    let weight = |name: &String| weights.get(name).copied().unwrap_or(0.0);
    Features::names().iter().map(weight).collect()
}

fn sparse(weights: &[f64]) -> BTreeMap<String, f64> {
    let names = Features::names().iter().cloned();
    let pairs = names.zip(weights.iter().copied());
    pairs.filter(|(_, weight)| *weight != 0.0).collect()
}

/// The log odds of some evidence.
pub(super) fn odds(weights: &[f64], features: &Features) -> f64 {
    let products = features.values().iter().zip(weights);
    products.map(|(value, weight)| value * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_weight_is_of_a_feature() {
        let file: File = toml::from_str(include_str!("weights.toml")).unwrap();
        for name in file.first.keys().chain(file.second.keys()) {
            assert!(Features::names().contains(name), "{name}");
        }
        assert!(file.first.len() > 50 && file.second.len() > 50);
    }
}
