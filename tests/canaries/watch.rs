//! What of the canaries must not come out, and finding it in outputs.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::kinds::{KINDS, url_encoded};

/// What must not come out: every piece of eight characters of a value, and longer ones of what it
/// looks like when it is encoded.
pub(crate) struct Canaries {
    pieces: Vec<(String, String)>,
    search: AhoCorasick,
}

impl Canaries {
    pub(crate) fn new() -> Self {
        let mut pieces = Vec::new();
        for (value, _) in KINDS {
            add_windows(&mut pieces, value, 8, value);
            add_windows(&mut pieces, &BASE64_STANDARD.encode(value), 14, value);
            // Three characters of Chinese are 27 of these.
            let width = if value.is_ascii() { 14 } else { 30 };
            add_windows(&mut pieces, &url_encoded(value), width, value);
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 11 {
                add_windows(&mut pieces, &digits, 9, value);
            }
        }
        pieces.retain(|(piece, _)| !piece.contains("2D%2D%2D"));
        // What the frames around the values have in common with them.
        let frames = [
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "weixin://wxpay/",
        ];
        pieces.retain(|(piece, _)| !frames.iter().any(|frame| frame.contains(piece.as_str())));
        Canaries::search_for(pieces)
    }

    /// The same for other values, each with the place that it was put at.
    pub(crate) fn of(values: &[(String, String)]) -> Self {
        let mut pieces = Vec::new();
        for (value, place) in values {
            let told = format!("{value} of {place}");
            add_windows(&mut pieces, value, 10, &told);
            add_windows(&mut pieces, &BASE64_STANDARD.encode(value), 16, &told);
            let width = if value.is_ascii() { 16 } else { 27 };
            add_windows(&mut pieces, &url_encoded(value), width, &told);
        }
        // The windows that values of one kind share.
        let mut counts = std::collections::BTreeMap::new();
        for (piece, told) in &pieces {
            let kinds: &mut BTreeSet<String> = counts.entry(piece.clone()).or_default();
            kinds.insert(told.clone());
        }
        pieces.retain(|(piece, _)| counts[piece].len() == 1);
        Canaries::search_for(pieces)
    }

    fn search_for(pieces: Vec<(String, String)>) -> Self {
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(pieces.iter().map(|(piece, _)| piece))
            .unwrap();
        Canaries { pieces, search }
    }

    pub(crate) fn found_in(&self, text: &str) -> BTreeSet<String> {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let texts = if decoded == text {
            vec![text]
        } else {
            vec![text, &*decoded]
        };
        texts
            .into_iter()
            .flat_map(|text| self.search.find_overlapping_iter(text))
            .map(|found| {
                let (_, value) = &self.pieces[found.pattern().as_usize()];
                value.clone()
            })
            .collect()
    }
}

pub(crate) fn add_windows(
    pieces: &mut Vec<(String, String)>,
    text: &str,
    width: usize,
    value: &str,
) {
    let chars: Vec<char> = text.chars().collect();
    for window in chars.windows(width.min(chars.len())) {
        pieces.push((window.iter().collect(), value.to_owned()));
    }
}
