//! The keyed functions that tokens are drawn from.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

type HmacSha256 = Hmac<Sha256>;

/// Draws tokens under one key. Without the key nothing leads back from a token to a value.
#[derive(Clone)]
pub(super) struct Cipher {
    keyed: HmacSha256,
}

impl Cipher {
    pub(super) fn new(key: &[u8]) -> Self {
        let keyed = HmacSha256::new_from_slice(key)
            .unwrap_or_else(|_| HmacSha256::new(&hmac::digest::Key::<HmacSha256>::default()));
        Cipher { keyed }
    }

    /// HMAC-SHA256 over the parts.
    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// An endless stream of numbers for a text.
    pub(super) fn stream<'c>(&'c self, text: &'c str, salt: u64) -> Stream<'c> {
        Stream {
            cipher: self,
            text,
            salt,
            block: [0; 32],
            at: 32,
            count: 0,
        }
    }

    /// A permutation of the numbers below `size`, another one for each `domain`: a Feistel network over
    /// the next even number of bits, walked until it is back below `size`.
    pub(super) fn permute(&self, domain: &[u8], size: u64, number: u64) -> u64 {
        const ROUNDS: u8 = 6;
        if size < 2 {
            return number;
        }
        let bits = 64 - (size - 1).leading_zeros();
        let half = bits.div_ceil(2);
        let mask = (1_u64 << half) - 1;
        let mut number = number;
        loop {
            let (mut left, mut right) = (number >> half, number & mask);
            for round in 0..ROUNDS {
                let digest = self.digest(&[b"permute", domain, &[round], &right.to_le_bytes()]);
                let word = u64::from_le_bytes(first_eight(&digest));
                (left, right) = (right, (left ^ word) & mask);
            }
            number = left << half | right;
            if number < size {
                return number;
            }
        }
    }
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher")
    }
}

fn first_eight(digest: &[u8; 32]) -> [u8; 8] {
    let mut word = [0; 8];
    word.copy_from_slice(&digest[..8]);
    word
}

/// Numbers drawn for one text.
pub(super) struct Stream<'c> {
    cipher: &'c Cipher,
    text: &'c str,
    salt: u64,
    block: [u8; 32],
    at: usize,
    count: u64,
}

impl Stream<'_> {
    /// The next number, below `bound`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        if self.at + 4 > self.block.len() {
            let count = self.count.to_le_bytes();
            let salt = self.salt.to_le_bytes();
            self.block = self
                .cipher
                .digest(&[b"stream", self.text.as_bytes(), &salt, &count]);
            self.count += 1;
            self.at = 0;
        }
        let mut word = [0; 4];
        word.copy_from_slice(&self.block[self.at..self.at + 4]);
        self.at += 4;
        u32::from_le_bytes(word) % bound.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_gives_each_number_once() {
        let cipher = Cipher::new(b"key");
        for size in [1, 2, 10, 26, 1_000] {
            let mut seen: Vec<u64> = (0..size).map(|n| cipher.permute(b"d", size, n)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..size).collect::<Vec<_>>());
        }
    }
}
