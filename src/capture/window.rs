//! A bounded window over a stream.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Problem;
use super::batch::{Batch, Item, Sink};
use super::files::Files;
use super::open::is_damage;
use super::scan::LongString;

/// Bytes held at a time, unless one entry needs more.
pub(super) const WINDOW: usize = 1 << 18;

/// Bytes that are read at once behind the usual size.
const STEP: usize = 1 << 17;

/// Items of a batch, so that a list of nothing does not take more memory than its text.
const MAX_ITEMS: usize = 1 << 14;

/// The part of a stream that is in memory.
///
/// Entries that were found stay in it as a [`Batch`] until it has to move on; then the batch goes
/// to the sink together with the memory, and the window continues in other memory.
pub(super) struct Window<'s> {
    reader: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
    sink: &'s mut dyn Sink,
    batch: Batch,
    start: usize,
    end: usize,
    ended: bool,
}

impl<'s> Window<'s> {
    /// A window at the start of a stream, whose first entry is number `first`.
    pub(super) fn new(
        reader: Box<dyn Read + Send>,
        count: Arc<AtomicU64>,
        sink: &'s mut dyn Sink,
        files: Option<Arc<Files>>,
        first: usize,
    ) -> Self {
        let batch = Batch {
            bytes: sized(sink.spare(), 0),
            files,
            first,
            ..Batch::default()
        };
        Window {
            reader,
            count,
            sink,
            batch,
            start: 0,
            end: 0,
            ended: false,
        }
    }

    /// What is in memory and not yet consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.batch.bytes[self.start..self.end]
    }

    /// The position in the stream of the first byte of [`Window::rest`].
    pub(super) fn position(&self) -> u64 {
        self.batch.base + self.start as u64
    }

    /// Gives up the first bytes of [`Window::rest`].
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// The position in `log.entries` of the next entry, which is the number of those found.
    pub(super) fn index(&self) -> usize {
        self.batch.first + self.batch.items.len()
    }

    /// Finds an entry in the first bytes of [`Window::rest`] and consumes it.
    pub(super) fn entry(&mut self, length: usize, long: Box<[LongString]>) {
        let range: Range<usize> = self.start..self.start + length;
        self.start = range.end;
        self.batch.items.push(Item::Whole(range, long));
    }

    /// Counts an entry that cannot be used.
    pub(super) fn unusable(&mut self, problem: Problem) {
        if self.batch.items.len() >= MAX_ITEMS {
            self.hand_over();
        }
        self.batch.items.push(Item::Unusable(problem));
    }

    /// Whether what stands around the entries is wanted.
    pub(super) fn wants_members(&self) -> bool {
        self.sink.wants_members()
    }

    /// Gives the value in the first bytes of [`Window::rest`] to the sink, behind the entries before
    /// it, and consumes it.
    pub(super) fn member(&mut self, in_log: bool, key: &[u8], length: usize) {
        if !self.batch.items.is_empty() {
            self.hand_over();
        }
        let value = &self.batch.bytes[self.start..self.start + length];
        let key = String::from_utf8_lossy(key);
        self.sink.member(in_log, &key, value);
        self.start += length;
    }

    /// Gives up everything that is in memory.
    pub(super) fn clear(&mut self) {
        self.start = self.end;
    }

    /// Reads on behind [`Window::rest`], as much as there is room for; false at the end of the
    /// stream. Damaged compressed data counts as the end.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        self.make_room();
        let before = self.end;
        // Of a large entry a little at a time, so that what is read is looked at while it is near.
        let until = WINDOW.max(self.end + STEP).min(self.batch.bytes.len());
        let room = &mut self.batch.bytes[..until];
        while self.end < room.len() && !self.ended {
            match self.reader.read(&mut room[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_damage(&error) => self.ended = true,
                Err(error) => return Err(error),
            }
        }
        Ok(self.end > before)
    }

    /// Hands over what was consumed, and grows where what was not fills the memory.
    fn make_room(&mut self) {
        if self.start > 0 {
            self.hand_over();
        }
        if self.end == self.batch.bytes.len() {
            self.batch
                .bytes
                .resize(self.end + WINDOW.max(self.end / 4), 0);
        }
    }

    /// Hands over what was consumed, and goes on in other memory with what was not.
    pub(super) fn hand_over(&mut self) {
        let mut bytes = sized(self.sink.spare(), self.rest().len());
        let rest = self.rest();
        bytes[..rest.len()].copy_from_slice(rest);
        let next = Batch {
            bytes,
            base: self.position(),
            first: self.index(),
            files: self.batch.files.clone(),
            ..Batch::default()
        };
        self.end -= self.start;
        self.start = 0;
        let batch = std::mem::replace(&mut self.batch, next);
        self.give(batch);
    }

    /// Hands over the last of what was found.
    pub(super) fn close(mut self) {
        let batch = std::mem::take(&mut self.batch);
        self.give(batch);
    }

    fn give(&mut self, mut batch: Batch) {
        batch.progress = self.count.load(Ordering::Relaxed);
        self.sink.take(batch);
    }
}

/// Memory of the usual size or larger. What has grown stays so: it is likely to be needed again, and to make
/// it anew takes as long as to read it.
fn sized(mut bytes: Vec<u8>, least: usize) -> Vec<u8> {
    let least = least.max(WINDOW);
    if bytes.capacity() == 0 {
        return vec![0; least];
    }
    if bytes.len() < least {
        bytes.resize(least, 0);
    }
    bytes
}
