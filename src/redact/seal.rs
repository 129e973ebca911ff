//! Seals: what says that an object was redacted, and how far that can be believed.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};

use crate::capture::Node;

use super::Key;

/// The member that says that an object was redacted, with a digest over the rest of it.
const SEAL: &str = "_harcov";
const REDACTED: &str = "redacted sha256:";
const PROOF: &str = " hmac:";

/// What the seal of an object says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// There is none, or the object was changed since.
    Broken,
    /// The object is as it was sealed; anybody could have done that.
    Intact,
    /// It was sealed under this key.
    Proven,
}

impl Seal {
    /// Of an object.
    pub(super) fn of(node: &Node, key: &Key) -> Seal {
        let Node::Object(members) = node else {
            return Seal::Broken;
        };
        let Some(seal) = node.get(SEAL).and_then(Node::text) else {
            return Seal::Broken;
        };
        let rest = members.iter().filter(|(name, _)| name != SEAL).cloned();
        let rest = content(&Node::Object(rest.collect()));
        if members.iter().filter(|(name, _)| name == SEAL).count() != 1 {
            return Seal::Broken;
        }
        let (plain, proof) = seal.split_once(PROOF).unwrap_or((seal, ""));
        if plain != digest(&rest) {
            Seal::Broken
        } else if !proof.is_empty()
            && key
                .kept_bytes()
                .is_some_and(|key| proof == proof_of(key, &rest))
        {
            Seal::Proven
        } else {
            Seal::Intact
        }
    }
}

/// Seals an object; under a key that is kept so that the key proves it.
pub(super) fn seal(node: &mut Node, key: &Key) {
    if let Node::Object(members) = node {
        members.retain(|(name, _)| name != SEAL);
    }
    let rest = content(node);
    let mut seal = digest(&rest);
    if let Some(key) = key.kept_bytes() {
        seal.push_str(PROOF);
        seal.push_str(&proof_of(key, &rest));
    }
    if let Node::Object(members) = node {
        members.push((SEAL.to_owned(), Node::Text(seal)));
    }
}

fn content(node: &Node) -> String {
    sorted(node).to_string()
}

fn digest(content: &str) -> String {
    hex(REDACTED.to_owned(), &Sha256::digest(content.as_bytes()))
}

fn proof_of(key: &[u8], content: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default()));
    mac.update(b"seal");
    mac.update(content.as_bytes());
    hex(String::new(), &mac.finalize().into_bytes())
}

fn hex(mut text: String, bytes: &[u8]) -> String {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}

/// The same with the members of each object in order, so that writing a capture anew breaks no seal.
fn sorted(node: &Node) -> Node {
    match node {
        Node::Object(members) => {
            let members = members
                .iter()
                .map(|(key, node)| (key.clone(), sorted(node)));
            let mut members: Vec<(String, Node)> = members.collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Node::Object(members)
        }
        Node::Array(items) => Node::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
