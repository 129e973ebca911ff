//! What calls are named: the words of routes and operations, and the verbs among them.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::inventory::Endpoint;
use crate::route::{Part, Piece, snake};

/// The verbs of `priority.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verbs {
    reads: BTreeSet<String>,
    nouns: BTreeSet<String>,
    writes: BTreeSet<String>,
    joins: BTreeSet<String>,
}

impl Verbs {
    /// Whether a name reads by its first verb; `None` if it has no verb.
    ///
    /// A verb of reading that may be a noun gives way to a verb of writing at the end, and any to one
    /// that is joined to it.
    pub(super) fn read(&self, name: &[String]) -> Option<bool> {
        let verb = |at: &usize| {
            let word = &name[*at];
            self.reads.contains(word) || self.nouns.contains(word) || self.writes_at(name, *at)
        };
        let first = (0..name.len()).find(verb)?;
        let joined = (1..name.len())
            .any(|at| self.joins.contains(&name[at - 1]) && self.writes_at(name, at));
        let at_the_end = self.nouns.contains(&name[first]) && self.writes_at(name, name.len() - 1);
        Some(!(self.writes_at(name, first) || joined || at_the_end))
    }

    /// Whether a verb of writing stands at a position: one word, or two.
    fn writes_at(&self, name: &[String], at: usize) -> bool {
        let two = || Some(format!("{}_{}", name.get(at)?, name.get(at + 1)?));
        self.writes.contains(&name[at]) || two().is_some_and(|verb| self.writes.contains(&verb))
    }
}

/// The words of a name, lower case: `getUserInfo` is `get`, `user`, `info`.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let snake = snake(name);
    let words = snake.split('_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// What an endpoint's calls are called by: the names of its operation without what they belong to
/// (`user.get`), else the last literal text of its route, without what stands before a colon.
pub(super) fn called(endpoint: &Endpoint) -> Vec<&str> {
    if let Some(operation) = &endpoint.operation {
        let names = operation.name.split('+');
        return names
            .map(|name| behind(name, &['/', '#', ':', '.']))
            .collect();
    }
    if let Some(Part::Mixed(pieces)) = endpoint.route.parts.last()
        && let Some(Piece::Literal(text)) = pieces.last()
        && text.starts_with(':')
    {
        return vec![behind(text, &[':'])];
    }
    let literal = literals(endpoint).pop().unwrap_or_default();
    vec![behind(literal, &[':'])]
}

/// What stands behind the last of some signs in a name.
fn behind<'n>(name: &'n str, signs: &[char]) -> &'n str {
    name.rsplit(signs).next().unwrap_or(name)
}

/// The words of the last two literal segments of a route, lower case.
pub(super) fn words(endpoint: &Endpoint) -> Vec<String> {
    let literals = literals(endpoint);
    literals[literals.len().saturating_sub(2)..]
        .iter()
        .flat_map(|text| name_words(text))
        .collect()
}

fn literals(endpoint: &Endpoint) -> Vec<&str> {
    let parts = endpoint.route.parts.iter();
    let literals = parts.filter_map(|part| match part {
        Part::Literal(text) => Some(text.as_str()),
        Part::Param(_) | Part::Mixed(_) => None,
    });
    literals.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::points::Rules;
    use super::*;
    use crate::inventory::Observed;
    use crate::route::Template;
    use crate::scope::{Operation, Protocol};

    fn post(route: &str, operation: Option<(Protocol, &str)>, documents: usize) -> Endpoint {
        Endpoint {
            id: String::new(),
            method: "POST".to_owned(),
            host: "api.example.com".to_owned(),
            route: route.parse::<Template>().unwrap(),
            inferred: 0,
            operation: operation.map(|(protocol, name)| Operation {
                protocol,
                name: name.to_owned(),
            }),
            path_kinds: Vec::<BTreeSet<_>>::new(),
            observed: Observed {
                requests: 1,
                writes: 1,
                documents,
                ..Observed::default()
            },
            captures: vec![0],
        }
    }

    fn writes(route: &str) -> bool {
        Rules::built_in().changes_state(&post(route, None, 0))
    }

    #[test]
    fn routes_that_are_called_like_reads_read() {
        for route in [
            "/api/getUserInfo",
            "/api/queryOrderList",
            "/api/order/pageQuery",
            "/order/getDetail",
            "/order/detail",
            "/order/check/<order_id>",
            "/order/selectList",
            "/documents:runQuery",
            "/projects/<project_id>:batchGet",
            "/_msearch",
            "/_search/scroll",
            "/acme.ShowtimeService/GetShowtime",
            "/acme.ShowtimeService/ListShowtimes",
            "/wish_list/refund_query",
        ] {
            assert!(!writes(route), "{route}");
        }
    }

    #[test]
    fn a_first_verb_of_writing_wins_over_a_last_noun() {
        for route in [
            "/createOrderQuery",
            "/order/updateStatus",
            "/getOrCreate",
            "/findOneAndUpdate",
            "/wish_list_add",
            "/flights/checkIn",
            "/orders",
            "/search/history",
            "/documents:commit",
            "/subscriptions/<subscription_id>:cancel",
            "/acme.OrderService/CreateOrder",
        ] {
            assert!(writes(route), "{route}");
        }
    }

    #[test]
    fn operations_are_judged_by_their_own_names() {
        let writes = |protocol, name, documents| {
            let endpoint = post("/rpc", Some((protocol, name)), documents);
            Rules::built_in().changes_state(&endpoint)
        };
        for read in [
            "user.get",
            "user_list",
            "eth_getBalance",
            "getA+getB",
            "create.list",
        ] {
            assert!(!writes(Protocol::JsonRpc, read, 0), "{read}");
        }
        for write in ["order.create", "list.add", "getA+createB", "get.order.pay"] {
            assert!(writes(Protocol::JsonRpc, write, 0), "{write}");
        }
        assert!(!writes(Protocol::Soap, "http://a.example/set/GetOrder", 0));
        assert!(!writes(Protocol::Graphql, "getCart", 0));
        // A mutation is one whatever it is called.
        assert!(writes(Protocol::Graphql, "getCart", 1));
    }
}
