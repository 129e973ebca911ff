//! A whole capture, piece by piece.

use std::fmt;
use std::io::{self, Write};

use crate::capture::{Capture, Node, RawEntry, RawItem, ReadError, Source, read_raw};

use crate::value::{Class, Shape};

use super::entry::Bodies;
use super::redactor::Redactor;
use super::seal::{Seal, seal};
use super::summary::{Place, Summary};
use super::{Keep, Key};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Leaves bodies out.
    pub strip_bodies: bool,
    /// Leaves entries of other hosts out; empty: none.
    pub only_hosts: Vec<String>,
    /// Believes a seal only if the key proves it.
    pub prove: bool,
}

/// Why a capture could not be redacted.
#[derive(Debug)]
pub enum RedactError {
    /// It could not be read.
    Read(ReadError),
    /// The result could not be written.
    Write(io::Error),
}

impl fmt::Display for RedactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RedactError::Read(error) => error.fmt(f),
            RedactError::Write(error) => write!(f, "cannot write the result: {error}"),
        }
    }
}

impl std::error::Error for RedactError {}

/// Writes a redacted capture, with the bounds on memory of reading it.
///
/// What can be read of a broken capture is kept; entries that cannot be read are left out and counted, for
/// nothing but an object is an entry of a HAR.
///
/// # Errors
///
/// The capture could not be read, or the result not written; it is of no use then.
pub fn redact(
    source: Source,
    keep: &Keep,
    key: &Key,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(Capture, Summary), RedactError> {
    let mut run = Run {
        redactor: Redactor::new(keep, key.bytes()),
        looker: Redactor::looking_through(keep, key.bytes()),
        key,
        options,
        writer: Writer::new(out),
        later: Vec::new(),
    };
    let read = read_raw(source, &mut |item| run.item(item));
    let capture = read.map_err(RedactError::Read)?;
    run.finish().map_err(RedactError::Write)?;
    Ok((capture, run.redactor.summary))
}

/// What [`redact`] would replace, without writing anything. A seal is believed if the key proves it; if the
/// key is none that was kept, also if nothing of what it seals can be told from tokens.
///
/// # Errors
///
/// The capture could not be read.
pub fn check(source: Source, keep: &Keep, key: &Key) -> Result<(Capture, Summary), RedactError> {
    let options = Options {
        prove: key.kept_bytes().is_some(),
        ..Options::default()
    };
    redact(source, keep, key, &options, &mut io::sink())
}

struct Run<'r, 'k> {
    redactor: Redactor<'k>,
    /// Looks through what bears a seal.
    looker: Redactor<'k>,
    key: &'r Key,
    options: &'r Options,
    writer: Writer<'r>,
    /// Members that come behind the first entry, or are the document's.
    later: Vec<(bool, String, Node)>,
}

impl<'k> Run<'_, 'k> {
    fn item(&mut self, item: RawItem<'_>) {
        match item {
            // What has this name and is none was not read; beside the frame it would be taken for it.
            RawItem::Member { in_log, key, .. }
                if key == (if in_log { "entries" } else { "log" }) => {}
            RawItem::Member { in_log, key, value } => {
                self.redactor.entry = None;
                let node = Node::parse(value).unwrap_or_else(Node::null);
                let node = self.member(key, node);
                let key = self.redactor.plain_name(Place::Other, key);
                let known = |(log, name, _): &(bool, String, Node)| *log == in_log && *name == key;
                if in_log && !self.writer.in_entries {
                    self.writer.log_member(&key, &node);
                } else if !(self.later.iter().any(known) || in_log && self.writer.has(&key)) {
                    self.later.push((in_log, key, node));
                }
            }
            RawItem::Entry(raw) => self.entry(&raw),
        }
    }

    fn entry(&mut self, raw: &RawEntry<'_>) {
        self.redactor.entry = Some(raw.index);
        let host = raw
            .entry
            .as_ref()
            .ok()
            .and_then(|entry| host_of(&entry.request.url));
        if !self.options.only_hosts.is_empty()
            && !host.is_some_and(|host| {
                self.options
                    .only_hosts
                    .iter()
                    .any(|only| is_host(&host, only))
            })
        {
            self.redactor.summary.left_out += 1;
            return;
        }
        let node = Node::parse(raw.bytes).filter(|node| matches!(node, Node::Object(_)));
        let Some(mut node) = node else {
            self.redactor.summary.unreadable += 1;
            return;
        };
        if self.is_redacted(&node, |looker, node| {
            looker.entry(node, raw, Bodies::default());
        }) {
            self.redactor.summary.sealed += 1;
        } else {
            let bodies = Bodies {
                strip: self.options.strip_bodies,
            };
            self.redactor.entry(&mut node, raw, bodies);
            seal(&mut node, self.key);
        }
        self.redactor.summary.entries += 1;
        self.writer.entry(&node);
    }

    /// Whether an object was redacted before: its seal says so, and either the key proves it or nothing in
    /// it, looked through, can be told from what redaction leaves.
    fn is_redacted(
        &mut self,
        node: &Node,
        look: impl FnOnce(&mut Redactor<'k>, &mut Node),
    ) -> bool {
        match Seal::of(node, self.key) {
            Seal::Broken => false,
            Seal::Proven => {
                self.redactor.summary.proven += 1;
                true
            }
            Seal::Intact if self.options.prove => false,
            Seal::Intact => {
                self.looker.summary = Summary::default();
                look(&mut self.looker, &mut node.clone());
                let redacted = self.looker.summary.findings() == 0;
                if !redacted {
                    let entry = self.redactor.entry;
                    let summary = &mut self.redactor.summary;
                    summary.count(Class::Secret, "false-seal", Place::Other, entry);
                }
                redacted
            }
        }
    }

    /// What stands around the entries.
    fn member(&mut self, key: &str, node: Node) -> Node {
        match (key, node) {
            ("pages", Node::Array(pages)) => {
                Node::Array(pages.into_iter().map(|page| self.page(page)).collect())
            }
            ("version", node @ (Node::Text(_) | Node::Bare(_))) if is_version(&node) => node,
            ("creator" | "browser", node) => self.tool(node),
            (_, node) => self.scrub_all(node, Place::Other),
        }
    }

    fn page(&mut self, mut page: Node) -> Node {
        if !self.is_redacted(&page, Redactor::page) {
            self.redactor.page(&mut page);
            seal(&mut page, self.key);
        }
        page
    }

    /// The program that wrote the capture: its name and version say nothing of anybody.
    fn tool(&mut self, node: Node) -> Node {
        match node {
            Node::Object(members) => Node::Object(
                members
                    .into_iter()
                    .map(|(key, node)| match (key.as_str(), node) {
                        ("name" | "version", Node::Text(text))
                            if crate::value::is_program_name(&text) =>
                        {
                            (key, Node::Text(text))
                        }
                        (_, node) => {
                            let place = if key == "comment" {
                                Place::Comment
                            } else {
                                Place::Other
                            };
                            (key, self.scrub_all(node, place))
                        }
                    })
                    .collect(),
            ),
            Node::Text(text) if crate::value::is_program_name(&text) => Node::Text(text),
            node => self.scrub_all(node, Place::Other),
        }
    }

    /// Everything as `x` and `0`, which stays as it is the next time.
    fn scrub_all(&mut self, node: Node, place: Place) -> Node {
        match node {
            Node::Object(members) => {
                let members = members.into_iter().map(|(key, node)| {
                    let node = self.scrub_all(node, place);
                    (self.redactor.plain_name(place, &key), node)
                });
                Node::Object(members.collect())
            }
            Node::Array(items) => Node::Array(
                items
                    .into_iter()
                    .map(|item| self.scrub_all(item, place))
                    .collect(),
            ),
            Node::Text(text) => Node::Text(self.redactor.scrub(place, &text)),
            Node::Bare(word) if matches!(word.as_str(), "true" | "false" | "null") => {
                Node::Bare(word)
            }
            Node::Bare(word) if word.len() <= 6 && serde_json::from_str::<f64>(&word).is_ok() => {
                Node::Bare(word)
            }
            Node::Bare(_) => Node::Bare("0".to_owned()),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        for (_, key, node) in self.later.iter().filter(|(in_log, ..)| *in_log) {
            self.writer.after_entries(key, node);
        }
        self.writer.close_log();
        for (_, key, node) in self.later.iter().filter(|(in_log, ..)| !*in_log) {
            self.writer.root_member(key, node);
        }
        self.writer.close()
    }
}

impl Redactor<'_> {
    /// A page.
    fn page(&mut self, page: &mut Node) {
        if let Node::Object(members) = page {
            for (key, node) in members {
                match (key.as_str(), &mut *node) {
                    ("id", Node::Text(text)) if !text.is_empty() => {
                        self.note(Place::Page, None, text);
                        *text = self.token(text);
                    }
                    ("title", Node::Text(text)) => {
                        *text = self.scrub(Place::Page, text);
                    }
                    ("startedDateTime", Node::Text(text))
                        if matches!(
                            Shape::of(text),
                            Shape::DateTime | Shape::Date | Shape::Empty
                        ) => {}
                    ("pageTimings", Node::Object(_)) => {
                        let timings = std::mem::replace(node, Node::null());
                        *node = timings_only(timings);
                    }
                    (key, node) => {
                        let key = key.to_owned();
                        self.vendor(node, &key);
                    }
                }
            }
        }
    }
}

/// The numbers of `pageTimings`.
fn timings_only(timings: Node) -> Node {
    let Node::Object(members) = timings else {
        return Node::null();
    };
    let number = |node: &Node| matches!(node, Node::Bare(word) if word.len() <= 24);
    Node::Object(
        members
            .into_iter()
            .filter(|(key, node)| {
                key.len() <= 24 && !crate::scope::names_a_value(key) && number(node)
            })
            .collect(),
    )
}

fn is_version(node: &Node) -> bool {
    let (Node::Text(text) | Node::Bare(text)) = node else {
        return false;
    };
    text.len() <= 8
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The host of a URL with its port, in lower case.
fn host_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    Some(host.to_ascii_lowercase())
}

/// Whether a host is the one that is meant, `*.` standing for a domain and all below it.
fn is_host(host: &str, meant: &str) -> bool {
    let bare = host.split(':').next().unwrap_or(host);
    match meant.strip_prefix("*.") {
        Some(domain) => bare == domain || bare.ends_with(&format!(".{domain}")),
        None => host == meant || bare == meant,
    }
}

/// Writes the document around the pieces.
struct Writer<'w> {
    out: &'w mut dyn Write,
    text: String,
    result: io::Result<()>,
    in_entries: bool,
    entries: usize,
    keys: Vec<String>,
}

impl<'w> Writer<'w> {
    fn new(out: &'w mut dyn Write) -> Self {
        let mut writer = Writer {
            out,
            text: String::new(),
            result: Ok(()),
            in_entries: false,
            entries: 0,
            keys: Vec::new(),
        };
        writer.put("{\"log\":{");
        writer
    }

    fn put(&mut self, text: &str) {
        if self.result.is_ok() {
            self.result = self.out.write_all(text.as_bytes());
        }
    }

    fn node(&mut self, node: &Node) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        node.write(&mut text);
        self.put(&text);
        if text.capacity() <= 4 << 20 {
            self.text = text;
        }
    }

    /// Whether the log has this member.
    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }

    /// A member of the log, before the entries.
    fn log_member(&mut self, key: &str, node: &Node) {
        if self.has(key) {
            return;
        }
        self.put(if self.keys.is_empty() { "\n" } else { ",\n" });
        self.node(&Node::Text(key.to_owned()));
        self.put(":");
        self.node(node);
        self.keys.push(key.to_owned());
    }

    fn open_entries(&mut self) {
        if !self.in_entries {
            self.put(if self.keys.is_empty() { "\n" } else { ",\n" });
            self.put("\"entries\":[");
            self.in_entries = true;
        }
    }

    fn entry(&mut self, node: &Node) {
        self.open_entries();
        self.put(if self.entries == 0 { "\n" } else { ",\n" });
        self.node(node);
        self.entries += 1;
    }

    fn close_entries(&mut self) {
        self.open_entries();
        if !self.has("entries") {
            self.put("\n]");
            self.keys.push("entries".to_owned());
        }
    }

    fn after_entries(&mut self, key: &str, node: &Node) {
        self.close_entries();
        self.log_member(key, node);
    }

    fn close_log(&mut self) {
        if !self.has("entries") {
            self.close_entries();
        }
        self.put("\n}");
    }

    fn root_member(&mut self, key: &str, node: &Node) {
        self.put(",\n");
        self.node(&Node::Text(key.to_owned()));
        self.put(":");
        self.node(node);
    }

    fn close(&mut self) -> io::Result<()> {
        self.put("}\n");
        std::mem::replace(&mut self.result, Ok(()))?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::redactor::scrubbed;

    #[test]
    fn hosts_are_those_that_are_meant() {
        assert!(is_host("a.example:8080", "a.example"));
        assert!(is_host("x.a.example", "*.a.example"));
        assert!(!is_host("xa.example", "*.a.example"));
        assert_eq!(
            host_of("https://u:p@A.example:8/x").as_deref(),
            Some("a.example:8")
        );
        assert_eq!(scrubbed("Aé9票-"), "Xx0口-");
    }
}
