//! `harcov explain`: which rule, route, manifest entry and priority reasons hold, and which lost.

mod common;

use std::fmt::Write as _;

use common::{BOOKSTORE_CONFIG, WOMOVIE, WOMOVIE_CONFIG, harcov, snapshot, transcript};

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
