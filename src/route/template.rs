//! Route templates: literal and variable segments, how they are written and how they match.

use std::fmt::{self, Write as _};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::mixed;

/// How parameters are written in a template.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum ParamStyle {
    /// `<cinema_id>`
    #[default]
    Angle,
    /// `{cinema_id}`
    Brace,
    /// `:cinema_id`
    Colon,
}

/// A piece of a segment that is partly literal, partly variable (`<id>.json`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Piece {
    /// Text that is always the same.
    Literal(String),
    /// A variable piece, by name.
    Param(String),
}

/// One segment of a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// A segment that is always the same, percent-decoded.
    Literal(String),
    /// A variable segment, by name.
    Param(String),
    /// A segment made of literal and variable pieces, at least one of each or two variables.
    Mixed(Vec<Piece>),
}

/// A path whose variable segments are named.
///
/// Two templates are the same route if [`Template::shape`] is equal: the names of parameters and a
/// trailing slash do not count.
///
/// As text, a literal segment is written as it reads; only what a route would take for something
/// else (`/`, `?`, `#`, `%`, brackets, blanks, control characters) is percent-encoded, so that
/// every template is read back as it was.
///
/// ```
/// use harcov::route::{ParamStyle, Template};
///
/// let route: Template = "/cinema/{cinema_id}/order/info/".parse().unwrap();
/// assert_eq!(route.display(ParamStyle::Angle).to_string(), "/cinema/<cinema_id>/order/info/");
/// assert_eq!(route.params().collect::<Vec<_>>(), ["cinema_id"]);
/// assert!(route.matches(["cinema", "1001", "order", "info"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Template {
    /// The segments.
    pub parts: Vec<Part>,
    /// Whether the path ends in a slash, as most requests wrote it.
    pub slash: bool,
}

/// Why a text is not a route template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateError {
    /// It does not start with `/`.
    NoLeadingSlash,
    /// It has a query string or fragment.
    NotAPath,
    /// A parameter is not closed, or has no name.
    BadParam(String),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateError::NoLeadingSlash => f.write_str("a route starts with `/`"),
            TemplateError::NotAPath => {
                f.write_str("a route is a path without query string or fragment")
            }
            TemplateError::BadParam(segment) => {
                write!(f, "`{segment}` is not a parameter such as `<user_id>`")
            }
        }
    }
}

impl std::error::Error for TemplateError {}

impl std::str::FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let rest = text
            .strip_prefix('/')
            .ok_or(TemplateError::NoLeadingSlash)?;
        if text.contains(['?', '#']) {
            return Err(TemplateError::NotAPath);
        }
        let slash = rest.ends_with('/');
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let parts = if rest.is_empty() {
            Vec::new()
        } else {
            rest.split('/')
                .map(parse_part)
                .collect::<Result<Vec<_>, _>>()?
        };
        Ok(Template { parts, slash })
    }
}

/// Parses one segment; `<name>`, `{name}`, and `:name` as a whole segment, are parameters.
fn parse_part(segment: &str) -> Result<Part, TemplateError> {
    let bad = || TemplateError::BadParam(segment.to_owned());
    if let Some(name) = segment.strip_prefix(':') {
        return Ok(if is_name(name) {
            Part::Param(name.to_owned())
        } else {
            Part::Literal(decode(segment))
        });
    }
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some(open) = rest.find(['<', '{']) {
        let close = if rest[open..].starts_with('<') {
            '>'
        } else {
            '}'
        };
        let end = rest[open..].find(close).ok_or_else(bad)? + open;
        let name = &rest[open + 1..end];
        if !is_name(name) {
            return Err(bad());
        }
        if open > 0 {
            pieces.push(Piece::Literal(decode(&rest[..open])));
        }
        pieces.push(Piece::Param(name.to_owned()));
        rest = &rest[end + 1..];
    }
    if pieces.is_empty() {
        return Ok(Part::Literal(decode(segment)));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(decode(rest)));
    }
    Ok(match pieces.as_slice() {
        [Piece::Param(name)] => Part::Param(name.clone()),
        _ => Part::Mixed(pieces),
    })
}

/// Literal text from its written form; what decodes to no UTF-8 stays as it is written.
fn decode(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), Into::into)
}

/// Literal text in its written form; `first` if it starts a segment.
fn write_literal(f: &mut fmt::Formatter<'_>, text: &str, first: bool) -> fmt::Result {
    for (at, c) in text.char_indices() {
        let like_param = c == ':' && first && at == 0;
        if like_param || c.is_whitespace() || c.is_control() || "/?#%<>{}".contains(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(f, "%{byte:02X}")?;
            }
        } else {
            f.write_char(c)?;
        }
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
}

impl Template {
    /// The names of the parameters, in order.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| match part {
            Part::Literal(_) => Vec::new(),
            Part::Param(name) => vec![name.as_str()],
            Part::Mixed(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Param(name) => Some(name.as_str()),
                    Piece::Literal(_) => None,
                })
                .collect(),
        })
    }

    /// The text of the last segment, if it is a literal.
    pub(super) fn last_text(&self) -> Option<&str> {
        match self.parts.last() {
            Some(Part::Literal(text)) => Some(text),
            _ => None,
        }
    }

    /// The name of the (first) parameter in the segment at a position.
    pub fn param_at(&self, position: usize) -> Option<&str> {
        match self.parts.get(position)? {
            Part::Literal(_) => None,
            Part::Param(name) => Some(name),
            Part::Mixed(pieces) => pieces.iter().find_map(|piece| match piece {
                Piece::Param(name) => Some(name.as_str()),
                Piece::Literal(_) => None,
            }),
        }
    }

    /// What tells this route from others: the segments without the parameters' names.
    pub fn shape(&self) -> Vec<Part> {
        let anonymous = |piece: &Piece| match piece {
            Piece::Literal(text) => Piece::Literal(text.clone()),
            Piece::Param(_) => Piece::Param(String::new()),
        };
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Part::Literal(text.clone()),
                Part::Param(_) => Part::Param(String::new()),
                Part::Mixed(pieces) => Part::Mixed(pieces.iter().map(anonymous).collect()),
            })
            .collect()
    }

    /// Whether a path, given by its decoded segments, is one of this route.
    pub fn matches<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> bool {
        let mut parts = self.parts.iter();
        for segment in path {
            match parts.next() {
                Some(part) if part.matches(segment) => {}
                _ => return false,
            }
        }
        parts.next().is_none()
    }

    /// The template as text, with parameters in the given style.
    pub fn display(&self, style: ParamStyle) -> DisplayTemplate<'_> {
        DisplayTemplate {
            template: self,
            style,
        }
    }
}

impl Part {
    /// The part as text, with parameters in the given style.
    pub fn display(&self, style: ParamStyle) -> impl fmt::Display + '_ {
        DisplayPart { part: self, style }
    }

    /// Whether a decoded segment fits this part; no parameter is empty.
    pub fn matches(&self, segment: &str) -> bool {
        match self {
            Part::Literal(text) => text == segment,
            Part::Param(_) => !segment.is_empty(),
            Part::Mixed(pieces) => mixed::matches(pieces, segment),
        }
    }
}

/// [`Template::display`].
#[derive(Debug)]
pub struct DisplayTemplate<'a> {
    template: &'a Template,
    style: ParamStyle,
}

impl fmt::Display for DisplayTemplate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.template.parts {
            write!(f, "/{}", part.display(self.style))?;
        }
        if self.template.slash || self.template.parts.is_empty() {
            f.write_str("/")?;
        }
        Ok(())
    }
}

/// [`Part::display`].
struct DisplayPart<'a> {
    part: &'a Part,
    style: ParamStyle,
}

impl fmt::Display for DisplayPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Literal(text) => write_literal(f, text, true),
            Part::Param(name) => self.param(f, name, true),
            Part::Mixed(pieces) => {
                for (i, piece) in pieces.iter().enumerate() {
                    match piece {
                        Piece::Literal(text) => write_literal(f, text, i == 0)?,
                        Piece::Param(name) => self.param(f, name, false)?,
                    }
                }
                Ok(())
            }
        }
    }
}

impl DisplayPart<'_> {
    /// Colon style cannot close a name, so pieces of a segment fall back to braces.
    fn param(&self, f: &mut fmt::Formatter<'_>, name: &str, whole: bool) -> fmt::Result {
        match self.style {
            ParamStyle::Angle => write!(f, "<{name}>"),
            ParamStyle::Colon if whole => write!(f, ":{name}"),
            ParamStyle::Brace | ParamStyle::Colon => write!(f, "{{{name}}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> String {
        let template: Template = text.parse().unwrap();
        template.display(ParamStyle::Angle).to_string()
    }

    #[test]
    fn every_style_parses_to_the_same_route() {
        for text in ["/a/<b>/c", "/a/{b}/c", "/a/:b/c"] {
            assert_eq!(round_trip(text), "/a/<b>/c");
        }
        assert_eq!(round_trip("/"), "/");
        assert_eq!(
            round_trip("/files/<id>.json/<a>:<b>/"),
            "/files/<id>.json/<a>:<b>/"
        );
    }

    #[test]
    fn literals_that_look_like_something_else_are_encoded() {
        for text in [
            "a/b", "?x", "{y", "<z>", "y}", ":id", "100%", "a b", "a%2Fb", "\n", "券",
        ] {
            let template = Template {
                parts: vec![Part::Literal(text.to_owned()), Part::Param("id".to_owned())],
                slash: false,
            };
            let written = template.display(ParamStyle::Colon).to_string();
            assert_eq!(written.parse(), Ok(template), "{written}");
        }
        assert_eq!(
            round_trip("/%E5%88%B8/a%20b/x=1/%FF"),
            "/券/a%20b/x=1/%25FF"
        );
    }

    #[test]
    fn what_is_not_a_route_is_refused() {
        for text in ["", "a/b", "/a?b=1", "/a/<b", "/a/{}", "/a/#x"] {
            assert!(text.parse::<Template>().is_err(), "{text}");
        }
    }

    #[test]
    fn mixed_segments_match_whole_values_only() {
        let template: Template = "/f/<id>.json".parse().unwrap();
        assert!(template.matches(["f", "12.json"]));
        assert!(!template.matches(["f", ".json"]));
        assert!(!template.matches(["f", "12.jsonx"]));
        assert!(!template.matches(["f"]));
    }
}
