//! What came of a check, as data: the public contract of `harcov check --format json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Level;
use crate::report::{Coverage, GapRow};

use super::baseline::Entry;

/// The value of [`Verdict::schema`].
pub const CHECK_SCHEMA: &str = "harcov.check/1";

/// What came of a check. Its JSON form is a public contract: `harcov schema check` describes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Names this contract and its version.
    pub schema: String,
    /// The language of its texts, as a BCP 47 tag.
    pub lang: String,
    /// The version of harcov that made it.
    pub generator: String,
    /// Whether every rule holds.
    pub passed: bool,
    /// How much is implemented.
    pub coverage: Coverage,
    /// The limits, and how they stand.
    pub limits: Vec<LimitRow>,
    /// What does not hold: limits, then endpoints by importance, then reports.
    pub violations: Vec<Violation>,
    /// The gaps that the baseline lets pass.
    pub known: Vec<KnownRow>,
    /// The fingerprints in the baseline that no gap has any more.
    pub unused: Vec<String>,
}

/// One limit, and how it stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LimitRow {
    /// The group's name, if it is for one.
    pub group: Option<String>,
    /// The importance, if it is for one.
    pub priority: Option<Level>,
    /// The least percentage that is asked for.
    pub fail_under: Option<f64>,
    /// The most missing endpoints that are allowed.
    pub max_missing: Option<usize>,
    /// Endpoints that are implemented.
    pub implemented: usize,
    /// Endpoints that are missing.
    pub missing: usize,
    /// How many of the missing ones the baseline lets pass; they do not count.
    pub known: usize,
    /// Endpoints that are not excluded.
    pub total: usize,
    /// Implemented of total, in percent, one decimal; absent if total is 0.
    pub percent: Option<f64>,
    /// Whether the limit holds.
    pub passed: bool,
}

impl LimitRow {
    /// With what follows from the counts.
    pub(super) fn finish(mut self) -> Self {
        self.percent = (self.total > 0).then(|| (self.exact() * 10.0).round() / 10.0);
        let under = self.fail_under.is_some_and(|wanted| self.is_under(wanted));
        let over = self.max_missing.is_some_and(|most| self.counted() > most);
        self.passed = !under && !over;
        self
    }

    /// Whether less is implemented than asked for. Of no endpoints at all nothing is, which is well for
    /// a group or an importance that the captures do not show.
    pub(super) fn is_under(&self, wanted: f64) -> bool {
        if self.total == 0 {
            return self.group.is_none() && self.priority.is_none() && wanted > 0.0;
        }
        self.exact() < wanted
    }

    /// Missing endpoints that count.
    pub(super) fn counted(&self) -> usize {
        self.missing - self.known
    }

    pub(super) fn exact(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
        let percent = self.implemented as f64 * 100.0 / self.total.max(1) as f64;
        percent
    }
}

/// Something that does not hold.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    /// What it is.
    #[serde(flatten)]
    pub gap: GapRow,
    /// For a report that is out of date: what would change, as a unified diff, cut short.
    pub diff: Option<String>,
    /// The last day on which the baseline let it pass.
    pub known_until: Option<String>,
}

impl Violation {
    /// One that nobody knew.
    pub fn new(gap: GapRow) -> Self {
        Violation {
            gap,
            diff: None,
            known_until: None,
        }
    }

    /// One that was known for a time that is over.
    pub(super) fn expired(gap: GapRow, entry: &Entry) -> Self {
        Violation {
            known_until: entry.until.clone(),
            ..Violation::new(gap)
        }
    }
}

/// A gap that the baseline lets pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnownRow {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its code.
    pub code: String,
    /// The endpoint's id.
    pub endpoint: Option<String>,
    /// Why it may stay open.
    pub reason: Option<String>,
    /// The last day on which it may.
    pub until: Option<String>,
}

impl KnownRow {
    pub(super) fn new(gap: &GapRow, entry: &Entry) -> Self {
        KnownRow {
            fingerprint: gap.fingerprint.clone(),
            code: gap.code.clone(),
            endpoint: gap.endpoint.clone(),
            reason: entry.reason.clone(),
            until: entry.until.clone(),
        }
    }
}
