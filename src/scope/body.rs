//! What a request sends: parameters of its query, forms and JSON bodies, and what is in other bodies.

use crate::capture::{Body, Request};
use crate::value::{Kind, Token, Value, Values};

use super::exchange::{Param, Place};
use super::location::Location;
use super::{json, naming, nested, soap};

/// Parameters of one request beyond this number are dropped.
const MAX_PARAMS: usize = 2_000;

/// What the names of matrix parameters begin with, which tells them from those of the query.
pub(crate) const MATRIX: char = ';';

/// What a request sends.
#[derive(Default)]
pub(super) struct Sent {
    /// Its parameters, in order of appearance.
    pub(super) params: Vec<Param>,
    /// Stands for what of its body they do not tell.
    pub(super) rest: Option<Token>,
}

impl Sent {
    /// Takes something of the body that no parameter tells.
    fn add_rest(&mut self, content: &[u8], values: &Values) {
        let tokens = values.tokens();
        let token = tokens.token_of_bytes(content);
        self.rest = Some(match self.rest {
            Some(before) => tokens.combine(&[before, token]),
            None => token,
        });
    }
}

/// What a request sends in its address and its body, but for the parameter that names the function that the
/// answer calls: it is the caller's own and says nothing to the API.
pub(super) fn sent(
    location: &Location,
    request: &Request<'_>,
    body: &Body<'_>,
    callback: Option<&str>,
    values: &Values,
) -> Sent {
    let mut sent = Sent::default();
    let params = &mut sent.params;
    for (name, value) in &location.matrix {
        let name = format!("{MATRIX}{name}");
        push(params, Place::Query, &name, value, values);
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
        push(params, Place::Query, &name, &value, values);
    }
    read_body(&mut sent, request, body, values);
    if sent.params.len() > MAX_PARAMS {
        sent.params.truncate(MAX_PARAMS);
        sent.add_rest(body.bytes(), values);
    }
    sent
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

fn read_body(sent: &mut Sent, request: &Request<'_>, body: &Body<'_>, values: &Values) {
    let media = request.media.as_deref().unwrap_or_default();
    let text = match body {
        Body::Text(text) => text.as_ref(),
        Body::Bytes(bytes) if media.starts_with("multipart/") => {
            let text = String::from_utf8_lossy(bytes);
            multipart(sent, &text, values);
            return;
        }
        Body::Bytes(bytes) => {
            sent.add_rest(bytes, values);
            ""
        }
        Body::Empty | Body::NotCaptured => "",
    };
    if text.trim().is_empty() {
        listed(&mut sent.params, request, media, values);
        return;
    }
    match body_form(media, text) {
        BodyForm::UrlEncoded => {
            for (name, value) in url::form_urlencoded::parse(text.trim().as_bytes()) {
                push(&mut sent.params, Place::Form, &name, &value, values);
            }
        }
        BodyForm::Multipart => multipart(sent, text, values),
        BodyForm::Json => match json::sent(text, values) {
            Some(fields) => sent
                .params
                .extend(fields.into_iter().map(|(name, value)| Param {
                    place: Place::Json,
                    name: name.to_string(),
                    value,
                })),
            None => sent.add_rest(text.as_bytes(), values),
        },
        BodyForm::Other => {
            listed(&mut sent.params, request, media, values);
            sent.add_rest(soap::content(text).as_bytes(), values);
        }
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
            push_file(params, place, &param.name, &param.value, values);
        } else {
            push(params, place, &param.name, &param.value, values);
        }
    }
}

/// The parts of a multipart body; only the names and short texts matter, so the parts are found by
/// their `Content-Disposition` lines and end at the next line that starts with the boundary.
fn multipart(sent: &mut Sent, text: &str, values: &Values) {
    let Some(boundary) = text.lines().find(|line| line.starts_with("--")) else {
        sent.add_rest(text.as_bytes(), values);
        return;
    };
    for part in text.split(boundary.trim_end()).skip(1) {
        let Some((head, body)) = split_head(part) else {
            continue;
        };
        let Some(name) = quoted(head, "name=") else {
            sent.add_rest(body.as_bytes(), values);
            continue;
        };
        let params = &mut sent.params;
        if quoted(head, "filename=").is_some() {
            push_file(params, Place::Multipart, name, body, values);
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

fn push_file(params: &mut Vec<Param>, place: Place, name: &str, content: &str, values: &Values) {
    let token = values.tokens().token(content);
    params.push(Param {
        place,
        name: shown_name(name, values),
        value: Value {
            token,
            ..Value::opaque(Kind::File)
        },
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
