//! The geometry of a flow's sequence diagram; the template draws it.
//!
//! On the left the steps by name, then the client's line, then a line for each group of endpoints.
//! Widths of text are estimates: the page decides on fonts.

use std::collections::BTreeMap;

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::{EdgeRow, FlowRow, Report, StepRow};

use super::anchors::Anchors;
use super::usage::{PollView, Usage};

const WIDTH: usize = 960;
/// From the top to the first step.
const HEAD: usize = 64;
const ROW: usize = 56;
/// Where the client's line is, and how far from the right edge the last line.
const CLIENT: usize = 372;
const RIGHT: usize = 96;
/// More groups than this share one line.
const MAX_LANES: usize = 5;
/// Columns of text that fit: beside the client's line, at the head of a line, above an arrow.
const TITLE: usize = 40;
const LANE: usize = 20;
const CALL: usize = 74;
/// Columns of a text on a value that flows, and how many such texts a step has room for.
const VALUE: usize = 64;
const VALUES: usize = 2;

/// A drawing, in pixels from the upper left corner.
#[derive(Debug, Serialize)]
pub(super) struct Diagram<'a> {
    width: usize,
    height: usize,
    lanes: Vec<Lane>,
    steps: Vec<Arrow<'a>>,
    curves: Vec<Curve>,
}

/// Values of one step's response that a later step sends: from its line to that of the other.
#[derive(Debug, Serialize, Clone)]
struct Curve {
    /// The steps, by number.
    from: usize,
    to: usize,
    path: String,
    /// The fields that are sent, and what they were answered as.
    text: String,
    x: usize,
    y: usize,
}

/// A line from the top to the bottom; the first is the client's and has no title.
#[derive(Debug, Serialize)]
struct Lane {
    x: usize,
    title: Option<String>,
}

/// One step.
#[derive(Debug, Serialize)]
struct Arrow<'a> {
    number: usize,
    y: usize,
    /// Its name, on one line or two.
    title: Vec<String>,
    call: Option<String>,
    from: usize,
    /// The line that it leads to; none for a step of the user.
    to: Option<usize>,
    status: Option<&'static str>,
    observed: bool,
    anchor: Option<&'a str>,
    /// How often it is called until something changes.
    poll: Option<PollView<'a>>,
}

/// Draws a flow.
pub(super) fn diagram<'a>(
    flow: &FlowRow,
    report: &Report,
    anchors: &'a Anchors<'_>,
    usages: &BTreeMap<&str, Usage<'a>>,
) -> Diagram<'a> {
    let group = |step: &StepRow| {
        let (endpoint, _) = anchors.endpoint(step.endpoint.as_deref()?)?;
        report.groups.iter().position(|g| g.name == endpoint.group)
    };
    let mut groups: Vec<usize> = flow.steps.iter().filter_map(group).collect();
    groups.sort_unstable();
    groups.dedup();
    let shared = groups.len() > MAX_LANES || groups.is_empty();
    let lane_count = if shared { 1 } else { groups.len() };
    let x_of = |lane: usize| CLIENT + (WIDTH - RIGHT - CLIENT) * (lane + 1) / lane_count;
    let mut lanes = vec![Lane {
        x: CLIENT,
        title: None,
    }];
    lanes.extend((0..lane_count).map(|lane| Lane {
        x: x_of(lane),
        title: (!shared).then(|| fit(&report.groups[groups[lane]].title, LANE)),
    }));
    let steps = flow.steps.iter().enumerate().map(|(at, step)| {
        let lane = match group(step) {
            Some(group) if !shared => groups.iter().position(|known| *known == group),
            _ => step.call.is_some().then_some(lane_count - 1),
        };
        let named = step.call.as_ref() != Some(&step.title);
        Arrow {
            number: at + 1,
            y: height_of(at),
            title: if named {
                lines(&step.title, TITLE)
            } else {
                Vec::new()
            },
            call: step.call.as_deref().map(|call| fit(call, CALL)),
            from: CLIENT,
            to: lane.map(x_of),
            status: step.status.map(crate::config::Status::name),
            observed: step.observed,
            anchor: step
                .endpoint
                .as_deref()
                .and_then(|id| anchors.endpoint(id))
                .map(|(_, anchor)| anchor),
            poll: (step.endpoint.as_deref()).and_then(|id| usages.get(id)?.poll.clone()),
        }
    });
    Diagram {
        width: WIDTH,
        height: HEAD + ROW * flow.steps.len() + 8,
        lanes,
        steps: steps.collect(),
        curves: curves(flow, &report.story.edges, x_of(lane_count - 1)),
    }
}

/// Where a step is.
fn height_of(step: usize) -> usize {
    HEAD + ROW * step + ROW / 2
}

/// The values that flow from step to step, to the right of the last line.
fn curves(flow: &FlowRow, edges: &[EdgeRow], right: usize) -> Vec<Curve> {
    let ids: Vec<Option<&str>> = flow.steps.iter().map(|s| s.endpoint.as_deref()).collect();
    // By the giving and the taking step, the names there and here.
    let mut values: BTreeMap<(usize, usize), Vec<(&str, &str)>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !edge.credential) {
        let mut seen = Vec::new();
        for (to, id) in ids.iter().enumerate() {
            // A step that was taken before has what it sends already.
            if *id != Some(edge.to.endpoint.as_str()) || seen.contains(id) {
                continue;
            }
            seen.push(*id);
            let giver = Some(edge.from.endpoint.as_str());
            if let Some(from) = ids[..to].iter().rposition(|id| *id == giver) {
                let names = (edge.from.field.as_str(), edge.to.field.as_str());
                values.entry((to, from)).or_default().push(names);
            }
        }
    }
    let mut curves: Vec<Curve> = Vec::new();
    for ((to, from), names) in values {
        let above = curves.iter().filter(|curve| curve.to == to + 1).count();
        let (start, end) = (height_of(from), height_of(to));
        let bow = right + 24 + (12 * (to - from)).min(60);
        let shown = names.iter().take(2);
        let shown: Vec<String> = shown
            .map(|(there, here)| format!("{here} ← {there}"))
            .collect();
        let more = names.len() - shown.len();
        let more = if more > 0 {
            format!(" +{more}")
        } else {
            String::new()
        };
        curves.push(Curve {
            from: from + 1,
            to: to + 1,
            path: format!("M{right} {start}C{bow} {start} {bow} {end} {right} {end}"),
            text: fit(&format!("{}: {}{more}", from + 1, shown.join(", ")), VALUE),
            x: right - 10,
            y: end + 17 + 13 * above.min(VALUES),
        });
    }
    curves
}

/// The text, cut at its end so that it fits.
fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (head, _) = cut(text, columns.saturating_sub(1));
    format!("{}…", head.trim_end())
}

/// The text on at most two lines, broken at a space if there is one in reach.
fn lines(text: &str, columns: usize) -> Vec<String> {
    if text.width() <= columns {
        return vec![text.to_owned()];
    }
    let (head, _) = cut(text, columns);
    let at = match head.rfind(' ') {
        Some(space) if space * 2 > head.len() => space,
        _ => head.len(),
    };
    let (first, rest) = text.split_at(at);
    vec![first.trim_end().to_owned(), fit(rest.trim_start(), columns)]
}

/// As much of a text as fits, and the rest.
fn cut(text: &str, columns: usize) -> (&str, &str) {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += c.width().unwrap_or(0);
        if width > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_where_it_no_longer_fits() {
        assert_eq!(fit("order", 5), "order");
        assert_eq!(fit("orders", 5), "orde…");
        assert_eq!(fit("券类型查询", 6), "券类…");
    }

    #[test]
    fn long_titles_are_broken_at_spaces() {
        assert_eq!(lines("Price the order", 20), ["Price the order"]);
        assert_eq!(
            lines("Price the order with the voucher", 20),
            ["Price the order", "with the voucher"]
        );
        assert_eq!(
            lines("价格计算：调用券价格计算接口", 20),
            ["价格计算：调用券价格", "计算接口"]
        );
    }
}
