//! What flowed from responses into later requests, once a capture has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use crate::inventory::answers::{Answer, Call};
use crate::inventory::evidence::{CallKey, LinkKey, Slot};
use crate::inventory::moment::Moment;
use crate::inventory::names::{Name, Names};
use crate::inventory::short::leaf;
use crate::route::{Origin, SegmentStats};
use crate::scope::Place;
use crate::value::Token;

use super::{Lineage, MAX_PLACES};

/// Distinct values counted for one segment.
const MAX_DISTINCT: u32 = 1_000;

/// Where a value is sent, with names as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Segment(u32),
    Param(Place, Name),
}

impl Way {
    fn is_header(self) -> bool {
        matches!(self, Way::Param(Place::Header | Place::Cookie, _))
    }

    fn slot(self, names: &Names) -> Slot {
        match self {
            Way::Segment(position) => Slot::Segment(position as usize),
            Way::Param(place, name) => Slot::Param(place, names.name(name).to_owned()),
        }
    }
}

/// What of a capture's values flowed from responses into later requests.
pub(in crate::inventory) struct Found {
    /// Which values flowed where, with the number of distinct ones.
    pub(in crate::inventory) links: BTreeMap<LinkKey, usize>,
    /// How many distinct values each place sent that no response had given.
    pub(in crate::inventory) strays: BTreeMap<(CallKey, Slot), usize>,
    /// Short ids that may have flowed into a path; whether they did, the route's names say.
    pub(in crate::inventory) likely: BTreeMap<LinkKey, usize>,
}

impl Lineage {
    /// The values that flowed from a response into a later request, with the number of distinct
    /// ones. The first response that held a value gave it, unless a request had sent it before.
    pub(in crate::inventory) fn links(&self, calls: &[&CallKey], names: &Names) -> Found {
        let mut flows: HashMap<(Call, Name, Call, Way), usize> = HashMap::default();
        let mut strays: HashMap<(Call, Way), usize> = HashMap::default();
        let in_path = self.sent_in_path.iter();
        let in_path = in_path
            .map(|((token, call, position), last)| (*token, *call, Way::Segment(*position), *last));
        let in_params = self.sent_in_params.iter();
        let in_params = in_params.map(|((token, call, place, name), last)| {
            (*token, *call, Way::Param(*place, *name), *last)
        });
        for (token, to, way, last) in in_path.chain(in_params) {
            if matches!(way, Way::Param(_, name) if names.is_volatile(name)) {
                continue;
            }
            match self.giver(token, last.into()) {
                Some(_) if self.is_common(token, way, names) => {}
                Some(from) => *flows.entry((from.call, from.field, to, way)).or_default() += 1,
                None if self.is_linkable(token) => *strays.entry((to, way)).or_default() += 1,
                None => {}
            }
        }
        // Most headers are no news to anybody: those that never carry what a response gave are left.
        let flowing: HashSet<Way> = flows.keys().map(|(_, _, _, way)| *way).collect();
        strays.retain(|(_, way), _| !way.is_header() || flowing.contains(way));
        let mut links: BTreeMap<LinkKey, usize> = BTreeMap::new();
        for ((from, field, to, way), support) in flows {
            if let (Some(from), Some(to)) = (calls.get(from as usize), calls.get(to as usize)) {
                let key = LinkKey {
                    from: (*from).clone(),
                    field: names.name(field).to_owned(),
                    to: (*to).clone(),
                    slot: way.slot(names),
                };
                *links.entry(key).or_default() += support;
            }
        }
        let strays = strays
            .into_iter()
            .filter_map(|((to, way), count)| {
                Some((((*calls.get(to as usize)?).clone(), way.slot(names)), count))
            })
            .collect();
        let likely = self.short.links(calls, names, &mut links);
        Found {
            links,
            strays,
            likely,
        }
    }

    fn is_linkable(&self, token: Token) -> bool {
        let sent = || self.sent.get(&token).is_some_and(|sent| sent.linkable);
        self.given.is_linkable(token) || sent()
    }

    /// A value that responses hold under many different names, and none of them is the one that it is
    /// sent under, is common: a date, a host, a currency.
    fn is_common(&self, token: Token, way: Way, names: &Names) -> bool {
        let Way::Param(_, sent) = way else {
            return false;
        };
        let held: BTreeSet<&str> = self
            .given
            .of(token)
            .map(|answer| leaf(names.name(answer.field)))
            .collect();
        held.len() >= MAX_PLACES && !held.contains(leaf(names.name(sent)))
    }

    /// The response that first answered a value, if that was before `moment` and before any request
    /// sent it.
    fn giver(&self, token: Token, moment: Moment) -> Option<Answer> {
        let first = self.given.of(token).min()?;
        let sent = self.sent.get(&token);
        let linkable = self.is_linkable(token);
        let sent_before = sent.is_some_and(|sent| Moment::from(sent.first) <= first.at);
        (linkable && first.at < moment && !sent_before).then_some(first)
    }

    /// The parameters that carried a value, of those that did first.
    fn params_of(&self, token: Token) -> impl Iterator<Item = (Place, Name)> {
        let sent = self.sent.get(&token);
        let further = sent
            .filter(|sent| sent.further)
            .and_then(|_| self.further.get(&token));
        let first = sent.and_then(|sent| sent.param);
        first
            .into_iter()
            .chain(further.into_iter().flatten().copied())
    }

    /// The position of the entry that first answered a value, if that was before `moment`.
    pub(in crate::inventory) fn given_by(&self, token: Token, moment: Moment) -> Option<usize> {
        let first = self.given.of(token).min()?;
        (first.at < moment).then_some(first.at.1)
    }

    /// The calls whose parameters bring back what an answer gave before.
    pub(in crate::inventory) fn bringing_back(&self) -> HashSet<usize> {
        let sent = self.sent_in_params.iter();
        sent.filter(|((token, _, place, _), last)| {
            !matches!(place, Place::Header | Place::Cookie)
                && self.given.is_linkable(*token)
                && self.given_by(*token, (**last).into()).is_some()
        })
        .map(|((_, call, ..), _)| *call as usize)
        .collect()
    }

    /// For each call and segment, where its values were seen elsewhere.
    pub(in crate::inventory) fn stats(
        &self,
        calls: &[&CallKey],
        names: &Names,
    ) -> Vec<Vec<SegmentStats>> {
        let mut stats: Vec<Vec<SegmentStats>> = calls
            .iter()
            .map(|call| vec![SegmentStats::default(); call.segments.len()])
            .collect();
        for ((call, position, piece, token), value) in &self.segments {
            let Some(segment) = stats
                .get_mut(*call as usize)
                .and_then(|segments| segments.get_mut(*position as usize))
            else {
                continue;
            };
            let origins = match piece.checked_sub(1) {
                None => {
                    segment.distinct = (segment.distinct + 1).min(MAX_DISTINCT);
                    &mut segment.origins
                }
                Some(part) => {
                    let part = part as usize;
                    if segment.parts.len() <= part {
                        segment.parts.resize(part + 1, BTreeMap::new());
                    }
                    &mut segment.parts[part]
                }
            };
            let mut add = |origin: Origin| {
                *origins.entry(origin).or_default() += value.requests;
            };
            for echo in value.echoes() {
                add(Origin::Echo(names.name(echo).to_owned()));
            }
            for answer in self.given.of(*token) {
                if answer.at < value.last.into() {
                    add(Origin::Response(names.name(answer.field).to_owned()));
                }
            }
            for (place, name) in self.params_of(*token) {
                add(Origin::Request(place, names.name(name).to_owned()));
            }
        }
        stats
    }
}

/// The table `lineage.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    refuted_by: usize,
}

/// Whether so many values that came from elsewhere make those that came from a response chance.
pub(in crate::inventory) fn is_refuted(support: usize, against: usize) -> bool {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("../lineage.toml")).expect("lineage.toml is valid")
    });
    against > support.saturating_mul(rules.refuted_by)
}
