//! `harcov.toml` as it is written; the comments here are the descriptions of its JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::diff::RawDiff;
use super::forms::{OneOrMany, Scalar};
use super::gate::RawGate;
use super::{Level, Prose, Status};
use crate::locale::Lang;
use crate::route::ParamStyle;

/// What a project says about its API and the report on it (`harcov.toml`). Paths are relative to
/// the file's folder.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "harcov configuration")]
pub(crate) struct RawConfig {
    /// The report's title.
    pub(crate) title: Option<Prose>,
    /// A paragraph for the report's overview, in Markdown.
    pub(crate) overview: Option<Prose>,
    /// A paragraph for the report's summary, in Markdown.
    pub(crate) summary: Option<Prose>,
    /// The language of reports.
    pub(crate) lang: Option<Lang>,
    /// Captures to read when the command names none: files or folders.
    #[serde(default)]
    pub(crate) captures: OneOrMany,
    /// The manifests that say what is implemented; `scan:src` takes the evidence in the source
    /// code of a folder as one.
    #[serde(default)]
    pub(crate) manifest: OneOrMany,
    /// How parameters are written in routes: `angle` is `<id>`, `brace` is `{id}`, `colon` is
    /// `:id`.
    pub(crate) param_style: Option<ParamStyle>,
    /// How descriptions of APIs (OpenAPI, Postman) are read as manifests.
    #[serde(default)]
    pub(crate) spec: RawSpec,
    /// Which traffic counts.
    #[serde(default)]
    pub(crate) scope: RawScope,
    /// What a scan of source code has to know.
    #[serde(default)]
    pub(crate) scan: RawScan,
    /// Which values may be shown.
    #[serde(default)]
    pub(crate) privacy: RawPrivacy,
    /// How much of one capture is kept, which bounds the memory in use. What is beyond is counted, and
    /// the report says so.
    #[serde(default)]
    pub(crate) limits: RawLimits,
    /// Corrections of single segments of inferred routes.
    #[serde(default)]
    pub(crate) routes: RawCorrections,
    /// Route templates said by hand; they win over inference.
    #[serde(default)]
    #[schemars(with = "Vec<RawRoute>")]
    pub(crate) route: Vec<Spanned<RawRoute>>,
    /// The groups, in the order of the report. Without any, the rules' groups are taken.
    #[serde(default)]
    #[schemars(with = "Vec<RawGroup>")]
    pub(crate) group: Vec<Spanned<RawGroup>>,
    /// The rules that put endpoints into groups; the first match wins.
    #[serde(default)]
    #[schemars(with = "Vec<RawRule>")]
    pub(crate) rule: Vec<Spanned<RawRule>>,
    /// Named pieces of functionality, in the order of the report.
    #[serde(default)]
    #[schemars(with = "Vec<RawModule>")]
    pub(crate) module: Vec<Spanned<RawModule>>,
    /// Ordered steps through endpoints, in the order of the report.
    #[serde(default)]
    #[schemars(with = "Vec<RawFlow>")]
    pub(crate) flow: Vec<Spanned<RawFlow>>,
    /// Findings to add to those of the report.
    #[serde(default)]
    pub(crate) finding: Vec<RawFinding>,
    /// Priorities said by hand; the first match wins.
    #[serde(default)]
    pub(crate) priority: Vec<RawPriority>,
    /// What `harcov check` asks for.
    #[schemars(with = "Option<RawGate>")]
    pub(crate) gate: Option<Spanned<RawGate>>,
    /// What changes between captures are worth, and which are known (`harcov diff`).
    #[serde(default)]
    pub(crate) diff: RawDiff,
}

/// What a scan of source code has to know.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Scan")]
pub(crate) struct RawScan {
    /// Calls that send requests, beyond those that are known: `api_post($PATH)`,
    /// `call($METHOD, $PATH)`, `POST send(_, $PATH)`.
    #[serde(default)]
    pub(crate) calls: OneOrMany,
}

/// How descriptions of APIs are read as manifests: an operation is implemented unless it carries one
/// of these marks. A mark is an extension that is not `false` (`x-partial`), a tag or folder
/// (`tag:wip`), or `deprecated`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Spec")]
pub(crate) struct RawSpec {
    /// What marks an operation that is implemented in part.
    #[serde(default)]
    pub(crate) partial: OneOrMany,
    /// What marks one that is not implemented yet.
    #[serde(default)]
    pub(crate) missing: OneOrMany,
    /// What marks one that is left out by decision; the text of an extension is the reason.
    #[serde(default)]
    pub(crate) excluded: OneOrMany,
}

/// Which traffic counts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Scope")]
pub(crate) struct RawScope {
    /// The API's hosts; `*.` in front stands for any subdomain. Without any, the hosts that serve
    /// API traffic are found.
    #[serde(default)]
    pub(crate) hosts: OneOrMany,
    /// Regular expressions on the path: what matches does not count.
    #[serde(default)]
    pub(crate) exclude: OneOrMany,
    /// Regular expressions on the path: what matches counts although it looks like noise.
    #[serde(default)]
    pub(crate) include: OneOrMany,
}

/// Which values may be shown, beyond the built-in rules. A name is that of a parameter or field, or
/// the end of its dotted path, in any style of writing. What is denied is not shown whatever else
/// allows it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Privacy")]
pub(crate) struct RawPrivacy {
    /// Parameters and fields whose values are constants; they are still hidden where they look random.
    #[serde(default)]
    pub(crate) allow_names: OneOrMany,
    /// Values that may be shown, except under names of secrets.
    #[serde(default)]
    pub(crate) allow_values: OneOrMany,
    /// Parameters and fields whose values are never shown.
    #[serde(default)]
    pub(crate) deny_names: OneOrMany,
    /// Values that are never shown.
    #[serde(default)]
    pub(crate) deny_values: OneOrMany,
}

/// How much of one capture is kept. Without a number, the usual one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Limits")]
pub(crate) struct RawLimits {
    /// Distinct calls: method, host and path, paths whose values have equal shapes being one. 20,000
    /// if not said.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) calls: Option<Spanned<i64>>,
    /// Distinct names of parameters of one call, and as many of response fields. 2,000 if not said,
    /// which is the most.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) names: Option<Spanned<i64>>,
    /// Distinct values of requests that are followed back to responses, but those of times and signatures,
    /// and twice as many fields of responses that hold a value. 229,376 if not said.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) values: Option<Spanned<i64>>,
    /// Distinct requests whose repetition is noticed, and twice as many that repeat them; a sixth as many
    /// of one, but 100 at least. 57,344 if not said.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) repeats: Option<Spanned<i64>>,
    /// Roles of all calls together: sets of fields sent with the constants in them. 32,768 if not said.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) roles: Option<Spanned<i64>>,
    /// Requests that took long, which may be long polls. 65,536 if not said.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) waits: Option<Spanned<i64>>,
    /// States of things that responses show, and a quarter as many kinds of calls before changes of
    /// states. 65,536 if not said.
    #[schemars(with = "Option<u32>", range(min = 1))]
    pub(crate) states: Option<Spanned<i64>>,
}

/// Corrections of single segments of inferred routes. A text without a slash is meant wherever it
/// stands (`me`); a path means its last segment (`/users/me`), a parameter there any text at that
/// place (`/shops/<shop_name>`). A correction that matches nothing is an error.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Corrections")]
pub(crate) struct RawCorrections {
    /// Segments that are never a parameter.
    #[serde(default)]
    pub(crate) keep_literal: OneOrMany,
    /// Places whose texts are routes of their own and never become one parameter.
    #[serde(default)]
    pub(crate) never_merge: OneOrMany,
    /// Segments that are always a parameter, by the name given.
    #[serde(default)]
    pub(crate) param: OneOrMany,
}

/// A route template said by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Route")]
pub(crate) struct RawRoute {
    /// The template, such as `/users/<user_id>`.
    #[schemars(with = "String")]
    pub(crate) template: Spanned<String>,
    /// The methods it holds for; without any, all.
    #[serde(default)]
    pub(crate) method: OneOrMany,
    /// The host it holds for; without it, all.
    #[schemars(with = "Option<String>")]
    pub(crate) host: Option<Spanned<String>>,
    /// What the endpoint does.
    pub(crate) title: Option<Prose>,
    /// Query or body fields whose values are listed one by one.
    #[serde(default)]
    pub(crate) split_by: OneOrMany,
    /// What the values of those fields mean.
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, Prose>,
}

/// A group of endpoints.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Group")]
pub(crate) struct RawGroup {
    /// The name that rules use.
    #[schemars(with = "String")]
    pub(crate) name: Spanned<String>,
    /// The heading in reports.
    pub(crate) title: Option<Prose>,
    /// The status of an endpoint that the manifest does not name: `missing` if nothing is said.
    pub(crate) unlisted: Option<Unlisted>,
}

/// The status of an endpoint that the manifest does not name.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unlisted {
    /// It has to be built.
    Missing,
    /// Nobody has looked yet.
    Unknown,
    /// It is left out by decision.
    Excluded,
}

impl From<Unlisted> for Status {
    fn from(unlisted: Unlisted) -> Self {
        match unlisted {
            Unlisted::Missing => Status::Missing,
            Unlisted::Unknown => Status::Unknown,
            Unlisted::Excluded => Status::Excluded,
        }
    }
}

/// Puts an endpoint into a group if everything that it says matches.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rule")]
pub(crate) struct RawRule {
    /// The group's name.
    #[schemars(with = "String")]
    pub(crate) group: Spanned<String>,
    /// A regular expression on the route.
    #[schemars(with = "Option<String>")]
    pub(crate) path: Option<Spanned<String>>,
    /// The methods; without any, all.
    #[serde(default)]
    pub(crate) method: OneOrMany,
    /// A regular expression on the host.
    #[schemars(with = "Option<String>")]
    pub(crate) host: Option<Spanned<String>>,
    /// A regular expression on the names of query parameters; one must match.
    #[schemars(with = "Option<String>")]
    pub(crate) query: Option<Spanned<String>>,
    /// A regular expression on the name of the operation, where a route serves several.
    #[schemars(with = "Option<String>")]
    pub(crate) operation: Option<Spanned<String>>,
    /// The priority of everything that the rule matches; otherwise it is computed.
    pub(crate) priority: Option<Level>,
}

/// A named piece of functionality.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Module")]
pub(crate) struct RawModule {
    /// Its name in reports.
    pub(crate) name: Prose,
    /// Patterns of its endpoints, such as `POST */order/price/`.
    #[schemars(extend("minItems" = 1))]
    pub(crate) endpoints: OneOrMany,
    /// What it is for, in Markdown.
    pub(crate) summary: Option<Prose>,
    /// Its priority and that of its endpoints; otherwise they are computed.
    pub(crate) priority: Option<Level>,
}

/// Ordered steps through endpoints.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Flow")]
pub(crate) struct RawFlow {
    /// Its name in reports.
    pub(crate) name: Prose,
    /// What it does, in Markdown.
    pub(crate) summary: Option<Prose>,
    /// The steps, in order.
    #[schemars(extend("minItems" = 1))]
    pub(crate) steps: Vec<RawStep>,
}

/// One step of a flow.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step")]
pub(crate) struct RawStep {
    /// What happens.
    pub(crate) title: Prose,
    /// The pattern of the endpoint that does it; a step of the user has none.
    #[schemars(with = "Option<String>")]
    pub(crate) endpoint: Option<Spanned<String>>,
    /// Parameters with the values that tell this step from another one on the same endpoint; an
    /// empty value where being sent is enough.
    #[serde(default)]
    pub(crate) with: BTreeMap<String, Scalar>,
}

/// A finding written by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Finding")]
pub(crate) struct RawFinding {
    /// A heading.
    pub(crate) title: Option<Prose>,
    /// The text, in Markdown.
    pub(crate) text: Prose,
    /// The pattern of the endpoint it is about.
    #[schemars(with = "Option<String>")]
    pub(crate) endpoint: Option<Spanned<String>>,
}

/// A priority said by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Priority")]
pub(crate) struct RawPriority {
    /// The pattern of the endpoints it holds for.
    #[schemars(with = "String")]
    pub(crate) endpoint: Spanned<String>,
    /// The level.
    pub(crate) level: Level,
    /// Why, in Markdown.
    pub(crate) reason: Option<Prose>,
}
