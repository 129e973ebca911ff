//! The assessment: how far each endpoint is implemented, how urgent each gap is, and why.
//!
//! [`assess`] holds an inventory against config and manifest. Everything it concludes carries its
//! reasons as codes with arguments, which a report puts into words.

mod beyond;
mod claims;
mod envelope;
mod findings;
mod flow;
mod mismatch;
mod module;
mod points;
mod priority;
mod proposal;
mod split;
mod status;
mod story;
mod wording;

use crate::config::{Config, Level, Status};
use crate::inventory::Inventory;
use crate::locale::Arg;
use crate::manifest::Manifest;
use crate::rules::{Grouped, SharedPath};

use claims::Claims;

pub use envelope::{BusinessCode, Envelope, plain_error};
pub use findings::{Finding, protocol_error};
pub use flow::{Flow, FlowName, Step, StepTitle};
pub use mismatch::Mismatch;
pub use module::{Module, ModuleName};
pub use points::changes_state;
pub use priority::nothing_to_build;
pub use proposal::end as flow_end;
pub use split::{Split, SplitValue};
pub use story::{Credential, Page, Run, RunStep, StateChange, Story, Variant};

/// One reason: a message key of the locale tables with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The key, such as `reason.not-in-manifest`.
    pub key: &'static str,
    /// What fills its placeholders.
    pub args: Vec<(&'static str, Arg)>,
}

impl Reason {
    /// A reason without arguments.
    pub fn new(key: &'static str) -> Self {
        Reason {
            key,
            args: Vec::new(),
        }
    }

    /// With one more argument.
    pub fn with(mut self, name: &'static str, value: Arg) -> Self {
        self.args.push((name, value));
        self
    }
}

/// How urgent something is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priority {
    /// The level.
    pub level: Level,
    /// How urgent it would be if it were missing.
    pub importance: Level,
    /// The score behind it: which of several gaps of one level speaks for their module.
    pub score: i32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What is concluded of one observed endpoint.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// Its group and the rule that put it there.
    pub grouped: Grouped,
    /// The claim that is about it: a position in the manifest.
    pub claim: Option<usize>,
    /// How far it is implemented.
    pub status: Status,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What was sent that the claim does not list: parameters (`card_id`) and values
    /// (`pay_type=ALIPAY`).
    pub beyond: Vec<String>,
    /// The operation of the descriptions that is about it, whatever claim holds: a position in
    /// [`Manifest::operations`].
    pub described: Option<usize>,
    /// How it differs from its description, if it has one.
    pub mismatches: Vec<Mismatch>,
    /// How urgent it is.
    pub priority: Priority,
    /// The values of its discriminators.
    pub splits: Vec<Split>,
    /// The route of the config that is about it: a position in the config.
    pub route: Option<usize>,
}

/// Everything concluded of an inventory.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// One for each endpoint, in the inventory's order.
    pub endpoints: Vec<Assessed>,
    /// Claims that nothing observed is about: positions in the manifest.
    pub unobserved: Vec<usize>,
    /// Operations of the descriptions that nothing observed is about: positions in
    /// [`Manifest::operations`].
    pub unseen: Vec<usize>,
    /// The flows, declared or else proposed.
    pub flows: Vec<Flow>,
    /// The modules, declared or else proposed.
    pub modules: Vec<Module>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// How the API is used.
    pub story: Story,
    /// What stands around the API's answers.
    pub envelope: Envelope,
    /// The path that nearly all routes share.
    pub shared: SharedPath,
}

/// Holds an inventory against config and manifest.
pub fn assess(inventory: &Inventory, config: &Config, manifest: &Manifest) -> Assessment {
    let shared = SharedPath::of(inventory);
    let grouped = crate::rules::group(inventory, config);
    let claims = Claims::new(manifest.claims.iter());
    let unobserved = claims.unobserved(inventory);
    let operations = Claims::new(manifest.operations());
    let statuses = status::statuses(inventory, config, manifest, &claims, &operations, &grouped);
    let story = story::story(inventory, manifest, &statuses, &shared);
    let flows = flow::flows(inventory, config, &shared);
    let priorities = priority::Scorer::new(inventory, config, manifest, &flows, &statuses)
        .priorities(&statuses, &grouped);
    let endpoints: Vec<Assessed> = grouped
        .into_iter()
        .zip(statuses)
        .zip(priorities)
        .enumerate()
        .map(|(at, ((grouped, judged), priority))| {
            let endpoint = &inventory.endpoints[at];
            let route = status::route_of(endpoint, config);
            let claim = judged.claim.and_then(|claim| manifest.claims.get(claim));
            Assessed {
                splits: split::splits(
                    endpoint,
                    route.map(|r| &config.routes[r]),
                    claim,
                    judged.status,
                ),
                grouped,
                claim: judged.claim,
                status: judged.status,
                reasons: judged.reasons,
                beyond: judged.beyond,
                described: judged.described,
                mismatches: judged.mismatches,
                priority,
                route,
            }
        })
        .collect();
    let modules = module::modules(
        inventory,
        config,
        manifest,
        &unobserved,
        &endpoints,
        &shared,
    );
    let envelope = Envelope::of(inventory);
    let findings = findings::findings(
        inventory,
        &envelope,
        &story,
        &flows,
        config.lang.unwrap_or_default(),
    );
    Assessment {
        endpoints,
        unobserved,
        unseen: operations.unobserved(inventory),
        flows,
        modules,
        findings,
        story,
        envelope,
        shared,
    }
}
