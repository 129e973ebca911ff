//! Telling documents of harcov's own from captures, wherever a capture may be given.

use std::io::{Cursor, Read};

use super::error::{Foreign, ReadError};
use super::open::{Opened, SNIFFED, decoded};
use super::source::Source;

/// The largest document that is read; it is held in memory whole.
const MAX_DOCUMENT: u64 = 256 << 20;

/// A source, told apart by how its text begins.
#[derive(Debug)]
pub enum Sorted {
    /// Anything else than a document.
    Capture(Source),
    /// The text of a document.
    Document(String),
}

/// Tells a document from a capture: a JSON object whose first key is `schema`, with a value that
/// begins with `name` (`harcov.inventory/`). Gzip is fine, as with captures.
///
/// # Errors
///
/// Input that cannot be read, and a document that is no UTF-8 or larger than 256 MiB.
pub fn sort(source: Source, name: &str) -> Result<Sorted, ReadError> {
    let (head, source) = source.peek(SNIFFED)?;
    if head.starts_with(b"PK") || !begins(&text_of_head(head), name) {
        return Ok(Sorted::Capture(source));
    }
    let mut bytes = Vec::new();
    let text = Opened::new(source)?.text(0)?;
    text.take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_DOCUMENT {
        return Err(ReadError::Document(format!(
            "larger than {MAX_DOCUMENT} bytes"
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Sorted::Document(text)),
        Err(_) => Err(ReadError::NotHar(Foreign::Binary)),
    }
}

/// The text that the first bytes of a file hold, as far as they hold any.
fn text_of_head(head: Vec<u8>) -> Vec<u8> {
    let mut text = Vec::new();
    if let Ok(mut reader) = decoded(Box::new(Cursor::new(head))) {
        let mut piece = [0; 64];
        while let Ok(count @ 1..) = reader.read(&mut piece) {
            text.extend_from_slice(&piece[..count]);
        }
    }
    text
}

/// Whether a text begins with `{"schema": "<name>`, whatever space is between.
fn begins(text: &[u8], name: &str) -> bool {
    let mut rest = text;
    [b"{".as_slice(), b"\"schema\"", b":", b"\"", name.as_bytes()]
        .into_iter()
        .enumerate()
        .all(|(at, token)| {
            // Behind the quote that opens the value no space is skipped.
            let trimmed = if at == 4 {
                rest
            } else {
                rest.trim_ascii_start()
            };
            let after = trimmed.strip_prefix(token);
            rest = after.unwrap_or_default();
            after.is_some()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_document(text: &str) -> bool {
        let source = Source::reader("x", Cursor::new(text.to_owned().into_bytes()));
        matches!(sort(source, "made.up/"), Ok(Sorted::Document(whole)) if whole == text)
    }

    #[test]
    fn documents_are_told_by_their_first_key() {
        assert!(is_document(r#"{"schema":"made.up/1"}"#));
        assert!(is_document(
            "\n{ \"schema\" :\t\"made.up/77\", \"log\": {} }"
        ));
        assert!(!is_document(r#"{"schema":" made.up/1"}"#));
        assert!(!is_document(r#"{"log":{},"schema":"made.up/1"}"#));
        assert!(!is_document(""));
    }

    #[test]
    fn what_is_no_document_is_given_back_whole() {
        let text = format!("{{\"log\": \"{}\"}}", "x".repeat(5 * SNIFFED));
        let source = Source::reader("x", Cursor::new(text.clone().into_bytes()));
        let Ok(Sorted::Capture(source)) = sort(source, "made.up/") else {
            panic!("taken for a document");
        };
        let mut whole = String::new();
        source.open().unwrap().read_to_string(&mut whole).unwrap();
        assert_eq!(whole, text);
    }
}
