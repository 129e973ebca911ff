//! What names of parameters and fields mean, remembered from one request to the next.

use std::cell::RefCell;
use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt, HashSet};
use serde::Deserialize;

use crate::value::{Naming, Segment, Sensitive, Values, Way, holds_value};

/// Whether a name is itself a value: an id, a date, a number, or no name at all.
pub(crate) fn is_value(name: &str, values: &Values) -> bool {
    NAMES.with_borrow_mut(|names| {
        remembered(&mut names.values, name, || match annotated(name) {
            Some((word, annotation)) => {
                let mut parts = annotation.split('.').chain([word]);
                parts.any(|part| !part.is_empty() && is_value_itself(part, values))
            }
            None => is_value_itself(name, values),
        })
    })
}

fn is_value_itself(name: &str, values: &Values) -> bool {
    name.len() > 80
        || Sensitive::built_in().is_name(name)
        || holds_value(name)
        || Segment::parse(name, values.tokens()).text().is_none()
}

/// The table `naming.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Annotations {
    terms: HashSet<String>,
    namespaces: Vec<String>,
}

/// What a name annotates, which may be nothing, and the annotation; `None` if it is no annotation.
fn annotated(name: &str) -> Option<(&str, &str)> {
    static TABLE: OnceLock<Annotations> = OnceLock::new();
    let (word, annotation) = name.split_once('@')?;
    let table = TABLE.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("naming.toml")).expect("naming.toml is valid")
    });
    let capital = |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase());
    let mut namespaces = table.namespaces.iter();
    let known = table.terms.contains(annotation)
        || namespaces.any(|space| annotation.strip_prefix(space.as_str()).is_some_and(capital));
    known.then_some((word, annotation))
}

/// What the name of a parameter says of its values.
pub(super) fn naming(name: &str, values: &Values) -> Naming {
    NAMES.with_borrow_mut(|names| {
        let rules = values.rules();
        if names.rules != rules.fingerprint() {
            names.rules = rules.fingerprint();
            names.namings.clear();
        }
        remembered(&mut names.namings, name, || rules.naming(name, Way::Sent))
    })
}

/// Names whose meaning is remembered; beyond that it is worked out anew.
const MAX_REMEMBERED: usize = 1 << 14;

/// What names mean, which the next request asks again.
#[derive(Default)]
struct Names {
    /// The rules that the namings hold under.
    rules: u64,
    namings: HashMap<String, Naming>,
    values: HashMap<String, bool>,
}

thread_local! {
    // Each thread remembers for itself, and what is remembered changes no result.
    static NAMES: RefCell<Names> = RefCell::default();
}

/// What `table` says of `key`, else what `find` finds, which is remembered.
fn remembered<T: Copy>(table: &mut HashMap<String, T>, key: &str, find: impl FnOnce() -> T) -> T {
    if let Some(known) = table.get(key) {
        return *known;
    }
    let found = find();
    if table.len() >= MAX_REMEMBERED {
        *table = HashMap::new();
    }
    table.insert(key.to_owned(), found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_names_and_addresses_are_not() {
        let values = Values::new();
        for name in [
            "primarycontactid@odata.bind",
            "@odata.context",
            "@odata.nextLink",
            "statecode@OData.Community.Display.V1.FormattedValue",
            "_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname",
        ] {
            assert!(!is_value(name, &values), "{name}");
        }
        for name in [
            "ann@odata.org",
            "ann@odata.example",
            "bill@microsoft.com",
            "13800138000@odata.bind",
            "550e8400-e29b-41d4-a716-446655440000@odata.type",
            "code@OData.Community.U13800138000",
            "ann@mail.example",
        ] {
            assert!(is_value(name, &values), "{name}");
        }
    }
}
