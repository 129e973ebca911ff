//! Segments that are partly literal: which text each piece takes.

use super::template::Piece;

/// Whether a text is one of these pieces; a variable piece takes at least one character.
pub(super) fn matches(pieces: &[Piece], text: &str) -> bool {
    taken(pieces, text).is_some()
}

/// What each piece takes of a text, in order, variable pieces as little as they can; `None` if the text does
/// not fit. What stands first is taken first, so the cost is that of looking for each literal once.
pub(crate) fn taken<'t>(pieces: &[Piece], text: &'t str) -> Option<Vec<&'t str>> {
    let mut texts = Vec::with_capacity(pieces.len());
    let mut rest = text;
    for (at, piece) in pieces.iter().enumerate() {
        let end = match piece {
            Piece::Literal(literal) => rest.starts_with(literal.as_str()).then_some(literal.len()),
            Piece::Param(_) => variable_end(rest, &pieces[at + 1..]),
        };
        let (taken, behind) = rest.split_at(end?);
        texts.push(taken);
        rest = behind;
    }
    rest.is_empty().then_some(texts)
}

/// Where a variable piece ends that others follow: at least one character is its own.
fn variable_end(text: &str, behind: &[Piece]) -> Option<usize> {
    let least = text.chars().next()?.len_utf8();
    let literals = behind.iter().map_while(|piece| match piece {
        Piece::Literal(literal) => Some(literal.as_str()),
        Piece::Param(_) => None,
    });
    let literals: Vec<&str> = literals.collect();
    let literal = literals.concat();
    if literals.len() < behind.len() {
        return Some(least + text[least..].find(&literal)?);
    }
    let end = text.len().checked_sub(literal.len())?;
    (text.ends_with(&literal) && end >= least).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by trying all ways, the shortest first.
    fn by_trying<'t>(pieces: &[Piece], text: &'t str) -> Option<Vec<&'t str>> {
        let Some((piece, behind)) = pieces.split_first() else {
            return text.is_empty().then(Vec::new);
        };
        let with = |end: usize| {
            let mut all = vec![&text[..end]];
            all.extend(by_trying(behind, &text[end..])?);
            Some(all)
        };
        match piece {
            Piece::Literal(literal) => text.starts_with(literal.as_str()).then_some(literal.len()),
            Piece::Param(_) => {
                let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
                return ends.find_map(with);
            }
        }
        .and_then(with)
    }

    proptest::proptest! {
        #[test]
        fn what_stands_first_is_taken_first(
            pieces in proptest::collection::vec("[aé-]{0,2}", 0..6),
            text in "[aé-]{0,9}",
        ) {
            let piece = |text: &String| match text.as_str() {
                "" => Piece::Param("p".to_owned()),
                text => Piece::Literal(text.to_owned()),
            };
            let pieces: Vec<Piece> = pieces.iter().map(piece).collect();
            proptest::prop_assert_eq!(taken(&pieces, &text), by_trying(&pieces, &text));
        }
    }

    #[test]
    fn many_pieces_cost_no_more_than_their_text() {
        let pair = [Piece::Param("p".to_owned()), Piece::Literal("-".to_owned())];
        let pieces: Vec<Piece> = pair.iter().cloned().cycle().take(60).collect();
        let text = "a-".repeat(400) + "!";
        assert_eq!(taken(&pieces, &text), None);
        assert!(taken(&pieces, &"a-".repeat(30)).is_some());
    }

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
