//! Short ids: values that are told from other numbers by their names only, such as `order_id=7`.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::route::name_words;
use crate::scope::{Exchange, Place, given_in};
use crate::value::{ConstantRules, Kind, SegmentPiece, Shape, Token};

use super::evidence::CallKey;
use super::flows::{Flow, Flows, Way, narrow};
use super::moment::{Moment, moment};
use super::names::{Name, Names};

/// Fields remembered of each value.
const MAX_FIELDS: usize = 12;

/// A place that sends a value: its token, the call, and the segment or parameter.
type SentKey = (Token, usize, Sent);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sent {
    Segment(usize),
    Param(Place, Name),
}

/// The first response that held a value in a field.
#[derive(Clone, Copy)]
struct Given {
    field: Name,
    /// The host, by number.
    host: u32,
    at: Moment,
    call: usize,
}

/// The short ids of one capture while it is read.
pub(super) struct ShortIds {
    /// How many values are followed.
    room: usize,
    left_out: usize,
    /// Whether each name is that of an identifier, as far as that is known.
    identifiers: Vec<Option<bool>>,
    given: HashMap<Token, Vec<Given>>,
    /// When each place first and last sent a value.
    sent: HashMap<SentKey, (Moment, Moment)>,
}

impl ShortIds {
    /// With room for so many values.
    pub(super) fn new(room: usize) -> Self {
        ShortIds {
            room,
            left_out: 0,
            identifiers: Vec::new(),
            given: HashMap::default(),
            sent: HashMap::default(),
        }
    }

    /// Uses of values that there was no room for.
    pub(super) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Takes a value of a response that is told from others by its name only.
    #[inline]
    pub(super) fn answered(
        &mut self,
        (token, field): (Token, Name),
        host: u32,
        at: Moment,
        call: usize,
        names: &Names,
    ) {
        if self.is_identifier(field, names) {
            self.give((token, field), host, at, call);
        }
    }

    /// Takes what an exchange of the given call sent; `params` are the numbers of their names.
    pub(super) fn add(&mut self, call: usize, exchange: &Exchange, params: &[Name], names: &Names) {
        let at = moment(exchange);
        for (position, segment) in exchange.segments.iter().enumerate() {
            if segment.pieces() == [SegmentPiece::Value(Shape::Integer)] {
                self.send((segment.token(), call, Sent::Segment(position)), at);
            }
        }
        for (param, name) in exchange.params.iter().zip(params) {
            let plain = matches!(param.value.kind, Kind::Integer | Kind::String);
            if plain && !param.value.linkable && self.is_identifier(*name, names) {
                self.send(
                    (param.value.token, call, Sent::Param(param.place, *name)),
                    at,
                );
            }
        }
    }

    #[inline]
    fn is_identifier(&mut self, name: Name, names: &Names) -> bool {
        match self.identifiers.get(name as usize) {
            Some(Some(is)) => *is,
            _ => self.learn(name, names),
        }
    }

    fn learn(&mut self, name: Name, names: &Names) -> bool {
        let at = name as usize;
        if at >= self.identifiers.len() {
            self.identifiers.resize(at + 1, None);
        }
        let is = ConstantRules::built_in().is_identifier(names.name(name));
        self.identifiers[at] = Some(is);
        is
    }

    /// Notes that a response held an id in a field.
    pub(super) fn give(
        &mut self,
        (token, field): (Token, Name),
        host: u32,
        at: Moment,
        call: usize,
    ) {
        if self.given.len() >= self.room && !self.given.contains_key(&token) {
            self.left_out += 1;
            return;
        }
        let given = self.given.entry(token).or_default();
        if let Some(known) = given
            .iter_mut()
            .find(|known| (known.field, known.host) == (field, host))
        {
            if at < known.at {
                (known.at, known.call) = (at, call);
            }
        } else if given.len() < MAX_FIELDS {
            given.push(Given {
                field,
                host,
                at,
                call,
            });
        }
    }

    fn send(&mut self, key: SentKey, at: Moment) {
        if self.sent.len() >= self.room && !self.sent.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let (first, last) = self.sent.entry(key).or_insert((at, at));
        *first = (*first).min(at);
        *last = (*last).max(at);
    }

    /// Adds what flowed into parameters of the same name to `links`; gives what may have flowed into
    /// paths.
    pub(super) fn links<'c>(
        &self,
        calls: &'c [&'c CallKey],
        names: &'c Names,
        links: &mut Flows<'_>,
    ) -> Flows<'c> {
        let before = self.first_sent(calls);
        let mut likely = Flows::new(calls, names);
        for (key @ (token, to, sent), (_, last)) in &self.sent {
            let given = self.given.get(token).into_iter().flatten();
            let news = given.filter_map(|given| {
                let foreign = host(calls, given.call) != host(calls, *to);
                let own = (!foreign).then(|| host(calls, *to));
                let before = before.get(&(*token, *sent, own.flatten()));
                let is_news = given.at < *last && before.is_none_or(|before| given.at < *before);
                is_news.then_some((foreign, *given))
            });
            match sent {
                Sent::Segment(_) => {
                    for given in firsts(news, calls, names) {
                        likely.add(flow(&given, key));
                    }
                }
                Sent::Param(_, name) => {
                    let param = names.name(*name);
                    let same = news.filter(|(_, given)| {
                        let from = calls.get(given.call);
                        from.is_some_and(|from| same_id(names.name(given.field), from, param))
                    });
                    if let Some((_, first)) = same.min_by_key(rank) {
                        links.add(flow(&first, key));
                    }
                }
            }
        }
        likely
    }

    /// When each value was first sent under a name: to each host, and to any. A value that a request
    /// sent before a response held it was no news.
    fn first_sent<'c>(
        &self,
        calls: &[&'c CallKey],
    ) -> HashMap<(Token, Sent, Option<&'c str>), Moment> {
        let mut firsts: HashMap<(Token, Sent, Option<&str>), Moment> = HashMap::default();
        for ((token, to, sent), (first, _)) in &self.sent {
            for host in [None, host(calls, *to)] {
                let known = firsts.entry((*token, *sent, host)).or_insert(*first);
                *known = (*known).min(*first);
            }
        }
        firsts
    }
}

/// The host of a call.
fn host<'c>(calls: &[&'c CallKey], call: usize) -> Option<&'c str> {
    calls.get(call).map(|call| call.host.as_str())
}

/// Responses of the same host come first, then what was answered first.
fn rank((foreign, given): &(bool, Given)) -> (bool, Moment, Name) {
    (*foreign, given.at, given.field)
}

/// What flowed from a response into a request.
fn flow(given: &Given, (token, to, sent): &SentKey) -> Flow {
    Flow {
        token: *token,
        from: narrow(given.call),
        field: given.field,
        to: narrow(*to),
        way: match sent {
            Sent::Segment(position) => Way::Segment(narrow(*position)),
            Sent::Param(place, name) => Way::Param(*place, *name),
        },
    }
}

/// The last step of a path of fields.
pub(super) fn leaf(field: &str) -> &str {
    let field = field.trim_end_matches("[]");
    field.rsplit(['.', ']']).next().unwrap_or(field)
}

/// Of the responses that held a value, the first for each name that the value could be sent under.
fn firsts(
    given: impl Iterator<Item = (bool, Given)>,
    calls: &[&CallKey],
    names: &Names,
) -> Vec<Given> {
    let mut by_name: BTreeMap<String, (bool, Given)> = BTreeMap::new();
    for given in given {
        let Some(from) = calls.get(given.1.call) else {
            continue;
        };
        for name in id_names(names.name(given.1.field), from) {
            let known = by_name.entry(name).or_insert(given);
            if rank(&given) < rank(known) {
                *known = given;
            }
        }
    }
    let mut firsts: Vec<Given> = by_name.into_values().map(|(_, given)| given).collect();
    firsts.sort_by_key(|given| (given.at, given.field));
    firsts.dedup_by_key(|given| (given.field, given.call));
    firsts
}

/// Whether a response field and a parameter name the same id: `order_id` and `orderId`, `orders[].id`
/// and `order_id`, or `id` of what `/orders` answers and `order_id`.
pub(super) fn same_id(field: &str, from: &CallKey, param: &str) -> bool {
    id_names(field, from).contains(&name_words(leaf(param)).join("_"))
}

/// The names under which the id in a response field is likely to be sent.
fn id_names(field: &str, from: &CallKey) -> Vec<String> {
    if given_in(field).0.is_some() {
        // The address of what was made.
        return of_route(from)
            .map(|noun| format!("{noun}_id"))
            .into_iter()
            .collect();
    }
    let words = name_words(leaf(field));
    match words.as_slice() {
        [] => Vec::new(),
        [id] => [holder(field), of_route(from)]
            .into_iter()
            .flatten()
            .map(|noun| format!("{noun}_{id}"))
            .collect(),
        words => vec![words.join("_")],
    }
}

/// The singular of what holds a field: `order` of `data.orders[].id`.
fn holder(field: &str) -> Option<String> {
    let (before, _) = field.rsplit_once('.')?;
    name_words(leaf(before)).pop()
}

/// The singular of the last noun of a call's path.
fn of_route(call: &CallKey) -> Option<String> {
    let texts = call
        .segments
        .iter()
        .rev()
        .filter_map(crate::value::Segment::text);
    texts.take(1).find_map(|text| name_words(&text).pop())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Segment, Tokens};

    fn call(path: &[&str]) -> CallKey {
        CallKey {
            host: "a".to_owned(),
            segments: Segment::path(path.iter().copied(), &Tokens::new()),
            method: "GET".to_owned(),
            operation: None,
        }
    }

    #[test]
    fn ids_are_told_by_their_names() {
        let orders = call(&["v1", "orders"]);
        assert!(same_id("data.order_id", &orders, "orderId"));
        assert!(same_id("data.orders[].id", &call(&["x"]), "order_id"));
        assert!(same_id("id", &orders, "order_id"));
        assert!(!same_id("id", &orders, "user_id"));
        assert!(!same_id("user.id", &orders, "shop_id"));
        assert!(!same_id("id", &orders, "id"));
    }
}
