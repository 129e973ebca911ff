//! States of one thing, whichever endpoint shows them.

use serde_json::{Value, json};

use super::{call, story};

/// The changes as `GET /a field: X -> Y by POST /b`.
fn changes(story: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut changes = Vec::new();
    for machine in story["states"].as_array().unwrap() {
        assert_eq!(machine["observed_only"], true);
        for change in machine["transitions"].as_array().unwrap() {
            let by: Vec<String> = change["by"].as_array().unwrap().iter().map(text).collect();
            changes.push(format!(
                "{} {}: {} -> {} by {}",
                text(&machine["endpoint"]),
                text(&machine["field"]),
                text(&change["from"]),
                text(&change["to"]),
                by.join(" ")
            ));
        }
    }
    changes
}

const ORDER: &str = "9b2e6d1c-54aa-4f0e-8a57-0c2f5d7e1b11";
const OTHER: &str = "0f8c3b7a-1d2e-4c5b-9e6f-7a8b9c0d1e2f";

#[test]
fn what_one_endpoint_shows_and_others_change_is_one_machine() {
    let order = |state: &str| json!({"id": ORDER, "status": state});
    let at = |action: &str| format!("/orders/{ORDER}{action}");
    let story = story(&[
        call(0, "POST", "/orders", &order("CREATED")).json(&json!({"sku": "a"})),
        call(3_000, "GET", &at(""), &order("CREATED")),
        call(9_000, "POST", &at("/payment"), &order("PAID")).json(&json!({"way": "CARD"})),
        call(20_000, "GET", &at(""), &order("PAID")),
        call(60_000, "POST", &at("/cancel"), &json!({"status": "ok"})),
        call(90_000, "GET", &at(""), &order("CANCELLED")),
    ]);
    assert_eq!(
        changes(&story),
        [
            "GET /orders/<order_id> status: CREATED -> PAID by POST /orders/<order_id>/payment",
            "GET /orders/<order_id> status: PAID -> CANCELLED by POST /orders/<order_id>/cancel",
        ]
    );
}

#[test]
fn things_in_lists_are_followed_by_their_ids() {
    let list = |state: &str, first: bool| {
        let (a, b) = (
            json!({"id": ORDER, "status": state}),
            json!({"id": OTHER, "status": "SENT"}),
        );
        json!({"items": if first { [a, b] } else { [b, a] }})
    };
    let story = story(&[
        call(0, "GET", "/orders", &list("OPEN", true)),
        call(
            4_000,
            "POST",
            &format!("/orders/{ORDER}/close"),
            &json!({"done": true}),
        ),
        call(30_000, "GET", "/orders?sort=id", &list("CLOSED", false)),
    ]);
    assert_eq!(
        changes(&story),
        ["GET /orders items[].status: OPEN -> CLOSED by POST /orders/<order_id>/close"]
    );
}

#[test]
fn small_ids_of_different_things_are_different_things() {
    let story = story(&[
        call(0, "GET", "/users/7", &json!({"id": 7, "status": "active"})),
        call(
            2_000,
            "GET",
            "/tickets/7",
            &json!({"id": 7, "status": "open"}),
        ),
        call(
            5_000,
            "PUT",
            "/tickets/7",
            &json!({"id": 7, "status": "solved"}),
        )
        .json(&json!({"status": "solved"})),
        call(
            50_000,
            "GET",
            "/tickets",
            &json!({"tickets": [{"id": 7, "status": "solved"}]}),
        ),
        call(
            90_000,
            "GET",
            "/users",
            &json!({"users": [{"id": 7, "status": "active"}]}),
        ),
    ]);
    assert_eq!(
        changes(&story),
        ["GET /tickets/<ticket_id> status: open -> solved by PUT /tickets/<ticket_id>"]
    );
}

#[test]
fn what_says_that_a_call_went_well_is_no_state_of_a_thing() {
    let failed = json!({"type": "about:blank", "title": "Busy", "status": 503});
    let sent = json!({"from": ORDER, "amount": 3});
    let story = story(&[
        call(
            0,
            "GET",
            &format!("/accounts/{ORDER}"),
            &json!({"id": ORDER, "status": "ACTIVE"}),
        ),
        call(2_000, "POST", "/transfers", &failed)
            .json(&sent)
            .status(503)
            .media("application/problem+json"),
        call(5_000, "POST", "/transfers", &json!({"status": "ok"})).json(&sent),
        call(
            9_000,
            "POST",
            &format!("/accounts/{ORDER}/note"),
            &json!({"status": "ok"}),
        ),
    ]);
    assert_eq!(changes(&story), Vec::<String>::new());
}

#[test]
fn what_only_requests_name_is_followed_where_a_reader_shows_its_states() {
    let job = "job-5f1c77ab02";
    let read = |at, state: &str| call(at, "GET", &format!("/jobs/{job}"), &json!({"state": state}));
    let story = story(&[
        call(
            0,
            "POST",
            "/jobs",
            &json!({"job_id": job, "state": "queued"}),
        )
        .json(&json!({"n": 1})),
        read(2_000, "running"),
        read(4_000, "running"),
        read(6_000, "done"),
    ]);
    assert_eq!(
        changes(&story),
        [
            "GET /jobs/<job_id> state: queued -> running by POST /jobs",
            "GET /jobs/<job_id> state: running -> done by ",
        ]
    );
}
