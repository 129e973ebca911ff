//! Evidence in source code that endpoints are implemented, as client or as server.
//!
//! [`scan`] looks for known routes, not for whatever looks like an address: one pass over all files
//! finds those that hold a text of a route, and only these are parsed. String expressions are folded
//! to patterns, compared with the routes, and the method is read from the code around.

mod asides;
mod candidates;
mod claims;
mod classes;
mod custom;
mod declared;
mod doubts;
mod facts;
mod feeds;
mod fold;
mod front;
mod grammar;
mod idioms;
mod imports;
mod joins;
mod language;
mod literals;
mod lower;
mod modules;
mod mounts;
mod params;
mod pattern;
mod request;
mod resources;
mod routers;
mod scope;
mod search;
mod stores;
mod syntax;
mod target;
mod unify;
mod verbs;
mod views;
mod walk;
mod weigh;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::config::{CallPattern, Status};

pub use claims::SHOWN;
pub use language::languages;
pub use search::scan;
pub use target::Target;
pub use walk::LeftOut;

/// Where to look, and what to know.
#[derive(Debug, Clone, Default)]
pub struct ScanOptions {
    /// Files and folders.
    pub sources: Vec<PathBuf>,
    /// The folder that names of files are relative to in what is found.
    pub root: PathBuf,
    /// Calls of house wrappers.
    pub calls: Vec<CallPattern>,
}

/// What a scan found.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The endpoints that were looked for, in their order.
    pub endpoints: Vec<EndpointScan>,
    /// Files in languages that are read.
    pub files: usize,
    /// Their lines.
    pub lines: usize,
    /// Files that hold a text of a route and were parsed.
    pub parsed: usize,
    /// What was left out, by reason: files, and folders with a slash at the end.
    pub left_out: BTreeMap<LeftOut, Vec<String>>,
    /// Parsed files whose syntax is broken somewhere; the rest of them was read.
    pub broken: Vec<String>,
    /// Files of which something was left out because it is nested too deeply.
    pub too_deep: Vec<String>,
    /// Files of which something was left out because names in them lead to too many others.
    pub cut: Vec<String>,
}

/// One endpoint with the evidence for it.
#[derive(Debug, Clone)]
pub struct EndpointScan {
    /// The endpoint.
    pub target: Target,
    /// Implemented, partial, unknown or missing.
    pub status: Status,
    /// The parameters that the source sends, if it spells out all of them.
    pub params: Option<Vec<String>>,
    /// Parameters that were seen or described and that the source does not send.
    pub beyond: Vec<String>,
    /// The evidence, the best first.
    pub evidence: Vec<Evidence>,
}

/// A place in the source that speaks for an endpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The function around it.
    pub function: Option<String>,
    /// What agrees.
    pub kind: EvidenceKind,
    /// How sure it makes, from 0 to 1.
    pub confidence: f64,
}

/// What of an endpoint a place in the source agrees with; the better, the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EvidenceKind {
    /// Method and path.
    Exact,
    /// The path; nothing says the method.
    Path,
    /// The end of the path; several routes may be meant.
    Suffix,
    /// A test calls it.
    Test,
    /// A comment or message speaks of it.
    Comment,
}

impl EvidenceKind {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            EvidenceKind::Exact => "exact",
            EvidenceKind::Path => "path",
            EvidenceKind::Suffix => "suffix",
            EvidenceKind::Test => "test",
            EvidenceKind::Comment => "comment",
        }
    }
}

impl Evidence {
    /// `file:line`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }

    /// The best first; what is equal by place.
    fn order(&self, other: &Evidence) -> Ordering {
        self.kind
            .cmp(&other.kind)
            .then(other.confidence.total_cmp(&self.confidence))
            .then_with(|| self.file.cmp(&other.file))
            .then(self.line.cmp(&other.line))
    }
}
