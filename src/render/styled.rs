//! Endpoints as readers see them: ids with the parameters in the style that the project writes.
//!
//! Ids are written in one style always, so that JSON, baselines and fingerprints are the same whatever style is
//! set. What people read is made of the same rows, with the ids restyled here, in one place for all formats.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::route::{ParamStyle, restyled};

use super::RenderError;

/// The same rows with every endpoint in a style, where one stands alone or in a code span.
pub fn in_style<T: Serialize + DeserializeOwned + Clone>(
    rows: &T,
    style: ParamStyle,
) -> Result<Cow<'_, T>, RenderError> {
    if style == ParamStyle::default() {
        return Ok(Cow::Borrowed(rows));
    }
    let mut value = serde_json::to_value(rows)?;
    restyle(&mut value, style);
    Ok(Cow::Owned(serde_json::from_value(value)?))
}

fn restyle(value: &mut Value, style: ParamStyle) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(shown) = text_in_style(text, style) {
                *text = shown;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| restyle(item, style)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| restyle(member, style)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text that is an endpoint, or holds some in code spans, with them in a style.
///
/// ```
/// use harcov::render::text_in_style;
/// use harcov::route::ParamStyle::Brace;
///
/// assert_eq!(text_in_style("GET /a/<id>", Brace), "GET /a/{id}");
/// assert_eq!(text_in_style("`GET /a/<id>` and `<id>`", Brace), "`GET /a/{id}` and `<id>`");
/// ```
pub fn text_in_style(text: &str, style: ParamStyle) -> Cow<'_, str> {
    if style == ParamStyle::default() || !text.contains('<') {
        return text.into();
    }
    if let Some(shown) = restyled(text, style) {
        return shown.into();
    }
    let spans: Vec<String> = text
        .split('`')
        .map(|span| restyled(span, style).unwrap_or_else(|| span.to_owned()))
        .collect();
    spans.join("`").into()
}
