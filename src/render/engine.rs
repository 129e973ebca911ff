//! Tera with harcov's templates, filters and texts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use tera::{Context, Tera, Value};

use crate::locale::{Lang, Locale};
use crate::report::Report;

use super::{RenderError, context, filters};

/// The page's style sheet; the only one that its security policy lets through.
const STYLE: &str = include_str!("../../templates/report.css");

/// Harcov's templates. The prefix keeps them apart from a file of the user.
const TEMPLATES: [(&str, &str); 5] = [
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
pub(super) fn render(report: &Report, name: &str) -> Result<String, RenderError> {
    Ok(engine(report)?.render(name, &values(report)?)?)
}

/// Renders a template of the user.
pub(super) fn render_user(report: &Report, name: &str, text: &str) -> Result<String, RenderError> {
    let mut tera = engine(report)?;
    tera.add_raw_template(name, text)?;
    Ok(tera.render(name, &values(report)?)?)
}

/// An engine that speaks the report's language.
fn engine(report: &Report) -> Result<Tera, RenderError> {
    let mut tera = Tera::new();
    filters::register(&mut tera, Locale::new(Lang::of_tag(&report.lang)));
    tera.add_raw_templates(TEMPLATES)?;
    Ok(tera)
}

/// Everything that a template can name.
fn values(report: &Report) -> Result<Context, RenderError> {
    let mut values = Context::from_serialize(&context::build(report)?)?;
    values.insert_value("style", Value::safe_string(STYLE));
    values.insert_value("style_hash", Value::from(style_hash()));
    Ok(values)
}

/// The style sheet's hash as a content security policy writes it.
fn style_hash() -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE)))
}
