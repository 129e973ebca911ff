//! The inventory in forms that other tools read: `OpenAPI`, Postman, HTTP files, k6, and client
//! stubs.
//!
//! [`Api`] is what all of them are made from: endpoints as a client would call them, with the
//! conclusions on each. Nothing of it is a value of a capture but constants.

mod api;
mod envelope;
mod http;
mod json;
mod k6;
mod name;
mod openapi;
mod postman;
mod sample;
mod schema;
mod stub;
mod tree;

pub use api::{Api, Call, Wanted};
pub use stub::{Language, StubError, stub};

/// A form that the inventory can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// OpenAPI 3.1, as JSON
    #[value(name = "openapi")]
    OpenApi,
    /// A Postman collection, version 2.1
    Postman,
    /// An HTTP file, as editors run it
    Http,
    /// A k6 script
    K6,
}

/// Writes an API in a format; the same API gives the same bytes.
pub fn export(api: &Api, format: ExportFormat) -> String {
    match format {
        ExportFormat::OpenApi => openapi::write(api).to_text(),
        ExportFormat::Postman => postman::write(api).to_text(),
        ExportFormat::Http => http::write(api),
        ExportFormat::K6 => k6::write(api),
    }
}
