//! One entry of a capture as it was written, borrowed from the reader's window.

use std::borrow::Cow;

use super::RawBody;

/// Header names in lower case with their values; pseudo-headers (`:path`) are left out, and values
/// that a producer joined by newlines are split.
pub type Headers<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// One HAR entry, lenient: whatever was missing or of another type is absent, never an error.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Position in `log.entries`, from 0; entries that cannot be used count too.
    pub index: usize,
    /// When the request started, in microseconds since 1970 UTC.
    pub started: Option<i64>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<u32>,
    /// The request.
    pub request: Request<'a>,
    /// The response, if there was one: status 0, negative or null means none.
    pub response: Option<Response<'a>>,
    /// Chrome's `_resourceType`, in lower case (`xhr`, `fetch`, `script`, `document`).
    pub resource_type: Option<Cow<'a, str>>,
    /// Whether the producer says that the request failed or was blocked (`_error`, `_failureText`,
    /// `_blocked_reason`).
    pub failed: bool,
}

/// The request of an entry.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: Cow<'a, str>,
    /// The URL as written.
    pub url: Cow<'a, str>,
    /// The headers.
    pub headers: Headers<'a>,
    /// Content type of the body: `postData.mimeType`, else the header.
    pub media: Option<Cow<'a, str>>,
    /// The body, not yet decoded.
    pub body: RawBody<'a>,
    /// `postData.params`, to be used where the body holds no text.
    pub params: Vec<FormParam<'a>>,
}

/// One of `postData.params`.
#[derive(Debug, Clone)]
pub struct FormParam<'a> {
    /// The field's name.
    pub name: Cow<'a, str>,
    /// Its value, if it was written.
    pub value: Cow<'a, str>,
    /// Whether it is an uploaded file.
    pub file: bool,
}

/// The response of an entry.
#[derive(Debug, Clone)]
pub struct Response<'a> {
    /// The status, at least 100.
    pub status: u16,
    /// The headers.
    pub headers: Headers<'a>,
    /// Content type of the body: `content.mimeType`, else the header.
    pub media: Option<Cow<'a, str>>,
    /// The body, not yet decoded.
    pub body: RawBody<'a>,
    /// Where a redirect leads, if written.
    pub redirect: Option<Cow<'a, str>>,
}
