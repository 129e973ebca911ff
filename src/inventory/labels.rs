//! Labels: what the ids of things are called, by which a thing is known wherever it is shown.

use foldhash::HashMap;

use crate::route::name_words;
use crate::scope::Exchange;
use crate::value::{ConstantRules, Segment, SegmentPiece, Token};

use super::names::{Name, Names};
use super::series::{Fingerprints, is_wrapper};
use super::short::leaf;

/// Ids of one request that may be what its answer's state is about.
const MAX_IDS: usize = 8;
/// Names of parameters that are remembered.
const REMEMBERED: usize = 1 << 14;

/// What was worked out already: requests of one call have the same texts in their paths.
#[derive(Default)]
pub(super) struct Labels {
    /// By call, field of the id and its place in the path: the label, and whether the id is bare.
    ids: HashMap<(usize, Name, Option<usize>), (Token, bool)>,
    /// By call and position: what the value of a segment would be called.
    segments: HashMap<(usize, usize), Option<Token>>,
    /// By name: what a parameter is called, if it is an id.
    params: HashMap<String, Option<Token>>,
    /// By field: what stands for the name of a state.
    states: HashMap<Name, Token>,
}

/// What the things of one exchange are known by.
pub(super) struct Keys<'a> {
    pub(super) call: usize,
    pub(super) exchange: &'a Exchange,
    pub(super) names: &'a Names,
    pub(super) fingerprints: &'a Fingerprints,
    pub(super) host: Token,
    pub(super) labels: &'a mut Labels,
}

impl Keys<'_> {
    /// Short ids are told from others by what they are called, too.
    pub(super) fn thing(&mut self, id: Token, label: Option<Token>, state: Name) -> Token {
        let (names, fingerprints) = (self.names, self.fingerprints);
        let known = self.labels.states.entry(state);
        let state = *known.or_insert_with(|| fingerprints.text(leaf(names.name(state))));
        let label = label.unwrap_or(Token(0));
        fingerprints.combine(&[self.host, id, label, state])
    }

    /// What the id of an object is called, with its noun, and whether it is bare in the answer.
    pub(super) fn label(&mut self, id: Name, token: Token) -> (Token, bool) {
        let segments = self.exchange.segments.iter();
        let in_path = segments.map(Segment::token).position(|at| at == token);
        let key = (self.call, id, in_path);
        if let Some(known) = self.labels.ids.get(&key) {
            return *known;
        }
        let (name, bare) = self.name(id, in_path);
        let label = (self.fingerprints.text(&name), bare);
        self.labels.ids.insert(key, label);
        label
    }

    fn name(&self, id: Name, in_path: Option<usize>) -> (String, bool) {
        let (field, segments) = (self.names.name(id), &self.exchange.segments);
        let words = name_words(leaf(field));
        if words.len() > 1 {
            return (words.join("_"), false);
        }
        let id = words.first().map_or("id", String::as_str);
        let noun = in_path
            .and_then(|at| last_noun(&segments[..at]))
            .or_else(|| holder(field))
            .or_else(|| last_noun(segments))
            .unwrap_or_default();
        (format!("{noun}_{id}"), true)
    }

    /// The things that the request names, each with what stands for its id, as if an answer named them.
    pub(super) fn named_by_request(&mut self, state: Name) -> Vec<(Token, Token)> {
        let exchange = self.exchange;
        let mut ids: Vec<(Token, Token)> = Vec::new();
        for (at, segment) in exchange.segments.iter().enumerate().take(MAX_IDS) {
            let value = |piece: &SegmentPiece| matches!(piece, SegmentPiece::Value(_));
            if segment.pieces().iter().any(value)
                && let Some(label) = self.segment(at)
            {
                ids.push((segment.token(), label));
            }
        }
        for param in exchange.params.iter().take(MAX_IDS * 2) {
            if let Some(label) = self.param(&param.name) {
                ids.push((param.value.token, label));
            }
        }
        ids.into_iter()
            .flat_map(|(id, label)| [(id, Some(label)), (id, None)])
            .map(|(id, label)| (self.thing(id, label, state), id))
            .collect()
    }

    /// What the value of a segment is called.
    fn segment(&mut self, at: usize) -> Option<Token> {
        let (segments, fingerprints) = (&self.exchange.segments, self.fingerprints);
        let known = self.labels.segments.entry((self.call, at));
        *known.or_insert_with(|| {
            let noun = last_noun(&segments[..at])?;
            Some(fingerprints.text(&format!("{noun}_id")))
        })
    }

    /// What a parameter is called, if it is an id.
    fn param(&mut self, name: &str) -> Option<Token> {
        if let Some(known) = self.labels.params.get(name) {
            return *known;
        }
        let is_id = ConstantRules::built_in().is_identifier(name);
        let label = is_id.then(|| self.fingerprints.text(&name_words(leaf(name)).join("_")));
        if self.labels.params.len() >= REMEMBERED {
            self.labels.params.clear();
        }
        self.labels.params.insert(name.to_owned(), label);
        label
    }
}

/// The singular of what holds a field, unless that is mere wrapping: `order` of `data.orders[].id`.
fn holder(field: &str) -> Option<String> {
    let (before, _) = field.rsplit_once('.')?;
    let holder = leaf(before);
    if is_wrapper(holder) {
        return None;
    }
    name_words(holder).pop()
}

/// The singular of the last noun of a path.
fn last_noun(segments: &[Segment]) -> Option<String> {
    let mut texts = segments.iter().rev().filter_map(Segment::text);
    name_words(&texts.next()?).pop()
}
