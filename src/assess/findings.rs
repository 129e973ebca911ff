//! Findings: what the evidence shows beyond status and priority.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Endpoint, FieldUse, Inventory, Poll, ValueCounts, changes_in_order};
use crate::locale::{Arg, Lang};
use crate::route::Part;
use crate::scope::{Operation, Protocol, Skip};

use super::envelope::plain_error;
use super::flow::Flow;
use super::story::Story;
use super::{Envelope, Reason};

mod checks;
mod usage;

/// Values of one parameter that a finding lists.
const MAX_LISTED: usize = 6;
/// Sets of parameters that a finding lists.
const MAX_SETS: usize = 6;
/// Parameters of one set that a finding lists.
const MAX_IN_SET: usize = 5;
/// A value is needed by many where at least so many other endpoints send it.
const MANY: usize = 3;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its kind, such as `polling`; also the last part of its heading's key.
    pub kind: &'static str,
    /// The endpoint that it is about: a position in the inventory.
    pub endpoint: Option<usize>,
    /// What it says.
    pub text: Reason,
}

/// All findings, by kind and endpoint.
pub(super) fn findings(
    inventory: &Inventory,
    envelope: &Envelope,
    story: &Story,
    flows: &[Flow],
    lang: Lang,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, endpoint) in inventory.endpoints.iter().enumerate() {
        let mut add = |kind: &'static str, text: Option<Reason>| {
            findings.extend(text.map(|text| Finding {
                kind,
                endpoint: Some(at),
                text,
            }));
        };
        add("several-jobs", several_jobs(endpoint));
        let held = |poll: &Poll| poll.held && poll.change.is_none();
        let is_held = endpoint.observed.poll.as_ref().is_some_and(held);
        add(
            if is_held { "long-poll" } else { "polling" },
            polling(endpoint),
        );
        add("stream", stream(endpoint));
        add("constant", constants(endpoint));
        add("business-error", business_errors(endpoint, envelope));
        add("lineage", needed_by_many(at, inventory));
        add("slash", slash_variants(endpoint));
        for text in states(endpoint) {
            add("state", Some(text));
        }
    }
    findings.extend(websockets(inventory));
    findings.extend(twins(inventory));
    findings.extend(usage::findings(inventory, story));
    findings.extend(checks::findings(inventory, story, flows, lang));
    findings.extend(sampled(inventory));
    let order = [
        "flow",
        "sampled",
        "several-jobs",
        "variant",
        "lineage",
        "polling",
        "long-poll",
        "stream",
        "websocket",
        "state",
        "retry",
        "duplicate",
        "pagination",
        "fan-out",
        "unused",
        "business-error",
        "constant",
        "twin",
        "slash",
    ];
    findings.sort_by_key(|finding| order.iter().position(|kind| *kind == finding.kind));
    findings
}

/// That flows are told from some of the captures only, there being very many.
fn sampled(inventory: &Inventory) -> Option<Finding> {
    let all = inventory.captures.len();
    (inventory.traced < all).then(|| Finding {
        kind: "sampled",
        endpoint: None,
        text: Reason::new("found.sampled")
            .with("n", Arg::Count(inventory.traced))
            .with("all", Arg::Count(all)),
    })
}

/// One endpoint that does several jobs: its requests send different sets of parameters, of which
/// at least two have something that the other lacks.
fn several_jobs(endpoint: &Endpoint) -> Option<Reason> {
    if endpoint.observed.writes == 0 || endpoint.operation.is_some() {
        return None;
    }
    let sets: Vec<BTreeSet<&String>> = endpoint
        .observed
        .variants
        .keys()
        .map(|names| names.iter().collect())
        .collect();
    let differ = sets.iter().enumerate().any(|(at, a)| {
        sets[at + 1..]
            .iter()
            .any(|b| !a.is_subset(b) && !b.is_subset(a))
    });
    if !differ {
        return None;
    }
    let common: BTreeSet<&String> = sets.iter().skip(1).fold(sets.first()?.clone(), |all, set| {
        all.intersection(set).copied().collect()
    });
    let own: Vec<Vec<String>> = sets
        .iter()
        .map(|set| {
            set.difference(&common)
                .map(|name| (*name).clone())
                .collect()
        })
        .filter(|own: &Vec<String>| !own.is_empty())
        .collect();
    Some(
        Reason::new("found.several-jobs")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("n", Arg::Count(sets.len()))
            .with(
                "sets",
                Arg::Codes(own.iter().take(MAX_SETS).map(|set| joined(set)).collect()),
            ),
    )
}

/// `a + b + c`, the first few of many.
fn joined(set: &[String]) -> String {
    let shown = set[..set.len().min(MAX_IN_SET)].join(" + ");
    if set.len() > MAX_IN_SET {
        format!("{shown} + …")
    } else {
        shown
    }
}

fn polling(endpoint: &Endpoint) -> Option<Reason> {
    let poll = endpoint.observed.poll.as_ref()?;
    let tenths = usize::try_from((poll.interval_ms + 50) / 100).unwrap_or(usize::MAX);
    let seconds = if tenths % 10 == 0 {
        format!("{}", tenths / 10)
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    let reason = |key| {
        Reason::new(key)
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("n", Arg::Count(poll.calls))
            .with("seconds", Arg::Markdown(seconds))
    };
    let ends = poll.last_values();
    Some(match &poll.change {
        Some((field, ..)) if ends.len() > 1 => reason("found.polling-ends")
            .with("field", Arg::Code(field.clone()))
            .with(
                "ends",
                Arg::Codes(ends.iter().map(|(value, _)| (*value).to_owned()).collect()),
            ),
        Some((field, from, to)) => reason("found.polling-until")
            .with("field", Arg::Code(field.clone()))
            .with("from", Arg::Code(from.clone()))
            .with("to", Arg::Code(to.clone())),
        None if poll.held => reason("found.long-poll"),
        None => reason("found.polling"),
    })
}

/// Content type of events that a server sends as they happen.
const EVENT_STREAM: &str = "text/event-stream";

/// An answer that does not end.
fn stream(endpoint: &Endpoint) -> Option<Reason> {
    let media = &endpoint.observed.response_media;
    let responses = media.get(EVENT_STREAM)?;
    Some(
        Reason::new("found.stream")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("n", Arg::Count(*responses)),
    )
}

/// Connections that are no requests, and so are in no list.
fn websockets(inventory: &Inventory) -> Option<Finding> {
    let connections = inventory.skipped.get(&Skip::Websocket)?;
    Some(Finding {
        kind: "websocket",
        endpoint: None,
        text: Reason::new("found.websocket").with("n", Arg::Count(*connections)),
    })
}

/// Changes of a state of one and the same thing.
fn states(endpoint: &Endpoint) -> Vec<Reason> {
    let states = endpoint.observed.state_changes();
    states
        .into_iter()
        .map(|(field, transitions)| {
            let changes = changes_in_order(&transitions).into_iter();
            let changes = changes.map(|((from, to), _)| format!("{from} → {to}"));
            Reason::new("found.state")
                .with("endpoint", Arg::Code(endpoint.id.clone()))
                .with("field", Arg::Code(field.to_owned()))
                .with("changes", Arg::Codes(changes.collect()))
        })
        .collect()
}

/// Constants that requests send and that are no plain numbers or truth values.
fn constants(endpoint: &Endpoint) -> Option<Reason> {
    let mut shown: Vec<String> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for ((_, name), known) in &endpoint.observed.params {
        if known.values.are_all() {
            let values: Vec<&str> = spelled(&known.values).collect();
            if !values.is_empty() && values.len() <= MAX_LISTED && seen.insert(name) {
                shown.push(format!("{name}={}", values.join("|")));
            }
        }
    }
    for (path, known) in &endpoint.observed.fields {
        if several_upper(known) {
            let values: Vec<&str> = spelled(&known.values).collect();
            shown.push(format!("{path}: {}", values.join("|")));
        }
    }
    (!shown.is_empty()).then(|| {
        Reason::new("found.constant")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("constants", Arg::Codes(shown))
    })
}

/// Constants that are words.
fn spelled(values: &ValueCounts) -> impl Iterator<Item = &str> {
    values.counts.keys().map(String::as_str).filter(|value| {
        !matches!(*value, "true" | "false") && value.contains(|c: char| c.is_ascii_alphabetic())
    })
}

/// Whether a response field has several constants in capitals, the usual form of enumerations.
fn several_upper(known: &FieldUse) -> bool {
    let upper = |value: &String| !value.contains(|c: char| c.is_ascii_lowercase());
    let counts = &known.values.counts;
    known.values.are_all()
        && (2..=MAX_LISTED).contains(&counts.len())
        && counts.keys().all(upper)
        && spelled(&known.values).count() == counts.len()
}

/// The fields in which protocols say that an operation failed: beside the data of GraphQL, in place of
/// the result of JSON-RPC, batched or not.
const ERRORS: [(Protocol, &str); 3] = [
    (Protocol::Graphql, "errors[].message"),
    (Protocol::JsonRpc, "error.code"),
    (Protocol::JsonRpc, "[].error.code"),
];

/// The field in which responses of an endpoint say, by their protocol, that the operation failed.
pub fn protocol_error(endpoint: &Endpoint) -> Option<(Protocol, &'static str)> {
    let operation = endpoint.operation.as_ref()?;
    ERRORS.into_iter().find(|(protocol, field)| {
        *protocol == operation.protocol && endpoint.observed.fields.contains_key(*field)
    })
}

/// Codes of failure inside responses that HTTP calls a success.
fn business_errors(endpoint: &Endpoint, envelope: &Envelope) -> Option<Reason> {
    let success = endpoint
        .observed
        .statuses
        .keys()
        .any(|s| (200..300).contains(s));
    let by_protocol = protocol_error(endpoint).map(|(_, field)| field);
    let failed: Vec<String> = envelope
        .codes(endpoint)
        .into_iter()
        .filter(|code| !code.ok)
        .map(|code| format!("{}={}", code.field, code.value))
        .chain(
            by_protocol
                .or_else(|| plain_error(endpoint))
                .map(ToOwned::to_owned),
        )
        .collect();
    (success && !failed.is_empty()).then(|| {
        Reason::new("found.business-error")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("codes", Arg::Codes(failed))
    })
}

/// A field whose values many other endpoints send.
fn needed_by_many(at: usize, inventory: &Inventory) -> Option<Reason> {
    let mut users: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for link in &inventory.links {
        if link.from == at && link.to != at && !link.is_credential() {
            users.entry(&link.field).or_default().insert(link.to);
        }
    }
    let (field, users) = users
        .into_iter()
        .max_by_key(|(field, users)| (users.len(), std::cmp::Reverse(*field)))?;
    if users.len() < MANY {
        return None;
    }
    let users = users
        .into_iter()
        .map(|user| inventory.endpoints[user].id.clone())
        .collect();
    Some(
        Reason::new("found.lineage")
            .with("endpoint", Arg::Code(inventory.endpoints[at].id.clone()))
            .with("field", Arg::Code(field.to_owned()))
            .with("users", Arg::Codes(users)),
    )
}

/// A route that was requested with and without a slash at the end.
fn slash_variants(endpoint: &Endpoint) -> Option<Reason> {
    let observed = &endpoint.observed;
    let mixed = observed.slashed > 0 && observed.slashed < observed.requests;
    mixed.then(|| {
        Reason::new("found.slash")
            .with("endpoint", Arg::Code(endpoint.id.clone()))
            .with("with", Arg::Count(observed.slashed))
            .with("without", Arg::Count(observed.requests - observed.slashed))
    })
}

/// Endings that make a second version of an endpoint, behind `_` or `-`.
const TWIN_ENDINGS: [&str; 8] = ["page", "paged", "list", "all", "new", "v2", "v3", "2"];

/// An endpoint without its route's last word, and that word.
type Named<'a> = (&'a str, &'a str, Option<&'a Operation>, Vec<Part>, String);

/// Two endpoints of one method at one place whose last words differ in such an ending only.
fn twins(inventory: &Inventory) -> Vec<Finding> {
    let named: Vec<Option<Named<'_>>> = inventory.endpoints.iter().map(named).collect();
    let mut first: BTreeMap<&Named<'_>, usize> = BTreeMap::new();
    for (at, name) in named.iter().enumerate() {
        if let Some(name) = name {
            first.entry(name).or_insert(at);
        }
    }
    let mut findings = Vec::new();
    for (at, (endpoint, name)) in inventory.endpoints.iter().zip(&named).enumerate() {
        let short = name.as_ref().and_then(shorter);
        if let Some(twin) = short.and_then(|short| first.get(&short)) {
            let twin = &inventory.endpoints[*twin];
            findings.push(Finding {
                kind: "twin",
                endpoint: Some(at),
                text: Reason::new("found.twin")
                    .with("endpoint", Arg::Code(endpoint.id.clone()))
                    .with("twin", Arg::Code(twin.id.clone())),
            });
        }
    }
    findings
}

fn named(endpoint: &Endpoint) -> Option<Named<'_>> {
    let mut parts = endpoint.route.shape();
    let Some(Part::Literal(word)) = parts.pop() else {
        return None;
    };
    Some((
        &endpoint.method,
        &endpoint.host,
        endpoint.operation.as_ref(),
        parts,
        word,
    ))
}

/// The same without the ending that makes it a second version.
fn shorter<'a>((method, host, operation, parts, word): &Named<'a>) -> Option<Named<'a>> {
    let (word, ending) = word.rsplit_once(['_', '-'])?;
    let known = TWIN_ENDINGS.contains(&ending);
    known.then(|| (*method, *host, *operation, parts.clone(), word.to_owned()))
}
