//! The identity of a capture: a digest of its text, taken while it is read.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::Xxh3;

/// The digest of a capture's text: of several texts in one archive, of all of them in order.
///
/// XXH3 takes a small part of the time that reading takes. That somebody could make two texts of one
/// digest does no harm: 128 bits tell all captures of the world apart that nobody made to be alike.
#[derive(Default)]
pub(super) struct TextDigest {
    hash: Xxh3,
}

impl TextDigest {
    /// A reader that gives the same bytes and takes them into the digest.
    pub(super) fn reading(self, reader: Box<dyn Read + Send>) -> Digested {
        Digested(Arc::new(Mutex::new(State {
            reader,
            hash: self.hash,
            length: 0,
        })))
    }

    /// The identity, in hexadecimal digits.
    pub(super) fn identity(self) -> String {
        format!("{:032x}", self.hash.digest128())
    }
}

struct State {
    reader: Box<dyn Read + Send>,
    hash: Xxh3,
    length: u64,
}

impl Read for State {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(into)?;
        self.hash.update(&into[..count]);
        self.length += count as u64;
        Ok(count)
    }
}

/// A stream whose bytes go into a digest. Its clones share the stream.
#[derive(Clone)]
pub(super) struct Digested(Arc<Mutex<State>>);

impl Digested {
    /// Reads what nobody has read yet, so that the digest is that of the whole text however far it
    /// could be understood, and gives the digest back. What cannot be read has ended.
    pub(super) fn finish(mut self) -> TextDigest {
        // Damage was told where the text was read for its entries.
        let _ = io::copy(&mut self, &mut io::sink());
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hash = state.hash.clone();
        // So that two texts are not one text in two pieces.
        hash.update(&state.length.to_le_bytes());
        TextDigest { hash }
    }
}

impl Read for Digested {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.read(into)
    }
}
