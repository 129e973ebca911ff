//! English nouns in API names: their words, and their singular.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::value::snake;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    irregular: Vec<(String, String)>,
    singular: Vec<String>,
}

struct Nouns {
    irregular: HashMap<String, String>,
    singular: HashSet<String>,
}

fn nouns() -> &'static Nouns {
    static NOUNS: OnceLock<Nouns> = OnceLock::new();
    NOUNS.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "a constant table, read by a test")]
        let file: File = toml::from_str(include_str!("noun.toml")).expect("noun.toml");
        Nouns {
            irregular: file.irregular.into_iter().collect(),
            singular: file.singular.into_iter().collect(),
        }
    })
}

/// The words of a name, each in the singular: `orderIds` is `order`, `id`.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let snake = snake(name);
    let words = snake.split('_').filter(|word| !word.is_empty());
    words
        .map(|word| match word {
            "ids" => "id".to_owned(),
            word => singular(word),
        })
        .collect()
}

/// The singular of a lower-case English noun; what is no plural stays as it is.
pub(crate) fn singular(word: &str) -> String {
    let nouns = nouns();
    if let Some(one) = nouns.irregular.get(word) {
        return one.clone();
    }
    if !is_regular_plural(word) {
        return word.to_owned();
    }
    for (ending, replacement) in [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("zzes", "zz")] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() > 1
        {
            return format!("{stem}{replacement}");
        }
    }
    for ending in ["ches", "shes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    word[..word.len() - 1].to_owned()
}

fn is_regular_plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "ous"]
            .iter()
            .any(|end| word.ends_with(end))
        && !nouns().singular.contains(word)
        && word.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether the last word of a name is a plural.
pub(crate) fn is_plural(name: &str) -> bool {
    let snake = snake(name);
    let last = snake.rsplit('_').next().unwrap_or_default();
    nouns().irregular.contains_key(last) || is_regular_plural(last)
}

/// What a literal segment says that an identifier behind it identifies, in snake case and singular.
pub(crate) fn noun(segment: &str) -> Option<String> {
    let stem = segment.rsplit_once('.').map_or(segment, |(stem, _)| stem);
    let snake = snake(stem);
    // `by-customer` says that a customer's id follows.
    let snake = snake.strip_prefix("by_").unwrap_or(&snake);
    let (head, last) = match snake.rsplit_once('_') {
        Some((head, last)) => (Some(head), last),
        None => (None, snake),
    };
    let one = singular(last);
    let noun = head.map_or(one.clone(), |head| format!("{head}_{one}"));
    noun.starts_with(char::is_alphabetic).then_some(noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singulars() {
        for (many, one) in [
            ("users", "user"),
            ("companies", "company"),
            ("addresses", "address"),
            ("status", "status"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("movies", "movie"),
            ("people", "person"),
            ("series", "series"),
            ("classes", "class"),
            ("news", "news"),
            ("releases", "release"),
            ("images", "image"),
            ("analyses", "analysis"),
            ("gas", "gas"),
        ] {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn nouns_of_segments() {
        for (segment, name) in [
            ("orders", Some("order")),
            ("paymentMethods", Some("payment_method")),
            ("by-customer", Some("customer")),
            ("byEmail", Some("email")),
            ("by", Some("by")),
            ("2", None),
        ] {
            assert_eq!(noun(segment).as_deref(), name, "{segment}");
        }
    }
}
