//! Inventories as files: evidence as JSON that can be committed in place of captures.
//!
//! A file holds parts, mostly one for each capture. It is written so that a line is a call: what
//! changes of an API changes few lines. Nothing in it depends on when and where it was written.

mod call;
mod numbers;
mod read;
mod row;
mod write;

pub(super) use read::read;
pub use row::schema;
pub(super) use write::part_text;
pub use write::write;

/// What the value of `schema` begins with in every version.
pub(super) const SCHEMA_NAME: &str = "harcov.inventory/";

/// The value of `schema`.
pub const SCHEMA: &str = "harcov.inventory/1";
