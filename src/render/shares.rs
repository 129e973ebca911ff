//! How much is implemented, as bars and rings are drawn from it.

use std::cmp::Reverse;

use serde::Serialize;

use crate::config::{Level, Status};
use crate::report::{Coverage, GroupRow, PriorityShare, Share};

/// Groups that the overview shows all of; of more, those with most gaps.
const FEW_GROUPS: usize = 8;
const MAX_GAP_GROUPS: usize = 6;

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

/// How much is implemented of one level of importance.
#[derive(Serialize)]
pub(super) struct PriorityView<'a> {
    level: Level,
    coverage: CoverageView<'a>,
}

/// The levels that any endpoint has.
pub(super) fn priorities(rows: &[PriorityShare]) -> Vec<PriorityView<'_>> {
    let known = rows.iter().filter(|row| row.coverage.endpoints.total > 0);
    known
        .map(|row| PriorityView {
            level: row.level,
            coverage: coverage(&row.coverage),
        })
        .collect()
}

/// How much is implemented of one group.
#[derive(Serialize)]
pub(super) struct GroupShare<'a> {
    anchor: &'a str,
    title: &'a str,
    coverage: CoverageView<'a>,
}

/// Of many groups those with most to do, for a first look; none where all can be shown.
pub(super) fn gap_groups<'a>(rows: &'a [GroupRow], anchors: &'a [String]) -> Vec<GroupShare<'a>> {
    let groups = rows.iter().zip(anchors);
    let mut groups: Vec<_> = groups
        .filter(|(row, _)| row.coverage.endpoints.total > 0)
        .collect();
    if groups.len() <= FEW_GROUPS {
        return Vec::new();
    }
    groups.sort_by_key(|(row, _)| {
        let share = &row.coverage.endpoints;
        Reverse(share.total - share.implemented)
    });
    let first = groups.into_iter().take(MAX_GAP_GROUPS);
    first
        .map(|(row, anchor)| GroupShare {
            anchor,
            title: &row.title,
            coverage: coverage(&row.coverage),
        })
        .collect()
}
