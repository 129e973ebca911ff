//! The diff: what one side's captures show of an API that the other side's do not.
//!
//! Routes are inferred over both sides at once ([`Sides`]), so that ids never look like changes. A
//! capture is a sample, so an absence is told only where so many observations make it unlikely to
//! be chance (`diff.toml`), and always with the numbers behind it.

mod compare;
mod effect;
mod fields;
mod flows;
mod level;
mod model;
mod params;
mod rename;
mod seen;
mod sides;
mod words;

use crate::config::Config;
use crate::locale::Locale;
use crate::manifest::Manifest;

pub use level::{Code, Level};
pub use model::{Change, Counts, Diff, Effect, Ignored, SCHEMA, SideRow, Support, schema};
pub use sides::{Side, Sides};

/// What a diff is made from.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Both sides.
    pub sides: &'a Sides,
    /// What the project says.
    pub config: &'a Config,
    /// What it claims to implement.
    pub manifest: &'a Manifest,
    /// The day on which it is, where rules may have ended; without one, none has.
    pub today: Option<&'a str>,
    /// The language of the texts.
    pub locale: &'static Locale,
}

/// Compares the two sides.
pub fn diff(context: &Context<'_>) -> Diff {
    words::diff(context, compare::changes(context.sides))
}
