//! Text inside XML.

use crate::locale::visible;

/// Text for an element or an attribute in double quotes. What XML 1.0 does not allow becomes a
/// visible sign, and a text stays on its line.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_ends_an_attribute() {
        assert_eq!(
            escape("a\"<b>&\n\u{0}\u{ffff}"),
            "a&quot;&lt;b&gt;&amp;␊␀\u{fffd}"
        );
    }
}
