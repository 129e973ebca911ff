//! Redaction: a capture of the same shape, with tokens in place of values.
//!
//! [`Keep`] says what stays: what harcov's own reports show of the capture, and no more. Everything
//! else becomes a token of the same kind and form, equal for equal values, so that the redacted
//! capture has the same routes, and the same report, as the one it was made from. A token is drawn
//! with HMAC-SHA256 under a [`Key`]; without it nothing leads back.
//!
//! An entry that was redacted bears a seal, a digest over the rest of it, and passes unchanged from then
//! on.

mod alphabet;
mod body;
mod cipher;
mod entry;
mod free;
mod graphql;
mod keep;
mod key;
mod lexicon;
mod link;
mod maps;
mod markup;
mod message;
mod numbers;
mod redactor;
mod rules;
mod seal;
mod stream;
mod summary;
mod token;
mod url;
mod xml;

pub use keep::Keep;
pub use key::{Key, KeyError};
pub use stream::{Options, RedactError, check, redact};
pub use summary::{Count, Place, Summary};
