//! A badge as an image: no font, script or address in it, and the text fits whatever font is there.

use unicode_width::UnicodeWidthStr;

use crate::report::Report;

use super::badge::Badge;
use super::xml::escape;

const HEIGHT: usize = 20;
/// Left and right of a text.
const PADDING: usize = 6;
/// The width of a column of text at a size of 11 pixels.
const COLUMN: usize = 7;

pub(super) fn render(report: &Report) -> String {
    let badge = Badge::of(report);
    let width = |text: &str| text.width() * COLUMN;
    let (left, right) = (width(&badge.label), width(&badge.message));
    let (left_box, right_box) = (left + 2 * PADDING, right + 2 * PADDING);
    let whole = left_box + right_box;
    let (label, message) = (escape(&badge.label), escape(&badge.message));
    let rgb = badge.rgb;
    let at = left_box + PADDING;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}" role="img" aria-label="{label}: {message}">
  <title>{label}: {message}</title>
  <clipPath id="edge"><rect width="{whole}" height="{HEIGHT}" rx="3"/></clipPath>
  <g clip-path="url(#edge)">
    <rect width="{left_box}" height="{HEIGHT}" fill="#4a4a4a"/>
    <rect x="{left_box}" width="{right_box}" height="{HEIGHT}" fill="{rgb}"/>
  </g>
  <g fill="#fff" font-family="Verdana, 'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', sans-serif" font-size="11">
    <text x="{PADDING}" y="14" textLength="{left}">{label}</text>
    <text x="{at}" y="14" textLength="{right}">{message}</text>
  </g>
</svg>
"##
    )
}
