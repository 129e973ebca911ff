//! What is written, held against what others say of its format: schemas and programs that `.ci/official` fetches.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use common::{BOOKSTORE, BOOKSTORE_CONFIG, Folder, WOMOVIE, WOMOVIE_CONFIG, harcov};
use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The folder that `.ci/official` filled, as `HARCOV_OFFICIAL` names it; nothing where it is not said.
fn official() -> Option<PathBuf> {
    let Some(named) = std::env::var_os("HARCOV_OFFICIAL") else {
        eprintln!(
            "left out: run `.ci/official target/official`, and set HARCOV_OFFICIAL=target/official"
        );
        return None;
    };
    let folder = Path::new(ROOT).join(named);
    assert!(
        folder.join("schemas").is_dir(),
        "{} holds no schemas",
        folder.display()
    );
    Some(folder)
}

fn schema(official: &Path, name: &str) -> jsonschema::Validator {
    let text = std::fs::read(official.join("schemas").join(name)).unwrap();
    let schema: Value = serde_json::from_slice(&text).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, name: &str, value: &Value) {
    let errors = validator.iter_errors(value);
    let errors: Vec<String> = errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
}

/// A document of YAML as JSON.
fn json(node: &YamlOwned) -> Value {
    if let Some(items) = node.as_sequence() {
        return items.iter().map(json).collect();
    }
    if let Some(pairs) = node.as_mapping() {
        let pairs = pairs.iter();
        return pairs
            .map(|(key, value)| (key.as_str().unwrap().to_owned(), json(value)))
            .collect();
    }
    match node {
        YamlOwned::Value(ScalarOwned::Boolean(value)) => (*value).into(),
        YamlOwned::Value(ScalarOwned::Integer(value)) => (*value).into(),
        YamlOwned::Value(ScalarOwned::FloatingPoint(value)) => value.into_inner().into(),
        YamlOwned::Value(ScalarOwned::String(value)) => value.clone().into(),
        _ => Value::Null,
    }
}

fn yaml(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    json(&YamlOwned::load_from_str(&text).unwrap()[0])
}

/// The reports of both samples, and the verdicts of a gate that fails, in a format.
fn reports(format: &str) -> Vec<String> {
    let target = format!("{format}=-");
    let mut texts = Vec::new();
    for config in [WOMOVIE_CONFIG, BOOKSTORE_CONFIG] {
        for lang in ["en", "zh-CN"] {
            for command in [
                &["report"][..],
                &[
                    "check",
                    "--fail-under",
                    "100",
                    "--max-missing",
                    "high=0",
                    "--deny",
                    "partial",
                ],
            ] {
                let args = ["--config", config, "--lang", lang, "--report", &target];
                let ran = harcov(&[command, &args].concat());
                assert!(ran.code < 2, "{}", ran.err);
                texts.push(ran.out);
            }
        }
    }
    texts
}

/// Runs Python with what was fetched for it.
fn python(official: &Path, args: &[&str]) -> std::process::Output {
    let run = Command::new("python3")
        .args(args)
        .env("PYTHONPATH", official.join("python"))
        .current_dir(ROOT)
        .output();
    run.unwrap()
}

fn assert_success(output: &std::process::Output, what: &str) {
    assert!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

const AGAINST_XSD: &str = "
import sys
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
for name in sys.argv[2:]:
    schema.assertValid(etree.parse(name))
";

const AGAINST_JSON_SCHEMA: &str = "
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1], encoding='utf-8'))
validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
for name in sys.argv[2:]:
    validator.validate(json.load(open(name, encoding='utf-8')))
";

/// Holds texts against a schema in a language that a script of Python checks, and the schema against a text
/// that it must refuse.
fn assert_checked(official: &Path, script: &str, schema: &str, texts: &[String], wrong: &str) {
    let schema = official.join("schemas").join(schema);
    let folder = Folder::new();
    let check = |texts: &[String]| {
        let files = texts.iter().enumerate();
        let files: Vec<String> = files
            .map(|(n, text)| folder.file(&n.to_string(), text))
            .collect();
        let mut args = vec!["-c", script, schema.to_str().unwrap()];
        args.extend(files.iter().map(String::as_str));
        python(official, &args)
    };
    assert!(!check(&[wrong.to_owned()]).status.success());
    assert_success(&check(texts), &schema.display().to_string());
}

/// The schema's own patterns are none that the crate takes.
#[test]
fn sarif() {
    let Some(official) = official() else { return };
    let wrong = r#"{ "version": "2.1.0", "runs": [{}] }"#;
    let texts = reports("sarif");
    assert_checked(&official, AGAINST_JSON_SCHEMA, "sarif.json", &texts, wrong);
}

#[test]
fn junit() {
    let Some(official) = official() else { return };
    let wrong = "<testsuites><testcase/></testsuites>";
    assert_checked(
        &official,
        AGAINST_XSD,
        "junit-10.xsd",
        &reports("junit"),
        wrong,
    );
}

#[test]
fn files_of_ci_services() {
    let Some(official) = official() else { return };
    let root = Path::new(ROOT);
    let action = schema(&official, "github-actions.json");
    assert_valid(&action, "action.yml", &yaml(&root.join("action.yml")));
    let workflow = schema(&official, "github-workflows.json");
    assert!(!workflow.is_valid(&serde_json::json!({ "on": "push" })));
    let mut workflows = 0;
    for folder in [
        root.join(".github/workflows"),
        root.join("examples/workflow/.github/workflows"),
    ] {
        for file in std::fs::read_dir(folder).into_iter().flatten() {
            let file = file.unwrap().path();
            assert_valid(&workflow, &file.display().to_string(), &yaml(&file));
            workflows += 1;
        }
    }
    assert!(workflows >= 3, "{workflows}");
    let gitlab = schema(&official, "gitlab-ci.json");
    let job = yaml(&root.join("examples/ci/gitlab-ci.yml"));
    assert_valid(&gitlab, "gitlab-ci.yml", &job);
    let hooks = python(
        &official,
        &[
            "-m",
            "pre_commit",
            "validate-manifest",
            ".pre-commit-hooks.yaml",
        ],
    );
    assert_success(&hooks, "hooks");
}

#[test]
fn openapi() {
    let Some(official) = official() else { return };
    let folder = Folder::new();
    let check = |file: &str| python(&official, &["-m", "openapi_spec_validator", file]);
    let wrong = folder.file(
        "wrong.json",
        r#"{"openapi":"3.1.0","info":{"title":"a"},"paths":{}}"#,
    );
    assert!(!check(&wrong).status.success());
    for (n, args) in [
        &["--config", WOMOVIE_CONFIG][..],
        &["--config", BOOKSTORE_CONFIG],
        &["--no-config", WOMOVIE],
        &["--no-config", BOOKSTORE],
    ]
    .iter()
    .enumerate()
    {
        let text = harcov(&[&["export", "openapi"], *args].concat()).fine();
        let file = folder.file(&format!("{n}.json"), text);
        assert_success(&check(&file), &args.join(" "));
    }
}

#[test]
fn typescript_stubs() {
    let Some(official) = official() else { return };
    let folder = Folder::new();
    let mut files = Vec::new();
    for (n, args) in [
        &["--config", WOMOVIE_CONFIG][..],
        &["--config", BOOKSTORE_CONFIG, "* *"],
        &["--no-config", "--capture", WOMOVIE, "* *"],
    ]
    .iter()
    .enumerate()
    {
        let text = harcov(&[&["stub", "--lang", "typescript"], *args].concat()).fine();
        files.push(folder.file(&format!("stub{n}.ts"), text));
    }
    let check = |files: &[String]| {
        let options = [
            "--noEmit",
            "--strict",
            "--target",
            "es2022",
            "--lib",
            "es2022,dom",
        ];
        let modules = ["--module", "es2022", "--moduleDetection", "force"];
        Command::new("node")
            .arg(official.join("node_modules/typescript/bin/tsc"))
            .args(options)
            .args(modules)
            .args(files)
            .output()
            .unwrap()
    };
    let wrong = folder.file("wrong.ts", "const a: string = 1;\n");
    assert!(!check(&[wrong]).status.success());
    assert_success(&check(&files), "TypeScript");
}
