//! What changed since an earlier time: another report of the same API, or a list of gaps that were known.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Status;
use crate::route::unnamed;

use super::model::{Coverage, Report};

/// What changed since earlier times.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SinceRow {
    /// How much was implemented at each time, the oldest first; the last is now.
    pub points: Vec<PointRow>,
    /// What changed since the last of the earlier times.
    pub last: Option<LastRow>,
    /// What became of the gaps of a baseline.
    pub baseline: Option<BaselineRow>,
}

/// How much was implemented at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PointRow {
    /// The file that says so; none is now.
    pub name: Option<String>,
    /// When the last request of its captures started, RFC 3339 in UTC.
    pub ended: Option<String>,
    /// How much was implemented: as reported then, or for captures, as the manifest has it today.
    pub coverage: Coverage,
}

/// What changed since one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastRow {
    /// The file that says what was.
    pub name: String,
    /// Endpoints that were not observed then, by id.
    pub new: Vec<String>,
    /// Endpoints that were observed then and are not now.
    pub gone: Vec<GoneRow>,
    /// Endpoints whose status is another now.
    pub changed: Vec<TurnRow>,
    /// Changes by level, as `harcov diff` tells them; absent if only a report was there to compare.
    pub changes: Option<ChangeCounts>,
}

/// An endpoint that is not observed any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GoneRow {
    /// Its id.
    pub endpoint: String,
    /// The status that it had.
    pub status: Status,
}

/// An endpoint whose status is another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TurnRow {
    /// Its id.
    pub endpoint: String,
    /// The status then.
    pub old: Status,
    /// The status now.
    pub new: Status,
}

/// How many changes of the API there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeCounts {
    /// Those that break a client.
    pub breaking: usize,
    /// Those to look at.
    pub warning: usize,
    /// The others.
    pub info: usize,
}

/// What became of known gaps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineRow {
    /// The file of the known gaps.
    pub name: String,
    /// How many gaps it knows.
    pub known: usize,
    /// Endpoints with gaps that it does not know.
    pub new: Vec<String>,
    /// Endpoints whose known gaps are closed.
    pub closed: Vec<String>,
}

/// What of a report is compared. Reports of other versions of harcov have it, too, whatever else they
/// hold.
#[derive(Debug, Clone, Deserialize)]
pub struct Then {
    scope: ThenScope,
    coverage: Coverage,
    endpoints: Vec<ThenEndpoint>,
}

#[derive(Debug, Clone, Deserialize)]
struct ThenScope {
    ended: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct ThenEndpoint {
    id: String,
    status: Status,
    requests: usize,
}

impl From<&Report> for Then {
    fn from(report: &Report) -> Self {
        let endpoints = report.endpoints.iter().map(|row| ThenEndpoint {
            id: row.id.clone(),
            status: row.status,
            requests: row.requests,
        });
        Then {
            scope: ThenScope {
                ended: report.scope.ended.clone(),
            },
            coverage: report.coverage.clone(),
            endpoints: endpoints.collect(),
        }
    }
}

/// An earlier time: what was, and what is where its routes were inferred together with those of then.
#[derive(Debug, Clone)]
pub struct Past {
    /// The file.
    pub name: String,
    /// What was.
    pub old: Then,
    /// What is; none is the report itself.
    pub new: Option<Then>,
    /// How the API changed.
    pub changes: Option<ChangeCounts>,
}

/// Compares earlier times with a report: in the order of their last requests, and else as given.
pub fn since(mut pasts: Vec<Past>, now: &Report, baseline: Option<BaselineRow>) -> SinceRow {
    pasts.sort_by(|a, b| a.old.scope.ended.cmp(&b.old.scope.ended));
    let now = &Then::from(now);
    let point = |name: Option<&String>, report: &Then| PointRow {
        name: name.cloned(),
        ended: report.scope.ended.clone(),
        coverage: report.coverage.clone(),
    };
    let earlier = pasts.iter().map(|past| point(Some(&past.name), &past.old));
    SinceRow {
        points: if pasts.is_empty() {
            Vec::new()
        } else {
            earlier.chain([point(None, now)]).collect()
        },
        last: pasts.last().map(|past| last(past, now)),
        baseline,
    }
}

fn last(past: &Past, now: &Then) -> LastRow {
    let new = observed(past.new.as_ref().unwrap_or(now));
    let old = observed(&past.old);
    let unknown = |key: &&String| !old.contains_key(*key);
    let mut row = LastRow {
        name: past.name.clone(),
        new: new
            .keys()
            .filter(unknown)
            .map(|key| new[key].id.clone())
            .collect(),
        gone: Vec::new(),
        changed: Vec::new(),
        changes: past.changes,
    };
    for (key, before) in &old {
        match new.get(key) {
            None => row.gone.push(GoneRow {
                endpoint: before.id.clone(),
                status: before.status,
            }),
            Some(after) if after.status != before.status => row.changed.push(TurnRow {
                endpoint: after.id.clone(),
                old: before.status,
                new: after.status,
            }),
            Some(_) => {}
        }
    }
    row
}

/// The endpoints that were observed, by their ids without the names of parameters.
fn observed(report: &Then) -> BTreeMap<String, &ThenEndpoint> {
    let rows = report.endpoints.iter().filter(|row| row.requests > 0);
    rows.map(|row| (unnamed(&row.id), row)).collect()
}
