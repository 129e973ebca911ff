//! What holds for every format: whole outputs of two reports, and that hostile text does nothing.

mod fixture;
mod hostile;
mod templates;

use insta::assert_snapshot;

use super::{Format, render};
use fixture::{LANGS, report};

/// Runs with the settings that all snapshots share.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, text));
}

#[test]
fn markdown_in_every_language() {
    for lang in LANGS {
        let text = render(&report(lang), Format::Markdown).unwrap();
        snapshot(&format!("render_{lang}.md"), &text);
    }
}

#[test]
fn html_in_every_language() {
    let hash = regex::Regex::new("sha256-[A-Za-z0-9+/=]*").unwrap();
    for lang in LANGS {
        let text = render(&report(lang), Format::Html).unwrap();
        // Style sheet and script are files of their own; the page's structure is what counts here.
        let text = text
            .replace(super::style(), "")
            .replace(crate::render::Page::default().script(), "");
        let text = hash.replace_all(&text, "sha256-HASH");
        snapshot(&format!("render_{lang}.html"), &text);
    }
}

#[test]
fn json_reads_back_as_it_was() {
    for lang in LANGS {
        let text = render(&report(lang), Format::Json).unwrap();
        let again: crate::report::Report = serde_json::from_str(&text).unwrap();
        assert_eq!(render(&again, Format::Json).unwrap(), text);
        assert!(text.ends_with("}\n"));
    }
}

#[test]
fn a_step_s_summary_fits() {
    let mut large = report("en");
    let row = large.endpoints[0].clone();
    large.endpoints.extend((0..300).map(|n| {
        let mut row = row.clone();
        row.route = format!("/{}/{n}", "long/".repeat(400));
        row.id = format!("{} {}", row.method, row.route);
        row
    }));
    let whole = render(&large, Format::Markdown).unwrap();
    let text = render(&large, Format::Summary).unwrap();
    assert!(
        whole.len() > 1024 * 1024 && text.len() < 1024 * 1024,
        "{} {}",
        whole.len(),
        text.len()
    );
    let last = text.lines().last().unwrap();
    assert!(
        last.starts_with("Left out, because a step's summary"),
        "{last}"
    );
    assert!(text.contains("\n## Overview\n"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::all() {
        let first = render(&report("zh-CN"), format).unwrap();
        assert_eq!(render(&report("zh-CN"), format).unwrap(), first);
    }
}

#[test]
fn markdown_is_tidy() {
    for lang in LANGS {
        let text = render(&report(lang), Format::Markdown).unwrap();
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
        assert!(!text.contains("\n\n\n"));
        assert!(text.lines().all(|line| line.trim_end() == line));
    }
}

#[test]
fn chinese_output_keeps_the_typography() {
    let text = render(&report("zh-CN"), Format::Markdown).unwrap();
    let half_width = regex::Regex::new(r"\p{Han}[,;:!?()]|[,;:!?)]\p{Han}").unwrap();
    for line in text.lines() {
        assert!(!half_width.is_match(line), "half-width punctuation: {line}");
        assert_eq!(crate::locale::space_cjk(line), line);
    }
}

#[test]
fn every_value_of_a_fixed_set_has_its_word() {
    use crate::config::{Level, Status};
    use crate::scope::{Place, Skip};

    let levels = [Level::None, Level::Low, Level::Medium, Level::High];
    let places = [
        Place::Path,
        Place::Query,
        Place::Form,
        Place::Multipart,
        Place::Json,
        Place::Header,
    ];
    let keys = (Status::ALL
        .iter()
        .map(|status| format!("status.{}", status.name())))
    .chain(
        Status::ALL
            .iter()
            .map(|status| format!("module.{}", status.name())),
    )
    .chain(levels.iter().map(|level| format!("level.{}", level.name())))
    .chain(places.iter().map(|place| format!("place.{}", place.name())))
    .chain(Skip::ALL.iter().map(|skip| format!("skip.{}", skip.name())));
    let locale = crate::locale::Locale::new(crate::locale::Lang::En);
    for key in keys {
        assert!(locale.has(&key), "{key}");
    }
}
