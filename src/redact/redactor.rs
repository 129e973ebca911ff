//! One value at a time: whether it stays, and what takes its place.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::capture::{JsonEvent, Node, walk_json};
use crate::scope::names_a_value;
use crate::value::{Class, Segment, Sensitive, Shape, Way};

use super::keep::Keep;
use super::maps::MapKeys;
use super::rules::Rules;
use super::summary::{Place, Summary};
use super::token::Tokens;

/// JSON within strings is taken apart so deep.
const NESTED: usize = 4;
/// Names of which is remembered what they hide.
const REMEMBERED: usize = 1 << 12;
/// An object with more members is a map: its keys are values.
const MEMBERS: usize = 200;
/// Texts up to this length are searched for what rules know, to count it.
pub(super) const SEARCHED: usize = 1 << 16;

/// Where a value stands, for the summary and for what its name says.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'n> {
    pub(super) place: Place,
    /// The parameter's or field's name or path; empty if it has none.
    pub(super) name: &'n str,
    pub(super) way: Way,
}

/// Replaces values.
#[derive(Debug)]
pub(super) struct Redactor<'k> {
    pub(super) keep: &'k Keep,
    tokens: Tokens<'k>,
    pub(super) summary: Summary,
    /// The entry that is being redacted.
    pub(super) entry: Option<usize>,
    hidden: RefCell<HashMap<(String, bool), Option<Class>>>,
    /// Only looks through what says that it was redacted: tokens are no findings.
    looks_through: bool,
}

impl<'k> Redactor<'k> {
    pub(super) fn new(keep: &'k Keep, key: &[u8]) -> Self {
        Redactor {
            keep,
            tokens: Tokens::new(keep, key),
            summary: Summary::default(),
            entry: None,
            hidden: RefCell::default(),
            looks_through: false,
        }
    }

    /// One that only looks through what says that it was redacted, for what cannot have been.
    pub(super) fn looking_through(keep: &'k Keep, key: &[u8]) -> Self {
        Redactor {
            looks_through: true,
            ..Redactor::new(keep, key)
        }
    }

    /// A value of a parameter or field.
    pub(super) fn value(&mut self, at: At<'_>, text: &str) -> String {
        self.nested_value(at, text, 0)
    }

    fn nested_value(&mut self, at: At<'_>, text: &str, depth: usize) -> String {
        if text.is_empty() || self.keep.value(at.name, text) || self.keep.operation(at.name, text) {
            return text.to_owned();
        }
        if depth < NESTED
            && let Some(mut node) = json_in(text)
        {
            self.json_document(&mut node, at.way, at.place, depth + 1);
            return node.to_string();
        }
        self.note_value(at, text);
        self.token(text)
    }

    /// Whether a name hides the values under it, and why.
    fn hides(&self, at: At<'_>) -> Option<Class> {
        if at.name.is_empty() {
            return None;
        }
        let mut known = self.hidden.borrow_mut();
        let key = (at.name.to_owned(), at.way == Way::Sent);
        if let Some(class) = known.get(&key) {
            return *class;
        }
        let class = self.keep.rules().hides(at.name, at.way);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, class);
        class
    }

    /// Counts a value that is about to be replaced.
    pub(super) fn note_value(&mut self, at: At<'_>, text: &str) {
        self.note(at.place, self.hides(at), text);
    }

    /// The token of a text, wherever it stands; that of a URL is a URL.
    pub(super) fn token(&mut self, text: &str) -> String {
        if Shape::of(text) == Shape::Url && text.len() <= 4096 {
            return self.foreign_url(text);
        }
        let mut token = String::with_capacity(text.len());
        for (chunk, variable) in Segment::chunks(text) {
            let sign = |c: char| !c.is_alphanumeric();
            if !variable && (chunk.chars().all(sign) || chunk.starts_with('.')) {
                token.push_str(chunk);
            } else {
                token.push_str(&self.tokens.token(chunk));
            }
        }
        token
    }

    /// What stands for bytes: as many, others for other ones, and never text.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.tokens.bytes(bytes)
    }

    /// The token of a part that has no structure of its own.
    pub(super) fn plain_token(&self, text: &str) -> String {
        self.tokens.token(text)
    }

    /// A name, which stays unless it is a value itself; what stands in brackets is a name of its own.
    pub(super) fn name(&mut self, place: Place, name: &str) -> String {
        let mut shown = String::with_capacity(name.len());
        for piece in name.split_inclusive(['[', ']']) {
            let text = piece.trim_end_matches(['[', ']']);
            if text.is_empty() || !names_a_value(text) {
                shown.push_str(text);
            } else {
                self.note(place, None, text);
                shown.push_str(&self.token(text));
            }
            shown.push_str(&piece[text.len()..]);
        }
        shown
    }

    /// A name of which nobody asks whether it equals another; it stays as it is the next time.
    pub(super) fn plain_name(&mut self, place: Place, name: &str) -> String {
        let is_value = |part: &str| !part.is_empty() && names_a_value(part);
        if name.split(['[', ']']).any(is_value) {
            self.scrub(place, name)
        } else {
            name.to_owned()
        }
    }

    /// A text of which nobody asks whether it equals another: letters become `x`, digits `0`.
    pub(super) fn scrub(&mut self, place: Place, text: &str) -> String {
        let scrubbed = scrubbed(text);
        if scrubbed != text {
            if self.looks_through {
                let class = Class::Secret;
                self.summary.count(class, "unredacted", place, self.entry);
            }
            self.note(place, None, text);
        }
        scrubbed
    }

    /// What rules know in a text, and the words of it that are not known ones, are replaced.
    pub(super) fn plain_words(&mut self, place: Place, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for found in Sensitive::built_in().find_all(text) {
            out.push_str(&self.words_between(place, &text[from..found.range.start]));
            let value = &text[found.range.clone()];
            self.note(place, None, value);
            out.push_str(&self.tokens.token(value));
            from = found.range.end;
        }
        out.push_str(&self.words_between(place, &text[from..]));
        out
    }

    fn words_between(&mut self, place: Place, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_part = |c: char| c.is_alphanumeric() == first.is_alphanumeric();
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            rest = behind;
            let lower = part.to_ascii_lowercase();
            let digits = part.len() < 5 && part.bytes().all(|byte| byte.is_ascii_digit());
            if !first.is_alphanumeric()
                || digits
                || Rules::built_in().words.contains(&lower)
                || self.keep.word(part)
                || self.keep.word(&lower)
            {
                out.push_str(part);
            } else {
                self.note(place, None, part);
                out.push_str(&self.tokens.token(part));
            }
        }
        out
    }

    /// A JSON text; `None` if it is none.
    pub(super) fn json(&mut self, text: &str, way: Way, place: Place) -> Option<String> {
        walk_json(text, &mut |_: JsonEvent<'_>| ()).ok()?;
        let mut node = Node::parse(text.trim_start_matches('\u{feff}').as_bytes())?;
        self.json_document(&mut node, way, place, 0);
        Some(node.to_string())
    }

    fn json_document(&mut self, document: &mut Node, way: Way, place: Place, depth: usize) {
        let mut keys = MapKeys::of(document);
        self.json_node(document, &mut keys, &mut String::new(), way, place, depth);
    }

    fn json_node(
        &mut self,
        node: &mut Node,
        keys: &mut MapKeys,
        path: &mut String,
        way: Way,
        place: Place,
        depth: usize,
    ) {
        match node {
            Node::Object(members) => {
                let many = members.len() > MEMBERS;
                let length = path.len();
                for (key, node) in members {
                    let map = keys.next() || many;
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                    if is_document(key, node) {
                        *node = Node::Text(self.graphql(node.text().unwrap_or_default(), place));
                    } else {
                        self.json_node(node, keys, path, way, place, depth);
                    }
                    path.truncate(length);
                    if map && !self.keep.value("", key) {
                        *key = self.token(key);
                    } else {
                        *key = self.name(place, key);
                    }
                }
            }
            Node::Array(items) => {
                let length = path.len();
                path.push_str("[]");
                for node in items {
                    self.json_node(node, keys, path, way, place, depth);
                }
                path.truncate(length);
            }
            Node::Text(text) => {
                let at = At {
                    place,
                    name: path,
                    way,
                };
                *text = self.nested_value(at, text, depth);
            }
            Node::Bare(word) => {
                let at = At {
                    place,
                    name: path,
                    way,
                };
                *word = self.number(at, word);
            }
        }
    }

    /// A number as it is written in JSON, or one of JSON's words.
    pub(super) fn number(&mut self, at: At<'_>, word: &str) -> String {
        if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') || word == "-Infinity" {
            return word.to_owned();
        }
        if self.keep.value(at.name, word) {
            return word.to_owned();
        }
        self.note_value(at, word);
        let (digits, exponent) = word.split_at(word.find(['e', 'E']).unwrap_or(word.len()));
        format!("{}{exponent}", self.tokens.token(digits))
    }

    /// Counts what is about to be replaced.
    pub(super) fn note(&mut self, place: Place, hidden: Option<Class>, text: &str) {
        let searched = if text.len() <= SEARCHED {
            Sensitive::built_in().find_all(text)
        } else {
            Vec::new()
        };
        for found in &searched {
            let rule = found.rule;
            if self.looks_through && rule.alike {
                continue;
            }
            self.summary.count(rule.class, &rule.id, place, self.entry);
        }
        if !searched.is_empty() || self.looks_through {
            return;
        }
        match hidden {
            Some(class) => {
                let rule = format!("{}-name", class.name());
                self.summary.count(class, &rule, place, self.entry);
            }
            None => self.summary.count_other(place),
        }
    }

    /// Counts a credential that is one by where it stands.
    pub(super) fn note_credential(&mut self, place: Place, text: &str) {
        if !text.is_empty() {
            self.note(place, Some(Class::Secret), text);
        }
    }
}

/// A JSON object or array that a text holds.
fn json_in(text: &str) -> Option<Node> {
    if !text.trim_start().starts_with(['{', '[']) || text.len() < 4 {
        return None;
    }
    walk_json(text, &mut |_: JsonEvent<'_>| ()).ok()?;
    Node::parse(text.as_bytes())
}

/// Whether a member holds a GraphQL document.
fn is_document(key: &str, node: &Node) -> bool {
    key == "query" && node.text().is_some_and(crate::scope::is_graphql)
}

/// Letters as `x`, digits as `0`; what a document begins with stays.
pub(super) fn scrubbed(text: &str) -> String {
    let (kept, rest) = text.split_at(document_start(text));
    let mut out = String::with_capacity(text.len());
    out.push_str(kept);
    out.extend(rest.chars().map(|c| match c {
        c if c.is_numeric() => '0',
        c if c.is_uppercase() => 'X',
        c if c.is_ascii_alphabetic() || c.is_lowercase() => 'x',
        c if c.is_alphabetic() => '口',
        c => c,
    }));
    out
}

/// Where what a document begins with ends, which says of what kind it is.
pub(super) fn document_start(text: &str) -> usize {
    const STARTS: [&str; 4] = ["<!doctype html", "<html", "<?xml", "/*"];
    let blank = text.len() - text.trim_start().len();
    STARTS
        .iter()
        .find(|start| {
            text.get(blank..blank + start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        })
        .map_or(0, |start| blank + start.len())
}
