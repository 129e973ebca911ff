//! The diff in each format: every one is a pure function of [`Diff`].

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::diff::{Change, Diff, Level};
use crate::locale::{Arg, Lang, Locale, code, visible};

use super::engine;
use super::github;
use super::{RenderError, to_json};

/// A format of the diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiffFormat {
    /// For a terminal, in colour or not.
    Terminal {
        /// Whether to use colour.
        color: bool,
    },
    /// Markdown that fits a comment of a pull request.
    Markdown,
    /// The diff's data.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// One page that needs nothing else.
    Html,
}

/// What a comment of GitHub takes at most, in characters; counted in bytes, which are never fewer.
const MAX_COMMENT: usize = 65_536;

/// The line by which the last comment is found and replaced; it is not shown.
const MARKER: &str = "<!-- harcov-diff -->";

/// How many captures of a side are named; the others are counted.
const MAX_CAPTURES: usize = 5;

/// The levels that are shown.
pub(super) const LEVELS: [Level; 3] = [Level::Breaking, Level::Warning, Level::Info];

/// Renders a diff. The same diff gives the same bytes.
///
/// # Errors
///
/// Fails only if a template of harcov is wrong, which its tests rule out.
pub fn render_diff(diff: &Diff, format: DiffFormat) -> Result<String, RenderError> {
    let locale = Locale::new(Lang::of_tag(&diff.lang));
    match format {
        DiffFormat::Terminal { color } => Ok(terminal(diff, locale, color)),
        DiffFormat::Markdown => Ok(markdown(diff, locale)),
        DiffFormat::Json => to_json(diff),
        DiffFormat::Github => Ok(github::changes(diff, &counts(diff, locale))),
        DiffFormat::Html => engine::render_diff(diff, locale),
    }
}

/// The key of a level's heading.
pub(super) fn heading(level: Level) -> &'static str {
    match level {
        Level::Breaking => "diff-level.breaking",
        Level::Warning => "diff-level.warning",
        Level::Info | Level::None => "diff-level.info",
    }
}

/// The changes of one level by endpoint, in order.
fn by_endpoint(diff: &Diff, level: Level) -> Vec<(Option<&str>, Vec<&Change>)> {
    let mut groups: Vec<(Option<&str>, Vec<&Change>)> = Vec::new();
    for change in diff.changes.iter().filter(|change| change.level == level) {
        let endpoint = change.endpoint.as_deref();
        match groups.last_mut() {
            Some((last, changes)) if *last == endpoint => changes.push(change),
            _ => groups.push((endpoint, vec![change])),
        }
    }
    groups
}

/// What both sides are, and how much there is; a line each, as Markdown.
pub(super) fn head(diff: &Diff, locale: &Locale) -> Vec<String> {
    let side = |row: &crate::diff::SideRow| {
        let more = row.captures.len().saturating_sub(MAX_CAPTURES);
        let named = row.captures.iter().take(MAX_CAPTURES).cloned();
        let more = match more {
            0 => String::new(),
            n => locale.format("diff.more-captures", &[("n", Arg::Count(n))]),
        };
        let args = [
            ("captures", Arg::Codes(named.collect())),
            ("more", Arg::Markdown(more)),
            ("requests", Arg::Count(row.requests)),
            ("endpoints", Arg::Count(row.endpoints)),
        ];
        locale.format("diff.side", &args)
    };
    let colon = locale.get("list.colon");
    let mut lines = vec![
        format!("{}{colon}{}", locale.get("diff.from"), side(&diff.old)),
        format!("{}{colon}{}", locale.get("diff.to"), side(&diff.new)),
    ];
    lines.push(counts(diff, locale));
    if diff.counts.ignored > 0 {
        let args = [("n", Arg::Count(diff.counts.ignored))];
        lines.push(locale.format("diff.ignored", &args));
    }
    lines.extend(diff.notes.iter().cloned());
    lines
}

/// How much there is of each level, or that there is nothing.
fn counts(diff: &Diff, locale: &Locale) -> String {
    if diff.changes.is_empty() {
        return locale.get("diff.none").to_owned();
    }
    let args = [
        ("breaking", Arg::Count(diff.counts.breaking)),
        ("warning", Arg::Count(diff.counts.warning)),
        ("info", Arg::Count(diff.counts.info)),
    ];
    locale.format("diff.counts", &args)
}

fn markdown(diff: &Diff, locale: &Locale) -> String {
    let mut out = format!("{MARKER}\n## {}\n\n", diff.title);
    for line in head(diff, locale) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "- {line}");
    }
    if !diff.changes.is_empty() {
        let _ = writeln!(out, "- {}", locale.get("diff.sample"));
    }
    // What is left out has to be said too.
    let room = MAX_COMMENT - 500;
    let (mut changes, mut endpoints) = (0, 0);
    for level in LEVELS {
        let mut headed = false;
        for (endpoint, group) in by_endpoint(diff, level) {
            let mut section = String::new();
            if !headed {
                let _ = write!(section, "\n### {}\n", locale.get(heading(level)));
            }
            let name = endpoint.map_or_else(|| locale.get("diff.whole").to_owned(), code);
            let _ = write!(section, "\n**{name}**\n\n");
            for change in &group {
                let _ = writeln!(
                    section,
                    "- {} <sub>{} {}</sub>",
                    change.text,
                    change.code.name(),
                    change.fingerprint
                );
            }
            if out.len() + section.len() > room {
                changes += group.len();
                endpoints += 1;
                continue;
            }
            headed = true;
            out.push_str(&section);
        }
    }
    if changes > 0 {
        let args = [("n", Arg::Count(changes)), ("m", Arg::Count(endpoints))];
        let _ = write!(out, "\n{}\n", locale.format("diff.dropped", &args));
    }
    out
}

fn terminal(diff: &Diff, locale: &Locale, color: bool) -> String {
    let style = |style: Style| if color { style } else { Style::new() };
    let bold = style(Style::new().bold());
    let dim = style(Style::new().dimmed());
    let mut out = String::new();
    for line in head(diff, locale) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", visible(&line));
    }
    let codes = diff.changes.iter().map(|change| change.code.name().width());
    let widest = codes.max().unwrap_or(0);
    for level in LEVELS {
        let groups = by_endpoint(diff, level);
        if groups.is_empty() {
            continue;
        }
        let tint = style(match level {
            Level::Breaking => AnsiColor::Red.on_default().bold(),
            Level::Warning => AnsiColor::Yellow.on_default().bold(),
            Level::Info | Level::None => AnsiColor::Cyan.on_default().bold(),
        });
        let _ = write!(out, "\n{tint}{}{tint:#}\n", locale.get(heading(level)));
        for (endpoint, group) in groups {
            let name = endpoint.unwrap_or(locale.get("diff.whole"));
            let _ = writeln!(out, "  {bold}{}{bold:#}", visible(name));
            for change in group {
                let name = change.code.name();
                let gap = " ".repeat(widest - name.width());
                let text = visible(&change.text);
                let _ = writeln!(out, "    {dim}{name}{dim:#}{gap}  {text}");
            }
        }
    }
    out
}
