//! What `harcov diff` tells of two sides, and what it does not take for a change.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::process::Command;

use common::{
    BOOKSTORE, BOOKSTORE_CONFIG, Folder, Ran, WOMOVIE, WOMOVIE_CONFIG, WOMOVIE_LATER, capture,
    cinema, entries, harcov, order, replaced, snapshot, transcript, without_style,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn diff(args: &[&str]) -> Ran {
    harcov(&[&["diff"], args].concat())
}

fn changes(args: &[&str]) -> Vec<Value> {
    let ran = diff(&[args, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()["changes"].as_array().unwrap().clone()
}

/// The codes and subjects of changes.
fn told(changes: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = changes.iter();
    rows.map(|row| (text(&row["code"]), text(&row["subject"])))
        .collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    list.iter().map(own).collect()
}

#[test]
fn the_later_sample_differs_in_exactly_what_was_changed() {
    let args = ["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER];
    assert_eq!(
        told(&changes(&args)),
        pairs(&[
            ("field-type", "data.pay_price"),
            ("endpoint-unobserved", "GET /ticket/order/sublists/info"),
            ("field-constant-new", "data.list[].voucher_code_type"),
            ("param-new", "coupon_scene"),
            (
                "endpoint-new",
                "GET /ticket/wmyc/cinema/<cinema_id>/order/voucher/best/"
            ),
        ])
    );
    for lang in ["en", "zh-CN"] {
        for format in ["terminal", "markdown", "github", "json", "html"] {
            let args = [&args[..], &["--lang", lang, "--format", format]].concat();
            let mut text = diff(&args).fine();
            if format == "html" {
                text = without_style(&text);
            }
            snapshot(&format!("diff-womovie-{lang}-{format}"), &text);
        }
    }
}

#[test]
fn a_diff_fits_its_schema() {
    let schema = harcov(&["schema", "diff"]).json();
    let ran = diff(&[
        "--config",
        WOMOVIE_CONFIG,
        WOMOVIE,
        WOMOVIE_LATER,
        "--format",
        "json",
    ]);
    common::conforms(&schema, &ran.json());
}

#[test]
fn inventories_of_both_sides_tell_the_same() {
    let folder = Folder::new();
    let inventory = |capture: &str, name: &str| {
        let text = harcov(&["inventory", "--config", WOMOVIE_CONFIG, capture]).fine();
        folder.file(name, text)
    };
    let (old, new) = (
        inventory(WOMOVIE, "old.json"),
        inventory(WOMOVIE_LATER, "new.json"),
    );
    let direct = changes(&["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER]);
    for sides in [
        [old.as_str(), new.as_str()],
        [WOMOVIE, &new],
        [&old, WOMOVIE_LATER],
    ] {
        let args = [&["--config", WOMOVIE_CONFIG], &sides[..]].concat();
        assert_eq!(changes(&args), direct, "{sides:?}");
    }
}

#[test]
fn a_side_is_nothing_new_to_itself() {
    for (config, capture) in [(WOMOVIE_CONFIG, WOMOVIE), (BOOKSTORE_CONFIG, BOOKSTORE)] {
        let ran = diff(&[
            "--config",
            config,
            capture,
            capture,
            "--exit-code",
            "--lang",
            "en",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.out);
        assert!(ran.out.ends_with("No changes.\n"), "{}", ran.out);
    }
}

/// The changes from the sample to a variant of it, with and without its configuration.
fn assert_same(variant: &Value) {
    let folder = Folder::new();
    let file = folder.file("variant.har", variant.to_string());
    for config in [&["--config", WOMOVIE_CONFIG][..], &["--no-config"]] {
        for sides in [[WOMOVIE, file.as_str()], [&file, WOMOVIE]] {
            let found = changes(&[config, &sides[..]].concat());
            assert!(found.is_empty(), "{found:#?}");
        }
    }
}

#[test]
fn other_ids_are_no_change() {
    assert_same(&replaced(&[(cinema(), "8899".to_owned())]));
    assert_same(&replaced(&[
        (cinema(), "0815".to_owned()),
        (order(), "990817263544001".to_owned()),
    ]));
}

#[test]
fn the_order_of_entries_is_no_change() {
    let mut turned = capture(WOMOVIE);
    entries(&mut turned).reverse();
    assert_same(&turned);
}

#[test]
fn repetition_is_no_change() {
    let mut twice = capture(WOMOVIE);
    let mut again = replaced(&[(order(), "990817263544001".to_owned())]);
    for entry in entries(&mut again) {
        let later = entry["startedDateTime"]
            .as_str()
            .unwrap()
            .replace("2025-06-24", "2025-06-25");
        entry["startedDateTime"] = json!(later);
    }
    let again = entries(&mut again).clone();
    entries(&mut twice).extend(again);
    assert_same(&twice);
}

#[test]
fn another_environment_is_one_change() {
    let pair = (
        "ct.womovie.cn".to_owned(),
        "staging.starcinema.example".to_owned(),
    );
    let folder = Folder::new();
    let file = folder.file("staging.har", replaced(&[pair]).to_string());
    let found = changes(&["--no-config", WOMOVIE, &file]);
    assert_eq!(
        told(&found),
        pairs(&[("host-changed", "staging.starcinema.example")])
    );
}

/// A call of a made-up API: which, and with what id.
type Call = (usize, u32);

/// Calls whose paths and bodies are full of values.
fn made_up(calls: &[Call], key: u32, start: &str) -> String {
    let rows: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(second, (call, n))| {
            let id = 10_000 + (u64::from(*n) * 7_919 + u64::from(key) * 104_729) % 89_999;
            let uuid = format!("7f3c9d1e-2b4a-4c5d-8e6f-{:012x}", id * 31);
            let (method, path, body) = match call {
                0 => (
                    "GET",
                    format!("/v1/orders/{id}"),
                    json!({"id": id, "total": id / 100, "state": "OPEN"}),
                ),
                1 => (
                    "POST",
                    format!("/v1/orders/{id}/pay"),
                    json!({"id": id, "token": uuid}),
                ),
                2 => (
                    "GET",
                    format!("/v1/items/{uuid}?ref={id}"),
                    json!({"items": [{"sku": uuid, "price": 1.5}]}),
                ),
                _ => (
                    "GET",
                    format!("/v1/search?q=text{id}&page=1"),
                    json!({"hits": id, "next": uuid}),
                ),
            };
            json!({
                "startedDateTime": format!("{start}T04:{:02}:{:02}Z", second / 60, second % 60),
                "request": {
                    "method": method, "url": format!("https://api.example.org{path}"),
                    "headers": [{"name": "Authorization", "value": format!("Bearer {uuid}")}],
                },
                "response": {
                    "status": 200,
                    "content": {"mimeType": "application/json", "text": body.to_string()},
                },
            })
        })
        .collect();
    json!({ "log": { "version": "1.2", "entries": rows } }).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_same_calls_with_other_values_are_no_change(
        calls in prop::collection::vec((0usize..4, any::<u32>()), 1..20),
        keys in (any::<u32>(), any::<u32>()),
    ) {
        let folder = Folder::new();
        let old = folder.file("old.har", made_up(&calls, keys.0, "2026-01-02"));
        let mut shuffled = calls.clone();
        shuffled.reverse();
        shuffled.rotate_left(keys.1 as usize % calls.len());
        let new = folder.file("new.har", made_up(&shuffled, keys.1, "2026-03-04"));
        let found = changes(&["--no-config", &old, &new]);
        prop_assert!(found.is_empty(), "{:#?}", found);
    }
}

/// A call with a form and an answer.
fn form_call(form: &str, answer: &Value) -> Value {
    json!({
        "request": {
            "method": "POST", "url": "https://api.example.org/v1/orders/17/price",
            "postData": { "mimeType": "application/x-www-form-urlencoded", "text": form },
        },
        "response": { "status": 200,
            "content": { "mimeType": "application/json", "text": answer.to_string() } },
    })
}

fn har(entries: &[Value]) -> String {
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

#[test]
fn with_a_manifest_a_change_says_what_it_does_to_the_status() {
    let folder = Folder::new();
    let ok = json!({ "price": 1 });
    let old = folder.file(
        "old.har",
        har(&[form_call("order=a", &ok), form_call("order=a", &ok)]),
    );
    let new = folder.file("new.har", har(&[form_call("order=a&coupon_scene=x", &ok)]));
    let manifest = folder.file(
        "manifest.toml",
        "[[endpoint]]\nmethod = \"POST\"\nroute = \"/v1/orders/<id>/price\"\nparams = [\"order\"]\n",
    );
    let args = ["--no-config", "--manifest", &manifest, &old, &new];
    let found = changes(&args);
    assert_eq!(told(&found), pairs(&[("param-new", "coupon_scene")]));
    assert_eq!(
        found[0]["effect"],
        json!({ "old": "implemented", "new": "partial", "beyond": ["coupon_scene"] })
    );
    let text = found[0]["text"].as_str().unwrap();
    assert!(
        text.ends_with("Implemented → Partial: sends `coupon_scene`"),
        "{text}"
    );
}

#[test]
fn source_code_may_stand_for_the_manifest() {
    let folder = Folder::new();
    let code = "import requests\n\ndef price(order):\n    return requests.post('https://api.example.org/v1/orders/17/price', data={'order': order})\n";
    folder.file("src/client.py", code);
    let config = folder.file("harcov.toml", "manifest = [\"scan:src\"]\n");
    let ok = json!({ "price": 1 });
    let old = folder.file("old.har", har(&vec![form_call("order=a", &ok); 2]));
    let new = folder.file("new.har", har(&vec![form_call("order=a&scene=x", &ok); 2]));
    let found = changes(&["--config", &config, &old, &new]);
    assert_eq!(told(&found), pairs(&[("param-new", "scene")]));
    assert_eq!(
        found[0]["effect"],
        json!({ "old": "implemented", "new": "partial", "beyond": ["scene"] })
    );
    assert_eq!(
        found[0]["place"],
        json!({ "file": "src/client.py", "line": 4 })
    );
}

#[test]
fn an_absence_is_told_with_its_support_or_not_at_all() {
    let folder = Folder::new();
    let with = json!({ "price": 1, "note": "a b", "inner": { "x": "a b", "y": 1 } });
    let without = json!({ "price": 1, "inner": { "x": "a b", "y": 1 } });
    let empty = json!({ "price": 1, "inner": {} });
    let call = |answer: &Value| form_call("order=1", answer);
    let file = |name: &str, answers: &[&Value]| {
        let calls: Vec<Value> = answers.iter().map(|answer| call(answer)).collect();
        folder.file(name, har(&calls))
    };
    let half = file("half.har", &[&with, &without]);
    let one = file("one.har", &[&without]);
    assert!(changes(&["--no-config", &half, &one]).is_empty());
    let all = file("all.har", &[&with, &with, &with, &with]);
    let found = changes(&["--no-config", &all, &one]);
    assert_eq!(told(&found), pairs(&[("field-gone", "note")]));
    assert_eq!(
        (&found[0]["support"], &found[0]["level"]),
        (&json!({ "old": [4, 4], "new": [0, 1] }), &json!("breaking"),)
    );
    // One answer against one is told, but as little more than a hint.
    let single = file("single.har", &[&with]);
    assert_eq!(changes(&["--no-config", &single, &one])[0]["level"], "info");
    // What holds a field has to be there for the field to be gone.
    let gone = changes(&[
        "--no-config",
        &all,
        &file("empty.har", &[&empty, &empty, &empty]),
    ]);
    assert_eq!(
        told(&gone),
        pairs(&[
            ("field-gone", "inner.x"),
            ("field-gone", "inner.y"),
            ("field-gone", "note")
        ])
    );
    let none = file(
        "none.har",
        &[&json!({ "price": 1, "note": "a b", "inner": null })],
    );
    assert!(changes(&["--no-config", &all, &none]).is_empty());
}

#[test]
fn a_new_name_for_the_same_thing_is_guessed() {
    let folder = Folder::new();
    let answer = json!({ "total_price": 1 });
    let calls = |form: &str, answer: &Value| har(&vec![form_call(form, answer); 4]);
    let old = folder.file("old.har", calls("voucher_code=a+b&pay_type=CARD", &answer));
    let new = folder.file(
        "new.har",
        calls("voucherCode=a+b&pay_type=CARD", &json!({ "totalPrice": 1 })),
    );
    let found = changes(&["--no-config", &old, &new]);
    let guesses: Vec<&Value> = found.iter().filter(|row| row["guess"] == true).collect();
    let names: Vec<(&Value, &Value)> = guesses
        .iter()
        .map(|row| (&row["old"], &row["new"]))
        .collect();
    assert_eq!(
        names,
        [
            (&json!("voucher_code"), &json!("voucherCode")),
            (&json!("total_price"), &json!("totalPrice")),
        ]
    );
    assert!(
        guesses[0]["text"]
            .as_str()
            .unwrap()
            .contains("a guess: the names are alike")
    );
}

#[test]
fn the_configuration_sets_levels_and_ignores() {
    let folder = Folder::new();
    let found = changes(&["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER]);
    let fingerprint = found[0]["fingerprint"].as_str().unwrap();
    let config = folder.file(
        "harcov.toml",
        format!(
            "[diff.levels]\nparam-new = \"breaking\"\nfield-constant-new = \"none\"\n\n[[diff.ignore]]\nfingerprint = \"{fingerprint}\"\nreason = \"The client reads both.\"\nuntil = 2026-01-31\n",
        ),
    );
    let ran =
        |extra: &[&str]| diff(&[&["--config", &config, WOMOVIE, WOMOVIE_LATER], extra].concat());
    let json = ran(&["--format", "json"]).json();
    assert_eq!(
        json["counts"],
        json!({ "breaking": 1, "warning": 1, "info": 1, "ignored": 1 })
    );
    assert_eq!(json["ignored"][0]["reason"], "The client reads both.");
    // As it was when the names of a route's parameters were part of it.
    let earlier = folder.file(
        "earlier.toml",
        "[[diff.ignore]]\nfingerprint = \"8502a6297bb3\"\n",
    );
    let earlier = diff(&[
        "--config",
        &earlier,
        WOMOVIE,
        WOMOVIE_LATER,
        "--format",
        "json",
    ])
    .json();
    assert_eq!(earlier["ignored"][0]["fingerprint"], fingerprint);
    let ended = ran(&["--format", "json", "--today", "2026-02-01"]).json();
    assert_eq!(ended["counts"]["ignored"], 0);
    assert!(
        ended["notes"][0].as_str().unwrap().contains("2026-01-31"),
        "{ended}"
    );
    let wrong = folder.file("wrong.toml", "[diff.levels]\nparam-knew = \"info\"\n");
    let ran = diff(&["--config", &wrong, WOMOVIE, WOMOVIE_LATER]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("no change has the code `param-knew`"),
        "{}",
        ran.err
    );
}

#[test]
fn exit_codes_follow_what_was_asked() {
    let sides = ["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER];
    for (extra, code) in [
        (&[][..], 0),
        (&["--exit-code"], 1),
        (&["--fail-on", "breaking"], 1),
        (&["--fail-on", "info"], 1),
    ] {
        assert_eq!(diff(&[&sides[..], extra].concat()).code, code, "{extra:?}");
    }
    let same = [
        "--config",
        WOMOVIE_CONFIG,
        WOMOVIE,
        WOMOVIE,
        "--fail-on",
        "info",
        "--exit-code",
    ];
    assert_eq!(diff(&same).code, 0);
    let mut report = String::new();
    for args in [
        &[WOMOVIE][..],
        &[WOMOVIE, BOOKSTORE, WOMOVIE],
        &[WOMOVIE, "no.har"],
    ] {
        let args = [&["diff", "--no-config"], args].concat();
        report += &transcript(&args, &harcov(&args));
        report += "\n\n";
    }
    snapshot("diff-errors", report.trim_end());
}

#[test]
fn sides_may_have_several_captures() {
    let folder = Folder::new();
    let all = entries(&mut capture(WOMOVIE)).clone();
    let halves: Vec<String> = all
        .chunks(31)
        .enumerate()
        .map(|(n, part)| {
            let mut piece = capture(WOMOVIE);
            *entries(&mut piece) = part.to_vec();
            folder.file(&format!("{n}.har"), piece.to_string())
        })
        .collect();
    let ran = diff(&[
        "--format",
        "json",
        "--no-config",
        &halves[0],
        &halves[1],
        "--",
        WOMOVIE,
    ]);
    let codes = told(ran.json()["changes"].as_array().unwrap());
    assert_eq!(codes, pairs(&[]));
}

#[test]
fn a_comment_stays_within_what_github_takes() {
    let folder = Folder::new();
    let call = |n: usize| {
        json!({
            "request": { "method": "GET", "url": format!("https://api.example.org/v1/{}/list`{n}", word(n)) },
            "response": { "status": 200, "content": { "mimeType": "application/json", "text": "{\"a\":1}" } },
        })
    };
    let old = folder.file("old.har", har(&[call(0)]));
    let calls: Vec<Value> = (0..900).map(call).collect();
    let new = folder.file("new.har", har(&calls));
    let text = diff(&["--no-config", &old, &new, "--format", "md"]).fine();
    assert!(text.len() <= 65_536, "{}", text.len());
    assert!(text.starts_with("<!-- harcov-diff -->\n"));
    let last = text.lines().last().unwrap();
    assert!(last.contains("more changes"), "{last}");
    let shown = text
        .lines()
        .filter(|line| line.starts_with("- the endpoint is new"))
        .count();
    assert!(
        last.starts_with(&(899 - shown).to_string()),
        "{shown}: {last}"
    );
}

/// A word of letters for a number.
fn word(n: usize) -> String {
    let letters = b"abcdefghij";
    let digits = format!("{n:03}");
    let pick = |digit: u8| {
        [
            "lo",
            char::from(letters[usize::from(digit - b'0')])
                .to_string()
                .as_str(),
        ]
        .concat()
    };
    digits.bytes().map(pick).collect()
}

#[test]
fn annotations_cannot_be_forged() {
    let folder = Folder::new();
    let call = |name: &str| form_call(&format!("{name}=1"), &json!({ "price": 1 }));
    let old = folder.file("old.har", har(&[call("order")]));
    let new = folder.file("new.har", har(&[call("a%0A::error::b,title=x%25")]));
    let text = diff(&["--no-config", &old, &new, "--format", "github"]).fine();
    let (annotations, _) = text.trim_end().rsplit_once('\n').unwrap();
    for line in annotations.lines() {
        assert!(line.starts_with("::"), "{line}");
        assert_eq!(
            line.matches("::error").count(),
            usize::from(line.starts_with("::error")) + usize::from(line.contains("␊::error")),
            "{line}"
        );
    }
    assert_eq!(text.lines().count(), text.matches('\n').count());
}

/// Runs git in a folder, without a user's own settings.
fn git(folder: &Folder, args: &[&str]) -> Option<String> {
    let run = Command::new("git")
        .args([
            "-c",
            "user.name=test",
            "-c",
            "user.email=test@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(args)
        .current_dir(folder.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder.path())
        .output()
        .ok()?;
    assert!(
        run.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    Some(String::from_utf8(run.stdout).unwrap())
}

/// A repository in which captures are told apart by harcov, with the sample in it; nothing without git.
fn repository(setting: &str, command: &str) -> Option<Folder> {
    let folder = Folder::new();
    if git(&folder, &["--version"]).is_none() {
        eprintln!("git is not here; its diff driver was not tried");
        return None;
    }
    let driver = format!("\"{}\" {command}", env!("CARGO_BIN_EXE_harcov"));
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["config", setting, &driver]);
    folder.file(".gitattributes", "*.har diff=har\n");
    folder.file("api.har", std::fs::read(WOMOVIE).unwrap());
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "-m", "old"]);
    folder.file("api.har", std::fs::read(WOMOVIE_LATER).unwrap());
    Some(folder)
}

#[test]
fn git_shows_changes_of_the_api() {
    let driver = "inventory --no-config --textconv";
    let Some(folder) = repository("diff.har.textconv", driver) else {
        return;
    };
    let changed = |text: &str| -> String {
        let lines = text.lines().filter(|line| line.starts_with(['+', '-']));
        let own = lines.filter(|line| !line.starts_with("+++") && !line.starts_with("---"));
        own.collect::<Vec<_>>().join("\n")
    };
    let diff = changed(&git(&folder, &["diff", "-U0"]).unwrap());
    snapshot("diff-git", &diff);
    git(&folder, &["commit", "--quiet", "-a", "-m", "new"]);
    assert_eq!(
        changed(&git(&folder, &["log", "-p", "-1", "-U0"]).unwrap()),
        diff
    );
}

#[test]
fn git_asks_for_the_diff_itself() {
    let Some(folder) = repository("diff.har.command", "diff --git --no-config --lang en") else {
        return;
    };
    let told = git(&folder, &["--no-pager", "diff"]).unwrap();
    assert!(told.starts_with("harcov diff api.har\n"), "{told}");
    for line in [
        "the response field `data.pay_price` was `number` and is `string`",
        "the form parameter `coupon_scene` (`string`) is new (0 of 3 before, 3 of 3 now)",
    ] {
        assert!(told.contains(line), "{told}");
    }
    git(&folder, &["commit", "--quiet", "-a", "-m", "new"]);
    let log = ["--no-pager", "log", "-p", "-1", "--ext-diff", "--format="];
    assert_eq!(git(&folder, &log).unwrap().trim(), told.trim());
    // What is no capture is told, and the next file is shown all the same; files come and go.
    folder.file("api.har", "{");
    folder.file("more.har", std::fs::read(BOOKSTORE).unwrap());
    git(&folder, &["add", "."]);
    let told = git(&folder, &["--no-pager", "diff", "--cached"]).unwrap();
    let (broken, new) = told.split_once("harcov diff more.har\n").unwrap();
    assert!(broken.contains("api.har"), "{told}");
    assert!(new.contains("the endpoint is new"), "{told}");
    git(&folder, &["commit", "--quiet", "-m", "more"]);
    git(&folder, &["rm", "--quiet", "more.har"]);
    let told = git(&folder, &["--no-pager", "diff", "--cached"]).unwrap();
    assert!(
        told.contains("the endpoint is not observed any more"),
        "{told}"
    );
}

#[test]
fn annotations_stand_where_the_manifest_names_the_endpoint() {
    let sides = ["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER];
    let manifest = std::fs::read_to_string("har-samples/womovie/manifest.toml").unwrap();
    for row in changes(&sides) {
        let (line, file) = (
            row["place"]["line"].as_u64().unwrap(),
            &row["place"]["file"],
        );
        assert_eq!(file, "manifest.toml");
        let line = usize::try_from(line).unwrap();
        let (_, route) = row["endpoint"].as_str().unwrap().split_once(' ').unwrap();
        let claimed = manifest.contains(&format!("\"{route}\""));
        assert_eq!(line > 1, claimed, "{row}");
        if claimed {
            let entry: Vec<&str> = manifest.lines().skip(line - 1).take(4).collect();
            assert!(entry.concat().contains(route), "{row}: {entry:?}");
        }
    }
    let told = diff(&[&sides[..], &["--format", "github", "--lang", "en"]].concat()).fine();
    assert!(
        told.starts_with("::error file=har-samples/womovie/manifest.toml,line="),
        "{told}"
    );
    assert!(
        told.ends_with("1 breaking, 3 warnings, 1 for information.\n"),
        "{told}"
    );
}

#[test]
fn the_day_may_come_from_the_environment() {
    let folder = Folder::new();
    let found = changes(&["--config", WOMOVIE_CONFIG, WOMOVIE, WOMOVIE_LATER]);
    let fingerprint = found[0]["fingerprint"].as_str().unwrap();
    let config = folder.file(
        "harcov.toml",
        format!("[[diff.ignore]]\nfingerprint = \"{fingerprint}\"\nuntil = 2026-01-31\n"),
    );
    let ignored = |epoch: &str| {
        let args = [
            "diff",
            "--config",
            &config,
            WOMOVIE,
            WOMOVIE_LATER,
            "--format",
            "json",
        ];
        let run = Command::new(env!("CARGO_BIN_EXE_harcov"))
            .args(args)
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .unwrap();
        let diff: Value = serde_json::from_slice(&run.stdout).unwrap();
        diff["counts"]["ignored"].as_u64()
    };
    assert_eq!(ignored("1769817600"), Some(1));
    assert_eq!(ignored("1769904000"), Some(0));
}

#[test]
fn many_captures_are_counted_and_not_all_named() {
    let folder = Folder::new();
    let call = |n: usize| form_call(&format!("order={n}"), &json!({ "price": 1 }));
    for n in 0..200 {
        folder.file(
            &format!("old/{n:03}-of-a-capture-with-a-long-name.har"),
            har(&[call(n)]),
        );
    }
    let new = folder.file(
        "new.har",
        har(&[call(1), form_call("card=1", &json!({ "price": 1 }))]),
    );
    let text = diff(&[
        "--no-config",
        "--lang",
        "en",
        &folder.at("old"),
        &new,
        "--format",
        "md",
    ])
    .fine();
    assert!(text.len() < 3_000, "{}", text.len());
    assert!(
        text.contains(" and 195 more: 200 requests to 1 endpoint"),
        "{text}"
    );
}
