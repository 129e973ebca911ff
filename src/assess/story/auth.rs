//! How requests are authenticated, where that came from, and which endpoints need it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Endpoint, Inventory};
use crate::scope::{Place, is_credential_param};
use crate::value::keyed::Keyed;

/// Parameters and headers that sign a request, in lower case.
const SIGNATURE: [&str; 6] = [
    "sign",
    "signature",
    "sig",
    "x-sign",
    "x-signature",
    "x-ca-signature",
];
/// Those that go into the signature.
const SIGNED: [&str; 10] = [
    "ts",
    "timestamp",
    "nonce",
    "noncestr",
    "nonce_str",
    "app_key",
    "x-timestamp",
    "x-nonce",
    "x-ca-timestamp",
    "x-ca-nonce",
];

fn is_one_of(names: &[&str], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    names.contains(&name.as_str())
}

/// One credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Where it is sent.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// Its scheme, where it names one: `bearer`.
    pub scheme: Option<String>,
    /// Whether it signs the request rather than naming its maker.
    pub signature: bool,
    /// What else goes into the signature.
    pub with: Vec<String>,
    /// The endpoints and response fields that gave it, those first that gave it to most endpoints:
    /// positions in the inventory.
    pub from: Vec<(usize, String)>,
    /// The endpoints that every request to which carries it.
    pub always: Vec<usize>,
    /// Those that some requests to which do.
    pub sometimes: Vec<usize>,
}

/// The credentials by place and name. None where captures were stripped of them.
pub(super) fn credentials(inventory: &Inventory) -> Vec<Credential> {
    let mut uses: BTreeMap<(Place, String, Option<String>), BTreeMap<usize, usize>> =
        BTreeMap::new();
    for (at, endpoint) in inventory.endpoints.iter().enumerate() {
        for ((place, name), requests) in of_endpoint(endpoint) {
            let (name, scheme) = match name.split_once(": ") {
                Some((name, scheme)) => (name.to_owned(), Some(scheme.to_owned())),
                None => (name, None),
            };
            *uses
                .entry((place, name, scheme))
                .or_default()
                .entry(at)
                .or_default() += requests;
        }
    }
    uses.into_iter()
        .map(|((place, name, scheme), endpoints)| {
            let signature = is_one_of(&SIGNATURE, &name);
            let all = |at: &usize| endpoints[at] >= inventory.endpoints[*at].observed.requests;
            let (always, sometimes) = endpoints.keys().copied().partition(all);
            Credential {
                with: if signature {
                    signed(inventory, &endpoints)
                } else {
                    Vec::new()
                },
                from: sources(inventory, place, &name),
                signature,
                place,
                name,
                scheme,
                always,
                sometimes,
            }
        })
        .collect()
}

/// The credentials that requests to an endpoint carry, with the number of requests.
fn of_endpoint(endpoint: &Endpoint) -> Vec<((Place, String), usize)> {
    let headers = endpoint.observed.auth.iter();
    let headers = headers.filter(|(name, _)| !is_one_of(&SIGNED, name));
    let headers = headers.map(|(name, requests)| {
        let key = Keyed::of_text(name).unwrap_or_else(|| {
            let cookie = name == "cookie";
            let place = if cookie { Place::Cookie } else { Place::Header };
            (place, name.clone())
        });
        (key, *requests)
    });
    let params = endpoint
        .observed
        .params
        .iter()
        .filter(|((_, name), _)| is_credential_param(name) || is_one_of(&SIGNATURE, name));
    let params = params.map(|(key, used)| (key.clone(), used.requests));
    headers.chain(params).collect()
}

/// What goes into a signature, as far as its name says.
fn signed(inventory: &Inventory, endpoints: &BTreeMap<usize, usize>) -> Vec<String> {
    let names: BTreeSet<String> = endpoints
        .keys()
        .map(|at| &inventory.endpoints[*at].observed)
        .flat_map(|observed| {
            let params = observed.params.keys().map(|(_, name)| name);
            params.chain(observed.auth.keys())
        })
        .filter(|name| is_one_of(&SIGNED, name))
        .cloned()
        .collect();
    names.into_iter().collect()
}

/// The response fields that gave a credential: those first that gave it to most endpoints, then those that
/// answered first.
fn sources(inventory: &Inventory, place: Place, name: &str) -> Vec<(usize, String)> {
    let mut users: BTreeMap<(usize, &str), BTreeSet<usize>> = BTreeMap::new();
    for link in &inventory.links {
        if link.place == place && (link.param == name || name == "cookie") {
            let givers = users.entry((link.from, &link.field)).or_default();
            givers.insert(link.to);
        }
    }
    let mut sources: Vec<((usize, &str), usize)> = users
        .into_iter()
        .map(|(source, users)| (source, users.len()))
        .collect();
    let first = |at: usize| inventory.endpoints[at].observed.moments.first;
    sources.sort_by_key(|((from, field), users)| (Reverse(*users), first(*from), *from, *field));
    let sources = sources.into_iter();
    sources
        .map(|((from, field), _)| (from, field.to_owned()))
        .collect()
}
