//! What is left out of a capture that has more of something than is kept.

use serde::{Deserialize, Serialize};

/// Something of which only so many are kept.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Distinct calls. What is counted are requests.
    Calls,
    /// Distinct names of parameters and of fields of one call. What is counted are uses of a name.
    Names,
    /// Distinct values that are followed from responses into requests. What is counted are uses of
    /// a value.
    Values,
    /// Distinct requests whose repetition is noticed, and those that repeat them. What is counted are requests.
    Repeats,
    /// Roles that calls are made in. What is counted are requests.
    Roles,
    /// Requests that took long. What is counted are requests.
    Waits,
    /// States of things, and calls before they changed. What is counted are both.
    States,
}

impl Limit {
    /// The name in `[limits]` of the configuration, in reports and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Limit::Calls => "calls",
            Limit::Names => "names",
            Limit::Values => "values",
            Limit::Repeats => "repeats",
            Limit::Roles => "roles",
            Limit::Waits => "waits",
            Limit::States => "states",
        }
    }
}
