//! Stories that stand for one difficulty each, written by hand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "odd/apis.rs"]
mod apis;
mod common;
#[path = "odd/credentials.rs"]
mod credentials;
#[path = "odd/merged.rs"]
mod merged;
#[path = "odd/repeated.rs"]
mod repeated;
#[path = "odd/requests.rs"]
mod requests;
#[path = "odd/things.rs"]
mod things;

use common::{Folder, harcov};
use serde_json::{Value, json};

/// One entry while it is written.
struct Call {
    at_ms: u64,
    took_ms: u64,
    method: &'static str,
    url: String,
    sent: Vec<(&'static str, String)>,
    body: Option<(&'static str, String)>,
    status: u16,
    answered: Vec<(&'static str, String)>,
    media: &'static str,
    answer: String,
}

fn call(at_ms: u64, method: &'static str, path: &str, answer: &Value) -> Call {
    Call {
        at_ms,
        took_ms: 40,
        method,
        url: format!("https://api.odd.example{path}"),
        sent: Vec::new(),
        body: None,
        status: 200,
        answered: Vec::new(),
        media: "application/json",
        answer: answer.to_string(),
    }
}

impl Call {
    fn sends(mut self, name: &'static str, value: &str) -> Self {
        self.sent.push((name, value.to_owned()));
        self
    }

    fn json(mut self, body: &Value) -> Self {
        self.body = Some(("application/json", body.to_string()));
        self
    }

    fn form(mut self, body: &str) -> Self {
        self.body = Some(("application/x-www-form-urlencoded", body.to_owned()));
        self
    }

    fn answers(mut self, status: u16, name: &'static str, value: &str) -> Self {
        self.status = status;
        self.answered.push((name, value.to_owned()));
        self
    }

    fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    fn took(mut self, ms: u64) -> Self {
        self.took_ms = ms;
        self
    }

    fn media(mut self, media: &'static str) -> Self {
        self.media = media;
        self
    }

    fn page(mut self) -> Self {
        "<!doctype html><p>hello</p>".clone_into(&mut self.answer);
        self.media("text/html")
    }

    fn entry(&self) -> Value {
        let headers = |list: &[(&str, String)]| -> Vec<Value> {
            list.iter()
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect()
        };
        let (seconds, ms) = (self.at_ms / 1_000, self.at_ms % 1_000);
        let mut entry = json!({
            "startedDateTime": format!(
                "2025-03-04T10:{:02}:{:02}.{ms:03}Z", seconds / 60, seconds % 60
            ),
            "time": self.took_ms,
            "request": {"method": self.method, "url": self.url, "headers": headers(&self.sent)},
            "response": {
                "status": self.status,
                "headers": headers(&self.answered),
                "content": {"mimeType": self.media, "text": self.answer},
            },
        });
        if let Some((media, text)) = &self.body {
            entry["request"]["postData"] = json!({"mimeType": media, "text": text});
        }
        entry
    }
}

/// The calls as a capture.
fn har(calls: &[Call]) -> String {
    let entries: Vec<Value> = calls.iter().map(Call::entry).collect();
    let creator = json!({"name": "odd", "version": "1"});
    json!({"log": {"version": "1.2", "creator": creator, "entries": entries}}).to_string()
}

/// What `harcov flow` says of the calls.
fn story(calls: &[Call]) -> Value {
    let folder = Folder::new();
    let file = folder.file("odd.har", har(calls));
    let ran = harcov(&[
        "flow",
        "--no-config",
        "--lang",
        "en",
        "--format",
        "json",
        &file,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // What people read is made from the same, and must have a text for whatever there is.
    let page = format!("html={}", folder.at("odd.html"));
    for args in [
        &["flow", "--no-config", "--lang", "zh-CN", &file][..],
        &["report", "--no-config", "--report", &page, &file],
    ] {
        let read = harcov(args);
        assert_eq!(read.code, 0, "{args:?}: {}", read.err);
    }
    ran.json()
}

/// The edges as `GET /a id -> GET /b/<id> id (path)`, without the names of hosts.
fn edges(story: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = story["edges"].as_array().unwrap().iter();
    let mut edges: Vec<String> = list
        .map(|edge| {
            let (from, to) = (&edge["from"], &edge["to"]);
            format!(
                "{} {} ({}) -> {} {} ({})",
                text(&from["endpoint"]),
                text(&from["field"]),
                text(&from["in"]),
                text(&to["endpoint"]),
                text(&to["field"]),
                text(&to["in"]),
            )
        })
        .collect();
    edges.sort();
    edges
}

fn kinds(story: &Value) -> Vec<&str> {
    let findings = story["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn a_token_goes_from_login_into_the_header() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJ1IjoxfQ.abcDEF123";
    let bearer = format!("Bearer {token}");
    let story = story(&[
        call(0, "GET", "/v1/news", &json!({"items": []})),
        call(
            500,
            "POST",
            "/v1/login",
            &json!({"data": {"access_token": token}}),
        )
        .json(&json!({"user": "u", "password": "p"})),
        call(2_000, "GET", "/v1/profile", &json!({"name": "n"})).sends("Authorization", &bearer),
        call(4_000, "POST", "/v1/notes", &json!({"ok": true}))
            .sends("Authorization", &bearer)
            .json(&json!({"text": "hello"})),
    ]);
    assert_eq!(
        edges(&story),
        [
            "POST /v1/login data.access_token (body) -> GET /v1/profile authorization (header)",
            "POST /v1/login data.access_token (body) -> POST /v1/notes authorization (header)",
        ]
    );
    let auth = &story["auth"];
    assert_eq!(auth["known"], true);
    let credential = &auth["credentials"][0];
    assert_eq!(credential["name"], "authorization");
    assert_eq!(credential["scheme"], "bearer");
    assert_eq!(credential["in"], "header");
    assert_eq!(credential["from"]["endpoint"], "POST /v1/login");
    assert_eq!(
        credential["endpoints"],
        json!(["POST /v1/notes", "GET /v1/profile"])
    );
    assert_eq!(auth["open"], json!(["POST /v1/login", "GET /v1/news"]));
}

#[test]
fn a_session_cookie_is_given_and_sent() {
    let story = story(&[
        call(0, "POST", "/login", &json!({"ok": true})).answers(
            200,
            "Set-Cookie",
            "JSESSIONID=A1B2C3D4E5F6A7B8; Path=/; HttpOnly",
        ),
        call(900, "GET", "/account", &json!({"name": "n"}))
            .sends("Cookie", "theme=dark; JSESSIONID=A1B2C3D4E5F6A7B8"),
    ]);
    assert_eq!(
        edges(&story),
        ["POST /login JSESSIONID (cookie) -> GET /account JSESSIONID (cookie)"]
    );
}

#[test]
fn stripped_captures_say_that_nothing_is_known_of_credentials() {
    let story = story(&[
        call(0, "GET", "/a", &json!({"x": 1})),
        call(900, "GET", "/b", &json!({"x": 1})),
    ]);
    assert_eq!(story["auth"]["known"], false);
    assert_eq!(story["auth"]["open"], json!([]));
}

#[test]
fn signatures_are_no_values_that_flow() {
    let story = story(&[
        call(
            0,
            "GET",
            "/api/list?ts=1719218361&nonce=ab12cd34&sign=9f86d081884c7d65",
            &json!({"id": "p_99887766"}),
        ),
        call(
            900,
            "GET",
            "/api/item?id=p_99887766&ts=1719218362&nonce=ef56ab78&sign=60303ae22b998861",
            &json!({"ok": 1}),
        ),
    ]);
    assert_eq!(
        edges(&story),
        ["GET /api/list id (body) -> GET /api/item id (query)"]
    );
    let credential = &story["auth"]["credentials"][0];
    assert_eq!(credential["name"], "sign");
    assert_eq!(credential["signature"], true);
    assert_eq!(credential["with"], json!(["nonce", "ts"]));
}

#[test]
fn cursors_are_followed_in_bodies_and_in_link_headers() {
    let body = story(&[
        call(
            0,
            "GET",
            "/v1/events?limit=2",
            &json!({"next_cursor": "Zm9vYmFyYmF6", "events": []}),
        ),
        call(
            900,
            "GET",
            "/v1/events?limit=2&cursor=Zm9vYmFyYmF6",
            &json!({"next_cursor": "cXV4cXV1eHF1", "events": []}),
        ),
        call(
            1_900,
            "GET",
            "/v1/events?limit=2&cursor=cXV4cXV1eHF1",
            &json!({"next_cursor": null, "events": []}),
        ),
    ]);
    assert_eq!(body["pages"].as_array().unwrap().len(), 1);
    assert_eq!(body["pages"][0]["kind"], "cursor");
    assert_eq!(body["pages"][0]["from"], "next_cursor");
    assert_eq!(body["pages"][0]["count"], 3);
    let link = |cursor: &str| {
        format!("<https://api.odd.example/v2/logs?after={cursor}&size=2>; rel=\"next\"")
    };
    let header = story(&[
        call(0, "GET", "/v2/logs?size=2", &json!([])).answers(200, "Link", &link("aaaa1111bbbb")),
        call(900, "GET", "/v2/logs?size=2&after=aaaa1111bbbb", &json!([])).answers(
            200,
            "Link",
            &link("cccc2222dddd"),
        ),
        call(
            1_900,
            "GET",
            "/v2/logs?size=2&after=cccc2222dddd",
            &json!([]),
        ),
    ]);
    assert_eq!(
        edges(&header),
        ["GET /v2/logs link (header) -> GET /v2/logs after (query)"]
    );
    assert_eq!(header["pages"][0]["kind"], "cursor");
    assert_eq!(header["pages"][0]["field"], "after");
}

#[test]
fn a_poll_that_backs_off_is_one_and_names_what_it_waited_for() {
    let job = "job_7f3a9c21";
    let state = |at, state: &str| {
        call(
            at,
            "GET",
            &format!("/jobs/{job}"),
            &json!({"id": job, "state": state}),
        )
    };
    let story = story(&[
        call(0, "POST", "/jobs", &json!({"id": job, "state": "QUEUED"}))
            .json(&json!({"kind": "EXPORT"})),
        state(1_000, "QUEUED"),
        state(2_000, "QUEUED"),
        state(4_000, "RUNNING"),
        state(8_000, "RUNNING"),
        state(16_000, "DONE"),
    ]);
    let poll = &story["polls"][0];
    assert_eq!(poll["endpoint"], "GET /jobs/<job_id>");
    assert_eq!(poll["kind"], "poll");
    assert_eq!(poll["count"], 5);
    assert_eq!(poll["field"], "state");
    assert_eq!(poll["values"], json!(["QUEUED", "RUNNING", "DONE"]));
    let changes = story["states"][0]["transitions"].as_array().unwrap();
    assert_eq!(changes.len(), 2);
}

#[test]
fn the_call_that_changes_a_state_is_named() {
    let order = "ord_5501aa73";
    let read = |at, state: &str| {
        call(
            at,
            "GET",
            &format!("/orders/{order}"),
            &json!({"order_id": order, "status": state}),
        )
    };
    let about = json!({"order_id": order});
    let story = story(&[
        call(0, "POST", "/orders", &about).json(&json!({"sku": "a"})),
        read(2_000, "CREATED"),
        call(
            5_000,
            "POST",
            &format!("/orders/{order}/payment"),
            &json!({"ok": true}),
        )
        .json(&json!({"way": "CARD"})),
        read(9_000, "PAID"),
        call(
            20_000,
            "POST",
            &format!("/orders/{order}/cancel"),
            &json!({"ok": true}),
        ),
        read(31_000, "CANCELLED"),
    ]);
    let changes = story["states"][0]["transitions"].as_array().unwrap();
    let by = |from: &str| {
        let change = changes
            .iter()
            .find(|change| change["from"] == from)
            .unwrap();
        change["by"].clone()
    };
    assert_eq!(by("CREATED"), json!(["POST /orders/<order_id>/payment"]));
    assert_eq!(by("PAID"), json!(["POST /orders/<order_id>/cancel"]));
    assert_eq!(story["states"][0]["observed_only"], true);
}

#[test]
fn two_users_at_once_are_told_apart() {
    let user = |at: u64, n: u64, path: &str, answer: &Value| {
        call(at, "GET", path, answer).sends(
            "Authorization",
            &format!("Bearer token-of-user-{n}-{n}{n}{n}"),
        )
    };
    let mut calls = Vec::new();
    for n in 1..=2_u64 {
        let order = format!("order-00{n}-77{n}31");
        let start = n * 300;
        calls.push(user(
            start,
            n,
            "/orders",
            &json!({"orders": [{"order_no": order}]}),
        ));
        calls.push(user(
            start + 2_000,
            n,
            &format!("/orders/{order}"),
            &json!({"order_no": order, "status": "NEW"}),
        ));
        calls.push(user(
            start + 4_500,
            n,
            "/status",
            &json!({"status": if n == 1 { "IDLE" } else { "BUSY" }}),
        ));
    }
    calls.sort_by_key(|call| call.at_ms);
    let story = story(&calls);
    assert_eq!(
        edges(&story),
        ["GET /orders orders[].order_no (body) -> GET /orders/<order_no> order_no (path)"]
    );
    assert_eq!(story["edges"][0]["support"], 2);
    assert_eq!(
        story["states"],
        json!([]),
        "two users' states are no change"
    );
    assert_eq!(story["polls"], json!([]));
    let of = story["steps"][0]["of"].as_u64().unwrap();
    assert_eq!(of, 2, "two sessions of one flow");
}

#[test]
fn small_numbers_flow_by_their_names_only() {
    let rows: Vec<Value> = (1..=50)
        .map(|n| json!({"id": n, "stock": 51 - n}))
        .collect();
    let mut calls = vec![
        call(
            0,
            "GET",
            "/products?page=1",
            &json!({"products": rows, "total": 50}),
        ),
        call(
            300,
            "GET",
            "/stores",
            &json!({"stores": [{"id": 7, "floor": 3}, {"id": 12, "floor": 1}]}),
        ),
    ];
    for (at, id) in [(2_000, 7), (5_000, 12), (9_000, 33)] {
        calls.push(call(
            at,
            "GET",
            &format!("/products/{id}"),
            &json!({"id": id, "reviews": id}),
        ));
    }
    calls.push(
        call(12_000, "POST", "/cart/items", &json!({"count": 1}))
            .json(&json!({"product_id": 33, "quantity": 3})),
    );
    let story = story(&calls);
    assert_eq!(
        edges(&story),
        [
            "GET /products products[].id (body) -> GET /products/<product_id> product_id (path)",
            "GET /products products[].id (body) -> POST /cart/items product_id (json)",
        ]
    );
}

#[test]
fn graphql_operations_pass_ids_on() {
    let graphql = |at, name: &str, variables: &Value, answer: &Value| {
        let query = format!("query {name} {{ x }}");
        call(at, "POST", "/graphql", answer)
            .json(&json!({"operationName": name, "query": query, "variables": variables}))
    };
    let story = story(&[
        graphql(
            0,
            "Shelf",
            &json!({}),
            &json!({"data": {"books": [{"id": "Qm9vazo5OTg3"}]}}),
        ),
        graphql(
            1_500,
            "Book",
            &json!({"bookId": "Qm9vazo5OTg3"}),
            &json!({"data": {"book": {"title": "t"}}}),
        ),
        graphql(
            3_000,
            "Broken",
            &json!({}),
            &json!({"data": null, "errors": [{"message": "no such field"}]}),
        ),
    ]);
    assert_eq!(
        edges(&story),
        [
            "POST /graphql [Shelf] data.books[].id (body) -> POST /graphql [Book] variables.bookId (json)"
        ]
    );
    assert!(
        kinds(&story).contains(&"business-error"),
        "{:?}",
        kinds(&story)
    );
    let envelopes = story["envelopes"].as_array().unwrap();
    let graphql = envelopes
        .iter()
        .find(|known| known["kind"] == "graphql")
        .unwrap();
    assert_eq!(graphql["failed"], json!(["POST /graphql [Broken]"]));
}

#[test]
fn values_are_found_in_json_inside_forms_and_texts() {
    let inner = json!({"order_no": "NO2025030499", "memo": "x"}).to_string();
    let data = json!({"order_no": "NO2025030499", "channel": "H5"}).to_string();
    let encoded: String = url::form_urlencoded::byte_serialize(data.as_bytes()).collect();
    let story = story(&[
        call(0, "POST", "/order/create", &json!({"payload": inner})).form("sku=1"),
        call(1_500, "POST", "/order/pay", &json!({"ok": 1})).form(&format!("data={encoded}&v=1")),
        call(
            3_000,
            "GET",
            "/order/show?no=NO2025030499",
            &json!({"next": "/done?code=q9w8e7r6t5"}),
        ),
        call(4_000, "POST", "/order/confirm", &json!({"ok": 1})).form("code=q9w8e7r6t5"),
    ]);
    assert_eq!(
        edges(&story),
        [
            "GET /order/show next (body) -> POST /order/confirm code (form)",
            "POST /order/create payload.order_no (body) -> GET /order/show no (query)",
            "POST /order/create payload.order_no (body) -> POST /order/pay data.order_no (form)",
        ]
    );
}

#[test]
fn an_id_may_first_stand_in_the_location_header() {
    let story = story(&[
        call(0, "POST", "/orders", &json!({}))
            .json(&json!({"sku": "x"}))
            .answers(201, "Location", "/orders/8f14e45fceea"),
        call(1_500, "GET", "/orders/8f14e45fceea", &json!({"sku": "x"})),
        call(3_000, "POST", "/tickets", &json!({}))
            .json(&json!({"sku": "x"}))
            .answers(201, "Location", "https://api.odd.example/tickets/42"),
        call(4_500, "GET", "/tickets/42", &json!({"sku": "x"})),
    ]);
    assert_eq!(
        edges(&story),
        [
            "POST /orders location (header) -> GET /orders/<order_id> order_id (path)",
            "POST /tickets location (header) -> GET /tickets/<ticket_id> ticket_id (path)",
        ]
    );
}

#[test]
fn long_polls_streams_and_websockets_are_named_as_such() {
    let wait = |at| {
        call(
            at,
            "GET",
            &format!("/messages/wait?since={at}"),
            &json!({"messages": []}),
        )
        .took(25_000)
    };
    let mut calls: Vec<Call> = (0..4).map(|n| wait(n * 25_060)).collect();
    calls.push(call(101_000, "GET", "/feed", &json!({})).media("text/event-stream"));
    let mut socket = call(102_000, "GET", "/socket", &json!({})).status(101);
    "wss://api.odd.example/socket".clone_into(&mut socket.url);
    calls.push(socket);
    let story = story(&calls);
    assert_eq!(story["polls"].as_array().unwrap().len(), 1);
    assert_eq!(story["polls"][0]["kind"], "long-poll");
    assert_eq!(story["polls"][0]["count"], 4);
    let kinds = kinds(&story);
    for kind in ["long-poll", "stream", "websocket"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    assert!(!kinds.contains(&"polling"), "{kinds:?}");
}

#[test]
fn assets_and_pages_that_come_again_are_no_polls() {
    let mut calls = vec![call(0, "GET", "/api/me", &json!({"name": "n"}))];
    for n in 0..6_u64 {
        calls.push(
            call(n * 5_000, "GET", "/static/app.js", &json!({})).media("application/javascript"),
        );
        calls.push(call(n * 5_000 + 100, "GET", "/img/logo.png", &json!({})).media("image/png"));
        calls.push(call(n * 5_000 + 200, "GET", "/index.html", &json!({})).page());
    }
    assert_eq!(story(&calls)["polls"], json!([]));
}

#[test]
fn what_is_asked_for_again_after_a_failure_is_a_retry() {
    let story = story(&[
        call(0, "GET", "/quote?sku=9", &json!({})).status(503),
        call(800, "GET", "/quote?sku=9", &json!({})).status(503),
        call(1_600, "GET", "/quote?sku=9", &json!({"price": 3})),
        call(9_000, "POST", "/buy", &json!({"ok": true})).json(&json!({"sku": "9"})),
        call(9_300, "POST", "/buy", &json!({"ok": true})).json(&json!({"sku": "9"})),
    ]);
    assert_eq!(story["polls"], json!([]));
    let kinds = kinds(&story);
    assert!(kinds.contains(&"retry"), "{kinds:?}");
    assert!(kinds.contains(&"duplicate"), "{kinds:?}");
}
