//! What changed since earlier times, and the trend as a drawing; the template draws it.

use serde::Serialize;
use tera::Value;

use crate::config::Status;
use crate::report::{BaselineRow, ChangeCounts, LastRow, PointRow, SinceRow};

/// The drawing, in pixels from the upper left corner, and the room around its field.
const WIDTH: usize = 560;
const HEIGHT: usize = 150;
const LEFT: usize = 40;
const RIGHT: usize = 36;
const TOP: usize = 18;
const BOTTOM: usize = 26;
/// Points that have their labels; of more, only the first and the last.
const LABELLED: usize = 6;
/// The lines behind, in percent.
const GRID: [usize; 3] = [0, 50, 100];

/// What changed since earlier times.
#[derive(Serialize)]
pub(super) struct SinceView<'a> {
    last: Option<LastView<'a>>,
    baseline: Option<BaselineView<'a>>,
    points: &'a [PointRow],
    /// The last point but one, and the last.
    before: Option<&'a PointRow>,
    now: Option<&'a PointRow>,
    /// By how many points of a percent the coverage of endpoints changed, with its sign.
    delta: Option<String>,
    trend: Option<Trend<'a>>,
}

#[derive(Serialize)]
struct LastView<'a> {
    name: &'a str,
    new: Vec<Named<'a>>,
    gone: Vec<Named<'a>>,
    changed: Vec<Named<'a>>,
    total: usize,
    changes: Option<ChangeCounts>,
}

/// An endpoint: itself if the report has it, and how it stood and stands.
#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    row: Option<Value>,
    old: Option<Status>,
    new: Option<Status>,
}

#[derive(Serialize)]
struct BaselineView<'a> {
    name: &'a str,
    known: usize,
    new: Vec<Named<'a>>,
    closed: Vec<Named<'a>>,
}

/// A line of points.
#[derive(Serialize)]
struct Trend<'a> {
    width: usize,
    height: usize,
    left: usize,
    right: usize,
    grid: Vec<Mark>,
    line: String,
    dots: Vec<Dot<'a>>,
}

#[derive(Serialize)]
struct Mark {
    percent: usize,
    y: usize,
}

#[derive(Serialize)]
struct Dot<'a> {
    x: usize,
    y: usize,
    point: &'a PointRow,
    labelled: bool,
    /// Where its labels are anchored.
    anchor: &'static str,
}

/// What changed, with the endpoints that the report has; `find` finds one by its id.
pub(super) fn since<'a>(
    since: &'a SinceRow,
    find: impl Fn(&str) -> Option<Value>,
) -> SinceView<'a> {
    let named = |id: &'a str, old, new| Named {
        id,
        row: find(id),
        old,
        new,
    };
    let plain = |ids: &'a [String]| {
        ids.iter()
            .map(|id| named(id, None, None))
            .collect::<Vec<_>>()
    };
    let last = since.last.as_ref().map(|last: &LastRow| LastView {
        name: &last.name,
        new: plain(&last.new),
        gone: (last.gone.iter())
            .map(|row| named(&row.endpoint, Some(row.status), None))
            .collect(),
        changed: (last.changed.iter())
            .map(|row| named(&row.endpoint, Some(row.old), Some(row.new)))
            .collect(),
        total: last.new.len() + last.gone.len() + last.changed.len(),
        changes: last.changes,
    });
    let baseline = since
        .baseline
        .as_ref()
        .map(|row: &BaselineRow| BaselineView {
            name: &row.name,
            known: row.known,
            new: plain(&row.new),
            closed: plain(&row.closed),
        });
    let (before, now) = match since.points.as_slice() {
        [.., before, now] => (Some(before), Some(now)),
        _ => (None, None),
    };
    let percent = |point: Option<&PointRow>| point?.coverage.endpoints.percent;
    let delta = percent(now).zip(percent(before)).map(|(now, before)| {
        let delta = (now - before) * 10.0;
        match delta.round() / 10.0 {
            delta if delta > 0.0 => format!("+{delta:.1}"),
            delta if delta < 0.0 => format!("−{:.1}", -delta),
            _ => "±0".to_owned(),
        }
    });
    SinceView {
        last,
        baseline,
        points: &since.points,
        before,
        now,
        delta,
        // Two points are told by their numbers.
        trend: (since.points.len() > 2).then(|| trend(&since.points)),
    }
}

fn trend(points: &[PointRow]) -> Trend<'_> {
    let last = points.len() - 1;
    let dots: Vec<Dot<'_>> = points
        .iter()
        .enumerate()
        .map(|(at, point)| Dot {
            x: LEFT + (WIDTH - LEFT - RIGHT) * at / last,
            y: height_of(point.coverage.endpoints.percent.unwrap_or_default()),
            point,
            labelled: points.len() <= LABELLED || at == 0 || at == last,
            anchor: match at {
                0 => "start",
                at if at == last => "end",
                _ => "middle",
            },
        })
        .collect();
    let places = dots.iter().map(|dot| format!("{} {}", dot.x, dot.y));
    Trend {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: WIDTH - RIGHT,
        grid: GRID
            .map(|percent| Mark {
                percent,
                #[expect(clippy::cast_precision_loss, reason = "three small numbers")]
                y: height_of(percent as f64),
            })
            .into(),
        line: format!("M{}", places.collect::<Vec<_>>().join("L")),
        dots,
    }
}

/// Where a percentage is.
fn height_of(percent: f64) -> usize {
    const FIELD: usize = HEIGHT - TOP - BOTTOM;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a small drawing"
    )]
    let above = (percent.clamp(0.0, 100.0) * FIELD as f64 / 100.0).round() as usize;
    TOP + FIELD - above
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Coverage, Share};

    #[test]
    fn points_lie_where_their_percentages_are() {
        let point = |percent| PointRow {
            name: Some("a.json".to_owned()),
            ended: None,
            coverage: Coverage {
                endpoints: Share {
                    percent,
                    ..Share::default()
                },
                requests: Share::default(),
            },
        };
        let points = [point(Some(0.0)), point(Some(50.0)), point(Some(100.0))];
        assert_eq!(trend(&points).line, "M40 124L282 71L524 18");
        let row = SinceRow {
            points: vec![point(Some(29.4)), point(Some(35.3))],
            ..SinceRow::default()
        };
        let view = since(&row, |_| None);
        assert_eq!(view.delta.as_deref(), Some("+5.9"));
        assert!(view.trend.is_none());
    }
}
