//! The keyed functions that tokens are drawn from.

use std::cell::RefCell;
use std::collections::HashMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};

type HmacSha256 = Hmac<Sha256>;

/// Domains of which the key is remembered.
const REMEMBERED: usize = 1 << 12;

/// Draws tokens under one key. Without the key nothing leads back from a token to a value.
///
/// HMAC makes a key for each text that is drawn for and each domain that is permuted; what is drawn then is the hash of
/// that key and a counter or number of fixed length, which takes one block of SHA-256.
#[derive(Clone)]
pub(super) struct Cipher {
    keyed: HmacSha256,
    domains: RefCell<HashMap<Vec<u8>, [u8; 32]>>,
}

impl Cipher {
    pub(super) fn new(key: &[u8]) -> Self {
        let keyed = HmacSha256::new_from_slice(key)
            .unwrap_or_else(|_| HmacSha256::new(&hmac::digest::Key::<HmacSha256>::default()));
        Cipher {
            keyed,
            domains: RefCell::default(),
        }
    }

    /// HMAC-SHA256 over the parts.
    pub(super) fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// An endless stream of numbers for a text.
    pub(super) fn stream(&self, text: &str, salt: u64) -> Stream {
        Stream {
            seed: self.digest(&[b"stream", text.as_bytes(), &salt.to_le_bytes()]),
            block: [0; 32],
            at: 32,
            count: 0,
        }
    }

    /// The key of a domain.
    fn domain(&self, domain: &[u8]) -> [u8; 32] {
        if let Some(key) = self.domains.borrow().get(domain) {
            return *key;
        }
        let key = self.digest(&[b"permute", domain]);
        let mut domains = self.domains.borrow_mut();
        if domains.len() >= REMEMBERED {
            domains.clear();
        }
        domains.insert(domain.to_vec(), key);
        key
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
        let key = self.domain(domain);
        let mut number = number;
        loop {
            let (mut left, mut right) = (number >> half, number & mask);
            for round in 0..ROUNDS {
                let digest = hashed(&key, u64::from(round) << 56 | right);
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

/// The hash of a key and a number.
fn hashed(key: &[u8; 32], number: u64) -> [u8; 32] {
    let mut text = [0; 40];
    text[..32].copy_from_slice(key);
    text[32..].copy_from_slice(&number.to_le_bytes());
    Sha256::digest(text).into()
}

fn first_eight(digest: &[u8; 32]) -> [u8; 8] {
    let mut word = [0; 8];
    word.copy_from_slice(&digest[..8]);
    word
}

/// Numbers drawn for one text.
pub(super) struct Stream {
    seed: [u8; 32],
    block: [u8; 32],
    at: usize,
    count: u64,
}

impl Stream {
    /// The next number, below `bound`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        if self.at + 4 > self.block.len() {
            self.block = hashed(&self.seed, self.count);
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
