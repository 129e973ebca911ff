//! What inference returns: templates, and why they are what they are.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Origin, Template};
use crate::value::Shape;

/// The templates of some sightings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inference {
    /// The routes, by host and template.
    pub routes: Vec<Route>,
    /// For each sighting the position of its route in `routes`.
    pub of: Vec<usize>,
    /// The pins that won for some sighting, by position; the others match nothing.
    pub pins_used: BTreeSet<usize>,
}

/// One inferred route with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The host.
    pub host: String,
    /// The template.
    pub template: Template,
    /// For each segment of the template what was decided and why.
    pub verdicts: Vec<Verdict>,
    /// Whether a pin said the whole template.
    pub pinned: bool,
    /// How sure the template is, from 0 to 1: the least sure of its segments.
    pub confidence: f64,
}

/// What was decided of one segment, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the segment, or a piece of it, is variable.
    pub param: bool,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// What spoke for it, the strongest first; then what spoke against it.
    pub reasons: Vec<Reason>,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Reason {
    /// A pin from config, manifest or API description says so.
    Pinned,
    /// The values are definite ones of these shapes.
    Shapes {
        /// The shapes.
        shapes: Vec<Shape>,
    },
    /// So many distinct values were seen here.
    Distinct {
        /// How many.
        values: u32,
    },
    /// Values were seen elsewhere.
    Seen {
        /// Where.
        origin: Origin,
        /// In how many requests.
        requests: u32,
    },
    /// The segment before is a plural noun, which an identifier follows.
    PluralNoun {
        /// The noun.
        noun: String,
    },
    /// Other values at this place lead to the same paths.
    SharedSuffixes {
        /// How many others.
        siblings: u32,
    },
    /// Other values at this place are answered with the same fields.
    EqualResponses {
        /// How many others.
        siblings: u32,
    },
    /// Most other texts at this place are values.
    AmongValues,
    /// The text does not read like a name of the API's own.
    UnknownWord,
    /// The text is a version of the API.
    Version,
    /// The text names a program of the server: `index.php`.
    Program,
    /// The text is a language or region.
    Locale,
    /// The text is a word that APIs use.
    ApiWord,
    /// The text was seen in other places of the API too.
    SeenInRoutes {
        /// In how many.
        places: u32,
    },
    /// No other text was seen at this place.
    Alone,
    /// A field or parameter of the API is named after it.
    FieldName,
    /// It was not seen as a value anywhere.
    NoOrigin,
}
