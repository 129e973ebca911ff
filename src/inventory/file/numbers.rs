//! Numbers of an inventory that somebody may have edited: each must be a count or a moment.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Counts beyond this number are none: sums of many of them would not fit.
pub(super) const MAX_COUNT: i64 = 1_000_000_000_000;
/// The same for moments, in microseconds: the end of the year 9999.
const MAX_MOMENT: i64 = 253_402_300_799_999_999;

/// Looks at every number of a JSON text, without keeping any of it.
///
/// # Errors
///
/// The text is no JSON. A number that no inventory can hold is what comes back with its pointer: the
/// first one.
pub(super) fn wrong_number(text: &str) -> Result<Option<String>, serde_json::Error> {
    let mut check = Check::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    (&mut check).deserialize(&mut reader)?;
    reader.end()?;
    Ok(check.wrong)
}

#[derive(Default)]
struct Check {
    pointer: String,
    /// How many names and positions the pointer has.
    depth: usize,
    /// Whether numbers are moments here.
    moment: bool,
    wrong: Option<String>,
}

impl Check {
    fn number(&mut self, value: Option<i64>, text: fmt::Arguments<'_>) {
        let fits = match value {
            Some(n) if self.moment => n.abs() <= MAX_MOMENT,
            Some(n) => (0..=MAX_COUNT).contains(&n),
            None => false,
        };
        if !fits && self.wrong.is_none() {
            self.wrong = Some(format!("is broken: {}: {text} is no count", self.pointer));
        }
    }

    /// Looks at what is below this name or position.
    fn within<E>(
        &mut self,
        step: &str,
        moment: bool,
        below: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let (length, before) = (self.pointer.len(), self.moment);
        self.pointer.push('/');
        self.pointer.push_str(step);
        self.depth += 1;
        self.moment |= moment;
        let result = below(self);
        self.pointer.truncate(length);
        self.depth -= 1;
        self.moment = before;
        result
    }
}

impl<'de> DeserializeSeed<'de> for &mut Check {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Check {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.number(Some(number), format_args!("{number}"));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.number(i64::try_from(number).ok(), format_args!("{number}"));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.number(None, format_args!("{number:?}"));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut more = true;
        for at in 0_usize.. {
            self.within(&at.to_string(), false, |check| {
                more = items.next_element_seed(check)?.is_some();
                Ok(())
            })?;
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<String>()? {
            // By their depth, as fields of responses may have any name.
            let moment = matches!(
                (self.depth + 1, name.as_str()),
                (5, "span" | "hosts" | "events") | (6, "moments")
            );
            let step = name.replace('~', "~0").replace('/', "~1");
            self.within(&step, moment, |check| fields.next_value_seed(check))?;
        }
        Ok(())
    }
}
