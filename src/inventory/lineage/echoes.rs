//! Values of a path that its response holds too.

use crate::scope::{Exchange, TextSeen};
use crate::value::Token;

/// The values of a path that the response holds too, with the fields.
pub(super) struct Echoes {
    /// The values of the path.
    path: Vec<Token>,
    /// Most others are told from all of them by a few bits.
    bits: u64,
    found: Vec<(Token, u32)>,
}

impl Echoes {
    /// Those of an exchange, none of which is noted yet.
    pub(super) fn of(exchange: &Exchange) -> Self {
        let segments = exchange.segments.iter();
        let path: Vec<Token> = segments
            .flat_map(|segment| {
                std::iter::once(segment.token()).chain(segment.parts().iter().copied())
            })
            .collect();
        Echoes {
            bits: path.iter().fold(0, |bits, token| bits | Self::bit(*token)),
            path,
            found: Vec::new(),
        }
    }

    fn bit(token: Token) -> u64 {
        1 << (token.0 & 63)
    }

    /// Takes a value of the response.
    #[inline]
    pub(super) fn note(&mut self, text: &TextSeen) {
        if self.bits & Self::bit(text.token) != 0 && self.path.contains(&text.token) {
            self.found.push((text.token, text.field));
        }
    }

    /// Each value and field once, in the fields' order.
    pub(super) fn in_order(mut self) -> Vec<(Token, u32)> {
        self.found
            .sort_unstable_by_key(|(token, field)| (*field, token.0));
        self.found.dedup();
        self.found
    }
}
