//! Languages in paths, with a region or without.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use super::decide::Label;
use crate::value::Shape;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    languages: String,
    words: String,
    regions: String,
    among_others: usize,
}

/// The table `locale.toml`.
struct Table {
    languages: HashSet<&'static str>,
    words: HashSet<&'static str>,
    regions: HashSet<&'static str>,
    among_others: usize,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "a constant table, read by a test")]
        let file: File = toml::from_str(include_str!("locale.toml")).expect("locale.toml");
        // Read once and kept for good, as the table itself is.
        let set = |words: String| words.leak().split_ascii_whitespace().collect();
        Table {
            languages: set(file.languages),
            words: set(file.words),
            regions: set(file.regions),
            among_others: file.among_others,
        }
    })
}

/// Whether a text is a language with its region, or a language beside one or among others.
pub(super) fn is_locale(text: &str, labels: &[Label<'_>]) -> bool {
    is_full(text)
        || table().languages.contains(text)
            && (texts(labels).any(|other| is_full(&other)) || are_languages(labels))
}

fn texts(labels: &[Label<'_>]) -> impl Iterator<Item = String> {
    labels.iter().filter_map(|label| label.segment.text())
}

/// A language with its region, in small letters too.
fn is_full(text: &str) -> bool {
    let Some((language, rest)) = text.split_at_checked(2) else {
        return false;
    };
    let region = rest.strip_prefix(['-', '_']);
    table().languages.contains(language)
        && (Shape::of(text) == Shape::Locale
            || region.is_some_and(|region| table().regions.contains(region)))
}

/// Whether all that stands at a place are languages, and enough of them nothing else.
fn are_languages(labels: &[Label<'_>]) -> bool {
    let Table {
        languages,
        words,
        among_others,
        ..
    } = table();
    let known = |text: &String| languages.contains(text.as_str());
    let sure = |text: &String| known(text) && !words.contains(text.as_str());
    texts(labels).filter(known).count() == labels.len()
        && texts(labels).filter(sure).count() >= *among_others
}
