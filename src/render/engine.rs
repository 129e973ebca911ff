//! Tera with harcov's templates, filters and texts.

use std::sync::OnceLock;

use tera::{Context, Tera, Value};

use crate::diff::Diff;
use crate::locale::{Lang, Locale};
use crate::report::Report;

use super::anchors::Anchors;
use super::assets::{self, Script};
use super::page::{self, Assets, Page};
use super::shown::shown;
use super::{RenderError, context, data, diff_page, filters};

/// The Markdown report.
pub(super) const MARKDOWN: &str = "harcov:report.md";
/// The HTML report.
pub(super) const HTML: &str = "harcov:report.html";
/// The comparison as a page.
const DIFF: &str = "harcov:diff.html";

/// A template with its name. The prefix keeps names apart from those of a user's files.
type Source = (&'static str, &'static str);

/// What all reports are made of.
const PARTS: Source = (
    "harcov:parts.txt",
    include_str!("../../templates/parts.txt"),
);
const MARKDOWN_SOURCES: [Source; 3] = [
    PARTS,
    ("harcov:parts.md", include_str!("../../templates/parts.md")),
    (MARKDOWN, include_str!("../../templates/report.md")),
];
const PAGE_PARTS: Source = (
    "harcov:parts.html",
    include_str!("../../templates/parts.html"),
);
const HTML_SOURCES: [Source; 3] = [
    PARTS,
    PAGE_PARTS,
    (HTML, include_str!("../../templates/report.html")),
];
const DIFF_SOURCES: [Source; 3] = [
    PARTS,
    PAGE_PARTS,
    (DIFF, include_str!("../../templates/diff.html")),
];

/// Renders the report as Markdown.
pub(super) fn render_markdown(report: &Report) -> Result<String, RenderError> {
    static ENGINES: Engines = Engines::of(&MARKDOWN_SOURCES);
    let tera = ENGINES.speaking(locale(report))?;
    let values = context::build(report, &Anchors::new(report), None)?;
    Ok(tera.render(MARKDOWN, &values)?)
}

/// Renders the report as a page.
pub(super) fn render_page(report: &Report, page: &Page) -> Result<String, RenderError> {
    static ENGINES: Engines = Engines::of(&HTML_SOURCES);
    let tera = ENGINES.speaking(locale(report))?;
    Ok(tera.render(HTML, &values(report, page)?)?)
}

/// Renders a diff as one page.
pub(super) fn render_diff(diff: &Diff, locale: &'static Locale) -> Result<String, RenderError> {
    static ENGINES: Engines = Engines::of(&DIFF_SOURCES);
    let tera = ENGINES.speaking(locale)?;
    let mut values = Context::new();
    let view = shown(&diff_page::view(diff, locale))?;
    for (name, value) in view.into_map().unwrap_or_default() {
        values.insert_value(name.to_string(), value);
    }
    let script = assets::script(Script::Diff);
    values.insert_value("policy", Value::from(page::policy_of(script)));
    values.insert_value("style", Value::safe_string(assets::style()));
    values.insert_value("script", Value::safe_string(script));
    values.insert_value("data", Value::safe_string(&diff_page::json(diff, locale)?));
    Ok(tera.render(DIFF, &values)?)
}

/// Renders a template of the user, who may name all others.
pub(super) fn render_user(report: &Report, name: &str, text: &str) -> Result<String, RenderError> {
    let mut sources = MARKDOWN_SOURCES.to_vec();
    sources.extend(HTML_SOURCES);
    sources.extend(DIFF_SOURCES);
    let mut tera = engine(locale(report), &sources)?;
    tera.add_raw_template(name, text)?;
    Ok(tera.render(name, &values(report, &Page::default())?)?)
}

fn locale(report: &Report) -> &'static Locale {
    Locale::new(Lang::of_tag(&report.lang))
}

/// Engines of the same templates, one for each language, made when first needed and kept: who serves
/// reports renders many, and who renders one need not take an engine apart.
struct Engines {
    sources: &'static [Source],
    made: [OnceLock<Tera>; Lang::ALL.len()],
}

impl Engines {
    const fn of(sources: &'static [Source]) -> Self {
        Engines {
            sources,
            made: [const { OnceLock::new() }; Lang::ALL.len()],
        }
    }

    fn speaking(&self, locale: &'static Locale) -> Result<&Tera, RenderError> {
        let made = &self.made[locale.lang() as usize];
        if let Some(tera) = made.get() {
            return Ok(tera);
        }
        let tera = engine(locale, self.sources)?;
        Ok(made.get_or_init(|| tera))
    }
}

/// An engine that speaks a language and knows some templates.
fn engine(locale: &'static Locale, sources: &[Source]) -> Result<Tera, RenderError> {
    let mut tera = Tera::new();
    filters::register(&mut tera, locale);
    tera.add_raw_templates(sources.iter().copied())?;
    Ok(tera)
}

/// Everything that a template can name.
fn values(report: &Report, options: &Page) -> Result<Context, RenderError> {
    let mut values = context::build(report, &Anchors::new(report), Some(options))?;
    let order = context::page_order(report);
    let data = data::json(report, &order, locale(report), options.live)?;
    values.insert_value("data", Value::safe_string(&data));
    values.insert_value("policy", Value::from(options.policy()));
    match &options.assets {
        Assets::Inline => {
            values.insert_value("style", Value::safe_string(assets::style()));
            values.insert_value("script", Value::safe_string(options.script()));
        }
        Assets::Beside { style, script } => {
            values.insert_value("style_file", Value::from(style.as_str()));
            values.insert_value("script_file", Value::from(script.as_str()));
        }
    }
    Ok(values)
}
