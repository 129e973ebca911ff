//! Writing inventories.

use std::collections::BTreeMap;

use foldhash::HashMap;
use serde::Serialize;

use crate::inventory::disclose::{Known, disclose};
use crate::inventory::evidence::{AgainKey, CallEvidence, CallKey, Evidence, LinkKey};
use crate::inventory::parts::{Overlap, Parts};
use crate::inventory::trace::Trace;
use crate::route::SegmentStats;
use crate::value::escape_controls;
use crate::value::keyed::Keyed as _;

use super::SCHEMA;
use super::row::{CallRow, CaptureRow, ChangeRow, LinkRow, TraceRow};

/// The text of an inventory of everything in `parts`; `fold` sums all of them up into one part.
///
/// Nothing is in it that a report of the single capture could not show, and the same parts give the
/// same text, in whatever order they were added.
///
/// # Errors
///
/// Two sums share some captures and not others.
pub fn write(parts: Parts, known: &Known, fold: bool) -> Result<String, Overlap> {
    let settled = parts.settle()?.into_iter().map(|(evidence, written)| {
        if written {
            evidence
        } else {
            disclose(&evidence, known)
        }
    });
    let parts: Vec<Evidence> = if fold {
        let sum = settled.reduce(|mut sum, part| {
            sum.merge(part);
            sum
        });
        sum.into_iter().collect()
    } else {
        settled.collect()
    };
    let texts: Vec<String> = parts.iter().map(part_text).collect();
    Ok(escape_controls(&format!(
        "{{\n\"schema\": \"{SCHEMA}\",\n\"parts\": {}\n}}\n",
        lines(&texts)
    )))
}

/// The text of one part, a line for each capture and each call.
pub(in crate::inventory) fn part_text(evidence: &Evidence) -> String {
    let Evidence {
        captures,
        calls,
        links,
        strays,
        likely,
        again,
        changes,
        traces,
        skipped,
        words: _,
    } = evidence;
    let mut order: Vec<&String> = captures.keys().collect();
    order.sort_by_key(|id| (captures.get(*id).map(|(capture, _)| &capture.name), *id));
    let capture_rows: Vec<String> = order
        .iter()
        .filter_map(|id| captures.get(*id))
        .map(|(capture, hosts)| {
            json(&CaptureRow {
                capture: capture.clone(),
                hosts: hosts.clone(),
            })
        })
        .collect();
    let mut also: Also<'_> = BTreeMap::new();
    for (AgainKey { link, before }, count) in again {
        also.entry(link)
            .or_default()
            .insert(before.to_text(), *count);
    }
    let (mut sends, mut may_send) = (incoming(links, &also), incoming(likely, &also));
    let mut stray: BTreeMap<&CallKey, BTreeMap<String, usize>> = BTreeMap::new();
    for ((key, slot), count) in strays {
        stray.entry(key).or_default().insert(slot.to_text(), *count);
    }
    let mut changed_by: BTreeMap<&CallKey, Vec<ChangeRow>> = BTreeMap::new();
    for (change, count) in changes {
        changed_by.entry(&change.read).or_default().push(ChangeRow {
            field: change.field.clone(),
            from: change.from.clone(),
            to: change.to.clone(),
            by: change.by.to_text(),
            back: change.back,
            count: *count,
        });
    }
    let places: HashMap<&String, usize> =
        order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut sorted: Vec<(String, &CallKey, &CallEvidence)> = calls
        .iter()
        .map(|(key, call)| (key.to_text(), key, call))
        .collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    // One row at a time: each holds a copy of what was observed.
    let call_rows: Vec<String> = sorted
        .iter()
        .map(|(text, key, call)| {
            json(&CallRow {
                sends: sends.remove(key).unwrap_or_default(),
                may_send: may_send.remove(key).unwrap_or_default(),
                strays: stray.remove(key).unwrap_or_default(),
                changed_by: changed_by.remove(key).unwrap_or_default(),
                ..row(text, call, &places)
            })
        })
        .collect();
    let trace_rows: Vec<String> = order
        .iter()
        .enumerate()
        .filter_map(|(capture, id)| Some(trace(capture, traces.get(*id)?, &sorted)))
        .collect();
    format!(
        "{{\n\"captures\": {},\n\"skipped\": {},\n\"calls\": {},\n\"traces\": {}\n}}",
        lines(&capture_rows),
        json(skipped),
        lines(&call_rows),
        lines(&trace_rows),
    )
}

/// For each link the calls that send some of its values, too.
type Also<'a> = BTreeMap<&'a LinkKey, BTreeMap<String, usize>>;

/// The links by the call that sends, in order.
fn incoming<'a>(
    links: &'a BTreeMap<LinkKey, usize>,
    also: &Also<'_>,
) -> BTreeMap<&'a CallKey, Vec<LinkRow>> {
    let mut incoming: BTreeMap<&CallKey, Vec<LinkRow>> = BTreeMap::new();
    for (link, support) in links {
        incoming.entry(&link.to).or_default().push(LinkRow {
            slot: link.slot.to_text(),
            field: link.field.clone(),
            from: link.from.to_text(),
            support: *support,
            also: also.get(link).cloned().unwrap_or_default(),
        });
    }
    for links in incoming.values_mut() {
        links.sort_by(|a, b| (&a.slot, &a.field, &a.from).cmp(&(&b.slot, &b.field, &b.from)));
    }
    incoming
}

/// The row of a trace, whose calls are among the `sorted` ones.
fn trace(capture: usize, trace: &Trace, sorted: &[(String, &CallKey, &CallEvidence)]) -> String {
    let position = |key: &CallKey| {
        let text = key.to_text();
        sorted
            .binary_search_by(|(known, ..)| known.cmp(&text))
            .unwrap_or(0)
    };
    json(&TraceRow {
        capture,
        calls: trace.calls.iter().map(position).collect(),
        events: trace.events.clone(),
    })
}

/// The row of a call. Everything of the evidence is named, so that nothing new is forgotten here.
fn row(text: &str, call: &CallEvidence, places: &HashMap<&String, usize>) -> CallRow {
    let CallEvidence {
        observed,
        stats,
        first_party,
        with_page,
        span,
        captures,
    } = call;
    let positions = captures.iter().filter_map(|id| places.get(id).copied());
    let mut positions: Vec<usize> = positions.collect();
    positions.sort_unstable();
    let usual = usual();
    CallRow {
        call: text.to_owned(),
        captures: (positions.len() < places.len()).then_some(positions),
        span: *span,
        first_party: *first_party,
        with_page: *with_page,
        observed: observed.clone(),
        segments: stats
            .iter()
            .enumerate()
            .filter(|(_, stats)| **stats != usual)
            .map(|(at, stats)| (at, stats.clone()))
            .collect(),
        sends: Vec::new(),
        may_send: Vec::new(),
        strays: BTreeMap::new(),
        changed_by: Vec::new(),
    }
}

/// What is known of a segment that nothing is known of.
pub(super) fn usual() -> SegmentStats {
    SegmentStats {
        distinct: 1,
        ..SegmentStats::default()
    }
}

/// A list, each item on a line of its own.
fn lines(items: &[String]) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    format!("[\n{}\n]", items.join(",\n"))
}

/// JSON on one line; what rows are made of can always be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
