//! Which files are looked at: what a person wrote in a language that is read.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use ignore::WalkBuilder;
use regex::RegexSet;
use serde::Deserialize;

use super::idioms::words;
use super::language::{Language, lacking};

/// Above this size nobody wrote a file.
pub(super) const MAX_BYTES: u64 = 2 << 20;

/// Why a file is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LeftOut {
    /// It came from elsewhere; a folder counts once.
    Vendored,
    /// A program made it.
    Generated,
    /// It is packed into a few very long lines.
    Minified,
    /// It is larger than two mebibytes.
    TooLarge,
    /// It is no text.
    Binary,
    /// It could not be read.
    Unreadable,
    /// This build does not read its language.
    NoGrammar,
}

impl LeftOut {
    /// The name of the reason in outputs.
    pub fn name(self) -> &'static str {
        match self {
            LeftOut::Vendored => "vendored",
            LeftOut::Generated => "generated",
            LeftOut::Minified => "minified",
            LeftOut::TooLarge => "too large",
            LeftOut::Binary => "binary",
            LeftOut::Unreadable => "unreadable",
            LeftOut::NoGrammar => "of a language that this build lacks",
        }
    }
}

/// A file to look at.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Its name in outputs: with `/`, relative to where the paths of a project start.
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) test: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    vendored: Vec<String>,
    generated: Vec<String>,
    generated_names: Vec<String>,
    generated_marks: Vec<String>,
    tests: Vec<String>,
    test_words: Vec<String>,
    test_company: Vec<String>,
    test_names: Vec<String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("skip.toml")).unwrap_or_default());

static TEST_NAMES: LazyLock<RegexSet> =
    LazyLock::new(|| RegexSet::new(&TABLE.test_names).unwrap_or_default());

/// The files of some sources, by name, and what is left out.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: Vec<Found>,
    pub(super) left_out: BTreeMap<LeftOut, Vec<String>>,
}

/// Walks sources: files, or folders with everything below them that is not ignored.
pub(super) fn walk(sources: &[PathBuf], root: &Path) -> Walked {
    let mut walked = Walked::default();
    for source in sources {
        let mut builder = WalkBuilder::new(source);
        builder.require_git(false).sort_by_file_name(Ord::cmp);
        let vendored = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = std::sync::Arc::clone(&vendored);
        builder.filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            if entry.depth() == 0 || !is_folder {
                return true;
            }
            let name = entry.file_name().to_string_lossy();
            let reason = if TABLE.vendored.iter().any(|known| *known == name) {
                LeftOut::Vendored
            } else if TABLE.generated.iter().any(|known| *known == name) {
                LeftOut::Generated
            } else {
                return true;
            };
            if let Ok(mut seen) = seen.lock() {
                seen.push((reason, entry.path().to_owned()));
            }
            false
        });
        for entry in builder.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    walked.file(entry.path(), source, root);
                }
                Ok(_) => {}
                Err(error) => {
                    let told = walked.left_out.entry(LeftOut::Unreadable).or_default();
                    told.push(error.to_string());
                }
            }
        }
        let folders = vendored.lock().map(|mut seen| std::mem::take(&mut *seen));
        for (reason, path) in folders.unwrap_or_default() {
            let mut name = name_of(&path, root);
            name.push('/');
            walked.left_out.entry(reason).or_default().push(name);
        }
    }
    walked.files.sort_by(|one, other| one.name.cmp(&other.name));
    walked.files.dedup_by(|one, other| one.path == other.path);
    walked
}

impl Walked {
    fn file(&mut self, path: &Path, source: &Path, root: &Path) {
        let name = name_of(path, root);
        if Language::of(path).is_none() {
            if lacking(path).is_some() {
                self.left_out
                    .entry(LeftOut::NoGrammar)
                    .or_default()
                    .push(name);
            }
            return;
        }
        let bytes = path.metadata().map_or(0, |known| known.len());
        let file_name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        let file_name = file_name.unwrap_or_default();
        let ends = |end: &String| file_name.ends_with(end.as_str());
        if TABLE.generated_names.iter().any(ends) {
            self.left_out
                .entry(LeftOut::Generated)
                .or_default()
                .push(name);
            return;
        }
        if bytes > MAX_BYTES {
            self.left_out
                .entry(LeftOut::TooLarge)
                .or_default()
                .push(name);
            return;
        }
        // Only what lies below the source tells of tests: the source was named on purpose.
        let inside = path.strip_prefix(source).unwrap_or(path);
        let folders = inside.parent().into_iter().flat_map(Path::iter);
        let in_tests = folders
            .map(|folder| folder.to_string_lossy())
            .any(|folder| is_of_tests(&folder));
        self.files.push(Found {
            path: path.to_owned(),
            name,
            bytes,
            test: in_tests || TEST_NAMES.is_match(&file_name),
        });
    }
}

/// Whether a folder of this name holds tests, or what they need.
fn is_of_tests(folder: &str) -> bool {
    if TABLE.tests.iter().any(|known| known == folder) {
        return true;
    }
    // `Shop.UnitTests`
    let own = folder.rsplit('.').next().unwrap_or(folder);
    let words = words(own);
    let is_test = |word: &String| TABLE.test_words.contains(word);
    let fits = |word: &String| is_test(word) || TABLE.test_company.contains(word);
    words.iter().any(is_test) && words.iter().all(fits)
}

/// A file's name in outputs.
fn name_of(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).ok();
    let parts: Vec<_> = inside
        .unwrap_or(path)
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    let name = parts.join("/");
    name.strip_prefix("//")
        .map_or(name.clone(), |rest| format!("/{rest}"))
}

/// Why the content of a file is not looked at, if it is not.
pub(super) fn unfit(content: &[u8]) -> Option<LeftOut> {
    if content.iter().take(8192).any(|byte| *byte == 0) {
        return Some(LeftOut::Binary);
    }
    let head = String::from_utf8_lossy(&content[..content.len().min(1500)]);
    if TABLE
        .generated_marks
        .iter()
        .any(|mark| head.contains(mark.as_str()))
    {
        return Some(LeftOut::Generated);
    }
    let lines = memchr::memchr_iter(b'\n', content).count() + 1;
    (content.len() > 20_000 && content.len() / lines > 400).then_some(LeftOut::Minified)
}

#[cfg(test)]
mod tests {
    use super::is_of_tests;

    #[test]
    fn folders_of_tests_are_told_by_their_words() {
        for folder in [
            "tests",
            "test-utils",
            "integrationTest",
            "testFixtures",
            "MyApp.UnitTests",
            "MyApp.IntegrationTests",
            "tests_e2e",
            "mock",
            "mock-server",
            "benchmarks",
        ] {
            assert!(is_of_tests(folder), "{folder}");
        }
        for folder in [
            "test-drives",
            "lab-tests",
            "latest",
            "contest",
            "mock-exams",
            "api",
            "utils",
            "e2ee",
        ] {
            assert!(!is_of_tests(folder), "{folder}");
        }
    }
}
