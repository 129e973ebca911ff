//! What calls are named: the operations of endpoints and the words of their routes.

use crate::inventory::Endpoint;
use crate::route::{Part, Piece};
use crate::scope::spoken;

/// What an endpoint's calls are called by: its operation, else the last literal text of its route.
pub(super) fn called(endpoint: &Endpoint) -> &str {
    if let Some(operation) = &endpoint.operation {
        return &operation.name;
    }
    if let Some(Part::Mixed(pieces)) = endpoint.route.parts.last()
        && let Some(Piece::Literal(text)) = pieces.last()
        && text.starts_with(':')
    {
        return text;
    }
    literals(endpoint).pop().unwrap_or_default()
}

/// The words of the last two literal segments of a route, lower case.
pub(super) fn words(endpoint: &Endpoint) -> Vec<String> {
    let literals = literals(endpoint);
    literals[literals.len().saturating_sub(2)..]
        .iter()
        .flat_map(|text| spoken(text))
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

    use super::super::points::changes_state;
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
        changes_state(&post(route, None, 0))
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
            changes_state(&endpoint)
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
