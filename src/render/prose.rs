//! Prose: Markdown of the user or of harcov, as HTML or inside other Markdown.

use crate::locale::visible;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The schemes that a link in prose may have.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// Renders Markdown as HTML that can do no harm: raw HTML shows as text, images as their
/// description, links to anything but the web, mail or this page as their text.
pub(super) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut links = Vec::new();
    let events = Parser::new_ext(markdown, options).filter_map(|event| harmless(event, &mut links));
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events);
    out
}

/// As [`to_html`], without the paragraph around a single one.
pub(super) fn to_inline_html(markdown: &str) -> String {
    let text = to_html(markdown);
    let text = text.trim_end();
    match text
        .strip_prefix("<p>")
        .and_then(|text| text.strip_suffix("</p>"))
    {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => text.to_owned(),
    }
}

/// Markdown as the text that a reader sees, on one line.
pub(crate) fn to_plain(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(piece)
            | Event::Code(piece)
            | Event::Html(piece)
            | Event::InlineHtml(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak | Event::End(_) if is_gap(&event) => text.push(' '),
            _ => {}
        }
    }
    // What keeps code hosts from making links of a text.
    let text = text.replace('\u{200b}', "");
    inert(&one_line(&text))
}

/// Text that terminals and log readers show and do not obey.
pub(crate) fn inert(text: &str) -> String {
    let text = visible(text);
    // GitHub obeys `::command` at the start of a line, whatever space is before it.
    let led = text.trim_start().starts_with("::");
    let text = if led {
        text.replacen("::", ":\u{200b}:", 1).into()
    } else {
        text
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // Azure Pipelines obeys `##vso[command]` and `##[command]` anywhere in a line.
        let opens = rest
            .peek()
            .is_some_and(|next| *next == '[' || next.is_alphabetic());
        if c == '#' && opens && out.ends_with('#') {
            out.push('\u{200b}');
        }
        out.push(c);
    }
    out
}

/// Whether words on both sides of it belong apart.
fn is_gap(event: &Event<'_>) -> bool {
    !matches!(
        event,
        Event::End(
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
        )
    )
}

/// What becomes of one piece of Markdown; `links` remembers which open links are kept.
fn harmless<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        // The element stands for nothing once its content is text.
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            id,
            ..
        }) => {
            let kept = is_allowed(&dest_url);
            links.push(kept);
            let title = CowStr::Borrowed("");
            kept.then_some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }))
        }
        Event::End(TagEnd::Link) => links
            .pop()
            .unwrap_or(false)
            .then_some(Event::End(TagEnd::Link)),
        // The page has its own outline, and alignment would need style attributes.
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H5,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H5))),
        Event::Start(Tag::Table(_)) => Some(Event::Start(Tag::Table(Vec::new()))),
        other => Some(other),
    }
}

/// Whether a link may lead there.
fn is_allowed(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    target.starts_with('#') || SCHEMES.iter().any(|scheme| target.starts_with(scheme))
}

/// Markdown that goes on inside a list item: following lines are indented.
pub(super) fn indented(markdown: &str, width: usize) -> String {
    let mut out = String::with_capacity(markdown.len());
    for (at, line) in markdown.trim().lines().enumerate() {
        if at > 0 {
            out.push('\n');
            if !line.trim().is_empty() {
                out.push_str(&" ".repeat(width));
            }
        }
        out.push_str(line);
    }
    out
}

/// Markdown on one line, for places that have no room for blocks.
pub(super) fn one_line(markdown: &str) -> String {
    markdown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Markdown for a table cell: on one line, every pipe escaped that is not already.
///
/// A code span in a table loses a backslash that stands before a pipe: GitHub's tables have no
/// way to write it.
pub(super) fn cell(markdown: &str) -> String {
    let line = one_line(markdown);
    let mut out = String::with_capacity(line.len() + 4);
    let mut backslashes = 0;
    for c in line.chars() {
        if c == '|' && backslashes % 2 == 0 {
            out.push('\\');
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_html_is_shown_not_obeyed() {
        assert_eq!(
            to_html("a <img src=x onerror=y> b"),
            "<p>a &lt;img src=x onerror=y&gt; b</p>\n"
        );
        assert_eq!(
            to_html("<script>\nalert(1)\n</script>\n"),
            "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</p>\n"
        );
    }

    #[test]
    fn links_lead_to_the_web_only() {
        assert_eq!(
            to_inline_html("[a](https://b.cn)"),
            "<a href=\"https://b.cn\">a</a>"
        );
        assert_eq!(to_inline_html("[a](javascript:b)"), "a");
        assert_eq!(
            to_inline_html("[a](JavaScript&#58;b) [c](#d)"),
            "a <a href=\"#d\">c</a>"
        );
        assert_eq!(
            to_inline_html("[a](data:text/html,b) ![c](https://d.cn/e.png)"),
            "a c"
        );
    }

    #[test]
    fn plain_text_is_what_a_reader_sees() {
        let text = "a **b**`c` \\*d\\* [e](https://f.cn) @&#8203;g\n\n- h\n- <i>\u{1b}";
        assert_eq!(to_plain(text), "a bc *d* e @g h <i>␛");
    }

    #[test]
    fn log_readers_find_no_command() {
        assert_eq!(
            inert("###[a] ##vso[b] ## c"),
            "##\u{200b}#[a] #\u{200b}#vso[b] ## c"
        );
        assert_eq!(inert(" ::error::x"), " :\u{200b}:error::x");
    }

    #[test]
    fn nothing_needs_a_style_attribute() {
        assert!(!to_html("| a |\n| -: |\n| b |\n").contains("style"));
    }

    #[test]
    fn cells_hold_pipes() {
        assert_eq!(cell("a|b\n\\|c \\\\|d"), "a\\|b \\|c \\\\\\|d");
    }

    #[test]
    fn list_items_go_on_indented() {
        assert_eq!(indented("a\n\nb\n", 2), "a\n\n  b");
    }

    /// The cells of the only row of a table.
    fn cells(row: &str) -> Vec<String> {
        let table = format!("| a | b |\n| --- | --- |\n{row}\n");
        let mut cells = Vec::new();
        for event in Parser::new_ext(&table, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::TableCell) => cells.push(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    cells.last_mut().unwrap().push_str(&text);
                }
                _ => {}
            }
        }
        cells.split_off(2)
    }

    proptest::proptest! {
        #[test]
        fn a_cell_stays_one_cell(text in r"[a|\\`*<\n ]{0,12}") {
            let escaped = cells(&format!("| {} | z |", cell(&crate::locale::escape(&text))));
            proptest::prop_assert_eq!(escaped, [one_line(&text), "z".to_owned()]);
            let code = cells(&format!("| {} | z |", cell(&crate::locale::code(&text))));
            proptest::prop_assert_eq!(code.len(), 2);
            proptest::prop_assert_eq!(&code[1], "z");
        }
    }
}
