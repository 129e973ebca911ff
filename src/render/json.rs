//! The report as JSON.

use std::fmt::Write as _;

use crate::report::Report;

use super::RenderError;

/// Writes the report as JSON, indented, with a line break at the end.
pub(super) fn render(report: &Report) -> Result<String, RenderError> {
    let mut text = escape_controls(&serde_json::to_string_pretty(report)?);
    text.push('\n');
    Ok(text)
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
