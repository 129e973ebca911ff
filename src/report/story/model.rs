//! The story as data: how the captures use the API.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Status;

use super::super::model::{FindingRow, FlowRow, Report};

/// The value of [`StoryDocument::schema`].
const SCHEMA: &str = "harcov.flow/1";
/// Findings that say nothing of how calls follow each other.
const STILL: [&str; 4] = ["constant", "slash", "twin", "note"];

/// What `harcov flow --format json` writes. A public contract: `harcov schema flow` describes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StoryDocument {
    /// Names this contract and its version.
    pub schema: String,
    /// The language of its texts, as a BCP 47 tag.
    pub lang: String,
    /// The version of harcov that made it.
    pub generator: String,
    /// How the captures use the API.
    #[serde(flatten)]
    pub story: StoryRow,
    /// The declared flows, or the proposed one.
    pub flows: Vec<FlowRow>,
    /// What was found.
    pub findings: Vec<FindingRow>,
}

impl StoryDocument {
    /// What of a report is the story.
    pub fn of(report: Report) -> Self {
        StoryDocument {
            schema: SCHEMA.to_owned(),
            lang: report.lang,
            generator: report.generator,
            story: report.story,
            flows: report.flows,
            findings: report
                .findings
                .into_iter()
                .filter(|finding| !STILL.contains(&finding.kind.as_str()))
                .collect(),
        }
    }
}

/// How the captures use the API. Lists are complete; what a report shows of them is its own affair.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct StoryRow {
    /// Which values of responses later requests send, those that most do first.
    pub edges: Vec<EdgeRow>,
    /// Requests that are made again and again until something changes.
    pub polls: Vec<PollRow>,
    /// Fields whose values changed, as observed; there may be states that no capture shows.
    pub states: Vec<MachineRow>,
    /// Endpoints that are called in several roles, role by role.
    pub variants: Vec<VariantRow>,
    /// The flows that the sessions have in common, step by step.
    pub steps: Vec<RunStepRow>,
    /// Lists that are asked for piece by piece.
    pub pages: Vec<PageRow>,
    /// How requests are authenticated.
    pub auth: AuthRow,
    /// How the API says whether a call went well.
    pub envelopes: Vec<EnvelopeRow>,
}

/// A value that flows from a response into later requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EdgeRow {
    /// What first answers it.
    pub from: EdgeFrom,
    /// What sends it.
    pub to: EdgeTo,
    /// Whether it says who makes the request rather than what it is about.
    pub credential: bool,
    /// How many different values flowed, over all captures.
    pub support: usize,
    /// How many different values were sent there that no response had given.
    pub against: usize,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct EdgeFrom {
    /// The endpoint's id.
    pub endpoint: String,
    /// The response field, header or cookie.
    pub field: String,
    /// Which of them: body, header, cookie.
    #[serde(rename = "in")]
    pub place: String,
}

/// Where a value goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct EdgeTo {
    /// The endpoint's id.
    pub endpoint: String,
    /// The parameter.
    pub field: String,
    /// Where it is sent: path, query, form, multipart, json, header, cookie.
    #[serde(rename = "in")]
    pub place: String,
}

/// A request that is made again and again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PollRow {
    /// The endpoint's id.
    pub endpoint: String,
    /// `poll`, or `long-poll` where the server holds each request until there is news.
    pub kind: String,
    /// Calls of the longest series.
    pub count: usize,
    /// The usual time between them, in milliseconds.
    pub interval_ms: u64,
    /// The response field that changed, if one did.
    pub field: Option<String>,
    /// Its values in the longest series, in order.
    pub values: Vec<String>,
    /// What it was in the end of each series, the most frequent first.
    #[serde(default)]
    pub ends: Vec<EndRow>,
}

/// A value that polls ended with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndRow {
    /// The value.
    pub value: String,
    /// The number of series.
    pub count: usize,
}

/// A field whose value for one and the same thing changed over the captures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MachineRow {
    /// The id of the endpoint that answers it.
    pub endpoint: String,
    /// The response field.
    pub field: String,
    /// Its values that changed, in the order of the changes.
    pub values: Vec<String>,
    /// The changes.
    pub transitions: Vec<ChangeRow>,
    /// Always true: only what captures show is known.
    pub observed_only: bool,
}

/// One change of a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeRow {
    /// Before.
    pub from: String,
    /// After.
    pub to: String,
    /// How often.
    pub count: usize,
    /// The ids of the endpoints that were called in between and may have changed it.
    pub by: Vec<String>,
}

/// One role of an endpoint that is called in several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariantRow {
    /// The endpoint's id.
    pub endpoint: String,
    /// The fields that it sends.
    pub fields: Vec<String>,
    /// The constants among them.
    pub constants: BTreeMap<String, String>,
    /// How far it is implemented.
    pub status: Status,
    /// Requests.
    pub requests: usize,
    /// The fields that not every role of the endpoint sends.
    pub own: Vec<String>,
    /// What the implementation does not send: fields, and constants as `name=value`.
    pub lacking: Vec<String>,
    /// Response fields that not every role's responses have.
    pub response_fields: Vec<String>,
}

/// One step of a flow that the sessions have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunStepRow {
    /// The flow, counted from 1; the first does most.
    pub flow: usize,
    /// The step's place in it, counted from 1.
    pub step: usize,
    /// The endpoint's id.
    pub endpoint: String,
    /// The method and the route without the path that nearly all share.
    pub call: String,
    /// What it does, as configured.
    pub title: Option<String>,
    /// How far it is implemented.
    pub status: Status,
    /// Sessions that have it.
    pub runs: usize,
    /// Sessions of the flow.
    pub of: usize,
    /// The most calls of it in one session.
    pub calls: usize,
    /// Whether it is called more than once in a session.
    pub repeated: bool,
    /// Whether the flow gets on without it.
    pub optional: bool,
    /// Whether the flow begins with it.
    pub entry: bool,
    /// The state that it shows or reaches at the flow's end (`data.status=SUCCESS`); of several, all
    /// (`status=DONE / FAILED`).
    pub reaches: Option<String>,
}

/// How requests are authenticated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuthRow {
    /// Whether anything is known: captures may have been stripped of credentials.
    pub known: bool,
    /// The credentials.
    pub credentials: Vec<CredentialRow>,
    /// The ids of the endpoints that no request to which carried any; empty where nothing is known.
    pub open: Vec<String>,
}

/// One credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CredentialRow {
    /// Its name: a header, `cookie`, or a parameter.
    pub name: String,
    /// Where it is sent.
    #[serde(rename = "in")]
    pub place: String,
    /// Its scheme, where it names one: `bearer`.
    pub scheme: Option<String>,
    /// Whether it signs the request rather than naming its maker.
    pub signature: bool,
    /// What else goes into the signature, as far as names say.
    pub with: Vec<String>,
    /// The response that gave it, where a capture shows it; of several the one that gave it to most
    /// endpoints, or first.
    pub from: Option<EdgeFrom>,
    /// The others, such as one that renews it.
    #[serde(default)]
    pub also_from: Vec<EdgeFrom>,
    /// The ids of the endpoints every request to which carries it.
    pub endpoints: Vec<String>,
    /// The ids of those that some requests to which carry it.
    pub sometimes: Vec<String>,
}

/// How the API says whether a call went well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnvelopeRow {
    /// `code` for fields around the answer, `problem` for RFC 9457, `graphql` for a list of errors,
    /// `json-rpc` for an error in place of a result, `error` for one in place of the data.
    pub kind: String,
    /// Its fields.
    pub fields: Vec<String>,
    /// The fields whose value says so, with the value that means success.
    pub success: BTreeMap<String, String>,
    /// The ids of the endpoints that failed in this way, inside HTTP 200 where it is no `problem`.
    pub failed: Vec<String>,
}

/// A list that is asked for piece by piece.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageRow {
    /// The endpoint's id.
    pub endpoint: String,
    /// How the pieces are told apart: page, offset or cursor.
    pub kind: String,
    /// The parameter that names the piece.
    pub field: String,
    /// Where it is sent.
    #[serde(rename = "in")]
    pub place: String,
    /// The response field that gave it, for a cursor.
    pub from: Option<String>,
    /// The most requests for one list.
    pub count: usize,
}
