//! The stories: what a user of three kinds of APIs does, with the truth of each.

use serde_json::{Value, json};

use super::har::{Body, Call, Capture, Noise, plain};
use super::truth::Truth;

/// What is the same for all users of one story.
pub(crate) struct Plan {
    pub(crate) items: &'static str,
    pub(crate) form: u64,
    pub(crate) pages: u64,
    pub(crate) polls: u64,
    pub(crate) interval: u64,
    pub(crate) details: usize,
}

impl Plan {
    pub(crate) fn new(capture: &mut Capture) -> Self {
        let dice = &mut capture.dice;
        Plan {
            items: dice.pick::<&str>(&["products", "tours", "rooms", "courses"]),
            form: dice.below(16),
            pages: dice.range(2, 4),
            polls: dice.range(3, 6),
            interval: dice.range(1_500, 5_000),
            details: usize::try_from(dice.range(1, 3)).unwrap(),
        }
    }
}

fn get(path: &str, query: &[(&str, &str)], answer: Value) -> Call {
    Call {
        method: "GET",
        path: path.to_owned(),
        query: query
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        body: None,
        status: 200,
        answer,
        headers: Vec::new(),
    }
}

fn send(method: &'static str, path: &str, form: Body, body: Value, answer: Value) -> Call {
    Call {
        method,
        path: path.to_owned(),
        query: Vec::new(),
        body: Some((form, body)),
        status: 200,
        answer,
        headers: Vec::new(),
    }
}

/// Asks again and again, at about the same gaps.
fn poll(
    capture: &mut Capture,
    plan: &Plan,
    states: &[&str],
    call: impl Fn(&mut Capture, &str, bool) -> Call,
) {
    for turn in 0..plan.polls {
        let last = turn + 1 == plan.polls;
        let state = if last {
            states[states.len() - 1]
        } else {
            states[usize::try_from(turn).unwrap().min(states.len() - 2)]
        };
        let started = capture.now;
        let noise = capture.noise;
        // Retries are told apart elsewhere; what is asked for again anyway is not retried.
        capture.noise = capture.noise.min(Noise::Some);
        let call = call(capture, state, last);
        capture.call(&call);
        capture.noise = noise;
        let jitter = if noise >= Noise::Some {
            capture.dice.below(plan.interval / 6)
        } else {
            0
        };
        capture.now = started + plan.interval + jitter;
        if noise >= Noise::Some && capture.dice.chance(20) {
            capture.distraction();
        }
    }
}

/// The values of a state in order, and the changes between them.
fn seen<'s>(plan: &Plan, states: &[&'s str]) -> Vec<&'s str> {
    let mut seen: Vec<&str> = Vec::new();
    for turn in 0..plan.polls {
        let last = turn + 1 == plan.polls;
        let state = if last {
            states[states.len() - 1]
        } else {
            states[usize::try_from(turn).unwrap().min(states.len() - 2)]
        };
        if seen.last() != Some(&state) {
            seen.push(state);
        }
    }
    seen
}

fn waits(truth: &mut Truth, endpoint: &str, plan: &Plan, field: &str, states: &[&str]) {
    let values = seen(plan, states);
    truth.poll(endpoint, plan.polls, field, &values);
    for pair in values.windows(2) {
        truth.state(endpoint, field, pair[0], pair[1]);
    }
}

/// A shop with a JSON API, ids in paths and a bearer token.
pub(crate) fn shop(capture: &mut Capture, plan: &Plan, truth: &mut Truth) {
    let (items, one) = (plan.items, plan.items.trim_end_matches('s'));
    let list = format!("/v2/{items}");
    let token = capture.dice.word(40);
    let mut behind: Vec<String> = Vec::new();
    let login = "POST /v2/session";
    capture.call(&send(
        "POST",
        "/v2/session",
        Body::Json,
        json!({"user": "u", "password": "p"}),
        json!({"token": token}),
    ));
    capture.token = Some(token);
    capture.think();

    let mut ids: Vec<String> = Vec::new();
    for page in 1..=plan.pages {
        let found: Vec<String> = (0..8).map(|_| capture.dice.id(plan.form)).collect();
        let rows: Vec<Value> = found
            .iter()
            .map(|id| json!({"id": capture.written(id), "name": "x y", "price": 12.5, "stock": 3}))
            .collect();
        ids.extend(found);
        capture.call(&get(
            &list,
            &[("page", &page.to_string()), ("per_page", "8")],
            json!({"data": rows, "page": page, "total": 32}),
        ));
        capture.think();
    }
    behind.push(format!("GET {list}"));
    truth.page(&format!("GET {list}"), "page", "page");

    let detail = format!("GET {list}/<>");
    for at in 0..plan.details {
        let id = ids[at * 3].clone();
        let shown = capture.written(&id);
        capture.call(&get(
            &format!("{list}/{id}"),
            &[],
            json!({"id": shown, "name": "x y", "price": 12.5, "updated": "2025-03-04"}),
        ));
        capture.think();
    }
    truth.edge(&format!("GET {list}"), "data[].id", &detail, "", "path");
    behind.push(detail);

    if capture.noise >= Noise::Much {
        capture.call(&get("/v2/config", &[], json!({"build": "2025-03-04", "limits": [100, 200], "currency": "EUR", "version": "10.4.2"})));
        capture.call(&get(
            "/v2/shipping",
            &[
                ("date", "2025-03-04"),
                ("zip", "10115"),
                ("version", "10.4.2"),
            ],
            json!({"days": 3}),
        ));
        behind.extend(["GET /v2/config".to_owned(), "GET /v2/shipping".to_owned()]);
    }

    let cart = capture.dice.id(plan.form + 1);
    capture.call(&send(
        "POST",
        "/v2/carts",
        Body::Json,
        json!({"currency": "EUR"}),
        json!({"cart_id": cart}),
    ));
    behind.push("POST /v2/carts".to_owned());
    let lines = "POST /v2/carts/<>/lines";
    let field = format!("{one}_id");
    for at in 0..2 {
        let item = capture.written(&ids[at * 2 + 1].clone());
        capture.call(&send(
            "POST",
            &format!("/v2/carts/{cart}/lines"),
            Body::Json,
            json!({field.as_str(): item, "quantity": 1}),
            json!({"lines": at + 1}),
        ));
        capture.think();
    }
    truth.edge("POST /v2/carts", "cart_id", lines, "", "path");
    truth.edge(&format!("GET {list}"), "data[].id", lines, &field, "json");
    behind.push(lines.to_owned());

    let order = capture.dice.id(plan.form + 2);
    let hidden = capture.noise >= Noise::Much;
    let (answer, gave) = if hidden {
        (
            json!({"payload": json!({"order_id": order, "lines": 2}).to_string()}),
            "payload.order_id",
        )
    } else {
        (json!({"order_id": order, "lines": 2}), "order_id")
    };
    capture.call(&send(
        "POST",
        "/v2/orders",
        Body::Json,
        json!({"cart_id": cart}),
        answer,
    ));
    truth.edge(
        "POST /v2/carts",
        "cart_id",
        "POST /v2/orders",
        "cart_id",
        "json",
    );
    behind.push("POST /v2/orders".to_owned());

    capture.think();
    capture.call(&send(
        "PUT",
        &format!("/v2/orders/{order}/payment"),
        Body::Json,
        json!({"method": "CARD"}),
        json!({"accepted": true}),
    ));
    let payment = "PUT /v2/orders/<>/payment";
    truth.edge("POST /v2/orders", gave, payment, "", "path");
    behind.push(payment.to_owned());

    let states = ["processing", "authorized", "paid"];
    let receipt = capture.dice.id(plan.form + 3);
    poll(capture, plan, &states, |capture, state, last| {
        let mut answer = json!({"order_id": capture.written(&order), "status": state});
        if last {
            answer["receipt_no"] = json!(receipt);
        }
        get(&format!("/v2/orders/{order}"), &[], answer)
    });
    let asked = "GET /v2/orders/<>";
    truth.edge("POST /v2/orders", gave, asked, "", "path");
    waits(truth, asked, plan, "status", &states);
    behind.push(asked.to_owned());

    capture.call(&get(
        "/v2/receipts",
        &[("receipt", &receipt)],
        json!({"text": "thanks"}),
    ));
    truth.edge(asked, "receipt_no", "GET /v2/receipts", "receipt", "query");
    behind.push("GET /v2/receipts".to_owned());
    for endpoint in behind {
        truth.edge(login, "token", &endpoint, "authorization", "header");
    }
}

/// Tickets with forms, an envelope, and one call that does several jobs.
pub(crate) fn tickets(capture: &mut Capture, plan: &Plan, truth: &mut Truth) {
    let envelope = |data: Value| json!({"ret": 0, "msg": "ok", "data": data});
    let mut ids: Vec<String> = Vec::new();
    for page in 0..plan.pages {
        let found: Vec<String> = (0..5).map(|_| capture.dice.id(plan.form)).collect();
        let rows: Vec<Value> = found
            .iter()
            .map(|id| json!({"show_id": capture.written(id), "title": "x"}))
            .collect();
        ids.extend(found);
        let offset = (page * 5).to_string();
        capture.call(&get(
            "/svc/show/list",
            &[("offset", &offset), ("limit", "5")],
            envelope(json!({"list": rows})),
        ));
        capture.think();
    }
    truth.page("GET /svc/show/list", "offset", "offset");

    let order = capture.dice.id(plan.form + 2);
    let show = ids[2].clone();
    capture.call(&send(
        "POST",
        "/svc/order/create",
        Body::Form,
        json!({"show_id": show, "count": "2"}),
        envelope(json!({"order_no": order})),
    ));
    truth.edge(
        "GET /svc/show/list",
        "data.list[].show_id",
        "POST /svc/order/create",
        "show_id",
        "form",
    );
    capture.think();

    let card = capture.dice.id(0);
    capture.call(&get(
        "/svc/card/list",
        &[],
        envelope(json!({"cards": [{"card_no": card, "name": "c"}]})),
    ));
    let coupon = capture.dice.word(12);
    capture.call(&get(
        "/svc/coupon/list",
        &[("order_no", &order)],
        envelope(json!({"list": [{"coupon_code": coupon, "amount": 5}]})),
    ));
    truth.edge(
        "POST /svc/order/create",
        "data.order_no",
        "GET /svc/coupon/list",
        "order_no",
        "query",
    );

    let change = "POST /svc/order/change";
    let jobs = [
        json!({"order_no": order, "pay_type": "WECHAT"}),
        json!({"order_no": order, "pay_type": "MEMBER_CARD", "card_no": card}),
        json!({"order_no": order, "coupon_code": coupon, "coupon_type": "CASH_COUPON"}),
    ];
    for job in jobs {
        capture.call(&send(
            "POST",
            "/svc/order/change",
            Body::Form,
            job,
            envelope(json!({"price": 80})),
        ));
        capture.think();
    }
    truth.variant(change, &["order_no", "pay_type"], &[("pay_type", "WECHAT")]);
    truth.variant(
        change,
        &["order_no", "pay_type", "card_no"],
        &[("pay_type", "MEMBER_CARD")],
    );
    truth.variant(
        change,
        &["order_no", "coupon_code", "coupon_type"],
        &[("coupon_type", "CASH_COUPON")],
    );
    truth.edge(
        "POST /svc/order/create",
        "data.order_no",
        change,
        "order_no",
        "form",
    );
    truth.edge(
        "GET /svc/card/list",
        "data.cards[].card_no",
        change,
        "card_no",
        "form",
    );
    truth.edge(
        "GET /svc/coupon/list",
        "data.list[].coupon_code",
        change,
        "coupon_code",
        "form",
    );

    let data = json!({"order_no": order, "channel": "H5"});
    let (body, param) = if capture.noise >= Noise::Much {
        (json!({"data": data.to_string()}), "data.order_no")
    } else {
        (data, "order_no")
    };
    let certificate = capture.dice.word(30);
    capture.call(&send(
        "POST",
        "/svc/order/pay",
        Body::Form,
        body,
        envelope(json!({"certificate": certificate})),
    ));
    truth.edge(
        "POST /svc/order/create",
        "data.order_no",
        "POST /svc/order/pay",
        param,
        "form",
    );
    capture.now += 1_000;

    let states = ["PROCESSING", "SUCCESS"];
    poll(capture, plan, &states, |_, state, _| {
        send(
            "POST",
            "/svc/order/query",
            Body::Form,
            json!({"order_no": order}),
            envelope(json!({"order_status": state})),
        )
    });
    truth.edge(
        "POST /svc/order/create",
        "data.order_no",
        "POST /svc/order/query",
        "order_no",
        "form",
    );
    waits(
        truth,
        "POST /svc/order/query",
        plan,
        "data.order_status",
        &states,
    );
}

/// Jobs that are waited for, and events read with a cursor.
pub(crate) fn jobs(capture: &mut Capture, plan: &Plan, truth: &mut Truth) {
    let mut cursor: Option<String> = None;
    for _ in 0..plan.pages {
        let next = capture.dice.word(20);
        let query: Vec<(&str, &str)> = match &cursor {
            Some(cursor) => vec![("limit", "50"), ("cursor", cursor.as_str())],
            None => vec![("limit", "50")],
        };
        let rows: Vec<Value> = (0..6)
            .map(|_| json!({"event_id": capture.dice.id(plan.form), "kind": "LOGIN"}))
            .collect();
        capture.call(&get(
            "/v1/events",
            &query,
            json!({"events": rows, "next_cursor": next}),
        ));
        cursor = Some(next);
        capture.think();
    }
    truth.page("GET /v1/events", "cursor", "cursor");
    truth.edge(
        "GET /v1/events",
        "next_cursor",
        "GET /v1/events",
        "cursor",
        "query",
    );

    let job = capture.dice.id(plan.form + 1);
    let shown = capture.written(&job);
    capture.call(&send(
        "POST",
        "/v1/jobs",
        Body::Json,
        json!({"kind": "EXPORT"}),
        json!({"job": {"job_id": shown}}),
    ));
    let file = capture.dice.id(plan.form + 2);
    let states = ["QUEUED", "RUNNING", "DONE"];
    poll(capture, plan, &states, |capture, state, last| {
        let mut answer = json!({"job": {"job_id": capture.written(&job), "state": state}});
        if last {
            answer["job"]["result"] = json!({"file_id": file});
        }
        get(&format!("/v1/jobs/{job}"), &[], answer)
    });
    truth.edge("POST /v1/jobs", "job.job_id", "GET /v1/jobs/<>", "", "path");
    waits(truth, "GET /v1/jobs/<>", plan, "job.state", &states);
    capture.think();
    capture.call(&get(
        &format!("/v1/files/{file}/meta"),
        &[],
        json!({"size": 4_096, "file": plain(&json!(file))}),
    ));
    truth.edge(
        "GET /v1/jobs/<>",
        "job.result.file_id",
        "GET /v1/files/<>/meta",
        "",
        "path",
    );
}

/// One call of a GraphQL operation.
fn graphql(document: &str, name: &str, variables: &Value, data: &Value) -> Call {
    let body = json!({"operationName": name, "query": document, "variables": variables});
    send("POST", "/graphql", Body::Json, body, json!({"data": data}))
}

/// A session in a cookie, GraphQL, and something made that a `Location` leads to.
pub(crate) fn studio(capture: &mut Capture, plan: &Plan, truth: &mut Truth) {
    let session = capture.dice.word(32);
    let mut login = send(
        "POST",
        "/auth/login",
        Body::Form,
        json!({"user": "u", "pass": "p"}),
        json!({"ok": true}),
    );
    let set = format!("studio_sid={session}; Path=/; HttpOnly; Secure");
    login.headers.push(("Set-Cookie", set));
    capture.call(&login);
    // Whether a cookie is someone else's comes from what the browser had before.
    capture.cookie = Some(format!("studio_sid={session}"));
    capture.think();

    let (shelf, film) = (capture.dice.id(plan.form), capture.dice.id(plan.form + 1));
    let (shown, also) = (capture.written(&shelf), capture.written(&film));
    capture.call(&graphql(
        "query Shelves { shelves { shelfId } }",
        "Shelves",
        &json!({}),
        &json!({"shelves": [{"shelfId": shown, "title": "x y"}]}),
    ));
    capture.think();
    capture.call(&graphql(
        "query Films($q: String) { films(q: $q) { filmId } }",
        "Films",
        &json!({"q": "a b"}),
        &json!({"films": [{"filmId": also, "title": "x y"}]}),
    ));
    capture.think();
    capture.call(&graphql(
        "mutation Put($shelfId: ID, $filmId: ID) { put(shelfId: $shelfId, filmId: $filmId) { ok } }",
        "Put",
        &json!({"shelfId": shelf, "filmId": film}),
        &json!({"put": {"ok": true}}),
    ));
    capture.think();

    let render = capture.dice.id(plan.form + 2);
    let film = capture.written(&film);
    let mut made = send(
        "POST",
        "/v3/renders",
        Body::Json,
        json!({"filmId": film}),
        json!({"accepted": true}),
    );
    made.status = 202;
    let place = if capture.noise >= Noise::Some {
        format!("https://{}/v3/renders/{render}", capture.host)
    } else {
        format!("/v3/renders/{render}")
    };
    made.headers.push(("Location", place));
    capture.call(&made);
    capture.think();
    let states = ["WAITING", "RENDERING", "READY"];
    poll(capture, plan, &states, |_, state, _| {
        get(
            &format!("/v3/renders/{render}"),
            &[],
            json!({"state": state}),
        )
    });

    let (shelves, films) = ("POST /graphql [Shelves]", "POST /graphql [Films]");
    let (put, renders) = ("POST /graphql [Put]", "POST /v3/renders");
    let one = "GET /v3/renders/<>";
    for to in [shelves, films, put, renders, one] {
        truth.edge("POST /auth/login", "studio_sid", to, "studio_sid", "cookie");
    }
    truth.edge(
        shelves,
        "data.shelves[].shelfId",
        put,
        "variables.shelfId",
        "json",
    );
    truth.edge(
        films,
        "data.films[].filmId",
        put,
        "variables.filmId",
        "json",
    );
    truth.edge(films, "data.films[].filmId", renders, "filmId", "json");
    truth.edge(renders, "location", one, "", "path");
    waits(truth, one, plan, "state", &states);
}
