//! Raw HTML in Markdown of the user: it is shown, not obeyed.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The same Markdown with a backslash before every sign that opens HTML, or would once more text follows.
/// Code and addresses in pointed brackets stay as they are.
pub(super) fn shown(markdown: &str) -> String {
    let mut text = markdown.to_owned();
    // What was inside of HTML is read as Markdown once the HTML is text.
    loop {
        let signs = openings(&text);
        if signs.is_empty() {
            return text;
        }
        text = escaped(&text, &signs);
    }
}

/// Where HTML opens, or may, in order.
fn openings(markdown: &str) -> Vec<usize> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut found = Vec::new();
    let mut code = 0_usize;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(TagEnd::CodeBlock) => code = code.saturating_sub(1),
            Event::Text(_) if code > 0 => {}
            Event::Text(_) | Event::Html(_) | Event::InlineHtml(_) => {
                found.extend(openings_in(markdown, range));
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The signs of a range that may open HTML and bear no backslash.
fn openings_in(markdown: &str, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
    let start = range.start;
    markdown[range]
        .match_indices('<')
        .map(move |(at, _)| start + at)
        .filter(|at| !is_escaped(&markdown[..*at]) && opens(&markdown[at + 1..]))
}

/// Whether what stands behind `<` makes it the start of a tag, a comment or the like.
fn opens(behind: &str) -> bool {
    behind.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Whether what stands before a sign ends with a backslash that escapes it.
fn is_escaped(before: &str) -> bool {
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    backslashes % 2 == 1
}

fn escaped(text: &str, signs: &[usize]) -> String {
    let mut out = String::with_capacity(text.len() + signs.len());
    let mut from = 0;
    for at in signs {
        out.push_str(&text[from..*at]);
        out.push('\\');
        from = *at;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_html_bears_a_backslash() {
        assert_eq!(
            shown("see <img src=x onerror=y> and <script>x</script>"),
            "see \\<img src=x onerror=y> and \\<script>x\\</script>"
        );
        assert_eq!(
            shown("<!-- a -->\n\n<div>\n*b*\n</div>"),
            "\\<!-- a -->\n\n\\<div>\n*b*\n\\</div>"
        );
    }

    #[test]
    fn code_and_addresses_stay() {
        for text in [
            "`<b>` and ``<i> ` ``",
            "```html\n<b>\n```",
            "    <b>",
            "<https://a.example> [a](<b c>) 1 < 2 \\<b>",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_tag_that_later_text_would_close_is_none() {
        assert_eq!(shown("a <img src=x"), "a \\<img src=x");
    }

    #[test]
    fn what_html_hid_is_looked_at_again() {
        let text = shown("<script>`</script>\n`<b>`");
        assert!(text.contains("\\<b>"), "{text}");
    }

    proptest::proptest! {
        #[test]
        fn no_html_is_left(text in r"[<>!/?a=\\` \n*~-]{0,24}") {
            let html = Parser::new_ext(&shown(&text), Options::ENABLE_TABLES)
                .any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
            proptest::prop_assert!(!html);
        }
    }
}
