//! SOAP: which operation a message asks for.

use std::ops::Range;

use crate::capture::{Body, Request};

use super::exchange::Protocol;
use super::operation::{Found, named, rules};

/// An envelope begins within so many bytes.
const HEAD: usize = 2_000;

/// What of a message is more than data: where it says that it is one, and what it asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The namespace of its envelope and the word `Body`; of a call of XML-RPC the names of its two elements.
    pub(crate) marks: [Range<usize>; 2],
    /// The local name of the first element in its body; of a call of XML-RPC what the second element holds.
    pub(crate) operation: Range<usize>,
}

/// The operation that the `SOAPAction` header names, else the content type, else the message itself.
pub(super) fn operation(request: &Request<'_>, body: &Body<'_>) -> Option<Found> {
    let header = |wanted: &str| {
        let found = request.headers.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value)
    };
    let by_media = |media: Option<&str>| by_action(action(media?)?);
    header("soapaction")
        .and_then(|value| by_action(value))
        .or_else(|| by_media(request.media.as_deref()))
        .or_else(|| by_media(header("content-type").map(AsRef::as_ref)))
        .or_else(|| {
            let text = body.text()?;
            named(Protocol::Soap, &text[message(text)?.operation], None)
        })
}

/// The last step of an action.
fn by_action(action: &str) -> Option<Found> {
    let action = action.trim().trim_matches('"').trim_end_matches('/');
    named(Protocol::Soap, action.rsplit(['/', '#', ':']).next()?, None)
}

/// The `action` of a content type of SOAP 1.2.
fn action(media: &str) -> Option<&str> {
    let (kind, params) = media.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("application/soap+xml") {
        return None;
    }
    params.split(';').find_map(|param| {
        let (key, value) = param.split_once('=')?;
        key.trim().eq_ignore_ascii_case("action").then_some(value)
    })
}

/// What of a text says what is asked for: of a message its body, for its header names the single message.
pub(super) fn content(text: &str) -> &str {
    message(text).map_or(text, |message| &text[message.marks[1].start..])
}

/// A message, of which only the beginning is looked at, up to the first element of its body.
pub(crate) fn message(text: &str) -> Option<Message> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !start.starts_with('<') {
        return None;
    }
    let head = &text.as_bytes()[..text.len().min(HEAD)];
    let namespace = rules().envelopes.iter().find_map(|namespace| {
        let at = memchr::memmem::find(head, namespace.as_bytes())?;
        Some(at..at + namespace.len())
    })?;
    let mut tags = Tags {
        text,
        at: namespace.end,
    };
    let body = tags.find(|name| name == "Body")?;
    let operation = tags.find(|_| true)?;
    let inside = !text[body.end..operation.start].contains("</");
    inside.then_some(Message {
        marks: [namespace, body],
        operation,
    })
}

/// The opening tags of a text.
pub(super) struct Tags<'t> {
    pub(super) text: &'t str,
    /// Where the next one is looked for.
    pub(super) at: usize,
}

impl Tags<'_> {
    /// Where the local name of the next tag stands that is wanted.
    pub(super) fn find(&mut self, wanted: impl Fn(&str) -> bool) -> Option<Range<usize>> {
        loop {
            let start = self.at + self.text[self.at..].find('<')? + 1;
            let rest = &self.text[start..];
            if rest.starts_with("!--") {
                self.at = start + rest.find("-->")?;
                continue;
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))?;
            self.at = start + end;
            let name = &rest[..end];
            if name.is_empty() || name.starts_with(['!', '?']) {
                continue;
            }
            let local = name.rfind(':').map_or(0, |colon| colon + 1);
            if wanted(&name[local..]) {
                return Some(start + local..start + end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENVELOPE: &str = r#"xmlns:s="http://www.w3.org/2003/05/soap-envelope""#;

    fn asked(text: &str) -> Option<&str> {
        message(text).map(|message| &text[message.operation])
    }

    #[test]
    fn a_message_names_its_operation() {
        for (body, name) in [
            ("<s:Body><GetOrder xmlns='x'/></s:Body>", Some("GetOrder")),
            (
                "<s:Header><a/></s:Header><s:Body id='1'>\n <!-- <x> --> <m:Pay>1</m:Pay>",
                Some("Pay"),
            ),
            ("<s:Body></s:Body><After/>", None),
            ("<s:Body/>", None),
            ("<s:Nothing><GetOrder/>", None),
            ("<s:Body><", None),
        ] {
            let text = format!("<?xml version='1.0'?><s:Envelope {ENVELOPE}>{body}</s:Envelope>");
            assert_eq!(asked(&text), name, "{body}");
        }
        assert_eq!(asked("<a><Body><b/></Body></a>"), None);
        assert_eq!(asked("{}"), None);
    }

    #[test]
    fn the_header_of_a_message_says_nothing_of_what_is_asked_for() {
        let text = |id: &str| {
            format!(
                "<s:Envelope {ENVELOPE}><s:Header><id>{id}</id></s:Header><s:Body><Get/></s:Body>"
            )
        };
        assert_eq!(content(&text("a1")), content(&text("b2")));
        assert_eq!(content("<order>1</order>"), "<order>1</order>");
    }

    #[test]
    fn a_content_type_names_an_action() {
        let media = "application/soap+xml; charset=utf-8; action=\"urn:x/GetOrder\"";
        assert_eq!(action(media), Some("\"urn:x/GetOrder\""));
        assert_eq!(action("application/json; action=a"), None);
    }

    #[test]
    fn any_text_may_come() {
        use proptest::prelude::*;
        proptest!(|(tail in "(<|>|/|!--|-->|\\?|s:|Body|é| ){0,12}")| {
            let _ = message(&format!("<a {ENVELOPE}>{tail}"));
        });
    }
}
