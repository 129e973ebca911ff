//! Tokens of patterns that are reserved for such, so that nobody's number or address is drawn.

use crate::value::{Sensitive, after_plus};

use super::super::redactor::SEARCHED;
use super::{Alphabet, Style, Tokens, is_clean};

/// Draws for one token, at most; then something may be known in it.
const ROUNDS: u64 = 100;

impl Tokens<'_> {
    /// A token of a pattern that is reserved for such, where the value is of a kind that has one.
    pub(super) fn reserved(&self, text: &str) -> Option<String> {
        let found = Sensitive::built_in().find(text)?;
        let (before, rest) = text.split_at(found.range.start);
        let (value, after) = rest.split_at(found.range.len());
        // What stands around it may hold more.
        let around = |part: &str| {
            if part.is_empty() {
                String::new()
            } else {
                self.token(part)
            }
        };
        let mut ends = None;
        let mut token = String::new();
        for round in 0..ROUNDS {
            let drawn = self.stand_in(&found.rule.id, value, round)?;
            let (before, after) = ends.get_or_insert_with(|| (around(before), around(after)));
            token = format!("{before}{drawn}{after}");
            if is_clean(&token) {
                break;
            }
        }
        Some(token)
    }

    /// A token of a long text: other letters and digits, and tokens for what a rule would find among them.
    pub(super) fn long(&self, text: &str) -> String {
        let drawn = self.drawn(text, &Alphabet::of(text, Style::Plain), 0);
        if drawn.len() > SEARCHED || is_clean(&drawn) {
            return drawn;
        }
        let mut token = String::with_capacity(drawn.len());
        let mut from = 0;
        for found in Sensitive::built_in().find_all(&drawn) {
            let value = &drawn[found.range.clone()];
            token.push_str(&drawn[from..found.range.start]);
            match self.stand_in(&found.rule.id, value, 0) {
                Some(stand_in) => token.push_str(&stand_in),
                None if found.rule.alike => token.push_str(value),
                None => token.push_str(&self.formed(value)),
            }
            from = found.range.end;
        }
        token.push_str(&drawn[from..]);
        token
    }

    /// What stands for a value that a rule found, another one in each round.
    fn stand_in(&self, rule: &str, value: &str, round: u64) -> Option<String> {
        let plain = |salt: u64| self.drawn(value, &Alphabet::of(value, Style::Plain), salt);
        // Two streams for each round.
        let (even, odd) = (2 * round, 2 * round + 1);
        Some(match rule {
            "phone" => self.phone(value, even),
            "cn-mobile" if !after_plus(value).0.is_empty() => self.phone(value, even),
            "cn-mobile" => self.digits(value, even, |digits| {
                let first = digits.len() - 11;
                digits[first..first + 2].copy_from_slice(b"12");
            }),
            "email" => {
                let (stem, _) = value.rsplit_once('.')?;
                let drawn = self.drawn(stem, &Alphabet::of(stem, Style::Plain), odd);
                format!("{drawn}.invalid")
            }
            "ip-address" => self.address(value, even),
            "mac-address" => {
                let drawn = self.drawn(value, &Alphabet::of(value, Style::Hex), even);
                format!("02{}00{}", &drawn[2..3], &drawn[5..])
            }
            "jwt" => {
                const HEAD: &str = "eyJyZWRhY3RlZCI6";
                let drawn = plain(even);
                let head = value.find('.').unwrap_or(HEAD.len()).min(HEAD.len());
                format!("{}{}", &HEAD[..head], &drawn[head..])
            }
            "cn-id-card" | "bank-card" | "imei" => self.digits(value, round, |_| ()),
            "cn-name" => self.person(value, even)?,
            "cn-plate" => self.plate(value, odd)?,
            "cn-address" => {
                const STRUCTURE: &str = "省市自治区县镇乡街道路大巷胡同小号弄栋幢单元室楼层座";
                let drawn = plain(even);
                let pairs = value.chars().zip(drawn.chars());
                pairs
                    .map(|(c, token)| if STRUCTURE.contains(c) { c } else { token })
                    .collect()
            }
            "coordinates" => beyond_the_pole(&plain(even))?,
            _ => return None,
        })
    }

    /// A number of a country that there is not, in the form of a value that begins with a plus.
    fn phone(&self, value: &str, salt: u64) -> String {
        let (plus, number) = after_plus(value);
        let digits = self.digits(number, salt, |digits| digits[..3].copy_from_slice(b"999"));
        format!("{plus}{digits}")
    }

    /// An address of a network for tests.
    fn address(&self, value: &str, salt: u64) -> String {
        let mut stream = self.cipher.stream(value, salt);
        if value.contains('.') {
            let third = stream.below(256);
            format!("198.{}.{third}.{}", 18 + stream.below(2), stream.below(256))
        } else {
            let (a, b) = (stream.below(0xFFFF), stream.below(0xFFFF));
            format!("2001:db8:0:0:0:0:{a:x}:{b:x}")
        }
    }

    fn person(&self, value: &str, salt: u64) -> Option<String> {
        const FAMILIES: &str = "王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾";
        let mut stream = self.cipher.stream(value, salt);
        let family = FAMILIES.chars().nth(stream.below(29) as usize)?;
        let given = value
            .chars()
            .skip(1)
            .map(|_| Alphabet::Han.char(stream.below(5_000)));
        Some(std::iter::once(family).chain(given).take(3).collect())
    }

    fn plate(&self, value: &str, salt: u64) -> Option<String> {
        const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
        let mut stream = self.cipher.stream(value, salt);
        let province = PROVINCES.chars().nth(stream.below(31) as usize)?;
        let rest: String = value.chars().skip(1).collect();
        let rest = self.drawn(&rest, &Alphabet::of(&rest, Style::Crockford), salt);
        Some(format!("{province}{rest}"))
    }

    /// Other digits in the places of the digits, then changed by `mark`.
    fn digits(&self, value: &str, salt: u64, mark: impl Fn(&mut [u8])) -> String {
        let plain: String = value.chars().filter(char::is_ascii_digit).collect();
        let mut drawn = self
            .drawn(&plain, &Alphabet::of(&plain, Style::Plain), salt)
            .into_bytes();
        mark(&mut drawn);
        let mut drawn = drawn.into_iter();
        value
            .chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    drawn.next().map_or('0', char::from)
                } else {
                    c
                }
            })
            .collect()
    }
}

/// A place with a latitude that there is not.
fn beyond_the_pole(place: &str) -> Option<String> {
    let first = place.find(|c: char| c.is_ascii_digit())?;
    let (sign, rest) = place.split_at(first);
    let (degrees, rest) = rest.split_once('.')?;
    let degrees = "9".repeat(degrees.len().max(2));
    Some(format!("{sign}{degrees}.{rest}"))
}
