//! Where the values of a body go: all in order for what requests send, summed up for what responses answer.

use crate::value::{Kind, Token, Value};

use super::fields::{Summed, TextSeen, ThingSeen};
use super::places::At;

/// Takes the values of a body, each with its field.
pub(super) trait Sink {
    /// Whether numbers with a fraction may come back elsewhere.
    const FOLLOWS_FRACTIONS: bool;

    /// Whether the field's value before it was an equal text or number.
    fn keep(&mut self, field: At, value: &Value) -> bool;

    /// The same for a text or number that no rule lets be shown.
    fn keep_hidden(&mut self, text: TextSeen, kind: Kind) -> bool;

    /// Takes a number with a fraction that is not followed.
    fn keep_fraction(&mut self, field: At);

    /// Takes a value without a text.
    fn keep_opaque(&mut self, field: At, kind: Kind);

    /// Takes another form of a text that is kept already.
    fn also(&mut self, field: At, token: Token);

    /// Takes an object that has an id and a state.
    fn thing(&mut self, thing: ThingSeen);
}

impl Sink for Summed {
    const FOLLOWS_FRACTIONS: bool = false;

    #[inline]
    fn keep(&mut self, field: At, value: &Value) -> bool {
        self.add(field, value)
    }

    #[inline]
    fn keep_hidden(&mut self, text: TextSeen, kind: Kind) -> bool {
        self.add_hidden(text, kind)
    }

    #[inline]
    fn keep_fraction(&mut self, field: At) {
        self.add_number(field);
    }

    #[inline]
    fn keep_opaque(&mut self, field: At, kind: Kind) {
        self.add_opaque(field, kind);
    }

    fn also(&mut self, field: At, token: Token) {
        self.add_alias(field, token);
    }

    fn thing(&mut self, thing: ThingSeen) {
        self.add_thing(thing);
    }
}

impl Sink for Vec<(At, Value)> {
    const FOLLOWS_FRACTIONS: bool = true;

    fn keep(&mut self, field: At, value: &Value) -> bool {
        self.push((field, value.clone()));
        false
    }

    fn keep_hidden(&mut self, text: TextSeen, kind: Kind) -> bool {
        self.push((text.field, hidden(kind, &text)));
        false
    }

    /// All are followed.
    fn keep_fraction(&mut self, _: At) {}

    fn keep_opaque(&mut self, field: At, kind: Kind) {
        self.push((field, Value::opaque(kind)));
    }

    /// What a request sends is what it sends.
    fn also(&mut self, _: At, _: Token) {}

    fn thing(&mut self, _: ThingSeen) {}
}

/// A value without its text.
pub(super) fn hidden(kind: Kind, text: &TextSeen) -> Value {
    Value {
        kind,
        linkable: text.linkable,
        token: text.token,
        word: None,
    }
}
