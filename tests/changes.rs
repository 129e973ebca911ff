//! Every kind of change, each made by two small captures that differ in it and in nothing else that a diff
//! should tell.

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and its tables are long"
)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use common::{Folder, harcov};
use harcov::diff::Code;
use serde_json::{Value, json};

/// A capture in the making.
#[derive(Clone, Default)]
struct Calls(Vec<Value>);

/// What is answered if a case does not care.
fn fine() -> Value {
    json!({ "price": 1 })
}

impl Calls {
    fn new() -> Self {
        Calls::default()
    }

    fn entry(mut self, request: Value, response: Value) -> Self {
        let second = self.0.len() * 3;
        let mut request = request;
        let url = request["url"].as_str().unwrap();
        request["url"] = json!(format!("https://api.example.org{url}"));
        self.0.push(json!({
            "startedDateTime": format!("2026-01-02T08:{:02}:{:02}Z", second / 60, second % 60),
            "request": request,
            "response": response,
        }));
        self
    }

    /// A call that sends a form and is answered in JSON.
    fn form(self, path: &str, form: &str, answer: &Value) -> Self {
        let mime = "application/x-www-form-urlencoded";
        let post = json!({ "mimeType": mime, "text": form });
        let request = json!({ "method": "POST", "url": path, "postData": post });
        self.entry(request, answered(200, answer))
    }

    /// A call that sends JSON and is answered in JSON.
    fn json(self, path: &str, body: &Value, answer: &Value) -> Self {
        let post = json!({ "mimeType": "application/json", "text": body.to_string() });
        let request = json!({ "method": "POST", "url": path, "postData": post });
        self.entry(request, answered(200, answer))
    }

    /// A call that only reads.
    fn get(self, path: &str, answer: &Value) -> Self {
        self.entry(
            json!({ "method": "GET", "url": path }),
            answered(200, answer),
        )
    }

    /// The same calls so many times over.
    fn times(self, times: usize) -> Self {
        let one = self.0;
        let mut all = Calls::new();
        for _ in 0..times {
            for entry in &one {
                let mut request = entry["request"].clone();
                let url = request["url"].as_str().unwrap();
                request["url"] = json!(url.strip_prefix("https://api.example.org").unwrap());
                all = all.entry(request, entry["response"].clone());
            }
        }
        all
    }

    fn and(self, other: Calls) -> Self {
        let mut all = self;
        for entry in &other.0 {
            let mut request = entry["request"].clone();
            let url = request["url"].as_str().unwrap();
            request["url"] = json!(url.strip_prefix("https://api.example.org").unwrap());
            all = all.entry(request, entry["response"].clone());
        }
        all
    }

    /// Another host.
    fn at(mut self, host: &str) -> Self {
        for entry in &mut self.0 {
            let url = entry["request"]["url"].as_str().unwrap();
            entry["request"]["url"] = json!(url.replace("api.example.org", host));
        }
        self
    }

    fn har(&self) -> String {
        json!({ "log": { "version": "1.2", "entries": self.0 } }).to_string()
    }
}

fn answered(status: u16, answer: &Value) -> Value {
    json!({
        "status": status,
        "content": { "mimeType": "application/json", "text": answer.to_string() },
    })
}

/// Two captures, and all that their diff tells: code, subject, old and new.
struct Case {
    name: &'static str,
    config: &'static str,
    old: Calls,
    new: Calls,
    told: &'static [Told],
}

/// Code, subject, old and new.
type Told = (
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
);

fn case(name: &'static str, old: Calls, new: Calls, told: &'static [Told]) -> Case {
    Case {
        name,
        config: "",
        old,
        new,
        told,
    }
}

const PRICE: &str = "/v1/orders/price";

fn price(form: &str) -> Calls {
    Calls::new().form(PRICE, form, &fine())
}

fn prices(forms: &[&str]) -> Calls {
    forms
        .iter()
        .fold(Calls::new(), |calls, form| calls.form(PRICE, form, &fine()))
}

/// Answers about one thing each, so that none of them is a change of a state.
fn answers(answers: &[Value]) -> Calls {
    let calls = answers.iter().enumerate();
    calls.fold(Calls::new(), |calls, (n, answer)| {
        calls.get(&format!("{PRICE}?of=item+{n}+a"), answer)
    })
}

fn endpoints() -> Vec<Case> {
    let orders = || Calls::new().get("/v1/orders", &fine());
    vec![
        case(
            "an endpoint comes, another is not observed",
            orders().get("/v1/items", &json!({ "list": [] })),
            orders().get("/v1/coupons", &json!({ "coupons": [] })),
            &[
                ("endpoint-unobserved", "GET /v1/items", None, None),
                ("endpoint-new", "GET /v1/coupons", None, None),
            ],
        ),
        case(
            "an endpoint has a new name",
            orders().form(
                "/v1/orders/price",
                "order=a&card=b",
                &json!({ "data": { "total": 1, "fee": 2 } }),
            ),
            orders().form(
                "/v1/orders/prices",
                "order=a&card=b",
                &json!({ "data": { "total": 1, "fee": 2 } }),
            ),
            &[
                ("endpoint-unobserved", "POST /v1/orders/price", None, None),
                ("endpoint-new", "POST /v1/orders/prices", None, None),
                (
                    "endpoint-renamed",
                    "POST /v1/orders/prices",
                    Some("POST /v1/orders/price"),
                    Some("POST /v1/orders/prices"),
                ),
            ],
        ),
        case(
            "another environment",
            orders(),
            orders().at("api.staging.example.org"),
            &[(
                "host-changed",
                "api.staging.example.org",
                Some("api.example.org"),
                Some("api.staging.example.org"),
            )],
        ),
    ]
}

fn params() -> Vec<Case> {
    vec![
        case(
            "a parameter comes, another goes",
            price("order=a+b&note=a+b").times(4),
            price("order=a+b&scene=a+b").times(4),
            &[
                ("param-new", "scene", None, Some("string")),
                ("param-gone", "note", Some("string"), None),
            ],
        ),
        case(
            "a parameter is always sent now",
            price("order=a+b").times(3).and(price("order=a+b&note=a+b")),
            price("order=a+b&note=a+b").times(5),
            &[("param-always", "note", None, None)],
        ),
        case(
            "a parameter is no longer always sent",
            price("order=a+b&note=a+b").times(9),
            price("order=a+b").times(3).and(price("order=a+b&note=a+b")),
            &[("param-optional", "note", None, None)],
        ),
        case(
            "a parameter has another type",
            Calls::new().json(PRICE, &json!({ "order": 17 }), &fine()),
            Calls::new().json(PRICE, &json!({ "order": "a b" }), &fine()),
            &[("param-type", "order", Some("integer"), Some("string"))],
        ),
        case(
            "a parameter has another name",
            price("voucher_code=a+b&order=a+b").times(4),
            price("voucherCode=a+b&order=a+b").times(4),
            &[
                ("param-new", "voucherCode", None, Some("string")),
                ("param-gone", "voucher_code", Some("string"), None),
                (
                    "param-renamed",
                    "voucherCode",
                    Some("voucher_code"),
                    Some("voucherCode"),
                ),
            ],
        ),
        case(
            "a constant comes, another goes",
            price("pay_type=CARD")
                .times(4)
                .and(price("pay_type=CASH").times(4)),
            price("pay_type=CARD")
                .times(4)
                .and(price("pay_type=WECHAT").times(4)),
            &[
                ("constant-new", "pay_type", None, Some("WECHAT")),
                ("constant-gone", "pay_type", Some("CASH"), None),
            ],
        ),
        Case {
            config: "[[route]]\ntemplate = \"/v1/orders/price\"\nsplit_by = [\"pay_type\"]\n",
            ..case(
                "a value comes by which an endpoint is split, another goes",
                price("pay_type=CARD")
                    .times(4)
                    .and(price("pay_type=CASH").times(4)),
                price("pay_type=CARD")
                    .times(4)
                    .and(price("pay_type=WECHAT").times(4)),
                &[
                    ("discriminator-new", "pay_type", None, Some("WECHAT")),
                    ("discriminator-gone", "pay_type", Some("CASH"), None),
                ],
            )
        },
        case(
            "known parameters are sent in other sets",
            prices(&["order=a+b&card=a+b", "note=a+b&voucher=a+b"]).times(4),
            prices(&["order=a+b&voucher=a+b", "note=a+b&card=a+b"]).times(4),
            &[
                ("variant-new", "card + note", None, Some("card + note")),
                (
                    "variant-new",
                    "order + voucher",
                    None,
                    Some("order + voucher"),
                ),
                ("variant-gone", "card + order", Some("card + order"), None),
                (
                    "variant-gone",
                    "note + voucher",
                    Some("note + voucher"),
                    None,
                ),
            ],
        ),
        case(
            "a body is sent as something else",
            price("order=a+b").times(4),
            Calls::new()
                .json(PRICE, &json!({ "order": "a b" }), &fine())
                .times(4),
            &[
                ("param-new", "order", None, Some("string")),
                (
                    "request-media-new",
                    "application/json",
                    None,
                    Some("application/json"),
                ),
                ("param-gone", "order", Some("string"), None),
                (
                    "request-media-gone",
                    "application/x-www-form-urlencoded",
                    Some("application/x-www-form-urlencoded"),
                    None,
                ),
            ],
        ),
    ]
}

fn responses() -> Vec<Case> {
    let state = |state: &str| json!({ "price": 1, "state": state });
    let code = |ret: i32, sub: i32| json!({ "ret": ret, "sub": sub, "msg": "a b", "data": { "price": 1 } });
    let xml = json!({
        "status": 200,
        "content": { "mimeType": "application/xml", "text": "<price>1</price>" },
    });
    let get = || json!({ "method": "GET", "url": format!("{PRICE}?of=a+b") });
    vec![
        case(
            "a field comes, another goes",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(4),
            answers(&[json!({ "price": 1, "fee": 2 })]).times(4),
            &[
                ("field-gone", "note", Some("string"), None),
                ("field-new", "fee", None, Some("integer")),
            ],
        ),
        case(
            "a field has another type",
            answers(&[json!({ "price": 1 })]),
            answers(&[json!({ "price": "1" })]),
            &[("field-type", "price", Some("integer"), Some("string"))],
        ),
        case(
            "a field is null every time",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(4),
            answers(&[json!({ "price": 1, "note": null })]).times(4),
            &[("field-null", "note", Some("string"), Some("null"))],
        ),
        case(
            "a field is null at times",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(8),
            answers(&[
                json!({ "price": 1, "note": null }),
                json!({ "price": 1, "note": "a b" }),
            ])
            .times(4),
            &[("field-null", "note", Some("string"), Some("string|null"))],
        ),
        case(
            "a field is null at times, and was too rare before to say that it never was",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(4),
            answers(&[
                json!({ "price": 1, "note": null }),
                json!({ "price": 1, "note": "a b" }),
            ]),
            &[],
        ),
        case(
            "a field is null in failures that were not there before",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(8),
            answers(&[json!({ "price": 1, "note": "a b" })])
                .times(4)
                .and(
                    Calls::new()
                        .entry(get(), answered(409, &json!({ "price": 1, "note": null })))
                        .times(4),
                ),
            &[("status-new", "409", None, Some("409"))],
        ),
        case(
            "a field is not always answered any more",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(8),
            answers(&[json!({ "price": 1 }), json!({ "price": 1, "note": "a b" })]).times(4),
            &[("field-optional", "note", None, None)],
        ),
        case(
            "a field goes from an object that is null at times",
            answers(&[json!({ "in": { "price": 1, "note": "a b" } })]).times(8),
            answers(&[json!({ "in": { "price": 1 } }), json!({ "in": null })]).times(4),
            &[
                ("field-gone", "in.note", Some("string"), None),
                ("field-null", "in", Some("object"), Some("object|null")),
            ],
        ),
        case(
            "an array is answered instead of an object",
            answers(&[json!({ "price": 1, "note": "a b" })]).times(4),
            answers(&[json!([{ "price": 1, "note": "a b" }])]).times(4),
            &[("response-type", "$", Some("object"), Some("array"))],
        ),
        case(
            "an object is answered instead of an array",
            answers(&[json!([{ "price": 1 }])]).times(4),
            answers(&[json!({ "price": 1 })]).times(4),
            &[("response-type", "$", Some("array"), Some("object"))],
        ),
        case(
            "two fields may have become one, and one of them has",
            answers(&[json!({ "user_name": "a b", "user_names": "a b" })]).times(4),
            answers(&[json!({ "user_named": "a b" })]).times(4),
            &[
                ("field-gone", "user_name", Some("string"), None),
                ("field-gone", "user_names", Some("string"), None),
                ("field-new", "user_named", None, Some("string")),
                (
                    "field-renamed",
                    "user_named",
                    Some("user_name"),
                    Some("user_named"),
                ),
            ],
        ),
        case(
            "a field has another name",
            answers(&[json!({ "total_price": 1 })]).times(4),
            answers(&[json!({ "totalPrice": 1 })]).times(4),
            &[
                ("field-gone", "total_price", Some("integer"), None),
                ("field-new", "totalPrice", None, Some("integer")),
                (
                    "field-renamed",
                    "totalPrice",
                    Some("total_price"),
                    Some("totalPrice"),
                ),
            ],
        ),
        case(
            "a field has a constant that it had not, and lacks one that it had",
            answers(&[state("OPEN"), state("PAID")]).times(4),
            answers(&[state("OPEN"), state("SHIPPED")]).times(4),
            &[
                ("field-constant-new", "state", None, Some("SHIPPED")),
                ("field-constant-gone", "state", Some("PAID"), None),
            ],
        ),
        case(
            "a status comes, another goes",
            answers(&[fine()])
                .times(4)
                .and(Calls::new().entry(get(), answered(404, &fine())).times(4)),
            answers(&[fine()])
                .times(4)
                .and(Calls::new().entry(get(), answered(409, &fine())).times(4)),
            &[
                ("status-new", "409", None, Some("409")),
                ("status-gone", "404", Some("404"), None),
            ],
        ),
        case(
            "a business code comes, another goes",
            around(&[code(0, 0), code(1, 4004)]).times(4),
            answers(&[code(0, 0), code(1, 4010)])
                .times(4)
                .and(around(&[])),
            &[
                ("business-code-new", "sub", None, Some("4010")),
                ("business-code-gone", "sub", Some("4004"), None),
            ],
        ),
        case(
            "an answer is of another type",
            answers(&[fine()]).times(4),
            Calls::new().entry(get(), xml).times(4),
            &[
                (
                    "response-media-new",
                    "application/xml",
                    None,
                    Some("application/xml"),
                ),
                (
                    "response-media-gone",
                    "application/json",
                    Some("application/json"),
                    None,
                ),
            ],
        ),
        case(
            "other credentials are sent",
            with_header("Authorization", "Bearer aGVsbG8gd29ybGQx").times(4),
            with_header("X-Api-Key", "aGVsbG8gd29ybGQx").times(4),
            &[
                ("auth-new", "x-api-key", None, Some("x-api-key")),
                (
                    "auth-gone",
                    "authorization: bearer",
                    Some("authorization: bearer"),
                    None,
                ),
            ],
        ),
        case(
            "credentials of another scheme are sent",
            with_header("Authorization", "Bearer aGVsbG8gd29ybGQx").times(4),
            with_header("Authorization", "Basic aGVsbG86d29ybGQx").times(4),
            &[
                (
                    "auth-new",
                    "authorization: basic",
                    None,
                    Some("authorization: basic"),
                ),
                (
                    "auth-gone",
                    "authorization: bearer",
                    Some("authorization: bearer"),
                    None,
                ),
            ],
        ),
        case(
            "a credential is its own scheme",
            with_header("Authorization", "aGVsbG8gd29ybGQx").times(4),
            with_header("Authorization", "b3RoZXIgd29ybGQx").times(4),
            &[],
        ),
        case(
            "a state changes to another one",
            polled(&["PROCESSING", "PROCESSING", "SUCCESS"]),
            polled(&["PROCESSING", "PROCESSING", "FAILED"]),
            &[
                ("field-constant-new", "state", None, Some("FAILED")),
                ("transition-new", "state", None, Some("PROCESSING → FAILED")),
                ("field-constant-gone", "state", Some("SUCCESS"), None),
                (
                    "transition-gone",
                    "state",
                    Some("PROCESSING → SUCCESS"),
                    None,
                ),
            ],
        ),
    ]
}

/// Answers, and other calls that show what stands around all answers of the API.
fn around(of: &[Value]) -> Calls {
    let code = json!({ "ret": 0, "sub": 0, "msg": "a b", "data": {} });
    let calls = answers(of);
    let calls = calls.get("/v1/cards", &code).get("/v1/vouchers", &code);
    calls.get("/v1/orders", &code)
}

fn with_header(name: &str, value: &str) -> Calls {
    let headers = json!([{ "name": name, "value": value }]);
    let request = json!({ "method": "GET", "url": PRICE, "headers": headers });
    Calls::new().entry(request, answered(200, &fine()))
}

/// Six orders, each asked for until it is settled.
fn polled(states: &[&str]) -> Calls {
    (0..6).fold(Calls::new(), |calls, order| {
        states.iter().fold(calls, |calls, state| {
            let form = format!("order=number+{order}");
            calls.form("/v1/orders/query", &form, &json!({ "state": state }))
        })
    })
}

const FLOW: &str = r#"
[[flow]]
name = "Buy"
steps = [
  { title = "Create", endpoint = "POST /v1/orders" },
  { title = "Choose a card", endpoint = "POST /v1/orders/change", with = { pay_type = "CARD" } },
  { title = "Choose cash", endpoint = "POST /v1/orders/change", with = { pay_type = "CASH" } },
  { title = "Pay", endpoint = "POST /v1/orders/pay" },
]
"#;

fn flows() -> Vec<Case> {
    let call = |calls: Calls, path: &str, form: &str| calls.form(path, form, &fine());
    let buy = |kind: &str| {
        let calls = call(Calls::new(), "/v1/orders", "order=a+b");
        let calls = call(calls, "/v1/orders/change", &format!("pay_type={kind}"));
        call(calls, "/v1/orders/pay", "order=a+b")
    };
    let turned = || {
        let calls = call(Calls::new(), "/v1/orders", "order=a+b");
        let calls = call(calls, "/v1/orders/pay", "order=a+b");
        call(calls, "/v1/orders/change", "pay_type=CARD")
    };
    vec![
        Case {
            config: FLOW,
            ..case(
                "another step is taken",
                buy("CARD"),
                buy("CASH"),
                &[
                    (
                        "flow-step-new",
                        "POST /v1/orders/change (pay_type=CASH)",
                        None,
                        None,
                    ),
                    (
                        "flow-step-gone",
                        "POST /v1/orders/change (pay_type=CARD)",
                        None,
                        None,
                    ),
                    ("constant-new", "pay_type", None, Some("CASH")),
                    ("constant-gone", "pay_type", Some("CARD"), None),
                ],
            )
        },
        Case {
            config: FLOW,
            ..case(
                "a step comes at another place",
                buy("CARD"),
                turned(),
                &[("flow-step-moved", "POST /v1/orders/change", None, None)],
            )
        },
    ]
}

/// What the diff of a case tells.
fn told(case: &Case) -> Vec<(String, String, Option<String>, Option<String>)> {
    let folder = Folder::new();
    let config = folder.file("harcov.toml", case.config);
    let old = folder.file("old.har", case.old.har());
    let new = folder.file("new.har", case.new.har());
    let ran = harcov(&["diff", "--config", &config, &old, &new, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}: {}", case.name, ran.err);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let changes = ran.json()["changes"].as_array().unwrap().clone();
    let rows = changes.iter().map(|row| {
        (
            text(&row["code"]).unwrap(),
            text(&row["subject"]).unwrap(),
            text(&row["old"]),
            text(&row["new"]),
        )
    });
    rows.collect()
}

#[test]
fn every_kind_of_change_is_told_and_nothing_beside_it() {
    let cases = [endpoints(), params(), responses(), flows()];
    let mut codes = BTreeSet::new();
    let mut wrong = String::new();
    for case in cases.iter().flatten() {
        let found = told(case);
        codes.extend(found.iter().map(|row| row.0.clone()));
        let own = |text: Option<&str>| text.map(str::to_owned);
        let wanted: Vec<_> = case
            .told
            .iter()
            .map(|(code, subject, old, new)| {
                (
                    (*code).to_owned(),
                    (*subject).to_owned(),
                    own(*old),
                    own(*new),
                )
            })
            .collect();
        if found != wanted {
            let rows: Vec<String> = found.iter().map(|row| format!("  {row:?}\n")).collect();
            write!(wrong, "{}:\n{}", case.name, rows.concat()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let all: BTreeSet<String> = Code::all().map(Code::name).collect();
    assert_eq!(codes, all, "some codes are made by no case");
}
