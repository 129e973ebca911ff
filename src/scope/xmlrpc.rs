//! XML-RPC: which method a call names.

use crate::capture::Body;

use super::exchange::Protocol;
use super::operation::{Found, named};
use super::soap::{Message, Tags};

/// The method that a call names.
pub(super) fn operation(body: &Body<'_>) -> Option<Found> {
    let text = body.text()?;
    named(Protocol::XmlRpc, &text[message(text)?.operation], None)
}

/// A call, of which only the beginning is looked at: the method's name is its first element.
pub(super) fn message(text: &str) -> Option<Message> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !start.starts_with('<') {
        return None;
    }
    let mut tags = Tags { text, at: 0 };
    let mut next = |name: &str| {
        let tag = tags.find(|_| true)?;
        (text[tag.clone()] == *name).then_some(tag)
    };
    let marks = [next("methodCall")?, next("methodName")?];
    let after = marks[1].end;
    let start = after + text[after..].find('>')? + 1;
    let end = start + text[start..].find('<')?;
    let name = text[start..end].trim_start();
    let start = end - name.len();
    Some(Message {
        marks,
        operation: start..start + name.trim_end().len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<&str> {
        message(text).map(|message| &text[message.operation])
    }

    #[test]
    fn a_call_names_its_method() {
        let call =
            |inside: &str| format!("<?xml version=\"1.0\"?>\n<methodCall>{inside}</methodCall>");
        for (inside, name) in [
            (
                "<methodName>wp.getPosts</methodName><params/>",
                Some("wp.getPosts"),
            ),
            (
                "\n <!-- <x> --> <methodName>\n é.a\n</methodName>",
                Some("é.a"),
            ),
            ("<params/><methodName>a</methodName>", None),
            ("<methodName", None),
            ("", None),
        ] {
            assert_eq!(asked(&call(inside)), name, "{inside}");
        }
        assert_eq!(asked("<methodResponse><params/></methodResponse>"), None);
        assert_eq!(asked("{}"), None);
    }

    #[test]
    fn any_text_may_come() {
        use proptest::prelude::*;
        proptest!(|(text in "(<|>|/|!--|-->|\\?|methodCall|methodName|é| ){0,12}")| {
            let _ = message(&text);
        });
    }
}
