//! What templates are given: values that they share, with no control character left in them.

use serde::Serialize;
use tera::{Map, Value};

use crate::locale::visible;

use super::RenderError;

/// The value of something, as templates see it.
///
/// What is a [`Value`] in it already is shared, not copied.
pub(super) fn shown<T: Serialize + ?Sized>(of: &T) -> Result<Value, RenderError> {
    Ok(cleaned(Value::try_from_serializable(of)?))
}

/// The value with signs in place of the control characters in its texts, except the line breaks that
/// prose is made of.
fn cleaned(value: Value) -> Value {
    if is_clean(&value) {
        return value;
    }
    if let Some(text) = value.as_str() {
        return Value::from(clean_text(text));
    }
    if let Some(items) = value.as_array() {
        return Value::from(items.iter().cloned().map(cleaned).collect::<Vec<_>>());
    }
    match value.into_map() {
        Some(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name, cleaned(value)));
            Value::from(fields.collect::<Map>())
        }
        None => Value::none(),
    }
}

/// Whether no text of a value has a character to be replaced; most have none.
fn is_clean(value: &Value) -> bool {
    if let Some(text) = value.as_str() {
        text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n')) || clean_text(text) == text
    } else if let Some(items) = value.as_array() {
        items.iter().all(is_clean)
    } else if let Some(fields) = value.as_map() {
        fields.values().all(is_clean)
    } else {
        true
    }
}

/// A text with signs in place of its control characters, line breaks apart.
pub(super) fn clean_text(text: &str) -> String {
    let lines = text.lines().map(visible).collect::<Vec<_>>();
    let mut shown = lines.join("\n");
    if text.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_replaced_wherever_they_stand() {
        let value = shown(
            &serde_json::json!({"a": ["x\u{1b}[1m\ny\n", 1, null], "b": {"c": "\r\n\u{202e}"}}),
        );
        let text = serde_json::to_value(value.unwrap()).unwrap();
        let expected = serde_json::json!({"a": ["x␛[1m\ny\n", 1, null], "b": {"c": "\n\u{fffd}"}});
        assert_eq!(text, expected);
    }

    #[test]
    fn values_in_values_are_shared() {
        let inner = shown(&["a text that is too long to be held in place"]).unwrap();
        let outer = shown(&[&inner, &inner]).unwrap();
        let places: Vec<_> = (outer.as_array().unwrap().iter())
            .map(|item| item.as_array().unwrap().as_ptr())
            .collect();
        assert_eq!(places, [inner.as_array().unwrap().as_ptr(); 2]);
    }
}
