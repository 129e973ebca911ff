//! The style sheet and the scripts of pages, put together from the files of `templates/style` and
//! `templates/script`.

use std::sync::LazyLock;

macro_rules! sources {
    ($folder:literal: $($name:literal),* $(,)?) => {
        [$(include_str!(concat!("../../templates/", $folder, "/", $name))),*]
    };
}

/// The style sheet, in the order of the cascade.
const STYLE: [&str; 11] = sources!("style": "base.css", "marks.css", "overview.css", "tables.css", "controls.css", "rows.css", "flows.css", "sections.css", "above.css", "narrow.css", "print.css");
/// What every page's script begins with, and what it ends with.
const LIST: [&str; 7] = sources!("script": "kit.js", "theme.js", "list.js", "address.js", "controls.js", "details.js", "keys.js");
const START: [&str; 1] = sources!("script": "start.js");
/// What the report can do beyond a list, and what `harcov serve` adds.
const REPORT: [&str; 3] = sources!("script": "report.js", "request.js", "checklist.js");
const LIVE: [&str; 1] = sources!("script": "live.js");
/// What the page of a diff can do beyond a list.
const DIFF: [&str; 1] = sources!("script": "diff.js");

/// Which page a script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// A report in a file.
    Report,
    /// A report that `harcov serve` shows.
    Live,
    /// A diff.
    Diff,
}

/// The style sheet of all pages.
pub fn style() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| lean_style(&STYLE.concat()));
    &TEXT
}

/// A page's script.
pub(super) fn script(script: Script) -> &'static str {
    static REPORT_TEXT: LazyLock<String> = LazyLock::new(|| whole(&[&LIST, &REPORT, &START]));
    static LIVE_TEXT: LazyLock<String> = LazyLock::new(|| whole(&[&LIST, &REPORT, &LIVE, &START]));
    static DIFF_TEXT: LazyLock<String> = LazyLock::new(|| whole(&[&LIST, &DIFF, &START]));
    match script {
        Script::Report => &REPORT_TEXT,
        Script::Live => &LIVE_TEXT,
        Script::Diff => &DIFF_TEXT,
    }
}

/// The files as one script that leaves no names behind.
fn whole(parts: &[&[&str]]) -> String {
    let source: String = parts
        .iter()
        .flat_map(|files| files.iter().copied())
        .collect();
    format!("'use strict';\n(() => {{\n{}}})();\n", lean(&source))
}

/// The source without indentation, blank lines and lines of comment: a fifth less to carry in each
/// page. A test holds that no source has a text over several lines.
fn lean(source: &str) -> String {
    let is_comment =
        |line: &str| line.starts_with("//") || line.starts_with("/*") && line.ends_with("*/");
    let lines = source.lines().map(str::trim);
    let mut out = String::with_capacity(source.len());
    for line in lines.filter(|line| !line.is_empty() && !is_comment(line)) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// The same of a style sheet, whose spaces after punctuation say nothing either. A test holds that
/// no text in it has any.
fn lean_style(source: &str) -> String {
    let mut text = lean(source);
    for (long, short) in [
        (": ", ":"),
        ("; ", ";"),
        (", ", ","),
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        (";}", "}"),
        (" > ", ">"),
    ] {
        text = text.replace(long, short);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_space_and_comments_is_left_out() {
        let scripts = [&LIST[..], &REPORT, &LIVE, &DIFF, &START].concat();
        for source in STYLE.iter().chain(&scripts) {
            for line in source.lines() {
                assert!(line.matches('`').count() % 2 == 0, "{line}");
                assert!(!line.starts_with("/*") || line.ends_with("*/"), "{line}");
            }
        }
        for text in STYLE
            .concat()
            .lines()
            .flat_map(|line| line.split('"').skip(1).step_by(2))
        {
            assert!(!text.contains([':', ';', ',', '{', '}', '>']), "{text}");
        }
    }

    #[test]
    fn nothing_ends_the_element_that_it_stands_in() {
        let scripts = [Script::Report, Script::Live, Script::Diff].map(script);
        for text in scripts.into_iter().chain([style()]) {
            assert!(!text.contains("</"), "{text}");
            assert!(!text.contains("<!--"), "{text}");
        }
    }
}
