//! What the page's script needs beyond the page itself, as JSON inside it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::config::{Level, Status};
use crate::locale::Locale;
use crate::report::{EndpointRow, ParamRow, Recommendation, Report};

use super::RenderError;
use super::page::Live;
use super::shown::clean_text;

/// Tables of the texts that the script shows.
const TEXTS: [&str; 3] = ["script.", "status.", "level."];
/// The same where `harcov serve` shows the page.
const LIVE_TEXTS: [&str; 4] = ["script.", "live.", "status.", "level."];

#[derive(Serialize)]
struct Data<'a> {
    /// Tells reports apart, for what a browser remembers of one.
    name: &'a str,
    live: Option<&'a str>,
    texts: BTreeMap<&'a str, &'a str>,
    groups: Vec<&'a str>,
    modules: Vec<&'a str>,
    issues: Vec<Issue<'a>>,
    rows: Vec<Endpoint<'a>>,
}

/// Something to build, in the order of the page; the reasons are Markdown.
#[derive(Serialize)]
struct Issue<'a> {
    title: &'a str,
    level: Level,
    status: Status,
    reasons: &'a [String],
    endpoints: &'a [String],
}

/// One endpoint, in the order of the page; groups and modules by their places in the report.
#[derive(Serialize)]
struct Endpoint<'a> {
    method: &'a str,
    host: &'a str,
    route: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    status: Status,
    priority: Level,
    group: Option<usize>,
    modules: Vec<usize>,
    requests: usize,
    /// Name, place, type and constants.
    params: Vec<(&'a str, &'a str, &'a str, &'a [String])>,
}

/// The script's data; `order` has the endpoints in the order of the page.
pub(super) fn json<'a>(
    report: &'a Report,
    order: &[&'a EndpointRow],
    locale: &Locale,
    live: Live,
) -> Result<String, RenderError> {
    let mut modules: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, module) in report.modules.iter().enumerate() {
        for id in &module.endpoints {
            modules.entry(id).or_default().push(at);
        }
    }
    let groups: BTreeMap<&str, usize> = report
        .groups
        .iter()
        .enumerate()
        .map(|(at, group)| (group.name.as_str(), at))
        .collect();
    let data = Data {
        name: &report.title,
        live: live.name(),
        texts: texts(
            locale,
            if live == Live::Off {
                &TEXTS[..]
            } else {
                &LIVE_TEXTS
            },
        ),
        groups: report.groups.iter().map(|row| row.title.as_str()).collect(),
        modules: report.modules.iter().map(|row| row.name.as_str()).collect(),
        issues: issues(report),
        rows: order
            .iter()
            .map(|row| Endpoint {
                method: &row.method,
                host: &row.host,
                route: &row.route,
                operation: row.operation.as_deref(),
                status: row.status,
                priority: row.priority.level,
                group: groups.get(row.group.as_str()).copied(),
                modules: modules.get(row.id.as_str()).cloned().unwrap_or_default(),
                requests: row.requests,
                params: row.params.iter().map(param).collect(),
            })
            .collect(),
    };
    embedded(data)
}

/// The texts of some tables.
pub(super) fn texts<'a>(locale: &'a Locale, tables: &[&str]) -> BTreeMap<&'a str, &'a str> {
    let is_text = |key: &&str| tables.iter().any(|table| key.starts_with(table));
    let keys = locale.keys().filter(is_text);
    keys.map(|key| (key, locale.get(key))).collect()
}

/// A page's data as it stands in the page.
pub(super) fn embedded(data: impl Serialize) -> Result<String, RenderError> {
    let mut value = serde_json::to_value(data)?;
    clean(&mut value);
    embed(&value)
}

/// Replaces control characters in every text, line breaks apart.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) => *text = clean_text(text),
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn param(row: &ParamRow) -> (&str, &str, &str, &[String]) {
    (&row.name, &row.place, &row.kind, &row.values)
}

fn issues(report: &Report) -> Vec<Issue<'_>> {
    let all = &report.recommendations;
    let levels = [
        (Level::High, &all.high),
        (Level::Medium, &all.medium),
        (Level::Low, &all.low),
    ];
    let mut issues = Vec::new();
    for (level, rows) in levels {
        issues.extend(rows.iter().map(|row: &Recommendation| Issue {
            title: &row.title,
            level,
            status: row.status,
            reasons: &row.reasons,
            endpoints: &row.endpoints,
        }));
    }
    issues
}

/// JSON as it can stand inside a `<script>` element, with no `<` that could end it. Each endpoint has
/// a line of its own, so that versions of a report can be compared.
fn embed(data: &Value) -> Result<String, RenderError> {
    let mut lines = Vec::new();
    for (name, value) in data.as_object().into_iter().flatten() {
        let name = serde_json::to_string(name)?;
        let text = match value.as_array() {
            Some(items) if !items.is_empty() => {
                let items: Result<Vec<_>, _> = items.iter().map(serde_json::to_string).collect();
                format!("[\n{}\n]", items?.join(",\n"))
            }
            _ => serde_json::to_string(value)?,
        };
        lines.push(format!("{name}:{text}"));
    }
    let text = format!("{{{}}}", lines.join(",\n"));
    Ok(text.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_that_the_data_stands_in() {
        let data = serde_json::json!({ "a": ["</script><!--", 1], "b": "<" });
        let text = embed(&data).unwrap();
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), data);
    }
}
