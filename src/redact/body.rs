//! Bodies: JSON, forms, and everything else.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::capture::{Body, JsonEvent, walk_json};
use crate::scope::{BodyForm, body_form, unwrapped, xml_message};
use crate::value::Way;

use super::redactor::{At, Redactor};
use super::summary::Place;

/// Answers of text that are longer are only made unreadable.
const LONG: usize = 4096;

/// A body as it is to be written.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) base64: bool,
}

impl Redactor<'_> {
    /// A decoded body; `None` if there is nothing of it to write. `base64` says that it was written so.
    pub(super) fn body(
        &mut self,
        body: &Body<'_>,
        media: &str,
        way: Way,
        base64: bool,
    ) -> Option<Written> {
        match body {
            Body::Empty | Body::NotCaptured => None,
            Body::Text(text) => {
                let text = self.body_text(text, media, way);
                let text = if base64 {
                    BASE64_STANDARD.encode(text)
                } else {
                    text
                };
                Some(Written { text, base64 })
            }
            Body::Bytes(bytes) if way == Way::Sent && media.starts_with("multipart/") => {
                let text = String::from_utf8_lossy(bytes);
                Some(Written {
                    text: self.multipart(&text),
                    base64: false,
                })
            }
            Body::Bytes(bytes) => {
                self.note(Place::Binary, None, "");
                Some(Written {
                    text: BASE64_STANDARD.encode(self.bytes(bytes)),
                    base64: true,
                })
            }
        }
    }

    fn body_text(&mut self, text: &str, media: &str, way: Way) -> String {
        if way == Way::Answered {
            return self.free_text(text, way, Place::Json);
        }
        if let Some(message) = xml_message(text)
            && let Some(xml) = self.xml(text, Some(&message), way)
        {
            return xml;
        }
        match body_form(media, text) {
            BodyForm::UrlEncoded => {
                let blank = text.len() - text.trim_start().len();
                let (lead, rest) = text.split_at(blank);
                let (pairs, tail) = rest.split_at(rest.trim_end().len());
                format!("{lead}{}{tail}", self.pairs(pairs, Place::Form))
            }
            BodyForm::Multipart => self.multipart(text),
            BodyForm::Json | BodyForm::Other => self.free_text(text, way, Place::Json),
        }
    }

    /// JSON, JSON line by line, or any other text.
    pub(super) fn free_text(&mut self, text: &str, way: Way, place: Place) -> String {
        if let Some(json) = self.json(text, way, place) {
            return json;
        }
        if let Some(wrapped) = self.wrapped(text, way, place) {
            return wrapped;
        }
        if let Some(xml) = self.xml(text, None, way) {
            return xml;
        }
        let is_json = |line: &str| {
            let json = line.trim_start_matches("data:").trim();
            json.starts_with(['{', '[']) && walk_json(json, &mut |_: JsonEvent<'_>| ()).is_ok()
        };
        if !text.lines().any(is_json) {
            let place = if place == Place::Json {
                Place::Text
            } else {
                place
            };
            // Nobody asks whether long answers, such as scripts and pages, equal each other.
            return if way == Way::Answered && text.len() > LONG {
                self.scrub(place, text)
            } else {
                self.words(place, text)
            };
        }
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| {
                let (lead, json) = line.split_at(line.find(['{', '[']).unwrap_or(0));
                match self.json(json, way, place) {
                    Some(json) if is_json(line) => {
                        format!(
                            "{}{json}",
                            if lead.starts_with("data:") { lead } else { "" }
                        )
                    }
                    _ => self.words(place, line),
                }
            })
            .collect();
        lines.join("\n")
    }

    /// JSON within a call or behind a guard, which stay; the function has the token that the request names.
    fn wrapped(&mut self, text: &str, way: Way, place: Place) -> Option<String> {
        let wrapped = unwrapped(text)?;
        let json = self.json(&text[wrapped.json.clone()], way, place)?;
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for name in &wrapped.names {
            out.push_str(&text[from..name.start]);
            let at = At {
                place: Place::Text,
                name: "",
                way,
            };
            out.push_str(&self.value(at, &text[name.clone()]));
            from = name.end;
        }
        out.push_str(&text[from..wrapped.json.start]);
        out.push_str(&json);
        out.push_str(&text[wrapped.json.end..]);
        Some(out)
    }

    /// A multipart form: the boundary becomes its token, and each part's content is replaced.
    fn multipart(&mut self, text: &str) -> String {
        let Some(line) = text.lines().find(|line| line.starts_with("--")) else {
            return self.scrub(Place::Multipart, text);
        };
        let boundary = line.trim_end();
        let token = format!("--{}", self.boundary(&boundary[2..]));
        let mut parts = text.split(boundary);
        let preamble = parts.next().unwrap_or_default();
        let mut out = self.scrub(Place::Multipart, preamble);
        for part in parts {
            out.push_str(&token);
            out.push_str(&self.part(part));
        }
        out
    }

    /// The token of a boundary, which its content type names too.
    pub(super) fn boundary(&self, boundary: &str) -> String {
        let dashes = boundary.len() - boundary.trim_start_matches('-').len();
        let (lead, name) = boundary.split_at(dashes);
        if name.is_empty() {
            return lead.to_owned();
        }
        format!("{lead}{}", self.plain_token(name))
    }

    fn part(&mut self, part: &str) -> String {
        let found = ["\r\n\r\n", "\n\n"]
            .iter()
            .filter_map(|gap| Some((part.find(gap)?, *gap)))
            .min();
        let Some((at, gap)) = found else {
            return self.scrub(Place::Multipart, part);
        };
        let (head, content) = (&part[..at], &part[at + gap.len()..]);
        let name = super::message::quoted(head, "name")
            .unwrap_or_default()
            .to_owned();
        let file = super::message::quoted(head, "filename").is_some();
        let (content, end) = content.split_at(content.trim_end_matches(['\r', '\n']).len());
        let head: Vec<String> = head
            .split('\n')
            .map(|line| self.part_header(line))
            .collect();
        let content = if file {
            self.words(Place::File, content)
        } else {
            let at = At {
                place: Place::Multipart,
                name: &name,
                way: Way::Sent,
            };
            self.value(at, content)
        };
        format!("{}{gap}{content}{end}", head.join("\n"))
    }

    fn part_header(&mut self, line: &str) -> String {
        let Some((name, value)) = line.split_once(':') else {
            return self.scrub(Place::Multipart, line);
        };
        let (value, end) = value.split_at(value.trim_end().len());
        let value = match name.to_ascii_lowercase().as_str() {
            "content-disposition" => self.disposition(value),
            "content-type" => self.media(value),
            _ => self.plain_words(Place::Multipart, value),
        };
        format!("{}:{value}{end}", self.name(Place::Multipart, name))
    }

    /// `form-data; name="…"; filename="…"`.
    pub(super) fn disposition(&mut self, value: &str) -> String {
        let params: Vec<String> = value
            .split(';')
            .map(|param| {
                let Some((key, quoted)) = param.split_once('=') else {
                    return self.plain_words(Place::Multipart, param);
                };
                let text = quoted.trim().trim_matches('"');
                let token = match key.trim().to_ascii_lowercase().as_str() {
                    "name" => self.name(Place::Multipart, text),
                    _ => self.file_name(text),
                };
                format!("{key}=\"{token}\"")
            })
            .collect();
        params.join(";")
    }

    /// A file's name; its ending stays.
    pub(super) fn file_name(&mut self, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        self.note(Place::File, None, name);
        match name.rsplit_once('.') {
            Some((stem, ending))
                if ending.len() <= 5
                    && ending.bytes().all(|b| b.is_ascii_alphanumeric())
                    && !ending.bytes().all(|b| b.is_ascii_digit()) =>
            {
                format!("{}.{ending}", self.plain_token(stem))
            }
            _ => self.plain_token(name),
        }
    }
}
