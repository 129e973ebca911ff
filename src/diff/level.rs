//! Codes of changes, their levels, and the table of both.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::config::ChangeLevel as Level;

/// What kind of change it is. The names are public: JSON, configuration and fingerprints use them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// An endpoint that the old side does not show.
    EndpointNew,
    /// An endpoint that the new side does not show; it may be there all the same.
    EndpointUnobserved,
    /// An unobserved endpoint and a new one that look like one (a guess).
    EndpointRenamed,
    /// The API is called at another host.
    HostChanged,
    /// A parameter that was not sent before.
    ParamNew,
    /// A parameter that is not sent any more.
    ParamGone,
    /// A parameter that every request sends now.
    ParamAlways,
    /// A parameter that not every request sends any more.
    ParamOptional,
    /// A parameter of another type.
    ParamType,
    /// A parameter that is gone and a new one that look like one (a guess).
    ParamRenamed,
    /// A constant that a parameter did not have before.
    ConstantNew,
    /// A constant that a parameter does not have any more.
    ConstantGone,
    /// A value of a parameter that the endpoint is split by.
    DiscriminatorNew,
    /// A value of such a parameter that is not seen any more.
    DiscriminatorGone,
    /// A set of parameters that makes the endpoint do another job.
    VariantNew,
    /// Such a set that is not seen any more.
    VariantGone,
    /// A content type of request bodies.
    RequestMediaNew,
    /// One that is not seen any more.
    RequestMediaGone,
    /// A response field that was not answered before.
    FieldNew,
    /// A response field that is not answered any more.
    FieldGone,
    /// A response field of another type.
    FieldType,
    /// A response field that is null now, always or at times, and never was.
    FieldNull,
    /// A response field that not every answer has any more.
    FieldOptional,
    /// A field that is gone and a new one that look like one (a guess).
    FieldRenamed,
    /// A constant that a response field did not have before.
    FieldConstantNew,
    /// A constant that a response field does not have any more.
    FieldConstantGone,
    /// An HTTP status.
    StatusNew,
    /// One that is not seen any more.
    StatusGone,
    /// A business code inside the response.
    BusinessCodeNew,
    /// One that is not seen any more.
    BusinessCodeGone,
    /// Responses that are an array instead of an object, or the other way round.
    ResponseType,
    /// A content type of responses.
    ResponseMediaNew,
    /// One that is not seen any more.
    ResponseMediaGone,
    /// A way of authentication.
    AuthNew,
    /// One that is not used any more.
    AuthGone,
    /// A change of a state.
    TransitionNew,
    /// One that is not seen any more.
    TransitionGone,
    /// A step of a flow.
    FlowStepNew,
    /// One that is not taken any more.
    FlowStepGone,
    /// A step that comes at another place.
    FlowStepMoved,
}

/// The table `diff.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    levels: BTreeMap<Code, Level>,
    pub(super) support: SupportRules,
    pub(super) rename: RenameRules,
}

/// When an absence counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupportRules {
    pub(super) chance: f64,
    pub(super) thin: f64,
    pub(super) never_null: usize,
}

/// When two names are taken for one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenameRules {
    pub(super) name: f64,
    pub(super) shape: f64,
}

impl Rules {
    pub(super) fn built_in() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        RULES.get_or_init(|| toml::from_str(include_str!("diff.toml")).expect("diff.toml is valid"))
    }
}

impl Code {
    /// Every code, by name.
    pub fn all() -> impl Iterator<Item = Code> {
        Rules::built_in().levels.keys().copied()
    }

    /// The name.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::new(),
        }
    }

    /// The level that the table gives it.
    pub fn level(self) -> Level {
        let levels = &Rules::built_in().levels;
        levels.get(&self).copied().unwrap_or(Level::Info)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_level() {
        let schema = schemars::schema_for!(Code);
        let names = schema.to_value()["oneOf"].as_array().map(Vec::len);
        assert_eq!(names, Some(Rules::built_in().levels.len()));
    }
}
