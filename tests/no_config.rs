//! Without any config a report is useful, and `init` writes files that a person only has to correct.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{BOOKSTORE, Folder, WOMOVIE, WOMOVIE_CONFIG, harcov, snapshot};
use serde_json::Value;

const SAMPLES: [(&str, &str); 2] = [("womovie", WOMOVIE), ("bookstore", BOOKSTORE)];

fn json(captures: &str) -> Value {
    harcov(&["report", "--no-config", "--report", "json=-", captures]).json()
}

#[test]
fn reports_without_a_config() {
    for (name, capture) in SAMPLES {
        let text = harcov(&["report", "--no-config", "--lang", "en", capture]).fine();
        snapshot(&format!("no-config_{name}.md"), &text);
    }
}

#[test]
fn everything_is_unknown_and_the_next_step_is_named() {
    for (name, capture) in SAMPLES {
        let report = json(capture);
        for row in report["endpoints"].as_array().unwrap() {
            assert_eq!(row["status"], "unknown", "{name} {}", row["id"]);
        }
        let hints = report["hints"].to_string();
        assert!(hints.contains("harcov init"), "{name}: {hints}");
        for list in ["groups", "modules", "flows", "findings"] {
            assert!(
                !report[list].as_array().unwrap().is_empty(),
                "{name} {list}"
            );
        }
        assert!(report["groups"].as_array().unwrap().len() > 1, "{name}");
        assert!(report["flows"][0]["proposed"] == true, "{name}");
        assert!(
            report["flows"][0]["steps"].as_array().unwrap().len() > 2,
            "{name}"
        );
    }
}

#[test]
fn routes_need_no_config() {
    let routes = |capture: &str| ids(&json(capture));
    // The config names every route of the Chinese sample by hand; inference finds the same ones.
    assert_eq!(routes(WOMOVIE), ids(&common::report(WOMOVIE_CONFIG, &[])));
    let bookstore = routes(BOOKSTORE);
    assert_eq!(bookstore.len(), 25, "{bookstore:#?}");
    assert!(
        bookstore.contains(&"GET /v1/orders/<order_number>".to_owned()),
        "{bookstore:#?}"
    );
}

#[test]
fn init_writes_files_that_run() {
    for (name, capture) in SAMPLES {
        let folder = Folder::new();
        let copied = folder.file("capture.har", std::fs::read(capture).unwrap());
        let dir = folder.path().to_str().unwrap();
        for lang in ["en", "zh-CN"] {
            let ran = harcov(&["init", "--force", "--lang", lang, "--dir", dir, &copied]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
            if lang == "en" {
                snapshot(&format!("init_{name}_harcov.toml"), &read("harcov.toml"));
                snapshot(
                    &format!("init_{name}_manifest.toml"),
                    &read("manifest.toml"),
                );
            }
            let config = folder.at("harcov.toml");
            let ran = harcov(&["report", "--config", &config, "--report", "json=-"]);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name} {lang}");
            let report = ran.json();
            assert_eq!(report["lang"], lang);
            let (of_init, plain) = (ids(&report), ids(&json(capture)));
            assert_eq!(of_init, plain, "{name} {lang}");
            assert_eq!(
                report["scope"]["in_scope"],
                json(capture)["scope"]["in_scope"]
            );
            for row in report["endpoints"].as_array().unwrap() {
                assert_eq!(row["status"], "unknown", "{}", row["id"]);
            }
        }
    }
}

fn ids(report: &Value) -> Vec<String> {
    let rows = report["endpoints"].as_array().unwrap().iter();
    let mut ids: Vec<String> = rows
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn init_overwrites_nothing_unless_told() {
    let folder = Folder::new();
    let kept = folder.file("manifest.toml", "# mine\n");
    let dir = folder.path().to_str().unwrap();
    let ran = harcov(&["init", "--dir", dir, WOMOVIE]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("manifest.toml") && ran.err.contains("--force"),
        "{}",
        ran.err
    );
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "# mine\n");
    assert!(
        !folder.path().join("harcov.toml").exists(),
        "half of the work was done"
    );
    assert_eq!(harcov(&["init", "--force", "--dir", dir, WOMOVIE]).code, 0);
    assert_ne!(std::fs::read_to_string(&kept).unwrap(), "# mine\n");
}

#[test]
fn init_names_captures_that_do_not_count() {
    let folder = Folder::new();
    let request = r#"{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"https://api.shop.test/carts"},"response":{"status":200,"content":{"mimeType":"application/json","text":"{}"}}}"#;
    let shop = format!(r#"{{"log":{{"version":"1.2","entries":[{request}]}}}}"#);
    let shop = folder.file("shop.har", shop);
    let empty = folder.file("empty.har", r#"{"log":{"version":"1.2","entries":[]}}"#);
    let dir = folder.path().to_str().unwrap();
    let init = |more: &[&str]| {
        let mut args = vec!["init", "--force", "--dir", dir];
        args.extend(more);
        harcov(&args).err
    };
    let all = [WOMOVIE, shop.as_str(), empty.as_str()];
    for lang in ["en", "zh-CN"] {
        let err = init(&[&["--lang", lang][..], &all].concat());
        for told in ["shop.har", "empty.har", "api.shop.test", "--host"] {
            assert!(err.contains(told), "{told}: {err}");
        }
        assert!(!err.contains("womovie"), "{err}");
    }
    let err = init(&[
        "--host",
        "api.shop.test",
        "--host",
        "ct.womovie.cn",
        WOMOVIE,
        &shop,
    ]);
    assert!(!err.contains("warning"), "{err}");
}

#[test]
fn a_claim_marked_by_hand_counts() {
    let folder = Folder::new();
    let copied = folder.file("capture.har", std::fs::read(WOMOVIE).unwrap());
    let dir = folder.path().to_str().unwrap();
    assert_eq!(harcov(&["init", "--dir", dir, &copied]).code, 0);
    let manifest = folder.at("manifest.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(
        &manifest,
        text.replacen("status = \"unknown\"", "status = \"implemented\"", 1),
    )
    .unwrap();
    let report = harcov(&[
        "report",
        "--config",
        &folder.at("harcov.toml"),
        "--report",
        "json=-",
    ])
    .json();
    assert_eq!(report["coverage"]["endpoints"]["implemented"], 1);
}

#[test]
fn long_methods_keep_the_columns() {
    let entry = |method: &str, path: &str| {
        serde_json::json!({
            "_resourceType": "xhr",
            "request": {"method": method, "url": format!("https://api.example.com/v1/{path}")},
            "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{}"}},
        })
    };
    let entries = [entry("GET", "orders"), entry("PROPFIND", "files")];
    let har = serde_json::json!({"log": {"entries": entries}}).to_string();
    let folder = Folder::new();
    let capture = folder.file("a.har", har);
    for extra in [&[][..], &["--each-request"]] {
        let args = [&["routes", "--no-config", &capture][..], extra].concat();
        let text = harcov(&args).fine();
        let columns: Vec<_> = text
            .lines()
            .filter_map(|line| line.find("api.example.com"))
            .collect();
        assert!(columns.len() > 1, "{text}");
        assert!(columns.iter().all(|at| *at == columns[0]), "{text}");
    }
}

#[test]
fn init_names_each_flow_that_was_seen() {
    let folder = Folder::new();
    let copied = folder.file("capture.har", std::fs::read(BOOKSTORE).unwrap());
    let dir = folder.path().to_str().unwrap();
    for (lang, title) in [("en", "Create order payment"), ("zh-CN", "创建订单支付")] {
        let ran = harcov(&["init", "--force", "--lang", lang, "--dir", dir, &copied]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let told = harcov(&[
            "flow",
            "--config",
            &folder.at("harcov.toml"),
            "--format",
            "json",
        ]);
        assert_eq!((told.code, told.err.as_str()), (0, ""));
        let story = told.json();
        let flows = story["flows"].as_array().unwrap();
        let names: std::collections::BTreeSet<&str> = flows
            .iter()
            .map(|flow| flow["name"].as_str().unwrap())
            .collect();
        assert!(flows.len() >= 2 && names.len() == flows.len(), "{names:?}");
        let mut steps = flows
            .iter()
            .flat_map(|flow| flow["steps"].as_array().unwrap());
        assert!(steps.any(|step| step["title"] == title), "{flows:#?}");
        // What was written agrees with what it was written from.
        let findings = story["findings"].as_array().unwrap();
        assert!(
            findings.iter().all(|finding| finding["kind"] != "flow"),
            "{findings:#?}"
        );
    }
}
