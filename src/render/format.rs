//! The formats and their names.

use std::path::Path;

/// A format that harcov brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Markdown as code hosts show it; pleasant to read as it is, too.
    Markdown,
    /// One page that needs nothing else: no script, no request.
    Html,
    /// The report's data.
    Json,
    /// A few lines for a terminal.
    Terminal,
    /// A table of the endpoints for spreadsheets.
    Csv,
    /// `JUnit` XML: a test case for each endpoint.
    Junit,
    /// SARIF 2.1.0: a result for each gap.
    Sarif,
    /// GitLab's code quality report: an issue for each gap.
    Gitlab,
    /// Annotations as workflow commands of GitHub Actions.
    Github,
    /// Markdown for `$GITHUB_STEP_SUMMARY`, which takes one MiB.
    Summary,
    /// The data of a badge, as shields.io reads it from an address.
    Badge,
    /// A badge as an image.
    BadgeSvg,
}

/// The name of each format on the command line, and how its files end.
const NAMES: [(Format, &str, &str); 12] = [
    (Format::Markdown, "md", "md"),
    (Format::Html, "html", "html"),
    (Format::Json, "json", "json"),
    (Format::Terminal, "terminal", "txt"),
    (Format::Csv, "csv", "csv"),
    (Format::Junit, "junit", "xml"),
    (Format::Sarif, "sarif", "sarif"),
    (Format::Gitlab, "gitlab", ""),
    (Format::Github, "github", ""),
    (Format::Summary, "summary", ""),
    (Format::Badge, "badge", ""),
    (Format::BadgeSvg, "badge-svg", "svg"),
];

impl Format {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Format> {
        NAMES.iter().map(|(format, ..)| *format)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        let known = NAMES.iter().find(|(format, ..)| *format == self);
        known.map_or("", |(_, name, _)| name)
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Format> {
        let known = NAMES.iter().find(|(_, known, _)| *known == name);
        known.map(|(format, ..)| *format)
    }

    /// The format that a file's ending tells.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use harcov::render::Format;
    ///
    /// assert_eq!(Format::of_file(Path::new("gaps.sarif")), Some(Format::Sarif));
    /// assert_eq!(Format::of_file(Path::new("gaps")), None);
    /// ```
    pub fn of_file(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        let ending = match ending.as_str() {
            "markdown" => "md",
            "htm" => "html",
            other => other,
        };
        let known = NAMES.iter().find(|(_, _, known)| *known == ending);
        known.map(|(format, ..)| *format)
    }

    /// Whether the format names lines of the project's files, which have to be relative to the
    /// repository.
    pub fn has_places(self) -> bool {
        matches!(self, Format::Sarif | Format::Gitlab | Format::Github)
    }
}
