//! The gate: one entry in, an exchange or the reason why it does not count out.

use regex::Regex;

use crate::capture::{Body, Entry, Response};
use crate::value::{Segment, Values};

use super::exchange::{Exchange, Field, Payload};
use super::location::{Location, NotWeb, host_of};
use super::noise::Noise;
use super::skip::Skip;
use super::{body, json, operation};

/// What the configuration says of which traffic counts.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The API's hosts, lower case, `*.` allowed in front; empty: found from the traffic.
    pub hosts: Vec<String>,
    /// Paths that do not count.
    pub exclude: Vec<Regex>,
    /// Paths that count although a table would leave them out.
    pub include: Vec<Regex>,
}

/// What the gate says of an entry.
#[derive(Debug)]
pub enum Passed {
    /// It counts, if its host turns out to be one of the API's.
    Exchange(Box<Exchange>),
    /// It would count, but there was no response; it does if the capture holds no responses at all.
    Unanswered(Box<Exchange>),
    /// It does not count.
    Skipped(Skip),
}

/// Turns entries into exchanges.
#[derive(Debug)]
pub struct Gate<'a> {
    filter: &'a Filter,
    values: &'a Values,
    noise: &'static Noise,
}

/// What an entry says of who made the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// A program: `fetch`, XHR.
    Program,
    /// The browser, for a page.
    Browser,
    /// Not told.
    Unknown,
}

impl<'a> Gate<'a> {
    /// A gate that makes values' tokens with `values`.
    pub fn new(filter: &'a Filter, values: &'a Values) -> Self {
        Gate {
            filter,
            values,
            noise: Noise::built_in(),
        }
    }

    /// Says whether an entry counts.
    pub fn pass(&self, entry: &Entry<'_>) -> Passed {
        let location = match Location::parse(&entry.request.url) {
            Ok(location) => location,
            Err(NotWeb::Websocket) => return Passed::Skipped(Skip::Websocket),
            Err(NotWeb::Other) => return Passed::Skipped(Skip::NotHttp),
        };
        let path = location.path();
        if self.filter.exclude.iter().any(|regex| regex.is_match(path)) {
            return Passed::Skipped(Skip::Excluded);
        }
        let included = self.filter.include.iter().any(|regex| regex.is_match(path));
        if !included {
            if let Some(skip) = self.noise_of(entry, &location) {
                return Passed::Skipped(skip);
            }
        }
        let answered = entry.response.is_some() && !entry.failed;
        let exchange = Box::new(self.exchange(entry, &location));
        if answered {
            Passed::Exchange(exchange)
        } else {
            Passed::Unanswered(exchange)
        }
    }

    /// The first reason in the table's order why an entry is noise.
    fn noise_of(&self, entry: &Entry<'_>, location: &Location) -> Option<Skip> {
        let kind = entry.resource_type.as_deref().unwrap_or_default();
        let method = entry.request.method.as_ref();
        if kind == "websocket" || status(entry) == Some(101) {
            return Some(Skip::Websocket);
        }
        if method == "CONNECT" {
            return Some(Skip::NotHttp);
        }
        if method == "OPTIONS" || kind == "preflight" {
            return Some(Skip::Preflight);
        }
        if self.noise.beacon_types.contains(kind) {
            return Some(Skip::Analytics);
        }
        let caller = self.caller(entry);
        if self.is_asset(entry, location, kind, caller) {
            return Some(Skip::Asset);
        }
        let response = entry.response.as_ref()?;
        if is_redirect(response) && (caller == Caller::Browser || caller == Caller::Unknown && method == "GET") {
            return Some(Skip::Redirect);
        }
        let reads = matches!(method, "GET" | "HEAD");
        let page = caller == Caller::Browser || caller == Caller::Unknown && reads;
        if page && payload(entry) == Payload::Html {
            return Some(Skip::Page);
        }
        None
    }

    fn caller(&self, entry: &Entry<'_>) -> Caller {
        let kind = entry.resource_type.as_deref().unwrap_or_default();
        let header = |name: &str| {
            entry
                .request
                .headers
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value.as_ref())
        };
        if self.noise.call_types.contains(kind)
            || self.noise.call_headers.iter().any(|name| header(name).is_some())
            || matches!(header("sec-fetch-dest"), Some("empty"))
            || header("accept").is_some_and(|accept| accept.starts_with("application/json"))
        {
            return Caller::Program;
        }
        if self.noise.page_types.contains(kind)
            || matches!(header("sec-fetch-mode"), Some("navigate"))
        {
            return Caller::Browser;
        }
        Caller::Unknown
    }

    /// By resource type, else by the response's content type, else by the path's ending; a JSON
    /// answer, or a call made by a program, is no asset for its ending's sake alone.
    fn is_asset(&self, entry: &Entry<'_>, location: &Location, kind: &str, caller: Caller) -> bool {
        if self.noise.asset_types.contains(kind) {
            return true;
        }
        let reads = matches!(entry.request.method.as_ref(), "GET" | "HEAD");
        if !reads {
            return false;
        }
        if self.noise.is_well_known(location.path()) {
            return true;
        }
        let media = media_of(entry);
        if self.noise.is_asset_media(&media) && payload(entry) != Payload::Json {
            return true;
        }
        caller != Caller::Program
            && self.noise.is_asset_path(location.path())
            && payload(entry) != Payload::Json
    }

    fn exchange(&self, entry: &Entry<'_>, location: &Location) -> Exchange {
        let payload = payload(entry);
        Exchange {
            index: entry.index,
            at: entry.started,
            method: method_name(&entry.request.method),
            host: location.host.clone(),
            segments: Segment::path(
                location.segments.iter().map(String::as_str),
                self.values.tokens(),
            ),
            slash: location.slash,
            operation: operation::operation(location, &entry.request),
            params: body::params(location, &entry.request, self.values),
            request_media: entry.request.media.as_deref().map(media_type),
            status: status(entry),
            response_media: entry
                .response
                .as_ref()
                .and_then(|response| response.media.as_deref())
                .map(media_type),
            payload,
            fields: self.fields(entry, payload),
            page_host: page_host(entry),
            auth: self.auth(entry),
        }
    }

    fn fields(&self, entry: &Entry<'_>, payload: Payload) -> Vec<Field> {
        let text = entry
            .response
            .as_ref()
            .and_then(|response| response.body.text());
        let Some(text) = text.filter(|_| payload == Payload::Json) else {
            return Vec::new();
        };
        json::leaves(text, self.values)
            .unwrap_or_default()
            .into_iter()
            .map(|leaf| Field {
                path: leaf.path,
                value: leaf.value,
            })
            .collect()
    }

    /// Names of the credentials sent, sorted.
    fn auth(&self, entry: &Entry<'_>) -> Vec<String> {
        let mut names: Vec<String> = entry
            .request
            .headers
            .iter()
            .filter(|(name, _)| self.noise.auth_headers.contains(name.as_ref()))
            .map(|(name, _)| name.to_string())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A method as reports show it: letters only, so that nothing can hide in it.
pub(crate) fn method_name(method: &str) -> String {
    let name: String = method
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(20)
        .collect();
    if name.is_empty() {
        "UNKNOWN".to_owned()
    } else {
        name
    }
}

fn status(entry: &Entry<'_>) -> Option<u16> {
    entry.response.as_ref().map(|response| response.status)
}

fn is_redirect(response: &Response<'_>) -> bool {
    matches!(response.status, 300..=303 | 307 | 308)
}

/// A content type without its parameters, in lower case, of a form that can be shown.
fn media_type(media: &str) -> String {
    media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "/+.-_*".contains(*c))
        .take(80)
        .collect()
}

fn media_of(entry: &Entry<'_>) -> String {
    entry
        .response
        .as_ref()
        .and_then(|response| response.media.as_deref())
        .map(media_type)
        .unwrap_or_default()
}

/// What the body is, by its content type and, for text, by how it begins.
fn payload(entry: &Entry<'_>) -> Payload {
    let Some(response) = &entry.response else {
        return Payload::NotCaptured;
    };
    let media = media_of(entry);
    match &response.body {
        Body::Empty => Payload::Empty,
        Body::NotCaptured => {
            if media.contains("html") {
                Payload::Html
            } else {
                Payload::NotCaptured
            }
        }
        Body::Bytes(_) => Payload::Binary,
        Body::Text(text) => text_payload(text, &media),
    }
}

fn text_payload(text: &str, media: &str) -> Payload {
    let start = text.trim_start();
    if start.is_empty() {
        Payload::Empty
    } else if json::looks_like_json(start) && !media.contains("javascript") && !media.contains("css") {
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

/// The host of the page that sent the request.
fn page_host(entry: &Entry<'_>) -> Option<String> {
    ["origin", "referer"].iter().find_map(|wanted| {
        let (_, value) = entry
            .request
            .headers
            .iter()
            .find(|(name, _)| name == wanted)?;
        host_of(value)
    })
}
