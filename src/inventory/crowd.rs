//! Crowded places: where so many different texts were seen that they can only be values.

use std::collections::{HashMap, HashSet};

use crate::route::is_api_word;
use crate::value::{Segment, Token};

/// Different texts at one place of the paths beyond this number are values, words that APIs use
/// apart. No API has so many names of its own at one place, and memory would grow with every
/// further one.
const MAX_TEXTS: usize = 1_000;

/// The texts at each place: below a host, behind a path.
#[derive(Default)]
pub(super) struct Crowds {
    places: HashMap<(String, Vec<Segment>), HashSet<Token>>,
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
        for segment in segments {
            let place = (host.to_owned(), path.clone());
            let texts = match self.places.get_mut(&place) {
                Some(texts) => texts,
                None if learn => self.places.entry(place).or_default(),
                None => {
                    path.push(segment.clone());
                    continue;
                }
            };
            let token = segment.token();
            let word = segment.text();
            let own = word.as_deref().is_none_or(is_api_word);
            if own || texts.contains(&token) {
                path.push(segment.clone());
            } else if texts.len() < MAX_TEXTS {
                texts.insert(token);
                path.push(segment.clone());
            } else {
                path.push(segment.as_value());
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
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
