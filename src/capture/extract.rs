//! From the bytes of one entry to an [`Entry`].
//!
//! Two steps: collect what is there as it is written, then decide what it means. Whatever is of
//! another type than expected is read as well as it can be or left alone.

use std::borrow::Cow;

use super::body::{Form, RawBody, charset};
use super::cursor::{Broken, Cursor, Raw};
use super::error::Problem;
use super::files::Files;
use super::headers::{Usual, UsualHeaders, headers, lower, trim};
use super::named::named;
use super::scan::LongString;
use super::{Entry, FormParam, Headers, Request, Response, time};
use crate::value::is_program_name;

/// What an entry says, as written; of a key that is there twice, the last.
#[derive(Debug, Default)]
struct Parts<'a> {
    started: Option<Raw<'a>>,
    request: Option<RequestParts<'a>>,
    response: Option<ResponseParts<'a>>,
    resource_type: Option<Raw<'a>>,
    took: Option<Raw<'a>>,
    failed: bool,
}

#[derive(Debug, Default)]
struct RequestParts<'a> {
    method: Option<Raw<'a>>,
    url: Option<Raw<'a>>,
    headers: Headers<'a>,
    body_size: Option<i64>,
    body: BodyParts<'a>,
    params: Vec<FormParam<'a>>,
}

#[derive(Debug, Default)]
struct ResponseParts<'a> {
    status: Option<i64>,
    headers: Headers<'a>,
    body_size: Option<i64>,
    body: BodyParts<'a>,
    redirect: Option<Raw<'a>>,
    failed: bool,
}

/// `postData` or `content`.
#[derive(Debug, Default)]
struct BodyParts<'a> {
    media: Option<Raw<'a>>,
    text: Option<Raw<'a>>,
    encoding: Option<Raw<'a>>,
    file: Option<Raw<'a>>,
    size: Option<i64>,
}

/// Keys by which producers say that a request failed or was blocked.
const FAILURES: [&[u8]; 4] = [
    b"_error",
    b"_failureText",
    b"_blocked_reason",
    b"_blockedReason",
];

/// Reads one entry, the object that `bytes` begins with and whose long strings may be known. `at` is its
/// position in the capture, `files` are where bodies are that are not written in it, and `usual` is what
/// the entries before it said.
pub(super) fn entry<'a>(
    bytes: &'a [u8],
    long: &'a [LongString],
    index: usize,
    at: u64,
    files: Option<&'a Files>,
    usual: &mut Usual<'a>,
) -> Result<Entry<'a>, Problem> {
    let parts =
        parts(Cursor::with_long(bytes, long), usual).map_err(|broken| Problem::Malformed {
            at: at + broken.at as u64,
        })?;
    let request = parts.request.ok_or(Problem::NoRequest)?;
    let url = request
        .url
        .and_then(Raw::text)
        .filter(|url| !url.trim().is_empty());
    let method = request
        .method
        .and_then(Raw::text)
        .filter(|method| !method.trim().is_empty());
    let url = url.ok_or(Problem::NoUrl)?;
    let method = upper(method.ok_or(Problem::NoMethod)?);
    let failed = parts.failed
        || parts
            .response
            .as_ref()
            .is_some_and(|response| response.failed);
    let response = parts
        .response
        .and_then(|response| finish_response(response, &method, files));
    Ok(Entry {
        index,
        started: parts
            .started
            .and_then(Raw::scalar)
            .and_then(|text| time::parse(&text)),
        request: finish_request(method, url, request, files),
        response,
        resource_type: parts.resource_type.and_then(Raw::text).map(lower),
        took_ms: parts
            .took
            .and_then(Raw::scalar)
            .and_then(|took| whole_ms(&took)),
        failed,
    })
}

/// A time in milliseconds without its fraction.
fn whole_ms(text: &str) -> Option<u32> {
    let ms: f64 = text.parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    let whole = (0.0..4e9).contains(&ms).then_some(ms as u32);
    whole
}

/// `log.creator` as `name version`, without what cannot be the name of a program.
pub(super) fn creator(bytes: &[u8]) -> Option<String> {
    let mut words = [None, None];
    let mut cursor = Cursor::new(bytes);
    let walked = cursor.object(|key, cursor| {
        let value = cursor.value()?;
        match key {
            b"name" => words[0] = value.scalar(),
            b"version" => words[1] = value.scalar(),
            _ => {}
        }
        Ok(())
    });
    if walked.is_err() || words == [None, None] {
        return scalar(bytes).filter(|text| is_program_name(text));
    }
    let words: Vec<_> = words
        .iter()
        .flatten()
        .map(|word| word.trim())
        .filter(|word| !word.is_empty() && is_program_name(word))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A string, number or boolean as text.
pub(super) fn scalar(bytes: &[u8]) -> Option<String> {
    Cursor::new(bytes)
        .value()
        .ok()?
        .scalar()
        .map(Cow::into_owned)
}

fn parts<'a>(mut cursor: Cursor<'a>, usual: &mut Usual<'a>) -> Result<Parts<'a>, Broken> {
    let mut parts = Parts::default();
    cursor.object(|key, cursor| {
        match key {
            b"request" => parts.request = request_parts(cursor, &mut usual.request)?,
            b"response" => parts.response = response_parts(cursor, &mut usual.response)?,
            b"startedDateTime" => parts.started = Some(cursor.value()?),
            b"_resourceType" => parts.resource_type = Some(cursor.value()?),
            b"time" => parts.took = Some(cursor.value()?),
            _ => {
                let value = cursor.value()?;
                parts.failed |= FAILURES.contains(&key) && !value.is_blank();
            }
        }
        Ok(())
    })?;
    Ok(parts)
}

fn request_parts<'a>(
    cursor: &mut Cursor<'a>,
    usual: &mut UsualHeaders<'a>,
) -> Result<Option<RequestParts<'a>>, Broken> {
    if cursor.peek()? != b'{' {
        cursor.value()?;
        return Ok(None);
    }
    let mut parts = RequestParts::default();
    cursor.object(|key, cursor| {
        match key {
            b"method" => parts.method = Some(cursor.value()?),
            b"url" => parts.url = Some(cursor.value()?),
            b"headers" => parts.headers = headers(cursor, usual)?,
            b"bodySize" => parts.body_size = cursor.value()?.number(),
            b"postData" => (parts.body, parts.params) = post_data(cursor)?,
            _ => _ = cursor.value()?,
        }
        Ok(())
    })?;
    Ok(Some(parts))
}

fn response_parts<'a>(
    cursor: &mut Cursor<'a>,
    usual: &mut UsualHeaders<'a>,
) -> Result<Option<ResponseParts<'a>>, Broken> {
    if cursor.peek()? != b'{' {
        cursor.value()?;
        return Ok(None);
    }
    let mut parts = ResponseParts::default();
    cursor.object(|key, cursor| {
        match key {
            b"status" => parts.status = cursor.value()?.number(),
            b"headers" => parts.headers = headers(cursor, usual)?,
            b"bodySize" => parts.body_size = cursor.value()?.number(),
            b"redirectURL" => parts.redirect = Some(cursor.value()?),
            b"content" => parts.body = content(cursor)?,
            _ => {
                let value = cursor.value()?;
                parts.failed |= FAILURES.contains(&key) && !value.is_blank();
            }
        }
        Ok(())
    })?;
    Ok(Some(parts))
}

fn content<'a>(cursor: &mut Cursor<'a>) -> Result<BodyParts<'a>, Broken> {
    let mut parts = BodyParts::default();
    if cursor.peek()? != b'{' {
        parts.text = Some(cursor.value()?);
        return Ok(parts);
    }
    cursor.object(|key, cursor| body_part(&mut parts, key, cursor))?;
    Ok(parts)
}

type PostData<'a> = (BodyParts<'a>, Vec<FormParam<'a>>);

fn post_data<'a>(cursor: &mut Cursor<'a>) -> Result<PostData<'a>, Broken> {
    let mut parts = BodyParts::default();
    let mut params = Vec::new();
    if cursor.peek()? != b'{' {
        parts.text = Some(cursor.value()?);
        return Ok((parts, params));
    }
    cursor.object(|key, cursor| {
        if key == b"params" {
            params = form_params(cursor)?;
            return Ok(());
        }
        body_part(&mut parts, key, cursor)
    })?;
    Ok((parts, params))
}

fn body_part<'a>(
    parts: &mut BodyParts<'a>,
    key: &[u8],
    cursor: &mut Cursor<'a>,
) -> Result<(), Broken> {
    let value = cursor.value()?;
    match key {
        b"mimeType" => parts.media = Some(value),
        b"text" => parts.text = Some(value),
        b"encoding" | b"_encoding" if !value.is_blank() => parts.encoding = Some(value),
        b"_file" => parts.file = Some(value),
        b"size" => parts.size = value.number(),
        _ => {}
    }
    Ok(())
}

/// `postData.params` as an array of names and values, or as an object.
fn form_params<'a>(cursor: &mut Cursor<'a>) -> Result<Vec<FormParam<'a>>, Broken> {
    let mut params = Vec::new();
    named(cursor, &mut |name, value, file| {
        params.push(FormParam { name, value, file });
    })?;
    Ok(params)
}

fn finish_request<'a>(
    method: Cow<'a, str>,
    url: Cow<'a, str>,
    parts: RequestParts<'a>,
    files: Option<&'a Files>,
) -> Request<'a> {
    let media = media(parts.body.media, &parts.headers);
    let announced = || {
        length(&parts.headers).unwrap_or_else(|| {
            i64::from(
                method != "GET"
                    && method != "HEAD"
                    && has_any(&parts.headers, &["content-type", "transfer-encoding"]),
            )
        })
    };
    let body = written(&parts.body, media.as_deref(), files).unwrap_or_else(|| {
        let size = parts.body_size.filter(|size| *size >= 0);
        let empty = parts.params.is_empty() && size.unwrap_or_else(announced) == 0;
        if empty {
            Form::Empty
        } else {
            Form::NotCaptured
        }
    });
    Request {
        method,
        url,
        headers: parts.headers,
        media,
        body: RawBody::new(body),
        params: parts.params,
    }
}

fn finish_response<'a>(
    parts: ResponseParts<'a>,
    method: &str,
    files: Option<&'a Files>,
) -> Option<Response<'a>> {
    let status = u16::try_from(parts.status?)
        .ok()
        .filter(|status| (100..1000).contains(status))?;
    let media = media(parts.body.media, &parts.headers);
    let body = written(&parts.body, media.as_deref(), files).unwrap_or_else(|| {
        let bodiless = status < 200
            || matches!(status, 204 | 205 | 304)
            || method == "HEAD"
            || method == "CONNECT";
        let known = |size: Option<i64>| size.filter(|size| *size >= 0);
        let sizes = [
            known(parts.body.size),
            known(parts.body_size),
            length(&parts.headers),
        ];
        let empty_text = parts
            .body
            .text
            .is_some_and(|text| matches!(text, Raw::Text(_)));
        let some = sizes.iter().flatten().any(|size| *size > 0);
        let none = empty_text || sizes.iter().any(Option::is_some);
        if bodiless || (none && !some) {
            Form::Empty
        } else {
            Form::NotCaptured
        }
    });
    let redirect = parts
        .redirect
        .and_then(Raw::text)
        .filter(|url| !url.trim().is_empty());
    Some(Response {
        status,
        headers: parts.headers,
        media,
        body: RawBody::new(body),
        redirect,
    })
}

/// The body that is written, here or in a file, if there is more to it than an empty string.
fn written<'a>(
    parts: &BodyParts<'a>,
    media: Option<&str>,
    files: Option<&'a Files>,
) -> Option<Form<'a>> {
    let charset = || media.and_then(charset);
    let Some(text) = parts.text.filter(|text| !text.is_blank()) else {
        return match (parts.file, files) {
            (Some(Raw::Text(name)), Some(files)) => Some(Form::File(name, files, charset())),
            _ => None,
        };
    };
    let base64 = parts
        .encoding
        .and_then(Raw::text)
        .is_some_and(|name| name.trim().eq_ignore_ascii_case("base64"));
    Some(match text {
        Raw::Text(text) if base64 => Form::Base64(text, charset()),
        Raw::Text(text) => Form::Text(text),
        Raw::Bare(json) | Raw::Nested(json) => Form::Json(json),
    })
}

/// The content type: as the body says, else as the headers say. Chrome writes `x-unknown` for none.
fn media<'a>(written: Option<Raw<'a>>, headers: &Headers<'a>) -> Option<Cow<'a, str>> {
    let known = |media: &Cow<'_, str>| !media.trim().is_empty() && media != "x-unknown";
    written
        .and_then(Raw::text)
        .filter(known)
        .or_else(|| header(headers, "content-type").filter(known))
}

fn header<'a>(headers: &Headers<'a>, name: &str) -> Option<Cow<'a, str>> {
    headers
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
}

fn has_any(headers: &Headers<'_>, names: &[&str]) -> bool {
    headers
        .iter()
        .any(|(name, _)| names.contains(&name.as_ref()))
}

/// The `Content-Length` header.
fn length(headers: &Headers<'_>) -> Option<i64> {
    header(headers, "content-length")?.trim().parse().ok()
}

fn upper(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = trim(text);
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(text.to_ascii_uppercase())
    } else {
        text
    }
}
