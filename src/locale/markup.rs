//! Hostile text made safe inside Markdown.

use std::borrow::Cow;

/// A zero-width space as a character reference: it splits what a code host would turn into a
/// mention, an issue reference or a link. A backslash does not, because these are found in the
/// rendered text, after the Markdown was read (Renovate's pull requests use the same reference).
const BREAK: &str = "&#8203;";

/// Replaces what a terminal, a log reader or an eye could be fooled by with visible signs.
///
/// Control characters become their pictures (`␛`, `␊`), other ones and those that change the
/// direction of text become `U+FFFD`. Nothing is removed, so different texts stay different to
/// a reader who looks.
///
/// ```
/// assert_eq!(harcov::locale::visible("a\u{1b}[31mb\n"), "a␛[31mb␊");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(is_invisible) {
        text.chars().map(picture).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Whether a character acts on a terminal or on the text around it and leaves no sign of itself.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The visible sign of one character.
fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if is_invisible(c) => '\u{fffd}',
        c => c,
    }
}

/// A code span that shows exactly this text, whatever it holds.
///
/// The fence is one backtick longer than the longest run inside; a text that begins or ends with
/// a backtick, or with a space on both sides, is padded, as `CommonMark` asks. Control characters
/// become visible. In a table, the cell's pipes have to be escaped on top of this.
///
/// ```
/// use harcov::locale::code;
///
/// assert_eq!(code("/cinema/<cinema_id>"), "`/cinema/<cinema_id>`");
/// assert_eq!(code("a`b"), "``a`b``");
/// assert_eq!(code("`"), "`` ` ``");
/// ```
pub fn code(text: &str) -> String {
    // Log readers of build services obey `##[command]` and `##vso[command]` anywhere in a line.
    let text = visible(text).replace("##", "#\u{200b}#");
    if text.is_empty() {
        return "` `".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = text.chars().all(|c| c == ' ');
    let padded = text.starts_with('`')
        || text.ends_with('`')
        || (text.starts_with(' ') && text.ends_with(' ') && !blank);
    let pad = if padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text that reads the same once Markdown is rendered: no markup, no HTML, one line.
///
/// Only what is active where it stands is escaped, so that ordinary text stays readable in the
/// source. Mentions, issue references and bare addresses are broken by a zero-width space.
/// Pipes are left alone: they are active in tables only.
///
/// ```
/// use harcov::locale::escape;
///
/// assert_eq!(escape("Query the order_state (2.0)"), "Query the order_state (2.0)");
/// assert_eq!(escape("<b>*x*\n[y](z)"), "\\<b>\\*x\\* \\[y\\](z)");
/// assert_eq!(escape("ask @user in #12"), "ask @&#8203;user in #&#8203;12");
/// ```
pub fn escape(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = visible(&line);
    let mut out = String::with_capacity(line.len() + 8);
    let mut before = None;
    let mut rest = line.char_indices();
    while let Some((at, c)) = rest.next() {
        let after = rest.as_str();
        if is_active(&line[..at], before, c, after) {
            out.push('\\');
        }
        out.push(c);
        if needs_break(&line[..at], c, after) {
            out.push_str(BREAK);
        }
        before = Some(c);
    }
    out
}

/// Whether a character would act as Markdown where it stands.
fn is_active(head: &str, before: Option<char>, c: char, after: &str) -> bool {
    let next = after.chars().next();
    let inside_word =
        before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '$' => true,
        '_' => !inside_word,
        '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphanumeric()),
        '>' | ':' => head.is_empty(),
        '#' | '-' | '+' | '=' => {
            head.is_empty() && next.is_none_or(|next| next == ' ' || next == c)
        }
        '.' | ')' => {
            let counts = !head.is_empty() && head.bytes().all(|byte| byte.is_ascii_digit());
            counts && next.is_none_or(|next| next == ' ')
        }
        _ => false,
    }
}

/// Whether a code host would make a link of what begins or goes on here.
fn needs_break(head: &str, c: char, after: &str) -> bool {
    let next = after.chars().next();
    match c {
        '@' => next.is_some_and(char::is_alphanumeric),
        '#' | '!' => next.is_some_and(|next| next.is_ascii_digit() || next == '#'),
        '-' => ends_with_word(head, "gh") && next.is_some_and(|next| next.is_ascii_digit()),
        ':' => {
            after.starts_with("//")
                || ends_with_word(head, "mailto")
                || ends_with_word(head, "xmpp")
        }
        // GitHub's parser looks for these words in the source, where the reference is still text.
        'w' | 'W' => after.starts_with('.') && ends_with_word(head, "ww"),
        _ => false,
    }
}

/// Whether `text` ends with this word, in any case.
fn ends_with_word(text: &str, word: &str) -> bool {
    text.len() >= word.len()
        && text
            .get(text.len() - word.len()..)
            .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_run_inside() {
        assert_eq!(code("a``b`c"), "```a``b`c```");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code(" a "), "`  a  `");
        assert_eq!(code(""), "` `");
    }

    #[test]
    fn line_breaks_never_leave_a_line() {
        assert_eq!(code("a\r\nb"), "`a␍␊b`");
        assert_eq!(escape("a\r\n\u{2028}- b"), "a - b");
    }

    #[test]
    fn only_active_characters_are_escaped() {
        assert_eq!(escape("- a"), "\\- a");
        assert_eq!(escape("12. a"), "12\\. a");
        assert_eq!(escape("v1.2 - x + y"), "v1.2 - x + y");
        assert_eq!(escape("2.5 -1 +1 #a"), "2.5 -1 +1 #a");
        assert_eq!(escape("_a_ b_c"), "\\_a\\_ b_c");
        assert_eq!(escape("R&D &lt; &#60;"), "R\\&D \\&lt; \\&#&#8203;60;");
        assert_eq!(escape("::set-output"), "\\::set-output");
    }

    #[test]
    fn nothing_becomes_a_link_on_a_code_host() {
        assert_eq!(escape("see https://a.cn"), "see https:&#8203;//a.cn");
        assert_eq!(escape("WWW.a.cn"), "WWW&#8203;.a.cn");
        assert_eq!(escape("a@b.cn"), "a@&#8203;b.cn");
        assert_eq!(escape("GH-12 !3"), "GH-&#8203;12 !&#8203;3");
        assert_eq!(escape("##[set-env]"), "\\#&#8203;#\\[set-env\\]");
    }
}

#[cfg(test)]
mod laws {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    /// The texts and code spans of a list item, without the breaks; anything else is told.
    fn shown(markdown: &str) -> String {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        Parser::new_ext(markdown, options)
            .map(|event| match event {
                Event::Text(text) => text.to_string(),
                Event::Code(text) => format!("[{text}]"),
                Event::Start(Tag::List(None) | Tag::Item)
                | Event::End(TagEnd::List(false) | TagEnd::Item) => String::new(),
                other => format!("{other:?}"),
            })
            .collect::<String>()
            .replace('\u{200b}', "")
    }

    /// Anything, with what is active in Markdown more often than chance would have it.
    fn any_text() -> impl Strategy<Value = String> {
        let active = prop::sample::select(vec![
            "`", "``", "*", "_", "[", "](", ")", "<", ">", "&", "&lt;", "#", "\\", "|", "~~", "~",
            "$", "!", "- ", "1. ", "\n", "    ", "http://", "www.", "@", "a", "b ", "中", ":",
            "\"", "=", "+", "<!--", "-->", "<b>", "\u{1b}", "\t", "{", "}",
        ]);
        prop::collection::vec(
            prop_oneof![4 => active.prop_map(str::to_owned), 1 => ".{0,4}"],
            0..16,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn escaped_text_reads_as_it_was(text in any_text()) {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let expected = visible(&line).replace('\u{200b}', "");
            let escaped = escape(&text);
            prop_assert_eq!(shown(&format!("- {escaped}")), expected.as_str());
            prop_assert_eq!(shown(&format!("- z{escaped}z")), format!("z{expected}z"));
            prop_assert_eq!(shown(&format!("- **{escaped}z**")).replace("Start(Strong)", "").replace("End(Strong)", ""), format!("{expected}z"));
        }

        #[test]
        fn code_shows_what_was_there(text in any_text()) {
            let expected = match &*visible(&text) {
                "" => " ".to_owned(),
                text => text.replace('\u{200b}', ""),
            };
            prop_assert_eq!(shown(&format!("- {}", code(&text))), format!("[{expected}]"));
            prop_assert_eq!(shown(&format!("- a{}", code(&text))), format!("a[{expected}]"));
        }
    }
}
