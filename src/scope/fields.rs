//! The fields of a response, summed up.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::value::{Kind, Kinds, Token, Value};

/// Words of one field of one body that are told from each other; further ones are listed as often
/// as they come.
const MAX_TOLD: usize = 16;

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
    /// The text or number that came last, and whether it is linkable.
    last_text: Option<(Token, bool)>,
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
#[derive(Debug, Clone, Copy)]
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
}

/// Bytes of a body that mostly have one text or number in them, and one field.
const BYTES_PER_TEXT: usize = 24;
const BYTES_PER_FIELD: usize = 64;
/// Fields and texts that there is room for from the start, at most.
const MAX_ROOM: usize = 1 << 10;

impl Fields {
    /// No fields yet, with room for those that a body of so many bytes mostly has.
    pub(super) fn with_room(bytes: usize) -> Self {
        Fields {
            seen: Vec::with_capacity((bytes / BYTES_PER_FIELD).min(32)),
            texts: Vec::with_capacity((bytes / BYTES_PER_TEXT).min(MAX_ROOM)),
            ..Fields::default()
        }
    }

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

    /// The values that may come back elsewhere, in order; one that comes several times in a row stands
    /// there once.
    pub fn texts(&self) -> &[TextSeen] {
        &self.texts
    }

    /// The first value of a field, if it is a word.
    pub fn first_word(&self, field: &FieldSeen) -> Option<&SmolStr> {
        let word = self
            .words
            .get((field.first_word as usize).checked_sub(1)?)?;
        Some(&word.word)
    }

    /// Names the fields, once all are known.
    pub(super) fn named(mut self, form: Form) -> Self {
        self.seen.resize(form.len(), FieldSeen::default());
        self.form = form;
        self
    }

    /// Adds a value of a field.
    #[inline]
    pub(super) fn add(&mut self, field: u32, value: Value) {
        let at = field as usize;
        if at >= self.seen.len() {
            self.seen.resize(at + 1, FieldSeen::default());
        }
        let seen = &mut self.seen[at];
        seen.kinds.insert(value.kind);
        seen.values += 1;
        let text = Some((value.token, value.linkable));
        // Items of a list often say the same as the one before.
        if matches!(value.kind, Kind::String | Kind::Integer | Kind::Number)
            && seen.last_text != text
        {
            seen.last_text = text;
            self.texts.push(TextSeen {
                token: value.token,
                field,
                linkable: value.linkable,
            });
        }
        match value.word {
            Some(word) => self.add_word(field, value.token, word),
            None if matches!(value.kind, Kind::Null | Kind::Object | Kind::Array) => {}
            None => seen.hidden += 1,
        }
    }

    /// Adds another form of a text that was added already, by which it can be recognised.
    pub(super) fn add_alias(&mut self, field: u32, token: Token) {
        self.texts.push(TextSeen {
            token,
            field,
            linkable: true,
        });
    }

    fn add_word(&mut self, field: u32, token: Token, word: SmolStr) {
        let seen = &mut self.seen[field as usize];
        let mut at = seen.last_word;
        for _ in 0..MAX_TOLD {
            let Some(known) = at.checked_sub(1) else {
                break;
            };
            let known = &mut self.words[known as usize];
            if known.token == token {
                known.count += 1;
                return;
            }
            at = known.before;
        }
        self.words.push(WordSeen {
            field,
            count: 1,
            word,
            token,
            before: seen.last_word,
        });
        seen.last_word = u32::try_from(self.words.len()).unwrap_or(0);
        if seen.values == 1 {
            seen.first_word = seen.last_word;
        }
    }
}
