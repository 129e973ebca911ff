//! Reads manifests.

use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::Value;

use super::raw::RawManifest;
use super::validate::{Listed, validate};
use super::{Claim, Manifest, described};
use crate::config::check::Checks;
use crate::config::document;
use crate::config::source::{Source, read_text};
use crate::config::{Diagnostic, Diagnostics, Location, SpecConfig};
use crate::spec::is_description;

/// Reads manifests into one; what is claimed twice by hand is an error wherever it stands. A
/// description of an API (OpenAPI, a Postman collection) is a manifest too, read by `rules`; a `*` in
/// a file's name stands for any characters.
///
/// # Errors
/// A file cannot be read, or has problems: those of all files are told.
pub fn load(files: &[PathBuf], rules: &SpecConfig) -> Result<Manifest, Diagnostics> {
    load_by(files, Some(rules))
}

/// Reads descriptions of APIs into one manifest that claims all they describe, whatever marks it.
///
/// # Errors
/// The same as of [`load`].
pub fn load_descriptions(files: &[PathBuf]) -> Result<Manifest, Diagnostics> {
    load_by(files, None)
}

fn load_by(files: &[PathBuf], rules: Option<&SpecConfig>) -> Result<Manifest, Diagnostics> {
    let mut all = Manifest::default();
    let mut problems = Vec::new();
    let mut listed = Listed::default();
    for file in expanded(files, &mut problems) {
        match load_one(&file, rules) {
            Ok(manifest) => {
                let by_hand = |claim: &&Claim| claim.described.is_none();
                for claim in manifest.claims.iter().filter(by_hand) {
                    if let Some(message) = listed.again(claim) {
                        let problem = Diagnostic::error(claim.location.clone(), message);
                        problems.push(problem.remedy("keep one of them"));
                    }
                }
                all.claims.extend(manifest.claims);
                all.descriptions.extend(manifest.descriptions);
                all.warnings.extend(manifest.warnings);
            }
            Err(found) => problems.extend(found.into_vec()),
        }
    }
    if problems.is_empty() {
        Ok(all)
    } else {
        Err(Diagnostics::new(problems))
    }
}

/// The files, with those that patterns stand for in the order of their names.
fn expanded(files: &[PathBuf], problems: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str());
        let pattern = name.filter(|name| name.contains('*') && !file.exists());
        let Some(pattern) = pattern else {
            all.push(file.clone());
            continue;
        };
        let folder = file.parent().unwrap_or(Path::new(""));
        let found = matching(folder, pattern);
        if found.is_empty() {
            let place = Location::file(file.display().to_string());
            let problem = Diagnostic::error(place, "no file has such a name");
            problems.push(problem.remedy("check the pattern"));
        }
        all.extend(found);
    }
    all
}

/// The files of a folder whose names fit a pattern, in order.
fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let regex = format!("^{}$", regex::escape(pattern).replace(r"\*", ".*"));
    let Ok(regex) = Regex::new(&regex) else {
        return Vec::new();
    };
    let read = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = std::fs::read_dir(read).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| {
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| regex.is_match(name))
        })
        .map(|entry| folder.join(entry.file_name()))
        .collect();
    found.sort();
    found
}

fn load_one(file: &Path, rules: Option<&SpecConfig>) -> Result<Manifest, Diagnostics> {
    if is_description(file) {
        return described::load(file, rules);
    }
    let extension = file.extension().and_then(|extension| extension.to_str());
    if !extension.is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        let place = Location::file(file.display().to_string());
        let problem = Diagnostic::error(place, "the manifest is neither TOML nor a description");
        return Err(problem
            .remedy("name a `.toml` file, or an OpenAPI or Postman file (`.yaml`, `.json`)")
            .into());
    }
    parse(&read_text(file)?, file)
}

/// Reads the text of a manifest; `file` names it in messages.
///
/// ```
/// use std::path::Path;
///
/// let text = "[[endpoint]]\nmethod = 'GET'\nroute = '/users/<user_id>'\n";
/// let manifest = harcov::manifest::parse(text, Path::new("manifest.toml")).unwrap();
/// assert_eq!(manifest.claims[0].location.to_string(), "manifest.toml:1:1");
/// ```
///
/// # Errors
/// All problems of the file.
pub fn parse(text: &str, file: &Path) -> Result<Manifest, Diagnostics> {
    let source = Source::new(text, file);
    let (raw, problems) = document::read::<RawManifest>(&source);
    let mut checks = Checks::new(&source, problems);
    let manifest = raw.map(|raw| validate(raw, &mut checks));
    let (manifest, warnings) = checks.finish(manifest)?;
    Ok(Manifest {
        warnings,
        ..manifest
    })
}

/// The JSON Schema (draft 2020-12) of a manifest.
pub fn schema() -> Value {
    crate::config::schema::of::<RawManifest>()
}
