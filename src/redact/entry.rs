//! One entry: every member by what it means, and what is unknown as values.

use crate::capture::{Body, Node, RawEntry};
use crate::scope::method_name;
use crate::value::{Shape, Way};

use super::numbers::{is_moment, is_small_number};
use super::redactor::{At, Redactor};
use super::rules::Rules;
use super::summary::Place;

/// What was asked for besides.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bodies {
    /// Leaves bodies out.
    pub(super) strip: bool,
}

impl Redactor<'_> {
    /// Replaces everything in an entry that is read as `raw`.
    pub(super) fn entry(&mut self, node: &mut Node, raw: &RawEntry<'_>, bodies: Bodies) {
        let Node::Object(members) = node else {
            return;
        };
        for (key, node) in members {
            match key.as_str() {
                "request" => self.request(node, raw, bodies),
                "response" => self.response(node, raw, bodies),
                "startedDateTime" => self.moment(node),
                "pageref" => self.token_text(node, Place::Page),
                "serverIPAddress" | "connection" | "_connectionId" => {
                    self.token_text(node, Place::Address);
                }
                "time" | "timings" => self.numbers(node),
                "comment" => self.comment(node),
                "_webSocketMessages" | "_webSocketFrames" | "_eventSourceMessages" => {
                    self.messages(node, bodies);
                }
                _ => self.vendor(node, key),
            }
        }
    }

    fn request(&mut self, node: &mut Node, raw: &RawEntry<'_>, bodies: Bodies) {
        let Node::Object(members) = node else {
            *node = Node::null();
            return;
        };
        for (key, node) in members {
            match (key.as_str(), &mut *node) {
                ("method", Node::Text(text)) => {
                    if method_name(&text.trim().to_ascii_uppercase()) == "UNKNOWN" {
                        self.note(Place::Other, None, text);
                        *text = self.plain_token(text);
                    }
                }
                ("url", Node::Text(text)) => *text = self.url(text),
                ("httpVersion", Node::Text(text)) => *text = self.plain_words(Place::Other, text),
                ("headers", node) => self.list(node, Place::Header, Redactor::header),
                ("cookies", node) => self.list(node, Place::Cookie, Redactor::cookie),
                ("queryString", node) => self.list(node, Place::Query, Redactor::query_value),
                ("headersSize" | "bodySize", node) => self.numbers(node),
                ("postData", node) => {
                    let media = raw
                        .entry
                        .as_ref()
                        .ok()
                        .and_then(|e| e.request.media.as_deref());
                    let media = media.unwrap_or_default().to_owned();
                    let body = raw.request_body();
                    self.content(node, body, &media, Way::Sent, bodies);
                }
                ("comment", node) => self.comment(node),
                (key, node) => {
                    let key = key.to_owned();
                    self.vendor(node, &key);
                }
            }
        }
    }

    fn response(&mut self, node: &mut Node, raw: &RawEntry<'_>, bodies: Bodies) {
        let Node::Object(members) = node else {
            if !matches!(node, Node::Bare(word) if word == "null") {
                *node = Node::null();
            }
            return;
        };
        for (key, node) in members {
            match (key.as_str(), &mut *node) {
                ("status", node) => status(node),
                ("statusText", Node::Text(text)) => {
                    if !Rules::built_in()
                        .phrases
                        .contains(&text.trim().to_ascii_lowercase())
                    {
                        *text = self.plain_words(Place::Other, text);
                    }
                }
                ("httpVersion", Node::Text(text)) => *text = self.plain_words(Place::Other, text),
                ("headers", node) => self.list(node, Place::Header, Redactor::header),
                ("cookies", node) => self.list(node, Place::Cookie, Redactor::cookie),
                ("redirectURL", Node::Text(text)) => *text = self.url(text),
                ("headersSize" | "bodySize" | "_transferSize", node) => self.numbers(node),
                ("content", node) => {
                    let response = raw.entry.as_ref().ok().and_then(|e| e.response.as_ref());
                    let media = response.and_then(|response| response.media.as_deref());
                    let media = media.unwrap_or_default().to_owned();
                    let body = raw.response_body();
                    self.content(node, body, &media, Way::Answered, bodies);
                }
                ("comment", node) => self.comment(node),
                (key, node) => {
                    let key = key.to_owned();
                    self.vendor(node, &key);
                }
            }
        }
    }

    /// `postData` or `content`.
    fn content(
        &mut self,
        node: &mut Node,
        body: Option<Body<'_>>,
        media: &str,
        way: Way,
        bodies: Bodies,
    ) {
        let base64 = node
            .get("encoding")
            .or(node.get("_encoding"))
            .and_then(Node::text)
            .is_some_and(|name| name.trim().eq_ignore_ascii_case("base64"));
        let written = match body {
            Some(_) if bodies.strip => None,
            Some(body) => self.body(&body, media, way, base64),
            None => None,
        };
        if !matches!(node, Node::Object(_)) {
            *node = Node::Object(vec![(
                "text".to_owned(),
                std::mem::replace(node, Node::null()),
            )]);
        }
        let Node::Object(members) = node else {
            return;
        };
        let empty = members.iter().any(|(key, node)| {
            key == "text" && matches!(node, Node::Text(text) if text.is_empty())
        });
        members.retain(|(key, _)| {
            !(matches!(key.as_str(), "text" | "encoding" | "_encoding" | "_file")
                || (bodies.strip && key == "params"))
        });
        for (key, node) in members.iter_mut() {
            match (key.as_str(), &mut *node) {
                ("mimeType", Node::Text(text)) => *text = self.media(text),
                ("params", node) => self.list(node, Place::Form, Redactor::form_value),
                ("size" | "compression", node) => self.numbers(node),
                ("comment", node) => self.comment(node),
                (key, node) => {
                    let key = key.to_owned();
                    self.vendor(node, &key);
                }
            }
        }
        match written {
            Some(written) => {
                members.push(("text".to_owned(), Node::Text(written.text)));
                if written.base64 {
                    members.push(("encoding".to_owned(), Node::Text("base64".to_owned())));
                }
            }
            None if empty => members.push(("text".to_owned(), Node::Text(String::new()))),
            None => {}
        }
    }

    /// `startedDateTime`.
    fn moment(&mut self, node: &mut Node) {
        let time = |text: &str| {
            text.len() <= 40
                && text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b" TZ:.+-/tz".contains(&b))
        };
        match node {
            Node::Text(text) | Node::Bare(text)
                if time(text) && crate::value::Sensitive::built_in().find(text).is_none() => {}
            Node::Text(text) => *text = self.scrub(Place::Other, text),
            node => *node = Node::null(),
        }
    }

    fn token_text(&mut self, node: &mut Node, place: Place) {
        let (Node::Text(text) | Node::Bare(text)) = node else {
            *node = Node::null();
            return;
        };
        if text.is_empty() || text == "null" {
            return;
        }
        self.note(place, None, text);
        *text = self.token(text);
    }

    pub(super) fn comment(&mut self, node: &mut Node) {
        match node {
            Node::Text(text) => *text = self.scrub(Place::Comment, text),
            node => self.vendor(node, "comment"),
        }
    }

    /// Messages of a WebSocket or of a stream of events: their data are bodies.
    fn messages(&mut self, node: &mut Node, bodies: Bodies) {
        match node {
            Node::Array(items) => items
                .iter_mut()
                .for_each(|item| self.messages(item, bodies)),
            Node::Object(members) => {
                for (key, node) in members {
                    match (key.as_str(), &mut *node) {
                        ("data", Node::Text(text)) if bodies.strip => text.clear(),
                        ("data", Node::Text(text)) => {
                            *text = self.free_text(text, Way::Sent, Place::WebSocket);
                        }
                        ("time", Node::Bare(word)) if is_moment(word) => {}
                        ("time" | "opcode" | "mask", node) => self.numbers(node),
                        (key, node) => {
                            let key = key.to_owned();
                            self.vendor(node, &key);
                        }
                    }
                }
            }
            node => self.vendor(node, "messages"),
        }
    }

    /// A member of a vendor's own, or one that no standard knows.
    pub(super) fn vendor(&mut self, node: &mut Node, key: &str) {
        match node {
            Node::Object(members) => {
                for (key, node) in members {
                    self.vendor(node, key);
                    *key = self.name(Place::Other, key);
                }
            }
            Node::Array(items) => items.iter_mut().for_each(|item| self.vendor(item, key)),
            Node::Text(text) => {
                let rules = Rules::built_in();
                let is_known = rules.vendor_members.contains(key)
                    && rules.vendor_words.contains(&text.to_ascii_lowercase());
                if is_known || text.is_empty() {
                    return;
                }
                *text = if matches!(Shape::of(text), Shape::Url) {
                    self.url(text)
                } else {
                    let at = At {
                        place: Place::Other,
                        name: key,
                        way: Way::Answered,
                    };
                    self.value(at, text)
                };
            }
            Node::Bare(word) if is_small_number(word) => {}
            Node::Bare(word) => {
                let at = At {
                    place: Place::Other,
                    name: key,
                    way: Way::Answered,
                };
                *word = if matches!(word.as_str(), "true" | "false" | "null") {
                    return;
                } else if word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                    && serde_json::from_str::<f64>(word).is_ok()
                {
                    self.number(at, word)
                } else {
                    "null".to_owned()
                };
            }
        }
    }
}

/// A status; producers write it as a number or a text.
fn status(node: &mut Node) {
    let digit = |byte: u8| byte.is_ascii_digit() || b"-.".contains(&byte);
    match node {
        Node::Text(text) | Node::Bare(text) if text.len() <= 5 && text.bytes().all(digit) => {}
        Node::Bare(word) if word == "null" => {}
        node => *node = Node::null(),
    }
}
