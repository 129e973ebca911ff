//! Which values read like constants of the API and may be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::Class;
use super::privacy::{Privacy, Said};
use super::wording;

/// The table `constants.toml`: which values may be shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantRules {
    max_length: usize,
    max_parts: usize,
    max_values: usize,
    plain_values: usize,
    plain_repeats: usize,
    short: usize,
    max_word: usize,
    max_bits: f64,
    slack_bits: f64,
    constant: BTreeSet<String>,
    code: BTreeSet<String>,
    code_before: BTreeSet<String>,
    code_digits: u8,
    state_digits: u8,
    sent_secret: BTreeSet<String>,
    own_id: BTreeSet<String>,
    identifier: BTreeSet<String>,
    secret: BTreeSet<String>,
    personal: BTreeSet<String>,
    #[serde(skip)]
    privacy: Privacy,
    /// Whether a project says anything of single names or values.
    #[serde(skip)]
    has_privacy: bool,
}

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A request sends it.
    Sent,
    /// A response answers it.
    Answered,
}

/// What a parameter's or field's name says of its values; worked out once for many of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Naming {
    says: NameSays,
    /// Digits of a number that may be a code under the name.
    digits: u8,
    /// Whether it is the name of a state that an entity goes through.
    pub state: bool,
    /// Whether its values tell one thing from others.
    pub id: IdName,
}

/// Whether a name is one of an identifier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdName {
    /// It is none.
    #[default]
    None,
    /// It says of what (`order_id`), which may be another thing than the one that has it.
    Named,
    /// It is that of the very thing that has it (`id`).
    Own,
}

/// What a name says of the values under it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum NameSays {
    /// Values are constants (`pay_type`).
    Constant,
    /// Values are codes, small numbers too (`ret`).
    Code,
    /// Values are never shown.
    Hidden,
    /// Nothing.
    #[default]
    Nothing,
}

impl ConstantRules {
    /// The built-in table.
    #[expect(
        clippy::missing_panics_doc,
        reason = "the table is embedded and tested"
    )]
    pub fn built_in() -> &'static Self {
        static RULES: OnceLock<ConstantRules> = OnceLock::new();
        RULES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("constants.toml")).expect("constants.toml is valid")
        })
    }

    /// The built-in table with what a project says besides.
    pub fn with_privacy(privacy: &Privacy) -> Self {
        ConstantRules {
            privacy: privacy.clone(),
            has_privacy: !privacy.is_empty(),
            ..Self::built_in().clone()
        }
    }

    /// What a project says besides the table.
    pub fn privacy(&self) -> &Privacy {
        &self.privacy
    }

    /// A number that differs for other rules, for what remembers namings.
    pub fn fingerprint(&self) -> u64 {
        self.privacy.fingerprint()
    }

    /// The words that constants are made of, in order.
    pub fn known_words() -> Vec<&'static str> {
        wording::known()
    }

    /// How many distinct values are worth counting for one parameter.
    pub fn max_values(&self) -> usize {
        self.max_values
    }

    /// What a name says of values that go this way: a bare `code` that a request sends is a one-time
    /// password or an authorization code.
    pub fn naming(&self, name: &str, way: Way) -> Naming {
        let words = words(name);
        let bare = matches!(words.as_slice(), [word] if self.sent_secret.contains(word));
        let says = match self.privacy.of_name(name) {
            Some(Said::Denied) => NameSays::Hidden,
            Some(Said::Allowed) => NameSays::Constant,
            None if bare && way == Way::Sent => NameSays::Hidden,
            None => self.name_says(&words),
        };
        let last = words.last().map(String::as_str);
        Naming {
            says,
            digits: match last {
                Some(last) if self.constant.contains(last) => self.state_digits,
                _ => self.code_digits,
            },
            state: says != NameSays::Hidden
                && matches!(last, Some("status" | "state" | "stage" | "phase")),
            id: match words.as_slice() {
                [word] if self.own_id.contains(word) => IdName::Own,
                [.., last] if self.identifier.contains(last) => IdName::Named,
                _ => IdName::None,
            },
        }
    }

    /// Whether values under a name are never shown: it says that they are secret, personal, or tell one
    /// thing from all others.
    pub fn is_hidden(&self, naming: Naming) -> bool {
        naming.says == NameSays::Hidden
    }

    /// What kind of value a name hides, if it hides one.
    pub fn hides(&self, name: &str, way: Way) -> Option<Class> {
        if self.naming(name, way).says != NameSays::Hidden {
            return None;
        }
        let words = words(name);
        let any = |list: &BTreeSet<String>| {
            words.iter().any(|word| list.contains(word)) || list.contains(&words.concat())
        };
        if any(&self.secret) || any(&self.sent_secret) {
            Some(Class::Secret)
        } else if any(&self.personal) {
            Some(Class::Personal)
        } else {
            Some(Class::Identifier)
        }
    }

    /// Whether [`ConstantRules::is_candidate`] is worth asking: most values are told by their name,
    /// their length or their first character.
    #[inline]
    pub(super) fn may_be_candidate(&self, naming: Naming, text: &str) -> bool {
        let Some(first) = text.as_bytes().first() else {
            return false;
        };
        match naming.says {
            NameSays::Hidden => matches!(text, "true" | "false"),
            _ if self.has_privacy => true,
            NameSays::Code => text.len() <= self.max_length,
            NameSays::Constant | NameSays::Nothing => {
                first.is_ascii_alphabetic() && text.len() <= self.max_length
            }
        }
    }

    /// Whether a value may be kept for [`ConstantRules::listable`] to judge.
    pub fn is_candidate(&self, naming: Naming, text: &str) -> bool {
        if matches!(text, "true" | "false") {
            return true;
        }
        if text.is_empty() || text.len() > self.max_length {
            return false;
        }
        if naming.says == NameSays::Hidden {
            return false;
        }
        if self.has_privacy
            && let Some(said) = self.privacy.of_value(text)
        {
            return said == Said::Allowed;
        }
        match naming.says {
            NameSays::Hidden => false,
            NameSays::Code => is_integer(text, naming.digits.into()) || self.is_plausible(text),
            NameSays::Constant => self.is_plausible(text),
            NameSays::Nothing => self.is_known(text),
        }
    }

    /// Whether a text reads like a constant: words, none of which looks random, and no name of a
    /// person.
    pub fn is_plausible(&self, text: &str) -> bool {
        text.len() <= self.max_length
            && is_word(text)
            && !wording::is_given_name(text)
            && wording::parts(text).count() <= self.max_parts
            && wording::parts(text).all(|part| part.len() <= self.max_word)
            && text
                .split(|c: char| !c.is_ascii_alphanumeric())
                .all(|word| !self.is_random(word))
            && !self.is_in_groups(text)
    }

    /// Whether short groups of random letters make up a text, as they do codes (`MFBS-SGXZ-WGRS`).
    fn is_in_groups(&self, text: &str) -> bool {
        let groups = || text.split(|c: char| !c.is_ascii_alphanumeric());
        groups().count() > 2
            && groups().all(|group| group.len() <= self.short + 1)
            && !wording::parts(text).any(|part| wording::is_known(&part.to_ascii_lowercase()))
            && self.is_random(&groups().collect::<String>())
    }

    /// Whether a text is made of words that APIs use; short ones in capitals may be anything beside
    /// at least one such word.
    pub fn is_known(&self, text: &str) -> bool {
        if !self.is_plausible(text) {
            return false;
        }
        let known = |part: &str| wording::is_known(&bare(part).to_ascii_lowercase());
        let capitals = is_upper_code(text);
        wording::parts(text).all(|part| known(part) || (capitals && part.len() <= self.short))
            && wording::parts(text).any(known)
    }

    fn is_random(&self, part: &str) -> bool {
        let word = bare(part);
        #[expect(clippy::cast_precision_loss, reason = "a word has few letters")]
        let bound = || self.max_bits + self.slack_bits / word.len() as f64;
        word.len() > self.short
            && !wording::parts(word).all(|part| wording::is_known(&part.to_ascii_lowercase()))
            && wording::surprise(word) > bound()
    }

    /// Whether the values counted under a name may be listed: few enough, and constants by their
    /// name, by their form, or because each comes back again and again.
    pub fn listable(&self, name: &str, values: &BTreeMap<String, usize>) -> bool {
        if values.is_empty() || values.len() > self.max_values {
            return false;
        }
        let allowed = |value: &String| {
            matches!(value.as_str(), "true" | "false")
                || self.privacy.of_value(value) == Some(Said::Allowed)
        };
        if values.keys().all(allowed) {
            return true;
        }
        match self.naming(name, Way::Answered).says {
            NameSays::Hidden => false,
            NameSays::Constant | NameSays::Code => true,
            NameSays::Nothing => {
                values.keys().all(|value| is_upper_code(value))
                    || (values.len() <= self.plain_values
                        && values.values().all(|count| *count >= self.plain_repeats))
            }
        }
    }

    /// Whether values under a name are constants by the name alone, however many there are.
    pub fn says_constant(&self, name: &str) -> bool {
        matches!(
            self.naming(name, Way::Answered).says,
            NameSays::Code | NameSays::Constant
        )
    }

    /// Whether a name is one of a code that says whether a call succeeded.
    pub fn is_code(&self, name: &str) -> bool {
        self.naming(name, Way::Answered).says == NameSays::Code
    }

    /// Whether a name says that its values tell one thing from all others (`order_id`).
    pub fn is_identifier(&self, name: &str) -> bool {
        words(name)
            .last()
            .is_some_and(|last| self.identifier.contains(last))
    }

    fn name_says(&self, words: &[String]) -> NameSays {
        let Some(last) = words.last() else {
            return NameSays::Nothing;
        };
        let alone = words.len() == 1;
        if self.code.contains(last) && (alone || self.constant.contains(last)) {
            return NameSays::Code;
        }
        if self.constant.contains(last) {
            return NameSays::Constant;
        }
        let hidden = |word: &String| self.secret.contains(word) || self.personal.contains(word);
        if self.identifier.contains(last) || words.iter().any(hidden) || hidden(&words.concat()) {
            return NameSays::Hidden;
        }
        let before =
            |w: &String| self.code.contains(w) && w != last || self.code_before.contains(w);
        if self.code.contains(last) && words.iter().any(before) {
            return NameSays::Code;
        }
        NameSays::Nothing
    }
}

/// A word without the digits behind it.
fn bare(part: &str) -> &str {
    part.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The last step of a dotted path, split into lower-case words.
fn words(name: &str) -> Vec<String> {
    let last = name
        .trim_end_matches("[]")
        .rsplit(['.', '/'])
        .next()
        .unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut lower = false;
    for c in last.chars() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (c.is_uppercase() && lower) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        fresh = false;
        lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words
}

/// Letters in words (`EVGC_VOUCHER`, `in-progress`, `Ready`), at most two digits at the end, and
/// pronounceable: a run of more than five consonants is no word.
pub(super) fn is_word(text: &str) -> bool {
    let body = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if body.is_empty() || text.len() - body.len() > 2 {
        return false;
    }
    let mut run = 0;
    let mut case_changes = 0;
    let mut last: Option<char> = None;
    for c in body.chars() {
        if !(c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.' | ':')) {
            return false;
        }
        let vowel = matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        run = if vowel || !c.is_ascii_alphabetic() {
            0
        } else {
            run + 1
        };
        if run > 5 {
            return false;
        }
        if last.is_some_and(|l| l.is_ascii_uppercase() && c.is_ascii_lowercase()) {
            case_changes += 1;
        }
        last = Some(c);
    }
    case_changes <= 3 && body.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Upper-case words, the usual form of constants (`VGC_T`, `WECHAT`).
pub(super) fn is_upper_code(text: &str) -> bool {
    text.len() >= 2
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && (text.contains('_') || (3..=12).contains(&text.len()))
        && is_word(text)
}

fn is_integer(text: &str, most: usize) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=most).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, values: &[(&str, usize)]) -> bool {
        let rules = ConstantRules::built_in();
        let values: BTreeMap<String, usize> = values
            .iter()
            .filter(|(value, _)| rules.is_candidate(rules.naming(name, Way::Answered), value))
            .map(|(value, count)| ((*value).to_owned(), *count))
            .collect();
        rules.listable(name, &values)
    }

    #[test]
    fn constants_are_listed() {
        assert!(listed("pay_type", &[("WECHAT", 1)]));
        assert!(listed("voucher_type", &[("VGC_T", 1), ("VGC_P", 1)]));
        assert!(listed("data.status", &[("PROCESSING", 2), ("SUCCESS", 1)]));
        assert!(listed("ret", &[("0", 35)]));
        assert!(listed("sub", &[("0", 3), ("4004", 1)]));
        assert!(listed("grant_type", &[("password", 1)]));
        assert!(listed("with_items", &[("true", 1)]));
    }

    #[test]
    fn secrets_and_persons_are_not() {
        for (name, value) in [
            ("password", "hunter"),
            ("access_token", "abcdef"),
            ("nickname", "LILEI"),
            ("userName", "octocat"),
            ("voucher_code", "GZJY0100294841"),
            ("pickup_code", "KXQZPL"),
            ("order_id", "250624165927001"),
            ("id", "XKQZRTW"),
            ("id", "octocat"),
            ("passphrase", "marigold"),
            ("holder", "WANGWEI"),
            ("memo", "hello"),
        ] {
            assert!(!listed(name, &[(value, 1)]), "{name}={value}");
        }
    }

    #[test]
    fn a_name_that_says_nothing_needs_words_of_apis() {
        assert!(listed("availability", &[("in_stock", 3)]));
        assert!(listed("position", &[("ORDER_PAGE", 1), ("VGC_PAGE", 1)]));
        assert!(!listed("availability", &[("in_stock", 2)]), "too seldom");
        assert!(!listed("captain", &[("LILEI", 9)]));
        assert!(!listed("hobby", &[("chess", 9), ("sailing", 9)]));
        assert!(!listed("x", &[("hunterzebra", 99)]));
        assert!(!listed("x", &[("ABCDEFG", 9)]));
    }

    #[test]
    fn random_letters_and_names_are_no_constants() {
        assert!(!listed("type", &[("xkqzrtwvbj", 9)]));
        assert!(!listed("type", &[("ORDER_QZXVKJW", 9)]));
        assert!(!listed("status", &[("MFBS-SGXZ-WGRS-JXBA", 1)]));
        assert!(listed("size_type", &[("S_M_L", 1)]));
        assert!(!listed("status", &[("386474", 1)]), "too long for a state");
        assert!(listed("errcode", &[("400291", 1)]));
        assert!(!listed("kind", &[("alice", 9)]));
        assert!(listed("kind", &[("hatchback", 1)]));
    }

    #[test]
    fn a_project_has_the_last_word() {
        let mut privacy = Privacy::default();
        privacy.say_name(Said::Allowed, "hobby");
        privacy.say_name(Said::Denied, "pay_type");
        privacy.say_value(Said::Denied, "INTERNAL");
        privacy.say_value(Said::Allowed, "7th-day");
        let rules = ConstantRules::with_privacy(&privacy);
        let shown = |name: &str, text: &str| {
            let values = BTreeMap::from([(text.to_owned(), 1)]);
            rules.is_candidate(rules.naming(name, Way::Answered), text)
                && rules.listable(name, &values)
        };
        assert!(shown("hobby", "chess"));
        assert!(!shown("hobby", "13800138000"));
        assert!(!shown("pay_type", "WECHAT"));
        assert!(!shown("status", "INTERNAL"));
        assert!(shown("anything", "7th-day"));
        assert!(shown("status", "SUCCESS"));
    }

    #[test]
    fn a_code_that_is_sent_may_be_a_password() {
        let rules = ConstantRules::built_in();
        let shown = |name, way, text| rules.is_candidate(rules.naming(name, way), text);
        assert!(shown("code", Way::Answered, "482913"));
        assert!(!shown("code", Way::Sent, "482913"));
        assert!(!shown("login.code", Way::Sent, "marigold"));
        assert!(shown("error_code", Way::Sent, "4004"));
    }

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(
            words("data.items[].voucherCodeType"),
            ["voucher", "code", "type"]
        );
        assert_eq!(words("order_id"), ["order", "id"]);
        assert_eq!(words("user[name]"), ["user", "name"]);
        assert_eq!(words("HTTPStatus"), ["httpstatus"]);
    }
}
