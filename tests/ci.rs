//! The files for CI services: each is read as its service reads it, and its harcov steps are run.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use common::{Folder, WOMOVIE_CONFIG};
use saphyr::{LoadableYamlNode, YamlOwned};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn yaml(name: &str) -> YamlOwned {
    let text = std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
    let mut documents = YamlOwned::load_from_str(&text).unwrap();
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn text(node: &YamlOwned, key: &str) -> String {
    node.as_mapping_get(key)
        .and_then(|n| n.as_str())
        .unwrap_or_default()
        .to_owned()
}

/// The texts of a mapping.
fn texts(node: &YamlOwned) -> BTreeMap<String, String> {
    let pairs = node.as_mapping().unwrap().iter();
    pairs
        .map(|(key, value)| {
            (
                key.as_str().unwrap().to_owned(),
                value.as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

/// The step of the action that checks, run with inputs; the others have their defaults.
struct Action {
    folder: Folder,
}

struct Checked {
    output: Output,
    outputs: String,
    summary: String,
}

impl Action {
    fn new() -> Self {
        Action {
            folder: Folder::new(),
        }
    }

    fn run(&self, inputs: &[(&str, &str)]) -> Checked {
        let action = yaml("action.yml");
        let declared = action.as_mapping_get("inputs").unwrap();
        for (name, _) in inputs {
            assert!(
                declared.as_mapping_get(name).is_some(),
                "the action has no input `{name}`"
            );
        }
        let steps = action
            .as_mapping_get("runs")
            .unwrap()
            .as_mapping_get("steps")
            .unwrap();
        let steps = steps.as_sequence().unwrap();
        let step = steps
            .iter()
            .find(|step| text(step, "id") == "check")
            .unwrap();
        let run = text(step, "run");
        assert!(!run.contains("${{"), "an input would be run: {run}");
        let mut command = Command::new("bash");
        command
            .args(["-euo", "pipefail", "-c", &run])
            .current_dir(ROOT);
        let bin = Path::new(env!("CARGO_BIN_EXE_harcov")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", bin.display()));
        command.env("GITHUB_ACTION_PATH", ROOT);
        command.env("GITHUB_OUTPUT", self.folder.at("outputs"));
        command.env("GITHUB_STEP_SUMMARY", self.folder.at("summary"));
        for (name, value) in texts(step.as_mapping_get("env").unwrap()) {
            let input = value
                .strip_prefix("${{ inputs.")
                .unwrap()
                .strip_suffix(" }}")
                .unwrap();
            let said = inputs.iter().find(|(name, _)| *name == input);
            let default = text(declared.as_mapping_get(input).unwrap(), "default");
            command.env(name, said.map_or(default, |(_, value)| (*value).to_owned()));
        }
        let output = command.output().unwrap();
        let read = |name: &str| std::fs::read_to_string(self.folder.at(name)).unwrap_or_default();
        Checked {
            output,
            outputs: read("outputs"),
            summary: read("summary"),
        }
    }
}

#[test]
fn the_action_says_what_the_gate_says() {
    let action = Action::new();
    let failed = action.run(&[
        ("config", WOMOVIE_CONFIG),
        ("lang", "en"),
        ("max-missing", "7\nhigh=2\n"),
    ]);
    assert_eq!(failed.output.status.code(), Some(1));
    assert_eq!(failed.outputs, "passed=false\ncoverage=29.4% (5/17)\n");
    let told = String::from_utf8(failed.output.stdout).unwrap();
    assert!(told.contains("The gate fails: 1 violation;"), "{told}");
    assert!(
        told.contains("::error file=har-samples/womovie/harcov.toml,line=1,"),
        "{told}"
    );
    assert!(
        failed.summary.starts_with("**❌ The gate fails"),
        "{}",
        failed.summary
    );
    assert!(failed.summary.contains("\n## Overview\n"));

    let action = Action::new();
    let inputs = [
        ("config", WOMOVIE_CONFIG),
        ("lang", "en"),
        ("max-missing", "7"),
        ("fail", "false"),
    ];
    let told = action.run(
        &[
            &inputs[..],
            &[("annotations", "false"), ("summary", "false")],
        ]
        .concat(),
    );
    assert_eq!(told.output.status.code(), Some(0));
    assert_eq!(told.outputs, "passed=false\ncoverage=29.4% (5/17)\n");
    assert!(
        !String::from_utf8(told.output.stdout)
            .unwrap()
            .contains("::error")
    );
    assert_eq!(told.summary, "");

    let action = Action::new();
    let broken = action.run(&[("config", "none.toml"), ("fail", "false")]);
    assert_eq!(broken.output.status.code(), Some(2));
    assert_eq!(broken.outputs, "passed=false\ncoverage=\n");
}

#[test]
fn inputs_are_never_run() {
    let action = Action::new();
    let mark = action.folder.at("mark");
    let attack = format!("$(touch {mark})`touch {mark}`\"; touch {mark}; '--report=md={mark}");
    for input in [
        "config",
        "captures",
        "lang",
        "fail-under",
        "deny",
        "baseline",
        "stale",
        "reports",
    ] {
        let checked = action.run(&[("config", WOMOVIE_CONFIG), (input, &attack)]);
        assert!(!checked.output.status.success(), "{input}");
        assert!(!Path::new(&mark).exists(), "{input}");
    }
    let option = format!("--report=md={mark}");
    action.run(&[("config", WOMOVIE_CONFIG), ("captures", &option)]);
    assert!(!Path::new(&mark).exists());
}

/// The steps of all jobs of a workflow.
fn steps(workflow: &YamlOwned) -> Vec<YamlOwned> {
    let jobs = workflow
        .as_mapping_get("jobs")
        .unwrap()
        .as_mapping()
        .unwrap();
    let of = |job: &YamlOwned| {
        job.as_mapping_get("steps")
            .unwrap()
            .as_sequence()
            .unwrap()
            .clone()
    };
    jobs.iter().flat_map(|(_, job)| of(job)).collect()
}

#[test]
fn the_workflow_s_steps_run_here() {
    let workflow = yaml(".github/workflows/api-coverage.yml");
    let mut ran = 0;
    for step in steps(&workflow) {
        if text(&step, "uses") == "./" {
            let action = Action::new();
            let inputs = texts(step.as_mapping_get("with").unwrap());
            let within = |name: &str, value: &String| match name {
                // Files of the step belong into the folder of the test.
                "reports" => value.replace('=', &format!("={}/", action.folder.path().display())),
                _ => value.clone(),
            };
            let inputs: Vec<(String, String)> = inputs
                .iter()
                .map(|(name, value)| (name.clone(), within(name, value)))
                .collect();
            let inputs: Vec<(&str, &str)> = inputs
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            let checked = action.run(&inputs);
            assert!(
                checked.output.status.success(),
                "{}",
                String::from_utf8_lossy(&checked.output.stderr)
            );
            assert!(checked.outputs.starts_with("passed=true\n"));
            for file in ["harcov.sarif", "harcov-junit.xml"] {
                assert!(action.folder.path().join(file).is_file(), "{file}");
            }
            ran += 1;
        }
        for line in text(&step, "run")
            .lines()
            .filter(|line| line.starts_with("target/debug/harcov "))
        {
            let args: Vec<&str> = line.split_whitespace().skip(1).collect();
            let checked = common::harcov(&args);
            assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
            ran += 1;
        }
    }
    assert_eq!(ran, 2);
}

#[test]
fn the_gitlab_job_s_commands_run_here() {
    let folder = Folder::new();
    let job = yaml("examples/ci/gitlab-ci.yml");
    let job = job.as_mapping_get("harcov").unwrap();
    let script = job.as_mapping_get("script").unwrap().as_sequence().unwrap();
    let [command] = script.as_slice() else {
        panic!("one command")
    };
    let command = command.as_str().unwrap();
    let names = [
        "gl-code-quality-report.json",
        "harcov-junit.xml",
        "harcov.html",
    ];
    let placed = names.iter().fold(command.to_owned(), |text, name| {
        text.replace(name, &folder.at(name))
    });
    let mut args: Vec<&str> = placed.split_whitespace().skip(1).collect();
    args.extend(["--config", WOMOVIE_CONFIG]);
    assert_eq!(common::harcov(&args).code, 1);
    let artifacts = job.as_mapping_get("artifacts").unwrap();
    let reports = texts(artifacts.as_mapping_get("reports").unwrap());
    let paths = artifacts
        .as_mapping_get("paths")
        .unwrap()
        .as_sequence()
        .unwrap();
    let kept: Vec<&str> = reports
        .values()
        .map(String::as_str)
        .chain(paths.iter().map(|p| p.as_str().unwrap()))
        .collect();
    assert_eq!(kept, names);
    for name in names {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn the_hooks_are_commands_of_harcov() {
    let folder = Folder::new();
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_sequence().unwrap();
    let ids: Vec<String> = hooks.iter().map(|hook| text(hook, "id")).collect();
    assert_eq!(ids, ["harcov-check", "harcov-report"]);
    for hook in hooks {
        assert_eq!(text(hook, "language"), "rust");
        let files = regex::Regex::new(&text(hook, "files")).unwrap();
        assert!(
            files.is_match("api/harcov.toml") && files.is_match("a.har") && !files.is_match("a.py")
        );
        let entry = text(hook, "entry");
        let args = hook
            .as_mapping_get("args")
            .and_then(|args| args.as_sequence());
        let args = args.into_iter().flatten().map(|arg| {
            arg.as_str()
                .unwrap()
                .replace("gaps.md", &folder.at("gaps.md"))
        });
        let args: Vec<String> = entry
            .split(' ')
            .skip(1)
            .map(str::to_owned)
            .chain(args)
            .collect();
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        args.extend(["--config", WOMOVIE_CONFIG]);
        assert!(common::harcov(&args).code < 2, "{args:?}");
    }
    assert!(folder.path().join("gaps.md").is_file());
}

/// Runs the commands of a step of the release workflow.
fn released(name: &str, folder: &Folder) -> Output {
    let workflow = yaml(".github/workflows/release.yml");
    let steps = steps(&workflow);
    let step = steps.iter().find(|step| text(step, "name") == name);
    Command::new("bash")
        .args(["-eo", "pipefail", "-c", &text(step.unwrap(), "run")])
        .env("TARGET", "some-target")
        .env("TAG", "v9.8.7")
        .env("RUNNER_OS", "Linux")
        .current_dir(folder.path())
        .output()
        .unwrap()
}

#[test]
fn a_release_has_the_program_and_what_belongs_to_it() {
    let folder = Folder::new();
    for file in [
        "README.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "Cargo.toml",
    ] {
        folder.file(file, std::fs::read(Path::new(ROOT).join(file)).unwrap());
    }
    // Small, as packing a program with its debug information takes its time.
    let program = format!(
        "#!/bin/sh\nexec '{}' \"$@\"\n",
        env!("CARGO_BIN_EXE_harcov")
    );
    let program = folder.file("target/some-target/release/harcov", program);
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();

    let wrong = released("The tag is the version", &folder);
    assert!(!wrong.status.success());
    folder.file("Cargo.toml", "version = \"9.8.7\"\n");
    assert!(released("The tag is the version", &folder).status.success());

    let archived = released("Archive", &folder);
    let told = String::from_utf8_lossy(&archived.stderr);
    assert!(archived.status.success(), "{told}");
    let name = "harcov-v9.8.7-some-target";
    assert!(
        folder
            .path()
            .join(format!("{name}.tar.gz.sha256"))
            .is_file()
    );
    for file in [
        "harcov",
        "README.md",
        "LICENSE-MIT",
        "completions/harcov.bash",
        "man/harcov-report.1",
    ] {
        assert!(folder.path().join(name).join(file).is_file(), "{file}");
    }

    // A release that nobody has written of is not published.
    assert!(!released("Release notes", &folder).status.success());
    let notes = "# Changelog\n\n## [9.8.7] - 2026-01-02\n\n- New.\n\n## [9.8.6]\n\n- Old.\n";
    folder.file("CHANGELOG.md", notes);
    assert!(released("Release notes", &folder).status.success());
    let notes = std::fs::read_to_string(folder.at("notes.md")).unwrap();
    assert_eq!(notes.trim(), "- New.");
}
