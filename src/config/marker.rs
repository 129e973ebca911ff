//! What marks an operation of a description: an extension, a tag, or being deprecated.

use std::fmt;
use std::str::FromStr;

/// A mark that operations of a description may carry.
///
/// ```
/// use harcov::config::Marker;
///
/// assert_eq!("tag:wip".parse(), Ok(Marker::Tag("wip".to_owned())));
/// assert_eq!("x-partial".parse(), Ok(Marker::Extension("x-partial".to_owned())));
/// assert!("wip".parse::<Marker>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker {
    /// An extension that is there and not `false`: `x-partial`.
    Extension(String),
    /// A tag, or a folder of a collection: `tag:wip`.
    Tag(String),
    /// `deprecated`
    Deprecated,
}

/// A text is no marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkerError;

impl fmt::Display for MarkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a marker is an extension (`x-partial`), a tag (`tag:wip`) or `deprecated`")
    }
}

impl std::error::Error for MarkerError {}

impl FromStr for Marker {
    type Err = MarkerError;

    fn from_str(text: &str) -> Result<Self, MarkerError> {
        let text = text.trim();
        if text == "deprecated" {
            return Ok(Marker::Deprecated);
        }
        if let Some(tag) = text.strip_prefix("tag:") {
            let tag = tag.trim();
            return match tag {
                "" => Err(MarkerError),
                tag => Ok(Marker::Tag(tag.to_owned())),
            };
        }
        let extension =
            text.starts_with("x-") && text.len() > 2 && !text.contains(char::is_whitespace);
        extension
            .then(|| Marker::Extension(text.to_owned()))
            .ok_or(MarkerError)
    }
}

/// `[spec]`: how descriptions of APIs are read as manifests.
#[derive(Debug, Clone, Default)]
pub struct SpecConfig {
    /// What marks an operation that is implemented in part.
    pub partial: Vec<Marker>,
    /// What marks one that is not implemented yet.
    pub missing: Vec<Marker>,
    /// What marks one that is left out by decision.
    pub excluded: Vec<Marker>,
}
