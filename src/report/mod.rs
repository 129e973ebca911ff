//! The report: an assessment put into words, as data that every format is made of.

mod build;
mod endpoint;
mod model;
mod module;
mod recommend;
mod story;
mod summary;
mod time;

pub use build::{Context, build};
pub use model::*;

/// The JSON Schema (draft 2020-12) of [`Report`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
