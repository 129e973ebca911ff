//! Tokens: what takes a value's place, of the same kind and form, equal for equal values.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::route::WordForm;
use crate::value::{ConstantRules, Sensitive, Shape, holds_value};

use super::alphabet::{Alphabet, Style};
use super::cipher::{Cipher, Stream};
use super::keep::Keep;
use super::lexicon::Lexicon;

mod reserved;
#[cfg(test)]
mod tests;

/// Tokens that are remembered; a capture sends the same values again and again.
const REMEMBERED: usize = 1 << 14;
/// Longer texts are not worth remembering, and their form is not looked at.
const LONG: usize = 512;
/// Longer texts are no words of a path.
const NAME: usize = 64;
/// Draws for one token, at most; then its form may differ from the value's.
const DRAWS: u64 = 2_000;

/// Makes tokens.
///
/// A token depends on the value and the key alone, wherever the value stands, so what flows from a
/// response into a later request still does. Short values are permuted, so that different ones stay
/// different; of long ones no two meet. What stays readable in this capture is nobody's token.
#[derive(Debug)]
pub(super) struct Tokens<'k> {
    keep: &'k Keep,
    cipher: Cipher,
    known: RefCell<HashMap<String, String>>,
    lexicon: Lexicon,
}

/// The form of a value: what harcov tells of values whose text it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    shape: Shape,
    number: Option<bool>,
    word: Word,
    /// What the inference of routes looks at.
    route: Option<WordForm>,
    /// Whether it is no name of a parameter or field.
    value: bool,
}

/// How far a text reads like a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    /// It does not.
    No,
    /// It is made of words that may be a constant; in capitals, or not.
    Plausible(bool),
    /// It is made of words that APIs use; in capitals, or not.
    Known(bool),
}

impl Form {
    pub(super) fn of(text: &str) -> Self {
        let rules = ConstantRules::built_in();
        let capitals = !text.bytes().any(|byte| byte.is_ascii_lowercase());
        let shape = Shape::of(text);
        let word = !shape.is_definite() && text.len() <= NAME;
        Form {
            shape,
            route: word.then(|| WordForm::of(text)),
            number: number(text),
            word: if !rules.is_plausible(text) {
                Word::No
            } else if rules.is_known(text) {
                Word::Known(capitals)
            } else {
                Word::Plausible(capitals)
            },
            value: Sensitive::built_in().is_name(text) || holds_value(text),
        }
    }
}

/// Whether a text is a whole number (true) or another one.
fn number(text: &str) -> Option<bool> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match digits.split_once('.') {
        None => numeric(digits).then_some(true),
        Some((whole, fraction)) => (numeric(whole) && numeric(fraction)).then_some(false),
    }
}

impl<'k> Tokens<'k> {
    pub(super) fn new(keep: &'k Keep, key: &[u8]) -> Self {
        Tokens {
            keep,
            cipher: Cipher::new(key),
            known: RefCell::default(),
            lexicon: Lexicon::default(),
        }
    }

    /// The token of a text.
    pub(super) fn token(&self, text: &str) -> String {
        if text.len() > LONG {
            return self.make(text);
        }
        if let Some(token) = self.known.borrow().get(text) {
            return token.clone();
        }
        let token = self.make(text);
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text.to_owned(), token.clone());
        token
    }

    /// What stands for bytes: as many, others for other ones, and none that begin a character, so that they
    /// are no text.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let digest = self.cipher.digest(&[b"bytes", bytes]);
        let drawn = digest.iter().cycle().map(|byte| byte & 0x3F | 0x80);
        drawn.take(bytes.len()).collect()
    }

    fn make(&self, text: &str) -> String {
        if text.len() > LONG {
            return self.long(text);
        }
        if let Some(token) = self.reserved(text).or_else(|| self.given_name(text)) {
            return token;
        }
        match Shape::of(text) {
            Shape::Empty | Shape::Boolean => text.to_owned(),
            Shape::Date | Shape::DateTime | Shape::Month | Shape::Time => self.date(text),
            Shape::Host | Shape::File => match text.rsplit_once('.') {
                Some((stem, ending)) => format!("{}.{ending}", self.formed(stem)),
                None => self.formed(text),
            },
            Shape::Digest | Shape::ResourceName => match text.split_once([':', '-']) {
                Some((scheme, _)) => {
                    let (scheme, rest) = text.split_at(scheme.len() + 1);
                    format!("{scheme}{}", self.formed(rest))
                }
                None => self.formed(text),
            },
            _ => self.formed(text),
        }
    }

    /// A token of the same form.
    fn formed(&self, text: &str) -> String {
        let form = Form::of(text);
        if let Some(route) = &form.route {
            if route.is_alias() {
                return text.to_owned();
            }
            if let Some(token) = self.lexicon.token(&self.cipher, self.keep, text, &form) {
                return token;
            }
        }
        let style = match form.shape {
            Shape::Uuid | Shape::Hex | Shape::ObjectId | Shape::MacAddress | Shape::IpAddress => {
                Style::Hex
            }
            Shape::Ulid => Style::Crockford,
            _ if form.word != Word::No => Style::Word,
            _ => Style::Plain,
        };
        let alphabets = Alphabet::of(text, style);
        let fits = |token: &str| {
            token != text
                && Form::of(token) == form
                && is_clean(token)
                && !self.keep.value("", token)
        };
        let size = alphabets.iter().try_fold(1_u64, |size, alphabet| {
            size.checked_mul(alphabet.size().into())
        });
        match size.filter(|size| *size < 1 << 62) {
            Some(size) => self.permuted(text, &alphabets, size, fits),
            None => self.redrawn(text, &alphabets, fits),
        }
    }

    /// Permutes the texts of an alphabet, again and again until one fits: what fits is permuted among
    /// itself.
    fn permuted(
        &self,
        text: &str,
        alphabets: &[Alphabet],
        size: u64,
        fits: impl Fn(&str) -> bool,
    ) -> String {
        let mut domain = Vec::with_capacity(alphabets.len() * 4);
        for alphabet in alphabets {
            domain.extend_from_slice(&alphabet.size().to_le_bytes());
        }
        let mut number = 0_u64;
        for (alphabet, c) in alphabets.iter().zip(text.chars()) {
            // What is of no alphabet (rare letters) is drawn into it; two such may meet.
            let at = alphabet
                .position(c)
                .unwrap_or(u32::from(c) % alphabet.size());
            number = number * u64::from(alphabet.size()) + u64::from(at);
        }
        let start = number;
        let mut token = String::new();
        for _ in 0..DRAWS {
            number = self.cipher.permute(&domain, size, number);
            token = spell(alphabets, number);
            if fits(&token) {
                return token;
            }
            if number == start {
                // Nothing else of this form is on the way: a short value stands for itself.
                break;
            }
        }
        token
    }

    fn redrawn(&self, text: &str, alphabets: &[Alphabet], fits: impl Fn(&str) -> bool) -> String {
        let mut token = String::new();
        for salt in 0..DRAWS {
            token = self.drawn(text, alphabets, salt);
            if fits(&token) {
                break;
            }
        }
        token
    }

    fn drawn(&self, text: &str, alphabets: &[Alphabet], salt: u64) -> String {
        let mut stream = self.cipher.stream(text, salt);
        alphabets
            .iter()
            .map(|alphabet| match alphabet.size() {
                1 => alphabet.char(0),
                size => alphabet.char(stream.below(size)),
            })
            .collect()
    }

    /// Another date of the same form and century.
    fn date(&self, text: &str) -> String {
        let mut stream = self.cipher.stream(text, 0);
        let mut out = String::with_capacity(text.len());
        let clock_only = Shape::of(text) == Shape::Time;
        let mut group = if clock_only { 3 } else { 0 };
        let mut zone = false;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                zone |= group >= 4 && matches!(c, '+' | '-' | 'Z');
                out.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
            if zone {
                out.push_str(&rest[..digits]);
            } else {
                date_digits(&rest[..digits], &mut group, &mut stream, &mut out);
            }
            rest = &rest[digits..];
        }
        out
    }

    /// Another given name for one.
    fn given_name(&self, text: &str) -> Option<String> {
        let names = Sensitive::built_in().given_names();
        let at = names
            .binary_search(&text.to_ascii_lowercase().as_str())
            .ok()?;
        // The next one of those of its length, in an order that the key decides.
        let place = |name: &str| self.cipher.stream(name, 1).below(u32::MAX);
        let mut alike: Vec<&str> = (names.iter().copied())
            .filter(|name| name.len() == text.len())
            .collect();
        if alike.len() < 2 {
            alike = names.to_vec();
        }
        alike.sort_by_cached_key(|name| (place(name), *name));
        let at = alike.iter().position(|name| *name == names[at])?;
        let name = alike[(at + 1) % alike.len()];
        let capital = text.starts_with(|c: char| c.is_ascii_uppercase());
        let capitals = text.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(match (capitals, capital, name.split_at(1)) {
            (true, ..) => name.to_ascii_uppercase(),
            (_, true, (first, rest)) => format!("{}{rest}", first.to_ascii_uppercase()),
            _ => name.to_owned(),
        })
    }
}

/// The text of a number in the mixed radix of some alphabets.
fn spell(alphabets: &[Alphabet], mut number: u64) -> String {
    let mut reversed: Vec<char> = Vec::with_capacity(alphabets.len());
    for alphabet in alphabets.iter().rev() {
        let size = u64::from(alphabet.size());
        let at = u32::try_from(number % size).unwrap_or_default();
        reversed.push(alphabet.char(at));
        number /= size;
    }
    reversed.iter().rev().collect()
}

/// The next digits of a date: year, month, day, hour, minute, second, fraction.
fn date_digits(digits: &str, group: &mut usize, stream: &mut Stream, out: &mut String) {
    let mut rest = digits;
    while !rest.is_empty() {
        let width = if *group == 0 {
            4
        } else if *group >= 6 {
            rest.len()
        } else {
            2
        };
        let (part, behind) = rest.split_at(width.min(rest.len()));
        let (first, count) = match *group {
            0 => (0, 100),
            1 => (1, 12),
            2 => (1, 28),
            3 => (0, 24),
            4 | 5 => (0, 60),
            _ => (0, 10),
        };
        if *group == 0 {
            out.push_str(&part[..part.len().min(2)]);
            out.push_str(&two_digits(stream.below(count)));
        } else if *group >= 6 {
            out.extend(
                part.chars()
                    .map(|_| char::from_digit(stream.below(10), 10).unwrap_or('0')),
            );
        } else if part.len() == 1 {
            out.push(char::from_digit(1 + stream.below(9), 10).unwrap_or('1'));
        } else {
            out.push_str(&two_digits(first + stream.below(count)));
        }
        *group += 1;
        rest = behind;
    }
}

fn two_digits(number: u32) -> String {
    format!("{number:02}")
}

/// Whether a token does not look like a person's data or a secret itself.
fn is_clean(token: &str) -> bool {
    Sensitive::built_in()
        .find_all(token)
        .iter()
        .all(|found| found.rule.alike)
}
