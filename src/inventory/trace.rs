//! The trace: in which order the calls of a capture were made, by session.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::Exchange;
use crate::value::Token;

use super::evidence::CallKey;
use super::lineage::Lineage;
use super::moment::{Moment, UNTIMED, moment};

/// Events kept of one capture, the earliest ones; equal ones in a row are one.
const MAX_EVENTS: usize = 8_192;
/// Events kept of all captures together: as many whole traces as fit.
pub(super) const MAX_EVENTS_IN_ALL: usize = 131_072;
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

/// Leaves traces out of a sum that has too many events, so that it does not grow with the number of captures.
///
/// Kept are those of the captures that come first by identity, up to the first that no longer fits; a capture
/// without a trace is one that was left out before. Identities are hashes of texts, so this is a sample that has nothing
/// to do with what the captures hold, and the same whatever was summed up first: who is left out of
/// a part is behind at least as many events in the whole.
pub(super) fn choose<'a>(
    traces: &mut BTreeMap<String, Trace>,
    mut captures: impl Iterator<Item = &'a String>,
    mut room: usize,
) {
    let end = captures.find(|id| {
        let events = traces.get(*id).map(|trace| trace.events.len());
        match events.and_then(|events| room.checked_sub(events)) {
            Some(left) => {
                room = left;
                false
            }
            None => true,
        }
    });
    if let Some(end) = end {
        traces.split_off(end);
    }
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

    /// What stands for those who made the calls.
    pub(super) fn makers(&self) -> impl Iterator<Item = Token> {
        self.seen.iter().filter_map(|seen| seen.who)
    }

    /// The trace, with calls by their position.
    pub(super) fn finish(mut self, calls: &[&CallKey], lineage: &Lineage) -> Trace {
        self.seen.sort_unstable_by_key(|seen| seen.at);
        self.seen.truncate(MAX_EVENTS * 2);
        let sessions = Sessions::new(calls, lineage).of(&self.seen);
        let mut times = self.seen.iter().map(|seen| seen.at.0);
        let start = times.find(|at| *at != UNTIMED).unwrap_or(UNTIMED);
        let since = |at: i64| at.max(start).abs_diff(start) / 1_000;
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
                after_ms: since(seen.at.0),
            });
        }
        trace
    }
}

/// A session while its requests come in.
struct Session<'a> {
    host: &'a str,
    who: Option<Token>,
    last: i64,
}

/// Puts requests into sessions: by host, by who makes them, and by pauses.
struct Sessions<'a> {
    calls: &'a [&'a CallKey],
    lineage: &'a Lineage,
    /// The sessions of each host, and those of them that began with nobody known.
    open: HashMap<&'a str, Vec<u32>>,
    unknown: HashMap<&'a str, Vec<u32>>,
    /// The session that somebody's requests to a host went to last.
    of_who: HashMap<(&'a str, Token), u32>,
    all: Vec<Session<'a>>,
    of_entry: HashMap<usize, Entry>,
    /// When each maker made the last request.
    last_of_who: HashMap<Token, i64>,
    /// The call that gave each maker's credential without one.
    login_of: HashMap<Token, u32>,
    /// Calls that send what an answer gave; one that gives a credential renews it.
    renewing: HashSet<usize>,
}

/// The session of a request that was put into one.
#[derive(Clone, Copy)]
struct Entry {
    session: u32,
    /// Its place among the requests.
    at: usize,
    /// The call.
    call: u32,
    /// Whether it carried a credential.
    known: bool,
}

impl<'a> Sessions<'a> {
    fn new(calls: &'a [&'a CallKey], lineage: &'a Lineage) -> Self {
        Sessions {
            calls,
            lineage,
            open: HashMap::default(),
            unknown: HashMap::default(),
            of_who: HashMap::default(),
            all: Vec::new(),
            of_entry: HashMap::default(),
            last_of_who: HashMap::default(),
            login_of: HashMap::default(),
            renewing: lineage.bringing_back(),
        }
    }

    /// The session of each request; they are in order of time.
    fn of(mut self, seen: &[Seen]) -> Vec<u32> {
        let mut sessions: Vec<u32> = Vec::with_capacity(seen.len());
        for seen in seen {
            if let Some(who) = seen.who {
                self.last_of_who.insert(who, seen.at.0);
            }
        }
        for seen in seen {
            let key = self.calls.get(seen.call as usize);
            let host = key.map_or("", |key| key.host.as_str());
            let session = self.find(host, seen).unwrap_or_else(|| {
                let session = self.start(host, seen);
                // Who logged in while somebody else was at work began there.
                let giver = self.giver(seen).filter(|giver| !giver.known);
                if let Some(of_giver) = giver.and_then(|giver| sessions.get_mut(giver.at)) {
                    *of_giver = session;
                }
                session
            });
            if let Some(known) = self.all.get_mut(session as usize) {
                known.last = seen.at.0;
                known.who = seen.who.or(known.who);
            }
            if let Some(who) = seen.who {
                self.of_who.insert((host, who), session);
                if !self.login_of.contains_key(&who)
                    && let Some(login) = self.giver(seen).filter(|giver| !giver.known)
                {
                    self.login_of.insert(who, login.call);
                }
            }
            let entry = Entry {
                session,
                at: sessions.len(),
                call: seen.call,
                known: seen.who.is_some(),
            };
            self.of_entry.insert(seen.at.1, entry);
            sessions.push(session);
        }
        sessions
    }

    /// The open session that a request belongs to: its maker's own, the one whose answer gave the
    /// credential, or one of which nobody knows yet who makes it. Without a credential it is the
    /// last one.
    fn find(&self, host: &'a str, seen: &Seen) -> Option<u32> {
        let Some(who) = seen.who else {
            return self.latest(self.open.get(host)?, seen, |_| true);
        };
        // Of the sessions of a host that are open, only one is somebody's own.
        let own = self.of_who.get(&(host, who)).copied();
        let is_own = |own: &u32| {
            let session = &self.all[*own as usize];
            session.who == Some(who) && session.host == host && self.is_open(*own, seen)
        };
        if let Some(own) = own.filter(is_own) {
            return Some(own);
        }
        let given = self.giver(seen).map(|giver| giver.session);
        let of_host = |session: u32| self.all[session as usize].host == host;
        given
            .filter(|session| self.is_open(*session, seen) && of_host(*session))
            .filter(|session| !self.is_anothers(*session, seen))
            .or_else(|| {
                let unknown = self.unknown.get(host)?;
                self.latest(unknown, seen, |session| session.who.is_none())
            })
    }

    /// The request whose answer gave a request's credential.
    fn giver(&self, seen: &Seen) -> Option<Entry> {
        let entry = self.lineage.given_by(seen.who?, seen.at)?;
        self.of_entry.get(&entry).copied()
    }

    /// Whether a session is that of somebody else and not of the same one under a new credential: who is
    /// still to make requests, or logged in where this one logs in, anew.
    fn is_anothers(&self, session: u32, seen: &Seen) -> bool {
        let owner = self.all[session as usize].who;
        let Some(other) = owner.filter(|who| Some(*who) != seen.who) else {
            return false;
        };
        let still_there = self
            .last_of_who
            .get(&other)
            .is_some_and(|last| *last > seen.at.0);
        let login = self.giver(seen).filter(|giver| !giver.known);
        let anew = login.is_some_and(|login| {
            self.login_of.get(&other) == Some(&login.call)
                && !self.renewing.contains(&(login.call as usize))
        });
        still_there || anew
    }

    /// Whether a request is not too late for a session.
    fn is_open(&self, session: u32, seen: &Seen) -> bool {
        let idle = i64::try_from(rules().idle_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        let last = self.all[session as usize].last;
        seen.at.0 == i64::MIN || seen.at.0.saturating_sub(last) <= idle
    }

    /// The one of some sessions that was used last.
    fn latest(
        &self,
        sessions: &[u32],
        seen: &Seen,
        wanted: impl Fn(&Session<'_>) -> bool,
    ) -> Option<u32> {
        let all = sessions.iter().copied();
        all.filter(|at| self.is_open(*at, seen) && wanted(&self.all[*at as usize]))
            .max_by_key(|at| (self.all[*at as usize].last, *at))
    }

    fn start(&mut self, host: &'a str, seen: &Seen) -> u32 {
        let new = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        if new >= MAX_SESSIONS {
            return new - 1;
        }
        self.all.push(Session {
            host,
            who: seen.who,
            last: seen.at.0,
        });
        self.open.entry(host).or_default().push(new);
        if seen.who.is_none() {
            self.unknown.entry(host).or_default().push(new);
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// A sum: the captures, and the traces of those that are kept.
    type Sum = (BTreeSet<String>, BTreeMap<String, Trace>);

    fn one(id: u8, events: usize) -> Sum {
        let event = Event::from((0, 0, 1, 0));
        let trace = Trace {
            calls: Vec::new(),
            events: vec![event; events],
        };
        let id = format!("{id:03}");
        (BTreeSet::from([id.clone()]), BTreeMap::from([(id, trace)]))
    }

    fn joined(mut a: Sum, b: Sum) -> Sum {
        a.0.extend(b.0);
        a.1.extend(b.1);
        choose(&mut a.1, a.0.iter(), 20);
        a
    }

    proptest! {
        /// However captures are shared out and joined, the same are kept, whole, and as many as fit.
        #[test]
        fn what_is_chosen_does_not_depend_on_the_way(
            captures in prop::collection::btree_map(0_u8..200, 0_usize..9, 1..20)
                .prop_map(|captures| captures.into_iter().collect::<Vec<_>>()).prop_shuffle(),
            joins in prop::collection::vec((0_usize..20, 0_usize..20), 20),
        ) {
            let mut sums: Vec<Sum> = captures.iter().map(|(id, events)| one(*id, *events)).collect();
            for (a, b) in joins {
                if sums.len() > 1 {
                    let a = sums.remove(a % sums.len());
                    let b = sums.remove(b % sums.len());
                    sums.push(joined(a, b));
                }
            }
            let (all, kept) = sums.into_iter().reduce(joined).unwrap();

            let mut sorted = captures;
            sorted.sort_unstable();
            let (mut room, mut expected) = (20, Vec::new());
            for (id, events) in &sorted {
                if *events > room {
                    break;
                }
                room -= events;
                expected.push(format!("{id:03}"));
            }
            prop_assert_eq!(all.len(), sorted.len());
            // A sum of one is never too large.
            prop_assert_eq!(kept.into_keys().collect::<Vec<_>>(), expected);
        }
    }
}
