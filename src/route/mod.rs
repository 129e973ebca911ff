//! Route templates: which segments of a path are variable, and what they are called.
//!
//! The room's whole contract is [`infer`]: evidence of distinct paths in, one template for each
//! path out. Nothing outside depends on how the decision is made.

mod evidence;
mod infer;
mod mixed;
mod name;
mod pattern;
mod pins;
mod template;
mod unnamed;

use std::collections::BTreeMap;

use crate::scope::{Operation, Place};
use crate::value::Segment;
use crate::value::keyed::{self, Keyed};

pub use evidence::{Inference, Reason, Route, Verdict};
pub use infer::{
    Feature, Features, Weights, WordForm, api_words, infer, infer_decided, infer_with, is_api_word,
    may_select, training,
};
pub(crate) use mixed::taken as pieces_taken;
pub(crate) use name::name_words;
pub use pattern::{EndpointPattern, PatternError};
pub use pins::{Authority, Correction, CorrectionError, Pin, Pins, Takes};
pub use template::{ParamStyle, Part, Piece, Template, TemplateError};
pub use unnamed::{restyled, unnamed};

/// Where a value of a path was seen elsewhere in the capture.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// In an earlier response, under this JSON path.
    Response(String),
    /// In a request, as a parameter of this name.
    Request(Place, String),
    /// In the response of the same request, under this JSON path.
    Echo(String),
}

impl Keyed for Origin {
    fn to_text(&self) -> String {
        match self {
            Origin::Response(path) => format!("response {path}"),
            Origin::Request(place, name) => format!("request {} {name}", place.name()),
            Origin::Echo(path) => format!("echo {path}"),
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        match kind {
            "response" => Some(Origin::Response(rest.to_owned())),
            "request" => {
                <(Place, String)>::of_text(rest).map(|(place, name)| Origin::Request(place, name))
            }
            "echo" => Some(Origin::Echo(rest.to_owned())),
            _ => None,
        }
    }
}

/// Origins of the pieces of a segment, each a JSON object.
mod pieces {
    use super::{BTreeMap, Keyed, Origin};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Texts = Vec<BTreeMap<String, u32>>;

    pub(super) fn serialize<S: Serializer>(
        parts: &[BTreeMap<Origin, u32>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let texts = |part: &BTreeMap<Origin, u32>| {
            let texts = part.iter().map(|(key, count)| (key.to_text(), *count));
            texts.collect()
        };
        let parts: Texts = parts.iter().map(texts).collect();
        parts.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<BTreeMap<Origin, u32>>, D::Error> {
        let origin = |(text, count): (String, u32)| {
            let key = Origin::of_text(&text);
            let unknown = || serde::de::Error::custom(format!("`{text}` is no such key"));
            Ok((key.ok_or_else(unknown)?, count))
        };
        let parts = Texts::deserialize(deserializer)?.into_iter();
        parts
            .map(|part| part.into_iter().map(origin).collect())
            .collect()
    }
}

/// What is known of one variable position of a [`Sighting`].
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentStats {
    /// How many distinct values were seen here, capped.
    pub distinct: u32,
    /// Where its values ([`Segment::token`]) were seen elsewhere, with the number of requests.
    #[serde(default, with = "keyed", skip_serializing_if = "BTreeMap::is_empty")]
    pub origins: BTreeMap<Origin, u32>,
    /// The same for the variable pieces of a segment with several ([`Segment::parts`]), in order;
    /// empty or shorter where nothing is known.
    #[serde(default, with = "pieces", skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<BTreeMap<Origin, u32>>,
}

/// The evidence of one distinct path: everything that inference may use.
#[derive(Debug, Clone)]
pub struct Sighting<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The host.
    pub host: &'a str,
    /// The path; value-like segments of equal shape are already one.
    pub segments: &'a [Segment],
    /// The operation, where the route serves several.
    pub operation: Option<&'a Operation>,
    /// Requests with a trailing slash.
    pub slashed: u32,
    /// Requests in all.
    pub requests: u32,
    /// For each segment what is known of its values.
    pub stats: &'a [SegmentStats],
    /// Parameter names sent, with their places.
    pub params: Vec<(Place, &'a str)>,
    /// JSON paths of the response's fields.
    pub fields: Vec<&'a str>,
    /// Statuses of the responses.
    pub statuses: Vec<u16>,
}
