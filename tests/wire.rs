//! What traffic looks like on the wire where it is not plain JSON: calls in scripts, pages without a body,
//! SOAP, annotations, matrix parameters.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write as _;

use common::{Folder, harcov};
use serde_json::{Value, json};

/// A request with the response's status, content type and text.
fn entry(request: Value, status: u16, media: &str, text: &str) -> Value {
    let mut request = request;
    if request.get("method").is_none() {
        request["method"] = json!("GET");
    }
    if request.get("headers").is_none() {
        request["headers"] = json!([]);
    }
    json!({
        "request": request,
        "response": {
            "status": status,
            "headers": [],
            "content": { "mimeType": media, "text": text, "size": text.len() },
        },
    })
}

/// Something that says which host is the API's.
fn plain_call() -> Value {
    let request = json!({ "url": "https://api.shop.test/v1/me" });
    entry(request, 200, "application/json", "{\"name\":\"x\"}")
}

fn capture(folder: &Folder, entries: Vec<Value>) -> String {
    let mut entries = entries;
    for (at, entry) in entries.iter_mut().enumerate() {
        entry["startedDateTime"] = json!(format!("2025-01-01T00:00:{at:02}.000Z"));
    }
    let har = json!({ "log": { "version": "1.2", "entries": entries } });
    folder.file("in/a.har", har.to_string())
}

fn report(file: &str) -> Value {
    let ran = harcov(&["report", "--no-config", "--report", "json=-", file]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()
}

/// Each endpoint as its method and route, with the names of its parameters and response fields.
fn told(report: &Value) -> Vec<String> {
    let names = |row: &Value, list: &str, name: &str| -> Vec<String> {
        let items = row[list].as_array().unwrap().iter();
        items
            .map(|item| item[name].as_str().unwrap().to_owned())
            .collect()
    };
    let rows = report["endpoints"].as_array().unwrap().iter();
    rows.map(|row| {
        let mut text = format!(
            "{} {}",
            row["method"].as_str().unwrap(),
            row["route"].as_str().unwrap()
        );
        for (sign, list, name) in [('?', "params", "name"), ('>', "response_fields", "path")] {
            let names = names(row, list, name);
            if !names.is_empty() {
                write!(text, " {sign} {}", names.join(",")).unwrap();
            }
        }
        text
    })
    .collect()
}

/// Redacts a capture and gives the new one, which passes the check and stays as it is.
fn redacted(folder: &Folder, file: &str) -> String {
    let (once, twice) = (folder.at("once.har"), folder.at("twice.har"));
    for (from, to) in [(file, &once), (once.as_str(), &twice)] {
        let ran = harcov(&["redact", "--no-config", "-q", from, "-o", to]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    assert_eq!(std::fs::read(&once).unwrap(), std::fs::read(twice).unwrap());
    let ran = harcov(&["redact", "--no-config", "--check", &once]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    once
}

#[test]
fn json_in_a_call_or_behind_a_guard_is_an_answer() {
    let folder = Folder::new();
    let script = |url: &str, media: &str, text: &str| {
        let mut entry = entry(json!({ "url": url }), 200, media, text);
        entry["_resourceType"] = json!("script");
        entry
    };
    let called =
        |url: &str, media: &str, text: &str| entry(json!({ "url": url }), 200, media, text);
    let code = "application/x-javascript";
    let file = capture(
        &folder,
        vec![
            plain_call(),
            script(
                "https://api.shop.test/h5/order.query/1.0/?callback=mtopjsonp1&user_id=1001",
                "application/json",
                "mtopjsonp1({\"order_no\":\"A\"})",
            ),
            script(
                "https://api.shop.test/h5/order.query/1.0/?callback=mtopjsonp2&user_id=1002",
                code,
                "/**/ typeof mtopjsonp2 === 'function' && mtopjsonp2({\"order_no\":\"B\"});",
            ),
            called(
                "https://api.shop.test/v1/price",
                code,
                "for(;;);{\"price\":1}",
            ),
            called(
                "https://api.shop.test/v1/stock",
                "text/plain",
                ")]}',\n{\"stock\":1}",
            ),
            called("https://api.shop.test/v1/list", code, "{\"list\":[1]}"),
            // Scripts stay what they are.
            script("https://api.shop.test/static/a.js", code, "foo({\"a\":1});"),
            script(
                "https://api.shop.test/loader",
                code,
                "webpackJsonp([1],{0:function(){}})",
            ),
            script("https://api.shop.test/boot", code, "(function(){})()"),
            script("https://api.shop.test/setup", code, "setup({a:1})"),
            // Nobody asked for this function by its name.
            script(
                "https://api.shop.test/combo?v=12",
                code,
                "define({\"a\":1});",
            ),
            script(
                "https://api.shop.test/i18n?lang=en",
                code,
                "App.add([\"a\"])",
            ),
            script(
                "https://api.shop.test/v1/who?cb=ann&of=ann",
                "application/json",
                "ann({\"who\":1})",
            ),
        ],
    );
    let expected = [
        "GET /h5/order.query/1.0/ ? user_id > order_no",
        "GET /v1/list > list[]",
        "GET /v1/me > name",
        "GET /v1/price > price",
        "GET /v1/stock > stock",
        "GET /v1/who ? of > who",
    ];
    let mut rows = told(&report(&file));
    rows.sort();
    assert_eq!(rows, expected);
    let hidden = redacted(&folder, &file);
    let text = std::fs::read_to_string(&hidden).unwrap();
    assert!(!text.contains("mtopjsonp"), "{text}");
    let mut rows = told(&report(&hidden));
    rows.sort();
    assert_eq!(rows, expected);
}

#[test]
fn pages_of_which_nothing_came_are_pages() {
    let folder = Folder::new();
    let opened = |url: &str, status: u16, media: &str| {
        let headers = json!([{ "name": "sec-fetch-mode", "value": "navigate" }]);
        entry(json!({ "url": url, "headers": headers }), status, media, "")
    };
    let document = |url: &str, status: u16| {
        let mut entry = entry(json!({ "url": url }), status, "", "");
        entry["response"]["content"] = json!({ "size": 0 });
        entry["_resourceType"] = json!("document");
        entry
    };
    let file = capture(
        &folder,
        vec![
            plain_call(),
            opened("https://api.shop.test/account/orders", 304, ""),
            opened("https://api.shop.test/account/profile", 200, "text/html"),
            opened("https://api.shop.test/account/cart", 304, "x-unknown"),
            document("https://api.shop.test/login", 304),
            document("https://api.shop.test/welcome", 200),
            // What a program asks, or what is said to be JSON, counts.
            entry(
                json!({ "url": "https://api.shop.test/v1/news" }),
                304,
                "",
                "",
            ),
            opened("https://api.shop.test/v1/raw", 304, "application/json"),
        ],
    );
    let mut rows = told(&report(&file));
    rows.sort();
    assert_eq!(rows, ["GET /v1/me > name", "GET /v1/news", "GET /v1/raw"]);
}

#[test]
fn annotations_of_names_are_no_addresses() {
    let folder = Folder::new();
    let sent = json!({
        "owner@odata.bind": "/contacts(2c1eea1f-2659-44a7-ac96-6f46c6aa7d55)",
        "parent@odata.bind": "/accounts(2c1eea1f-2659-44a7-ac96-6f46c6aa7d55)",
        "ann@mail.example": 1,
    });
    let answered = json!({
        "@odata.context": "https://api.shop.test/$metadata#accounts",
        "state@OData.Community.Display.V1.FormattedValue": "Active",
        "_owner@Microsoft.Dynamics.CRM.lookuplogicalname": "systemuser",
    });
    let request = json!({
        "method": "POST",
        "url": "https://api.shop.test/accounts",
        "postData": { "mimeType": "application/json", "text": sent.to_string() },
    });
    let file = capture(
        &folder,
        vec![entry(
            request,
            200,
            "application/json",
            &answered.to_string(),
        )],
    );
    let expected = [concat!(
        "POST /accounts ? <key>,owner@odata.bind,parent@odata.bind",
        " > @odata.context,_owner@Microsoft.Dynamics.CRM.lookuplogicalname,",
        "state@OData.Community.Display.V1.FormattedValue",
    )];
    let sorted = |file: &str| {
        let mut report = report(file);
        let params = report["endpoints"][0]["params"].as_array_mut().unwrap();
        params.sort_by_key(|param| param["name"].as_str().unwrap().to_owned());
        told(&report)
    };
    assert_eq!(sorted(&file), expected);
    let hidden = redacted(&folder, &file);
    assert_eq!(sorted(&hidden), expected);
}

#[test]
fn messages_of_soap_are_told_apart_however_they_name_their_operation() {
    let folder = Folder::new();
    let sent = |headers: Value, media: &str, operation: &str| {
        let text = format!(
            "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">\
             <s:Header/><s:Body><m:{operation} xmlns:m=\"urn:shop\"><id>hunterzebra</id></m:{operation}></s:Body></s:Envelope>"
        );
        let request = json!({
            "method": "POST",
            "url": "https://api.shop.test/Orders.svc",
            "headers": headers,
            "postData": { "mimeType": media, "text": text },
        });
        entry(request, 200, "application/soap+xml", "<x/>")
    };
    let media = "application/soap+xml; charset=utf-8; action=\"http://shop.test/IOrders/GetOrder\"";
    let file = capture(
        &folder,
        vec![
            sent(json!([]), media, "GetOrderRequest"),
            sent(
                json!([{ "name": "SOAPAction", "value": "\"\"" }]),
                "text/xml",
                "CancelOrder",
            ),
            sent(json!([]), "text/xml; charset=utf-8", "ListOrders"),
            sent(
                json!([{ "name": "SOAPAction", "value": "urn:shop#PayOrder" }]),
                "text/xml",
                "Pay",
            ),
        ],
    );
    let operations = |file: &str| -> Vec<String> {
        let report = report(file);
        let rows = report["endpoints"].as_array().unwrap().iter();
        let mut names: Vec<String> = rows
            .map(|row| row["operation"].as_str().unwrap_or("none").to_owned())
            .collect();
        names.sort();
        names
    };
    let expected = ["CancelOrder", "GetOrder", "ListOrders", "PayOrder"];
    assert_eq!(operations(&file), expected);
    let hidden = redacted(&folder, &file);
    assert!(
        !std::fs::read_to_string(&hidden)
            .unwrap()
            .contains("hunterzebra")
    );
    assert_eq!(operations(&hidden), expected);
}

#[test]
fn calls_of_xml_rpc_are_told_apart_by_their_methods() {
    let folder = Folder::new();
    let sent = |method: &str| {
        let text = format!(
            "<?xml version=\"1.0\"?>\n<methodCall>\n<methodName>{method}</methodName><params><param>\
             <value><string>hunterzebra</string></value></param></params></methodCall>"
        );
        let request = json!({
            "method": "POST",
            "url": "https://blog.shop.test/xmlrpc.php",
            "headers": [],
            "postData": { "mimeType": "text/xml", "text": text },
        });
        entry(request, 200, "text/xml", "<methodResponse/>")
    };
    let file = capture(&folder, vec![sent("wp.getPosts"), sent("system.multicall")]);
    let hidden = redacted(&folder, &file);
    assert!(
        !std::fs::read_to_string(&hidden)
            .unwrap()
            .contains("hunterzebra")
    );
    for file in [&file, &hidden] {
        let report = report(file);
        let rows = report["endpoints"].as_array().unwrap().iter();
        let mut names: Vec<&str> = rows.map(|row| row["operation"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["system.multicall", "wp.getPosts"]);
    }
}

#[test]
fn matrix_parameters_are_parameters_and_sessions_are_not() {
    let folder = Folder::new();
    let called = |url: &str| {
        entry(
            json!({ "url": url }),
            200,
            "application/json",
            "{\"total\":1}",
        )
    };
    let file = capture(
        &folder,
        vec![
            called(
                "https://api.shop.test/accounts/11001/transactions;from=2025-12-01;type=DEBIT?limit=5",
            ),
            called(
                "https://api.shop.test/accounts/11002/transactions;from=2025-11-01;type=CREDIT;open?limit=5",
            ),
            called(
                "https://api.shop.test/accounts/11003;jsessionid=HUNTERZEBRA42/transactions;user=hunterzebra?limit=5",
            ),
        ],
    );
    let expected =
        "GET /accounts/<account_id>/transactions ? account_id,;from,;user,;type,limit > total";
    assert_eq!(told(&report(&file)), [expected]);
    // They stand in no place that an export has.
    let api = harcov(&["export", "openapi", "--no-config", &file]).fine();
    assert!(api.contains("limit") && !api.contains("from"), "{api}");
    let recorded = "https://api.shop.test/accounts/11001/transactions;from=2025-12-01;type=DEBIT";
    harcov(&["explain", "--no-config", "GET", recorded, &file]).fine();
    let hidden = redacted(&folder, &file);
    let text = std::fs::read_to_string(&hidden).unwrap();
    assert!(!text.to_ascii_lowercase().contains("hunterzebra"));
    assert!(text.contains(";type=DEBIT"), "{text}");
    assert_eq!(told(&report(&hidden)), [expected]);
}
