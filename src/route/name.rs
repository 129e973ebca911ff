//! Names of parameters.
//!
//! The best name is the one that the API itself uses: the query or body parameter, or the JSON
//! field, that carries the same value elsewhere. Failing that, the noun before it says what it
//! identifies: `/cinemas/1001` has a `<cinema_id>`.

mod noun;

use std::collections::{BTreeMap, BTreeSet};

use super::{Origin, Part, Piece, Sighting};
use crate::value::{SegmentPiece, Shape};

pub(crate) use noun::is_plural;

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
    /// The name that a pin says.
    pub(super) said: Option<&'n str>,
}

/// Names the parameters of one segment, none like another in the same template.
pub(super) struct Naming {
    candidates: Vec<String>,
    taken: BTreeSet<String>,
}

/// Names that say nothing without their noun.
const GENERIC: [&str; 12] = [
    "id", "uid", "uuid", "guid", "key", "name", "slug", "code", "no", "number", "value", "ids",
];

impl Naming {
    pub(super) fn new(place: &NamingPlace<'_>) -> Naming {
        let taken = taken(place.before);
        let mut candidates: Vec<String> = place.said.map(str::to_owned).into_iter().collect();
        let noun = place.before.iter().rev().find_map(|part| match part {
            Part::Literal(text) => noun::noun(text),
            _ => None,
        });
        let adjacent = matches!(place.before.last(), Some(Part::Literal(_)));
        candidates.extend(requested(place, noun.as_deref()));
        if let Some(noun) = noun.filter(|_| adjacent) {
            candidates.push(format!("{noun}_id"));
        }
        candidates.extend(by_shape(place));
        Naming { candidates, taken }
    }

    /// The name of a parameter that is the whole segment.
    pub(super) fn whole(&mut self) -> String {
        let free = |name: &&String| !self.taken.contains(*name);
        let name = self.candidates.iter().find(free).cloned();
        let name = name.unwrap_or_else(|| self.numbered());
        self.taken.insert(name.clone());
        name
    }

    /// The name of the next variable piece of a segment.
    pub(super) fn piece(&mut self) -> String {
        self.whole()
    }

    fn numbered(&self) -> String {
        let base = self.candidates.first().map_or("id", String::as_str);
        (2..)
            .map(|n| format!("{base}_{n}"))
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

/// Names of request parameters that carry the same values, the most frequent first.
fn requested(place: &NamingPlace<'_>, noun: Option<&str>) -> Vec<String> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for &at in place.members {
        let Some(stats) = place.sightings[at].stats.get(place.depth) else {
            continue;
        };
        for (origin, requests) in &stats.origins {
            if let Origin::Request(_, name) = origin {
                let last = name.rsplit(['.', ']', '[']).find(|part| !part.is_empty());
                *counts.entry(noun::snake(last.unwrap_or(name))).or_default() += requests;
            }
        }
    }
    let mut names: Vec<(String, u32)> = counts
        .into_iter()
        .filter(|(name, _)| !GENERIC.contains(&name.as_str()))
        .filter(|(name, _)| noun.is_some_and(|noun| name.contains(noun)))
        .collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    names.into_iter().map(|(name, _)| name).collect()
}

/// Names that the shape of the values suggests.
fn by_shape(place: &NamingPlace<'_>) -> Vec<String> {
    let shape = place.members.iter().find_map(|&at| {
        place.sightings[at].segments[place.depth]
            .pieces()
            .iter()
            .find_map(|piece| match piece {
                SegmentPiece::Value(shape) => Some(*shape),
                _ => None,
            })
    });
    let name = match shape {
        Some(Shape::Date | Shape::DateTime) => "date",
        Some(Shape::Month) => "month",
        Some(Shape::Email) => "email",
        Some(Shape::Phone) => "phone",
        Some(Shape::Locale) => "locale",
        Some(Shape::IpAddress) => "ip",
        Some(Shape::Version) => "version",
        Some(Shape::Coordinates) => "point",
        Some(Shape::Token) => "token",
        _ => "id",
    };
    vec![name.to_owned()]
}
