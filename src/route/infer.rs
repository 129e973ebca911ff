//! Inference: from the evidence of distinct paths to templates.
//!
//! Paths are read as a tree and decided from the root down. At each node every distinct segment is
//! decided on its own, with its siblings as evidence; those that are values become one parameter,
//! their subtrees one subtree, before the next segment is looked at. So a decision is made once for
//! all paths that share it, and the result does not depend on the order of the sightings.

mod affix;
mod decide;
mod explain;
mod facts;
mod feature;
mod features;
mod finish;
mod locale;
mod pinned;
mod prior;
pub mod training;
mod vocabulary;
mod walk;
mod weights;

use std::collections::BTreeMap;

use super::{Inference, Pins, Sighting};
use decide::{Decision, Label, Place};
use facts::Facts;

pub use feature::{Feature, Features};
pub use weights::Weights;

/// The templates of some sightings, and why.
///
/// Sightings of one host are decided together. A pin wins over evidence for every path that it
/// fits, and what it says of a place holds for the other paths through that place; one that is a claim
/// leaves words that evidence is sure of. The trailing
/// slash is as most requests wrote it; where both are equal, there is none.
pub fn infer(sightings: &[Sighting<'_>], pins: &Pins) -> Inference {
    infer_with(sightings, pins, Weights::built_in())
}

/// Whether a text is made of words that APIs use, and so is worth keeping among many values.
///
/// ```
/// assert!(harcov::route::is_api_word("search"));
/// assert!(!harcov::route::is_api_word("octocat"));
/// ```
pub fn is_api_word(text: &str) -> bool {
    let lexeme = vocabulary::Lexeme::of(text);
    lexeme.alias || lexeme.all_known()
}

/// Whether a text may say by what the things behind it are looked up: `by-name`.
pub fn may_select(text: &str) -> bool {
    vocabulary::Lexeme::of(text).selector
}

/// All that inference looks at of a text by itself, so that texts of one form are decided alike where
/// everything around them is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordForm {
    lexeme: vocabulary::Lexeme,
    /// Two characters at most, three, four, up to 16, more.
    length: u8,
    sign: bool,
}

impl WordForm {
    /// The form of a text.
    pub fn of(text: &str) -> Self {
        WordForm {
            lexeme: vocabulary::Lexeme::of(text),
            length: match text.chars().count() {
                0..=2 => 2,
                3 => 3,
                // From five on equal values are taken for the same thing.
                4 => 4,
                5..=16 => 16,
                _ => u8::MAX,
            },
            sign: text.starts_with(|c: char| !c.is_alphanumeric()),
        }
    }

    /// Whether it is that of words that APIs use.
    pub fn is_known(&self) -> bool {
        self.lexeme.all_known()
    }

    /// Whether it is that of a text for a known thing: `me`, `latest`.
    pub fn is_alias(&self) -> bool {
        self.lexeme.alias
    }
}

/// The words that APIs use, in order.
pub fn api_words() -> Vec<&'static str> {
    vocabulary::words()
}

/// [`infer`] with other weights.
pub fn infer_with(sightings: &[Sighting<'_>], pins: &Pins, weights: &Weights) -> Inference {
    infer_by(sightings, pins, &|place, labels, facts| {
        decide::decide(weights, place, labels, facts)
    })
}

/// [`infer`] where every text was found to be the API's own before: only values are parameters.
pub fn infer_decided(sightings: &[Sighting<'_>], pins: &Pins) -> Inference {
    infer_by(sightings, pins, &|place, labels, facts| {
        let decision = decide::decide(Weights::built_in(), place, labels, facts);
        decide::as_decided(decision, labels, facts)
    })
}

/// Infers by what `decide` says of each place.
fn infer_by(
    sightings: &[Sighting<'_>],
    pins: &Pins,
    decide: &dyn Fn(&Place<'_>, &[Label<'_>], &Facts<'_>) -> Decision,
) -> Inference {
    let mut hosts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, sighting) in sightings.iter().enumerate() {
        hosts.entry(sighting.host).or_default().push(at);
    }
    let mut inference = Inference {
        of: vec![0; sightings.len()],
        ..Inference::default()
    };
    let index = pinned::PinIndex::new(pins);
    for (host, mut members) in hosts {
        // The order of the sightings must not matter, not even to the last digit of a sum.
        members.sort_by_key(|&at| {
            let sighting = &sightings[at];
            (sighting.segments, sighting.method, sighting.operation)
        });
        let walked = walk::walk(
            host,
            members,
            sightings,
            pins,
            &mut |place, labels, facts| decide(place, labels, facts),
        );
        finish::finish(host, &walked, sightings, pins, &index, &mut inference);
    }
    inference
}

#[cfg(test)]
mod tests;
