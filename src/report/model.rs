//! The report as data: everything that any format shows, in order, with every text in its language.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{Level, Status};

use super::since::SinceRow;
use super::story::StoryRow;

/// The value of [`Report::schema`].
pub const SCHEMA: &str = "harcov.report/1";

/// A gap report. Its JSON form is a public contract: `harcov schema report` describes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Names this contract and its version.
    pub schema: String,
    /// The title.
    pub title: String,
    /// The language of its texts, as a BCP 47 tag.
    pub lang: String,
    /// The version of harcov that made it.
    pub generator: String,
    /// A paragraph for the overview, in Markdown, as configured.
    pub overview: Option<String>,
    /// The captures that were read, by name.
    pub captures: Vec<CaptureRow>,
    /// What counted and what did not.
    pub scope: ScopeSummary,
    /// How much is implemented.
    pub coverage: Coverage,
    /// The groups, in report order.
    pub groups: Vec<GroupRow>,
    /// How much is implemented of what is of high, medium and low importance.
    pub priorities: Vec<PriorityShare>,
    /// The endpoints, by group, status and route.
    pub endpoints: Vec<EndpointRow>,
    /// What is to be done about endpoints, the most important first.
    pub gaps: Vec<GapRow>,
    /// What changed since earlier times, if they were named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<SinceRow>,
    /// The captures against descriptions of the API, if there are any among the manifests.
    pub against: Option<Against>,
    /// The flows, declared or discovered.
    pub flows: Vec<FlowRow>,
    /// How the captures use the API.
    #[serde(default)]
    pub story: StoryRow,
    /// The modules, in report order.
    pub modules: Vec<ModuleRow>,
    /// What was found.
    pub findings: Vec<FindingRow>,
    /// What to build first.
    pub recommendations: Recommendations,
    /// The summary, a paragraph each, in Markdown.
    pub summary: Vec<String>,
    /// What the reader can do next, in Markdown; empty when nothing is in the way.
    pub hints: Vec<String>,
}

/// One capture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CaptureRow {
    /// Its name, as given.
    pub name: String,
    /// The program that wrote it.
    pub creator: Option<String>,
    /// Entries in the file.
    pub entries: usize,
    /// Entries that count.
    pub in_scope: usize,
    /// When its first request started, RFC 3339 in UTC.
    pub started: Option<String>,
    /// When its last request started, RFC 3339 in UTC.
    pub ended: Option<String>,
    /// What could not be read, a sentence each.
    pub problems: Vec<String>,
}

/// What counted and what did not.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScopeSummary {
    /// Entries in all captures.
    pub entries: usize,
    /// Entries that count.
    pub in_scope: usize,
    /// Entries that do not, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// The API's hosts.
    pub hosts: Vec<HostRow>,
    /// When the first request that counts started, RFC 3339 in UTC.
    pub started: Option<String>,
    /// When the last request that counts started, RFC 3339 in UTC.
    pub ended: Option<String>,
}

/// One host with API traffic.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct HostRow {
    /// The host.
    pub host: String,
    /// Whether it counts.
    pub in_scope: bool,
    /// Its requests.
    pub requests: usize,
}

/// How much is implemented, always with the denominator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Counted over observed endpoints.
    pub endpoints: Share,
    /// Counted over requests.
    pub requests: Share,
}

/// Counts by status; excluded and unobserved ones are not in `total`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// Implemented.
    pub implemented: usize,
    /// Partial.
    pub partial: usize,
    /// Missing.
    pub missing: usize,
    /// Unknown.
    pub unknown: usize,
    /// Excluded by decision.
    pub excluded: usize,
    /// The denominator: implemented, partial, missing and unknown.
    pub total: usize,
    /// Implemented of total, in percent, one decimal; absent if total is 0.
    pub percent: Option<f64>,
}

/// One group.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GroupRow {
    /// The name that rules use.
    pub name: String,
    /// The heading.
    pub title: String,
    /// Requests.
    pub requests: usize,
    /// Endpoints observed.
    pub endpoints: usize,
    /// How much is implemented.
    pub coverage: Coverage,
}

/// How much is implemented of one level of importance.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PriorityShare {
    /// The priority that the endpoints would have if they were missing.
    pub level: Level,
    /// How much of them is implemented.
    pub coverage: Coverage,
}

/// One endpoint.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct EndpointRow {
    /// Stable name: method and route, with the operation and, where needed, the host.
    pub id: String,
    /// Twelve hexadecimal digits that stand for the id where it is too long.
    pub fingerprint: String,
    /// The HTTP method.
    pub method: String,
    /// The host; empty for a manifest entry that was not observed and names none.
    pub host: String,
    /// The route template in the configured style.
    pub route: String,
    /// The operation, where the route serves several.
    pub operation: Option<String>,
    /// What it does, as configured.
    pub title: Option<String>,
    /// The group's name.
    pub group: String,
    /// The rule that put it there: its place in the config and what it says.
    pub rule: Option<String>,
    /// How far it is implemented.
    pub status: Status,
    /// Why.
    pub reasons: Vec<String>,
    /// How urgent it is.
    pub priority: PriorityRow,
    /// How many requests were seen.
    pub requests: usize,
    /// Positions of the first and the last request among the entries, from 1.
    pub positions: Option<(usize, usize)>,
    /// Parameters, by place and first appearance.
    pub params: Vec<ParamRow>,
    /// Values of its discriminators, one by one.
    pub splits: Vec<SplitRow>,
    /// Fields of its JSON responses, in order of the path.
    pub response_fields: Vec<FieldRow>,
    /// HTTP statuses.
    pub http_statuses: Vec<CountRow>,
    /// Business codes inside the response (`sub=0`), with counts.
    pub business_codes: Vec<CodeRow>,
    /// State fields and how they changed.
    pub states: Vec<StateRow>,
    /// Where it is implemented, as the manifest says (`file:line`).
    pub evidence: Vec<String>,
    /// The manifest entry that is about it.
    pub manifest: Option<PlaceRow>,
    /// The manifest's remark, in Markdown.
    pub note: Option<String>,
    /// For an excluded one: the reason, date and reference.
    pub exclusion: Option<Exclusion>,
    /// Captures that it was seen in.
    pub captures: Vec<String>,
}

/// Why an endpoint is left out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Exclusion {
    /// The reason, in Markdown.
    pub reason: Option<String>,
    /// When it was decided.
    pub date: Option<String>,
    /// The last day on which it holds.
    pub until: Option<String>,
    /// The reference.
    pub reference: Option<String>,
}

/// A priority with its reasons.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PriorityRow {
    /// The level.
    pub level: Level,
    /// The level that it would have if it were missing.
    pub importance: Level,
    /// Why, a clause each.
    pub reasons: Vec<String>,
}

/// What is to be done about an endpoint, or a rule of the gate that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapRow {
    /// What it is: `endpoint-new`, `endpoint-missing`, `endpoint-partial`, `endpoint-unknown`,
    /// `endpoint-unobserved`; from `harcov check` also `exclusion-expired`, `coverage-low`,
    /// `missing-many`, `report-stale`.
    pub code: String,
    /// How bad it is.
    pub level: GapLevel,
    /// How urgent it is.
    pub priority: Level,
    /// The endpoint's id.
    pub endpoint: Option<String>,
    /// The parameters (`card_id`) and values (`pay_type=ALIPAY`) that the manifest does not list;
    /// for a rule of the gate, what it is about.
    pub subjects: Vec<String>,
    /// Twelve hexadecimal digits made of code and endpoint: the same in every language, and as long
    /// as the gap is there.
    pub fingerprint: String,
    /// A heading for everything that has this code.
    pub title: String,
    /// What is the matter, in Markdown.
    pub text: String,
    /// What to do about it, in Markdown.
    pub remedy: String,
    /// The line to look at: the manifest's entry, else the top of the manifest or the configuration.
    pub place: Option<PlaceRow>,
}

/// How bad a gap is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum GapLevel {
    /// Something has to be built or decided.
    Error,
    /// Something that is there does not do everything.
    Warning,
    /// Good to know.
    Note,
}

/// The captures against descriptions of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Against {
    /// The descriptions.
    pub descriptions: Vec<DescriptionRow>,
    /// What was seen and is not described.
    pub shadow: Vec<ShadowRow>,
    /// What is described and was not seen.
    pub unobserved: Vec<UnobservedRow>,
    /// Where what was seen differs from what is described.
    pub mismatches: Vec<MismatchRow>,
    /// What was seen and is described as deprecated.
    pub deprecated: Vec<UnobservedRow>,
}

/// A description of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DescriptionRow {
    /// The file.
    pub file: String,
    /// What kind of file it is: `OpenAPI 3.1.0`.
    pub format: String,
    /// The API's title.
    pub title: String,
    /// How many operations it has.
    pub operations: usize,
    /// How many of them were seen.
    pub observed: usize,
}

/// An endpoint that was seen and is not described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShadowRow {
    /// The endpoint's id.
    pub endpoint: String,
    /// What is not described: `route`, or `method` where the route is described with others.
    pub kind: String,
    /// How many requests were seen.
    pub requests: usize,
    /// The methods that the route is described with.
    pub described: Vec<String>,
    /// What is described of a route that is most like it, where the route itself is not.
    #[serde(default)]
    pub nearest: Option<String>,
    /// The line of the route if it is described, else of the one that is most like it.
    pub place: Option<PlaceRow>,
}

/// An endpoint that is described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnobservedRow {
    /// The endpoint's id.
    pub endpoint: String,
    /// What it does, as described.
    pub title: Option<String>,
    /// How many requests were seen.
    pub requests: usize,
    /// The line of the description.
    pub place: PlaceRow,
}

/// A difference between what was seen of an endpoint and what is described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MismatchRow {
    /// The endpoint's id.
    pub endpoint: String,
    /// What kind it is: `param`, `param-value`, `param-type`, `param-required`, `status`, `field`,
    /// `field-value`, `field-type` or `field-required`; those that end in no more are about what is
    /// not described at all.
    pub kind: String,
    /// What it is about: parameters (`card_id`), values (`pay_type=ALIPAY`), statuses, fields.
    pub subjects: Vec<String>,
    /// The same as a clause, in Markdown.
    pub text: String,
    /// The line of the description: of what is described otherwise, else of the operation.
    pub place: PlaceRow,
}

/// A line of a file of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceRow {
    /// The file, relative to the folder of the configuration, with `/` between folders.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ParamRow {
    /// Its name.
    pub name: String,
    /// Where it is sent: path, query, form, multipart, json, header.
    #[serde(rename = "in")]
    pub place: String,
    /// Its type or types.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether every request sent it.
    pub required: bool,
    /// Its values, if it has few and they are constants.
    pub values: Vec<String>,
}

/// The values of a discriminator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SplitRow {
    /// The parameter.
    pub param: String,
    /// Its values.
    pub values: Vec<SplitValue>,
}

/// One value of a discriminator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SplitValue {
    /// The value.
    pub value: String,
    /// What it means, as configured.
    pub title: Option<String>,
    /// Requests with it.
    pub requests: usize,
    /// Whether the implementation sends it.
    pub status: Status,
}

/// One response field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldRow {
    /// The JSON path: `data.list[].id`.
    pub path: String,
    /// Its type or types.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether every JSON response held it.
    pub required: bool,
    /// Its values, if it has few and they are constants.
    pub values: Vec<String>,
}

/// A value with a count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountRow {
    /// The value.
    pub value: String,
    /// How often.
    pub count: usize,
}

/// A business code: what the API says about success inside the response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CodeRow {
    /// The field's path.
    pub field: String,
    /// Its value.
    pub value: String,
    /// How often.
    pub count: usize,
    /// Whether it means success, as far as the capture shows.
    pub ok: bool,
}

/// A field whose constants changed over the capture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateRow {
    /// The field's path.
    pub field: String,
    /// The values in order of first appearance.
    pub values: Vec<String>,
    /// The changes.
    pub transitions: Vec<TransitionRow>,
}

/// One change of a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TransitionRow {
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
    /// How often.
    pub count: usize,
}

/// One flow.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FlowRow {
    /// Its name.
    pub name: String,
    /// What it does, in Markdown.
    pub summary: Option<String>,
    /// Whether it was proposed from the capture.
    pub proposed: bool,
    /// The steps.
    pub steps: Vec<StepRow>,
}

/// One step of a flow.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StepRow {
    /// What happens.
    pub title: String,
    /// The endpoint's id; absent for a step of the user, or one that matches nothing.
    pub endpoint: Option<String>,
    /// How the call is written in the flow: `POST …/order/price/?type=A`.
    pub call: Option<String>,
    /// How far it is implemented; absent for a step of the user.
    pub status: Option<Status>,
    /// Whether it was seen in a capture.
    pub observed: bool,
}

/// One module.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ModuleRow {
    /// Its name.
    pub name: String,
    /// What it is for, in Markdown.
    pub summary: Option<String>,
    /// Whether it was proposed from the capture.
    pub proposed: bool,
    /// How far it is implemented.
    pub status: Status,
    /// How many of its endpoints are missing.
    pub missing: usize,
    /// How urgent it is.
    pub priority: Level,
    /// Why.
    pub priority_reasons: Vec<String>,
    /// The ids of its endpoints.
    pub endpoints: Vec<String>,
    /// The parameters of its endpoints, path parameters apart.
    pub params: Vec<ParamRow>,
    /// The response fields of its endpoints, without those that every response of the API has.
    pub response_fields: Vec<FieldRow>,
    /// The states that its endpoints showed.
    pub states: Vec<StateRow>,
}

/// One finding.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FindingRow {
    /// What kind it is: `several-jobs`, `variant`, `lineage`, `polling`, `state`, `retry`, `duplicate`,
    /// `pagination`, `fan-out`, `unused`, `business-error`, `constant`, `twin`, `slash`, `sampled`, `note`.
    pub kind: String,
    /// A heading.
    pub title: String,
    /// The endpoint's id.
    pub endpoint: Option<String>,
    /// The text, in Markdown.
    pub text: String,
}

/// What to build first.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct Recommendations {
    /// Build these first.
    pub high: Vec<Recommendation>,
    /// Then these.
    pub medium: Vec<Recommendation>,
    /// Optional.
    pub low: Vec<Recommendation>,
}

/// One thing to build: a module, or an endpoint that no module has.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// The module's name, or the endpoint's title or route.
    pub title: String,
    /// The module's name, if it is one.
    pub module: Option<String>,
    /// How far it is implemented.
    pub status: Status,
    /// The ids of the endpoints to build.
    pub endpoints: Vec<String>,
    /// Why.
    pub reasons: Vec<String>,
}
