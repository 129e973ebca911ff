//! `harcov report --since`: what changed since earlier captures, inventories, reports and baselines.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Folder, Ran, WOMOVIE, WOMOVIE_CONFIG, WOMOVIE_LATER, harcov, snapshot};
use serde_json::{Value, json};

fn report(args: &[&str]) -> Ran {
    harcov(&[&["report", "-q", "--config", WOMOVIE_CONFIG], args].concat())
}

fn since(args: &[&str]) -> Value {
    let ran = report(&[args, &["--report", "json=-"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()["since"].clone()
}

#[test]
fn without_it_nothing_is_said() {
    assert!(since(&[WOMOVIE]).is_null());
}

#[test]
fn captures_and_their_inventory_say_the_same() {
    let folder = Folder::new();
    let inventory = folder.at("old.json");
    let made = harcov(&[
        "inventory",
        "-q",
        "--config",
        WOMOVIE_CONFIG,
        "-o",
        &inventory,
        WOMOVIE,
    ]);
    assert_eq!(made.code, 0, "{}", made.err);
    let of_capture = since(&[WOMOVIE_LATER, "--since", WOMOVIE]);
    let of_inventory = since(&[WOMOVIE_LATER, "--since", &inventory]);
    for row in [&of_capture, &of_inventory] {
        assert_eq!(
            row["last"]["new"],
            json!(["GET /ticket/wmyc/cinema/<cinema_id>/order/voucher/best/"])
        );
        assert_eq!(
            row["last"]["gone"],
            json!([{ "endpoint": "GET /ticket/order/sublists/info", "status": "missing" }])
        );
        assert_eq!(row["last"]["changed"], json!([]));
        // As `harcov diff` counts them.
        let counts = json!({ "breaking": 1, "warning": 3, "info": 1 });
        assert_eq!(row["last"]["changes"], counts);
        assert_eq!(row["points"].as_array().unwrap().len(), 2);
        assert_eq!(row["points"][1]["name"], Value::Null);
    }
    assert_eq!(of_inventory["last"]["name"], "old.json");
    let same = since(&[WOMOVIE, "--since", &inventory]);
    assert_eq!(same["last"]["new"], json!([]));
    assert_eq!(same["last"]["gone"], json!([]));
    assert_eq!(
        same["last"]["changes"],
        json!({ "breaking": 0, "warning": 0, "info": 0 })
    );
}

#[test]
fn a_json_report_tells_what_was_implemented_since() {
    let folder = Folder::new();
    let (nothing, old) = (folder.file("nothing.toml", ""), folder.at("old.json"));
    let target = format!("json={old}");
    let made = report(&[WOMOVIE, "--manifest", &nothing, "--report", &target]);
    assert_eq!(made.code, 0, "{}", made.err);
    let row = since(&[WOMOVIE, "--since", &old]);
    assert_eq!(row["points"][0]["coverage"]["endpoints"]["implemented"], 0);
    assert_eq!(row["points"][1]["coverage"]["endpoints"]["implemented"], 5);
    let changed = row["last"]["changed"].as_array().unwrap();
    let to = |status: &str| changed.iter().filter(|one| one["new"] == status).count();
    assert_eq!((to("implemented"), to("partial")), (5, 2), "{changed:?}");
    assert!(row["last"]["changes"].is_null());
    // Reports of other versions of harcov have other fields.
    let text = std::fs::read_to_string(&old).unwrap();
    let mut other: Value = serde_json::from_str(&text).unwrap();
    let fields = other.as_object_mut().unwrap();
    fields.retain(|name, _| ["schema", "scope", "coverage", "endpoints"].contains(&name.as_str()));
    fields.insert("later".to_owned(), json!({ "field": 1 }));
    let other = folder.file("other.json", other.to_string());
    assert_eq!(
        since(&[WOMOVIE, "--since", &other])["last"]["changed"],
        row["last"]["changed"]
    );
    // Names of parameters are no change.
    let braces = since(&[WOMOVIE, "--since", &old, "--param-style", "brace"]);
    assert_eq!(braces["last"]["new"], json!([]));
    assert_eq!(
        braces["last"]["changed"].as_array().unwrap().len(),
        changed.len()
    );
}

#[test]
fn a_baseline_tells_which_gaps_are_new_and_which_are_closed() {
    let folder = Folder::new();
    let file = folder.at("baseline.toml");
    let known = harcov(&[
        "check",
        "-q",
        "--config",
        WOMOVIE_CONFIG,
        WOMOVIE,
        "--baseline",
        &file,
        "--update-baseline",
    ]);
    assert!(known.code < 2, "{}", known.err);
    let row = &since(&[WOMOVIE, "--since", &file])["baseline"];
    assert!(row["known"].as_u64().unwrap() > 5, "{row}");
    assert_eq!((&row["new"], &row["closed"]), (&json!([]), &json!([])));
    let row = &since(&[WOMOVIE_LATER, "--since", &file])["baseline"];
    assert_eq!(
        row["new"],
        json!(["GET /ticket/wmyc/cinema/<cinema_id>/order/voucher/best/",])
    );
    assert_eq!(row["closed"], json!(["GET /ticket/order/sublists/info"]));
}

#[test]
fn a_baseline_holds_what_its_gate_counts() {
    let folder = Folder::new();
    let file = folder.at("baseline.toml");
    let check = ["check", "-q", "--config", WOMOVIE_CONFIG, WOMOVIE];
    let deny = ["--deny", "unknown", "--max-missing", "3"];
    let update = ["--baseline", &file, "--update-baseline"];
    let known = harcov(&[&check[..], &deny, &update].concat());
    assert!(known.code < 2, "{}", known.err);
    // The limit was one of the command line: what is in the file says that missing endpoints count.
    let row = &since(&[WOMOVIE_LATER, "--since", &file])["baseline"];
    assert_eq!(
        row["new"],
        json!(["GET /ticket/wmyc/cinema/<cinema_id>/order/voucher/best/"])
    );
    assert_eq!(row["closed"], json!(["GET /ticket/order/sublists/info"]));
}

#[test]
fn several_make_a_trend_in_the_order_of_time() {
    let folder = Folder::new();
    let (nothing, old) = (folder.file("nothing.toml", ""), folder.at("old.json"));
    let target = format!("json={old}");
    assert_eq!(
        report(&[WOMOVIE, "--manifest", &nothing, "--report", &target]).code,
        0
    );
    let orders = [[&old, WOMOVIE_LATER], [WOMOVIE_LATER, &old]];
    let rows = orders.map(|[a, b]| since(&[WOMOVIE_LATER, "--since", a, "--since", b]));
    assert_eq!(rows[0], rows[1]);
    let names: Vec<&Value> = rows[0]["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["name"])
        .collect();
    assert_eq!(names[0], "old.json");
    assert_eq!(names[2], &Value::Null);
    for lang in ["en", "zh-CN"] {
        let args = [
            WOMOVIE_LATER,
            "--lang",
            lang,
            "--since",
            &old,
            "--since",
            WOMOVIE,
        ];
        let text = report(&args).fine();
        let heading = if lang == "en" {
            "### What changed"
        } else {
            "### 有何变化"
        };
        let (_, section) = text.split_once(heading).unwrap();
        let (section, _) = section.split_once("\n### ").unwrap();
        snapshot(&format!("since_{lang}.md"), section.trim());
        let page = report(&[&args[..], &["--report", "html=-"]].concat()).fine();
        assert!(page.contains("class=\"trend\""));
    }
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_why() {
    let folder = Folder::new();
    let broken = folder.file(
        "broken.json",
        r#"{"schema": "harcov.report/1", "title": 3}"#,
    );
    let text = report(&[WOMOVIE, "--since", &broken]);
    assert_eq!(text.code, 2);
    assert!(text.err.contains("it is no JSON report"), "{}", text.err);
    let absent = report(&[WOMOVIE, "--since", &folder.at("absent.toml")]);
    assert_eq!(absent.code, 2);
    assert!(
        absent.err.contains("cannot read the baseline"),
        "{}",
        absent.err
    );
    assert_eq!(
        report(&[WOMOVIE, "--since", &folder.at("absent.har")]).code,
        2
    );
}
