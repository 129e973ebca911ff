//! The project in `examples/workflow`, as its people and its CI job use it, in a Git repository of its own.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it leaves out"
)]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::Folder;
use saphyr::{LoadableYamlNode, YamlOwned};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/workflow");

/// A clone of the project, with an `origin` that it pushes to.
struct Project {
    folder: Folder,
    clone: PathBuf,
}

impl Project {
    /// `None` if there is no Git.
    fn new() -> Option<Project> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("left out: no git");
            return None;
        }
        let folder = Folder::new();
        let clone = folder.path().join("clone");
        copy(Path::new(EXAMPLE), &clone);
        let project = Project { folder, clone };
        project.run("git init --quiet --bare --initial-branch=main ../origin");
        project.run("git init --quiet --initial-branch=main");
        project.run("git config user.name Test; git config user.email test@example.org");
        project.run("git config core.autocrlf false; git remote add origin ../origin");
        project.run("git add . && git commit --quiet -m Begin");
        project.run("git push --quiet --set-upstream origin main");
        Some(project)
    }

    fn shell(&self, script: &str) -> Output {
        let bin = Path::new(env!("CARGO_BIN_EXE_harcov")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        Command::new("bash")
            .args(["-euo", "pipefail", "-c", script])
            .current_dir(&self.clone)
            .env("PATH", format!("{}:{path}", bin.display()))
            .env("BASE", "origin/main")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", self.folder.path())
            .output()
            .unwrap()
    }

    /// Runs a script that has to end well, and gives what it printed.
    fn run(&self, script: &str) -> String {
        let output = self.shell(script);
        assert!(
            output.status.success(),
            "{script}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the steps of the CI job that an event asks for; those that need a network are named.
    fn job(&self, event: &str) {
        let mut left = Vec::new();
        for step in steps() {
            let text = |key: &str| {
                let value = step.as_mapping_get(key).and_then(|value| value.as_str());
                value.unwrap_or_default().to_owned()
            };
            let condition = text("if");
            if condition.contains("event_name") && !condition.contains(&format!("'{event}'")) {
                continue;
            }
            let name = text("name");
            if !text("uses").is_empty() || ["Install harcov", "Comment"].contains(&name.as_str()) {
                left.push(name);
                continue;
            }
            self.run(&text("run"));
        }
        let mut known = vec!["", "Install harcov", "Keep the page"];
        if event == "pull_request" {
            known.insert(2, "Comment");
        }
        assert_eq!(left, known);
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.clone.join(name)).unwrap()
    }

    fn commits(&self) -> usize {
        let count = self.run("git rev-list --count origin/main");
        count.trim().parse().unwrap()
    }
}

/// Copies what Git would have of a folder, and the capture that it would not.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn steps() -> Vec<YamlOwned> {
    let path = Path::new(EXAMPLE).join(".github/workflows/api-status.yml");
    let mut documents = YamlOwned::load_from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let workflow = documents.remove(0);
    let job = workflow
        .as_mapping_get("jobs")
        .and_then(|jobs| jobs.as_mapping_get("status"))
        .unwrap();
    job.as_mapping_get("steps")
        .unwrap()
        .as_sequence()
        .unwrap()
        .clone()
}

/// The commands of a console block of the project's README.
fn commands(block: usize) -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(EXAMPLE).join("README.md")).unwrap();
    let block = readme.split("```console\n").nth(block + 1).unwrap();
    let block = block.split("```").next().unwrap();
    let lines = block.lines().filter_map(|line| line.strip_prefix("$ "));
    lines.map(str::to_owned).collect()
}

#[test]
fn the_committed_status_is_fresh() {
    let Some(project) = Project::new() else {
        return;
    };
    project.job("push");
    assert_eq!(project.run("git status --porcelain"), "");
    assert_eq!(project.commits(), 1);
    assert!(project.file("status.html").contains("</html>"));
    assert!(project.file("summary.md").contains("5/9"));
}

#[test]
fn a_new_capture_is_compared_kept_and_reported() {
    let Some(project) = Project::new() else {
        return;
    };
    project.run("git switch --quiet -c app-1.5");
    let commands = commands(0);
    let (diff, rest) = commands.split_first().unwrap();
    let told = project.shell(diff);
    assert_eq!(told.status.code(), Some(1), "a breaking change fails");
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(
        told.contains("`price` was `number` and is `string`"),
        "{told}"
    );
    for command in rest {
        project.run(command);
    }
    let status = project.file("STATUS.md");
    assert!(status.contains("- **POST** `/v2/shipments/<shipment>/returns`"));
    assert!(status.contains("`insurance`"));
    assert!(!status.contains("SHP-") && !status.contains("@parcel.example"));

    project.run("git add . && git commit --quiet -m 'App 1.5' && git push --quiet origin app-1.5");
    let files = project.run("git ls-files");
    assert!(files.contains("captures/app-1.5.inventory.json") && !files.contains(".har"));
    project.job("pull_request");
    let changes = project.file("changes.md");
    assert!(changes.starts_with("<!-- harcov-diff -->"), "{changes}");
    assert!(changes.contains("`insurance`") && changes.contains("/returns"));
    assert_eq!(project.run("git status --porcelain"), "");
}

#[test]
fn the_job_keeps_a_status_that_somebody_forgot() {
    let Some(project) = Project::new() else {
        return;
    };
    for command in commands(1) {
        project.run(&command);
    }
    let fresh = project.file("STATUS.md");
    assert!(fresh.contains("client/pickups.py:"), "{fresh}");
    project.run("git add client && git commit --quiet -m Pickups && git push --quiet");
    project.run("git restore STATUS.md");
    project.job("push");
    assert_eq!(project.file("STATUS.md"), fresh);
    assert_eq!(project.commits(), 3);
    assert_eq!(
        project.run("git log -1 --format=%s origin/main"),
        "Implementation status\n"
    );
}
