//! The Markdown report for `$GITHUB_STEP_SUMMARY`, which takes one MiB and drops all of what is
//! longer: whole sections are left out instead, and named.

use crate::locale::{Arg, Lang, Locale};
use crate::report::Report;

use super::markdown::{Section, sections};
use super::{Format, RenderError};

/// What GitHub takes, less what a step may write besides.
const MAX_BYTES: usize = 1024 * 1024 - 16 * 1024;

pub(super) fn render(report: &Report) -> Result<String, RenderError> {
    let text = super::render(report, Format::Markdown)?;
    let locale = Locale::new(Lang::of_tag(&report.lang));
    Ok(fitted(&text, MAX_BYTES, locale))
}

/// Keeps the sections of a Markdown text that fit, in order, and names the others at the end.
fn fitted(text: &str, limit: usize, locale: &Locale) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let all = sections(text, 2);
    let note = |left_out: &[&Section<'_>]| {
        let names = left_out.iter().map(|section| section.title.to_owned());
        let text = locale.format(
            "summary-note.left-out",
            &[("sections", Arg::Texts(names.collect()))],
        );
        format!("\n---\n\n{text}\n")
    };
    let mut rest = limit.saturating_sub(note(&all.iter().collect::<Vec<_>>()).len());
    let mut out = String::new();
    let mut left_out = Vec::new();
    for section in &all {
        if section.text.len() <= rest {
            rest -= section.text.len();
            out.push_str(section.text);
        } else {
            left_out.push(section);
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out + &note(&left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_sections_are_left_out_and_named() {
        let text = format!("# T\n\na\n\n## One\n\n{}\n## Two\n\nb\n", "x\n".repeat(500));
        let short = fitted(&text, 400, Locale::new(Lang::En));
        assert!(short.len() <= 400, "{short}");
        assert!(
            short.starts_with("# T\n\na\n\n## Two\n\nb\n\n---\n\n"),
            "{short}"
        );
        assert!(short.ends_with("One\n"), "{short}");
        assert_eq!(fitted(&text, 4000, Locale::new(Lang::En)), text);
    }
}
