//! Long polls: requests that the server holds until there is news, one right behind the other.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::scope::{Exchange, always_writes};
use crate::value::Token;

use super::judge::{median, rules};
use super::observed::Observed;
use super::poll::Poll;

/// A call and who makes it.
type Waiter = (usize, Option<Token>);

/// A request that took long.
#[derive(Clone, Copy)]
struct Held {
    /// In microseconds since 1970 UTC.
    from: i64,
    until: i64,
}

/// The requests of one capture that took long, while it is read.
pub(super) struct Waits {
    held: HashMap<Waiter, Vec<Held>>,
    kept: usize,
    /// How many are kept.
    room: usize,
    /// Requests that there was no room for.
    pub(super) left_out: usize,
}

impl Waits {
    /// Keeps so many requests.
    pub(super) fn new(room: usize) -> Self {
        Waits {
            held: HashMap::default(),
            kept: 0,
            room,
            left_out: 0,
        }
    }

    /// Takes one exchange of the given call.
    pub(super) fn add(&mut self, call: usize, exchange: &Exchange) {
        let (Some(from), Some(took)) = (exchange.at, exchange.took_ms) else {
            return;
        };
        // What writes is no poll, and one that had news early is a long poll as well.
        if always_writes(&exchange.method) || u64::from(took) * 4 < rules().held_ms {
            return;
        }
        if self.kept >= self.room {
            self.left_out += 1;
        } else {
            self.kept += 1;
            let held = self.held.entry((call, exchange.identity)).or_default();
            let until = from + i64::from(took) * 1_000;
            held.push(Held { from, until });
        }
    }

    /// Marks the calls that are long polls.
    pub(super) fn finish(self, observed: &mut [Observed]) {
        let mut calls: Vec<(Waiter, Vec<Held>)> = self.held.into_iter().collect();
        calls.sort_by_key(|((call, _), held)| (*call, held.first().map(|held| held.from)));
        for ((call, _), mut held) in calls {
            held.sort_by_key(|held| (held.from, held.until));
            let (Some(observed), Some(poll)) = (observed.get_mut(call), long_poll(&held)) else {
                continue;
            };
            match &mut observed.poll {
                Some(known) if known.calls >= poll.calls => known.held = true,
                known => *known = Some(poll),
            }
        }
    }
}

/// The longest row of requests of which each began right when the one before it ended.
fn long_poll(held: &[Held]) -> Option<Poll> {
    let rules = rules();
    let pause = i64::try_from(rules.held_pause_ms * 1_000).unwrap_or(i64::MAX);
    let follows = |a: &Held, b: &Held| (b.from - a.until).abs() <= pause;
    let row = held.chunk_by(follows).max_by_key(|row| row.len())?;
    let took: Vec<u64> = row.iter().map(|held| ms(held.from, held.until)).collect();
    let gaps: Vec<u64> = row
        .windows(2)
        .map(|pair| ms(pair[0].from, pair[1].from))
        .collect();
    let long = row.len() >= rules.min_calls && median(&took) >= rules.held_ms;
    long.then(|| Poll {
        calls: row.len(),
        interval_ms: median(&gaps),
        change: None,
        held: true,
        values: Vec::new(),
        ends: BTreeMap::new(),
    })
}

fn ms(from: i64, until: i64) -> u64 {
    until.abs_diff(from) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(times: &[(i64, i64)]) -> Vec<Held> {
        let held = |(from, took): &(i64, i64)| Held {
            from: from * 1_000_000,
            until: (from + took) * 1_000_000,
        };
        times.iter().map(held).collect()
    }

    #[test]
    fn requests_that_are_held_one_behind_the_other_are_long_polls() {
        let poll = long_poll(&row(&[(0, 30), (30, 30), (60, 12), (72, 30)]));
        assert_eq!(
            poll.map(|poll| (poll.calls, poll.interval_ms)),
            Some((4, 30_000))
        );
        // Slow, but not one behind the other.
        assert_eq!(long_poll(&row(&[(0, 30), (50, 30), (100, 30)])), None);
        assert_eq!(long_poll(&row(&[(0, 2), (2, 2), (4, 2)])), None);
    }
}
