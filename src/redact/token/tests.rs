use proptest::prelude::*;
use proptest::string::string_regex;

use super::*;
use crate::inventory::Inventory;
use crate::scope::Filter;
use crate::value::Rule;

/// Texts that a rule finds, in every form that it accepts.
fn written(rule: &'static Rule) -> impl Strategy<Value = String> {
    let numbered = |text: String| match rule.id.as_str() {
        "iban" => (0..97)
            .map(|check| format!("{}{check:02}{}", &text[..2], &text[4..]))
            .find(|text| finds(rule, text))
            .unwrap_or(text),
        "bank-card" | "imei" | "cn-id-card" => {
            let stem = &text[..text.len() - 1];
            (0..10)
                .map(|check| format!("{stem}{check}"))
                .find(|text| finds(rule, text))
                .unwrap_or(text)
        }
        _ => text,
    };
    string_regex(rule.pattern())
        .unwrap()
        .prop_map(numbered)
        .prop_filter("not found", |text| finds(rule, text))
}

fn finds(rule: &Rule, text: &str) -> bool {
    let found = Sensitive::built_in().find_all(text);
    found.iter().any(|found| found.rule.id == rule.id)
}

/// What is found in a text and is no token's look.
fn left_in(text: &str) -> Vec<String> {
    let found = Sensitive::built_in().find_all(text).into_iter();
    found
        .filter(|found| !found.rule.alike)
        .map(|found| found.rule.id.clone())
        .collect()
}

/// What makes a text too long for its form to be looked at.
const LONG_NOTE: &str = concat!("Please ring first. ", include_str!("../rules.toml"));

fn tokens_of(texts: &[String]) -> Vec<String> {
    let keep = Keep::of(&Inventory::default(), &Filter::default());
    let tokens = Tokens::new(&keep, b"0123456789abcdef0123456789abcdef");
    texts.iter().map(|text| tokens.token(text)).collect()
}

#[test]
fn tokens_of_phones_keep_their_form_and_are_nobodys() {
    let written = [
        "+86 13912345678",
        "+86-139-1234-5678",
        "8613912345678",
        "+49 170 1234567",
        "+491701234567",
        "+1-202-555-0143",
        "+1 13912345678",
        "+44 (0)20 7946 0018",
        "%2B49 170 1234567",
        "%2B8613912345678",
        "call +86 13912345678 or 13912345678",
    ];
    let form = |text: &str| {
        text.replace("%2B", "+")
            .replace(|c: char| c.is_ascii_digit(), "0")
    };
    for (text, token) in written.iter().zip(tokens_of(&written.map(str::to_owned))) {
        assert_eq!(left_in(&token), [""; 0], "{text}: {token}");
        if !text.starts_with("call") {
            assert_eq!(form(text), form(&token));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 250,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_250_624),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_token_looks_like_what_a_rule_finds(
        (rule, text) in (0..Sensitive::built_in().rules().len()).prop_flat_map(|at| {
            let rule = &Sensitive::built_in().rules()[at];
            written(rule).prop_map(|text| (&rule.id, text))
        }),
        (before, after) in prop::sample::select(vec![("", ""), ("to ", " now"), ("7 ", ""), ("(", ") 12"), (LONG_NOTE, "")]),
    ) {
        let text = format!("{before}{text}{after}");
        let token = tokens_of(std::slice::from_ref(&text)).remove(0);
        prop_assert_eq!(left_in(&token), [""; 0], "{}: {} became {}", rule, text, token);
    }
}
