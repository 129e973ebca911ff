//! The report as JSON, and what describes it.

use std::fmt::Write as _;

use crate::report::Report;

use super::RenderError;

/// Writes the report as JSON, indented, with a line break at the end.
pub(super) fn render(report: &Report) -> Result<String, RenderError> {
    let mut text = escape_controls(&serde_json::to_string_pretty(report)?);
    text.push('\n');
    Ok(text)
}

/// The JSON Schema of the report.
///
/// ```
/// let schema = harcov::render::schema();
/// assert_eq!(schema.get("title").and_then(|title| title.as_str()), Some("Report"));
/// ```
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}

/// Writes the control characters that JSON allows as escapes: some terminals obey them.
fn escape_controls(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '\u{7f}'..='\u{9f}') {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
