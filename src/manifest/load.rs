//! Reads manifests.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Manifest;
use super::raw::RawManifest;
use super::validate::{Listed, validate};
use crate::config::check::Checks;
use crate::config::document;
use crate::config::source::{Source, read_text};
use crate::config::{Diagnostic, Diagnostics, Location};

/// Reads manifests into one; what is claimed twice is an error wherever it stands.
///
/// # Errors
/// A file cannot be read, or has problems: those of all files are told.
pub fn load(files: &[PathBuf]) -> Result<Manifest, Diagnostics> {
    let mut all = Manifest::default();
    let mut problems = Vec::new();
    let mut listed = Listed::default();
    for file in files {
        match load_one(file) {
            Ok(manifest) => {
                for claim in &manifest.claims {
                    if let Some(message) = listed.again(claim) {
                        let problem = Diagnostic::error(claim.location.clone(), message);
                        problems.push(problem.remedy("keep one of them"));
                    }
                }
                all.claims.extend(manifest.claims);
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

fn load_one(file: &Path) -> Result<Manifest, Diagnostics> {
    let extension = file.extension().and_then(|extension| extension.to_str());
    if !extension.is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        let place = Location::file(file.display().to_string());
        let problem = Diagnostic::error(place, "the manifest is no TOML file");
        return Err(problem.remedy("name a `.toml` file").into());
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
