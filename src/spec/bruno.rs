//! Bruno's collections as they are kept: a folder of `.bru` files, one for each request.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::collection::{Sample, Variables, joined};
use super::{Notes, Operation};
use crate::config::Diagnostics;
use crate::config::source::read_text;
use crate::scope::Place;

/// The ending of the files.
const ENDING: &str = "bru";
/// How many files of one collection are read.
const MAX_FILES: usize = 10_000;
/// How deep folders are looked into.
const MAX_DEPTH: usize = 20;
/// The blocks that hold a request, by the method that they are called after.
const METHODS: [&str; 9] = [
    "get", "post", "put", "patch", "delete", "head", "options", "trace", "connect",
];

/// Whether a path is a collection: the folder of one, or a file of it.
pub(super) fn is(path: &Path) -> bool {
    let is_file = path.extension().is_some_and(|ending| ending == ENDING);
    is_file || path.join("bruno.json").is_file() || path.join("collection.bru").is_file()
}

/// Reads all requests below a folder; beside them the format and the title.
pub(super) fn read(
    path: &Path,
    notes: &mut Notes,
) -> Result<(String, String, Vec<Operation>), Diagnostics> {
    let files = files(path, notes);
    let mut variables = Variables::new();
    let mut samples = Vec::new();
    for file in files {
        let text = read_text(&file)?;
        let blocks = blocks(&text);
        for block in blocks.iter().filter(|block| block.name.starts_with("vars")) {
            for (_, key, value) in block.entries() {
                let known = variables.entry(key.to_owned());
                known.or_insert_with(|| value.to_owned());
            }
        }
        if let Some(mut sample) = sample(&blocks) {
            let inside = file.strip_prefix(path).unwrap_or(&file);
            let folders = inside.parent().into_iter().flat_map(Path::iter);
            sample.folders = folders.map(|f| f.to_string_lossy().into_owned()).collect();
            samples.push((file, sample));
        }
    }
    let whole = notes.file.clone();
    let mut operations = Vec::new();
    for (file, sample) in samples {
        notes.file = file.display().to_string();
        operations.extend(sample.operation(&variables, notes));
    }
    notes.file = whole;
    Ok(("Bruno".to_owned(), title(path), joined(operations)))
}

/// The files of a collection, in the order of their names.
fn files(path: &Path, notes: &mut Notes) -> Vec<PathBuf> {
    let walk = WalkDir::new(path).max_depth(MAX_DEPTH).sort_by_file_name();
    let walk = walk
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != "node_modules");
    let mut files = Vec::new();
    for entry in walk {
        match entry {
            Ok(entry) => {
                let is_ours = entry.path().extension().is_some_and(|e| e == ENDING);
                if is_ours && entry.file_type().is_file() {
                    files.push(entry.into_path());
                }
            }
            Err(error) => notes.warn(1, error.to_string()),
        }
    }
    if files.len() > MAX_FILES {
        let more = files.len() - MAX_FILES;
        notes.warn(1, format!("{more} of the collection's files are left out"));
        files.truncate(MAX_FILES);
    }
    files
}

/// The collection's name, by its settings.
fn title(path: &Path) -> String {
    let settings = std::fs::read_to_string(path.join("bruno.json")).unwrap_or_default();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap_or_default();
    settings["name"].as_str().unwrap_or_default().to_owned()
}

/// `name { … }`, with the line of its name.
#[derive(Debug)]
struct Block<'t> {
    name: &'t str,
    line: usize,
    lines: Vec<&'t str>,
}

impl<'t> Block<'t> {
    /// `key: value`, with the line; what is switched off by `~` is left out.
    fn entries(&self) -> impl Iterator<Item = (usize, &'t str, &'t str)> + '_ {
        let lines = self.lines.iter().enumerate();
        lines.filter_map(|(at, line)| {
            let (key, value) = line.split_once(':')?;
            let key = key.trim();
            let counts = !key.is_empty() && !key.starts_with('~');
            counts.then(|| (self.line + at + 1, key, value.trim()))
        })
    }

    fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// The blocks of a file: they begin and end in the first column, and what they hold is indented.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    for (line, content) in (1..).zip(text.lines()) {
        if open {
            match content.trim_end() {
                "}" | "]" => open = false,
                _ => {
                    if let Some(block) = blocks.last_mut() {
                        block.lines.push(content);
                    }
                }
            }
        } else if let Some(name) = content.trim_end().strip_suffix(['{', '[']) {
            open = true;
            blocks.push(Block {
                name: name.trim(),
                line,
                lines: Vec::new(),
            });
        }
    }
    blocks
}

/// The request of a file, if it holds one.
fn sample(blocks: &[Block<'_>]) -> Option<Sample> {
    let request = blocks.iter().find(|block| METHODS.contains(&block.name))?;
    let value = |block: &Block<'_>, key: &str| {
        let mut entries = block.entries();
        let found = entries.find(|(_, known, _)| *known == key);
        found.map(|(_, _, value)| value.to_owned())
    };
    let meta = blocks.iter().find(|block| block.name == "meta");
    let mut sample = Sample {
        method: request.name.to_ascii_uppercase(),
        url: value(request, "url").unwrap_or_default(),
        name: meta
            .and_then(|meta| value(meta, "name"))
            .unwrap_or_default(),
        line: request.line,
        ..Sample::default()
    };
    let sent = value(request, "body").unwrap_or_default();
    let body = |kind: &str| blocks.iter().find(|block| block.name == kind);
    let mut named = |block: Option<&Block<'_>>, place: Place| {
        let entries = block.into_iter().flat_map(Block::entries);
        let names = entries.map(|(_, key, _)| (place, key.trim_matches('"').to_owned()));
        sample.params.extend(names);
    };
    named(body("params:query").or(body("query")), Place::Query);
    match sent.as_str() {
        "formUrlEncoded" | "form-urlencoded" => named(body("body:form-urlencoded"), Place::Form),
        "multipartForm" | "multipart-form" => named(body("body:multipart-form"), Place::Multipart),
        "json" => sample.json = body("body:json").or(body("body")).map(Block::text),
        "graphql" => {
            let text = |kind| body(kind).map(Block::text).unwrap_or_default();
            sample.graphql = Some((text("body:graphql"), text("body:graphql:vars")));
        }
        "none" | "" => {}
        _ => sample.other_body = true,
    }
    Some(sample)
}
