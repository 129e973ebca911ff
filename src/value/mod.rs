//! What may be known of a value once it has left the capture.
//!
//! A capture is full of secrets, so nothing behind this room carries a raw value. A [`Value`] says
//! its type and shape, carries a keyed hash by which equal values of one run are recognised, and
//! keeps its text only where a rule says that it reads like a constant (`WECHAT`, `PROCESSING`).

mod constant;
mod segment;
mod shape;
mod token;

use serde::{Deserialize, Serialize};

pub use constant::{ConstantRules, is_listable};
pub use segment::{Segment, SegmentPiece, is_root, is_version};
pub use shape::Shape;
pub use token::{Token, Tokens};

/// The type of a parameter or field, in JSON's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// JSON `null`, or a parameter without a value.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any other number.
    Number,
    /// Text.
    String,
    /// A JSON array.
    Array,
    /// A JSON object.
    Object,
    /// An uploaded file.
    File,
}

impl Kind {
    /// The word for this type in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
            Kind::File => "file",
        }
    }
}

/// One observed value, without the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Its type; for untyped places (path, query, form) the narrowest type that the text fits.
    pub kind: Kind,
    /// What its text looks like.
    pub shape: Shape,
    /// Stands for the value in comparisons within one run.
    pub token: Token,
    /// The text itself, only if a rule of [`ConstantRules`] lets it be shown.
    pub word: Option<Box<str>>,
}
