//! What came of a check, for terminals and as Markdown.

use std::fmt::Write as _;

use crate::gate::{Verdict, Violation};
use crate::locale::{Arg, Lang, Locale, code};

use super::prose::{inert, to_plain};

/// How many violations the Markdown lists.
const MAX_LISTED: usize = 50;

/// A verdict for a terminal or a log: what does not hold, by its kind, with what to do; the last line
/// is the result.
pub fn verdict_text(verdict: &Verdict) -> String {
    let locale = Locale::new(Lang::of_tag(&verdict.lang));
    let mut out = String::new();
    // Writing to a string cannot fail.
    for kind in kinds(verdict) {
        let _ = writeln!(out, "{} ({})", to_plain(&kind[0].gap.title), kind.len());
        let _ = writeln!(out, "  {}", to_plain(&kind[0].gap.remedy));
        for violation in &kind {
            let gap = &violation.gap;
            let place = gap.place.as_ref();
            let place = place.map(|place| format!("{}:{}  ", inert(&place.file), place.line));
            let text = to_plain(&gap.text);
            let _ = writeln!(
                out,
                "  - {}{text} [{}]",
                place.unwrap_or_default(),
                gap.fingerprint
            );
            if let Some(until) = &violation.known_until {
                let told =
                    locale.format("gate.known-until", &[("until", Arg::Text(until.clone()))]);
                let _ = writeln!(out, "    {}", to_plain(&told));
            }
            for line in violation.diff.iter().flat_map(|diff| diff.lines()) {
                // A log reader takes a line that starts with `::` for a command.
                let _ = writeln!(out, "    | {}", inert(line));
            }
        }
        out.push('\n');
    }
    for line in closing(verdict, locale) {
        let _ = writeln!(out, "{}", to_plain(&line));
    }
    out
}

/// A verdict as Markdown, to stand above a report.
pub fn verdict_markdown(verdict: &Verdict) -> String {
    let locale = Locale::new(Lang::of_tag(&verdict.lang));
    let sign = if verdict.passed { "✅" } else { "❌" };
    let mut lines = closing(verdict, locale);
    let last = lines.pop().unwrap_or_default();
    let mut out = format!("**{sign} {last}**\n");
    for line in lines {
        let _ = write!(out, "\n{line}\n");
    }
    let mut rest = MAX_LISTED;
    for kind in kinds(verdict) {
        let gap = &kind[0].gap;
        if rest == 0 {
            break;
        }
        let _ = write!(out, "\n{} - {}\n\n", gap.title, gap.remedy);
        for violation in kind.iter().take(rest) {
            let _ = writeln!(
                out,
                "- {} {}",
                violation.gap.text,
                code(&violation.gap.fingerprint)
            );
        }
        rest = rest.saturating_sub(kind.len());
    }
    let hidden = verdict.violations.len().saturating_sub(MAX_LISTED);
    if hidden > 0 {
        let more = locale.format("terminal.more", &[("n", Arg::Count(hidden))]);
        let _ = writeln!(out, "- {more}");
    }
    out.push('\n');
    out
}

/// The violations that share a code, in order of first appearance.
fn kinds(verdict: &Verdict) -> Vec<Vec<&Violation>> {
    let mut kinds: Vec<Vec<&Violation>> = Vec::new();
    for violation in &verdict.violations {
        let same = |kind: &&mut Vec<&Violation>| kind[0].gap.code == violation.gap.code;
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(violation),
            None => kinds.push(vec![violation]),
        }
    }
    kinds
}

/// What the baseline lets pass, what it no longer needs, and the result.
fn closing(verdict: &Verdict, locale: &Locale) -> Vec<String> {
    let mut lines = Vec::new();
    if !verdict.unused.is_empty() {
        let n = ("n", Arg::Count(verdict.unused.len()));
        let fingerprints = ("fingerprints", Arg::Codes(verdict.unused.clone()));
        lines.push(locale.format("gate.unused", &[n, fingerprints]));
    }
    let share = &verdict.coverage.endpoints;
    let percent = share
        .percent
        .map_or_else(|| "-".to_owned(), |percent| format!("{percent:.1}%"));
    let key = if verdict.passed {
        "gate.passed"
    } else {
        "gate.failed"
    };
    let mut result = locale.format(
        key,
        &[
            ("n", Arg::Count(verdict.violations.len())),
            ("implemented", Arg::Count(share.implemented)),
            ("total", Arg::Count(share.total)),
            ("percent", Arg::Text(percent)),
        ],
    );
    if !verdict.known.is_empty() {
        result += &locale.format("gate.known", &[("n", Arg::Count(verdict.known.len()))]);
    }
    lines.push(result);
    lines
}
