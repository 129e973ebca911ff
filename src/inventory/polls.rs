//! Repeated calls: polls, and fields whose constants change for one and the same request.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use smol_str::SmolStr;

use crate::scope::{Exchange, Fields};
use crate::value::{Segment, Token, Tokens};

use super::lineage::{Moment, moment};
use super::observed::{Observed, Poll};

/// Calls kept of each distinct request.
const MAX_CALLS: usize = 10_000;

/// The table `polls.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    min_calls: usize,
    max_gap_ms: u64,
    max_gap_ratio: f64,
    volatile: HashSet<String>,
}

fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("polls.toml")).expect("polls.toml is valid")
    })
}

/// One call of a series: when, and its state fields with their values.
type Call = (Moment, Vec<(Arc<str>, SmolStr)>);

/// The repeated calls of one capture while it is read.
pub(super) struct Polls {
    /// How many distinct requests are followed.
    room: usize,
    /// Requests that there was no room for.
    pub(super) left_out: usize,
    tokens: Tokens,
    series: HashMap<(usize, Token), Vec<Call>>,
}

impl Polls {
    /// Follows so many distinct requests.
    pub(super) fn new(room: usize) -> Self {
        Polls {
            room,
            left_out: 0,
            tokens: Tokens::new(),
            series: HashMap::new(),
        }
    }

    /// Takes one exchange of the given call.
    pub(super) fn add(&mut self, call: usize, exchange: &Exchange) {
        let key = (call, self.fingerprint(exchange));
        if self.series.len() >= self.room && !self.series.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let states = states(&exchange.fields);
        let series = self.series.entry(key).or_default();
        if series.len() < MAX_CALLS {
            series.push((moment(exchange), states));
        }
    }

    /// What makes two requests the same: path and parameters, those that change by design apart.
    fn fingerprint(&self, exchange: &Exchange) -> Token {
        let mut tokens: Vec<Token> = exchange.segments.iter().map(Segment::token).collect();
        for param in &exchange.params {
            let name = param.name.to_ascii_lowercase();
            if !rules().volatile.contains(&name) {
                tokens.push(self.tokens.token(&name));
                tokens.push(param.value.token);
            }
        }
        self.tokens.combine(&tokens)
    }

    /// Writes what was repeated into what was observed of each call.
    pub(super) fn finish(self, observed: &mut [Observed]) {
        for ((call, _), mut series) in self.series {
            let Some(observed) = observed.get_mut(call).filter(|_| series.len() > 1) else {
                continue;
            };
            series.sort();
            let changes = count_changes(&series, observed);
            observed.poll = super::observed::longer(observed.poll.take(), poll(&series, changes));
        }
    }
}

/// The state fields of one entity with their words.
fn states(fields: &Fields) -> Vec<(Arc<str>, SmolStr)> {
    let named = fields
        .iter()
        .filter_map(|(at, seen)| Some((fields.form().get(at)?, seen)));
    named
        .filter(|(name, _)| name.state && !name.path.contains("[]"))
        .filter_map(|(name, seen)| Some((Arc::clone(&name.path), fields.first_word(seen)?.clone())))
        .collect()
}

/// Counts the changes of each state field; the first field that changed with its first and last value.
fn count_changes(series: &[Call], observed: &mut Observed) -> Option<(String, String, String)> {
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut changed: Vec<&str> = Vec::new();
    for (_, states) in series {
        for (field, value) in states {
            first.entry(field).or_insert(value);
            if let Some(before) = last.insert(field, value)
                && before != &**value
            {
                let change = (before.to_owned(), value.to_string());
                *observed
                    .transitions
                    .entry(field.to_string())
                    .or_default()
                    .entry(change)
                    .or_default() += 1;
                if !changed.contains(&&**field) {
                    changed.push(field);
                }
            }
        }
    }
    let field = *changed.first()?;
    Some((
        field.to_owned(),
        (*first.get(field)?).to_owned(),
        (*last.get(field)?).to_owned(),
    ))
}

/// A series is a poll if its gaps are short and nearly constant, or a state changed.
fn poll(series: &[Call], change: Option<(String, String, String)>) -> Option<Poll> {
    let rules = rules();
    let mut gaps: Vec<u64> = series
        .windows(2)
        .filter_map(|pair| {
            let (from, to) = (pair[0].0.0, pair[1].0.0);
            (from != i64::MIN).then(|| to.abs_diff(from) / 1_000)
        })
        .collect();
    gaps.sort_unstable();
    let median = gaps.get(gaps.len() / 2).copied().unwrap_or(0);
    let shortest = gaps.first().copied().unwrap_or(0);
    let longest = gaps.last().copied().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "gaps are bounded by the table")]
    let steady = longest <= rules.max_gap_ms
        && longest as f64 <= shortest as f64 * rules.max_gap_ratio
        && shortest > 0;
    let polled = change.is_some() || series.len() >= rules.min_calls && steady;
    polled.then_some(Poll {
        calls: series.len(),
        interval_ms: median,
        change,
    })
}
