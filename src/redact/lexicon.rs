//! Tokens of words that APIs use: other such words, so that what is told by knowing words stays so.

use std::cell::RefCell;

use crate::route::api_words;
use crate::value::ConstantRules;

use super::cipher::Cipher;
use super::keep::Keep;
use super::token::Form;

/// Words by their forms, which are looked for when they are first needed.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: RefCell<Vec<&'static str>>,
    alike: RefCell<Vec<(Form, Vec<String>)>>,
}

impl Lexicon {
    /// Another word of the form of this one, if it is one that is known, and none that stays readable.
    /// Different words have different tokens, and no word its own unless it is the only one of its form.
    pub(super) fn token(
        &self,
        cipher: &Cipher,
        keep: &Keep,
        text: &str,
        form: &Form,
    ) -> Option<String> {
        if !self.knows(text) {
            return None;
        }
        let mut alike = self.alike.borrow_mut();
        let known = alike.iter().position(|(known, _)| known == form);
        let at = known.unwrap_or_else(|| {
            let mut words = self.alike(cipher, text, form);
            words.retain(|word| !keep.value("", word));
            alike.push((form.clone(), words));
            alike.len() - 1
        });
        let (_, words) = &alike[at];
        let at = words.iter().position(|word| word == text)?;
        words.get((at + 1) % words.len()).cloned()
    }

    fn knows(&self, text: &str) -> bool {
        let mut words = self.words.borrow_mut();
        if words.is_empty() {
            words.extend(api_words());
            words.extend(ConstantRules::known_words());
            words.sort_unstable();
            words.dedup();
        }
        words
            .binary_search(&text.to_ascii_lowercase().as_str())
            .is_ok()
    }

    /// The words of one form, written as this one, by length and in an order that the key decides.
    fn alike(&self, cipher: &Cipher, text: &str, form: &Form) -> Vec<String> {
        let capitals = !text.bytes().any(|b| b.is_ascii_lowercase());
        let capital = text.starts_with(|c: char| c.is_ascii_uppercase());
        let written = |word: &str| match (capitals, capital, word.split_at(1)) {
            (true, ..) => word.to_ascii_uppercase(),
            (_, true, (first, rest)) => format!("{}{rest}", first.to_ascii_uppercase()),
            _ => word.to_owned(),
        };
        let words = self.words.borrow();
        let written = words.iter().map(|word| written(word));
        let mut fit: Vec<String> = written.filter(|word| Form::of(word) == *form).collect();
        fit.dedup();
        let place = |word: &String| {
            (
                word.len(),
                cipher.stream(word, 0).below(u32::MAX),
                word.clone(),
            )
        };
        fit.sort_by_cached_key(place);
        fit
    }
}
