//! The same request made again and again: polls, retries, duplicates, and states that changed
//! from one answer to the next.

use foldhash::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::scope::{Exchange, Protocol};
use crate::value::{ConstantRules, Privacy, Token};

use super::causes::{Causes, turns};
use super::evidence::CallKey;
use super::judge::Judge;
use super::manner::Manner;
use super::moment::{Moment, moment};
use super::names::{Name, Names};
use super::observed::Observed;
use super::poll::merged;
use super::series::{Fingerprints, subjects};
use super::things::Things;
use super::writes::{Write, Writes};

/// Of one request so many times fewer calls are kept than distinct requests, but these at least.
const ONE_SHARE: usize = 6;
const LEAST_CALLS: usize = 100;
/// So many times as many calls as distinct requests are kept in all.
const CALLS_SHARE: usize = 2;
/// Makers of one request that are told apart.
const MAX_MAKERS: usize = 64;
/// Of the states that are kept, so many times fewer are calls before changes.
const CAUSES_SHARE: usize = 4;
/// Constants compared between two answers of one request.
const MAX_WORDS: usize = 24;

/// Requests that only repeated another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeats {
    /// The same request again soon after it failed.
    pub retries: usize,
    /// Of these, those that went well.
    pub recovered: usize,
    /// The same request again within a second although it went well.
    pub duplicates: usize,
}

impl Repeats {
    /// Whether there were none.
    pub(super) fn is_none(&self) -> bool {
        *self == Repeats::default()
    }

    /// Adds the counts of another one.
    pub(super) fn merge(&mut self, other: Repeats) {
        self.retries += other.retries;
        self.recovered += other.recovered;
        self.duplicates += other.duplicates;
    }
}

/// One call of a series.
pub(super) struct Call {
    pub(super) at: Moment,
    /// Who made it, as far as a credential says.
    pub(super) who: Option<Token>,
    pub(super) failed: bool,
    /// Whether it failed in a way that trying again may help.
    pub(super) passing: bool,
    /// What it does.
    pub(super) manner: Manner,
    /// Constants of the answer that stand in no list.
    pub(super) words: Box<[Constant]>,
}

/// A constant of an answer.
pub(super) struct Constant {
    pub(super) field: Name,
    /// Whether the field is named as a state.
    pub(super) state: bool,
    pub(super) word: SmolStr,
}

/// All calls of one request. Most requests are made once, so this is what decides the memory in use.
struct Series {
    first: Call,
    again: Option<Box<Repeated>>,
}

/// A request that was made again.
pub(super) struct Repeated {
    pub(super) host: Token,
    pub(super) subjects: Vec<Token>,
    pub(super) calls: Vec<Call>,
}

impl Repeated {
    /// The calls of each maker: what two users wait for is not the same.
    fn by_maker(&self) -> Vec<Vec<&Call>> {
        let mut makers: Vec<Vec<&Call>> = Vec::new();
        for call in &self.calls {
            let room = makers.len() < MAX_MAKERS;
            match makers.iter_mut().find(|calls| calls[0].who == call.who) {
                Some(calls) => calls.push(call),
                None if room => makers.push(vec![call]),
                None => {}
            }
        }
        makers
    }
}

/// The repeated calls of one capture while it is read.
pub(super) struct Polls {
    /// How many distinct requests are followed.
    room: usize,
    /// Requests that there was no room for.
    pub(super) left_out: usize,
    series: HashMap<(usize, Token), Series>,
    /// Calls kept of requests that were made again.
    repeated: usize,
    writes: Vec<Write>,
    things: Things,
    /// Calls before changes that are kept.
    causes: usize,
    /// The rules of which values may be shown, where they are not the built-in ones.
    rules: Option<Box<ConstantRules>>,
}

impl Polls {
    /// Follows so many distinct requests, and keeps so many states.
    pub(super) fn new(room: usize, states: usize, privacy: &Privacy) -> Self {
        let said = !privacy.is_empty();
        Polls {
            room,
            rules: said.then(|| Box::new(ConstantRules::with_privacy(privacy))),
            left_out: 0,
            series: HashMap::default(),
            repeated: 0,
            writes: Vec::new(),
            things: Things::new(states),
            causes: (states / CAUSES_SHARE).max(1),
        }
    }

    /// Takes one exchange of the given call.
    pub(super) fn add(
        &mut self,
        call: usize,
        exchange: &Exchange,
        fields: &[Name],
        names: &Names,
        fingerprints: &Fingerprints,
    ) {
        let at = moment(exchange);
        let host = fingerprints.text(&exchange.host);
        let key = (call, fingerprints.of(exchange, |_| true));
        self.things
            .add(call, exchange, key.1, fields, names, fingerprints);
        self.add_call(key, exchange, fields, host);
        if exchange.writes && self.writes.len() < self.room {
            self.writes.push(Write {
                at,
                call,
                host,
                subjects: subjects(exchange).into_boxed_slice(),
            });
        }
    }

    fn add_call(&mut self, key: (usize, Token), exchange: &Exchange, fields: &[Name], host: Token) {
        // Of the first call only states are looked at.
        let call = |all: bool| Call {
            at: moment(exchange),
            who: exchange.identity,
            failed: exchange.status.is_some_and(|status| status >= 400) || lacks_data(exchange),
            passing: exchange.status.is_some_and(may_pass)
                || !exchange.document && lacks_data(exchange),
            manner: Manner::of_one(exchange),
            words: words(exchange, all, fields).into_boxed_slice(),
        };
        let Some(series) = self.series.get_mut(&key) else {
            if self.series.len() < self.room {
                let (first, again) = (call(false), None);
                self.series.insert(key, Series { first, again });
            } else {
                self.left_out += 1;
            }
            return;
        };
        if self.repeated >= self.room.saturating_mul(CALLS_SHARE) {
            self.left_out += 1;
            return;
        }
        let again = series.again.get_or_insert_with(|| {
            Box::new(Repeated {
                host,
                subjects: subjects(exchange),
                calls: Vec::with_capacity(1),
            })
        });
        if again.calls.len() >= LEAST_CALLS.max(self.room / ONE_SHARE) {
            self.left_out += 1;
            return;
        }
        again.calls.push(call(true));
        self.repeated += 1;
    }

    /// Writes what was repeated into what was observed of each call.
    /// Gives the calls that came before states changed.
    pub(super) fn finish(
        self,
        observed: &mut [Observed],
        calls: &[&CallKey],
        names: &Names,
    ) -> Causes {
        let mut causes = Causes::new(self.causes);
        let writes = Writes::new(self.writes);
        for ((call, _), Series { first, again }) in self.series {
            let (Some(observed), Some(mut series)) = (observed.get_mut(call), again) else {
                continue;
            };
            series.calls.insert(0, first);
            series.calls.sort_by_key(|call| call.at);
            let judge = Judge {
                call,
                manner: Manner::of(calls[call], &series.calls),
                series: &series,
                names,
                writes: &writes,
                rules: self.rules.as_deref().unwrap_or(ConstantRules::built_in()),
            };
            let mut polled = false;
            for calls in series.by_maker() {
                count_changes(&calls, names, observed);
                judge.note_causes(&calls, &mut causes);
                let poll = judge.poll(&calls);
                polled |= poll.is_some();
                observed.poll = merged(observed.poll.take(), poll);
            }
            observed.repeats.merge(judge.repeats(polled));
        }
        causes.left_out += self.things.left_out;
        self.things
            .finish(observed, calls, names, &writes, &mut causes);
        causes
    }
}

/// The constants of an answer that stand in no list: those of states, and of the others the first
/// few if `all` are asked for.
fn words(exchange: &Exchange, all: bool, names: &[Name]) -> Vec<Constant> {
    let mut words = Vec::new();
    for (at, seen) in exchange.fields.iter() {
        let (Some(name), Some(field)) = (exchange.fields.form().get(at), names.get(at)) else {
            continue;
        };
        let wanted = name.state || all && words.len() < MAX_WORDS;
        if !wanted || name.path.contains("[]") {
            continue;
        }
        if let Some(word) = exchange.fields.first_word(seen) {
            words.push(Constant {
                field: *field,
                state: name.state,
                word: word.clone(),
            });
        }
    }
    words
}

/// Counts the changes of each state field.
fn count_changes(calls: &[&Call], names: &Names, observed: &mut Observed) {
    for turn in turns(calls) {
        let change = (turn.from.1.to_string(), turn.to.1.to_string());
        *observed
            .transitions
            .entry(names.name(turn.field).to_owned())
            .or_default()
            .entry(change)
            .or_default() += 1;
    }
}

/// Whether a GraphQL operation was answered with errors and without data, which HTTP calls a success; a server that
/// does not know the hash that stands for a document asks for the document so.
fn lacks_data(exchange: &Exchange) -> bool {
    let graphql = exchange.operation.as_ref();
    if graphql.is_none_or(|operation| operation.protocol != Protocol::Graphql) {
        return false;
    }
    let form = exchange.fields.form();
    let mut paths = exchange.fields.iter().filter_map(|(at, _)| form.get(at));
    let mut errors = false;
    let data = paths.any(|field| {
        errors |= field.path.starts_with("errors[]");
        field.path.starts_with("data.")
    });
    errors && !data
}

/// Whether a request that is answered so may go well a little later.
fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}
