//! What the page of a diff is made of: a list of changes, and what its script needs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::Status;
use crate::diff::{Change, Diff, Level, Support};
use crate::locale::Locale;

use super::diff::{LEVELS, head, heading};
use super::{RenderError, data};

/// Tables of the texts that the script shows.
const TEXTS: [&str; 3] = ["script.", "changes.", "diff-level."];

/// What the template sees.
#[derive(Serialize)]
pub(super) struct View<'a> {
    #[serde(flatten)]
    diff: &'a Diff,
    head: Vec<String>,
    levels: Vec<LevelView<'a>>,
}

/// The changes of one level, those of an endpoint in a row.
#[derive(Serialize)]
struct LevelView<'a> {
    name: Level,
    title: &'a str,
    rows: Vec<RowView<'a>>,
}

#[derive(Serialize)]
struct RowView<'a> {
    #[serde(flatten)]
    change: &'a Change,
    /// The endpoint's method, and the rest of its id.
    method: &'a str,
    route: Option<&'a str>,
    group_title: Option<&'a str>,
    /// The status before and now, where it is another.
    statuses: Option<[Status; 2]>,
}

/// What the script sees of a page.
#[derive(Serialize)]
struct Data<'a> {
    name: &'a str,
    texts: BTreeMap<&'a str, &'a str>,
    rows: Vec<Row<'a>>,
}

/// One change, in the order of the page.
#[derive(Serialize)]
struct Row<'a> {
    endpoint: Option<&'a str>,
    code: String,
    level: Level,
    group: &'a str,
    fingerprint: &'a str,
    text: &'a str,
    support: Option<Support>,
}

/// What the template sees of a diff.
pub(super) fn view<'a>(diff: &'a Diff, locale: &'a Locale) -> View<'a> {
    let levels = LEVELS.into_iter().map(|level| LevelView {
        name: level,
        title: locale.get(heading(level)),
        rows: of_level(diff, level)
            .map(|change| row(diff, change))
            .collect(),
    });
    View {
        diff,
        head: head(diff, locale),
        levels: levels.filter(|level| !level.rows.is_empty()).collect(),
    }
}

fn of_level(diff: &Diff, level: Level) -> impl Iterator<Item = &Change> {
    let changes = diff.changes.iter();
    changes.filter(move |change| change.level == level)
}

fn row<'a>(diff: &'a Diff, change: &'a Change) -> RowView<'a> {
    let id = change.endpoint.as_deref();
    let (method, route) = match id.and_then(|id| id.split_once(' ')) {
        Some((method, route)) => (method, Some(route)),
        None => ("", id),
    };
    let statuses = change.effect.as_ref().map(|effect| {
        let status = |status: Option<Status>| status.unwrap_or(Status::Unobserved);
        [status(effect.old), status(effect.new)]
    });
    RowView {
        change,
        method,
        route,
        group_title: title(diff, change),
        statuses: statuses.filter(|[old, new]| old != new),
    }
}

fn title<'a>(diff: &'a Diff, change: &Change) -> Option<&'a str> {
    let title = diff.groups.get(change.group.as_ref()?)?;
    Some(title)
}

/// The script's data.
pub(super) fn json(diff: &Diff, locale: &Locale) -> Result<String, RenderError> {
    let changes = LEVELS.into_iter().flat_map(|level| of_level(diff, level));
    let data = Data {
        name: &diff.title,
        texts: data::texts(locale, &TEXTS),
        rows: changes
            .map(|change| Row {
                endpoint: change.endpoint.as_deref(),
                code: change.code.name(),
                level: change.level,
                group: title(diff, change).unwrap_or(locale.get("diff.whole")),
                fingerprint: &change.fingerprint,
                text: &change.text,
                support: change.support,
            })
            .collect(),
    };
    data::embedded(data)
}
