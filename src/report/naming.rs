//! What modules and flows are called that nobody named.

use crate::assess::changes_state;
use crate::inventory::Endpoint;
use crate::locale::{Lang, Locale, space_cjk};
use crate::route::{Part, name_words};
use crate::rules::SharedPath;
use crate::scope::is_read_word;

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
    let operation = end.operation.as_ref();
    let nouns = operation.map_or_else(
        || shared.nouns(&end.route),
        |operation| vec![operation.name.clone()],
    );
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

/// What a step of a proposed flow is called: what its call does to what its route names.
pub fn step_title(endpoint: &Endpoint, shared: &SharedPath, locale: &Locale) -> String {
    if let Some(operation) = &endpoint.operation {
        return operation.name.clone();
    }
    let mut nouns = shared.nouns(&endpoint.route);
    let word = nouns.last().map(|noun| name_words(noun).join("_"));
    // What is said by the verb.
    if nouns.len() > 1 && word.is_some_and(|word| is_read_word(&word)) {
        nouns.pop();
    }
    let last = &nouns[nouns.len().saturating_sub(MAX_NOUNS)..];
    let singular: Vec<String> = last.iter().map(|noun| name_words(noun).join(" ")).collect();
    let of_item = !matches!(endpoint.route.parts.last(), Some(Part::Literal(_)));
    let many = last.last().zip(singular.last());
    let many = !of_item && many.is_some_and(|(noun, one)| noun.to_lowercase() != *one);
    let polled = endpoint.observed.poll.is_some();
    let writes = changes_state(endpoint);
    let verb = match endpoint.method.as_str() {
        _ if polled => "wait",
        "DELETE" => "delete",
        "PUT" | "PATCH" => "change",
        "POST" if writes && many => "create",
        "POST" if writes && of_item => "change",
        "POST" if writes => "submit",
        _ if many => "list",
        _ if of_item => "read",
        _ => "query",
    };
    let words = if verb == "list" { last } else { &singular };
    let title = locale
        .get(&format!("proposed.{verb}"))
        .replace("{subject}", &subject(words, locale));
    match locale.lang() {
        Lang::ZhCn => space_cjk(&title),
        Lang::En => title,
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
