//! What a request that was made again and again is: a poll, a retry, a duplicate.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;
use smol_str::SmolStr;

use crate::value::ConstantRules;

use super::causes::{Cause, Causes, MAX_CAUSES, turns};
use super::manner::Manner;
use super::names::{Name, Names};
use super::poll::Poll;
use super::polls::{Call, Repeated, Repeats};
use super::writes::{Write, Writes};

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

/// A field that changed over a series.
struct Change {
    field: String,
    state: bool,
    values: Vec<String>,
}

/// Judges one series.
pub(super) struct Judge<'a> {
    /// The call that it is one of.
    pub(super) call: usize,
    /// What its calls do.
    pub(super) manner: Manner,
    pub(super) series: &'a Repeated,
    pub(super) names: &'a Names,
    pub(super) writes: &'a Writes,
    /// Which values may be shown.
    pub(super) rules: &'a ConstantRules,
}

impl Judge<'_> {
    /// The poll that a series is. Calls that are there because others failed do not make one, and what writes is
    /// done again rather than polled.
    pub(super) fn poll(&self, all: &[&Call]) -> Option<Poll> {
        if self.manner == Manner::Writes {
            return None;
        }
        let poll = self.poll_of(all)?;
        let lasting: Vec<&Call> = all.iter().copied().filter(|call| !call.passing).collect();
        if lasting.len() < all.len() {
            self.poll_of(&lasting)?;
        }
        Some(poll)
    }

    /// Calls are a poll if their gaps are short and near-constant or grow as in a backoff, or a state
    /// changed while nothing else was done about the same thing. Of those that may write only a state tells, or that
    /// all failed until the last one.
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
        let waits = self.manner == Manner::Reads || fail_until_last(calls);
        if !(steady && waits || state && in_bounds) {
            return None;
        }
        let ends = change.as_ref().and_then(|change| {
            let (from, to) = (change.values.first()?, change.values.last()?);
            Some((change.field.clone(), from.clone(), to.clone()))
        });
        let last = ends.iter();
        let last =
            last.map(|(field, _, last)| (field.clone(), BTreeMap::from([(last.clone(), 1)])));
        Some(Poll {
            calls: calls.len(),
            interval_ms: usual,
            ends: last.collect(),
            change: ends,
            held: false,
            values: change.map_or_else(Vec::new, |change| change.values),
        })
    }

    /// The calls without those at both ends that something else explains: a write about the same
    /// thing before them, or a gap of another size. `None` if writes explain most of them.
    fn polled<'c>(&self, calls: &'c [&'c Call]) -> Option<&'c [&'c Call]> {
        let rules = rules();
        let gaps = gaps(calls);
        let pairs = calls.windows(2);
        let touched: Vec<bool> = pairs.map(|pair| self.touched(pair[0], pair[1])).collect();
        let left = left(&gaps, &touched);
        if left.is_empty() {
            return None;
        }
        let share = share(&touched[left.clone()], |touched| *touched);
        (share <= rules.max_touched_share).then(|| &calls[left.start..=left.end])
    }

    /// The writes about the same thing that came before each change: those in between, and the last
    /// ones before.
    pub(super) fn note_causes(&self, calls: &[&Call], causes: &mut Causes) {
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
    pub(super) fn repeats(&self, polled: bool) -> Repeats {
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

/// Whether all calls failed until the last one, as where an authorization is waited for.
fn fail_until_last(calls: &[&Call]) -> bool {
    let failed = calls.iter().take_while(|call| call.failed).count();
    failed + 1 == calls.len()
}

/// The gaps that are left once both ends are without those that were touched, are too long, or are
/// longer than is usual for the rest. What is usual only sinks, by a factor each time, so there are few
/// turns.
fn left(gaps: &[u64], touched: &[bool]) -> Range<usize> {
    let rules = rules();
    let explained = |at: usize| touched[at] || gaps[at] > rules.max_gap_ms;
    let mut left = without_ends(0..gaps.len(), explained);
    loop {
        let rest = &gaps[left.clone()];
        if rest.len() < rules.min_calls || backs_off(rest) {
            return left;
        }
        let usual = median(rest);
        let uneven = |at: usize| gaps[at] > usual && !is_near(gaps[at], usual);
        let fewer = without_ends(left.clone(), |at| explained(at) || uneven(at));
        if fewer == left {
            return left;
        }
        left = fewer;
    }
}

/// A range without what is odd at its ends.
fn without_ends(mut range: Range<usize>, odd: impl Fn(usize) -> bool) -> Range<usize> {
    while !range.is_empty() && odd(range.start) {
        range.start += 1;
    }
    while !range.is_empty() && odd(range.end - 1) {
        range.end -= 1;
    }
    range
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

pub(super) fn median(gaps: &[u64]) -> u64 {
    if gaps.is_empty() {
        return 0;
    }
    let mut parted = gaps.to_vec();
    *parted.select_nth_unstable(gaps.len() / 2).1
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_explains_calls_at_the_ends_is_left_out_before_the_others_are_compared() {
        let touched =
            |last: usize, of: usize| -> Vec<bool> { (0..of).map(|at| at + last >= of).collect() };
        assert_eq!(left(&[5_000, 100, 1_200], &touched(1, 3)), 0..2);
        assert_eq!(left(&[5_000, 2_000, 0], &touched(2, 3)), 0..1);
        assert!(left(&[2_000, 2_000], &touched(2, 2)).is_empty());
        assert!(left(&[], &[]).is_empty());
        let usual = [60_000_000, 9_000, 2_000, 2_000, 2_000, 2_000, 2_000, 30_000];
        assert_eq!(left(&usual, &touched(0, 8)), 2..7);
    }

    #[test]
    fn gaps_that_grow_without_end_take_few_turns() {
        let gaps: Vec<u64> = (1..400_000).map(|gap| gap / 10).collect();
        let even = vec![false; gaps.len()];
        assert!(left(&gaps, &even).end < gaps.len());
        // Some of them with writes in between.
        let touched: Vec<bool> = (0..gaps.len()).map(|at| at % 2 == 0).collect();
        assert!(left(&gaps, &touched).end < gaps.len());
    }
}
