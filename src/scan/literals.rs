//! The literals of the languages: the marks around texts, and the slots and variables in them.

use std::ops::Range;

/// How long the marks at both ends of a string are: `f"`, `"""`, `r#"`, `@"`.
pub(super) fn delimiters(source: &str) -> (usize, usize) {
    let quote = source.find(['"', '\'', '`']);
    let Some(quote) = quote.filter(|at| *at <= 4) else {
        return (0, 0);
    };
    let mark = &source[quote..=quote];
    let triple = mark.repeat(3);
    let hashes = source[..quote].bytes().filter(|b| *b == b'#').count();
    let inner = &source[quote..];
    let width = if inner.starts_with(&triple) && inner.len() >= 6 {
        3
    } else {
        1
    };
    let closing = source.trim_end_matches('#');
    let closed = closing.ends_with(mark) && inner.len() >= 2 * width;
    (quote + width, if closed { width + hashes } else { 0 })
}

/// Text without the escapes that matter in paths.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    text.replace("\\/", "/")
        .replace("\\?", "?")
        .replace("\\&", "&")
}

/// The next slot for a value: what is in front, its name or position, what is behind.
pub(super) fn slot(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find(['{', '%'])?;
    let before = &text[..at];
    let rest = &text[at..];
    if let Some(behind) = rest.strip_prefix('%') {
        if let Some(inside) = behind.strip_prefix('(') {
            let end = inside.find(')')?;
            let behind = inside[end + 1..].get(1..).unwrap_or("");
            return Some((before, &inside[..end], behind));
        }
        if let Some(behind) = behind.strip_prefix(['s', 'd', 'v', '@', 'i']) {
            return Some((before, "", behind));
        }
        let (skipped, slot, behind) = slot(behind)?;
        let before = &text[..at + 1 + skipped.len()];
        return Some((before, slot, behind));
    }
    let end = rest.find('}')?;
    let name = rest[1..end].split([':', '!', ',']).next().unwrap_or("");
    Some((before, name.trim(), &rest[end + 1..]))
}

/// Where a text has variables such as `$name`.
pub(super) fn variables(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('$') {
        let behind = &text[at + 1..];
        let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        let length = end.unwrap_or(behind.len());
        let begins = behind.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let escaped = text[..at].ends_with('\\');
        if begins && !escaped {
            found.push(at..at + 1 + length);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_strings_are_left_out() {
        let inner = |source: &'static str| {
            let (start, end) = delimiters(source);
            &source[start..source.len() - end]
        };
        for source in [
            "'/a'",
            "f\"/a\"",
            "\"\"\"/a\"\"\"",
            "r#\"/a\"#",
            "@\"/a\"",
            "$\"/a\"",
            "`/a`",
        ] {
            assert_eq!(inner(source), "/a", "{source}");
        }
        assert_eq!(inner("''"), "");
        assert_eq!(inner("\"/a"), "/a");
    }

    #[test]
    fn slots_are_found() {
        assert_eq!(slot("/a/%s/b"), Some(("/a/", "", "/b")));
        assert_eq!(slot("/a/{0:x}/b"), Some(("/a/", "0", "/b")));
        assert_eq!(slot("/%2F/%(id)s"), Some(("/%2F/", "id", "")));
        assert_eq!(slot("/a"), None);
    }

    #[test]
    fn variables_are_found() {
        let found = |text: &'static str| -> Vec<&str> {
            variables(text).into_iter().map(|at| &text[at]).collect()
        };
        assert_eq!(found("\"$BASE/a/$id?x=$\""), ["$BASE", "$id"]);
        assert!(found("\"\\$a ${b} $1\"").is_empty());
    }
}
