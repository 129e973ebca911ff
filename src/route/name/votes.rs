//! What fields and parameters that carry the same values say about a parameter's name.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Origin;
use super::NamingPlace;
use super::noun::singular;
use crate::value::snake;

/// Names that say which property of a thing they are, but not of which thing.
const GENERIC: [&str; 22] = [
    "id",
    "uid",
    "uuid",
    "guid",
    "gid",
    "sid",
    "pid",
    "oid",
    "iid",
    "identifier",
    "key",
    "name",
    "slug",
    "code",
    "no",
    "number",
    "value",
    "ref",
    "token",
    "path",
    "title",
    "login",
];

/// Generic names that mean the same as `id`.
const IDENTIFIERS: [&str; 10] = [
    "id",
    "uid",
    "uuid",
    "guid",
    "gid",
    "sid",
    "pid",
    "oid",
    "iid",
    "identifier",
];

/// Shares of the requests, by what they say.
pub(super) struct Votes {
    /// Names with the noun in them.
    direct: BTreeMap<String, f64>,
    /// Names of other things.
    foreign: BTreeMap<String, f64>,
    /// Generic names.
    generic: BTreeMap<String, f64>,
    /// Names that answers about the thing itself have for the value, outside of lists.
    echoed: BTreeSet<String>,
}

/// A name of another thing is that of the value if it has this share of the requests.
const CLEAR: f64 = 0.6;

impl Votes {
    /// Counts the origins of the values.
    pub(super) fn count(
        place: &NamingPlace<'_>,
        piece: Option<usize>,
        noun: Option<&str>,
    ) -> Votes {
        let mut votes = Votes {
            direct: BTreeMap::new(),
            foreign: BTreeMap::new(),
            generic: BTreeMap::new(),
            echoed: BTreeSet::new(),
        };
        let mut requests = 0.0;
        for &at in place.members {
            let sighting = &place.sightings[at];
            requests += f64::from(sighting.requests.max(1));
            let Some(stats) = sighting.stats.get(place.depth) else {
                continue;
            };
            let origins = match piece.and_then(|piece| stats.parts.get(piece)) {
                Some(origins) => origins,
                None => &stats.origins,
            };
            // A name counts once for each request, however many paths end in it.
            let mut own: BTreeMap<String, f64> = BTreeMap::new();
            for (origin, &n) in origins {
                let (path, weight) = match origin {
                    Origin::Request(_, path) | Origin::Echo(path) => (path, 1.0),
                    Origin::Response(path) => (path, 0.8),
                };
                if let Some(name) = last_name(path) {
                    if matches!(origin, Origin::Echo(path) if !path.contains("[]")) {
                        votes.echoed.insert(name.clone());
                    }
                    let slot = own.entry(name).or_default();
                    *slot = f64::max(*slot, f64::from(n) * weight);
                }
            }
            for (name, n) in own {
                *votes.list(&name, noun).entry(name).or_default() += n;
            }
        }
        for list in [&mut votes.direct, &mut votes.foreign, &mut votes.generic] {
            for n in list.values_mut() {
                *n /= f64::max(requests, 1.0);
            }
        }
        votes
    }

    fn list(&mut self, name: &str, noun: Option<&str>) -> &mut BTreeMap<String, f64> {
        if GENERIC.contains(&name) {
            &mut self.generic
        } else if noun.is_some_and(|noun| is_about(name, noun)) {
            &mut self.direct
        } else {
            &mut self.foreign
        }
    }

    /// The best name with the noun in it.
    pub(super) fn direct(&self) -> Option<String> {
        best(&self.direct, 0.3).or_else(|| {
            let generic = self.generic.values().copied().fold(0.0, f64::max);
            self.foreign()
                .filter(|name| self.foreign[name] > CLEAR && generic < 0.3)
        })
    }

    /// The only name that the value has anywhere, if answers about the thing itself have it, too: `pnr`
    /// of a booking.
    pub(super) fn only(&self) -> Option<String> {
        if self.foreign.len() > 1 || !self.direct.is_empty() || !self.generic.is_empty() {
            return None;
        }
        let (name, share) = self.foreign.first_key_value()?;
        (*share > CLEAR && self.echoed.contains(name)).then(|| name.clone())
    }

    /// The best name of another thing that reads like an identifier.
    pub(super) fn foreign(&self) -> Option<String> {
        let identifying: BTreeMap<String, f64> = self
            .foreign
            .iter()
            .filter(|(name, _)| {
                name.rsplit_once('_')
                    .is_some_and(|(_, last)| GENERIC.contains(&last))
            })
            .map(|(name, n)| (name.clone(), *n))
            .collect();
        best(&identifying, 0.25)
    }

    /// The best generic name.
    pub(super) fn suffix(&self) -> Option<&str> {
        let (name, share) = self
            .generic
            .iter()
            .max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0)))?;
        if *share < 0.3 || name == "value" || name == "title" {
            return None;
        }
        let identifier = IDENTIFIERS.contains(&name.as_str());
        Some(if identifier { "id" } else { name })
    }
}

fn best(names: &BTreeMap<String, f64>, least: f64) -> Option<String> {
    let (name, share) = names.iter().max_by(|a, b| {
        a.1.total_cmp(b.1)
            .then_with(|| b.0.len().cmp(&a.0.len()))
            .then_with(|| b.0.cmp(a.0))
    })?;
    (*share >= least).then(|| name.clone())
}

/// Whether a name is one of a property of a thing: `cinema_id`, `parent_cinema_id`, `cinema_no`.
fn is_about(name: &str, noun: &str) -> bool {
    let last = noun.rsplit('_').next().unwrap_or(noun);
    let Some((head, tail)) = name.rsplit_once('_') else {
        return name == last || name == noun;
    };
    GENERIC.contains(&tail) && (head == noun || head == last) || name == noun
}

/// The last name of a JSON path or parameter, in snake case.
fn last_name(path: &str) -> Option<String> {
    let last = path
        .rsplit(['.', '[', ']'])
        .find(|part| !part.is_empty())
        .map(snake)?;
    Some(if path.ends_with("[]") {
        singular(&last)
    } else {
        last
    })
    .filter(|name| !name.is_empty())
}
