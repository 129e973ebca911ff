//! The files that people write: every problem is told with its place and a remedy, in one run.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use harcov::config::{self, Config, Deny, Diagnostic, Diagnostics, Level, Status};
use harcov::locale::Lang;
use harcov::manifest;
use harcov::route::ParamStyle;
use serde_json::Value;

/// What a person sees of a file: its problems, or that it is valid with its warnings.
fn told<T>(result: Result<T, Diagnostics>, warnings: impl Fn(&T) -> &[Diagnostic]) -> String {
    let valid = match result {
        Ok(valid) => valid,
        Err(problems) => return problems.to_string(),
    };
    let mut out = "valid".to_owned();
    for warning in warnings(&valid) {
        write!(out, "\n{warning}").unwrap();
    }
    out
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn snapshots(name: &str, read: impl Fn(&str, &Path) -> String) {
    settings().bind(|| {
        insta::glob!("settings", &format!("{name}/*.toml"), |file| {
            let text = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
            let shown = Path::new(file.file_name().unwrap());
            insta::assert_snapshot!(name, read(&text, shown));
        });
    });
}

#[test]
fn problems_of_configurations() {
    snapshots("config", |text, file| {
        told(config::parse(text, file), |config| &config.warnings)
    });
}

#[test]
fn problems_of_manifests() {
    snapshots("manifest", |text, file| {
        told(manifest::parse(text, file), |manifest| &manifest.warnings)
    });
}

fn fixture(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/settings")
        .join(name);
    std::fs::read_to_string(file).unwrap()
}

/// Every key that a schema knows, in any of its tables.
fn keys(schema: &Value) -> BTreeSet<&str> {
    let tables = schema["$defs"].as_object().into_iter().flatten();
    let tables = tables.map(|(_, table)| table).chain([schema]);
    let properties = tables.filter_map(|table| table["properties"].as_object());
    properties.flatten().map(|(key, _)| key.as_str()).collect()
}

#[test]
fn the_documented_examples_are_valid() {
    let config = config::parse(&fixture("design/harcov.toml"), Path::new("harcov.toml")).unwrap();
    assert_eq!(config.warnings, []);
    assert_eq!(config.lang, Some(Lang::ZhCn));
    assert_eq!(config.modules[0].name.get(Lang::En), "Voucher pricing");
    assert_eq!(config.routes[0].split_by, ["voucher_type"]);
    let text = fixture("design/manifest.toml");
    let manifest = manifest::parse(&text, Path::new("manifest.toml")).unwrap();
    assert_eq!(manifest.warnings, []);
    assert_eq!(manifest.claims[0].status, Status::Partial);
    assert_eq!(manifest.claims[0].source, ["services/order.py:42"]);
}

/// A file that claims to show every key shows every key.
fn assert_complete(text: &str, schema: &Value) {
    for key in keys(schema) {
        let said = [format!("{key} = "), format!("[{key}]"), format!(".{key}]]")];
        assert!(said.iter().any(|said| text.contains(said)), "{key}");
    }
}

#[test]
fn every_key_of_a_configuration_is_read() {
    let text = fixture("complete/harcov.toml");
    assert_complete(&text, &config::schema());
    let config = config::parse(&text, Path::new("api/harcov.toml")).unwrap();
    let english =
        |prose: &Option<config::Prose>| prose.as_ref().map(|p| p.get(Lang::En).to_owned());
    let shown =
        |regexes: &[regex::Regex]| regexes.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(english(&config.title).as_deref(), Some("Ticket client"));
    assert!(config.overview.is_some() && config.summary.is_some());
    assert_eq!(config.diff.levels.len(), 2);
    assert_eq!(config.diff.ignore[0].until.as_deref(), Some("2026-01-31"));
    assert_eq!(config.captures, [Path::new("api/captures")]);
    assert_eq!(config.manifests[1], Path::new("api/legacy/manifest.toml"));
    assert_eq!(config.param_style, ParamStyle::Brace);
    assert_eq!(config.scope.hosts, ["ct.example.cn", "*.example.com:8443"]);
    assert_eq!(shown(&config.scope.exclude), ["^/static/", r"\.map$"]);
    assert_eq!(shown(&config.scope.include), ["^/static/api/"]);
    let limits = config.scope.limits;
    assert_eq!((limits.calls, limits.names), (50_000, 500));
    assert_eq!((limits.values, limits.repeats), (1_000_000, 100_000));
    assert_eq!((limits.roles, limits.waits, limits.states), (100, 200, 300));

    let corrections = (&config.corrections.literals, &config.corrections.params);
    assert_eq!((corrections.0.len(), corrections.1.len()), (2, 2));
    let place = &corrections.1[0].1;
    assert_eq!((place.file.as_str(), place.column), ("api/harcov.toml", 10));

    let route = &config.routes[0];
    assert_eq!(
        route.pin.template.params().collect::<Vec<_>>(),
        ["cinema_id"]
    );
    assert_eq!(english(&route.title).as_deref(), Some("Vouchers of a kind"));
    assert_eq!(route.split_by, ["voucher_type", "kind"]);
    assert_eq!(route.labels["VGC_T"].get(Lang::ZhCn), "票券");

    let [order, voucher] = config.groups.as_slice() else {
        panic!("two groups")
    };
    assert_eq!(
        (order.name.as_str(), order.unlisted),
        ("order", Status::Missing)
    );
    assert_eq!(english(&voucher.title).as_deref(), Some("Vouchers"));
    assert_eq!(voucher.unlisted, Status::Unknown);

    let rule = &config.rules[0];
    let regexes = [&rule.path, &rule.host, &rule.query, &rule.operation];
    let regexes = regexes.map(|regex| regex.as_ref().unwrap().as_str());
    let written = [
        "/(user/voucher|order/(voucher|vcc))",
        r"^ct\.",
        "^voucher_",
        "Voucher",
    ];
    assert_eq!(regexes, written);
    assert_eq!(
        (rule.group.as_str(), rule.methods.as_slice()),
        ("voucher", &["GET".to_owned()][..])
    );
    assert_eq!(rule.priority, Some(Level::Low));
    assert_eq!(rule.location.to_string(), "api/harcov.toml:59:1");

    let module = &config.modules[0];
    assert_eq!(module.endpoints[1].as_str(), "*/vcc/*");
    assert_eq!(
        (module.priority, module.summary.is_some()),
        (Some(Level::High), true)
    );
    let flow = &config.flows[0];
    let with: Vec<_> = flow.steps[1]
        .with
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    assert_eq!(with, ["all=true", "page=1", "sign=", "voucher_type=VGC_T"]);
    assert!(flow.steps[2].endpoint.is_none() && flow.summary.is_some());
    let finding = &config.findings[0];
    assert!(finding.title.is_some() && finding.endpoint.is_some());
    assert_eq!(config.priorities[0].level, Level::High);
    assert!(config.priorities[0].reason.is_some());

    let gate = &config.gate;
    assert_eq!(gate.deny.as_deref(), Some(&[Deny::New, Deny::Expired][..]));
    assert_eq!(gate.baseline.as_deref(), Some(Path::new("api/known.toml")));
    assert_eq!(gate.stale[1].0, "gitlab=quality.json");
    let limits: Vec<_> = gate
        .limits
        .iter()
        .map(|l| (l.fail_under, l.max_missing))
        .collect();
    assert_eq!(limits, [(Some(62.5), Some(12)), (Some(100.0), Some(0))]);
    let limit = &gate.limits[1];
    assert_eq!(
        (limit.group.as_deref(), limit.priority),
        (Some("order"), Some(Level::High))
    );
}

#[test]
fn every_key_of_a_manifest_is_read() {
    let text = fixture("complete/manifest.toml");
    assert_complete(&text, &manifest::schema());
    let manifest = manifest::parse(&text, Path::new("api/manifest.toml")).unwrap();
    let [change, users, graphql] = manifest.claims.as_slice() else {
        panic!("three claims")
    };
    assert_eq!(
        (change.method.as_str(), change.status),
        ("POST", Status::Partial)
    );
    assert_eq!(change.host.as_deref(), Some("ct.example.cn"));
    assert_eq!(change.operation.as_deref(), Some("change"));
    assert_eq!(change.params.as_deref().unwrap(), ["order_id", "pay_type"]);
    assert_eq!(change.values["pay_type"], ["WECHAT", "1"]);
    assert_eq!(change.values["final"], ["true"]);
    assert_eq!(change.source, ["services/order.py:42", "services/pay.py:7"]);
    assert!(change.title.is_some() && change.note.is_some());
    assert_eq!(change.priority, Some(Level::High));
    assert_eq!((users.status, &users.params), (Status::Implemented, &None));
    assert_eq!(graphql.status, Status::Excluded);
    assert_eq!(graphql.date.as_deref(), Some("2026-01-31"));
    assert_eq!(graphql.until.as_deref(), Some("2027-01-31"));
    assert_eq!(
        graphql.reference.as_deref(),
        Some("https://example.com/adr/7")
    );
    assert!(graphql.reason.is_some());
    assert_eq!(graphql.location.to_string(), "api/manifest.toml:20:1");
}

#[test]
fn templates_said_by_hand_become_pins() {
    let config = config::parse(&fixture("complete/harcov.toml"), Path::new("c")).unwrap();
    let pins = config.pins().pins;
    assert_eq!(pins[0].methods, ["GET", "POST"]);
    assert_eq!(pins[0].host.as_deref(), Some("ct.example.cn"));
    assert!(pins[1].methods.is_empty() && pins[1].host.is_none());
    let manifest = manifest::parse(&fixture("complete/manifest.toml"), Path::new("m")).unwrap();
    let pins = manifest.pins().pins;
    assert_eq!(pins.len(), 3);
    assert!(pins[1].template.matches(["users", "7"]));
}

#[test]
fn schemas_describe_every_key() {
    for (name, schema) in [
        ("config", config::schema()),
        ("manifest", manifest::schema()),
    ] {
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert!(schema["title"].is_string() && schema["description"].is_string());
        let tables = schema["$defs"].as_object().unwrap();
        for table in tables.values().chain([&schema]) {
            assert!(table["description"].is_string(), "{name}: {table}");
            for (key, value) in table["properties"].as_object().into_iter().flatten() {
                assert!(value["description"].is_string(), "{name}: {key}");
            }
        }
        let text = serde_json::to_string_pretty(&schema).unwrap();
        assert!(!text.contains("null"), "TOML has no null");
        settings().bind(|| insta::assert_snapshot!(format!("{name}.schema.json"), text));
    }
}

#[test]
fn manifests_are_read_together() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let users = "[[endpoint]]\nmethod = 'GET'\nroute = '/users/<user_id>'\n";
    let one = write("one.toml", users);
    let orders = "[[endpoint]]\nmethod = 'GET'\nroute = '/orders'\nstatus = 'excluded'\n";
    let two = write("two.toml", orders);
    let all = manifest::load(&[one.clone(), two.clone()], &config::SpecConfig::default()).unwrap();
    assert_eq!((all.claims.len(), all.warnings.len()), (2, 1));

    let again = write("again.toml", &users.replace("user_id", "id"));
    let bad = write("bad.toml", "endpoints = []\n");
    let openapi = write("manifest.txt", "openapi: 3.1.0\n");
    let problems = manifest::load(
        &[one, two, again, bad, openapi],
        &config::SpecConfig::default(),
    )
    .unwrap_err();
    let shown = problems.to_string();
    let shown = shown.replace(&folder.path().join("").display().to_string(), "");
    settings().bind(|| insta::assert_snapshot!("manifests-together", shown));

    let missing = manifest::load(
        &["nowhere/manifest.toml".into()],
        &config::SpecConfig::default(),
    )
    .unwrap_err();
    let shown = missing.to_string();
    assert!(
        shown.starts_with("nowhere/manifest.toml: the file cannot be read: "),
        "{shown}"
    );
    assert!(shown.ends_with("; check the path"), "{shown}");
}

#[test]
fn without_a_file_nothing_is_assumed() {
    let config = Config::default();
    assert!(config.file.is_none() && config.captures.is_empty() && config.rules.is_empty());
    let empty = config::parse("", Path::new("harcov.toml")).unwrap();
    assert!(empty.groups.is_empty() && empty.scope.hosts.is_empty() && empty.lang.is_none());
    assert!(
        manifest::parse("", Path::new("m.toml"))
            .unwrap()
            .claims
            .is_empty()
    );
}

#[test]
fn groups_may_be_named_by_the_rules_alone() {
    let text = "[[rule]]\ngroup = 'b'\npath = 'x'\n[[rule]]\ngroup = 'a'\npath = 'y'\n\
                [[rule]]\ngroup = 'b'\npath = 'z'\n[[rule]]\ngroup = 'other'\n";
    let config = config::parse(text, Path::new("harcov.toml")).unwrap();
    let names: Vec<&str> = config.groups.iter().map(|g| g.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
}

proptest::proptest! {
    /// Whatever a file holds, reading it ends with a result.
    #[test]
    fn no_text_panics(text in "\\PC*|([a-z\\[\\]{}=\"'.,# \n0-9\u{feff}券]|endpoint|rule|title)*") {
        let _ = config::parse(&text, Path::new("c")).map_err(|e| e.to_string());
        let _ = manifest::parse(&text, Path::new("m")).map_err(|e| e.to_string());
    }
}

#[test]
fn the_samples_are_valid() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("har-samples");
    for name in ["womovie", "bookstore"] {
        let config = config::load(&samples.join(name).join(config::FILE_NAME)).unwrap();
        assert_eq!(config.warnings, [], "{name}");
        assert!(config.captures.iter().all(|capture| capture.exists()));
        let manifest = manifest::load(&config.manifests, &config::SpecConfig::default()).unwrap();
        assert_eq!(manifest.warnings, [], "{name}");
        assert!(!manifest.claims.is_empty());
    }
}
