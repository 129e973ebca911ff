//! Shapes: what a value looks like, once its text is gone.

use std::fmt;
use std::sync::OnceLock;

use regex::RegexSet;
use serde::{Deserialize, Serialize};

/// What the text of a value looks like.
///
/// The recognisers are the rows of `shape.toml`; the first that fits wins.
///
/// ```
/// use harcov::value::Shape;
///
/// assert_eq!(Shape::of("1001"), Shape::Integer);
/// assert_eq!(Shape::of("cus_9s6XKzkNRiz8i3"), Shape::PrefixedId);
/// assert_eq!(Shape::of("payment_methods"), Shape::Slug);
/// assert_eq!(Shape::of("New York"), Shape::Text);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Nothing.
    Empty,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A UUID.
    Uuid,
    /// A ULID.
    Ulid,
    /// A `MongoDB` object id.
    ObjectId,
    /// Hexadecimal digits.
    Hex,
    /// A digest with its algorithm in front.
    Digest,
    /// A JSON Web Token.
    Token,
    /// A KSUID.
    Ksuid,
    /// A date with a time.
    DateTime,
    /// A date.
    Date,
    /// A year with a month.
    Month,
    /// A time of day.
    Time,
    /// An IP address.
    IpAddress,
    /// A version number with several components.
    Version,
    /// An e-mail address.
    Email,
    /// A phone number with its country code.
    Phone,
    /// Latitude and longitude.
    Coordinates,
    /// Several numbers.
    List,
    /// A URL.
    Url,
    /// A URN or ARN.
    ResourceName,
    /// A name with a sigil and a server: `@anna:example.org`.
    Handle,
    /// Capitals and a number: `PROJ-1234`.
    IssueKey,
    /// Letters that tell the type, then random characters.
    PrefixedId,
    /// Random characters, or a name with a random part.
    Opaque,
    /// Letters and a long number.
    Numbered,
    /// A language with its region.
    Locale,
    /// A host name.
    Host,
    /// A file name.
    File,
    /// Words, joined by a sign.
    Slug,
    /// One word.
    Word,
    /// Anything else.
    Text,
}

/// Texts longer than this are [`Shape::Text`] or [`Shape::Opaque`] without a closer look.
const LONGEST: usize = 512;

/// One recogniser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    shape: Shape,
    pattern: String,
    #[serde(default)]
    digits: usize,
    #[serde(default)]
    letters: usize,
    #[serde(default)]
    turns: usize,
}

struct Table {
    rows: Vec<Row>,
    patterns: RegexSet,
}

fn table() -> &'static Table {
    #[derive(Deserialize)]
    struct File {
        shape: Vec<Row>,
    }
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = toml::from_str::<File>(include_str!("shape.toml"))
            .map(|file| file.shape)
            .unwrap_or_default();
        let patterns = rows.iter().map(|row| format!("^(?:{})$", row.pattern));
        let patterns = RegexSet::new(patterns).unwrap_or_else(|_| RegexSet::empty());
        Table { rows, patterns }
    })
}

impl Shape {
    /// The shape of a text.
    pub fn of(text: &str) -> Shape {
        if text.is_empty() {
            return Shape::Empty;
        }
        if text.bytes().all(|b| b.is_ascii_lowercase()) && text.len() <= 5 {
            return if text == "true" || text == "false" {
                Shape::Boolean
            } else {
                Shape::Word
            };
        }
        if text.len() > LONGEST {
            return Shape::Text;
        }
        let counts = Counts::of(text);
        let table = table();
        table
            .patterns
            .matches(text)
            .into_iter()
            .map(|at| &table.rows[at])
            .find(|row| {
                counts.digits >= row.digits
                    && counts.letters >= row.letters
                    && counts.turns >= row.turns
            })
            .map_or(Shape::Text, |row| row.shape)
    }

    /// Whether a text of this shape is a value wherever it stands, never a name of the API's own.
    pub fn is_definite(self) -> bool {
        !matches!(
            self,
            Shape::Word
                | Shape::Slug
                | Shape::File
                | Shape::Host
                | Shape::Locale
                | Shape::Empty
                | Shape::Boolean
        )
    }

    /// The word for this shape in JSON and explanations.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Empty => "empty",
            Shape::Integer => "integer",
            Shape::Boolean => "boolean",
            Shape::Decimal => "decimal",
            Shape::Uuid => "uuid",
            Shape::Ulid => "ulid",
            Shape::ObjectId => "object-id",
            Shape::Hex => "hex",
            Shape::Digest => "digest",
            Shape::Token => "token",
            Shape::Ksuid => "ksuid",
            Shape::DateTime => "date-time",
            Shape::Date => "date",
            Shape::Month => "month",
            Shape::Time => "time",
            Shape::IpAddress => "ip-address",
            Shape::Version => "version",
            Shape::Email => "email",
            Shape::Phone => "phone",
            Shape::Coordinates => "coordinates",
            Shape::List => "list",
            Shape::Url => "url",
            Shape::ResourceName => "resource-name",
            Shape::Handle => "handle",
            Shape::IssueKey => "issue-key",
            Shape::PrefixedId => "prefixed-id",
            Shape::Opaque => "opaque",
            Shape::Numbered => "numbered",
            Shape::Locale => "locale",
            Shape::Host => "host",
            Shape::File => "file",
            Shape::Slug => "slug",
            Shape::Word => "word",
            Shape::Text => "text",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a recogniser counts.
#[derive(Default)]
struct Counts {
    digits: usize,
    letters: usize,
    turns: usize,
}

impl Counts {
    fn of(text: &str) -> Counts {
        #[derive(Clone, Copy, PartialEq)]
        enum Class {
            Lower,
            Upper,
            Digit,
            Other,
        }
        let mut counts = Counts::default();
        let (mut turns, mut run, mut upper) = (0, 0, 0);
        let mut last = Class::Other;
        for c in text.chars() {
            let class = if c.is_ascii_digit() {
                counts.digits += 1;
                Class::Digit
            } else if c.is_alphabetic() {
                counts.letters += 1;
                if c.is_uppercase() {
                    Class::Upper
                } else {
                    Class::Lower
                }
            } else {
                Class::Other
            };
            if class == Class::Other {
                counts.turns = counts.turns.max(turns);
                (turns, run) = (0, 0);
            } else {
                let capital = class == Class::Lower && last == Class::Upper && upper == 1;
                turns += usize::from(run > 0 && class != last && !capital);
                run += 1;
            }
            upper = if class == Class::Upper { upper + 1 } else { 0 };
            last = class;
        }
        counts.turns = counts.turns.max(turns);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_compiles_and_is_used() {
        let table = table();
        assert!(table.rows.len() > 30);
        assert_eq!(table.patterns.len(), table.rows.len());
    }

    #[test]
    fn shapes() {
        for (text, shape) in [
            ("", Shape::Empty),
            ("7", Shape::Integer),
            ("-7", Shape::Integer),
            ("3.14", Shape::Decimal),
            ("f47ac10b-58cc-4372-a567-0e02b2c3d479", Shape::Uuid),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", Shape::Ulid),
            ("507f1f77bcf86cd799439011", Shape::ObjectId),
            ("d6cd1e2bd19e03a81132a23b2025920577f84e37", Shape::Hex),
            ("a1b2c3d", Shape::Hex),
            ("0ujsszwN8NRY24YaXiTIE2VWDTS", Shape::Ksuid),
            ("2024-02-29", Shape::Date),
            ("2024-02", Shape::Month),
            ("2024-02-29T12:00:00Z", Shape::DateTime),
            ("192.0.2.1", Shape::IpAddress),
            ("1.4.0-rc.1", Shape::Version),
            ("v1.41", Shape::Version),
            ("v2", Shape::Word),
            ("anna@example.com", Shape::Email),
            ("+8613800000000", Shape::Phone),
            ("39.7456,-97.0892", Shape::Coordinates),
            ("@anna:example.org", Shape::Handle),
            ("@me", Shape::Text),
            ("PROJ-12", Shape::IssueKey),
            ("cus_9s6XKzkNRiz8i3", Shape::PrefixedId),
            ("V1StGXR8_Z5jdHi6B-myT", Shape::Opaque),
            ("coredns-5d78c9869d-x7k2p", Shape::Opaque),
            ("operation-1700000000000", Shape::Numbered),
            ("pt-BR", Shape::Locale),
            ("acme.io", Shape::Host),
            ("report.pdf", Shape::File),
            ("getUserById", Shape::Word),
            ("oauth2", Shape::Word),
            ("api_keys", Shape::Slug),
            ("feature/login", Shape::Text),
            ("影院", Shape::Word),
            ("UserDefinedMessageSubscriptions", Shape::Word),
        ] {
            assert_eq!(Shape::of(text), shape, "{text}");
        }
    }
}
