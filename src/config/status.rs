//! The words for how far an endpoint is implemented and how urgent it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far an endpoint is implemented.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The manifest says so and nothing observed contradicts it.
    Implemented,
    /// The manifest says so, or the capture shows more than it lists.
    Partial,
    /// Observed, and not in the manifest.
    Missing,
    /// The group or the manifest says so.
    Unknown,
    /// Left out by decision.
    Excluded,
    /// In the manifest, and in no capture.
    Unobserved,
}

impl Status {
    /// All of them, in report order.
    pub const ALL: [Status; 6] = [
        Status::Implemented,
        Status::Partial,
        Status::Missing,
        Status::Unknown,
        Status::Excluded,
        Status::Unobserved,
    ];

    /// The word in files and as the last part of a message key.
    pub fn name(self) -> &'static str {
        match self {
            Status::Implemented => "implemented",
            Status::Partial => "partial",
            Status::Missing => "missing",
            Status::Unknown => "unknown",
            Status::Excluded => "excluded",
            Status::Unobserved => "unobserved",
        }
    }
}

/// How urgent a gap is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing to do.
    None,
    /// Optional.
    Low,
    /// Next.
    Medium,
    /// First.
    High,
}

impl Level {
    /// The word in files and as the last part of a message key.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
        }
    }
}
