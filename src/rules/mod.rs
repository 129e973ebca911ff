//! Groups: the ordered rule table puts each endpoint into one, or groups are proposed from the
//! nouns of the routes.

mod propose;
mod shared_path;

use regex::Regex;

use crate::config::{Config, Level, OTHER, RuleConfig};
use crate::inventory::{Endpoint, Inventory};
use crate::manifest::Claim;
use crate::route::{ParamStyle, Template};
use crate::scope::Place;

pub use shared_path::SharedPath;

/// The group of an endpoint and what put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouped {
    /// The group's name.
    pub group: String,
    /// The rule that matched: its position in the config.
    pub rule: Option<usize>,
    /// The priority that the rule says.
    pub priority: Option<Level>,
}

/// The group of each endpoint, in the inventory's order: by the rule table, or, where there is
/// none, by the noun that follows what all routes share.
pub fn group(inventory: &Inventory, config: &Config) -> Vec<Grouped> {
    if config.rules.is_empty() {
        return propose::groups(inventory)
            .into_iter()
            .map(|group| Grouped {
                group,
                rule: None,
                priority: None,
            })
            .collect();
    }
    inventory
        .endpoints
        .iter()
        .map(|endpoint| by_rule(&Subject::of(endpoint), &config.rules))
        .collect()
}

/// The group of a manifest entry that no capture shows, by the rule table.
pub fn group_of_claim(claim: &Claim, config: &Config) -> Grouped {
    let subject = Subject {
        method: &claim.method,
        host: claim.host.as_deref().unwrap_or_default(),
        route: &claim.route,
        operation: claim.operation.as_deref().unwrap_or_default(),
        query: claim.params.iter().flatten().map(String::as_str).collect(),
    };
    by_rule(&subject, &config.rules)
}

/// Whether everything that a rule says holds for an endpoint.
pub fn matches(rule: &RuleConfig, endpoint: &Endpoint) -> bool {
    Subject::of(endpoint).fits(rule)
}

fn by_rule(subject: &Subject<'_>, rules: &[RuleConfig]) -> Grouped {
    let matched = rules.iter().position(|rule| subject.fits(rule));
    let rule = matched.and_then(|at| rules.get(at));
    Grouped {
        group: rule.map_or_else(|| OTHER.to_owned(), |rule| rule.group.clone()),
        rule: matched,
        priority: rule.and_then(|rule| rule.priority),
    }
}

/// What rules look at.
struct Subject<'a> {
    method: &'a str,
    host: &'a str,
    route: &'a Template,
    operation: &'a str,
    /// Names of query parameters; of a claim, of all its parameters.
    query: Vec<&'a str>,
}

impl<'a> Subject<'a> {
    fn of(endpoint: &'a Endpoint) -> Self {
        let sent = endpoint.observed.params.keys();
        Subject {
            method: &endpoint.method,
            host: &endpoint.host,
            route: &endpoint.route,
            operation: endpoint.operation.as_ref().map_or("", |o| o.name.as_str()),
            query: sent
                .filter(|(place, _)| *place == Place::Query)
                .map(|(_, name)| name.as_str())
                .collect(),
        }
    }

    fn fits(&self, rule: &RuleConfig) -> bool {
        let says =
            |regex: &Option<Regex>, text: &str| regex.as_ref().is_none_or(|r| r.is_match(text));
        let route = self.route.display(ParamStyle::Angle).to_string();
        (rule.methods.is_empty() || rule.methods.iter().any(|method| method == self.method))
            && says(&rule.path, &route)
            && says(&rule.host, self.host)
            && says(&rule.operation, self.operation)
            && rule
                .query
                .as_ref()
                .is_none_or(|regex| self.query.iter().any(|name| regex.is_match(name)))
    }
}
