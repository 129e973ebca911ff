//! JSON that stands within something else: the call of a function (JSONP), or behind what keeps it from
//! being a script.

use std::ops::Range;
use std::sync::OnceLock;

use serde::Deserialize;

/// Names of functions that are longer are none.
const MAX_NAME: usize = 200;

/// Where JSON stands in a text, and whose call it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrapped {
    /// Where the JSON stands, if it is any.
    pub(crate) json: Range<usize>,
    /// Where the name of the function stands: not at all, once, or twice.
    pub(crate) names: Vec<Range<usize>>,
}

impl Wrapped {
    /// The name of the function that is called.
    pub(crate) fn name<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.names.first().map(|range| &text[range.clone()])
    }
}

/// The table `wrapped.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    guards: Vec<String>,
}

fn guards() -> &'static [String] {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
        toml::from_str(include_str!("wrapped.toml")).expect("wrapped.toml is valid")
    });
    &table.guards
}

/// Where an object or array stands in a text that begins with something else; looks at the beginning and the
/// end only.
pub(crate) fn unwrapped(text: &str) -> Option<Wrapped> {
    let mut at = At { text, from: 0 };
    at.blank();
    let end = text.trim_end().len();
    if let Some(guard) = guards()
        .iter()
        .find(|guard| at.rest().starts_with(guard.as_str()))
    {
        at.from += guard.len();
        return at.json(end, Vec::new());
    }
    at.skip("/**/");
    at.skip(";");
    let mut names = Vec::with_capacity(2);
    if at.skip("typeof ") {
        names.push(at.name()?);
        let known = ["===", "=="].iter().any(|sign| at.skip(sign))
            && ["'function'", "\"function\""]
                .iter()
                .any(|word| at.skip(word))
            && at.skip("&&");
        known.then_some(())?;
    }
    names.push(at.name()?);
    if names.len() == 1 && at.skip("&&") {
        names.push(at.name()?);
    }
    if names
        .iter()
        .any(|name| text[name.clone()] != text[names[0].clone()])
        || !at.skip("(")
    {
        return None;
    }
    let behind = text[..end].trim_end_matches(';').trim_end();
    at.json(behind.strip_suffix(')')?.trim_end().len(), names)
}

/// Whether a text that begins with these bytes may be one in which [`unwrapped`] finds something.
pub(super) fn may_be_wrapped(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let head = head.trim_ascii_start();
    let guarded = |guard: &String| head.starts_with(guard.as_bytes());
    if guards().iter().any(guarded) {
        return true;
    }
    let head = head
        .strip_prefix(b"/**/")
        .unwrap_or(head)
        .trim_ascii_start();
    let call = head.split(|byte| *byte == b'(').next().unwrap_or_default();
    // With room for what stands before `name` in `typeof name === 'function' && name(`.
    let sign = |byte: &u8| byte.is_ascii_alphanumeric() || b"_$. =&;'\"".contains(byte);
    !call.is_empty() && call.iter().all(sign)
}

/// A place in a text.
struct At<'t> {
    text: &'t str,
    from: usize,
}

impl<'t> At<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.from..]
    }

    fn blank(&mut self) {
        let rest = self.rest();
        let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
        self.from += rest.len() - rest.trim_start_matches(blank).len();
    }

    /// Goes behind these characters and the blanks behind them, if they come next.
    fn skip(&mut self, what: &str) -> bool {
        let next = self.rest().starts_with(what);
        if next {
            self.from += what.len();
            self.blank();
        }
        next
    }

    /// Goes behind the name of a function.
    fn name(&mut self) -> Option<Range<usize>> {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.');
        let head = self.rest().as_bytes();
        let length = (head.iter().take(MAX_NAME))
            .take_while(|byte| part(char::from(**byte)))
            .count();
        if length == 0 || length == MAX_NAME || head[0].is_ascii_digit() {
            return None;
        }
        let name = self.from..self.from + length;
        self.from = name.end;
        self.blank();
        Some(name)
    }

    /// What stands between here and an end, if it begins and ends like an object or array.
    fn json(mut self, end: usize, names: Vec<Range<usize>>) -> Option<Wrapped> {
        self.blank();
        let json = self.from..end;
        let inner = self.text.get(json.clone())?;
        let closed = inner.starts_with('{') && inner.ends_with('}')
            || inner.starts_with('[') && inner.ends_with(']');
        (closed && inner.len() >= 2).then_some(Wrapped { json, names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_in_what_is_put_around_it() {
        for (text, name, json) in [
            ("cb({\"a\":1})", Some("cb"), "{\"a\":1}"),
            (
                "jQuery33_16({\"a\":1});\n",
                Some("jQuery33_16"),
                "{\"a\":1}",
            ),
            ("/**/my.app.cb( [1] ) ;", Some("my.app.cb"), "[1]"),
            ("/**/ typeof cb === 'function' && cb({});", Some("cb"), "{}"),
            ("window.cb && window.cb({})", Some("window.cb"), "{}"),
            (")]}'\n{\"a\":1}", None, "{\"a\":1}"),
            (")]}',\n[1]\n", None, "[1]"),
            ("\u{feff}for(;;);{\"a\":1}", None, "{\"a\":1}"),
            ("while(1);[]", None, "[]"),
        ] {
            let found = unwrapped(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.name(text), name, "{text}");
            assert_eq!(&text[found.json.clone()], json, "{text}");
        }
    }

    #[test]
    fn nothing_is_found_in_what_is_no_call_with_one_object() {
        for text in [
            "",
            "{\"a\":1}",
            "<html>({})</html>",
            "(function(){})()",
            "!function(){}({})",
            "function f(){}",
            "cb(",
            "cb({)",
            "cb({},1)",
            "cb()",
            "a && b({})",
            "typeof a === 'function' && b({})",
            "var x = f({})",
            "1({})",
            "for(;;);x",
            "for(;;);{",
            ")]}'",
        ] {
            assert_eq!(unwrapped(text), None, "{text}");
        }
    }

    #[test]
    fn any_text_may_come() {
        use proptest::prelude::*;
        proptest!(|(text in "[a(){}\\[\\];,'/*é \u{feff}=&.]{0,12}")| {
            if let Some(found) = unwrapped(&text) {
                prop_assert!(text.get(found.json).is_some());
            }
        });
    }
}
