//! Requests that may have changed something, by what they are about.

use std::cmp::Reverse;

use foldhash::HashMap;

use crate::value::Token;

use super::moment::Moment;

/// Writes looked at for one question. Those of a thing that is written about more often are alike.
const MAX_LOOKED_AT: usize = 256;

/// A request that may have changed something.
pub(super) struct Write {
    pub(super) at: Moment,
    pub(super) call: usize,
    pub(super) host: Token,
    /// What it is about.
    pub(super) subjects: Box<[Token]>,
}

/// The writes of one capture in order of time.
pub(super) struct Writes {
    all: Vec<Write>,
    /// The positions of all.
    any: Vec<usize>,
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
        let any = (0..all.len()).collect();
        Writes { all, any, about }
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
        let lists = self.lists(subjects);
        let mut found: Vec<usize> = lists
            .flat_map(|list| self.few(self.within(list, after, until).iter(), count, &wanted))
            .collect();
        found.sort_unstable();
        self.first(found, count)
    }

    /// The last such writes up to `until`, the latest first.
    pub(super) fn before(
        &self,
        subjects: &[Token],
        until: Moment,
        count: usize,
        wanted: impl Fn(&Write) -> bool,
    ) -> Vec<&Write> {
        let lists = self.lists(subjects);
        let mut found: Vec<usize> = lists
            .flat_map(|list| {
                let end = list.partition_point(|at| self.all[*at].at <= until);
                self.few(list[..end].iter().rev(), count, &wanted)
            })
            .collect();
        found.sort_unstable_by_key(|at| Reverse(*at));
        self.first(found, count)
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
        // What is about all of them is about the one that is written about least.
        let Some(list) = self.lists(subjects).min_by_key(|list| list.len()) else {
            return false;
        };
        let start = list.partition_point(|at| self.all[*at].at <= after);
        let mut behind = list[start..].iter().take(MAX_LOOKED_AT);
        behind.any(|at| holds(&self.all[*at]))
    }

    /// The positions by each subject, of all where there is none.
    fn lists(&self, subjects: &[Token]) -> impl Iterator<Item = &[usize]> {
        let any = subjects.is_empty().then_some(self.any.as_slice());
        let about = subjects
            .iter()
            .map(|token| self.about.get(token).map_or(&[][..], Vec::as_slice));
        any.into_iter().chain(about)
    }

    /// Those of a list behind `after` and up to `until`.
    fn within<'l>(&self, list: &'l [usize], after: Moment, until: Moment) -> &'l [usize] {
        let start = list.partition_point(|at| self.all[*at].at <= after);
        let end = list.partition_point(|at| self.all[*at].at <= until);
        &list[start..end.max(start)]
    }

    /// The first of these that are wanted.
    fn few<'p>(
        &self,
        positions: impl Iterator<Item = &'p usize>,
        count: usize,
        wanted: &impl Fn(&Write) -> bool,
    ) -> Vec<usize> {
        let positions = positions.copied().take(MAX_LOOKED_AT);
        positions
            .filter(|at| wanted(&self.all[*at]))
            .take(count)
            .collect()
    }

    fn first(&self, mut found: Vec<usize>, count: usize) -> Vec<&Write> {
        found.dedup();
        found.truncate(count);
        found.into_iter().map(|at| &self.all[at]).collect()
    }
}
