//! The trace: in which order the calls of a capture were made, by session.

use std::sync::OnceLock;

use foldhash::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::Exchange;
use crate::value::Token;

use super::evidence::CallKey;
use super::lineage::{Lineage, Moment, moment};

/// Events kept of one capture, the earliest ones; equal ones in a row are one.
const MAX_EVENTS: usize = 8_192;
/// Sessions told apart in one capture; what is beyond belongs to the last.
const MAX_SESSIONS: u32 = 1_000;

/// The table `trace.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    idle_ms: u64,
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("trace.toml")).expect("trace.toml is valid")
    })
}

/// One call, or several equal ones in a row within their session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "(u32, u32, u32, u64)", into = "(u32, u32, u32, u64)")]
pub struct Event {
    /// The call: a position in [`Trace::calls`].
    pub call: u32,
    /// The session, counted from 0 by when it started.
    pub session: u32,
    /// How often in a row.
    pub times: u32,
    /// When it was first made, in milliseconds since the capture's first call.
    pub after_ms: u64,
}

impl From<(u32, u32, u32, u64)> for Event {
    fn from((call, session, times, after_ms): (u32, u32, u32, u64)) -> Self {
        Event {
            call,
            session,
            times,
            after_ms,
        }
    }
}

impl From<Event> for (u32, u32, u32, u64) {
    fn from(event: Event) -> Self {
        (event.call, event.session, event.times, event.after_ms)
    }
}

/// The calls of one capture in order. Values, and who made the calls, are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    /// The calls, in order of first appearance.
    pub calls: Vec<CallKey>,
    /// What happened, in order of time.
    pub events: Vec<Event>,
}

/// A request before sessions are known.
struct Seen {
    at: Moment,
    call: u32,
    who: Option<Token>,
}

/// The trace of one capture while it is read.
#[derive(Default)]
pub(super) struct Tracer {
    seen: Vec<Seen>,
}

impl Tracer {
    /// Takes one exchange of the given call.
    pub(super) fn add(&mut self, call: usize, exchange: &Exchange) {
        self.seen.push(Seen {
            at: moment(exchange),
            call: u32::try_from(call).unwrap_or(u32::MAX),
            who: exchange.identity,
        });
        // The earliest are kept whatever the order in the file.
        if self.seen.len() >= MAX_EVENTS * 4 {
            self.seen.sort_unstable_by_key(|seen| seen.at);
            self.seen.truncate(MAX_EVENTS * 2);
        }
    }

    /// The trace, with calls by their position.
    pub(super) fn finish(mut self, calls: &[&CallKey], lineage: &Lineage) -> Trace {
        self.seen.sort_unstable_by_key(|seen| seen.at);
        self.seen.truncate(MAX_EVENTS * 2);
        let sessions = Sessions::new(calls, lineage).of(&self.seen);
        let start = self.seen.first().map_or(0, |seen| seen.at.0);
        let mut trace = Trace::default();
        let mut positions: HashMap<u32, u32> = HashMap::default();
        let mut last: HashMap<u32, usize> = HashMap::default();
        for (seen, session) in self.seen.iter().zip(sessions) {
            let Some(key) = calls.get(seen.call as usize) else {
                continue;
            };
            let call = *positions.entry(seen.call).or_insert_with(|| {
                trace.calls.push((*key).clone());
                u32::try_from(trace.calls.len() - 1).unwrap_or(u32::MAX)
            });
            let before = last.get(&session).and_then(|at| trace.events.get_mut(*at));
            if let Some(event) = before.filter(|event| event.call == call) {
                event.times += 1;
                continue;
            }
            if trace.events.len() >= MAX_EVENTS {
                break;
            }
            last.insert(session, trace.events.len());
            trace.events.push(Event {
                call,
                session,
                times: 1,
                after_ms: seen.at.0.abs_diff(start) / 1_000,
            });
        }
        trace
    }
}

/// A session while its requests come in.
struct Session {
    who: Option<Token>,
    last: i64,
}

/// Puts requests into sessions: by host, by who makes them, and by pauses.
struct Sessions<'a> {
    calls: &'a [&'a CallKey],
    lineage: &'a Lineage,
    open: HashMap<&'a str, Vec<u32>>,
    all: Vec<Session>,
    of_entry: HashMap<usize, u32>,
}

impl<'a> Sessions<'a> {
    fn new(calls: &'a [&'a CallKey], lineage: &'a Lineage) -> Self {
        Sessions {
            calls,
            lineage,
            open: HashMap::default(),
            all: Vec::new(),
            of_entry: HashMap::default(),
        }
    }

    /// The session of each request; they are in order of time.
    fn of(mut self, seen: &[Seen]) -> Vec<u32> {
        let mut sessions = Vec::with_capacity(seen.len());
        for seen in seen {
            let host = self
                .calls
                .get(seen.call as usize)
                .map_or("", |key| key.host.as_str());
            let session = self
                .find(host, seen)
                .unwrap_or_else(|| self.start(host, seen));
            if let Some(known) = self.all.get_mut(session as usize) {
                known.last = seen.at.0;
                known.who = seen.who.or(known.who);
            }
            self.of_entry.insert(seen.at.1, session);
            sessions.push(session);
        }
        sessions
    }

    /// The open session that a request belongs to: its maker's own, the one whose answer gave the
    /// credential, or one of which nobody knows yet who makes it. Without a credential it is the
    /// last one.
    fn find(&self, host: &str, seen: &Seen) -> Option<u32> {
        let idle = i64::try_from(rules().idle_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        let open: Vec<u32> = self
            .open
            .get(host)?
            .iter()
            .copied()
            .filter(|at| {
                let session = &self.all[*at as usize];
                seen.at.0 == i64::MIN || seen.at.0.saturating_sub(session.last) <= idle
            })
            .collect();
        let latest = |wanted: &dyn Fn(&Session) -> bool| {
            open.iter()
                .copied()
                .filter(|at| wanted(&self.all[*at as usize]))
                .max_by_key(|at| (self.all[*at as usize].last, *at))
        };
        let Some(who) = seen.who else {
            return latest(&|_| true);
        };
        let given = self
            .lineage
            .given_by(who, seen.at)
            .and_then(|entry| self.of_entry.get(&entry).copied())
            .filter(|session| open.contains(session));
        latest(&|session| session.who == Some(who))
            .or(given)
            .or_else(|| latest(&|session| session.who.is_none()))
    }

    fn start(&mut self, host: &str, seen: &Seen) -> u32 {
        let new = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        if new >= MAX_SESSIONS {
            return new - 1;
        }
        self.all.push(Session {
            who: seen.who,
            last: seen.at.0,
        });
        let host = self
            .calls
            .iter()
            .find(|key| key.host == host)
            .map_or("", |key| key.host.as_str());
        self.open.entry(host).or_default().push(new);
        new
    }
}
