//! Roles: in which ways one endpoint is called, by the sets of fields sent and the constants in them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher as _;

use foldhash::HashMap;
use foldhash::quality::RandomState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::scope::{Exchange, Param};
use crate::value::{ConstantRules, Kind};

use super::names::{Name, Names};
use super::observed::Observed;

/// Roles kept of one call; of more, those that come first in order.
const MAX_ROLES: usize = 96;
/// Responses of one role whose fields are looked at; later ones repeat what the first said.
const MAX_ANSWERS: usize = 8;
/// Names of response fields kept of one role.
const MAX_FIELDS: usize = 400;

/// What tells roles apart: the names sent, each once, with the constant where it has one.
pub type RoleKey = BTreeSet<(String, Option<String>)>;

/// What was observed of one role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleUse {
    /// Requests.
    pub requests: usize,
    /// Fields of its JSON responses.
    pub answered: BTreeSet<String>,
}

/// The roles of one endpoint.
///
/// Merging adds counts; what is kept of too many is decided by the keys' order alone, so that it
/// does not depend on the order of merging.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Roles {
    #[serde(with = "as_list")]
    #[schemars(with = "Vec<(BTreeSet<(String, Option<String>)>, RoleUse)>")]
    roles: BTreeMap<RoleKey, RoleUse>,
}

/// Keys of maps are texts in JSON, so the roles are a list of pairs.
mod as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{RoleKey, RoleUse};

    pub(super) fn serialize<S: Serializer>(
        roles: &BTreeMap<RoleKey, RoleUse>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(roles)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<RoleKey, RoleUse>, D::Error> {
        let pairs: Vec<(RoleKey, RoleUse)> = Vec::deserialize(deserializer)?;
        Ok(pairs.into_iter().collect())
    }
}

impl Roles {
    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.roles.is_empty()
    }

    /// The roles in order.
    pub fn iter(&self) -> impl Iterator<Item = (&RoleKey, &RoleUse)> {
        self.roles.iter()
    }

    fn add(&mut self, key: RoleKey, used: RoleUse) {
        let known = self.roles.entry(key).or_default();
        known.requests += used.requests;
        known.answered.extend(used.answered);
        while known.answered.len() > MAX_FIELDS {
            known.answered.pop_last();
        }
        if self.roles.len() > MAX_ROLES {
            self.roles.pop_last();
        }
    }

    /// Takes out the constants that `shown` says may not be shown.
    pub(super) fn withhold(&mut self, shown: impl Fn(&str, &str) -> bool) {
        for (key, used) in std::mem::take(&mut self.roles) {
            let key = key.into_iter().map(|(name, value)| {
                let value = value.filter(|value| shown(&name, value));
                (name, value)
            });
            self.add(key.collect(), used);
        }
    }

    /// Adds everything of another one.
    pub(super) fn merge(&mut self, other: &Roles) {
        for (key, used) in &other.roles {
            self.add(key.clone(), used.clone());
        }
    }
}

/// The roles of one capture's calls while it is read.
pub(super) struct RoleBook {
    /// How many roles are kept.
    room: usize,
    /// Requests in roles that there was no room for.
    pub(super) left_out: usize,
    hasher: RandomState,
    constant: HashMap<Name, bool>,
    roles: HashMap<(usize, u64), Role>,
}

#[derive(Default)]
struct Role {
    sent: BTreeSet<(Name, Option<SmolStr>)>,
    requests: usize,
    answered: BTreeSet<Name>,
}

impl RoleBook {
    /// Keeps so many roles.
    pub(super) fn new(room: usize) -> Self {
        RoleBook {
            room,
            left_out: 0,
            hasher: RandomState::default(),
            constant: HashMap::default(),
            roles: HashMap::default(),
        }
    }

    /// Takes one exchange of the given call; `params` and `fields` are the numbers of their names.
    pub(super) fn add(
        &mut self,
        call: usize,
        exchange: &Exchange,
        params: &[Name],
        fields: &[Name],
    ) {
        let mut signature: u64 = 0;
        for (param, name) in sent(exchange, params) {
            let word = self.constant(param, name);
            // A sum, so that the order in which they were sent does not matter.
            signature = signature.wrapping_add(self.hasher.hash_one((name, word)));
        }
        let key = (call, signature);
        if !self.roles.contains_key(&key) {
            if self.roles.len() >= self.room {
                self.left_out += 1;
                return;
            }
            let role = Role {
                sent: sent(exchange, params)
                    .map(|(param, name)| (name, self.constant(param, name).map(SmolStr::new)))
                    .collect(),
                ..Role::default()
            };
            self.roles.insert(key, role);
        }
        if let Some(role) = self.roles.get_mut(&key) {
            role.requests += 1;
            if role.requests <= MAX_ANSWERS {
                let answered = exchange.fields.iter();
                role.answered
                    .extend(answered.filter_map(|(at, _)| fields.get(at)));
            }
        }
    }

    /// The value of a parameter whose name says that its values are constants.
    fn constant<'e>(&mut self, param: &'e Param, name: Name) -> Option<&'e str> {
        let word = param.value.word.as_deref()?;
        let known = self
            .constant
            .entry(name)
            .or_insert_with(|| ConstantRules::built_in().says_constant(&param.name));
        known.then_some(word)
    }

    /// Writes the roles into what was observed of each call.
    pub(super) fn finish(self, observed: &mut [Observed], names: &Names) {
        for ((call, _), role) in self.roles {
            let Some(observed) = observed.get_mut(call) else {
                continue;
            };
            let name = |name: &Name| names.name(*name).to_owned();
            let key = role
                .sent
                .iter()
                .map(|(sent, word)| (name(sent), word.as_ref().map(SmolStr::to_string)))
                .collect();
            let used = RoleUse {
                requests: role.requests,
                answered: role.answered.iter().map(name).collect(),
            };
            observed.roles.add(key, used);
        }
    }
}

/// The parameters that hold a value, containers apart, with the numbers of their names.
fn sent<'e>(exchange: &'e Exchange, names: &'e [Name]) -> impl Iterator<Item = (&'e Param, Name)> {
    exchange
        .params
        .iter()
        .zip(names.iter().copied())
        .filter(|(param, _)| !matches!(param.value.kind, Kind::Object | Kind::Array))
}
