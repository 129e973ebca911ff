//! The walk over a JSON body: where each value stands, and what it says.

use std::cell::RefCell;

use smol_str::SmolStr;

use crate::capture::{Ahead, JsonEvent, JsonVisitor, Written, walk_json};
use crate::value::{IdName, Kind, Naming, Recent, Scalars, Token, Value, Values, Way};

use super::fields::{TextSeen, ThingSeen};
use super::naming::is_value;
use super::nested::{encoded, looks_like_json, may_be_address, may_be_json, may_hold};
use super::places::{At, Here, ITEMS, NOWHERE, Places};
use super::sink::{Sink, hidden};

/// Values of one body beyond this number only repeat what the others said.
const MAX_VALUES: usize = 50_000;
/// JSON in JSON in JSON is followed so deep.
const MAX_DEPTH: usize = 3;
/// States of one object that are looked at.
const MAX_STATES: usize = 4;

thread_local! {
    // Each thread remembers for itself, and what is remembered changes no result.
    static PLACES: RefCell<(Places, Recent)> = RefCell::default();
}

/// Whether a text is JSON: nothing of it is kept.
struct Nothing;

impl JsonVisitor for Nothing {
    fn event(&mut self, _: JsonEvent<'_>) {}
}

/// What an object that is not yet closed says of itself.
struct Noted {
    /// How many objects and arrays were open.
    depth: usize,
    /// The field of its id, what stands for it, and whether that is linkable.
    id: Option<(At, Token, bool)>,
    name: IdName,
    /// Where its states begin among those of all open objects.
    states: usize,
}

/// Whether the values of a name say which thing an object is, or in which state.
fn is_noted(naming: Naming) -> bool {
    naming.state || naming.id != IdName::None
}

/// An object or array that is not yet closed.
struct Open {
    place: At,
    /// The place of an array's items, of an object's last member, or nowhere.
    last: At,
    array: bool,
}

/// Follows where in a body the walk is.
pub(super) struct Walker<'a, S> {
    way: Way,
    values: &'a Values,
    scalars: Scalars<'a>,
    pub(super) places: &'a mut Places,
    recent: &'a mut Recent,
    sink: &'a mut S,
    open: Vec<Open>,
    /// What the open objects say of themselves, for those that do.
    noted: Vec<Noted>,
    /// Their states.
    states: Vec<(At, SmolStr)>,
    /// The place that the next value belongs to.
    here: Here,
    kept: usize,
    /// Whether the last text or number came twice in a row, and the last one that did.
    again: bool,
    last: Value,
    /// `false` and `true`.
    truths: [Value; 2],
    /// How many texts deep the walk is, and how many were open when the innermost began.
    depth: usize,
    base: usize,
}

pub(super) fn with_walker<S: Sink, T>(
    way: Way,
    values: &Values,
    sink: &mut S,
    walk: impl FnOnce(&mut Walker<'_, S>) -> T,
) -> T {
    PLACES.with_borrow_mut(|(places, recent)| {
        let at = places.begin(way, values);
        let here = places.here(at);
        walk(&mut Walker {
            way,
            values,
            scalars: values.scalars(),
            places,
            recent,
            sink,
            open: Vec::new(),
            noted: Vec::new(),
            states: Vec::new(),
            here,
            kept: 0,
            again: false,
            last: Value::opaque(Kind::Null),
            truths: ["false", "true"]
                .map(|text| values.scalar(Naming::default(), Kind::Boolean, text)),
            depth: 0,
            base: 0,
        })
    })
}

impl<S: Sink> Walker<'_, S> {
    #[inline]
    fn scalar(&mut self, kind: Kind, text: &str) {
        self.again = false;
        if self.kept >= MAX_VALUES {
            return;
        }
        self.kept += 1;
        let Here { naming, field, .. } = self.here;
        let may_be_word = self.scalars.may_be_word(naming, text);
        if kind == Kind::Number && !S::FOLLOWS_FRACTIONS && !may_be_word {
            self.sink.keep_fraction(field);
            return;
        }
        let token = self.scalars.token(text);
        if may_be_word && self.word(naming, field, kind, token, text) {
            return;
        }
        let text = TextSeen {
            token,
            field,
            linkable: self.scalars.is_linkable(kind, text),
        };
        if is_noted(naming) {
            self.note(naming, &text, None);
        }
        if self.sink.keep_hidden(text, kind) {
            self.again = true;
            self.last = hidden(kind, &text);
        }
    }

    /// Takes a text or number if a rule lets it be shown.
    fn word(&mut self, naming: Naming, field: At, kind: Kind, token: Token, text: &str) -> bool {
        let word = self.scalars.word(self.recent, naming, token, text);
        if word.is_none() {
            return false;
        }
        let value = Value {
            kind,
            linkable: false,
            token,
            word,
        };
        self.note_value(naming, field, &value);
        if self.sink.keep(field, &value) {
            self.again = true;
            self.last = value;
        }
        true
    }

    /// Notes a value if its name says something of the object that holds it.
    fn note_value(&mut self, naming: Naming, field: At, value: &Value) {
        if is_noted(naming) {
            let text = TextSeen {
                token: value.token,
                field,
                linkable: value.linkable,
            };
            self.note(naming, &text, value.word.as_ref());
        }
    }

    /// Truth values may be shown whatever their names say.
    #[inline]
    fn truth(&mut self, is: bool) {
        self.again = false;
        if self.kept < MAX_VALUES {
            self.kept += 1;
            let field = self.here.field;
            self.sink.keep(field, &self.truths[usize::from(is)]);
        }
    }

    /// Notes the id or a state of the innermost object.
    fn note(&mut self, naming: Naming, text: &TextSeen, word: Option<&SmolStr>) {
        let depth = self.open.len();
        if self.open.last().is_none_or(|open| open.array) {
            return;
        }
        if self.noted.last().is_none_or(|noted| noted.depth < depth) {
            self.noted.push(Noted {
                depth,
                id: None,
                name: IdName::None,
                states: self.states.len(),
            });
        }
        let Some(noted) = self.noted.last_mut() else {
            return;
        };
        match word {
            Some(word) if naming.state && self.states.len() - noted.states < MAX_STATES => {
                self.states.push((text.field, word.clone()));
            }
            // Its own id, else the first that names anything.
            _ if naming.id > noted.name => {
                noted.name = naming.id;
                noted.id = Some((text.field, text.token, text.linkable));
            }
            _ => {}
        }
    }

    /// Takes what an object that ends said of itself.
    fn take_noted(&mut self) {
        let Some(noted) = self.noted.pop() else {
            return;
        };
        let states = self.states.drain(noted.states..);
        let Some((id, token, linkable)) = noted.id else {
            return;
        };
        for (state, word) in states {
            self.sink.thing(ThingSeen {
                id,
                token,
                linkable,
                state,
                word,
            });
        }
    }

    #[inline]
    fn opaque(&mut self, kind: Kind) {
        if self.kept < MAX_VALUES {
            self.kept += 1;
            self.sink.keep_opaque(self.here.field, kind);
        }
    }

    /// A text, with what it holds if it is JSON itself, an address, or encoded for one.
    #[inline]
    fn text(&mut self, text: &str) {
        self.scalar(Kind::String, text);
        if may_hold(text) {
            self.held(text);
            // There is more to it than its value.
            self.again = false;
        }
    }

    fn held(&mut self, text: &str) {
        if looks_like_json(text) {
            if self.depth < MAX_DEPTH && walk_json(text, &mut Nothing).is_ok() {
                self.inside(text);
            }
            return;
        }
        let (values, field) = (self.values, self.here.field);
        encoded(text, |inner| {
            if let Some(token) = values.alias(inner) {
                self.sink.also(field, token);
            }
        });
    }

    /// Walks through a text that is JSON, as if it were what its place holds.
    fn inside(&mut self, text: &str) {
        let (here, open, base) = (self.here, self.open.len(), self.base);
        self.depth += 1;
        self.base = open;
        // It has been walked through before, so it is JSON.
        let _ = walk_json(text, self);
        self.depth -= 1;
        self.base = base;
        self.open.truncate(open);
        let known = self.noted.partition_point(|noted| noted.depth <= open);
        if let Some(first) = self.noted.get(known) {
            self.states.truncate(first.states);
            self.noted.truncate(known);
        }
        self.here = here;
    }

    /// The root's own object or array is no value.
    fn enter(&mut self, array: bool) {
        // A text that is JSON has been kept as a text.
        let root = self.open.is_empty() || self.open.len() == self.base;
        if !root {
            self.opaque(if array { Kind::Array } else { Kind::Object });
        }
        self.open.push(Open {
            place: self.here.at,
            last: NOWHERE,
            array,
        });
        if array {
            self.member(ITEMS);
        }
    }

    /// Behind an array's item the next one belongs to the same place.
    fn exit(&mut self) {
        if let Some(noted) = self.noted.last()
            && noted.depth == self.open.len()
        {
            self.take_noted();
        }
        self.open.pop();
        if let Some(open) = self.open.last().filter(|open| open.array) {
            self.here = self.places.here(open.last);
        }
    }

    #[inline]
    fn member(&mut self, name: &str) {
        if let Some(open) = self.open.last_mut() {
            let values = self.values;
            let is_value = &|name: &str| is_value(name, values);
            let place = self
                .places
                .member(open.place, open.last, name, self.way, is_value);
            open.last = place;
            self.here = self.places.here(place);
        }
    }
}

impl<S: Sink> JsonVisitor for Walker<'_, S> {
    #[expect(clippy::inline_always, reason = "most members are taken here")]
    #[inline(always)]
    fn take_key(&mut self, ahead: Ahead<'_>) -> Option<usize> {
        let open = self.open.last_mut()?;
        let (here, length) = self.places.take(open.place, open.last, ahead)?;
        open.last = here.at;
        self.here = here;
        Some(length)
    }

    #[inline]
    fn take_scalar(&mut self, ahead: Ahead<'_>) -> Option<usize> {
        let Here {
            at,
            field,
            naming,
            repeats: true,
        } = self.here
        else {
            return None;
        };
        let (written, value) = self.places.repeated(at)?;
        let length = ahead.scalar(written)?;
        if self.kept < MAX_VALUES {
            self.kept += 1;
            self.sink.keep(field, value);
            if is_noted(naming) {
                let value = value.clone();
                self.note_value(naming, field, &value);
            }
        }
        Some(length)
    }

    #[inline]
    fn wants_to_remember(&mut self) -> bool {
        self.again
    }

    fn remember(&mut self, written: Written) {
        self.again = false;
        self.places.repeat(self.here.at, written, self.last.clone());
        self.here.repeats = true;
    }

    #[inline]
    fn unmarked_string(&mut self, text: &str) {
        self.scalar(Kind::String, text);
        if may_be_json(text) || may_be_address(text) {
            self.held(text);
            self.again = false;
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "each caller knows the event, so nothing is left of the match"
    )]
    #[inline(always)]
    fn event(&mut self, event: JsonEvent<'_>) {
        match event {
            JsonEvent::ObjectStart => self.enter(false),
            JsonEvent::ArrayStart => self.enter(true),
            JsonEvent::ObjectEnd | JsonEvent::ArrayEnd => self.exit(),
            JsonEvent::Key(name) => self.member(name),
            JsonEvent::String(text) => self.text(text),
            JsonEvent::Integer(text) => self.scalar(Kind::Integer, text),
            JsonEvent::Number(text) => self.scalar(Kind::Number, text),
            JsonEvent::Bool(is) => self.truth(is),
            JsonEvent::Null => self.opaque(Kind::Null),
        }
    }
}
