//! The pages of the reference, made from the program and its tables.

use std::fmt::Write as _;
use std::path::Path;

use harcov::{config, manifest};
use serde_json::Value;

use super::{ROOT, read};

const MADE: &str = "<!-- Made from the program; `INSTA_UPDATE=always cargo test --test docs` writes it anew. -->\n\n";

#[test]
fn commands() {
    let mut command = harcov::cli::command().term_width(100);
    command.build();
    let mut text = "# Commands\n".to_owned();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .filter(|name| name != "help")
        .collect();
    for name in names {
        let below = command.find_subcommand_mut(&name).unwrap();
        let help = below.render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(
            text,
            "\n## harcov {name}\n\n```text\n{}\n```\n",
            lines.join("\n").trim_end()
        )
        .unwrap();
    }
    is_fresh("commands", &text);
}

#[test]
fn configuration() {
    let mut text = "# harcov.toml\n".to_owned();
    tables(&mut text, &config::schema());
    is_fresh("configuration", &text);
}

#[test]
fn the_manifest() {
    let mut text = "# The manifest\n".to_owned();
    tables(&mut text, &manifest::schema());
    is_fresh("manifest", &text);
}

#[test]
fn rules() {
    let mut text = "# Codes and tables\n\n## Changes\n\n\
        What `harcov diff` tells, and at which level. `[diff.levels]` changes a level.\n\n\
        | code | level |\n| --- | --- |\n"
        .to_owned();
    rows(&mut text, &toml("src/diff/diff.toml")["levels"]);
    text.push_str(
        "\n## Gaps\n\nWhat `harcov check` and the formats for CI tell.\n\n\
         | code | severity | English | 中文 |\n| --- | --- | --- | --- |\n",
    );
    let titles = ["en", "zh-CN"].map(|lang| toml(&format!("src/locale/{lang}/gaps.toml")));
    for (code, severity) in toml("src/report/gaps.toml") {
        let [en, zh] = titles
            .each_ref()
            .map(|table| table["gap-title"][&code].as_str().unwrap());
        let severity = severity.as_str().unwrap();
        writeln!(text, "| `{code}` | {severity} | {en} | {zh} |").unwrap();
    }
    text.push_str(
        "\n## Findings\n\nWhat reports and `harcov flow` tell of how the API is used.\n\n\
         | kind | English | 中文 |\n| --- | --- | --- |\n",
    );
    let [en, zh] = ["en", "zh-CN"].map(findings);
    for ((kind, en), (other, zh)) in en.iter().zip(&zh) {
        assert_eq!(kind, other);
        writeln!(text, "| `{kind}` | {en} | {zh} |").unwrap();
    }
    text.push_str(
        "\n## Points of priority\n\n\
         | observed | points |\n| --- | ---: |\n",
    );
    rows(&mut text, &toml("src/assess/priority.toml")["points"]);
    text.push_str("\n## Tables\n\nRules and thresholds are data; each file says what its columns mean.\n\n| file | what it decides |\n| --- | --- |\n");
    for (file, first) in data() {
        writeln!(text, "| `{file}` | {first} |").unwrap();
    }
    is_fresh("codes", &text);
}

/// The headings of findings by kind, in the order of the kinds.
fn findings(lang: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = ["labels", "flow"]
        .iter()
        .flat_map(|topic| {
            let table = toml(&format!("src/locale/{lang}/{topic}.toml"));
            let kinds = table["finding"].as_table().unwrap().clone();
            kinds.into_iter()
        })
        .map(|(kind, title)| (kind, title.as_str().unwrap().to_owned()))
        .collect();
    found.sort();
    found
}

/// The data files with the sentence that each begins with.
fn data() -> Vec<(String, String)> {
    let root = Path::new(ROOT);
    let files = walkdir::WalkDir::new(root.join("src")).sort_by_file_name();
    let mut rows = Vec::new();
    for file in files {
        let path = file.unwrap().into_path();
        let name = path.strip_prefix(root).unwrap();
        let name = name.to_str().unwrap().replace('\\', "/");
        let is_table = path.extension().is_some_and(|end| end == "toml");
        // Texts have pages of their own.
        if !is_table || name.contains("/locale/") || name.contains("/write/") {
            continue;
        }
        let text = read(&name);
        let comment: Vec<&str> = text
            .lines()
            .map_while(|line| line.strip_prefix("# "))
            .collect();
        let comment = comment.join(" ");
        let end = comment.find(". ").map_or(comment.len(), |at| at + 1);
        assert!(end > 0, "{name} does not begin with what it is");
        rows.push((name, comment[..end].replace('|', "\\|")));
    }
    rows
}

fn toml(name: &str) -> toml::Table {
    read(name).parse().unwrap()
}

/// A row for each key.
fn rows(text: &mut String, table: &toml::Value) {
    for (key, value) in table.as_table().unwrap() {
        let value = value.to_string();
        writeln!(text, "| `{key}` | {} |", value.trim_matches('"')).unwrap();
    }
}

/// A section for each table that a schema knows.
fn tables(text: &mut String, schema: &Value) {
    let told = |node: &Value| node["description"].as_str().unwrap_or_default().to_owned();
    writeln!(text, "\n{}\n", told(schema)).unwrap();
    keys(text, schema);
    for (name, table) in schema["$defs"].as_object().unwrap() {
        if let Some(choices) = table["oneOf"].as_array() {
            write!(
                text,
                "\n## {name}\n\n{}\n\n| value | |\n| --- | --- |\n",
                told(table)
            )
            .unwrap();
            for choice in choices {
                writeln!(text, "| `{}` | {} |", choice["const"], told(choice)).unwrap();
            }
        } else {
            write!(text, "\n## {name}\n\n{}\n", told(table)).unwrap();
            if table["properties"].is_object() {
                text.push('\n');
                keys(text, table);
            }
        }
    }
}

fn keys(text: &mut String, table: &Value) {
    text.push_str("| key | value | |\n| --- | --- | --- |\n");
    let required = table["required"].as_array().cloned().unwrap_or_default();
    for (key, value) in table["properties"].as_object().into_iter().flatten() {
        let needed = if required.contains(&Value::from(key.as_str())) {
            "**needed** "
        } else {
            ""
        };
        let told = value["description"].as_str().unwrap_or_default();
        let told = told.replace('\n', " ").replace('|', "\\|");
        writeln!(text, "| `{key}` | {needed}{} | {told} |", kind(value)).unwrap();
    }
}

/// What a value may be, with links to the tables of the page.
fn kind(value: &Value) -> String {
    if let Some(name) = value["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(either) = value["anyOf"].as_array() {
        let kinds: Vec<String> = either
            .iter()
            .filter(|one| one["type"] != "null")
            .map(kind)
            .collect();
        return kinds.join(" or ");
    }
    match &value["type"] {
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            let names: Vec<&str> = names.filter(|name| *name != "null").collect();
            names.join(" or ")
        }
        Value::String(name) if name == "array" => format!("list of {}", kind(&value["items"])),
        Value::String(name) if name == "object" && value["additionalProperties"].is_object() => {
            format!("table of {}", kind(&value["additionalProperties"]))
        }
        Value::String(name) => name.clone(),
        _ => "anything".to_owned(),
    }
}

/// Holds a page against what it should be, or writes it.
fn is_fresh(page: &str, text: &str) {
    let name = format!("docs/src/reference/{page}.md");
    let text = format!("{MADE}{text}");
    let path = Path::new(ROOT).join(&name);
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&path, &text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let there = there.replace("\r\n", "\n");
    if let Some((line, (there, made))) = there
        .lines()
        .chain(["(the end)"])
        .zip(text.lines().chain(["(the end)"]))
        .enumerate()
        .find(|(_, (there, made))| there != made)
    {
        let line = line + 1;
        panic!(
            "{name}:{line}\n  there: {there}\n  now:   {made}\nwrite it anew: INSTA_UPDATE=always cargo test --test docs"
        );
    }
}
