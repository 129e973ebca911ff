//! The diff as data: everything that any format shows. Its JSON form is a public contract.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Status;
use crate::report::PlaceRow;

use super::level::{Code, Level};

/// The value of [`Diff::schema`].
pub const SCHEMA: &str = "harcov.diff/1";

/// What changed between two sides; `harcov schema diff` describes its JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Names this contract and its version.
    pub schema: String,
    /// The title.
    pub title: String,
    /// The language of its texts, as a BCP 47 tag.
    pub lang: String,
    /// The version of harcov that made it.
    pub generator: String,
    /// What was before.
    pub old: SideRow,
    /// What is now.
    pub new: SideRow,
    /// Changes by level.
    pub counts: Counts,
    /// The changes, by level, endpoint and code.
    pub changes: Vec<Change>,
    /// The titles of the groups that changes are in, by name.
    #[serde(default)]
    pub groups: BTreeMap<String, String>,
    /// Changes that the configuration ignores.
    pub ignored: Vec<Ignored>,
    /// What the reader should know of the configuration, a sentence each, in Markdown.
    pub notes: Vec<String>,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SideRow {
    /// Names of its captures.
    pub captures: Vec<String>,
    /// Requests that count.
    pub requests: usize,
    /// Endpoints.
    pub endpoints: usize,
}

/// How many changes there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Those that break a client which works as the old side shows.
    pub breaking: usize,
    /// Those to look at.
    pub warning: usize,
    /// The others.
    pub info: usize,
    /// Those that the configuration ignores; not among the others.
    pub ignored: usize,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What kind of change it is.
    pub code: Code,
    /// How much it matters.
    pub level: Level,
    /// The endpoint's id; absent if it is about the API as a whole.
    pub endpoint: Option<String>,
    /// The group that the endpoint is in.
    #[serde(default)]
    pub group: Option<String>,
    /// The parameter, field or value that it is about; for endpoints their id.
    pub subject: String,
    /// The old type, constant or name.
    pub old: Option<String>,
    /// The new one.
    pub new: Option<String>,
    /// Stable name of the change: made of ids and codes, never of wording or counts.
    pub fingerprint: String,
    /// The change in words, as Markdown.
    pub text: String,
    /// How often it was seen.
    pub support: Option<Support>,
    /// Whether it is a guess.
    pub guess: bool,
    /// What it does to the status against the manifest.
    pub effect: Option<Effect>,
    /// The line to look at: where the manifest names the endpoint, else the top of the manifest or of the
    /// configuration.
    pub place: Option<PlaceRow>,
}

/// How often something was seen: so many of so many observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Support {
    /// On the old side.
    pub old: [usize; 2],
    /// On the new side.
    pub new: [usize; 2],
}

/// What a change does to the status of its endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// The status on the old side; absent where the endpoint was not observed.
    pub old: Option<Status>,
    /// The status on the new side; absent where the endpoint was not observed.
    pub new: Option<Status>,
    /// What is sent now, was not before, and the manifest does not list.
    pub beyond: Vec<String>,
}

/// A change that the configuration ignores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ignored {
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its code.
    pub code: Code,
    /// Its endpoint.
    pub endpoint: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Why, as configured.
    pub reason: Option<String>,
}

impl Diff {
    /// Whether there is a change of this level or a higher one.
    pub fn reaches(&self, level: Level) -> bool {
        self.changes.iter().any(|change| change.level <= level)
    }

    /// Names the project's files from the folder that `folder` lies in, as CI wants them.
    pub fn below(mut self, folder: &str) -> Self {
        if !folder.is_empty() {
            for place in self.changes.iter_mut().filter_map(|row| row.place.as_mut()) {
                place.file = format!("{folder}/{}", place.file);
            }
        }
        self
    }
}

/// The JSON Schema of the diff.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Diff)
}
