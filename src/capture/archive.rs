//! Captures in zip archives. Nothing is unpacked: members are read where they are.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Take};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use flate2::read::DeflateDecoder;
use tempfile::NamedTempFile;
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::error::{Foreign, ReadError};

/// A zip archive with at least one capture in it.
pub(super) struct Archive {
    backing: Backing,
    zip: Mutex<ZipArchive<File>>,
    captures: Vec<Member>,
}

/// The archive's own file.
enum Backing {
    Named(PathBuf),
    /// What came from a stream, which cannot be read back and forth.
    Spooled(NamedTempFile),
}

/// Where the data of a member is.
#[derive(Debug, Clone, Copy)]
struct Member {
    start: u64,
    length: u64,
    deflated: bool,
}

impl Member {
    fn new(file: &ZipFile<'_, File>) -> Result<Self, ReadError> {
        if file.encrypted() {
            return Err(ReadError::Archive("it is encrypted".to_owned()));
        }
        let deflated = match file.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => return Err(ReadError::Archive(format!("{other} is not known here"))),
        };
        Ok(Member {
            start: file.data_start().unwrap_or_default(),
            length: file.compressed_size(),
            deflated,
        })
    }
}

impl Archive {
    /// Opens an archive by its path.
    pub(super) fn named(path: PathBuf) -> Result<Self, ReadError> {
        Archive::new(Backing::Named(path))
    }

    /// Opens an archive that comes as a stream.
    pub(super) fn spooled(mut reader: impl Read) -> Result<Self, ReadError> {
        let mut file = NamedTempFile::new()?;
        io::copy(&mut reader, &mut file)?;
        Archive::new(Backing::Spooled(file))
    }

    fn new(backing: Backing) -> Result<Self, ReadError> {
        let mut zip = ZipArchive::new(backing.open()?).map_err(damaged)?;
        let mut captures = BTreeMap::new();
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index).map_err(damaged)?;
            let name = file.name().map_err(damaged)?.into_owned();
            if file.is_file() && is_capture(&name) {
                captures.insert(name, Member::new(&file)?);
            }
        }
        if captures.is_empty() {
            return Err(ReadError::NotHar(Foreign::Archive));
        }
        Ok(Archive {
            backing,
            zip: Mutex::new(zip),
            captures: captures.into_values().collect(),
        })
    }

    /// The number of captures.
    pub(super) fn len(&self) -> usize {
        self.captures.len()
    }

    /// The stored bytes of a capture, by its place in the order of names, and whether they are
    /// deflated.
    pub(super) fn capture(&self, index: usize) -> io::Result<(Take<File>, bool)> {
        let member = self.captures[index];
        Ok((self.stored(member)?, member.deflated))
    }

    /// A further file, by its whole name.
    pub(super) fn file(&self, name: &str) -> Option<Box<dyn Read>> {
        let mut zip = self.zip.lock().unwrap_or_else(PoisonError::into_inner);
        let member = Member::new(&zip.by_name_raw(name.as_bytes()).ok()?).ok()?;
        drop(zip);
        let stored = self.stored(member).ok()?;
        if member.deflated {
            return Some(Box::new(DeflateDecoder::new(stored)));
        }
        Some(Box::new(stored))
    }

    fn stored(&self, member: Member) -> io::Result<Take<File>> {
        let mut file = self.backing.open()?;
        file.seek(SeekFrom::Start(member.start))?;
        Ok(file.take(member.length))
    }
}

impl Backing {
    fn open(&self) -> io::Result<File> {
        match self {
            Backing::Named(path) => File::open(path),
            Backing::Spooled(file) => file.reopen(),
        }
    }
}

/// Captures end in `.har`, as they do outside; macOS adds files of its own to archives.
fn is_capture(name: &str) -> bool {
    let name = name.to_lowercase();
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    [".har", ".har.gz"]
        .iter()
        .any(|ending| file.ends_with(ending))
        && !file.starts_with("._")
        && !name.starts_with("__macosx/")
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err wants"
)]
fn damaged(error: ZipError) -> ReadError {
    ReadError::Archive(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use crate::capture::{Body, ReadError, Source, read};

    const HAR: &str = r#"{"log":{"entries":[
        {"request":{"method":"GET","url":"a"},"response":{"status":200,"content":{"_file":"x.json"}}},
        {"request":{"method":"GET","url":"b"},"response":{"status":200,"content":{"_file":"../x.json"}}},
        {"request":{"method":"POST","url":"c","postData":{"_file":"gone.bin"}}}
    ]}}"#;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (index, (name, content)) in files.iter().enumerate() {
            let method = [
                zip::CompressionMethod::Stored,
                zip::CompressionMethod::Deflated,
            ][index % 2];
            zip.start_file(
                *name,
                SimpleFileOptions::default().compression_method(method),
            )
            .unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn bodies(source: Source) -> Result<Vec<String>, ReadError> {
        let mut bodies = Vec::new();
        read(source, &mut |_| (), &mut |entry| {
            let body = match &entry.response {
                Some(response) => response.body.decode(),
                None => entry.request.body.decode(),
            };
            let text = match body {
                Body::Text(text) => text.into_owned(),
                other => format!("{other:?}"),
            };
            bodies.push(format!("{} {text}", entry.index));
        })?;
        Ok(bodies)
    }

    #[test]
    fn captures_with_their_files() {
        let files = [
            ("har.har", HAR.as_bytes()),
            ("x.json", b"{}"),
            ("__MACOSX/._har.har", b""),
        ];
        let zip = archive(&files);
        let expected = ["0 {}", "1 NotCaptured", "2 NotCaptured"];
        assert_eq!(
            bodies(Source::reader("a.zip", Cursor::new(zip.clone()))).unwrap(),
            expected
        );
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.zip"), zip).unwrap();
        assert_eq!(
            bodies(Source::file(folder.path().join("a.zip"))).unwrap(),
            expected
        );
        let unpacked = folder.path().join("unpacked");
        std::fs::create_dir(&unpacked).unwrap();
        std::fs::write(folder.path().join("x.json"), "outside").unwrap();
        std::fs::write(unpacked.join("x.json"), "{}").unwrap();
        std::fs::write(unpacked.join("a.har"), HAR).unwrap();
        assert_eq!(
            bodies(Source::file(unpacked.join("a.har"))).unwrap(),
            expected
        );
    }

    #[test]
    fn several_captures_count_on() {
        let zip = archive(&[
            ("b.har", HAR.as_bytes()),
            ("a/1.har", HAR.as_bytes()),
            ("x.json", b"1"),
        ]);
        let bodies = bodies(Source::reader("a.zip", Cursor::new(zip))).unwrap();
        assert_eq!(bodies.len(), 6);
        assert_eq!(bodies[3], "3 1");
    }

    #[test]
    fn what_cannot_be_read() {
        let code = |zip: Vec<u8>| {
            bodies(Source::reader("", Cursor::new(zip)))
                .unwrap_err()
                .code()
        };
        assert_eq!(code(archive(&[("notes.txt", b"")])), "archive");
        assert_eq!(code(archive(&[("a.har", b"<html>")])), "html");
        let mut cut = archive(&[("a.har", HAR.as_bytes())]);
        cut.truncate(cut.len() - 30);
        assert_eq!(code(cut), "broken-archive");
    }
}
