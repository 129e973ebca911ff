//! What was replaced, in numbers: never a value.

use std::collections::BTreeMap;

use crate::value::Class;

/// Where in a capture a value stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Name and password in a URL.
    Userinfo,
    /// A label of a host.
    Host,
    /// A segment of a path.
    Path,
    /// The query of a URL.
    Query,
    /// What follows `#` in a URL.
    Fragment,
    /// A header.
    Header,
    /// A cookie, sent or set.
    Cookie,
    /// A URL-encoded form.
    Form,
    /// A multipart form.
    Multipart,
    /// A JSON body.
    Json,
    /// A body of other text.
    Text,
    /// A body of bytes.
    Binary,
    /// A message of a WebSocket.
    WebSocket,
    /// The name of a file.
    File,
    /// A page's title or id.
    Page,
    /// A comment.
    Comment,
    /// The address of a server or connection.
    Address,
    /// Anything else, such as fields of a vendor's own.
    Other,
}

impl Place {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Place::Userinfo => "userinfo",
            Place::Host => "host",
            Place::Path => "path",
            Place::Query => "query",
            Place::Fragment => "fragment",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Form => "form",
            Place::Multipart => "multipart",
            Place::Json => "json",
            Place::Text => "text",
            Place::Binary => "binary",
            Place::WebSocket => "websocket",
            Place::File => "file",
            Place::Page => "page",
            Place::Comment => "comment",
            Place::Address => "address",
            Place::Other => "other",
        }
    }
}

/// Entries that are listed for a rule at a place; more are only counted.
const LISTED: usize = 10;

/// What one rule replaced at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Values.
    pub values: usize,
    /// Positions of the first entries that held some, from 0; empty for what stands around the entries.
    pub entries: Vec<usize>,
}

/// What was replaced, by rule and place.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Entries written.
    pub entries: usize,
    /// Entries left as they were, since they had been redacted before.
    pub sealed: usize,
    /// Entries and pages whose seal the key proves.
    pub proven: usize,
    /// Entries left out, being of other hosts.
    pub left_out: usize,
    /// Entries left out, since nothing could be read of them.
    pub unreadable: usize,
    /// What rules of secrets and personal data replaced.
    pub known: BTreeMap<(Class, String, Place), Count>,
    /// What was replaced although no rule knows it.
    pub others: BTreeMap<Place, usize>,
}

impl Summary {
    pub(super) fn count(&mut self, class: Class, rule: &str, place: Place, entry: Option<usize>) {
        let count = self
            .known
            .entry((class, rule.to_owned(), place))
            .or_default();
        count.values += 1;
        if let Some(entry) = entry
            && count.entries.last() != Some(&entry)
            && count.entries.len() < LISTED
        {
            count.entries.push(entry);
        }
    }

    pub(super) fn count_other(&mut self, place: Place) {
        *self.others.entry(place).or_default() += 1;
    }

    /// Whether every entry was left out.
    pub fn keeps_nothing(&self) -> bool {
        self.entries == 0 && self.left_out > 0
    }

    /// Values that rules of secrets and personal data found.
    pub fn findings(&self) -> usize {
        let found = self
            .known
            .iter()
            .filter(|((class, ..), _)| *class != Class::Identifier);
        found.map(|(_, count)| count.values).sum()
    }

    /// Values that were replaced.
    pub fn replaced(&self) -> usize {
        let known: usize = self.known.values().map(|count| count.values).sum();
        known + self.others.values().sum::<usize>()
    }

    /// Adds what another one counted.
    pub fn add(&mut self, other: &Summary) {
        self.entries += other.entries;
        self.sealed += other.sealed;
        self.proven += other.proven;
        self.left_out += other.left_out;
        self.unreadable += other.unreadable;
        for (key, count) in &other.known {
            let ours = self.known.entry(key.clone()).or_default();
            ours.values += count.values;
            let room = LISTED.saturating_sub(ours.entries.len());
            ours.entries.extend(count.entries.iter().take(room));
        }
        for (place, count) in &other.others {
            *self.others.entry(*place).or_default() += count;
        }
    }
}
