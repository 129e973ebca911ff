//! What was observed of an endpoint and its claim does not list.

use std::collections::BTreeSet;

use crate::inventory::Endpoint;
use crate::locale::Arg;
use crate::manifest::Claim;
use crate::value::Kind;

use super::Reason;

/// Parameters and values that were sent and that the claim does not list.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    params: Vec<String>,
    /// Values by parameter.
    values: Vec<(String, Vec<String>)>,
}

impl Beyond {
    /// Holds an endpoint against its claim.
    pub(super) fn of(claim: &Claim, endpoint: &Endpoint) -> Self {
        let mut beyond = Beyond::default();
        if let Some(listed) = &claim.params {
            beyond.params = sent(endpoint)
                .into_iter()
                .filter(|name| !covers(listed, name))
                .collect();
        }
        for (param, listed) in &claim.values {
            let extra: Vec<String> = constants(endpoint, param)
                .into_iter()
                .filter(|value| !listed.contains(value))
                .collect();
            if !extra.is_empty() {
                beyond.values.push((param.clone(), extra));
            }
        }
        beyond
    }

    /// Whether the claim lists everything.
    pub(super) fn is_empty(&self) -> bool {
        self.params.is_empty() && self.values.is_empty()
    }

    /// The same as reasons.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !self.params.is_empty() {
            let params = Arg::Codes(self.params.clone());
            reasons.push(Reason::new("reason.params-beyond").with("params", params));
        }
        for (param, values) in &self.values {
            reasons.push(
                Reason::new("reason.values-beyond")
                    .with("param", Arg::Code(param.clone()))
                    .with("values", Arg::Codes(values.clone())),
            );
        }
        reasons
    }

    /// The same as names: `card_id`, `pay_type=ALIPAY`.
    pub(super) fn subjects(&self) -> Vec<String> {
        let values = self.values.iter().flat_map(|(param, values)| {
            let named = move |value: &String| format!("{param}={value}");
            values.iter().map(named)
        });
        self.params.iter().cloned().chain(values).collect()
    }
}

/// Names of the parameters that were sent, by first appearance; containers are named by what they hold.
fn sent(endpoint: &Endpoint) -> Vec<String> {
    let mut params: Vec<_> = endpoint.observed.params.iter().collect();
    params.sort_by_key(|((place, _), known)| (*place, known.rank));
    let mut names: Vec<String> = Vec::new();
    for ((_, name), known) in params {
        let container = known
            .kinds
            .iter()
            .all(|kind| matches!(kind, Kind::Object | Kind::Array));
        if !container && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Whether a list names a parameter, itself or an object or list that holds it.
pub(super) fn covers(listed: &[String], name: &str) -> bool {
    listed.iter().any(|known| {
        name.strip_prefix(known.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// The constants that were sent as a parameter, wherever.
pub(super) fn constants(endpoint: &Endpoint, param: &str) -> BTreeSet<String> {
    endpoint
        .observed
        .params
        .iter()
        .filter(|((_, name), known)| name == param && known.values.listable)
        .flat_map(|(_, known)| known.values.counts.keys().cloned())
        .collect()
}
