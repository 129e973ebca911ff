//! What makes two requests the same, and what they are about.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use crate::scope::{Exchange, Param};
use crate::value::{Segment, SegmentPiece, Token, Tokens};

/// The table `series.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    volatile: HashSet<String>,
    unless_words: HashSet<String>,
    fleeting: HashSet<String>,
    wrappers: HashSet<String>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("series.toml")).expect("series.toml is valid")
    })
}

/// Whether a parameter changes with every request by design, such as a time or a signature, as far as its name says.
pub fn is_volatile(name: &str) -> bool {
    let names = names();
    holds(&names.volatile, name) || holds(&names.unless_words, name) || is_fleeting(name)
}

/// Whether a parameter of this value does so: one of some names does not where the value is made of words.
fn varies(param: &Param) -> bool {
    is_volatile(&param.name)
        && !(param.value.word.is_some() && holds(&names().unless_words, &param.name))
}

/// Whether the values of a parameter say nothing but when and how it was sent: a time, a random number,
/// a signature.
pub(super) fn is_fleeting(name: &str) -> bool {
    holds(&names().fleeting, name)
}

fn holds(names: &HashSet<String>, name: &str) -> bool {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return names.contains(&name.to_ascii_lowercase());
    }
    names.contains(name)
}

/// Whether a field mostly wraps an answer, and says nothing of what is in it.
pub(super) fn is_wrapper(name: &str) -> bool {
    names().wrappers.contains(&name.to_ascii_lowercase())
}

/// Tells requests apart, under one key.
#[derive(Default)]
pub(super) struct Fingerprints {
    tokens: Tokens,
}

impl Fingerprints {
    /// Stands for a text.
    pub(super) fn text(&self, text: &str) -> Token {
        self.tokens.token(text)
    }

    /// Stands for several things in order.
    pub(super) fn combine(&self, tokens: &[Token]) -> Token {
        self.tokens.combine(tokens)
    }

    /// Stands for a request's path, those of its parameters that `keep` keeps, by position, and what they do not
    /// tell; parameters that change by design apart.
    pub(super) fn of(&self, exchange: &Exchange, keep: impl Fn(usize) -> bool) -> Token {
        let mut tokens: Vec<Token> = exchange.segments.iter().map(Segment::token).collect();
        for (at, param) in exchange.params.iter().enumerate() {
            if keep(at) && !varies(param) {
                tokens.push(self.tokens.token(&param.name));
                tokens.push(param.value.token);
            }
        }
        tokens.extend(exchange.beyond);
        self.tokens.combine(&tokens)
    }
}

/// The values that say what a request is about: ids in its path and in its parameters.
pub(super) fn subjects(exchange: &Exchange) -> Vec<Token> {
    let is_value = |piece: &SegmentPiece| matches!(piece, SegmentPiece::Value(_));
    let in_path = exchange
        .segments
        .iter()
        .filter(|segment| segment.pieces().iter().any(is_value))
        .map(Segment::token);
    let in_params = exchange
        .params
        .iter()
        .filter(|param| param.value.linkable && !varies(param))
        .map(|param| param.value.token);
    in_path.chain(in_params).collect()
}
