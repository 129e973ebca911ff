//! Numbers, and why routes are what they are, in words.

use crate::locale::{Arg, Locale};
use crate::route::{Origin, Reason};

/// A number with the word that fits it.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// One piece of evidence in words, as Markdown.
pub(super) fn evidence(reason: &Reason, locale: &Locale) -> String {
    let count = |n: u32| Arg::Count(n as usize);
    match reason {
        Reason::Pinned => locale.format("route.pinned", &[]),
        Reason::Shapes { shapes } => {
            let shapes = shapes.iter().map(ToString::to_string).collect();
            locale.format("route.shapes", &[("shapes", Arg::Texts(shapes))])
        }
        Reason::Distinct { values } => {
            locale.format("route.distinct", &[("values", count(*values))])
        }
        Reason::Seen { origin, requests } => {
            let (key, name) = match origin {
                Origin::Response(name) => ("route.seen-response", name.clone()),
                Origin::Request(place, name) => {
                    ("route.seen-request", format!("{} {name}", place.name()))
                }
                Origin::Echo(name) => ("route.seen-echo", name.clone()),
            };
            locale.format(key, &[("name", Arg::Code(name)), ("n", count(*requests))])
        }
        Reason::PluralNoun { noun } => {
            locale.format("route.plural-noun", &[("noun", Arg::Code(noun.clone()))])
        }
        Reason::SharedSuffixes { siblings } => {
            locale.format("route.shared-suffixes", &[("siblings", count(*siblings))])
        }
        Reason::EqualResponses { siblings } => {
            locale.format("route.equal-responses", &[("siblings", count(*siblings))])
        }
        Reason::AmongValues => locale.format("route.among-values", &[]),
        Reason::UnknownWord => locale.format("route.unknown-word", &[]),
        Reason::Version => locale.format("route.version", &[]),
        Reason::Locale => locale.format("route.locale", &[]),
        Reason::ApiWord => locale.format("route.api-word", &[]),
        Reason::SeenInRoutes { places } => {
            locale.format("route.seen-in-routes", &[("places", count(*places))])
        }
        Reason::Program => locale.format("route.program", &[]),
        Reason::Alone => locale.format("route.alone", &[]),
        Reason::FieldName => locale.format("route.field-name", &[]),
        Reason::NoOrigin => locale.format("route.no-origin", &[]),
    }
}
