//! Dates within a segment: `logs-2026.03.01`, `report_20260301.csv`.

use super::super::Shape;
use super::{is_extension, words};

/// Where the date begins in a text that is a name of words that dates stand behind, and a date.
pub(super) fn dated(text: &str) -> Option<usize> {
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let name = text[..at].strip_suffix(['-', '_', '.'])?;
    let known = |word: &str| words().dated.iter().any(|dated| dated == word);
    (name.split(['-', '_', '.']).all(known)
        && day_or_month(without_extension(&text[at..])).is_some())
    .then_some(at)
}

/// A text without the ending that names a format.
pub(super) fn without_extension(text: &str) -> &str {
    match text.rsplit_once('.') {
        Some((stem, ending)) if is_extension(ending) => stem,
        _ => text,
    }
}

/// The shape of a day or month, its parts joined by one sign (`2026.03.01`, `2026-03`) or, of a day, by none.
pub(super) fn day_or_month(text: &str) -> Option<Shape> {
    let sign = text.chars().nth(4).filter(|c| "-_.".contains(*c));
    let parts: Vec<&str> = match sign {
        Some(sign) => text.split(sign).collect(),
        None if text.len() == 8 && text.is_ascii() => vec![&text[..4], &text[4..6], &text[6..]],
        None => return None,
    };
    let within = |part: &str, length: usize, from: u16, to: u16| {
        let digits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        digits && part.parse().is_ok_and(|n: u16| (from..=to).contains(&n))
    };
    let month = |year: &str, month: &str| within(year, 4, 1970, 2099) && within(month, 2, 1, 12);
    match parts[..] {
        [year, m] if month(year, m) => Some(Shape::Month),
        [year, m, day] if month(year, m) && within(day, 2, 1, 31) => Some(Shape::Date),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::show;
    use super::super::{Segment, Tokens};

    #[test]
    fn dates_behind_a_name_are_values() {
        for (text, pieces) in [
            ("logs-2026.03.01", "logs- <date>"),
            ("access-logs-2026-03", "access-logs- <month>"),
            ("report_20260301", "report_ <date>"),
            ("report_20260301.csv", "report_ <date> .csv"),
        ] {
            assert_eq!(show(text), pieces, "{text}");
        }
        for text in ["stable-2026-03-01", "logs-2026.13.01", "logs-2026"] {
            let segment = Segment::parse(text, &Tokens::new());
            assert_eq!(segment.pieces().len(), 1, "{text}");
        }
    }
}
