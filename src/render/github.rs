//! Annotations as workflow commands of GitHub Actions.
//!
//! GitHub shows ten errors and ten warnings of a step, so no more are written: the most important
//! ones. The last lines are ordinary text and count all.

use std::fmt::Write as _;

use crate::locale::{Arg, Lang, Locale};
use crate::report::{GapLevel, GapRow, Report};

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
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "::{command} file={},line={},title={}::{}",
        property(&place.file),
        place.line,
        property(&to_plain(&gap.title)),
        data(&text),
    );
}

/// Text behind the command.
fn data(text: &str) -> String {
    inert(text).replace('%', "%25")
}

/// Text of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
