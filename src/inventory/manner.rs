//! What the calls of one request do: read, write, or perhaps either.

use std::borrow::Cow;

use crate::scope::{Exchange, always_writes, reads_again};
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
    /// That of one call, as far as its method or its GraphQL document says.
    pub(super) fn of_one(exchange: &Exchange) -> Self {
        if !exchange.writes {
            Manner::Reads
        } else if exchange.document || always_writes(&exchange.method) {
            Manner::Writes
        } else {
            Manner::MayWrite
        }
    }

    /// That of all calls of a request, by those that say it, else by its name.
    pub(super) fn of(key: &CallKey, calls: &[Call]) -> Self {
        let any = |manner| calls.iter().any(|call| call.manner == manner);
        if any(Manner::Writes) {
            Manner::Writes
        } else if any(Manner::Reads) || reads_again(&name(key)) {
            Manner::Reads
        } else {
            Manner::MayWrite
        }
    }
}

/// What says what a call does: its operation, else the last word of its path that is no value.
fn name(key: &CallKey) -> Cow<'_, str> {
    if let Some(operation) = &key.operation {
        return Cow::Borrowed(&operation.name);
    }
    let mut steps = key.segments.iter().rev();
    Cow::Owned(steps.find_map(Segment::text).unwrap_or_default())
}
