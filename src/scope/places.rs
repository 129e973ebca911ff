//! The places of JSON bodies: which paths there are, remembered from one body to the next.
//!
//! Bodies of one endpoint name the same members in the same order again and again, so what a name
//! means is worked out once, and the member that came next the last time is tried first. Nothing
//! that is remembered changes a result.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use foldhash::{HashMap, HashMapExt};
use hashbrown::HashTable;

use crate::capture::{Ahead, Written, WrittenKey};
use crate::value::{ConstantRules, Naming, Token, Value, Values, Way};

use super::fields::{FieldName, Form};
use super::maps::{Collapsed, Members};

/// An object with more members than this is a map: what follows is counted under one name.
const MAX_MEMBERS: u32 = 200;
/// Places of one body beyond this number are not told apart from what holds them.
const MAX_FIELDS: usize = 4_000;
/// What lies below a path that is longer than this is not told apart.
const MAX_PATH: usize = 500;
/// Places and forms that are remembered; with more all are forgotten before the next body.
const MAX_REMEMBERED: usize = 1 << 13;
/// What stands for names that are values themselves.
pub(crate) const KEY: &str = "<key>";
/// What stands for the items of an array.
pub(crate) const ITEMS: &str = "[]";
/// The name of a body that is one bare value, as in `JSONPath`.
pub(crate) const ROOT: &str = "$";

/// A place, by its position.
pub(super) type At = u32;
/// No place.
pub(super) const NOWHERE: At = At::MAX;

/// The root, a member by name, or the items of an array.
struct Place {
    parent: At,
    name: Box<str>,
    /// The name as it is mostly written.
    written: Option<WrittenKey>,
    path: Arc<str>,
    naming: Naming,
    /// The member that came first the last time, and the one that came behind this.
    first: At,
    next: At,
    /// The last body that it was seen in, as a number; the rest holds for that body.
    body: u32,
    field: u32,
    members: u32,
    /// A value that came twice in a row, and how it was written.
    repeated: Option<Box<(Written, Value)>>,
}

/// A place of the current body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    /// The place.
    pub(super) at: At,
    /// Its position among the body's fields.
    pub(super) field: u32,
    /// What its name says.
    pub(super) naming: Naming,
    /// Whether a value of it came twice in a row.
    pub(super) repeats: bool,
}

impl Place {
    #[inline]
    fn here(&self, at: At) -> Here {
        Here {
            at,
            field: self.field,
            naming: self.naming,
            repeats: self.repeated.is_some(),
        }
    }
}

/// The fields of a body.
#[derive(Clone)]
pub(super) struct Named {
    /// Their names; some may be there several times.
    pub(super) form: Form,
    /// For each the first of its name, where there are such.
    pub(super) same: Option<Arc<[u32]>>,
}

/// All places that are remembered.
pub(super) struct Places {
    known: Vec<Place>,
    /// Members by parent and name.
    members: HashTable<At>,
    hasher: RandomState,
    forms: HashMap<Box<[At]>, Named>,
    body: u32,
    /// The places of the current body, which are its fields.
    fields: Vec<At>,
    /// The rules that namings are by.
    rules: Arc<ConstantRules>,
    /// Tells the key of the values' tokens from others.
    key: Token,
}

impl Default for Places {
    fn default() -> Self {
        Places {
            known: Vec::new(),
            members: HashTable::new(),
            hasher: RandomState::default(),
            forms: HashMap::new(),
            body: 0,
            fields: Vec::new(),
            rules: Arc::new(ConstantRules::built_in().clone()),
            key: Token(0),
        }
    }
}

impl Places {
    /// Begins a body whose values go this way; gives the place of its root.
    pub(super) fn begin(&mut self, way: Way, values: &Values) -> At {
        let same = self.rules.fingerprint() == values.rules().fingerprint();
        if self.known.len() + self.forms.len() > MAX_REMEMBERED || self.body == u32::MAX || !same {
            let rules = if same {
                Arc::clone(&self.rules)
            } else {
                Arc::new(values.rules().clone())
            };
            *self = Places {
                rules,
                ..Places::default()
            };
        }
        if self.known.is_empty() {
            for way in [Way::Sent, Way::Answered] {
                self.push(NOWHERE, "", "".into(), self.rules.naming("", way));
            }
        }
        let key = values.tokens().token("which key is it");
        if self.key != key {
            self.key = key;
            self.known
                .iter_mut()
                .for_each(|place| place.repeated = None);
        }
        self.body += 1;
        self.fields.clear();
        let root = At::from(way == Way::Answered);
        self.enter(root);
        root
    }

    /// A place of the current body.
    #[inline]
    pub(super) fn here(&self, at: At) -> Here {
        self.known[at as usize].here(at)
    }

    /// The value that is likely to come next at a place, and how it is written.
    #[inline]
    pub(super) fn repeated(&self, at: At) -> Option<&(Written, Value)> {
        self.known[at as usize].repeated.as_deref()
    }

    /// Notes a value that came twice in a row.
    pub(super) fn repeat(&mut self, at: At, written: Written, value: Value) {
        match &mut self.known[at as usize].repeated {
            Some(known) => **known = (written, value),
            none => *none = Some(Box::new((written, value))),
        }
    }

    /// The fields of the body so far.
    pub(super) fn named(&mut self) -> Named {
        if let Some(named) = self.forms.get(self.fields.as_slice()) {
            return named.clone();
        }
        let named = match self.collapsed() {
            Some(collapsed) => self.without_keys(&collapsed),
            None => Named {
                form: (self.fields.iter())
                    .map(|at| self.field_name(*at, Arc::clone(&self.known[*at as usize].path)))
                    .collect(),
                same: None,
            },
        };
        self.forms
            .insert(self.fields.as_slice().into(), named.clone());
        named
    }

    fn field_name(&self, at: At, path: Arc<str>) -> FieldName {
        FieldName {
            path: if path.is_empty() { ROOT.into() } else { path },
            state: self.known[at as usize].naming.state,
        }
    }

    /// Which fields of the body are one, if their structure tells that keys are values.
    fn collapsed(&self) -> Option<Collapsed> {
        let mut members = Members::new();
        for at in self.fields.iter().skip(1) {
            let place = &self.known[*at as usize];
            members.member(self.position(place.parent), &place.name);
        }
        members.collapsed()
    }

    /// The position of a place among the body's fields.
    fn position(&self, at: At) -> usize {
        self.known[at as usize].field as usize
    }

    /// The fields, with [`KEY`] in place of the keys of maps.
    fn without_keys(&self, collapsed: &Collapsed) -> Named {
        let mut paths: Vec<Arc<str>> = Vec::with_capacity(self.fields.len());
        for (position, at) in self.fields.iter().enumerate() {
            let place = &self.known[*at as usize];
            let parent = (position > 0).then(|| self.position(place.parent));
            let path = match parent.and_then(|parent| paths.get(parent)) {
                None => Arc::clone(&place.path),
                Some(parent) if collapsed.is_key(position) => member_path(parent, KEY).into(),
                Some(parent) => member_path(parent, &place.name).into(),
            };
            paths.push(path);
        }
        let fields = self.fields.iter().zip(paths);
        let same = 0..self.fields.len();
        let same = same.map(|position| u32::try_from(collapsed.same(position)).unwrap_or(0));
        Named {
            form: fields
                .map(|(at, path)| self.field_name(*at, path))
                .collect(),
            same: Some(same.collect()),
        }
    }

    /// Takes the member that came behind this one the last time, if it comes again; with the bytes of
    /// its key.
    #[expect(
        clippy::inline_always,
        reason = "most of the work is in what its caller knows"
    )]
    #[inline(always)]
    pub(super) fn take(
        &mut self,
        parent: At,
        before: At,
        ahead: Ahead<'_>,
    ) -> Option<(Here, usize)> {
        let at = self.behind(parent, before);
        let place = self.known.get(at as usize)?;
        let length = ahead.key(place.written.as_ref()?)?;
        if place.parent != parent {
            return None;
        }
        if place.body == self.body {
            return Some((place.here(at), length));
        }
        Some((self.first_take(parent, at)?, length))
    }

    /// The same where it is new to the body.
    #[cold]
    fn first_take(&mut self, parent: At, at: At) -> Option<Here> {
        if self.is_map(parent) || self.is_end(parent) {
            return None;
        }
        self.known[parent as usize].members += 1;
        self.enter(at);
        Some(self.here(at))
    }

    /// The member that came behind this one the last time.
    #[inline]
    fn behind(&self, parent: At, before: At) -> At {
        match before {
            NOWHERE => self.known[parent as usize].first,
            before => self.known[before as usize].next,
        }
    }

    /// Whether a place has so many members in this body that it is a map.
    fn is_map(&self, at: At) -> bool {
        self.known[at as usize].members >= MAX_MEMBERS
    }

    /// Whether what lies below a place is not told apart from it.
    fn is_end(&self, at: At) -> bool {
        self.fields.len() >= MAX_FIELDS || self.known[at as usize].path.len() > MAX_PATH
    }

    /// The member of a place by its name, or as [`KEY`] where `is_value` says so; `before` is the
    /// member that came before it, if any.
    #[inline]
    pub(super) fn member(
        &mut self,
        parent: At,
        before: At,
        name: &str,
        way: Way,
        is_value: &dyn Fn(&str) -> bool,
    ) -> At {
        let expected = self.behind(parent, before);
        let known = self.known.get(expected as usize);
        let known = known.filter(|place| place.parent == parent && *place.name == *name);
        let at = match known {
            Some(place) if place.body == self.body => return expected,
            Some(_) => self.first_in_body(parent, Some(expected), name, way, is_value),
            None => {
                let found = self.find(parent, name);
                self.first_in_body(parent, found, name, way, is_value)
            }
        };
        if at != parent {
            match before {
                NOWHERE => self.known[parent as usize].first = at,
                before => self.known[before as usize].next = at,
            }
        }
        at
    }

    /// The member of this name, which may be new to the body.
    fn first_in_body(
        &mut self,
        parent: At,
        found: Option<At>,
        name: &str,
        way: Way,
        is_value: &dyn Fn(&str) -> bool,
    ) -> At {
        if let Some(at) = found
            && self.known[at as usize].body == self.body
        {
            return at;
        }
        let reserved = name == KEY || name == ITEMS;
        if !reserved && (self.is_map(parent) || found.is_none() && is_value(name)) {
            let found = self.find(parent, KEY);
            return self.first_in_body(parent, found, KEY, way, is_value);
        }
        if self.is_end(parent) {
            return parent;
        }
        let at = found.unwrap_or_else(|| self.insert(parent, name, way));
        self.known[parent as usize].members += 1;
        self.enter(at);
        at
    }

    /// Notes that the current body has a place.
    fn enter(&mut self, at: At) {
        let place = &mut self.known[at as usize];
        place.body = self.body;
        place.members = 0;
        place.field = u32::try_from(self.fields.len()).unwrap_or(u32::MAX);
        self.fields.push(at);
    }

    fn hash(&self, parent: At, name: &str) -> u64 {
        self.hasher.hash_one((parent, name))
    }

    fn find(&self, parent: At, name: &str) -> Option<At> {
        let is = |at: &At| {
            let place = &self.known[*at as usize];
            place.parent == parent && *place.name == *name
        };
        self.members.find(self.hash(parent, name), is).copied()
    }

    fn insert(&mut self, parent: At, name: &str, way: Way) -> At {
        let path = member_path(&self.known[parent as usize].path, name);
        let naming = self.rules.naming(&path, way);
        let at = self.push(parent, name, path.into(), naming);
        let hash = self.hash(parent, name);
        let (known, hasher) = (&self.known, &self.hasher);
        self.members.insert_unique(hash, at, |at| {
            let place = &known[*at as usize];
            hasher.hash_one((place.parent, &*place.name))
        });
        at
    }

    fn push(&mut self, parent: At, name: &str, path: Arc<str>, naming: Naming) -> At {
        self.known.push(Place {
            parent,
            written: WrittenKey::new(name),
            name: name.into(),
            path,
            naming,
            first: NOWHERE,
            next: NOWHERE,
            body: 0,
            field: 0,
            members: 0,
            repeated: None,
        });
        At::try_from(self.known.len() - 1).unwrap_or(NOWHERE)
    }
}

fn member_path(parent: &str, name: &str) -> String {
    match (parent, name) {
        (parent, ITEMS) => format!("{parent}[]"),
        ("", name) => name.to_owned(),
        (parent, name) => format!("{parent}.{name}"),
    }
}
