//! Names of people behind a sign: `@octavia`.

use super::super::{Shape, wording};
use super::{Chunk, words};

/// What stands before the name, and the name; nothing where the whole is the API's own (`@me`).
///
/// A name made of words that APIs use may be the API's own (`@login`), and stays a word.
pub(super) fn handle(text: &str) -> Option<(Chunk<'_>, Chunk<'_>)> {
    let name = text.strip_prefix('@')?;
    if name.is_empty() || name.starts_with('@') || words().own_handles.iter().any(|own| own == name)
    {
        return None;
    }
    let name_chunk = Chunk {
        shape: (!is_known(name)).then(|| Shape::of(name)),
        ..Chunk::variable(name)
    };
    Some((Chunk::fixed(&text[..1]), name_chunk))
}

fn is_known(name: &str) -> bool {
    let mut parts = wording::parts(name).peekable();
    parts.peek().is_some() && parts.all(|part| wording::is_known(&part.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::show;

    #[test]
    fn names_behind_the_sign_are_values() {
        for (text, pieces) in [
            ("@octavia", "@ <word>"),
            ("@mr.lee", "@ <slug>"),
            ("@zhang_wei88", "@ <slug>"),
            ("@me", "[@me]"),
            ("@original", "[@original]"),
            ("@login", "@ [login]"),
            ("@", "[@]"),
            ("@anna:example.org", "<handle>"),
        ] {
            assert_eq!(show(text), pieces, "{text}");
        }
    }
}
