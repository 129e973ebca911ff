//! What was observed of an endpoint and contradicts its description.

use std::collections::BTreeSet;

use crate::inventory::{Endpoint, ValueCounts};
use crate::locale::Arg;
use crate::scope::{MATRIX, Place};
use crate::spec::{Field, Lookup, Operation, StatusPattern};
use crate::value::Kind;

use super::Reason;

/// Names that one reason lists.
const MAX_NAMES: usize = 12;
/// Mismatches of one kind that are told of one endpoint.
const MAX_OF_KIND: usize = 20;
/// Answers that a cache gives, whatever the API.
const NOT_MODIFIED: u16 = 304;

/// One way in which an endpoint is not as it is described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What kind it is: `param`, `param-value`, `param-type`, `param-required`, `status`, `field`,
    /// `field-value`, `field-type` or `field-required`.
    pub kind: &'static str,
    /// What it is about: parameters (`card_id`), values (`pay_type=ALIPAY`), statuses, fields.
    pub subjects: Vec<String>,
    /// The same in words.
    pub reason: Reason,
    /// The line of the description: of what is described otherwise, else of the operation.
    pub line: usize,
}

/// Holds an endpoint against its description.
pub(super) fn mismatches(operation: &Operation, endpoint: &Endpoint) -> Vec<Mismatch> {
    let mut found = Found {
        all: Vec::new(),
        line: operation.location.line,
    };
    found.params(operation, endpoint);
    found.path_types(operation, endpoint);
    found.required_params(operation, endpoint);
    let described = found.statuses(operation, endpoint);
    found.fields(operation, endpoint);
    if described {
        found.required_fields(operation, endpoint);
    }
    found.all
}

struct Found {
    all: Vec<Mismatch>,
    /// The operation's line.
    line: usize,
}

impl Found {
    fn add(&mut self, kind: &'static str, subjects: Vec<String>, line: usize, reason: Reason) {
        if self.all.iter().filter(|known| known.kind == kind).count() < MAX_OF_KIND {
            self.all.push(Mismatch {
                kind,
                subjects,
                reason,
                line,
            });
        }
    }

    /// Names that are not described, in one mismatch.
    fn undescribed(&mut self, kind: &'static str, keys: [&'static str; 2], names: Vec<String>) {
        if names.is_empty() {
            return;
        }
        let shown = names.iter().take(MAX_NAMES).cloned().collect();
        let more = names.len().saturating_sub(MAX_NAMES);
        let key = if more == 0 { keys[0] } else { keys[1] };
        let reason = Reason::new(key)
            .with("names", Arg::Codes(shown))
            .with("n", Arg::Count(more));
        self.add(kind, names, self.line, reason);
    }

    fn values(&mut self, kind: &'static str, name: &str, field: &Field, seen: &ValueCounts) {
        if field.values.is_empty() || !seen.listable {
            return;
        }
        let beyond: Vec<&String> = seen
            .counts
            .keys()
            .filter(|v| !field.values.contains(v))
            .collect();
        if beyond.is_empty() {
            return;
        }
        let key = if kind == "field-value" {
            "reason.field-values-undescribed"
        } else {
            "reason.values-undescribed"
        };
        let reason = Reason::new(key)
            .with("name", Arg::Code(name.to_owned()))
            .with(
                "values",
                Arg::Codes(beyond.iter().map(|v| (*v).clone()).collect()),
            );
        let subjects = beyond
            .iter()
            .map(|value| format!("{name}={value}"))
            .collect();
        self.add(kind, subjects, field.line, reason);
    }

    fn types(&mut self, kind: &'static str, name: &str, field: &Field, seen: &BTreeSet<Kind>) {
        if seen.is_empty() {
            return;
        }
        let key = if kind == "field-type" {
            "reason.field-type-differs"
        } else {
            "reason.param-type-differs"
        };
        let reason = Reason::new(key)
            .with("name", Arg::Code(name.to_owned()))
            .with("seen", Arg::Code(kinds(seen)))
            .with("described", Arg::Code(kinds(&field.kinds)));
        self.add(kind, vec![name.to_owned()], field.line, reason);
    }

    fn params(&mut self, operation: &Operation, endpoint: &Endpoint) {
        let at = |wanted: &dyn Fn(Place) -> bool| {
            let params = operation.params.iter();
            Lookup::new(params.filter(|param| param.place.is_some_and(wanted)))
        };
        let anywhere = at(&|place| place != Place::Path);
        let own = [
            Place::Query,
            Place::Form,
            Place::Multipart,
            Place::Json,
            Place::Header,
        ];
        let own = own.map(|place| (place, at(&|other| other == place)));
        let find = |place: Place, name: &str| {
            let own = own.iter().find(|(other, _)| *other == place);
            let own = own.and_then(|(_, lookup)| lookup.find(name));
            // What is described for another place is described, whatever its type is there.
            own.or_else(|| Some((anywhere.find(name)?.0, false)))
        };
        let mut params: Vec<_> = endpoint.observed.params.iter().collect();
        params.sort_by_key(|((place, name), known)| (*place, known.rank, name.clone()));
        let mut beyond: Vec<String> = Vec::new();
        for ((place, name), known) in params {
            let in_body = !matches!(place, Place::Query | Place::Path | Place::Header);
            let Some((field, exact)) = find(*place, name) else {
                let free = in_body && operation.open_params;
                // A description has no words for parameters of path segments, nor for what a text holds.
                let holder = endpoint.observed.text_around(*place, name);
                let free = free
                    || name.starts_with(MATRIX)
                    || holder.is_some_and(|holder| find(*place, holder).is_some());
                if !free && !is_container(&known.kinds) && !beyond.contains(name) {
                    beyond.push(name.clone());
                }
                continue;
            };
            self.values("param-value", name, field, &known.values);
            if exact {
                let wrong = if *place == Place::Json {
                    unfit(&known.kinds, &field.kinds, json_fits)
                } else {
                    unfit(&known.kinds, &field.kinds, text_fits)
                };
                self.types("param-type", name, field, &wrong);
            }
        }
        self.undescribed(
            "param",
            [
                "reason.params-undescribed",
                "reason.params-undescribed-more",
            ],
            beyond,
        );
    }

    fn path_types(&mut self, operation: &Operation, endpoint: &Endpoint) {
        let described = operation.params.iter();
        let described: Vec<&Field> = described
            .filter(|param| param.place == Some(Place::Path))
            .collect();
        // Names may differ; the order in the route does not, and a base path has no parameters of
        // the operation's own.
        let own: Vec<&str> = operation.route.params().collect();
        let skipped = endpoint.path_kinds.len().saturating_sub(own.len());
        for (name, seen) in own.iter().zip(endpoint.path_kinds.iter().skip(skipped)) {
            if let Some(field) = described.iter().find(|field| field.name == *name) {
                let wrong = unfit(seen, &field.kinds, text_fits);
                self.types("param-type", name, field, &wrong);
            }
        }
    }

    fn required_params(&mut self, operation: &Operation, endpoint: &Endpoint) {
        let seen = &endpoint.observed;
        let sent = |place: Place, name: &str| {
            let params = seen.params.iter();
            let same = params.filter(|((at, other), _)| *at == place && is_or_holds(name, other));
            same.map(|(_, known)| known.requests).max().unwrap_or(0)
        };
        let with_body = |place: Place| {
            let params = seen.params.iter().filter(|((at, _), _)| *at == place);
            params.map(|(_, known)| known.requests).max().unwrap_or(0)
        };
        // What wraps an operation is sent with each, and no parameter.
        let wraps = |place: Place, name: &str| {
            let served = endpoint.operation.as_ref();
            served.is_some_and(|served| served.protocol.is_envelope(place, name))
        };
        for field in operation.params.iter().filter(|field| field.required) {
            let Some(place) = field.place.filter(|place| !wraps(*place, &field.name)) else {
                continue;
            };
            let of = match place {
                Place::Path | Place::Header | Place::Cookie => continue,
                Place::Query => seen.requests,
                Place::Form | Place::Multipart | Place::Json => with_body(place),
            };
            let absent = of.saturating_sub(sent(place, &field.name));
            if absent > 0 {
                let reason = Reason::new("reason.param-absent")
                    .with("name", Arg::Code(field.name.clone()))
                    .with("n", Arg::Count(absent))
                    .with("total", Arg::Count(of));
                self.add(
                    "param-required",
                    vec![field.name.clone()],
                    field.line,
                    reason,
                );
            }
        }
    }

    /// Statuses that are not described; whether all are.
    fn statuses(&mut self, operation: &Operation, endpoint: &Endpoint) -> bool {
        let is_described = |status: u16| {
            let matches = |pattern: &StatusPattern| pattern.matches(status);
            operation.statuses.is_empty() || operation.statuses.iter().any(matches)
        };
        let seen = endpoint.observed.statuses.keys().copied();
        let beyond: Vec<String> = seen
            .filter(|status| *status != NOT_MODIFIED && !is_described(*status))
            .map(|status| status.to_string())
            .collect();
        let all = beyond.is_empty();
        let key = "reason.statuses-undescribed";
        self.undescribed("status", [key, key], beyond);
        all
    }

    fn fields(&mut self, operation: &Operation, endpoint: &Endpoint) {
        let described = Lookup::new(&operation.fields);
        let mut beyond: Vec<String> = Vec::new();
        for (path, known) in &endpoint.observed.fields {
            let Some((field, exact)) = described.find(path) else {
                // What lies below something that is told already needs no word of its own.
                let told = beyond.iter().any(|other| is_or_holds(other, path));
                if !operation.open_fields && !told {
                    beyond.push(path.clone());
                }
                continue;
            };
            self.values("field-value", path, field, &known.values);
            if exact {
                let wrong = unfit(&known.kinds, &field.kinds, json_fits);
                self.types("field-type", path, field, &wrong);
            }
        }
        self.undescribed(
            "field",
            [
                "reason.fields-undescribed",
                "reason.fields-undescribed-more",
            ],
            beyond,
        );
    }

    fn required_fields(&mut self, operation: &Operation, endpoint: &Endpoint) {
        let seen = &endpoint.observed;
        let answers = seen.json_responses();
        for field in operation.fields.iter().filter(|field| field.required) {
            let with = seen
                .fields
                .get(&field.name)
                .map_or(0, |known| known.responses);
            let absent = answers.saturating_sub(with);
            if absent > 0 {
                let reason = Reason::new("reason.field-absent")
                    .with("name", Arg::Code(field.name.clone()))
                    .with("n", Arg::Count(absent))
                    .with("total", Arg::Count(answers));
                self.add(
                    "field-required",
                    vec![field.name.clone()],
                    field.line,
                    reason,
                );
            }
        }
    }
}

fn is_container(kinds: &BTreeSet<Kind>) -> bool {
    kinds
        .iter()
        .all(|kind| matches!(kind, Kind::Object | Kind::Array))
}

/// Whether a path is a name or lies below it.
fn is_or_holds(name: &str, path: &str) -> bool {
    path.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The observed types that the described ones do not allow; without any, all are.
fn unfit(
    seen: &BTreeSet<Kind>,
    described: &BTreeSet<Kind>,
    fits: fn(Kind, &BTreeSet<Kind>) -> bool,
) -> BTreeSet<Kind> {
    let wrong = seen.iter().copied();
    wrong
        .filter(|kind| !described.is_empty() && !fits(*kind, described))
        .collect()
}

/// Whether a JSON value has a described type.
fn json_fits(kind: Kind, described: &BTreeSet<Kind>) -> bool {
    described.contains(&kind)
        || match kind {
            Kind::Integer => described.contains(&Kind::Number),
            // `format: binary` in JSON is text.
            Kind::String => described.contains(&Kind::File),
            _ => false,
        }
}

/// Whether a text may stand for a described type; its observed type is the narrowest it fits.
fn text_fits(kind: Kind, described: &BTreeSet<Kind>) -> bool {
    let text = described.contains(&Kind::String) || described.contains(&Kind::File);
    text || described.contains(&kind)
        || match kind {
            Kind::Null | Kind::Object | Kind::Array => true,
            Kind::Integer => {
                described.contains(&Kind::Number) || described.contains(&Kind::Boolean)
            }
            _ => false,
        }
}

/// `integer|string`
fn kinds(kinds: &BTreeSet<Kind>) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    names.join("|")
}
