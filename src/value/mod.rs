//! What may be known of a value once it has left the capture.
//!
//! A capture is full of secrets, so nothing behind this room carries a raw value. A [`Value`] says
//! its type and shape, carries a keyed hash by which equal values of one run are recognised, and
//! keeps its text only where a rule says that it reads like a constant (`WECHAT`, `PROCESSING`).

mod constant;
mod escape;
mod fingerprint;
mod holds;
pub mod keyed;
mod kinds;
mod privacy;
mod recent;
mod scalars;
mod segment;
mod sensitive;
mod shape;
mod snake;
mod token;
mod wording;

use std::sync::Arc;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use constant::{ConstantRules, IdName, Naming, Way};
pub(crate) use escape::escape_controls;
pub use fingerprint::fingerprint;
pub use holds::holds_value;
pub use kinds::Kinds;
pub use privacy::{Privacy, Said};
pub use recent::Recent;
pub use scalars::Scalars;
pub(crate) use segment::Step;
pub use segment::{Segment, SegmentPiece, is_root, is_version};
pub(crate) use sensitive::after_plus;
pub use sensitive::{Class, Found, Rule, Sensitive, is_program_name};
pub use shape::Shape;
pub(crate) use snake::snake;
pub use token::{Token, Tokens};

/// The type of a parameter or field, in JSON's words.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// JSON `null`, or a parameter without a value.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any other number.
    Number,
    /// Text.
    String,
    /// A JSON array.
    Array,
    /// A JSON object.
    Object,
    /// An uploaded file.
    File,
}

impl Kind {
    /// The word for this type in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
            Kind::File => "file",
        }
    }
}

/// One observed value, without the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Its type; for untyped places (path, query, form) the narrowest type that the text fits.
    pub kind: Kind,
    /// Whether an equal value elsewhere is likely to be the same thing and no coincidence.
    pub linkable: bool,
    /// Stands for the value in comparisons within one run.
    pub token: Token,
    /// The text itself, only if a rule of [`ConstantRules`] lets it be shown.
    pub word: Option<SmolStr>,
}

impl Value {
    /// An object, an array, `null` or a file: a value without a text.
    pub fn opaque(kind: Kind) -> Value {
        Value {
            kind,
            linkable: false,
            token: Token(0),
            word: None,
        }
    }
}

/// Makes [`Value`]s: the one place where a text turns into what may be known of it.
#[derive(Debug, Clone, Default)]
pub struct Values {
    tokens: Tokens,
    /// The rules of which values may be shown, where they are not the built-in ones.
    rules: Option<Arc<ConstantRules>>,
}

impl Values {
    /// With a key of their own.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a key of their own, and what a project says of which values may be shown.
    pub fn with_privacy(privacy: &Privacy) -> Self {
        let said = !privacy.is_empty();
        Values {
            tokens: Tokens::new(),
            rules: said.then(|| Arc::new(ConstantRules::with_privacy(privacy))),
        }
    }

    /// The rules of which values may be shown.
    pub fn rules(&self) -> &ConstantRules {
        self.rules.as_deref().unwrap_or(ConstantRules::built_in())
    }

    /// The tokens they use.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// A value from an untyped place (query, form): its kind is the narrowest that the text fits.
    pub fn untyped(&self, naming: Naming, text: &str) -> Value {
        let kind = match text {
            "" => Kind::Null,
            "true" | "false" => Kind::Boolean,
            _ => number_kind(text).unwrap_or(Kind::String),
        };
        self.scalar(naming, kind, text)
    }

    /// A value of a known kind; for objects and arrays the text is empty.
    pub fn scalar(&self, naming: Naming, kind: Kind, text: &str) -> Value {
        let rules = self.rules();
        let is_word = rules.may_be_candidate(naming, text) && rules.is_candidate(naming, text);
        let word = is_word.then(|| SmolStr::new(text));
        Value {
            kind,
            linkable: word.is_none() && is_linkable(kind, text),
            token: self.tokens.token(text),
            word,
        }
    }

    /// Stands for another form of a text that was kept already, if that can be told from others.
    pub fn alias(&self, text: &str) -> Option<Token> {
        is_linkable(Kind::String, text).then(|| self.tokens.token(text))
    }

    /// Judges many texts, one after the other.
    pub fn scalars(&self) -> Scalars<'_> {
        Scalars::new(self)
    }
}

/// Whole numbers without leading zeros are integers, other decimals numbers; ids such as `007` and
/// numbers too long to count with are texts.
pub(crate) fn number_kind(text: &str) -> Option<Kind> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !numeric(whole) || whole.len() > 18 || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    match fraction {
        None => Some(Kind::Integer),
        Some(fraction) if numeric(fraction) => Some(Kind::Number),
        Some(_) => None,
    }
}

/// The table `linkable.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Linkable {
    min_digits: usize,
    min_characters: usize,
    max_characters: usize,
}

impl Linkable {
    fn built_in() -> &'static Linkable {
        static TABLE: OnceLock<Linkable> = OnceLock::new();
        TABLE.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("linkable.toml")).expect("linkable.toml is valid")
        })
    }

    #[inline]
    fn is(&self, kind: Kind, text: &str) -> bool {
        match kind {
            Kind::Integer => text.len() >= self.min_digits,
            Kind::String => self.is_text(text),
            _ => false,
        }
    }

    #[inline]
    fn is_text(&self, text: &str) -> bool {
        (self.min_characters..=self.max_characters).contains(&text.len())
            // Most are ASCII, and no character takes more than four bytes.
            && (text.len() >= 4 * self.min_characters
                || text.is_ascii()
                || text.chars().count() >= self.min_characters)
            && !is_measure(text.as_bytes())
    }
}

/// Whether equal values are likely to be the same thing and no coincidence, by `linkable.toml`.
#[inline]
fn is_linkable(kind: Kind, text: &str) -> bool {
    Linkable::built_in().is(kind, text)
}

/// Bytes that a measure may hold, and those of them that make one.
const JOINED: u8 = 1;
const POINT: u8 = 2;
const SIGNS: [u8; 256] = {
    let mut signs = [0; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        signs[digit as usize] = JOINED;
        digit += 1;
    }
    let (joined, points) = (b"-/ +TZ", b":.,");
    let mut at = 0;
    while at < joined.len() {
        signs[joined[at] as usize] = JOINED;
        at += 1;
    }
    at = 0;
    while at < points.len() {
        signs[points[at] as usize] = JOINED | POINT;
        at += 1;
    }
    signs
};

/// A date, a time, a price, a version or an address of numbers: digits with what joins them.
fn is_measure(bytes: &[u8]) -> bool {
    let [b'0'..=b'9' | b'-', ..] = bytes else {
        return false;
    };
    let mut all = 0;
    for byte in bytes {
        let sign = SIGNS[usize::from(*byte)];
        if sign == 0 {
            return false;
        }
        all |= sign;
    }
    let dated = bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(bytes[4], b'-' | b'/');
    dated && bytes.len() <= 35 || all & POINT != 0
}
