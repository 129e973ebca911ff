//! From text to a tree: JSON first, and YAML for what is none.

mod json;
mod yaml;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::tree::Node;

/// A document's tree, and what of its text could not be read.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The tree, or what was read of it before the problem.
    pub(super) root: Node,
    /// What is wrong with the text: line, column and what.
    pub(super) problems: Vec<(usize, usize, String)>,
}

/// Reads a document. A text that breaks off or goes wrong gives what stands before.
pub(super) fn parse(text: &str) -> Parsed {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        match json::parse(text) {
            Ok(root) => Parsed {
                root,
                problems: Vec::new(),
            },
            // YAML reads JSON as far as it goes, so that what stands before the problem is kept.
            Err(problem) => Parsed {
                problems: vec![problem],
                ..yaml::parse(&without_surrogates(text))
            },
        }
    } else {
        yaml::parse(text)
    }
}

/// The text with halves of surrogate pairs (`\ud83d`), which YAML does not know, as `\ufffd`.
fn without_surrogates(text: &str) -> Cow<'_, str> {
    static SURROGATE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}").ok());
    match &*SURROGATE {
        Some(surrogate) => surrogate.replace_all(text, r"\ufffd"),
        None => Cow::Borrowed(text),
    }
}
