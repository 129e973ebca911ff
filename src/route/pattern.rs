//! Patterns that name endpoints in config: `POST */order/price/`, `/users/<id>`, `* */vcc/*`.

use std::fmt;

use super::{ParamStyle, Template};

/// A method and a pattern on the route.
///
/// The method may be left out or `*`. In the route `*` stands for any run of characters, slashes
/// included; a parameter in any style stands for any parameter; a trailing slash does not count.
/// A name in square brackets behind the route selects an operation (`POST /graphql [GetUser]`).
///
/// ```
/// use harcov::route::{EndpointPattern, Template};
///
/// let pattern: EndpointPattern = "POST */order/price/".parse().unwrap();
/// let route: Template = "/cinema/<cinema_id>/order/price".parse().unwrap();
/// assert!(pattern.matches("POST", &route, None));
/// assert!(!pattern.matches("GET", &route, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointPattern {
    text: String,
    method: Option<String>,
    /// The runs of text between the stars.
    runs: Vec<String>,
    operation: Option<String>,
}

/// Why a text names no endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// There is nothing behind the method.
    NoRoute,
    /// The route starts with neither `/` nor `*`.
    BadRoute(String),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::NoRoute => f.write_str("names no route; write `METHOD /route`"),
            PatternError::BadRoute(route) => {
                write!(f, "the route `{route}` must start with `/` or `*`")
            }
        }
    }
}

impl std::error::Error for PatternError {}

impl std::str::FromStr for EndpointPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        let (rest, operation) = match text.strip_suffix(']').and_then(|t| t.rsplit_once(" [")) {
            Some((rest, name)) => (rest.trim_end(), Some(name.to_owned())),
            None => (text, None),
        };
        let (method, route) = match rest.split_once(char::is_whitespace) {
            Some((method, route)) => (Some(method), route.trim()),
            None if rest.starts_with(['/', '*']) => (None, rest),
            None => (Some(rest), ""),
        };
        if route.is_empty() {
            return Err(PatternError::NoRoute);
        }
        if !route.starts_with(['/', '*']) {
            return Err(PatternError::BadRoute(route.to_owned()));
        }
        Ok(EndpointPattern {
            text: text.to_owned(),
            method: method.filter(|m| *m != "*").map(str::to_ascii_uppercase),
            runs: normalise(route).split('*').map(str::to_owned).collect(),
            operation,
        })
    }
}

/// A route with nameless parameters and without a trailing slash.
fn normalise(route: &str) -> String {
    let mut out = String::with_capacity(route.len());
    for (i, segment) in route.trim_end_matches('/').split('/').enumerate() {
        if i > 0 {
            out.push('/');
        }
        let colon = segment.strip_prefix(':').is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        if colon {
            out.push_str("<>");
            continue;
        }
        let mut rest = segment;
        while let Some(open) = rest.find(['<', '{']) {
            let close = if rest[open..].starts_with('<') {
                '>'
            } else {
                '}'
            };
            let Some(end) = rest[open..].find(close) else {
                break;
            };
            out.push_str(&rest[..open]);
            out.push_str("<>");
            rest = &rest[open + end + 1..];
        }
        out.push_str(rest);
    }
    out
}

impl EndpointPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The operation that it selects.
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Whether an endpoint is meant.
    pub fn matches(&self, method: &str, route: &Template, operation: Option<&str>) -> bool {
        if self.method.as_deref().is_some_and(|m| m != method) {
            return false;
        }
        if self.operation.is_some() && self.operation.as_deref() != operation {
            return false;
        }
        let route = normalise(&route.display(ParamStyle::Angle).to_string());
        matches_runs(&self.runs, &route)
    }
}

/// Glob matching: the first run is a prefix, the last a suffix, the others follow in order.
fn matches_runs(runs: &[String], text: &str) -> bool {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return false;
    };
    if runs.len() == 1 {
        return first == text;
    }
    let Some(mut rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    for run in &runs[1..runs.len() - 1] {
        match rest.find(run.as_str()) {
            Some(at) => rest = &rest[at + run.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

impl fmt::Display for EndpointPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, method: &str, route: &str) -> bool {
        let pattern: EndpointPattern = pattern.parse().unwrap();
        pattern.matches(method, &route.parse().unwrap(), None)
    }

    #[test]
    fn stars_stand_for_any_run() {
        assert!(matches("*/vcc/*", "GET", "/a/<b>/vcc/list/"));
        assert!(matches("* /a/*", "PUT", "/a/b"));
        assert!(!matches("*/user/vouchers", "GET", "/a/user/vouchers_page"));
        assert!(matches("get /a/{x}/b/", "GET", "/a/<y>/b"));
        assert!(!matches("GET /a/{x}", "GET", "/a/b"));
    }

    #[test]
    fn what_names_no_endpoint_is_refused() {
        assert_eq!(
            "POST".parse::<EndpointPattern>(),
            Err(PatternError::NoRoute)
        );
        assert_eq!("".parse::<EndpointPattern>(), Err(PatternError::NoRoute));
        assert!("GET order".parse::<EndpointPattern>().is_err());
    }

    #[test]
    fn an_operation_is_selected_in_brackets() {
        let pattern: EndpointPattern = "POST /graphql [GetUser]".parse().unwrap();
        let route = "/graphql".parse().unwrap();
        assert!(pattern.matches("POST", &route, Some("GetUser")));
        assert!(!pattern.matches("POST", &route, None));
    }
}
