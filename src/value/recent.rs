//! Texts that were lately asked about: whether they may be shown.

use smol_str::SmolStr;

use super::{ConstantRules, Naming, Token};

/// Texts that are remembered; a power of two.
const SLOTS: usize = 512;

/// Remembers of which texts it is known whether they are candidates for a constant: those of an API
/// come again and again. What is remembered changes no result.
#[derive(Debug)]
pub struct Recent {
    slots: Box<[Slot]>,
    /// The rules that hold for what is remembered.
    rules: u64,
}

#[derive(Debug, Clone, Default)]
struct Slot {
    /// The text's token, and what its name said.
    asked: Option<(Token, Naming)>,
    /// The text, if it is one.
    word: Option<SmolStr>,
}

impl Default for Recent {
    fn default() -> Self {
        Recent {
            slots: vec![Slot::default(); SLOTS].into(),
            rules: 0,
        }
    }
}

impl Recent {
    /// The text, if the rules let it be kept under a name that says `naming`; `token` is its token.
    pub(super) fn word(
        &mut self,
        rules: &ConstantRules,
        naming: Naming,
        token: Token,
        text: &str,
    ) -> Option<SmolStr> {
        if !rules.may_be_candidate(naming, text) {
            return None;
        }
        let slot = &mut self.slots[usize::try_from(token.0).unwrap_or_default() % SLOTS];
        if self.rules == rules.fingerprint()
            && slot.asked == Some((token, naming))
            && slot.word.as_deref().is_none_or(|word| word == text)
        {
            return slot.word.clone();
        }
        self.learn(rules, naming, token, text)
    }

    fn learn(
        &mut self,
        rules: &ConstantRules,
        naming: Naming,
        token: Token,
        text: &str,
    ) -> Option<SmolStr> {
        if self.rules != rules.fingerprint() {
            *self = Recent {
                rules: rules.fingerprint(),
                ..Recent::default()
            };
        }
        let is = rules.is_candidate(naming, text);
        let slot = &mut self.slots[usize::try_from(token.0).unwrap_or_default() % SLOTS];
        slot.asked = Some((token, naming));
        slot.word = is.then(|| SmolStr::new(text));
        slot.word.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Privacy, Said, Tokens, Way};
    use super::*;

    #[test]
    fn what_is_remembered_changes_nothing() {
        let tokens = Tokens::new();
        let mut denying = Privacy::default();
        denying.say_value(Said::Denied, "SUCCESS");
        let mut recent = Recent::default();
        let all = [
            ConstantRules::built_in().clone(),
            ConstantRules::with_privacy(&denying),
        ];
        let names = ["status", "ret", "token", "note", "order_id"];
        let texts = [
            "SUCCESS",
            "0",
            "4004",
            "true",
            "",
            "hunterzebra",
            "a b",
            "Grand Hall 12",
        ];
        for round in 0..3 {
            for rules in &all {
                for name in names {
                    let naming = rules.naming(name, Way::Answered);
                    for text in texts {
                        let word = recent.word(rules, naming, tokens.token(text), text);
                        let is = rules.is_candidate(naming, text);
                        assert_eq!(word.as_deref(), is.then_some(text), "{round} {name}={text}");
                    }
                }
            }
        }
    }
}
