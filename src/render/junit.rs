//! `JUnit` XML: a test case for each endpoint, a suite for each group.
//!
//! There is no official schema; the elements and attributes are those that the schema of Jenkins'
//! xUnit plugin (`junit-10.xsd`) allows. Missing and partial endpoints fail, since nothing else of
//! the format says that something is to be done; what is unknown, not observed or left out is
//! skipped.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::config::Status;
use crate::locale::{Lang, Locale};
use crate::report::{EndpointRow, GapLevel, GapRow, Report};

use super::prose::to_plain;
use super::xml::escape;

/// The suite of what is wrong and no endpoint's.
const GATE: &str = "harcov check";

/// How a test case ended.
enum Outcome {
    Passed,
    Skipped(String),
    Failed(Failure),
}

struct Failure {
    code: String,
    message: String,
    remedy: String,
}

struct Case {
    name: String,
    outcome: Outcome,
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

impl Suite {
    fn count(&self, wanted: fn(&Outcome) -> bool) -> usize {
        let cases = self.cases.iter();
        cases.filter(|case| wanted(&case.outcome)).count()
    }

    fn failures(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    fn skipped(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Skipped(_)))
    }
}

pub(super) fn render(report: &Report) -> String {
    let suites = suites(report);
    let tests: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = escape(&report.title);
    let _ = writeln!(
        out,
        "<testsuites name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    );
    for suite in &suites {
        write_suite(&mut out, suite);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suites(report: &Report) -> Vec<Suite> {
    let locale = Locale::new(Lang::of_tag(&report.lang));
    let gaps: HashMap<&str, &GapRow> = report
        .gaps
        .iter()
        .filter_map(|gap| Some((gap.endpoint.as_deref()?, gap)))
        .collect();
    let mut suites: Vec<Suite> = report
        .groups
        .iter()
        .map(|group| Suite {
            name: group.title.clone(),
            cases: report
                .endpoints
                .iter()
                .filter(|row| row.group == group.name)
                .map(|row| Case {
                    name: row.id.clone(),
                    outcome: outcome(row, gaps.get(row.id.as_str()).copied(), locale),
                })
                .collect(),
        })
        .collect();
    let rules = report.gaps.iter().filter(|gap| gap.endpoint.is_none());
    suites.push(Suite {
        name: GATE.to_owned(),
        cases: rules
            .map(|gap| Case {
                name: format!("{}: {}", gap.title, gap.subjects.join(", ")),
                outcome: Outcome::Failed(failure(gap)),
            })
            .collect(),
    });
    suites.retain(|suite| !suite.cases.is_empty());
    suites
}

fn outcome(row: &EndpointRow, gap: Option<&GapRow>, locale: &Locale) -> Outcome {
    match gap {
        Some(gap) if gap.level < GapLevel::Note => Outcome::Failed(failure(gap)),
        Some(gap) => Outcome::Skipped(to_plain(&gap.text)),
        None if row.status == Status::Implemented => Outcome::Passed,
        None => {
            let status = locale
                .get(&format!("status.{}", row.status.name()))
                .to_owned();
            let said = row.exclusion.as_ref().and_then(|e| e.reason.as_deref());
            Outcome::Skipped(match said {
                Some(reason) => {
                    format!("{status}{}{}", locale.get("list.colon"), to_plain(reason))
                }
                None => status,
            })
        }
    }
}

fn failure(gap: &GapRow) -> Failure {
    Failure {
        code: gap.code.clone(),
        message: to_plain(&gap.text),
        remedy: to_plain(&gap.remedy),
    }
}

fn write_suite(out: &mut String, suite: &Suite) {
    let name = escape(&suite.name);
    let (tests, failures) = (suite.cases.len(), suite.failures());
    let skipped = suite.skipped();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    );
    for case in &suite.cases {
        let start = format!(
            "    <testcase classname=\"{name}\" name=\"{}\" time=\"0\"",
            escape(&case.name)
        );
        let _ = match &case.outcome {
            Outcome::Passed => writeln!(out, "{start}/>"),
            Outcome::Skipped(why) => writeln!(
                out,
                "{start}>\n      <skipped message=\"{}\"/>\n    </testcase>",
                escape(why)
            ),
            Outcome::Failed(failure) => writeln!(
                out,
                "{start}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>",
                escape(&failure.code),
                escape(&failure.message),
                escape(&failure.remedy)
            ),
        };
    }
    out.push_str("  </testsuite>\n");
}
