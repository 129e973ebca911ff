//! Variants: one endpoint called in several roles, each with a status of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Status;
use crate::inventory::{Endpoint, Inventory, ParamUse, is_paging_name, is_volatile};
use crate::manifest::{Claim, Manifest};
use crate::value::ConstantRules;

use super::super::beyond::covers;
use super::super::points::changes_state;
use super::super::status::Judged;

/// Roles of one endpoint that are told; of more, those with most requests.
const MAX_VARIANTS: usize = 12;

/// One role of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The endpoint: a position in the inventory.
    pub endpoint: usize,
    /// The fields that it sends.
    pub fields: Vec<String>,
    /// Those of them that not every role sends.
    pub own: Vec<String>,
    /// The constants that it sends.
    pub constants: BTreeMap<String, String>,
    /// Requests.
    pub requests: usize,
    /// How far it is implemented.
    pub status: Status,
    /// The fields and constants that the implementation does not send.
    pub lacking: Vec<String>,
    /// Fields of its responses that the other roles' responses lack.
    pub answers: Vec<String>,
}

/// The roles of all endpoints that have several, by endpoint and fields.
pub(super) fn variants(
    inventory: &Inventory,
    manifest: &Manifest,
    judged: &[Judged],
) -> Vec<Variant> {
    let mut variants = Vec::new();
    for (at, (endpoint, judged)) in inventory.endpoints.iter().zip(judged).enumerate() {
        let roles = roles(endpoint);
        if roles.len() < 2 {
            continue;
        }
        let claim = judged.claim.and_then(|claim| manifest.claims.get(claim));
        variants.extend(told(at, &roles, claim, judged.status));
    }
    variants
}

/// A role while it is put together.
#[derive(Debug, Clone, Default)]
struct Role {
    fields: BTreeSet<String>,
    constants: BTreeMap<String, String>,
    requests: usize,
    answered: BTreeSet<String>,
}

impl Role {
    fn absorb(&mut self, other: &Role) {
        self.fields.extend(other.fields.iter().cloned());
        self.requests += other.requests;
        self.answered.extend(other.answered.iter().cloned());
    }
}

/// The roles of one endpoint; one or none if it has no several.
fn roles(endpoint: &Endpoint) -> Vec<Role> {
    let constants = constants(endpoint);
    let mut folded: BTreeMap<(Vec<String>, BTreeMap<String, String>), Role> = BTreeMap::new();
    for (key, used) in endpoint.observed.roles.iter() {
        let fields: BTreeSet<String> = key
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| !is_volatile(name) && !is_paging_name(name))
            .collect();
        let constants: BTreeMap<String, String> = key
            .iter()
            .filter(|(name, _)| constants.contains(name.as_str()))
            .filter_map(|(name, word)| Some((name.clone(), word.clone()?)))
            .collect();
        let role = folded
            .entry((fields.iter().cloned().collect(), constants.clone()))
            .or_default();
        role.absorb(&Role {
            fields,
            constants: BTreeMap::new(),
            requests: used.requests,
            answered: used.answered.clone(),
        });
        role.constants = constants;
    }
    let mut roles: Vec<Role> = folded.into_values().collect();
    if endpoint.operation.is_some() || !changes_state(endpoint) {
        roles = of_a_read(roles, endpoint);
    }
    if roles.len() > MAX_VARIANTS {
        roles.sort_by_key(|role| std::cmp::Reverse(role.requests));
        roles.truncate(MAX_VARIANTS);
        roles.sort_by(|a, b| (&a.fields, &a.constants).cmp(&(&b.fields, &b.constants)));
    }
    roles
}

/// Parameters whose values are constants of the API, truth values apart.
fn constants(endpoint: &Endpoint) -> BTreeSet<&str> {
    let constant = |known: &ParamUse| {
        let truth = |value: &String| matches!(value.as_str(), "true" | "false");
        known.values.overflow == 0
            && known.values.listable
            && !known.values.counts.keys().all(truth)
    };
    endpoint
        .observed
        .params
        .iter()
        .filter(|(_, known)| constant(known))
        .map(|((_, name), _)| name.as_str())
        .collect()
}

/// What is only read has roles where a constant that every request sends tells them apart, or where
/// it is asked for by different ids. All else are filters that may be left out.
fn of_a_read(roles: Vec<Role>, endpoint: &Endpoint) -> Vec<Role> {
    let always =
        |name: &str| {
            endpoint.observed.params.iter().any(|((_, known), used)| {
                known == name && used.requests == endpoint.observed.requests
            })
        };
    let mut by_constants: BTreeMap<BTreeMap<String, String>, Vec<Role>> = BTreeMap::new();
    for mut role in roles {
        role.constants.retain(|name, _| always(name));
        by_constants
            .entry(role.constants.clone())
            .or_default()
            .push(role);
    }
    by_constants.into_values().flat_map(by_fields).collect()
}

/// Roles whose fields are no subsets of each other, if each has an id that no other has and none
/// shares some with a part of the others only; otherwise they are one.
fn by_fields(roles: Vec<Role>) -> Vec<Role> {
    let mut largest: Vec<Role> = Vec::new();
    let mut sorted = roles;
    sorted.sort_by_key(|role| std::cmp::Reverse(role.fields.len()));
    for role in sorted {
        match largest
            .iter_mut()
            .find(|known| role.fields.is_subset(&known.fields))
        {
            Some(known) => {
                known.requests += role.requests;
                known.answered.extend(role.answered);
            }
            None => largest.push(role),
        }
    }
    let common = common(&largest);
    let mut uses: BTreeMap<&String, usize> = BTreeMap::new();
    for field in largest
        .iter()
        .flat_map(|role| role.fields.difference(&common))
    {
        *uses.entry(field).or_default() += 1;
    }
    let by_id = |role: &Role| {
        let names = ConstantRules::built_in();
        let mut own = role.fields.difference(&common);
        own.any(|field| names.is_identifier(field))
    };
    if uses.values().all(|uses| *uses == 1) && largest.iter().all(by_id) {
        largest.sort_by(|a, b| a.fields.cmp(&b.fields));
        return largest;
    }
    let mut all = largest[0].clone();
    for role in &largest[1..] {
        all.absorb(role);
    }
    vec![all]
}

/// The fields that every role sends.
fn common(roles: &[Role]) -> BTreeSet<String> {
    let mut sets = roles.iter().map(|role| &role.fields);
    let first = sets.next().cloned().unwrap_or_default();
    sets.fold(first, |all, set| all.intersection(set).cloned().collect())
}

/// The roles with what is concluded of each.
fn told(at: usize, roles: &[Role], claim: Option<&Claim>, status: Status) -> Vec<Variant> {
    let common = common(roles);
    let answered_by_all = roles
        .iter()
        .map(|role| role.answered.clone())
        .reduce(|all, set| all.intersection(&set).cloned().collect())
        .unwrap_or_default();
    roles
        .iter()
        .map(|role| {
            let own: Vec<String> = role.fields.difference(&common).cloned().collect();
            let lacking = claim.map_or_else(Vec::new, |claim| lacking(role, claim));
            Variant {
                endpoint: at,
                status: judge(role, &own, &lacking, claim, status),
                fields: role.fields.iter().cloned().collect(),
                constants: role.constants.clone(),
                requests: role.requests,
                lacking,
                answers: role
                    .answered
                    .difference(&answered_by_all)
                    .cloned()
                    .collect(),
                own,
            }
        })
        .collect()
}

/// What a role sends and the claim does not list: fields, and constants as `name=value`.
fn lacking(role: &Role, claim: &Claim) -> Vec<String> {
    let mut lacking: Vec<String> = Vec::new();
    if let Some(listed) = &claim.params {
        lacking.extend(
            role.fields
                .iter()
                .filter(|field| !covers(listed, field))
                .cloned(),
        );
    }
    for (param, value) in &role.constants {
        let listed = claim.values.get(param);
        if listed.is_some_and(|listed| !listed.contains(value)) {
            lacking.push(format!("{param}={value}"));
        }
    }
    lacking
}

/// A role is missing if nothing of what makes it one is sent by the implementation: none of its own
/// fields, or not its constant.
fn judge(
    role: &Role,
    own: &[String],
    lacking: &[String],
    claim: Option<&Claim>,
    status: Status,
) -> Status {
    let Some(claim) = claim.filter(|_| matches!(status, Status::Implemented | Status::Partial))
    else {
        return status;
    };
    if lacking.is_empty() {
        // The claim lists what is sent, so all that this role sends is; without a list it is as the
        // manifest says of the whole.
        let listed = claim.params.is_some() || !claim.values.is_empty();
        return if listed { Status::Implemented } else { status };
    }
    let constant = |name: &String| {
        role.constants
            .get(name)
            .is_some_and(|value| lacking.contains(&format!("{name}={value}")))
    };
    let own_lacking = own
        .iter()
        .filter(|field| lacking.contains(field) || constant(field))
        .count();
    let value_lacking = role.constants.keys().any(constant);
    if value_lacking || !own.is_empty() && own_lacking * 2 > own.len() {
        Status::Missing
    } else {
        Status::Partial
    }
}
