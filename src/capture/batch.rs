//! Some whole entries of a capture, with the memory that they lie in.

use std::ops::Range;
use std::sync::Arc;

use super::files::Files;
use super::headers::Usual;
use super::scan::LongString;
use super::{Entry, Problem, Unusable, extract};

/// Entries that follow each other, found but not yet read.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The memory.
    pub(super) bytes: Vec<u8>,
    /// Position in the stream of the first byte.
    pub(super) base: u64,
    /// Position in `log.entries` of the first item.
    pub(super) first: usize,
    /// Where bodies are that are kept in files of their own.
    pub(super) files: Option<Arc<Files>>,
    /// The entries, in order.
    pub(super) items: Vec<Item>,
    /// Bytes of the source read so far.
    pub(super) progress: u64,
}

/// One element of `log.entries`.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// An object, whole, with its long strings.
    Whole(Range<usize>, Box<[LongString]>),
    /// Something that is no entry.
    Unusable(Problem),
}

impl Batch {
    /// How many bytes of the memory its entries take.
    pub(super) fn used(&self) -> usize {
        let last = self.items.iter().rev().find_map(|item| match item {
            Item::Whole(range, _) => Some(range.end),
            Item::Unusable(_) => None,
        });
        last.unwrap_or(0)
    }

    /// Reads the entries, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = Result<Entry<'_>, Unusable>> {
        let mut usual = Usual::default();
        self.items.iter().enumerate().map(move |(offset, item)| {
            let index = self.first + offset;
            let entry = match item {
                Item::Whole(range, long) => {
                    let at = self.base + range.start as u64;
                    let bytes = &self.bytes[range.clone()];
                    extract::entry(bytes, long, index, at, self.files.as_deref(), &mut usual)
                }
                Item::Unusable(problem) => Err(problem.clone()),
            };
            entry.map_err(|problem| Unusable { index, problem })
        })
    }
}

/// Takes batches in order, and gives memory for the next.
pub(super) trait Sink {
    /// Takes the next batch.
    fn take(&mut self, batch: Batch);

    /// Memory that is no longer used, of any size.
    fn spare(&mut self) -> Vec<u8>;

    /// Whether what stands around the entries is wanted too.
    fn wants_members(&self) -> bool {
        false
    }

    /// Takes a member of the document or of its log.
    fn member(&mut self, _in_log: bool, _key: &str, _value: &[u8]) {}
}
