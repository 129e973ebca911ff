//! `harcov routes`.

use serde::Serialize;

use crate::inventory::{Endpoint, EntryRow, Inventory};
use crate::locale::{Arg, Locale};
use crate::render::to_json;
use crate::route::{ParamStyle, Part, Verdict};
use crate::scope::Skip;

use super::args::{Common, ListFormat, RoutesArgs};
use super::inputs::{self, Inputs};
use super::io::visible;
use super::wording::evidence;
use super::{Failure, Io};

/// Below this confidence a route is to be checked first.
const LOW: f64 = 0.6;

/// Lists the routes, or each entry with its route.
pub(super) fn run(common: &Common, args: &RoutesArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let inputs = inputs::read(common, &args.captures, args.each_request.into(), io)?;
    match (args.each_request, args.format) {
        (true, ListFormat::Json) => json(&requests(&inputs), io)?,
        (true, ListFormat::Text) => request_lines(&inputs, io)?,
        (false, ListFormat::Json) => json(&routes(&inputs), io)?,
        (false, ListFormat::Text) => route_lines(&inputs, io)?,
    }
    Ok(inputs.exit)
}

fn json(rows: &impl Serialize, io: &mut Io<'_>) -> Result<(), Failure> {
    let text = to_json(rows).map_err(|error| Failure::new(error.to_string()))?;
    write!(io.out, "{text}")?;
    Ok(())
}

/// One entry of a capture, without any value.
#[derive(Serialize)]
struct RequestRow {
    capture: String,
    index: usize,
    method: String,
    url: String,
    in_scope: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    route: Option<String>,
    endpoint: Option<String>,
    params: Vec<String>,
}

fn requests(inputs: &Inputs) -> Vec<RequestRow> {
    inputs
        .rows
        .iter()
        .map(|row| request(row, &inputs.inventory, inputs.config.param_style))
        .collect()
}

fn request(row: &EntryRow, inventory: &Inventory, style: ParamStyle) -> RequestRow {
    let call = row.outcome.as_ref().ok();
    let endpoint = call.and_then(|call| inventory.endpoint_of(call));
    let reason = match &row.outcome {
        Err(skip) => Some(*skip),
        Ok(call) => inventory.skip_of_host(&call.host),
    };
    let route = endpoint.map(|endpoint| endpoint.route.display(style).to_string());
    let mut params: Vec<String> = endpoint
        .iter()
        .flat_map(|endpoint| endpoint.route.params().map(str::to_owned))
        .collect();
    params.extend(row.params.iter().map(|(_, name)| name.clone()));
    RequestRow {
        capture: row.capture.clone(),
        index: row.index,
        method: row.method.clone(),
        url: match &route {
            Some(route) => format!("{}{route}", row.origin),
            None => format!("{}/…", row.origin),
        },
        in_scope: endpoint.is_some(),
        reason: reason.map(Skip::name),
        endpoint: endpoint.map(|endpoint| endpoint.id.clone()),
        route,
        params,
    }
}

/// The entries for people, counted from 1 as reports count them.
fn request_lines(inputs: &Inputs, io: &mut Io<'_>) -> Result<(), Failure> {
    let rows = requests(inputs);
    let widest = rows.iter().map(|row| row.method.len()).max();
    let width = widest.unwrap_or_default().max(7);
    for row in rows {
        let mark = row.reason.unwrap_or("");
        let line = format!(
            "{:>5}  {:<width$} {:<11} {}",
            row.index + 1,
            row.method,
            mark,
            row.url
        );
        writeln!(io.out, "{}", visible(line.trim_end()))?;
    }
    Ok(())
}

/// One endpoint with the evidence for its route.
#[derive(Serialize)]
struct RouteRow<'a> {
    endpoint: &'a str,
    method: &'a str,
    host: &'a str,
    route: String,
    operation: Option<&'a str>,
    requests: usize,
    pinned: bool,
    confidence: f64,
    segments: Vec<SegmentRow<'a>>,
}

#[derive(Serialize)]
struct SegmentRow<'a> {
    text: String,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

fn routes(inputs: &Inputs) -> Vec<RouteRow<'_>> {
    let style = inputs.config.param_style;
    let endpoints = &inputs.inventory.endpoints;
    endpoints
        .iter()
        .map(|endpoint| {
            let inferred = &inputs.inventory.routes[endpoint.inferred];
            RouteRow {
                endpoint: &endpoint.id,
                method: &endpoint.method,
                host: &endpoint.host,
                route: endpoint.route.display(style).to_string(),
                operation: endpoint.operation.as_ref().map(|o| o.name.as_str()),
                requests: endpoint.observed.requests,
                pinned: inferred.pinned,
                confidence: (inferred.confidence * 100.0).round() / 100.0,
                segments: endpoint
                    .route
                    .parts
                    .iter()
                    .zip(&inferred.verdicts)
                    .map(|(part, verdict)| SegmentRow {
                        text: part.display(style).to_string(),
                        verdict,
                    })
                    .collect(),
            }
        })
        .collect()
}

/// The routes for people: those to be checked first, then the others.
fn route_lines(inputs: &Inputs, io: &mut Io<'_>) -> Result<(), Failure> {
    let locale = inputs.locale;
    let confidence = |endpoint: &&Endpoint| inputs.inventory.routes[endpoint.inferred].confidence;
    let (mut low, others): (Vec<&Endpoint>, Vec<&Endpoint>) = inputs
        .inventory
        .endpoints
        .iter()
        .partition(|endpoint| confidence(endpoint) < LOW);
    low.sort_by(|a, b| confidence(a).total_cmp(&confidence(b)));
    for (key, endpoints) in [("route.low", low), ("route.others", others)] {
        if endpoints.is_empty() {
            continue;
        }
        writeln!(io.out, "{}", locale.get(key))?;
        let widest = endpoints.iter().map(|endpoint| endpoint.method.len()).max();
        let width = widest.unwrap_or_default().max(6);
        for endpoint in endpoints {
            for line in lines_of(endpoint, width, inputs, locale) {
                writeln!(io.out, "{}", visible(&line))?;
            }
        }
        writeln!(io.out)?;
    }
    Ok(())
}

fn lines_of(endpoint: &Endpoint, width: usize, inputs: &Inputs, locale: &Locale) -> Vec<String> {
    let style = inputs.config.param_style;
    let inferred = &inputs.inventory.routes[endpoint.inferred];
    let operation = endpoint
        .operation
        .as_ref()
        .map_or_else(String::new, |operation| format!(" [{}]", operation.name));
    let requests = locale.format(
        "route.requests",
        &[("n", Arg::Count(endpoint.observed.requests))],
    );
    let percent = format!("{:.0} %", inferred.confidence * 100.0);
    let confidence = locale.format("route.confidence", &[("percent", Arg::Text(percent))]);
    let mut lines = vec![format!(
        "  {:<width$} {}{}{operation}  {requests}{}{confidence}",
        endpoint.method,
        endpoint.host,
        endpoint.route.display(style),
        locale.get("list.clause"),
    )];
    for (part, verdict) in endpoint.route.parts.iter().zip(&inferred.verdicts) {
        if !matches!(part, Part::Literal(_)) {
            let reasons: Vec<String> = verdict
                .reasons
                .iter()
                .map(|reason| evidence(reason, locale))
                .collect();
            lines.push(format!(
                "           {}{}{}",
                part.display(style),
                locale.get("list.colon"),
                reasons.join(locale.get("list.clause"))
            ));
        }
    }
    lines
}
