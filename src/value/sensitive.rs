//! What secrets and personal data look like, wherever they stand.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use super::wording;

/// What is wrong with showing a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Whoever has it can do something with it.
    Secret,
    /// It says something of a person.
    Personal,
    /// It tells one thing or device from all others.
    Identifier,
}

impl Class {
    /// The word for this class.
    pub fn name(self) -> &'static str {
        match self {
            Class::Secret => "secret",
            Class::Personal => "personal",
            Class::Identifier => "identifier",
        }
    }
}

/// A recogniser: a row of `sensitive.toml`.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table"
)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it recognises.
    pub class: Class,
    /// Whether a token that stands for such a value looks the same.
    pub alike: bool,
    whole: bool,
    wider: bool,
    check: Option<Check>,
    digits: usize,
    length: usize,
    sign: String,
    han: bool,
    except: Vec<String>,
    pattern: Pattern,
}

/// A regular expression that is compiled when it is first needed: few captures need them all.
#[derive(Debug)]
struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            Regex::new(&self.text).expect("patterns of sensitive.toml are valid")
        })
    }
}

/// A row as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table"
)]
struct Row {
    id: String,
    class: Class,
    pattern: String,
    #[serde(default)]
    alike: bool,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    wider: bool,
    check: Option<Check>,
    #[serde(default)]
    digits: usize,
    #[serde(default)]
    length: usize,
    #[serde(default)]
    sign: String,
    #[serde(default)]
    han: bool,
    #[serde(default)]
    except: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Check {
    Luhn,
    CnId,
    Iban,
    Mixed,
    Reserved,
}

/// Something that a rule found in a text.
#[derive(Debug, Clone)]
pub struct Found<'s> {
    /// The rule.
    pub rule: &'s Rule,
    /// Where in the text.
    pub range: Range<usize>,
}

/// The recognisers of secrets and personal data.
///
/// ```
/// use harcov::value::Sensitive;
///
/// let known = Sensitive::built_in();
/// let found = known.find("call 13800138000 now").unwrap();
/// assert_eq!((found.rule.id.as_str(), found.range), ("cn-mobile", 5..16));
/// assert!(known.find("order 250624165927001").is_none());
/// ```
#[derive(Debug)]
pub struct Sensitive {
    rules: Vec<Rule>,
}

impl Sensitive {
    /// The table `sensitive.toml`.
    #[expect(
        clippy::missing_panics_doc,
        reason = "the table is embedded and tested"
    )]
    pub fn built_in() -> &'static Self {
        #[derive(Deserialize)]
        struct File {
            rule: Vec<Row>,
        }
        static TABLE: OnceLock<Sensitive> = OnceLock::new();
        TABLE.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            let file: File =
                toml::from_str(include_str!("sensitive.toml")).expect("sensitive.toml is valid");
            Sensitive {
                rules: file.rule.into_iter().map(Rule::new).collect(),
            }
        })
    }

    /// The recognisers, in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The first rule that finds something, with its first find, unless a wider one finds more around it.
    pub fn find<'s>(&'s self, text: &str) -> Option<Found<'s>> {
        let traits = Traits::of(text);
        let found = self.rules.iter().find_map(|rule| {
            let range = rule.find(text, &traits)?;
            Some(Found { rule, range })
        })?;
        let around = self
            .rules
            .iter()
            .filter(|rule| rule.wider)
            .find_map(|rule| {
                let range = rule
                    .find_all(text, &traits)
                    .find(|range| is_within(&found.range, range))?;
                Some(Found { rule, range })
            });
        around.or(Some(found))
    }

    /// Everything that is found, in the order of the text; where two rules find the same, the first, unless
    /// the other is a wider one and finds more around it.
    pub fn find_all<'s>(&'s self, text: &str) -> Vec<Found<'s>> {
        let traits = Traits::of(text);
        let mut all: Vec<Found<'s>> = Vec::new();
        for rule in &self.rules {
            for range in rule.find_all(text, &traits) {
                if rule.wider {
                    all.retain(|other| !is_within(&other.range, &range));
                }
                let free = |other: &Found<'_>| {
                    range.end <= other.range.start || other.range.end <= range.start
                };
                if all.iter().all(free) {
                    all.push(Found { rule, range });
                }
            }
        }
        all.sort_by_key(|found| found.range.start);
        all
    }

    /// Whether a name of a parameter, field, host or file is or holds a value of its own.
    pub fn is_name(&self, name: &str) -> bool {
        wording::is_given_name(name)
            || self
                .find(name)
                .is_some_and(|found| found.rule.id != "ip-address" || found.range.len() > 8)
    }

    /// The given names that are taken for values, in order.
    pub fn given_names(&self) -> &'static [&'static str] {
        wording::given_names()
    }

    /// The text with everything that is found replaced by the rule's name: `<cn-mobile>.har`. Of a
    /// path, each folder is looked at by itself: several together say nothing.
    pub fn masked(&self, text: &str) -> String {
        let parts: Vec<String> = text.split('/').map(|part| self.masked_part(part)).collect();
        parts.join("/")
    }

    fn masked_part(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut from = 0;
        for found in self.find_all(text) {
            masked.push_str(&text[from..found.range.start]);
            masked.push('<');
            masked.push_str(&found.rule.id);
            masked.push('>');
            from = found.range.end;
        }
        masked.push_str(&text[from..]);
        masked
    }
}

/// Whether a find is a part of another, and less.
fn is_within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end && inner.len() < outer.len()
}

/// What is quickly known of a text.
struct Traits {
    length: usize,
    digits: usize,
    ascii: bool,
}

impl Traits {
    fn of(text: &str) -> Self {
        let mut traits = Traits {
            length: text.len(),
            digits: 0,
            ascii: true,
        };
        for byte in text.bytes() {
            traits.digits += usize::from(byte.is_ascii_digit());
            traits.ascii &= byte.is_ascii();
        }
        traits
    }
}

impl Rule {
    /// The pattern of what it finds, as it is written.
    #[cfg(test)]
    pub(crate) fn pattern(&self) -> &str {
        let whole = self.pattern.text.strip_prefix("^(?:");
        whole.map_or(&self.pattern.text, |text| text.trim_end_matches(")$"))
    }

    fn new(row: Row) -> Self {
        let text = if row.whole {
            format!("^(?:{})$", row.pattern)
        } else {
            row.pattern
        };
        Rule {
            id: row.id,
            class: row.class,
            alike: row.alike,
            whole: row.whole,
            wider: row.wider,
            check: row.check,
            digits: row.digits,
            length: row.length,
            sign: row.sign,
            han: row.han,
            except: row.except,
            pattern: Pattern {
                text,
                compiled: OnceLock::new(),
            },
        }
    }

    /// Whether the text can hold what this rule finds.
    fn may_be_in(&self, text: &str, traits: &Traits) -> bool {
        traits.length >= self.length.max(3)
            && traits.digits >= self.digits
            && !(self.han && traits.ascii)
            && (self.sign.is_empty() || text.contains(|c| self.sign.contains(c)))
    }

    fn find(&self, text: &str, traits: &Traits) -> Option<Range<usize>> {
        self.find_all(text, traits).next()
    }

    fn find_all<'t>(
        &'t self,
        text: &'t str,
        traits: &Traits,
    ) -> impl Iterator<Item = Range<usize>> + 't {
        let mut from = if self.may_be_in(text, traits) {
            0
        } else {
            text.len() + 1
        };
        std::iter::from_fn(move || {
            while from <= text.len() {
                let found = self.pattern.regex().find_at(text, from)?;
                from = found.end().max(from + 1);
                while !text.is_char_boundary(from) {
                    from += 1;
                }
                if self.stands_alone(text, found.range()) && self.passes(found.as_str()) {
                    return Some(found.range());
                }
            }
            None
        })
    }

    /// Whether neither a letter nor a digit of the same script stands beside it.
    fn stands_alone(&self, text: &str, range: Range<usize>) -> bool {
        let glued = |inner: Option<char>, outer: Option<char>| {
            let both = |is: fn(&char) -> bool| {
                inner.is_some_and(|c| is(&c)) && outer.is_some_and(|c| is(&c))
            };
            both(char::is_ascii_alphanumeric)
        };
        let found = &text[range.clone()];
        self.whole
            || !(glued(
                found.chars().next(),
                text[..range.start].chars().next_back(),
            ) || glued(found.chars().next_back(), text[range.end..].chars().next()))
    }

    fn passes(&self, found: &str) -> bool {
        if self.except.iter().any(|word| word == found) {
            return false;
        }
        match self.check {
            None => true,
            Some(Check::Luhn) => is_luhn(found),
            Some(Check::CnId) => is_cn_id(found),
            Some(Check::Iban) => is_iban(found),
            Some(Check::Mixed) => is_mixed(found),
            Some(Check::Reserved) => !is_reserved(&self.id, found),
        }
    }
}

/// Whether an address is one that nobody has: reserved for examples, tests and the machine itself, or
/// the form of a token.
fn is_reserved(rule: &str, text: &str) -> bool {
    let starts = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    match rule {
        "email" => text.ends_with(".invalid"),
        "phone" => {
            let (_, number) = after_plus(text);
            let digits = number.chars().filter(char::is_ascii_digit);
            digits.take(3).eq("999".chars())
        }
        "jwt" => {
            const HEAD: &str = "eyJyZWRhY3RlZCI6";
            text.starts_with(HEAD)
                || text
                    .split('.')
                    .next()
                    .is_some_and(|head| HEAD.starts_with(head))
        }
        "mac-address" => starts(&["02:00", "02-00"]),
        "ip-address" => starts(&["198.18.", "198.19.", "2001:db8:", "127.", "0."]),
        "coordinates" => {
            let first = text.trim_start_matches(['+', '-']).split('.').next();
            first.and_then(|degrees| degrees.parse().ok()) > Some(90)
        }
        _ => false,
    }
}

/// The plus that a number is written with, and what stands behind it.
pub(crate) fn after_plus(number: &str) -> (&str, &str) {
    let plus = ["+", "%2B"]
        .iter()
        .find(|plus| number.starts_with(**plus))
        .map_or(0, |plus| plus.len());
    number.split_at(plus)
}

/// The check digit of cards and devices (ISO/IEC 7812).
fn is_luhn(text: &str) -> bool {
    let digits = text.chars().filter_map(|c| c.to_digit(10)).rev();
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) => twice / 10 + twice % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The check digit of mainland China's identity cards (ISO 7064, MOD 11-2).
fn is_cn_id(text: &str) -> bool {
    let mut remainder = 0;
    for c in text.chars() {
        let value = match c {
            'X' | 'x' => 10,
            digit => digit.to_digit(10).unwrap_or_default(),
        };
        remainder = (remainder * 2 + value) % 11;
    }
    remainder == 1
}

/// The check digits of bank accounts (ISO 7064, MOD 97-10).
fn is_iban(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    if !(15..=34).contains(&plain.len()) {
        return false;
    }
    let mut remainder = 0;
    for c in plain[4..].iter().chain(&plain[..4]) {
        let Some(value) = c.to_digit(36) else {
            return false;
        };
        let shift = if value > 9 { 100 } else { 10 };
        remainder = (remainder * shift + value) % 97;
    }
    remainder == 1
}

/// Letters and digits in turns, as random characters have them and words do not.
fn is_mixed(text: &str) -> bool {
    let mut turns = 0;
    let mut last = None;
    let (mut digits, mut letters) = (0, 0);
    for byte in text.bytes() {
        let class = match byte {
            b'0'..=b'9' => {
                digits += 1;
                0
            }
            b'a'..=b'z' => {
                letters += 1;
                1
            }
            b'A'..=b'Z' => {
                letters += 1;
                2
            }
            _ => continue,
        };
        turns += usize::from(last.is_some_and(|last| last != class));
        last = Some(class);
    }
    digits >= 2 && letters >= 2 && turns * 5 >= text.len()
}

/// Whether a text can be the name or version of a program: letters, digits and the signs that such
/// names have, without anything that a recogniser knows.
pub fn is_program_name(text: &str) -> bool {
    text.len() <= 60
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || " ._-+()/:,@'".contains(c))
        && text.chars().filter(char::is_ascii_digit).count() <= 16
        && Sensitive::built_in().find(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> &'static str {
        Sensitive::built_in()
            .find(text)
            .map_or("", |found| found.rule.id.as_str())
    }

    #[test]
    fn every_pattern_compiles() {
        for rule in Sensitive::built_in().rules() {
            assert!(!rule.pattern.regex().is_match(""), "{}", rule.id);
        }
    }

    #[test]
    fn each_rule_finds_its_own() {
        for (text, rule) in [
            ("-----BEGIN RSA PRIVATE KEY-----", "private-key"),
            ("x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2ln", "jwt"),
            ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "api-key"),
            ("AKIAIOSFODNN7EXAMPLE", "api-key"),
            ("LTAI5tQnKxExampleKey01", "api-key"),
            ("Bearer abcdef", "credentials"),
            ("https://u:secret@host/", "url-password"),
            ("to alice@mail.example now", "email"),
            ("alice%40mail.example", "email"),
            ("11010519491231002X", "cn-id-card"),
            ("13800138000", "cn-mobile"),
            ("+86 138-0013-8000", "cn-mobile"),
            ("tel:8613800138000;", "cn-mobile"),
            ("4111111111111111", "bank-card"),
            ("6222 0212 3456 7890 128", "bank-card"),
            ("356938035643809", "bank-card"),
            ("DE89370400440532013000", "iban"),
            ("京A12345", "cn-plate"),
            ("车牌粤B·D12345。", "cn-plate"),
            ("浙江省杭州市文三路100号2单元", "cn-address"),
            ("张三丰", "cn-name"),
            ("+4915112345678", "phone"),
            ("from 192.168.1.20", "ip-address"),
            ("2001:470::ff00:42:8329", "ip-address"),
            ("00:1B:44:11:3A:B7", "mac-address"),
            ("30.2741,120.1551", "coordinates"),
            ("weixin://wxpay/bizpayurl?pr=abc", "payment-qr"),
            ("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "wechat-id"),
            ("550e8400-e29b-41d4-a716-446655440000", "uuid"),
            ("9f86d081884c7d659a2feaa0c55ad015", "hex-key"),
            ("V1StGXR8Z5jdHi6BmyTV1StGXR8", "random-key"),
        ] {
            assert_eq!(id(text), rule, "{text}");
        }
    }

    #[test]
    fn what_only_looks_alike_is_let_alone() {
        for text in [
            "",
            "WECHAT",
            "138001380001",       // twelve digits
            "110105194912310021", // a wrong check digit
            "4111111111111112",
            "250624165927001",
            "2025-06-24T16:59:20.123Z",
            "2025_06_24_16_59_20",
            "/ticket/wmyc/cinema/order/voucher/price",
            "application/vnd.github+json; charset=utf-8",
            "Mozilla/5.0 Chrome/119.0.6045.105",
            "手机号",
            "UserDefinedMessageSubscriptions",
            "12:30:45",
            "basic",
            "a@b.invalid",
            "+999123456789",
            "198.18.7.9",
            "02:00:11:3A:B7:00",
            "99.12345,120.1551",
            "eyJyZWRhY3RlZCI6abcd.abcdefgh.abc",
        ] {
            assert_eq!(id(text), "", "{text}");
        }
    }

    #[test]
    fn everything_is_found_once() {
        let known = Sensitive::built_in();
        assert_eq!(
            known.masked("a@b.example, 13800138000 and 13900139000"),
            "<email>, <cn-mobile> and <cn-mobile>"
        );
        assert_eq!(known.masked("13800138000.har"), "<cn-mobile>.har");
    }
}
