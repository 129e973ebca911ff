//! What is served at the moment.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cli::inputs::Inputs;
use crate::render::Page;

/// Dropped captures whose reports are kept.
const MAX_DROPPED: usize = 8;

/// A report with what it was made from.
pub(super) struct Made {
    pub(super) html: String,
    pub(super) inputs: Inputs,
    pub(super) page: Page,
}

/// Shared between the thread that makes reports and those that answer.
pub(super) struct State {
    current: Mutex<Current>,
    dropped: Mutex<Dropped>,
    /// Held by the one analysis that may run.
    pub(super) busy: Mutex<()>,
}

struct Current {
    made: Arc<Made>,
    version: usize,
    problem: Option<String>,
}

#[derive(Default)]
struct Dropped {
    count: usize,
    pages: VecDeque<(usize, String)>,
}

/// The content, whatever became of a thread that held it: it is replaced as a whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(super) fn new(made: Made) -> Self {
        State {
            current: Mutex::new(Current {
                made: Arc::new(made),
                version: 1,
                problem: None,
            }),
            dropped: Mutex::default(),
            busy: Mutex::new(()),
        }
    }

    /// A new report.
    pub(super) fn replace(&self, made: Made) {
        let mut current = lock(&self.current);
        current.made = Arc::new(made);
        current.version += 1;
        current.problem = None;
    }

    /// Why there is no new report.
    pub(super) fn fail(&self, problem: String) {
        lock(&self.current).problem = Some(problem);
    }

    /// The number of the report, and what is wrong since.
    pub(super) fn version(&self) -> (usize, Option<String>) {
        let current = lock(&self.current);
        (current.version, current.problem.clone())
    }

    /// The report with what it was made from.
    pub(super) fn made(&self) -> Arc<Made> {
        Arc::clone(&lock(&self.current).made)
    }

    /// Keeps the page of a dropped capture and gives its number.
    pub(super) fn keep(&self, html: String) -> usize {
        let mut dropped = lock(&self.dropped);
        dropped.count += 1;
        let number = dropped.count;
        dropped.pages.push_back((number, html));
        if dropped.pages.len() > MAX_DROPPED {
            dropped.pages.pop_front();
        }
        number
    }

    pub(super) fn kept(&self, number: usize) -> Option<String> {
        let dropped = lock(&self.dropped);
        let mut pages = dropped.pages.iter();
        let (_, html) = pages.find(|(known, _)| *known == number)?;
        Some(html.clone())
    }
}
