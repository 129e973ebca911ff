//! Words of messages: what was meant, what there is, what was written.

/// How alike two keys must be for one to be proposed for the other (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.8;

/// The longest text, in characters, that a message repeats.
const MAX_QUOTE: usize = 60;

/// The candidate that a word was probably meant to be.
pub(crate) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let word = word.to_lowercase();
    let mut best = None;
    for candidate in candidates {
        let alike = strsim::jaro_winkler(&word, &candidate.to_lowercase());
        if alike >= ALIKE && best.is_none_or(|(_, most)| alike > most) {
            best = Some((candidate, alike));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// Words in backticks, joined for a sentence.
pub(crate) fn list<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    sentence(&words, "and")
}

/// Words joined for a sentence.
pub(crate) fn sentence(words: &[&str], joint: &str) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {joint} {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// What was written, short enough for a sentence.
pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() {
        return "an empty text".to_owned();
    }
    if text.chars().count() <= MAX_QUOTE {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(MAX_QUOTE).collect();
    format!("`{start}…`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_the_word_that_was_meant() {
        let keys = [
            "group",
            "host",
            "method",
            "operation",
            "path",
            "priority",
            "query",
        ];
        for (slip, meant) in [
            ("pahts", "path"),
            ("Methods", "method"),
            ("prio", "priority"),
        ] {
            assert_eq!(nearest(slip, keys), Some(meant));
        }
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("", keys), None);
    }

    #[test]
    fn words_are_joined_for_a_sentence() {
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list([]), "");
        assert_eq!(quote(&"券".repeat(61)), format!("`{}…`", "券".repeat(60)));
    }
}
