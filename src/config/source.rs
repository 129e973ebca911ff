//! The text of a file that a person wrote, and the places in it.

use std::ops::Range;
use std::path::Path;

use super::diagnostic::Excerpt;
use super::{Diagnostic, Diagnostics, Location};

/// A file's text under the name that problems show.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: String,
    pub(crate) text: &'a str,
    /// Where its lines start.
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(text: &'a str, file: &Path) -> Self {
        Source {
            file: file.display().to_string(),
            text,
            lines: std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
        }
    }

    /// The place of a byte offset; columns are counted in characters.
    pub(crate) fn locate(&self, offset: usize) -> Location {
        let (start, line) = self.line_start(offset);
        let before = self.text.get(start..self.clamp(offset)).unwrap_or_default();
        Location {
            file: self.file.clone(),
            line,
            column: before.trim_start_matches('\u{feff}').chars().count() + 1,
        }
    }

    /// An error about a span of the text, with the line that it starts on.
    pub(crate) fn error(&self, span: &Range<usize>, message: impl Into<String>) -> Diagnostic {
        let (start, _) = self.line_start(span.start);
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let from = (self.clamp(span.start) - start).min(line.len());
        let to = span.end.saturating_sub(start).clamp(from, line.len());
        let mut problem = Diagnostic::error(self.locate(span.start), message);
        problem.excerpt = Excerpt::new(line, from, to);
        problem
    }

    /// Where the line of an offset starts, and its number.
    fn line_start(&self, offset: usize) -> (usize, usize) {
        let offset = self.clamp(offset);
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at));
        (start.copied().unwrap_or_default(), line)
    }

    /// The offset, or the nearest one before it that is on a character of the text.
    fn clamp(&self, offset: usize) -> usize {
        let last = offset.min(self.text.len());
        (0..=last)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or_default()
    }
}

/// Reads a file that a person wrote.
///
/// # Errors
/// The file cannot be read, or is not UTF-8.
pub(crate) fn read_text(file: &Path) -> Result<String, Diagnostics> {
    let whole = || Location::file(file.display().to_string());
    let bytes = std::fs::read(file).map_err(|error| {
        let problem = Diagnostic::error(whole(), format!("the file cannot be read: {error}"));
        match error.kind() {
            std::io::ErrorKind::NotFound => problem.remedy("check the path"),
            std::io::ErrorKind::IsADirectory => problem.remedy("name a file, not a folder"),
            _ => problem,
        }
    })?;
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let problem = Diagnostic::error(whole(), "the file is UTF-16 text");
        return Err(problem.remedy("save it as UTF-8").into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default());
        let place = Source::new(&text, file).locate(valid);
        Diagnostic::error(place, "the file is not UTF-8 text")
            .remedy("save it as UTF-8")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        let source = Source::new("\u{feff}a = 1\n券 = \"券\"\r\n", Path::new("f"));
        let at = |needle: &str| source.locate(source.text.find(needle).unwrap());
        assert_eq!(at("a").to_string(), "f:1:1");
        assert_eq!(at("\"").to_string(), "f:2:5");
        assert_eq!(source.locate(usize::MAX).to_string(), "f:3:1");
    }

    #[test]
    fn files_that_are_no_text_say_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let message = |name: &str, bytes: &[u8]| {
            let file = folder.path().join(name);
            std::fs::write(&file, bytes).unwrap();
            let text = read_text(&file).unwrap_err().to_string();
            text.replace(&file.display().to_string(), name)
        };
        assert_eq!(
            message("a.toml", b"\xff\xfet\0"),
            "a.toml: the file is UTF-16 text; save it as UTF-8"
        );
        assert_eq!(
            message("b.toml", b"a = 1\nb = '\xd6\xd0'"),
            "b.toml:2:6: the file is not UTF-8 text; save it as UTF-8"
        );
        assert!(read_text(folder.path()).is_err());
        assert!(read_text(&folder.path().join("none")).is_err());
    }
}
