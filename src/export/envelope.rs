//! What the protocol of an operation wraps its requests in: members of a JSON body, parameters of the address, or a
//! message in XML.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::api::{Call, Param};
use super::json::Json;
use crate::scope::{Operation, Protocol};
use crate::value::Kind;

/// The namespaces of SOAP's envelopes.
const SOAP_1_1: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP_1_2: &str = "http://www.w3.org/2003/05/soap-envelope";

/// A message in XML that asks for an operation; what else it holds is no part of an inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// The content type, with its parameters.
    pub(super) media: String,
    /// The header that names the operation.
    pub(super) action: Option<(&'static str, String)>,
    /// The text.
    pub(super) text: String,
}

impl Call {
    /// What wraps the operation in a JSON body, if it is named in one.
    pub(super) fn members(&self) -> Option<Json> {
        let operation = self.operation.as_ref().filter(|_| !self.has_no_body())?;
        let name = operation.name.as_str();
        match operation.protocol {
            Protocol::Graphql => Some(
                Json::object()
                    .with("operationName", name)
                    .with("query", self.document(name)),
            ),
            Protocol::JsonRpc => Some(
                Json::object()
                    .with("jsonrpc", "2.0")
                    .with("id", 1_usize)
                    .with("method", name),
            ),
            Protocol::Soap | Protocol::XmlRpc | Protocol::Action => None,
        }
    }

    /// What wraps the operation in the address, if it is named there.
    pub(super) fn wrapping_params(&self) -> Vec<Param<'_>> {
        let operation = self.operation.as_ref().filter(|_| self.has_no_body());
        let Some(Operation {
            protocol: Protocol::Graphql,
            name,
        }) = operation
        else {
            return Vec::new();
        };
        let text = |name, sample| Param {
            name,
            required: false,
            kinds: text(),
            values: Vec::new(),
            sample,
        };
        let mut params = vec![
            Param {
                required: self.sends_documents(),
                ..text("query", Some(self.document(name)))
            },
            Param {
                values: vec![name.clone()],
                ..text("operationName", Some(name.clone()))
            },
        ];
        if !self.sends_documents() {
            params.push(text("extensions", None));
        }
        params
    }

    /// Whether every request held the GraphQL document of its operation.
    pub(super) fn sends_documents(&self) -> bool {
        self.observed.documents == self.observed.requests
    }

    /// The message that asks for the operation, if it is named in one.
    pub(super) fn message(&self) -> Option<Message> {
        let operation = self.operation.as_ref().filter(|_| !self.has_no_body())?;
        let media = self.xml_media().unwrap_or("text/xml");
        match operation.protocol {
            Protocol::Soap => Some(soap(&operation.name, media)),
            Protocol::XmlRpc => Some(Message {
                media: media.to_owned(),
                action: None,
                text: format!(
                    "<?xml version=\"1.0\"?>\n<methodCall>\n  <methodName>{}</methodName>\n  <params/>\n</methodCall>",
                    escaped(&operation.name)
                ),
            }),
            Protocol::Graphql | Protocol::JsonRpc | Protocol::Action => None,
        }
    }

    /// Whether requests of its method have no body, so that an operation is named in the address.
    fn has_no_body(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// The content type of XML that most requests had.
    fn xml_media(&self) -> Option<&str> {
        let known = self.observed.request_media.iter();
        let xml = known.filter(|(media, _)| media.contains("xml") && !media.contains('*'));
        let most = xml.max_by_key(|(_, count)| **count);
        most.map(|(media, _)| media.as_str())
    }

    /// The document that stands for a GraphQL operation, whose own text is no part of an inventory.
    fn document(&self, name: &str) -> String {
        let kind = if self.observed.writes > 0 {
            "mutation"
        } else {
            "query"
        };
        format!("{kind} {name} {{ __typename }}")
    }
}

/// A message of the version that its content type says. The name is that of an element if it can be.
fn soap(name: &str, media: &str) -> Message {
    let newer = media.contains("soap+xml");
    let namespace = if newer { SOAP_1_2 } else { SOAP_1_1 };
    let quoted = format!("\"{name}\"");
    let element = if is_element(name) {
        format!("<{name}/>")
    } else {
        String::new()
    };
    let (media, action) = if newer {
        (format!("{media}; action={quoted}"), None)
    } else {
        (media.to_owned(), Some(("SOAPAction", quoted)))
    };
    Message {
        media,
        action,
        text: format!(
            "<?xml version=\"1.0\"?>\n<soap:Envelope xmlns:soap=\"{namespace}\">\n  <soap:Body>{element}</soap:Body>\n</soap:Envelope>"
        ),
    }
}

/// Whether an element may have the name.
fn is_element(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// A text as it stands in XML.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;")
}

/// The kinds of what is text.
fn text() -> &'static BTreeSet<Kind> {
    static TEXT: OnceLock<BTreeSet<Kind>> = OnceLock::new();
    TEXT.get_or_init(|| BTreeSet::from([Kind::String]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soap_message_is_of_the_version_that_its_content_type_says() {
        let older = soap("GetOrder", "text/xml");
        assert_eq!(older.media, "text/xml");
        assert_eq!(
            older.action,
            Some(("SOAPAction", "\"GetOrder\"".to_owned()))
        );
        assert!(older.text.contains(SOAP_1_1) && older.text.contains("<GetOrder/>"));
        let newer = soap("GetOrder", "application/soap+xml");
        assert_eq!(newer.media, "application/soap+xml; action=\"GetOrder\"");
        assert_eq!(newer.action, None);
        assert!(newer.text.contains(SOAP_1_2));
        for name in ["<key>", "a/b", "7x"] {
            assert!(
                soap(name, "text/xml")
                    .text
                    .contains("<soap:Body></soap:Body>"),
                "{name}"
            );
        }
    }
}
