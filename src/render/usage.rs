//! The story of one endpoint: where its values come from and go to, how it is polled, its roles.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::{EdgeRow, PageRow, PollRow, StoryRow, VariantRow};

use super::anchors::Anchors;

/// Values that come or go which are told of one endpoint; of more, only how many there are.
const MAX_VALUES: usize = 8;

/// What the story says of one endpoint.
#[derive(Serialize, Default, Clone)]
pub(super) struct Usage<'a> {
    /// Where what it sends comes from.
    takes: Vec<ValueLink<'a>>,
    /// Where what it answers goes.
    gives: Vec<ValueLink<'a>>,
    /// How many more there are.
    more_takes: usize,
    more_gives: usize,
    pub(super) poll: Option<PollView<'a>>,
    variants: Vec<&'a VariantRow>,
    pages: Vec<&'a PageRow>,
}

/// A value of this endpoint, and the one of another endpoint that it comes from or becomes.
#[derive(Serialize, Clone)]
struct ValueLink<'a> {
    field: &'a str,
    other: &'a str,
    call: String,
    anchor: &'a str,
}

/// A poll with what the page says of it.
#[derive(Debug, Serialize, Clone)]
pub(super) struct PollView<'a> {
    pub(super) count: usize,
    /// The usual time between two calls, in seconds.
    pub(super) seconds: String,
    field: Option<&'a str>,
    pub(super) values: &'a [String],
    /// What series ended with, where they did so in several ways.
    ends: Vec<&'a str>,
}

/// What the story says of each endpoint, by its id.
pub(super) fn usages<'a>(
    story: &'a StoryRow,
    anchors: &'a Anchors<'_>,
) -> BTreeMap<&'a str, Usage<'a>> {
    let mut usages: BTreeMap<&str, Usage<'a>> = BTreeMap::new();
    // Who makes a request is told of all of them at once.
    for edge in story.edges.iter().filter(|edge| !edge.credential) {
        let EdgeRow { from, to, .. } = edge;
        if let Some(link) = link(&to.field, &from.field, &from.endpoint, anchors) {
            let usage = usages.entry(&to.endpoint).or_default();
            push(link, &mut usage.takes, &mut usage.more_takes);
        }
        if let Some(link) = link(&from.field, &to.field, &to.endpoint, anchors) {
            let usage = usages.entry(&from.endpoint).or_default();
            push(link, &mut usage.gives, &mut usage.more_gives);
        }
    }
    for poll in &story.polls {
        usages.entry(&poll.endpoint).or_default().poll = Some(view(poll));
    }
    for variant in &story.variants {
        let usage = usages.entry(&variant.endpoint).or_default();
        usage.variants.push(variant);
    }
    for page in &story.pages {
        usages.entry(&page.endpoint).or_default().pages.push(page);
    }
    usages
}

fn push<'a>(link: ValueLink<'a>, list: &mut Vec<ValueLink<'a>>, more: &mut usize) {
    if list.len() < MAX_VALUES {
        list.push(link);
    } else {
        *more += 1;
    }
}

fn link<'a>(
    field: &'a str,
    other: &'a str,
    endpoint: &str,
    anchors: &'a Anchors<'_>,
) -> Option<ValueLink<'a>> {
    let (row, anchor) = anchors.endpoint(endpoint)?;
    let operation = row.operation.as_ref();
    let operation = operation.map_or_else(String::new, |name| format!(" [{name}]"));
    Some(ValueLink {
        field,
        other,
        call: format!("{} {}{operation}", row.method, anchors.address(row)),
        anchor,
    })
}

fn view(poll: &PollRow) -> PollView<'_> {
    let tenths = (poll.interval_ms + 50) / 100;
    PollView {
        count: poll.count,
        seconds: match tenths % 10 {
            0 => (tenths / 10).to_string(),
            rest => format!("{}.{rest}", tenths / 10),
        },
        field: poll.field.as_deref(),
        values: &poll.values,
        ends: match poll.ends.as_slice() {
            [] | [_] => Vec::new(),
            several => several.iter().map(|end| end.value.as_str()).collect(),
        },
    }
}
