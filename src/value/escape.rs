//! JSON that a terminal finds nothing in to obey.

use std::fmt::Write as _;

/// Writes the control characters that JSON allows, and marks that turn the direction of what follows,
/// as escapes: some terminals obey them.
pub(crate) fn escape_controls(json: &str) -> String {
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
