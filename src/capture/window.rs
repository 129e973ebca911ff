//! A bounded window over a stream.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::open::is_damage;

/// Bytes held at a time, unless one entry needs more.
const WINDOW: usize = 1 << 20;

/// A stream that counts what is read of it.
pub(super) struct Counted {
    reader: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Counted {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> (Self, Arc<AtomicU64>) {
        let count = Arc::new(AtomicU64::new(0));
        (
            Counted {
                reader,
                count: Arc::clone(&count),
            },
            count,
        )
    }
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The part of a stream that is in memory: what was read and not yet consumed.
pub(super) struct Window {
    reader: Box<dyn Read + Send>,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    base: u64,
    ended: bool,
}

impl Window {
    pub(super) fn new(reader: Box<dyn Read + Send>) -> Self {
        Window {
            reader,
            bytes: vec![0; WINDOW],
            start: 0,
            end: 0,
            base: 0,
            ended: false,
        }
    }

    /// What is in memory and not yet consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The position in the stream of the first byte of [`Window::rest`].
    pub(super) fn position(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Gives up the first bytes of [`Window::rest`].
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
    }

    /// Gives up everything, and the memory that a large entry took.
    pub(super) fn clear(&mut self) {
        self.base += self.end as u64;
        self.start = 0;
        self.end = 0;
        self.bytes.truncate(WINDOW);
        self.bytes.shrink_to_fit();
    }

    /// Reads on behind [`Window::rest`], as much as there is room for; false at the end of the
    /// stream. Damaged compressed data counts as the end.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        self.bytes.copy_within(self.start..self.end, 0);
        self.base += self.start as u64;
        self.end -= self.start;
        self.start = 0;
        if self.end == self.bytes.len() {
            self.bytes.resize(2 * self.end, 0);
        }
        let before = self.end;
        while self.end < self.bytes.len() && !self.ended {
            match self.reader.read(&mut self.bytes[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_damage(&error) => self.ended = true,
                Err(error) => return Err(error),
            }
        }
        Ok(self.end > before)
    }
}
