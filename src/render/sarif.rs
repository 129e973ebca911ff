//! SARIF 2.1.0: a result for each gap, within what GitHub's code scanning takes.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::locale::{Lang, Locale};
use crate::report::{EndpointRow, GapLevel, GapRow, Report, gap_codes, gap_remedy, gap_title};

use super::RenderError;
use super::json::to_json;
use super::place;
use super::prose::to_plain;

/// GitHub refuses a run with more results; gaps are in order of importance.
const MAX_RESULTS: usize = 25_000;
/// GitHub keeps this many locations of a result.
const MAX_LOCATIONS: usize = 100;

pub(super) fn render(report: &Report) -> Result<String, RenderError> {
    let locale = Locale::new(Lang::of_tag(&report.lang));
    let codes: Vec<&str> = gap_codes().collect();
    let endpoints: HashMap<&str, &EndpointRow> = report
        .endpoints
        .iter()
        .map(|row| (row.id.as_str(), row))
        .collect();
    let results: Vec<Value> = report
        .gaps
        .iter()
        .take(MAX_RESULTS)
        .map(|gap| {
            let row = gap.endpoint.as_deref().and_then(|id| endpoints.get(id));
            let rule = codes.iter().position(|code| *code == gap.code);
            result(gap, row.copied(), rule, report)
        })
        .collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| rule(code, locale, report.against.is_some()))
        .collect();
    let mut run = json!({
        "tool": {
            "driver": {
                "name": "harcov",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    let omitted = report.gaps.len().saturating_sub(MAX_RESULTS);
    if omitted > 0 {
        run["properties"] = json!({ "omittedResults": omitted });
    }
    to_json(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }))
}

fn rule(code: &str, locale: &Locale, described: bool) -> Value {
    let title = gap_title(locale, code, described);
    let remedy = gap_remedy(locale, code, described);
    json!({
        "id": code,
        "name": pascal(code),
        "shortDescription": { "text": to_plain(&title) },
        "fullDescription": { "text": to_plain(&title) },
        "help": { "text": to_plain(&remedy), "markdown": remedy },
        "properties": { "tags": ["api-coverage"] },
    })
}

/// `endpoint-new` as `EndpointNew`, as names of rules are written.
fn pascal(code: &str) -> String {
    let words = code.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn result(gap: &GapRow, row: Option<&EndpointRow>, rule: Option<usize>, report: &Report) -> Value {
    let level = match gap.level {
        GapLevel::Error => "error",
        GapLevel::Warning => "warning",
        GapLevel::Note => "note",
    };
    let place = place::of_gap(gap, report);
    let mut location = physical(&place.file, place.line);
    if let Some(row) = row {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": row.id }]);
    }
    let text = format!("{} {}", to_plain(&gap.text), to_plain(&gap.remedy));
    let mut result = json!({
        "ruleId": gap.code,
        "level": level,
        "message": { "text": text, "markdown": format!("{} {}", gap.text, gap.remedy) },
        "locations": [location],
        "partialFingerprints": {
            "harcovGap/v1": gap.fingerprint,
            // What GitHub tells alerts apart by; without it, it would hash the line of the manifest.
            "primaryLocationLineHash": format!("{}:1", gap.fingerprint),
        },
        "properties": { "priority": gap.priority },
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = json!(rule);
    }
    let evidence = row.map_or(&[][..], |row| &row.evidence);
    if !evidence.is_empty() {
        let places = evidence.iter().take(MAX_LOCATIONS);
        let places = places.map(|text| place::of_evidence(text));
        let related = places.enumerate().map(|(at, place)| {
            let mut location = physical(&place.file, place.line);
            location["id"] = json!(at + 1);
            location
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn physical(file: &str, line: usize) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": place::uri(file) },
            "region": { "startLine": line },
        }
    })
}
