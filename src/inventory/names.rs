//! Names of fields and parameters as numbers, so that each is kept and compared once.

use std::sync::Arc;

use foldhash::HashMap;

use crate::scope::{Fields, Form};

use super::series::{is_fleeting, is_volatile};

/// Forms of bodies whose names' numbers are remembered.
const MAX_FORMS: usize = 1 << 12;

/// The name's number.
pub(super) type Name = u32;

/// A name.
struct Known {
    name: Arc<str>,
    /// Whether a parameter of this name changes with every request by design.
    volatile: bool,
    /// Whether its values are not even followed.
    fleeting: bool,
}

/// The names of one capture.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<Arc<str>, Name>,
    known: Vec<Known>,
    /// By where the form lies in memory, which holding it keeps its own.
    forms: HashMap<usize, (Form, Arc<[Name]>)>,
}

impl Names {
    pub(super) fn number(&mut self, name: &str) -> Name {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = Name::try_from(self.known.len()).unwrap_or(Name::MAX);
        let name: Arc<str> = name.into();
        self.numbers.insert(Arc::clone(&name), number);
        self.known.push(Known {
            volatile: is_volatile(&name),
            fleeting: is_fleeting(&name),
            name,
        });
        number
    }

    pub(super) fn name(&self, number: Name) -> &str {
        self.known
            .get(number as usize)
            .map_or("", |known| &known.name)
    }

    /// Whether a parameter of this name changes with every request by design.
    pub(super) fn is_volatile(&self, number: Name) -> bool {
        self.known
            .get(number as usize)
            .is_some_and(|known| known.volatile)
    }

    /// Whether the values of a parameter of this name are not followed.
    pub(super) fn is_fleeting(&self, number: Name) -> bool {
        self.known
            .get(number as usize)
            .is_some_and(|known| known.fleeting)
    }

    /// The same, to be kept.
    pub(super) fn shared(&self, number: Name) -> Arc<str> {
        self.known
            .get(number as usize)
            .map_or("".into(), |known| Arc::clone(&known.name))
    }

    /// The numbers of a body's fields, by their position in its form.
    pub(super) fn of_fields(&mut self, fields: &Fields) -> Arc<[Name]> {
        let form = fields.form();
        let place = form.as_ptr() as usize;
        if let Some((_, numbers)) = self.forms.get(&place) {
            return Arc::clone(numbers);
        }
        let numbers: Arc<[Name]> = form.iter().map(|field| self.number(&field.path)).collect();
        if self.forms.len() >= MAX_FORMS {
            self.forms.clear();
        }
        self.forms
            .insert(place, (Arc::clone(form), Arc::clone(&numbers)));
        numbers
    }
}
