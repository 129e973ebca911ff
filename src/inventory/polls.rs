//! The same request made again and again: polls, retries, duplicates, and states that changed
//! from one answer to the next.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use foldhash::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::scope::Exchange;
use crate::value::{ConstantRules, Privacy, Token};

use super::evidence::CallKey;
use super::lineage::{Moment, moment};
use super::names::{Name, Names};
use super::observed::{Observed, Poll};
use super::series::{Fingerprints, subjects};
use super::things::Things;
use super::writes::{Write, Writes};

/// Calls kept of each distinct request.
const MAX_CALLS: usize = 10_000;
/// So many times as many calls as distinct requests are kept in all.
const CALLS_SHARE: usize = 2;
/// Makers of one request that are told apart.
const MAX_MAKERS: usize = 64;
/// Writes named for each change, and as many before it.
pub(super) const MAX_CAUSES: usize = 4;
/// Of the states that are kept, so many times fewer are calls before changes.
const CAUSES_SHARE: usize = 4;
/// Constants compared between two answers of one request.
const MAX_WORDS: usize = 24;

/// The table `polls.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub(super) min_calls: usize,
    min_gap_ms: u64,
    max_gap_ms: u64,
    steady_ratio: f64,
    steady_share: f64,
    min_growth: f64,
    max_growth: f64,
    max_touched_share: f64,
    pub(super) held_ms: u64,
    pub(super) held_pause_ms: u64,
    retry_ms: u64,
    duplicate_ms: u64,
}

pub(super) fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("polls.toml")).expect("polls.toml is valid")
    })
}

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
struct Call {
    at: Moment,
    /// Who made it, as far as a credential says.
    who: Option<Token>,
    failed: bool,
    /// Whether it failed in a way that trying again may help.
    passing: bool,
    /// Constants of the answer that stand in no list.
    words: Box<[Constant]>,
}

/// A constant of an answer.
struct Constant {
    field: Name,
    /// Whether the field is named as a state.
    state: bool,
    word: SmolStr,
}

/// All calls of one request. Most requests are made once, so this is what decides the memory in use.
struct Series {
    first: Call,
    again: Option<Box<Repeated>>,
}

/// A request that was made again.
struct Repeated {
    host: Token,
    subjects: Vec<Token>,
    calls: Vec<Call>,
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
            failed: exchange.status.is_some_and(|status| status >= 400),
            passing: exchange.status.is_some_and(may_pass),
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
        if again.calls.len() + 1 < MAX_CALLS {
            again.calls.push(call(true));
            self.repeated += 1;
        }
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
                observed.poll = super::observed::longer(observed.poll.take(), poll);
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

/// A call that came before a state changed, with names as numbers and calls by their positions.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    /// The call that showed the state.
    pub(super) read: usize,
    pub(super) field: Name,
    /// Before and after.
    pub(super) values: (SmolStr, SmolStr),
    pub(super) by: usize,
    /// How many calls back before the first value was read; 0 if it was made in between.
    pub(super) back: usize,
}

/// Calls before changes, and how often each came.
pub(super) struct Causes {
    room: usize,
    /// Those that there was no room for.
    pub(super) left_out: usize,
    kept: BTreeMap<Cause, usize>,
}

impl Causes {
    fn new(room: usize) -> Self {
        Causes {
            room,
            left_out: 0,
            kept: BTreeMap::new(),
        }
    }

    /// Which are kept of too many is decided by their order alone.
    pub(super) fn note(&mut self, cause: Cause) {
        *self.kept.entry(cause).or_default() += 1;
        if self.kept.len() > self.room {
            let gone = self.kept.pop_last();
            self.left_out += gone.map_or(0, |(_, count)| count);
        }
    }

    /// Those that are kept.
    pub(super) fn into_kept(self) -> BTreeMap<Cause, usize> {
        self.kept
    }
}

/// A state that changed between two calls.
struct Turn<'c> {
    field: Name,
    from: (&'c Call, &'c SmolStr),
    to: (&'c Call, &'c SmolStr),
}

/// The changes of each state field.
fn turns<'c>(calls: &[&'c Call]) -> Vec<Turn<'c>> {
    let mut last: BTreeMap<Name, (&Call, &SmolStr)> = BTreeMap::new();
    let mut turns = Vec::new();
    for call in calls {
        // What an error says of itself (`status: 503`) is no state.
        let words = call.words.iter().filter(|_| !call.failed);
        for known in words.filter(|known| known.state) {
            if let Some(from) = last.insert(known.field, (call, &known.word))
                && *from.1 != known.word
            {
                turns.push(Turn {
                    field: known.field,
                    from,
                    to: (call, &known.word),
                });
            }
        }
    }
    turns
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

/// A field that changed over a series.
struct Change {
    field: String,
    state: bool,
    values: Vec<String>,
}

/// Judges one series.
struct Judge<'a> {
    call: usize,
    series: &'a Repeated,
    names: &'a Names,
    writes: &'a Writes,
    rules: &'a ConstantRules,
}

impl Judge<'_> {
    /// The poll that a series is. Calls that are there because others failed do not make one.
    fn poll(&self, all: &[&Call]) -> Option<Poll> {
        let poll = self.poll_of(all)?;
        let lasting: Vec<&Call> = all.iter().copied().filter(|call| !call.passing).collect();
        if lasting.len() < all.len() {
            self.poll_of(&lasting)?;
        }
        Some(poll)
    }

    /// Calls are a poll if their gaps are short and near-constant or grow as in a backoff, or a state
    /// changed while nothing else was done about the same thing.
    fn poll_of(&self, calls: &[&Call]) -> Option<Poll> {
        let rules = rules();
        let calls = self.polled(calls)?;
        if calls.iter().all(|call| call.failed) {
            return None;
        }
        let gaps = gaps(calls);
        let usual = median(&gaps);
        let even = share(&gaps, |gap| is_near(*gap, usual)) >= rules.steady_share;
        let in_bounds = usual <= rules.max_gap_ms;
        let timed = calls.iter().all(|call| call.at.0 != i64::MIN);
        let steady = timed
            && in_bounds
            && usual >= rules.min_gap_ms
            && (even || backs_off(&gaps))
            && calls.len() >= rules.min_calls;
        let change = self.change(calls, steady);
        let state = change.as_ref().is_some_and(|change| change.state);
        if !(steady || state && in_bounds) {
            return None;
        }
        let ends = change.as_ref().and_then(|change| {
            let (from, to) = (change.values.first()?, change.values.last()?);
            Some((change.field.clone(), from.clone(), to.clone()))
        });
        Some(Poll {
            calls: calls.len(),
            interval_ms: usual,
            change: ends,
            held: false,
            values: change.map_or_else(Vec::new, |change| change.values),
        })
    }

    /// The calls without those at both ends that something else explains: a write about the same
    /// thing before them, or a gap of another size. `None` if writes explain most of them.
    fn polled<'c>(&self, calls: &'c [&'c Call]) -> Option<&'c [&'c Call]> {
        let rules = rules();
        let mut calls = calls;
        loop {
            let gaps = gaps(calls);
            let usual = median(&gaps);
            let grows = backs_off(&gaps);
            let odd = |at: usize| {
                let uneven = !grows && gaps.len() >= rules.min_calls && !is_near(gaps[at], usual);
                self.touched(calls[at], calls[at + 1])
                    || gaps[at] > rules.max_gap_ms
                    || uneven && gaps[at] > usual
            };
            if calls.len() >= 2 && odd(0) {
                calls = &calls[1..];
            } else if calls.len() >= 2 && odd(calls.len() - 2) {
                calls = &calls[..calls.len() - 1];
            } else {
                break;
            }
        }
        if calls.len() < 2 {
            return None;
        }
        let pairs: Vec<&[&Call]> = calls.windows(2).collect();
        let touched = share(&pairs, |pair| self.touched(pair[0], pair[1]));
        (touched <= rules.max_touched_share).then_some(calls)
    }

    /// The writes about the same thing that came before each change: those in between, and the last
    /// ones before.
    fn note_causes(&self, calls: &[&Call], causes: &mut Causes) {
        for turn in turns(calls) {
            let about = &self.series.subjects;
            let ours = |write: &Write| self.concerns(write);
            let (from, to) = (turn.from.0.at, turn.to.0.at);
            let between = self.writes.between(about, (from, to), MAX_CAUSES, ours);
            let before = self.writes.before(about, from, MAX_CAUSES, ours);
            let before = before.into_iter().enumerate();
            let before = before.map(|(back, write)| (write, back + 1));
            for (write, back) in between.into_iter().map(|write| (write, 0)).chain(before) {
                causes.note(Cause {
                    read: self.call,
                    field: turn.field,
                    values: (turn.from.1.clone(), turn.to.1.clone()),
                    by: write.call,
                    back,
                });
            }
        }
    }

    /// Whether a write may concern the series: another call to the same host.
    fn concerns(&self, write: &Write) -> bool {
        write.call != self.call && write.host == self.series.host
    }

    /// Whether something was written about the same thing between two calls.
    fn touched(&self, from: &Call, to: &Call) -> bool {
        let about = &self.series.subjects;
        let ours = |write: &Write| self.concerns(write);
        self.writes.any_about_all(about, (from.at, to.at), ours)
    }

    /// The field that changed with its values in order: a state, else in a steady series what
    /// stayed the same until the last answer.
    fn change(&self, calls: &[&Call], steady: bool) -> Option<Change> {
        let mut values: Vec<(Name, bool, Vec<&SmolStr>)> = Vec::new();
        for known in calls.iter().flat_map(|call| call.words.iter()) {
            match values
                .iter_mut()
                .find(|(field, _, _)| *field == known.field)
            {
                Some((_, _, seen)) if seen.last() == Some(&&known.word) => {}
                Some((_, _, seen)) => seen.push(&known.word),
                None => values.push((known.field, known.state, vec![&known.word])),
            }
        }
        let word = |call: &Call, field: Name| {
            let mut words = call.words.iter();
            let known = words.find(|known| known.field == field)?;
            Some(known.word.clone())
        };
        let at_last = |field: Name| {
            let (Some(last), Some(before)) = (calls.last(), calls.iter().rev().nth(1)) else {
                return false;
            };
            word(last, field).is_some() && word(last, field) != word(before, field)
        };
        let state = values
            .iter()
            .find(|(_, state, seen)| *state && seen.len() > 1);
        let other = values.iter().filter(|_| steady).find(|(field, _, seen)| {
            seen.len() == 2 && at_last(*field) && self.may_show(*field, calls)
        });
        let (field, state, values) = state.or(other)?;
        Some(Change {
            field: self.names.name(*field).to_owned(),
            state: *state,
            values: values.iter().map(ToString::to_string).collect(),
        })
    }

    /// Whether the constants of a field may be shown, by its name and by how often they come.
    fn may_show(&self, field: Name, calls: &[&Call]) -> bool {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let words = calls.iter().flat_map(|call| call.words.iter());
        for known in words.filter(|known| known.field == field) {
            *counts.entry(known.word.to_string()).or_default() += 1;
        }
        self.rules.listable(self.names.name(field), &counts)
    }

    /// Retries and duplicates; the calls of a poll are no duplicates.
    fn repeats(&self, polled: bool) -> Repeats {
        let rules = rules();
        let mut repeats = Repeats::default();
        let calls: Vec<&Call> = self.series.calls.iter().collect();
        for (pair, gap) in calls.windows(2).zip(gaps(&calls)) {
            let timed = pair[0].at.0 != i64::MIN;
            // A poll may be told in errors that there is nothing yet.
            let waits = polled && !pair[0].passing;
            if pair[0].failed && !waits && gap <= rules.retry_ms {
                repeats.retries += 1;
                repeats.recovered += usize::from(!pair[1].failed);
            } else if timed
                && !polled
                && pair[0].who == pair[1].who
                && gap <= rules.duplicate_ms
                && !self.touched(pair[0], pair[1])
            {
                repeats.duplicates += 1;
            }
        }
        repeats
    }
}

/// The times between calls, in milliseconds; 0 where they are not known.
fn gaps(calls: &[&Call]) -> Vec<u64> {
    calls
        .windows(2)
        .map(|pair| {
            let (from, to) = (pair[0].at.0, pair[1].at.0);
            if from == i64::MIN {
                0
            } else {
                to.abs_diff(from) / 1_000
            }
        })
        .collect()
}

/// Whether each gap is longer than the one before it, by about the same factor.
#[expect(clippy::cast_precision_loss, reason = "gaps are far below 2^52 ms")]
fn backs_off(gaps: &[u64]) -> bool {
    let rules = rules();
    let factor = |pair: &[u64]| pair[1] as f64 / pair[0].max(1) as f64;
    let factors: Vec<f64> = gaps.windows(2).map(factor).collect();
    let mean = factors
        .iter()
        .product::<f64>()
        .powf(1.0 / factors.len().max(1) as f64);
    factors.len() >= rules.min_calls - 1
        && mean >= rules.min_growth
        && mean <= rules.max_growth
        && factors
            .iter()
            .all(|factor| *factor >= 1.0 && *factor <= mean * rules.steady_ratio)
}

/// Whether a request that is answered so may go well a little later.
fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

pub(super) fn median(gaps: &[u64]) -> u64 {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "gaps are far below 2^52 ms")]
fn is_near(gap: u64, usual: u64) -> bool {
    let ratio = rules().steady_ratio;
    let (gap, usual) = (gap as f64, usual as f64);
    gap <= usual * ratio && usual <= gap * ratio
}

#[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
fn share<T>(items: &[T], holds: impl Fn(&T) -> bool) -> f64 {
    if items.is_empty() {
        return 0.0;
    }
    items.iter().filter(|item| holds(item)).count() as f64 / items.len() as f64
}
