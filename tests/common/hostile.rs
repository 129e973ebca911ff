//! Captures in which texts are chosen by somebody who means harm.

use serde_json::{Value, json};

/// One exchange of JSON.
#[allow(clippy::needless_pass_by_value, reason = "a request is made for it")]
pub fn entry(second: usize, request: Value, response: &Value) -> Value {
    json!({
        "startedDateTime": format!("2025-01-01T00:00:{:02}.000Z", second % 60),
        "time": 1,
        "request": request,
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [{ "name": "Content-Type", "value": "application/json" }],
            "cookies": [],
            "content": { "mimeType": "application/json", "text": response.to_string() },
        },
    })
}

/// A capture whose texts about itself are these.
pub fn har(creator: &str, entries: &[Value]) -> String {
    let log = json!({
        "version": "1.2",
        "creator": { "name": creator, "version": creator },
        "pages": [{ "title": creator, "id": creator, "startedDateTime": "", "pageTimings": {} }],
        "comment": creator,
        "entries": entries,
    });
    json!({ "log": log }).to_string()
}

/// A capture in which every text that a server or a page chooses is one of these.
pub fn hostile(attacks: &[&str]) -> String {
    let mut entries = Vec::new();
    for (n, attack) in attacks.iter().enumerate() {
        let body =
            json!({ *attack: attack, "type": attack, "status": attack, "items": [{ *attack: n }] });
        let encoded: String =
            percent_encoding::utf8_percent_encode(attack, percent_encoding::NON_ALPHANUMERIC)
                .to_string();
        for (method, url) in [
            (
                "GET",
                format!(
                    "https://api.shop.example/v1/items/{encoded}?{encoded}={encoded}&kind={encoded}"
                ),
            ),
            (
                "POST",
                format!("https://api.shop.example/v1/{encoded}/orders/{n}"),
            ),
            (
                *attack,
                format!("https://api.shop.example/v1/{attack}?{attack}={attack}"),
            ),
            ("POST", format!("https://{encoded}.example/{attack}")),
        ] {
            let request = json!({
                "method": method,
                "url": url,
                "headers": [{ "name": attack, "value": attack }],
                "cookies": [{ "name": attack, "value": attack }],
                "queryString": [{ "name": attack, "value": attack }, { "name": "kind", "value": attack }],
                "postData": { "mimeType": "application/json", "text": body.to_string() },
            });
            entries.push(entry(n, request, &body));
        }
        let form = json!({
            "method": "POST",
            "url": "https://api.shop.example/v1/forms",
            "headers": [],
            "queryString": [],
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "params": [{ "name": attack, "value": attack }, { "name": "mode", "value": attack }],
            },
        });
        entries.push(entry(n, form, &body));
        let graphql = json!({
            "method": "POST",
            "url": "https://api.shop.example/graphql",
            "headers": [],
            "queryString": [],
            "postData": {
                "mimeType": "application/json",
                "text": json!({ "operationName": attack, "query": format!("query {attack} {{ a }}") }).to_string(),
            },
        });
        entries.push(entry(n, graphql, &body));
    }
    har(&attacks.join(" "), &entries)
}
