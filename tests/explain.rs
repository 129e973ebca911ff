//! `harcov explain`: which rule, route, manifest entry and priority reasons hold, and which lost.

mod common;

use std::fmt::Write as _;

use common::{BOOKSTORE_CONFIG, Folder, WOMOVIE, WOMOVIE_CONFIG, harcov, snapshot, transcript};
use serde_json::json;

#[test]
fn requests_are_explained() {
    let base = "https://ct.womovie.cn/ticket/wmyc/cinema";
    let voucher = format!("{base}/9934/order/voucher/price/");
    let change = format!("{base}/9934/order/change/?token=hunterzebra#x");
    let womovie = ["--config", WOMOVIE_CONFIG, "--lang", "en"];
    let bookstore = ["--config", BOOKSTORE_CONFIG];
    let none = ["--no-config", WOMOVIE];
    let cases: [(&[&str], &[&str]); 13] = [
        // An endpoint that an earlier rule takes from a later one.
        (&["POST", &voucher], &womovie),
        (&["POST", &change], &womovie),
        (
            &["post", "/ticket/wmyc/cinema/<cinema_id>/order/payment/"],
            &womovie,
        ),
        (&["GET", "/ticket/wmyc/cinema/{id}/ads"], &womovie),
        (&["DELETE", &voucher], &womovie),
        (&["GET", "/ticket/wmyc/cinema/9934/order/refund/"], &womovie),
        (&["GET", "/nothing/like/it"], &womovie),
        (
            &[
                "GET",
                "https://elsewhere.example/ticket/order/sublists/info",
            ],
            &womovie,
        ),
        (&["POST", "/graphql"], &bookstore),
        (&["GET", "/v1/orders/PB-2024-000001"], &bookstore),
        (&["GET", "/v1/shops"], &bookstore),
        (&["PATCH", "/v1/reviews/12"], &bookstore),
        (&["POST", &voucher], &none),
    ];
    let mut text = String::new();
    for (request, options) in cases {
        let args = [&["explain"], request, options].concat();
        let ran = harcov(&args);
        assert!(!ran.out.contains("hunterzebra"));
        writeln!(text, "{}\n", transcript(&args, &ran)).ok();
    }
    snapshot("explain", &text);
}

#[test]
fn an_explanation_in_chinese() {
    let route = "/ticket/wmyc/cinema/1/order/change/";
    let args = ["explain", "POST", route, "--config", WOMOVIE_CONFIG];
    snapshot("explain_zh-CN", &transcript(&args, &harcov(&args)));
}

#[test]
fn a_request_that_does_not_count_is_told_with_host_and_reason() {
    let folder = Folder::new();
    let entry = |url: &str, media: &str| {
        let text = if media == "text/html" {
            "<html>"
        } else {
            "{\"ok\":true}"
        };
        json!({
            "startedDateTime": "2026-01-01T00:00:00Z",
            "time": 1,
            "request": { "method": "GET", "url": url, "headers": [] },
            "response": { "status": 200, "headers": [], "content": { "mimeType": media, "text": text } }
        })
    };
    let entries = [
        entry("https://app.example/?token=hunterzebra", "text/html"),
        entry("https://app.example/app.js", "text/javascript"),
        entry("https://api.example/v1/books/12", "application/json"),
        entry("https://api.example/v1/avatars/9", "application/json"),
        entry("https://api.example/v1/avatars/10", "application/json"),
    ];
    let capture = json!({ "log": { "version": "1.2", "entries": entries } });
    let capture = folder.file("a.har", capture.to_string());
    let config = folder.file("harcov.toml", "[scope]\nexclude = ['^/v1/avatars/']\n");
    let told = |url: &str, code: u8| {
        let ran = harcov(&["explain", "GET", url, "--config", &config, &capture]);
        assert_eq!(ran.code, code, "{url}: {}", ran.out);
        assert!(!ran.out.contains("hunterzebra"));
        ran.out
    };
    let page = "1 recorded request to `https://app.example` fits and does not count: Pages.";
    assert!(told("/", 0).contains(page), "{}", told("/", 0));
    assert!(told("https://app.example/", 0).contains(page));
    assert!(told("/app.js", 0).contains("does not count: Static assets."));
    let avatars = "2 recorded requests to `https://api.example` fit and do not count: Left out by the config.";
    assert!(told("/v1/avatars/<id>", 0).contains(avatars));
    assert!(told("/v1/books/12", 0).contains("/v1/books/<book_id>"));
    assert!(!told("https://api.example/", 2).contains("recorded"));
}

#[test]
fn places_are_named_with_their_folders() {
    let folder = Folder::new();
    let entry = "[[endpoint]]\nmethod = 'GET'\nroute = '/v1/books/<id>'\n";
    folder.file("a/manifest.toml", "");
    folder.file("b/manifest.toml", entry);
    let config = folder.file(
        "harcov.toml",
        "manifest = ['a/manifest.toml', 'b/manifest.toml']\nparam_style = 'brace'\n",
    );
    let entry = json!({
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 1,
        "request": { "method": "GET", "url": "https://api.example/v1/books/12", "headers": [] },
        "response": { "status": 200, "headers": [], "content": { "mimeType": "application/json", "text": "{\"id\":12}" } }
    });
    let capture = json!({ "log": { "version": "1.2", "entries": [entry] } });
    let capture = folder.file("a.har", capture.to_string());
    let told = harcov(&[
        "explain",
        "GET",
        "/v1/books/12",
        "--config",
        &config,
        &capture,
    ])
    .fine();
    assert!(told.contains("`b/manifest.toml:1`"), "{told}");
    assert!(
        told.contains("GET /v1/books/{") && !told.contains("/<"),
        "{told}"
    );
}
