//! How code names requests, as data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

/// The table `idioms.toml`, which explains its keys.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Idioms {
    verbs: BTreeMap<String, String>,
    pub(super) marks: BTreeMap<String, String>,
    words: Words,
    pub(super) calls: Calls,
    pub(super) routes: Routes,
    pub(super) arguments: Arguments,
    resources: Vec<Resource>,
    pub(super) views: BTreeMap<String, BTreeSet<String>>,
}

/// The methods of a resource's routes, by action.
pub(super) type Actions = BTreeMap<String, BTreeSet<String>>;

/// What a call declares of a resource.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Resource {
    calls: BTreeSet<String>,
    /// Whether it declares all of its actions; otherwise those that its view has.
    #[serde(default)]
    pub(super) complete: bool,
    /// On the whole.
    pub(super) whole: Actions,
    /// On each of it.
    pub(super) each: Actions,
}

#[derive(Debug, Default, Deserialize)]
struct Words {
    suffixes: BTreeSet<String>,
    receivers: BTreeSet<String>,
    clients: BTreeSet<String>,
    stores: BTreeSet<String>,
    bases: BTreeSet<String>,
    addresses: BTreeSet<String>,
    sends: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Calls {
    pub(super) format: BTreeSet<String>,
    pub(super) join: BTreeSet<String>,
    pub(super) chain: BTreeSet<String>,
    pub(super) concat: BTreeSet<String>,
    pub(super) append: BTreeSet<String>,
    pub(super) build: BTreeSet<String>,
    pub(super) types: BTreeSet<String>,
    pub(super) list: BTreeSet<String>,
    pub(super) pass: BTreeSet<String>,
    pub(super) edit: BTreeSet<String>,
    pub(super) inner: BTreeSet<String>,
    pub(super) extend: BTreeSet<String>,
    pub(super) staged: BTreeSet<String>,
    pub(super) mention: BTreeSet<String>,
    pub(super) endpoints: BTreeSet<String>,
    default: BTreeMap<String, String>,
    pub(super) gives: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Routes {
    pub(super) declare: BTreeSet<String>,
    pub(super) get: BTreeSet<String>,
    pub(super) any: BTreeSet<String>,
    pub(super) bare: BTreeSet<String>,
    pub(super) mount: BTreeSet<String>,
    pub(super) routers: BTreeSet<String>,
    pub(super) attach: BTreeSet<String>,
    pub(super) makers: BTreeSet<String>,
    pub(super) guards: BTreeSet<String>,
    pub(super) handed: BTreeSet<String>,
    pub(super) viewed: BTreeSet<String>,
    pub(super) views: BTreeSet<String>,
    pub(super) as_view: BTreeSet<String>,
    pub(super) only: BTreeSet<String>,
    pub(super) except: BTreeSet<String>,
    pub(super) extra: BTreeSet<String>,
    pub(super) prefix: BTreeSet<String>,
    pub(super) classes: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Arguments {
    pub(super) method: BTreeSet<String>,
    pub(super) path: BTreeSet<String>,
    pub(super) params: BTreeSet<String>,
    pub(super) places: BTreeSet<String>,
    pub(super) carried: BTreeSet<String>,
    pub(super) options: BTreeSet<String>,
    pub(super) bodies: BTreeSet<String>,
    pub(super) base: BTreeSet<String>,
    pub(super) builders: BTreeSet<String>,
    pub(super) wrap: BTreeSet<String>,
    pub(super) merge: BTreeSet<String>,
    pub(super) annotations: BTreeSet<String>,
    pub(super) names: BTreeSet<String>,
    pub(super) open: BTreeSet<String>,
}

static IDIOMS: LazyLock<Idioms> =
    LazyLock::new(|| toml::from_str(include_str!("idioms.toml")).unwrap_or_default());

/// The table.
pub(super) fn idioms() -> &'static Idioms {
    &IDIOMS
}

impl Idioms {
    /// The method that a word stands for.
    pub(super) fn verb(&self, word: &str) -> Option<&str> {
        self.verbs
            .get(word.to_ascii_lowercase().as_str())
            .map(String::as_str)
    }

    /// The method that the name of a call or annotation says: `get`, `_post`, `getJSON`,
    /// `api_post`, `HttpGet`.
    pub(super) fn verb_in(&self, name: &str) -> Option<&str> {
        let words = words(name);
        let (last, first) = (words.last()?, words.first()?);
        if words.len() <= 3
            && let Some(verb) = self.verb(last)
        {
            return Some(verb);
        }
        let behind = |words: &[String]| words.iter().all(|w| self.words.suffixes.contains(w));
        if behind(&words[1..])
            && let Some(verb) = self.verb(first)
        {
            return Some(verb);
        }
        // `http_get_json`
        if words.len() > 2 && behind(&words[2..]) {
            return self.verb(&words[1]);
        }
        None
    }

    /// What a call of this name declares of a resource.
    pub(super) fn resource(&self, name: &str) -> Option<&Resource> {
        let mut known = self.resources.iter();
        known.find(|resource| resource.calls.contains(name))
    }

    /// Whether a request can be made on something of this name.
    pub(super) fn makes_requests(&self, receiver: &str) -> bool {
        receiver.starts_with('$')
            || words(receiver)
                .iter()
                .any(|word| self.words.receivers.contains(word))
    }

    /// Whether something of this name does nothing but make requests.
    pub(super) fn is_client(&self, receiver: &str) -> bool {
        words(receiver)
            .iter()
            .any(|word| self.words.clients.contains(word))
    }

    /// The words for methods.
    pub(super) fn verb_words(&self) -> impl Iterator<Item = &str> {
        self.verbs.keys().map(String::as_str)
    }

    /// Whether something of this name keeps things by keys, and sends nothing.
    pub(super) fn is_store(&self, name: &str) -> bool {
        let last = words(name).pop();
        last.is_some_and(|word| self.words.stores.contains(&word))
    }

    /// Whether something of this name stands in front of paths.
    pub(super) fn is_base(&self, name: &str) -> bool {
        let is_known = |word: &String| self.words.bases.contains(word);
        words(name).iter().any(is_known)
    }

    /// Whether a call of this name makes an address of a path.
    pub(super) fn makes_addresses(&self, name: &str) -> bool {
        let is_known = |word: &String| self.words.addresses.contains(word);
        words(name).iter().any(is_known)
    }

    /// Whether a call of this name sends what it is given.
    pub(super) fn sends(&self, name: &str) -> bool {
        let is_known =
            |word: &String| self.words.sends.contains(word) || self.words.clients.contains(word);
        words(name).iter().any(is_known)
    }

    /// The method that a call sends unless another is said, by its name as it is written.
    pub(super) fn default_verb(&self, head: &str) -> Option<&str> {
        let head = head.strip_prefix("new ").unwrap_or(head).trim();
        let head = head.split('<').next().unwrap_or(head);
        let found = self.calls.default.iter().find(|(name, _)| {
            head.strip_suffix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with(['.', ':', '>']))
        });
        let opens_socket = || words(head).iter().any(|word| word == "websocket");
        // A socket is opened by a GET.
        found
            .map(|(_, verb)| verb.as_str())
            .or_else(|| opens_socket().then_some("GET"))
    }
}

/// The words of a name in `snake_case` or `camelCase`, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, c) in letters.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.extend((!current.is_empty()).then(|| std::mem::take(&mut current)));
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(|b| b.is_lowercase() || b.is_numeric())
                || (before.is_some_and(|b| b.is_uppercase())
                    && after.is_some_and(|a| a.is_lowercase())));
        if starts && !current.is_empty() {
            words.push(std::mem::take(&mut current));
        }
        current.extend(c.to_lowercase());
    }
    words.extend((!current.is_empty()).then_some(current));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let read: Result<Idioms, _> = toml::from_str(include_str!("idioms.toml"));
        assert!(read.is_ok(), "{read:?}");
    }

    #[test]
    fn methods_are_found_in_names() {
        let verb = |name| idioms().verb_in(name).unwrap_or("-");
        for name in [
            "get",
            "_get",
            "getJSON",
            "GetAsync",
            "HttpGet",
            "GetMapping",
            "http_get_json",
            "MapGet",
            "GET",
        ] {
            assert_eq!(verb(name), "GET", "{name}");
        }
        assert_eq!(verb("api_post"), "POST");
        assert_eq!(verb("del"), "DELETE");
        for name in [
            "getUser",
            "target",
            "get_user_info",
            "budget",
            "forget",
            "url",
        ] {
            assert_eq!(verb(name), "-", "{name}");
        }
    }
}
