//! Values that flow from responses into requests, counted.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::scope::{Operation, Place};
use crate::value::Token;

use super::answers::Call;
use super::evidence::{AgainKey, CallKey, LinkKey, Slot};
use super::names::{Name, Names};

/// Earlier calls that a call is compared with.
const MAX_COMPARED: usize = 16;

/// A position in 4 bytes.
pub(super) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Where a value is sent, with names as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    Segment(u32),
    Param(Place, Name),
}

impl Way {
    pub(super) fn is_header(self) -> bool {
        matches!(self, Way::Param(Place::Header | Place::Cookie, _))
    }

    pub(super) fn slot(self, names: &Names) -> Slot {
        match self {
            Way::Segment(position) => Slot::Segment(position as usize),
            Way::Param(place, name) => Slot::Param(place, names.name(name).to_owned()),
        }
    }
}

/// One value that a response gave and a call sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Flow {
    pub(super) token: Token,
    pub(super) from: Call,
    pub(super) field: Name,
    pub(super) way: Way,
    pub(super) to: Call,
}

/// What flowed in one capture.
pub(super) struct Flows<'a> {
    calls: &'a [&'a CallKey],
    names: &'a Names,
    all: Vec<Flow>,
}

impl<'a> Flows<'a> {
    /// Nothing yet.
    pub(super) fn new(calls: &'a [&'a CallKey], names: &'a Names) -> Self {
        Flows {
            calls,
            names,
            all: Vec::new(),
        }
    }

    /// Adds a value, once for each place that sends it.
    pub(super) fn add(&mut self, flow: Flow) {
        self.all.push(flow);
    }

    /// The ways that values took.
    pub(super) fn ways(&self) -> impl Iterator<Item = Way> {
        self.all.iter().map(|flow| flow.way)
    }

    fn key(&self, from: Call, field: Name, to: Call, way: Way) -> Option<LinkKey> {
        let call = |at: Call| self.calls.get(at as usize).map(|call| (*call).clone());
        Some(LinkKey {
            from: call(from)?,
            field: self.names.name(field).to_owned(),
            to: call(to)?,
            slot: way.slot(self.names),
        })
    }

    /// How many distinct values took each way. Those that several calls of one form send are noted,
    /// for calls that turn out to be one endpoint.
    pub(super) fn finish(
        mut self,
        again: &mut BTreeMap<AgainKey, usize>,
    ) -> BTreeMap<LinkKey, usize> {
        self.note_again(again);
        let mut counts: HashMap<(Call, Name, Call, Way), usize> = HashMap::default();
        for flow in &self.all {
            let key = (flow.from, flow.field, flow.to, flow.way);
            *counts.entry(key).or_default() += 1;
        }
        let mut links: BTreeMap<LinkKey, usize> = BTreeMap::new();
        for ((from, field, to, way), support) in counts {
            if let Some(key) = self.key(from, field, to, way) {
                *links.entry(key).or_default() += support;
            }
        }
        links
    }

    fn note_again(&mut self, again: &mut BTreeMap<AgainKey, usize>) {
        let places = places(self.calls);
        let of = |call: Call| places.get(call as usize).copied().unwrap_or_default();
        // Which value comes first does not matter.
        let group = |flow: &Flow| (flow.token.0, flow.from, flow.field, flow.way, of(flow.to).0);
        self.all
            .sort_unstable_by_key(|flow| (group(flow), of(flow.to).1));
        let mut counts: HashMap<(Call, Name, Call, Way, Call), usize> = HashMap::default();
        for flows in self.all.chunk_by(|a, b| group(a) == group(b)) {
            for (at, flow) in flows.iter().enumerate().skip(1) {
                let earlier = &flows[at.saturating_sub(MAX_COMPARED)..at];
                for before in self.nearest(earlier, flow.to) {
                    let key = (flow.from, flow.field, flow.to, flow.way, before);
                    *counts.entry(key).or_default() += 1;
                }
            }
        }
        for ((from, field, to, way, before), count) in counts {
            let before = self.calls.get(before as usize);
            if let (Some(link), Some(before)) = (self.key(from, field, to, way), before) {
                let before = (*before).clone();
                *again.entry(AgainKey { link, before }).or_default() += count;
            }
        }
    }

    /// For each segment the last of the earlier calls that differs from a call there, and nowhere else.
    fn nearest(&self, earlier: &[Flow], to: Call) -> Vec<Call> {
        let mut found: Vec<(usize, Call)> = Vec::new();
        for before in earlier.iter().rev().map(|flow| flow.to) {
            let pair = self
                .calls
                .get(before as usize)
                .zip(self.calls.get(to as usize));
            let place = pair.and_then(|(a, b)| only_difference(a, b));
            if let Some(place) = place.filter(|at| found.iter().all(|(known, _)| known != at)) {
                found.push((place, before));
            }
        }
        found.into_iter().map(|(_, before)| before).collect()
    }
}

/// The segment in which two calls of one form differ, if it is one.
fn only_difference(a: &CallKey, b: &CallKey) -> Option<usize> {
    let pairs = a.segments.iter().zip(&b.segments).enumerate();
    let mut different = pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| at);
    different.next().filter(|_| different.next().is_none())
}

/// How many of each link's values other calls of the same endpoint have sent before. Calls that differ in
/// one segment add up; those that differ in another may have sent the same values, as may what is settled.
pub(super) fn counted_before(
    again: &BTreeMap<AgainKey, usize>,
    same: impl Fn(&CallKey, &CallKey) -> bool,
) -> BTreeMap<&LinkKey, usize> {
    let mut by_place: BTreeMap<(&LinkKey, Option<usize>), usize> = BTreeMap::new();
    for (AgainKey { link, before }, count) in again {
        if same(&link.to, before) {
            let place = only_difference(&link.to, before);
            *by_place.entry((link, place)).or_default() += count;
        }
    }
    let mut counted: BTreeMap<&LinkKey, usize> = BTreeMap::new();
    for ((link, _), count) in by_place {
        let most = counted.entry(link).or_default();
        *most = count.max(*most);
    }
    counted
}

/// For each call the number of its form, and its place in the order of calls. Calls of one form may be
/// one endpoint.
fn places(calls: &[&CallKey]) -> Vec<(u32, u32)> {
    let mut order: Vec<usize> = (0..calls.len()).collect();
    order.sort_unstable_by_key(|at| calls[*at]);
    let mut forms: HashMap<(&str, &str, usize, Option<&Operation>), u32> = HashMap::default();
    let mut places = vec![(0, 0); calls.len()];
    for (place, at) in order.into_iter().enumerate() {
        let call = calls[at];
        let form = (
            call.host.as_str(),
            call.method.as_str(),
            call.segments.len(),
            call.operation.as_ref(),
        );
        let new = narrow(forms.len());
        places[at] = (*forms.entry(form).or_insert(new), narrow(place));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Segment, Tokens};

    fn call(path: &[&str]) -> CallKey {
        CallKey {
            host: "a.example".to_owned(),
            segments: Segment::path(path.iter().copied(), &Tokens::new()),
            method: "GET".to_owned(),
            operation: None,
        }
    }

    #[test]
    fn a_value_that_calls_of_one_form_send_is_noted() {
        let paths = [
            &["list"][..],
            &["ns", "a", "pods"],
            &["ns", "b", "pods"],
            &["ns", "c", "logs"],
            &["ns", "c", "pods"],
            &["pods"],
        ];
        let calls: Vec<CallKey> = paths.iter().map(|path| call(path)).collect();
        let calls: Vec<&CallKey> = calls.iter().collect();
        let mut names = Names::default();
        let field = names.number("name");
        let mut flows = Flows::new(&calls, &names);
        for (token, to) in [
            (7, 4),
            (7, 1),
            (7, 3),
            (7, 2),
            (7, 5),
            (8, 2),
            (9, 2),
            (9, 1),
        ] {
            flows.add(Flow {
                token: Token(token),
                from: 0,
                field,
                way: Way::Param(Place::Query, field),
                to,
            });
        }
        let mut again = BTreeMap::new();
        let links = flows.finish(&mut again);
        assert_eq!(links.values().sum::<usize>(), 8);
        let at = |call: &CallKey| calls.iter().position(|known| *known == call).unwrap();
        let pairs = again
            .iter()
            .map(|(key, count)| (at(&key.before), at(&key.link.to), *count));
        let mut pairs: Vec<(usize, usize, usize)> = pairs.collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(1, 2, 2), (2, 4, 1), (3, 4, 1)]);
        // Whether the logs are of the same endpoint or not.
        let pods = |call: &CallKey| at(call) != 3;
        for wanted in [true, false] {
            let counted = counted_before(&again, |a, b| wanted || pods(a) == pods(b));
            let counted: Vec<usize> = counted.into_values().collect();
            assert_eq!(counted, [2, 1]);
        }
    }
}
