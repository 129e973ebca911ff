//! The pieces of XML: where its names and values stand.

use std::ops::Range;

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What belongs to the language: brackets, quotes, blanks between attributes.
    Sign,
    /// What the declaration at the beginning says.
    Declaration,
    /// The name of an element or attribute.
    Name,
    /// The value of an attribute, within these quotes.
    Value(char),
    /// What stands between tags.
    Text,
    /// Anything else: comments, data that are not parsed, instructions.
    Data,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// The name of the element or attribute that holds a value; empty if there is none.
    pub(super) name: Range<usize>,
}

/// A text, taken apart.
#[derive(Debug)]
pub(super) struct Markup {
    /// Its pieces, which together are the whole text.
    pub(super) pieces: Vec<Piece>,
    /// Whether each element that was opened is closed, and nothing is odd.
    pub(super) is_whole: bool,
}

impl Markup {
    /// Takes a text apart that begins with a tag.
    pub(super) fn of(text: &str) -> Option<Markup> {
        let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if !start.starts_with('<') {
            return None;
        }
        let mut reader = Reader {
            text,
            at: 0,
            pieces: Vec::new(),
            open: Vec::new(),
            elements: 0,
            odd: false,
        };
        reader.push(Kind::Sign, text.len() - start.len());
        while reader.at < text.len() {
            reader.next();
        }
        Some(Markup {
            is_whole: !reader.odd && reader.open.is_empty() && reader.elements > 0,
            pieces: reader.pieces,
        })
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    pieces: Vec<Piece>,
    /// The names of the elements that are open.
    open: Vec<Range<usize>>,
    elements: usize,
    odd: bool,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The next bytes are a piece.
    fn push(&mut self, kind: Kind, length: usize) -> Range<usize> {
        let name = match kind {
            Kind::Text => self.open.last().cloned().unwrap_or_default(),
            _ => 0..0,
        };
        self.push_named(kind, length, name)
    }

    fn push_named(&mut self, kind: Kind, length: usize, name: Range<usize>) -> Range<usize> {
        let range = self.at..self.at + length;
        if length > 0 {
            let range = range.clone();
            self.pieces.push(Piece { kind, range, name });
        }
        self.at = range.end;
        range
    }

    fn next(&mut self) {
        let rest = self.rest();
        if !rest.starts_with('<') {
            let end = rest.find('<').unwrap_or(rest.len());
            self.odd |= self.open.is_empty() && !rest[..end].trim().is_empty();
            self.push(Kind::Text, end);
        } else if rest.starts_with("<!--") {
            self.until(Kind::Data, "<!--", "-->");
        } else if rest.starts_with("<![CDATA[") {
            self.until(Kind::Data, "<![CDATA[", "]]>");
        } else if rest.starts_with("<?xml ") {
            self.until(Kind::Declaration, "<?xml ", "?>");
        } else if rest.starts_with("<?") {
            self.until(Kind::Data, "<?", "?>");
        } else if rest.starts_with("<!") {
            // What a definition of a document type says of names and entities is not read.
            self.odd = true;
            self.until(Kind::Data, "<!", ">");
        } else if rest.starts_with("</") {
            self.close();
        } else {
            self.open();
        }
    }

    fn until(&mut self, kind: Kind, start: &str, end: &str) {
        self.push(Kind::Sign, start.len());
        let rest = self.rest();
        if let Some(at) = rest.find(end) {
            self.push(kind, at);
            self.push(Kind::Sign, end.len());
        } else {
            self.odd = true;
            self.push(Kind::Data, rest.len());
        }
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.push(Kind::Sign, rest.len() - rest.trim_start().len());
    }

    fn name(&mut self) -> Range<usize> {
        let rest = self.rest();
        let is_end = |c: char| c.is_whitespace() || "<>/='\"".contains(c);
        let end = rest.find(is_end).unwrap_or(rest.len());
        self.push(Kind::Name, end)
    }

    fn close(&mut self) {
        self.push(Kind::Sign, 2);
        let name = self.name();
        let opened = self.open.pop();
        self.odd |= opened.is_none_or(|opened| self.text[opened] != self.text[name]);
        self.blanks();
        self.sign('>');
    }

    /// A sign that has to stand here.
    fn sign(&mut self, sign: char) -> bool {
        let stands = self.rest().starts_with(sign);
        if stands {
            self.push(Kind::Sign, sign.len_utf8());
        } else {
            self.odd = true;
        }
        stands
    }

    fn open(&mut self) {
        self.push(Kind::Sign, 1);
        let name = self.name();
        if name.is_empty() {
            self.odd = true;
            return;
        }
        self.elements += 1;
        loop {
            self.blanks();
            let rest = self.rest();
            if rest.starts_with("/>") {
                self.push(Kind::Sign, 2);
                return;
            }
            if rest.starts_with('>') {
                self.push(Kind::Sign, 1);
                self.open.push(name);
                return;
            }
            if rest.is_empty() || rest.starts_with('<') {
                self.odd = true;
                return;
            }
            self.attribute();
        }
    }

    fn attribute(&mut self) {
        let name = self.name();
        if name.is_empty() {
            // A sign that no name begins with.
            self.odd = true;
            let length = self.rest().chars().next().map_or(0, char::len_utf8);
            self.push(Kind::Sign, length);
            return;
        }
        self.blanks();
        if !self.sign('=') {
            return;
        }
        self.blanks();
        let quote = self.rest().chars().next();
        let Some(quote) = quote.filter(|quote| matches!(quote, '"' | '\'')) else {
            self.odd = true;
            let rest = self.rest();
            let end = rest.find(|c: char| c.is_whitespace() || c == '>');
            self.push(Kind::Data, end.unwrap_or(rest.len()));
            return;
        };
        self.push(Kind::Sign, 1);
        let rest = self.rest();
        let end = rest.find(quote).unwrap_or(rest.len());
        self.push_named(Kind::Value(quote), end, name);
        self.sign(quote);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Vec<(Kind, &str)>, bool) {
        let markup = Markup::of(text).unwrap_or(Markup {
            pieces: Vec::new(),
            is_whole: false,
        });
        let pieces = markup.pieces.into_iter();
        let pieces = pieces.filter(|piece| piece.kind != Kind::Sign);
        let pieces = pieces.map(|piece| (piece.kind, &text[piece.range]));
        (pieces.collect(), markup.is_whole)
    }

    #[test]
    fn names_and_values_are_told_apart() {
        let text =
            "<?xml version='1.0'?><!-- c --><a:b x = \"1>\" y='2'>t<![CDATA[<d>]]><e/></a:b>\n";
        let (pieces, whole) = told(text);
        assert!(whole);
        let expected = [
            (Kind::Declaration, "version='1.0'"),
            (Kind::Data, " c "),
            (Kind::Name, "a:b"),
            (Kind::Name, "x"),
            (Kind::Value('"'), "1>"),
            (Kind::Name, "y"),
            (Kind::Value('\''), "2"),
            (Kind::Text, "t"),
            (Kind::Data, "<d>"),
            (Kind::Name, "e"),
            (Kind::Name, "a:b"),
            (Kind::Text, "\n"),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_is_odd_is_said_so() {
        for text in [
            "<a>",
            "<a></b>",
            "<!doctype html><a></a>",
            "<br><a></a>",
            "<a b></a>",
            "<a b=1/>",
            "< a",
            "</a>",
        ] {
            assert!(!told(text).1, "{text}");
        }
        assert!(Markup::of("a<b/>").is_none());
    }

    #[test]
    fn the_pieces_are_the_text() {
        use proptest::prelude::*;
        proptest!(|(tail in "(<|>|/|!--|-->|\\?|=|'|\"|a:|Body|é| ){0,14}")| {
            let text = format!("<{tail}");
            if let Some(markup) = Markup::of(&text) {
                let joined: String = markup.pieces.iter().map(|piece| &text[piece.range.clone()]).collect();
                prop_assert_eq!(joined, text);
            }
        });
    }
}
