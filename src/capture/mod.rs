//! Reading captures: from bytes to entries.
//!
//! The contract is [`read()`]: whatever a producer wrote goes in, every entry that can be used comes
//! out once and in file order, and [`Capture`] accounts for the rest.

mod archive;
mod batch;
mod body;
mod crew;
mod cursor;
mod digest;
mod document;
mod entry;
mod error;
mod escaped;
mod extract;
mod files;
mod foreign;
mod frame;
mod headers;
mod json;
mod lexer;
mod limit;
mod named;
mod open;
mod raw;
mod read;
mod scan;
mod source;
mod text;
mod time;
mod tree;
mod window;
mod written;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use body::{Body, MAX_BODY, RawBody};
pub use document::{Sorted, sort};
pub use entry::{Entry, FormParam, Headers, Request, Response};
pub use error::{FindError, Foreign, Problem, ReadError};
pub use frame::MAX_ENTRY;
pub use json::{JsonError, JsonEvent, JsonVisitor, walk_json};
pub use limit::Limit;
pub use raw::{RawEntry, RawItem, read_raw};
pub use read::{read, read_mapped};
pub use source::{Source, find};
pub use tree::Node;
pub use written::{Ahead, Written, WrittenKey};

/// What is known of a capture as a whole once it has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capture {
    /// What it is told apart by: the XXH3 of 128 bits of its text, in hexadecimal digits. The text is what is left once compression and encoding are undone, so a gzipped copy
    /// is the same capture, and so is one of another name.
    pub id: String,
    /// The file name as given, relative to where the captures were looked for; `-` for stdin.
    pub name: String,
    /// `log.creator` as `name version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// `log.version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Entries seen, whole or not.
    pub entries: usize,
    /// Entries that could not be used, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unusable: Vec<Unusable>,
    /// Further entries that could not be used, beyond the first ten thousand.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unlisted: usize,
    /// The byte at which a truncated or broken file ended, if it did, counted in its text after
    /// decompression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<u64>,
    /// What was not kept because there is too much of it, and how often it came.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<Limit, usize>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Capture {
    /// How many entries could not be used.
    pub fn skipped(&self) -> usize {
        self.unusable.len() + self.unlisted
    }
}

/// An entry that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Unusable {
    /// Position in `log.entries`, from 0.
    pub index: usize,
    /// Why.
    pub problem: Problem,
}
