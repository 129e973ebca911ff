//! What a string expression can become: literal text with wildcards, and the path in it.

use smol_str::SmolStr;

/// A piece of what an expression can become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that is written in the source.
    Text(String),
    /// Something else, by its name in the source where it has one.
    Hole(Option<SmolStr>),
}

/// What an expression can become.
pub(super) type Pattern = Vec<Piece>;

/// Stands for a hole in text.
pub(super) const HOLE: char = '\0';

/// The path of a pattern, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PathPattern {
    /// The host, if it is written in full.
    pub(super) host: Option<String>,
    /// Whether something unknown precedes the first segment: a base, a host.
    pub(super) open: bool,
    /// Whether it starts with a slash or a host, so that it is no other text by accident.
    pub(super) rooted: bool,
    /// The segments; holes are [`HOLE`].
    pub(super) segments: Vec<String>,
    /// The names of query parameters written behind the path.
    pub(super) query: Vec<String>,
}

/// The pattern as text with [`HOLE`]s; placeholders inside its text are holes too.
pub(super) fn flatten(pattern: &Pattern) -> String {
    let mut flat = String::new();
    for piece in pattern {
        match piece {
            Piece::Text(text) => flat.push_str(text),
            Piece::Hole(_) => flat.push(HOLE),
        }
    }
    flat
}

/// Replaces what formatting and routing put in by holes: `%s`, `{}`, `{id}`, `${id}`, `<int:id>`,
/// `:id`, `(?P<id>…)`.
fn placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at_start = out.is_empty() || out.ends_with(['/', HOLE]);
        let taken = match c {
            '{' => closed(rest, '{', '}'),
            '<' => closed(rest, '<', '>'),
            '(' if at_start => closed(rest, '(', ')'),
            '$' => dollar(rest),
            '#' if rest.starts_with("#{") => closed(&rest[1..], '{', '}').map(|n| n + 1),
            '%' => percent(rest),
            ':' | '*' if at_start => named(&rest[1..]).map(|n| n + 1),
            '\\' => class(rest),
            _ => None,
        };
        if let Some(taken) = taken {
            out.push(HOLE);
            rest = &rest[taken..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The length of what brackets hold, themselves included; nothing that looks like prose.
fn closed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().take(120) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + c.len_utf8());
            }
        } else if c.is_whitespace() && open == '<' {
            return None;
        }
    }
    None
}

fn dollar(text: &str) -> Option<usize> {
    let rest = &text[1..];
    if rest.starts_with('{') {
        closed(rest, '{', '}').map(|n| n + 1)
    } else if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        named(rest).map(|n| n + 1)
    } else {
        None
    }
}

fn named(text: &str) -> Option<usize> {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    (end > 0).then_some(end)
}

/// A conversion such as `%s`, `%(name)s`, `%1$s`; `%2F` is none.
fn percent(text: &str) -> Option<usize> {
    let rest = &text[1..];
    if let Some(inside) = rest.strip_prefix('(') {
        let end = inside.find(')')?;
        let conversion = inside[end + 1..].chars().next()?;
        return Some("%()".len() + end + conversion.len_utf8());
    }
    let digits = rest
        .find(|c: char| !c.is_ascii_digit() && c != '$')
        .unwrap_or(rest.len());
    let positional = digits > 0 && rest[..digits].ends_with('$');
    let digits = if positional { digits } else { 0 };
    rest[digits..]
        .starts_with(['s', 'd', 'v', 'i', '@', 'q', 'u'])
        .then_some(1 + digits + 1)
}

/// A class of a regular expression, such as `\d+`.
fn class(text: &str) -> Option<usize> {
    let known = ["\\d+", "\\w+", "\\S+"];
    known
        .iter()
        .find(|k| text.starts_with(**k))
        .map(|k| k.len())
}

impl PathPattern {
    /// The path of what an expression can become; none if it is none.
    pub(super) fn of(pattern: &Pattern) -> Option<PathPattern> {
        let flat = flatten(pattern);
        let known = flat.trim_start_matches('^').trim_end_matches('$');
        if known.len() > 2000 || known.contains(char::is_whitespace) {
            return None;
        }
        let text = placeholders(known);
        let (path, query) = match text.find(['?', '#']) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text.as_str(), ""),
        };
        let mut found = PathPattern {
            query: query_names(query),
            ..PathPattern::default()
        };
        let mut path = path;
        if let Some(at) = path.find("://") {
            let scheme = &path[..at];
            if !scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == HOLE)
            {
                return None;
            }
            let rest = &path[at + 3..];
            let end = rest.find('/').unwrap_or(rest.len());
            let host = &rest[..end];
            if !host.contains(HOLE) {
                found.host = Some(host.to_ascii_lowercase());
            }
            found.rooted = true;
            path = &rest[end..];
        } else if let Some(rest) = path.strip_prefix(HOLE) {
            // `base + "/x"`; a host or a whole base address.
            found.open = true;
            let rest = rest.trim_start_matches(HOLE);
            found.rooted = rest.starts_with('/');
            path = rest;
        } else {
            found.rooted = path.starts_with('/');
        }
        found.segments = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned)
            .collect();
        let odd = |segment: &String| {
            segment == "." || segment == ".." || segment.contains(['<', '>', '"', '\\', '|'])
        };
        (!found.segments.iter().any(odd)).then_some(found)
    }

    /// How many segments are written as text.
    pub(super) fn literals(&self) -> usize {
        self.segments.iter().filter(|s| !s.contains(HOLE)).count()
    }
}

/// The names of `a=1&b=2`, as far as they are written.
fn query_names(query: &str) -> Vec<String> {
    let named = query.split('&').filter_map(|pair| {
        let name = pair.split('=').next().unwrap_or("");
        let written = !name.is_empty() && !name.contains(HOLE);
        (written && pair.contains('=')).then(|| name.to_owned())
    });
    named.collect()
}

/// Whether a segment of source can be a segment of text: holes stand for any text, even none.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split(HOLE);
    let Some(first) = pieces.next() else {
        return false;
    };
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        let pattern = vec![Piece::Text(text.to_owned())];
        PathPattern::of(&pattern).map_or_else(
            || "-".to_owned(),
            |found| found.segments.join("/").replace(HOLE, "*"),
        )
    }

    #[test]
    fn placeholders_of_all_languages_are_holes() {
        for text in [
            "/users/{}/posts",
            "/users/{0}/posts",
            "/users/{id:[0-9]+}/posts/",
            "/users/<int:user_id>/posts",
            "/users/:id/posts?x={x}",
            "/users/%s/posts",
            "/users/%(id)s/posts",
            "/users/%(id)数/posts",
            "/users/%1$s/posts",
            "/users/${id}/posts",
            "/users/$id/posts",
            "/users/#{id}/posts",
            "^/users/(?P<pk>[^/]+)/posts/$",
            "/users/\\d+/posts",
            "https://api.example.com/users/{id}/posts",
        ] {
            assert_eq!(path(text), "users/*/posts", "{text}");
        }
        assert_eq!(path("/100%25/a:b"), "100%25/a:b");
        assert_eq!(path("../users/list"), "-");
        assert_eq!(path("a sentence/with words"), "-");
    }

    #[test]
    fn query_names_are_read() {
        let pattern = vec![
            Piece::Text("/a?x=".to_owned()),
            Piece::Hole(None),
            Piece::Text("&y=1&".to_owned()),
            Piece::Hole(None),
        ];
        let found = PathPattern::of(&pattern).unwrap();
        assert_eq!(found.query, ["x", "y"]);
    }

    #[test]
    fn holes_stand_for_any_text() {
        assert!(glob("json\0", "json"));
        assert!(glob("\0.json", "\u{1}.json"));
        assert!(glob("a\0c\0", "abcd"));
        assert!(!glob("json", "jsonx"));
        assert!(!glob("\0x", "y"));
    }
}
