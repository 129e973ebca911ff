//! Nothing that a capture holds acts in any format.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use scraper::{Html, Node};

use super::super::{Format, render};
use super::fixture::{LANGS, attack, hostile, report};

/// The tags and attributes of a page, without its style sheet.
fn vocabulary(page: &str) -> BTreeSet<String> {
    let page = Html::parse_document(page);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let mut words = BTreeSet::new();
    for node in page.tree.values() {
        match node {
            Node::Element(element) => {
                words.insert(element.name().to_owned());
                words.extend(
                    element
                        .attrs()
                        .map(|(name, _)| format!("{}[{name}]", element.name())),
                );
            }
            Node::Comment(comment) => {
                words.insert(format!("comment {}", &**comment));
            }
            _ => {}
        }
    }
    words
}

#[test]
fn html_has_no_element_that_the_template_did_not_write() {
    for lang in LANGS {
        let usual = vocabulary(&render(&report(lang), Format::Html).unwrap());
        let page = render(&hostile(lang), Format::Html).unwrap();
        let unexpected: Vec<_> = vocabulary(&page).difference(&usual).cloned().collect();
        assert!(unexpected.is_empty(), "{unexpected:?}");
    }
}

#[test]
fn html_leads_nowhere_and_loads_nothing() {
    for lang in LANGS {
        let page = Html::parse_document(&render(&hostile(lang), Format::Html).unwrap());
        for node in page.tree.values() {
            let Node::Element(element) = node else {
                continue;
            };
            for (name, value) in element.attrs() {
                assert!(
                    !name.starts_with("on") && name != "style" && name != "src",
                    "{name}"
                );
                assert!(name != "href" || value.starts_with('#'), "{name}={value}");
            }
        }
    }
}

#[test]
fn markdown_shows_hostile_text_as_text() {
    for lang in LANGS {
        let text = render(&hostile(lang), Format::Markdown).unwrap();
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        for event in Parser::new_ext(&text, options) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("HTML: {html}"),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    panic!("link to {dest_url}")
                }
                // The drawings, whose labels are looked at where they are made.
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind)))
                    if &*kind == "mermaid" => {}
                Event::Start(
                    tag @ (Tag::CodeBlock(_)
                    | Tag::HtmlBlock
                    | Tag::BlockQuote(_)
                    | Tag::Emphasis
                    | Tag::Strikethrough),
                ) => panic!("{tag:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn raw_html_of_the_project_s_own_texts_is_shown() {
    for lang in LANGS {
        let mut report = report(lang);
        let text = "<img src=x onerror=y> <script>z</script> `<code>`";
        report.overview = Some(text.to_owned());
        for endpoint in &mut report.endpoints {
            endpoint.reasons = vec![text.to_owned()];
        }
        let text = render(&report, Format::Markdown).unwrap();
        assert!(text.contains("onerror=y> \\<script>z\\</script> `<code>`"));
        let html = Parser::new_ext(&text, Options::ENABLE_TABLES)
            .find(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
        assert_eq!(html, None);
    }
}

/// The outline of a Markdown text: every block that it is made of, in order.
fn outline(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(text, options)
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(format!("{level:?}")),
            Event::Start(Tag::Table(columns)) => Some(format!("table of {}", columns.len())),
            Event::Start(Tag::List(first)) => Some(format!("list from {first:?}")),
            Event::Start(tag @ (Tag::TableRow | Tag::Item | Tag::TableHead)) => {
                Some(format!("{tag:?}"))
            }
            Event::End(end @ (TagEnd::List(_) | TagEnd::Table)) => Some(format!("end of {end:?}")),
            Event::Rule => Some("rule".to_owned()),
            _ => None,
        })
        .collect()
}

#[test]
fn markdown_keeps_its_outline() {
    for lang in LANGS {
        let usual = render(&report(lang), Format::Markdown).unwrap();
        let text = render(&hostile(lang), Format::Markdown).unwrap();
        assert_eq!(outline(&text), outline(&usual));
    }
}

#[test]
fn every_row_of_a_table_has_as_many_cells_as_its_head() {
    for lang in LANGS {
        let text = render(&hostile(lang), Format::Markdown).unwrap();
        let mut width = None;
        for line in text.lines() {
            if !line.starts_with('|') {
                width = None;
                continue;
            }
            // As GitHub's parser splits a row: a backslash takes the next sign with it.
            let mut pipes = 0;
            let mut signs = line.chars();
            while let Some(sign) = signs.next() {
                match sign {
                    '\\' => drop(signs.next()),
                    '|' => pipes += 1,
                    _ => {}
                }
            }
            assert_eq!(*width.get_or_insert(pipes), pipes, "{line:.200}");
        }
    }
}

#[test]
fn terminals_and_log_readers_have_nothing_to_obey() {
    for lang in LANGS {
        for format in Format::all() {
            let text = render(&hostile(lang), format).unwrap();
            let control = text.chars().find(|c| c.is_control() && *c != '\n');
            assert_eq!(control, None, "{format:?}");
            if matches!(
                format,
                Format::Markdown | Format::Summary | Format::Terminal
            ) {
                assert!(!text.contains('\u{202e}'));
                assert!(!text.contains("##[") && !text.contains("##vso["));
                assert!(!text.lines().any(|line| line.trim_start().starts_with("::")));
            }
        }
    }
}

/// The elements of an XML text with their attributes' names, in order.
fn xml_outline(text: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(text).unwrap();
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements
        .map(|element| {
            let attributes = element.attributes().map(|attribute| attribute.name());
            let attributes: Vec<&str> = attributes.collect();
            format!("{} {}", element.tag_name().name(), attributes.join(" "))
        })
        .collect()
}

#[test]
fn xml_has_no_element_that_the_format_did_not_write() {
    for lang in LANGS {
        for format in [Format::Junit, Format::BadgeSvg] {
            let usual = xml_outline(&render(&report(lang), format).unwrap());
            let text = render(&hostile(lang), format).unwrap();
            assert_eq!(xml_outline(&text), usual, "{format:?}");
        }
    }
}

#[test]
fn annotations_are_the_only_commands() {
    let command = regex::Regex::new(
        r"^::(error|warning) file=[^:,\r\n]+,line=\d+,title=[^:,\r\n]+::[^\r\n]+$",
    )
    .unwrap();
    for lang in LANGS {
        let usual = render(&report(lang), Format::Github).unwrap();
        let text = render(&hostile(lang), Format::Github).unwrap();
        assert_eq!(text.lines().count(), usual.lines().count());
        for line in text.lines() {
            assert!(
                command.is_match(line) || line.starts_with("harcov"),
                "{line:.300}"
            );
            assert!(!line.contains("##["), "{line:.300}");
        }
    }
}

#[test]
fn a_table_s_cells_stay_cells_and_compute_nothing() {
    for lang in LANGS {
        let text = render(&hostile(lang), Format::Csv).unwrap();
        let mut rows = text.lines();
        let columns = rows.next().unwrap().split(',').count();
        for row in rows {
            let mut cells = vec![String::new()];
            let mut quoted = false;
            for c in row.chars() {
                match c {
                    '"' => quoted = !quoted,
                    ',' if !quoted => cells.push(String::new()),
                    c => cells.last_mut().unwrap().push(c),
                }
            }
            assert_eq!((cells.len(), quoted), (columns, false), "{row:.300}");
            for cell in cells {
                assert!(
                    !cell.trim_start().starts_with(['=', '+', '-', '@']),
                    "{cell:.100}"
                );
            }
        }
    }
}

#[test]
fn code_spans_show_what_was_there() {
    let text = render(&hostile("en"), Format::Markdown).unwrap();
    let spans: Vec<String> = Parser::new(&text)
        .filter_map(|event| match event {
            Event::Code(span) => Some(span.to_string()),
            _ => None,
        })
        .collect();
    let shown = crate::locale::visible(&attack().replace("\r\n", "\n")).replace("##", "#\u{200b}#");
    assert!(spans.iter().any(|span| span.ends_with(&shown)));
}
