//! What is done again and again: what is read so is polled, what writes is not.

use serde_json::{Value, json};

use crate::{Call, call, kinds, story};

/// The same call four times, two seconds apart.
fn again(method: &'static str, path: &str, body: Option<&Value>) -> Vec<Call> {
    (0..4)
        .map(|at| {
            let made = call(at * 2_000, method, path, &json!({"count": at}));
            match body {
                Some(body) => made.json(body),
                None => made,
            }
        })
        .collect()
}

fn graphql(document: &str) -> Value {
    json!({"operationName": "Cart", "query": document, "variables": {"id": "77"}})
}

#[test]
fn what_writes_is_not_polled() {
    let sku = json!({"sku": "77"});
    let mutation = graphql("mutation Cart($id: ID!) { add(id: $id) { count } }");
    for calls in [
        again("DELETE", "/v1/cart/last", None),
        again("PUT", "/v1/cart/last/status", Some(&sku)),
        again("POST", "/v1/cart/increment", Some(&sku)),
        again("POST", "/graphql", Some(&mutation)),
    ] {
        assert_eq!(story(&calls)["polls"], json!([]), "{}", calls[0].url);
    }
}

#[test]
fn what_reads_is_polled_whatever_its_method() {
    let order = json!({"order_id": "77"});
    let query = graphql("query Cart($id: ID!) { cart(id: $id) { count } }");
    let rpc =
        json!({"jsonrpc": "2.0", "id": 1, "method": "getOrder", "params": {"order_id": "77"}});
    for calls in [
        again("GET", "/v1/cart", None),
        again("POST", "/v1/order/query", Some(&order)),
        again("POST", "/v1/getOrderState", Some(&order)),
        again("POST", "/graphql", Some(&query)),
        again("POST", "/rpc", Some(&rpc)),
    ] {
        let polls = &story(&calls)["polls"];
        assert_eq!(polls[0]["count"], 4, "{}", calls[0].url);
    }
    // Where a state changes, nothing else need say that it reads.
    let states = ["QUEUED", "RUNNING", "DONE"];
    let jobs: Vec<Call> = (0..)
        .zip(states)
        .map(|(at, state)| {
            call(at * 2_000, "POST", "/v1/jobs/run", &json!({"state": state}))
                .json(&json!({"job": 5}))
        })
        .collect();
    assert_eq!(story(&jobs)["polls"][0]["field"], "state");
}

#[test]
fn a_document_that_is_sent_because_its_hash_is_not_known_is_a_retry() {
    let variables = json!({"id": "77"});
    let hash = json!({
        "operationName": "Cart", "variables": variables,
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "15196b70a9572ae2364882ee619651f2"}},
    });
    let unknown = json!({"errors": [{"message": "PersistedQueryNotFound"}]});
    let found = json!({"data": {"cart": {"count": 1}}});
    for document in [
        "query Cart { cart { count } }",
        "mutation Cart { cart { count } }",
    ] {
        let calls: Vec<Call> = (0..2)
            .flat_map(|at| {
                [
                    call(at * 3_000, "POST", "/graphql", &unknown).json(&hash),
                    call(at * 3_000 + 700, "POST", "/graphql", &found).json(&graphql(document)),
                ]
            })
            .collect();
        let story = story(&calls);
        assert_eq!(story["polls"], json!([]), "{document}");
        let kinds = kinds(&story);
        assert!(kinds.contains(&"retry"), "{document}: {kinds:?}");
        assert!(!kinds.contains(&"duplicate"), "{document}: {kinds:?}");
    }
}

#[test]
fn a_route_in_a_parameter_tells_requests_apart_and_a_time_does_not() {
    let read = |at: u64, query: &str| {
        call(
            at * 1_000,
            "GET",
            &format!("/index.php?{query}"),
            &json!({"ok": true}),
        )
    };
    let routes = ["r=order.list", "r=order.detail", "r=user.info"];
    let routes: Vec<Call> = (0..)
        .zip(routes)
        .map(|(at, route)| read(at, route))
        .collect();
    assert_eq!(story(&routes)["polls"], json!([]));
    let times = ["r=0.82713", "r=0.11932", "r=0.55018"];
    let times: Vec<Call> = (0..).zip(times).map(|(at, time)| read(at, time)).collect();
    assert_eq!(story(&times)["polls"][0]["count"], 3);
}
