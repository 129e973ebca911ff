//! Parameters of a request: query, forms and JSON bodies.

use crate::capture::{Body, Request};
use crate::value::{Kind, Value, Values};

use super::exchange::{Param, Place};
use super::location::Location;
use super::{json, naming, nested};

/// Parameters of one request beyond this number are dropped.
const MAX_PARAMS: usize = 2_000;

/// What the names of matrix parameters begin with, which tells them from those of the query.
pub(crate) const MATRIX: char = ';';

/// All parameters of a request in order of appearance, but the one that names the function that the answer
/// calls: it is the caller's own and says nothing to the API.
pub(super) fn params(
    location: &Location,
    request: &Request<'_>,
    body: &Body<'_>,
    callback: Option<&str>,
    values: &Values,
) -> Vec<Param> {
    let mut params = Vec::new();
    for (name, value) in &location.matrix {
        let name = format!("{MATRIX}{name}");
        push(&mut params, Place::Query, &name, value, values);
    }
    let mut callback = callback;
    for (name, value) in location.query() {
        // What names the function that the answer calls is no parameter of the API's.
        if callback
            .take_if(|callback| *callback == value.as_ref())
            .is_some()
        {
            continue;
        }
        push(&mut params, Place::Query, &name, &value, values);
    }
    body_params(&mut params, request, body, values);
    params.truncate(MAX_PARAMS);
    params
}

/// How the text of a request's body is to be read.
pub(crate) enum BodyForm {
    /// As names and values, as in a URL.
    UrlEncoded,
    /// As parts between boundaries.
    Multipart,
    /// As JSON.
    Json,
    /// Not at all.
    Other,
}

/// How a text is to be read, by its content type and by how it begins.
pub(crate) fn body_form(media: &str, text: &str) -> BodyForm {
    let media = media.to_ascii_lowercase();
    if media.contains("x-www-form-urlencoded") {
        if nested::looks_like_json(text) {
            BodyForm::Json
        } else {
            BodyForm::UrlEncoded
        }
    } else if media.starts_with("multipart/")
        || text.starts_with("--") && text.contains("form-data")
    {
        BodyForm::Multipart
    } else if media.contains("json") || nested::looks_like_json(text) {
        BodyForm::Json
    } else if media.is_empty() && looks_url_encoded(text) {
        BodyForm::UrlEncoded
    } else {
        BodyForm::Other
    }
}

/// `a=1&b=2` without blanks or line breaks.
fn looks_url_encoded(text: &str) -> bool {
    text.contains('=')
        && !text.contains(char::is_whitespace)
        && text
            .split('&')
            .all(|pair| !pair.starts_with('=') && !pair.contains('<'))
}

fn body_params(params: &mut Vec<Param>, request: &Request<'_>, body: &Body<'_>, values: &Values) {
    let media = request.media.as_deref().unwrap_or_default();
    let text = match body {
        Body::Text(text) => text.as_ref(),
        Body::Bytes(bytes) if media.starts_with("multipart/") => {
            let text = String::from_utf8_lossy(bytes);
            multipart(params, &text, values);
            return;
        }
        _ => "",
    };
    if text.trim().is_empty() {
        listed(params, request, media, values);
        return;
    }
    match body_form(media, text) {
        BodyForm::UrlEncoded => {
            for (name, value) in url::form_urlencoded::parse(text.trim().as_bytes()) {
                push(params, Place::Form, &name, &value, values);
            }
        }
        BodyForm::Multipart => multipart(params, text, values),
        BodyForm::Json => {
            let sent = json::sent(text, values).unwrap_or_default();
            params.extend(sent.into_iter().map(|(name, value)| Param {
                place: Place::Json,
                name: name.to_string(),
                value,
            }));
        }
        BodyForm::Other => listed(params, request, media, values),
    }
}

/// `postData.params`, where there is no text to go by.
fn listed(params: &mut Vec<Param>, request: &Request<'_>, media: &str, values: &Values) {
    let multipart = media.to_ascii_lowercase().starts_with("multipart/");
    for param in &request.params {
        let place = if multipart || param.file {
            Place::Multipart
        } else {
            Place::Form
        };
        if param.file {
            push_file(params, place, &param.name, values);
        } else {
            push(params, place, &param.name, &param.value, values);
        }
    }
}

/// The parts of a multipart body; only the names and short texts matter, so the parts are found by
/// their `Content-Disposition` lines and end at the next line that starts with the boundary.
fn multipart(params: &mut Vec<Param>, text: &str, values: &Values) {
    let Some(boundary) = text.lines().find(|line| line.starts_with("--")) else {
        return;
    };
    for part in text.split(boundary.trim_end()).skip(1) {
        let Some((head, body)) = split_head(part) else {
            continue;
        };
        let Some(name) = quoted(head, "name=") else {
            continue;
        };
        if quoted(head, "filename=").is_some() {
            push_file(params, Place::Multipart, name, values);
        } else {
            let body = body.strip_suffix('\n').unwrap_or(body);
            let body = body.strip_suffix('\r').unwrap_or(body);
            push(params, Place::Multipart, name, body, values);
        }
    }
}

fn split_head(part: &str) -> Option<(&str, &str)> {
    part.split_once("\r\n\r\n")
        .or_else(|| part.split_once("\n\n"))
}

/// The value of `key="…"` in a part's head, as a parameter of its own.
fn quoted<'a>(head: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = head;
    loop {
        let at = rest.find(key)?;
        let before = rest[..at].chars().next_back();
        let value = &rest[at + key.len()..];
        if before.is_none_or(|c| matches!(c, ' ' | ';' | '\t')) {
            return match value.strip_prefix('"') {
                Some(value) => value.split('"').next(),
                None => value.split([';', '\r', '\n']).next(),
            };
        }
        rest = value;
    }
}

fn push(params: &mut Vec<Param>, place: Place, name: &str, value: &str, values: &Values) {
    let shown = shown_name(name, values);
    let held = json::held(&shown, value, values);
    // Encoded twice it is still the same value.
    let plain = nested::decoded(value);
    let value = plain.as_deref().unwrap_or(value);
    params.push(Param {
        place,
        value: values.untyped(naming::naming(name, values), value),
        name: shown,
    });
    let held = held.into_iter();
    params.extend(held.map(|(name, value)| Param { place, name, value }));
}

fn push_file(params: &mut Vec<Param>, place: Place, name: &str, values: &Values) {
    params.push(Param {
        place,
        name: shown_name(name, values),
        value: Value::opaque(Kind::File),
    });
}

/// The name with list positions left out (`items[0][sku]` is `items[][sku]`), or `<key>` where the
/// name is itself a value.
pub(crate) fn shown_name(name: &str, values: &Values) -> String {
    let mut shown = String::with_capacity(name.len());
    for (i, piece) in name.split('[').enumerate() {
        if i == 0 {
            let known = piece.is_empty() || !naming::is_value(piece, values);
            shown.push_str(if known { piece } else { "<key>" });
            continue;
        }
        shown.push('[');
        let (index, rest) = piece.split_once(']').unwrap_or((piece, ""));
        if !naming::is_value(index, values) {
            shown.push_str(index);
        }
        shown.push(']');
        let known = rest.is_empty() || !naming::is_value(rest, values);
        shown.push_str(if known { rest } else { "<key>" });
    }
    shown
}
