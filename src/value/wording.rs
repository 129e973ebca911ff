//! Telling words from random letters.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

/// The table `words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    known: HashSet<String>,
    technical: HashSet<String>,
    pairs: Vec<String>,
    given_names: HashSet<String>,
}

fn table() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("words.toml")).expect("words.toml is valid")
    })
}

/// Whether a word, in lower case, is one that the constants of APIs are made of.
pub(super) fn is_known(word: &str) -> bool {
    table().known.contains(word)
}

/// The words that the constants of APIs are made of, in order.
pub(super) fn known() -> Vec<&'static str> {
    let mut words: Vec<&str> = table().known.iter().map(String::as_str).collect();
    words.sort_unstable();
    words
}

/// Whether letters beside a number, in lower case, are a word or an abbreviation that names have.
pub(super) fn is_technical(word: &str) -> bool {
    is_known(word) || table().technical.contains(word)
}

/// Whether a text is a given name and hardly ever a word of an API.
pub(super) fn is_given_name(text: &str) -> bool {
    let mut lower = [0; 12];
    let Some(lower) = lower.get_mut(..text.len()).filter(|lower| lower.len() >= 3) else {
        return false;
    };
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    lower.iter().all(u8::is_ascii_lowercase)
        && std::str::from_utf8(lower).is_ok_and(|lower| table().given_names.contains(lower))
}

/// The given names that are known, in order.
pub(super) fn given_names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: Vec<&str> = table().given_names.iter().map(String::as_str).collect();
        names.sort_unstable();
        names
    })
}

/// The mean surprise of a word's letters in bits: below 5 for words, above 6 for most random letters.
pub(super) fn surprise(word: &str) -> f64 {
    let pairs = &table().pairs;
    let (mut row, mut sum, mut letters) = (0_usize, 0_u32, 0_u32);
    for byte in word.bytes().map(|byte| byte.to_ascii_lowercase()) {
        let Some(column) = byte.checked_sub(b'a').filter(|column| *column < 26) else {
            row = 0;
            continue;
        };
        let digit = pairs
            .get(row)
            .and_then(|row| row.as_bytes().get(usize::from(column)));
        sum += digit.map_or(15, |digit| char::from(*digit).to_digit(16).unwrap_or(15));
        letters += 1;
        row = usize::from(column) + 1;
    }
    f64::from(sum) / f64::from(letters.max(1))
}

/// The parts of a text between signs, and between lower case and capitals.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_sign = |byte: &&u8| !byte.is_ascii_alphanumeric();
        at += bytes[at..].iter().take_while(is_sign).count();
        let start = at;
        while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_alphanumeric())
            && !(at > start && byte.is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase())
        {
            at += 1;
        }
        (at > start).then(|| &text[start..at])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = table();
        assert_eq!(table.pairs.len(), 27);
        for row in &table.pairs {
            assert_eq!(row.len(), 26);
            assert!(row.bytes().all(|digit| digit.is_ascii_hexdigit()));
        }
        assert!(table.known.len() > 400 && table.given_names.len() > 100);
        let both: Vec<_> = table.known.intersection(&table.given_names).collect();
        assert!(both.is_empty(), "{both:?}");
    }

    #[test]
    fn random_letters_surprise() {
        for word in [
            "processing",
            "paperback",
            "SUBSCRIPTION",
            "zhifubao",
            "weixin",
        ] {
            assert!(surprise(word) < 5.7, "{word} {}", surprise(word));
        }
        for random in ["xkqzrtw", "qjvxwkpb", "HGFQZXVB"] {
            assert!(surprise(random) > 6.0, "{random} {}", surprise(random));
        }
    }

    #[test]
    fn texts_are_split_into_parts() {
        let split = |text| parts(text).collect::<Vec<_>>();
        assert_eq!(split("EVGC_VOUCHER"), ["EVGC", "VOUCHER"]);
        assert_eq!(split("inStock-now"), ["in", "Stock", "now"]);
        assert_eq!(split("about:blank"), ["about", "blank"]);
        assert_eq!(split("-日aB本é1 "), ["a", "B", "1"]);
        assert_eq!(split("--").len(), 0);
    }
}
