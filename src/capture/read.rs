//! Reading a capture: one thread or several, with the same result.

use std::collections::BTreeMap;

use super::batch::{Batch, Sink};
use super::crew::read_with_crew;
use super::error::ReadError;
use super::frame::{self, Facts};
use super::{Capture, Entry, Source, Unusable};

/// Threads for one capture, at most; each holds a window's memory.
const MAX_THREADS: usize = 6;

/// Unusable entries that are listed; more are only counted.
const MAX_LISTED: usize = 10_000;

/// Reads a capture and gives each entry that can be used to `each`, in file order.
///
/// `progress` is told now and then how many bytes of the source have been read, which compares
/// with [`Source::size`]. What is not needed is skipped without being held or validated.
///
/// A capture that breaks off gives all entries before that, and [`Capture::ended_at`].
///
/// # Errors
///
/// Input that cannot be read or is no HAR file. Where reading fails half-way (a disk or network
/// error), entries may have been given already; they should be dropped.
pub fn read(
    source: Source,
    progress: &mut dyn FnMut(u64),
    each: &mut dyn FnMut(Entry<'_>),
) -> Result<Capture, ReadError> {
    let mut tally = Tally::new(&source);
    let mut sink = Inline {
        consume: |batch: &Batch| {
            batch
                .entries()
                .filter_map(|entry| tally.keep(entry))
                .for_each(&mut *each);
            progress(batch.progress);
        },
        spare: Vec::new(),
    };
    let facts = frame::scan(source, &mut sink)?;
    Ok(tally.capture(facts))
}

/// Does what [`read`] does with several threads: one finds the entries, others apply `map` to
/// them, and the calling one gives the results to `each`, in file order.
///
/// The result is that of `read` with `each(&map(entry))`, which is what happens with a small file
/// or on a machine with one core.
///
/// # Errors
///
/// Those of [`read`].
pub fn read_mapped<T: Send>(
    source: Source,
    progress: &mut dyn FnMut(u64),
    map: &(dyn Fn(Entry<'_>) -> T + Sync),
    each: &mut dyn FnMut(&T),
) -> Result<Capture, ReadError> {
    /// Below this size threads cost more than they give.
    const SMALL: u64 = 2 << 20;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if threads == 1 || source.size().is_some_and(|size| size < SMALL) {
        return read(source, progress, &mut |entry| each(&map(entry)));
    }
    let mut tally = Tally::new(&source);
    let facts = read_with_crew(source, threads.min(MAX_THREADS), map, &mut |done| {
        (done.results.iter())
            .filter_map(|result| tally.keep(result.as_ref().map_err(Unusable::clone)))
            .for_each(&mut *each);
        progress(done.progress);
    })?;
    Ok(tally.capture(facts))
}

/// Keeps the account of a capture.
struct Tally {
    name: String,
    unusable: Vec<Unusable>,
    unlisted: usize,
}

impl Tally {
    fn new(source: &Source) -> Self {
        Tally {
            name: source.name().to_owned(),
            unusable: Vec::new(),
            unlisted: 0,
        }
    }

    /// The result, if there is one; what is unusable is noted.
    fn keep<T>(&mut self, result: Result<T, Unusable>) -> Option<T> {
        match result {
            Ok(result) => return Some(result),
            Err(unusable) if self.unusable.len() < MAX_LISTED => self.unusable.push(unusable),
            Err(_) => self.unlisted += 1,
        }
        None
    }

    fn capture(self, facts: Facts) -> Capture {
        Capture {
            id: facts.id,
            name: self.name,
            creator: facts.creator,
            version: facts.version,
            entries: facts.entries,
            unusable: self.unusable,
            unlisted: self.unlisted,
            ended_at: facts.ended_at,
            left_out: BTreeMap::new(),
        }
    }
}

/// Consumes each batch where it was found.
struct Inline<F> {
    consume: F,
    spare: Vec<u8>,
}

impl<F: FnMut(&Batch)> Sink for Inline<F> {
    fn take(&mut self, batch: Batch) {
        (self.consume)(&batch);
        self.spare = batch.bytes;
    }

    fn spare(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.spare)
    }
}
