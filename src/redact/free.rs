//! Texts of no structure that is known: each word is a value.

use crate::value::Sensitive;

use super::redactor::{Redactor, document_start, scrubbed};
use super::summary::Place;

/// Longer texts are drawn as a whole.
const LONG: usize = 4096;

impl Redactor<'_> {
    /// A text of which each word is replaced by its token; what a document begins with stays.
    pub(super) fn words(&mut self, place: Place, text: &str) -> String {
        let (start, rest) = text.split_at(document_start(text));
        if !rest.contains(char::is_alphanumeric) {
            return text.to_owned();
        }
        self.note(place, None, rest);
        let token = if rest.len() > LONG {
            self.plain_token(rest)
        } else {
            self.word_tokens(rest)
        };
        format!("{start}{token}")
    }

    fn word_tokens(&mut self, text: &str) -> String {
        let rules = Sensitive::built_in();
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for found in rules.find_all(text) {
            self.tokens_between(&text[from..found.range.start], &mut out);
            out.push_str(&self.plain_token(&text[found.range.clone()]));
            from = found.range.end;
        }
        self.tokens_between(&text[from..], &mut out);
        // Tokens, one beside the other, may look like what no token does.
        let odd: Vec<_> = (rules.find_all(&out).into_iter())
            .filter(|found| !found.rule.alike)
            .map(|found| found.range)
            .collect();
        for range in odd.into_iter().rev() {
            let plain = scrubbed(&out[range.clone()]);
            out.replace_range(range, &plain);
        }
        out
    }

    fn tokens_between(&mut self, text: &str, out: &mut String) {
        for piece in text.split_inclusive(is_gap) {
            let word = piece.trim_end_matches(is_gap);
            let end = word.trim_end_matches(['.', ':', '-']).len();
            let (word, signs) = word.split_at(end);
            if word.is_empty() || self.keep.value("", word) {
                out.push_str(word);
            } else {
                out.push_str(&self.token(word));
            }
            out.push_str(signs);
            out.push_str(&piece[word.len() + signs.len()..]);
        }
    }
}

/// Whether a character stands between words.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || c.is_control() || ",;\"'`<>(){}[]=|&*#!?\\".contains(c)
}
