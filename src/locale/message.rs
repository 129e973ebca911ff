//! One text with placeholders, and what fills them.
//!
//! `{name}` is replaced by the argument of that name. `{name|one|many}` shows no value but the
//! word that fits it: `{n} {n|request|requests}`; `{n+total|is|are}` takes the first word if one of them
//! is one. Chinese has no plural and needs the first only.

use super::markup::{code, escape};
use super::typography::push_spaced;

/// What fills a placeholder; the kind says how the value becomes safe inside Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A name or value of a capture, shown as a code span.
    Code(String),
    /// Several of them, joined as the language lists things.
    Codes(Vec<String>),
    /// Text that is to be read as it is: every sign of markup is escaped.
    Text(String),
    /// Several of them, joined as the language lists things.
    Texts(Vec<String>),
    /// A number, which also decides between the words of a plural.
    Count(usize),
    /// The language's word for a value of a fixed set: a table of texts, and the value.
    Word(&'static str, &'static str),
    /// Markdown that is safe already: prose of the user, or another message.
    Markdown(String),
}

/// How a language puts pieces together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joints<'a> {
    /// Between two items of a list.
    pub(super) separator: &'a str,
    /// Before the last one.
    pub(super) last: &'a str,
    /// Whether a space belongs where Chinese meets Latin letters, digits or code.
    pub(super) spaced: bool,
}

impl Joints<'_> {
    /// Appends a piece of text.
    fn push(self, out: &mut String, piece: &str) {
        if self.spaced {
            push_spaced(out, piece);
        } else {
            out.push_str(piece);
        }
    }

    /// Makes each item safe and joins them.
    fn join(self, items: &[String], safe: fn(&str) -> String) -> String {
        let mut out = String::new();
        for (at, item) in items.iter().enumerate() {
            let joint = match at {
                0 => "",
                at if at + 1 == items.len() => self.last,
                _ => self.separator,
            };
            self.push(&mut out, joint);
            self.push(&mut out, &safe(item));
        }
        out
    }
}

impl Arg {
    /// The Markdown that stands in the text.
    fn markdown(&self, joints: Joints<'_>) -> String {
        match self {
            Arg::Code(text) => code(text),
            Arg::Codes(items) => joints.join(items, code),
            Arg::Text(text) => escape(text),
            Arg::Texts(items) => joints.join(items, escape),
            Arg::Count(count) => count.to_string(),
            Arg::Markdown(text) => text.clone(),
            // The table of texts has put the word in its place.
            Arg::Word(_, word) => (*word).to_owned(),
        }
    }

    /// Whether English uses the singular for it.
    fn is_one(&self) -> bool {
        match self {
            Arg::Count(count) => *count == 1,
            Arg::Codes(items) | Arg::Texts(items) => items.len() == 1,
            Arg::Code(_) | Arg::Text(_) | Arg::Word(..) | Arg::Markdown(_) => true,
        }
    }
}

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// `{name}`.
    Value(&'a str),
    /// `{name|one|many}`, with one name or several.
    Plural(&'a str, &'a str, &'a str),
    /// Braces that hold nothing of the kind; a test keeps them out of the tables.
    Broken(&'a str),
}

/// Splits a message into its parts.
pub(super) fn pieces(message: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = message;
    while let Some(start) = rest.find('{') {
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        let inner = &rest[start + 1..];
        let Some(end) = inner.find('}') else {
            pieces.push(Piece::Broken(&rest[start..]));
            return pieces;
        };
        pieces.push(placeholder(&inner[..end]));
        rest = &inner[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Reads what stands between two braces.
fn placeholder(inner: &str) -> Piece<'_> {
    let parts: Vec<&str> = inner.split('|').collect();
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match parts.as_slice() {
        [name] if is_name(name) => Piece::Value(name),
        [names, one, many] if names.split('+').all(is_name) => Piece::Plural(names, one, many),
        _ => Piece::Broken(inner),
    }
}

/// Fills a message. A placeholder without an argument shows its own name, so that it is noticed.
pub(super) fn fill(message: &str, args: &[(&str, Arg)], joints: Joints<'_>) -> String {
    let find = |name: &str| {
        args.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, arg)| arg)
    };
    let mut out = String::with_capacity(message.len() + 32);
    for piece in pieces(message) {
        match piece {
            Piece::Text(text) | Piece::Broken(text) => joints.push(&mut out, text),
            Piece::Value(name) => match find(name) {
                Some(arg) => joints.push(&mut out, &arg.markdown(joints)),
                None => joints.push(&mut out, name),
            },
            Piece::Plural(names, one, many) => {
                let is_one = |name| find(name).is_none_or(Arg::is_one);
                let word = if names.split('+').any(is_one) {
                    one
                } else {
                    many
                };
                joints.push(&mut out, word);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOINTS: Joints<'static> = Joints {
        separator: ", ",
        last: " and ",
        spaced: false,
    };

    #[test]
    fn each_kind_becomes_safe_in_its_own_way() {
        let text = "{a}; {b}; {c}; {d}";
        let args = [
            ("a", Arg::Code("x`y".to_owned())),
            (
                "b",
                Arg::Codes(vec!["p".to_owned(), "q".to_owned(), "r".to_owned()]),
            ),
            ("c", Arg::Text("*x*".to_owned())),
            ("d", Arg::Markdown("**x**".to_owned())),
        ];
        assert_eq!(
            fill(text, &args, JOINTS),
            "``x`y``; `p`, `q` and `r`; \\*x\\*; **x**"
        );
    }

    #[test]
    fn a_plural_follows_its_number() {
        let text = "{n} {n|request|requests}";
        assert_eq!(fill(text, &[("n", Arg::Count(1))], JOINTS), "1 request");
        assert_eq!(fill(text, &[("n", Arg::Count(0))], JOINTS), "0 requests");
        let text = "{n} of {m} {m|endpoint|endpoints} {n+m|is|are} here";
        let of = |n, m| fill(text, &[("n", Arg::Count(n)), ("m", Arg::Count(m))], JOINTS);
        assert_eq!(of(0, 1), "0 of 1 endpoint is here");
        assert_eq!(of(1, 3), "1 of 3 endpoints is here");
        assert_eq!(of(0, 3), "0 of 3 endpoints are here");
    }

    #[test]
    fn a_text_of_the_user_keeps_its_own_spacing() {
        let joints = Joints {
            separator: "、",
            last: "和",
            spaced: true,
        };
        let items = ["VCC券", "API"].map(str::to_owned).to_vec();
        let args = [("items", Arg::Texts(items)), ("n", Arg::Count(2))];
        assert_eq!(
            fill("缺{items}共{n}个", &args, joints),
            "缺 VCC券和 API 共 2 个"
        );
    }

    #[test]
    fn arguments_are_never_read_as_placeholders() {
        let args = [("a", Arg::Text("{b}".to_owned())), ("b", Arg::Count(7))];
        assert_eq!(fill("{a}", &args, JOINTS), "{b}");
    }

    #[test]
    fn what_is_no_placeholder_is_told_apart() {
        assert_eq!(
            pieces("a {B} c"),
            [Piece::Text("a "), Piece::Broken("B"), Piece::Text(" c")]
        );
        assert_eq!(pieces("{a|b}"), [Piece::Broken("a|b")]);
        assert_eq!(pieces("{a"), [Piece::Broken("{a")]);
    }
}
