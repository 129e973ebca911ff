//! What flowed from responses into later requests, once a capture has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use crate::inventory::answers::{Answer, Call};
use crate::inventory::evidence::{AgainKey, CallKey, LinkKey, Slot};
use crate::inventory::flows::{Flow, Flows, Way};
use crate::inventory::moment::{Moment, Stamp};
use crate::inventory::names::{Name, Names};
use crate::inventory::short::leaf;
use crate::inventory::sources::Source;
use crate::route::{Origin, SegmentStats};
use crate::scope::Place;
use crate::value::Token;

use super::{Last, Lineage, MAX_PLACES};

/// Distinct values counted for one segment.
const MAX_DISTINCT: u32 = 1_000;

/// What of a capture's values flowed from responses into later requests.
pub(in crate::inventory) struct Found {
    /// Which values flowed where, with the number of distinct ones.
    pub(in crate::inventory) links: BTreeMap<LinkKey, usize>,
    /// How many distinct values each place sent that no response had given.
    pub(in crate::inventory) strays: BTreeMap<(CallKey, Slot), usize>,
    /// Short ids that may have flowed into a path; whether they did, the route's names say.
    pub(in crate::inventory) likely: BTreeMap<LinkKey, usize>,
    /// Of both, how many values of a call an earlier one of the same form sends, too.
    pub(in crate::inventory) again: BTreeMap<AgainKey, usize>,
}

impl Lineage {
    /// The values that flowed from a response into a later request, with the number of distinct
    /// ones. The first response of the nearest source that held a value gave it, unless a request of
    /// one as near had sent it before.
    pub(in crate::inventory) fn links(&self, calls: &[&CallKey], names: &Names) -> Found {
        let mut flows = Flows::new(calls, names);
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
            match self.giver(token, last) {
                Some(_) if self.is_common(token, way, names) => {}
                Some(from) => flows.add(Flow {
                    token,
                    from: from.call,
                    field: from.field,
                    way,
                    to,
                }),
                None if self.is_linkable(token) => *strays.entry((to, way)).or_default() += 1,
                None => {}
            }
        }
        // Most headers are no news to anybody: those that never carry what a response gave are left.
        let flowing: HashSet<Way> = flows.ways().collect();
        strays.retain(|(_, way), _| !way.is_header() || flowing.contains(way));
        let strays = strays
            .into_iter()
            .filter_map(|((to, way), count)| {
                Some((((*calls.get(to as usize)?).clone(), way.slot(names)), count))
            })
            .collect();
        let likely = self.short.links(calls, names, &mut flows);
        let mut again = BTreeMap::new();
        Found {
            links: flows.finish(&mut again),
            strays,
            likely: likely.finish(&mut again),
            again,
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

    /// The response of the nearest source that first answered a value, if that was before the
    /// request that sent it last and before any request of a source as near sent it.
    fn giver(&self, token: Token, (last, to): Last) -> Option<Answer> {
        if !self.is_linkable(token) {
            return None;
        }
        let near = |source: Source| self.sources.nearness(source, to);
        let is_news = |answer: &Answer| {
            let at = Stamp::from(answer.at);
            let mut senders = self.senders(token);
            at < last
                && !senders
                    .any(|(source, first)| first <= at && near(source) <= near(answer.source))
        };
        let given = self.given.by_source(token).filter(is_news);
        given.min_by_key(|answer| (near(answer.source), *answer))
    }

    /// The sources that sent a value, and when they first did.
    fn senders(&self, token: Token) -> impl Iterator<Item = (Source, Stamp)> {
        let first = self.sent.get(&token);
        let first = first.map(|sent| (sent.source, sent.first));
        let others = self.elsewhere.get(&token).into_iter().flatten();
        first.into_iter().chain(others.copied())
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
                && self.given_by(*token, last.0.into()).is_some()
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
