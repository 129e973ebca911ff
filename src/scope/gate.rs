//! The gate: one entry in, an exchange or the reason why it does not count out.

use std::cell::RefCell;

use regex::Regex;

use crate::capture::Entry;
use crate::value::keyed::Keyed;
use crate::value::{Privacy, Segment, Sensitive, Tokens, Values, holds_value};

use super::exchange::{Exchange, Param, Payload};
use super::fields::Fields;
use super::identity::{self, Credentials};
use super::limits::Limits;
use super::location::{Location, NotWeb, host_of};
use super::noise::Noise;
use super::recall::{self, Recall};
use super::seen::Seen;
use super::skip::Skip;
use super::{body, carried, json, nested, operation, parts};

/// What the configuration says of which traffic counts, and how much of it is kept.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// The API's hosts, lower case, `*.` allowed in front; empty: found from the traffic.
    pub hosts: Vec<String>,
    /// Paths that do not count.
    pub exclude: Vec<Regex>,
    /// Paths that count although a table would leave them out.
    pub include: Vec<Regex>,
    /// Which values may be shown, beyond the built-in rules.
    pub privacy: Privacy,
    /// How much of it is kept.
    pub limits: Limits,
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
        let seen = Seen::new(entry);
        if !included && let Some(skip) = self.noise_of(&seen, &location) {
            return Passed::Skipped(skip);
        }
        let answered = entry.response.is_some() && !entry.failed;
        let exchange = Box::new(self.exchange(&seen, &location));
        if answered {
            Passed::Exchange(exchange)
        } else {
            Passed::Unanswered(exchange)
        }
    }

    /// The first reason in the table's order why an entry is noise.
    fn noise_of(&self, seen: &Seen<'_, '_>, location: &Location) -> Option<Skip> {
        let method = seen.entry.request.method.as_ref();
        if seen.kind == "websocket" || seen.status() == Some(101) {
            return Some(Skip::Websocket);
        }
        if method == "CONNECT" {
            return Some(Skip::NotHttp);
        }
        if method == "OPTIONS" || seen.kind == "preflight" {
            return Some(Skip::Preflight);
        }
        if self.noise.beacon_types.contains(seen.kind) {
            return Some(Skip::Analytics);
        }
        let caller = self.caller(seen);
        if self.is_asset(seen, location, caller) {
            return Some(Skip::Asset);
        }
        let status = seen.status()?;
        let browser = caller == Caller::Browser || caller == Caller::Unknown && seen.reads();
        if browser && is_redirect(status) {
            return Some(Skip::Redirect);
        }
        if browser && seen.payload() == Payload::Html {
            return Some(Skip::Page);
        }
        if caller == Caller::Browser && seen.reads() && is_page_without_body(seen) {
            return Some(Skip::Page);
        }
        None
    }

    fn caller(&self, seen: &Seen<'_, '_>) -> Caller {
        let marked = |name: &String| seen.header(name).is_some();
        if self.noise.call_types.contains(seen.kind)
            || self.noise.call_headers.iter().any(marked)
            || seen.header("sec-fetch-dest") == Some("empty")
            || seen
                .header("accept")
                .is_some_and(|accept| accept.starts_with("application/json"))
        {
            return Caller::Program;
        }
        if self.noise.page_types.contains(seen.kind)
            || seen.header("sec-fetch-mode") == Some("navigate")
        {
            return Caller::Browser;
        }
        Caller::Unknown
    }

    /// By resource type, else by the response's content type, else by the path's ending. A JSON
    /// answer, or a call made by a program, is no asset for its ending's sake alone; a JSON answer
    /// that is said to be JavaScript, or loaded as a script that calls a function with it, is none if its
    /// path does not end so too.
    fn is_asset(&self, seen: &Seen<'_, '_>, location: &Location, caller: Caller) -> bool {
        if self.noise.asset_types.contains(seen.kind) {
            return !self.noise.script_types.contains(seen.kind)
                || self.noise.is_asset_path(location.path())
                || !is_asked_for(seen, location);
        }
        if !seen.reads() {
            return false;
        }
        if self.noise.is_well_known(location.path()) {
            return true;
        }
        let ending = self.noise.is_asset_path(location.path());
        if self.noise.is_asset_media(&seen.media) {
            let script = seen.media.contains("javascript");
            let json = || seen.answer().text().is_some_and(nested::looks_like_json);
            let wrapped = || is_asked_for(seen, location) || seen.is_guarded();
            return ending || !script || !(json() || wrapped());
        }
        ending && caller != Caller::Program && seen.payload() != Payload::Json
    }

    fn exchange(&self, seen: &Seen<'_, '_>, location: &Location) -> Exchange {
        let entry = seen.entry;
        let payload = seen.payload();
        let credentials = Credentials::of(entry);
        let body = entry.request.body.decode();
        let mut found = operation::operation(location, &entry.request, &body);
        let asks = found.as_mut().map(|found| std::mem::take(&mut found.asks));
        let document = found.as_ref().is_some_and(|found| found.document);
        let writes = found.as_ref().and_then(|found| found.writes);
        let safe = self
            .noise
            .safe_methods
            .contains(entry.request.method.as_ref());
        let body::Sent { mut params, rest } = body::sent(
            location,
            &entry.request,
            &body,
            seen.callback(),
            self.values,
        );
        let operation = found
            .map(|found| found.operation)
            .or_else(|| operation::by_action(location, &params));
        if let Some(operation) = &operation {
            let protocol = operation.protocol;
            params.retain(|param| !protocol.is_envelope(param.place, &param.name));
        }
        let auth = self.auth(&credentials, location, &params);
        Exchange {
            index: entry.index,
            at: entry.started,
            took_ms: entry.took_ms,
            method: method_name(&entry.request.method),
            host: location.host.clone(),
            segments: recall::segments(location, self.values.tokens()),
            slash: location.slash,
            operation,
            writes: writes.unwrap_or(!safe),
            document,
            identity: identity::identity(&credentials, &params, self.values),
            carried: carried::carried(entry, self.values),
            given: carried::given(entry, self.values),
            params,
            beyond: parts::beyond(
                rest,
                &asks.unwrap_or_default(),
                &entry.request.headers,
                self.values,
            ),
            request_media: entry.request.media.as_deref().map(media_type),
            status: seen.status(),
            response_media: (!seen.media.is_empty()).then(|| seen.media.clone()),
            payload,
            fields: self.fields(seen, payload),
            page_host: ["origin", "referer"]
                .iter()
                .find_map(|name| host_of(seen.header(name)?)),
            auth,
        }
    }

    fn fields(&self, seen: &Seen<'_, '_>, payload: Payload) -> Fields {
        if payload != Payload::Json {
            return Fields::default();
        }
        if let Some((text, _)) = seen.wrapped() {
            return json::answered_text(text, self.values).unwrap_or_default();
        }
        let body = seen.entry.response.as_ref().map(|response| response.body);
        body.and_then(|body| json::answered(&body, self.values))
            .unwrap_or_default()
    }

    /// Names of the credentials sent, sorted.
    fn auth(
        &self,
        credentials: &Credentials<'_>,
        location: &Location,
        params: &[Param],
    ) -> Vec<String> {
        let headers =
            credentials
                .named()
                .map(|(name, value)| match self.noise.auth_scheme(name, value) {
                    Some(scheme) => format!("{name}: {scheme}"),
                    None => body::shown_name(name, self.values),
                });
        let keys = identity::key_params(location, params);
        let keys = keys.map(|param| (param.place, param.name.clone()).to_text());
        let mut names: Vec<String> = headers.chain(keys).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A method as reports show it: one of those that are known, so that nothing can hide in it.
pub(crate) fn method_name(method: &str) -> String {
    if Noise::built_in().methods.contains(method) {
        method.to_owned()
    } else {
        "UNKNOWN".to_owned()
    }
}

/// Whether the response calls a function that the request names, as JSONP does and scripts do not.
fn is_asked_for(seen: &Seen<'_, '_>, location: &Location) -> bool {
    seen.callback()
        .is_some_and(|name| location.query().any(|(_, value)| value == name))
}

/// Whether what a browser opened is a page of which nothing came (as with 304) or nothing was captured: it is
/// not said to be anything else.
fn is_page_without_body(seen: &Seen<'_, '_>) -> bool {
    let nothing = matches!(seen.payload(), Payload::Empty | Payload::NotCaptured);
    nothing && (seen.media.is_empty() || seen.media.contains("html"))
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 300..=303 | 307 | 308)
}

/// A content type without its parameters, in lower case, of a form that can be shown; parts that
/// are values are a star.
pub(super) fn media_type(media: &str) -> String {
    thread_local! {
        static KNOWN: RefCell<Recall<String>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| known.of(media, || shown_media_type(media)))
}

fn shown_media_type(media: &str) -> String {
    let plain = media.split(';').next().unwrap_or_default().trim();
    let token = |c: char| c.is_ascii_alphanumeric() || "/+.-_*!#$&^'|~%".contains(c);
    let bare = !plain.contains('/') && holds_value(plain);
    if bare || !plain.chars().all(token) || Sensitive::built_in().find(plain).is_some() {
        let kind = plain.split('/').next().unwrap_or_default();
        let known = [
            "application",
            "text",
            "image",
            "multipart",
            "audio",
            "video",
            "font",
        ];
        let kind = known.iter().find(|known| kind.eq_ignore_ascii_case(known));
        return format!("{}/*", kind.unwrap_or(&"*"));
    }
    let shown = plain_media_type(media);
    let words = || shown.split(['/', '+', '.', '-']);
    if shown.bytes().filter(u8::is_ascii_digit).count() < 5 && !words().any(is_scrambled) {
        return shown;
    }
    let is_value = |part: &str| {
        part.split('-').any(is_scrambled)
            || Sensitive::built_in().is_name(part)
            || holds_value(part)
            || Segment::parse(part, &Tokens::default()).text().is_none()
    };
    let mut masked = String::with_capacity(shown.len());
    for part in shown.split_inclusive(['/', '+', '.']) {
        let text = part.trim_end_matches(['/', '+', '.']);
        masked += if is_value(text) { "*" } else { text };
        masked += &part[text.len()..];
    }
    masked
}

/// Whether letters and digits change as often as in passwords; `3gpp2` and `mp4` do not.
fn is_scrambled(word: &str) -> bool {
    let runs = word
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .count();
    runs >= 3 || runs == 2 && word.len() >= 8
}

fn plain_media_type(media: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_content_types_hide_nothing() {
        assert_eq!(method_name("PATCH"), "PATCH");
        assert_eq!(method_name("HUNTERZEBRA"), "UNKNOWN");
        assert_eq!(
            media_type("Application/JSON; charset=utf-8"),
            "application/json"
        );
        assert_eq!(
            media_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        );
        assert_eq!(
            media_type("application/vnd.u13800138000+json"),
            "application/vnd.*+json"
        );
    }
}
