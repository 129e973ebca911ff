//! Where a request goes: the URL taken apart.

use std::borrow::Cow;

use url::Url;

/// A URL of the web, taken apart. Userinfo and fragment are dropped here.
#[derive(Debug)]
pub(super) struct Location {
    /// Lower case, with the port where it is not the scheme's own.
    pub(super) host: String,
    /// Decoded segments without their `;` parameters.
    pub(super) segments: Vec<String>,
    /// Whether the path ends in a slash.
    pub(super) slash: bool,
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
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
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
        Ok(Location {
            host,
            segments,
            slash,
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
    Url::parse(text)
        .ok()?
        .host_str()
        .filter(|host| !host.is_empty())
        .map(str::to_owned)
}

/// What of a URL can be shown whatever it holds: scheme, host and port, or the scheme alone.
pub(crate) fn origin_of(text: &str) -> String {
    match Url::parse(text.trim()) {
        Ok(url) => match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{}://{host}:{port}", url.scheme()),
            (Some(host), None) if !host.is_empty() => format!("{}://{host}", url.scheme()),
            _ => format!("{}:", url.scheme()),
        },
        Err(_) => String::new(),
    }
}

/// Percent-decodes a segment and drops `;name=value`, where session ids are put.
fn decode_segment(segment: &str) -> String {
    let segment = match segment.split_once(';') {
        Some((before, after)) if after.contains('=') => before,
        _ => segment,
    };
    percent_encoding::percent_decode_str(segment)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let l = Location::parse("https://u:p@Ex.com:443/a%20b/;jsessionid=1/c;v=2/?q=1#f").unwrap();
        assert_eq!(l.host, "ex.com");
        assert_eq!(l.segments, ["a b", "", "c"]);
        assert!(l.slash);
        assert_eq!(
            Location::parse("http://[::1]:8080/").unwrap().host,
            "[::1]:8080"
        );
        assert_eq!(Location::parse("data:x").unwrap_err(), NotWeb::Other);
        assert_eq!(Location::parse("/relative").unwrap_err(), NotWeb::Other);
        assert_eq!(Location::parse("wss://x/y").unwrap_err(), NotWeb::Websocket);
    }
}
