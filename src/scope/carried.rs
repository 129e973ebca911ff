//! What headers and cookies carry from one call to the next, as tokens with names.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;
use smol_str::SmolStr;

use crate::capture::Entry;
use crate::value::{Token, Values};

use super::body::shown_name;
use super::exchange::{Carried, Given, Place};
use super::identity::{self, bare_credential, cookies_of};
use super::nested::{decoded, steps};

/// The table `carried.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    min_length: usize,
    max_length: usize,
    max_values: usize,
    usual: HashSet<String>,
    usual_starts: Vec<String>,
}

impl Rules {
    fn built_in() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("carried.toml")).expect("carried.toml is valid")
        })
    }

    fn is_usual(&self, name: &str) -> bool {
        let mut starts = self.usual_starts.iter();
        self.usual.contains(name) || starts.any(|start| name.starts_with(start.as_str()))
    }

    /// Whether a value is followed, given how many of its message are already.
    fn follows(&self, value: &str, already: usize) -> bool {
        (self.min_length..=self.max_length).contains(&value.len()) && already < self.max_values
    }
}

/// Names of headers that are remembered.
const MAX_REMEMBERED: usize = 1 << 10;

thread_local! {
    // Each thread remembers for itself, and what is remembered changes no result.
    /// Under which name a header is shown, if it is followed.
    static SHOWN: RefCell<HashMap<String, Option<SmolStr>>> = RefCell::default();
}

/// Under which name a header is shown, if it may carry a value from one call to the next.
fn shown(name: &str, values: &Values) -> Option<SmolStr> {
    SHOWN.with_borrow_mut(|known| {
        if let Some(shown) = known.get(name) {
            return shown.clone();
        }
        let usual = Rules::built_in().is_usual(name);
        let shown = (!usual).then(|| SmolStr::new(shown_name(name, values)));
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert(name.to_owned(), shown.clone());
        shown
    })
}

/// The token of a header's or cookie's value, whether or not it is percent-encoded.
fn token(value: &str, values: &Values) -> Token {
    let plain = decoded(value).map_or(Cow::Borrowed(value), Cow::Owned);
    values.tokens().token(&plain)
}

/// The headers and session cookies of a request that may carry what a response gave.
pub(super) fn carried(entry: &Entry<'_>, values: &Values) -> Vec<Carried> {
    let rules = Rules::built_in();
    let names = identity::Names::built_in();
    let mut carried = Vec::new();
    let mut add = |place, name: SmolStr, value: &str| {
        if rules.follows(value, carried.len()) {
            let token = token(value, values);
            carried.push(Carried { place, name, token });
        }
    };
    for (name, value) in &entry.request.headers {
        if name == "cookie" {
            for (name, value) in cookies_of(value) {
                if names.is_session_cookie(name) {
                    add(Place::Cookie, shown_name(name, values).into(), value);
                }
            }
        } else if let Some(name) = shown(name, values) {
            add(Place::Header, name, bare_credential(value));
        }
    }
    carried
}

/// The headers and cookies of a response that may give what later requests carry; of
/// addresses the last step of the path and the values of the query.
pub(super) fn given(entry: &Entry<'_>, values: &Values) -> Vec<Given> {
    let rules = Rules::built_in();
    let mut given: Vec<Given> = Vec::new();
    let mut add = |place, name: &SmolStr, value: &str, short: bool| {
        let linkable = rules.follows(value, given.len());
        if linkable || short && !value.is_empty() && given.len() < rules.max_values {
            given.push(Given {
                place,
                name: name.clone(),
                token: token(value, values),
                linkable,
            });
        }
    };
    let headers = entry.response.iter().flat_map(|response| &response.headers);
    for (name, value) in headers {
        match name.as_ref() {
            "set-cookie" => {
                if let Some((cookie, value)) = cookies_of(value).next() {
                    let name = shown_name(cookie, values).into();
                    add(Place::Cookie, &name, value, false);
                }
            }
            "location" | "content-location" => {
                let name = SmolStr::new(name);
                in_address(value, |value, step| add(Place::Header, &name, value, step));
            }
            "link" => {
                let name = SmolStr::new_static("link");
                for address in addresses(value) {
                    in_address(address, |value, _| add(Place::Header, &name, value, false));
                }
            }
            name => {
                if let Some(name) = shown(name, values) {
                    add(Place::Header, &name, bare_credential(value), false);
                }
            }
        }
    }
    given
}

/// The last step of an address' path, further ones that are values, and the values of its query.
fn in_address(address: &str, mut each: impl FnMut(&str, bool)) {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    if let Some((before, last)) = path.trim_end_matches('/').rsplit_once('/') {
        each(last, true);
        let (_, before) = before.split_once('/').unwrap_or_default();
        steps(before).for_each(|step| each(step, false));
    }
    for (_, value) in url::form_urlencoded::parse(query.as_bytes()) {
        each(&value, false);
    }
}

/// The addresses of a `Link` header.
fn addresses(header: &str) -> impl Iterator<Item = &str> {
    let parts = header.split('<').skip(1);
    parts.filter_map(|part| part.split_once('>').map(|(address, _)| address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(address: &str) -> Vec<(String, bool)> {
        let mut held = Vec::new();
        in_address(address, |value, step| held.push((value.to_owned(), step)));
        held
    }

    #[test]
    fn addresses_hold_a_last_step_and_a_query() {
        let step = |text: &str| (text.to_owned(), true);
        assert_eq!(held("https://a.example/orders/7/"), [step("7")]);
        assert_eq!(held("/orders/7#x"), [step("7")]);
        assert_eq!(
            held("/exports/8f14e45f-ceea-467f-a1d6-3a2f5b7c9d01/status"),
            [
                step("status"),
                ("8f14e45f-ceea-467f-a1d6-3a2f5b7c9d01".to_owned(), false)
            ]
        );
        assert_eq!(
            held("/cb?code=a%2Fb&x=1"),
            [
                step("cb"),
                ("a/b".to_owned(), false),
                ("1".to_owned(), false)
            ]
        );
        assert_eq!(held("https://a.example"), []);
    }

    #[test]
    fn links_are_told_apart() {
        let header = "<https://a/x?after=b1>; rel=\"next\", </x?before=a1>; rel=\"prev\"";
        let found: Vec<&str> = addresses(header).collect();
        assert_eq!(found, ["https://a/x?after=b1", "/x?before=a1"]);
    }

    #[test]
    fn usual_headers_carry_nothing() {
        let values = Values::new();
        assert_eq!(shown("user-agent", &values), None);
        assert_eq!(shown("x-forwarded-for", &values), None);
        assert_eq!(shown("x-csrf-token", &values), Some("x-csrf-token".into()));
    }
}
