//! Segments of a path: text where it may be the API's own, shapes where it is a value.

mod dated;
mod handle;

use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Sensitive, Shape, Token, Tokens, holds_value};
use dated::{dated, day_or_month, without_extension};
use handle::handle;

/// A piece of a segment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SegmentPiece {
    /// Text of the API's own between variable pieces: `.json`, `:`, `Customers('`.
    Fixed(Box<str>),
    /// Text that may be a name of the API's own as well as a value.
    Word(Box<str>),
    /// A value; its text is gone.
    Value(Shape),
}

/// One segment of a path.
///
/// Two segments are equal, and hash equally, if they are equal with their tokens ignored: `/users/1`
/// and `/users/2` are the same segments, `/users/anna` and `/users/bob` are not.
#[derive(Debug, Clone)]
pub struct Segment {
    pieces: Box<[SegmentPiece]>,
    token: Token,
    parts: Box<[Token]>,
}

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }
}

impl Eq for Segment {}

impl Hash for Segment {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pieces.hash(state);
    }
}

impl PartialOrd for Segment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Segment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.pieces.cmp(&other.pieces)
    }
}

/// A percent-decoded segment, before it is known where in a path it stands.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    segment: Segment,
    /// The same where a version may stand, if it is one.
    version: Option<Segment>,
    /// Whether versions may stand behind it if they may stand here.
    root: bool,
    decimal: bool,
    /// Whether it is a version such as `v3.1`, behind which the API's paths go on.
    numbered: bool,
}

impl Step {
    pub(crate) fn parse(text: &str, tokens: &Tokens) -> Step {
        let shape = Shape::of(text);
        let is_version = is_version_of(shape, text);
        let word = || Segment::whole(SegmentPiece::Word(text.into()), tokens.token(text));
        Step {
            segment: Segment::of_shape(shape, text, tokens),
            version: is_version.then(word),
            root: shape == Shape::Locale || is_root(text),
            decimal: shape == Shape::Decimal,
            numbered: is_version && shape == Shape::Version && text.starts_with('v'),
        }
    }
}

impl Segment {
    /// Takes apart one percent-decoded segment, wherever it stands.
    ///
    /// ```
    /// use harcov::value::{Segment, SegmentPiece, Shape, Tokens};
    ///
    /// let tokens = Tokens::new();
    /// let segment = Segment::parse("10248.json", &tokens);
    /// assert_eq!(
    ///     segment.pieces(),
    ///     [SegmentPiece::Value(Shape::Integer), SegmentPiece::Fixed(".json".into())]
    /// );
    /// assert_eq!(segment, Segment::parse("7.json", &tokens));
    /// assert_eq!(Segment::parse("orders", &tokens).text().as_deref(), Some("orders"));
    /// ```
    pub fn parse(text: &str, tokens: &Tokens) -> Segment {
        Self::of_shape(Shape::of(text), text, tokens)
    }

    /// The same for a text whose shape is known.
    fn of_shape(whole: Shape, text: &str, tokens: &Tokens) -> Segment {
        let token = tokens.token(text);
        if is_one_value(whole, text) {
            return Segment::whole(SegmentPiece::Value(whole), token);
        }
        let chunks = split(text);
        if let [Chunk { variable: true, .. }] = chunks[..] {
            return Segment::whole(SegmentPiece::Word(text.into()), token);
        }
        if chunks.iter().all(|chunk| !chunk.variable) {
            return Segment::whole(SegmentPiece::Word(text.into()), token);
        }
        let parts = chunks
            .iter()
            .filter(|chunk| chunk.variable && chunks.len() > 1)
            .map(|chunk| tokens.token(chunk.text))
            .collect();
        let pieces = chunks.iter().map(Chunk::piece).collect();
        Segment {
            pieces,
            token,
            parts,
        }
    }

    /// Takes apart a whole path, given by its percent-decoded segments.
    ///
    /// The text of numbers and dates is kept where an API puts its version: at the start, and
    /// behind nothing but locales, versions and the words of `segment.toml` (`/api/2/…`); that of
    /// numbers such as `2.0`, and of `v3.1` where the path goes on, among the first five segments.
    pub fn path<'t>(path: impl IntoIterator<Item = &'t str>, tokens: &Tokens) -> Vec<Segment> {
        let parsed = path.into_iter().map(|text| Step::parse(text, tokens));
        Segment::of_steps(parsed)
    }

    /// The segments of a path, given by its steps.
    pub(crate) fn of_steps(steps: impl Iterator<Item = Step>) -> Vec<Segment> {
        let mut root = true;
        let mut steps = steps.enumerate().peekable();
        let mut segments = Vec::new();
        while let Some((at, step)) = steps.next() {
            let goes_on = steps.peek().is_some();
            let early = at < 5 && (step.decimal || step.numbered && goes_on);
            let version = step.version.is_some();
            let kept = root || early;
            root &= step.root || version;
            segments.push(step.version.filter(|_| kept).unwrap_or(step.segment));
        }
        segments
    }

    /// The chunks that a decoded segment is taken apart into, and whether each is variable.
    pub(crate) fn chunks(text: &str) -> Vec<(&str, bool)> {
        let whole = Shape::of(text);
        if is_one_value(whole, text) {
            return vec![(text, true)];
        }
        split(text)
            .into_iter()
            .map(|chunk| (chunk.text, chunk.variable))
            .collect()
    }

    /// A segment without a token, such as an inventory keeps; its values equal no other.
    pub fn from_pieces(pieces: Vec<SegmentPiece>) -> Segment {
        Segment {
            pieces: pieces.into(),
            token: Token(0),
            parts: Box::default(),
        }
    }

    /// The same as a value: its words are known by their shape only.
    pub fn as_value(&self) -> Segment {
        self.as_value_but(|_| false)
    }

    /// The same as one value, where it is a text.
    pub fn as_one_value(&self) -> Segment {
        match self.text() {
            Some(text) => Segment::whole(SegmentPiece::Value(Shape::of(&text)), self.token),
            None => self.as_value(),
        }
    }

    /// The same, with the words kept that `own` says are the API's own.
    pub fn as_value_but(&self, own: impl Fn(&str) -> bool) -> Segment {
        let pieces = self.pieces.iter().map(|piece| match piece {
            SegmentPiece::Word(text) if !own(text) => SegmentPiece::Value(Shape::of(text)),
            piece => piece.clone(),
        });
        Segment {
            pieces: pieces.collect(),
            token: self.token,
            parts: self.parts.clone(),
        }
    }

    fn whole(piece: SegmentPiece, token: Token) -> Segment {
        Segment {
            pieces: Box::new([piece]),
            token,
            parts: Box::default(),
        }
    }

    /// The pieces, in order; at least one.
    pub fn pieces(&self) -> &[SegmentPiece] {
        &self.pieces
    }

    /// The decoded text, unless a piece of it is a value.
    pub fn text(&self) -> Option<String> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                SegmentPiece::Fixed(text) | SegmentPiece::Word(text) => Some(&**text),
                SegmentPiece::Value(_) => None,
            })
            .collect()
    }

    /// Stands for the whole text.
    pub fn token(&self) -> Token {
        self.token
    }

    /// Stand for the variable pieces ([`SegmentPiece::Word`] and [`SegmentPiece::Value`]) in order,
    /// where the segment has several pieces; empty otherwise.
    pub fn parts(&self) -> &[Token] {
        &self.parts
    }
}

/// Whether a text reads like the version of an API: `2`, `1.1`, `v1.41`, `2024-01`, `2010-04-01`.
pub fn is_version(text: &str) -> bool {
    is_version_of(Shape::of(text), text)
}

fn is_version_of(shape: Shape, text: &str) -> bool {
    match shape {
        Shape::Integer => text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()),
        Shape::Decimal => text.len() <= 5,
        Shape::Version => text.len() <= 8,
        Shape::Month | Shape::Date => true,
        Shape::Word => text
            .strip_prefix(['v', 'V'])
            .is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()) && n.len() <= 8),
        _ => false,
    }
}

/// Whether a whole segment or chunk is a value wherever it stands.
fn is_value(shape: Shape, text: &str) -> bool {
    match shape {
        Shape::Text => {
            text.len() > 80
                || text.contains(|c: char| c.is_whitespace() || c == '/')
                || is_cryptic(text)
                // What has structure is looked at piece by piece: `bot<token>`.
                || (Sensitive::built_in().is_name(text) || holds_value(text)) && split(text).len() == 1
        }
        Shape::Word | Shape::Slug => {
            text.len() > 80 || Sensitive::built_in().is_name(text) || holds_value(text)
        }
        Shape::File => {
            text.len() > 80
                || Sensitive::built_in().is_name(text)
                // `1001.json` is a value and an ending.
                || holds_value(text) && !split(text).iter().any(|chunk| chunk.variable)
        }
        shape => shape.is_definite(),
    }
}

/// Whether a text mixes letters, digits and signs as passwords do and names do not.
fn is_cryptic(text: &str) -> bool {
    let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
    let quoted = |c: char| c.is_control() || "\"\\{}<>".contains(c);
    text.contains(quoted)
        || count(u8::is_ascii_digit) >= 2
            && count(u8::is_ascii_alphabetic) >= 2
            && text.contains(|c| "&!#%^+?|~$".contains(c))
}

/// Whether a whole segment is one value, of which nothing is the API's own.
fn is_one_value(shape: Shape, text: &str) -> bool {
    is_value(shape, text) && !has_ending(shape, text) && dated(text).is_none()
}

/// Whether a random text ends in a format, so that only what stands before it is the value.
fn has_ending(shape: Shape, text: &str) -> bool {
    matches!(shape, Shape::Opaque | Shape::Numbered)
        && text
            .rsplit_once('.')
            .is_some_and(|(stem, ending)| !stem.is_empty() && is_extension(ending))
}

struct Chunk<'t> {
    text: &'t str,
    variable: bool,
    /// What it is where its place says so.
    shape: Option<Shape>,
}

impl<'t> Chunk<'t> {
    fn fixed(text: &'t str) -> Self {
        Chunk {
            text,
            variable: false,
            shape: None,
        }
    }

    fn variable(text: &'t str) -> Self {
        Chunk {
            text,
            variable: true,
            shape: None,
        }
    }

    fn piece(&self) -> SegmentPiece {
        let shape = self.shape.unwrap_or_else(|| Shape::of(self.text));
        match self.variable {
            false => SegmentPiece::Fixed(self.text.into()),
            true if self.shape.is_some() || is_value(shape, self.text) => {
                SegmentPiece::Value(shape)
            }
            true => SegmentPiece::Word(self.text.into()),
        }
    }
}

/// Takes a text apart at its structure; one variable chunk where it has none.
fn split(text: &str) -> Vec<Chunk<'_>> {
    let (fixed, variable) = (Chunk::fixed, Chunk::variable);
    if let Some((prefix, rest)) = bot(text) {
        return vec![fixed(prefix), variable(rest)];
    }
    if let Some(at) = dated(text) {
        return split_date(text, at);
    }
    if let Some((sign, name)) = handle(text) {
        return vec![sign, name];
    }
    if let Some((name, arguments, end)) = key(text) {
        return split_arguments(text, name.len(), arguments, end);
    }
    if let Some((stem, ending)) = text.rsplit_once('.')
        && !stem.is_empty()
        && is_extension(ending)
    {
        return vec![variable(stem), fixed(&text[stem.len()..])];
    }
    if let Some((before, after)) = text.split_once(':')
        && !before.is_empty()
        && !after.is_empty()
        && !after.contains(':')
    {
        let at = before.len();
        return vec![variable(before), fixed(&text[at..=at]), variable(after)];
    }
    vec![variable(text)]
}

/// The keys of `OData`: `Orders(1)`, `Customers('ALFKI')`, `Details(OrderID=1,ProductID=2)`.
fn split_arguments<'t>(
    text: &'t str,
    name: usize,
    arguments: &'t str,
    end: &'t str,
) -> Vec<Chunk<'t>> {
    let mut chunks = Vec::new();
    let mut fixed = 0;
    let mut at = name;
    for argument in arguments.split(',') {
        let key = argument.find('=').map_or(0, |equals| equals + 1);
        let value = &argument[key..];
        let quoted = value.len() > 2 && value.starts_with('\'') && value.ends_with('\'');
        let quote = usize::from(quoted);
        let (start, stop) = (at + key + quote, at + argument.len() - quote);
        if start < stop {
            chunks.push(Chunk::fixed(&text[fixed..start]));
            chunks.push(Chunk::variable(&text[start..stop]));
            fixed = stop;
        }
        at += argument.len() + 1;
    }
    if chunks.is_empty() {
        return vec![Chunk::variable(text)];
    }
    debug_assert!(text[fixed..].ends_with(end));
    chunks.push(Chunk::fixed(&text[fixed..]));
    chunks
}

/// Telegram's bots: `bot123456:AAH…`, as what stands before the token, and the token.
fn bot(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, token) = text.split_at(letters);
    let (id, key) = token.split_once(':')?;
    let is_id = id.len() >= 5 && id.bytes().all(|b| b.is_ascii_digit());
    let is_key = key.len() >= 16
        && (key.bytes()).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    ((1..=8).contains(&letters) && is_id && is_key).then_some((prefix, token))
}

/// The keys of `OData`, as what stands before them, the keys, and the closing bracket.
fn key(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.strip_suffix(')')?.find('(')?;
    let (name, rest) = text.split_at(open + 1);
    let (arguments, end) = rest.split_at(rest.len() - 1);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && (name[..open].bytes()).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    (is_name && !arguments.is_empty() && !arguments.contains('\n'))
        .then_some((name, arguments, end))
}

/// A date behind a name, and a format's ending behind it, as pieces; `at` is where the date begins.
fn split_date(text: &str, at: usize) -> Vec<Chunk<'_>> {
    let date = without_extension(&text[at..]);
    let end = at + date.len();
    let mut chunks = vec![
        Chunk::fixed(&text[..at]),
        Chunk {
            shape: day_or_month(date),
            ..Chunk::variable(date)
        },
    ];
    if end < text.len() {
        chunks.push(Chunk::fixed(&text[end..]));
    }
    chunks
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    roots: Vec<String>,
    dated: Vec<String>,
    own_handles: Vec<String>,
    extensions: Vec<String>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "a constant table, read by a test")]
    WORDS.get_or_init(|| toml::from_str(include_str!("segment.toml")).expect("segment.toml"))
}

/// Whether a word stands before an API's version rather than before an identifier: `api`, `rest`.
pub fn is_root(text: &str) -> bool {
    let known = |text: &str| words().roots.iter().any(|word| word == text);
    known(text)
        || text
            .split(['.', '-', '_'])
            .any(|part| part == "api" || part == "rest")
}

fn is_extension(text: &str) -> bool {
    words().extensions.iter().any(|word| word == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn show(text: &str) -> String {
        show_segment(&Segment::parse(text, &Tokens::new()))
    }

    fn show_segment(segment: &Segment) -> String {
        segment
            .pieces()
            .iter()
            .map(|piece| match piece {
                SegmentPiece::Fixed(text) => format!("{text} "),
                SegmentPiece::Word(text) => format!("[{text}] "),
                SegmentPiece::Value(shape) => format!("<{shape}> "),
            })
            .collect::<String>()
            .trim_end()
            .to_owned()
    }

    #[test]
    fn structure_is_taken_apart() {
        for (text, pieces) in [
            ("orders", "[orders]"),
            ("1001", "<integer>"),
            ("1001.json", "<integer> .json"),
            ("report.pdf", "[report] .pdf"),
            ("chat.postMessage", "[chat.postMessage]"),
            ("octo:hello", "[octo] : [hello]"),
            ("users:batchGet", "[users] : [batchGet]"),
            ("Customers('ALFKI')", "Customers(' [ALFKI] ')"),
            ("Orders(10248)", "Orders( <integer> )"),
            (
                "Details(OrderID=1,ProductID=2)",
                "Details(OrderID= <integer> ,ProductID= <integer> )",
            ),
            ("Now()", "[Now()]"),
            ("f()x", "[f()x]"),
            (
                "bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
                "bot <token>",
            ),
            ("@me", "[@me]"),
            ("feature/login", "<text>"),
            ("", "[]"),
        ] {
            assert_eq!(show(text), pieces, "{text}");
        }
    }

    #[test]
    fn versions_keep_their_text_at_the_root_only() {
        let show = |path: &str| {
            let path = Segment::path(path.split('/'), &Tokens::new());
            path.iter().map(show_segment).collect::<Vec<_>>().join("/")
        };
        assert_eq!(show("2/tweets/12"), "[2]/[tweets]/<integer>");
        assert_eq!(show("admin/api/2024-01/x"), "[admin]/[api]/[2024-01]/[x]");
        assert_eq!(show("v1.41/info"), "[v1.41]/[info]");
        assert_eq!(show("days/2024-01-02"), "[days]/<date>");
        assert_eq!(show("cinema/12"), "[cinema]/<integer>");
        assert_eq!(show("banking/v3.1/accounts"), "[banking]/[v3.1]/[accounts]");
        assert_eq!(show("firmware/v3.1"), "[firmware]/<version>");
        assert_eq!(show("apis/policy/v2beta2"), "[apis]/[policy]/[v2beta2]");
    }

    #[test]
    fn equality_ignores_tokens() {
        let tokens = Tokens::new();
        let (one, two) = (Segment::parse("1", &tokens), Segment::parse("2", &tokens));
        assert_eq!(one, two);
        assert_ne!(one.token(), two.token());
    }
}
