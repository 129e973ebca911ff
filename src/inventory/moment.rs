//! When requests started, relative to each other.

use crate::scope::Exchange;

/// When a request started: by the clock, ties and captures without one by position.
pub(super) type Moment = (i64, usize);

/// The time of a request that has none.
pub(super) const UNTIMED: i64 = i64::MIN;

pub(super) fn moment(exchange: &Exchange) -> Moment {
    (exchange.at.unwrap_or(UNTIMED), exchange.index)
}

/// A moment in 12 bytes, for tables that hold many of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(Rust, packed(4))]
pub(super) struct Stamp {
    at: i64,
    index: u32,
}

impl From<Moment> for Stamp {
    fn from((at, index): Moment) -> Self {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        Stamp { at, index }
    }
}

impl From<Stamp> for Moment {
    fn from(stamp: Stamp) -> Self {
        (stamp.at, stamp.index as usize)
    }
}
