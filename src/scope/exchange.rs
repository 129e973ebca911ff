//! The exchange: one request with its response, normalised and without raw values.

use crate::value::keyed::Keyed;
use crate::value::{Segment, Token, Value};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::fields::Fields;

/// Where a parameter is sent.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A variable segment of the path.
    Path,
    /// The query string, or a `;name=value` of the path.
    Query,
    /// A URL-encoded form body.
    Form,
    /// A multipart form body.
    Multipart,
    /// A JSON body.
    Json,
    /// A request header (only those that the API reads, such as a version switch).
    Header,
    /// A cookie.
    Cookie,
}

impl Place {
    /// The word for this place in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Place::Path => "path",
            Place::Query => "query",
            Place::Form => "form",
            Place::Multipart => "multipart",
            Place::Json => "json",
            Place::Header => "header",
            Place::Cookie => "cookie",
        }
    }
}

impl Place {
    /// All of them.
    pub const ALL: [Place; 7] = [
        Place::Path,
        Place::Query,
        Place::Form,
        Place::Multipart,
        Place::Json,
        Place::Header,
        Place::Cookie,
    ];
}

/// A parameter, as `query page`.
impl Keyed for (Place, String) {
    fn to_text(&self) -> String {
        format!("{} {}", self.0.name(), self.1)
    }

    fn of_text(text: &str) -> Option<Self> {
        let (place, name) = text.split_once(' ')?;
        let place = Place::ALL.into_iter().find(|known| known.name() == place)?;
        Some((place, name.to_owned()))
    }
}

/// What kind of protocol puts several operations behind one route.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// A GraphQL operation name, or the root field of an anonymous query.
    Graphql,
    /// The `method` of a JSON-RPC call.
    JsonRpc,
    /// The action of a SOAP message, or the first element of its body.
    Soap,
    /// The `methodName` of an XML-RPC call.
    XmlRpc,
    /// A parameter such as `action` where one program serves many operations.
    Action,
}

impl Protocol {
    /// The word for this protocol in files.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Graphql => "graphql",
            Protocol::JsonRpc => "json-rpc",
            Protocol::Soap => "soap",
            Protocol::XmlRpc => "xml-rpc",
            Protocol::Action => "action",
        }
    }

    /// Whether a parameter only wraps the operation: its document, its name, the protocol's version.
    /// That of JSON-RPC stands in the body alone.
    pub(crate) fn is_envelope(self, place: Place, param: &str) -> bool {
        let top = param
            .trim_start_matches("[].")
            .split(['.', '['])
            .next()
            .unwrap_or_default();
        match self {
            Protocol::Graphql => matches!(top, "query" | "operationName" | "extensions"),
            Protocol::JsonRpc => place == Place::Json && matches!(top, "jsonrpc" | "method" | "id"),
            Protocol::Soap | Protocol::XmlRpc | Protocol::Action => false,
        }
    }
}

/// One operation behind a route that serves several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Operation {
    /// How the operation is named in the request.
    pub protocol: Protocol,
    /// Its name, as sent.
    pub name: String,
}

/// One parameter of a request; path parameters come from the route instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Where it was sent.
    pub place: Place,
    /// Its name; for JSON bodies the dotted path (`items[].sku`).
    pub name: String,
    /// What is known of its value.
    pub value: Value,
}

/// A header or cookie of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Which of the two.
    pub place: Place,
    /// Its name.
    pub name: SmolStr,
    /// Stands for its value.
    pub token: Token,
}

/// A value of a response's header or cookie, or of an address in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Which of the two.
    pub place: Place,
    /// Its name.
    pub name: SmolStr,
    /// Stands for the value.
    pub token: Token,
    /// Whether an equal value elsewhere is likely to be the same thing and no coincidence.
    pub linkable: bool,
}

impl Given {
    /// Its name among those of response fields, which begin with no such word and a blank.
    pub fn field(&self) -> String {
        format!("{} {}", self.place.name(), self.name)
    }
}

/// Where a response gave a value: in a header or cookie of this name, else in its body.
pub fn given_in(field: &str) -> (Option<Place>, &str) {
    for place in [Place::Header, Place::Cookie] {
        let name = field.strip_prefix(place.name());
        if let Some(name) = name.and_then(|rest| rest.strip_prefix(' ')) {
            return (Some(place), name);
        }
    }
    (None, field)
}

/// What came back in the body.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    /// The capture holds no body although there may have been one.
    NotCaptured,
    /// The response had no body.
    Empty,
    /// JSON under whatever content type.
    Json,
    /// An HTML document.
    Html,
    /// XML.
    Xml,
    /// Any other text.
    Text,
    /// Bytes.
    Binary,
}

/// One request with its response, normalised, with tokens in place of values.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Position of the entry in its capture, from 0.
    pub index: usize,
    /// When the request started, in microseconds since 1970 UTC.
    pub at: Option<i64>,
    /// How long it took, in milliseconds.
    pub took_ms: Option<u32>,
    /// The HTTP method, in upper case.
    pub method: String,
    /// Host in lower case, with the port where it is not the scheme's own.
    pub host: String,
    /// The path, segment by segment.
    pub segments: Vec<Segment>,
    /// Whether the path ends in a slash.
    pub slash: bool,
    /// The operation, where the route serves several.
    pub operation: Option<Operation>,
    /// Whether the request may have changed state: by its method, or as its protocol says.
    pub writes: bool,
    /// Whether it holds the GraphQL document of its operation; a hash may stand for that.
    pub document: bool,
    /// Query, form and body parameters in order of appearance.
    pub params: Vec<Param>,
    /// Stands for what else it asks for or sends: what of its body the parameters do not tell, and headers such as
    /// `Range`.
    pub beyond: Option<Token>,
    /// Content type of the request body, without its parameters.
    pub request_media: Option<String>,
    /// The status; absent if there was no response.
    pub status: Option<u16>,
    /// Content type of the response body, without its parameters.
    pub response_media: Option<String>,
    /// What came back.
    pub payload: Payload,
    /// The fields of a JSON response, each array's items merged.
    pub fields: Fields,
    /// The host of the page that sent the request, from `Origin` or `Referer`.
    pub page_host: Option<String>,
    /// How the request is authenticated: names of headers, where they have a known scheme with it
    /// (`authorization: bearer`, `cookie`), and of parameters whose value tells (`query key`), never a value.
    pub auth: Vec<String>,
    /// Who made the request, as far as a credential says it.
    pub identity: Option<Token>,
    /// Headers and cookies of the request that may carry what a response gave.
    pub carried: Vec<Carried>,
    /// Headers and cookies of the response that may give what a later request carries.
    pub given: Vec<Given>,
}
