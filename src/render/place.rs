//! Lines of files, as the formats of CI name them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::report::{GapRow, PlaceRow, Report};

/// What a path keeps in a URI (RFC 3986, section 3.3).
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'@');

/// A path as a URI reference.
pub(super) fn uri(path: &str) -> String {
    utf8_percent_encode(path, KEPT).to_string()
}

/// The place of a gap; without one, the start of the first capture, for hosts show nothing that
/// has no place.
pub(super) fn of_gap(gap: &GapRow, report: &Report) -> PlaceRow {
    gap.place.clone().unwrap_or_else(|| PlaceRow {
        file: report
            .captures
            .first()
            .map_or_else(|| "harcov.toml".to_owned(), |capture| capture.name.clone()),
        line: 1,
    })
}

/// What the manifest calls evidence: `file:line`, or a file.
pub(super) fn of_evidence(text: &str) -> PlaceRow {
    let with_line = text.rsplit_once(':').and_then(|(file, line)| {
        let line = line.parse().ok().filter(|line| *line > 0)?;
        (!file.is_empty()).then(|| PlaceRow {
            file: file.to_owned(),
            line,
        })
    });
    with_line.unwrap_or_else(|| PlaceRow {
        file: text.to_owned(),
        line: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_may_have_a_line() {
        let place = |text| {
            let place = of_evidence(text);
            (place.file, place.line)
        };
        assert_eq!(place("a/b.py:42"), ("a/b.py".to_owned(), 42));
        assert_eq!(place("b.py"), ("b.py".to_owned(), 1));
        assert_eq!(place("b.py:0"), ("b.py:0".to_owned(), 1));
        assert_eq!(place(":3"), (":3".to_owned(), 1));
    }

    #[test]
    fn a_path_is_one_in_a_uri() {
        assert_eq!(uri("a b/券:1?#%.toml"), "a%20b/%E5%88%B8%3A1%3F%23%25.toml");
    }
}
