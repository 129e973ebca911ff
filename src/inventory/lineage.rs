//! Lineage: which values of responses come back in later requests.
//!
//! Everything is kept as tokens and decided when the capture has ended, by when each request
//! started, so the order of entries in the file does not matter. Memory is bounded: once a table is
//! full, values not seen before are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use crate::route::{Origin, SegmentStats};
use crate::scope::{Exchange, Place, TextSeen};
use crate::value::{Kind, Token, Value};

use super::answers::{Answer, Answers, Call, Given};
use super::evidence::{CallKey, LinkKey, Slot};
use super::names::{Name, Names};
use super::short::{ShortIds, leaf};

/// Places remembered for each value.
pub(super) const MAX_PLACES: usize = 4;
/// Of the values that are followed, so many times fewer are short ids.
const SHORT_SHARE: usize = 4;
/// So many times as many fields that hold a value are kept as values that are followed.
const FIELDS_SHARE: usize = 2;
/// Distinct values counted for one segment.
const MAX_DISTINCT: u32 = 1_000;

/// When a request started: by the clock, ties and captures without one by position.
pub(super) type Moment = (i64, usize);

pub(super) fn moment(exchange: &Exchange) -> Moment {
    (exchange.at.unwrap_or(i64::MIN), exchange.index)
}

/// A moment in 12 bytes, for tables that hold many of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(Rust, packed(4))]
pub(super) struct Stamp {
    at: i64,
    index: u32,
}

impl From<Moment> for Stamp {
    fn from((at, index): Moment) -> Self {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        Stamp { at, index }
    }
}

impl From<Stamp> for Moment {
    fn from(stamp: Stamp) -> Self {
        (stamp.at, stamp.index as usize)
    }
}

/// A position in 4 bytes.
fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Where a value is sent, with names as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Segment(u32),
    Param(Place, Name),
}

impl Way {
    fn is_header(self) -> bool {
        matches!(self, Way::Param(Place::Header | Place::Cookie, _))
    }

    fn slot(self, names: &Names) -> Slot {
        match self {
            Way::Segment(position) => Slot::Segment(position as usize),
            Way::Param(place, name) => Slot::Param(place, names.name(name).to_owned()),
        }
    }
}

/// What of a capture's values flowed from responses into later requests.
pub(super) struct Found {
    /// Which values flowed where, with the number of distinct ones.
    pub(super) links: BTreeMap<LinkKey, usize>,
    /// How many distinct values each place sent that no response had given.
    pub(super) strays: BTreeMap<(CallKey, Slot), usize>,
    /// Short ids that may have flowed into a path; whether they did, the route's names say.
    pub(super) likely: BTreeMap<LinkKey, usize>,
}

/// What is known of a value that requests sent.
struct Sent {
    /// When a request first sent it.
    first: Stamp,
    linkable: bool,
    /// Whether there is more in [`Lineage::further`].
    further: bool,
    /// The first parameter that carried it.
    param: Option<(Place, Name)>,
}

/// A value of a path segment.
#[derive(Default)]
struct SegmentValue {
    requests: u32,
    last: Stamp,
    /// Fields of the responses that held it, too.
    echoes: [Option<Echo>; MAX_PLACES],
}

/// The number of a name, plus one.
type Echo = std::num::NonZero<Name>;

impl SegmentValue {
    fn echo(&mut self, name: Name) {
        let Some(echo) = Echo::MIN.checked_add(name) else {
            return;
        };
        let place = |known: &&mut Option<Echo>| known.is_none_or(|known| known == echo);
        if let Some(place) = self.echoes.iter_mut().find(place) {
            *place = Some(echo);
        }
    }

    fn echoes(&self) -> impl Iterator<Item = Name> {
        let echoes = self.echoes.iter().flatten();
        echoes.map(|echo| echo.get() - 1)
    }
}

/// The lineage of one capture while it is read.
pub(super) struct Lineage {
    /// How many values are followed.
    room: usize,
    /// Values that there was no room for.
    left_out: usize,
    answers: Answers,
    /// What responses gave of what requests sent, once the capture has ended.
    given: Given,
    sent: HashMap<Token, Sent>,
    /// Further parameters that carried a value; most are sent under one name only.
    further: HashMap<Token, Vec<(Place, Name)>>,
    /// By call, position, piece (0: the whole segment, then its parts) and value.
    segments: HashMap<(Call, u32, u32, Token), SegmentValue>,
    /// When each place last sent a value.
    sent_in_params: HashMap<(Token, Call, Place, Name), Stamp>,
    sent_in_path: HashMap<(Token, Call, u32), Stamp>,
    short: ShortIds,
}

impl Lineage {
    /// A lineage that follows so many values.
    pub(super) fn new(room: usize) -> Self {
        Lineage {
            room,
            left_out: 0,
            answers: Answers::new(room.saturating_mul(FIELDS_SHARE)),
            given: Given::default(),
            sent: HashMap::default(),
            further: HashMap::default(),
            segments: HashMap::default(),
            sent_in_params: HashMap::default(),
            sent_in_path: HashMap::default(),
            short: ShortIds::new(room / SHORT_SHARE),
        }
    }

    /// Uses of values that there was no room for.
    pub(super) fn left_out(&self) -> usize {
        self.left_out + self.answers.left_out + self.short.left_out()
    }

    /// Takes what an exchange of the given call sent and answered; `params` and `fields` are the
    /// numbers of their names.
    pub(super) fn add(
        &mut self,
        call: usize,
        exchange: &Exchange,
        params: &[Name],
        fields: &[Name],
        names: &Names,
    ) {
        let at = moment(exchange);
        let mut echoes = Echoes::of(exchange);
        let short = &mut self.short;
        let texts = exchange.fields.texts().iter().filter_map(|text| {
            let field = *fields.get(text.field as usize)?;
            echoes.note(text);
            if !text.linkable {
                short.answered(text.token, field, at, call, names);
            }
            Some((text.token, field, text.linkable))
        });
        self.answers.add(at, narrow(call), texts);
        let echoes = echoes.in_order();
        self.add_path(narrow(call), exchange, fields, at, &echoes);
        self.add_params(narrow(call), exchange, params, names, at);
        self.short.add(call, exchange, params, names);
    }

    /// Ends the capture: looks up what responses gave of what requests sent, and of these
    /// credentials.
    pub(super) fn settle(&mut self, credentials: impl Iterator<Item = Token>) {
        let mut wanted: HashSet<Token> = self.sent.keys().copied().collect();
        // Of paths also what there was no room for among all that was sent.
        wanted.extend(self.sent_in_path.keys().map(|(token, ..)| *token));
        wanted.extend(self.segments.keys().map(|(.., token)| *token));
        wanted.extend(credentials);
        self.left_out += self.answers.left_out;
        self.given = std::mem::replace(&mut self.answers, Answers::new(0)).given(&wanted);
    }

    /// Takes the headers and cookies of an exchange, whose names are numbers too.
    pub(super) fn add_headers(&mut self, call: usize, exchange: &Exchange, names: &mut Names) {
        let at = moment(exchange);
        let mut given: Vec<(Token, Name, bool)> = Vec::with_capacity(exchange.given.len());
        for value in &exchange.given {
            let field = names.number(&value.field());
            if value.linkable {
                given.push((value.token, field, true));
            } else {
                self.short.give(value.token, field, at, call);
            }
        }
        let call = narrow(call);
        if !given.is_empty() {
            self.answers.add(at, call, given.into_iter());
        }
        for carried in &exchange.carried {
            let name = names.number(&carried.name);
            if names.is_volatile(name) {
                continue;
            }
            if self.send(carried.token, at).is_some() {
                let key = (carried.token, call, carried.place, name);
                note_last(&mut self.sent_in_params, key, at, self.room);
            }
        }
    }

    /// Notes that a request sent a value.
    fn send(&mut self, token: Token, at: Moment) -> Option<&mut Sent> {
        let room = self.sent.len() < self.room;
        let known = match self.sent.get_mut(&token) {
            None if !room => {
                self.left_out += 1;
                return None;
            }
            Some(_) | None => self.sent.entry(token).or_insert_with(|| Sent {
                first: at.into(),
                linkable: false,
                further: false,
                param: None,
            }),
        };
        known.first = known.first.min(at.into());
        Some(known)
    }

    fn add_path(
        &mut self,
        call: Call,
        exchange: &Exchange,
        fields: &[Name],
        at: Moment,
        echoes: &[(Token, u32)],
    ) {
        for (position, segment) in (0..).zip(&exchange.segments) {
            let tokens = std::iter::once(segment.token()).chain(segment.parts().iter().copied());
            for (piece, token) in (0..).zip(tokens) {
                self.send(token, at);
                note_last(
                    &mut self.sent_in_path,
                    (token, call, position),
                    at,
                    self.room,
                );
                let key = (call, position, piece, token);
                if self.segments.len() >= self.room && !self.segments.contains_key(&key) {
                    continue;
                }
                let value = self.segments.entry(key).or_default();
                value.requests += 1;
                value.last = value.last.max(at.into());
                let echoes = echoes.iter().filter(|(echo, _)| *echo == token);
                for (_, field) in echoes.take(MAX_PLACES) {
                    if let Some(name) = fields.get(*field as usize) {
                        value.echo(*name);
                    }
                }
            }
        }
    }

    /// Takes the parameters of an exchange, whose names have these numbers. Those that change with
    /// every request by design bring nothing back, and would take the room of others.
    fn add_params(
        &mut self,
        call: Call,
        exchange: &Exchange,
        numbers: &[Name],
        names: &Names,
        at: Moment,
    ) {
        for (param, name) in exchange.params.iter().zip(numbers) {
            if !is_text(&param.value) || names.is_volatile(*name) {
                continue;
            }
            let token = param.value.token;
            let Some(known) = self.send(token, at) else {
                continue;
            };
            known.linkable |= param.value.linkable;
            let place = (param.place, *name);
            let first = *known.param.get_or_insert(place);
            if first != place {
                known.further = true;
                let further = self.further.entry(token).or_default();
                if further.len() + 1 < MAX_PLACES && !further.contains(&place) {
                    further.push(place);
                }
            }
            let key = (token, call, param.place, *name);
            note_last(&mut self.sent_in_params, key, at, self.room);
        }
    }

    /// The values that flowed from a response into a later request, with the number of distinct
    /// ones. The first response that held a value gave it, unless a request had sent it before.
    pub(super) fn links(&self, calls: &[&CallKey], names: &Names) -> Found {
        let mut flows: HashMap<(Call, Name, Call, Way), usize> = HashMap::default();
        let mut strays: HashMap<(Call, Way), usize> = HashMap::default();
        let in_path = self.sent_in_path.iter();
        let in_path = in_path
            .map(|((token, call, position), last)| (*token, *call, Way::Segment(*position), *last));
        let in_params = self.sent_in_params.iter();
        let in_params = in_params.map(|((token, call, place, name), last)| {
            (*token, *call, Way::Param(*place, *name), *last)
        });
        for (token, to, way, last) in in_path.chain(in_params) {
            match self.giver(token, last.into()) {
                Some(_) if self.is_common(token, way, names) => {}
                Some(from) => *flows.entry((from.call, from.field, to, way)).or_default() += 1,
                None if self.is_linkable(token) => *strays.entry((to, way)).or_default() += 1,
                None => {}
            }
        }
        // Most headers are no news to anybody: those that never carry what a response gave are left.
        let flowing: HashSet<Way> = flows.keys().map(|(_, _, _, way)| *way).collect();
        strays.retain(|(_, way), _| !way.is_header() || flowing.contains(way));
        let mut links: BTreeMap<LinkKey, usize> = BTreeMap::new();
        for ((from, field, to, way), support) in flows {
            if let (Some(from), Some(to)) = (calls.get(from as usize), calls.get(to as usize)) {
                let key = LinkKey {
                    from: (*from).clone(),
                    field: names.name(field).to_owned(),
                    to: (*to).clone(),
                    slot: way.slot(names),
                };
                *links.entry(key).or_default() += support;
            }
        }
        let strays = strays
            .into_iter()
            .filter_map(|((to, way), count)| {
                Some((((*calls.get(to as usize)?).clone(), way.slot(names)), count))
            })
            .collect();
        let likely = self.short.links(calls, names, &mut links);
        Found {
            links,
            strays,
            likely,
        }
    }

    fn is_linkable(&self, token: Token) -> bool {
        let sent = || self.sent.get(&token).is_some_and(|sent| sent.linkable);
        self.given.is_linkable(token) || sent()
    }

    /// A value that responses hold under many different names, and none of them is the one that it is
    /// sent under, is common: a date, a host, a currency.
    fn is_common(&self, token: Token, way: Way, names: &Names) -> bool {
        let Way::Param(_, sent) = way else {
            return false;
        };
        let held: BTreeSet<&str> = self
            .given
            .of(token)
            .map(|answer| leaf(names.name(answer.field)))
            .collect();
        held.len() >= MAX_PLACES && !held.contains(leaf(names.name(sent)))
    }

    /// The response that first answered a value, if that was before `moment` and before any request
    /// sent it.
    fn giver(&self, token: Token, moment: Moment) -> Option<Answer> {
        let first = self.given.of(token).min()?;
        let sent = self.sent.get(&token);
        let linkable = self.is_linkable(token);
        let sent_before = sent.is_some_and(|sent| Moment::from(sent.first) <= first.at);
        (linkable && first.at < moment && !sent_before).then_some(first)
    }

    /// The parameters that carried a value, of those that did first.
    fn params_of(&self, token: Token) -> impl Iterator<Item = (Place, Name)> {
        let sent = self.sent.get(&token);
        let further = sent
            .filter(|sent| sent.further)
            .and_then(|_| self.further.get(&token));
        let first = sent.and_then(|sent| sent.param);
        first
            .into_iter()
            .chain(further.into_iter().flatten().copied())
    }

    /// The position of the entry that first answered a value, if that was before `moment`.
    pub(super) fn given_by(&self, token: Token, moment: Moment) -> Option<usize> {
        let first = self.given.of(token).min()?;
        (first.at < moment).then_some(first.at.1)
    }

    /// The calls whose parameters bring back what an answer gave before.
    pub(super) fn bringing_back(&self) -> HashSet<usize> {
        let sent = self.sent_in_params.iter();
        sent.filter(|((token, _, place, _), last)| {
            !matches!(place, Place::Header | Place::Cookie)
                && self.given.is_linkable(*token)
                && self.given_by(*token, (**last).into()).is_some()
        })
        .map(|((_, call, ..), _)| *call as usize)
        .collect()
    }

    /// For each call and segment, where its values were seen elsewhere.
    pub(super) fn stats(&self, calls: &[&CallKey], names: &Names) -> Vec<Vec<SegmentStats>> {
        let mut stats: Vec<Vec<SegmentStats>> = calls
            .iter()
            .map(|call| vec![SegmentStats::default(); call.segments.len()])
            .collect();
        for ((call, position, piece, token), value) in &self.segments {
            let Some(segment) = stats
                .get_mut(*call as usize)
                .and_then(|segments| segments.get_mut(*position as usize))
            else {
                continue;
            };
            let origins = match piece.checked_sub(1) {
                None => {
                    segment.distinct = (segment.distinct + 1).min(MAX_DISTINCT);
                    &mut segment.origins
                }
                Some(part) => {
                    let part = part as usize;
                    if segment.parts.len() <= part {
                        segment.parts.resize(part + 1, BTreeMap::new());
                    }
                    &mut segment.parts[part]
                }
            };
            let mut add = |origin: Origin| {
                *origins.entry(origin).or_default() += value.requests;
            };
            for echo in value.echoes() {
                add(Origin::Echo(names.name(echo).to_owned()));
            }
            for answer in self.given.of(*token) {
                if answer.at < value.last.into() {
                    add(Origin::Response(names.name(answer.field).to_owned()));
                }
            }
            for (place, name) in self.params_of(*token) {
                add(Origin::Request(place, names.name(name).to_owned()));
            }
        }
        stats
    }
}

/// The table `lineage.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    refuted_by: usize,
}

/// Whether so many values that came from elsewhere make those that came from a response chance.
pub(super) fn is_refuted(support: usize, against: usize) -> bool {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("lineage.toml")).expect("lineage.toml is valid")
    });
    against > support.saturating_mul(rules.refuted_by)
}

/// Whether a value can come back elsewhere: a text or a number.
fn is_text(value: &Value) -> bool {
    matches!(value.kind, Kind::String | Kind::Integer | Kind::Number)
}

/// Keeps the last moment of a key, unless the table is full.
fn note_last<K: Eq + Hash>(table: &mut HashMap<K, Stamp>, key: K, at: Moment, room: usize) {
    let at = Stamp::from(at);
    if table.len() < room {
        let last = table.entry(key).or_insert(at);
        *last = (*last).max(at);
    } else if let Some(last) = table.get_mut(&key) {
        *last = (*last).max(at);
    }
}

/// The values of a path that the response holds too, with the fields.
struct Echoes {
    /// The values of the path.
    path: Vec<Token>,
    /// Most others are told from all of them by a few bits.
    bits: u64,
    found: Vec<(Token, u32)>,
}

impl Echoes {
    /// Those of an exchange, none of which is noted yet.
    fn of(exchange: &Exchange) -> Self {
        let segments = exchange.segments.iter();
        let path: Vec<Token> = segments
            .flat_map(|segment| {
                std::iter::once(segment.token()).chain(segment.parts().iter().copied())
            })
            .collect();
        Echoes {
            bits: path.iter().fold(0, |bits, token| bits | Self::bit(*token)),
            path,
            found: Vec::new(),
        }
    }

    fn bit(token: Token) -> u64 {
        1 << (token.0 & 63)
    }

    /// Takes a value of the response.
    #[inline]
    fn note(&mut self, text: &TextSeen) {
        if self.bits & Self::bit(text.token) != 0 && self.path.contains(&text.token) {
            self.found.push((text.token, text.field));
        }
    }

    /// Each value and field once, in the fields' order.
    fn in_order(mut self) -> Vec<(Token, u32)> {
        self.found
            .sort_unstable_by_key(|(token, field)| (*field, token.0));
        self.found.dedup();
        self.found
    }
}
