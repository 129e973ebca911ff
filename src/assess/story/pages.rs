//! Lists that are asked for piece by piece.

use crate::inventory::{Endpoint, Inventory, Link, PageKind, PageUse, is_weak_paging_name};
use crate::scope::{Place, given_in};

/// A list that is asked for piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The endpoint that answers it: a position in the inventory.
    pub endpoint: usize,
    /// How the pieces are told apart.
    pub kind: PageKind,
    /// The parameter that names the piece.
    pub param: String,
    /// Where it is sent.
    pub place: Place,
    /// The response field that gave it, for a cursor.
    pub from: Option<String>,
    /// The most requests for one list.
    pub requests: usize,
}

/// The lists by endpoint and parameter.
pub(super) fn pages(inventory: &Inventory) -> Vec<Page> {
    let mut pages = Vec::new();
    for (at, endpoint) in inventory.endpoints.iter().enumerate() {
        // What waits for news goes on where it was, but reads no list to its end.
        if endpoint
            .observed
            .poll
            .as_ref()
            .is_some_and(|poll| poll.held)
        {
            continue;
        }
        let own: Vec<&Link> = inventory
            .links
            .iter()
            .filter(|link| link.from == at && link.to == at && link.place != Place::Path)
            .collect();
        for ((place, name), used) in &endpoint.observed.paging {
            let link = own
                .iter()
                .find(|link| link.place == *place && link.param == *name);
            if counts(name, *used, link.is_some()) {
                pages.push(Page {
                    endpoint: at,
                    kind: used.kind,
                    param: name.clone(),
                    place: *place,
                    from: link.map(|link| link.field.clone()),
                    requests: requests(endpoint, *used),
                });
            }
        }
        pages.extend(unnamed(at, endpoint, &own));
    }
    pages
}

/// Whether a parameter that is named like one shows that a list is asked for piece by piece.
fn counts(name: &str, used: PageUse, given: bool) -> bool {
    let weak = is_weak_paging_name(name);
    match used.kind {
        PageKind::Cursor => given || used.pieces > 1 && (!weak || used.sized),
        PageKind::Page | PageKind::Offset if weak => used.sized && used.pieces > 1,
        PageKind::Page | PageKind::Offset => used.sized || used.pieces > 1,
    }
}

/// The first piece of a list is often asked for without a cursor.
fn requests(endpoint: &Endpoint, used: PageUse) -> usize {
    match used.kind {
        PageKind::Cursor if used.requests < endpoint.observed.requests => used.requests + 1,
        _ => used.requests,
    }
}

/// Cursors under names that say nothing: what the endpoint itself answered once for each list.
fn unnamed(at: usize, endpoint: &Endpoint, own: &[&Link]) -> Vec<Page> {
    own.iter()
        .filter(|link| !link.field.contains("[]") && !link.field.contains("<key>"))
        .filter(|link| {
            let key = (link.place, link.param.clone());
            !endpoint.observed.paging.contains_key(&key)
        })
        .filter(|link| endpoint.observed.writes == 0 && reads_on(&link.field))
        .map(|link| Page {
            endpoint: at,
            kind: PageKind::Cursor,
            param: link.param.clone(),
            place: link.place,
            from: Some(link.field.clone()),
            requests: link.support + 1,
        })
        .collect()
}

/// Whether a field is named as what to go on with.
fn reads_on(field: &str) -> bool {
    if given_in(field) == (Some(Place::Header), "link") {
        return true;
    }
    let leaf = field.rsplit('.').next().unwrap_or(field).to_lowercase();
    [
        "next", "cursor", "token", "continu", "scroll", "more", "last",
    ]
    .iter()
    .any(|word| leaf.contains(word))
}
