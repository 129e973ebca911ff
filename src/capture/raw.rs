//! Reading a capture as it is written, for rewriting it.

use super::batch::{Batch, Item, Sink};
use super::error::ReadError;
use super::headers::Usual;
use super::{Body, Capture, Entry, Problem, Source, extract, frame};

/// A piece of a capture, in the order of the file.
#[derive(Debug)]
pub enum RawItem<'a> {
    /// A member of the document or of its log, other than the entries.
    Member {
        /// Whether it is the log's.
        in_log: bool,
        /// The key.
        key: &'a str,
        /// The value, as written.
        value: &'a [u8],
    },
    /// An element of `log.entries`.
    Entry(Box<RawEntry<'a>>),
}

/// An element of `log.entries`, as written and as read.
#[derive(Debug)]
pub struct RawEntry<'a> {
    /// Its position, from 0.
    pub index: usize,
    /// As written; empty if it is not there as a whole.
    pub bytes: &'a [u8],
    /// As read.
    pub entry: Result<Entry<'a>, Problem>,
}

impl RawEntry<'_> {
    /// The body of the request.
    pub fn request_body(&self) -> Option<Body<'_>> {
        Some(self.entry.as_ref().ok()?.request.body.decode())
    }

    /// The body of the response.
    pub fn response_body(&self) -> Option<Body<'_>> {
        let response = self.entry.as_ref().ok()?.response.as_ref()?;
        Some(response.body.decode())
    }
}

/// Reads a capture and gives each piece of it to `each`, in the order of the file and with the
/// bounds on memory of [`read`](super::read). The captures of an archive follow each other.
///
/// # Errors
///
/// Those of [`read`](super::read).
pub fn read_raw(source: Source, each: &mut dyn FnMut(RawItem<'_>)) -> Result<Capture, ReadError> {
    let name = source.name().to_owned();
    let mut pieces = Pieces {
        each,
        spare: Vec::new(),
        unusable: 0,
    };
    let facts = frame::scan(source, &mut pieces)?;
    Ok(Capture {
        name,
        entries: facts.entries,
        unlisted: pieces.unusable,
        ended_at: facts.ended_at,
        ..Capture::default()
    })
}

struct Pieces<'e> {
    each: &'e mut dyn FnMut(RawItem<'_>),
    spare: Vec<u8>,
    unusable: usize,
}

impl Pieces<'_> {
    fn entry<'b>(&mut self, batch: &'b Batch, index: usize, item: &'b Item, usual: &mut Usual<'b>) {
        let files = batch.files.as_deref();
        let (bytes, entry) = match item {
            Item::Whole(range, long) => {
                let bytes = &batch.bytes[range.clone()];
                let at = batch.base + range.start as u64;
                (bytes, extract::entry(bytes, long, index, at, files, usual))
            }
            Item::Unusable(problem) => (&[][..], Err(problem.clone())),
        };
        self.unusable += usize::from(entry.is_err());
        (self.each)(RawItem::Entry(Box::new(RawEntry {
            index,
            bytes,
            entry,
        })));
    }
}

impl Sink for Pieces<'_> {
    fn take(&mut self, batch: Batch) {
        let mut usual = Usual::default();
        for (offset, item) in batch.items.iter().enumerate() {
            self.entry(&batch, batch.first + offset, item, &mut usual);
        }
        self.spare = batch.bytes;
    }

    fn spare(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.spare)
    }

    fn wants_members(&self) -> bool {
        true
    }

    fn member(&mut self, in_log: bool, key: &str, value: &[u8]) {
        (self.each)(RawItem::Member { in_log, key, value });
    }
}
