//! The report as JSON, and what describes it.

use std::fmt::Write as _;

use serde::Serialize;

use crate::report::Report;

use super::RenderError;

/// Writes a value as JSON, indented, with a line break at the end. It is safe to show: a terminal
/// finds nothing in it to obey.
///
/// # Errors
///
/// Fails if the value cannot be serialised, such as a map whose keys are no texts.
pub fn to_json(value: &impl Serialize) -> Result<String, RenderError> {
    let mut text = escape_controls(&serde_json::to_string_pretty(value)?);
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

/// Writes the control characters that JSON allows, and marks that turn the direction of what follows,
/// as escapes: some terminals obey them.
fn escape_controls(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}
