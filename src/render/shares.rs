//! How much is implemented, as bars and rings are drawn from it.

use serde::Serialize;

use crate::config::Status;
use crate::report::{Coverage, Share};

#[derive(Serialize)]
pub(super) struct CoverageView<'a> {
    endpoints: ShareView<'a>,
    requests: ShareView<'a>,
}

#[derive(Serialize)]
struct ShareView<'a> {
    #[serde(flatten)]
    share: &'a Share,
    parts: Vec<PartView>,
}

/// One status' piece of a bar that is a thousand units long.
#[derive(Serialize)]
struct PartView {
    status: Status,
    count: usize,
    start: usize,
    length: usize,
}

pub(super) fn coverage(coverage: &Coverage) -> CoverageView<'_> {
    CoverageView {
        endpoints: share(&coverage.endpoints),
        requests: share(&coverage.requests),
    }
}

fn share(share: &Share) -> ShareView<'_> {
    const BAR: usize = 1000;
    let counts = [
        (Status::Implemented, share.implemented),
        (Status::Partial, share.partial),
        (Status::Missing, share.missing),
        (Status::Unknown, share.unknown),
    ];
    let mut parts = Vec::new();
    let mut sum = 0;
    for (status, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        // Ends are rounded, not lengths, so that the pieces meet and fill the bar.
        let start = BAR * sum / share.total.max(1);
        sum += count;
        let length = BAR * sum / share.total.max(1) - start;
        parts.push(PartView {
            status,
            count,
            start,
            length,
        });
    }
    ShareView { share, parts }
}
