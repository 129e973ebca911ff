//! The text of a JSON string: escapes undone, never refused.

use std::borrow::Cow;
use std::fmt;

/// A JSON string as it stands in the file, between its quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct RawText<'a> {
    /// The bytes between the quotes.
    pub(super) bytes: &'a [u8],
    /// Whether there is a backslash among them.
    pub(super) escapes: bool,
}

impl fmt::Debug for RawText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decode().fmt(f)
    }
}

impl<'a> RawText<'a> {
    /// The text. What is not UTF-8, lone surrogates and broken escapes become U+FFFD.
    pub(super) fn decode(self) -> Cow<'a, str> {
        if !self.escapes {
            return lossy(self.bytes);
        }
        let mut text = Vec::with_capacity(self.bytes.len());
        unescape(self.bytes, &mut text);
        Cow::Owned(into_string(text))
    }
}

/// The bytes as text; what is not UTF-8 becomes U+FFFD. Quick where all is.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// The bytes as text; what is not UTF-8 becomes U+FFFD.
pub(super) fn into_string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Undoes the escapes of a JSON string, appending to `out`.
pub(super) fn unescape(mut bytes: &[u8], out: &mut Vec<u8>) {
    while let Some(at) = memchr::memchr(b'\\', bytes) {
        out.extend_from_slice(&bytes[..at]);
        bytes = &bytes[at + 1..];
        let Some((&code, rest)) = bytes.split_first() else {
            return;
        };
        bytes = rest;
        match code {
            b'u' => bytes = unicode(bytes, out),
            other => out.push(short_escape(other)),
        }
    }
    out.extend_from_slice(bytes);
}

/// The character that stands at a position, if it is ASCII, else 0xFF, and how many bytes it
/// takes; `None` at the end, where half an escape counts as nothing.
#[inline]
pub(super) fn decode_one(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(at..)?;
    let (char, width) = match rest {
        [b'\\', b'u', digits @ ..] => match hex(digits) {
            Some((unit, _)) => (u8::try_from(unit).unwrap_or(0xFF), 6),
            None => (0xFF, 2),
        },
        [b'\\', code, ..] => (short_escape(*code), 2),
        [b'\\'] | [] => return None,
        [byte, ..] => (*byte, 1),
    };
    Some((if char.is_ascii() { char } else { 0xFF }, width))
}

/// What a backslash with one byte stands for; an unknown one for the byte.
pub(super) fn short_escape(code: u8) -> u8 {
    match code {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        other => other,
    }
}

/// The character of a `\u` escape whose digits come first; gives back what is behind it.
fn unicode<'a>(bytes: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some((unit, rest)) = hex(bytes) else {
        push(char::REPLACEMENT_CHARACTER, out);
        return bytes;
    };
    if let Some(char) = char::from_u32(unit) {
        push(char, out);
        return rest;
    }
    if let Some((low, behind)) = rest.strip_prefix(b"\\u").and_then(hex)
        && (0xD800..0xDC00).contains(&unit)
        && (0xDC00..0xE000).contains(&low)
        && let Some(char) = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
    {
        push(char, out);
        return behind;
    }
    push(char::REPLACEMENT_CHARACTER, out);
    rest
}

/// The character that the four digits of a `\u` escape stand for, unless it is half a character or one
/// of ASCII, which might end something.
pub(super) fn plain_unicode(digits: &[u8]) -> Option<char> {
    let (unit, _) = hex(digits)?;
    char::from_u32(unit).filter(|char| !char.is_ascii())
}

fn hex(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = bytes.split_first_chunk::<4>()?;
    let mut unit = 0;
    for digit in digits {
        unit = unit << 4 | char::from(*digit).to_digit(16)?;
    }
    Some((unit, rest))
}

fn push(char: char, out: &mut Vec<u8>) {
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(raw: &[u8]) -> String {
        RawText {
            bytes: raw,
            escapes: raw.contains(&b'\\'),
        }
        .decode()
        .into_owned()
    }

    #[test]
    fn nothing_is_refused() {
        assert_eq!(text(br"a\n\u00e9\ud83d\ude00\/\\\x"), "a\né😀/\\x");
        assert_eq!(
            text(br"\ud83d|\ude00|\ud83d\u0041"),
            "\u{fffd}|\u{fffd}|\u{fffd}A"
        );
        assert_eq!(text(br"\u00zz|\u1"), "\u{fffd}00zz|\u{fffd}1");
        assert_eq!(text(b"a\xffb\0\x01"), "a\u{fffd}b\0\x01");
        assert_eq!(text(b"\xff\\n\\"), "\u{fffd}\n");
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(value in ".*") {
            let json = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(text(&json.as_bytes()[1..json.len() - 1]), value);
        }
    }
}
