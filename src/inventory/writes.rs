//! Requests that may have changed something, by what they are about.

use foldhash::HashMap;

use crate::value::Token;

use super::lineage::Moment;

/// Writes looked at for one question. Those of a thing that is written about more often are alike.
const MAX_LOOKED_AT: usize = 256;

/// A request that may have changed something.
pub(super) struct Write {
    pub(super) at: Moment,
    pub(super) call: usize,
    pub(super) host: Token,
    /// What it is about.
    pub(super) subjects: Vec<Token>,
}

/// The writes of one capture in order of time.
pub(super) struct Writes {
    all: Vec<Write>,
    /// Their positions by what they are about.
    about: HashMap<Token, Vec<usize>>,
}

impl Writes {
    pub(super) fn new(mut all: Vec<Write>) -> Self {
        all.sort_by_key(|write| write.at);
        let mut about: HashMap<Token, Vec<usize>> = HashMap::default();
        for (position, write) in all.iter().enumerate() {
            for token in &write.subjects {
                let known = about.entry(*token).or_default();
                if known.last() != Some(&position) {
                    known.push(position);
                }
            }
        }
        Writes { all, about }
    }

    /// The first writes behind `after` and up to `until` that are about one of these things, or about
    /// anything where there is none, and that are `wanted`.
    pub(super) fn between(
        &self,
        subjects: &[Token],
        (after, until): (Moment, Moment),
        count: usize,
        wanted: impl Fn(&Write) -> bool,
    ) -> Vec<&Write> {
        let mut found: Vec<usize> = Vec::new();
        let mut add = |positions: &mut dyn Iterator<Item = usize>| {
            let positions = positions.take(MAX_LOOKED_AT);
            found.extend(positions.filter(|at| wanted(&self.all[*at])).take(count));
        };
        for list in self.lists(subjects) {
            let start = list.partition_point(|at| self.all[*at].at <= after);
            let end = list.partition_point(|at| self.all[*at].at <= until);
            add(&mut list[start..end.max(start)].iter().copied());
        }
        if subjects.is_empty() {
            let start = self.all.partition_point(|write| write.at <= after);
            let end = self.all.partition_point(|write| write.at <= until);
            add(&mut (start..end.max(start)));
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(count);
        found.into_iter().map(|at| &self.all[at]).collect()
    }

    /// The last such writes up to `until`, the latest first.
    pub(super) fn before(
        &self,
        subjects: &[Token],
        until: Moment,
        count: usize,
        wanted: impl Fn(&Write) -> bool,
    ) -> Vec<&Write> {
        let mut found: Vec<usize> = Vec::new();
        let mut add = |positions: &mut dyn Iterator<Item = usize>| {
            let positions = positions.take(MAX_LOOKED_AT);
            found.extend(positions.filter(|at| wanted(&self.all[*at])).take(count));
        };
        for list in self.lists(subjects) {
            let end = list.partition_point(|at| self.all[*at].at <= until);
            add(&mut list[..end].iter().rev().copied());
        }
        if subjects.is_empty() {
            let end = self.all.partition_point(|write| write.at <= until);
            add(&mut (0..end).rev());
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.dedup();
        found.truncate(count);
        found.into_iter().map(|at| &self.all[at]).collect()
    }

    /// Whether there is a write behind `after` and before `until` that is about all of these things and
    /// `wanted`.
    pub(super) fn any_about_all(
        &self,
        subjects: &[Token],
        (after, until): (Moment, Moment),
        wanted: impl Fn(&Write) -> bool,
    ) -> bool {
        let holds = |write: &Write| {
            write.at < until
                && wanted(write)
                && subjects.iter().all(|token| write.subjects.contains(token))
        };
        if subjects.is_empty() {
            let start = self.all.partition_point(|write| write.at <= after);
            let mut behind = self.all[start..].iter().take(MAX_LOOKED_AT);
            return behind.any(holds);
        }
        let lists = subjects.iter().map(|token| self.about.get(token));
        let Some(Some(list)) = lists.min_by_key(|list| list.map_or(0, Vec::len)) else {
            return false;
        };
        let start = list.partition_point(|at| self.all[*at].at <= after);
        let mut behind = list[start..].iter().take(MAX_LOOKED_AT);
        behind.any(|at| holds(&self.all[*at]))
    }

    fn lists<'s>(&'s self, subjects: &'s [Token]) -> impl Iterator<Item = &'s Vec<usize>> {
        subjects.iter().filter_map(|token| self.about.get(token))
    }
}
