//! Files that a command writes: whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::render::Format;

use super::guard::{Input, check_distinct};
use super::{Failure, Io};

/// One output of the report: what it is and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// What it is.
    pub(super) output: Output,
    /// A file, or `-`.
    pub(super) path: PathBuf,
}

/// What an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// A format of harcov.
    Format(Format),
    /// What the user's template makes.
    Template,
    /// A Markdown document with the report between its markers.
    Inject,
}

impl Output {
    fn named(word: &str) -> Option<Output> {
        match word {
            "template" => Some(Output::Template),
            "inject" => Some(Output::Inject),
            word => Format::named(word).map(Output::Format),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((word, path)) = text.split_once('=') else {
            return Err("write FORMAT=PATH, such as html=report.html".to_owned());
        };
        let Some(output) = Output::named(word) else {
            let names: Vec<&str> = Format::all().map(Format::name).collect();
            return Err(format!(
                "no format is called `{word}`; there are {}, template, inject",
                names.join(", ")
            ));
        };
        if path.is_empty() {
            return Err(format!("name a file behind `{word}=`, or `-` for stdout"));
        }
        if path == "-" && output == Output::Inject {
            return Err("a report is put into a file, not into stdout".to_owned());
        }
        Ok(Target {
            output,
            path: path.into(),
        })
    }
}

/// A report that is there: `FILE`, or `FORMAT=FILE` where the name does not tell the format.
pub(super) fn committed(text: &str) -> Result<Target, String> {
    let named = text
        .split_once('=')
        .and_then(|(word, _)| Output::named(word));
    if named.is_some() {
        return text.parse();
    }
    match Format::of_file(Path::new(text)) {
        Some(format) => Ok(Target {
            output: Output::Format(format),
            path: text.into(),
        }),
        None => Err(format!(
            "the name does not tell the format; write FORMAT={text}, such as gitlab={text}"
        )),
    }
}

/// Fails early if one of the outputs cannot be written, or two are one file.
pub(super) fn check_all<'p>(
    mut paths: impl Iterator<Item = &'p Path> + Clone,
) -> Result<(), Failure> {
    check_distinct(paths.clone())?;
    paths.try_for_each(check_writable)
}

/// Fails early if a file cannot be written, before the work is done.
pub(super) fn check_writable(path: &Path) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let folder = folder_of(path);
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::new(format!(
            "cannot write {}: {} is no folder; name another path",
            path.display(),
            folder.display()
        )));
    }
    if !folder.is_dir() {
        return Err(Failure::new(format!(
            "cannot write {}: the folder {} is not there; create it",
            path.display(),
            folder.display()
        )));
    }
    if path.is_dir() {
        return Err(Failure::new(format!(
            "cannot write {}: it is a folder; name a file",
            path.display()
        )));
    }
    Ok(())
}

/// Writes a text to a file that the command has not read or, for `-`, to stdout.
pub(super) fn write(path: &Path, text: &str, io: &mut Io<'_>) -> Result<(), Failure> {
    io.guard.check(path)?;
    update(path, text, io)
}

/// Writes a text to a file, be it one that was read, or to stdout. A file is replaced as a whole or
/// left as it was, and not touched if it already holds the text. Devices and pipes are written to.
pub(super) fn update(path: &Path, text: &str, io: &mut Io<'_>) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        io.out.write_all(text.as_bytes())?;
        io.out.flush()?;
        return Ok(());
    }
    let known = fs::metadata(path);
    let written = if known.is_ok_and(|known| !known.is_file()) {
        // A device or a pipe: never read, and never replaced by a file.
        fs::write(path, text)
    } else if fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        io.note(&format!("{} is up to date", path.display()));
        return Ok(());
    } else {
        // A link stays; what it points to is replaced.
        let target = fs::canonicalize(path);
        replace(target.as_deref().unwrap_or(path), text)
    };
    written.map_err(|error| {
        Failure::new(format!(
            "cannot write {}: {error}; check the folder's permissions and the free space",
            path.display()
        ))
    })?;
    io.note(&format!("wrote {}", path.display()));
    Ok(())
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".harcov-");
    if let Some(permissions) = permissions(path) {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// Those of the file that is replaced, else what the user's mask leaves of everybody's.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none to give")]
fn permissions(path: &Path) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    let known = fs::metadata(path).map(|known| known.permissions());
    Some(known.unwrap_or_else(|_| fs::Permissions::from_mode(0o666)))
}

/// The folder's.
#[cfg(not(unix))]
fn permissions(_: &Path) -> Option<fs::Permissions> {
    None
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The user's template with the name that messages show.
pub(super) fn read_template(
    file: Option<&Path>,
    io: &mut Io<'_>,
) -> Result<Option<(String, String)>, Failure> {
    let Some(file) = file else {
        return Ok(None);
    };
    io.guard.reads(file, Input::Source);
    let name = file.display().to_string();
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some((name, text))),
        Err(error) => Err(Failure::new(format!(
            "cannot read the template {name}: {error}; check the path, and that it is UTF-8 text"
        ))),
    }
}
