//! Corrections of inferred routes in the configuration, and operations behind one route.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, harcov};
use serde_json::{Value, json};

fn capture(urls: &[&str]) -> String {
    let entries: Vec<Value> = urls
        .iter()
        .enumerate()
        .map(|(second, url)| {
            json!({
                "startedDateTime": format!("2026-01-01T00:00:{second:02}Z"),
                "_resourceType": "xhr",
                "request": { "method": "GET", "url": url, "headers": [] },
                "response": {
                    "status": 200, "headers": [],
                    "content": { "mimeType": "application/json", "text": "{\"ok\":true}" }
                }
            })
        })
        .collect();
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

/// The endpoints of a capture under a configuration.
fn endpoints(urls: &[&str], config: &str) -> Vec<String> {
    let folder = Folder::new();
    let capture = folder.file("a.har", capture(urls));
    let config = folder.file("harcov.toml", config);
    let ran = harcov(&["routes", "--format", "json", "--config", &config, &capture]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let routes: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    routes
        .iter()
        .map(|route| route["endpoint"].as_str().unwrap().to_owned())
        .collect()
}

const SHOPS: [&str; 4] = [
    "https://api.example.org/shops/1201/items",
    "https://api.example.org/shops/1305/items",
    "https://api.example.org/reports/2024/sum",
    "https://api.example.org/reports/2025/sum",
];

#[test]
fn a_place_is_named_by_hand() {
    let config = "[routes]\nparam = ['/shops/<branch>', '/reports/<year>']";
    assert_eq!(
        endpoints(&SHOPS, config),
        ["GET /reports/<year>/sum", "GET /shops/<branch>/items"]
    );
}

#[test]
fn texts_are_kept_apart_by_hand() {
    let urls = [
        "https://api.example.org/v1/lists/alpha-7/x",
        "https://api.example.org/v1/lists/beta-9/x",
        "https://api.example.org/v1/lists/gamma-3/x",
    ];
    assert_eq!(
        endpoints(&urls, "[routes]\nparam = ['/v1/lists/<list>']"),
        ["GET /v1/lists/<list>/x"]
    );
    let config = "[routes]\nnever_merge = ['/v1/lists/<list>']";
    assert_eq!(endpoints(&urls, config).len(), 3);
    let config = "[routes]\nkeep_literal = 'alpha-7'\nparam = ['/v1/lists/<list>']";
    assert_eq!(
        endpoints(&urls, config),
        ["GET /v1/lists/alpha-7/x", "GET /v1/lists/<list>/x"]
    );
}

#[test]
fn a_correction_that_matches_nothing_is_an_error() {
    let folder = Folder::new();
    let capture = folder.file("a.har", capture(&SHOPS));
    let config = folder.file(
        "harcov.toml",
        "[routes]\nparam = ['/shops/<branch>', '/stores/<store>']\nkeep_literal = 'mine'\n",
    );
    let ran = harcov(&["routes", "--config", &config, &capture]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains(":2:29: the correction matches no segment"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains(":3:16: the correction matches no segment"),
        "{}",
        ran.err
    );
}

/// A POST with a content type and a body, in a capture of its own kind.
fn posts(calls: &[(&str, &str, &str)]) -> String {
    let entries: Vec<Value> = calls
        .iter()
        .map(|(url, media, body)| {
            json!({
                "startedDateTime": "2026-01-01T00:00:00Z",
                "_resourceType": "fetch",
                "request": {
                    "method": "POST", "url": url,
                    "headers": [{ "name": "SOAPAction", "value": if media.contains("xml") {
                        "\"http://tempuri.org/Orders/GetOrder\""
                    } else { "" } }],
                    "postData": { "mimeType": media, "text": body },
                },
                "response": {
                    "status": 200, "headers": [],
                    "content": { "mimeType": media, "text": "" }
                }
            })
        })
        .collect();
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

#[test]
fn operations_of_one_route_are_endpoints() {
    let folder = Folder::new();
    let json = "application/json";
    let base = "https://api.example.org";
    let graphql = format!("{base}/graphql");
    let rpc = format!("{base}/rpc");
    let grpc = format!("{base}/shop.v1.OrderService/GetOrder");
    let soap = format!("{base}/soap/orders");
    let calls = [
        (
            graphql.as_str(),
            json,
            r#"{"query":"query Cart { cart { id } }"}"#,
        ),
        (
            graphql.as_str(),
            json,
            r#"{"query":"{ viewer { login } }"}"#,
        ),
        (
            graphql.as_str(),
            json,
            r#"[{"operationName":"A","query":"mutation A { a }"},{"operationName":"B","query":"query B { b }"}]"#,
        ),
        (
            rpc.as_str(),
            json,
            r#"{"jsonrpc":"2.0","id":1,"method":"order.get","params":{"id":4}}"#,
        ),
        (
            rpc.as_str(),
            json,
            r#"{"jsonrpc":"2.0","id":2,"method":"order.list"}"#,
        ),
        (grpc.as_str(), "application/grpc-web+proto", "AAAA"),
        (soap.as_str(), "text/xml", "<Envelope/>"),
    ];
    let capture = folder.file("a.har", posts(&calls));
    let routes = harcov(&["routes", "--format", "json", "--no-config", &capture]).json();
    let mut found: Vec<&str> = routes
        .as_array()
        .unwrap()
        .iter()
        .map(|route| route["endpoint"].as_str().unwrap())
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "POST /graphql [A+B]",
            "POST /graphql [Cart]",
            "POST /graphql [viewer]",
            "POST /rpc [order.get]",
            "POST /rpc [order.list]",
            "POST /shop.v1.OrderService/GetOrder",
            "POST /soap/orders [GetOrder]",
        ]
    );
}

#[test]
fn keys_in_a_segment_are_parameters() {
    let urls = [
        "https://api.example.org/odata/Users(12)/Orders",
        "https://api.example.org/odata/Users(13)/Orders",
        "https://api.example.org/repos/octo:hello.json",
        "https://api.example.org/files/88.json",
        "https://api.example.org/files/89.json",
    ];
    let found = endpoints(&urls, "");
    assert_eq!(
        found[..2],
        [
            "GET /files/<file_id>.json",
            "GET /odata/Users(<user_id>)/Orders"
        ]
    );
}

#[test]
fn an_action_is_an_endpoint_of_its_own() {
    let urls = [
        "https://shop.example.org/ajax.php?action=cart_add&id=4",
        "https://shop.example.org/ajax.php?action=cart_show",
        "https://shop.example.org/orders?action=archived",
    ];
    assert_eq!(
        endpoints(&urls, ""),
        [
            "GET /ajax.php [cart_add]",
            "GET /ajax.php [cart_show]",
            "GET /orders"
        ]
    );
}
