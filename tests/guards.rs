//! What outputs must not take the place of, and what of the environment is obeyed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::process::{Command, Output};

use common::{BOOKSTORE, Folder, Ran, WOMOVIE, WOMOVIE_LATER, harcov};

/// Runs the program itself, in an environment without what it obeys but for this.
fn program(args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harcov"));
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "SOURCE_DATE_EPOCH",
    ] {
        command.env_remove(name);
    }
    let env = env.iter().copied();
    command.args(args).envs(env).output().unwrap()
}

/// A project with a capture, a manifest, a configuration and a template.
fn project() -> Folder {
    let folder = Folder::new();
    folder.file("q.har", fs::read(BOOKSTORE).unwrap());
    folder.file("old.har", fs::read(BOOKSTORE).unwrap());
    folder.file(
        "manifest.toml",
        "[[endpoint]]\nmethod = 'GET'\nroute = '/v1/books'\n",
    );
    folder.file(
        "harcov.toml",
        "captures = ['q.har']\nmanifest = ['manifest.toml']\n",
    );
    folder.file("own.md", "{{ title }}\n");
    folder.file("known.toml", "");
    folder
}

fn in_project(folder: &Folder, args: &[&str]) -> Ran {
    let config = folder.at("harcov.toml");
    harcov(&[&["--config", &config][..], args].concat())
}

#[test]
fn no_output_takes_the_place_of_what_was_read() {
    let folder = project();
    let at = |name: &str| folder.at(name);
    let (capture, old, template) = (at("q.har"), at("old.har"), at("own.md"));
    let known = at("known.toml");
    let to = |name: &str| format!("md={}", at(name));
    let [md, manifest, config] = ["q.har", "manifest.toml", "harcov.toml"].map(to);
    let (baseline, own) = (to("known.toml"), to("own.md"));
    let commands: [&[&str]; 11] = [
        &["inventory", &capture, "-o", &capture],
        &["inventory", &capture, "--textconv", "-o", &capture],
        &["export", "openapi", "--output", &capture],
        &["diff", &capture, &old, "-o", &old],
        &["report", "--report", &md],
        &["report", "--report", &manifest],
        &["report", "--report", &config],
        &["report", "--template", &template, "--report", &own],
        &["check", "--baseline", &known, "--report", &baseline],
        &["stub", "--lang", "python", "--output", &capture],
        &["redact", &capture, &old, "-o", &old],
    ];
    let files = [
        "q.har",
        "old.har",
        "manifest.toml",
        "harcov.toml",
        "own.md",
        "known.toml",
    ];
    let held = || files.map(|name| fs::read(at(name)).unwrap());
    let before = held();
    for args in commands {
        let ran = in_project(&folder, args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert_eq!(held(), before, "{args:?}");
    }
    // An inventory is kept up in its place: what it was made of is in it.
    let inventory = at("all.inventory.json");
    for _ in 0..2 {
        let mut args = vec!["inventory", &capture, "-o", &inventory];
        if fs::exists(&inventory).unwrap() {
            args.push(&inventory);
        }
        assert_eq!(in_project(&folder, &args).code, 0);
    }
    let ran = in_project(
        &folder,
        &["report", &inventory, "--report", &format!("md={inventory}")],
    );
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn an_output_in_a_folder_of_captures_is_written_again() {
    let folder = project();
    let (all, report) = (folder.at(""), format!("json={}", folder.at("gaps.json")));
    for title in ["One", "Two"] {
        folder.file("harcov.toml", format!("title = '{title}'\n"));
        let ran = in_project(&folder, &["report", &all, "--report", &report]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let written = fs::read_to_string(folder.at("gaps.json")).unwrap();
        assert!(written.contains(title));
    }
}

#[test]
fn each_output_has_a_file_of_its_own() {
    let folder = project();
    let (report, same) = (folder.at("x"), format!("{}/./x", folder.path().display()));
    let [md, html] = [format!("md={report}"), format!("html={same}")];
    for command in ["report", "check"] {
        let ran = in_project(&folder, &[command, "--report", &md, "--report", &html]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("two outputs go to"), "{}", ran.err);
        assert!(!fs::exists(&report).unwrap());
    }
    let ran = in_project(
        &folder,
        &["report", "--report", "md=-", "--report", "terminal=-"],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn git_is_told_what_is_wrong_with_a_capture() {
    let folder = Folder::new();
    for content in [
        "",
        "no JSON",
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    ] {
        let capture = folder.file("tmp/a.har", content);
        let ran = harcov(&["inventory", "--no-config", "--textconv", &capture]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(
            ran.out.starts_with("a.har: ") && ran.out.ends_with('\n'),
            "{}",
            ran.out
        );
    }
}

#[test]
fn the_option_decides_on_colour_then_the_environment() {
    let has = |args: &[&str], env: &[(&str, &str)]| {
        let base = ["diff", "--no-config", WOMOVIE, WOMOVIE_LATER];
        let ran = program(&[&base[..], args].concat(), env);
        assert_eq!(ran.status.code(), Some(0));
        ran.stdout.contains(&0x1b)
    };
    assert!(!has(&[], &[]));
    assert!(has(&["--color", "always"], &[]));
    assert!(has(&["--color=always"], &[("NO_COLOR", "1")]));
    assert!(has(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!has(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let wrong = program(&["--color", "always", "repot"], &[]);
    assert!(wrong.stderr.contains(&0x1b));
}

#[test]
fn an_empty_day_is_none() {
    let run = |epoch: &str, args: &[&str]| {
        let base = ["diff", "--no-config", WOMOVIE, WOMOVIE_LATER];
        let ran = program(&[&base[..], args].concat(), &[("SOURCE_DATE_EPOCH", epoch)]);
        ran.status.code()
    };
    assert_eq!(run("", &[]), Some(0));
    assert_eq!(run("", &["--today", "2026-01-31"]), Some(0));
    assert_eq!(run("soon", &[]), Some(2));
    assert_eq!(run("1", &["--today", ""]), Some(2));
}

#[test]
fn a_warning_is_called_so_once() {
    let folder = project();
    let entry = "[[endpoint]]\nmethod = 'GET'\nroute = '/v1/books'\nstatus = 'excluded'\n";
    folder.file("manifest.toml", entry);
    let ran = in_project(&folder, &["report"]);
    assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
}

#[test]
fn a_negative_limit_is_told_like_any_other() {
    let folder = project();
    for number in ["-1", "0", "99999999999"] {
        let config = format!("[limits]\ncalls = {number}\n");
        folder.file("harcov.toml", config);
        let ran = in_project(&folder, &["report"]);
        assert_eq!(ran.code, 2);
        let told = format!("harcov.toml:2:9: {number} is no limit; write a number from 1 to");
        assert!(ran.err.contains(&told), "{}", ran.err);
    }
}

#[test]
fn what_lies_beside_a_page_is_held_fresh_with_it() {
    let folder = project();
    let page = folder.at("e.html");
    let html = format!("html={page}");
    let external = ["--html-assets", "external"];
    let made = in_project(
        &folder,
        &[&["report", "--report", &html][..], &external].concat(),
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let deny = ["check", "--deny", "expired", "--stale", &page];
    let check = || in_project(&folder, &[&deny[..], &external].concat());
    assert_eq!(check().code, 0, "{}", check().out);
    for name in ["e.css", "e.js"] {
        let text = fs::read(folder.at(name)).unwrap();
        folder.file(name, "changed");
        let ran = check();
        assert_eq!(ran.code, 1, "{name}");
        assert!(ran.out.contains(name), "{}", ran.out);
        folder.file(name, text);
    }
    // A report of a check is as whole as any other.
    fs::remove_file(folder.at("e.css")).unwrap();
    in_project(
        &folder,
        &[&["check", "--report", &html][..], &external].concat(),
    );
    assert!(fs::exists(folder.at("e.css")).unwrap());
}

#[test]
fn one_of_one_is_no_plural() {
    let folder = project();
    let entry = "{\"startedDateTime\":\"2026-01-01T00:00:00Z\",\"time\":1,\"request\":{\"method\":\"GET\",\"url\":\"https://api.example/v1/a\",\"headers\":[]},\"response\":{\"status\":200,\"headers\":[],\"content\":{\"mimeType\":\"application/json\",\"text\":\"{}\"}}}";
    folder.file(
        "q.har",
        format!("{{\"log\":{{\"version\":\"1.2\",\"entries\":[{entry}]}}}}"),
    );
    let ran = in_project(&folder, &["check", "--max-missing", "1"]);
    assert!(
        ran.out.contains("0 of 1 endpoint is implemented"),
        "{}",
        ran.out
    );
    let report = in_project(&folder, &["report"]).out;
    assert!(
        report.contains("**0 of 1** endpoint is implemented"),
        "{report}"
    );
}
