//! The data of a badge, as shields.io reads it from an address.

use serde_json::json;

use crate::locale::{Arg, Lang, Locale};
use crate::report::Report;

use super::RenderError;
use super::json::to_json;
use super::prose::to_plain;

/// Colours by the least percentage that earns them: the name at shields.io, and the same in RGB.
const COLORS: [(f64, &str, &str); 5] = [
    (90.0, "brightgreen", "#357a12"),
    (75.0, "green", "#4f7d09"),
    (50.0, "yellow", "#8a6a00"),
    (25.0, "orange", "#b04c0c"),
    (0.0, "red", "#b32d2d"),
];

/// Where nothing can be measured.
const UNKNOWN: (&str, &str) = ("lightgrey", "#6b6b6b");

/// What a badge says.
pub(super) struct Badge {
    pub(super) label: String,
    pub(super) message: String,
    /// The name of the colour at shields.io.
    pub(super) color: &'static str,
    /// The same, dark enough for white text.
    pub(super) rgb: &'static str,
}

impl Badge {
    pub(super) fn of(report: &Report) -> Self {
        let locale = Locale::new(Lang::of_tag(&report.lang));
        let share = &report.coverage.endpoints;
        let label = locale.get("badge.label").to_owned();
        let Some(percent) = share.percent else {
            return Badge {
                label,
                message: locale.get("badge.nothing").to_owned(),
                color: UNKNOWN.0,
                rgb: UNKNOWN.1,
            };
        };
        let known = COLORS.iter().find(|(least, ..)| percent >= *least);
        let (color, rgb) = known.map_or(UNKNOWN, |(_, color, rgb)| (*color, *rgb));
        let message = locale.format(
            "badge.message",
            &[
                ("percent", Arg::Text(format!("{percent:.1}%"))),
                ("n", Arg::Count(share.implemented)),
                ("total", Arg::Count(share.total)),
            ],
        );
        Badge {
            label,
            message: to_plain(&message),
            color,
            rgb,
        }
    }
}

pub(super) fn render(report: &Report) -> Result<String, RenderError> {
    let badge = Badge::of(report);
    to_json(&json!({
        "schemaVersion": 1,
        "label": badge.label,
        "message": badge.message,
        "color": badge.color,
    }))
}
