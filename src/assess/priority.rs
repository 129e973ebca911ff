//! How urgent a gap is: a score of what was observed, by the table `priority.toml`, explained.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Level, Status};
use crate::inventory::Inventory;
use crate::locale::Arg;
use crate::manifest::Manifest;
use crate::rules::Grouped;

use super::flow::Flow;
use super::module::matched;
use super::points::{Rules, changes_state};
use super::status::Judged;
use super::{Priority, Reason};

/// Scores the endpoints of an inventory.
pub(super) struct Scorer<'a> {
    rules: &'static Rules,
    inventory: &'a Inventory,
    config: &'a Config,
    manifest: &'a Manifest,
    steps: BTreeSet<usize>,
    ends: BTreeSet<usize>,
    /// For what gives values on the way to an end, the end.
    paths: BTreeMap<usize, usize>,
    /// For what stands in modules whose priority is said by hand, the highest of these.
    in_modules: BTreeMap<usize, Level>,
    /// What is left out by decision, whose needs do not count.
    excluded: BTreeSet<usize>,
    requests: usize,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(
        inventory: &'a Inventory,
        config: &'a Config,
        manifest: &'a Manifest,
        flows: &[Flow],
        judged: &[Judged],
    ) -> Self {
        let rules = Rules::built_in();
        let ends = ends(inventory, rules);
        Scorer {
            rules,
            inventory,
            config,
            manifest,
            steps: flows
                .iter()
                .flat_map(|flow| flow.steps.iter().filter_map(|step| step.endpoint))
                .collect(),
            paths: paths(inventory, &ends),
            ends,
            in_modules: in_modules(inventory, config),
            excluded: (0..judged.len())
                .filter(|at| judged[*at].status == Status::Excluded)
                .collect(),
            requests: inventory
                .endpoints
                .iter()
                .map(|endpoint| endpoint.observed.requests)
                .sum(),
        }
    }

    /// The priority of each endpoint, in the inventory's order.
    pub(super) fn priorities(&self, judged: &[Judged], grouped: &[Grouped]) -> Vec<Priority> {
        judged
            .iter()
            .zip(grouped)
            .enumerate()
            .map(|(at, (judged, grouped))| self.priority(at, judged, grouped))
            .collect()
    }

    fn priority(&self, at: usize, judged: &Judged, grouped: &Grouped) -> Priority {
        let gap = matches!(
            judged.status,
            Status::Missing | Status::Partial | Status::Unknown
        );
        let mut priority = if gap {
            self.score(at, judged.status)
        } else {
            Priority {
                level: Level::None,
                importance: self.score(at, Status::Missing).level,
                score: 0,
                reasons: vec![nothing_to_build(judged.status)],
            }
        };
        if let Some((level, reason)) = self.said(at, judged, grouped) {
            priority.importance = level;
            if gap {
                priority.level = level;
                priority.reasons = vec![reason];
            }
        }
        priority
    }

    /// A priority said by hand: for the endpoint, by the manifest, for its module, or by the rule.
    fn said(&self, at: usize, judged: &Judged, grouped: &Grouped) -> Option<(Level, Reason)> {
        let endpoint = &self.inventory.endpoints[at];
        let operation = endpoint.operation.as_ref().map(|o| o.name.as_str());
        let by_config = self.config.priorities.iter().find(|priority| {
            priority
                .endpoint
                .matches(&endpoint.method, &endpoint.route, operation)
        });
        if let Some(said) = by_config {
            let reason = match &said.reason {
                Some(reason) => {
                    let lang = self.config.lang.unwrap_or_default();
                    Reason::new("priority.said-because")
                        .with("reason", Arg::Markdown(reason.get(lang).to_owned()))
                }
                None => Reason::new("priority.said-by-config"),
            };
            return Some((said.level, reason));
        }
        let claim = judged
            .claim
            .and_then(|claim| self.manifest.claims.get(claim));
        if let Some(level) = claim.and_then(|claim| claim.priority) {
            return Some((level, Reason::new("priority.said-by-manifest")));
        }
        if let Some(level) = self.in_modules.get(&at) {
            return Some((*level, Reason::new("priority.said-by-module")));
        }
        let level = grouped.priority?;
        Some((level, Reason::new("priority.said-by-rule")))
    }

    fn score(&self, at: usize, status: Status) -> Priority {
        let mut score = 0;
        let mut reasons = Vec::new();
        for (points, reason) in self.evidence(at) {
            score += points;
            reasons.push(reason);
        }
        let limits = &self.rules.limits;
        let level = if score >= limits.high {
            Level::High
        } else if score >= limits.medium {
            Level::Medium
        } else {
            Level::Low
        };
        let (bound, reason) = match status {
            Status::Partial => (self.rules.bounds.partial, "priority.bound-partial"),
            // Without a manifest everything is unknown, which says nothing of any one endpoint.
            Status::Unknown if !self.manifest.claims.is_empty() => {
                (self.rules.bounds.unknown, "priority.bound-unknown")
            }
            _ => (Level::High, ""),
        };
        if level > bound {
            reasons.push(Reason::new(reason));
        }
        Priority {
            level: level.min(bound),
            importance: level,
            score,
            reasons,
        }
    }

    /// What was observed that counts, with its points.
    fn evidence(&self, at: usize) -> Vec<(i32, Reason)> {
        let points = &self.rules.points;
        let endpoint = &self.inventory.endpoints[at];
        let mut evidence = Vec::new();
        let step = self.steps.contains(&at);
        if step {
            evidence.push((points.flow_step, Reason::new("priority.flow-step")));
        }
        let changes = changes_state(endpoint);
        if changes {
            evidence.push((points.changes_state, Reason::new("priority.changes-state")));
        }
        let (needed, fields) = self.needed(at);
        if needed > 0 {
            let often = needed >= self.rules.limits.often;
            let worth = if often {
                points.needed_often
            } else {
                points.needed_once
            };
            let reason = Reason::new("priority.needed")
                .with("n", Arg::Count(needed))
                .with("fields", Arg::Codes(fields));
            evidence.push((worth, reason));
        }
        let takes = self.takes(at);
        if !takes.is_empty() {
            let reason = Reason::new("priority.takes-part").with("params", Arg::Codes(takes));
            evidence.push((points.takes_part, reason));
        }
        if self.ends.contains(&at) {
            evidence.push((points.leads_to_end, Reason::new("priority.leads-to-end")));
        }
        if let Some(end) = self.paths.get(&at) {
            let end = Arg::Code(self.inventory.endpoints[*end].id.clone());
            let reason = Reason::new("priority.on-path").with("end", end);
            evidence.push((points.on_path, reason));
        }
        if self.is_frequent(endpoint.observed.requests) {
            let reason =
                Reason::new("priority.frequent").with("n", Arg::Count(endpoint.observed.requests));
            evidence.push((points.frequent, reason));
        }
        if !step && needed == 0 && !self.ends.contains(&at) {
            evidence.push((points.loose_end, Reason::new("priority.loose-end")));
        }
        evidence
    }

    /// How many other endpoints send what this one answers, and which fields.
    fn needed(&self, at: usize) -> (usize, Vec<String>) {
        let links =
            self.inventory.links.iter().filter(|link| {
                link.from == at && link.to != at && !self.excluded.contains(&link.to)
            });
        let (mut endpoints, mut fields) = (BTreeSet::new(), BTreeSet::new());
        for link in links {
            endpoints.insert(link.to);
            fields.insert(link.field.clone());
        }
        (endpoints.len(), fields.into_iter().take(4).collect())
    }

    /// The parameters in which this endpoint sends what others answered.
    fn takes(&self, at: usize) -> Vec<String> {
        let params: BTreeSet<String> = self
            .inventory
            .links
            .iter()
            .filter(|link| link.to == at && link.from != at && !link.is_credential())
            .map(|link| link.param.clone())
            .collect();
        params.into_iter().take(4).collect()
    }

    fn is_frequent(&self, requests: usize) -> bool {
        let limits = &self.rules.limits;
        #[expect(clippy::cast_precision_loss, reason = "shares need no more precision")]
        let share = requests as f64 / self.requests.max(1) as f64;
        requests >= limits.frequent_requests && share >= limits.frequent_share
    }
}

/// Why there is no priority where there is no gap.
pub fn nothing_to_build(status: Status) -> Reason {
    Reason::new(match status {
        Status::Excluded => "priority.excluded",
        Status::Unobserved => "priority.unobserved",
        _ => "priority.implemented",
    })
}

/// The priorities that the modules of the config say, for their endpoints.
fn in_modules(inventory: &Inventory, config: &Config) -> BTreeMap<usize, Level> {
    let mut levels: BTreeMap<usize, Level> = BTreeMap::new();
    for module in &config.modules {
        let Some(said) = module.priority else {
            continue;
        };
        for at in matched(inventory, module) {
            let level = levels.entry(at).or_insert(said);
            *level = said.max(*level);
        }
    }
    levels
}

/// What gives values to an end, directly or through others, with the first end that it serves.
fn paths(inventory: &Inventory, ends: &BTreeSet<usize>) -> BTreeMap<usize, usize> {
    let mut givers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for link in inventory.links.iter().filter(|link| !link.is_credential()) {
        givers.entry(link.to).or_default().insert(link.from);
    }
    let mut paths: BTreeMap<usize, usize> = BTreeMap::new();
    for end in ends {
        let mut left = vec![*end];
        while let Some(at) = left.pop() {
            for giver in givers.get(&at).into_iter().flatten() {
                if !ends.contains(giver) && !paths.contains_key(giver) {
                    paths.insert(*giver, *end);
                    left.push(*giver);
                }
            }
        }
    }
    paths
}

/// The endpoints that settle what the user came for: by their words, or as the last change of
/// state before a state that was polled settled.
fn ends(inventory: &Inventory, rules: &Rules) -> BTreeSet<usize> {
    let mut ends: BTreeSet<usize> = (0..inventory.endpoints.len())
        .filter(|at| rules.settles(&inventory.endpoints[*at]))
        .collect();
    for polled in &inventory.endpoints {
        let settles = polled
            .observed
            .poll
            .as_ref()
            .is_some_and(|poll| poll.change.is_some());
        if !settles {
            continue;
        }
        let before = (0..inventory.endpoints.len())
            .filter(|at| {
                let endpoint = &inventory.endpoints[*at];
                changes_state(endpoint)
                    && endpoint.observed.moments.first < polled.observed.moments.first
            })
            .max_by_key(|at| (inventory.endpoints[*at].observed.moments.last, *at));
        ends.extend(before);
    }
    ends
}
