//! The envelope: what an API puts around its JSON answers to say how a call went.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::inventory::{Endpoint, Inventory, ValueCounts};
use crate::value::ConstantRules;

/// Fewer endpoints that answer JSON do not show what is common to them.
const MIN_ENDPOINTS: usize = 3;

/// What stands for a code that may not be shown.
const HIDDEN: &str = "<hidden>";

/// The table `envelope.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    success: Vec<String>,
    heads: Vec<String>,
    errors: Vec<String>,
}

impl Words {
    fn built_in() -> &'static Words {
        static TABLE: OnceLock<Words> = OnceLock::new();
        TABLE.get_or_init(|| toml::from_str(include_str!("envelope.toml")).unwrap_or_default())
    }
}

/// The outermost fields, and codes in a head, that most of an API's JSON answers have (`ret`, `sub`, `msg`), if one of
/// them is a code of success. Without such a code what answers share is plain data, such as `id`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Each field; of codes the value that means success.
    fields: BTreeMap<String, Option<String>>,
}

/// A business code: what the API says about success inside the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessCode {
    /// The field's path.
    pub field: String,
    /// Its value; `<hidden>` for one that may not be shown.
    pub value: String,
    /// How often.
    pub count: usize,
    /// Whether it means success.
    pub ok: bool,
}

impl Envelope {
    /// What most endpoints that answer JSON have in common.
    pub fn of(inventory: &Inventory) -> Self {
        let answering: Vec<&Endpoint> = inventory
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.observed.json_responses() > 0)
            .collect();
        let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
        for endpoint in &answering {
            let around = |path: &&String| is_around(path);
            for path in endpoint.observed.fields.keys().filter(around) {
                *holders.entry(path).or_default() += 1;
            }
        }
        let rules = ConstantRules::built_in();
        let fields: BTreeMap<String, Option<String>> = holders
            .into_iter()
            .filter(|(_, holders)| holders * 2 > answering.len())
            .map(|(path, _)| {
                let success = rules.is_code(path).then(|| success(path, inventory));
                (path.to_owned(), success.flatten())
            })
            .collect();
        let known = answering.len() >= MIN_ENDPOINTS && fields.values().any(Option::is_some);
        Envelope {
            fields: if known { fields } else { BTreeMap::new() },
        }
    }

    /// Its fields; of codes the value that means success.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let fields = self.fields.iter();
        fields.map(|(path, success)| (path.as_str(), success.as_deref()))
    }

    /// Whether a field belongs to the envelope and not to what an answer is about.
    pub fn has(&self, path: &str) -> bool {
        self.fields.contains_key(path)
    }

    /// The codes that an endpoint answered, by field and value. Those that may not be shown are no success: one that
    /// means it is known, and so is shown.
    pub fn codes(&self, endpoint: &Endpoint) -> Vec<BusinessCode> {
        let mut codes = Vec::new();
        for (path, success) in &self.fields {
            let (Some(success), Some(known)) = (success, endpoint.observed.fields.get(path)) else {
                continue;
            };
            let shown = known.values.counts.iter();
            let shown = shown.map(|(value, count)| (value.as_str(), *count));
            let hidden = hidden(&known.values, success).map(|count| (HIDDEN, count));
            codes.extend(shown.chain(hidden).map(|(value, count)| BusinessCode {
                field: path.clone(),
                value: value.to_owned(),
                count,
                ok: value == success,
            }));
        }
        codes
    }
}

/// How many values were not kept none of which can be this one.
fn hidden(values: &ValueCounts, success: &str) -> Option<usize> {
    let told = values.counts.contains_key(success)
        || values.counts.len() <= ConstantRules::built_in().max_values();
    (told && values.overflow > 0).then_some(values.overflow)
}

/// Whether a field may stand around an answer: an outermost one, or a code in an outermost head.
fn is_around(path: &str) -> bool {
    match path.split_once('.') {
        None => !path.contains('['),
        Some((head, code)) => {
            let heads = &Words::built_in().heads;
            !code.contains(['.', '['])
                && heads.iter().any(|known| known.eq_ignore_ascii_case(head))
                && ConstantRules::built_in().is_code(code)
        }
    }
}

/// The field of an error that responses of an endpoint hold in place of the data, where HTTP calls all of
/// them a success; none where its value says that there was no error.
pub fn plain_error(endpoint: &Endpoint) -> Option<&'static str> {
    let observed = &endpoint.observed;
    let fine = observed.statuses.keys().all(|s| (200..300).contains(s));
    if !fine || endpoint.operation.is_some() {
        return None;
    }
    let words = Words::built_in();
    let field = words.errors.iter().find(|field| {
        let known = observed.fields.get(field.as_str());
        let none = |value: &String| {
            matches!(value.as_str(), "0" | "200")
                || !is_state(value) && value.contains(char::is_alphabetic)
        };
        known.is_some_and(|known| !known.values.counts.keys().any(none))
    })?;
    Some(field)
}

/// The value of a code that means success: the one of most answers, those included whose value may not be shown, if
/// it is no word or a word of success.
fn success(path: &str, inventory: &Inventory) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hidden = 0;
    for endpoint in &inventory.endpoints {
        if let Some(known) = endpoint.observed.fields.get(path) {
            hidden += known.values.overflow;
            for (value, count) in &known.values.counts {
                *counts.entry(value).or_default() += count;
            }
        }
    }
    let all: usize = counts.values().sum::<usize>() + hidden;
    let (value, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count * 2 > all && !is_state(value)).then(|| value.to_owned())
}

fn is_state(value: &str) -> bool {
    let success = &Words::built_in().success;
    value.contains(char::is_alphabetic) && !success.contains(&value.to_lowercase())
}
