//! The manifest: what the project claims to implement, with evidence.

mod described;
mod load;
mod mount;
mod raw;
mod update;
mod validate;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Diagnostic, Level, Location, Prose, Status};
use crate::route::{Authority, Pin, Pins, Takes, Template};
use crate::scope::Place;
use crate::spec::Operation;
use crate::value::Kind;

pub use load::{load, load_descriptions, parse, schema};
pub use update::{Updated, update};
pub use write::{ClaimDraft, ManifestDraft, SectionDraft};

/// Everything that the project's manifests claim.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// The claims, in the order of files and lines.
    pub claims: Vec<Claim>,
    /// What descriptions say of endpoints that other claims speak of: it decides no status, and is
    /// described all the same.
    pub overruled: Vec<Claim>,
    /// The descriptions of APIs among the manifests.
    pub descriptions: Vec<Description>,
    /// What is valid and yet probably not meant.
    pub warnings: Vec<Diagnostic>,
}

impl Manifest {
    /// Whether all that it claims comes from descriptions of APIs.
    pub fn is_description(&self) -> bool {
        !self.descriptions.is_empty() && self.claims.iter().all(|claim| claim.described.is_some())
    }

    /// All operations of the descriptions: those that claim, then those that are overruled.
    pub fn operations(&self) -> impl Iterator<Item = &Claim> {
        let all = self.claims.iter().chain(&self.overruled);
        all.filter(|claim| claim.described.is_some())
    }

    /// The templates of the claims; those of the configuration go before them.
    pub fn pins(&self) -> Pins {
        let mut pins: Vec<Pin> = Vec::new();
        for claim in &self.claims {
            let pin = Pin {
                methods: vec![claim.method.clone()],
                host: claim.host.clone(),
                template: claim.route.clone(),
                authority: Authority::Claim(claim.takes()),
            };
            if !pins.contains(&pin) {
                pins.push(pin);
            }
        }
        Pins {
            pins,
            ..Pins::default()
        }
    }
}

/// `[[endpoint]]`: what is claimed of one endpoint.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The method, in upper case.
    pub method: String,
    /// The host, where the claim is for one only.
    pub host: Option<String>,
    /// The route.
    pub route: Template,
    /// The operation's name, where the route serves several.
    pub operation: Option<String>,
    /// What is claimed: implemented, partial, missing, unknown or excluded.
    pub status: Status,
    /// The parameters that the implementation sends; observed ones beyond them make it partial.
    pub params: Option<Vec<String>>,
    /// The values that it sends of a parameter; observed ones beyond them make it partial.
    pub values: BTreeMap<String, Vec<String>>,
    /// What the endpoint does.
    pub title: Option<Prose>,
    /// Evidence: `file:line`.
    pub source: Vec<String>,
    /// A remark for readers, in Markdown.
    pub note: Option<Prose>,
    /// Why it is excluded.
    pub reason: Option<Prose>,
    /// When the exclusion was decided (`YYYY-MM-DD`).
    pub date: Option<String>,
    /// The last day on which the exclusion holds (`YYYY-MM-DD`).
    pub until: Option<String>,
    /// Where the exclusion was decided (a link or ticket).
    pub reference: Option<String>,
    /// The priority, if it is not to be computed.
    pub priority: Option<Level>,
    /// Where it was written.
    pub location: Location,
    /// What a description of the API says of it, if it is one that claims.
    pub described: Option<Arc<Operation>>,
    /// The description that says so, as it was named; it may be a folder of files.
    pub description: Option<Arc<str>>,
}

impl Claim {
    /// What its description says that the parameters of its route take.
    fn takes(&self) -> BTreeMap<String, Takes> {
        let params = self
            .described
            .iter()
            .flat_map(|described| &described.params);
        let takes = params
            .filter(|field| field.place == Some(Place::Path))
            .map(|field| {
                let no_text = !field.kinds.is_empty() && !field.kinds.contains(&Kind::String);
                let takes = Takes {
                    values: field.values.clone(),
                    no_text,
                };
                (field.name.clone(), takes)
            });
        takes
            .filter(|(_, takes)| *takes != Takes::default())
            .collect()
    }
}

impl Claim {
    /// The operation that it names; none where it is about all of a route, or about the requests that name none.
    pub(crate) fn names(&self) -> Option<&str> {
        named(self.operation.as_deref())
    }
}

/// A name of an operation, if it is one.
fn named(operation: Option<&str>) -> Option<&str> {
    operation.filter(|name| !name.is_empty())
}

/// A description of an API that serves as a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The file, as it was named.
    pub file: String,
    /// What kind of file it is: `OpenAPI 3.1.0`.
    pub format: String,
    /// The API's title.
    pub title: String,
    /// How many operations it has.
    pub operations: usize,
}
