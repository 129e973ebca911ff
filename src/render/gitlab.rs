//! GitLab's code quality report: an issue for each gap.
//!
//! GitLab reads `description`, `check_name`, `fingerprint`, `severity` and `location` of each, and
//! shows one of those that share a fingerprint.

use serde::Serialize;

use crate::config::Level;
use crate::report::{GapLevel, GapRow, PlaceRow, Report};

use super::RenderError;
use super::json::to_json;
use super::place;
use super::prose::to_plain;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn render(report: &Report) -> Result<String, RenderError> {
    let issues: Vec<Issue<'_>> = report
        .gaps
        .iter()
        .map(|gap| {
            let PlaceRow { file, line } = place::of_gap(gap, report);
            Issue {
                description: format!("{} {}", to_plain(&gap.text), to_plain(&gap.remedy)),
                check_name: &gap.code,
                fingerprint: &gap.fingerprint,
                severity: severity(gap),
                location: Location {
                    path: file,
                    lines: Lines { begin: line },
                },
            }
        })
        .collect();
    to_json(&issues)
}

fn severity(gap: &GapRow) -> &'static str {
    match (gap.level, gap.priority) {
        (GapLevel::Error, Level::High) => "critical",
        (GapLevel::Error, Level::Medium) | (GapLevel::Warning, Level::High) => "major",
        (GapLevel::Error | GapLevel::Warning, _) => "minor",
        (GapLevel::Note, _) => "info",
    }
}
