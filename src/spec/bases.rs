//! Where routes are mounted: hosts and base paths.

use std::collections::BTreeMap;

use super::Notes;
use super::tree::Node;
use crate::route::Part;
use crate::route::Template;

/// A host and the path that stands before all routes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Base {
    /// The host in lower case, with the port where it is not the scheme's own; absent if the
    /// description names none.
    pub host: Option<String>,
    /// The path before the routes; empty if there is none.
    pub path: Vec<Part>,
}

impl Base {
    /// Reads `https://api.example.com/v1`, `//api.example.com` or `/v1`; nothing if it is neither.
    pub(super) fn parse(url: &str) -> Option<Base> {
        let url = url.trim();
        let (scheme, rest) = match url.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                (scheme.trim_end_matches(':'), rest)
            }
            _ => {
                let path = path_of(url)?;
                return Some(Base { host: None, path });
            }
        };
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        Some(Base {
            host: host(scheme, authority),
            path: path_of(path)?,
        })
    }

    /// A route behind this base.
    pub fn mount(&self, route: &Template) -> Template {
        Template {
            parts: self.path.iter().chain(&route.parts).cloned().collect(),
            slash: route.slash,
        }
    }
}

/// The host of an authority; absent where a variable stands in it.
fn host(scheme: &str, authority: &str) -> Option<String> {
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '<', ' ', '$']) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let own = match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => ":80",
        _ => ":443",
    };
    Some(host.strip_suffix(own).unwrap_or(&host).to_owned())
}

/// The segments of a base path.
fn path_of(path: &str) -> Option<Vec<Part>> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_matches('/');
    if path.is_empty() || path == "." {
        return Some(Vec::new());
    }
    let route: Template = format!("/{path}").parse().ok()?;
    Some(route.parts)
}

/// The bases of an OpenAPI 3 `servers` list.
pub(super) fn servers(list: Option<&Node>, notes: &mut Notes) -> Vec<Base> {
    let mut bases = Vec::new();
    for server in list.map(Node::items).unwrap_or_default() {
        let Some(url) = server.text_of("url") else {
            notes.warn(server.line, "the server has no `url`");
            continue;
        };
        let variables: BTreeMap<&str, &str> = server
            .get("variables")
            .map(|variables| variables.entries())
            .unwrap_or_default()
            .iter()
            .filter_map(|(name, variable)| Some((name.text.as_str(), variable.text_of("default")?)))
            .collect();
        match Base::parse(&filled(url, &variables)) {
            Some(base) if !bases.contains(&base) => bases.push(base),
            Some(_) => {}
            None => notes.warn(server.line, format!("the server `{url}` cannot be read")),
        }
    }
    bases
}

/// The bases of an OpenAPI 2 file.
pub(super) fn swagger(root: &Node) -> Vec<Base> {
    let host = root.text_of("host").unwrap_or_default();
    let path = root.text_of("basePath").unwrap_or_default();
    if host.is_empty() && path.is_empty() {
        return Vec::new();
    }
    let schemes = root.get("schemes").map(|schemes| schemes.items());
    let scheme = schemes
        .and_then(|schemes| schemes.first()?.text())
        .unwrap_or("https");
    let url = if host.is_empty() {
        path.to_owned()
    } else {
        format!("{scheme}://{host}/{}", path.trim_start_matches('/'))
    };
    Base::parse(&url).into_iter().collect()
}

/// A URL whose `{variables}` are filled where a value is known.
fn filled(url: &str, variables: &BTreeMap<&str, &str>) -> String {
    let mut out = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open + 1..open + close];
        out.push_str(&rest[..open]);
        match variables.get(name) {
            Some(value) => out.push_str(value),
            None => out.push_str(&rest[open..=open + close]),
        }
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::ParamStyle;

    fn shown(url: &str) -> (Option<String>, String) {
        let base = Base::parse(url).unwrap();
        let route = base.mount(&"/users/{id}".parse().unwrap());
        (base.host, route.display(ParamStyle::Brace).to_string())
    }

    #[test]
    fn hosts_and_paths_are_told_apart() {
        let host = |host: &str| Some(host.to_owned());
        let case = |url: &str, expected: (Option<String>, &str)| {
            assert_eq!(shown(url), (expected.0, expected.1.to_owned()), "{url}");
        };
        case(
            "https://API.example.com:443/v1/",
            (host("api.example.com"), "/v1/users/{id}"),
        );
        case(
            "http://localhost:8080",
            (host("localhost:8080"), "/users/{id}"),
        );
        case("//example.com/a", (host("example.com"), "/a/users/{id}"));
        case("/v2", (None, "/v2/users/{id}"));
        case("https://{tenant}.example.com/v1", (None, "/v1/users/{id}"));
        case(".", (None, "/users/{id}"));
        assert!(Base::parse("/a/{b").is_none());
    }
}
