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
    let unknown = json!({"errors": [{"message": "PersistedQueryNotFound"}]});
    let found = json!({"data": {"cart": {"count": 1}}});
    for (document, sha256) in [
        (
            "query Cart { cart(first: 10) { count } }",
            "5a4063ddead56815b58f36cf4bacee0eb2a34e0f8f333f4481d996d028c0691b",
        ),
        (
            "mutation Cart { cart { count } }",
            "b5b70a82b9b345937ab6d59e40323c44b1c182fcf72eb33d9f3787d6f907a9d2",
        ),
    ] {
        let hash = json!({
            "operationName": "Cart", "variables": {"id": "77"},
            "extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256}},
        });
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

/// Calls of one operation, two seconds apart, of which the last shows another state.
fn of_one_operation(made: impl Fn(u64, Call) -> Call, method: &'static str) -> Vec<Call> {
    (0..4)
        .map(|at| {
            let state = if at < 3 { "QUEUED" } else { "DONE" };
            let answer = json!({"data": {"user": {"name": "x", "status": state}}});
            made(at, call(at * 2_000, method, "/graphql", &answer))
        })
        .collect()
}

#[test]
fn what_an_operation_asks_for_tells_its_requests_apart() {
    let document = |id: u64| format!("query User {{ user(id: {id}) {{ name status }} }}");
    let query = |id: u64| {
        let pairs = [
            ("query", document(id)),
            ("operationName", "User".to_owned()),
        ];
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs).finish()
    };
    let persisted =
        |id: u64| json!({"persistedQuery": {"version": 1, "sha256Hash": format!("{id:064x}")}});
    let call_of = |method: &str, id: u64| json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": [id]});
    let ways: [(&str, Vec<Call>); 6] = [
        (
            "document",
            of_one_operation(
                |at, call| call.json(&json!({"query": document(at)})),
                "POST",
            ),
        ),
        (
            "batch",
            of_one_operation(
                |at, call| call.json(&json!([{"query": document(at)}, {"query": document(7)}])),
                "POST",
            ),
        ),
        (
            "address",
            of_one_operation(
                |at, call| Call {
                    url: format!("{}?{}", call.url, query(at)),
                    ..call
                },
                "GET",
            ),
        ),
        (
            "hash",
            of_one_operation(
                |at, call| {
                    call.json(&json!({"operationName": "User", "extensions": persisted(at)}))
                },
                "POST",
            ),
        ),
        (
            "hash in the address",
            of_one_operation(
                |at, call| Call {
                    url: format!(
                        "{}?operationName=User&extensions={}",
                        call.url,
                        percent_encoding::utf8_percent_encode(
                            &persisted(at).to_string(),
                            percent_encoding::NON_ALPHANUMERIC
                        )
                    ),
                    ..call
                },
                "GET",
            ),
        ),
        (
            "JSON-RPC at other addresses",
            of_one_operation(
                |at, call| Call {
                    url: format!("{}?id={}", call.url, 9000 + at),
                    ..call.json(&call_of("user.get", 1))
                },
                "POST",
            ),
        ),
    ];
    for (way, calls) in ways {
        let story = story(&calls);
        assert_eq!(story["polls"], json!([]), "{way}");
        assert_eq!(story["states"], json!([]), "{way}");
        let kinds = kinds(&story);
        assert!(
            !kinds.contains(&"duplicate") && !kinds.contains(&"retry"),
            "{way}: {kinds:?}"
        );
    }
    // The same of the same things in another order is another batch.
    let batches = [["user.get", "cart.get"], ["cart.get", "user.get"]];
    let batches: Vec<Call> = (0..)
        .zip(batches)
        .map(|(at, methods)| {
            let calls = methods.map(|method| call_of(method, 7));
            call(at * 300, "POST", "/rpc", &json!([])).json(&json!(calls))
        })
        .collect();
    assert!(!kinds(&story(&batches)).contains(&"duplicate"));
}

#[test]
fn a_document_that_is_sent_again_is_the_same_request() {
    let body = json!({"query": "query User { user(id: 1) { name status } }"});
    let calls = of_one_operation(|_, call| call.json(&body), "POST");
    assert_eq!(story(&calls)["polls"][0]["count"], 4);
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
