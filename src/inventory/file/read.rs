//! Reading inventories back. They may have been edited, merged or cut off since they were written.

use std::collections::BTreeMap;

use crate::capture::ReadError;
use crate::inventory::evidence::{
    AgainKey, CallEvidence, CallKey, ChangeKey, Evidence, LinkKey, Slot,
};
use crate::inventory::trace::{Event, Trace};
use crate::route::SegmentStats;
use crate::value::keyed::Keyed;

use super::numbers::{MAX_COUNT, wrong_number};
use super::row::{CallRow, FileRow, LinkRow, PartRow, TraceRow};
use super::write::usual;
use super::{SCHEMA, SCHEMA_NAME};

/// Segments of a path that are believed.
const MAX_SEGMENTS: usize = 10_000;

/// What to do about it.
const REMEDY: &str = "write it again with `harcov inventory`";

/// The parts of an inventory.
///
/// # Errors
///
/// Says what is wrong and where, for another version, for what is cut off, and for what no inventory
/// can hold.
pub(in crate::inventory) fn read(text: &str) -> Result<Vec<Evidence>, ReadError> {
    let wrong = |what: String| ReadError::Document(format!("the inventory {what}; {REMEDY}"));
    check_version(text)?;
    let wrong_number = wrong_number(text).map_err(|error| {
        wrong(if error.is_eof() {
            format!("ends within line {}", error.line())
        } else {
            format!("is broken: {error}")
        })
    })?;
    if let Some(what) = wrong_number {
        return Err(wrong(what));
    }
    let file: FileRow =
        serde_json::from_str(text).map_err(|error| wrong(format!("is broken: {error}")))?;
    let parts = file.parts.into_iter().enumerate();
    parts
        .map(|(at, row)| part(row).map_err(|what| wrong(format!("is broken: /parts/{at}{what}"))))
        .collect()
}

/// Refuses versions that this one does not know, before anything else of them is read.
fn check_version(text: &str) -> Result<(), ReadError> {
    let found = text
        .find(SCHEMA_NAME)
        .map(|at| &text[at..])
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default();
    if found == SCHEMA {
        return Ok(());
    }
    let shown: String = found.chars().take(40).collect();
    Err(ReadError::Document(format!(
        "the inventory is of the version `{shown}`, and this harcov reads `{SCHEMA}`; use the harcov that wrote it, or {REMEDY} from the captures"
    )))
}

/// Evidence from its rows; errors begin with where they are.
fn part(row: PartRow) -> Result<Evidence, String> {
    let mut evidence = Evidence {
        skipped: row.skipped,
        ..Evidence::default()
    };
    let mut ids = Vec::with_capacity(row.captures.len());
    for (at, row) in row.captures.into_iter().enumerate() {
        let id = row.capture.id.clone();
        if id.is_empty() || evidence.captures.contains_key(&id) {
            return Err(format!("/captures/{at}: it has no identity of its own"));
        }
        if row
            .hosts
            .values()
            .any(|(requests, _)| i64::try_from(*requests).is_ok_and(|n| n > MAX_COUNT))
        {
            return Err(format!("/captures/{at}/hosts: a number is no count"));
        }
        ids.push(id.clone());
        evidence.captures.insert(id, (row.capture, row.hosts));
    }
    if ids.is_empty() {
        return Err("/captures: there is none".to_owned());
    }
    let mut keys: Vec<CallKey> = Vec::with_capacity(row.calls.len());
    for (at, row) in row.calls.into_iter().enumerate() {
        let key = call(row, &ids, &mut evidence).map_err(|what| format!("/calls/{at}{what}"))?;
        keys.push(key);
    }
    for (at, row) in row.traces.into_iter().enumerate() {
        let id = ids.get(row.capture).cloned();
        let id = id.ok_or_else(|| format!("/traces/{at}/capture: there is no such capture"))?;
        let trace = trace(row, &keys).map_err(|what| format!("/traces/{at}{what}"))?;
        evidence.traces.insert(id, trace);
    }
    let lost = evidence
        .links
        .keys()
        .chain(evidence.likely.keys())
        .find(|link| {
            let known = |key: &CallKey| evidence.calls.contains_key(key);
            !known(&link.from) || !known(&link.to)
        });
    match lost {
        Some(link) => Err(format!(
            "/calls: there is no call `{}`",
            link.from.to_text()
        )),
        None => Ok(evidence),
    }
}

/// A trace, whose calls are positions among `keys`.
fn trace(row: TraceRow, keys: &[CallKey]) -> Result<Trace, String> {
    let call = |at: &usize| {
        let key = keys.get(*at).cloned();
        key.ok_or_else(|| format!("/calls: there is no call {at}"))
    };
    let calls: Vec<CallKey> = row.calls.iter().map(call).collect::<Result<_, _>>()?;
    let known = |event: &Event| (event.call as usize) < calls.len();
    if !row.events.iter().all(known) {
        return Err("/events: there is no such call".to_owned());
    }
    Ok(Trace {
        calls,
        events: row.events,
    })
}

fn call(row: CallRow, ids: &[String], evidence: &mut Evidence) -> Result<CallKey, String> {
    let key = key(&row.call, "/call")?;
    if evidence.calls.contains_key(&key) {
        return Err(format!("/call: `{}` stands twice", row.call));
    }
    let observed = row.observed;
    if observed.requests == 0 {
        return Err("/observed/requests: no request was seen".to_owned());
    }
    let captures = match row.captures {
        None => ids.iter().cloned().collect(),
        Some(positions) => positions
            .into_iter()
            .map(|at| {
                ids.get(at)
                    .cloned()
                    .ok_or_else(|| format!("/captures: there is no capture {at}"))
            })
            .collect::<Result<_, _>>()?,
    };
    let again = &mut evidence.again;
    links(row.sends, "sends", &key, (&mut evidence.links, again))?;
    links(
        row.may_send,
        "may_send",
        &key,
        (&mut evidence.likely, again),
    )?;
    for (at, change) in row.changed_by.into_iter().enumerate() {
        let change_key = ChangeKey {
            read: key.clone(),
            field: change.field,
            from: change.from,
            to: change.to,
            by: self::key(&change.by, &format!("/changed_by/{at}/by"))?,
            back: change.back,
        };
        if evidence.changes.insert(change_key, change.count).is_some() {
            return Err(format!("/changed_by/{at}: it stands twice"));
        }
    }
    for (text, count) in row.strays {
        let slot = Slot::of_text(&text).ok_or_else(|| format!("/strays/{text}: it is no place"))?;
        evidence.strays.insert((key.clone(), slot), count);
    }
    let call = CallEvidence {
        stats: stats(row.segments, key.segments.len())?,
        observed,
        first_party: row.first_party,
        with_page: row.with_page,
        span: row.span,
        captures,
    };
    evidence.calls.insert(key.clone(), call);
    Ok(key)
}

/// Reads the links of the call `to`, which stand under `name`.
fn links(
    rows: Vec<LinkRow>,
    name: &str,
    to: &CallKey,
    (links, again): (
        &mut BTreeMap<LinkKey, usize>,
        &mut BTreeMap<AgainKey, usize>,
    ),
) -> Result<(), String> {
    for (at, link) in rows.into_iter().enumerate() {
        let slot = Slot::of_text(&link.slot)
            .ok_or_else(|| format!("/{name}/{at}/slot: `{}` is none", link.slot))?;
        let link_key = LinkKey {
            from: key(&link.from, &format!("/{name}/{at}/from"))?,
            field: link.field,
            to: to.clone(),
            slot,
        };
        for (text, count) in link.also {
            let before = key(&text, &format!("/{name}/{at}/also"))?;
            let link = link_key.clone();
            again.insert(AgainKey { link, before }, count);
        }
        if links.insert(link_key, link.support).is_some() {
            return Err(format!("/{name}/{at}: it stands twice"));
        }
    }
    Ok(())
}

/// What is known of each segment, in order.
fn stats(
    segments: BTreeMap<usize, SegmentStats>,
    length: usize,
) -> Result<Vec<SegmentStats>, String> {
    if length > MAX_SEGMENTS {
        return Err(format!("/call: a path of {length} segments"));
    }
    let mut stats = vec![usual(); length];
    for (at, known) in segments {
        match stats.get_mut(at) {
            Some(stats) => *stats = known,
            None => return Err(format!("/segments/{at}: the path has no such segment")),
        }
    }
    Ok(stats)
}

fn key(text: &str, place: &str) -> Result<CallKey, String> {
    CallKey::of_text(text).ok_or_else(|| format!("{place}: `{text}` is no call"))
}
