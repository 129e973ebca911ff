//! The gaps: what is to be done about endpoints, each with a code and a fingerprint.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use crate::config::{Config, Level, Location, Status};
use crate::locale::{Arg, Locale};
use crate::manifest::Manifest;
use crate::route::unnamed;
use crate::value::fingerprint;

use super::context::Context;
use super::model::{EndpointRow, GapLevel, GapRow, PlaceRow};

/// Every gap of a report, the most important first.
pub(super) fn rows(context: &Context<'_>, endpoints: &[EndpointRow]) -> Vec<GapRow> {
    let beyond = beyond(context);
    let top = top_place(context.manifest, context.config);
    let described = context.manifest.is_description();
    let mut gaps: Vec<GapRow> = endpoints
        .iter()
        .filter_map(|row| {
            let code = code(row)?;
            let subjects = beyond.get(row.id.as_str()).copied().unwrap_or_default();
            let place = row.manifest.clone().or_else(|| top.clone());
            Some(GapRow::of_endpoint(
                context.locale,
                code,
                row,
                subjects.to_vec(),
                place,
                described,
            ))
        })
        .collect();
    gaps.sort_by_key(|gap| (Reverse(gap.priority), gap.level));
    gaps
}

/// What is to be done about an endpoint; nothing if it is implemented, or left out by decision.
fn code(row: &EndpointRow) -> Option<&'static str> {
    match row.status {
        Status::Missing if row.manifest.is_none() => Some("endpoint-new"),
        Status::Missing => Some("endpoint-missing"),
        Status::Partial => Some("endpoint-partial"),
        Status::Unknown => Some("endpoint-unknown"),
        Status::Unobserved if row.exclusion.is_none() => Some("endpoint-unobserved"),
        Status::Implemented | Status::Excluded | Status::Unobserved => None,
    }
}

/// What was sent beyond the claims, by the endpoint's id.
fn beyond<'a>(context: &Context<'a>) -> HashMap<&'a str, &'a [String]> {
    let endpoints = &context.inventory.endpoints;
    let assessed = &context.assessment.endpoints;
    let pairs = endpoints.iter().zip(assessed);
    pairs
        .map(|(endpoint, assessed)| (endpoint.id.as_str(), assessed.beyond.as_slice()))
        .collect()
}

/// Where an endpoint that no entry is about would be named: the first manifest, else the
/// configuration.
pub fn top_place(manifest: &Manifest, config: &Config) -> Option<PlaceRow> {
    let claimed = manifest.claims.first();
    let file = claimed
        .map(|claim| claim.location.file.clone())
        .or_else(|| {
            let file = config.manifests.first().or(config.file.as_ref());
            file.map(|file| file.display().to_string())
        })?;
    Some(PlaceRow::new(&Location::file(file), config))
}

impl GapRow {
    /// A gap of an endpoint, in words; `described` says that descriptions of the API stand for the manifest.
    pub fn of_endpoint(
        locale: &Locale,
        code: &str,
        row: &EndpointRow,
        subjects: Vec<String>,
        place: Option<PlaceRow>,
        described: bool,
    ) -> Self {
        let clauses = |reasons: &[String]| Arg::Markdown(reasons.join(locale.get("list.clause")));
        let until = row.exclusion.as_ref().and_then(|e| e.until.clone());
        let mut text = locale.format(
            &key(locale, SENTENCE, code, described),
            &[
                ("endpoint", Arg::Code(row.id.clone())),
                ("reasons", clauses(&row.reasons)),
                ("until", Arg::Text(until.unwrap_or_default())),
            ],
        );
        if row.priority.level > Level::None {
            let key = format!("level.{}", row.priority.level.name());
            let level = Arg::Text(locale.get(&key).to_owned());
            let reasons = clauses(&row.priority.reasons);
            text += &locale.format(
                "gap-details.priority",
                &[("level", level), ("reasons", reasons)],
            );
        }
        GapRow {
            code: code.to_owned(),
            level: level(code),
            priority: row.priority.level,
            endpoint: Some(row.id.clone()),
            subjects,
            fingerprint: gap_fingerprint(code, &row.id),
            title: gap_title(locale, code, described),
            text,
            remedy: gap_remedy(locale, code, described),
            place,
        }
    }

    /// A rule of the gate that does not hold: `subject` says what it is about, and the message has
    /// the arguments.
    pub fn of_rule(
        locale: &Locale,
        code: &str,
        subject: &str,
        args: &[(&str, Arg)],
        place: Option<PlaceRow>,
    ) -> Self {
        GapRow {
            code: code.to_owned(),
            level: level(code),
            priority: Level::High,
            endpoint: None,
            subjects: vec![subject.to_owned()],
            fingerprint: fingerprint(&["gap", code, subject]),
            title: gap_title(locale, code, false),
            text: locale.format(&format!("gap.{code}"), args),
            remedy: locale.format(&format!("gap-remedy.{code}"), args),
            place,
        }
    }
}

/// The fingerprint of an endpoint's gap, which holds whatever the parameters of the route are called.
pub fn gap_fingerprint(code: &str, endpoint: &str) -> String {
    fingerprint(&["gap", code, &unnamed(endpoint)])
}

/// Every code that a gap may have, in the order of the table.
pub fn gap_codes() -> impl Iterator<Item = &'static str> {
    levels().keys().map(String::as_str)
}

/// The heading of everything that has a code; `described` as for [`GapRow::of_endpoint`].
pub fn gap_title(locale: &Locale, code: &str, described: bool) -> String {
    locale.get(&key(locale, TITLE, code, described)).to_owned()
}

/// What to do about everything that has a code.
pub fn gap_remedy(locale: &Locale, code: &str, described: bool) -> String {
    locale.get(&key(locale, REMEDY, code, described)).to_owned()
}

/// The message of a code: against descriptions of the API one of its own, where what holds is said of the
/// manifest otherwise.
fn key(locale: &Locale, tables: [&str; 2], code: &str, described: bool) -> String {
    let [usual, own] = tables.map(|table| format!("{table}{code}"));
    if described && locale.has(&own) {
        own
    } else {
        usual
    }
}

const SENTENCE: [&str; 2] = ["gap.", "gap-described."];
const TITLE: [&str; 2] = ["gap-title.", "gap-title-described."];
const REMEDY: [&str; 2] = ["gap-remedy.", "gap-remedy-described."];

fn level(code: &str) -> GapLevel {
    levels().get(code).copied().unwrap_or(GapLevel::Error)
}

/// The levels by code; a test holds that the table is right.
fn levels() -> &'static BTreeMap<String, GapLevel> {
    static LEVELS: OnceLock<BTreeMap<String, GapLevel>> = OnceLock::new();
    LEVELS.get_or_init(|| toml::from_str(include_str!("gaps.toml")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    #[test]
    fn every_code_has_its_texts() {
        let codes: Vec<&str> = gap_codes().collect();
        assert_eq!(codes.len(), 9);
        for lang in Lang::ALL {
            let locale = Locale::new(lang);
            for code in &codes {
                for table in ["gap", "gap-title", "gap-remedy"] {
                    assert!(locale.has(&format!("{table}.{code}")), "{table}.{code}");
                }
            }
        }
    }
}
