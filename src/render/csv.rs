//! A table of the endpoints for spreadsheets (RFC 4180), in which no cell is taken for a formula.

use std::borrow::Cow;

use crate::locale::visible;
use crate::report::{EndpointRow, Report};

use super::prose::to_plain;

/// The columns; names for programs, the same in every language.
const COLUMNS: [&str; 15] = [
    "id",
    "fingerprint",
    "method",
    "host",
    "route",
    "operation",
    "title",
    "group",
    "status",
    "priority",
    "importance",
    "requests",
    "reasons",
    "evidence",
    "manifest",
];

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    line(&mut out, COLUMNS.into_iter().map(Cow::Borrowed));
    for row in &report.endpoints {
        line(&mut out, cells(row).into_iter());
    }
    out
}

fn cells(row: &EndpointRow) -> [Cow<'_, str>; COLUMNS.len()] {
    let plain = |text: Option<&str>| Cow::from(text.map(to_plain).unwrap_or_default());
    let reasons: Vec<String> = row.reasons.iter().map(|reason| to_plain(reason)).collect();
    let manifest = row.manifest.as_ref();
    [
        (&row.id).into(),
        (&row.fingerprint).into(),
        (&row.method).into(),
        (&row.host).into(),
        (&row.route).into(),
        row.operation.as_deref().unwrap_or_default().into(),
        plain(row.title.as_deref()),
        (&row.group).into(),
        row.status.name().into(),
        row.priority.level.name().into(),
        row.priority.importance.name().into(),
        row.requests.to_string().into(),
        reasons.join("; ").into(),
        row.evidence.join("; ").into(),
        manifest
            .map(|place| format!("{}:{}", place.file, place.line))
            .unwrap_or_default()
            .into(),
    ]
}

pub(super) fn line<'a>(out: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&cell));
    }
    out.push('\n');
}

/// A cell that is one whatever it holds. An apostrophe in front makes a text of what a spreadsheet
/// would compute.
fn quoted(text: &str) -> String {
    let text = visible(text);
    let computed = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let text = if computed {
        format!("'{text}")
    } else {
        text.into_owned()
    };
    if text.contains(['"', ',', ';']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted(" @SUM(A1)"), "' @SUM(A1)");
        assert_eq!(quoted("-2,\"b\""), "\"'-2,\"\"b\"\"\"");
        assert_eq!(quoted("\t=1"), "␉=1");
        assert_eq!(quoted("a=1"), "a=1");
    }
}
