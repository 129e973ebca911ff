//! The inventory: all endpoints of some captures with what was observed of each.
//!
//! [`Recorder`] takes the exchanges of one capture and gives its [`Evidence`]; evidence of several
//! captures merges; [`Inventory::build`] infers the routes from the merged evidence and folds it
//! into endpoints. Evidence holds no conclusions, so analysing captures together and merging what
//! was recorded of each agree by construction.

mod answers;
mod build;
mod causes;
mod collect;
mod counts;
mod crowd;
mod disclose;
mod embedded;
mod evidence;
mod file;
mod flows;
mod judge;
mod labels;
mod lately;
mod lineage;
mod manner;
mod moment;
mod names;
mod observed;
mod paging;
mod parts;
mod poll;
mod polls;
mod recorder;
mod roles;
mod room;
mod series;
mod short;
mod shown;
mod side;
mod sources;
mod spread;
mod tally;
mod things;
mod trace;
mod waits;
mod writes;

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::Capture;
use crate::route::{Route, Template};
use crate::scope::{Operation, Place, Skip, is_credential};
use crate::value::Kind;

pub use collect::{Collected, Failed, collect};
pub use disclose::Known;
pub use evidence::{
    AgainKey, CallEvidence, CallKey, CaptureEvidence, ChangeKey, Evidence, HostTraffic, LinkKey,
    Slot,
};
pub use file::{SCHEMA, schema, write};
pub use observed::{
    FieldUse, Observed, ParamUse, Span, Transitions, ValueCounts, changes_in_order, values_in_order,
};
pub use paging::{PageKind, PageUse, Paging, is_paging_name, is_weak_paging_name};
pub use parts::{Overlap, Parts};
pub use poll::Poll;
pub use polls::Repeats;
pub use recorder::{EntryRow, Recordable, Recorder, Rows};
pub use roles::{RoleKey, RoleUse, Roles};
pub use series::is_volatile;
pub use trace::{Event, Trace};

/// All endpoints of some captures.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// The captures, by name.
    pub captures: Vec<CaptureSummary>,
    /// Entries that do not count, by reason.
    pub skipped: BTreeMap<Skip, usize>,
    /// Every host with traffic that is not noise, by name, with its requests and why it does not count.
    pub hosts: Vec<HostSummary>,
    /// The routes of the hosts that count, with the evidence for each.
    pub routes: Vec<Route>,
    /// The endpoints, by route, method and host.
    pub endpoints: Vec<Endpoint>,
    /// Which values flow from responses into later requests.
    pub links: Vec<Link>,
    /// Which calls came before states changed.
    pub changes: Vec<Change>,
    /// What happened in each session of each capture, in order.
    pub sessions: Vec<Session>,
    /// Captures whose sessions are known; fewer than there are only if there are very many.
    pub traced: usize,
    /// The endpoint of each call that counts.
    calls: BTreeMap<CallKey, usize>,
}

/// One capture and what of it counts.
#[derive(Debug, Clone)]
pub struct CaptureSummary {
    /// What the reader says of it.
    pub capture: Capture,
    /// Entries that count.
    pub in_scope: usize,
    /// When its requests that count started, first and last, in microseconds since 1970 UTC.
    pub span: Span,
}

/// One host with traffic that is not noise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSummary {
    /// The host.
    pub host: String,
    /// Its requests, noise apart.
    pub requests: usize,
    /// Why they do not count, if they do not.
    pub skip: Option<Skip>,
}

/// A method on a route at a host, or one operation behind it, with what was observed of it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Stable name: method and route, with the operation, and the host where two hosts share it.
    pub id: String,
    /// The HTTP method.
    pub method: String,
    /// The host.
    pub host: String,
    /// The route's template.
    pub route: Template,
    /// The route with its evidence: a position in [`Inventory::routes`].
    pub inferred: usize,
    /// The operation, where the route serves several.
    pub operation: Option<Operation>,
    /// The kinds of the values of each path parameter, in the route's order.
    pub path_kinds: Vec<BTreeSet<Kind>>,
    /// What was observed.
    pub observed: Observed,
    /// The captures that it was seen in: positions in [`Inventory::captures`].
    pub captures: Vec<usize>,
}

/// What one user did at one host without a long pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The capture: a position in [`Inventory::captures`].
    pub capture: usize,
    /// What was called, in order: positions in [`Inventory::endpoints`], and how often in a row.
    pub calls: Vec<SessionCall>,
}

/// One call of a session, or several in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCall {
    /// The endpoint: a position in [`Inventory::endpoints`].
    pub endpoint: usize,
    /// How often in a row.
    pub times: usize,
    /// When it was first made, in milliseconds since the capture's first call.
    pub after_ms: u64,
}

/// A value of one endpoint's response that a later request of another one sends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The endpoint that answered it: a position in [`Inventory::endpoints`].
    pub from: usize,
    /// The response field.
    pub field: String,
    /// The endpoint that sends it.
    pub to: usize,
    /// Where it is sent.
    pub place: Place,
    /// The parameter.
    pub param: String,
    /// How many distinct values flowed.
    pub support: usize,
    /// How many distinct values were sent there that no response had given.
    pub against: usize,
}

/// A call that came before a state changed, and may have changed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The endpoint that showed the state: a position in [`Inventory::endpoints`].
    pub read: usize,
    /// The response field.
    pub field: String,
    /// Before and after.
    pub values: (String, String),
    /// How many calls back before the first value was read; 0 if it was made in between.
    pub back: usize,
    /// The endpoint that was called.
    pub by: usize,
}

impl Link {
    /// Whether what flows says who makes the request rather than what it is about.
    pub fn is_credential(&self) -> bool {
        is_credential(self.place, &self.param)
    }
}
