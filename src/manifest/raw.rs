//! `manifest.toml` as it is written; the comments here are the descriptions of its JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::config::forms::{Day, OneOrMany, Scalar};
use crate::config::{Level, Prose, Status};

/// What a project claims to implement (`manifest.toml`).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "harcov manifest")]
pub(crate) struct RawManifest {
    /// The endpoints, one entry for each.
    #[serde(default)]
    #[schemars(with = "Vec<RawClaim>")]
    pub(crate) endpoint: Vec<Spanned<RawClaim>>,
}

/// What is claimed of one endpoint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Endpoint")]
pub(crate) struct RawClaim {
    /// The HTTP method.
    #[schemars(with = "String")]
    pub(crate) method: Spanned<String>,
    /// The route, such as `/users/<user_id>`.
    #[schemars(with = "String")]
    pub(crate) route: Spanned<String>,
    /// The host, where the claim is for one only.
    #[schemars(with = "Option<String>")]
    pub(crate) host: Option<Spanned<String>>,
    /// The operation, where the route serves several: the name of a GraphQL operation or of a
    /// JSON-RPC method; `""` for the requests that name none. Without it the entry is about all of them.
    pub(crate) operation: Option<String>,
    /// How far it is implemented: `implemented` if nothing is said.
    pub(crate) status: Option<ClaimStatus>,
    /// What the endpoint does.
    pub(crate) title: Option<Prose>,
    /// The parameters that the implementation sends. If captures show more, the endpoint is
    /// partial.
    pub(crate) params: Option<OneOrMany>,
    /// The values that the implementation sends of a parameter. If captures show more, the
    /// endpoint is partial.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Vec<Scalar>>,
    /// Evidence: `file:line` in the project's source.
    #[serde(default)]
    pub(crate) source: OneOrMany,
    /// A remark for readers, in Markdown.
    pub(crate) note: Option<Prose>,
    /// Why it is excluded, in Markdown.
    pub(crate) reason: Option<Prose>,
    /// When the exclusion was decided (`YYYY-MM-DD`).
    #[schemars(with = "Option<Day>")]
    pub(crate) date: Option<Spanned<Day>>,
    /// The last day on which the exclusion holds (`YYYY-MM-DD`); after it, `harcov check` fails.
    #[schemars(with = "Option<Day>")]
    pub(crate) until: Option<Spanned<Day>>,
    /// Where the exclusion was decided: a link or a ticket.
    pub(crate) reference: Option<String>,
    /// The priority; otherwise it is computed.
    pub(crate) priority: Option<Level>,
}

/// What can be claimed of an endpoint.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ClaimStatus {
    /// It is implemented.
    #[default]
    Implemented,
    /// It is implemented in part.
    Partial,
    /// It has to be built.
    Missing,
    /// Nobody has looked yet.
    Unknown,
    /// It is left out by decision; say why in `reason`.
    Excluded,
}

impl From<ClaimStatus> for Status {
    fn from(status: ClaimStatus) -> Self {
        match status {
            ClaimStatus::Implemented => Status::Implemented,
            ClaimStatus::Partial => Status::Partial,
            ClaimStatus::Missing => Status::Missing,
            ClaimStatus::Unknown => Status::Unknown,
            ClaimStatus::Excluded => Status::Excluded,
        }
    }
}
