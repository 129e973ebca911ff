//! GraphQL documents: what one is, what it is called, and what stands for it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Whether a text is a GraphQL document.
pub(crate) fn is_graphql(text: &str) -> bool {
    let text = skip_ignored(text);
    text.contains('{')
        && (text.starts_with('{')
            || ["query", "mutation", "subscription", "fragment"]
                .iter()
                .any(|keyword| strip_keyword(text, keyword).is_some()))
}

/// Whether a document holds a mutation; a document may hold fragments before it.
pub(super) fn is_mutation(document: &str) -> bool {
    document.match_indices("mutation").any(|(at, _)| {
        let before = document[..at].trim_end_matches([' ', '\t', '\r', '\n', ',']);
        (before.is_empty() || before.ends_with('}'))
            && strip_keyword(&document[at..], "mutation").is_some()
    })
}

fn strip_keyword<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    text.strip_prefix(keyword)
        .filter(|rest| rest.starts_with([' ', '\t', '\r', '\n', '{', '(', '@']))
}

/// Drops blanks and `#` comments.
fn skip_ignored(text: &str) -> &str {
    let mut text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    while let Some(comment) = text.strip_prefix('#') {
        text = comment.split_once('\n').map_or("", |(_, rest)| rest);
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    text
}

/// The name of a document's first operation, or its first root field if it is anonymous.
pub(super) fn document_name(document: &str) -> Option<&str> {
    let mut text = skip_ignored(document);
    while let Some(rest) = strip_keyword(text, "fragment") {
        let close = rest.find('}')?;
        text = skip_ignored(&rest[close + 1..]);
    }
    for keyword in ["query", "mutation", "subscription"] {
        if let Some(rest) = strip_keyword(text, keyword) {
            text = skip_ignored(rest);
            if let Some(name) = leading_name(text) {
                return Some(name);
            }
        }
    }
    let fields = skip_ignored(&text[text.find('{')? + 1..]);
    let first = leading_name(fields)?;
    let behind = skip_ignored(&fields[first.len()..]);
    match behind.strip_prefix(':') {
        Some(field) => leading_name(skip_ignored(field)),
        None => Some(first),
    }
}

fn leading_name(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    (end > 0).then(|| &text[..end])
}

/// The hash that stands for a document where that is not sent.
pub(super) fn hash(document: &str) -> String {
    let bytes = Sha256::digest(document.as_bytes());
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphql_documents_are_named() {
        for (document, name) in [
            (
                "query GetUser($id: ID!) { user(id: $id) { id } }",
                "GetUser",
            ),
            ("{ viewer { login } }", "viewer"),
            ("mutation { alias: addItem(id: 1) { id } }", "addItem"),
            ("# c\nquery{me{id}}", "me"),
            ("fragment F on U { id } query Q { u { ...F } }", "Q"),
        ] {
            assert!(is_graphql(document), "{document}");
            assert_eq!(document_name(document), Some(name), "{document}");
        }
        assert!(!is_graphql("queryable things {}"));
        assert!(!is_graphql("harry potter"));
    }

    #[test]
    fn a_document_has_the_hash_that_clients_send_in_its_place() {
        // The example of Apollo's description of persisted queries.
        assert_eq!(
            hash("{__typename}"),
            "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38"
        );
    }
}
