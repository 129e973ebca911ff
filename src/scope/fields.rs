//! The fields of a response, summed up.

use std::sync::Arc;

use foldhash::HashSet;
use smol_str::SmolStr;

use crate::value::{Kind, Kinds, Token, Value};

use super::places::Named;

/// Words of one field of one body that are told from each other; further ones are listed as often
/// as they come.
const MAX_TOLD: usize = 16;
/// Objects with an id and a state that are looked at in one body.
const MAX_THINGS: usize = 2_000;

/// The name of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName {
    /// The dotted path, arrays as `[]`: `data.list[].id`; `$` for a bare scalar.
    pub path: Arc<str>,
    /// Whether its last step is the name of a state that an entity goes through.
    pub state: bool,
}

/// The fields of a JSON body in order of appearance; bodies of one form share it.
pub type Form = Arc<[FieldName]>;

/// What a JSON body says: each field once, however many items of arrays have it.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    form: Form,
    seen: Vec<FieldSeen>,
    words: Vec<WordSeen>,
    texts: Vec<TextSeen>,
    things: Vec<ThingSeen>,
}

/// An object of a body that has both an id and a state.
#[derive(Debug, Clone)]
pub struct ThingSeen {
    /// The field of its id: a position in the form.
    pub id: u32,
    /// Stands for the id.
    pub token: Token,
    /// Whether an equal id elsewhere is likely to be the same thing and no coincidence.
    pub linkable: bool,
    /// The field of its state: a position in the form.
    pub state: u32,
    /// The state.
    pub word: SmolStr,
}

/// What a body says of one field.
#[derive(Debug, Clone, Copy, Default)]
pub struct FieldSeen {
    /// The kinds of its values.
    pub kinds: Kinds,
    /// Texts, numbers and truth values that no rule lets be shown.
    pub hidden: u32,
    /// Its values.
    values: u32,
    /// The position after that of its last word, among all words.
    last_word: u32,
    /// The same of its first value, if that is a word.
    first_word: u32,
    /// The last two texts or numbers that are not the same.
    recent: [u64; 2],
}

/// A value that a rule lets be shown, and how often it comes.
#[derive(Debug, Clone)]
pub struct WordSeen {
    /// Its field: a position in the form.
    pub field: u32,
    /// How often it comes.
    pub count: u32,
    /// The word.
    pub word: SmolStr,
    token: Token,
    /// The position after that of the field's word before it.
    before: u32,
}

/// A text or number, which may come back elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextSeen {
    /// Stands for it.
    pub token: Token,
    /// Its field: a position in the form.
    pub field: u32,
    /// Whether an equal value elsewhere is likely to be the same thing and no coincidence.
    pub linkable: bool,
}

impl FieldSeen {
    /// How many values the body has of it.
    pub fn values(&self) -> usize {
        self.values as usize
    }

    /// Adds what a body says of a field that is the same and came later.
    fn merge(&mut self, later: FieldSeen) {
        if self.values == 0 {
            self.first_word = later.first_word;
        }
        self.kinds.extend(later.kinds);
        self.hidden += later.hidden;
        self.values += later.values;
    }
}

/// Bytes of a body that mostly have one text or number in them, and one field.
const BYTES_PER_TEXT: usize = 24;
const BYTES_PER_FIELD: usize = 64;
/// Fields and texts that there is room for from the start, at most.
const MAX_ROOM: usize = 1 << 10;

impl Fields {
    /// The names of the fields; some may be without a value.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The fields that have values, by their position in the form.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &FieldSeen)> {
        let seen = self.seen.iter().enumerate();
        seen.filter(|(_, field)| field.values > 0)
    }

    /// The words of all fields; one of them may be there several times.
    pub fn words(&self) -> &[WordSeen] {
        &self.words
    }

    /// The values that may come back elsewhere, in order; one that comes several times in a field may
    /// stand there once.
    pub fn texts(&self) -> &[TextSeen] {
        &self.texts
    }

    /// The objects that have both an id and a state, in order.
    pub fn things(&self) -> &[ThingSeen] {
        &self.things
    }

    /// Makes one field of those that are the same: for each the first is given.
    fn merge(&mut self, same: &[u32]) {
        let first = |field: u32| same.get(field as usize).copied().unwrap_or(field);
        for at in 0..self.seen.len() {
            let to = same.get(at).map_or(at, |to| *to as usize);
            if to < at {
                let from = std::mem::take(&mut self.seen[at]);
                self.seen[to].merge(from);
            }
        }
        for word in &mut self.words {
            word.field = first(word.field);
        }
        for text in &mut self.texts {
            text.field = first(text.field);
        }
        for thing in &mut self.things {
            thing.id = first(thing.id);
            thing.state = first(thing.state);
        }
    }

    /// The first value of a field, if it is a word.
    pub fn first_word(&self, field: &FieldSeen) -> Option<&SmolStr> {
        let word = self
            .words
            .get((field.first_word as usize).checked_sub(1)?)?;
        Some(&word.word)
    }
}

/// The fields of a body while it is read.
pub(super) struct Summed {
    fields: Fields,
    /// Other forms of texts.
    aliases: Vec<TextSeen>,
}

impl Summed {
    /// No fields yet, with room for those that a body of so many bytes mostly has.
    pub(super) fn with_room(bytes: usize) -> Self {
        Summed {
            fields: Fields {
                seen: Vec::with_capacity((bytes / BYTES_PER_FIELD).min(32)),
                texts: Vec::with_capacity((bytes / BYTES_PER_TEXT).min(MAX_ROOM)),
                ..Fields::default()
            },
            aliases: Vec::new(),
        }
    }

    /// Names the fields, once all are known.
    pub(super) fn named(mut self, Named { form, same }: Named) -> Fields {
        self.fields.seen.resize(form.len(), FieldSeen::default());
        if !self.aliases.is_empty() {
            // What stands on its own is not taken from the address that holds it as well.
            let told: HashSet<Token> = self.fields.texts.iter().map(|text| text.token).collect();
            for text in std::mem::take(&mut self.aliases) {
                if !told.contains(&text.token) {
                    self.add_text(text);
                }
            }
        }
        self.fields.form = form;
        if let Some(same) = same {
            self.fields.merge(&same);
        }
        self.fields
    }

    /// What the body says of a field.
    #[inline]
    fn of(&mut self, field: u32) -> &mut FieldSeen {
        let (at, seen) = (field as usize, &mut self.fields.seen);
        if at >= seen.len() {
            seen.resize(at + 1, FieldSeen::default());
        }
        &mut seen[at]
    }

    /// Adds an object, an array or `null`.
    #[inline]
    pub(super) fn add_opaque(&mut self, field: u32, kind: Kind) {
        let seen = self.of(field);
        seen.kinds.insert(kind);
        seen.values += 1;
    }

    /// Adds a number with a fraction, which tells nothing from others.
    #[inline]
    pub(super) fn add_number(&mut self, field: u32) {
        let seen = self.of(field);
        seen.kinds.insert(Kind::Number);
        seen.values += 1;
        seen.hidden += 1;
    }

    /// Adds a text or number that no rule lets be shown; whether it is the one that came last there.
    #[inline]
    pub(super) fn add_hidden(&mut self, text: TextSeen, kind: Kind) -> bool {
        let seen = self.of(text.field);
        seen.kinds.insert(kind);
        seen.values += 1;
        seen.hidden += 1;
        self.add_text(text)
    }

    /// Adds any other value of a field; whether it is the text or number that came last there.
    pub(super) fn add(&mut self, field: u32, value: &Value) -> bool {
        let text = TextSeen {
            token: value.token,
            field,
            linkable: value.linkable,
        };
        let Some(word) = &value.word else {
            return self.add_hidden(text, value.kind);
        };
        let seen = self.of(field);
        seen.kinds.insert(value.kind);
        seen.values += 1;
        let again = value.kind != Kind::Boolean && self.add_text(text);
        self.add_word(field, value.token, word);
        again
    }

    /// Adds a text, unless it is one of the last two that its field had: items of a list often say the
    /// same as one before. Whether it is the last one.
    #[inline]
    fn add_text(&mut self, text: TextSeen) -> bool {
        let key = text.token.0 ^ u64::from(text.linkable);
        let [last, before] = &mut self.fields.seen[text.field as usize].recent;
        if *last == key {
            return true;
        }
        let known = *before == key;
        *before = std::mem::replace(last, key);
        if !known {
            self.fields.texts.push(text);
        }
        false
    }

    /// Adds an object that has both an id and a state.
    pub(super) fn add_thing(&mut self, thing: ThingSeen) {
        if self.fields.things.len() < MAX_THINGS {
            self.fields.things.push(thing);
        }
    }

    /// Adds another form of a text that was added already, by which it can be recognised.
    pub(super) fn add_alias(&mut self, field: u32, token: Token) {
        self.aliases.push(TextSeen {
            token,
            field,
            linkable: true,
        });
    }

    fn add_word(&mut self, field: u32, token: Token, word: &SmolStr) {
        let (seen, words) = (
            &mut self.fields.seen[field as usize],
            &mut self.fields.words,
        );
        let mut at = seen.last_word;
        for _ in 0..MAX_TOLD {
            let Some(known) = at.checked_sub(1) else {
                break;
            };
            let known = &mut words[known as usize];
            if known.token == token {
                known.count += 1;
                return;
            }
            at = known.before;
        }
        words.push(WordSeen {
            field,
            count: 1,
            word: word.clone(),
            token,
            before: seen.last_word,
        });
        seen.last_word = u32::try_from(words.len()).unwrap_or(0);
        if seen.values == 1 {
            seen.first_word = seen.last_word;
        }
    }
}
