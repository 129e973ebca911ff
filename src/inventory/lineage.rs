//! Lineage: which values of responses come back in later requests.
//!
//! Everything is kept as tokens and decided when the capture has ended, by when each request
//! started, so the order of entries in the file does not matter. Memory is bounded: once a table is
//! full, values not seen before are left out.

use std::collections::BTreeMap;
use std::hash::Hash;

use foldhash::HashMap;

use crate::route::{Origin, SegmentStats};
use crate::scope::{Exchange, Place};
use crate::value::{Kind, Token, Value};

use super::evidence::{CallKey, LinkKey, Slot};

/// Distinct values followed in one capture.
const MAX_VALUES: usize = 1 << 18;
/// Places remembered for each value.
const MAX_PLACES: usize = 4;
/// Distinct values counted for one segment.
const MAX_DISTINCT: u32 = 1_000;

/// When a request started: by the clock, ties and captures without one by position.
pub(super) type Moment = (i64, usize);

pub(super) fn moment(exchange: &Exchange) -> Moment {
    (exchange.at.unwrap_or(i64::MIN), exchange.index)
}

/// Where a value was seen.
#[derive(Default)]
struct Known {
    linkable: bool,
    /// Response fields with the first moment, the earliest ones.
    responses: Vec<(Moment, usize, u32)>,
    /// Parameters that carried it.
    params: Vec<(Place, u32)>,
    /// When a request first sent it.
    sent: Option<Moment>,
}

/// A value of a path segment.
#[derive(Default)]
struct SegmentValue {
    requests: u32,
    last: Moment,
    echoes: Vec<u32>,
}

/// The lineage of one capture while it is read.
#[derive(Default)]
pub(super) struct Lineage {
    names: Names,
    values: HashMap<Token, Known>,
    /// By call, position, piece (0: the whole segment, then its parts) and value.
    segments: HashMap<(usize, usize, usize, Token), SegmentValue>,
    sent: HashMap<(Token, usize, Place, u32), Moment>,
    sent_in_path: HashMap<(Token, usize, usize), Moment>,
}

/// Names as numbers.
#[derive(Default)]
struct Names {
    ids: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.ids.insert(name.to_owned(), id);
        self.names.push(name.to_owned());
        id
    }

    fn name(&self, id: u32) -> &str {
        self.names.get(id as usize).map_or("", String::as_str)
    }
}

impl Lineage {
    /// Takes what an exchange of the given call sent and answered.
    pub(super) fn add(&mut self, call: usize, exchange: &Exchange) {
        let at = moment(exchange);
        self.add_response(call, exchange, at);
        self.add_path(call, exchange, at);
        self.add_params(call, exchange, at);
    }

    fn known(&mut self, token: Token) -> Option<&mut Known> {
        if self.values.len() >= MAX_VALUES {
            return self.values.get_mut(&token);
        }
        Some(self.values.entry(token).or_default())
    }

    fn add_response(&mut self, call: usize, exchange: &Exchange, at: Moment) {
        for field in &exchange.fields {
            let name = self.names.id(&field.path);
            for value in field.values.iter().filter(|value| is_text(value)) {
                if let Some(known) = self.known(value.token) {
                    known.linkable |= value.linkable;
                    remember(&mut known.responses, at, call, name);
                }
            }
        }
    }

    fn add_path(&mut self, call: usize, exchange: &Exchange, at: Moment) {
        for (position, segment) in exchange.segments.iter().enumerate() {
            let tokens = std::iter::once(segment.token()).chain(segment.parts().iter().copied());
            for (piece, token) in tokens.enumerate() {
                if let Some(known) = self.known(token) {
                    known.sent = Some(known.sent.map_or(at, |sent| sent.min(at)));
                }
                note_last(&mut self.sent_in_path, (token, call, position), at);
                let echoes: Vec<u32> = exchange
                    .fields
                    .iter()
                    .filter(|field| field.values.iter().any(|value| value.token == token))
                    .take(MAX_PLACES)
                    .map(|field| self.names.id(&field.path))
                    .collect();
                let key = (call, position, piece, token);
                if self.segments.len() >= MAX_VALUES && !self.segments.contains_key(&key) {
                    continue;
                }
                let value = self.segments.entry(key).or_default();
                value.requests += 1;
                value.last = value.last.max(at);
                for echo in echoes {
                    if !value.echoes.contains(&echo) && value.echoes.len() < MAX_PLACES {
                        value.echoes.push(echo);
                    }
                }
            }
        }
    }

    fn add_params(&mut self, call: usize, exchange: &Exchange, at: Moment) {
        for param in &exchange.params {
            if !is_text(&param.value) {
                continue;
            }
            let name = self.names.id(&param.name);
            let token = param.value.token;
            let Some(known) = self.known(token) else {
                continue;
            };
            known.linkable |= param.value.linkable;
            known.sent = Some(known.sent.map_or(at, |sent| sent.min(at)));
            let place = (param.place, name);
            if !known.params.contains(&place) && known.params.len() < MAX_PLACES {
                known.params.push(place);
            }
            note_last(&mut self.sent, (token, call, param.place, name), at);
        }
    }

    /// The values that flowed from a response into a later request, with the number of distinct
    /// ones. The first response that held a value gave it, unless a request had sent it before.
    pub(super) fn links(&self, calls: &[&CallKey]) -> BTreeMap<LinkKey, usize> {
        let mut links: BTreeMap<LinkKey, usize> = BTreeMap::new();
        let in_path = self
            .sent_in_path
            .iter()
            .map(|((token, call, position), last)| {
                (*token, *call, Slot::Segment(*position), *last)
            });
        let in_params = self.sent.iter().map(|((token, call, place, name), last)| {
            let slot = Slot::Param(*place, self.names.name(*name).to_owned());
            (*token, *call, slot, *last)
        });
        for (token, to, slot, last) in in_path.chain(in_params) {
            let Some((from, field)) = self.giver(token, last) else {
                continue;
            };
            let (Some(from), Some(to)) = (calls.get(from), calls.get(to)) else {
                continue;
            };
            let key = LinkKey {
                from: (*from).clone(),
                field: self.names.name(field).to_owned(),
                to: (*to).clone(),
                slot,
            };
            *links.entry(key).or_default() += 1;
        }
        links
    }

    /// The call and field that first answered a value, if that was before `moment` and before any
    /// request sent it.
    fn giver(&self, token: Token, moment: Moment) -> Option<(usize, u32)> {
        let known = self.values.get(&token).filter(|known| known.linkable)?;
        let (at, call, field) = known.responses.iter().min()?;
        let sent_before = known.sent.is_some_and(|sent| sent <= *at);
        (*at < moment && !sent_before).then_some((*call, *field))
    }

    /// For each call and segment, where its values were seen elsewhere.
    pub(super) fn stats(&self, calls: &[&CallKey]) -> Vec<Vec<SegmentStats>> {
        let mut stats: Vec<Vec<SegmentStats>> = calls
            .iter()
            .map(|call| vec![SegmentStats::default(); call.segments.len()])
            .collect();
        for ((call, position, piece, token), value) in &self.segments {
            let Some(segment) = stats
                .get_mut(*call)
                .and_then(|segments| segments.get_mut(*position))
            else {
                continue;
            };
            let origins = match piece.checked_sub(1) {
                None => {
                    segment.distinct = (segment.distinct + 1).min(MAX_DISTINCT);
                    &mut segment.origins
                }
                Some(part) => {
                    if segment.parts.len() <= part {
                        segment.parts.resize(part + 1, BTreeMap::new());
                    }
                    &mut segment.parts[part]
                }
            };
            let mut add = |origin: Origin| {
                *origins.entry(origin).or_default() += value.requests;
            };
            for echo in &value.echoes {
                add(Origin::Echo(self.names.name(*echo).to_owned()));
            }
            let Some(known) = self.values.get(token) else {
                continue;
            };
            for (at, _, field) in &known.responses {
                if *at < value.last {
                    add(Origin::Response(self.names.name(*field).to_owned()));
                }
            }
            for (place, name) in &known.params {
                add(Origin::Request(*place, self.names.name(*name).to_owned()));
            }
        }
        stats
    }
}

/// Whether a value can come back elsewhere: a text or a number.
fn is_text(value: &Value) -> bool {
    matches!(value.kind, Kind::String | Kind::Integer | Kind::Number)
}

/// Keeps the last moment of a key, unless the table is full.
fn note_last<K: Eq + Hash>(table: &mut HashMap<K, Moment>, key: K, at: Moment) {
    if table.len() < MAX_VALUES {
        let last = table.entry(key).or_insert(at);
        *last = (*last).max(at);
    } else if let Some(last) = table.get_mut(&key) {
        *last = (*last).max(at);
    }
}

/// Keeps the earliest places of a value, one for each field.
fn remember(places: &mut Vec<(Moment, usize, u32)>, at: Moment, call: usize, name: u32) {
    if let Some(known) = places.iter_mut().find(|place| place.2 == name) {
        if (at, call) < (known.0, known.1) {
            (known.0, known.1) = (at, call);
        }
        return;
    }
    places.reserve_exact(1);
    places.push((at, call, name));
    if places.len() > MAX_PLACES
        && let Some((latest, _)) = places.iter().enumerate().max_by_key(|(_, place)| place.0)
    {
        places.swap_remove(latest);
    }
}
