//! Where a request goes: the URL taken apart.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::OnceLock;

use serde::Deserialize;
use url::Url;

use crate::value::{Segment, Sensitive, Tokens, holds_value};

use super::hosts::site;
use super::recall::Recall;

/// A URL of the web, taken apart. Userinfo and fragment are dropped here.
#[derive(Debug)]
pub(super) struct Location {
    /// Lower case, with the port where it is not the scheme's own.
    pub(super) host: String,
    /// Decoded segments without their `;` parameters.
    pub(super) segments: Vec<String>,
    /// Whether the path ends in a slash.
    pub(super) slash: bool,
    /// Decoded `;` parameters of the segments but those of sessions; a name without a value has an empty one.
    pub(super) matrix: Vec<(String, String)>,
    url: Url,
}

/// What a URL is, if not one of the web.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotWeb {
    /// `ws:` or `wss:`.
    Websocket,
    /// Another scheme, or no absolute URL.
    Other,
}

impl Location {
    pub(super) fn parse(text: &str) -> Result<Self, NotWeb> {
        let url = Url::parse(text.trim()).map_err(|_| NotWeb::Other)?;
        match url.scheme() {
            "http" | "https" => {}
            "ws" | "wss" => return Err(NotWeb::Websocket),
            _ => return Err(NotWeb::Other),
        }
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{}:{port}", shown_host(host)),
            (Some(host), None) => shown_host(host).into_owned(),
            (None, _) => return Err(NotWeb::Other),
        };
        let path = url.path().strip_prefix('/').unwrap_or(url.path());
        let slash = path.ends_with('/');
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments = if path.is_empty() {
            Vec::new()
        } else {
            path.split('/').map(decode_segment).collect()
        };
        let matrix = if path.contains(';') {
            path.split('/').flat_map(matrix).collect()
        } else {
            Vec::new()
        };
        Ok(Location {
            host,
            segments,
            slash,
            matrix,
            url,
        })
    }

    /// The path as written.
    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    /// The query's pairs, decoded.
    pub(super) fn query(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.url.query_pairs()
    }
}

/// The host of a URL, without the port, for comparing sites.
pub(crate) fn host_of(text: &str) -> Option<String> {
    thread_local! {
        static KNOWN: RefCell<Recall<Option<String>>> = RefCell::default();
    }
    let host = || {
        let url = Url::parse(text).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty())?;
        Some(shown_host(host).into_owned())
    };
    KNOWN.with_borrow_mut(|known| known.of(text, host))
}

/// A host with a star for each label of a value's own (`u13800138000.shop.example`, a tenant's id),
/// except those that one owner registers; an address is a host's only name and stays.
pub(crate) fn shown_host(host: &str) -> Cow<'_, str> {
    thread_local! {
        static KNOWN: RefCell<Recall<Option<String>>> = RefCell::default();
    }
    let masked = KNOWN.with_borrow_mut(|known| {
        known.of(host, || match masked_host(host) {
            Cow::Borrowed(_) => None,
            Cow::Owned(masked) => Some(masked),
        })
    });
    masked.map_or(Cow::Borrowed(host), Cow::Owned)
}

fn masked_host(host: &str) -> Cow<'_, str> {
    let own = site(host).len();
    let below = &host[..host.len() - own];
    if !host.contains('.') && is_value_host_label(host) {
        // What stands alone is no domain: `https:///token` makes a host of what is none.
        return Cow::Borrowed("*");
    }
    if below.is_empty() || !below.split('.').any(is_value_host_label) {
        return Cow::Borrowed(host);
    }
    let mut shown = String::with_capacity(host.len());
    for label in below.split_terminator('.') {
        shown += if is_value_host_label(label) {
            "*"
        } else {
            label
        };
        shown.push('.');
    }
    shown += &host[below.len()..];
    Cow::Owned(shown)
}

/// Whether a label of a host is a value.
pub(crate) fn is_value_host_label(label: &str) -> bool {
    if holds_value(label) {
        return true;
    }
    let named = || Sensitive::built_in().is_name(label);
    let suspicious = label.len() > 20
        || !label.is_ascii()
        || label.bytes().filter(u8::is_ascii_digit).count() >= 3;
    if !suspicious {
        return !label.contains(|c: char| c.is_ascii_digit()) && named();
    }
    named() || Segment::parse(label, &Tokens::default()).text().is_none()
}

/// What of a URL can be shown whatever it holds: scheme, host and port, or the scheme alone.
pub(crate) fn origin_of(text: &str) -> String {
    match Url::parse(text.trim()) {
        Ok(url) => match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => {
                format!("{}://{}:{port}", shown_scheme(&url), shown_host(host))
            }
            (Some(host), None) if !host.is_empty() => {
                format!("{}://{}", shown_scheme(&url), shown_host(host))
            }
            _ => format!("{}:", shown_scheme(&url)),
        },
        Err(_) => String::new(),
    }
}

/// A scheme that is known; another one may be anything.
fn shown_scheme(url: &Url) -> &str {
    const KNOWN: [&str; 12] = [
        "http",
        "https",
        "ws",
        "wss",
        "data",
        "blob",
        "file",
        "about",
        "ftp",
        "chrome-extension",
        "moz-extension",
        "javascript",
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == url.scheme())
        .unwrap_or("other")
}

/// A segment of a path as it is written: what it says itself, and its `;name=value` parameters.
pub(crate) fn split_matrix(segment: &str) -> (&str, Option<&str>) {
    match segment.split_once(';') {
        Some((before, params)) if params.contains('=') => (before, Some(params)),
        _ => (segment, None),
    }
}

/// Percent-decodes a segment without its parameters.
fn decode_segment(segment: &str) -> String {
    decode(split_matrix(segment).0)
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// The parameters of a segment, decoded.
fn matrix(segment: &str) -> impl Iterator<Item = (String, String)> {
    let (_, params) = split_matrix(segment);
    let pairs = params.unwrap_or_default().split(';');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .filter(|(name, _)| !is_session(name))
}

/// Whether a matrix parameter of this name carries the session.
pub(crate) fn is_session(name: &str) -> bool {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        sessions: Vec<String>,
    }
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("location.toml")).expect("location.toml is valid")
    });
    let mut sessions = table.sessions.iter();
    sessions.any(|session| session.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_are_values_are_not_shown() {
        for (host, shown) in [
            ("ct.womovie.cn", "ct.womovie.cn"),
            ("api2.v3.example.com", "api2.v3.example.com"),
            ("u13800138000.shop.example.com", "*.shop.example.com"),
            ("13800138000.example.com", "*.example.com"),
            (
                "550e8400-e29b-41d4-a716-446655440000.app.example.com",
                "*.app.example.com",
            ),
            ("alice.blog.example.com", "*.blog.example.com"),
            ("192.168.1.20", "192.168.1.20"),
            ("13800138000.cn", "13800138000.cn"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(shown_host(host), shown, "{host}");
        }
        assert_eq!(
            origin_of("https://u:p@13800138000.a.example.com:8/x"),
            "https://*.a.example.com:8"
        );
        assert_eq!(origin_of("hunterzebra:x"), "other:");
    }

    #[test]
    fn urls_are_taken_apart() {
        let l = Location::parse("https://u:p@Ex.com:443/a%20b/;jsessionid=1/c;v=2/?q=1#f").unwrap();
        assert_eq!(l.host, "ex.com");
        assert_eq!(l.segments, ["a b", "", "c"]);
        assert!(l.slash);
        assert_eq!(l.matrix, [("v".to_owned(), "2".to_owned())]);
        assert_eq!(
            Location::parse("http://[::1]:8080/").unwrap().host,
            "[::1]:8080"
        );
        assert_eq!(Location::parse("data:x").unwrap_err(), NotWeb::Other);
        assert_eq!(Location::parse("/relative").unwrap_err(), NotWeb::Other);
        assert_eq!(Location::parse("wss://x/y").unwrap_err(), NotWeb::Websocket);
    }
}
