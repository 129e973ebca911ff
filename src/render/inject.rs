//! Text between the markers of a Markdown document.

use std::fmt;

use super::markdown::{last_level, moved_down, numbered};

/// The line before what is put in.
const BEGIN: &str = "<!-- harcov:begin -->";
/// The line after it.
const END: &str = "<!-- harcov:end -->";

/// Why nothing was put into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InjectError {
    /// There is no marker.
    NoMarkers,
    /// The marker on this line has no partner.
    Unpaired(usize),
}

impl fmt::Display for InjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InjectError::NoMarkers => write!(
                f,
                "it has no markers; put the lines `{BEGIN}` and `{END}` where the report belongs"
            ),
            InjectError::Unpaired(line) => write!(
                f,
                "the marker on line {line} has no partner; each `{BEGIN}` needs an `{END}` below it"
            ),
        }
    }
}

impl std::error::Error for InjectError {}

/// Puts Markdown between each pair of markers of a document, and leaves everything else as it is.
///
/// Headings move below the last one before the marker, line breaks become those of the document,
/// and markers inside of fenced code are none.
///
/// ```
/// use harcov::render::inject;
///
/// let document = "## API\n\n<!-- harcov:begin -->\nold\n<!-- harcov:end -->\nrest\n";
/// let filled = inject(document, "# Gaps\n").unwrap();
/// assert_eq!(
///     filled,
///     "## API\n\n<!-- harcov:begin -->\n\n### Gaps\n\n<!-- harcov:end -->\nrest\n"
/// );
/// assert_eq!(inject(&filled, "# Gaps\n").unwrap(), filled);
/// ```
///
/// # Errors
/// The document has no markers, or one without its partner.
pub fn inject(document: &str, markdown: &str) -> Result<String, InjectError> {
    let mut out = String::with_capacity(document.len() + markdown.len());
    let mut open: Option<usize> = None;
    let mut found = false;
    for line in numbered(document) {
        let marker = if line.is_code { "" } else { line.text.trim() };
        match (open, marker) {
            (None, BEGIN) => {
                let ending = if line.raw.ends_with("\r\n") {
                    "\r\n"
                } else {
                    "\n"
                };
                out.push_str(line.raw);
                let text = moved_down(markdown.trim(), last_level(&out));
                for text in ["", text.trim_end(), ""]
                    .iter()
                    .flat_map(|text| text.split('\n'))
                {
                    out.push_str(text);
                    out.push_str(ending);
                }
                open = Some(line.number);
                found = true;
            }
            (Some(_), END) => {
                out.push_str(line.raw);
                open = None;
            }
            (_, BEGIN | END) => return Err(InjectError::Unpaired(line.number)),
            (None, _) => out.push_str(line.raw),
            (Some(_), _) => {}
        }
    }
    match (open, found) {
        (Some(line), _) => Err(InjectError::Unpaired(line)),
        (None, false) => Err(InjectError::NoMarkers),
        (None, true) => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_s_line_breaks_stay() {
        let document = format!("a\r\n{BEGIN}\r\n{END}\r\nb");
        let filled = inject(&document, "x\ny\n").unwrap();
        assert_eq!(
            filled,
            format!("a\r\n{BEGIN}\r\n\r\nx\r\ny\r\n\r\n{END}\r\nb")
        );
    }

    #[test]
    fn markers_that_are_shown_are_none() {
        let document = format!("```markdown\n{BEGIN}\n{END}\n```\n");
        assert_eq!(inject(&document, "x"), Err(InjectError::NoMarkers));
    }

    #[test]
    fn markers_come_in_pairs() {
        let wrong = |document: String| inject(&document, "x").unwrap_err();
        assert_eq!(wrong(format!("a\n{BEGIN}\n")), InjectError::Unpaired(2));
        assert_eq!(wrong(format!("{END}\n")), InjectError::Unpaired(1));
        assert_eq!(
            wrong(format!("{BEGIN}\n{BEGIN}\n{END}\n")),
            InjectError::Unpaired(2)
        );
    }

    /// Text that may hold anything but an unfinished fence or a marker.
    const TEXT: &str = r"([a#> \-]{0,6}\n){0,4}";

    proptest::proptest! {
        #[test]
        fn what_is_outside_stays_and_twice_is_once(
            before in TEXT, old in TEXT, between in TEXT, report in TEXT, after in "[a#]{0,4}",
        ) {
            let pair = |inside: &str| format!("{BEGIN}\n{inside}{END}\n");
            let document = format!("{before}{}{between}{}{after}", pair(&old), pair(&old));
            let filled = inject(&document, &report).unwrap();
            let (head, tail) = (format!("{before}{BEGIN}\n"), format!("{END}\n{after}"));
            proptest::prop_assert!(filled.starts_with(&head));
            proptest::prop_assert!(filled.ends_with(&tail));
            let middle = format!("{END}\n{between}{BEGIN}\n");
            proptest::prop_assert!(filled.contains(&middle));
            proptest::prop_assert_eq!(inject(&filled, &report).unwrap(), filled);
        }
    }
}
