//! What reports conclude of small captures, where a wrong conclusion would be easy to draw.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, harcov};
use serde_json::{Value, json};

fn entry(method: &str, path: &str, body: &Value) -> Value {
    json!({
        "startedDateTime": "2024-05-01T08:00:00Z",
        "request": { "method": method, "url": format!("https://api.example.com{path}") },
        "response": {
            "status": 200,
            "content": { "mimeType": "application/json", "text": body.to_string() },
        },
    })
}

fn har(entries: &[Value]) -> String {
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

fn report(entries: &[Value]) -> Value {
    let folder = Folder::new();
    let capture = folder.file("a.har", har(entries));
    harcov(&["report", "--no-config", "--report", "json=-", &capture]).json()
}

fn of_kind<'a>(report: &'a Value, kind: &str) -> Vec<&'a str> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["kind"] == kind)
        .map(|finding| finding["text"].as_str().unwrap())
        .collect()
}

#[test]
fn states_of_things_are_no_business_errors() {
    let report = report(&[
        entry("GET", "/pets/1", &json!({ "id": 1, "status": "available" })),
        entry("POST", "/orders", &json!({ "id": 7, "status": "placed" })),
        entry("GET", "/visits/3", &json!({ "id": 3, "status": "placed" })),
        entry("GET", "/vets/4", &json!({ "id": 4, "status": "placed" })),
    ]);
    assert_eq!(of_kind(&report, "business-error"), Vec::<&str>::new());
    for module in report["modules"].as_array().unwrap() {
        // What answers share is data as long as no code says that it is an envelope.
        let fields = module["response_fields"].to_string();
        assert!(fields.contains(r#""path":"id""#), "{module}");
    }
}

#[test]
fn envelopes_of_many_makes_tell_what_failed() {
    for (ok, failed, told) in [
        (
            json!({ "isSuccess": true, "data": { "id": 1 } }),
            json!({ "isSuccess": false, "data": null }),
            "`isSuccess=false`",
        ),
        (
            json!({ "rtn_code": "0", "info": { "id": 1 } }),
            json!({ "rtn_code": "30001", "info": {} }),
            "`rtn_code=30001`",
        ),
        (
            json!({ "code": "00000", "data": { "id": 1 } }),
            json!({ "code": "A0400", "data": null }),
            "`code=<hidden>`",
        ),
        (
            json!({ "header": { "code": 0, "msg": "ok" }, "body": { "id": 1 } }),
            json!({ "header": { "code": 30001, "msg": "no" }, "body": {} }),
            "`header.code=30001`",
        ),
        (
            json!({ "data": { "id": 1 } }),
            json!({ "error": { "code": 1001, "message": "no" } }),
            "`error.code`",
        ),
        (
            json!({ "Response": { "RequestId": "x", "Total": 1 } }),
            json!({ "Response": { "RequestId": "y", "Error": { "Code": "AuthFailure" } } }),
            "`Response.Error.Code`",
        ),
    ] {
        let report = report(&[
            entry("GET", "/pets/1", &ok),
            entry("GET", "/orders/7", &ok),
            entry("GET", "/visits/3", &ok),
            entry("GET", "/vets/4", &failed),
        ]);
        let errors = of_kind(&report, "business-error");
        assert_eq!(errors.len(), 1, "{told}: {errors:?}");
        assert!(errors[0].contains(told), "{errors:?}");
    }
    // Codes of which none is known to mean success.
    let failed = json!({ "rtn_code": "E100", "info": {} });
    let paths = ["/pets/1", "/orders/7", "/vets/4"];
    let unknown = report(&paths.map(|path| entry("GET", path, &failed)));
    assert_eq!(of_kind(&unknown, "business-error"), Vec::<&str>::new());
    // A code that says that there is no error.
    let fine = json!({ "error": { "code": 0, "message": "" }, "data": { "id": 1 } });
    let report = report(&[entry("GET", "/pets/1", &fine)]);
    assert_eq!(of_kind(&report, "business-error"), Vec::<&str>::new());
}

#[test]
fn codes_of_failure_are_business_errors() {
    let ok = json!({ "status": "success", "data": { "id": 1 } });
    let failed = json!({ "status": "error", "data": null });
    let report = report(&[
        entry("GET", "/pets/1", &ok),
        entry("GET", "/orders/7", &ok),
        entry("GET", "/visits/3", &ok),
        entry("GET", "/vets/4", &failed),
    ]);
    let errors = of_kind(&report, "business-error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("`status=error`"), "{errors:?}");
    for module in report["modules"].as_array().unwrap() {
        let fields = module["response_fields"].to_string();
        assert!(!fields.contains(r#""path":"status""#), "{module}");
    }
}

#[test]
fn every_module_has_a_name() {
    let body = json!({ "a": 1 });
    let entries: Vec<Value> = (0..9)
        .map(|n| entry("GET", &format!("/{}", 4_711 + n), &body))
        .chain([entry("GET", "/pets", &body)])
        .collect();
    let report = report(&entries);
    let names: Vec<&Value> = report["modules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|module| &module["name"])
        .collect();
    assert_eq!(names, ["Other endpoints", "pets"]);
}

#[test]
fn steps_that_no_capture_shows_are_marked() {
    let folder = Folder::new();
    let capture = folder.file("a.har", har(&[entry("GET", "/pets", &json!({}))]));
    let config = folder.file(
        "harcov.toml",
        r#"
[[flow]]
name  = "Adopt"
steps = [
  { title = "Look", endpoint = "GET /pets" },
  { title = "Think" },
  { title = "Adopt", endpoint = "POST /adoptions" },
]
"#,
    );
    let text = harcov(&["report", "--config", &config, &capture]).fine();
    let marked: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("not seen in the captures"))
        .collect();
    assert_eq!(
        marked,
        ["3. **Adopt** → `POST /adoptions` (not seen in the captures)"]
    );
}

#[test]
fn of_many_unusable_entries_the_first_are_named_as_such() {
    let mut entries = vec![json!({}); 11];
    entries.push(entry("GET", "/pets", &json!({})));
    let report = report(&entries);
    let problems = report["captures"][0]["problems"].to_string();
    assert!(
        problems.contains("11 entries could not be used (the first are `1`, "),
        "{problems}"
    );
    assert!(!problems.contains("`11`"), "{problems}");
}

#[test]
fn people_see_one_number_of_an_entry_everywhere() {
    let folder = Folder::new();
    let entries = [json!({}), entry("GET", "/pets", &json!({}))];
    let capture = folder.file("a.har", har(&entries));
    let report = harcov(&["report", "-q", "--no-config", &capture]).fine();
    assert!(report.contains("1 request (entry 2)"), "{report}");
    let routes = harcov(&["routes", "-q", "--no-config", "--each-request", &capture]).fine();
    assert!(routes.contains("    2  GET "), "{routes}");
}

#[test]
fn reads_do_not_change_state_whatever_their_method() {
    let changes = |method: &str, path: &str| {
        let answer = json!({ "ok": true });
        let report = report(&[entry(method, path, &answer), entry("GET", "/me", &answer)]);
        let rows = report["endpoints"].as_array().unwrap();
        let row = rows.iter().find(|row| row["method"] == method).unwrap();
        row["priority"]["reasons"]
            .to_string()
            .contains("changes state")
    };
    for method in ["PROPFIND", "REPORT", "SEARCH", "QUERY"] {
        assert!(!changes(method, "/calendars/personal"), "{method}");
    }
    assert!(!changes("POST", "/api/getUserInfo"));
    assert!(changes("POST", "/api/createOrder"));
    assert!(changes("PROPPATCH", "/calendars/personal"));
}
