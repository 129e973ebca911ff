//! What tells two requests apart besides their addresses and parameters.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use crate::capture::Headers;
use crate::value::{Token, Values};

/// The table `parts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    headers: HashSet<String>,
}

impl Names {
    fn built_in() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("parts.toml")).expect("parts.toml is valid")
        })
    }
}

/// Stands for the rest of a body, what its operation asks for besides, and the headers that say what part of a thing
/// a request is about, if there are any.
pub(super) fn beyond(
    rest: Option<Token>,
    asks: &[String],
    headers: &Headers<'_>,
    values: &Values,
) -> Option<Token> {
    let names = Names::built_in();
    let tokens = values.tokens();
    let add = |before: Option<Token>, parts: &[&str]| {
        let parts = parts.iter().map(|part| tokens.token(part));
        let all: Vec<Token> = std::iter::once(before.unwrap_or(Token(0)))
            .chain(parts)
            .collect();
        Some(tokens.combine(&all))
    };
    let asked = asks.iter().fold(rest, |before, text| add(before, &[text]));
    let saying = headers
        .iter()
        .filter(|(name, _)| names.headers.contains(name.as_ref()));
    saying.fold(asked, |before, (name, value)| {
        add(before, &[name, value.trim()])
    })
}
