//! What the calls of one request do: read, write, or perhaps either.

use std::borrow::Cow;

use crate::scope::{always_writes, reads_again};
use crate::value::Segment;

use super::evidence::CallKey;
use super::polls::Call;

/// What the calls of one request do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// They read.
    Reads,
    /// They may write, for their method does not say that they read, and neither does their name.
    MayWrite,
    /// They write: by their method, or as GraphQL mutations.
    Writes,
}

impl Manner {
    /// That of the calls of a request, of which GraphQL tells by those that hold the document.
    pub(super) fn of(key: &CallKey, calls: &[Call]) -> Self {
        if always_writes(&key.method) || calls.iter().any(|call| call.mutates) {
            Manner::Writes
        } else if calls.iter().any(|call| !call.writes) || reads_again(&name(key)) {
            Manner::Reads
        } else {
            Manner::MayWrite
        }
    }
}

/// What says what a call does: its operation, else the last word of its path that is no value.
fn name(key: &CallKey) -> Cow<'_, str> {
    match &key.operation {
        Some(operation) => Cow::Borrowed(&operation.name),
        None => {
            let mut steps = key.segments.iter().rev();
            Cow::Owned(steps.find_map(Segment::text).unwrap_or_default())
        }
    }
}
