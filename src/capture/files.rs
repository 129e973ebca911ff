//! Bodies that a producer keeps in files of their own (`content._file`, as Playwright does).

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use super::archive::Archive;
use super::body::MAX_BODY;

/// Where a capture's further files are.
pub(super) enum Files {
    /// In the folder of the capture.
    Folder(PathBuf),
    /// In the same zip archive.
    Archive(Arc<Archive>),
}

impl Files {
    /// The content of a file, if it is there, is named without a path, and is no larger than a body
    /// may be.
    pub(super) fn load(&self, name: &str) -> Option<Vec<u8>> {
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        match self {
            Files::Folder(folder) => {
                let path = folder.join(name);
                path.symlink_metadata()
                    .ok()
                    .filter(std::fs::Metadata::is_file)?;
                bounded(File::open(path).ok()?)
            }
            Files::Archive(archive) => bounded(archive.file(name)?),
        }
    }
}

fn bounded(reader: impl Read) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    reader
        .take(MAX_BODY as u64 + 1)
        .read_to_end(&mut content)
        .ok()?;
    (content.len() <= MAX_BODY).then_some(content)
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Files::Folder(_) => "Folder",
            Files::Archive(_) => "Archive",
        })
    }
}
