//! `harcov check`: limits, what is denied, the baseline, stale reports.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;

use common::{Folder, Ran, WOMOVIE, WOMOVIE_CONFIG, harcov, snapshot};
use serde_json::{Value, json};

/// A day on which nothing of the tests is over.
const TODAY: &str = "2026-01-31";

fn check(args: &[&str]) -> Ran {
    let today: &[&str] = if args.contains(&"--today") {
        &[]
    } else {
        &["--today", TODAY]
    };
    harcov(&[&["check"], today, args].concat())
}

/// A check of the womovie sample in English.
fn sample(args: &[&str]) -> Ran {
    check(&[&["--config", WOMOVIE_CONFIG, "--lang", "en"][..], args].concat())
}

/// The codes of the violations, with what they are about.
fn violations(ran: &Ran) -> Vec<String> {
    let verdict = ran.json();
    assert_eq!(verdict["passed"], ran.code == 0);
    let rows = verdict["violations"].as_array().unwrap();
    let subject = |row: &Value| {
        let endpoint = row["endpoint"].as_str();
        let subject = endpoint.unwrap_or_else(|| row["subjects"][0].as_str().unwrap());
        format!("{} {subject}", row["code"].as_str().unwrap())
    };
    rows.iter().map(subject).collect()
}

/// A small API: `GET /a/` is implemented, `GET /b/` sends more than the manifest lists, `GET /c/` is
/// excluded until a day, `GET /d/` is in no capture, and `GET /e/` is in no manifest.
struct Project(Folder);

const MANIFEST: &str = "
[[endpoint]]
method = 'GET'
route = '/v1/a/'

[[endpoint]]
method = 'GET'
route = '/v1/b/'
params = ['page']

[[endpoint]]
method = 'GET'
route = '/v1/c/'
status = 'excluded'
reason = 'Next year.'
until = 2026-06-30

[[endpoint]]
method = 'GET'
route = '/v1/d/'
";

impl Project {
    fn new(gate: &str) -> Self {
        let folder = Folder::new();
        folder.file("manifest.toml", MANIFEST);
        let project = Project(folder);
        project.captured(&["a/", "b/?page=1&size=2", "c/", "e/"]);
        project.gate(gate);
        project
    }

    fn captured(&self, paths: &[&str]) {
        let entries: Vec<Value> = paths
            .iter()
            .map(|path| {
                json!({
                    "startedDateTime": "2026-01-01T00:00:00Z",
                    "time": 1,
                    "request": { "method": "GET", "url": format!("https://api.example/v1/{path}"), "headers": [] },
                    "response": { "status": 200, "headers": [], "content": { "mimeType": "application/json", "text": "{\"ok\":true}" } }
                })
            })
            .collect();
        let capture = json!({ "log": { "version": "1.2", "entries": entries } });
        self.0.file("a.har", capture.to_string());
    }

    fn gate(&self, gate: &str) {
        let text = format!("captures = 'a.har'\nmanifest = 'manifest.toml'\n{gate}");
        self.0.file("harcov.toml", text);
    }

    fn check(&self, args: &[&str]) -> Ran {
        let config = self.0.at("harcov.toml");
        check(&[&["--config", &config][..], args].concat())
    }

    fn violations(&self, args: &[&str]) -> Vec<String> {
        let ran = self.check(&[&["--format", "json"][..], args].concat());
        assert!(ran.code < 2, "{}", ran.err);
        violations(&ran)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.at(name)).unwrap()
    }
}

#[test]
fn the_verdict_in_every_language() {
    for lang in ["en", "zh-CN"] {
        let limits = [
            "--fail-under",
            "80",
            "--max-missing",
            "high=0",
            "--deny",
            "new",
        ];
        let args = [&["--config", WOMOVIE_CONFIG, "--lang", lang][..], &limits].concat();
        let ran = check(&args);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""));
        snapshot(&format!("check_womovie_{lang}.txt"), &ran.out);
        let ran = check(&[&args[..], &["--format", "json"]].concat());
        snapshot(&format!("check_womovie_{lang}.json"), &ran.out);
    }
}

#[test]
fn limits_hold_for_all_for_groups_and_for_priorities() {
    let passes = |args: &[&str]| {
        let ran = sample(args);
        assert!(ran.code < 2, "{}", ran.err);
        ran.code == 0
    };
    assert!(passes(&["--fail-under", "29.4"]));
    assert!(!passes(&["--fail-under", "29.5"]));
    assert!(passes(&["--fail-under", "user=100"]));
    assert!(!passes(&[
        "--fail-under",
        "user=100",
        "--fail-under",
        "order=50"
    ]));
    assert!(passes(&["--fail-under", "medium=57"]));
    assert!(!passes(&["--fail-under", "priority:high=26"]));
    assert!(passes(&["--max-missing", "8"]));
    assert!(!passes(&["--max-missing", "7"]));
    assert!(passes(&["--max-missing", "group:order=3"]));
    assert!(!passes(&["--max-missing", "high=1"]));
}

#[test]
fn limits_stand_in_the_configuration_and_the_command_line_wins() {
    let gate = "[gate]\nfail_under = 50\n[[gate.limit]]\npriority = 'high'\nmax_missing = 0\n[[gate.limit]]\ngroup = 'all'\npriority = 'low'\nmax_missing = 0\n[[rule]]\ngroup = 'all'\npath = '/'\n";
    let project = Project::new(gate);
    assert_eq!(
        project.violations(&[]),
        ["coverage-low */*", "missing-many all/low"]
    );
    let verdict = project.check(&["--format", "json"]).json();
    assert_eq!(
        verdict["violations"][0]["place"],
        json!({ "file": "harcov.toml", "line": 3 })
    );
    assert_eq!(verdict["limits"].as_array().unwrap().len(), 3);
    assert_eq!(
        project.violations(&["--fail-under", "30"]),
        ["missing-many all/low"]
    );
}

#[test]
fn a_limit_on_nothing_cannot_be_told() {
    let project = Project::new("");
    project.captured(&[]);
    let ran = project.check(&["--fail-under", "1"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn names_of_nothing_are_errors() {
    let ran = sample(&["--fail-under", "ordr=50"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "error: no group or priority is called `ordr`; there are the groups `order`, `voucher`, `user`, `other`, and the priorities `high`, `medium` and `low`\n"
    );
    for args in [
        ["--fail-under", "101"],
        ["--max-missing", "a"],
        ["--deny", "old"],
        ["--today", "soon"],
    ] {
        let ran = harcov(&[&["check", "--config", WOMOVIE_CONFIG][..], &args].concat());
        assert_eq!(ran.code, 2, "{args:?}");
    }
}

#[test]
fn without_rules_nothing_may_be_new_unknown_unobserved_or_expired() {
    let project = Project::new("");
    let usual = ["endpoint-new GET /v1/e/", "endpoint-unobserved GET /v1/d/"];
    assert_eq!(project.violations(&[]), usual);
    let later = project.violations(&["--today", "2026-07-01"]);
    assert_eq!(later, [usual[0], usual[1], "exclusion-expired GET /v1/c/"]);
    // With limits, only what is over.
    assert_eq!(
        project.violations(&["--max-missing", "1"]),
        Vec::<String>::new()
    );
    let later = project.violations(&["--max-missing", "1", "--today", "2026-07-01"]);
    assert_eq!(later, ["exclusion-expired GET /v1/c/"]);
    // The last second of the last day.
    assert_eq!(project.violations(&["--today", "1782863999"]).len(), 2);
    assert_eq!(project.violations(&["--today", "1782864000"]).len(), 3);
}

#[test]
fn each_kind_can_be_denied() {
    let project = Project::new("[gate]\ndeny = ['partial', 'unobserved']\n");
    assert_eq!(
        project.violations(&[]),
        [
            "endpoint-partial GET /v1/b/",
            "endpoint-unobserved GET /v1/d/"
        ]
    );
    assert_eq!(
        project.violations(&["--deny", "new"]),
        ["endpoint-new GET /v1/e/"]
    );
    assert_eq!(
        project.violations(&["--deny", "missing"]),
        Vec::<String>::new()
    );
    let manifest =
        format!("{MANIFEST}\n[[endpoint]]\nmethod = 'GET'\nroute = '/v1/e/'\nstatus = 'missing'\n");
    project.0.file("manifest.toml", manifest);
    assert_eq!(
        project.violations(&["--deny", "missing"]),
        ["endpoint-missing GET /v1/e/"]
    );
}

#[test]
fn unknown_endpoints_are_denied() {
    let folder = Folder::new();
    let manifest = folder.file(
        "m.toml",
        "[[endpoint]]\nmethod = 'GET'\nroute = '/x'\nstatus = 'unknown'\n",
    );
    let ran = check(&[
        "--no-config",
        "--manifest",
        &manifest,
        "--deny",
        "unknown",
        "--format",
        "json",
        WOMOVIE,
    ]);
    assert!(violations(&ran).is_empty(), "{}", ran.out);
    let ran = check(&[
        "--no-config",
        "--deny",
        "unknown",
        "--format",
        "json",
        WOMOVIE,
    ]);
    let total = ran.json()["coverage"]["endpoints"]["total"].as_u64();
    assert_eq!(u64::try_from(violations(&ran).len()).ok(), total);
}

#[test]
fn a_baseline_lets_known_gaps_pass_and_only_shrinks_when_pruned() {
    let project =
        Project::new("[gate]\nbaseline = 'known.toml'\ndeny = ['new', 'partial', 'unobserved']\n");
    let ran = project.check(&[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("write it with --update-baseline"),
        "{}",
        ran.err
    );

    let ran = project.check(&["--update-baseline"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(
        ran.out,
        "The gate holds: 1 of 3 endpoints is implemented (33.3%). The baseline lets 3 known gaps pass.\n"
    );
    snapshot("check_baseline.toml", &project.read("known.toml"));
    assert_eq!(project.violations(&[]), Vec::<String>::new());

    // Reasons and days are kept.
    let known = project.read("known.toml").replace(
        "endpoint    = \"GET /v1/e/\"",
        "endpoint    = \"GET /v1/e/\"\nreason      = \"Paid at the counter.\"\nuntil       = 2026-03-31",
    );
    project.0.file("known.toml", &known);
    project.check(&["--update-baseline"]);
    assert!(
        project
            .read("known.toml")
            .contains("reason      = \"Paid at the counter.\"")
    );
    assert!(
        project
            .read("known.toml")
            .contains("until       = 2026-03-31")
    );

    // What is new fails, and so does what grew, or what is over.
    project.captured(&["a/", "b/?page=1&size=2&sort=3", "c/", "e/", "f/"]);
    assert_eq!(
        project.violations(&[]),
        ["endpoint-new GET /v1/f/", "endpoint-partial GET /v1/b/"]
    );
    let later = project.violations(&["--today", "2026-04-01"]);
    assert!(
        later.contains(&"endpoint-new GET /v1/e/".to_owned()),
        "{later:?}"
    );

    // Pruning adds nothing and takes out what is gone.
    let before = project.read("known.toml");
    let ran = project.check(&["--prune-baseline"]);
    assert_eq!(ran.code, 1);
    assert_eq!(project.read("known.toml"), before);
    project.captured(&["a/", "b/?page=1", "c/", "d/"]);
    let ran = project.check(&[]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("3 gaps of the baseline are gone"),
        "{}",
        ran.out
    );
    project.check(&["--prune-baseline"]);
    assert!(!project.read("known.toml").contains("[[gap]]"));
}

#[test]
fn a_gate_that_measured_nothing_does_not_hold() {
    let project = Project::new("[gate]\nbaseline = 'known.toml'\n");
    project.check(&["--update-baseline"]);
    let known = project.read("known.toml");
    for args in [
        &["--max-missing", "0"][..],
        &["--deny", "new", "-q"],
        &["--update-baseline"],
        &["--prune-baseline"],
    ] {
        let ran = project.check(&[&["--host", "typo.example"], args].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("routes --each-request"), "{}", ran.err);
        assert_eq!(project.read("known.toml"), known);
    }
}

#[test]
fn known_gaps_do_not_count_as_missing() {
    let project = Project::new("");
    let file = project.0.at("known.toml");
    let args = ["--baseline", &file, "--max-missing", "0"];
    let ran = project.check(&[&args[..], &["--update-baseline"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(project.violations(&args), Vec::<String>::new());
    project.captured(&["a/", "e/", "f/"]);
    let found = project.violations(&args);
    assert!(found.contains(&"missing-many */*".to_owned()), "{found:?}");
}

#[test]
fn a_broken_baseline_is_told_with_its_place() {
    let project = Project::new("");
    let file = project.0.file("known.toml", "[[gap]]\nfingerprint = 'x'\n");
    let ran = project.check(&["--baseline", &file]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("known.toml:2:15: a fingerprint has twelve"),
        "{}",
        ran.err
    );
    let ran = project.check(&["--prune-baseline"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("name it with --baseline FILE"),
        "{}",
        ran.err
    );
}

#[test]
fn a_stale_report_is_told_with_what_would_change() {
    let project = Project::new("[gate]\ndeny = []\nstale = ['gaps.md', 'gitlab=quality.json']\n");
    let config = project.0.at("harcov.toml");
    let write = |format: &str, name: &str| {
        let target = format!("{format}={}", project.0.at(name));
        harcov(&["report", "-q", "--config", &config, "--report", &target]).fine();
    };
    assert_eq!(
        project.violations(&[]),
        ["report-stale gaps.md", "report-stale quality.json"]
    );
    write("md", "gaps.md");
    write("gitlab", "quality.json");
    assert_eq!(project.violations(&[]), Vec::<String>::new());

    // Line breaks that a checkout changed are no difference.
    let text = project.read("gaps.md");
    project.0.file("gaps.md", text.replace('\n', "\r\n"));
    assert_eq!(project.violations(&[]), Vec::<String>::new());

    project.captured(&["a/", "b/?page=1&size=2", "c/", "d/", "e/"]);
    let ran = project.check(&["--stale", &project.0.at("gaps.md")]);
    assert_eq!(ran.code, 1);
    snapshot("check_stale.txt", &ran.out);
    let ran = project.check(&["--stale", "gaps"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("the name does not tell the format"),
        "{}",
        ran.err
    );
}

#[test]
fn a_report_that_is_not_there_is_told_as_such() {
    let ran = sample(&["--stale", "nowhere.md", "--deny", "expired"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.contains("nowhere.md does not exist."),
        "{}",
        ran.out
    );
    assert!(
        !ran.out.contains("is not what would be written"),
        "{}",
        ran.out
    );
}

#[test]
fn a_limit_that_is_no_number_is_told_as_such() {
    for option in ["--max-missing", "--fail-under"] {
        let ran = sample(&[option, "-1"]);
        assert_eq!(ran.code, 2);
        assert!(
            ran.err.contains("'-1'") && !ran.err.contains("unexpected"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn what_the_manifest_does_not_name_is_not_denied_as_missing() {
    let folder = Folder::new();
    let manifest = folder.file("m.toml", "[[endpoint]]\nmethod = 'GET'\nroute = '/no'\n");
    let note =
        "`missing` stands for endpoints that the manifest names as missing, and it names none";
    let ran = |kinds: &[&str]| {
        let kinds = kinds.iter().flat_map(|kind| ["--deny", kind]);
        let args = [
            "--no-config",
            "--lang",
            "en",
            "--manifest",
            &manifest,
            WOMOVIE,
        ];
        check(&args.into_iter().chain(kinds).collect::<Vec<_>>())
    };
    let missing = ran(&["missing"]);
    assert_eq!(missing.code, 0, "{}", missing.out);
    assert!(missing.err.contains(note), "{}", missing.err);
    let both = ran(&["missing", "new"]);
    assert_eq!(both.code, 1);
    assert!(!both.err.contains(note), "{}", both.err);
}

#[test]
fn a_report_stands_between_markers_of_a_document() {
    let project = Project::new("[gate]\ndeny = []\n");
    let config = project.0.at("harcov.toml");
    let document =
        "# Client\n\nText.\n\n## API\n\n<!-- harcov:begin -->\n<!-- harcov:end -->\n\nMore.";
    let file = project.0.file("README.md", document);
    assert_eq!(
        project.violations(&["--inject", &file]),
        ["report-stale README.md"]
    );
    let args = ["report", "--config", &config, "--inject", &file];
    let ran = harcov(&args);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let filled = project.read("README.md");
    assert!(filled.starts_with(
        "# Client\n\nText.\n\n## API\n\n<!-- harcov:begin -->\n\n### API gap report\n"
    ));
    assert!(filled.contains("\n#### Overview\n"));
    assert!(filled.ends_with("\n\n<!-- harcov:end -->\n\nMore."));
    assert_eq!(
        project.violations(&["--inject", &file]),
        Vec::<String>::new()
    );

    // What would change nothing is not written.
    let known = fs::metadata(&file).unwrap().modified().unwrap();
    let ran = harcov(&args);
    assert_eq!(ran.err, format!("{file} is up to date\n"));
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), known);

    // A template of one's own decides what stands there.
    let template = project
        .0
        .file("own.md", "{{ coverage.endpoints.total }} endpoints\n");
    harcov(&[
        "report",
        "--config",
        &config,
        "--inject",
        &file,
        "--template",
        &template,
    ]);
    assert!(
        project
            .read("README.md")
            .contains("<!-- harcov:begin -->\n\n3 endpoints\n\n<!--")
    );

    let file = project.0.file("plain.md", "# Client\n");
    let ran = harcov(&["report", "--config", &config, "--inject", &file]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err
            .contains("it has no markers; put the lines `<!-- harcov:begin -->`"),
        "{}",
        ran.err
    );
    assert_eq!(project.read("plain.md"), "# Client\n");
}

#[test]
fn reports_of_a_check_show_its_violations() {
    let project = Project::new("");
    let ran = project.check(&["--deny", "unobserved", "--report", "github=-"]);
    assert_eq!(ran.code, 1);
    let errors: Vec<&str> = ran
        .out
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].starts_with("::error file=manifest.toml,line=18,"),
        "{}",
        errors[0]
    );
    assert!(
        ran.err.contains("The gate fails: 1 violation;"),
        "{}",
        ran.err
    );

    let ran = project.check(&["--fail-under", "90", "--report", "junit=-"]);
    assert!(
        ran.out.contains(
            "<testcase classname=\"harcov check\" name=\"Too little is implemented: */*\""
        ),
        "{}",
        ran.out
    );
    let ran = project.check(&["--fail-under", "90", "--report", "summary=-"]);
    assert!(
        ran.out.starts_with("**❌ The gate fails: 1 violation;"),
        "{}",
        ran.out
    );
}

#[test]
fn an_unreadable_capture_is_an_error_and_no_failed_gate() {
    let project = Project::new("");
    let bad = project.0.file("bad.har", "nothing");
    let good = project.0.at("a.har");
    let ran = project.check(&[&good, &bad]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("The gate fails"), "{}", ran.out);
    assert_eq!(project.check(&["--keep-going", &good, &bad]).code, 1);
}

#[test]
fn schemas_describe_what_is_printed() {
    let validator = |name: &str| {
        let schema = harcov(&["schema", name]).json();
        jsonschema::options().build(&schema).unwrap()
    };
    let verdict = sample(&["--format", "json", "--fail-under", "80"]).json();
    let errors: Vec<String> = validator("check")
        .iter_errors(&verdict)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let report = common::report(WOMOVIE_CONFIG, &[]);
    let errors: Vec<String> = validator("report")
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let baseline: toml::Table = "[[gap]]\nfingerprint = 'f5db962866d7'\n".parse().unwrap();
    assert!(validator("baseline").is_valid(&serde_json::to_value(baseline).unwrap()));
}
