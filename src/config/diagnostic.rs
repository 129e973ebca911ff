//! Problems of a file: where, what, and what to do about it.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::locale::visible;

/// The longest line, in columns, that is shown whole below a problem.
const MAX_EXCERPT: usize = 100;

/// A place in a file; the default is no place at all.
///
/// ```
/// use harcov::config::Location;
///
/// let place = Location { file: "harcov.toml".into(), line: 12, column: 3 };
/// assert_eq!(place.to_string(), "harcov.toml:12:3");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1; 0 stands for the whole file.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Location {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Location {
            file: file.into(),
            line: 0,
            column: 0,
        }
    }

    /// The file's name without its folders, with the line: the same on every machine.
    ///
    /// ```
    /// use harcov::config::Location;
    ///
    /// let place = Location { file: "api/harcov.toml".into(), line: 12, column: 3 };
    /// assert_eq!(place.short(), "harcov.toml:12");
    /// ```
    pub fn short(&self) -> String {
        let name = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        if self.line == 0 {
            visible(name).into_owned()
        } else {
            format!("{}:{}", visible(name), self.line)
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.file))?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file is used, and probably does not say what was meant.
    Warning,
}

/// One problem of a file.
///
/// Its display is one line, `file:line:column: what; what to do`, with the line of the file and a
/// mark below. What a terminal would act on is made visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the file can be used all the same.
    pub severity: Severity,
    /// Where.
    pub location: Location,
    /// What is wrong, as the start of a sentence.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// The line that it is about.
    pub excerpt: Option<Excerpt>,
}

impl Diagnostic {
    /// An error at a place, without an excerpt.
    pub fn error(location: Location, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            location,
            message: message.into(),
            remedy: None,
            excerpt: None,
        }
    }

    /// The same with what to do about it.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The text where how bad it is stands before it already.
    pub fn unmarked(&self) -> String {
        let unmarked = Diagnostic {
            severity: Severity::Error,
            ..self.clone()
        };
        unmarked.to_string()
    }

    /// The same as a warning.
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.location)?;
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        f.write_str(&visible(&self.message))?;
        if let Some(remedy) = &self.remedy {
            write!(f, "; {}", visible(remedy))?;
        }
        if let Some(excerpt) = &self.excerpt {
            let number = self.location.line.to_string();
            let gutter = " ".repeat(number.len());
            write!(f, "\n {gutter} |\n {number} | {}", excerpt.line)?;
            let (indent, mark) = (" ".repeat(excerpt.indent), "^".repeat(excerpt.width));
            write!(f, "\n {gutter} | {indent}{mark}")?;
        }
        Ok(())
    }
}

/// The line that a problem is about, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    line: String,
    /// Terminal columns before the mark.
    indent: usize,
    /// Terminal columns under the mark, at least one.
    width: usize,
}

impl Excerpt {
    /// Shows a line with a mark under the bytes `start..end`; none if the line is too long.
    pub(crate) fn new(line: &str, start: usize, end: usize) -> Option<Self> {
        let shown = |text: &str| visible(&text.replace('\t', " ")).into_owned();
        let before = shown(line.get(..start)?);
        let marked = shown(line.get(start..end)?);
        let line = shown(line);
        (line.width() <= MAX_EXCERPT).then(|| Excerpt {
            indent: before.width(),
            width: marked.width().max(1),
            line,
        })
    }
}

/// All problems of one or several files, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Puts problems into the order of lines, file by file.
    pub fn new(mut problems: Vec<Diagnostic>) -> Self {
        let mut files: Vec<String> = Vec::new();
        for problem in &problems {
            if !files.contains(&problem.location.file) {
                files.push(problem.location.file.clone());
            }
        }
        problems.sort_by_key(|p| {
            let file = files.iter().position(|f| *f == p.location.file);
            (file, p.location.line, p.location.column)
        });
        Diagnostics(problems)
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// The problems by value.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(problem: Diagnostic) -> Self {
        Diagnostics(vec![problem])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_made_visible() {
        let place = Location::file("a\u{1b}.toml");
        let problem = Diagnostic::error(place, "x\u{1b}[2J").remedy("\u{202e}");
        assert_eq!(problem.to_string(), "a␛.toml: x␛[2J; \u{fffd}");
    }

    #[test]
    fn the_mark_stands_below_wide_characters() {
        let line = "\tt = \"券券\" # x";
        let at = line.find('"').unwrap();
        let excerpt = Excerpt::new(line, at, line.find(" #").unwrap()).unwrap();
        assert_eq!((excerpt.indent, excerpt.width), (5, 6));
        assert_eq!(excerpt.line, " t = \"券券\" # x");
    }

    #[test]
    fn files_stay_in_order_and_lines_are_sorted() {
        let at = |file: &str, line| {
            let (file, column) = (file.to_owned(), 1);
            Diagnostic::error(Location { file, line, column }, "x")
        };
        let all = Diagnostics::new(vec![at("b", 2), at("a", 1), at("b", 1)]);
        assert_eq!(all.to_string(), "b:1:1: x\nb:2:1: x\na:1:1: x");
    }
}
