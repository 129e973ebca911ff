//! From the written form to the valid configuration.

use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::scope::{Filter, Limits};

use super::check::Checks;
use super::diff;
use super::forms::OneOrMany;
use super::raw::{
    RawConfig, RawCorrections, RawFinding, RawFlow, RawGroup, RawLimits, RawModule, RawPriority,
    RawRoute, RawRule, RawStep,
};
use super::words::{list, nearest, quote};
use super::{
    CallPattern, Config, Corrections, FindingConfig, FlowConfig, GroupConfig, ModuleConfig, OTHER,
    PriorityConfig, RouteConfig, RuleConfig, SCAN, ScanConfig, SpecConfig, Status, StepConfig,
};
use crate::route::{Authority, Pin};
use crate::value::{Privacy, Said};

/// Makes the configuration of a file; problems go to `checks`.
pub(super) fn validate(raw: RawConfig, file: &Path, checks: &mut Checks<'_>) -> Config {
    let root = file.parent().unwrap_or(Path::new("")).to_owned();
    let groups = groups(&raw, checks);
    let (scanned, manifests) = scanned(&raw.manifest);
    let privacy = privacy(&raw);
    let paths = |texts: &OneOrMany| -> Vec<PathBuf> {
        texts
            .0
            .iter()
            .map(|text| root.join(text.get_ref()))
            .collect()
    };
    let scan = ScanConfig {
        sources: paths(&scanned),
        calls: calls(&raw.scan.calls, checks),
    };
    Config {
        file: Some(file.to_owned()),
        captures: paths(&raw.captures),
        manifests: paths(&manifests),
        scan,
        title: raw.title,
        overview: raw.overview,
        summary: raw.summary,
        lang: raw.lang,
        param_style: raw.param_style.unwrap_or_default(),
        spec: SpecConfig {
            partial: checks.markers(&raw.spec.partial),
            missing: checks.markers(&raw.spec.missing),
            excluded: checks.markers(&raw.spec.excluded),
        },
        scope: Filter {
            hosts: checks.hosts(&raw.scope.hosts),
            exclude: checks.regexes(&raw.scope.exclude),
            include: checks.regexes(&raw.scope.include),
            privacy,
            limits: limits(&raw.limits, checks),
        },
        gate: super::gate::gate(raw.gate, &groups, &root, checks),
        corrections: corrections(&raw.routes, checks),
        routes: routes(raw.route, checks),
        groups,
        rules: rules(raw.rule, checks),
        modules: raw.module.into_iter().map(|m| module(m, checks)).collect(),
        flows: raw.flow.into_iter().map(|f| flow(f, checks)).collect(),
        findings: raw
            .finding
            .into_iter()
            .map(|f| finding(f, checks))
            .collect(),
        priorities: raw
            .priority
            .into_iter()
            .filter_map(|p| priority(p, checks))
            .collect(),
        diff: diff::validate(raw.diff, checks),
        warnings: Vec::new(),
        root,
    }
}

/// Sources that are scanned, and manifests that are read.
fn scanned(manifests: &OneOrMany) -> (OneOrMany, OneOrMany) {
    let (mut scanned, mut read) = (OneOrMany::default(), OneOrMany::default());
    for text in &manifests.0 {
        match text.get_ref().strip_prefix(SCAN) {
            Some(source) => scanned.0.push(Spanned::new(text.span(), source.to_owned())),
            None => read.0.push(text.clone()),
        }
    }
    (scanned, read)
}

/// The calls of house wrappers.
fn calls(texts: &OneOrMany, checks: &mut Checks<'_>) -> Vec<CallPattern> {
    let mut calls = Vec::new();
    for text in &texts.0 {
        match text.get_ref().parse() {
            Ok(call) => calls.push(call),
            Err(error) => {
                let message = format!("{} is no call: {error}", quote(text.get_ref()));
                let remedy = "write it as `api_post($PATH)` or `call($METHOD, $PATH)`";
                checks.error(&text.span(), message, remedy);
            }
        }
    }
    calls
}

/// Which values may be shown. Parameters that are said to tell uses of a route apart are constants.
fn privacy(raw: &RawConfig) -> Privacy {
    let mut privacy = Privacy::default();
    let said = &raw.privacy;
    for (word, names) in [
        (Said::Allowed, &said.allow_names),
        (Said::Denied, &said.deny_names),
    ] {
        for name in &names.0 {
            privacy.say_name(word, name.get_ref());
        }
    }
    for (word, values) in [
        (Said::Allowed, &said.allow_values),
        (Said::Denied, &said.deny_values),
    ] {
        for value in &values.0 {
            privacy.say_value(word, value.get_ref());
        }
    }
    for name in raw
        .route
        .iter()
        .flat_map(|route| &route.get_ref().split_by.0)
    {
        privacy.say_name(Said::Allowed, name.get_ref());
    }
    privacy
}

fn limits(raw: &RawLimits, checks: &mut Checks<'_>) -> Limits {
    let (usual, most) = (Limits::default(), Limits::MOST);
    let mut limit = |asked: &Option<Spanned<i64>>, usual, most| match asked {
        Some(asked) => checks.limit(asked, most),
        None => usual,
    };
    Limits {
        calls: limit(&raw.calls, usual.calls, most.calls),
        names: limit(&raw.names, usual.names, most.names),
        values: limit(&raw.values, usual.values, most.values),
        repeats: limit(&raw.repeats, usual.repeats, most.repeats),
        roles: limit(&raw.roles, usual.roles, most.roles),
        waits: limit(&raw.waits, usual.waits, most.waits),
        states: limit(&raw.states, usual.states, most.states),
    }
}

/// The declared groups, or those that the rules name where none is declared.
fn groups(raw: &RawConfig, checks: &mut Checks<'_>) -> Vec<GroupConfig> {
    let mut groups: Vec<GroupConfig> = Vec::new();
    if raw.group.is_empty() {
        for rule in &raw.rule {
            let name = rule.get_ref().group.get_ref();
            if name != OTHER && !groups.iter().any(|group| group.name == *name) {
                groups.push(GroupConfig {
                    name: name.clone(),
                    title: None,
                    unlisted: Status::Missing,
                });
            }
        }
        return groups;
    }
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for group in &raw.group {
        let RawGroup {
            name,
            title,
            unlisted,
        } = group.get_ref();
        if name.get_ref().trim().is_empty() {
            checks.error(&name.span(), "the group has no name", "give it one");
        } else if let Some(first) = seen.iter().find(|first| first.get_ref() == name.get_ref()) {
            let first = checks.place(&first.span());
            let message = format!(
                "the group `{}` is already declared at {first}",
                name.get_ref()
            );
            checks.error(&name.span(), message, "merge the two");
        } else {
            seen.push(name);
            groups.push(GroupConfig {
                name: name.get_ref().clone(),
                title: title.clone(),
                unlisted: unlisted.map_or(Status::Missing, Status::from),
            });
        }
    }
    for rule in &raw.rule {
        let name = &rule.get_ref().group;
        let known = || groups.iter().map(|group| group.name.as_str());
        if name.get_ref() == OTHER || known().any(|known| known == name.get_ref()) {
            continue;
        }
        let remedy = match nearest(name.get_ref(), known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it as a [[group]]; declared are {}", list(known())),
        };
        checks.error(
            &name.span(),
            format!("unknown group `{}`", name.get_ref()),
            &remedy,
        );
    }
    groups
}

/// Corrections of single segments; what is never merged stays literal.
fn corrections(raw: &RawCorrections, checks: &mut Checks<'_>) -> Corrections {
    let mut literals = checks.corrections(&raw.keep_literal);
    literals.extend(checks.corrections(&raw.never_merge));
    Corrections {
        literals,
        params: checks.corrections(&raw.param),
    }
}

fn routes(raw: Vec<Spanned<RawRoute>>, checks: &mut Checks<'_>) -> Vec<RouteConfig> {
    let mut routes: Vec<RouteConfig> = Vec::new();
    for written in raw {
        let span = written.span();
        let raw = written.into_inner();
        let methods = checks.methods(&raw.method);
        let host = raw.host.as_ref().and_then(|host| checks.host(host));
        let Some(template) = checks.template(&raw.template) else {
            continue;
        };
        let pin = Pin {
            methods,
            host,
            template,
            authority: Authority::Correction,
        };
        if let Some(first) = routes.iter().find(|first| same_pin(&first.pin, &pin)) {
            let place = &first.location;
            let message = format!(
                "the route `{}` is already said at {place}",
                raw.template.get_ref()
            );
            checks.error(&raw.template.span(), message, "merge the two");
            continue;
        }
        routes.push(RouteConfig {
            pin,
            title: raw.title,
            split_by: raw.split_by.into_strings(),
            labels: raw.labels,
            location: checks.place(&span),
        });
    }
    routes
}

fn same_pin(one: &Pin, other: &Pin) -> bool {
    one.methods == other.methods
        && one.host == other.host
        && one.template.shape() == other.template.shape()
}

fn rules(raw: Vec<Spanned<RawRule>>, checks: &mut Checks<'_>) -> Vec<RuleConfig> {
    let last = raw.len().saturating_sub(1);
    let mut rules = Vec::new();
    for (i, written) in raw.into_iter().enumerate() {
        let span = written.span();
        let raw = written.into_inner();
        let conditions = [&raw.path, &raw.host, &raw.query, &raw.operation];
        if i < last && raw.method.0.is_empty() && conditions.iter().all(|c| c.is_none()) {
            checks.warn(
                &span,
                "the rule matches every endpoint, so that no rule below it is used",
                "give it a `path`, or move it to the end",
            );
        }
        let mut regex =
            |text: &Option<Spanned<String>>| text.as_ref().and_then(|text| checks.regex(text));
        rules.push(RuleConfig {
            path: regex(&raw.path),
            host: regex(&raw.host),
            query: regex(&raw.query),
            operation: regex(&raw.operation),
            methods: checks.methods(&raw.method),
            group: raw.group.into_inner(),
            priority: raw.priority,
            location: checks.place(&span),
        });
    }
    rules
}

fn module(written: Spanned<RawModule>, checks: &mut Checks<'_>) -> ModuleConfig {
    let span = written.span();
    let raw = written.into_inner();
    ModuleConfig {
        endpoints: checks.patterns(&raw.endpoints),
        name: raw.name,
        summary: raw.summary,
        priority: raw.priority,
        location: checks.place(&span),
    }
}

fn flow(written: Spanned<RawFlow>, checks: &mut Checks<'_>) -> FlowConfig {
    let span = written.span();
    let raw = written.into_inner();
    FlowConfig {
        steps: raw.steps.into_iter().map(|s| step(s, checks)).collect(),
        name: raw.name,
        summary: raw.summary,
        location: checks.place(&span),
    }
}

fn step(raw: RawStep, checks: &mut Checks<'_>) -> StepConfig {
    StepConfig {
        endpoint: raw.endpoint.and_then(|text| checks.pattern(&text)),
        title: raw.title,
        with: raw
            .with
            .into_iter()
            .map(|(name, value)| (name, value.0))
            .collect(),
    }
}

fn finding(raw: RawFinding, checks: &mut Checks<'_>) -> FindingConfig {
    FindingConfig {
        endpoint: raw.endpoint.and_then(|text| checks.pattern(&text)),
        title: raw.title,
        text: raw.text,
    }
}

fn priority(raw: RawPriority, checks: &mut Checks<'_>) -> Option<PriorityConfig> {
    Some(PriorityConfig {
        endpoint: checks.pattern(&raw.endpoint)?,
        level: raw.level,
        reason: raw.reason,
    })
}
