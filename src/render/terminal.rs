//! A few lines for a terminal: how much is implemented by group, and what comes first.

use unicode_width::UnicodeWidthStr;

use crate::config::Level;
use crate::locale::{Arg, Lang, Locale};
use crate::report::{Coverage, EndpointRow, GapLevel, Report, Share};

use super::prose::{inert, to_plain};

/// How many gaps are listed.
const MAX_GAPS: usize = 20;
/// The length of a full bar.
const BAR: usize = 20;

pub(super) fn render(report: &Report) -> String {
    let locale = Locale::new(Lang::of_tag(&report.lang));
    let mut lines = vec![inert(&report.title), String::new()];
    lines.extend(table(&coverage(report, locale)));
    lines.extend(gaps(report, locale));
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A row for each group that has endpoints, and one for all.
fn coverage(report: &Report, locale: &Locale) -> Vec<Vec<String>> {
    let groups = report.groups.iter().filter(|group| group.endpoints > 0);
    let mut rows: Vec<Vec<String>> = groups
        .map(|group| row(&inert(&group.title), &group.coverage, locale))
        .collect();
    rows.push(row(locale.get("overview.total"), &report.coverage, locale));
    rows
}

fn row(name: &str, coverage: &Coverage, locale: &Locale) -> Vec<String> {
    let of = |key: &str, share: &Share| {
        let percent = share
            .percent
            .map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1}%"));
        let args = [
            ("n", Arg::Count(share.implemented)),
            ("total", Arg::Count(share.total)),
            ("percent", Arg::Text(percent)),
        ];
        to_plain(&locale.format(key, &args))
    };
    vec![
        name.to_owned(),
        bar(&coverage.endpoints),
        of("terminal.endpoints", &coverage.endpoints),
        of("terminal.requests", &coverage.requests),
    ]
}

/// Implemented, partial and all else, in twenty pieces.
fn bar(share: &Share) -> String {
    let upto = |count: usize| (BAR * count).checked_div(share.total).unwrap_or_default();
    let done = upto(share.implemented);
    let begun = upto(share.implemented + share.partial) - done;
    [
        "█".repeat(done),
        "▒".repeat(begun),
        "░".repeat(BAR - done - begun),
    ]
    .concat()
}

/// What is to be built, the most important first.
fn gaps(report: &Report, locale: &Locale) -> Vec<String> {
    let open: Vec<&EndpointRow> = report
        .gaps
        .iter()
        .filter(|gap| gap.level < GapLevel::Note)
        .filter_map(|gap| {
            report
                .endpoints
                .iter()
                .find(|row| Some(&row.id) == gap.endpoint.as_ref())
        })
        .collect();
    if open.is_empty() {
        return Vec::new();
    }
    let word = |table: &str, name: &str| locale.get(&format!("{table}.{name}")).to_owned();
    let shown = open.iter().take(MAX_GAPS).map(|row| {
        let level = match row.priority.level {
            Level::None => String::new(),
            level => word("level", level.name()),
        };
        let id = inert(&row.id);
        vec![level, word("status", row.status.name()), id]
    });
    let mut lines = vec![String::new(), locale.get("terminal.first").to_owned()];
    lines.extend(
        table(&shown.collect::<Vec<_>>())
            .into_iter()
            .map(|line| format!("  {line}")),
    );
    if open.len() > MAX_GAPS {
        let more = [("n", Arg::Count(open.len() - MAX_GAPS))];
        lines.push(format!(
            "  {}",
            to_plain(&locale.format("terminal.more", &more))
        ));
    }
    lines
}

/// Rows with their cells below each other, as wide as a terminal shows them.
fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.width())
                .max()
                .unwrap_or_default()
        })
        .collect();
    let padded = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells =
            cells.map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(padded).collect()
}
