//! Telling what an input is that is not a HAR file.

use super::error::Foreign;

/// The keys of a JSON object without `log` that give it away.
#[derive(Debug, Default)]
pub(super) struct RootKeys {
    seen: Vec<&'static str>,
}

impl RootKeys {
    const KNOWN: [&'static str; 10] = [
        "openapi", "swagger", "info", "item", "request", "method", "url", "entries", "schema",
        "parts",
    ];

    pub(super) fn note(&mut self, key: &[u8]) {
        if let Some(known) = Self::KNOWN.iter().find(|known| known.as_bytes() == key) {
            self.seen.push(known);
        }
    }

    pub(super) fn name(&self) -> Foreign {
        let has = |key| self.seen.contains(&key);
        if has("openapi") || has("swagger") {
            Foreign::Openapi
        } else if has("info") && has("item") {
            Foreign::Postman
        } else if has("schema") && has("parts") {
            Foreign::Inventory
        } else if has("entries") {
            Foreign::Log
        } else if has("request") {
            Foreign::Entry
        } else if has("method") && has("url") {
            Foreign::Request
        } else {
            Foreign::Object
        }
    }
}

/// What begins like this and is not a JSON object.
pub(super) fn name(head: &[u8]) -> Foreign {
    const COMPRESSED: [&[u8]; 4] = [
        b"\x28\xB5\x2F\xFD",
        b"BZh",
        b"\xFD7zXZ",
        b"7z\xBC\xAF\x27\x1C",
    ];
    const PACKETS: [&[u8]; 3] = [
        b"\xD4\xC3\xB2\xA1",
        b"\xA1\xB2\xC3\xD4",
        b"\x0A\x0D\x0D\x0A",
    ];
    let starts = |magics: &[&[u8]]| magics.iter().any(|magic| head.starts_with(magic));
    let text = head.trim_ascii_start();
    let Some(first) = text.first() else {
        return Foreign::Empty;
    };
    if starts(&COMPRESSED) {
        Foreign::Compressed
    } else if starts(&PACKETS) {
        Foreign::PacketCapture
    } else if text.starts_with(b"version https://git-lfs.github.com/spec/") {
        Foreign::GitLfs
    } else if is_tnetstring(head) {
        Foreign::MitmproxyFlows
    } else if head.contains(&0) {
        Foreign::Binary
    } else if *first == b'<' {
        markup(text)
    } else if *first == b'[' {
        Foreign::Array
    } else if is_yaml(text) {
        yaml(text)
    } else if *first == b'"' || serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() {
        Foreign::Scalar
    } else {
        Foreign::Text
    }
}

/// mitmproxy writes flows as tnetstrings: a length, a colon, the data, and a type.
fn is_tnetstring(head: &[u8]) -> bool {
    let digits = head.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=10).contains(&digits)
        && head.get(digits) == Some(&b':')
        && head.get(digits + 1).is_some_and(u8::is_ascii_digit)
}

fn markup(text: &[u8]) -> Foreign {
    let text = text[..text.len().min(1024)].to_ascii_lowercase();
    let has = |tag: &[u8]| memchr::memmem::find(&text, tag).is_some();
    if has(b"<html") || has(b"<!doctype html") || has(b"<head") || has(b"<body") {
        Foreign::Html
    } else {
        Foreign::Xml
    }
}

/// Whether the first line with content is `---` or `key:`.
fn is_yaml(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(line) = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
        return false;
    };
    let key = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.\"'".contains(byte))
        .count();
    line.starts_with(b"---")
        || (key > 0
            && line.get(key) == Some(&b':')
            && matches!(line.get(key + 1), None | Some(b' ')))
}

fn yaml(text: &[u8]) -> Foreign {
    let mut lines = text.split(|byte| *byte == b'\n');
    if lines.any(|line| line.starts_with(b"openapi:") || line.starts_with(b"swagger:")) {
        Foreign::Openapi
    } else {
        Foreign::Yaml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_by_the_beginning() {
        for (head, what) in [
            (&b" \n\t"[..], Foreign::Empty),
            (b"<!DOCTYPE html><html>", Foreign::Html),
            (b"<?xml version=\"1.0\"?><a/>", Foreign::Xml),
            (b"# comment\nlog:\n  version: 1.2\n", Foreign::Yaml),
            (b"---\nopenapi: 3.1.0\n", Foreign::Openapi),
            (b"2434:9:websocket;0:~8:response;", Foreign::MitmproxyFlows),
            (b"\xD4\xC3\xB2\xA1\x02\x00", Foreign::PacketCapture),
            (b"\x28\xB5\x2F\xFD\x00", Foreign::Compressed),
            (b"\x89PNG\r\n\x1a\n\0\0", Foreign::Binary),
            (b"[{\"request\":{}}]", Foreign::Array),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n",
                Foreign::GitLfs,
            ),
            (b"\"text\"", Foreign::Scalar),
            (b" 12 ", Foreign::Scalar),
            (b"GET / HTTP/1.1\r\nHost: a\r\n", Foreign::Text),
        ] {
            assert_eq!(name(head), what, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn told_by_the_keys() {
        for (keys, what) in [
            (&["openapi", "info", "paths"][..], Foreign::Openapi),
            (&["info", "item"], Foreign::Postman),
            (&["startedDateTime", "request", "response"], Foreign::Entry),
            (&["method", "url", "headers"], Foreign::Request),
            (&["version", "pages", "entries"], Foreign::Log),
            (&["a"], Foreign::Object),
        ] {
            let mut seen = RootKeys::default();
            for key in keys {
                seen.note(key.as_bytes());
            }
            assert_eq!(seen.name(), what, "{keys:?}");
        }
    }
}
