//! Crowded places: where so many different texts were seen that they can only be values.

use std::hash::BuildHasher as _;

use foldhash::quality::RandomState;
use foldhash::{HashMap, HashSet};

use crate::route::is_api_word;
use crate::value::{Segment, Token};

/// Different texts at one place of the paths beyond this number are values, words that APIs use
/// apart. No API has so many names of its own at one place, and memory would grow with every
/// further one.
const MAX_TEXTS: usize = 1_000;

/// The texts at each place: below a host, behind a path. A place is known by a hash of these under a
/// key of its own, so that paths of many segments cost no more than they are long.
#[derive(Default)]
pub(super) struct Crowds {
    hasher: RandomState,
    places: HashMap<u64, HashSet<Token>>,
}

impl Crowds {
    /// A path whose texts at crowded places are values.
    ///
    /// What is not known yet is noted if it is to `learn`.
    ///
    /// The first texts of a crowd keep standing; inference takes them together with the rest, as
    /// what is at a place with values of many texts is a value itself.
    pub(super) fn thin(&mut self, host: &str, segments: &[Segment], learn: bool) -> Vec<Segment> {
        let mut path: Vec<Segment> = Vec::with_capacity(segments.len());
        let mut place = self.hasher.hash_one(host);
        for segment in segments {
            let segment = self.thinned(place, segment, learn);
            place = self.hasher.hash_one((place, &segment));
            path.push(segment);
        }
        path
    }

    /// A segment at a place, as a value if the place is crowded.
    fn thinned(&mut self, place: u64, segment: &Segment, learn: bool) -> Segment {
        let texts = match self.places.get_mut(&place) {
            Some(texts) => texts,
            None if learn => self.places.entry(place).or_default(),
            None => return segment.clone(),
        };
        let token = segment.token();
        let word = segment.text();
        if word.as_deref().is_none_or(is_api_word) || texts.contains(&token) {
            segment.clone()
        } else if texts.len() < MAX_TEXTS {
            texts.insert(token);
            segment.clone()
        } else {
            segment.as_value()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::value::Tokens;

    #[test]
    fn a_crowd_becomes_one_value() {
        let tokens = Tokens::new();
        let mut crowds = Crowds::default();
        let mut paths = HashSet::new();
        for n in 0..10_000 {
            // Letters only, so that no shape tells that they are values.
            let name: String = format!("{n:05}")
                .bytes()
                .map(|digit| char::from(digit - b'0' + b'a'))
                .collect();
            let path = Segment::path(["users", &name, "posts"], &tokens);
            paths.insert(crowds.thin("a.example", &path, true));
        }
        assert!(paths.len() < MAX_TEXTS + 100, "{}", paths.len());
    }
}
