//! Finds and reads `harcov.toml`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::check::Checks;
use super::raw::RawConfig;
use super::source::{Source, read_text};
use super::validate::validate;
use super::{Config, Diagnostics, document};

/// The name that a configuration is found by.
pub const FILE_NAME: &str = "harcov.toml";

/// Looks for a configuration in a folder and in those above it.
///
/// The file is named relative to `start` where it stands there, and by its absolute path where it
/// stands above.
pub fn discover(start: &Path) -> Option<PathBuf> {
    let here = if start == Path::new(".") {
        PathBuf::from(FILE_NAME)
    } else {
        start.join(FILE_NAME)
    };
    if here.is_file() {
        return Some(here);
    }
    let start = std::path::absolute(start).ok()?;
    start
        .ancestors()
        .skip(1)
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| file.is_file())
}

/// Reads a configuration.
///
/// # Errors
/// The file cannot be read, or has problems: all of them are told.
pub fn load(file: &Path) -> Result<Config, Diagnostics> {
    parse(&read_text(file)?, file)
}

/// Reads the text of a configuration; `file` names it in messages, and its folder is the one that
/// paths are relative to.
///
/// ```
/// use std::path::Path;
///
/// let text = "title = 'Tickets'\n[[rule]]\ngroup = 'order'\npahts = '/order/'\n";
/// let problems = harcov::config::parse(text, Path::new("harcov.toml")).unwrap_err();
/// assert!(problems.to_string().starts_with(
///     "harcov.toml:4:1: unknown key `pahts` in [[rule]]; did you mean `path`?\n"
/// ));
/// ```
///
/// # Errors
/// All problems of the file.
pub fn parse(text: &str, file: &Path) -> Result<Config, Diagnostics> {
    let source = Source::new(text, file);
    let (raw, problems) = document::read::<RawConfig>(&source);
    let mut checks = Checks::new(&source, problems);
    let config = raw.map(|raw| validate(raw, file, &mut checks));
    let (config, warnings) = checks.finish(config)?;
    Ok(Config { warnings, ..config })
}

/// The JSON Schema (draft 2020-12) of `harcov.toml`.
pub fn schema() -> Value {
    super::schema::of::<RawConfig>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_above_is_found() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(root.path().join(FILE_NAME), "").unwrap();
        std::fs::create_dir(root.path().join("a").join(FILE_NAME)).unwrap();
        assert_eq!(discover(&deep), Some(root.path().join(FILE_NAME)));
        std::fs::write(deep.join(FILE_NAME), "").unwrap();
        assert_eq!(discover(&deep), Some(deep.join(FILE_NAME)));
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let text = "captures = 'captures'\nmanifest = ['manifest.toml', '/m.toml']";
        let config = parse(text, Path::new("api/harcov.toml")).unwrap();
        assert_eq!(config.captures, [Path::new("api/captures")]);
        let manifests = [Path::new("api/manifest.toml"), Path::new("/m.toml")];
        assert_eq!(config.manifests, manifests);
    }
}
