//! An entry as the gate looks at it.

use std::cell::OnceCell;

use crate::capture::{Body, Entry, JsonEvent, walk_json};

use super::exchange::Payload;
use super::gate::media_type;
use super::nested;
use super::wrapped::{Wrapped, may_be_wrapped, unwrapped};

/// An entry with what is read of it only once, when somebody wants it.
pub(super) struct Seen<'e, 'a> {
    pub(super) entry: &'e Entry<'a>,
    /// The resource type, empty if unknown.
    pub(super) kind: &'e str,
    /// The response's content type, without parameters.
    pub(super) media: String,
    answer: OnceCell<Body<'a>>,
    wrapped: OnceCell<Option<Wrapped>>,
}

impl<'e, 'a> Seen<'e, 'a> {
    pub(super) fn new(entry: &'e Entry<'a>) -> Self {
        Seen {
            entry,
            kind: entry.resource_type.as_deref().unwrap_or_default(),
            media: entry
                .response
                .as_ref()
                .and_then(|response| response.media.as_deref())
                .map(media_type)
                .unwrap_or_default(),
            answer: OnceCell::new(),
            wrapped: OnceCell::new(),
        }
    }

    /// The response's body.
    pub(super) fn answer(&self) -> &Body<'a> {
        self.answer.get_or_init(|| {
            self.entry
                .response
                .as_ref()
                .map_or(Body::NotCaptured, |response| response.body.decode())
        })
    }

    /// JSON of the response that stands within something else, and whose call it is in. Only texts that begin
    /// that way are looked at.
    pub(super) fn wrapped(&self) -> Option<(&str, &Wrapped)> {
        let wrapped = self.wrapped.get_or_init(|| {
            let body = self.entry.response.as_ref()?.body;
            if body.looks_like_json() || !body.begins_like(may_be_wrapped) {
                return None;
            }
            let text = self.answer().text()?;
            let wrapped = unwrapped(text)?;
            is_json(&text[wrapped.json.clone()]).then_some(wrapped)
        });
        let wrapped = wrapped.as_ref()?;
        let text = self.answer().text()?;
        Some((&text[wrapped.json.clone()], wrapped))
    }

    /// The name of the function in whose call the response's JSON stands.
    pub(super) fn callback(&self) -> Option<&str> {
        let (_, wrapped) = self.wrapped()?;
        wrapped.name(self.answer().text()?)
    }

    /// Whether the response's JSON stands behind what keeps it from being a script.
    pub(super) fn is_guarded(&self) -> bool {
        self.wrapped().is_some() && self.callback().is_none()
    }

    /// What the response's body is, by its content type and, for text, by how it begins.
    pub(super) fn payload(&self) -> Payload {
        if self.is_json() {
            return Payload::Json;
        }
        match self.answer() {
            Body::Empty => Payload::Empty,
            Body::NotCaptured if self.media.contains("html") => Payload::Html,
            Body::NotCaptured => Payload::NotCaptured,
            Body::Bytes(_) => Payload::Binary,
            Body::Text(_) if self.wrapped().is_some() => Payload::Json,
            Body::Text(text) if is_code(&self.media) && is_json(text) => Payload::Json,
            Body::Text(text) => text_payload(text, &self.media),
        }
    }

    /// Whether the response's body can only be JSON, as far as can be told without decoding it.
    fn is_json(&self) -> bool {
        let body = self.entry.response.as_ref().map(|response| response.body);
        !is_code(&self.media) && body.is_some_and(|body| body.looks_like_json())
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.entry.response.as_ref().map(|response| response.status)
    }

    pub(super) fn reads(&self) -> bool {
        matches!(self.entry.request.method.as_ref(), "GET" | "HEAD")
    }

    pub(super) fn header(&self, wanted: &str) -> Option<&str> {
        let headers = &self.entry.request.headers;
        let (_, value) = headers.iter().find(|(name, _)| name == wanted)?;
        Some(value)
    }
}

fn is_code(media: &str) -> bool {
    media.contains("javascript") || media.contains("css")
}

/// Whether a text is an object or array, and not only begins like one.
fn is_json(text: &str) -> bool {
    nested::looks_like_json(text) && walk_json(text, &mut |_: JsonEvent<'_>| ()).is_ok()
}

fn text_payload(text: &str, media: &str) -> Payload {
    let start = text.trim_start();
    if start.is_empty() {
        Payload::Empty
    } else if nested::looks_like_json(start) && !is_code(media) {
        Payload::Json
    } else if media.contains("html") || starts_like_html(start) {
        Payload::Html
    } else if media.contains("xml") || start.starts_with("<?xml") {
        Payload::Xml
    } else if media.contains("json") {
        Payload::Json
    } else {
        Payload::Text
    }
}

fn starts_like_html(start: &str) -> bool {
    let head = start.get(..15).unwrap_or(start).to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}
