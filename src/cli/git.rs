//! `harcov diff --git`: what Git's `diff.<driver>.command` calls.

use std::path::{Path, PathBuf};

use super::Failure;

/// One file, as Git hands it over.
pub(super) struct GitCall<'a> {
    /// Its path in the repository.
    pub(super) path: &'a Path,
    /// The old side; none if the file is new.
    pub(super) old: Option<&'a PathBuf>,
    /// The new side; none if the file is deleted.
    pub(super) new: Option<&'a PathBuf>,
}

impl<'a> GitCall<'a> {
    /// Reads `path old-file old-hex old-mode new-file new-hex new-mode`, behind which a renamed file has
    /// its new name and what Git says of it. Of a file that is in conflict there is only the path, and
    /// nothing to compare.
    pub(super) fn new(args: &'a [PathBuf]) -> Result<Option<Self>, Failure> {
        let there = |file: &'a PathBuf| (file.as_os_str() != "/dev/null").then_some(file);
        match args {
            [_] => Ok(None),
            [path, old, _, _, new, _, _, rest @ ..] if rest.is_empty() || rest.len() == 2 => {
                Ok(Some(GitCall {
                    path: rest.first().unwrap_or(path),
                    old: there(old),
                    new: there(new),
                }))
            }
            _ => Err(Failure::new(
                "`--git` is for Git: `git config diff.har.command \"harcov diff --git\"` and, in .gitattributes, `*.har diff=har`",
            )),
        }
    }
}
