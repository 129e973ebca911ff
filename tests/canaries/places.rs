//! Captures with the canaries in every place that HAR has.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::kinds::{Encoding, KINDS, gzipped, unicode_escaped, url_encoded};

/// The entries that hold one value in every place.
pub(crate) fn entries(value: &str, named: bool, encoding: Encoding, number: usize) -> Vec<Value> {
    let c = encoding.of(value);
    let in_url = url_encoded(&c);
    let path = if named {
        in_url.clone()
    } else {
        "list".to_owned()
    };
    let key = if named { c.clone() } else { "key".to_owned() };
    let label = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && named
        && value.len() < 60;
    let host = if label && encoding == Encoding::Plain {
        format!("{}.api.shop.example", value.to_lowercase())
    } else {
        "api.shop.example".to_owned()
    };
    let url = format!(
        "https://{in_url}:{in_url}@{host}/v1/users/{path};sid={in_url}/orders?token={in_url}&{}={in_url}&q={in_url}#access={in_url}",
        if named { in_url.as_str() } else { "x" }
    );
    let headers = json!([
        { "name": "Authorization", "value": format!("Bearer {c}") },
        { "name": "Cookie", "value": format!("sid={c}; theme={in_url}") },
        { "name": "X-Api-Key", "value": c },
        { "name": "X-Custom", "value": c },
        { "name": "X-Forwarded-For", "value": c },
        { "name": "Referer", "value": format!("https://www.shop.example/p/{in_url}?x={in_url}#{in_url}") },
        { "name": "Origin", "value": format!("https://{}www.shop.example", if label { format!("{value}.") } else { String::new() }) },
        { "name": "User-Agent", "value": format!("Mozilla/5.0 {c}") },
        { "name": "Accept-Language", "value": c },
        { "name": "Content-Type", "value": format!("application/json; v={c}") },
        { "name": "SOAPAction", "value": if named { format!("\"urn:{c}\"") } else { String::new() } },
    ]);
    let answered_headers = json!([
        { "name": "Set-Cookie", "value": format!("sid={c}; Domain=.shop.example; Path=/p/{in_url}; X={in_url}") },
        { "name": "Location", "value": format!("https://www.shop.example/u/{in_url}?code={in_url}") },
        { "name": "ETag", "value": c },
        { "name": "Server", "value": c },
        { "name": "Content-Disposition", "value": format!("attachment; filename=\"{c}\"") },
    ]);
    // Where constants stand, a word or an address of a server cannot be told from one.
    let constant = if named || encoding != Encoding::Plain {
        c.as_str()
    } else {
        "x"
    };
    let body = json!({
        "data": { "type": constant, "status": constant, "name": c, "availability": c, "message": c, "list": [c, c], "password": c,
            "nested": json!({ "pw": c }).to_string(), "link": format!("https://img.shop.example/{in_url}?u={in_url}"),
            key.as_str(): { "n": 1 }, "by": { key.as_str(): c } },
        "code": 0,
        key.as_str(): c,
    });
    let body_text = encoding.json(&body, &c);
    let pairs = json!([{ "name": "q", "value": c }, { "name": key, "value": c }]);
    let entry = |post: Value, content: Value, method: &str, url: &str| {
        json!({
            "startedDateTime": "2025-01-01T00:00:00.000Z",
            "time": 1,
            "pageref": c,
            "connection": c,
            "serverIPAddress": c,
            "comment": c,
            "_initiator": { "type": "script", "url": format!("https://www.shop.example/{in_url}"), "stack": { "callFrames": [{ "functionName": c, "url": c }] } },
            "_webSocketMessages": [{ "type": "send", "time": 1, "opcode": 1, "data": body_text }, { "type": "receive", "data": c }],
            "_custom": { "value": c, "list": [c] },
            "cache": { "beforeRequest": { "eTag": c, "comment": c } },
            "request": {
                "method": method, "url": url, "httpVersion": format!("HTTP/1.1 {c}"), "headers": headers,
                "cookies": [{ "name": "sid", "value": c, "path": format!("/{in_url}"), "domain": "shop.example" }],
                "queryString": pairs, "postData": post, "comment": c,
            },
            "response": {
                "status": 200, "statusText": c, "headers": answered_headers, "redirectURL": format!("/r/{in_url}?x={in_url}"),
                "cookies": [{ "name": "sid", "value": c }], "content": content, "comment": c,
            },
        })
    };
    let content = |mime: &str, text: &str| json!({ "mimeType": mime, "text": text, "comment": c });
    let base64 = |bytes: &[u8]| json!({ "mimeType": "application/json", "encoding": "base64", "text": BASE64_STANDARD.encode(bytes) });
    let form = format!(
        "a={in_url}&password={in_url}&type={in_url}&{}={in_url}",
        url_encoded(&key)
    );
    // Cut in two by a boundary, and whole.
    let middle = value
        .char_indices()
        .nth(value.chars().count() / 2)
        .unwrap()
        .0;
    let multipart = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{}\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n{}\r\n--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{}.png\"\r\nContent-Type: text/plain\r\n\r\n{c}\r\n--XX\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n{c}\r\n--XX--\r\n",
        &value[..middle],
        &value[middle..],
        c.replace(['"', '\n'], ""),
    );
    let json_mime = "application/json";
    let half: String = body_text
        .chars()
        .take(body_text.chars().count() / 2)
        .collect();
    let graphql = json!({
        "operationName": if named { c.as_str() } else { "GetUser" },
        "query": format!("query GetUser {{ user(token: {}) {{ id }} }}", json!(c)),
        "variables": { "input": c },
    });
    vec![
        entry(json!(null), content(json_mime, &body_text), "GET", &url),
        entry(
            json!({ "mimeType": json_mime, "text": body_text }),
            content("text/html", &body_text),
            "POST",
            &url,
        ),
        entry(
            json!({ "mimeType": "application/x-www-form-urlencoded", "text": form, "params": [{ "name": "a", "value": c, "fileName": c, "comment": c }] }),
            content("text/html", &format!("<html><title>{c}</title>{c}</html>")),
            "POST",
            &format!("https://api.shop.example/v1/forms/{number}"),
        ),
        entry(
            json!({ "mimeType": "multipart/form-data; boundary=XX", "text": multipart }),
            base64(&gzipped(&body_text)),
            "POST",
            "https://api.shop.example/v1/uploads",
        ),
        entry(
            json!({ "mimeType": json_mime, "text": graphql.to_string() }),
            base64(body_text.as_bytes()),
            "POST",
            "https://api.shop.example/graphql",
        ),
        entry(
            json!({ "mimeType": format!("application/x-{}", if named { c.as_str() } else { "y" }), "params": [{ "name": "a", "value": c }] }),
            content("text/plain", &format!("token: {c}\n{c}")),
            if named { &c } else { "PUT" },
            "https://api.shop.example/v1/odd",
        ),
        entry(
            json!({ "mimeType": "text/xml", "text": format!("<?xml version=\"1.0\"?><a b=\"{c}\">{c}</a>") }),
            content(json_mime, &half),
            "POST",
            "https://api.shop.example/v1/broken",
        ),
    ]
}

pub(crate) fn har(encoding: Encoding) -> String {
    let mut all = Vec::new();
    let mut pages = Vec::new();
    for (number, (value, named)) in KINDS.iter().enumerate() {
        all.extend(entries(value, *named, encoding, number));
        let c = encoding.of(value);
        pages.push(json!({ "id": c, "title": c, "startedDateTime": c, "comment": c, "pageTimings": { "onLoad": 1, "comment": c } }));
    }
    let log = json!({
        "version": "1.2",
        "creator": { "name": "Recorder", "version": "1", "comment": KINDS[0].0 },
        "browser": { "name": KINDS[0].0, "version": KINDS[6].0 },
        "pages": pages,
        "comment": KINDS[0].0,
        "_vendor": { "value": KINDS[0].0, "list": [KINDS[1].0] },
        "entries": all,
    });
    let text = json!({ "log": log, "_root": KINDS[0].0 }).to_string();
    if encoding != Encoding::UnicodeEscaped {
        return text;
    }
    KINDS.iter().fold(text, |text, (value, _)| {
        let written = json!(value).to_string();
        text.replace(&written[1..written.len() - 1], &unicode_escaped(value))
    })
}
