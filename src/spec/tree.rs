//! A document as a tree whose nodes know their lines, whatever syntax it was written in.

use std::sync::Arc;

/// How deep a document may nest, aliases counted as what they stand for.
pub(super) const MAX_DEPTH: u16 = 200;

/// A value in a document.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The line, from 1.
    pub(super) line: usize,
    /// What it holds.
    pub(super) content: Content,
    /// How many levels it has: 1 for a scalar.
    pub(super) height: u16,
}

/// What a node holds. Nodes are shared where a document repeats one by an alias.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// A scalar as it is written, without quotes and escapes.
    Scalar(Scalar, String),
    /// A sequence.
    List(Vec<Arc<Node>>),
    /// A mapping, in the order of the document.
    Map(Vec<(Key, Arc<Node>)>),
}

/// What a scalar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Text.
    Text,
}

/// The key of a mapping's entry.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// The line, from 1.
    pub(super) line: usize,
    /// Its text.
    pub(super) text: String,
}

impl Node {
    /// A node whose height follows from its content.
    pub(super) fn new(line: usize, content: Content) -> Node {
        let below = match &content {
            Content::Scalar(..) => 0,
            Content::List(items) => items.iter().map(|item| item.height).max().unwrap_or(0),
            Content::Map(entries) => entries.iter().map(|(_, v)| v.height).max().unwrap_or(0),
        };
        Node {
            line,
            content,
            height: below.saturating_add(1),
        }
    }

    /// A node that says nothing.
    pub(super) fn null(line: usize) -> Node {
        Node::new(line, Content::Scalar(Scalar::Null, String::new()))
    }

    /// The entries of a mapping; of anything else none.
    pub(super) fn entries(&self) -> &[(Key, Arc<Node>)] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; of anything else none.
    pub(super) fn items(&self) -> &[Arc<Node>] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a mapping's first entry with this key.
    pub(super) fn get(&self, key: &str) -> Option<&Arc<Node>> {
        let mut entries = self.entries().iter();
        entries
            .find(|(known, _)| known.text == key)
            .map(|(_, value)| value)
    }

    /// The text of a scalar that is not null.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(kind, text) if *kind != Scalar::Null => Some(text),
            _ => None,
        }
    }

    /// The text of the scalar under a key.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// Whether the value under a key is `true`.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(
            |node| matches!(&node.content, Content::Scalar(Scalar::Bool, text) if text == "true"),
        )
    }

    /// Whether it is a mapping.
    pub(super) fn is_map(&self) -> bool {
        matches!(self.content, Content::Map(_))
    }

    /// What kind of scalar it is, if it is one.
    pub(super) fn scalar(&self) -> Option<Scalar> {
        match &self.content {
            Content::Scalar(kind, _) => Some(*kind),
            _ => None,
        }
    }
}
