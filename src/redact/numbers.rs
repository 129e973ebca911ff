//! Sizes and times, which stay as they are where they cannot be anything else.

use crate::capture::Node;
use crate::value::{Sensitive, Way};

use super::redactor::{At, Redactor};
use super::summary::Place;

impl Redactor<'_> {
    /// Sizes and times: small numbers stay, other ones become their tokens, and anything else goes.
    pub(super) fn numbers(&mut self, node: &mut Node) {
        match node {
            Node::Object(members) => {
                for (key, node) in members {
                    if key == "comment" {
                        self.comment(node);
                    } else {
                        self.numbers(node);
                    }
                    *key = self.name(Place::Other, key);
                }
            }
            Node::Array(items) => items.iter_mut().for_each(|node| self.numbers(node)),
            Node::Bare(word) if is_small_number(word) => {}
            Node::Bare(word) if word == "null" => {}
            Node::Bare(word) if serde_json::from_str::<f64>(word).is_ok() => {
                let at = At {
                    place: Place::Other,
                    name: "",
                    way: Way::Answered,
                };
                *word = self.number(at, word);
            }
            Node::Text(text) if is_small_number(text) => {}
            node => *node = Node::null(),
        }
    }
}

/// Numbers too short to tell a person by, or with a fraction as times have.
pub(super) fn is_small_number(word: &str) -> bool {
    /// The first number that is not small.
    const END: f64 = 1e7;
    let digits = word.strip_prefix('-').unwrap_or(word);
    let (digits, exponent) = digits.split_at(digits.find(['e', 'E']).unwrap_or(digits.len()));
    let whole = digits.split('.').next().unwrap_or_default();
    (1..=7).contains(&whole.len())
        && word.len() <= 28
        && whole.bytes().all(|byte| byte.is_ascii_digit())
        && digits[whole.len()..]
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && (exponent.is_empty() || word.parse().is_ok_and(|number: f64| number.abs() < END))
}

/// Whether a number, where a time is expected, is one: seconds or milliseconds since 1970, in this century.
pub(super) fn is_moment(word: &str) -> bool {
    const SECONDS: std::ops::Range<f64> = 946_684_800.0..4_102_444_800.0;
    let Ok(number) = serde_json::from_str::<f64>(word) else {
        return false;
    };
    word.len() <= 28
        && (SECONDS.contains(&number) || SECONDS.contains(&(number / 1_000.0)))
        && Sensitive::built_in().find(word).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_told_from_long_ones() {
        for word in [
            "0",
            "-1",
            "1234567",
            "12.5",
            "4.99e-7",
            "1e-7",
            "2.5E3",
            "12.34567890123",
        ] {
            assert!(is_small_number(word), "{word}");
        }
        for word in [
            "",
            "13800138042",
            "1.3800138042e10",
            "1e",
            "e5",
            "x",
            "0x1",
            "1e99",
        ] {
            assert!(!is_small_number(word), "{word}");
        }
    }

    #[test]
    fn moments_are_told_from_other_long_numbers() {
        for word in ["1772438400.1", "1772438400", "1772438400123", "1.7724384e9"] {
            assert!(is_moment(word), "{word}");
        }
        for word in ["13800138042", "6222021234567890", "12", "null", "NaN"] {
            assert!(!is_moment(word), "{word}");
        }
    }
}
