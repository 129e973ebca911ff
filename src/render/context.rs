//! What templates see: the report as in its JSON, with what a template would have to compute.
//!
//! `templates/README.md` describes it for users.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Value};

use crate::config::{Level, Status};
use crate::locale::{Lang, Locale};
use crate::report::{
    Against, AuthRow, CaptureRow, EndpointRow, EnvelopeRow, FindingRow, FlowRow, GroupRow, HostRow,
    ModuleRow, Recommendation, Report, ScopeSummary, StepRow,
};

use super::RenderError;
use super::anchors::Anchors;
use super::mermaid;
use super::observed::{FlowSeen, Observed, observed};
use super::page::{FEW_ENDPOINTS, Page};
use super::sequence::{Diagram, diagram};
use super::shares::{CoverageView, GroupShare, PriorityView, coverage, gap_groups, priorities};
use super::shown::shown;
use super::tree::{Node, tree};
use super::trend::{self, SinceView};
use super::usage::{Usage, usages};

/// Recommendations that the overview shows.
const MAX_NEXT: usize = 6;

/// What is a [`Value`] in a view is made once and shared wherever it stands.
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
    priorities: Vec<PriorityView<'a>>,
    since: Option<SinceView<'a>>,
    auth: &'a AuthRow,
    envelopes: &'a [EnvelopeRow],
    groups: Vec<GroupView<'a>>,
    gap_groups: Vec<GroupShare<'a>>,
    endpoints: Vec<Value>,
    against: Option<&'a Against>,
    flows: Vec<FlowView<'a>>,
    observed: Vec<FlowView<'a>>,
    diagrams: &'a mermaid::Diagrams,
    modules: Vec<Value>,
    gaps: Vec<Value>,
    unknown_modules: usize,
    findings: Vec<Value>,
    finding_groups: Vec<FindingGroup<'a>>,
    recommendations: RecommendationsView<'a>,
    next: Vec<NextView<'a>>,
    summary: &'a [String],
    hints: &'a [String],
    lazy: bool,
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
struct GroupView<'a> {
    name: &'a str,
    anchor: &'a str,
    title: &'a str,
    requests: usize,
    endpoints: usize,
    coverage: CoverageView<'a>,
    sections: Vec<SectionView>,
}

#[derive(Serialize)]
struct SectionView {
    status: Status,
    endpoints: Vec<Value>,
}

#[derive(Serialize)]
struct EndpointView<'a> {
    #[serde(flatten)]
    row: &'a EndpointRow,
    anchor: &'a str,
    address: String,
}

/// An endpoint with all that the page says of it.
#[derive(Serialize)]
struct DetailedView<'a> {
    #[serde(flatten)]
    endpoint: Value,
    tree: Vec<Node<'a>>,
    modules: Vec<LinkView<'a>>,
    steps: Vec<StepLink<'a>>,
    sources: Vec<SourceView<'a>>,
    usage: Usage<'a>,
}

/// A name that leads somewhere on the page.
#[derive(Serialize, Clone)]
struct LinkView<'a> {
    name: &'a str,
    anchor: &'a str,
}

/// An endpoint's place in a flow.
#[derive(Serialize, Clone)]
struct StepLink<'a> {
    #[serde(flatten)]
    flow: LinkView<'a>,
    number: usize,
}

/// A place in the project's source.
#[derive(Serialize)]
struct SourceView<'a> {
    place: &'a str,
    url: Option<String>,
}

#[derive(Serialize)]
struct FlowView<'a> {
    name: &'a str,
    anchor: &'a str,
    summary: Option<&'a str>,
    proposed: bool,
    /// What the captures show of it, if they and nobody else say that there is such a flow.
    seen: Option<FlowSeen>,
    steps: Vec<StepView<'a>>,
    diagram: Option<Diagram<'a>>,
}

#[derive(Serialize)]
struct StepView<'a> {
    #[serde(flatten)]
    row: &'a StepRow,
    anchor: Option<&'a str>,
    /// What the captures show of a step that was observed.
    remarks: &'a [String],
}

#[derive(Serialize)]
struct ModuleView<'a> {
    #[serde(flatten)]
    row: &'a ModuleRow,
    anchor: &'a str,
    rows: Vec<Value>,
}

/// Findings in a row that have the same heading.
#[derive(Serialize)]
struct FindingGroup<'a> {
    title: &'a str,
    findings: Vec<Value>,
}

#[derive(Serialize)]
struct FindingView<'a> {
    #[serde(flatten)]
    row: &'a FindingRow,
    subject: Option<Value>,
}

#[derive(Serialize)]
struct RecommendationsView<'a> {
    high: Vec<RecommendationView<'a>>,
    medium: Vec<RecommendationView<'a>>,
    low: Vec<RecommendationView<'a>>,
    total: usize,
}

/// One of the first things to build, and where the page says more of it.
#[derive(Serialize)]
struct NextView<'a> {
    title: &'a str,
    level: Level,
    anchor: &'a str,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct RecommendationView<'a> {
    #[serde(flatten)]
    row: &'a Recommendation,
    rows: Vec<Value>,
}

/// What an endpoint belongs to, by its id.
#[derive(Default)]
struct Uses<'a> {
    modules: BTreeMap<&'a str, Vec<LinkView<'a>>>,
    steps: BTreeMap<&'a str, Vec<StepLink<'a>>>,
}

/// Everything of the report that a template sees, with no control character left in it.
///
/// What only a page shows (drawings, trees, where evidence can be looked at) is left out where no
/// page is made.
pub(super) fn build(
    report: &Report,
    anchors: &Anchors<'_>,
    page: Option<&Page>,
) -> Result<Context, RenderError> {
    let mut endpoints = BTreeMap::new();
    for row in &report.endpoints {
        if let Some((row, anchor)) = anchors.endpoint(&row.id) {
            let address = anchors.address(row);
            let view = EndpointView {
                row,
                anchor,
                address,
            };
            endpoints.insert(row.id.as_str(), shown(&view)?);
        }
    }
    // Other formats have drawings of their own of what was observed.
    let locale = Locale::new(Lang::of_tag(&report.lang));
    let observed = match page {
        Some(_) => observed(report, locale),
        None => Vec::new(),
    };
    let builder = Builder {
        report,
        anchors,
        endpoints,
        observed: &observed,
        uses: uses(report, anchors, &observed),
        usages: usages(&report.story, anchors),
        diagrams: &mermaid::diagrams(report, locale),
        page,
    };
    let mut context = Context::new();
    for (name, value) in shown(&builder.view()?)?.into_map().unwrap_or_default() {
        context.insert_value(name.to_string(), value);
    }
    Ok(context)
}

/// The endpoints in the order in which the page shows them: by group and status.
pub(super) fn page_order(report: &Report) -> Vec<&EndpointRow> {
    let of_group = |group: &GroupRow| {
        let name = group.name.clone();
        report.endpoints.iter().filter(move |row| row.group == name)
    };
    let in_order = |group| {
        let mut rows: Vec<&EndpointRow> = of_group(group).collect();
        rows.sort_by_key(|row| Status::ALL.iter().position(|status| *status == row.status));
        rows
    };
    report.groups.iter().flat_map(in_order).collect()
}

fn uses<'a>(report: &'a Report, anchors: &'a Anchors<'_>, observed: &'a [Observed]) -> Uses<'a> {
    let mut uses = Uses::default();
    for (row, anchor) in report.modules.iter().zip(&anchors.modules) {
        let name = row.name.as_str();
        for id in &row.endpoints {
            let links = uses.modules.entry(id).or_default();
            links.push(LinkView { name, anchor });
        }
    }
    let declared = report.flows.iter().zip(&anchors.flows);
    let declared = declared.map(|(row, anchor)| (row, anchor.as_str()));
    let observed = observed.iter();
    let observed = observed.map(|flow| (&flow.row, anchors.observed(flow.seen.number)));
    for (row, anchor) in declared.chain(observed) {
        let name = row.name.as_str();
        for (at, step) in row.steps.iter().enumerate() {
            if let Some(id) = &step.endpoint {
                uses.steps.entry(id).or_default().push(StepLink {
                    flow: LinkView { name, anchor },
                    number: at + 1,
                });
            }
        }
    }
    uses
}

struct Builder<'a> {
    report: &'a Report,
    anchors: &'a Anchors<'a>,
    /// The endpoints by their ids.
    endpoints: BTreeMap<&'a str, Value>,
    observed: &'a [Observed],
    uses: Uses<'a>,
    usages: BTreeMap<&'a str, Usage<'a>>,
    diagrams: &'a mermaid::Diagrams,
    page: Option<&'a Page>,
}

impl<'a> Builder<'a> {
    fn view(&self) -> Result<View<'a>, RenderError> {
        let report = self.report;
        let (mut modules, mut gaps) = (Vec::new(), Vec::new());
        for (row, anchor) in report.modules.iter().zip(&self.anchors.modules) {
            let module = self.module(row, anchor)?;
            if is_gap(row) {
                gaps.push(module.clone());
            }
            modules.push(module);
        }
        let findings = self.findings()?;
        let unknown = |row: &&ModuleRow| row.status == Status::Unknown;
        Ok(View {
            schema: &report.schema,
            title: &report.title,
            lang: &report.lang,
            generator: &report.generator,
            overview: report.overview.as_deref(),
            captures: &report.captures,
            scope: scope(&report.scope),
            coverage: coverage(&report.coverage),
            priorities: priorities(&report.priorities),
            auth: &report.story.auth,
            envelopes: &report.story.envelopes,
            since: (report.since.as_ref())
                .map(|row| trend::since(row, |id| self.endpoints.get(id).cloned())),
            groups: self.groups()?,
            gap_groups: gap_groups(&report.groups, &self.anchors.groups),
            endpoints: self.rows(report.endpoints.iter().map(|row| row.id.as_str())),
            against: self.report.against.as_ref(),
            diagrams: self.diagrams,
            flows: report
                .flows
                .iter()
                .zip(&self.anchors.flows)
                .map(|(row, anchor)| self.flow(row, anchor, None))
                .collect(),
            observed: (self.observed.iter())
                .map(|flow| {
                    let anchor = self.anchors.observed(flow.seen.number);
                    self.flow(&flow.row, anchor, Some(flow))
                })
                .collect(),
            modules,
            gaps,
            unknown_modules: report.modules.iter().filter(unknown).count(),
            finding_groups: self.finding_groups(&findings),
            findings,
            recommendations: self.recommendations(),
            next: self.next(),
            summary: &report.summary,
            hints: &report.hints,
            lazy: report.endpoints.len() > FEW_ENDPOINTS,
        })
    }

    /// The endpoints of these ids, those that exist.
    fn rows(&self, ids: impl Iterator<Item = &'a str>) -> Vec<Value> {
        ids.filter_map(|id| self.endpoints.get(id).cloned())
            .collect()
    }

    /// An endpoint with what the page says of it, if one is made.
    fn detailed(&self, row: &'a EndpointRow) -> Result<Option<Value>, RenderError> {
        let id = row.id.as_str();
        let (Some(endpoint), Some(page)) = (self.endpoints.get(id), self.page) else {
            return Ok(self.endpoints.get(id).cloned());
        };
        let source = |place: &'a String| SourceView {
            place,
            url: page.source_url.as_ref().map(|url| url.of(place)),
        };
        let view = DetailedView {
            endpoint: endpoint.clone(),
            tree: tree(&row.response_fields),
            modules: self.uses.modules.get(id).cloned().unwrap_or_default(),
            steps: self.uses.steps.get(id).cloned().unwrap_or_default(),
            sources: row.evidence.iter().map(source).collect(),
            usage: self.usages.get(id).cloned().unwrap_or_default(),
        };
        shown(&view).map(Some)
    }

    /// The groups that have endpoints.
    fn groups(&self) -> Result<Vec<GroupView<'a>>, RenderError> {
        let mut of_group: BTreeMap<&str, Vec<&'a EndpointRow>> = BTreeMap::new();
        for row in &self.report.endpoints {
            of_group.entry(row.group.as_str()).or_default().push(row);
        }
        let groups = self.report.groups.iter().zip(&self.anchors.groups);
        let groups = groups.filter_map(|(row, anchor)| {
            let endpoints = of_group.get(row.name.as_str())?;
            Some(self.group(row, anchor, endpoints))
        });
        groups.collect()
    }

    fn group(
        &self,
        row: &'a GroupRow,
        anchor: &'a str,
        endpoints: &[&'a EndpointRow],
    ) -> Result<GroupView<'a>, RenderError> {
        let mut sections = Vec::new();
        for status in Status::ALL {
            let rows = endpoints.iter().filter(|row| row.status == status);
            let endpoints = rows.filter_map(|row| self.detailed(row).transpose());
            let endpoints = endpoints.collect::<Result<Vec<_>, _>>()?;
            if !endpoints.is_empty() {
                sections.push(SectionView { status, endpoints });
            }
        }
        Ok(GroupView {
            name: &row.name,
            anchor,
            title: &row.title,
            requests: row.requests,
            endpoints: row.endpoints,
            coverage: coverage(&row.coverage),
            sections,
        })
    }

    /// A flow, with what was observed of it if it is not declared.
    fn flow(
        &self,
        row: &'a FlowRow,
        anchor: &'a str,
        observed: Option<&'a Observed>,
    ) -> FlowView<'a> {
        let place = |step: &StepRow| {
            let (_, anchor) = self.anchors.endpoint(step.endpoint.as_deref()?)?;
            Some(anchor)
        };
        let remarks = |at: usize| observed.and_then(|flow| flow.remarks.get(at));
        let steps = row.steps.iter().enumerate().map(|(at, step)| StepView {
            row: step,
            anchor: place(step),
            remarks: remarks(at).map_or(&[], Vec::as_slice),
        });
        FlowView {
            name: &row.name,
            anchor,
            summary: row.summary.as_deref(),
            proposed: row.proposed,
            seen: observed.map(|flow| flow.seen),
            steps: steps.collect(),
            diagram: self
                .page
                .map(|_| diagram(row, self.report, self.anchors, &self.usages)),
        }
    }

    fn module(&self, row: &'a ModuleRow, anchor: &'a str) -> Result<Value, RenderError> {
        shown(&ModuleView {
            row,
            anchor,
            rows: self.rows(row.endpoints.iter().map(String::as_str)),
        })
    }

    fn findings(&self) -> Result<Vec<Value>, RenderError> {
        let subject = |row: &FindingRow| self.endpoints.get(row.endpoint.as_deref()?).cloned();
        let rows = self.report.findings.iter().map(|row| {
            shown(&FindingView {
                row,
                subject: subject(row),
            })
        });
        rows.collect()
    }

    /// The findings, which are in the report's order, by their headings.
    fn finding_groups(&self, findings: &[Value]) -> Vec<FindingGroup<'a>> {
        let same_title = |a: &FindingRow, b: &FindingRow| a.title == b.title;
        let mut next = findings.iter().cloned();
        self.report
            .findings
            .chunk_by(same_title)
            .map(|rows| FindingGroup {
                title: rows.first().map_or("", |row| &row.title),
                findings: next.by_ref().take(rows.len()).collect(),
            })
            .collect()
    }

    /// The first things to build, of any level.
    fn next(&self) -> Vec<NextView<'a>> {
        let all = &self.report.recommendations;
        let levels = [
            (Level::High, &all.high),
            (Level::Medium, &all.medium),
            (Level::Low, &all.low),
        ];
        let rows = levels
            .into_iter()
            .flat_map(|(level, rows)| rows.iter().map(move |row| (level, row)));
        let next = rows.take(MAX_NEXT).map(|(level, row)| NextView {
            title: &row.title,
            level,
            anchor: self.place(row),
            reasons: &row.reasons,
        });
        next.collect()
    }

    /// Where the page says more of a recommendation.
    fn place(&self, row: &'a Recommendation) -> &'a str {
        let modules = self.report.modules.iter().zip(&self.anchors.modules);
        let module = row.module.as_ref().and_then(|name| {
            let mut named = modules.filter(|(module, _)| module.name == *name);
            named.next().map(|(_, anchor)| anchor.as_str())
        });
        let endpoint = || {
            let id = row.endpoints.first()?;
            self.anchors.endpoint(id).map(|(_, anchor)| anchor)
        };
        module.or_else(endpoint).unwrap_or("order")
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
    skipped.sort_by_key(|skipped| Reverse(skipped.count));
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
