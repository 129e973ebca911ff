//! Bodies: what a producer wrapped them in, and getting them out of it.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;

use super::files::Files;
use super::json::{JsonError, JsonVisitor, walk_escaped_json, walk_json};
use super::text::{RawText, unescape};

/// The largest size that a compressed body is inflated to; a larger one counts as not captured.
pub const MAX_BODY: usize = 64 << 20;

/// A body, decoded of whatever the producer wrapped it in (base64, gzip), under a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body<'a> {
    /// There was none.
    Empty,
    /// There may have been one, but the capture does not hold it.
    NotCaptured,
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes that are not text.
    Bytes(Cow<'a, [u8]>),
}

impl Body<'_> {
    /// The body's text, if it has one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Body::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The body's bytes, of a text in UTF-8; none where it is not there.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Body::Text(text) => text.as_bytes(),
            Body::Bytes(bytes) => bytes,
            Body::Empty | Body::NotCaptured => &[],
        }
    }
}

/// Base64 with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A body as it stands in the capture. Decoding costs time and memory, so it waits until
/// somebody wants it.
#[derive(Debug, Clone, Copy)]
pub struct RawBody<'a>(Form<'a>);

/// How a body is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form<'a> {
    Empty,
    NotCaptured,
    /// A JSON string.
    Text(RawText<'a>),
    /// A JSON string that is said to hold base64, of bytes that are said to be text so encoded.
    Base64(RawText<'a>, Option<&'static Encoding>),
    /// A JSON string that names a file, of bytes that are said to be text so encoded.
    File(RawText<'a>, &'a Files, Option<&'static Encoding>),
    /// Something other than a string, which stands for its own JSON.
    Json(&'a [u8]),
}

impl<'a> RawBody<'a> {
    pub(super) fn new(form: Form<'a>) -> Self {
        RawBody(form)
    }

    /// Whether the capture holds anything of the body.
    pub fn is_captured(&self) -> bool {
        !matches!(self.0, Form::Empty | Form::NotCaptured)
    }

    /// Whether there was no body.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Form::Empty)
    }

    /// How many bytes it takes in the capture, as a measure of what decoding costs.
    pub fn written_len(&self) -> usize {
        match self.0 {
            Form::Empty | Form::NotCaptured => 0,
            Form::Text(text) | Form::Base64(text, _) | Form::File(text, ..) => text.bytes.len(),
            Form::Json(json) => json.len(),
        }
    }

    /// Whether its text begins like a JSON object or array. Does not decode it, so bodies that are
    /// compressed within do not count.
    pub fn looks_like_json(&self) -> bool {
        match self.0 {
            Form::Empty | Form::NotCaptured => false,
            Form::Json(_) => true,
            Form::Text(text) if text.bytes.starts_with(b"{") => true,
            _ => self.begins_like(|head| {
                let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
                matches!(head.trim_ascii_start().first(), Some(b'{' | b'['))
            }),
        }
    }

    /// What a look at its first bytes says, without decoding the rest of it.
    pub(crate) fn begins_like(&self, is: impl FnOnce(&[u8]) -> bool) -> bool {
        let head = |text: RawText<'_>| {
            let mut head = Vec::new();
            unescape(&text.bytes[..text.bytes.len().min(64)], &mut head);
            head
        };
        match self.0 {
            Form::Empty | Form::NotCaptured => false,
            Form::Json(json) => is(json),
            Form::Text(text) => is(&head(text)),
            Form::Base64(text, _) => {
                let mut base64 = plain_base64(&String::from_utf8_lossy(&head(text)));
                base64.truncate(base64.len() / 4 * 4);
                is(&LENIENT.decode(&base64).unwrap_or(base64))
            }
            Form::File(name, files, _) => is(&files.load(&name.decode()).unwrap_or_default()),
        }
    }

    /// Walks the body as JSON, as [`walk_json`] does with its text, but without decoding it first
    /// where that can be saved.
    ///
    /// # Errors
    ///
    /// The body is not JSON or not there. The visitor has to drop what it made of the events then.
    pub fn walk_json<V: JsonVisitor + ?Sized>(&self, visitor: &mut V) -> Result<(), JsonError> {
        if let Form::Text(text) = self.0
            && let Ok(text) = simdutf8::basic::from_utf8(text.bytes)
            && !text.starts_with(['\u{1f}', '\\'])
        {
            return walk_escaped_json(text, visitor);
        }
        match self.decode() {
            Body::Text(text) => walk_json(&text, visitor),
            _ => Err(JsonError { at: 0 }),
        }
    }

    /// The body.
    pub fn decode(&self) -> Body<'a> {
        match self.0 {
            Form::Empty => Body::Empty,
            Form::NotCaptured => Body::NotCaptured,
            Form::Text(text) => latin1_gzip(text.decode()),
            Form::Base64(text, charset) => from_base64(text.decode(), charset),
            Form::File(name, files, charset) => match files.load(&name.decode()) {
                Some(bytes) => from_bytes(bytes, charset),
                None => Body::NotCaptured,
            },
            Form::Json(json) => Body::Text(String::from_utf8_lossy(json)),
        }
    }
}

/// The character encoding that a content type names, unless it is UTF-8.
pub(super) fn charset(media: &str) -> Option<&'static Encoding> {
    let (_, params) = media.split_once(';')?;
    let label = params.split(';').find_map(|param| {
        let (name, value) = param.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then_some(value.trim().trim_matches('"'))
    })?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != encoding_rs::UTF_8)
}

/// Compressed bytes that a producer wrote as if each were a character.
fn latin1_gzip(text: Cow<'_, str>) -> Body<'_> {
    if !text.starts_with("\u{1f}\u{8b}") {
        return Body::Text(text);
    }
    match text
        .chars()
        .map(|char| u8::try_from(u32::from(char)))
        .collect()
    {
        Ok(bytes) => from_bytes(bytes, None),
        Err(_) => Body::Text(text),
    }
}

/// What is not base64 is taken for the text that it is.
fn from_base64<'a>(text: Cow<'a, str>, charset: Option<&'static Encoding>) -> Body<'a> {
    let decoded = LENIENT
        .decode(text.as_bytes())
        .or_else(|_| LENIENT.decode(plain_base64(&text)));
    match decoded {
        Ok(bytes) => from_bytes(bytes, charset),
        Err(_) => Body::Text(text),
    }
}

/// Base64 without spaces and in the standard alphabet.
fn plain_base64(text: &str) -> Vec<u8> {
    text.bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect()
}

fn from_bytes(bytes: Vec<u8>, charset: Option<&'static Encoding>) -> Body<'static> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return text_or_bytes(bytes, charset);
    }
    let mut inflated = Vec::new();
    let read = MultiGzDecoder::new(&bytes[..])
        .take(MAX_BODY as u64 + 1)
        .read_to_end(&mut inflated);
    match read {
        Ok(_) if inflated.len() > MAX_BODY => Body::NotCaptured,
        Ok(_) => text_or_bytes(inflated, charset),
        Err(_) => Body::Bytes(bytes.into()),
    }
}

/// Text if the bytes read as such: by a byte order mark, the declared encoding, or as UTF-8
/// without control characters that text does not hold.
fn text_or_bytes(bytes: Vec<u8>, charset: Option<&'static Encoding>) -> Body<'static> {
    let marked = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding);
    if let Some(encoding) = marked.or(charset) {
        let (text, _, broken) = encoding.decode(&bytes);
        if !broken {
            return Body::Text(Cow::Owned(text.into_owned()));
        }
    }
    if bytes.contains(&0) {
        return Body::Bytes(bytes.into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Body::Text(text.into()),
        Err(error) => Body::Bytes(error.into_bytes().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::BASE64_STANDARD;
    use std::io::Write;

    fn base64(text: &str, media: &str) -> Body<'static> {
        let raw = RawText {
            bytes: text.as_bytes(),
            escapes: false,
        };
        match RawBody::new(Form::Base64(raw, charset(media))).decode() {
            Body::Text(text) => Body::Text(text.into_owned().into()),
            Body::Bytes(bytes) => Body::Bytes(bytes.into_owned().into()),
            Body::Empty => Body::Empty,
            Body::NotCaptured => Body::NotCaptured,
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn base64_in_any_dress() {
        let text = Body::Text("{\"a\":\"é\"}".into());
        assert_eq!(base64("eyJhIjoiw6kifQ==", ""), text);
        assert_eq!(base64("eyJhIjoi\r\nw6kifQ", ""), text);
        assert_eq!(base64("_-8=", ""), Body::Bytes(vec![0xFF, 0xEF].into()));
        assert_eq!(
            base64("{\"a\":1}", ""),
            Body::Text("{\"a\":1}".into()),
            "not base64"
        );
        assert_eq!(base64("AAEC", ""), Body::Bytes(vec![0, 1, 2].into()));
    }

    #[test]
    fn compressed_within() {
        let zipped = gzip(b"{}");
        assert_eq!(
            base64(&BASE64_STANDARD.encode(&zipped), ""),
            Body::Text("{}".into())
        );
        assert_eq!(
            base64(&BASE64_STANDARD.encode(&zipped[..12]), ""),
            Body::Bytes(zipped[..12].to_vec().into())
        );
        let bomb = gzip(&vec![b' '; MAX_BODY + 1]);
        assert_eq!(
            base64(&BASE64_STANDARD.encode(&bomb), ""),
            Body::NotCaptured
        );
        let latin1: String = zipped.iter().map(|byte| char::from(*byte)).collect();
        assert_eq!(latin1_gzip(latin1.into()), Body::Text("{}".into()));
    }

    #[test]
    fn declared_encodings() {
        let gbk = BASE64_STANDARD.encode(b"\xb6\xa9");
        assert_eq!(
            base64(&gbk, "application/json; charset=\"GBK\""),
            Body::Text("订".into())
        );
        assert_eq!(
            base64(&gbk, "text/plain"),
            Body::Bytes(b"\xb6\xa9".to_vec().into())
        );
        let utf16 = BASE64_STANDARD.encode(b"\xff\xfea\0");
        assert_eq!(base64(&utf16, ""), Body::Text("a".into()));
    }
}
