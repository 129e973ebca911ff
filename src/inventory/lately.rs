//! What was noted lately, so that most of what comes again is told without a look into a large table.

use crate::value::Token;

/// Values that are remembered; a power of two. They take 128 KB, which stay near the processor.
const SLOTS: usize = 1 << 14;

/// Values and their holders that came lately: each takes the slot of another. Which ones are
/// remembered depends on the key of the tokens, so no result may depend on it.
#[derive(Default)]
pub(super) struct Lately(Box<[u64]>);

impl Lately {
    /// Remembers that a holder had a value; whether that was known.
    #[inline]
    pub(super) fn note(&mut self, token: Token, holder: u32) -> bool {
        // An odd factor, so that no two holders of a value have one key: 2^64 by the golden ratio.
        let key = token.0 ^ u64::from(holder).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let slot = usize::try_from(key % SLOTS as u64).unwrap_or(0);
        if self.0.is_empty() {
            // A slot that is empty is taken for that of a key which belongs elsewhere.
            self.0 = (0..SLOTS as u64).map(|slot| !slot).collect();
        }
        std::mem::replace(&mut self.0[slot], key) == key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_came_is_known() {
        let mut lately = Lately::default();
        for token in 0..SLOTS as u64 {
            assert!(!lately.note(Token(token), 0), "{token}");
            assert!(!lately.note(Token(!token), 0), "{token}");
            assert!(lately.note(Token(!token), 0), "{token}");
        }
        assert!(!lately.note(Token(7), 1));
        assert!(lately.note(Token(7), 1));
        assert!(!lately.note(Token(7), 2));
    }
}
