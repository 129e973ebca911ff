//! What holds for every table of texts, and for every key that the code and the templates name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

use super::*;
use crate::locale::Arg;
use crate::locale::message::{Piece, pieces};
use crate::locale::space_cjk;

/// The placeholders of a text.
fn placeholders(text: &str) -> BTreeSet<String> {
    pieces(text)
        .into_iter()
        .flat_map(|piece| match piece {
            Piece::Value(names) | Piece::Plural(names, ..) => {
                names.split('+').map(str::to_owned).collect()
            }
            Piece::Text(_) | Piece::Broken(_) => Vec::new(),
        })
        .collect()
}

/// Every text of one file of one language, with nothing but texts in it.
fn parse(source: &str) -> toml::Table {
    source.parse().unwrap()
}

/// Turns nested tables into dotted keys.
fn flatten(prefix: &str, table: &toml::Table, texts: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, texts),
            toml::Value::String(text) => {
                texts.insert(key, text.clone());
            }
            _ => {}
        }
    }
}

#[test]
fn the_files_are_read_as_toml_is() {
    for lang in Lang::ALL {
        let (mut read, mut parsed) = (BTreeMap::new(), BTreeMap::new());
        for source in sources(lang) {
            read_texts(source, &mut read);
            flatten("", &parse(source), &mut parsed);
        }
        let read: BTreeMap<String, String> = read
            .into_iter()
            .map(|(key, text)| (key, text.into_owned()))
            .collect();
        assert!(read.len() > 200);
        assert_eq!(read, parsed);
    }
}

#[test]
fn the_files_hold_nothing_but_texts() {
    fn check(table: &toml::Table) {
        for (name, value) in table {
            match value {
                toml::Value::Table(inner) => check(inner),
                toml::Value::String(text) => assert!(!text.trim().is_empty(), "{name} is empty"),
                other => panic!("{name} is {other}, not a text"),
            }
        }
    }
    for lang in Lang::ALL {
        for source in sources(lang) {
            check(&parse(source));
        }
    }
}

#[test]
fn no_key_stands_in_two_files_of_a_language() {
    for lang in Lang::ALL {
        let mut known = BTreeMap::new();
        for source in sources(lang) {
            let mut texts = BTreeMap::new();
            flatten("", &parse(source), &mut texts);
            for key in texts.keys() {
                assert!(
                    !known.contains_key(key),
                    "{key} is in two files of {}",
                    lang.tag()
                );
            }
            known.extend(texts);
        }
    }
}

#[test]
fn every_language_has_the_same_keys_and_placeholders() {
    let english = Locale::new(Lang::En);
    for lang in Lang::ALL {
        let other = Locale::new(lang);
        let keys: Vec<&str> = other.keys().collect();
        assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{}", lang.tag());
        for key in keys {
            let (ours, theirs) = (other.get(key), english.get(key));
            assert_eq!(
                placeholders(ours),
                placeholders(theirs),
                "{key} in {}",
                lang.tag()
            );
            let broken = pieces(ours)
                .into_iter()
                .any(|piece| matches!(piece, Piece::Broken(_)));
            assert!(
                !broken,
                "{key} in {} has braces that are no placeholder",
                lang.tag()
            );
        }
    }
}

#[test]
fn no_english_is_left_in_chinese() {
    let (chinese, english) = (Locale::new(Lang::ZhCn), Locale::new(Lang::En));
    for key in english.keys().filter(|key| !key.starts_with("list.")) {
        let (ours, theirs) = (chinese.get(key), english.get(key));
        assert_ne!(ours, theirs, "{key} is the same in both");
        let has_chinese = ours.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let is_word = |piece: &Piece<'_>| matches!(piece, Piece::Text(text) if text.contains(|c: char| c.is_ascii_alphabetic()));
        let has_words = pieces(ours).iter().any(is_word);
        assert!(has_chinese || !has_words, "{key} has no Chinese: {ours}");
    }
}

#[test]
fn chinese_texts_keep_the_typography() {
    let chinese = Locale::new(Lang::ZhCn);
    let half_width = Regex::new(r"[\p{Han}][,;:!?()]|[,;:!?()][\p{Han}]|\p{Han}\.").unwrap();
    let beside_full_width = Regex::new(r"[，。；：！？（）、“”] | [，。；：！？（）、“”]").unwrap();
    for key in chinese.keys() {
        let text = chinese.get(key);
        assert_eq!(space_cjk(text), text, "{key} lacks a space");
        assert!(
            !half_width.is_match(text),
            "{key} has half-width punctuation: {text}"
        );
        assert!(
            !beside_full_width.is_match(text),
            "{key} has a space too many: {text}"
        );
    }
}

/// Every file under a folder whose name ends like this, with its text.
fn files(folder: &Path, ending: &str) -> Vec<(PathBuf, String)> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(ending))
        .map(|entry| {
            (
                entry.path().to_owned(),
                std::fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect()
}

/// The code and the templates.
fn users_of_keys() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = files(&root.join("src"), ".rs");
    for ending in [".txt", ".md", ".html"] {
        all.extend(files(&root.join("templates"), ending));
    }
    all
}

#[test]
fn every_key_that_is_named_exists() {
    let locale = Locale::new(Lang::En);
    let in_code =
        Regex::new(r#"(?:locale\s*\.\s*(?:get|format)|Reason::new)\(\s*"([a-z0-9._-]+)""#).unwrap();
    let in_template = Regex::new(r#"\bt\(\s*key\s*=\s*"([a-z0-9._-]+)"(\s*~)?"#).unwrap();
    for (path, text) in users_of_keys() {
        for found in in_code.captures_iter(&text) {
            assert!(
                locale.has(&found[1]),
                "{} names {}",
                path.display(),
                &found[1]
            );
        }
        for found in in_template
            .captures_iter(&text)
            .filter(|found| found.get(2).is_none())
        {
            assert!(
                locale.has(&found[1]),
                "{} names {}",
                path.display(),
                &found[1]
            );
        }
    }
}

/// Kinds of the same things have a text each wherever they are told.
#[test]
fn kinds_have_a_text_on_every_page() {
    let locale = Locale::new(Lang::En);
    let kinds = |prefix: &str| -> Vec<&str> {
        let keys = locale.keys().filter_map(|key| key.strip_prefix(prefix));
        keys.filter(|kind| *kind != "failed").collect()
    };
    assert!(kinds("story.envelope-").contains(&"json-rpc"));
    assert_eq!(kinds("story.envelope-"), kinds("conventions.envelope-"));
}

#[test]
fn every_key_is_named() {
    let all: String = users_of_keys()
        .into_iter()
        .filter(|(path, _)| !path.ends_with("table/tests.rs"))
        .map(|(_, text)| text)
        .collect();
    for key in Locale::new(Lang::En).keys() {
        let table = key.rsplit_once('.').map_or(key, |(table, _)| table);
        // By its name, by that of its table and a value, or by that of its table alone.
        let names = [
            format!("\"{key}\""),
            format!("\"{table}."),
            format!("(table=\"{table}\")"),
        ];
        assert!(
            names.iter().any(|name| all.contains(name)),
            "nothing names {key}"
        );
    }
}

/// What is listed decides between one and many.
#[test]
fn verbs_fit_what_is_listed() {
    let locale = Locale::new(Lang::En);
    let codes = |n: usize| Arg::Codes((0..n).map(|at| format!("x{at}")).collect());
    let after = |n| {
        let args = [("titles", codes(n)), ("fields", codes(1))];
        locale.format("priority.after", &args)
    };
    assert!(after(1).contains("`x0` answers (") && after(1).ends_with("build that first"));
    assert!(after(2).contains("`x1` answer (") && after(2).ends_with("build those first"));
    let unused = |n| locale.format("found.unused", &[("endpoints", codes(n))]);
    assert!(unused(1).contains("this call answered, so it may"));
    assert!(unused(2).contains("these calls answered, so they may"));
}
