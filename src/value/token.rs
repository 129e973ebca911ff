//! Tokens: what stands for a value where values are compared.

use std::hash::{BuildHasher, Hasher as _};

use foldhash::fast::RandomState;

/// Stands for a value: equal values of one run have equal tokens.
///
/// A token is a hash of 64 bits under a key that is drawn for each run and thrown away. Tokens are
/// never written anywhere and never decide an order, so a fast hash does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token(pub u64);

/// Makes tokens under one key.
#[derive(Debug, Clone, Default)]
pub struct Tokens {
    key: RandomState,
}

impl Tokens {
    /// A new random key.
    pub fn new() -> Self {
        Self::default()
    }

    /// The token of a text.
    #[inline]
    pub fn token(&self, text: &str) -> Token {
        self.token_of_bytes(text.as_bytes())
    }

    /// The token of bytes; those of a text have the text's.
    #[inline]
    pub fn token_of_bytes(&self, bytes: &[u8]) -> Token {
        let mut hasher = self.key.build_hasher();
        hasher.write(bytes);
        Token(hasher.finish())
    }

    /// The token of several tokens in order.
    pub fn combine(&self, tokens: &[Token]) -> Token {
        Token(self.key.hash_one(tokens))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_tokens_under_one_key_only() {
        let (a, b) = (Tokens::new(), Tokens::new());
        assert_eq!(a.token("x"), a.token("x"));
        assert_ne!(a.token("x"), a.token("y"));
        assert_ne!(a.token("x"), b.token("x"));
    }
}
