//! What templates see: the report as in its JSON, with what a template would have to compute.
//!
//! `templates/README.md` describes it for users.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::config::Status;
use crate::locale::visible;
use crate::report::{
    CaptureRow, Coverage, EndpointRow, FindingRow, FlowRow, GroupRow, HostRow, ModuleRow,
    Recommendation, Report, ScopeSummary, Share, StepRow,
};

use super::RenderError;

#[derive(Serialize)]
struct View<'a> {
    schema: &'a str,
    title: &'a str,
    lang: &'a str,
    generator: &'a str,
    overview: Option<&'a str>,
    captures: &'a [CaptureRow],
    scope: ScopeView<'a>,
    coverage: CoverageView<'a>,
    groups: Vec<GroupView<'a>>,
    endpoints: Vec<EndpointView<'a>>,
    flows: Vec<FlowView<'a>>,
    modules: Vec<ModuleView<'a>>,
    gaps: Vec<ModuleView<'a>>,
    unknown_modules: usize,
    findings: Vec<FindingView<'a>>,
    finding_groups: Vec<FindingGroup<'a>>,
    recommendations: RecommendationsView<'a>,
    summary: &'a [String],
    hints: &'a [String],
}

#[derive(Serialize)]
struct ScopeView<'a> {
    entries: usize,
    in_scope: usize,
    skipped: Vec<Skipped<'a>>,
    skipped_total: usize,
    hosts: &'a [HostRow],
    started: Option<&'a str>,
    ended: Option<&'a str>,
}

#[derive(Serialize)]
struct Skipped<'a> {
    reason: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct CoverageView<'a> {
    endpoints: ShareView<'a>,
    requests: ShareView<'a>,
}

#[derive(Serialize)]
struct ShareView<'a> {
    #[serde(flatten)]
    share: &'a Share,
    parts: Vec<PartView>,
}

/// One status' piece of a bar that is a thousand units long.
#[derive(Serialize)]
struct PartView {
    status: Status,
    count: usize,
    start: usize,
    length: usize,
}

#[derive(Serialize)]
struct GroupView<'a> {
    name: &'a str,
    title: &'a str,
    requests: usize,
    endpoints: usize,
    coverage: CoverageView<'a>,
    sections: Vec<SectionView<'a>>,
}

#[derive(Serialize)]
struct SectionView<'a> {
    status: Status,
    endpoints: Vec<EndpointView<'a>>,
}

#[derive(Serialize, Clone)]
struct EndpointView<'a> {
    #[serde(flatten)]
    row: &'a EndpointRow,
    anchor: &'a str,
    address: String,
}

#[derive(Serialize)]
struct FlowView<'a> {
    name: &'a str,
    summary: Option<&'a str>,
    proposed: bool,
    steps: Vec<StepView<'a>>,
}

#[derive(Serialize)]
struct StepView<'a> {
    #[serde(flatten)]
    row: &'a StepRow,
    anchor: Option<&'a str>,
}

#[derive(Serialize, Clone)]
struct ModuleView<'a> {
    #[serde(flatten)]
    row: &'a ModuleRow,
    rows: Vec<EndpointView<'a>>,
}

/// Findings in a row that have the same heading.
#[derive(Serialize)]
struct FindingGroup<'a> {
    title: &'a str,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize, Clone)]
struct FindingView<'a> {
    #[serde(flatten)]
    row: &'a FindingRow,
    subject: Option<EndpointView<'a>>,
}

#[derive(Serialize)]
struct RecommendationsView<'a> {
    high: Vec<RecommendationView<'a>>,
    medium: Vec<RecommendationView<'a>>,
    low: Vec<RecommendationView<'a>>,
    total: usize,
}

#[derive(Serialize)]
struct RecommendationView<'a> {
    #[serde(flatten)]
    row: &'a Recommendation,
    rows: Vec<EndpointView<'a>>,
}

/// Everything that a template sees, with no control character left in it.
pub(super) fn build(report: &Report) -> Result<Value, RenderError> {
    let anchors = Anchors::new(&report.endpoints);
    let mut value = serde_json::to_value(
        Builder {
            report,
            anchors: &anchors,
        }
        .view(),
    )?;
    clean(&mut value);
    Ok(value)
}

/// Replaces control characters in every text, except the line breaks that prose is made of.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) => {
            let lines = text.lines().map(visible).collect::<Vec<_>>();
            let mut shown = lines.join("\n");
            if text.ends_with('\n') {
                shown.push('\n');
            }
            *text = shown;
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Where each endpoint is on the page.
struct Anchors<'a> {
    by_id: BTreeMap<&'a str, (&'a EndpointRow, String)>,
    /// Whether routes alone would not tell endpoints apart.
    several_hosts: bool,
}

impl<'a> Anchors<'a> {
    fn new(endpoints: &'a [EndpointRow]) -> Self {
        let mut taken = BTreeSet::new();
        let mut by_id = BTreeMap::new();
        for row in endpoints {
            let slug = slug(&row.id);
            let mut anchor = slug.clone();
            let mut number = 1;
            while !taken.insert(anchor.clone()) {
                number += 1;
                anchor = format!("{slug}-{number}");
            }
            by_id.entry(row.id.as_str()).or_insert((row, anchor));
        }
        let hosts: BTreeSet<&str> = endpoints
            .iter()
            .map(|row| row.host.as_str())
            .filter(|host| !host.is_empty())
            .collect();
        Anchors {
            by_id,
            several_hosts: hosts.len() > 1,
        }
    }

    fn find(&self, id: &str) -> Option<EndpointView<'_>> {
        let (row, anchor) = self.by_id.get(id)?;
        let host = if self.several_hosts {
            row.host.as_str()
        } else {
            ""
        };
        Some(EndpointView {
            row,
            anchor,
            address: format!("{host}{}", row.route),
        })
    }
}

/// The letters and digits of an id, for the address of a place on the page.
fn slug(id: &str) -> String {
    const LONGEST: usize = 96;
    let words = id
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    slug.truncate(LONGEST);
    format!("endpoint-{}", slug.trim_end_matches('-'))
}

struct Builder<'a> {
    report: &'a Report,
    anchors: &'a Anchors<'a>,
}

impl<'a> Builder<'a> {
    fn view(&self) -> View<'a> {
        let report = self.report;
        let modules: Vec<_> = report.modules.iter().map(|row| self.module(row)).collect();
        let gaps = modules
            .iter()
            .filter(|module| is_gap(module.row))
            .cloned()
            .collect();
        let unknown = |row: &&ModuleRow| row.status == Status::Unknown;
        View {
            schema: &report.schema,
            title: &report.title,
            lang: &report.lang,
            generator: &report.generator,
            overview: report.overview.as_deref(),
            captures: &report.captures,
            scope: scope(&report.scope),
            coverage: coverage(&report.coverage),
            groups: self.groups(),
            endpoints: self.rows(report.endpoints.iter().map(|row| row.id.as_str())),
            flows: report.flows.iter().map(|row| self.flow(row)).collect(),
            modules,
            gaps,
            unknown_modules: report.modules.iter().filter(unknown).count(),
            findings: self.findings(&report.findings),
            finding_groups: self.finding_groups(),
            recommendations: self.recommendations(),
            summary: &report.summary,
            hints: &report.hints,
        }
    }

    /// The endpoints of these ids, those that exist.
    fn rows(&self, ids: impl Iterator<Item = &'a str>) -> Vec<EndpointView<'a>> {
        ids.filter_map(|id| self.anchors.find(id)).collect()
    }

    /// The groups that have endpoints.
    fn groups(&self) -> Vec<GroupView<'a>> {
        let groups = self.report.groups.iter().map(|row| self.group(row));
        groups.filter(|group| !group.sections.is_empty()).collect()
    }

    fn group(&self, row: &'a GroupRow) -> GroupView<'a> {
        let of = |status| {
            let ids =
                self.report.endpoints.iter().filter(move |endpoint| {
                    endpoint.group == row.name && endpoint.status == status
                });
            self.rows(ids.map(|endpoint| endpoint.id.as_str()))
        };
        let sections = Status::ALL
            .into_iter()
            .map(|status| SectionView {
                status,
                endpoints: of(status),
            })
            .filter(|section| !section.endpoints.is_empty())
            .collect();
        GroupView {
            name: &row.name,
            title: &row.title,
            requests: row.requests,
            endpoints: row.endpoints,
            coverage: coverage(&row.coverage),
            sections,
        }
    }

    fn flow(&self, row: &'a FlowRow) -> FlowView<'a> {
        let anchor = |step: &'a StepRow| Some(self.anchors.find(step.endpoint.as_deref()?)?.anchor);
        let steps = row.steps.iter().map(|step| StepView {
            row: step,
            anchor: anchor(step),
        });
        FlowView {
            name: &row.name,
            summary: row.summary.as_deref(),
            proposed: row.proposed,
            steps: steps.collect(),
        }
    }

    fn module(&self, row: &'a ModuleRow) -> ModuleView<'a> {
        ModuleView {
            row,
            rows: self.rows(row.endpoints.iter().map(String::as_str)),
        }
    }

    fn findings(&self, rows: &'a [FindingRow]) -> Vec<FindingView<'a>> {
        let subject = |row: &'a FindingRow| self.anchors.find(row.endpoint.as_deref()?);
        rows.iter()
            .map(|row| FindingView {
                row,
                subject: subject(row),
            })
            .collect()
    }

    fn finding_groups(&self) -> Vec<FindingGroup<'a>> {
        let same_title = |a: &FindingRow, b: &FindingRow| a.title == b.title;
        self.report
            .findings
            .chunk_by(same_title)
            .map(|rows| FindingGroup {
                title: rows.first().map_or("", |row| &row.title),
                findings: self.findings(rows),
            })
            .collect()
    }

    fn recommendations(&self) -> RecommendationsView<'a> {
        let list = |rows: &'a [Recommendation]| {
            rows.iter()
                .map(|row| RecommendationView {
                    row,
                    rows: self.rows(row.endpoints.iter().map(String::as_str)),
                })
                .collect::<Vec<_>>()
        };
        let all = &self.report.recommendations;
        RecommendationsView {
            high: list(&all.high),
            medium: list(&all.medium),
            low: list(&all.low),
            total: all.high.len() + all.medium.len() + all.low.len(),
        }
    }
}

/// Whether a module belongs into the section on what is missing.
fn is_gap(module: &ModuleRow) -> bool {
    matches!(module.status, Status::Missing | Status::Partial)
}

/// The reasons, most frequent first.
fn scope(scope: &ScopeSummary) -> ScopeView<'_> {
    let mut skipped: Vec<_> = scope
        .skipped
        .iter()
        .map(|(reason, count)| Skipped {
            reason,
            count: *count,
        })
        .collect();
    skipped.sort_by_key(|skipped| std::cmp::Reverse(skipped.count));
    ScopeView {
        entries: scope.entries,
        in_scope: scope.in_scope,
        skipped_total: scope.skipped.values().sum(),
        skipped,
        hosts: &scope.hosts,
        started: scope.started.as_deref(),
        ended: scope.ended.as_deref(),
    }
}

fn coverage(coverage: &Coverage) -> CoverageView<'_> {
    CoverageView {
        endpoints: share(&coverage.endpoints),
        requests: share(&coverage.requests),
    }
}

fn share(share: &Share) -> ShareView<'_> {
    const BAR: usize = 1000;
    let counts = [
        (Status::Implemented, share.implemented),
        (Status::Partial, share.partial),
        (Status::Missing, share.missing),
        (Status::Unknown, share.unknown),
    ];
    let mut parts = Vec::new();
    let mut sum = 0;
    for (status, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        // Ends are rounded, not lengths, so that the pieces meet and fill the bar.
        let start = BAR * sum / share.total.max(1);
        sum += count;
        let length = BAR * sum / share.total.max(1) - start;
        parts.push(PartView {
            status,
            count,
            start,
            length,
        });
    }
    ShareView { share, parts }
}
