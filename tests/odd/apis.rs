//! APIs of other makes: what their stories must say, and what they must not.

use serde_json::{Value, json};

use super::{call, edges, kinds, story};

const ID: &str = "8f14e45f-ceea-467f-a1d6-3a2f5b7c9d01";
const FILE: &str = "c9f0f895-fb98-4ab9-90f1-b1e4d3c2a5d7";

#[test]
fn ids_in_addresses_flow_from_headers_and_bodies() {
    let status = format!("/exports/{ID}/status");
    let done =
        json!({"state": "done", "file_url": format!("https://api.odd.example/files/{FILE}")});
    let story = story(&[
        call(0, "POST", "/exports", &json!(null))
            .json(&json!({"format": "csv"}))
            .answers(202, "Location", &status),
        call(2_000, "GET", &status, &json!({"state": "queued"})),
        call(4_000, "GET", &status, &done),
        call(
            5_000,
            "GET",
            &format!("/files/{FILE}"),
            &json!({"rows": []}),
        ),
        call(6_000, "DELETE", &format!("/exports/{ID}"), &json!(null)),
    ]);
    let edges = edges(&story);
    for edge in [
        "POST /exports location (header) -> GET /exports/<export_id>/status export_id (path)",
        "POST /exports location (header) -> DELETE /exports/<export_id> export_id (path)",
        "GET /exports/<export_id>/status file_url (body) -> GET /files/<file_id> file_id (path)",
    ] {
        assert!(edges.iter().any(|known| known == edge), "{edges:#?}");
    }
    assert_eq!(edges.len(), 3, "{edges:#?}");
}

#[test]
fn an_id_on_its_own_comes_before_the_address_that_holds_it() {
    let made = json!({"self": format!("https://api.odd.example/orders/{ID}"), "id": ID});
    let story = story(&[
        call(0, "POST", "/orders", &made).json(&json!({"sku": "a"})),
        call(2_000, "GET", &format!("/orders/{ID}"), &made),
    ]);
    assert_eq!(
        edges(&story),
        ["POST /orders id (body) -> GET /orders/<order_id> order_id (path)"]
    );
}

#[test]
fn a_poll_that_is_answered_by_errors_is_not_retried() {
    let pending = json!({"error": "authorization_pending"});
    let token = |at| {
        call(at, "POST", "/oauth/token", &pending)
            .form("grant_type=device_code&client_id=tv&device_code=GmRhmhcxhwAzkoEqiMEg")
            .status(400)
    };
    let given = json!({"device_code": "GmRhmhcxhwAzkoEqiMEg", "interval": 5});
    let story = story(&[
        call(0, "POST", "/oauth/device", &given).form("client_id=tv"),
        token(5_000),
        token(10_000),
        token(15_000),
        call(
            20_000,
            "POST",
            "/oauth/token",
            &json!({"access_token": "eyJ0eXAi.9c1185a5c5e9"}),
        )
        .form("grant_type=device_code&client_id=tv&device_code=GmRhmhcxhwAzkoEqiMEg"),
    ]);
    assert_eq!(story["polls"][0]["count"], 4);
    assert!(!kinds(&story).contains(&"retry"), "{story:#}");
}

#[test]
fn two_users_who_log_in_at_once_have_a_session_each() {
    let mut calls = Vec::new();
    for (user, token) in ["tok-1f0e2d3c4b5a6978", "tok-8a7b6c5d4e3f2010"]
        .into_iter()
        .enumerate()
    {
        let at = user as u64 * 350;
        let bearer = format!("Bearer {token}");
        calls.push(
            call(at, "POST", "/session", &json!({"token": token})).json(&json!({"user": user})),
        );
        calls.push(
            call(at + 900, "GET", "/me", &json!({"plan": "free"})).sends("Authorization", &bearer),
        );
        calls.push(
            call(at + 2_000, "POST", "/projects", &json!({"ok": true}))
                .json(&json!({"title": "x"}))
                .sends("Authorization", &bearer),
        );
    }
    calls.sort_by_key(|call| call.at_ms);
    let story = story(&calls);
    let steps = story["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 3, "{story:#}");
    for step in steps {
        assert_eq!(
            (&step["runs"], &step["of"], &step["calls"]),
            (&json!(2), &json!(2), &json!(1))
        );
    }
}

/// Two credentials one after the other: of each the call that gives it, and two with it.
fn one_after_the_other(second: &Value) -> Value {
    let tokens = ["tok-1f0e2d3c4b5a6978", "tok-8a7b6c5d4e3f2010"];
    let sent = [json!({"user": "u", "password": "p"}), second.clone()];
    let mut calls = Vec::new();
    for ((turn, token), sent) in (0_u64..).zip(tokens).zip(sent) {
        let at = turn * 20_000;
        let bearer = format!("Bearer {token}");
        let given = json!({"token": token, "renew": format!("rnw-{turn}-5566778899aabb")});
        calls.push(call(at, "POST", "/session", &given).json(&sent));
        for (after, path) in [(900, "/me"), (1_900, "/projects")] {
            calls.push(
                call(at + after, "GET", path, &json!({"plan": "free"}))
                    .sends("Authorization", &bearer),
            );
        }
    }
    story(&calls)["steps"].clone()
}

#[test]
fn who_logs_in_anew_begins_a_session_and_who_renews_does_not() {
    let anew = one_after_the_other(&json!({"user": "v", "password": "q"}));
    for step in anew.as_array().unwrap() {
        assert_eq!(
            (&step["runs"], &step["of"]),
            (&json!(2), &json!(2)),
            "{anew:#}"
        );
    }
    let renewed = one_after_the_other(&json!({"renew": "rnw-0-5566778899aabb"}));
    for step in renewed.as_array().unwrap() {
        assert_eq!(step["of"], 1, "{renewed:#}");
    }
}

#[test]
fn json_rpc_says_what_failed_inside_http_200() {
    let rpc = |at, method: &str, answer| {
        call(at, "POST", "/rpc", &answer)
            .json(&json!({"jsonrpc": "2.0", "id": at, "method": method, "params": []}))
    };
    let error = json!({"code": -32000, "message": "reverted"});
    let story = story(&[
        rpc(
            0,
            "block_number",
            json!({"jsonrpc": "2.0", "id": 0, "result": "0x1"}),
        ),
        rpc(
            3_000,
            "send",
            json!({"jsonrpc": "2.0", "id": 3000, "error": error}),
        ),
    ]);
    let envelope = &story["envelopes"][0];
    assert_eq!(
        (&envelope["kind"], &envelope["failed"]),
        (&json!("json-rpc"), &json!(["POST /rpc [send]"]))
    );
    assert!(kinds(&story).contains(&"business-error"), "{story:#}");
}
