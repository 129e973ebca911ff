//! Annotations as workflow commands of GitHub Actions.
//!
//! GitHub shows ten errors and ten warnings of a step, so no more are written: the most important
//! ones. The last lines are ordinary text and count all.

use std::fmt::Write as _;

use crate::diff::{Diff, Level};
use crate::locale::{Arg, Lang, Locale};
use crate::report::{GapLevel, GapRow, PlaceRow, Report};

use super::place;
use super::prose::{inert, to_plain};

/// How many annotations of a kind GitHub shows of a step.
const MAX_OF_KIND: usize = 10;

pub(super) fn render(report: &Report) -> String {
    let locale = Locale::new(Lang::of_tag(&report.lang));
    let of = |level| report.gaps.iter().filter(move |gap| gap.level == level);
    let mut out = String::new();
    for (level, command) in [(GapLevel::Error, "error"), (GapLevel::Warning, "warning")] {
        for gap in of(level).take(MAX_OF_KIND) {
            annotation(&mut out, command, gap, report);
        }
    }
    let count = |level| of(level).count();
    let [errors, warnings, notes] = [GapLevel::Error, GapLevel::Warning, GapLevel::Note].map(count);
    let hidden = errors.saturating_sub(MAX_OF_KIND) + warnings.saturating_sub(MAX_OF_KIND);
    let mut tell = |key, args: &[(&str, Arg)]| {
        let _ = writeln!(out, "{}", to_plain(&locale.format(key, args)));
    };
    tell(
        "annotations.counts",
        &[
            ("errors", Arg::Count(errors)),
            ("warnings", Arg::Count(warnings)),
            ("notes", Arg::Count(notes)),
        ],
    );
    if hidden > 0 {
        tell("annotations.hidden", &[("n", Arg::Count(hidden))]);
    }
    out
}

fn annotation(out: &mut String, command: &str, gap: &GapRow, report: &Report) {
    let place = place::of_gap(gap, report);
    let text = format!("{} {}", to_plain(&gap.text), to_plain(&gap.remedy));
    write(out, command, Some(&place), &to_plain(&gap.title), &text);
}

/// Writes one workflow command, with the line that it is about where there is one.
fn write(out: &mut String, command: &str, place: Option<&PlaceRow>, title: &str, text: &str) {
    let at = place.map(|place| format!("file={},line={},", property(&place.file), place.line));
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "::{command} {}title={}::{}",
        at.unwrap_or_default(),
        property(title),
        data(text),
    );
}

/// The changes of a diff: of each level as many as GitHub shows, and a line that counts all.
pub(super) fn changes(diff: &Diff, counts: &str) -> String {
    let mut out = String::new();
    for (level, command) in [
        (Level::Breaking, "error"),
        (Level::Warning, "warning"),
        (Level::Info, "notice"),
    ] {
        let of_level = diff.changes.iter().filter(|change| change.level == level);
        for change in of_level.take(MAX_OF_KIND) {
            let endpoint = change.endpoint.as_deref().unwrap_or(&diff.title);
            let title = format!("{endpoint} ({})", change.code.name());
            let text = to_plain(&change.text);
            write(&mut out, command, change.place.as_ref(), &title, &text);
        }
    }
    let _ = writeln!(out, "{}", inert(&to_plain(counts)));
    out
}

/// Text behind the command.
fn data(text: &str) -> String {
    inert(text).replace('%', "%25")
}

/// Text of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
