//! What of an API captures show, as plain text that compares well: a line for each parameter and field,
//! and nothing that changes from one recording to the next.

use std::fmt::Write as _;

use crate::locale::visible;
use crate::report::{EndpointRow, Report};

/// The endpoints with what they send and answer, in order. No counts, no times, no names of captures,
/// so that two texts differ where the API does.
pub fn outline(report: &Report) -> String {
    let observed = report.endpoints.iter().filter(|row| row.requests > 0);
    let mut rows: Vec<&EndpointRow> = observed.collect();
    rows.sort_by_key(|row| &row.id);
    let mut out = String::new();
    for row in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", visible(&row.id));
        let mut lines: Vec<String> = Vec::new();
        for param in &row.params {
            let values = values(&param.values);
            lines.push(format!(
                "sends {} {}: {}{values}",
                param.place, param.name, param.kind
            ));
        }
        for field in &row.response_fields {
            let values = values(&field.values);
            lines.push(format!("answers {}: {}{values}", field.path, field.kind));
        }
        for code in &row.business_codes {
            lines.push(format!("code {}={}", code.field, code.value));
        }
        for status in &row.http_statuses {
            lines.push(format!("status {}", status.value));
        }
        lines.sort();
        lines.dedup();
        for line in lines {
            let _ = writeln!(out, "    {}", visible(&line));
        }
    }
    out
}

fn values(values: &[String]) -> String {
    match values {
        [] => String::new(),
        values => format!(" = {}", values.join(" | ")),
    }
}
