//! Lineage: which values of responses come back in later requests.
//!
//! Everything is kept as tokens and decided when the capture has ended, by when each request
//! started, so the order of entries in the file does not matter. Memory is bounded: once a table is
//! full, values not seen before are left out.

mod echoes;
mod links;

use std::hash::Hash;

use foldhash::{HashMap, HashSet};

use crate::scope::{Exchange, Place};
use crate::value::{Kind, Token, Value};

use super::answers::{Answers, Call, Given};
use super::flows::narrow;
use super::moment::{Moment, Stamp, moment};
use super::names::{Name, Names};
use super::short::ShortIds;
use super::sources::{Source, Sources};

use echoes::Echoes;

pub(super) use links::is_refuted;

/// Places remembered for each value.
pub(super) const MAX_PLACES: usize = 4;
/// Of the values that are followed, so many times fewer are short ids.
const SHORT_SHARE: usize = 4;
/// So many times as many fields that hold a value are kept as values that are followed.
const FIELDS_SHARE: usize = 2;

/// What is known of a value that requests sent.
struct Sent {
    /// When a request first sent it, and whose that was.
    first: Stamp,
    source: Source,
    linkable: bool,
    /// Whether there is more in [`Lineage::further`].
    further: bool,
    /// The first parameter that carried it.
    param: Option<(Place, Name)>,
}

/// The last request that sent something.
type Last = (Stamp, Source);

/// A request that sends something: when, and of which source.
type Sending = (Moment, Source);

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
    /// When other sources first sent a value.
    elsewhere: HashMap<Token, Vec<(Source, Stamp)>>,
    sources: Sources,
    /// Further parameters that carried a value; most are sent under one name only.
    further: HashMap<Token, Vec<(Place, Name)>>,
    /// By call, position, piece (0: the whole segment, then its parts) and value.
    segments: HashMap<(Call, u32, u32, Token), SegmentValue>,
    /// When each place last sent a value, and whose that was.
    sent_in_params: HashMap<(Token, Call, Place, Name), Last>,
    sent_in_path: HashMap<(Token, Call, u32), Last>,
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
            elsewhere: HashMap::default(),
            sources: Sources::default(),
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
        let source = self.sources.of(exchange);
        let host = self.sources.host_of(source);
        let mut echoes = Echoes::of(exchange);
        let short = &mut self.short;
        let texts = exchange.fields.texts().iter().filter_map(|text| {
            let field = *fields.get(text.field as usize)?;
            echoes.note(text);
            if !text.linkable {
                short.answered((text.token, field), host, at, call, names);
            }
            Some((text.token, field, text.linkable))
        });
        self.answers.add(at, (narrow(call), source), texts);
        let echoes = echoes.in_order();
        let sending = (at, source);
        self.add_path(narrow(call), exchange, fields, sending, &echoes);
        self.add_params(narrow(call), exchange, params, names, sending);
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
        let source = self.sources.of(exchange);
        let host = self.sources.host_of(source);
        let mut given: Vec<(Token, Name, bool)> = Vec::with_capacity(exchange.given.len());
        for value in &exchange.given {
            let field = names.number(&value.field());
            if value.linkable {
                given.push((value.token, field, true));
            } else {
                self.short.give((value.token, field), host, at, call);
            }
        }
        let call = narrow(call);
        if !given.is_empty() {
            self.answers.add(at, (call, source), given.into_iter());
        }
        for carried in &exchange.carried {
            let name = names.number(&carried.name);
            if names.is_fleeting(name) {
                continue;
            }
            if self.send(carried.token, (at, source)).is_some() {
                let key = (carried.token, call, carried.place, name);
                note_last(&mut self.sent_in_params, key, (at, source), self.room);
            }
        }
    }

    /// Notes that a request sent a value.
    fn send(&mut self, token: Token, (at, source): Sending) -> Option<&mut Sent> {
        let room = self.sent.len() < self.room;
        let at = Stamp::from(at);
        let known = match self.sent.get_mut(&token) {
            None if !room => {
                self.left_out += 1;
                return None;
            }
            Some(_) | None => self.sent.entry(token).or_insert_with(|| Sent {
                first: at,
                source,
                linkable: false,
                further: false,
                param: None,
            }),
        };
        if known.source == source {
            known.first = known.first.min(at);
        } else {
            // The earlier one stays here.
            let mut other = (source, at);
            if at < known.first {
                other = (known.source, known.first);
                (known.source, known.first) = (source, at);
            }
            note_first(self.elsewhere.entry(token).or_default(), other);
        }
        Some(known)
    }

    fn add_path(
        &mut self,
        call: Call,
        exchange: &Exchange,
        fields: &[Name],
        sending: Sending,
        echoes: &[(Token, u32)],
    ) {
        for (position, segment) in (0..).zip(&exchange.segments) {
            let tokens = std::iter::once(segment.token()).chain(segment.parts().iter().copied());
            for (piece, token) in (0..).zip(tokens) {
                self.send(token, sending);
                note_last(
                    &mut self.sent_in_path,
                    (token, call, position),
                    sending,
                    self.room,
                );
                let key = (call, position, piece, token);
                if self.segments.len() >= self.room && !self.segments.contains_key(&key) {
                    continue;
                }
                let value = self.segments.entry(key).or_default();
                value.requests += 1;
                value.last = value.last.max(sending.0.into());
                let echoes = echoes.iter().filter(|(echo, _)| *echo == token);
                for (_, field) in echoes.take(MAX_PLACES) {
                    if let Some(name) = fields.get(*field as usize) {
                        value.echo(*name);
                    }
                }
            }
        }
    }

    /// Takes the parameters of an exchange, whose names have these numbers. Times and signatures bring
    /// nothing back, and would take the room of others.
    fn add_params(
        &mut self,
        call: Call,
        exchange: &Exchange,
        numbers: &[Name],
        names: &Names,
        sending: Sending,
    ) {
        for (param, name) in exchange.params.iter().zip(numbers) {
            if !is_text(&param.value) || names.is_fleeting(*name) {
                continue;
            }
            let token = param.value.token;
            let Some(known) = self.send(token, sending) else {
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
            note_last(&mut self.sent_in_params, key, sending, self.room);
        }
    }
}

/// Whether a value can come back elsewhere: a text or a number.
fn is_text(value: &Value) -> bool {
    matches!(value.kind, Kind::String | Kind::Integer | Kind::Number)
}

/// Keeps the first moment of each source.
fn note_first(firsts: &mut Vec<(Source, Stamp)>, (source, at): (Source, Stamp)) {
    if let Some((_, first)) = firsts.iter_mut().find(|(known, _)| *known == source) {
        *first = (*first).min(at);
    } else {
        firsts.push((source, at));
    }
}

/// Keeps the last request of a key, unless the table is full.
fn note_last<K: Eq + Hash>(
    table: &mut HashMap<K, Last>,
    key: K,
    (at, source): Sending,
    room: usize,
) {
    let new = (Stamp::from(at), source);
    if table.len() < room {
        let last = table.entry(key).or_insert(new);
        *last = (*last).max(new);
    } else if let Some(last) = table.get_mut(&key) {
        *last = (*last).max(new);
    }
}
