//! Names with values, as headers and form fields are written: an array of objects, or one object.

use std::borrow::Cow;

use super::cursor::{Broken, Cursor, Raw};

/// Takes an array of objects with `name` and `value`, or an object of names and values, and gives
/// each value with its name and whether a file name comes with it.
pub(super) fn named<'a>(
    cursor: &mut Cursor<'a>,
    each: &mut impl FnMut(Cow<'a, str>, Cow<'a, str>, bool),
) -> Result<(), Broken> {
    if cursor.peek()? == b'{' {
        members(cursor, each)
    } else {
        cursor.array(|cursor| item(cursor, each))
    }
}

/// The same of an object of names and values.
pub(super) fn members<'a>(
    cursor: &mut Cursor<'a>,
    each: &mut impl FnMut(Cow<'a, str>, Cow<'a, str>, bool),
) -> Result<(), Broken> {
    cursor.object(|key, cursor| {
        let name: Cow<'a, str> = Cow::Owned(String::from_utf8_lossy(key).into_owned());
        values(cursor.value()?, &mut |value| {
            each(name.clone(), value, false);
        });
        Ok(())
    })
}

/// The same of one object with `name` and `value`.
pub(super) fn item<'a>(
    cursor: &mut Cursor<'a>,
    each: &mut impl FnMut(Cow<'a, str>, Cow<'a, str>, bool),
) -> Result<(), Broken> {
    if let Some((name, value)) = cursor.pair() {
        each(name, value, false);
        return Ok(());
    }
    let (mut name, mut value, mut file) = (None, None, false);
    cursor.object(|key, cursor| {
        let raw = cursor.value()?;
        match key {
            b"name" => name = raw.scalar(),
            b"value" => value = Some(raw),
            b"fileName" => file = !raw.is_blank(),
            _ => {}
        }
        Ok(())
    })?;
    if let Some(name) = name {
        let value = value.unwrap_or(Raw::Bare(b"null"));
        values(value, &mut |value| each(name.clone(), value, file));
    }
    Ok(())
}

/// A value as text, or each of several in an array; one that is absent is empty.
fn values<'a>(raw: Raw<'a>, each: &mut impl FnMut(Cow<'a, str>)) {
    if let Raw::Nested(nested) = raw {
        let mut cursor = Cursor::new(nested);
        // What is broken within gives the values before it; the entry itself is whole.
        let _ = cursor.array(|cursor| {
            if let Some(value) = cursor.value()?.scalar() {
                each(value);
            }
            Ok(())
        });
    } else {
        each(raw.scalar().unwrap_or_default());
    }
}
