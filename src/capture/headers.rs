//! Headers, most of which a message has as the one before it had them.

use std::borrow::Cow;

use super::Headers;
use super::cursor::{Broken, Cursor};
use super::named::{item, members};

/// Headers that are remembered for the next message.
const MAX_USUAL: usize = 64;

/// What the messages of some entries said so far; it makes reading the next ones cheaper and changes
/// nothing of what they say.
#[derive(Debug, Default)]
pub(super) struct Usual<'a> {
    pub(super) request: UsualHeaders<'a>,
    pub(super) response: UsualHeaders<'a>,
}

/// The headers that messages had, in their order.
#[derive(Debug, Default)]
pub(super) struct UsualHeaders<'a> {
    known: Vec<Known<'a>>,
    /// Which of them is expected next.
    next: usize,
}

/// A header that was read.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    /// The object that it is, as written.
    written: &'a [u8],
    name: &'a str,
    value: &'a str,
}

impl<'a> UsualHeaders<'a> {
    /// The header that comes next, if it is the one that is expected, byte for byte.
    fn take(&mut self, ahead: &[u8]) -> Option<Known<'a>> {
        let known = *self.known.get(self.next)?;
        if !ahead.starts_with(known.written) {
            return None;
        }
        self.next += 1;
        Some(known)
    }

    /// Remembers a header in the place of the last one of this name, and what comes behind it as what is
    /// expected next.
    fn learn(&mut self, new: Known<'a>) {
        let behind = self.known.get(self.next..).unwrap_or_default();
        if let Some(at) = behind.iter().position(|known| known.name == new.name) {
            self.next += at;
            self.known[self.next] = new;
        } else if self.known.len() < MAX_USUAL {
            self.known.insert(self.next, new);
        } else {
            return;
        }
        self.next += 1;
    }
}

/// Takes headers as an array of names and values, or as an object.
pub(super) fn headers<'a>(
    cursor: &mut Cursor<'a>,
    usual: &mut UsualHeaders<'a>,
) -> Result<Headers<'a>, Broken> {
    let mut headers = Headers::with_capacity(24);
    if cursor.peek()? == b'{' {
        members(cursor, &mut |name, value, _| {
            push(&mut headers, name, value);
        })?;
        return Ok(headers);
    }
    usual.next = 0;
    cursor.array(|cursor| {
        let ahead = cursor.rest();
        if let Some(Known {
            written,
            name,
            value,
        }) = usual.take(ahead)
        {
            cursor.skip(written.len());
            headers.push((Cow::Borrowed(name), Cow::Borrowed(value)));
            return Ok(());
        }
        let before = headers.len();
        item(cursor, &mut |name, value, _| {
            push(&mut headers, name, value);
        })?;
        if let [(Cow::Borrowed(name), Cow::Borrowed(value))] = headers[before..] {
            let written = &ahead[..ahead.len() - cursor.rest().len()];
            usual.learn(Known {
                written,
                name,
                value,
            });
        }
        Ok(())
    })?;
    Ok(headers)
}

/// Adds a header, unless its name is none of HTTP: one for each line of the value.
fn push<'a>(headers: &mut Headers<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    // As HTTP/2 and most producers write them.
    let usual = name
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let name = if usual { name } else { lower(trim(name)) };
    if name.is_empty() || name.starts_with(':') {
        return;
    }
    if memchr::memchr(b'\n', value.as_bytes()).is_none() {
        headers.push((name, value));
        return;
    }
    for line in value.lines().filter(|line| !line.trim().is_empty()) {
        headers.push((name.clone(), Cow::Owned(line.trim().to_owned())));
    }
}

pub(super) fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.trim().len() == text.len() {
        text
    } else {
        Cow::Owned(text.trim().to_owned())
    }
}

pub(super) fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The headers of some messages, read one after the other with one memory, or each with none.
    fn read(messages: &[String], remembering: bool) -> Vec<Headers<'_>> {
        let mut usual = UsualHeaders::default();
        let mut all = Vec::new();
        for message in messages {
            if !remembering {
                usual = UsualHeaders::default();
            }
            all.push(headers(&mut Cursor::new(message.as_bytes()), &mut usual).unwrap());
        }
        all
    }

    /// Headers that come again in any order, written in several ways.
    fn message() -> impl Strategy<Value = String> {
        let name = prop::sample::select(vec![
            "accept",
            "cookie",
            "X-Id",
            ":path",
            " date ",
            "",
            "d\\u0061te",
        ]);
        let value = prop::sample::select(vec![
            r#""a""#,
            r#""b c""#,
            r#""a\nb""#,
            r#""q\"\\""#,
            r#"["x","y"]"#,
            "7",
            "null",
            r#""影厅""#,
        ]);
        let item = (name, value, 0..3).prop_map(|(name, value, style)| match style {
            0 => format!(r#"{{"name":"{name}","value":{value}}}"#),
            1 => format!("{{ \"name\": \"{name}\",\n \"value\": {value} }}"),
            _ => format!(r#"{{"value":{value},"name":"{name}","comment":""}}"#),
        });
        prop::collection::vec(item, 0..9).prop_map(|items| format!("[{}]", items.join(", ")))
    }

    proptest! {
        #[test]
        fn what_is_remembered_changes_nothing(messages in prop::collection::vec(message(), 1..9)) {
            prop_assert_eq!(read(&messages, true), read(&messages, false));
        }
    }

    #[test]
    fn a_header_more_or_less_does_not_put_the_others_out_of_step() {
        let of = |names: &[&str]| {
            let header = |name: &&str| format!(r#"{{"name":"{name}","value":"v"}}"#);
            format!(
                "[{}]",
                names.iter().map(header).collect::<Vec<_>>().join(",")
            )
        };
        let messages = [of(&["a", "b", "d"]), of(&["a", "b", "c", "d"])];
        let mut usual = UsualHeaders::default();
        for message in messages.iter().chain(&messages) {
            headers(&mut Cursor::new(message.as_bytes()), &mut usual).unwrap();
        }
        let names: Vec<&str> = usual.known.iter().map(|known| known.name).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
    }

    #[test]
    fn memory_is_bounded() {
        let header = |n: usize| format!(r#"{{"name":"n{n}","value":"v"}}"#);
        let all: Vec<String> = (0..900).map(header).collect();
        let message = format!("[{}]", all.join(","));
        let mut usual = UsualHeaders::default();
        for _ in 0..2 {
            let read = headers(&mut Cursor::new(message.as_bytes()), &mut usual).unwrap();
            assert_eq!(read.len(), 900);
        }
        assert_eq!(usual.known.len(), MAX_USUAL);
    }
}
