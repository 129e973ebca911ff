//! The report in each format: every one is a pure function of [`Report`].
//!
//! A file for each. Markdown and HTML are templates (`templates/` at the top of the project, whose README describes
//! what a template may use), JSON is the report itself. Whatever comes from a capture is hostile:
//! templates show it through filters that make it safe in the format at hand.

mod anchors;
mod assets;
mod badge;
mod badge_svg;
mod context;
mod csv;
mod data;
mod diff;
mod diff_page;
mod engine;
mod error;
mod filters;
mod format;
mod github;
mod gitlab;
mod inject;
mod json;
mod junit;
mod markdown;
mod mermaid;
mod observed;
mod outline;
mod page;
mod place;
mod prose;
mod raw_html;
mod sarif;
mod sequence;
mod shares;
mod shown;
mod styled;
mod summary;
mod tables;
mod terminal;
mod tidy;
mod tree;
mod trend;
mod usage;
mod verdict;
mod xml;

use crate::report::Report;

pub use assets::style;
pub use diff::{DiffFormat, render_diff};
pub use error::RenderError;
pub use format::Format;
pub use inject::{InjectError, inject};
pub use json::{schema, to_json};
pub use outline::outline;
pub use page::{Assets, Live, Page, SourceUrl};
pub(crate) use prose::{inert, to_plain};
pub use styled::{in_style, text_in_style};
pub use tables::{Table, tables};
pub use verdict::{verdict_markdown, verdict_text};

/// Renders a report.
///
/// The same report gives the same bytes. The text ends with one line break.
///
/// # Errors
///
/// Fails only if a template of harcov is wrong, which its tests rule out.
pub fn render(report: &Report, format: Format) -> Result<String, RenderError> {
    match format {
        Format::Markdown => engine::render_markdown(report).map(|text| tidy::tidy(&text)),
        Format::Html => render_page(report, &Page::default()),
        Format::Json => to_json(report),
        Format::Terminal => Ok(terminal::render(report)),
        Format::Csv => Ok(csv::render(report)),
        Format::Junit => Ok(junit::render(report)),
        Format::Sarif => sarif::render(report),
        Format::Gitlab => gitlab::render(report),
        Format::Github => Ok(github::render(report)),
        Format::Summary => summary::render(report),
        Format::Badge => badge::render(report),
        Format::BadgeSvg => Ok(badge_svg::render(report)),
    }
}

/// Renders a report as HTML, put together as `page` says.
///
/// # Errors
///
/// Fails only if a template of harcov is wrong, which its tests rule out.
pub fn render_page(report: &Report, page: &Page) -> Result<String, RenderError> {
    engine::render_page(report, page)
}

/// Renders a report through a template of the user.
///
/// `name` is the file's name, which errors show and which decides how values are escaped:
/// `.html`, `.htm` and `.xml` as HTML, all else as Markdown. The template may extend or include
/// harcov's own (`harcov:report.md`, `harcov:report.html` and their parts).
///
/// # Errors
///
/// Fails if the template cannot be read as one, or if it names something that the report does
/// not have; the message shows the file, the line and the place in it.
pub fn render_template(report: &Report, name: &str, text: &str) -> Result<String, RenderError> {
    engine::render_user(report, name, text)
}

#[cfg(test)]
mod tests;
