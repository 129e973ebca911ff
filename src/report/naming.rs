//! What modules and flows are called that nobody named.

use crate::inventory::Endpoint;
use crate::locale::{Lang, Locale, space_cjk};
use crate::route::name_words;
use crate::rules::SharedPath;

/// Nouns of one name.
const MAX_NOUNS: usize = 2;

/// The nouns of a module in a report's language.
pub fn subject(nouns: &[String], locale: &Locale) -> String {
    let mut words: Vec<String> = Vec::new();
    for noun in nouns {
        let word = word(noun, locale);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let mut name = String::new();
    for word in words {
        let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
        // Chinese words are set without blanks.
        if ascii(name.chars().next_back()) || !name.is_empty() && ascii(word.chars().next()) {
            name.push(' ');
        }
        name += &word;
    }
    name
}

/// One noun of a route in a report's language; as it is if the table does not know it.
fn word(noun: &str, locale: &Locale) -> String {
    let words = name_words(noun);
    let known = |word: &String| {
        let key = format!("noun.{word}");
        locale.has(&key).then(|| locale.get(&key).to_owned())
    };
    let told: Option<Vec<String>> = words.iter().map(known).collect();
    match told {
        Some(told) if !told.is_empty() && locale.lang() == Lang::ZhCn => told.concat(),
        _ => noun.to_owned(),
    }
}

/// What a flow that ends in this endpoint is called.
pub fn flow_name(end: &Endpoint, shared: &SharedPath, locale: &Locale) -> String {
    let nouns = shared.nouns(&end.route);
    let last = &nouns[nouns.len().saturating_sub(MAX_NOUNS)..];
    let singular: Vec<String> = last.iter().map(|noun| name_words(noun).join(" ")).collect();
    let mut subject = subject(&singular, locale);
    if locale.lang() == Lang::En
        && let Some(first) = subject.get(..1)
    {
        subject = first.to_uppercase() + &subject[1..];
    }
    // A name is data, which each format escapes.
    let name = locale.get("proposed.flow").replace("{subject}", &subject);
    match locale.lang() {
        Lang::ZhCn => space_cjk(&name),
        Lang::En => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_are_told_in_the_reports_language() {
        let nouns = ["orders".to_owned(), "payment".to_owned()];
        assert_eq!(subject(&nouns, Locale::new(Lang::ZhCn)), "订单支付");
        assert_eq!(subject(&nouns, Locale::new(Lang::En)), "orders payment");
        let mixed = ["order".to_owned(), "vcc".to_owned(), "activity".to_owned()];
        assert_eq!(subject(&mixed, Locale::new(Lang::ZhCn)), "订单 vcc 活动");
    }
}
