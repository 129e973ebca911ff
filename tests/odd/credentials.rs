//! What requests carry to be let in, whatever it is called.

use serde_json::json;

use crate::{Call, call, edges, story};

const TOKEN: &str = "YNHiAdTupEVWMfwE7jrvXbypEmhNPW1DVPbcFQNU";

#[test]
fn a_token_goes_from_login_into_a_header_of_any_name() {
    for header in [
        "X-Shopify-Access-Token",
        "PRIVATE-TOKEN",
        "X-Wx-Token",
        "satoken",
        "Blade-Auth",
    ] {
        let story = story(&[
            call(0, "POST", "/v1/login", &json!({"token": TOKEN})).json(&json!({"user": "u"})),
            call(1_000, "GET", "/v1/orders", &json!({"items": []})).sends(header, TOKEN),
        ]);
        let name = header.to_ascii_lowercase();
        let edge = format!("POST /v1/login token (body) -> GET /v1/orders {name} (header)");
        assert_eq!(edges(&story), [edge]);
        let credential = &story["auth"]["credentials"][0];
        assert_eq!(credential["name"], name);
        assert_eq!(credential["from"]["endpoint"], "POST /v1/login");
    }
}

#[test]
fn a_key_in_the_address_is_a_credential_and_a_word_to_search_for_is_none() {
    let asked = |key: &str| {
        story(&[
            call(
                0,
                "GET",
                &format!("/v1/places?key={key}"),
                &json!({"items": []}),
            ),
            call(1_000, "GET", "/v1/news", &json!({"items": []})),
        ])
    };
    let known = asked("AIzaSyA1234567890abcdefghijklmnopqrstuv");
    let credential = &known["auth"]["credentials"][0];
    assert_eq!(credential["name"], "key");
    assert_eq!(credential["in"], "query");
    assert_eq!(asked("some-lamp-for-my-bedroom")["auth"]["known"], false);
}

/// The sessions of requests that carry these headers, one after the other.
fn sessions(headers: &[[(&'static str, &str); 2]]) -> u64 {
    let calls: Vec<Call> = (0..)
        .zip(headers)
        .map(|(at, [a, b])| {
            let made = call(at * 1_000, "GET", "/v1/orders", &json!({"items": []}));
            made.sends(a.0, a.1).sends(b.0, b.1)
        })
        .collect();
    story(&calls)["steps"][0]["of"].as_u64().unwrap()
}

#[test]
fn users_are_told_apart_by_such_headers_and_not_by_those_of_one_request() {
    let (a, b) = (
        "Wja9FYgP7a1v9Kaskwlr7hreJpZ5",
        "lu2LIRwMJlgU7O2si9xSqt2am2ll",
    );
    let key = ("X-Goog-Api-Key", "AIzaSyA1234567890abcdefghijklmnopqrstuv");
    assert_eq!(
        sessions(&[[key, ("X-Wx-Token", a)], [key, ("X-Wx-Token", b)]]),
        2
    );
    for once in ["X-CSRF-Token", "X-Request-Token", "X-Continuation-Token"] {
        assert_eq!(sessions(&[[key, (once, a)], [key, (once, b)]]), 1, "{once}");
    }
}

#[test]
fn headers_that_let_one_request_in_are_not_named() {
    let story = story(&[
        call(0, "GET", "/v1/orders", &json!({"items": []})).sends("X-Request-Token", TOKEN),
        call(900, "GET", "/v1/news", &json!({"items": []})).sends("isToken", "false"),
    ]);
    assert_eq!(story["auth"]["known"], false);
}
