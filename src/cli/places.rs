//! Where the project's files lie in its repository.

use std::path::Path;

use crate::config::Config;

/// The folder of the configuration as CI names it: from the top of the repository, which is the
/// nearest folder with a `.git` in it, else from the working directory. Empty for the top itself.
pub(super) fn folder_in_repository(config: &Config) -> String {
    let root = if config.root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        &config.root
    };
    let Ok(root) = std::fs::canonicalize(root) else {
        return String::new();
    };
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    let here = std::fs::canonicalize(".").unwrap_or_default();
    let within = root.strip_prefix(repository.unwrap_or(&here));
    let parts = within.unwrap_or(Path::new("")).iter();
    let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
