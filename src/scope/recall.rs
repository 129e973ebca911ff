//! What was worked out of a text is remembered for the next time that it comes.

use std::cell::RefCell;

use foldhash::HashMap;

use crate::value::{Segment, Step, Token, Tokens};

use super::location::Location;

/// Texts that are remembered of each kind, and the longest of them: what is beyond is worked out anew.
const MAX_TEXTS: usize = 1 << 10;
const MAX_LENGTH: usize = 256;

/// What texts of one kind say.
#[derive(Debug)]
pub(super) struct Recall<T>(HashMap<Box<str>, T>);

impl<T> Default for Recall<T> {
    fn default() -> Self {
        Recall(HashMap::default())
    }
}

impl<T: Clone> Recall<T> {
    /// What `text` says: by memory, else as `find` finds it.
    pub(super) fn of(&mut self, text: &str, find: impl FnOnce() -> T) -> T {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let found = find();
        if text.len() <= MAX_LENGTH {
            if self.0.len() >= MAX_TEXTS {
                self.0 = HashMap::default();
            }
            self.0.insert(text.into(), found.clone());
        }
        found
    }
}

/// Steps of paths under one key of tokens.
#[derive(Default)]
struct Steps {
    /// Tells the key from others.
    key: Option<Token>,
    known: Recall<Step>,
}

thread_local! {
    // Each thread remembers for itself, and what is remembered changes no result.
    static STEPS: RefCell<Steps> = RefCell::default();
}

/// The segments of a path.
pub(super) fn segments(location: &Location, tokens: &Tokens) -> Vec<Segment> {
    STEPS.with_borrow_mut(|steps| {
        let key = Some(tokens.token("which key is it"));
        if steps.key != key {
            *steps = Steps {
                key,
                ..Steps::default()
            };
        }
        let known = &mut steps.known;
        let path = location.segments.iter();
        Segment::of_steps(path.map(|text| known.of(text, || Step::parse(text, tokens))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_remembered_under_their_key() {
        let location = Location::parse("https://a.example/v1/users/1001").unwrap();
        let tokens = Tokens::new();
        let token = |tokens: &Tokens| segments(&location, tokens)[2].token();
        assert_eq!(token(&tokens), tokens.token("1001"));
        assert_eq!(token(&tokens), tokens.token("1001"));
        let others = Tokens::new();
        assert_eq!(token(&others), others.token("1001"));
    }

    #[test]
    fn memory_is_bounded() {
        let mut recall = Recall::default();
        for n in 0..5_000 {
            assert_eq!(recall.of(&n.to_string(), || n), n);
        }
        assert!(recall.0.len() <= MAX_TEXTS);
        assert_eq!(recall.of(&"x".repeat(9_000), || 7), 7);
        assert!(!recall.0.keys().any(|text| text.len() > MAX_LENGTH));
    }
}
