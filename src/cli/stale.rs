//! Committed reports that are not what would be written now.

use std::path::Path;

use similar::TextDiff;

use crate::config::{Config, Diagnostic, Location};
use crate::gate::Violation;
use crate::locale::{Arg, Locale};
use crate::report::{GapRow, PlaceRow};

use super::Failure;
use super::output::{Target, committed};
use super::produce::Producer;

/// How many lines of a difference are told, and how many characters of a line.
const MAX_LINES: usize = 40;
const MAX_WIDTH: usize = 160;

/// The reports that the configuration wants fresh.
pub(super) fn configured(config: &Config) -> Result<Vec<Target>, Failure> {
    let targets = config.gate.stale.iter().map(|(text, place)| {
        let target = committed(text).map_err(|error| {
            let problem = Diagnostic::error(place.clone(), format!("`{text}`: {error}"));
            Failure::new(problem.to_string())
        })?;
        Ok(Target {
            path: config.root.join(&target.path),
            ..target
        })
    });
    targets.collect()
}

/// The reports that are stale.
pub(super) fn violations(
    targets: &[Target],
    producer: &Producer,
    config: &Config,
    locale: &Locale,
) -> Result<Vec<Violation>, Failure> {
    let mut violations = Vec::new();
    for target in targets {
        let wanted = producer.text(target)?;
        violations.extend(violation(&target.path, &wanted, config, locale)?);
        for (path, wanted) in producer.beside(target)? {
            violations.extend(violation(&path, wanted, config, locale)?);
        }
    }
    Ok(violations)
}

/// What is to be said of a file that does not hold what is wanted.
fn violation(
    path: &Path,
    wanted: &str,
    config: &Config,
    locale: &Locale,
) -> Result<Option<Violation>, Failure> {
    let there = read(path)?;
    if there.as_deref() == Some(&wanted.replace("\r\n", "\n")) {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let place = PlaceRow::new(&Location::file(&shown), config);
    let args = [("file", Arg::Code(place.file.clone()))];
    let mut gap = GapRow::of_rule(locale, "report-stale", &place.file, &args, None);
    gap.place = Some(place);
    if there.is_none() {
        gap.text = locale.format("gate.report-absent", &args);
    }
    let mut violation = Violation::new(gap);
    violation.diff = Some(difference(&there.unwrap_or_default(), wanted, locale));
    Ok(Some(violation))
}

/// A file without the line breaks that a checkout may have changed; nothing if it is not there.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.replace("\r\n", "\n"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!(
            "cannot read the report {}: {error}; check the path, and that it is UTF-8 text",
            path.display()
        ))),
    }
}

/// What would change, as a unified diff, cut short.
fn difference(there: &str, wanted: &str, locale: &Locale) -> String {
    let wanted = wanted.replace("\r\n", "\n");
    let diff = TextDiff::from_lines(there, &wanted);
    let text = diff.unified_diff().context_radius(1).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let mut out: Vec<String> = lines
        .iter()
        .take(MAX_LINES)
        .map(|line| short(line))
        .collect();
    if lines.len() > MAX_LINES {
        let more = [("n", Arg::Count(lines.len() - MAX_LINES))];
        out.push(locale.format("gate.more-lines", &more));
    }
    out.join("\n")
}

fn short(line: &str) -> String {
    match line.char_indices().nth(MAX_WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
