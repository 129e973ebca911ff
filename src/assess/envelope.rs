//! The envelope: what an API puts around its JSON answers to say how a call went.

mod words;

use std::collections::BTreeMap;

use crate::inventory::{Endpoint, FieldUse, Inventory, ValueCounts};
use crate::value::{ConstantRules, Kind};

use words::{Says, Words};

/// Fewer endpoints that answer JSON do not show what is common to them.
const MIN_ENDPOINTS: usize = 3;

/// What stands for a code that may not be shown.
const HIDDEN: &str = "<hidden>";

/// Of so many answers most have to hold a value that says nothing by itself, where another one means success.
const MOST: (usize, usize) = (3, 4);

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
        let none = |value: &String| words.says(field, value) == Says::Success;
        known.is_some_and(|known| !known.values.counts.keys().any(none))
    })?;
    Some(field)
}

/// The value of a code that means success: one that says so itself, else the one of most answers, those included
/// whose value may not be shown, if it says nothing else. None where it cannot be told, or where answers hold data there.
fn success(path: &str, inventory: &Inventory) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hidden = 0;
    for endpoint in &inventory.endpoints {
        if let Some(known) = endpoint.observed.fields.get(path) {
            if is_data(known) {
                return None;
            }
            hidden += known.values.overflow;
            for (value, count) in &known.values.counts {
                *counts.entry(value).or_default() += count;
            }
        }
    }
    let all: usize = counts.values().sum::<usize>() + hidden;
    let says = |value: &str| Words::built_in().says(path, value);
    let most_of = |wanted: &dyn Fn(Says) -> bool| {
        let counts = counts.iter().map(|(value, count)| (*value, *count));
        counts
            .filter(|(value, _)| wanted(says(value)))
            .max_by_key(|(_, count)| *count)
    };
    let (most, count) = most_of(&|_| true)?;
    let states = counts.keys().any(|value| says(value) == Says::State);
    let known = most_of(&|says| says == Says::Success)
        .filter(|(_, count)| count * 2 > all || !states && *count >= hidden);
    let success = match (known, says(most)) {
        // Some APIs say by one what others say by zero.
        (Some(_), Says::Nothing) if most == "1" => (count * MOST.1 >= all * MOST.0).then_some(most),
        (Some((value, _)), _) => Some(value),
        (None, Says::Nothing) => (count * 2 > all).then_some(most),
        (None, _) => None,
    };
    success.map(ToOwned::to_owned)
}

/// Whether a field holds data rather than a code.
fn is_data(known: &FieldUse) -> bool {
    known.kinds.contains(&Kind::Object) || known.kinds.contains(&Kind::Array)
}
