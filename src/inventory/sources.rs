//! Who talks to whom: hosts, and who makes the requests to them, as far as a credential says.

use foldhash::HashMap;

use crate::scope::Exchange;
use crate::value::Token;

/// Hosts, and makers of requests, that are told apart; of those beyond nothing is known.
const MAX_SOURCES: usize = 32;

/// A host and somebody who makes requests to it, by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Source(pub(super) u32);

impl Source {
    /// A token that stands for a value of this source, other than those of the value in others.
    #[inline]
    pub(super) fn apart(self, token: Token) -> Token {
        // An odd factor, so that no two sources have one token of a value.
        Token(token.0 ^ u64::from(self.0).wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }
}

/// How near a response's source is to that of a request which sends what the response held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// The same maker, or the same host and nothing that speaks against the same maker.
    Own,
    /// Another host, and nothing that speaks against the same maker.
    Open,
    /// The same host and another maker.
    Another,
    /// Another host and another maker.
    Foreign,
}

/// The sources of one capture.
#[derive(Default)]
pub(super) struct Sources {
    hosts: HashMap<String, u32>,
    numbers: HashMap<(u32, Option<Token>), Source>,
    all: Vec<(u32, Option<Token>)>,
}

impl Sources {
    /// The number of a host; those beyond have one together.
    fn host(&mut self, host: &str) -> u32 {
        if let Some(number) = self.hosts.get(host) {
            return *number;
        }
        if self.hosts.len() >= MAX_SOURCES {
            return u32::MAX;
        }
        let new = u32::try_from(self.hosts.len()).unwrap_or(u32::MAX);
        self.hosts.insert(host.to_owned(), new);
        new
    }

    /// The source that an exchange is of.
    pub(super) fn of(&mut self, exchange: &Exchange) -> Source {
        let host = self.host(&exchange.host);
        let full = self.all.len() >= MAX_SOURCES;
        let known = |who: Option<Token>| self.numbers.get(&(host, who)).copied();
        let who = exchange
            .identity
            .filter(|who| !full || known(Some(*who)).is_some());
        known(who).unwrap_or_else(|| {
            let new = Source(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
            self.all.push((host, who));
            self.numbers.insert((host, who), new);
            new
        })
    }

    /// The host of a source, by number.
    pub(super) fn host_of(&self, source: Source) -> u32 {
        self.all
            .get(source.0 as usize)
            .map_or(u32::MAX, |(host, _)| *host)
    }

    /// How near one source is to another.
    pub(super) fn nearness(&self, a: Source, b: Source) -> Nearness {
        let of = |source: Source| self.all.get(source.0 as usize).copied().unwrap_or_default();
        let ((host_a, who_a), (host_b, who_b)) = (of(a), of(b));
        match (host_a == host_b, who_a.zip(who_b)) {
            (_, Some((a, b))) if a == b => Nearness::Own,
            (true, None) => Nearness::Own,
            (false, None) => Nearness::Open,
            (true, Some(_)) => Nearness::Another,
            (false, Some(_)) => Nearness::Foreign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Nearness::{Another, Foreign, Open, Own};
    use super::*;

    #[test]
    fn what_speaks_against_one_maker_makes_sources_distant() {
        let who = |token| Some(Token(token));
        let sources = Sources {
            all: vec![
                (0, who(1)),
                (0, None),
                (1, who(1)),
                (1, None),
                (0, who(2)),
                (1, who(2)),
            ],
            ..Sources::default()
        };
        let near = |other: u32| sources.nearness(Source(0), Source(other));
        let all: Vec<Nearness> = (0..6).map(near).collect();
        assert_eq!(all, [Own, Own, Own, Open, Another, Foreign]);
    }

    #[test]
    fn a_value_has_a_token_for_each_source() {
        assert_eq!(Source(0).apart(Token(7)), Token(7));
        assert_ne!(Source(1).apart(Token(7)), Source(2).apart(Token(7)));
    }
}
