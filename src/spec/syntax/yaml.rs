//! YAML, from the parser's events, so that nesting and aliases stay bounded.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::Parsed;
use crate::spec::tree::{Content, Key, MAX_DEPTH, Node, Scalar};

/// Nodes that a document may have, merged mappings (`<<`) counted in full.
const MAX_NODES: usize = 4_000_000;

/// Reads the first document of a text.
///
/// A bracket that closes a mapping or list in the column of its key (`example: {`, `}` below it) is
/// not YAML to the letter, but common, and other readers take it. A text that goes wrong is read
/// once more with such brackets indented; lines stay where they are.
pub(super) fn parse(text: &str) -> Parsed {
    let parsed = read(text);
    if parsed.problems.is_empty() {
        return parsed;
    }
    let again = read(&with_brackets_indented(text));
    if again.problems.is_empty() {
        again
    } else {
        parsed
    }
}

fn with_brackets_indented(text: &str) -> String {
    let mut eased = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with(['}', ']']) {
            eased.push(' ');
        }
        eased.push_str(line);
    }
    eased
}

fn read(text: &str) -> Parsed {
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder::default();
    while let Some(event) = parser.next_event() {
        match event {
            Ok((Event::DocumentEnd | Event::StreamEnd, _)) if builder.root.is_some() => break,
            Ok((event, span)) => {
                if let Err(message) = builder.take(event, span) {
                    builder.problem(span, message);
                    break;
                }
            }
            Err(error) => {
                let mark = error.marker();
                let message = format!("the YAML goes wrong here: {}", error.info());
                builder
                    .problems
                    .push((mark.line(), mark.col() + 1, message));
                break;
            }
        }
    }
    builder.finish()
}

/// A mapping or sequence that is not closed yet.
struct Open {
    line: usize,
    anchor: usize,
    entries: Vec<(Key, Arc<Node>)>,
    items: Vec<Arc<Node>>,
    /// The key whose value comes next.
    key: Option<Key>,
    mapping: bool,
    /// Whether entries of another mapping were merged in, which own ones replace.
    merged: bool,
}

impl Open {
    /// The merged entry that an own one replaces.
    fn own(&mut self, key: &Key) -> Option<&mut (Key, Arc<Node>)> {
        let mut entries = self.merged.then(|| self.entries.iter_mut())?;
        entries.find(|(known, _)| known.text == key.text)
    }
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Arc<Node>>,
    root: Option<Arc<Node>>,
    nodes: usize,
    problems: Vec<(usize, usize, String)>,
}

impl Builder {
    fn problem(&mut self, span: Span, message: String) {
        let mark = span.start;
        self.problems.push((mark.line(), mark.col() + 1, message));
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let kind = kind(&text, style, tag.as_deref());
                let text = match kind {
                    Scalar::Bool => text.to_lowercase(),
                    _ => text.into_owned(),
                };
                let node = Node::new(line, Content::Scalar(kind, text));
                self.put(Arc::new(node), anchor)
            }
            Event::MappingStart(anchor, _) => self.begin(line, anchor, true),
            Event::SequenceStart(anchor, _) => self.begin(line, anchor, false),
            Event::MappingEnd | Event::SequenceEnd => self.end(),
            Event::Alias(anchor) => {
                let depth = u16::try_from(self.open.len()).unwrap_or(MAX_DEPTH);
                let known = self.anchors.get(&anchor).cloned();
                let fits = |node: &Arc<Node>| node.height.saturating_add(depth) <= MAX_DEPTH;
                let node = known.filter(fits).unwrap_or_else(|| {
                    let message = "the alias stands for itself or nests too deep".to_owned();
                    self.problem(span, message);
                    Arc::new(Node::null(line))
                });
                self.put(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, line: usize, anchor: usize, mapping: bool) -> Result<(), String> {
        if self.open.len() >= usize::from(MAX_DEPTH) {
            return Err(format!("the document nests deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(Open {
            line,
            anchor,
            entries: Vec::new(),
            items: Vec::new(),
            key: None,
            mapping,
            merged: false,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let content = if open.mapping {
            Content::Map(open.entries)
        } else {
            Content::List(open.items)
        };
        self.put(Arc::new(Node::new(open.line, content)), open.anchor)
    }

    /// Puts a node where it belongs: as a key, a value, an item, or the root.
    fn put(&mut self, node: Arc<Node>, anchor: usize) -> Result<(), String> {
        self.nodes += 1;
        if anchor != 0 {
            self.anchors.insert(anchor, Arc::clone(&node));
        }
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        if !open.mapping {
            open.items.push(node);
        } else if let Some(key) = open.key.take() {
            if key.text == "<<" {
                self.nodes += merge(&mut open.entries, &node);
                open.merged = true;
            } else if let Some(known) = open.own(&key) {
                *known = (key, node);
            } else {
                open.entries.push((key, node));
            }
        } else {
            open.key = Some(Key {
                line: node.line,
                text: node.text().unwrap_or_default().to_owned(),
            });
        }
        if self.nodes > MAX_NODES {
            return Err(format!("the document has more than {MAX_NODES} values"));
        }
        Ok(())
    }

    /// Closes what is open, so that a text that breaks off gives what stands before.
    fn finish(mut self) -> Parsed {
        while !self.open.is_empty() {
            // The last node of a broken document takes no more room than it has.
            let _ = self.end();
        }
        let root = self
            .root
            .take()
            .map_or_else(|| Node::null(1), |root| (*root).clone());
        Parsed {
            root,
            problems: self.problems,
        }
    }
}

/// Adds the entries of a merge key's mapping, or of its list of mappings, that are not there yet.
/// Gives what that weighs against [`MAX_NODES`].
fn merge(entries: &mut Vec<(Key, Arc<Node>)>, node: &Arc<Node>) -> usize {
    let sources = match &node.content {
        Content::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut known: HashSet<&str> = entries.iter().map(|(key, _)| key.text.as_str()).collect();
    let mut seen = entries.len();
    let mut fresh = Vec::new();
    for (key, value) in sources.iter().flat_map(|source| source.entries()) {
        seen += 1;
        if known.insert(&key.text) {
            fresh.push((key.clone(), Arc::clone(value)));
        }
    }
    entries.extend(fresh);
    // Looking at an entry costs less than making one, copying it more.
    seen * 4
}

/// What a scalar is by YAML's core schema.
fn kind(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    let said = tag.filter(|tag| tag.is_yaml_core_schema());
    match said.map(|tag| tag.suffix.as_str()) {
        Some("str") => return Scalar::Text,
        Some("null") => return Scalar::Null,
        Some("bool") => return Scalar::Bool,
        Some("int" | "float") => return Scalar::Number,
        _ => {}
    }
    if style != ScalarStyle::Plain {
        return Scalar::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Scalar::Bool,
        _ if text.parse::<f64>().is_ok() && text.contains(|c: char| c.is_ascii_digit()) => {
            Scalar::Number
        }
        _ => Scalar::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_may_close_in_the_column_of_their_key() {
        let text = "a:\n  example: {\n    \"x\": [1]\n  }\n  b: 1\nc: [\n  1\n]\n";
        let parsed = parse(text);
        assert_eq!(parsed.problems, []);
        assert_eq!(parse("a: {\n").problems.len(), 1);
    }
}
