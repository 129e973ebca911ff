//! Both sides of a comparison, with routes inferred over both of them.

use crate::assess::{Assessment, Envelope, assess};
use crate::config::Config;
use crate::inventory::{Endpoint, Evidence, Inventory};
use crate::manifest::Manifest;
use crate::route::Pins;
use crate::scope::Filter;

/// Two inventories whose routes and ids are the same.
#[derive(Debug, Clone)]
pub struct Sides {
    /// What was seen before.
    pub old: Side,
    /// What is seen now.
    pub new: Side,
    /// What stands around the answers of both; a side of few calls alone would not show it.
    pub envelope: Envelope,
    /// The API's host on the old and the new side, where they differ and were taken for one.
    pub hosts: Option<(String, String)>,
}

/// One side.
#[derive(Debug, Clone)]
pub struct Side {
    /// What was observed.
    pub inventory: Inventory,
    /// What is concluded of it.
    pub assessment: Assessment,
}

impl Sides {
    /// Takes apart what was inferred of both.
    pub fn new(
        both: &Inventory,
        old: &Evidence,
        new: &Evidence,
        hosts: Option<(String, String)>,
        config: &Config,
        manifest: &Manifest,
    ) -> Self {
        let side = |evidence: &Evidence| {
            let inventory = both.side(evidence);
            Side {
                assessment: assess(&inventory, config, manifest),
                inventory,
            }
        };
        Sides {
            old: side(old),
            new: side(new),
            envelope: Envelope::of(both),
            hosts,
        }
    }

    /// The API's hosts, if each side has one and they differ, as those of two environments do.
    pub fn moved_host(old: &Evidence, new: &Evidence, filter: &Filter) -> Option<(String, String)> {
        let only = |evidence: &Evidence| {
            let inventory = Inventory::build(evidence, filter, &Pins::default());
            let counted = inventory
                .hosts
                .into_iter()
                .filter(|host| host.skip.is_none());
            let mut names = counted.map(|host| host.host);
            names.next().filter(|_| names.next().is_none())
        };
        let (old, new) = (only(old)?, only(new)?);
        (old != new).then_some((old, new))
    }
}

impl Side {
    /// The endpoint of an id, with its position.
    pub(super) fn endpoint(&self, id: &str) -> Option<(usize, &Endpoint)> {
        let mut endpoints = self.inventory.endpoints.iter().enumerate();
        endpoints.find(|(_, endpoint)| endpoint.id == id)
    }
}
