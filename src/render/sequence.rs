//! The geometry of a flow's sequence diagram; the template draws it.
//!
//! On the left the steps by name, then the client's line, then a line for each group of endpoints.
//! Widths of text are estimates: the page decides on fonts.

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::{FlowRow, Report, StepRow};

use super::anchors::Anchors;

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

/// A drawing, in pixels from the upper left corner.
#[derive(Debug, Serialize)]
pub(super) struct Diagram<'a> {
    width: usize,
    height: usize,
    lanes: Vec<Lane>,
    steps: Vec<Arrow<'a>>,
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
}

/// Draws a flow.
pub(super) fn diagram<'a>(
    flow: &FlowRow,
    report: &Report,
    anchors: &'a Anchors<'_>,
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
            y: HEAD + ROW * at + ROW / 2,
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
        }
    });
    Diagram {
        width: WIDTH,
        height: HEAD + ROW * flow.steps.len() + 8,
        lanes,
        steps: steps.collect(),
    }
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
