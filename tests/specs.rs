//! Descriptions of APIs as manifests and as what captures are held against.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, harcov, snapshot};
use serde_json::{Value, json};

/// One request of a capture.
struct Call(&'static str, &'static str, u16, Value, Option<&'static str>);

/// A capture of the calls, made one after the other.
fn har(calls: &[Call]) -> String {
    let entries: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(at, Call(method, url, status, answer, form))| {
            let mut request = json!({"method": method, "url": url, "headers": []});
            if let Some(form) = form {
                request["postData"] =
                    json!({"mimeType": "application/x-www-form-urlencoded", "text": form});
            }
            json!({
                "startedDateTime": format!("2026-01-31T10:00:{at:02}.000Z"),
                "request": request,
                "response": {"status": status, "headers": [], "content": {
                    "mimeType": "application/json", "text": answer.to_string()}},
            })
        })
        .collect();
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

const API: &str = "openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: https://api.example.com/v1}]
paths:
  /orders/{orderId}:
    get:
      summary: One order
      deprecated: true
      responses:
        200:
          description: fine
          content:
            application/json:
              schema:
                type: object
                required: [id, state]
                properties:
                  id: {type: integer}
                  state: {type: string, enum: [OPEN, PAID]}
                  lines:
                    type: array
                    items: {type: object, properties: {sku: {type: string}}}
  /orders:
    post:
      tags: [wip]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [book, pay_type]
              properties: {book: {type: integer}, pay_type: {enum: [CARD, CASH]}}
      responses: {201: {description: made}}
  /refunds:
    post:
      summary: Give money back
      x-later: not before summer
      responses: {200: {description: fine}}
";

fn shop() -> String {
    let url = |path: &'static str| path;
    har(&[
        Call(
            "GET",
            url("https://api.example.com/v1/orders/11"),
            200,
            json!({"id": 11, "state": "OPEN", "lines": [{"sku": "a", "price": 3}]}),
            None,
        ),
        Call(
            "GET",
            url("https://api.example.com/v1/orders/12"),
            200,
            json!({"id": "x-12", "state": "GONE", "lines": []}),
            None,
        ),
        Call(
            "GET",
            url("https://api.example.com/v1/orders/13?expand=lines"),
            404,
            json!({"error": "none"}),
            None,
        ),
        Call(
            "POST",
            url("https://api.example.com/v1/orders"),
            201,
            json!({"id": 13}),
            Some("book=7&pay_type=CARD&coupon=Qx81zz"),
        ),
        Call(
            "POST",
            url("https://api.example.com/v1/orders"),
            201,
            json!({"id": 14}),
            Some("book=seven&pay_type=VOUCHER"),
        ),
        Call(
            "POST",
            url("https://api.example.com/v1/orders"),
            201,
            json!({"id": 15}),
            Some("book=8"),
        ),
        Call(
            "DELETE",
            url("https://api.example.com/v1/orders/11"),
            204,
            json!(null),
            None,
        ),
        Call(
            "GET",
            url("https://api.example.com/v1/me"),
            200,
            json!({"name": "n"}),
            None,
        ),
    ])
}

/// The Markdown of one section.
fn section<'m>(markdown: &'m str, heading: &str) -> &'m str {
    let start = markdown.find(heading).unwrap();
    let end = markdown[start + 3..].find("\n## ").unwrap() + start + 3;
    markdown[start..end].trim()
}

#[test]
fn against_a_description_gaps_speak_of_it_and_of_no_manifest() {
    let folder = Folder::new();
    let api = folder.file(
        "openapi.yaml",
        "openapi: 3.1.0\npaths:\n  /v1/none:\n    get: {}\n",
    );
    for (lang, word) in [("en", "manifest"), ("zh-CN", "清单")] {
        for format in ["sarif", "github", "gitlab", "junit"] {
            let target = format!("{format}=-");
            let args = ["report", "--no-config", "--lang", lang, "--against", &api];
            let ran = harcov(&[&args[..], &[common::BOOKSTORE, "--report", &target]].concat());
            assert_eq!(ran.code, 0, "{}", ran.err);
            let told: Vec<&str> = ran.out.lines().filter(|line| line.contains(word)).collect();
            assert!(told.is_empty(), "{lang} {format}: {told:#?}");
        }
    }
}

#[test]
fn against_a_description_everything_that_differs_is_named_with_its_line() {
    let folder = Folder::new();
    let (api, capture) = (
        folder.file("api/openapi.yaml", API),
        folder.file("shop.har", shop()),
    );
    let markdown = |lang: &str| {
        let args = [
            "report",
            "--no-config",
            "--lang",
            lang,
            "--against",
            &api,
            &capture,
        ];
        harcov(&args).fine()
    };
    let english = markdown("en");
    let chinese = markdown("zh-CN");
    let both = format!(
        "{}\n\n{}",
        section(&english, "## Against"),
        section(&chinese, "## 对照接口描述")
    );
    assert!(!both.contains("Qx81zz"));
    snapshot("against.md", &both);
    let json = harcov(&[
        "report",
        "--no-config",
        "--report",
        "json=-",
        "--against",
        &api,
        &capture,
    ]);
    let report = json.json();
    snapshot(
        "against.json",
        &serde_json::to_string_pretty(&report["against"]).unwrap(),
    );
    let html = harcov(&[
        "report",
        "--no-config",
        "--report",
        "html=-",
        "--against",
        &api,
        &capture,
    ]);
    assert!(html.out.contains("id=\"against\"") && html.out.contains("openapi.yaml:6"));
}

/// Endpoints with their statuses and reasons.
fn statuses(report: &Value) -> Vec<String> {
    let rows = report["endpoints"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let reasons: Vec<&str> = row["reasons"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            format!(
                "{} {}: {}",
                row["id"].as_str().unwrap(),
                row["status"].as_str().unwrap(),
                reasons.join("; ")
            )
        })
        .collect()
}

#[test]
fn a_description_is_a_manifest_whose_marks_the_configuration_names() {
    let folder = Folder::new();
    folder.file("openapi.yaml", API);
    let capture = folder.file("shop.har", shop());
    let config = folder.file(
        "harcov.toml",
        "manifest = ['*.yaml', 'own.toml']\n[spec]\npartial = ['tag:wip']\nexcluded = 'x-later'\n",
    );
    folder.file(
        "own.toml",
        "[[endpoint]]\nmethod = 'DELETE'\nroute = '/v1/orders/<id>'\n",
    );
    let ran = harcov(&[
        "report", "--config", &config, "--report", "json=-", &capture,
    ]);
    let report = ran.json();
    snapshot("described.txt", &statuses(&report).join("\n"));
    let refund = report["endpoints"].as_array().unwrap().last().unwrap();
    assert_eq!(refund["exclusion"]["reason"], "not before summer");
    assert_eq!(
        refund["manifest"],
        json!({"file": "openapi.yaml", "line": 36})
    );
}

#[test]
fn what_an_operation_says_of_itself_and_is_no_status_is_told() {
    let folder = Folder::new();
    let marked = API.replacen("    get:\n", "    get:\n      x-harcov-status: done\n", 1);
    assert_ne!(marked, API);
    folder.file("openapi.yaml", marked);
    let capture = folder.file("shop.har", shop());
    let config = folder.file("harcov.toml", "manifest = ['openapi.yaml']\n");
    let ran = harcov(&["report", "--config", &config, &capture]);
    let message = folder.hidden(&ran.err);
    assert!(
        message.contains("`x-harcov-status` is `done`, which is no status"),
        "{message}"
    );
}

#[test]
fn marks_that_are_none_are_told_with_their_place() {
    let folder = Folder::new();
    let config = folder.file("harcov.toml", "[spec]\npartial = ['x-part', 'wip']\n");
    let ran = harcov(&["report", "--config", &config, "x.har"]);
    let message = folder.hidden(&ran.err);
    assert!(
        message.contains("harcov.toml:2:22: 'wip' is no marker")
            || message.contains("harcov.toml:2:22: `wip` is no marker"),
        "{message}"
    );
}

/// The rows of shadow endpoints.
fn shadow_rows(api: &str, capture: &str) -> Vec<Value> {
    let ran = harcov(&[
        "report",
        "--no-config",
        "--report",
        "json=-",
        "--against",
        api,
        capture,
    ]);
    let report = ran.json();
    report["against"]["shadow"].as_array().unwrap().clone()
}

/// The ids of shadow endpoints.
fn shadow(api: &str, capture: &str) -> Vec<String> {
    let rows = shadow_rows(api, capture);
    let id = |row: &Value| row["endpoint"].as_str().unwrap().to_owned();
    rows.iter().map(id).collect()
}

#[test]
fn what_lies_nearest_shares_more_than_the_base() {
    let folder = Folder::new();
    let url = |path: &str| format!("https://api.example.com/api/v1/{path}");
    let urls = ["users", "users/7/avatar", "invoices"].map(url);
    let urls: Vec<&'static str> = urls.map(|url| &*url.leak()).to_vec();
    let calls: Vec<Call> = urls
        .into_iter()
        .map(|url| Call("GET", url, 200, json!({"id": 1}), None))
        .collect();
    let capture = folder.file("c.har", har(&calls));
    let paths = "  /api/v1/users: {get: {}}\n  /api/v1/users/{id}: {get: {}}\n  /api/v1/orders: {get: {}}\n";
    let api = folder.file("api.yaml", format!("openapi: 3.0.0\npaths:\n{paths}"));
    let told: Vec<Value> = shadow_rows(&api, &capture)
        .into_iter()
        .map(|row| json!([row["endpoint"], row["nearest"], row["place"]["line"]]))
        .collect();
    let avatar = "GET /api/v1/users/<id>/avatar";
    assert_eq!(
        told,
        [
            json!(["GET /api/v1/invoices", null, null]),
            json!([avatar, "GET /api/v1/users/<id>", 4])
        ]
    );
}

#[test]
fn bases_are_stripped_added_and_found() {
    let folder = Folder::new();
    let capture = |base: &'static str| {
        let calls = ["users/1", "users/2", "users"].map(|path| {
            let url: &'static str = Box::leak(format!("{base}/{path}").into_boxed_str());
            Call("GET", url, 200, json!({"id": 1}), None)
        });
        folder.file("c.har", har(&calls))
    };
    let api = |servers: &str| {
        folder.file("api.yaml", format!("openapi: 3.0.0\n{servers}\npaths:\n  /users: {{get: {{}}}}\n  /users/{{who}}: {{get: {{}}}}\n"))
    };
    let none: Vec<String> = Vec::new();
    let v2 = "servers: [{url: 'https://api.example.com/v2'}]";
    assert_eq!(
        shadow(&api(v2), &capture("https://api.example.com/v2")),
        none
    );
    // A proxy that strips the base, a gateway that puts another one before it, another host.
    assert_eq!(shadow(&api(v2), &capture("https://api.example.com")), none);
    assert_eq!(
        shadow(&api(""), &capture("https://api.example.com/gate/way")),
        none
    );
    assert_eq!(
        shadow(&api(v2), &capture("https://staging.example.org/v2")),
        none
    );
    let swagger = "basePath: /api\nhost: api.example.com\nswagger: '2.0'";
    assert_eq!(
        shadow(&api(swagger), &capture("https://api.example.com/api")),
        none
    );
}

/// A collection of Bruno is a folder; its requests are told with their own files.
#[test]
fn a_folder_of_bruno_is_a_description() {
    let folder = Folder::new();
    folder.file("shop/bruno.json", r#"{"version": "1", "name": "Shop"}"#);
    folder.file(
        "shop/environments/live.bru",
        "vars {\n  base: https://api.example.com/v1\n}\n",
    );
    folder.file(
        "shop/orders/list.bru",
        "meta {\n  name: All orders\n  type: http\n}\n\nget {\n  url: {{base}}/orders?page=1\n  body: none\n}\n\nparams:query {\n  page: 1\n  ~size: 2\n}\n",
    );
    folder.file(
        "shop/orders/add.bru",
        "post {\n  url: {{base}}/orders\n  body: json\n}\n\nbody:json {\n  {\n    \"sku\": \"a\",\n    \"lines\": []\n  }\n}\n",
    );
    folder.file("shop/odd.bru", "get {\n  url:\n}\n\nbody:json {\n  {\n");
    let capture = folder.file(
        "shop.har",
        har(&[
            Call(
                "GET",
                "https://api.example.com/v1/orders?page=2&size=9",
                200,
                json!([]),
                None,
            ),
            Call(
                "DELETE",
                "https://api.example.com/v1/orders/7",
                204,
                json!({}),
                None,
            ),
        ]),
    );
    let shop = folder.at("shop");
    let args = [
        "report",
        "--no-config",
        "--report",
        "json=-",
        "--against",
        &shop,
    ];
    let ran = harcov(&[&args[..], &[&capture]].concat());
    let report = ran.json();
    let against = &report["against"];
    assert_eq!(
        against["shadow"].as_array().unwrap().len(),
        1,
        "{against:#}"
    );
    let told = against.to_string();
    assert!(told.contains("list.bru"), "{told}");
    assert!(told.contains("add.bru"), "{told}");
    assert!(told.contains("size"), "{told}");
    assert!(ran.err.contains("odd.bru"), "{}", ran.err);
    // A folder is one description, whatever file of it says an operation.
    assert_eq!(against["descriptions"][0]["operations"], 2);
    assert_eq!(against["descriptions"][0]["observed"], 1);
}

#[test]
fn what_is_no_description_is_an_error_with_its_name() {
    let folder = Folder::new();
    let (api, capture) = (
        folder.file("api.yaml", "a: b"),
        folder.file("c.har", shop()),
    );
    let ran = harcov(&["report", "--no-config", "--against", &api, &capture]);
    assert_eq!(ran.code, 2);
    assert!(
        folder
            .hidden(&ran.err)
            .contains("DIR/api.yaml: the file describes no API"),
        "{}",
        ran.err
    );
}

/// The capture that the descriptions below are held against.
fn bookshop(folder: &Folder) -> String {
    let host = "https://api.example.com/v1";
    let url = |path: &str| -> &'static str { Box::leak(format!("{host}{path}").into_boxed_str()) };
    let calls = [
        Call("GET", url("/books?page=1&sort=up"), 200, json!([]), None),
        Call("GET", url("/books/17"), 200, json!({"id": 17}), None),
        Call("GET", url("/books/18"), 404, json!({"error": "x"}), None),
        Call(
            "POST",
            url("/orders"),
            200,
            json!({"ok": 1}),
            Some("book=17&gift=1"),
        ),
        Call("GET", url("/genres"), 200, json!([]), None),
    ];
    folder.file("c.har", har(&calls))
}

/// The endpoints with their status under a description, which may be of any kind.
fn held_against(folder: &Folder, name: &str, text: &str) -> Vec<String> {
    let (api, capture) = (folder.file(name, text), bookshop(folder));
    let ran = harcov(&[
        "report",
        "--no-config",
        "--keep-going",
        "--report",
        "json=-",
        "--against",
        &api,
        &capture,
    ]);
    let report = ran.json();
    let rows = report["endpoints"].as_array().unwrap().iter();
    let mut rows: Vec<String> = rows
        .map(|row| {
            format!(
                "{} {}",
                row["status"].as_str().unwrap(),
                row["id"].as_str().unwrap()
            )
        })
        .collect();
    rows.sort();
    rows
}

const COLLECTED: [&str; 5] = [
    "implemented GET /v1/books/<id>",
    "implemented GET /v1/genres",
    "missing POST /v1/orders",
    "partial GET /v1/books",
    "unobserved DELETE /v1/gone",
];

#[test]
fn collections_of_postman_and_insomnia_are_descriptions() {
    let folder = Folder::new();
    let postman = r#"{"info": {"name": "x", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "variable": [{"key": "base", "value": "https://api.example.com/v1"}],
        "item": [{"name": "a", "item": [{"name": "b", "item": [{"name": "List", "request": {"method": "GET", "url": {
            "raw": "{{base}}/books?page=1", "host": ["{{base}}"], "path": ["books"], "query": [{"key": "page", "value": "1"}]}}}]},
          {"name": "text", "request": "{{base}}/genres"}, {"name": "nothing", "request": {"method": "GET"}},
          {"name": "One", "request": {"method": "GET", "url": "{{base}}/books/:id"}},
          {"name": "Gone", "request": {"method": "DELETE", "url": "{{base}}/gone"}}]}]}"#;
    assert_eq!(held_against(&folder, "p.json", postman), COLLECTED);
    let insomnia = r#"{"_type": "export", "__export_format": 4, "resources": [
        {"_id": "wrk_1", "_type": "workspace", "name": "Shop"},
        {"_id": "env_1", "_type": "environment", "parentId": "wrk_1", "data": {"base": "https://api.example.com/v1"}},
        {"_id": "fld_1", "_type": "request_group", "parentId": "wrk_1", "name": "Books"},
        {"_id": "1", "_type": "request", "parentId": "fld_1", "method": "GET", "url": "{{ _.base }}/books", "parameters": [{"name": "page", "value": "1"}]},
        {"_id": "2", "_type": "request", "parentId": "fld_1", "method": "GET", "url": "{{ _.base }}/books/:id"},
        {"_id": "3", "_type": "request", "parentId": "wrk_1", "method": "GET", "url": "{{base}}/genres"},
        {"_id": "4", "_type": "request", "parentId": "wrk_1", "method": "DELETE", "url": "{{ _.base }}/gone"}]}"#;
    assert_eq!(held_against(&folder, "i.json", insomnia), COLLECTED);
}

#[test]
fn an_invalid_corner_stops_nothing_else() {
    let folder = Folder::new();
    let swagger = "swagger: 2.0
basePath: /v1
schemes: https
paths:
  /books:
    get:
      parameters: [{name: page, in: query, type: integer}, 7, {in: query}, {$ref: '#/parameters/nowhere'}]
      responses: {200: nothing}
    17: what
  /books/{id}: {get: {parameters: {name: id}, responses: []}}
  /genres: {get: null, x-note: 1}
  /gone: {delete: {responses: {default: {schema: {$ref: '#/definitions/Loop'}}}}}
definitions: {Loop: {properties: {again: {$ref: '#/definitions/Loop'}}}}
";
    assert_eq!(held_against(&folder, "s.yaml", swagger), COLLECTED);
    let openapi = r##"{
        "openapi": "3.1.0", // a comment, and a comma too many
        "servers": [{"url": "https://{where}.example.com/{v}", "variables": {"where": {"default": "api"}, "v": {"default": "v1"}}}],
        "paths": {
            "/books": {"get": {"parameters": [{"$ref": "#/components/parameters/Page"}], "responses": {"2XX": {}}}},
            "/books/{id}": {"$ref": "#/components/pathItems/Book"},
            "/genres": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/Tree"}, 5, {"oneOf": "x"}]}}}}}}},
            "/gone": {"delete": {"requestBody": {"$ref": "other.yaml#/x"}}},
        },
        "components": {
            "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": ["integer", "null"]}}},
            "pathItems": {"Book": {"get": {"parameters": [{"name": "id", "in": "path"}]}}},
            "schemas": {"Tree": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}
        }
    }"##;
    assert_eq!(held_against(&folder, "o.json", openapi), COLLECTED);
}

/// Runs a report as JSON with manifests.
fn beside(manifests: &[&str], capture: &str) -> Value {
    let mut args = vec!["report", "--no-config", "--report", "json=-"];
    for manifest in manifests {
        args.extend(["--manifest", manifest]);
    }
    args.push(capture);
    harcov(&args).json()
}

#[test]
fn a_manifest_beside_a_description_decides_the_status_only() {
    let folder = Folder::new();
    let api = folder.file("openapi.yaml", API);
    let capture = folder.file("shop.har", shop());
    let alone = beside(&[&api], &capture);
    let rows = alone["endpoints"].as_array().unwrap();
    let own: Vec<String> = rows
        .iter()
        .map(|row| {
            let (method, route) = (&row["method"], &row["route"]);
            format!("[[endpoint]]\nmethod = {method}\nroute = {route}\n")
        })
        .collect();
    let own = folder.file("own.toml", own.concat());
    let both = beside(&[&own, &api], &capture);
    assert_eq!(both["against"], alone["against"]);
    let of = |report: &Value| statuses(report).concat();
    assert!(of(&alone).contains("partial"), "{}", of(&alone));
    assert!(!of(&both).contains("partial"), "{}", of(&both));
}

#[test]
fn where_only_a_description_is_there_no_manifest_is_spoken_of() {
    let folder = Folder::new();
    folder.file(
        "openapi.yaml",
        "openapi: 3.1.0\npaths:\n  /v1/none:\n    get: {}\n  /v1/orders:\n    post: {x-harcov-status: unknown}\n",
    );
    let capture = folder.file("shop.har", shop());
    let config = folder.file(
        "harcov.toml",
        "manifest = 'openapi.yaml'\n[[group]]\nname = 'all'\nunlisted = 'unknown'\n[[rule]]\ngroup = 'all'\npath = '.'\n",
    );
    for (lang, word, described) in [("en", "manifest", "described"), ("zh-CN", "清单", "描述")]
    {
        let options = ["--config", &config, "--lang", lang];
        let report = [&["report"][..], &options, &["--report", "json=-", &capture]].concat();
        let report = harcov(&report).json();
        for row in report["endpoints"].as_array().unwrap() {
            let reasons = row["reasons"].to_string();
            assert!(!reasons.contains(word), "{lang}: {row:#}");
        }
        let explain = [&["explain"][..], &options, &["GET", "/v1/none", &capture]].concat();
        let told = harcov(&explain).out;
        assert!(told.contains(described) && !told.contains(word), "{told}");
    }
}

/// A capture of one thing that is claimed, and of names beside it.
fn people() -> String {
    let call = |path: &'static str| Call("GET", path, 200, json!({"ok": true}), None);
    har(&[
        call("https://api.example.com/users/7"),
        call("https://api.example.com/users/8"),
        call("https://api.example.com/users/me"),
        call("https://api.example.com/users/export"),
    ])
}

#[test]
fn a_parameter_that_is_claimed_takes_in_no_names() {
    let folder = Folder::new();
    let capture = folder.file("people.har", people());
    let manifest = folder.file(
        "manifest.toml",
        "[[endpoint]]\nmethod = 'GET'\nroute = '/users/<user_id>'\nstatus = 'implemented'\n",
    );
    let options = ["--no-config", "--manifest", &manifest];
    let report = harcov(&[&["report", &capture, "--report", "json=-"][..], &options].concat());
    let mut found = statuses(&report.json());
    found.sort();
    assert_eq!(found.len(), 3, "{found:#?}");
    let implemented = found.iter().filter(|row| row.contains(" implemented: "));
    assert_eq!(implemented.count(), 1, "{found:#?}");
    let hints = report.json()["hints"].to_string();
    assert!(!hints.contains("harcov init"), "{hints}");
    let ask = [
        "explain",
        "GET",
        "https://api.example.com/users/me",
        &capture,
    ];
    let told = harcov(&[&ask[..], &options].concat());
    assert!(
        told.out.contains("`me` is taken for a name"),
        "{}",
        told.out
    );
}
