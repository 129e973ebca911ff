//! Captures with their truth, read as harcov reads them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use harcov::capture::{Source, read};
use harcov::inventory::{CallEvidence, CallKey, CaptureEvidence, Recordable, Recorder, Rows};
use harcov::route::Sighting;
use harcov::scope::{Filter, Gate};
use harcov::value::Values;
use serde_json::Value;

use crate::Problem;

/// One capture and what is true of it.
pub(crate) struct Labelled {
    /// The description that it was made from.
    pub(crate) spec: String,
    /// How many requests it has: `sparse`, `normal` or `dense`.
    pub(crate) density: String,
    /// What harcov recorded of it.
    pub(crate) evidence: CaptureEvidence,
    /// The entries with a true template.
    pub(crate) entries: Vec<Labelling>,
}

/// One entry and its true template.
pub(crate) struct Labelling {
    /// The call that harcov takes it for; none if harcov says that the entry does not count.
    pub(crate) call: Option<CallKey>,
    pub(crate) method: String,
    pub(crate) template: String,
}

/// Reads all captures with a truth in a directory.
pub(crate) fn read_dir(dir: &Path) -> Result<Vec<Labelled>, Problem> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        names.extend(name.strip_suffix(".truth.json").map(str::to_owned));
    }
    names.sort();
    names.iter().map(|name| read_one(dir, name)).collect()
}

fn read_one(dir: &Path, name: &str) -> Result<Labelled, Problem> {
    let path = dir.join(format!("{name}.truth.json"));
    let truth: Value = serde_json::from_slice(&fs::read(&path)?)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let (filter, values) = (Filter::default(), Values::new());
    let gate = Gate::new(&filter, &values);
    let mut recorder = Recorder::new(filter.limits, &filter.privacy);
    let source = Source::file(dir.join(format!("{name}.har")));
    let capture = read(source, &mut |_| (), &mut |entry| {
        recorder.add(&Recordable::new(&entry, &gate, Rows::All));
    })?;
    let (evidence, rows) = recorder.finish(capture);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut calls: BTreeMap<usize, CallKey> = rows
        .into_iter()
        .filter_map(|row| Some((row.index, row.outcome.ok()?)))
        .collect();
    let entries = truth["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(_, entry)| entry["template"].is_string())
        .map(|(index, entry)| Labelling {
            call: calls.remove(&index),
            method: text(&entry["method"]),
            template: text(&entry["template"]),
        })
        .collect();
    Ok(Labelled {
        spec: text(&truth["spec"]),
        density: text(&truth["density"]),
        evidence,
        entries,
    })
}

/// The evidence of one call, as inference takes it.
pub(crate) fn sighting<'a>(key: &'a CallKey, call: &'a CallEvidence) -> Sighting<'a> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let observed = &call.observed;
    Sighting {
        method: &key.method,
        host: &key.host,
        segments: &key.segments,
        operation: key.operation.as_ref(),
        slashed: count(observed.slashed),
        requests: count(observed.requests),
        stats: &call.stats,
        params: observed
            .params
            .keys()
            .map(|(place, name)| (*place, name.as_str()))
            .collect(),
        fields: observed.fields.keys().map(String::as_str).collect(),
        statuses: observed.statuses.keys().copied().collect(),
    }
}
