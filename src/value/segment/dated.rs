//! Dates within a segment: `logs-2026.03.01`, `report_20260301.csv`.

use super::super::{Sensitive, Shape};
use super::{is_extension, is_value, words};

/// Where the date begins in a text that is a name and a date behind it: a day written with dots behind any
/// name, as logs are kept, other dates behind a name of words that dates stand behind.
pub(super) fn dated(text: &str) -> Option<usize> {
    let bare = without_extension(text);
    let at = LENGTHS.iter().find_map(|length| {
        let at = bare.len().checked_sub(*length)?;
        day_or_month(bare.get(at..)?).map(|_| at)
    })?;
    let name = bare[..at].strip_suffix(SIGNS)?;
    let known = |word: &str| words().dated.iter().any(|dated| dated == word);
    let dots = bare[at..].split('.').count() == 3;
    (name.split(SIGNS).all(known) || dots && is_name(name)).then_some(at)
}

/// What words of a name are joined by.
const SIGNS: [char; 3] = ['-', '_', '.'];

/// How long a date is: `2026.03.01`, `20260301`, `2026-03`.
const LENGTHS: [usize; 3] = [10, 8, 7];

/// Whether a text is made of words and numbers, none of them a value.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(&c);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.')
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(plain)
        && !is_value(Shape::of(text), text)
        && !(text.split(SIGNS)).any(|part| Sensitive::built_in().is_name(part))
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
            ("logs-app-2026.03.01", "logs-app- <date>"),
            ("filebeat-7.10.0-2026.03.01", "filebeat-7.10.0- <date>"),
            (".monitoring-es-7-2026.03.01", ".monitoring-es-7- <date>"),
        ] {
            assert_eq!(show(text), pieces, "{text}");
        }
        for text in [
            "stable-2026-03-01",
            "logs-2026.13.01",
            "logs-2026",
            "backup-anna-2026.03.01",
            "u9GFVX7A-2026.03.01",
        ] {
            let segment = Segment::parse(text, &Tokens::new());
            assert_eq!(segment.pieces().len(), 1, "{text}");
        }
    }
}
