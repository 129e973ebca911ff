//! What the README says is so: usage, commands, exit codes, keys, examples and excerpts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use harcov::cli::{EXIT_ERROR, EXIT_FAILED, EXIT_OK, Io};
use harcov::{config, manifest};
use serde_json::Value;

fn file(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(name)).unwrap();
    text.replace("\r\n", "\n")
}

fn readme() -> String {
    file("README.md")
}

/// The fenced code blocks of a language, in order.
fn blocks<'r>(readme: &'r str, language: &str) -> Vec<&'r str> {
    let mut found = Vec::new();
    let mut rest = readme;
    while let Some((_, opened)) = rest.split_once("\n```") {
        let (info, body) = opened.split_once('\n').unwrap();
        let (block, after) = body.split_once("```").unwrap();
        if info.trim().trim_start_matches('`') == language {
            found.push(block);
        }
        rest = after;
    }
    found
}

/// A text below a heading of the second level.
fn section<'r>(readme: &'r str, heading: &str) -> &'r str {
    let start = format!("\n## {heading}\n");
    let (_, behind) = readme.split_once(&start).unwrap();
    behind.split("\n## ").next().unwrap()
}

/// The cells of the table rows of a text, without the marks of code.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect());
    cells.collect()
}

fn run(args: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = harcov::cli::run(args, &mut Io::new(&mut out, &mut err));
    assert_eq!(String::from_utf8(err).unwrap(), "", "{args:?}");
    (code, String::from_utf8(out).unwrap())
}

/// A text without what differs by the width of a terminal.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn usage_is_the_help() {
    let readme = readme();
    let usage = blocks(&readme, "text")[0];
    let mut command = harcov::cli::command().term_width(100);
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    assert_eq!(usage.trim_end(), help.join("\n").trim_end());

    let (code, shown) = run(&["harcov", "--help"]);
    let shown = anstream::adapter::strip_str(&shown).to_string();
    assert_eq!((code, flowing(&shown)), (EXIT_OK, flowing(usage)));
}

#[test]
fn every_command_and_option_is_named() {
    let readme = readme();
    let text = section(&readme, "Commands");
    let mut command = harcov::cli::command();
    command.build();
    for below in command.get_subcommands() {
        let name = below.get_name();
        assert!(
            name == "help" || text.contains(&format!("| `{name}")),
            "{name}"
        );
        for option in below.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(text.contains(&format!("--{option}")), "{name} --{option}");
        }
    }
}

#[test]
fn the_first_commands_run_in_ci() {
    let readme = readme();
    let commands: Vec<&str> = blocks(&readme, "console")[0]
        .lines()
        .map(|line| {
            line.trim_start_matches("$ ")
                .split(" #")
                .next()
                .unwrap()
                .trim()
        })
        .collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    // The first is taken from the page, and what is behind `--` given to the program that was tested.
    let taken = "cargo run --release -- report ";
    let ci = file(".ci/run");
    assert!(
        ci.contains(taken) && commands[0].starts_with(taken),
        "{commands:?}"
    );
    let ci = ci.replace(" --locked", "");
    assert!(
        ci.contains(commands[1]),
        ".ci/run does not run `{}`",
        commands[1]
    );
}

#[test]
fn exit_codes_are_those_of_the_program() {
    let readme = readme();
    let codes: Vec<u8> = rows(section(&readme, "Exit codes"))
        .iter()
        .filter_map(|row| row[0].parse().ok())
        .collect();
    assert_eq!(codes, [EXIT_OK, EXIT_FAILED, EXIT_ERROR]);
}

/// Every key that a schema knows, in any of its tables.
fn keys(schema: &Value) -> BTreeSet<&str> {
    let tables = schema["$defs"].as_object().into_iter().flatten();
    let tables = tables.map(|(_, table)| table).chain([schema]);
    let properties = tables.filter_map(|table| table["properties"].as_object());
    properties.flatten().map(|(key, _)| key.as_str()).collect()
}

/// Every word that a schema's fixed sets have.
fn choices(schema: &Value) -> BTreeSet<&str> {
    let tables = schema["$defs"].as_object().into_iter().flatten();
    let listed = tables
        .clone()
        .filter_map(|(_, table)| table["enum"].as_array());
    let told = tables.filter_map(|(_, table)| table["oneOf"].as_array());
    let told = told.flatten().map(|choice| &choice["const"]);
    listed
        .flatten()
        .chain(told)
        .filter_map(Value::as_str)
        .collect()
}

fn assert_reference(heading: &str, schema: &Value) {
    let readme = readme();
    let rows = rows(section(&readme, heading));
    let named = |name: &str| {
        let signs = [
            format!("`{name}`"),
            format!("**`[{name}]`**"),
            format!("**`[[{name}]]`**"),
        ];
        let is_named = |row: &&Vec<&str>| signs.iter().any(|sign| row[0].contains(sign));
        rows.iter().any(|row| is_named(&row))
            || rows.iter().any(|row| row[1].contains(&format!("`{name}`")))
    };
    for key in keys(schema) {
        assert!(
            named(key) || section(&readme, heading).contains(&format!("[[{key}]]")),
            "`{key}` is not explained under `{heading}`"
        );
    }
    for choice in choices(schema) {
        let is_told = rows
            .iter()
            .any(|row| row[1].contains(&format!("`\"{choice}\"`")));
        assert!(is_told, "`{choice}` is not explained under `{heading}`");
    }
}

#[test]
fn every_key_and_choice_of_the_files_is_explained() {
    assert_reference("harcov.toml", &config::schema());
    assert_reference("The manifest", &manifest::schema());
}

#[test]
fn the_examples_of_the_files_are_valid() {
    let readme = readme();
    let examples = blocks(&readme, "toml");
    assert_eq!(examples.len(), 3);
    for text in examples {
        let (name, _) = text.trim_start_matches("# ").split_once('\n').unwrap();
        let warnings = match name {
            name if name.starts_with("harcov.toml") => {
                config::parse(text, Path::new(name)).map(|c| c.warnings)
            }
            _ => manifest::parse(text, Path::new(name)).map(|m| m.warnings),
        };
        assert_eq!(warnings.map_err(|e| e.to_string()).unwrap(), [], "{name}");
    }
}

#[test]
fn the_example_of_a_template_is_rendered() {
    let readme = readme();
    let folder = tempfile::tempdir().unwrap();
    let template = folder.path().join("own.md");
    std::fs::write(&template, blocks(&readme, "jinja")[0]).unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("har-samples/womovie/harcov.toml");
    let args = ["harcov", "report", "--lang", "en", "--config"];
    let named = [
        sample.to_str().unwrap(),
        "--template",
        template.to_str().unwrap(),
    ];
    let (code, report) = run(&[&args[..], &named].concat());
    assert_eq!(code, EXIT_OK, "{report}");
    assert!(report.contains("29.4% of 17 endpoints."), "{report}");
}

#[test]
fn the_excerpts_stand_in_the_sample_s_report() {
    let readme = readme();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("har-samples/womovie/harcov.toml");
    let excerpts = blocks(&readme, "markdown");
    assert_eq!(excerpts.len(), 2);
    for (excerpt, lang) in excerpts.into_iter().zip(["en", "zh-CN"]) {
        let args = ["harcov", "report", "--lang", lang, "--config"];
        let (code, report) = run(&[&args[..], &[sample.to_str().unwrap()]].concat());
        assert_eq!(code, EXIT_OK);
        let mut lines = report.lines();
        for line in excerpt
            .lines()
            .filter(|line| !line.is_empty() && *line != "…")
        {
            assert!(
                lines.any(|known| known == line),
                "{lang}, in this order: {line}"
            );
        }
    }
}

#[test]
fn points_are_those_of_the_table() {
    let readme = readme();
    let rows = rows(section(&readme, "How things are decided"));
    let mut told: Vec<i64> = rows
        .iter()
        .filter_map(|row| row[1].replace('−', "-").parse().ok())
        .collect();
    let table: toml::Table = file("src/assess/priority.toml").parse().unwrap();
    // Told within the row of the other one.
    let points = table["points"].as_table().unwrap().iter();
    let points = points.filter(|(name, _)| *name != "needed_once");
    let mut known: Vec<i64> = points
        .map(|(_, points)| points.as_integer().unwrap())
        .collect();
    told.sort_unstable();
    known.sort_unstable();
    assert_eq!(told, known);
}

#[test]
fn links_lead_somewhere() {
    let readme = readme();
    let headings: BTreeSet<String> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| heading.to_lowercase().replace(' ', "-").replace('.', ""))
        .collect();
    for link in readme.split("](").skip(1) {
        let target = link.split(')').next().unwrap();
        if let Some(heading) = target.strip_prefix('#') {
            assert!(headings.contains(heading), "{target}");
        } else if !target.starts_with("https://") {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
            assert!(path.is_file(), "{target}");
        }
    }
}
