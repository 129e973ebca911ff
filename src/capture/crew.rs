//! Several threads for one capture, none of which waits while there is something to do.
//!
//! One finds batches of entries, the calling one takes what was made of them, in order. Whoever has
//! nothing else to do reads a batch: the calling one while nothing is ready, the finding one when
//! it is too far ahead, and further workers where there are more than two cores. Each of two cores
//! so has one thread that is always at work.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::batch::{Batch, Sink};
use super::error::ReadError;
use super::frame::{self, Facts};
use super::window::WINDOW;
use super::{Entry, Source, Unusable};

/// Batches larger than a window that wait or are read at a time. With the one that is being found they are
/// less than four times the largest entry.
const MAX_LARGE: usize = 2;
/// Batches that wait to be taken, in all.
const MAX_DONE: usize = 8;

/// What became of a batch.
pub(super) struct Done<T> {
    /// Bytes of the source read so far.
    pub(super) progress: u64,
    /// For each entry what was made of it.
    pub(super) results: Vec<Result<T, Unusable>>,
    /// The thread that read it.
    reader: usize,
}

/// The calling thread, and the one that finds entries.
const CALLER: usize = 0;
const FINDER: usize = 1;

/// Reads a capture with so many threads, of which there must be two at least; `take` gets the batches in
/// order, on the calling thread.
pub(super) fn read_with_crew<T: Send>(
    source: Source,
    threads: usize,
    map: &(dyn Fn(Entry<'_>) -> T + Sync),
    take: &mut dyn FnMut(&Done<T>),
) -> Result<Facts, ReadError> {
    let crew = Crew {
        map,
        ahead: threads,
        state: Mutex::new(State {
            found: VecDeque::new(),
            done: BTreeMap::new(),
            spares: Vec::new(),
            taken: (0..threads).map(|_| Vec::new()).collect(),
            reading: 0,
            large: 0,
            finding: true,
            going: true,
        }),
        changed: Condvar::new(),
    };
    let crew = &crew;
    thread::scope(|scope| {
        let finder = scope.spawn(move || {
            let _end = AtEnd(|| crew.change(|state| state.finding = false));
            frame::scan(source, &mut Finder { crew, number: 0 })
        });
        for reader in FINDER + 1..threads {
            scope.spawn(move || crew.work(reader));
        }
        {
            let _end = AtEnd(|| crew.change(|state| state.going = false));
            crew.take_all(take);
        }
        match finder.join() {
            Ok(facts) => facts,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Does something when it goes out of scope, even by a panic.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// What the threads share.
struct State<T> {
    /// Batches that nobody has read yet, by their position among all.
    found: VecDeque<(usize, Batch)>,
    /// What became of others that nobody has taken yet.
    done: BTreeMap<usize, Done<T>>,
    /// Memory for the next batches.
    spares: Vec<Vec<u8>>,
    /// What has been taken, by the thread that read it: memory is given back where it came from, as
    /// threads would wait for each other's otherwise.
    taken: Vec<Vec<Done<T>>>,
    /// How many batches are being read, and how many large ones are or wait for it.
    reading: usize,
    large: usize,
    /// Whether there may be more to find.
    finding: bool,
    /// Whether all go on: nobody waits for one that panics.
    going: bool,
}

struct Crew<'m, T> {
    map: &'m (dyn Fn(Entry<'_>) -> T + Sync),
    /// How many batches may wait to be read.
    ahead: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

impl<T: Send> Crew<'_, T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
        let waited = self.changed.wait(state);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State<T>)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// Reads a batch on the thread `reader`.
    fn read(&self, number: usize, batch: Batch, reader: usize) {
        let _end = AtEnd(|| {
            self.change(|state| {
                state.reading -= 1;
                state.going &= !thread::panicking();
            });
        });
        let results = batch.entries().map(|entry| entry.map(self.map)).collect();
        let done = Done {
            progress: batch.progress,
            results,
            reader,
        };
        let mut state = self.state();
        state.done.insert(number, done);
        state.large -= usize::from(batch.used() > WINDOW);
        state.spares.push(batch.bytes);
        let taken = std::mem::take(&mut state.taken[reader]);
        drop(state);
        drop(taken);
    }

    /// Takes the batches in order, and reads some while the next one is not ready.
    fn take_all(&self, take: &mut dyn FnMut(&Done<T>)) {
        let mut next = 0;
        let mut state = self.state();
        loop {
            if let Some(done) = state.done.remove(&next) {
                drop(state);
                self.changed.notify_all();
                take(&done);
                next += 1;
                let others = (done.reader != CALLER).then_some(done);
                state = self.state();
                if let Some(done) = others {
                    state.taken[done.reader].push(done);
                }
            } else if let Some((number, batch)) = state.found.pop_front() {
                state.reading += 1;
                drop(state);
                self.read(number, batch, CALLER);
                state = self.state();
            } else if state.going && (state.finding || state.reading > 0) {
                state = self.wait(state);
            } else {
                return;
            }
        }
    }

    /// Reads batches until there are no more.
    fn work(&self, reader: usize) {
        let mut state = self.state();
        loop {
            let room = state.done.len() < MAX_DONE;
            if !state.going {
                return;
            } else if room && let Some((number, batch)) = state.found.pop_front() {
                state.reading += 1;
                drop(state);
                self.read(number, batch, reader);
                state = self.state();
            } else if state.finding || !state.found.is_empty() {
                state = self.wait(state);
            } else {
                return;
            }
        }
    }
}

/// Gives batches to the others, and reads some where they do not keep up.
struct Finder<'c, 'm, T> {
    crew: &'c Crew<'m, T>,
    number: usize,
}

impl<T: Send> Sink for Finder<'_, '_, T> {
    fn take(&mut self, batch: Batch) {
        let crew = self.crew;
        let large = batch.used() > WINDOW;
        let number = self.number;
        self.number += 1;
        let mut state = crew.state();
        if !state.going {
            return;
        }
        state.large += usize::from(large);
        state.found.push_back((number, batch));
        crew.changed.notify_all();
        loop {
            let far = state.found.len() > crew.ahead || state.large > MAX_LARGE;
            let room = state.done.len() < MAX_DONE;
            if !state.going || !far && room {
                return;
            }
            if room && let Some((number, batch)) = state.found.pop_front() {
                state.reading += 1;
                drop(state);
                crew.read(number, batch, FINDER);
                state = crew.state();
            } else {
                state = crew.wait(state);
            }
        }
    }

    fn spare(&mut self) -> Vec<u8> {
        // The largest first, so that no other has to grow.
        let spares = &mut self.crew.state().spares;
        let largest = (0..spares.len()).max_by_key(|at| spares[*at].len());
        largest.map_or_else(Vec::new, |at| spares.swap_remove(at))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::panic::catch_unwind;

    use super::*;

    /// What is read of 900 entries, some of which are large, by so many threads; `map` and `take` panic
    /// at these entries.
    fn indices(threads: usize, mapping: Option<usize>, taking: Option<usize>) -> Vec<usize> {
        let entry = |index: usize| {
            let blob = "y".repeat(if index % 100 == 50 { 700_000 } else { 5_000 });
            format!(r#"{{"request":{{"method":"GET","url":"{index}"}},"x":"{blob}"}}"#)
        };
        let entries: Vec<String> = (0..900).map(entry).collect();
        let text = format!(r#"{{"log":{{"entries":[{}]}}}}"#, entries.join(","));
        let source = Source::reader("test", Cursor::new(text.into_bytes()));
        let map = |entry: Entry<'_>| {
            assert_ne!(Some(entry.index), mapping);
            entry.index
        };
        let mut all = Vec::new();
        let read = read_with_crew(source, threads, &map, &mut |done| {
            let results = done.results.iter().map(|result| *result.as_ref().unwrap());
            all.extend(results);
            assert!(taking.is_none_or(|at| !all.contains(&at)));
        });
        assert_eq!(read.unwrap().entries, 900);
        all
    }

    #[test]
    fn any_number_of_threads_gives_all_in_order() {
        let expected: Vec<usize> = (0..900).collect();
        for threads in 2..7 {
            assert_eq!(indices(threads, None, None), expected, "{threads}");
        }
    }

    #[test]
    fn nobody_waits_for_one_that_panics() {
        for threads in 2..7 {
            for at in [0, 450, 899] {
                let panics = |mapping, taking| {
                    catch_unwind(move || indices(threads, mapping, taking)).is_err()
                };
                assert!(panics(Some(at), None), "{threads} {at}");
                assert!(panics(None, Some(at)), "{threads} {at}");
            }
        }
    }
}
