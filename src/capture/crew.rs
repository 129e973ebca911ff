//! Several threads for one capture: one finds entries, some read them, one takes the results.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::batch::{Batch, Sink};
use super::error::ReadError;
use super::frame::{self, Facts};
use super::window::WINDOW;
use super::{Entry, Source, Unusable};

/// What became of a batch.
pub(super) struct Done<T> {
    /// The batch's position among all.
    number: usize,
    /// Bytes of the source read so far.
    pub(super) progress: u64,
    /// For each entry what was made of it.
    pub(super) results: Vec<Result<T, Unusable>>,
}

/// Reads a capture with a thread that finds entries and `workers` that map them; `take` gets the
/// batches in order, on the calling thread.
pub(super) fn read_with_crew<T: Send>(
    source: Source,
    workers: usize,
    map: &(dyn Fn(Entry<'_>) -> T + Sync),
    take: &mut dyn FnMut(Done<T>),
) -> Result<Facts, ReadError> {
    let (found, batches) = sync_channel(workers);
    let (done, results) = sync_channel(workers);
    let (spent, spares) = channel();
    let batches = Arc::new(Mutex::new(batches));
    thread::scope(|scope| {
        let mut pool = Pool {
            found,
            spares,
            free: vec![Vec::new(); workers + 2],
            away: 0,
            number: 0,
        };
        let finder = scope.spawn(move || frame::scan(source, &mut pool));
        for _ in 0..workers {
            let (batches, done, spent) = (Arc::clone(&batches), done.clone(), spent.clone());
            scope.spawn(move || work(&batches, map, &spent, &done));
        }
        drop((batches, done, spent));
        in_order(&results, take);
        match finder.join() {
            Ok(facts) => facts,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// One worker: takes batches until there are no more.
fn work<T>(
    batches: &Mutex<Receiver<(usize, Batch)>>,
    map: &(dyn Fn(Entry<'_>) -> T + Sync),
    spent: &Sender<Vec<u8>>,
    done: &SyncSender<Done<T>>,
) {
    let next = || {
        batches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv()
    };
    while let Ok((number, batch)) = next() {
        let results = batch.entries().map(|entry| entry.map(map)).collect();
        let progress = batch.progress;
        // Nobody listens any more where another thread has panicked, which ends this one too.
        let _ = spent.send(batch.bytes);
        if done
            .send(Done {
                number,
                progress,
                results,
            })
            .is_err()
        {
            return;
        }
    }
}

/// Gives the batches on in their order.
fn in_order<T>(results: &Receiver<Done<T>>, take: &mut dyn FnMut(Done<T>)) {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for done in results {
        early.insert(done.number, done);
        while let Some(done) = early.remove(&next) {
            take(done);
            next += 1;
        }
    }
}

/// Gives batches to the workers, and gets their memory back.
struct Pool {
    found: SyncSender<(usize, Batch)>,
    spares: Receiver<Vec<u8>>,
    free: Vec<Vec<u8>>,
    away: usize,
    number: usize,
}

impl Pool {
    /// Waits for the memory of a batch to come back.
    fn regain(&mut self) {
        self.free.push(self.spares.recv().unwrap_or_default());
        self.away -= 1;
    }
}

impl Sink for Pool {
    fn take(&mut self, batch: Batch) {
        let large = batch.bytes.len() > WINDOW;
        self.away += 1;
        // Without workers there is nobody to do anything, and the crew ends in their panic.
        let _ = self.found.send((self.number, batch));
        self.number += 1;
        // Only one large entry is worked on at a time, to bound the memory in use.
        while large && self.away > 0 {
            self.regain();
        }
    }

    fn spare(&mut self) -> Vec<u8> {
        if self.free.is_empty() {
            self.regain();
        }
        self.free.pop().unwrap_or_default()
    }
}
