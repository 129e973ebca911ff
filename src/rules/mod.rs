//! Groups: the ordered rule table puts each endpoint into one, or groups are proposed from the
//! nouns of the routes.

mod propose;
mod shared_path;

use crate::config::{Config, Level, OTHER, RuleConfig};
use crate::inventory::{Endpoint, Inventory};
use crate::route::ParamStyle;
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
        .map(|endpoint| by_rule(endpoint, &config.rules))
        .collect()
}

fn by_rule(endpoint: &Endpoint, rules: &[RuleConfig]) -> Grouped {
    let matched = rules.iter().position(|rule| matches(rule, endpoint));
    let rule = matched.and_then(|at| rules.get(at));
    Grouped {
        group: rule.map_or_else(|| OTHER.to_owned(), |rule| rule.group.clone()),
        rule: matched,
        priority: rule.and_then(|rule| rule.priority),
    }
}

/// Whether everything that a rule says holds for an endpoint.
pub fn matches(rule: &RuleConfig, endpoint: &Endpoint) -> bool {
    let route = || endpoint.route.display(ParamStyle::Angle).to_string();
    let operation = endpoint.operation.as_ref().map_or("", |o| o.name.as_str());
    let sends = |regex: &regex::Regex| {
        endpoint
            .observed
            .params
            .keys()
            .any(|(place, name)| *place == Place::Query && regex.is_match(name))
    };
    (rule.methods.is_empty() || rule.methods.contains(&endpoint.method))
        && rule.path.as_ref().is_none_or(|r| r.is_match(&route()))
        && rule
            .host
            .as_ref()
            .is_none_or(|r| r.is_match(&endpoint.host))
        && rule
            .operation
            .as_ref()
            .is_none_or(|r| r.is_match(operation))
        && rule.query.as_ref().is_none_or(sends)
}
