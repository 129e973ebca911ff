//! Judging many texts, one after the other: what each asks for is looked up once for all.

use smol_str::SmolStr;

use super::{ConstantRules, Kind, Linkable, Naming, Recent, Token, Tokens, Values};

/// Says of many texts what [`Values::scalar`] says of one.
#[derive(Debug, Clone, Copy)]
pub struct Scalars<'v> {
    tokens: &'v Tokens,
    rules: &'v ConstantRules,
    linkable: &'static Linkable,
}

impl<'v> Scalars<'v> {
    pub(super) fn new(values: &'v Values) -> Self {
        Scalars {
            tokens: values.tokens(),
            rules: values.rules(),
            linkable: Linkable::built_in(),
        }
    }

    /// What stands for the text.
    #[inline]
    pub fn token(&self, text: &str) -> Token {
        self.tokens.token(text)
    }

    /// Whether the text may be one that can be shown: most are told by their name, their length or their
    /// first character.
    #[inline]
    pub fn may_be_word(&self, naming: Naming, text: &str) -> bool {
        self.rules.may_be_candidate(naming, text)
    }

    /// The text, if the rules let it be kept under a name that says `naming`; `token` stands for it.
    pub fn word(
        &self,
        recent: &mut Recent,
        naming: Naming,
        token: Token,
        text: &str,
    ) -> Option<SmolStr> {
        recent.word(self.rules, naming, token, text)
    }

    /// Whether an equal value elsewhere is likely to be the same thing and no coincidence, unless the
    /// text is a word.
    #[inline]
    pub fn is_linkable(&self, kind: Kind, text: &str) -> bool {
        self.linkable.is(kind, text)
    }
}
