//! Every command with every choice of format, and what they leave behind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread;

use super::common::served::Served;
use super::common::{Folder, harcov};
use super::watch::Canaries;

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breadth {
    /// Every command, and the HTML and JSON of reports.
    Commands,
    /// Every command in every format, and the server.
    Formats,
    /// The same with every other choice that commands offer.
    Everything,
}

/// Choices that say nothing of what is shown.
const SAYS_NOTHING: [&str; 4] = ["lang", "param-style", "quiet", "keep-going"];

/// The runs of every command on some captures. Whatever a command is called, its options with a choice
/// of words are all tried, so that one that is added is covered from its first day.
pub(crate) fn runs(folder: &Folder, captures: &[&str], breadth: Breadth) -> Vec<Vec<String>> {
    let mut command = harcov::cli::command();
    command.build();
    let mut runs = Vec::new();
    for below in command.get_subcommands() {
        let name = below.get_name();
        // Prints no capture, or is looked at by itself.
        if matches!(name, "help" | "schema" | "completions" | "man" | "serve") {
            continue;
        }
        let mut base: Vec<Vec<String>> = vec![vec![name.to_owned()]];
        for positional in below.get_positionals() {
            let words: Vec<String> = positional
                .get_possible_values()
                .iter()
                .map(|value| value.get_name().to_owned())
                .collect();
            let id = positional.get_id().as_str().to_uppercase();
            let choices: Vec<Vec<String>> = if !words.is_empty() {
                words.into_iter().map(|word| vec![word]).collect()
            } else if id == "METHOD" {
                vec![vec!["GET".to_owned()]]
            } else if id == "URL" {
                vec![vec!["/v1/users/x/orders".to_owned()]]
            } else if positional
                .get_num_args()
                .is_some_and(|range| range.max_values() > 1)
            {
                vec![captures.iter().map(|path| (*path).to_owned()).collect()]
            } else {
                vec![vec![captures[0].to_owned()]]
            };
            base = base
                .iter()
                .flat_map(|args| choices.iter().map(|more| [&args[..], &more[..]].concat()))
                .collect();
        }
        let own: Vec<String> = match name {
            // Tokens of a key that is always the same hit nothing by chance.
            "redact" => vec![
                "-o".to_owned(),
                folder.at("redacted"),
                "--key-file".to_owned(),
                folder.at("key"),
            ],
            "init" => vec!["--dir".to_owned(), folder.at("init"), "--force".to_owned()],
            _ => vec!["--no-config".to_owned()],
        };
        for args in &base {
            runs.push([&args[..], &own[..]].concat());
        }
        let args = [&base[0][..], &own[..]].concat();
        if breadth == Breadth::Commands {
            if name == "report" {
                for format in ["html", "json"] {
                    runs.push(
                        [&args[..], &["--report".to_owned(), format!("{format}=-")]].concat(),
                    );
                }
            }
            continue;
        }
        for option in below.get_opts() {
            let Some(long) = option.get_long() else {
                continue;
            };
            let idle = breadth == Breadth::Formats && SAYS_NOTHING.contains(&long);
            if option.is_global_set() && long != "lang" || idle {
                continue;
            }
            for value in option.get_possible_values() {
                runs.push([&args[..], &[format!("--{long}={}", value.get_name())]].concat());
            }
        }
        for flag in below.get_arguments() {
            let Some(long) = flag.get_long() else {
                continue;
            };
            if matches!(flag.get_action(), clap::ArgAction::SetTrue)
                && !matches!(long, "in-place" | "watch" | "open")
                && !(breadth == Breadth::Formats && SAYS_NOTHING.contains(&long))
            {
                runs.push([&args[..], &[format!("--{long}")]].concat());
            }
        }
        if below
            .get_opts()
            .any(|option| option.get_long() == Some("report"))
        {
            for format in [
                "md",
                "html",
                "json",
                "junit",
                "sarif",
                "gitlab",
                "github",
                "badge",
                "template",
                "html-assets",
                "csv",
            ] {
                let path = folder.at(&format!("out-{name}.{format}"));
                runs.push(
                    [
                        &args[..],
                        &[
                            "--report".to_owned(),
                            format!("{format}={path}"),
                            "--lang=en".to_owned(),
                        ],
                    ]
                    .concat(),
                );
                runs.push([&args[..], &["--report".to_owned(), format!("{format}=-")]].concat());
            }
        }
    }
    runs
}

/// Every text in a folder, except those that were put there on purpose.
pub(crate) fn files(folder: &Path, given: &BTreeSet<std::path::PathBuf>) -> Vec<(String, String)> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|file| file.file_type().is_file() && !given.contains(file.path()))
        .map(|file| {
            let name = file
                .path()
                .strip_prefix(folder)
                .unwrap()
                .display()
                .to_string();
            let bytes = std::fs::read(file.path()).unwrap();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// What of the canaries a text holds.
fn leaked(canaries: &Canaries, what: &str, text: &str) -> Vec<String> {
    let found = canaries.found_in(text).into_iter();
    found.map(|value| format!("{what}: {value}")).collect()
}

/// What came out of some runs, one after the other.
fn of_runs(folder: &Folder, runs: Vec<&Vec<String>>, canaries: &Canaries) -> Vec<String> {
    let mut leaks = Vec::new();
    for args in runs {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = harcov(&args);
        let what = folder.hidden(&args.join(" "));
        assert!(ran.code <= 2, "{what}");
        let err = ran.err.replace(folder.path().to_str().unwrap(), "");
        leaks.extend(leaked(canaries, &format!("stdout of {what}"), &ran.out));
        leaks.extend(leaked(canaries, &format!("stderr of {what}"), &err));
    }
    leaks
}

/// Runs everything on some captures and gives what came out although it must not.
pub(crate) fn leaks(
    folder: &Folder,
    captures: &[&str],
    canaries: &Canaries,
    breadth: Breadth,
) -> BTreeSet<String> {
    folder.file("key", "0123456789abcdef0123456789abcdef");
    let given: BTreeSet<_> = walkdir::WalkDir::new(folder.path())
        .into_iter()
        .map(|file| file.unwrap().into_path())
        .collect();
    std::fs::create_dir_all(folder.at("init")).unwrap();
    let runs = runs(folder, captures, breadth);
    let least = if breadth == Breadth::Commands { 5 } else { 25 };
    assert!(runs.len() > least, "{runs:?}");
    let mut by_command: BTreeMap<&String, Vec<&Vec<String>>> = BTreeMap::new();
    for args in &runs {
        by_command.entry(&args[0]).or_default().push(args);
    }
    // No command writes what another one does.
    let mut leaks: BTreeSet<String> = thread::scope(|scope| {
        let run = |runs| scope.spawn(move || of_runs(folder, runs, canaries));
        let running: Vec<_> = by_command.into_values().map(run).collect();
        let done = running.into_iter();
        done.flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut note = |what: &str, text: &str| leaks.extend(leaked(canaries, what, text));
    if breadth != Breadth::Commands {
        for (what, text) in served(folder, captures) {
            note(&what, &text);
        }
    }
    for (name, text) in files(folder.path(), &given) {
        note(&format!("name of {name}"), &name);
        note(&name, &text);
    }
    leaks
}

/// What `harcov serve` answers: the page, a capture that is dropped on it, and refusals. What it logs is
/// a file.
fn served(folder: &Folder, captures: &[&str]) -> Vec<(String, String)> {
    let served = Served::start(folder, &[&["--no-config"], captures].concat());
    let mut answers = Vec::new();
    let mut note = |what: &str, (status, head, body): (u16, String, String)| {
        answers.push((
            format!("serve: {what}: {status}"),
            format!("{head}\n{body}"),
        ));
    };
    for path in ["", "version", "nothing", "report", "9"] {
        note(path, served.get(path));
    }
    let text = std::fs::read(captures[0]).unwrap();
    let broken = &text[..text.len() / 2];
    for (what, text) in [
        ("dropped", text.as_slice()),
        ("broken", broken),
        ("no capture", b"{]"),
    ] {
        let (status, made) = served.drop_on("dropped.har", text);
        note(what, (status, String::new(), made.to_string()));
        if let Some(at) = made["path"].as_str() {
            note("page of what was dropped", served.get(at));
        }
    }
    answers
}
