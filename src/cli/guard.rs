//! What a command has read: no output takes its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Failure;
use super::output::folder_of;

/// What a file is to the command that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// Something that only its author can make again.
    Source,
    /// An inventory, which one that is made of it holds whole.
    Inventory,
}

/// The files that a command has read, by their real paths.
#[derive(Debug, Default)]
pub(super) struct Guard(BTreeMap<PathBuf, Input>);

impl Guard {
    /// Notes a file that is read.
    pub(super) fn reads(&mut self, path: &Path, read: Input) {
        // What is no file, such as a pipe or a folder, is not replaced.
        if path.is_file()
            && let Some(path) = real(path)
        {
            self.0.insert(path, read);
        }
    }

    /// What a path is that is to be written, if it was read.
    pub(super) fn read(&self, path: &Path) -> Option<Input> {
        self.0.get(&real(path)?).copied()
    }

    /// Fails if a file that is to be written is one that was read.
    pub(super) fn check(&self, path: &Path) -> Result<(), Failure> {
        match self.read(path) {
            Some(_) => Err(Failure::new(format!(
                "cannot write {}: this command reads it; name another output",
                path.display()
            ))),
            None => Ok(()),
        }
    }
}

/// Fails if two outputs are one file; stdout and devices take several.
pub(super) fn check_distinct<'p>(
    outputs: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Failure> {
    let mut known: Vec<PathBuf> = Vec::new();
    for path in outputs {
        if path.as_os_str() == "-" || path.exists() && !path.is_file() {
            continue;
        }
        let Some(real) = real(path) else { continue };
        if known.contains(&real) {
            return Err(Failure::new(format!(
                "two outputs go to {}; name a file for each",
                path.display()
            )));
        }
        known.push(real);
    }
    Ok(())
}

/// The path without links, of a file that may not be there yet.
fn real(path: &Path) -> Option<PathBuf> {
    let there = path.canonicalize().ok();
    there.or_else(|| Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?)))
}
