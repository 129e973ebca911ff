//! Fingerprints: short stable names for findings, so that baselines and comments can refer to them.

use sha2::{Digest as _, Sha256};

/// The fingerprint of a finding: 12 hexadecimal digits of a SHA-256 over its parts.
///
/// Parts are ids and codes (an endpoint's id, a change's code, a parameter's name), never wording,
/// so that a fingerprint outlives a translation. Each part goes in with its length, so that parts
/// cannot run into each other.
///
/// ```
/// use harcov::value::fingerprint;
///
/// let gap = fingerprint(&["gap", "missing", "POST /orders/"]);
/// assert_eq!(gap.len(), 12);
/// assert_ne!(gap, fingerprint(&["gap", "missingPOST", " /orders/"]));
/// ```
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut text = String::with_capacity(12);
    for byte in digest.iter().take(6) {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}
