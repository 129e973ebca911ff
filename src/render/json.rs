//! The report as JSON, and what describes it.

use serde::Serialize;

use crate::report::Report;
use crate::value::escape_controls;

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
