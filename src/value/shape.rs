//! Shapes: what a value looks like, once its text is gone.

mod form;

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the text of a value looks like.
///
/// The rows of `shape.toml` say what each shape is; the first that fits wins.
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
    /// The address of a network card.
    MacAddress,
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
        form::of(text, &Counts::of(text))
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
            Shape::MacAddress => "mac-address",
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
    /// Whether there are at least so many of each.
    fn have(&self, digits: usize, letters: usize, turns: usize) -> bool {
        self.digits >= digits && self.letters >= letters && self.turns >= turns
    }

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
    use proptest::prelude::*;
    use regex::RegexSet;

    use super::*;

    /// A row of `shape.toml`.
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

    fn rows() -> Vec<Row> {
        #[derive(Deserialize)]
        struct File {
            shape: Vec<Row>,
        }
        let file: File = toml::from_str(include_str!("shape/shape.toml")).unwrap();
        file.shape
    }

    fn patterns(rows: &[Row]) -> RegexSet {
        let patterns = rows.iter().map(|row| format!("^(?:{})$", row.pattern));
        RegexSet::new(patterns).unwrap()
    }

    /// The shape by the table.
    fn by_table(rows: &[Row], patterns: &RegexSet, text: &str) -> Shape {
        let counts = Counts::of(text);
        let mut fitting = patterns.matches(text).into_iter().map(|at| &rows[at]);
        let first = fitting.find(|row| counts.have(row.digits, row.letters, row.turns));
        first.map_or(Shape::Text, |row| row.shape)
    }

    /// Texts that some row is about, and such with a change.
    fn near_a_shape(rows: &[Row]) -> impl Strategy<Value = String> + use<> {
        let of_rows = rows
            .iter()
            // Letters that only fold into ASCII are left alone.
            .map(|row| row.pattern.replace("(?i)", "").replace(r"\s", " "))
            .map(|pattern| prop::string::string_regex(&pattern).unwrap().boxed());
        let texts = prop::strategy::Union::new(of_rows);
        let change = prop::option::of((any::<prop::sample::Index>(), r"[-_.:/@=+ a-fA-Fx0-9é]?"));
        (texts, change).prop_map(|(text, change)| {
            let Some((at, new)) = change else {
                return text;
            };
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len() + 1);
            if at < chars.len() && new.len() % 2 == 0 {
                chars.remove(at);
            }
            chars.splice(at..at, new.chars());
            chars.into_iter().collect()
        })
    }

    #[test]
    fn the_code_does_what_the_table_says() {
        let rows = rows();
        let patterns = patterns(&rows);
        let config = ProptestConfig::with_cases(3_000);
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let law = |text: String| {
            if (1..=LONGEST).contains(&text.len()) {
                prop_assert_eq!(
                    form::of(&text, &Counts::of(&text)),
                    by_table(&rows, &patterns, &text),
                    "{:?}",
                    text
                );
            }
            Ok(())
        };
        runner.run(&near_a_shape(&rows), law).unwrap();
        let mut shapes: Vec<Shape> = rows.iter().map(|row| row.shape).collect();
        shapes.dedup();
        assert!(shapes.len() > 30);
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
            ("2001:db8:0:0:0:0:0:1", Shape::IpAddress),
            ("00:1a:2b:3c:4d:5e", Shape::MacAddress),
            ("00-1A-2B-3C-4D-5E", Shape::MacAddress),
            ("1.4.0-rc.1", Shape::Version),
            ("v1.41", Shape::Version),
            ("v2", Shape::Word),
            ("v2beta2", Shape::Word),
            ("v1p1beta1", Shape::Word),
            ("google.cloud.speech.v1p1beta1.Speech", Shape::Slug),
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
            ("zh-Hant-TW", Shape::Locale),
            ("to_Item", Shape::Slug),
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
