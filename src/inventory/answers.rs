//! Which responses a value was seen in, for as many values as there is room for.

use foldhash::HashMap;
use hashbrown::HashTable;

use crate::value::Token;

use super::lineage::{MAX_PLACES, Moment};
use super::names::Name;

/// A call, by its position.
pub(super) type Call = u32;

/// A response field that held a value, and the first time that it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answer {
    pub(super) at: Moment,
    pub(super) call: Call,
    pub(super) field: Name,
}

/// The same with the moment as a position in [`Answers::moments`].
#[derive(Debug, Clone, Copy)]
struct Noted {
    moment: u32,
    call: Call,
    field: Name,
}

/// What is known of a value; most have been seen in one field only, and there are many of them, so
/// this is what decides the memory in use.
struct Known {
    token: Token,
    first: Noted,
    linkable: bool,
    /// Whether there is more in [`Answers::others`].
    others: bool,
}

/// The values of all responses.
pub(super) struct Answers {
    /// How many values there is room for.
    room: usize,
    known: HashTable<Known>,
    /// Further fields that held a value.
    others: HashMap<Token, Vec<Noted>>,
    moments: Vec<Moment>,
    /// Values that there was no room for.
    pub(super) left_out: usize,
    /// Those of the response that is noted.
    over: Vec<(u64, Name)>,
}

impl Answers {
    pub(super) fn new(room: usize) -> Self {
        Answers {
            room,
            known: HashTable::new(),
            others: HashMap::default(),
            moments: Vec::new(),
            left_out: 0,
            over: Vec::new(),
        }
    }

    /// Notes the values of one response.
    pub(super) fn add(
        &mut self,
        at: Moment,
        call: Call,
        texts: impl Iterator<Item = (Token, Name, bool)>,
    ) {
        let moment = u32::try_from(self.moments.len()).unwrap_or(u32::MAX);
        self.moments.push(at);
        let mut used = false;
        for (token, field, linkable) in texts {
            let noted = Noted {
                moment,
                call,
                field,
            };
            used |= self.note(token, noted, linkable);
        }
        if !used {
            self.moments.pop();
        }
        // A response may name one several times.
        self.over.sort_unstable();
        self.over.dedup();
        self.left_out += self.over.len();
        self.over.clear();
    }

    /// Notes one value; whether the moment is needed for that.
    #[inline]
    fn note(&mut self, token: Token, noted: Noted, linkable: bool) -> bool {
        let Some(known) = self.known.find_mut(token.0, |known| known.token == token) else {
            if self.known.len() >= self.room {
                self.over.push((token.0, noted.field));
                return false;
            }
            let known = Known {
                token,
                first: noted,
                linkable,
                others: false,
            };
            self.known
                .insert_unique(token.0, known, |known| known.token.0);
            return true;
        };
        known.linkable |= linkable;
        if known.first.field == noted.field {
            return earlier(&self.moments, &mut known.first, noted);
        }
        known.others = true;
        let others = self.others.entry(token).or_default();
        remember(&self.moments, &mut known.first, others, noted)
    }

    /// The fields that held a value, of those that held it first.
    pub(super) fn of(&self, token: Token) -> impl Iterator<Item = Answer> {
        let known = self.known.find(token.0, |known| known.token == token);
        let others = known
            .filter(|known| known.others)
            .and_then(|_| self.others.get(&token))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let all = known.map(|known| &known.first).into_iter().chain(others);
        all.filter_map(|noted| {
            Some(Answer {
                at: *self.moments.get(noted.moment as usize)?,
                call: noted.call,
                field: noted.field,
            })
        })
    }

    /// Whether an equal value elsewhere is likely to be the same thing and no coincidence.
    pub(super) fn is_linkable(&self, token: Token) -> bool {
        let known = self.known.find(token.0, |known| known.token == token);
        known.is_some_and(|known| known.linkable)
    }
}

/// Puts the earlier one of two of the same field into its place; whether that is the new one.
fn earlier(moments: &[Moment], known: &mut Noted, new: Noted) -> bool {
    let when = |noted: &Noted| (moments.get(noted.moment as usize).copied(), noted.call);
    if known.moment == new.moment || when(&new) >= when(known) {
        return false;
    }
    *known = new;
    true
}

/// Keeps the earliest fields of a value; whether the new one is among them.
fn remember(moments: &[Moment], first: &mut Noted, others: &mut Vec<Noted>, new: Noted) -> bool {
    if let Some(known) = others.iter_mut().find(|known| known.field == new.field) {
        return earlier(moments, known, new);
    }
    if others.len() + 1 < MAX_PLACES {
        others.reserve_exact(1);
        others.push(new);
        return true;
    }
    let when = |noted: &Noted| moments.get(noted.moment as usize).copied();
    let all = std::iter::once(first).chain(others);
    let latest = all.max_by_key(|noted| when(noted));
    if let Some(latest) = latest.filter(|latest| when(&new) < when(latest)) {
        *latest = new;
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields that are kept of a value that is answered at these moments, in each field once.
    fn kept(moments: &[i64]) -> Vec<(i64, Name)> {
        let mut answers = Answers::new(9);
        for (field, at) in (0..).zip(moments) {
            answers.add((*at, 0), 0, std::iter::once((Token(7), field, true)));
        }
        let mut kept: Vec<(i64, Name)> = answers
            .of(Token(7))
            .map(|answer| (answer.at.0, answer.field))
            .collect();
        kept.sort_unstable();
        kept
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
        answers.add((0, 0), 0, (0..8).map(|value| (Token(value), 0, true)));
        assert_eq!(answers.left_out, 3);
        answers.add(
            (1, 0),
            0,
            [7, 6, 7].map(|value| (Token(value), 0, true)).into_iter(),
        );
        assert_eq!(answers.left_out, 5);
        assert_eq!(answers.of(Token(5)).count(), 0);
        answers.add((-1, 0), 9, std::iter::once((Token(1), 0, true)));
        assert_eq!(answers.of(Token(1)).next().map(|first| first.call), Some(9));
    }
}
