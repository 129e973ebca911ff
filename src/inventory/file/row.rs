//! The form of the file: rows, as serde reads and writes them. The comments here are the descriptions
//! of the JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::capture::Capture;
use crate::inventory::{Event, Observed, Slot, Span};
use crate::route::SegmentStats;
use crate::scope::{Place, Skip};
use crate::value::keyed::Keyed;

/// What captures show of an API, without any value: evidence, from which routes are inferred whenever
/// it is read. It can be given wherever a capture is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "harcov inventory")]
pub(super) struct FileRow {
    /// Names this contract and its version: `harcov.inventory/1`. The first key.
    #[expect(dead_code, reason = "looked at before the rest is read")]
    pub(super) schema: String,
    /// Evidence of one capture, or of several that were summed up, in the order of names.
    pub(super) parts: Vec<PartRow>,
}

/// Evidence of one capture, or of several that were summed up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Part")]
pub(super) struct PartRow {
    /// The captures.
    pub(super) captures: Vec<CaptureRow>,
    /// Entries that do not count, by reason.
    #[serde(default)]
    pub(super) skipped: BTreeMap<Skip, usize>,
    /// Each distinct call with what was observed of it.
    pub(super) calls: Vec<CallRow>,
    /// In which order the calls of the captures were made; of very many captures, of a sample of them.
    #[serde(default)]
    pub(super) traces: Vec<TraceRow>,
}

/// One capture.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CaptureWithHosts")]
pub(super) struct CaptureRow {
    /// What the reader says of it.
    pub(super) capture: Capture,
    /// For each host how many requests were made to it, and when the first and last started, in
    /// microseconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) hosts: BTreeMap<String, (usize, Span)>,
}

/// In which order the calls of one capture were made.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Trace")]
pub(super) struct TraceRow {
    /// The capture, by position from 0.
    pub(super) capture: usize,
    /// The calls, by position from 0 among those of the part.
    pub(super) calls: Vec<usize>,
    /// What happened, in order: the call by position in `calls`, the session counted from 0, how often
    /// in a row, and when first, in milliseconds since the first call of the capture.
    pub(super) events: Vec<Event>,
}

/// One distinct call.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Call")]
pub(super) struct CallRow {
    /// Method, host and path (`POST api.example.com/orders/<integer>/pay`), with the protocol and name
    /// of an operation behind them. In the path, `<integer>` is a value of that shape, and braces hold
    /// text between values.
    pub(super) call: String,
    /// Captures of the part that it was seen in, by position from 0; all of them if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) captures: Option<Vec<usize>>,
    /// When its first and last request started, in microseconds since 1970 UTC.
    pub(super) span: Span,
    /// Requests by pages of the same site.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) first_party: usize,
    /// Requests of which the page is known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) with_page: usize,
    /// What was observed of it.
    pub(super) observed: Observed,
    /// What is known of the values of its path, by position of the segment from 0; one value and no
    /// more where nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<usize, StatsSchema>")]
    pub(super) segments: BTreeMap<usize, SegmentStats>,
    /// Values that earlier responses gave and that it sends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sends: Vec<LinkRow>,
    /// Short ids in its path that earlier responses may have given; whether they did, the names in
    /// routes say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) may_send: Vec<LinkRow>,
    /// What may have changed the states that it showed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) changed_by: Vec<ChangeRow>,
    /// For each place how many distinct values it sent that no response had given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) strays: BTreeMap<String, usize>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A value that a response gave and a later request sends.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Link")]
pub(super) struct LinkRow {
    /// Where it is sent: `query order_id`, or `segment 3` of the path, counted from 0.
    pub(super) slot: String,
    /// The response field.
    pub(super) field: String,
    /// The call that answered it.
    pub(super) from: String,
    /// How many distinct values flowed.
    pub(super) support: usize,
    /// Other calls of the same form that send some of them, too, with how many: if both turn out to be
    /// one endpoint, these are not counted twice.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) also: BTreeMap<String, usize>,
}

impl Keyed for Slot {
    fn to_text(&self) -> String {
        match self {
            Slot::Segment(position) => format!("segment {position}"),
            Slot::Param(place, name) => (*place, name.clone()).to_text(),
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        if let Some(position) = text.strip_prefix("segment ") {
            return Some(Slot::Segment(position.parse().ok()?));
        }
        let (place, name) = <(Place, String)>::of_text(text)?;
        Some(Slot::Param(place, name))
    }
}

/// What is known of the values of one segment.
#[derive(JsonSchema)]
#[schemars(rename = "SegmentStats")]
#[expect(dead_code, reason = "only described")]
struct StatsSchema {
    /// How many distinct values were seen, up to a limit.
    distinct: u32,
    /// Where they were seen elsewhere (`response data.id`, `request query id`, `echo id`), with the
    /// number of requests.
    origins: Option<BTreeMap<String, u32>>,
    /// The same for the pieces of a segment with several.
    parts: Option<Vec<BTreeMap<String, u32>>>,
}

/// The JSON Schema of inventory files.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(FileRow)
}

/// A call that came before a state changed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRow {
    /// The response field.
    pub(super) field: String,
    /// Its value before.
    pub(super) from: String,
    /// Its value after.
    pub(super) to: String,
    /// The call, as its row has it.
    pub(super) by: String,
    /// How many calls back before the first value was read; 0 if it was made in between.
    #[serde(default)]
    pub(super) back: usize,
    /// How often.
    pub(super) count: usize,
}
