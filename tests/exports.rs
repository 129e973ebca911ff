//! The inventory in forms of other tools, and back again.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it leaves out"
)]

mod common;

use std::collections::BTreeSet;
use std::process::Command;

use common::{BOOKSTORE_CONFIG, Folder, WOMOVIE_CONFIG, harcov, snapshot};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn exported(format: &str, args: &[&str]) -> String {
    let mut all = vec!["export", format];
    all.extend(args);
    harcov(&all).fine()
}

/// What differs between captures and what was exported of them.
fn differences(folder: &Folder, format: &str, args: &[&str]) -> (Value, String) {
    let api = folder.file("api.json", exported(format, args));
    let mut report = vec!["report", "--report", "json=-", "--against", &api];
    report.extend(args);
    let ran = harcov(&report);
    let report = ran.json();
    let against = &report["against"];
    let gaps = json!([
        against["shadow"],
        against["unobserved"],
        against["mismatches"]
    ]);
    (gaps, ran.err)
}

#[test]
fn what_is_exported_describes_the_captures_exactly() {
    let folder = Folder::new();
    for config in [WOMOVIE_CONFIG, BOOKSTORE_CONFIG] {
        for format in ["openapi", "postman"] {
            let (gaps, messages) = differences(&folder, format, &["--config", config]);
            assert_eq!(gaps, json!([[], [], []]), "{config} {format}");
            assert_eq!(messages, "", "{config} {format}");
        }
    }
}

#[test]
fn exports_read_well_and_are_valid() {
    for (name, config) in [("womovie", WOMOVIE_CONFIG), ("bookstore", BOOKSTORE_CONFIG)] {
        let text = exported("openapi", &["--config", config]);
        assert_eq!(text, exported("openapi", &["--config", config]));
        valid_openapi(&serde_json::from_str(&text).unwrap());
        if name == "bookstore" {
            snapshot("export_bookstore.openapi.json", &text);
            for format in ["postman", "http", "k6"] {
                let text = exported(format, &["--config", config, "--endpoint", "* */carts*"]);
                snapshot(&format!("export_bookstore.{format}"), &text);
            }
        }
    }
}

/// Holds a document against the rules of OpenAPI 3.1 that a writer can break.
fn valid_openapi(root: &Value) {
    assert_eq!(root["openapi"], "3.1.0");
    for key in ["title", "version"] {
        assert!(root["info"][key].is_string());
    }
    let mut ids = BTreeSet::new();
    let mut shapes = BTreeSet::new();
    for (path, item) in root["paths"].as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        let shape = path
            .split(['{', '}'])
            .step_by(2)
            .collect::<Vec<_>>()
            .join("{}");
        assert!(shapes.insert(shape), "{path} is there under other names");
        let named: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        for (method, operation) in item.as_object().unwrap() {
            assert!(method.chars().all(|c| c.is_ascii_lowercase()), "{method}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()));
            let params = operation["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let mut seen = BTreeSet::new();
            let mut in_path = BTreeSet::new();
            for param in &params {
                let (name, place) = (
                    param["name"].as_str().unwrap(),
                    param["in"].as_str().unwrap(),
                );
                assert!(seen.insert((name, place)), "{path} {name}");
                if place == "path" {
                    assert_eq!(param["required"], true);
                    in_path.insert(name);
                }
                valid_schema(root, &param["schema"]);
            }
            assert_eq!(in_path, named, "{path}");
            for media in content(&operation["requestBody"]) {
                valid_schema(root, &media["schema"]);
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(!responses.is_empty());
            for (status, response) in responses {
                assert!(status == "default" || status.parse::<u16>().is_ok());
                assert!(response["description"].is_string());
                for media in content(response) {
                    valid_schema(root, &media["schema"]);
                }
            }
            let security = operation["security"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            for name in security
                .iter()
                .flat_map(|one| one.as_object().unwrap().keys())
            {
                assert!(
                    root["components"]["securitySchemes"][name].is_object(),
                    "{name}"
                );
            }
        }
    }
}

fn content(holder: &Value) -> Vec<Value> {
    let content = holder["content"].as_object();
    content
        .map(|content| content.values().cloned().collect())
        .unwrap_or_default()
}

fn valid_schema(root: &Value, schema: &Value) {
    let Some(schema) = schema.as_object() else {
        assert!(schema.is_null(), "{schema}");
        return;
    };
    if let Some(target) = schema.get("$ref") {
        let name = target
            .as_str()
            .unwrap()
            .strip_prefix("#/components/schemas/")
            .unwrap();
        valid_schema(root, &root["components"]["schemas"][name]);
        return;
    }
    let types = match schema.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let known = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];
    assert!(types.iter().all(|of| known.contains(&of.as_str().unwrap())));
    let empty = Map::new();
    let properties = schema
        .get("properties")
        .map_or(&empty, |p| p.as_object().unwrap());
    for name in schema
        .get("required")
        .map_or(&Vec::new(), |r| r.as_array().unwrap())
    {
        assert!(properties.contains_key(name.as_str().unwrap()));
    }
    for value in schema
        .get("enum")
        .map_or(&Vec::new(), |e| e.as_array().unwrap())
    {
        let of = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_i64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) | Value::Object(_) => "object",
        };
        assert!(
            types
                .iter()
                .any(|known| known == of || (of == "integer" && known == "number"))
        );
    }
    for below in properties
        .values()
        .chain(schema.get("items"))
        .chain(schema.get("additionalProperties"))
    {
        valid_schema(root, below);
    }
}

#[test]
fn stubs_of_missing_endpoints_are_valid_code() {
    let folder = Folder::new();
    for (name, config) in [("womovie", WOMOVIE_CONFIG), ("bookstore", BOOKSTORE_CONFIG)] {
        for lang in ["python", "typescript", "kotlin", "rust"] {
            let text = harcov(&["stub", "--lang", lang, "--config", config]).fine();
            if name == "bookstore" {
                snapshot(&format!("stub_bookstore.{lang}"), &text);
            }
            compiles(&folder, lang, &text);
        }
    }
}

/// Compiles a stub where the language's compiler is there.
fn compiles(folder: &Folder, lang: &str, text: &str) {
    let file = folder.file(&format!("stub.{lang}"), text);
    let out = folder.at("out.rmeta");
    let mut command = match lang {
        "python" => {
            let mut command = Command::new("python3");
            command.args([
                "-c",
                "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())",
                &file,
            ]);
            command
        }
        "rust" => {
            let mut command = Command::new("rustc");
            command.args([
                "--edition=2021",
                "--crate-type=lib",
                "--emit=metadata",
                "-Dwarnings",
                "-o",
                &out,
                &file,
            ]);
            command
        }
        _ => return,
    };
    match command.output() {
        Ok(ran) => assert!(
            ran.status.success(),
            "{lang}: {}\n{text}",
            String::from_utf8_lossy(&ran.stderr)
        ),
        Err(error) => eprintln!("{lang} is not there, so its stubs are not compiled: {error}"),
    }
}

#[test]
fn a_stub_may_have_a_template_of_the_user() {
    let folder = Folder::new();
    let template = folder.file(
        "t",
        "{% for call in calls %}{{ call.ident }} {{ call.method }}\n{% endfor %}",
    );
    let args = |template: &str| {
        let pattern = "POST */reviews";
        harcov(&[
            "stub",
            "--lang",
            "python",
            "--config",
            BOOKSTORE_CONFIG,
            "--template",
            template,
            pattern,
        ])
    };
    assert_eq!(
        args(&template).fine(),
        "post_books_by_book_id_reviews \"POST\"\n"
    );
    let broken = folder.file("u", "{{ calls");
    assert_eq!(args(&broken).code, 2);
    assert_eq!(harcov(&["stub", "--config", BOOKSTORE_CONFIG]).code, 2);
    assert_eq!(harcov(&["report", "--lang", "python", "x.har"]).code, 2);
}

/// Names as nobody should choose them.
const HOSTILE: [&str; 12] = [
    "class",
    "a.b",
    "items[0][sku]",
    "\"); import os #",
    "`${x}`",
    "*/ //",
    "a\nb",
    "{{x}}",
    "券",
    "\u{202e}x",
    "__proto__",
    "'''\"\"\"",
];

fn entry(
    method: &str,
    path: &str,
    query: &str,
    body: Option<(&str, String)>,
    status: u16,
    answer: &Value,
) -> Value {
    let mut request = json!({
        "method": method,
        "url": format!("https://api.example.com/v1/{path}{query}"),
        "headers": [{"name": "Authorization", "value": "Bearer s3cr3t-t0ken-of-somebody"}],
    });
    if let Some((media, text)) = body {
        request["postData"] = json!({"mimeType": media, "text": text});
    }
    json!({
        "startedDateTime": "2026-01-31T10:00:00.000Z",
        "request": request,
        "response": {"status": status, "headers": [], "content": {
            "mimeType": "application/json", "text": answer.to_string()}},
    })
}

fn har(entries: &[Value]) -> String {
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

#[test]
fn hostile_names_stay_names() {
    let folder = Folder::new();
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(HOSTILE.map(|name| (name, "7")))
        .finish();
    let members: Map<String, Value> = HOSTILE
        .map(|name| (name.to_owned(), json!("x")))
        .into_iter()
        .collect();
    let body = Value::Object(members);
    let mut entries = Vec::new();
    for (at, name) in HOSTILE.iter().enumerate() {
        let path = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        let path = format!("things{at}/{path}/list");
        entries.push(entry(
            "POST",
            &path,
            &format!("?{form}"),
            Some(("application/json", body.to_string())),
            200,
            &body,
        ));
        entries.push(entry(
            "PUT",
            &path,
            "",
            Some(("application/x-www-form-urlencoded", form.clone())),
            200,
            &body,
        ));
    }
    let capture = folder.file("c.har", har(&entries));
    let args = ["--no-config", capture.as_str()];
    for format in ["openapi", "postman", "http", "k6"] {
        let text = exported(format, &args);
        assert!(!text.contains("s3cr3t"), "{format}");
        assert!(!text.contains('\u{202e}') || format != "k6", "{format}");
    }
    valid_openapi(&serde_json::from_str(&exported("openapi", &args)).unwrap());
    let (gaps, _) = differences(&folder, "openapi", &args);
    assert_eq!(gaps, json!([[], [], []]));
    for lang in ["python", "typescript", "kotlin", "rust"] {
        let text = harcov(&["stub", "--lang", lang, "--no-config", "--capture", &capture]).fine();
        assert!(
            !text.contains("s3cr3t") && !text.contains('\u{202e}'),
            "{lang}"
        );
        compiles(&folder, lang, &text);
    }
}

/// A JSON value of few names, so that bodies of one endpoint differ in parts.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..9_i64).prop_map(Value::from),
        (0.5..9.5_f64).prop_map(Value::from),
        prop_oneof![Just("OPEN"), Just("PAID"), Just("x y z"), Just("")].prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let name = prop_oneof![
            Just("id"),
            Just("status"),
            Just("list"),
            Just("a.b"),
            Just("2024"),
            Just("data")
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(name.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_entry() -> impl Strategy<Value = Value> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("PUT"), Just("DELETE")];
    let path = prop_oneof![
        Just("users"),
        Just("users/17"),
        Just("users/93"),
        Just("users/17/orders/"),
        Just("me"),
        Just("files/7.json"),
        Just("graphql"),
    ];
    let query = prop_oneof![
        Just(""),
        Just("?page=1"),
        Just("?page=2&sort=name"),
        Just("?ids[]=1&ids[]=2"),
        Just("?filter[status]=OPEN"),
        Just("?query=query%20Me%7Bme%7Bid%7D%7D&variables=%7B%22n%22%3A1%7D"),
    ];
    let form = prop_oneof![
        Just("a=1"),
        Just("a=x&status=OPEN"),
        Just("items[0][sku]=1&b=")
    ];
    let body = prop_oneof![
        Just(None),
        form.prop_map(|form| Some(("application/x-www-form-urlencoded", form.to_owned()))),
        any_json().prop_map(|json| Some(("application/json", json.to_string()))),
        Just(Some((
            "application/json",
            json!({"query": "query Me { me { id } }", "variables": {"n": 1}}).to_string()
        ))),
        Just(Some((
            "application/json",
            json!({"jsonrpc": "2.0", "method": "user.get", "params": {"id": 1}, "id": 1})
                .to_string()
        ))),
        Just(Some((
            "text/xml",
            "<methodCall><methodName>wp.get</methodName></methodCall>".to_owned()
        ))),
    ];
    let status = prop_oneof![Just(200_u16), Just(201), Just(404)];
    (method, path, query, body, status, any_json()).prop_map(
        |(method, path, query, body, status, answer)| {
            let body = body.filter(|_| method != "GET" && method != "DELETE");
            // What has a body names its operation there.
            let query = if query.contains("query=query") && method != "GET" {
                ""
            } else {
                query
            };
            entry(method, path, query, body, status, &answer)
        },
    )
}

#[test]
fn every_form_of_a_body_is_in_its_export() {
    let put = |body: &str| {
        let body = Some(("application/json", body.to_owned()));
        entry("PUT", "users/17", "", body, 200, &json!(null))
    };
    let folder = Folder::new();
    let bodies = [
        "[[null],null]",
        r#"{"id":null}"#,
        r#"{"id":[{"a":1},[{"b":2}]]}"#,
    ];
    let capture = folder.file("c.har", har(&bodies.map(put)));
    for format in ["openapi", "postman"] {
        let (gaps, _) = differences(&folder, format, &["--no-config", &capture]);
        assert_eq!(gaps, json!([[], [], []]), "{format}");
    }
}

#[test]
fn what_an_export_cannot_describe_is_no_difference() {
    let folder = Folder::new();
    let form = |scale: u8| {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("variables", &format!("{{\"scale\":{scale}}}"))
            .finish();
        let body = Some(("application/x-www-form-urlencoded", form));
        entry("POST", "run", "", body, 200, &json!({"id": 1}))
    };
    let get = |lang: &str| {
        let path = format!("search;lang={lang};size=3");
        entry("GET", &path, "?q=a+b", None, 200, &json!({"id": 1}))
    };
    let entries = [form(1), form(2), get("en"), get("de")];
    let capture = folder.file("c.har", har(&entries));
    let args = ["--no-config", capture.as_str()];
    for format in ["openapi", "postman"] {
        let (gaps, _) = differences(&folder, format, &args);
        assert_eq!(gaps, json!([[], [], []]), "{format}");
        let text = exported(format, &args);
        assert!(
            text.contains("variables") && !text.contains("variables.scale"),
            "{text}"
        );
    }
}

#[test]
fn stubs_keep_letters_of_every_script() {
    let folder = Folder::new();
    let entries = [entry(
        "GET",
        "orders",
        "?%E5%8D%95%E5%8F%B7=7",
        None,
        200,
        &json!({"id": 1}),
    )];
    let capture = folder.file("c.har", har(&entries));
    for lang in ["python", "typescript", "kotlin", "rust"] {
        let args = [
            "stub",
            "--lang",
            lang,
            "--no-config",
            "--capture",
            &capture,
            "*",
        ];
        let text = harcov(&args).fine();
        assert!(
            text.contains("单号:") && !text.contains("unnamed"),
            "{lang}: {text}"
        );
        compiles(&folder, lang, &text);
    }
}

/// One request for each way in which an operation is named.
fn operations() -> Vec<Value> {
    let soap = |namespace: &str, name: &str| {
        format!(
            "<s:Envelope xmlns:s=\"{namespace}\"><s:Body><o:{name} xmlns:o=\"urn:o\"><o:Sku>A</o:Sku></o:{name}></s:Body></s:Envelope>"
        )
    };
    let older = soap("http://schemas.xmlsoap.org/soap/envelope/", "CreateOrder");
    let newer = soap("http://www.w3.org/2003/05/soap-envelope", "GetOrder");
    let rpc = "<methodCall><methodName>wp.getPosts</methodName><params><param><value>1</value></param></params></methodCall>";
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "user.list"}).to_string();
    let document = json!({"query": "mutation Leave { leave { id } }"}).to_string();
    let query = "?query=query%20Me(%24id%3AID)%7Bme(id%3A%24id)%7Bid%7D%7D&operationName=Me&variables=%7B%22id%22%3A1%7D";
    let post = |path: &str, body| entry("POST", path, "", body, 200, &json!({"id": 1}));
    vec![
        post("ws/orders", Some(("text/xml", older))),
        post("ws/orders", Some(("application/soap+xml", newer))),
        post("xmlrpc", Some(("text/xml", rpc.to_owned()))),
        post("rpc", Some(("application/json", call))),
        post("graphql", Some(("application/json", document))),
        entry("GET", "graphql", query, None, 200, &json!({"data": null})),
        entry(
            "POST",
            "ajax.php",
            "?action=ping",
            None,
            200,
            &json!({"id": 1}),
        ),
    ]
}

#[test]
fn operations_are_described_as_they_are_sent() {
    let folder = Folder::new();
    let capture = folder.file("c.har", har(&operations()));
    let args = ["--no-config", capture.as_str()];
    let api: Value = serde_json::from_str(&exported("openapi", &args)).unwrap();
    valid_openapi(&api);
    let media = |path: &str| -> Vec<String> {
        let body = &api["paths"][path]["post"]["requestBody"]["content"];
        let body = body.as_object();
        body.map(|body| body.keys().cloned().collect())
            .unwrap_or_default()
    };
    for (path, expected) in [
        ("/v1/ws/orders#CreateOrder", &["text/xml"][..]),
        ("/v1/ws/orders#GetOrder", &["application/soap+xml"]),
        ("/v1/xmlrpc#wp%2EgetPosts", &["text/xml"]),
        ("/v1/rpc#user%2Elist", &["application/json"]),
        ("/v1/graphql#Leave", &["application/json"]),
        ("/v1/ajax.php#ping", &[]),
    ] {
        assert_eq!(media(path), expected, "{path}");
    }
    let me = &api["paths"]["/v1/graphql#Me"]["get"];
    assert!(me.get("requestBody").is_none());
    let params = me["parameters"].as_array().unwrap().iter();
    let params: Vec<(&str, bool)> = params
        .map(|param| (param["name"].as_str().unwrap(), param["required"] == true))
        .collect();
    assert_eq!(
        params,
        [
            ("query", true),
            ("operationName", false),
            ("variables", true)
        ]
    );
    for format in ["openapi", "postman"] {
        let (gaps, _) = differences(&folder, format, &args);
        assert_eq!(gaps, json!([[], [], []]), "{format}");
    }
    for format in ["http", "k6"] {
        let text = exported(format, &args);
        for part in [
            "SOAPAction",
            "CreateOrder/>",
            "application/soap+xml; action=",
            "methodName>wp.getPosts",
            "user.list",
            "mutation Leave { __typename }",
        ] {
            assert!(text.contains(part), "{format} {part}: {text}");
        }
    }
    let http = exported("http", &args);
    assert!(
        http.contains("?query=query%20Me%20%7B%20__typename%20%7D\n  &operationName=Me"),
        "{http}"
    );
    let ping = http.split("\n###").find(|part| part.contains("ajax.php"));
    assert!(!ping.unwrap().contains("content-type"), "{http}");
    for lang in ["python", "typescript", "kotlin", "rust"] {
        let text = harcov(&["stub", "--lang", lang, "--no-config", "--capture", &capture]).fine();
        assert!(
            text.contains("\"query Me { __typename }\""),
            "{lang}: {text}"
        );
        compiles(&folder, lang, &text);
    }
}

/// The requests of a Postman collection as a capture.
fn sent_by_postman(items: &Value, entries: &mut Vec<Value>) {
    for item in items.as_array().unwrap() {
        if item["item"].is_array() {
            sent_by_postman(&item["item"], entries);
            continue;
        }
        let request = &item["request"];
        let url = request["url"]["raw"].as_str().unwrap();
        let body = &request["body"];
        let text = match body["mode"].as_str() {
            Some("raw") => body["raw"].as_str().unwrap().to_owned(),
            Some("graphql") => body["graphql"].to_string(),
            mode => {
                assert_eq!(mode, None);
                String::new()
            }
        };
        let header = |wanted: &str| {
            let mut headers = request["header"].as_array().unwrap().iter();
            let found = headers.find(|header| header["key"] == wanted);
            found.map(|header| header["value"].as_str().unwrap())
        };
        let media = header("Content-Type").unwrap_or("application/json");
        let url = url.replace("{{baseUrl}}", "https://api.example.com");
        let mut sent = entry(
            request["method"].as_str().unwrap(),
            "",
            "",
            None,
            200,
            &json!({"id": 1}),
        );
        sent["request"]["url"] = json!(url);
        if !text.is_empty() {
            sent["request"]["postData"] = json!({"mimeType": media, "text": text});
        }
        if let Some(action) = header("SOAPAction") {
            let action = json!({"name": "SOAPAction", "value": action});
            sent["request"]["headers"]
                .as_array_mut()
                .unwrap()
                .push(action);
        }
        entries.push(sent);
    }
}

#[test]
fn an_exported_request_reaches_the_operation_that_it_is_of() {
    let folder = Folder::new();
    let seen = |capture: &str| -> BTreeSet<String> {
        let routes = harcov(&["routes", "--no-config", "--format", "json", capture]).json();
        let endpoints = routes.as_array().unwrap().iter();
        endpoints
            .map(|endpoint| {
                format!(
                    "{} {} {}",
                    endpoint["method"], endpoint["route"], endpoint["operation"]
                )
            })
            .collect()
    };
    let capture = folder.file("c.har", har(&operations()));
    let collection = exported("postman", &["--no-config", &capture]);
    let collection: Value = serde_json::from_str(&collection).unwrap();
    let mut entries = Vec::new();
    sent_by_postman(&collection["item"], &mut entries);
    assert_eq!(entries.len(), operations().len());
    let again = folder.file("d.har", har(&entries));
    assert_eq!(seen(&again), seen(&capture));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default() })]

    #[test]
    fn every_capture_is_described_by_its_own_export(entries in prop::collection::vec(any_entry(), 1..12)) {
        let folder = Folder::new();
        let capture = folder.file("c.har", har(&entries));
        let args = ["--no-config", capture.as_str()];
        for format in ["openapi", "postman"] {
            let (gaps, _) = differences(&folder, format, &args);
            prop_assert_eq!(gaps, json!([[], [], []]), "{}", format);
        }
        valid_openapi(&serde_json::from_str(&exported("openapi", &args)).unwrap());
    }
}
