//! Tera with harcov's templates, filters and texts.

use tera::{Context, Tera, Value};

use crate::diff::Diff;
use crate::locale::{Lang, Locale};
use crate::report::Report;

use super::anchors::Anchors;
use super::page::{self, Assets, Page};
use super::{RenderError, context, data, filters};

/// Harcov's templates. The prefix keeps them apart from a file of the user.
const TEMPLATES: [(&str, &str); 6] = [
    (
        "harcov:diff.html",
        include_str!("../../templates/diff.html"),
    ),
    (
        "harcov:parts.txt",
        include_str!("../../templates/parts.txt"),
    ),
    ("harcov:parts.md", include_str!("../../templates/parts.md")),
    (
        "harcov:report.md",
        include_str!("../../templates/report.md"),
    ),
    (
        "harcov:parts.html",
        include_str!("../../templates/parts.html"),
    ),
    (
        "harcov:report.html",
        include_str!("../../templates/report.html"),
    ),
];

/// Renders one of harcov's templates.
pub(super) fn render(report: &Report, name: &str, page: &Page) -> Result<String, RenderError> {
    Ok(engine(report)?.render(name, &values(report, page)?)?)
}

/// Renders a diff as one page.
pub(super) fn render_diff(diff: &Diff, locale: &'static Locale) -> Result<String, RenderError> {
    let mut tera = Tera::new();
    filters::register(&mut tera, locale);
    tera.add_raw_templates(TEMPLATES)?;
    let mut values = Context::from_serialize(&super::diff::page(diff, locale))?;
    values.insert_value("policy", Value::from(Page::default().policy()));
    values.insert_value("style", Value::safe_string(page::style()));
    Ok(tera.render("harcov:diff.html", &values)?)
}

/// Renders a template of the user.
pub(super) fn render_user(report: &Report, name: &str, text: &str) -> Result<String, RenderError> {
    let mut tera = engine(report)?;
    tera.add_raw_template(name, text)?;
    Ok(tera.render(name, &values(report, &Page::default())?)?)
}

fn locale(report: &Report) -> &'static Locale {
    Locale::new(Lang::of_tag(&report.lang))
}

/// An engine that speaks the report's language.
fn engine(report: &Report) -> Result<Tera, RenderError> {
    let mut tera = Tera::new();
    filters::register(&mut tera, locale(report));
    tera.add_raw_templates(TEMPLATES)?;
    Ok(tera)
}

/// Everything that a template can name.
fn values(report: &Report, options: &Page) -> Result<Context, RenderError> {
    let anchors = Anchors::new(report);
    let mut values = Context::from_serialize(&context::build(report, &anchors, options)?)?;
    let order = context::page_order(report);
    let data = data::json(report, &order, locale(report), options.live)?;
    values.insert_value("data", Value::safe_string(&data));
    values.insert_value("policy", Value::from(options.policy()));
    match &options.assets {
        Assets::Inline => {
            values.insert_value("style", Value::safe_string(page::style()));
            values.insert_value("script", Value::safe_string(page::script()));
        }
        Assets::Beside { style, script } => {
            values.insert_value("style_file", Value::from(style.as_str()));
            values.insert_value("script_file", Value::from(script.as_str()));
        }
    }
    Ok(values)
}
