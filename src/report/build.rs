//! Puts a report together.

use std::collections::BTreeMap;

use crate::config::{Config, Level, OTHER, Status};
use crate::inventory::{CaptureSummary, Span};
use crate::locale::{Arg, Locale};

use super::context::Context;
use super::model::{
    CaptureRow, Coverage, EndpointRow, FindingRow, GroupRow, HostRow, PriorityShare, Report,
    SCHEMA, ScopeSummary, Share,
};
use super::{against, endpoint, flows, gap, module, recommend, story, summary, time};

/// Entries that a sentence about a capture names.
const MAX_ENTRIES: usize = 10;

/// Puts an assessment into words.
pub fn build(context: &Context<'_>) -> Report {
    let endpoints = endpoint::rows(context);
    let groups = groups(context, &endpoints);
    let coverage = coverage(endpoints.iter());
    let gaps = gap::rows(context, &endpoints);
    let modules = module::rows(context, &endpoints);
    let flows = flows::rows(context, &endpoints);
    let story = story::story(context, &endpoints);
    let recommendations = recommend::recommendations(context, &endpoints);
    let scope = scope(context);
    let summary = summary::summary(context, &coverage, &recommendations);
    let hints = summary::hints(context, &scope);
    Report {
        schema: SCHEMA.to_owned(),
        title: context.config.title.as_ref().map_or_else(
            || context.locale.get("report.title").to_owned(),
            |title| context.prose(title),
        ),
        lang: context.locale.lang().tag().to_owned(),
        generator: concat!("harcov ", env!("CARGO_PKG_VERSION")).to_owned(),
        overview: context.config.overview.as_ref().map(|p| context.prose(p)),
        captures: captures(context),
        scope,
        coverage,
        groups,
        priorities: priorities(&endpoints),
        endpoints,
        gaps,
        since: None,
        against: against::rows(context),
        flows,
        story,
        modules,
        findings: findings(context),
        recommendations,
        summary,
        hints,
    }
}

fn captures(context: &Context<'_>) -> Vec<CaptureRow> {
    context
        .inventory
        .captures
        .iter()
        .map(|summary| {
            let (started, ended) = ends(summary.span);
            CaptureRow {
                name: summary.capture.name.clone(),
                creator: summary.capture.creator.clone(),
                entries: summary.capture.entries,
                in_scope: summary.in_scope,
                started,
                ended,
                problems: problems(context, summary),
            }
        })
        .collect()
}

fn ends(span: Span) -> (Option<String>, Option<String>) {
    (span.first.map(time::rfc3339), span.last.map(time::rfc3339))
}

/// What could not be read of a capture; entries with one problem are one sentence.
fn problems(context: &Context<'_>, summary: &CaptureSummary) -> Vec<String> {
    let mut by_code: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for unusable in &summary.capture.unusable {
        by_code
            .entry(unusable.problem.code())
            .or_default()
            .push((unusable.index + 1).to_string());
    }
    let mut problems: Vec<String> = by_code
        .into_iter()
        .map(|(code, entries)| {
            let shown: Vec<String> = entries.iter().take(MAX_ENTRIES).cloned().collect();
            context.locale.format(
                if shown.len() < entries.len() {
                    "problem.unusable-first"
                } else {
                    "problem.unusable"
                },
                &[
                    ("n", Arg::Count(entries.len())),
                    ("entries", Arg::Codes(shown)),
                    (
                        "why",
                        Arg::Markdown(context.locale.get(&format!("unusable.{code}")).to_owned()),
                    ),
                ],
            )
        })
        .collect();
    if let Some(byte) = summary.capture.ended_at {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        problems.push(
            context
                .locale
                .format("problem.truncated", &[("byte", Arg::Count(byte))]),
        );
    }
    for (limit, count) in &summary.capture.left_out {
        let message = format!("problem.limit-{}", limit.name());
        let count = [("n", Arg::Count(*count))];
        problems.push(context.locale.format(&message, &count));
    }
    problems
}

fn scope(context: &Context<'_>) -> ScopeSummary {
    let inventory = context.inventory;
    let mut span = Span::default();
    for capture in &inventory.captures {
        span.merge(capture.span);
    }
    let (started, ended) = ends(span);
    ScopeSummary {
        entries: inventory.captures.iter().map(|c| c.capture.entries).sum(),
        in_scope: inventory.captures.iter().map(|c| c.in_scope).sum(),
        skipped: inventory
            .skipped
            .iter()
            .map(|(skip, count)| (skip.name().to_owned(), *count))
            .collect(),
        hosts: inventory
            .hosts
            .iter()
            .map(|host| HostRow {
                host: host.host.clone(),
                in_scope: host.skip.is_none(),
                requests: host.requests,
            })
            .collect(),
        started,
        ended,
    }
}

/// The groups of the config, then those that endpoints have beyond them, by name.
fn groups(context: &Context<'_>, endpoints: &[EndpointRow]) -> Vec<GroupRow> {
    let mut names: Vec<String> = context
        .config
        .groups
        .iter()
        .map(|group| group.name.clone())
        .collect();
    let mut others: Vec<&String> = endpoints
        .iter()
        .map(|endpoint| &endpoint.group)
        .filter(|group| !names.contains(group))
        .collect();
    others.sort_unstable_by_key(|group| (group.as_str() == OTHER, *group));
    others.dedup();
    names.extend(others.into_iter().cloned().collect::<Vec<_>>());
    names
        .into_iter()
        .map(|name| {
            let of_group = || endpoints.iter().filter(|endpoint| endpoint.group == name);
            GroupRow {
                title: group_title(context.config, context.locale, &name),
                requests: of_group().map(|endpoint| endpoint.requests).sum(),
                endpoints: of_group().filter(|e| e.requests > 0).count(),
                coverage: coverage(of_group()),
                name,
            }
        })
        .collect()
}

/// The heading of a group in a language.
pub fn group_title(config: &Config, locale: &Locale, name: &str) -> String {
    let group = config.groups.iter().find(|group| group.name == name);
    match group.and_then(|group| group.title.as_ref()) {
        Some(title) => title.get(locale.lang()).to_owned(),
        None if name == OTHER => locale.get("group.other").to_owned(),
        None => name.to_owned(),
    }
}

/// What is observed by the level that it would have if it were missing; each endpoint is in one row.
fn priorities(endpoints: &[EndpointRow]) -> Vec<PriorityShare> {
    let levels = [Level::High, Level::Medium, Level::Low, Level::None];
    let of = |level| {
        endpoints
            .iter()
            .filter(move |row| row.priority.importance == level)
    };
    levels
        .map(|level| PriorityShare {
            level,
            coverage: coverage(of(level)),
        })
        .into()
}

/// Counts endpoints and requests by status; what was not observed is no part of it.
fn coverage<'a>(endpoints: impl Iterator<Item = &'a EndpointRow>) -> Coverage {
    let mut by_endpoint = Share::default();
    let mut by_request = Share::default();
    for endpoint in endpoints {
        add(&mut by_endpoint, endpoint.status, 1);
        add(&mut by_request, endpoint.status, endpoint.requests);
    }
    for share in [&mut by_endpoint, &mut by_request] {
        share.total = share.implemented + share.partial + share.missing + share.unknown;
        if share.total > 0 {
            #[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
            let percent = share.implemented as f64 * 100.0 / share.total as f64;
            share.percent = Some((percent * 10.0).round() / 10.0);
        }
    }
    Coverage {
        endpoints: by_endpoint,
        requests: by_request,
    }
}

fn add(share: &mut Share, status: Status, count: usize) {
    match status {
        Status::Implemented => share.implemented += count,
        Status::Partial => share.partial += count,
        Status::Missing => share.missing += count,
        Status::Unknown => share.unknown += count,
        Status::Excluded => share.excluded += count,
        Status::Unobserved => {}
    }
}

/// Findings of the evidence, then those written by hand.
fn findings(context: &Context<'_>) -> Vec<FindingRow> {
    let inventory = context.inventory;
    let found = context
        .assessment
        .findings
        .iter()
        .map(|finding| FindingRow {
            kind: finding.kind.to_owned(),
            title: context
                .locale
                .get(&format!("finding.{}", finding.kind))
                .to_owned(),
            endpoint: finding
                .endpoint
                .map(|at| inventory.endpoints[at].id.clone()),
            text: context.say(&finding.text),
        });
    let written = context.config.findings.iter().map(|finding| FindingRow {
        kind: "note".to_owned(),
        title: finding.title.as_ref().map_or_else(
            || context.locale.get("finding.note").to_owned(),
            |title| context.prose(title),
        ),
        endpoint: finding.endpoint.as_ref().and_then(|pattern| {
            inventory
                .endpoints
                .iter()
                .find(|endpoint| {
                    let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
                    pattern.matches(&endpoint.method, &endpoint.route, operation)
                })
                .map(|endpoint| endpoint.id.clone())
        }),
        text: context.prose(&finding.text),
    });
    found.chain(written).collect()
}
