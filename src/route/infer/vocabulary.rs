//! Words that APIs use in their own names, and how names are taken apart into words.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use super::super::name::singular;
use crate::value::snake;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    nouns: String,
    verbs: String,
    qualifiers: String,
    aliases: String,
    keys: Keys,
}

/// Names of fields and parameters, by what their values are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    identifier: String,
    name: String,
    kind: String,
    select: String,
}

struct Vocabulary {
    nouns: HashSet<&'static str>,
    verbs: HashSet<&'static str>,
    qualifiers: HashSet<&'static str>,
    aliases: HashSet<&'static str>,
    identifier: HashSet<&'static str>,
    name: HashSet<&'static str>,
    kind: HashSet<&'static str>,
    select: HashSet<&'static str>,
}

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "a constant table, read by a test")]
        let file: File = toml::from_str(include_str!("vocabulary.toml")).expect("vocabulary.toml");
        // Read once and kept for good, as the table itself is.
        let set = |words: String| words.leak().split_ascii_whitespace().collect();
        Vocabulary {
            nouns: set(file.nouns),
            verbs: set(file.verbs),
            qualifiers: set(file.qualifiers),
            aliases: set(file.aliases),
            identifier: set(file.keys.identifier),
            name: set(file.keys.name),
            kind: set(file.keys.kind),
            select: set(file.keys.select),
        }
    })
}

/// What a word is in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordClass {
    Noun,
    Verb,
    Qualifier,
    Unknown,
}

fn class_of(word: &str) -> WordClass {
    let v = vocabulary();
    if v.nouns.contains(word) || v.nouns.contains(singular(word).as_str()) {
        WordClass::Noun
    } else if v.verbs.contains(word) || is_inflected_verb(word) {
        WordClass::Verb
    } else if v.qualifiers.contains(word) {
        WordClass::Qualifier
    } else {
        WordClass::Unknown
    }
}

/// `cancelled`, `banking`: a known word with an ending.
fn is_inflected_verb(word: &str) -> bool {
    let vocabulary = vocabulary();
    let known = |stem: &str| vocabulary.verbs.contains(stem) || vocabulary.nouns.contains(stem);
    ["ed", "ing", "d", "s"].iter().any(|ending| {
        word.strip_suffix(ending).is_some_and(|stem| {
            stem.len() > 2
                && (known(stem)
                    || known(&format!("{stem}e"))
                    || stem.len() > 3
                        && stem.is_char_boundary(stem.len() - 1)
                        && known(&stem[..stem.len() - 1]))
        })
    })
}

/// All words of the vocabulary but aliases, in order.
pub(super) fn words() -> Vec<&'static str> {
    let v = vocabulary();
    let lists = v.nouns.iter().chain(&v.verbs).chain(&v.qualifiers);
    let mut words: Vec<&str> = lists.copied().collect();
    words.sort_unstable();
    words
}

/// Whether a text stands for a known thing where an identifier could stand: `me`, `latest`.
pub(super) fn is_alias(text: &str) -> bool {
    let aliases = &vocabulary().aliases;
    aliases.contains(text)
        || text
            .strip_prefix(['@', '~', '-', '$'])
            .is_some_and(|t| aliases.contains(t))
}

/// What the values of a field or parameter are, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyClass {
    Identifier,
    Name,
    Kind,
    Other,
}

/// Classifies the last name of a JSON path or a parameter's name, in snake case.
pub(super) fn key_class(snake_case: &str) -> KeyClass {
    let v = vocabulary();
    let last = snake_case.rsplit('_').next().unwrap_or_default();
    let one = singular(last);
    if v.kind.contains(one.as_str()) {
        KeyClass::Kind
    } else if v.identifier.contains(one.as_str()) {
        KeyClass::Identifier
    } else if v.name.contains(one.as_str()) {
        KeyClass::Name
    } else {
        KeyClass::Other
    }
}

/// Whether a parameter says which fields or things are to be answered: `$expand`, `fields[article]`.
pub(super) fn is_select(name: &str) -> bool {
    let name = name.split('[').next().unwrap_or(name);
    vocabulary().select.contains(snake(name).as_str())
}

/// How the words of a name are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    /// One lower-case word.
    Plain,
    /// `payment_methods`
    Snake,
    /// `payment-methods`
    Kebab,
    /// `paymentMethods`
    Camel,
    /// `PaymentMethods`, `Users`
    Pascal,
    /// `USD`
    Capitals,
    /// `chat.postMessage`
    Dotted,
    /// Anything else.
    Odd,
}

/// What is known of a text by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other"
)]
pub(super) struct Lexeme {
    pub(super) style: Style,
    /// Words.
    pub(super) words: u32,
    /// Words that are known.
    pub(super) known: u32,
    pub(super) first: WordClass,
    pub(super) last: WordClass,
    pub(super) plural: bool,
    /// Whether the last word is an abstract noun by its ending: `termination`, `eligibility`.
    pub(super) abstract_noun: bool,
    /// One unknown word that is made of known ones: `creditnotes`.
    pub(super) joined: bool,
    pub(super) digits: u32,
    pub(super) ends_in_number: bool,
    pub(super) alias: bool,
    /// Whether it may say by what things are looked up: `by-name`, `byEmail`. Titles may begin so too.
    pub(super) selector: bool,
}

impl Lexeme {
    pub(super) fn of(text: &str) -> Lexeme {
        let snake_case = snake(text);
        let words: Vec<&str> = snake_case.split('_').filter(|w| !w.is_empty()).collect();
        let classes: Vec<WordClass> = words.iter().map(|word| class_of(word)).collect();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let known = classes.iter().filter(|c| **c != WordClass::Unknown).count();
        let last = words.last().copied().unwrap_or_default();
        Lexeme {
            style: style(text),
            words: count(words.len()),
            known: count(known),
            first: classes.first().copied().unwrap_or(WordClass::Unknown),
            last: classes.last().copied().unwrap_or(WordClass::Unknown),
            plural: super::super::name::is_plural(last),
            abstract_noun: is_abstract(&singular(last)),
            joined: known < words.len()
                && words
                    .iter()
                    .zip(&classes)
                    .all(|(word, class)| *class != WordClass::Unknown || is_joined(word)),
            digits: count(text.chars().filter(|c| c.is_numeric()).count()),
            ends_in_number: words.len() > 1 && last.chars().all(|c| c.is_ascii_digit()),
            alias: is_alias(text),
            selector: words.first() == Some(&"by") && (2..=MAX_SELECTOR).contains(&words.len()),
        }
    }

    pub(super) fn all_known(&self) -> bool {
        self.words > 0 && self.known == self.words
    }
}

/// Words of a text such as `by-owner-and-name`; longer ones are titles.
const MAX_SELECTOR: usize = 4;

/// Endings that make abstract nouns; hardly anybody's own name for a thing ends so.
const ABSTRACT: [&str; 12] = [
    "tion", "sion", "ment", "ness", "ity", "ance", "ence", "ancy", "ency", "ship", "ability",
    "ibility",
];

fn is_abstract(word: &str) -> bool {
    word.len() > 6 && ABSTRACT.iter().any(|ending| word.ends_with(ending))
}

/// Whether a word is two or three known ones, written as one.
fn is_joined(word: &str) -> bool {
    fn rest(word: &str, parts: usize) -> bool {
        if word.len() >= 3 && class_of(word) != WordClass::Unknown {
            return true;
        }
        parts > 0
            && (3..word.len().saturating_sub(2)).any(|at| {
                word.is_char_boundary(at)
                    && class_of(&word[..at]) != WordClass::Unknown
                    && rest(&word[at..], parts - 1)
            })
    }
    word.len() <= 40 && word.is_ascii() && rest(word, 2)
}

fn style(text: &str) -> Style {
    let has = |c: char| text.contains(c);
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let odd = text
        .chars()
        .any(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'));
    let separators = [has('_'), has('-'), has('.')]
        .iter()
        .filter(|b| **b)
        .count();
    if odd || separators > 1 || letters == 0 {
        Style::Odd
    } else if has('.') {
        Style::Dotted
    } else if letters > 1 && upper == letters {
        Style::Capitals
    } else if text.starts_with(char::is_uppercase) {
        Style::Pascal
    } else if has('_') {
        Style::Snake
    } else if has('-') {
        Style::Kebab
    } else if upper > 0 {
        Style::Camel
    } else {
        Style::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let lexeme = Lexeme::of("paymentMethods");
        assert!(lexeme.all_known() && lexeme.plural && lexeme.style == Style::Camel);
        assert!(Lexeme::of("creditnotes").joined || Lexeme::of("creditnotes").all_known());
        assert!(!Lexeme::of("saffron-dashboard-12").all_known());
        assert!(Lexeme::of("@me").alias);
        assert_eq!(class_of("cancelled"), WordClass::Verb);
        assert_eq!(class_of("zephyr"), WordClass::Unknown);
    }

    #[test]
    fn no_word_is_in_two_lists() {
        let v = vocabulary();
        for word in &v.nouns {
            assert!(
                !v.verbs.contains(word) && !v.qualifiers.contains(word),
                "{word}"
            );
        }
        for word in &v.verbs {
            assert!(!v.qualifiers.contains(word), "{word}");
        }
    }
}
