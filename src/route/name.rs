//! Names of parameters.
//!
//! The best name is the one that the API itself uses: the parameter or field that carries the same
//! values elsewhere. Failing that, the noun before it says what it identifies (`/cinemas/1001` has
//! a `<cinema_id>`), and how its values look says which of its properties it is.

mod noun;
mod votes;

use std::collections::{BTreeSet, HashSet};

use super::{Part, Piece, Sighting};
use crate::value::{SegmentPiece, Shape, snake};
use votes::Votes;

pub(crate) use noun::{is_plural, name_words, noun, singular};

/// What is known where a parameter is to be named.
pub(super) struct NamingPlace<'n> {
    /// The position of its segment.
    pub(super) depth: usize,
    /// The decided segments before it.
    pub(super) before: &'n [&'n Part],
    /// The sightings that have it.
    pub(super) members: &'n [usize],
    /// All sightings.
    pub(super) sightings: &'n [Sighting<'n>],
    /// What fields and parameters of the host are named after.
    pub(super) known: &'n HashSet<String>,
    /// The name that a pin says.
    pub(super) said: Option<&'n str>,
}

/// Names the parameters of one segment, none like another in the same template.
pub(super) struct Naming<'n> {
    place: &'n NamingPlace<'n>,
    taken: BTreeSet<String>,
    piece: usize,
}

impl<'n> Naming<'n> {
    pub(super) fn new(place: &'n NamingPlace<'n>) -> Naming<'n> {
        Naming {
            taken: taken(place.before),
            place,
            piece: 0,
        }
    }

    /// The name of a parameter that is the whole segment.
    pub(super) fn whole(&mut self) -> String {
        let noun = match self.place.before.last() {
            Some(Part::Literal(text)) => self.noun(text),
            _ => None,
        };
        let mut candidates: Vec<String> = self.place.said.map(str::to_owned).into_iter().collect();
        candidates.extend(self.candidates(None, noun.as_deref()));
        self.take(&candidates)
    }

    /// The name of the next variable piece of a segment, behind a fixed one: `Orders(`, `,OrderID=`.
    pub(super) fn piece(&mut self, fixed: Option<&str>) -> String {
        let own = fixed.and_then(|text| {
            let text = text.trim_matches(|c: char| !c.is_alphanumeric());
            text.rsplit(['(', ','])
                .find(|name| name.chars().any(char::is_alphabetic))
        });
        let mut candidates = Vec::new();
        if let Some((own, key)) = own
            .zip(fixed)
            .map(|(own, fixed)| (own, fixed.contains('=')))
        {
            if key {
                candidates.push(snake(own));
            } else {
                let noun = self.noun(own);
                candidates.extend(self.candidates(Some(self.piece), noun.as_deref()));
            }
        } else {
            let noun = match self.place.before.last() {
                Some(Part::Literal(text)) => self.noun(text),
                _ => None,
            };
            candidates.extend(self.candidates(Some(self.piece), noun.as_deref()));
        }
        self.piece += 1;
        self.take(&candidates)
    }

    /// What a literal before a parameter names; nothing where it is a version or a root.
    fn noun(&self, literal: &str) -> Option<String> {
        let root = self.place.depth < 4 && crate::value::is_root(literal)
            || crate::value::is_version(literal);
        let full = noun(literal).filter(|_| !root)?;
        // The API may call a `virtual-machine` a `machine`.
        match full.rsplit_once('_') {
            Some((_, last))
                if !self.place.known.contains(&full) && self.place.known.contains(last) =>
            {
                Some(last.to_owned())
            }
            _ => Some(full),
        }
    }

    /// Names in order of preference.
    fn candidates(&self, piece: Option<usize>, noun: Option<&str>) -> Vec<String> {
        let shape = self.shape(piece);
        if shape == Some(Shape::Locale) {
            return vec!["locale".to_owned()];
        }
        let votes = Votes::count(self.place, piece, noun);
        let mut names: Vec<String> = votes.direct().into_iter().collect();
        let suffix = votes.suffix().unwrap_or_else(|| default_suffix(shape));
        let shaped = by_shape(shape).map(|name| self.numbered(&name));
        if let Some(noun) = noun {
            names.extend(shaped);
            // That a word is a name is a guess.
            names.extend(votes.only().filter(|_| suffix == GUESS));
            names.push(format!("{noun}_{suffix}"));
        } else {
            names.extend(votes.foreign());
            names.extend(shaped);
            let nearest = self.nearest_noun();
            names.extend(nearest.map(|noun| format!("{noun}_{suffix}")));
        }
        names.push(suffix.to_owned());
        names
    }

    fn nearest_noun(&self) -> Option<String> {
        let literal = |part: &&&Part| matches!(part, Part::Literal(_));
        match self.place.before.iter().rev().find(literal) {
            Some(Part::Literal(text)) => self.noun(text),
            _ => None,
        }
    }

    /// The shape of most values.
    fn shape(&self, piece: Option<usize>) -> Option<Shape> {
        let mut counts: std::collections::BTreeMap<Shape, u32> = std::collections::BTreeMap::new();
        for &at in self.place.members {
            let sighting = &self.place.sightings[at];
            let mut variable = sighting.segments[self.place.depth]
                .pieces()
                .iter()
                .filter_map(|piece| match piece {
                    SegmentPiece::Fixed(_) => None,
                    SegmentPiece::Word(text) => Some(Shape::of(text)),
                    SegmentPiece::Value(shape) => Some(*shape),
                });
            let text = sighting.segments[self.place.depth].text();
            let shape = match (piece, text) {
                (None, Some(text)) => Some(Shape::of(&text)),
                (piece, _) => variable.nth(piece.unwrap_or(0)),
            };
            let stats = sighting.stats.get(self.place.depth);
            let values = stats.map_or(1, |stats| stats.distinct.max(1));
            *counts.entry(shape.unwrap_or(Shape::Text)).or_default() += values;
        }
        // Languages without a region are words.
        let locales = |shape: &Shape| matches!(shape, Shape::Locale | Shape::Word);
        if counts.contains_key(&Shape::Locale) && counts.keys().all(locales) {
            return Some(Shape::Locale);
        }
        let most = counts.values().max().copied();
        let usual = counts.into_iter().find(|(_, n)| Some(*n) == most);
        usual.map(|(shape, _)| shape)
    }

    /// The first name that is free, else the first with a number.
    fn take(&mut self, candidates: &[String]) -> String {
        let base = candidates.first().map_or("id", String::as_str);
        let free = candidates.iter().find(|name| !self.taken.contains(*name));
        let name = free.cloned().unwrap_or_else(|| self.numbered(base));
        self.taken.insert(name.clone());
        name
    }

    /// A name, with a number if it is taken.
    fn numbered(&self, name: &str) -> String {
        if !self.taken.contains(name) {
            return name.to_owned();
        }
        let mut names = (2..=self.taken.len() + 2).map(|n| format!("{name}_{n}"));
        names
            .find(|name| !self.taken.contains(name))
            .unwrap_or_default()
    }
}

fn taken(parts: &[&Part]) -> BTreeSet<String> {
    let mut taken = BTreeSet::new();
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Param(name) => {
                taken.insert(name.clone());
            }
            Part::Mixed(pieces) => {
                taken.extend(pieces.iter().filter_map(|piece| match piece {
                    Piece::Param(name) => Some(name.clone()),
                    Piece::Literal(_) => None,
                }));
            }
        }
    }
    taken
}

/// What a word is taken for.
const GUESS: &str = "name";

/// Which property of a thing values of a shape are, where nothing says more.
fn default_suffix(shape: Option<Shape>) -> &'static str {
    match shape {
        Some(Shape::Word | Shape::Slug | Shape::Text) => GUESS,
        Some(Shape::Token) => "token",
        _ => "id",
    }
}

/// Names that the shape of the values suggests.
fn by_shape(shape: Option<Shape>) -> Option<String> {
    let name = match shape? {
        Shape::Date | Shape::DateTime => "date",
        Shape::Month => "month",
        Shape::Time => "time",
        Shape::Email => "email",
        Shape::Phone => "phone",
        Shape::MacAddress => "mac_address",
        Shape::IpAddress => "ip_address",
        Shape::Version => "version",
        Shape::Coordinates => "point",
        Shape::Token => "token",
        Shape::File => "file_name",
        Shape::Digest => "digest",
        Shape::Url => "url",
        _ => return None,
    };
    Some(name.to_owned())
}
