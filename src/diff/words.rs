//! Changes put into words, with levels, fingerprints and what the configuration says of them.

use std::collections::BTreeMap;

use crate::config::{ChangeLevel, IgnoreConfig, Status};
use crate::locale::{Arg, Locale};
use crate::report::{PlaceRow, group_title, top_place};
use crate::route::unnamed;
use crate::value::fingerprint;

use super::compare::Found;
use super::level::Code;
use super::model::{Change, Counts, Diff, Effect, Ignored, SCHEMA, SideRow};
use super::sides::Side;
use super::{Context, Level};

/// Puts a diff together.
pub(super) fn diff(context: &Context<'_>, found: Vec<Found>) -> Diff {
    let locale = context.locale;
    let mut changes = Vec::new();
    let mut ignored = Vec::new();
    let mut ended = Vec::new();
    for found in found {
        let Some(level) = level(context, &found) else {
            continue;
        };
        let names = fingerprints(&found);
        let change = change(context, found, level);
        let rules = &context.config.diff.ignore;
        match rules.iter().find(|rule| names.contains(&rule.fingerprint)) {
            Some(rule) if !rule.has_ended(context.today) => ignored.push(Ignored {
                fingerprint: change.fingerprint,
                code: change.code,
                endpoint: change.endpoint,
                subject: change.subject,
                reason: rule
                    .reason
                    .as_ref()
                    .map(|reason| reason.get(locale.lang()).to_owned()),
            }),
            Some(rule) => {
                ended.push(rule);
                changes.push(change);
            }
            None => changes.push(change),
        }
    }
    changes.sort_by(|a, b| {
        let key = |change: &Change| {
            let Change {
                level,
                endpoint,
                code,
                subject,
                ..
            } = change;
            (
                *level,
                endpoint.clone(),
                *code,
                subject.clone(),
                change.fingerprint.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    let count = |level: Level| {
        changes
            .iter()
            .filter(|change| change.level == level)
            .count()
    };
    Diff {
        schema: SCHEMA.to_owned(),
        title: locale.get("diff.title").to_owned(),
        lang: locale.lang().tag().to_owned(),
        generator: concat!("harcov ", env!("CARGO_PKG_VERSION")).to_owned(),
        old: side(&context.sides.old),
        new: side(&context.sides.new),
        counts: Counts {
            breaking: count(Level::Breaking),
            warning: count(Level::Warning),
            info: count(Level::Info),
            ignored: ignored.len(),
        },
        notes: notes(context, &ended),
        groups: groups(context, &changes),
        changes,
        ignored,
    }
}

fn side(side: &Side) -> SideRow {
    let inventory = &side.inventory;
    SideRow {
        captures: inventory
            .captures
            .iter()
            .map(|c| c.capture.name.clone())
            .collect(),
        requests: inventory
            .endpoints
            .iter()
            .map(|e| e.observed.requests)
            .sum(),
        endpoints: inventory.endpoints.len(),
    }
}

/// The level that the configuration or the table gives; none if the configuration turns it off. On few
/// observations a change is `info`.
fn level(context: &Context<'_>, found: &Found) -> Option<Level> {
    let name = found.code.name();
    match context.config.diff.levels.get(&name) {
        Some(ChangeLevel::None) => None,
        Some(level) => Some(*level),
        None if found.thin => Some(Level::Info),
        None => Some(found.code.level()),
    }
}

/// What is to be said of rules that have ended, in the order of the configuration.
fn notes(context: &Context<'_>, ended: &[&IgnoreConfig]) -> Vec<String> {
    let rules = context.config.diff.ignore.iter();
    rules
        .filter(|rule| ended.iter().any(|ended| std::ptr::eq(*ended, *rule)))
        .map(|rule| {
            let args = [
                ("fingerprint", Arg::Code(rule.fingerprint.clone())),
                ("until", Arg::Code(rule.until.clone().unwrap_or_default())),
            ];
            context.locale.format("diff.ended", &args)
        })
        .collect()
}

/// Where the manifest names an endpoint; otherwise where it would.
fn place(context: &Context<'_>, endpoint: Option<&str>) -> Option<PlaceRow> {
    let claim = [&context.sides.new, &context.sides.old]
        .into_iter()
        .find_map(|side| {
            let (at, _) = side.endpoint(endpoint?)?;
            context
                .manifest
                .claims
                .get(side.assessment.endpoints.get(at)?.claim?)
        });
    match claim {
        Some(claim) => Some(PlaceRow::new(&claim.location, context.config)),
        None => top_place(context.manifest, context.config),
    }
}

fn change(context: &Context<'_>, found: Found, level: Level) -> Change {
    let [fingerprint, _] = fingerprints(&found);
    Change {
        fingerprint,
        place: place(context, found.endpoint.as_deref()),
        text: text(&found, context.locale),
        group: found.endpoint.as_deref().and_then(|id| group(context, id)),
        code: found.code,
        level,
        endpoint: found.endpoint,
        subject: found.subject,
        old: found.old,
        new: found.new,
        support: found.support,
        guess: !found.reasons.is_empty(),
        effect: found.effect,
    }
}

/// The fingerprint of a change, which holds whatever the parameters of routes are called, and the one
/// that earlier versions gave it.
fn fingerprints(found: &Found) -> [String; 2] {
    // Types do not belong to the name of a change: of untyped places they are what texts look like.
    let valued = is_value(found.code);
    let [old, new] = [&found.old, &found.new].map(|value| value.as_deref().filter(|_| valued));
    let texts = [found.endpoint.as_deref(), Some(&found.subject), old, new];
    let texts = texts.map(Option::unwrap_or_default);
    let code = found.code.name();
    let sent_in = found.place.map_or("", crate::scope::Place::name);
    let of = |[endpoint, subject, old, new]: [&str; 4]| {
        fingerprint(&["diff", &code, endpoint, sent_in, subject, old, new])
    };
    [
        of(texts.map(unnamed).each_ref().map(String::as_str)),
        of(texts),
    ]
}

/// The group of an endpoint, as it is now or was before.
fn group(context: &Context<'_>, id: &str) -> Option<String> {
    let sides = [&context.sides.new, &context.sides.old];
    sides.into_iter().find_map(|side| {
        let (at, _) = side.endpoint(id)?;
        Some(side.assessment.endpoints[at].grouped.group.clone())
    })
}

/// The titles of the groups that changes are in.
fn groups(context: &Context<'_>, changes: &[Change]) -> BTreeMap<String, String> {
    let names = changes.iter().filter_map(|change| change.group.clone());
    names
        .map(|name| {
            let title = group_title(context.config, context.locale, &name);
            (name, title)
        })
        .collect()
}

/// Whether the old and new values of a change are what it is about.
fn is_value(code: Code) -> bool {
    !matches!(
        code,
        Code::ParamNew
            | Code::ParamGone
            | Code::ParamType
            | Code::FieldNew
            | Code::FieldGone
            | Code::FieldType
            | Code::FieldNull
            | Code::ResponseType
    )
}

/// The change in words: what, how often, what it does to the status.
fn text(found: &Found, locale: &Locale) -> String {
    let value = |value: &Option<String>| Arg::Code(value.clone().unwrap_or_default());
    let param = found.place.map(|place| format!("param.{}", place.name()));
    let param = param.as_deref().map_or("", |key| locale.get(key));
    let pair = found.new.as_ref().or(found.old.as_ref());
    let pair = pair.map(|value| format!("{}={value}", found.subject));
    let args = [
        ("subject", Arg::Code(found.subject.clone())),
        ("pair", Arg::Code(pair.unwrap_or_default())),
        ("old", value(&found.old)),
        ("new", value(&found.new)),
        ("param", Arg::Markdown(param.to_owned())),
    ];
    let mut text = locale.format(&format!("change.{}", found.code.name()), &args);
    let mut add = |key: &str, args: &[(&str, Arg)]| text.push_str(&locale.format(key, args));
    if let Some(support) = found.support {
        let counts = [
            ("k", Arg::Count(support.old[0])),
            ("n", Arg::Count(support.old[1])),
            ("l", Arg::Count(support.new[0])),
            ("m", Arg::Count(support.new[1])),
        ];
        match found.code {
            Code::EndpointNew => add("diff.requests-now", &counts),
            Code::EndpointUnobserved => add("diff.requests-before", &counts),
            Code::ParamType | Code::FieldType | Code::FieldNull | Code::ResponseType => {}
            _ if found.thin => add("diff.thin", &counts),
            _ => add("diff.support", &counts),
        }
    }
    if !found.reasons.is_empty() {
        let reasons = found.reasons.iter().map(|key| locale.get(key));
        let reasons: Vec<&str> = reasons.collect();
        let reasons = Arg::Markdown(reasons.join(locale.get("list.clause")));
        add("diff.guess", &[("reasons", reasons)]);
    }
    if let Some(effect) = &found.effect {
        let word = |status: Option<Status>| {
            let key = format!("status.{}", status.unwrap_or(Status::Unobserved).name());
            Arg::Markdown(locale.get(&key).to_owned())
        };
        let args = [
            ("from", word(effect.old)),
            ("to", word(effect.new)),
            ("beyond", Arg::Codes(effect.beyond.clone())),
        ];
        add(effect_key(effect), &args);
    }
    text
}

fn effect_key(effect: &Effect) -> &'static str {
    match (effect.old, effect.new) {
        (None, _) => "diff.effect-new",
        (_, None) => "diff.effect-unobserved",
        (old, new) if old == new => "diff.effect-same",
        _ => "diff.effect",
    }
}
