//! `harcov explain`.

mod claims;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use crate::assess::{Assessment, assess};
use crate::config::Location;
use crate::inventory::{Endpoint, Rows};
use crate::locale::{Arg, Locale};
use crate::render::text_in_style;
use crate::report::PlaceRow;
use crate::route::ParamStyle;
use crate::rules;

use super::args::{Common, ExplainArgs};
use super::inputs::{self, Inputs};
use super::io::visible;
use super::wording::evidence;
use super::{EXIT_ERROR, EXIT_OK, Failure, Io};
use wanted::Wanted;

/// How many near misses are named.
const MAX_NEAREST: usize = 3;

/// Says what holds for one request, and why.
pub(super) fn run(common: &Common, args: &ExplainArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let wanted = Wanted::parse(&args.method, &args.url)?;
    let is_wanted = |method: &str, url: &str| wanted.is_request(method, url);
    let inputs = inputs::read(common, &args.captures, Rows::Of(&is_wanted), io)?;
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let explainer = Explainer {
        inputs: &inputs,
        assessment: &assessment,
        locale: inputs.locale,
    };
    let found: Vec<usize> = (0..inputs.inventory.endpoints.len())
        .filter(|at| wanted.is(&inputs.inventory.endpoints[*at]))
        .collect();
    let left_out = explainer.left_out();
    let exit = if found.is_empty() && left_out.is_empty() {
        EXIT_ERROR
    } else {
        EXIT_OK
    };
    let lines = if found.is_empty() {
        explainer.not_found(&wanted, left_out)
    } else {
        let of_each: Vec<Vec<String>> = found.iter().map(|at| explainer.endpoint(*at)).collect();
        of_each.join(&String::new())
    };
    for line in lines {
        writeln!(io.out, "{}", visible(&line))?;
    }
    Ok(exit)
}

struct Explainer<'a> {
    inputs: &'a Inputs,
    assessment: &'a Assessment,
    locale: &'static Locale,
}

impl Explainer<'_> {
    fn say(&self, key: &str, args: &[(&str, Arg)]) -> String {
        // A terminal shows a text as it is: what Markdown needs escaped would show as noise.
        let plain = args.iter().map(|(name, arg)| match arg {
            Arg::Text(text) => (*name, Arg::Markdown(text.clone())),
            arg => (*name, arg.clone()),
        });
        let text = self.locale.format(key, &plain.collect::<Vec<_>>());
        text_in_style(&text, self.inputs.config.param_style).into_owned()
    }

    fn heading(&self, key: &str, text: &str) -> String {
        let (name, colon) = (self.locale.get(key), self.locale.get("list.colon"));
        format!("{name}{colon}{text}")
    }

    /// A place in a file of the project, as reports name it.
    fn place(&self, location: &Location) -> String {
        let place = PlaceRow::new(location, &self.inputs.config);
        match location.line {
            0 => place.file,
            line => format!("{}:{line}", place.file),
        }
    }

    /// Everything about one endpoint, a line each.
    fn endpoint(&self, at: usize) -> Vec<String> {
        let endpoint = &self.inputs.inventory.endpoints[at];
        let id = text_in_style(&endpoint.id, self.inputs.config.param_style);
        let mut lines = vec![self.heading("explain.endpoint", &id)];
        lines.extend(self.route(endpoint));
        lines.extend(self.group(at, endpoint));
        lines.extend(self.status(at, endpoint));
        lines.extend(self.priority(at));
        lines.extend(self.lineage(at));
        lines
    }

    /// The values that it takes and gives, and its places in the flows that were found.
    fn lineage(&self, at: usize) -> Vec<String> {
        let inventory = &self.inputs.inventory;
        let mut lines = Vec::new();
        for link in &inventory.links {
            let (key, other) = match (link.to == at, link.from == at) {
                (true, _) => ("explain.takes", link.from),
                (_, true) if !link.is_credential() => ("explain.gives", link.to),
                _ => continue,
            };
            let place = format!("place.{}", link.place.name());
            let place = self.locale.get(&place).to_owned();
            let args = [
                ("param", Arg::Code(link.param.clone())),
                ("place", Arg::Markdown(place)),
                ("endpoint", Arg::Code(inventory.endpoints[other].id.clone())),
                ("field", Arg::Code(link.field.clone())),
            ];
            lines.push(format!("  {}", self.say(key, &args)));
        }
        for (flow, run) in self.assessment.story.runs.iter().enumerate() {
            let step = run.steps.iter().position(|step| step.endpoint == at);
            lines.extend(step.map(|step| {
                let args = [("n", Arg::Count(step + 1)), ("flow", Arg::Count(flow + 1))];
                format!("  {}", self.say("explain.flow-place", &args))
            }));
        }
        if !lines.is_empty() {
            let heading = self.heading("explain.lineage", "");
            lines.insert(0, heading.trim_end().to_owned());
        }
        lines
    }

    fn route(&self, endpoint: &Endpoint) -> Vec<String> {
        let style = self.inputs.config.param_style;
        let inferred = &self.inputs.inventory.routes[endpoint.inferred];
        let route = endpoint.route.display(style).to_string();
        let mut lines = vec![self.heading("explain.route", &route)];
        for (part, verdict) in endpoint.route.parts.iter().zip(&inferred.verdicts) {
            let reasons: Vec<String> = verdict
                .reasons
                .iter()
                .map(|reason| evidence(reason, self.locale))
                .collect();
            lines.push(format!(
                "  {}{}{}",
                part.display(style),
                self.locale.get("list.colon"),
                reasons.join(self.locale.get("list.clause"))
            ));
        }
        lines
    }

    /// The rule that won and those that would have matched too.
    fn group(&self, at: usize, endpoint: &Endpoint) -> Vec<String> {
        let grouped = &self.assessment.endpoints[at].grouped;
        let table = &self.inputs.config.rules;
        let group = ("group", Arg::Text(grouped.group.clone()));
        let rule_args = |n: usize, group: &str| {
            let place = table.get(n).map(|rule| self.place(&rule.location));
            [
                ("group", Arg::Text(group.to_owned())),
                ("n", Arg::Count(n + 1)),
                ("place", Arg::Code(place.unwrap_or_default())),
            ]
        };
        let won = match grouped.rule {
            Some(rule) => self.say("explain.rule-won", &rule_args(rule, &grouped.group)),
            None if table.is_empty() => self.say("explain.rule-proposed", &[group]),
            None => self.say("explain.rule-none", &[group]),
        };
        let mut lines = vec![self.heading("explain.group", &won)];
        for (n, rule) in table.iter().enumerate() {
            if Some(n) > grouped.rule && rules::matches(rule, endpoint) {
                let lost = self.say("explain.rule-lost", &rule_args(n, &rule.group));
                lines.push(format!("  {lost}"));
            }
        }
        lines
    }

    /// The status with its reasons, the claim behind it, and claims that nearly fit.
    fn status(&self, at: usize, endpoint: &Endpoint) -> Vec<String> {
        let assessed = &self.assessment.endpoints[at];
        let status = self.locale.get(match assessed.status.name() {
            "implemented" => "status.implemented",
            "partial" => "status.partial",
            "missing" => "status.missing",
            "excluded" => "status.excluded",
            _ => "status.unknown",
        });
        let mut lines = vec![self.heading("explain.status", status)];
        for reason in &assessed.reasons {
            lines.push(format!("  {}", self.say(reason.key, &reason.args)));
        }
        lines.extend(self.claims(assessed.claim, endpoint));
        lines
    }

    fn priority(&self, at: usize) -> Vec<String> {
        let priority = &self.assessment.endpoints[at].priority;
        let level = self.locale.get(match priority.level.name() {
            "high" => "level.high",
            "medium" => "level.medium",
            "low" => "level.low",
            _ => "level.none",
        });
        let mut lines = vec![self.heading("explain.priority", level)];
        for reason in &priority.reasons {
            lines.push(format!("  {}", self.say(reason.key, &reason.args)));
        }
        lines
    }

    /// The requests that are asked about and do not count, by host and reason.
    fn left_out(&self) -> Vec<String> {
        let inventory = &self.inputs.inventory;
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for row in &self.inputs.rows {
            let skip = match &row.outcome {
                Err(skip) => Some(*skip),
                Ok(call) => inventory.skip_of_host(&call.host),
            };
            if let Some(skip) = skip {
                *counts.entry((&row.origin, skip.name())).or_default() += 1;
            }
        }
        let line = |((origin, skip), n): ((&str, &str), usize)| {
            let reason = format!("skip.{skip}");
            let reason = self.locale.get(&reason);
            let args = [
                ("n", Arg::Count(n)),
                ("host", Arg::Code(origin.to_owned())),
                ("reason", Arg::Text(reason.to_owned())),
            ];
            self.say("explain.left-out", &args)
        };
        counts.into_iter().map(line).collect()
    }

    /// What comes nearest to a request that nothing fits, after those that fit and do not count.
    fn not_found(&self, wanted: &Wanted, left_out: Vec<String>) -> Vec<String> {
        let request = format!(
            "{} {}",
            wanted.method,
            wanted.path.display(ParamStyle::Angle)
        );
        let mut lines = vec![self.say("explain.no-match", &[("request", Arg::Code(request))])];
        if !left_out.is_empty() {
            lines.extend(left_out);
            return lines;
        }
        let endpoints = &self.inputs.inventory.endpoints;
        let same_route = || {
            let endpoints = endpoints.iter();
            endpoints.filter(|endpoint| wanted.fits(&endpoint.route))
        };
        let methods: BTreeSet<String> = same_route()
            .filter(|endpoint| endpoint.method != wanted.method)
            .map(|endpoint| endpoint.method.clone())
            .collect();
        if !methods.is_empty() {
            let methods = Arg::Codes(methods.into_iter().collect());
            lines.push(self.say("explain.other-methods", &[("methods", methods)]));
        }
        let hosts: BTreeSet<String> = same_route()
            .filter(|endpoint| endpoint.method == wanted.method)
            .map(|endpoint| endpoint.host.clone())
            .collect();
        if !hosts.is_empty() {
            let hosts = Arg::Codes(hosts.into_iter().collect());
            lines.push(self.say("explain.other-hosts", &[("hosts", hosts)]));
        }
        let claim = self
            .inputs
            .manifest
            .claims
            .iter()
            .find(|claim| claim.method == wanted.method && wanted.fits(&claim.route));
        if let Some(claim) = claim {
            let place = Arg::Code(self.place(&claim.location));
            let said = if claim.described.is_some() {
                "explain.described-unobserved"
            } else {
                "explain.unobserved"
            };
            lines.push(self.say(said, &[("place", place)]));
        }
        let request = format!(
            "{} {}",
            wanted.method,
            wanted.path.display(ParamStyle::Angle)
        );
        let mut near: Vec<(usize, f64, &String)> = endpoints
            .iter()
            .map(|endpoint| {
                let alike = strsim::jaro_winkler(&request, &endpoint.id);
                (wanted.likeness(&endpoint.route), alike, &endpoint.id)
            })
            .filter(|(likeness, ..)| *likeness > 0)
            .collect();
        // Of those that share as many segments, what is written most alike comes first.
        near.sort_by(|one, other| (other.0.cmp(&one.0)).then(other.1.total_cmp(&one.1)));
        near.truncate(MAX_NEAREST);
        if !near.is_empty() {
            let routes = near.into_iter().map(|(.., id)| id.clone()).collect();
            lines.push(self.say("explain.nearest", &[("routes", Arg::Codes(routes))]));
        }
        lines
    }
}
