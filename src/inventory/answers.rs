//! Which responses a value was seen in, for as many values as there is room for.
//!
//! Responses hold many values, and requests send few of them again. So what responses hold is only
//! written down in order, and looked through once, at the end, for what requests sent. While a capture
//! is read, only what came lately is known and not written down again.

use foldhash::{HashMap, HashSet};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::value::Token;

use super::lately::Lately;
use super::lineage::MAX_PLACES;
use super::moment::{Moment, Stamp};
use super::names::Name;
use super::sources::Source;

/// A call, by its position.
pub(super) type Call = u32;

/// A response field that held a value, and the first time that it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answer {
    pub(super) at: Moment,
    pub(super) call: Call,
    pub(super) field: Name,
    pub(super) source: Source,
}

/// The field that holds a value, and in the lowest bit whether the value is linkable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Holder(u32);

impl Holder {
    /// What is known already from another response.
    const GONE: Holder = Holder(u32::MAX);

    fn new(field: Name, linkable: bool) -> Self {
        Holder(field << 1 | u32::from(linkable))
    }

    fn field(self) -> Name {
        self.0 >> 1
    }

    fn is_linkable(self) -> bool {
        self.0 & 1 == 1
    }
}

/// A response, whose values begin at a position and end where those of the next begin.
struct Response {
    at: Stamp,
    call: Call,
    source: Source,
    start: u32,
}

/// Values that are compared with each other at a time.
const PART: usize = 1 << 12;

/// A value, by its position and that of its response.
struct Sight {
    token: Token,
    at: u32,
    response: u32,
}

/// The values of all responses, in order, most of those that come again left out. There are many, so
/// this is what decides the memory in use: 12 bytes for each.
pub(super) struct Answers {
    /// How many values there is room for.
    room: usize,
    /// How many there would be if none had been left out as known lately.
    used: usize,
    lately: Lately,
    /// The latest moment so far.
    latest: Moment,
    tokens: Vec<Token>,
    holders: Vec<Holder>,
    responses: Vec<Response>,
    /// Whether most of them are there once only.
    full: bool,
    /// Values that there was no room for.
    pub(super) left_out: usize,
}

impl Answers {
    pub(super) fn new(room: usize) -> Self {
        Answers {
            room,
            used: 0,
            lately: Lately::default(),
            latest: (i64::MIN, 0),
            tokens: Vec::new(),
            holders: Vec::new(),
            responses: Vec::new(),
            full: false,
            left_out: 0,
        }
    }

    /// Notes the values of one response.
    #[inline]
    pub(super) fn add(
        &mut self,
        at: Moment,
        (call, source): (Call, Source),
        texts: impl Iterator<Item = (Token, Name, bool)>,
    ) {
        let start = position(self.tokens.len());
        self.responses.push(Response {
            at: at.into(),
            call,
            source,
            start,
        });
        // What came in an earlier response need not be noted again.
        let in_order = at >= self.latest;
        self.latest = self.latest.max(at);
        for (token, field, linkable) in texts {
            if self.used >= self.room && !self.make_room() {
                self.left_out += 1;
                continue;
            }
            self.used += 1;
            let holder = Holder::new(field, linkable);
            if !self.lately.note(source.apart(token), holder.0) || !in_order {
                self.tokens.push(token);
                self.holders.push(holder);
            }
        }
        let start = self.responses.last().map(|last| last.start as usize);
        if start == Some(self.tokens.len()) {
            self.responses.pop();
        }
    }

    /// Forgets what is there twice; whether that made room. It is done again only where it made much of
    /// it, so that its cost does not grow with what is left out.
    #[cold]
    fn make_room(&mut self) -> bool {
        if self.full {
            return false;
        }
        self.forget_repeated();
        self.used = self.tokens.len();
        self.full = self.used > self.room / 3;
        self.used < self.room
    }

    /// The positions of each response's values.
    fn ranges(&self) -> impl Iterator<Item = (&Response, std::ops::Range<usize>)> {
        let ends = self.responses.iter().skip(1);
        let ends = ends.map(|response| response.start as usize);
        let ends = ends.chain([self.tokens.len()]);
        let responses = self.responses.iter().zip(ends);
        responses.map(|(response, end)| (response, response.start as usize..end))
    }

    /// Keeps of the same value in the same field and from the same source what came first. Done by parts of all tokens, each of
    /// which is small enough to be near the processor.
    fn forget_repeated(&mut self) {
        let parts = (self.tokens.len() / PART).next_power_of_two();
        let mut by_part: Vec<Vec<Sight>> = (0..parts)
            .map(|_| Vec::with_capacity(PART + PART / 4))
            .collect();
        for (response, (_, range)) in (0..).zip(self.ranges()) {
            for at in range {
                let token = self.tokens[at];
                let part = usize::try_from(token.0 >> 32).unwrap_or(0) % parts;
                by_part[part].push(Sight {
                    token,
                    at: position(at),
                    response,
                });
            }
        }
        for part in by_part {
            self.forget_repeated_of(&part);
        }
        self.remove_gone();
    }

    fn forget_repeated_of(&mut self, sights: &[Sight]) {
        let mut first: HashTable<usize> = HashTable::with_capacity(sights.len());
        for (new, sight) in sights.iter().enumerate() {
            let held = self.holders[sight.at as usize];
            let field = |at: usize| self.holders[sights[at].at as usize].field();
            let source = |sight: &Sight| self.responses[sight.response as usize].source;
            let is = |at: &usize| {
                let known = &sights[*at];
                known.token == sight.token
                    && field(*at) == held.field()
                    && source(known) == source(sight)
            };
            let hash = |at: &usize| sights[*at].token.0;
            match first.entry(sight.token.0, is, hash) {
                Entry::Vacant(place) => _ = place.insert(new),
                Entry::Occupied(mut known) => {
                    let kept = &sights[*known.get()];
                    let moment = |of: &Sight| self.responses[of.response as usize].at;
                    let (keep, drop) = if moment(sight) < moment(kept) {
                        *known.get_mut() = new;
                        (sight, kept)
                    } else {
                        (kept, sight)
                    };
                    let linkable = [keep, drop].map(|of| self.holders[of.at as usize]);
                    let linkable = linkable.into_iter().any(Holder::is_linkable);
                    self.holders[keep.at as usize] = Holder::new(held.field(), linkable);
                    self.holders[drop.at as usize] = Holder::GONE;
                }
            }
        }
    }

    fn remove_gone(&mut self) {
        let mut kept = 0;
        let mut from = 0;
        for next in 1..=self.responses.len() {
            let end = self.responses.get(next).map(|next| next.start as usize);
            let end = end.unwrap_or(self.tokens.len());
            self.responses[next - 1].start = position(kept);
            for at in from..end {
                if self.holders[at] != Holder::GONE {
                    self.tokens[kept] = self.tokens[at];
                    self.holders[kept] = self.holders[at];
                    kept += 1;
                }
            }
            from = end;
        }
        self.tokens.truncate(kept);
        self.holders.truncate(kept);
    }

    /// Looks up the values that somebody will ask for.
    pub(super) fn given(self, wanted: &HashSet<Token>) -> Given {
        let sieve = Sieve::new(wanted);
        let mut given = Given::default();
        for (response, range) in self.ranges() {
            for at in range {
                let token = self.tokens[at];
                if !sieve.may_hold(token) || !wanted.contains(&token) {
                    continue;
                }
                let holder = self.holders[at];
                let known = given.known.entry(token).or_default();
                known.linkable |= holder.is_linkable();
                known.remember(Answer {
                    at: response.at.into(),
                    call: response.call,
                    field: holder.field(),
                    source: response.source,
                });
            }
        }
        given
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Tells most tokens that are not in a set by one bit of a small table.
struct Sieve {
    bits: Vec<u64>,
    mask: u64,
}

impl Sieve {
    /// Bits for each token of the set.
    const SHARE: usize = 16;

    fn new(set: &HashSet<Token>) -> Self {
        let words = (set.len() * Self::SHARE / 64).next_power_of_two();
        let mut sieve = Sieve {
            bits: vec![0; words],
            mask: words as u64 - 1,
        };
        for token in set {
            let (word, bit) = sieve.place(*token);
            sieve.bits[word] |= bit;
        }
        sieve
    }

    fn place(&self, token: Token) -> (usize, u64) {
        let word = usize::try_from(token.0 >> 6 & self.mask).unwrap_or(0);
        (word, 1 << (token.0 & 63))
    }

    fn may_hold(&self, token: Token) -> bool {
        let (word, bit) = self.place(token);
        self.bits[word] & bit != 0
    }
}

/// What is known of a value.
#[derive(Default)]
struct Known {
    /// The fields that held it first.
    answers: Vec<Answer>,
    /// Of each source what held it first; nothing while there is one source.
    by_source: Vec<Answer>,
    linkable: bool,
}

impl Known {
    /// Keeps the earliest fields, and the earliest answer of each source.
    fn remember(&mut self, new: Answer) {
        if self.by_source.is_empty()
            && let Some(first) = self.answers.iter().min()
            && first.source != new.source
        {
            self.by_source.push(*first);
        }
        if !self.by_source.is_empty() {
            self.remember_source(new);
        }
        self.remember_field(new);
    }

    fn remember_source(&mut self, new: Answer) {
        let mut known = self.by_source.iter_mut();
        if let Some(known) = known.find(|known| known.source == new.source) {
            *known = (*known).min(new);
        } else {
            self.by_source.push(new);
        }
    }

    fn remember_field(&mut self, new: Answer) {
        if let Some(known) = (self.answers.iter_mut()).find(|known| known.field == new.field) {
            *known = (*known).min(new);
        } else if self.answers.len() < MAX_PLACES {
            self.answers.push(new);
        } else if let Some(latest) = self.answers.iter_mut().max_by_key(|known| known.at)
            && new.at < latest.at
        {
            *latest = new;
        }
    }
}

/// The responses that held what requests sent.
#[derive(Default)]
pub(super) struct Given {
    known: HashMap<Token, Known>,
}

impl Given {
    /// The fields that held a value, of those that held it first.
    pub(super) fn of(&self, token: Token) -> impl Iterator<Item = Answer> {
        let known = self.known.get(&token);
        known
            .into_iter()
            .flat_map(|known| known.answers.iter().copied())
    }

    /// The first answer of each source that held a value.
    pub(super) fn by_source(&self, token: Token) -> impl Iterator<Item = Answer> {
        let known = self.known.get(&token);
        let several = known.filter(|known| !known.by_source.is_empty());
        let one = known.filter(|known| known.by_source.is_empty());
        let one = one.and_then(|known| known.answers.iter().min());
        let several = several.into_iter().flat_map(|known| &known.by_source);
        several.chain(one).copied()
    }

    /// Whether an equal value elsewhere is likely to be the same thing and no coincidence.
    pub(super) fn is_linkable(&self, token: Token) -> bool {
        self.known.get(&token).is_some_and(|known| known.linkable)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    const ONE: (Call, Source) = (0, Source(0));

    fn given(answers: Answers, token: u64) -> Vec<Answer> {
        let given = answers.given(&HashSet::from_iter([Token(token)]));
        let mut answers: Vec<Answer> = given.of(Token(token)).collect();
        answers.sort_unstable();
        answers
    }

    /// The fields that are kept of a value that is answered at these moments, in each field once.
    fn kept(moments: &[i64]) -> Vec<(i64, Name)> {
        let mut answers = Answers::new(9);
        for (field, at) in (0..).zip(moments) {
            answers.add((*at, 0), ONE, std::iter::once((Token(7), field, true)));
        }
        let kept = given(answers, 7).into_iter();
        kept.map(|answer| (answer.at.0, answer.field)).collect()
    }

    proptest! {
        #[test]
        fn what_came_lately_changes_nothing(
            room in 1usize..30,
            moments in prop::collection::vec((0i64..9, 0u64..9, 0u32..3, any::<bool>(), 0u32..3), 0..80),
        ) {
            let (mut knowing, mut other) = (Answers::new(room), Answers::new(room));
            // Nothing comes after this, so nothing is left out as known.
            other.latest = (i64::MAX, usize::MAX);
            for (at, token, field, link, source) in moments {
                for answers in [&mut knowing, &mut other] {
                    answers.add((at, 0), (0, Source(source)), [(Token(token), field, link); 2].into_iter());
                }
            }
            prop_assert_eq!(knowing.left_out, other.left_out);
            let wanted: HashSet<Token> = (0..9).map(Token).collect();
            let (knowing, other) = (knowing.given(&wanted), other.given(&wanted));
            for token in wanted {
                let of = |given: &Given| given.of(token).collect::<BTreeSet<_>>();
                prop_assert_eq!(of(&knowing), of(&other));
                let first = |given: &Given| given.by_source(token).collect::<BTreeSet<_>>();
                prop_assert_eq!(first(&knowing), first(&other));
                prop_assert_eq!(knowing.is_linkable(token), other.is_linkable(token));
            }
        }

        #[test]
        fn each_field_is_known_by_its_first_moment(
            moments in prop::collection::vec((0i64..9, 0u64..4, 0u32..3, any::<bool>()), 0..40),
            ordered: bool,
        ) {
            let mut moments = moments;
            if ordered {
                moments.sort_unstable();
            }
            let mut answers = Answers::new(40);
            let mut first: BTreeMap<(u64, Name), i64> = BTreeMap::new();
            let mut linkable = BTreeSet::new();
            for (at, token, field, link) in moments {
                answers.add((at, 0), ONE, [(Token(token), field, link); 2].into_iter());
                let first = first.entry((token, field)).or_insert(at);
                *first = at.min(*first);
                linkable.extend(link.then_some(token));
            }
            prop_assert_eq!(answers.left_out, 0);
            let given = answers.given(&(0..4).map(Token).collect());
            for token in 0..4 {
                let of = given.of(Token(token)).map(|answer| ((token, answer.field), answer.at.0));
                let ours: BTreeMap<(u64, Name), i64> = of.collect();
                let theirs = first.range((token, 0)..(token + 1, 0));
                prop_assert_eq!(ours, theirs.map(|(held, at)| (*held, *at)).collect());
                prop_assert_eq!(given.is_linkable(Token(token)), linkable.contains(&token));
            }
        }
    }

    #[test]
    fn the_earliest_fields_are_kept_whatever_the_order() {
        let earliest = [(1, 0), (2, 1), (3, 2), (4, 3)];
        assert_eq!(kept(&[1, 2, 3, 4, 5, 6]), earliest);
        assert_eq!(kept(&[6, 5, 4, 3, 2, 1]), [(1, 5), (2, 4), (3, 3), (4, 2)]);
    }

    #[test]
    fn what_there_is_no_room_for_is_counted() {
        let mut answers = Answers::new(5);
        answers.add((0, 0), ONE, (0..8).map(|value| (Token(value), 0, true)));
        assert_eq!(answers.left_out, 3);
        answers.add(
            (1, 0),
            ONE,
            [7, 6].map(|value| (Token(value), 0, true)).into_iter(),
        );
        assert_eq!(answers.left_out, 5);
        assert_eq!(given(answers, 5), []);
    }

    #[test]
    fn values_that_come_again_take_no_room() {
        let mut answers = Answers::new(40);
        for round in (0..50).rev() {
            let values = (0..10).map(|value| (Token(value), 0, round == 9));
            answers.add((round, 0), (3, Source(0)), values);
        }
        assert_eq!(answers.left_out, 0);
        let wanted = HashSet::from_iter([Token(4), Token(11)]);
        let given = answers.given(&wanted);
        let first: Vec<(Moment, Call)> = given.of(Token(4)).map(|a| (a.at, a.call)).collect();
        assert_eq!(first, [((0, 0), 3)]);
        assert!(given.is_linkable(Token(4)) && !given.is_linkable(Token(11)));
    }

    #[test]
    fn the_first_answer_of_each_source_is_known() {
        let mut answers = Answers::new(40);
        for (at, source) in [(5, 1), (3, 0), (4, 1), (9, 0), (7, 2)] {
            answers.add(
                (at, 0),
                (0, Source(source)),
                std::iter::once((Token(7), 0, true)),
            );
        }
        let given = answers.given(&HashSet::from_iter([Token(7)]));
        let first = given.by_source(Token(7));
        let first: BTreeSet<(i64, u32)> = first.map(|a| (a.at.0, a.source.0)).collect();
        assert_eq!(first, BTreeSet::from([(3, 0), (4, 1), (7, 2)]));
        assert_eq!(given.by_source(Token(8)).count(), 0);
    }
}
