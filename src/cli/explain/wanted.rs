//! The request that `harcov explain` is asked about.

use url::Url;

use crate::inventory::Endpoint;
use crate::route::{Part, Template};
use crate::scope::split_matrix;

use super::super::Failure;

/// The request that is asked about.
pub(super) struct Wanted {
    pub(super) method: String,
    host: Option<String>,
    /// Its path; segments that are written as parameters fit any.
    pub(super) path: Template,
}

impl Wanted {
    pub(super) fn parse(method: &str, text: &str) -> Result<Self, Failure> {
        let url = Url::parse(text).ok().filter(Url::has_host);
        let path = match &url {
            Some(_) => text
                .split_once("://")
                .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]))
                .unwrap_or("/"),
            None => text,
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let segments = path.split('/').map(|text| split_matrix(text).0);
        let path = segments.collect::<Vec<_>>().join("/");
        let decoded = percent_encoding::percent_decode_str(&path).decode_utf8_lossy();
        let path = decoded.parse().map_err(|error| {
            Failure::new(format!(
                "cannot read the URL: {error}; write a URL or a path such as /users/12"
            ))
        })?;
        Ok(Wanted {
            method: method.to_ascii_uppercase(),
            host: url.and_then(|url| url.host_str().map(str::to_owned)),
            path,
        })
    }

    /// Whether a recorded request is one of these.
    pub(super) fn is_request(&self, method: &str, url: &str) -> bool {
        let Some((host, path)) = place_of(url) else {
            return false;
        };
        let segments = path.split('/').map(|text| split_matrix(text).0);
        let segments: Vec<&str> = segments.filter(|text| !text.is_empty()).collect();
        self.method.eq_ignore_ascii_case(method)
            && segments.len() == self.path.parts.len()
            && self.path.parts.iter().zip(segments).all(|(part, text)| {
                part.matches(&percent_encoding::percent_decode_str(text).decode_utf8_lossy())
            })
            && self
                .host
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(host))
    }

    pub(super) fn is(&self, endpoint: &Endpoint) -> bool {
        let host = |host: &String| endpoint.host.split(':').next() == Some(host);
        self.method == endpoint.method
            && self.host.as_ref().is_none_or(host)
            && self.fits(&endpoint.route)
    }

    pub(super) fn fits(&self, route: &Template) -> bool {
        self.path.parts.len() == route.parts.len()
            && self
                .path
                .parts
                .iter()
                .zip(&route.parts)
                .all(|(wanted, part)| match wanted {
                    Part::Literal(text) => part.matches(text),
                    Part::Param(_) | Part::Mixed(_) => !matches!(part, Part::Literal(_)),
                })
    }

    /// How many segments agree from the start; to find near misses.
    pub(super) fn likeness(&self, route: &Template) -> usize {
        self.path
            .parts
            .iter()
            .zip(&route.parts)
            .take_while(|(wanted, part)| match wanted {
                Part::Literal(text) => part.matches(text),
                Part::Param(_) | Part::Mixed(_) => !matches!(part, Part::Literal(_)),
            })
            .count()
    }
}

/// The host, without its port, and the path of a URL as it was recorded.
fn place_of(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let port = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    let host = &host[..port.unwrap_or(host.len())];
    Some((host, path.split(['?', '#']).next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_requests_fit_by_method_host_and_path() {
        let of = |text| Wanted::parse("get", text).unwrap();
        let url = "https://u:p@App.example:8443/books/12%20a/?q=/x#/y";
        for fits in [
            "/books/12 a",
            "/books/<id>",
            "https://app.example/books/{id}/",
        ] {
            assert!(of(fits).is_request("GET", url), "{fits}");
        }
        for other in ["/books", "/books/13", "https://example/books/<id>"] {
            assert!(!of(other).is_request("GET", url), "{other}");
        }
        assert!(!of("/books/<id>").is_request("POST", url));
        assert!(of("/").is_request("GET", "wss://[::1]:9?x=/y"));
        assert!(!of("/").is_request("GET", "data:text/plain,/"));
    }
}
