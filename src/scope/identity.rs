//! Credentials: what tells one user's requests from another's, as tokens with names.

use std::cell::RefCell;
use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use crate::capture::Entry;
use crate::value::{Token, Values};

use super::exchange::{Param, Place};
use super::location::Location;
use super::recall::Recall;

/// The table `identity.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    makers: Vec<String>,
    keys: Vec<String>,
    guards: Vec<String>,
    signing: HashSet<String>,
    once: Vec<String>,
    others: Vec<String>,
    no_values: Vec<String>,
    cookie_words: Vec<String>,
    cookie_exceptions: Vec<String>,
    params: HashSet<String>,
    key_params: HashSet<String>,
    key_length: usize,
}

/// What a request header is for, where it has to do with who may make a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It says who makes the request.
    Maker,
    /// It says which program does.
    Key,
    /// It carries cookies, some of which may say who makes it.
    Cookies,
    /// It guards the request without saying who makes it.
    Guard,
    /// It signs the request, or goes into the signature.
    Signing,
    /// It lets this one request in.
    Once,
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

    /// What a header of this name, in lower case, is for.
    fn role(&self, name: &str) -> Option<Role> {
        if name == "cookie" {
            return Some(Role::Cookies);
        }
        if self.signing.contains(name) {
            return Some(Role::Signing);
        }
        let bare: String = name.chars().filter(|c| !matches!(c, '-' | '_')).collect();
        let ends = |endings: &[String]| endings.iter().any(|end| bare.ends_with(end.as_str()));
        if self.guards.iter().any(|word| bare.contains(word.as_str())) {
            Some(Role::Guard)
        } else if ends(&self.once) {
            Some(Role::Once)
        } else if ends(&self.others) {
            None
        } else if ends(&self.makers) {
            Some(Role::Maker)
        } else {
            ends(&self.keys).then_some(Role::Key)
        }
    }
}

/// What a header of this name is for, as far as it has to do with credentials.
fn role(name: &str) -> Option<Role> {
    thread_local! {
        static KNOWN: RefCell<Recall<Option<Role>>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| known.of(name, || Names::built_in().role(name)))
}

/// Whether a query or body parameter carries a credential.
pub fn is_credential_param(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    Names::built_in()
        .params
        .contains(&last.to_ascii_lowercase())
}

/// Whether what is sent in a place under a name lets requests in, rather than being what they are about.
pub fn is_credential(place: Place, name: &str) -> bool {
    match place {
        Place::Cookie => true,
        Place::Header => role(name).is_some_and(|role| role != Role::Signing),
        _ => is_credential_param(name),
    }
}

/// The query parameters that carry the key of a program, by their values.
pub(super) fn key_params<'p>(
    location: &Location,
    params: &'p [Param],
) -> impl Iterator<Item = &'p Param> {
    let names = Names::built_in();
    let is_key = |value: &str| {
        let holds = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
        value.len() >= names.key_length
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && holds(u8::is_ascii_digit)
            && holds(u8::is_ascii_alphabetic)
    };
    params.iter().filter(move |param| {
        param.place == Place::Query
            && names.key_params.contains(&param.name)
            && location
                .query()
                .any(|(name, value)| name == param.name.as_str() && is_key(&value))
    })
}

/// The headers of a request that have to do with credentials.
pub(super) struct Credentials<'a>(Vec<(Role, &'a str, &'a str)>);

impl<'a> Credentials<'a> {
    /// Those of an entry that have a value.
    pub(super) fn of(entry: &'a Entry<'_>) -> Self {
        let no_values = &Names::built_in().no_values;
        let headers = entry.request.headers.iter();
        let named = headers.filter_map(|(name, value)| Some((role(name)?, &**name, &**value)));
        let valued = named.filter(|(_, _, value)| {
            let value = value.trim();
            !no_values.iter().any(|no| no.eq_ignore_ascii_case(value))
        });
        Credentials(valued.collect())
    }

    /// The names and values of those that reports name.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = self.0.iter().filter(|(role, ..)| *role != Role::Once);
        named.map(|(_, name, value)| (*name, *value))
    }

    fn first(&self, wanted: Role) -> Option<&'a str> {
        let mut all = self.0.iter();
        all.find(|(role, ..)| *role == wanted)
            .map(|(_, _, value)| *value)
    }

    /// The value of `Authorization`, else of the first header that says who makes the request.
    fn maker(&self) -> Option<&'a str> {
        let mut all = self.0.iter();
        let authorization = all.find(|(_, name, _)| *name == "authorization");
        authorization
            .map(|(_, _, value)| *value)
            .or_else(|| self.first(Role::Maker))
    }
}

/// Who made a request: the first credential that it carries, by headers, cookies and parameters; the key of a program
/// where there is none.
pub(super) fn identity(
    credentials: &Credentials<'_>,
    params: &[Param],
    values: &Values,
) -> Option<Token> {
    let names = Names::built_in();
    let token = |value: &str| values.tokens().token(bare_credential(value));
    let by_cookie = || {
        let cookies = credentials.0.iter();
        let cookies = cookies.filter(|(role, ..)| *role == Role::Cookies);
        let mut pairs = cookies.flat_map(|(_, _, value)| cookies_of(value));
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
    let by_key = || credentials.first(Role::Key).map(token);
    let by_maker = credentials.maker().map(token);
    by_maker
        .or_else(by_cookie)
        .or_else(by_param)
        .or_else(by_key)
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
    fn headers_are_told_by_the_words_of_their_names() {
        let names = Names::built_in();
        for (role, headers) in [
            (
                Some(Role::Maker),
                &[
                    "authorization",
                    "x-auth-token",
                    "access_token",
                    "x-session-id",
                    "x-shopify-access-token",
                    "private-token",
                    "x-wx-token",
                    "satoken",
                    "blade-auth",
                    "x-auth-key",
                    "x-amz-security-token",
                ][..],
            ),
            (
                Some(Role::Key),
                &["x-api-key", "x-goog-api-key", "ocp-apim-subscription-key"],
            ),
            (
                Some(Role::Guard),
                &[
                    "x-csrf-token",
                    "x-xsrf-token",
                    "x-csrftoken",
                    "proxy-authorization",
                ],
            ),
            (
                Some(Role::Once),
                &["x-request-token", "requestverificationtoken"],
            ),
            (Some(Role::Signing), &["x-sign", "x-ca-nonce"]),
            (Some(Role::Cookies), &["cookie"]),
            (
                None,
                &[
                    "x-continuation-token",
                    "x-ms-continuationtoken",
                    "accept",
                    "x-token-type",
                    "author",
                    "lock-token",
                ],
            ),
        ] {
            for header in headers {
                assert_eq!(names.role(header), role, "{header}");
            }
        }
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
