//! A capture as an attacker would write it: values of many kinds at places where hardly anybody looks.
//! Every place has values of its own, so that a leak says where it comes from.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::kinds::{gzipped, url_encoded};

/// The kinds of values; names, paths and hosts may hold all of them.
const KINDS: [&str; 7] = [
    "random", "voucher", "pickup", "groups", "email", "name", "plate",
];

/// Makes values, none twice, and remembers where they were put.
struct Maker {
    state: u64,
    kind: &'static str,
    made: Vec<(String, String)>,
}

impl Maker {
    fn below(&mut self, bound: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % bound
    }

    fn of(&mut self, alphabet: &str, count: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..count)
            .map(|_| letters[self.below(letters.len())])
            .collect()
    }

    /// A value for a place.
    fn at(&mut self, place: &str) -> String {
        let value = match self.kind {
            "random" => {
                let (a, b) = (
                    self.of("abcdefgh23456789", 4),
                    self.of("QRSTUVWXYZ0123456789", 8),
                );
                format!("k7Q{a}z9{b}mX4")
            }
            "voucher" => format!("GZJY{}", self.of("0123456789", 10)),
            "pickup" => {
                let (a, b) = (self.of("KQXZVWJ", 3), self.of("KQXZVWJ", 4));
                format!("{a}7{b}29")
            }
            "groups" => {
                let groups: Vec<String> = (0..4).map(|_| self.of("KQXZVWJ23456789", 4)).collect();
                groups.join("-")
            }
            "email" => format!(
                "{}.{}@mail-{}.test",
                self.of("bcdfgaeiou", 6),
                self.of("klmn", 3),
                self.of("pqrs", 4)
            ),
            "name" => format!(
                "王{}",
                self.of(
                    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚桂英华玉兰红明志文建国海波",
                    2
                )
            ),
            _ => format!("粤B·D{}", self.of("0123456789", 5)),
        };
        if self.made.iter().any(|(known, _)| *known == value) {
            return self.at(place);
        }
        self.made
            .push((value.clone(), format!("{} {place}", self.kind)));
        value
    }

    /// The same as it stands in a URL.
    fn in_url(&mut self, place: &str) -> String {
        url_encoded(&self.at(place))
    }

    /// The same, letters and digits only, for names of GraphQL, methods and hosts.
    fn plain(&mut self, place: &str) -> String {
        match self.kind {
            "random" | "voucher" | "pickup" => self.at(place),
            _ => "x".to_owned(),
        }
    }
}

/// Whether the values at a place are not to be seen in the capture as it is.
pub(crate) fn is_wrapped(place: &str) -> bool {
    place.contains("within")
}

/// The capture, and its values with their places.
pub(crate) fn har() -> (String, Vec<(String, String)>) {
    let mut maker = Maker {
        state: 20_250_624,
        kind: "",
        made: Vec::new(),
    };
    let (mut entries, mut pages) = (Vec::new(), Vec::new());
    for kind in KINDS {
        maker.kind = kind;
        let m = &mut maker;
        let mut all = urls(m);
        all.extend(heads(m));
        all.extend(bodies(m));
        all.extend(protocols(m));
        all.extend(repeated(m));
        entries.extend(all);
        pages.push(json!({
            "id": m.at("page id"), "title": m.at("page title"), "startedDateTime": "2025-01-01T00:00:00Z", "comment": m.at("page comment"),
            "pageTimings": { "onLoad": 1, format!("_{}", m.at("page timing")): 1 }, "_x": { m.at("page key"): m.at("page value") },
        }));
    }
    for (at, entry) in entries.iter_mut().enumerate() {
        entry["startedDateTime"] =
            json!(format!("2025-01-01T00:{:02}:{:02}.000Z", at / 60, at % 60));
    }
    let log = json!({ "version": "1.2", "creator": { "name": "T", "version": "1" }, "pages": pages, "entries": entries });
    (json!({ "log": log }).to_string(), maker.made)
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better")]
fn entry(method: &str, url: &str, post: Value, answer: &str) -> Value {
    json!({
        "time": 5,
        "request": { "method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "queryString": [], "postData": post },
        "response": { "status": 200, "statusText": "OK", "headers": [], "cookies": [], "redirectURL": "",
            "content": { "mimeType": "application/json", "text": answer } },
    })
}

fn get(url: &str) -> Value {
    entry(
        "GET",
        url,
        Value::Null,
        "{\"code\":0,\"data\":{\"ok\":true}}",
    )
}

fn api(path: &str) -> String {
    format!("https://api.shop.example{path}")
}

fn urls(m: &mut Maker) -> Vec<Value> {
    let mut all = Vec::new();
    for (place, before, after) in [
        ("reset", "/v1/reset/", ""),
        ("user", "/v1/users/", "/orders"),
        ("file", "/v1/files/", ".json"),
        ("behind a word", "/v1/things/user-", ""),
        ("between words", "/v1/things/order_", "_detail"),
        ("behind @", "/v1/@", ""),
        ("behind a comma", "/v1/a,", "/x"),
        ("behind =", "/v1/k=", "/x"),
        ("behind a colon", "/v1/things:", ""),
        ("in OData", "/odata/Orders('", "')/Items"),
        ("matrix value", "/v1/matrix;sid=", "/x"),
        ("matrix name", "/v1/matrix;", "=1/x"),
        ("bare query", "/v1/q?", ""),
        ("query name", "/v1/q?", "=1"),
        ("query value", "/v1/q?x=", ""),
        ("query type", "/v1/q?type=", "&status=1"),
        ("brackets", "/v1/q?filter[", "]=1"),
        ("brackets before brackets", "/v1/q?ids[", "][name]=1"),
        ("behind brackets", "/v1/q?ids[a]", "=1"),
        ("behind a dot", "/v1/q2?a.", "=1"),
        ("behind an underscore", "/v1/q2?item_", "=1"),
        ("fragment", "/v1/f#access_token=", ""),
        ("callback", "/v1/jsonp?callback=cb_", ""),
    ] {
        all.push(get(&api(&format!("{before}{}{after}", m.in_url(place)))));
    }
    let twice = url_encoded(&m.in_url("encoded twice"));
    all.push(get(&api(&format!("/v1/e?e={twice}"))));
    let wrapped = json!({ "t": m.at("within base64 of JSON") }).to_string();
    all.push(get(&api(&format!(
        "/v1/e?d={}",
        url_encoded(&BASE64_STANDARD.encode(wrapped))
    ))));
    let packed = BASE64_STANDARD.encode(gzipped(&m.at("within gzip")));
    all.push(get(&api(&format!("/v1/e?g={}", url_encoded(&packed)))));
    all.push(get(&format!(
        "https://{}:{}@api.shop.example/v1/u",
        m.in_url("user name"),
        m.in_url("user's password")
    )));
    let (label, tenant) = (
        m.plain("host").to_lowercase(),
        m.plain("tenant").to_lowercase(),
    );
    all.push(get(&format!("https://{label}.api.shop.example/v1/h")));
    all.push(get(&format!("https://tenant-{tenant}.shop.example/v1/h")));
    all.push(get(&format!(
        "data:text/plain;base64,{}",
        BASE64_STANDARD.encode(m.at("within data URL"))
    )));
    all.push(get(&format!("data:text/plain,{}", m.in_url("data URL"))));
    all.push(get(&format!(
        "blob:https://www.shop.example/{}",
        m.in_url("blob")
    )));
    all.push(get(&format!("weixin://dl/{}", m.in_url("scheme"))));
    all.push(get(&m.in_url("no URL")));
    all
}

fn heads(m: &mut Maker) -> Vec<Value> {
    let mut one = get(&api("/v1/heads"));
    one["request"]["headers"] = json!([
        { "name": format!("X-{}", m.at("header name")), "value": "1" },
        { "name": format!("X-Auth-{}", m.at("credential header name")), "value": "1" },
        { "name": "X-Whatever", "value": m.at("header") },
        { "name": "Authorization", "value": format!("Custom {}", m.at("authorization")) },
        { "name": "Accept", "value": format!("application/vnd.{}+json", m.plain("accept")) },
        { "name": "User-Agent", "value": m.at("user agent") },
        { "name": "Referer", "value": format!("https://www.shop.example/{}?t={}", m.in_url("referer path"), m.in_url("referer query")) },
        { "name": "X-Api-Version", "value": m.at("version header") },
        { "name": "X-GraphQL-Operation-Name", "value": m.at("operation header") },
        { "name": "If-None-Match", "value": m.at("if-none-match") },
        { "name": "Cookie", "value": format!("{}=1; sess_{}={}; {}", m.at("cookie name"), m.at("end of a cookie name"), m.at("cookie"), m.at("bare cookie")) },
    ]);
    one["request"]["cookies"] =
        json!([{ "name": m.at("cookies name"), "value": m.at("cookies value") }]);
    one["response"]["headers"] = json!([
        { "name": format!("X-R-{}", m.at("response header name")), "value": m.at("response header") },
        { "name": "Set-Cookie", "value": format!("{}={}; Path=/{}", m.at("set-cookie name"), m.at("set-cookie"), m.in_url("cookie path")) },
        { "name": "Location", "value": format!("/n/{}", m.in_url("location")) },
        { "name": "Link", "value": format!("<https://api.shop.example/v1/next?cursor={}>; rel=next", m.in_url("link")) },
        { "name": "Content-Disposition", "value": format!("attachment; filename*=UTF-8''{}", m.in_url("file name")) },
        { "name": "ETag", "value": m.at("etag") },
        { "name": "WWW-Authenticate", "value": format!("Bearer realm=\"{}\"", m.at("realm")) },
    ]);
    let mut two = entry(&m.plain("method"), &api("/v1/misc"), Value::Null, "");
    two["response"]["content"] =
        json!({ "mimeType": "text/plain", "text": format!("no user {}", m.at("error text")) });
    two["response"]["statusText"] = json!(m.at("status text"));
    two["response"]["httpVersion"] = json!(m.at("version of the answer"));
    two["response"]["_error"] = json!(m.at("error"));
    two["response"]["redirectURL"] = json!(format!("/x/{}", m.in_url("redirect")));
    two["request"]["comment"] = json!(m.at("request comment"));
    for (member, value) in [
        ("comment", json!(m.at("comment"))),
        ("pageref", json!(m.at("page reference"))),
        ("serverIPAddress", json!(m.at("server"))),
        ("connection", json!(m.at("connection"))),
        (
            "_custom",
            json!({ "v": m.at("custom"), m.at("custom key"): 1 }),
        ),
        ("_resourceType", json!(m.at("resource type"))),
        ("_priority", json!(m.at("priority"))),
        (
            "cache",
            json!({ "afterRequest": { "eTag": m.at("cache") } }),
        ),
        (
            "timings",
            json!({ "send": 1, m.at("timing"): 2, "comment": m.at("timing comment") }),
        ),
        (
            "_initiator",
            json!({ "type": m.at("initiator"), "url": format!("https://www.shop.example/{}", m.in_url("initiator URL")),
            "stack": { "callFrames": [{ "functionName": m.at("function"), "url": m.at("script"), "lineNumber": 1 }] } }),
        ),
    ] {
        two[member] = value;
    }
    let mut three = get(&api("/v1/odd-types"));
    three["response"]["content"]["mimeType"] =
        json!(format!("application/vnd.{}+json", m.plain("content type")));
    let mut four = get(&api("/v1/missing"));
    four["response"]["status"] = json!(404);
    four["request"]["headers"] = json!([{ "name": "X-Requested-With", "value": "XMLHttpRequest" }]);
    four["response"]["content"] = json!({ "mimeType": "text/html", "text": format!("<html><title>{}</title>{}</html>", m.at("title"), m.at("page")) });
    let mut five = entry(
        "POST",
        &api("/v1/odd-types"),
        json!({ "mimeType": m.at("bare content type"), "text": "a=1" }),
        "{}",
    );
    five["response"]["content"]["mimeType"] = json!(format!(
        "application/json; x={}",
        m.at("parameter of a content type")
    ));
    vec![one, two, three, four, five]
}

fn bodies(m: &mut Maker) -> Vec<Value> {
    let answered = json!({
        "data": {
            m.at("key"): { "n": 1 }, "by": { m.at("key of a map"): { m.at("key below a key"): 1 } }, format!("u_{}", m.at("end of a key")): 1,
            "type": m.at("type"), "status": m.at("status"), "code": m.at("code"), "msg": m.at("message"), "state": m.at("state"),
            "level": m.at("level"), "role": m.at("role"), "availability": m.at("availability"), "list": [m.at("item"), m.at("second item")],
            "nested": json!({ "pw": m.at("nested"), m.at("nested key"): 1 }).to_string(), "token_type": m.at("token type"),
            "errors": [{ "message": format!("User {} not found", m.at("error message")), "extensions": { "code": m.at("error code") } }],
        },
        m.at("top key"): 1,
    });
    let sent = json!({
        m.at("sent key"): 1, "type": m.at("sent type"), "a": { m.at("sent key below"): { "x": 1 } }, "filters": { "status": m.at("sent status") },
        format!("${}", m.at("key behind a sign")): 1, "list": [{ m.at("key in a list"): 2 }],
    });
    let form = format!(
        "item[{}]=1&{}=2&type={}&action={}&pay_type={}",
        m.in_url("form brackets"),
        m.in_url("form name"),
        m.in_url("form type"),
        m.in_url("form action"),
        m.in_url("payment type"),
    );
    let form = json!({ "mimeType": "application/x-www-form-urlencoded", "text": form, "params": [{ "name": m.at("listed name"), "value": m.at("listed value") }] });
    let listed = json!({ "mimeType": "application/x-www-form-urlencoded", "params": [
        { "name": m.at("only listed name"), "value": m.at("only listed value") },
        { "name": "f", "fileName": m.at("listed file"), "contentType": m.at("listed type") },
    ] });
    let boundary = format!("BB{}", m.plain("boundary"));
    let multipart = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}.png\"\r\nContent-Type: image/{}\r\nX-{}: {}\r\n\r\n{}\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n{}\r\n--{boundary}--\r\n",
        m.at("part"),
        m.at("part's file"),
        m.plain("part's type"),
        m.at("part's header name"),
        m.at("part's header"),
        m.at("part's content"),
        m.at("part's value"),
    );
    let multipart = json!({ "mimeType": format!("multipart/form-data; boundary={boundary}"), "text": multipart });
    let mut all = vec![
        entry(
            "GET",
            &api("/v1/answers"),
            Value::Null,
            &answered.to_string(),
        ),
        entry(
            "POST",
            &api("/v1/sent"),
            json!({ "mimeType": "application/json", "text": sent.to_string() }),
            &json!([{ m.at("key of an item"): 1 }]).to_string(),
        ),
        entry(
            "GET",
            &api("/v1/bare"),
            Value::Null,
            &json!(m.at("bare answer")).to_string(),
        ),
        entry("POST", &api("/v1/form"), form, "{}"),
        entry("POST", &api("/v1/listed"), listed, "{}"),
        entry("POST", &api("/v1/parts"), multipart, "{}"),
    ];
    let csv =
        json!({ "mimeType": "text/csv", "text": format!("name,phone\n{},1", m.at("CSV sent")) });
    for (mime, post, text) in [
        ("text/csv", csv, format!("id,name\n1,{}\n", m.at("CSV"))),
        (
            "text/event-stream",
            Value::Null,
            format!(
                "event: {}\ndata: {}\n\n",
                m.at("event"),
                json!({ "t": m.at("event data"), m.at("event key"): 1 })
            ),
        ),
        (
            "application/x-ndjson",
            Value::Null,
            format!(
                "{}\n{}",
                json!({ "a": m.at("line") }),
                json!({ m.at("line key"): 1 })
            ),
        ),
        (
            "application/javascript",
            Value::Null,
            format!(
                "cb_{}({})",
                m.plain("JSONP callback"),
                json!({ "a": m.at("JSONP") })
            ),
        ),
    ] {
        let mut one = entry("POST", &api("/v1/texts"), post, &text);
        one["response"]["content"]["mimeType"] = json!(mime);
        all.push(one);
    }
    for (encode, what) in [(false, "base64"), (true, "gzip")] {
        let body = json!({ m.at(&format!("key within {what}")): m.at(&format!("value within {what}")), "type": m.at(&format!("type within {what}")) }).to_string();
        let bytes = if encode {
            gzipped(&body)
        } else {
            body.into_bytes()
        };
        let mut one = get(&api(&format!("/v1/encoded/{what}")));
        one["response"]["content"] = json!({ "mimeType": "application/json", "encoding": "base64", "text": BASE64_STANDARD.encode(bytes) });
        all.push(one);
    }
    all
}

fn protocols(m: &mut Maker) -> Vec<Value> {
    let post = |path: &str, mime: &str, text: String| {
        entry(
            "POST",
            &api(path),
            json!({ "mimeType": mime, "text": text }),
            "{}",
        )
    };
    let mut all = Vec::new();
    let literal = m.at("GraphQL literal").replace('"', "");
    let document = format!(
        "query Op {{ user(id: \"{literal}\") {{ f_{}: name }} }}",
        m.plain("GraphQL alias")
    );
    let graphql = json!({ "query": document, "variables": { m.at("GraphQL variable"): m.at("GraphQL value") } });
    all.push(post("/graphql", "application/json", graphql.to_string()));
    let anonymous =
        json!({ "query": format!("query {{ u_{} {{ id }} }}", m.plain("GraphQL root")) });
    all.push(post("/graphql", "application/json", anonymous.to_string()));
    let named = json!({ "query": "query G { a { id } }", "operationName": m.at("GraphQL name") });
    all.push(post("/graphql", "application/json", named.to_string()));
    let in_query = format!(
        "{{ me(token: \"{}\") {{ id }} }}",
        m.at("GraphQL in a query").replace('"', "")
    );
    all.push(get(&api(&format!(
        "/graphql?query={}&variables={}",
        url_encoded(&in_query),
        url_encoded(&json!({ "k": m.at("variable in a query") }).to_string())
    ))));
    all.push(post(
        "/graphql",
        "application/graphql",
        format!(
            "query {{ user(id: \"{}\") {{ id }} }}",
            m.at("plain GraphQL")
        ),
    ));
    let rpc = json!({ "jsonrpc": "2.0", "method": m.at("RPC method"), "params": [m.at("RPC parameter")], "id": m.at("RPC id") });
    all.push(post("/rpc", "application/json", rpc.to_string()));
    let mut soap = post(
        "/soap",
        "text/xml",
        format!(
            "<soap:Envelope><soap:Body><{} id=\"{}\">{}</x></soap:Body></soap:Envelope>",
            m.plain("element"),
            m.at("attribute"),
            m.at("SOAP text")
        ),
    );
    soap["request"]["headers"] =
        json!([{ "name": "SOAPAction", "value": format!("\"urn:svc/{}\"", m.at("SOAP action")) }]);
    soap["response"]["content"] =
        json!({ "mimeType": "text/xml", "text": format!("<r>{}</r>", m.at("SOAP answer")) });
    all.push(soap);
    all.push(get(&api(&format!(
        "/index.php?action={}&method={}",
        m.in_url("action"),
        m.in_url("method parameter")
    ))));
    all.push(get(&api(&format!(
        "/gateway.do?method={}&service={}",
        m.in_url("gateway method"),
        m.in_url("service")
    ))));
    let mut socket = get(&format!(
        "wss://ws.shop.example/s/{}",
        m.in_url("socket path")
    ));
    socket["response"]["status"] = json!(101);
    socket["_webSocketMessages"] = json!([
        { "type": "send", "time": 1, "opcode": 1, "data": json!({ "auth": m.at("message"), m.at("message key"): 1 }).to_string() },
        { "type": m.at("message type"), "data": format!("42[\"{}\",{{}}]", m.at("socket.io message")) },
    ]);
    all.push(socket);
    all
}

/// Constants and states come again and again; values do too.
fn repeated(m: &mut Maker) -> Vec<Value> {
    let states = [
        m.at("first state"),
        m.at("second state"),
        m.at("third state"),
    ];
    let kind = m.in_url("polled kind");
    let polled = (0..6).map(|at| {
        let state = &states[at / 2];
        let answer = json!({ "status": state, "phase": state, "position": states[0] });
        entry(
            "GET",
            &api(&format!("/v1/poll/1?kind={kind}")),
            Value::Null,
            &answer.to_string(),
        )
    });
    let (mode, other) = (m.in_url("repeated mode"), m.in_url("repeated value"));
    let repeated = (0..5).map(|_| {
        let answer = json!({ "mode": states[0], "x": states[1], "type": states[2] });
        entry(
            "GET",
            &api(&format!("/v1/repeated?mode={mode}&x={other}")),
            Value::Null,
            &answer.to_string(),
        )
    });
    polled.chain(repeated).collect()
}
