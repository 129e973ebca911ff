//! What the value of a code says by itself, by the table `envelope.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::value::snake;

/// The table `envelope.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    success: Vec<String>,
    failure: Vec<String>,
    numbers: Vec<String>,
    failing: Vec<char>,
    good: Vec<String>,
    bad: Vec<String>,
    open: Vec<String>,
    pub(super) heads: Vec<String>,
    pub(super) errors: Vec<String>,
}

/// What a value says of how a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// It went well.
    Success,
    /// It failed.
    Failure,
    /// Something that the answer describes is in this state.
    State,
    /// Nothing by itself.
    Nothing,
}

/// What the name of a code says of its values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Good,
    Bad,
    Open,
    Code,
}

impl Words {
    pub(super) fn built_in() -> &'static Words {
        static TABLE: OnceLock<Words> = OnceLock::new();
        TABLE.get_or_init(|| toml::from_str(include_str!("../envelope.toml")).unwrap_or_default())
    }

    /// What a value of a field says of how a call went.
    pub(super) fn says(&self, field: &str, value: &str) -> Says {
        let value = value.to_lowercase();
        let names = self.names(field);
        let is = |good: bool| match (names, good) {
            (Names::Bad, true) | (Names::Good | Names::Open | Names::Code, false) => Says::Failure,
            _ => Says::Success,
        };
        match value.as_str() {
            "true" => is(true),
            "false" => is(false),
            _ if self.success.contains(&value) => Says::Success,
            _ if self.failure.contains(&value) => Says::Failure,
            _ if value.contains(char::is_alphabetic) => Says::State,
            _ => self.number(names, &value),
        }
    }

    fn number(&self, names: Names, value: &str) -> Says {
        let digits = value.strip_prefix('-').unwrap_or(value);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Says::Nothing;
        }
        let number = digits.trim_start_matches('0');
        match (names, number) {
            _ if digits != value => Says::Failure,
            (Names::Open, "" | "1") | (Names::Code, "1") => Says::Nothing,
            (Names::Good, "") => Says::Failure,
            (Names::Good, "1") | (_, "") => Says::Success,
            _ if self.numbers.iter().any(|known| known == number) => Says::Success,
            _ if number.len() >= 3 && number.starts_with(self.failing.as_slice()) => Says::Failure,
            _ => Says::Nothing,
        }
    }

    fn names(&self, field: &str) -> Names {
        let leaf = field.rsplit('.').next().unwrap_or(field);
        let leaf = snake(leaf);
        let words: Vec<&str> = leaf.split('_').collect();
        let last = words.last().copied().unwrap_or_default();
        let holds = |list: &[String], word: &str| list.iter().any(|known| known == word);
        if holds(&self.good, last) {
            Names::Good
        } else if words.iter().any(|word| holds(&self.bad, word)) {
            Names::Bad
        } else if holds(&self.open, last) {
            Names::Open
        } else {
            Names::Code
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_something_under_its_name() {
        let says = |field, value| Words::built_in().says(field, value);
        for (field, value) in [
            ("success", "true"),
            ("isSuccess", "1"),
            ("error", "false"),
            ("errcode", "0"),
            ("error_code", "0000"),
            ("code", "200"),
            ("head.code", "00000"),
            ("ret", "OK"),
            ("status", "success"),
        ] {
            assert_eq!(says(field, value), Says::Success, "{field}={value}");
        }
        for (field, value) in [
            ("success", "false"),
            ("success", "0"),
            ("error", "true"),
            ("code", "401"),
            ("code", "50001"),
            ("ret", "-1"),
            ("status", "fail"),
        ] {
            assert_eq!(says(field, value), Says::Failure, "{field}={value}");
        }
        for (field, value) in [
            ("code", "1"),
            ("status", "0"),
            ("status", "1"),
            ("code", "1000"),
        ] {
            assert_eq!(says(field, value), Says::Nothing, "{field}={value}");
        }
        assert_eq!(says("status", "available"), Says::State);
        assert_eq!(says("code", "S0000"), Says::State);
    }
}
