//! What of evidence may be written to a file.
//!
//! Evidence keeps texts that may turn out to be the API's own: words in paths, values that read like
//! constants. A report decides with all evidence at hand and shows no others. A file is written for
//! others to read, so what is decided here is the same, with what the capture itself knows: words
//! of the paths that are values become values, and constants that would not be listed are counted,
//! not named.

use std::collections::{BTreeMap, BTreeSet};

use crate::route::{Part, Piece, Pins, SegmentStats, Template};
use crate::scope::Place;
use crate::value::{ConstantRules, Privacy, Segment};

use super::build::inference;
use super::evidence::{AgainKey, CallEvidence, CallKey, ChangeKey, Evidence, LinkKey, Words};
use super::flows::counted_before;
use super::observed::{Observed, ValueCounts};

/// What a project says of its API, which decides what is the API's own.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Routes said by hand.
    pub pins: Pins,
    /// Parameters whose values are named by hand, such as those that endpoints are split by; reports
    /// show their values.
    pub values: BTreeSet<String>,
    /// Which values may be shown, beyond the built-in rules.
    pub privacy: Privacy,
}

/// The evidence of a capture as it may be written.
pub(super) fn disclose(evidence: &Evidence, known: &Known) -> Evidence {
    let rules = ConstantRules::with_privacy(&known.privacy);
    let calls: Vec<(&CallKey, &CallEvidence)> = evidence.calls.iter().collect();
    let inference = inference(evidence, &calls, &known.pins);
    let endpoint = |at: usize| {
        let (key, _) = calls[at];
        (inference.of[at], &key.method, &key.operation)
    };
    let mut sums: BTreeMap<_, Observed> = BTreeMap::new();
    for (at, (_, call)) in calls.iter().enumerate() {
        sums.entry(endpoint(at)).or_default().merge(&call.observed);
    }
    let mut bare: BTreeMap<CallKey, Merged> = BTreeMap::new();
    let mut renamed: BTreeMap<&CallKey, CallKey> = BTreeMap::new();
    let mut routes: BTreeMap<&CallKey, usize> = BTreeMap::new();
    for (at, (key, call)) in calls.iter().enumerate() {
        let template = &inference.routes[inference.of[at]].template;
        let call_bare = CallKey {
            segments: segments(key, template),
            ..(*key).clone()
        };
        let mut call = (*call).clone();
        if let Some(sum) = sums.get(&endpoint(at)) {
            withhold(&mut call.observed, sum, known, &rules);
        }
        bare.entry(call_bare.clone()).or_default().add(key, call);
        renamed.insert(key, call_bare);
        routes.insert(key, inference.of[at]);
    }
    let name = |key: &CallKey| renamed.get(key).unwrap_or(key).clone();
    let bare_link = |link: &LinkKey| LinkKey {
        from: name(&link.from),
        to: name(&link.to),
        ..link.clone()
    };
    let bare_links = |links: &BTreeMap<LinkKey, usize>| {
        let mut bare: BTreeMap<LinkKey, usize> = BTreeMap::new();
        for (link, support) in links {
            *bare.entry(bare_link(link)).or_default() += support;
        }
        bare
    };
    let again = again(evidence, &routes, &name, &bare_link);
    let mut strays: BTreeMap<_, usize> = BTreeMap::new();
    for ((key, slot), count) in &evidence.strays {
        *strays.entry((name(key), slot.clone())).or_default() += count;
    }
    let mut changes: BTreeMap<ChangeKey, usize> = BTreeMap::new();
    for (change, count) in &evidence.changes {
        let change = ChangeKey {
            read: name(&change.read),
            by: name(&change.by),
            ..change.clone()
        };
        *changes.entry(change).or_default() += count;
    }
    let calls = bare.into_iter().map(|(key, merged)| {
        let call = merged.finish(&key);
        (key, call)
    });
    let mut traces = evidence.traces.clone();
    for key in traces.values_mut().flat_map(|trace| &mut trace.calls) {
        if let Some(bare) = renamed.get(key) {
            *key = bare.clone();
        }
    }
    Evidence {
        calls: calls.collect(),
        links: bare_links(&evidence.links),
        likely: bare_links(&evidence.likely),
        again,
        strays,
        changes,
        traces,
        captures: evidence.captures.clone(),
        skipped: evidence.skipped.clone(),
        words: Words::Decided,
    }
}

/// Values that several calls send, with other names of the calls. Those of one route are settled, and
/// stand with the call itself.
fn again(
    evidence: &Evidence,
    routes: &BTreeMap<&CallKey, usize>,
    name: &impl Fn(&CallKey) -> CallKey,
    bare_link: &impl Fn(&LinkKey) -> LinkKey,
) -> BTreeMap<AgainKey, usize> {
    let mut again: BTreeMap<AgainKey, usize> = BTreeMap::new();
    let is_one = |a: &CallKey, b: &CallKey| routes.get(a) == routes.get(b);
    for (link, count) in counted_before(&evidence.again, is_one) {
        let link = bare_link(link);
        let before = link.to.clone();
        *again.entry(AgainKey { link, before }).or_default() += count;
    }
    for (AgainKey { link, before }, count) in &evidence.again {
        if !is_one(&link.to, before) {
            let (link, before) = (bare_link(link), name(before));
            *again.entry(AgainKey { link, before }).or_default() += count;
        }
    }
    again
}

/// A path without the words that are values.
fn segments(key: &CallKey, template: &Template) -> Vec<Segment> {
    let parts = key.segments.iter().zip(&template.parts);
    parts
        .map(|(segment, part)| match part {
            Part::Literal(_) => segment.clone(),
            Part::Param(_) => segment.as_one_value(),
            Part::Mixed(pieces) => segment.as_value_but(|word| {
                let own =
                    |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(word));
                pieces.iter().any(own)
            }),
        })
        .collect()
}

/// Takes out constants that a report of the endpoint would not list.
fn withhold(observed: &mut Observed, sum: &Observed, known: &Known, rules: &ConstantRules) {
    let shown = |name: &str, values: &ValueCounts| {
        rules.says_constant(name)
            || known.values.contains(name)
            || values.overflow == 0 && rules.listable(name, &values.counts)
    };
    let param = |key: &(Place, String)| {
        let sum = sum.params.get(key);
        sum.is_some_and(|sum| shown(&key.1, &sum.values))
    };
    for (key, used) in &mut observed.params {
        if !param(key) {
            used.values.withhold(|_| false);
        }
    }
    for (path, used) in &mut observed.fields {
        let sum = sum.fields.get(path);
        if !sum.is_some_and(|sum| shown(path, &sum.values)) {
            used.values.withhold(|_| false);
        }
    }
    observed.hide_changes(|path| {
        let sum = sum.fields.get(path);
        sum.is_some_and(|sum| shown(path, &sum.values))
    });
}

/// Calls that became one.
#[derive(Default)]
struct Merged {
    call: Option<CallEvidence>,
    /// For each segment the distinct texts of it.
    texts: Vec<BTreeSet<Segment>>,
}

impl Merged {
    fn add(&mut self, key: &CallKey, call: CallEvidence) {
        self.texts.resize(key.segments.len(), BTreeSet::new());
        for (texts, segment) in self.texts.iter_mut().zip(&key.segments) {
            texts.insert(segment.clone());
        }
        match &mut self.call {
            Some(known) => known.merge(&call),
            None => self.call = Some(call),
        }
    }

    /// The sum; texts that became values are that many distinct ones.
    fn finish(self, key: &CallKey) -> CallEvidence {
        let mut call = self.call.unwrap_or_default();
        call.stats
            .resize(key.segments.len(), SegmentStats::default());
        for (stats, texts) in call.stats.iter_mut().zip(&self.texts) {
            let texts = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            stats.distinct = stats.distinct.max(texts);
        }
        call
    }
}
