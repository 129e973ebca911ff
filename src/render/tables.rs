//! What was observed as CSV tables, for databases that read files: `DuckDB`, Polars, Spark SQL.
//!
//! Rows name endpoints by their ids, so that tables join. Names of columns are for programs and the
//! same in every language.

use std::borrow::Cow;

use crate::report::{EndpointRow, Report};

use super::csv::line;

/// A table: the name of its file without `.csv`, and its text.
pub type Table = (&'static str, String);

/// A report's endpoints, parameters, response fields, and the values that flow between endpoints.
///
/// Only what captures show is in them; endpoints that only a manifest names are left out. Lists in a
/// cell are split by `; `. A cell that a spreadsheet would compute begins with an apostrophe.
pub fn tables(report: &Report) -> [Table; 4] {
    let observed = || report.endpoints.iter().filter(|row| row.requests > 0);
    let endpoints = observed().map(endpoint);
    let parameters = observed().flat_map(parameters);
    let fields = observed().flat_map(fields);
    let edges = report.story.edges.iter().map(|edge| {
        [
            Cow::from(&edge.from.endpoint),
            (&edge.from.field).into(),
            (&edge.to.endpoint).into(),
            (&edge.to.field).into(),
            (&edge.to.place).into(),
            edge.support.to_string().into(),
        ]
    });
    [
        (
            "endpoints",
            table(
                [
                    "endpoint",
                    "method",
                    "host",
                    "route",
                    "operation",
                    "title",
                    "group",
                    "requests",
                    "captures",
                    "http_statuses",
                    "business_codes",
                ],
                endpoints,
            ),
        ),
        (
            "parameters",
            table(
                ["endpoint", "name", "in", "type", "required", "values"],
                parameters,
            ),
        ),
        (
            "fields",
            table(["endpoint", "path", "type", "required", "values"], fields),
        ),
        (
            "edges",
            table(
                [
                    "from_endpoint",
                    "from_field",
                    "to_endpoint",
                    "to_field",
                    "to_in",
                    "support",
                ],
                edges,
            ),
        ),
    ]
}

fn table<'a, const N: usize>(
    columns: [&str; N],
    rows: impl Iterator<Item = [Cow<'a, str>; N]>,
) -> String {
    let mut out = String::new();
    line(&mut out, columns.into_iter().map(Cow::from));
    for row in rows {
        line(&mut out, row.into_iter());
    }
    out
}

fn endpoint(row: &EndpointRow) -> [Cow<'_, str>; 11] {
    let statuses: Vec<String> = row
        .http_statuses
        .iter()
        .map(|status| format!("{}: {}", status.value, status.count))
        .collect();
    let codes: Vec<String> = row
        .business_codes
        .iter()
        .map(|code| format!("{}={}: {}", code.field, code.value, code.count))
        .collect();
    [
        (&row.id).into(),
        (&row.method).into(),
        (&row.host).into(),
        (&row.route).into(),
        row.operation.as_deref().unwrap_or_default().into(),
        row.title.as_deref().unwrap_or_default().into(),
        (&row.group).into(),
        row.requests.to_string().into(),
        row.captures.len().to_string().into(),
        statuses.join("; ").into(),
        codes.join("; ").into(),
    ]
}

fn parameters(row: &EndpointRow) -> impl Iterator<Item = [Cow<'_, str>; 6]> {
    row.params.iter().map(|param| {
        [
            Cow::from(&row.id),
            (&param.name).into(),
            (&param.place).into(),
            (&param.kind).into(),
            truth(param.required),
            param.values.join("; ").into(),
        ]
    })
}

fn fields(row: &EndpointRow) -> impl Iterator<Item = [Cow<'_, str>; 5]> {
    row.response_fields.iter().map(|field| {
        [
            Cow::from(&row.id),
            (&field.path).into(),
            (&field.kind).into(),
            truth(field.required),
            field.values.join("; ").into(),
        ]
    })
}

fn truth(holds: bool) -> Cow<'static, str> {
    if holds { "true" } else { "false" }.into()
}
