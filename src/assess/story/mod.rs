//! The story: what the captures tell about how the API is used, beyond single endpoints.

mod auth;
mod order;
mod pages;
mod runs;
mod states;
mod variants;

use std::collections::BTreeMap;

use crate::inventory::Inventory;
use crate::manifest::Manifest;
use crate::rules::SharedPath;

use super::status::Judged;

pub use auth::Credential;
pub use pages::Page;
pub use runs::{Run, RunStep};
pub use states::StateChange;
pub use variants::Variant;

/// What the captures tell about how the API is used.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// Endpoints that are called in several roles, role by role.
    pub variants: Vec<Variant>,
    /// Lists that are asked for piece by piece.
    pub pages: Vec<Page>,
    /// How requests are authenticated.
    pub credentials: Vec<Credential>,
    /// The endpoints that may have made each change of a state.
    pub causes: BTreeMap<StateChange, Vec<usize>>,
    /// The flows that the sessions of the captures have in common.
    pub runs: Vec<Run>,
    /// What of them is worth a name: the steps of each flow, in order.
    pub flows: Vec<Vec<usize>>,
}

/// Reads the story from an inventory.
pub(super) fn story(
    inventory: &Inventory,
    manifest: &Manifest,
    judged: &[Judged],
    shared: &SharedPath,
) -> Story {
    let runs = runs::runs(inventory);
    Story {
        flows: super::proposal::flows(inventory, &runs, shared),
        variants: variants::variants(inventory, manifest, judged),
        pages: pages::pages(inventory),
        credentials: auth::credentials(inventory),
        causes: states::causes(inventory),
        runs,
    }
}
