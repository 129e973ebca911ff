//! Credentials: what tells one user's requests from another's, as tokens with names.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use crate::capture::Entry;
use crate::value::{Token, Values};

use super::exchange::{Param, Place};

/// The table `identity.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    headers: HashSet<String>,
    cookie_words: Vec<String>,
    cookie_exceptions: Vec<String>,
    params: HashSet<String>,
}

impl Names {
    pub(super) fn built_in() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("identity.toml")).expect("identity.toml is valid")
        })
    }

    pub(super) fn is_session_cookie(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let holds = |words: &[String]| words.iter().any(|word| name.contains(word.as_str()));
        holds(&self.cookie_words) && !holds(&self.cookie_exceptions)
    }
}

/// Whether a query or body parameter carries a credential.
pub fn is_credential_param(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    Names::built_in()
        .params
        .contains(&last.to_ascii_lowercase())
}

/// Whether what is sent in a place under a name says who makes the request.
pub fn is_credential(place: Place, name: &str) -> bool {
    let names = Names::built_in();
    match place {
        Place::Cookie => true,
        Place::Header => {
            let holds = |words: &[String]| words.iter().any(|word| name.contains(word.as_str()));
            names.headers.contains(name)
                || holds(&names.cookie_words)
                || holds(&names.cookie_exceptions)
        }
        _ => is_credential_param(name),
    }
}

/// Who made a request: the first credential that it carries, in the table's order of places.
pub(super) fn identity(entry: &Entry<'_>, params: &[Param], values: &Values) -> Option<Token> {
    let names = Names::built_in();
    let headers = &entry.request.headers;
    let by_header = headers
        .iter()
        .find(|(name, value)| names.headers.contains(name.as_ref()) && !value.trim().is_empty())
        .map(|(_, value)| values.tokens().token(bare_credential(value)));
    let by_cookie = || {
        let cookies = headers.iter().filter(|(name, _)| name == "cookie");
        let mut pairs = cookies.flat_map(|(_, value)| cookies_of(value));
        pairs
            .find(|(name, value)| names.is_session_cookie(name) && !value.is_empty())
            .map(|(_, value)| values.tokens().token(value))
    };
    let by_param = || {
        params
            .iter()
            .find(|param| is_credential_param(&param.name) && param.value.linkable)
            .map(|param| param.value.token)
    };
    by_header.or_else(by_cookie).or_else(by_param)
}

/// What stands behind the name of a scheme (`Bearer …`), or all of it.
pub(super) fn bare_credential(value: &str) -> &str {
    let value = value.trim();
    match value.split_once(' ') {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphabetic()) => rest.trim(),
        _ => value,
    }
}

/// The pairs of a `Cookie` header.
pub(super) fn cookies_of(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_stands_behind_its_scheme() {
        assert_eq!(bare_credential("Bearer abc.def"), "abc.def");
        assert_eq!(bare_credential("abc"), "abc");
    }

    #[test]
    fn session_cookies_are_told_by_name() {
        let names = Names::built_in();
        assert!(names.is_session_cookie("JSESSIONID"));
        assert!(names.is_session_cookie("auth_token"));
        assert!(!names.is_session_cookie("csrftoken"));
        assert!(!names.is_session_cookie("theme"));
    }
}
