//! Where captures come from: files, directories, stdin.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::error::FindError;
use crate::value::Sensitive;

/// File names that a walk takes for captures.
const ENDINGS: [&str; 4] = [".har", ".json", ".har.gz", ".zip"];

/// One input, named but not yet opened.
pub struct Source {
    name: String,
    origin: Origin,
    size: Option<u64>,
    walked: bool,
}

enum Origin {
    File(PathBuf),
    Stdin,
    Reader(Box<dyn Read + Send>),
}

impl Source {
    /// A file; its name in reports is relative to the working directory where it lies within.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Source {
            name: display_name(&path),
            size: path
                .metadata()
                .ok()
                .filter(std::fs::Metadata::is_file)
                .map(|meta| meta.len()),
            origin: Origin::File(path),
            walked: false,
        }
    }

    /// Standard input, named `-`.
    pub fn stdin() -> Self {
        Source {
            name: "-".to_owned(),
            origin: Origin::Stdin,
            size: None,
            walked: false,
        }
    }

    /// Anything else that can be read.
    ///
    /// ```
    /// use harcov::capture::{Source, read};
    ///
    /// let har = r#"{"log":{"entries":[{"request":{"method":"get","url":"https://a.example/"}}]}}"#;
    /// let source = Source::reader("memory", har.as_bytes());
    /// let capture = read(source, &mut |_| (), &mut |entry| assert_eq!(entry.request.method, "GET"));
    /// assert_eq!(capture.map(|capture| capture.entries).ok(), Some(1));
    /// ```
    pub fn reader(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Source {
            name: name.into(),
            origin: Origin::Reader(Box::new(reader)),
            size: None,
            walked: false,
        }
    }

    /// The name for reports: as given, with forward slashes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same, named relative to a folder if it lies within, so that its name does not depend on
    /// where a command was run.
    pub fn named_within(mut self, folder: &Path) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).ok();
        if let (Some(file), Some(folder)) = (self.path().and_then(absolute), absolute(folder))
            && let Ok(within) = file.strip_prefix(folder)
        {
            self.name = display_name(within);
        }
        self
    }

    /// The same under another name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The size in bytes, where it is known beforehand.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Stdin | Origin::Reader(_) => None,
        }
    }

    /// Whether it was found in a directory rather than named by hand, so that being no capture is
    /// no mistake of the user's.
    pub fn walked(&self) -> bool {
        self.walked
    }

    /// Whether its name says that it is a capture, so that a file which cannot be read is one that is
    /// lost; a `.json` or `.zip` in a folder may be anything.
    pub fn is_har_by_name(&self) -> bool {
        let name = self.name.to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "har")
    }

    /// Its first bytes, with the source as it was: a file is opened again, all else is given back
    /// what was read of it.
    pub(super) fn peek(self, length: usize) -> io::Result<(Vec<u8>, Source)> {
        let mut head = Vec::with_capacity(length);
        let (mut reader, path): (Box<dyn Read + Send>, _) = match self.origin {
            Origin::File(path) => (Box::new(File::open(&path)?), Some(path)),
            Origin::Stdin => (Box::new(io::stdin()), None),
            Origin::Reader(reader) => (reader, None),
        };
        reader.by_ref().take(length as u64).read_to_end(&mut head)?;
        let origin = match path {
            Some(path) if path.is_file() => Origin::File(path),
            // A pipe cannot be opened again.
            _ => Origin::Reader(Box::new(io::Cursor::new(head.clone()).chain(reader))),
        };
        Ok((head, Source { origin, ..self }))
    }

    /// Its bytes.
    pub(crate) fn into_reader(self) -> io::Result<Box<dyn Read + Send>> {
        self.open()
    }

    /// Opens it.
    pub(super) fn open(self) -> io::Result<Box<dyn Read + Send>> {
        match self.origin {
            Origin::File(path) => Ok(Box::new(File::open(path)?)),
            Origin::Stdin => Ok(Box::new(io::stdin())),
            Origin::Reader(reader) => Ok(reader),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// The captures at the given paths, in the order given, those of a directory sorted by path.
///
/// A file named by hand is always taken; of a directory those that end like captures, with
/// symbolic links not followed. `-` is stdin. What is reached twice comes once.
///
/// # Errors
///
/// A path that is not there, and a directory without captures.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>, FindError> {
    let mut seen = HashSet::new();
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            if seen.insert(path.clone()) {
                sources.push(Source::stdin());
            }
            continue;
        }
        if !path.exists() {
            return Err(FindError::Missing(path.clone()));
        }
        let walked = path.is_dir();
        let files = if walked {
            walk(path)?
        } else {
            vec![path.clone()]
        };
        for file in files {
            if seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                sources.push(Source {
                    walked,
                    ..Source::file(file)
                });
            }
        }
    }
    Ok(sources)
}

fn walk(directory: &Path) -> Result<Vec<PathBuf>, FindError> {
    let mut files = Vec::new();
    for found in WalkDir::new(directory).sort_by_file_name() {
        let found = found.map_err(|error| {
            let path = error.path().unwrap_or(directory).to_owned();
            FindError::Io(path, error.into())
        })?;
        if found.file_type().is_file() && is_capture(found.path()) {
            files.push(found.into_path());
        }
    }
    if files.is_empty() {
        return Err(FindError::NoCaptures(directory.to_owned()));
    }
    Ok(files)
}

fn is_capture(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The path relative to the working directory if it is within, with forward slashes; phone numbers
/// and the like are masked.
fn display_name(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = path.strip_prefix(&here).unwrap_or(path);
    let mut name = String::new();
    for part in shown.components() {
        if part == Component::CurDir {
            continue;
        }
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        name += &part.as_os_str().to_string_lossy().replace('\\', "/");
    }
    Sensitive::built_in().masked(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        let root = paths[0].clone();
        find(paths)
            .unwrap()
            .iter()
            .map(|source| {
                source
                    .path()
                    .unwrap()
                    .strip_prefix(&root)
                    .unwrap()
                    .display()
                    .to_string()
            })
            .collect()
    }

    #[test]
    fn directories_are_walked_in_order_and_nothing_comes_twice() {
        let root = tempfile::tempdir().unwrap();
        for file in ["b.har", "a/c.HAR.GZ", "a/x.zip", "a/notes.txt", "z.json"] {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let paths = [
            root.path().to_owned(),
            root.path().join("b.har"),
            root.path().join("a/notes.txt"),
        ];
        assert_eq!(
            names(&paths),
            ["a/c.HAR.GZ", "a/x.zip", "b.har", "z.json", "a/notes.txt"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_a_walk() {
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.har"), "{}").unwrap();
        fs::write(root.path().join("a.har"), "{}").unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("out")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.har"), root.path().join("s.har"))
            .unwrap();
        assert_eq!(names(&[root.path().to_owned()]), ["a.har"]);
    }

    #[test]
    fn what_is_not_there_is_an_error_that_says_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        let error = find(&[root.path().to_owned()]).unwrap_err();
        assert_eq!(error.code(), "no-captures");
        assert!(error.to_string().contains(".har.gz"), "{error}");
        let error = find(&[root.path().join("no.har")]).unwrap_err();
        assert_eq!(error.code(), "missing");
        assert!(
            error.to_string().contains("no.har: no such file"),
            "{error}"
        );
    }

    #[test]
    fn names_are_relative_with_forward_slashes() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(Source::file(here.join("a").join("b.har")).name(), "a/b.har");
        assert_eq!(Source::file("./x/../b.har").name(), "x/../b.har");
        assert_eq!(
            Source::file("/somewhere/else.har").name(),
            "/somewhere/else.har"
        );
        assert_eq!(Source::file("13800138000.har").name(), "<cn-mobile>.har");
    }
}
