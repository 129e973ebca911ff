//! `[gate]`: what `harcov check` asks for.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::check::Checks;
use super::forms::OneOrMany;
use super::words::{list, nearest};
use super::{GroupConfig, Level, Location, OTHER};

/// `[gate]`: what `harcov check` asks for.
#[derive(Debug, Clone, Default)]
pub struct GateConfig {
    /// The limits.
    pub limits: Vec<Limit>,
    /// What may not be there; without it, the gate's own choice.
    pub deny: Option<Vec<Deny>>,
    /// The file of the gaps that are known.
    pub baseline: Option<PathBuf>,
    /// Reports that have to be as they would be written now, as `FILE` or `FORMAT=FILE`.
    pub stale: Vec<(String, Location)>,
}

/// A limit for all endpoints, or for those of a group and of an importance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limit {
    /// The group's name.
    pub group: Option<String>,
    /// The priority that the endpoints have, or would have if they were missing.
    pub priority: Option<Level>,
    /// The least percentage of endpoints that is implemented.
    pub fail_under: Option<f64>,
    /// The most endpoints that may be missing.
    pub max_missing: Option<usize>,
    /// Where it was written; nowhere if it was said on the command line.
    pub location: Option<Location>,
}

/// What may be kept out of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Deny {
    /// Endpoints that the manifest does not name
    New,
    /// Endpoints that the manifest calls missing
    Missing,
    /// Endpoints that are implemented in part
    Partial,
    /// Endpoints whose status is unknown
    Unknown,
    /// Entries of the manifest that no capture shows
    Unobserved,
    /// Exclusions whose last day has passed
    Expired,
}

/// What `harcov check` asks for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Gate")]
pub(crate) struct RawGate {
    /// The least percentage of endpoints that is implemented.
    #[schemars(with = "Option<f64>")]
    fail_under: Option<Spanned<f64>>,
    /// The most endpoints that may be missing.
    #[schemars(with = "Option<i64>")]
    max_missing: Option<Spanned<i64>>,
    /// The same for a group, a priority, or both.
    #[serde(default)]
    #[schemars(with = "Vec<RawLimit>")]
    limit: Vec<Spanned<RawLimit>>,
    /// What may not be there. Without it: `new`, `unknown`, `unobserved` and `expired`; with limits
    /// and no baseline, only `expired`.
    deny: Option<Vec<Deny>>,
    /// The file of the gaps that are known and let pass.
    baseline: Option<String>,
    /// Reports that have to be as they would be written now: a file, or `FORMAT=FILE` where its name
    /// does not tell the format.
    #[serde(default)]
    stale: OneOrMany,
}

/// A limit for some of the endpoints.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Limit")]
pub(crate) struct RawLimit {
    /// The group's name.
    #[schemars(with = "Option<String>")]
    group: Option<Spanned<String>>,
    /// The priority that the endpoints have, or would have if they were missing.
    priority: Option<Level>,
    /// The least percentage of them that is implemented.
    #[schemars(with = "Option<f64>")]
    fail_under: Option<Spanned<f64>>,
    /// The most of them that may be missing.
    #[schemars(with = "Option<i64>")]
    max_missing: Option<Spanned<i64>>,
}

/// Makes the gate of a file whose groups are known; problems go to `checks`.
pub(super) fn gate(
    raw: Option<Spanned<RawGate>>,
    groups: &[GroupConfig],
    root: &std::path::Path,
    checks: &mut Checks<'_>,
) -> GateConfig {
    let Some(raw) = raw else {
        return GateConfig::default();
    };
    let span = raw.span();
    let raw = raw.into_inner();
    let whole = Limit {
        fail_under: raw.fail_under.and_then(|text| percent(&text, checks)),
        max_missing: raw.max_missing.and_then(|text| count(&text, checks)),
        location: Some(checks.place(&span)),
        ..Limit::default()
    };
    let said = whole.fail_under.is_some() || whole.max_missing.is_some();
    let mut limits: Vec<Limit> = said.then_some(whole).into_iter().collect();
    for written in raw.limit {
        limits.push(limit(written, groups, checks));
    }
    let stale = raw.stale.0.into_iter();
    GateConfig {
        limits,
        deny: raw.deny,
        baseline: raw.baseline.map(|file| root.join(file)),
        stale: stale
            .map(|text| {
                let place = checks.place(&text.span());
                (text.into_inner(), place)
            })
            .collect(),
    }
}

fn limit(written: Spanned<RawLimit>, groups: &[GroupConfig], checks: &mut Checks<'_>) -> Limit {
    let span = written.span();
    let raw = written.into_inner();
    if raw.group.is_none() && raw.priority.is_none() {
        let remedy = "name a `group` or a `priority`, or write the limit of all into [gate]";
        checks.error(&span, "the limit does not say what it holds for", remedy);
    }
    if raw.fail_under.is_none() && raw.max_missing.is_none() {
        let remedy = "give it `fail_under` or `max_missing`";
        checks.error(&span, "the limit does not say how much", remedy);
    }
    if let Some(name) = &raw.group {
        let known = || groups.iter().map(|group| group.name.as_str());
        let declared = known().any(|known| known == name.get_ref());
        // Without groups in the file, they are proposed from the captures.
        if !declared && name.get_ref() != OTHER && !groups.is_empty() {
            let remedy = match nearest(name.get_ref(), known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the groups are {}", list(known())),
            };
            let message = format!("unknown group `{}`", name.get_ref());
            checks.error(&name.span(), message, &remedy);
        }
    }
    Limit {
        group: raw.group.map(Spanned::into_inner),
        priority: raw.priority,
        fail_under: raw.fail_under.and_then(|text| percent(&text, checks)),
        max_missing: raw.max_missing.and_then(|text| count(&text, checks)),
        location: Some(checks.place(&span)),
    }
}

fn percent(text: &Spanned<f64>, checks: &mut Checks<'_>) -> Option<f64> {
    let percent = *text.get_ref();
    if (0.0..=100.0).contains(&percent) {
        return Some(percent);
    }
    let message = format!("{percent} is no percentage");
    checks.error(&text.span(), message, "write a number from 0 to 100");
    None
}

fn count(text: &Spanned<i64>, checks: &mut Checks<'_>) -> Option<usize> {
    let count = usize::try_from(*text.get_ref()).ok();
    if count.is_none() {
        let message = format!("{} is no count", text.get_ref());
        checks.error(&text.span(), message, "write a number from 0 on");
    }
    count
}
