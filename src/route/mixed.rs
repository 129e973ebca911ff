//! Segments that are partly literal: which text each piece takes.

use super::template::Piece;

/// Whether a text is one of these pieces; a variable piece takes at least one character.
pub(super) fn matches(pieces: &[Piece], text: &str) -> bool {
    taken(pieces, text).is_some()
}

/// What each piece takes of a text, in order, variable pieces as little as they can; `None` if the text does
/// not fit.
pub(crate) fn taken<'t>(pieces: &[Piece], text: &'t str) -> Option<Vec<&'t str>> {
    let mut texts = Vec::with_capacity(pieces.len());
    take(pieces, text, &mut texts).then_some(texts)
}

fn take<'t>(pieces: &[Piece], text: &'t str, texts: &mut Vec<&'t str>) -> bool {
    let Some((piece, rest)) = pieces.split_first() else {
        return text.is_empty();
    };
    let mut take_up_to = |end: usize| {
        texts.push(&text[..end]);
        let fits = take(rest, &text[end..], texts);
        if !fits {
            texts.pop();
        }
        fits
    };
    match piece {
        Piece::Literal(literal) => text.starts_with(literal.as_str()) && take_up_to(literal.len()),
        Piece::Param(_) => text
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .any(take_up_to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_of(pieces: &[&str], text: &'static str) -> Option<Vec<&'static str>> {
        let pieces: Vec<Piece> = pieces
            .iter()
            .map(|piece| match piece.strip_prefix('<') {
                Some(name) => Piece::Param(name.to_owned()),
                None => Piece::Literal((*piece).to_owned()),
            })
            .collect();
        taken(&pieces, text)
    }

    #[test]
    fn each_piece_takes_its_text() {
        let custom = ["<topic", ":", "publish"];
        assert_eq!(
            taken_of(&custom, "orders-eu:publish"),
            Some(vec!["orders-eu", ":", "publish"])
        );
        assert_eq!(taken_of(&custom, "orders-eu:pause"), None);
        assert_eq!(taken_of(&custom, ":publish"), None);
        assert_eq!(
            taken_of(&["<a", "-", "<b"], "1-2-3"),
            Some(vec!["1", "-", "2-3"])
        );
        assert_eq!(taken_of(&["<a", "券"], "12券"), Some(vec!["12", "券"]));
    }
}
