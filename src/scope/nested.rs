//! Texts that hold more than they are: JSON, addresses, and what is encoded for one.

use crate::value::{Segment, Tokens, holds_value};

/// Whether a text can only be JSON: it starts like an object or array.
pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Texts shorter than this hold nothing that could come back elsewhere.
pub(super) const MIN_HOLDING: usize = 8;
/// Values of one address that are followed, and bytes of a text that is decoded.
const MAX_ENCODED: usize = 16;
const MAX_DECODED: usize = 2_000;
/// Shorter values of an address are told from nothing.
const MIN_ENCODED: usize = 5;

/// Whether a text may be JSON.
#[inline]
pub(super) fn may_be_json(text: &str) -> bool {
    text.len() >= MIN_HOLDING && text.starts_with(['{', '['])
}

/// Whether a text may be JSON, an address with a query, or encoded for one.
#[inline]
pub(super) fn may_hold(text: &str) -> bool {
    let bytes = text.as_bytes();
    may_be_json(text)
        || may_be_address(text)
        || (MIN_HOLDING..=MAX_DECODED).contains(&bytes.len())
            && memchr::memchr2(b'%', b'?', bytes).is_some()
}

/// What a percent-encoded text says, if it is one.
pub(super) fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') || text.len() > MAX_DECODED {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .ok()?;
    (decoded != text).then(|| decoded.into_owned())
}

/// Whether a text is an address that may hold something.
#[inline]
pub(super) fn may_be_address(text: &str) -> bool {
    (MIN_HOLDING..=MAX_DECODED).contains(&text.len()) && is_address(text)
}

fn is_address(text: &str) -> bool {
    text.starts_with('/') || text.starts_with("https://") || text.starts_with("http://")
}

/// The steps of a path that are values and no names.
pub(super) fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|step| {
        step.len() >= MIN_ENCODED
            && holds_value(step)
            && Segment::parse(step, &Tokens::default()).text().is_none()
    })
}

/// The values of an address: in its path and its query; of any other text what it says once it is
/// decoded.
pub(super) fn encoded(text: &str, mut each: impl FnMut(&str)) {
    if is_address(text) {
        let address = text.split('#').next().unwrap_or_default();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        let (_, path) = path.split_once('/').unwrap_or_default();
        steps(path).take(MAX_ENCODED).for_each(&mut each);
        url::form_urlencoded::parse(query.as_bytes())
            .map(|(_, value)| value)
            .filter(|value| value.len() >= MIN_ENCODED)
            .take(MAX_ENCODED)
            .for_each(|value| each(&value));
    } else if let Some(decoded) = decoded(text) {
        each(&decoded);
    }
}
