//! Names for code, made of routes: letters and digits only, whatever a capture held. The letters are
//! those that begin identifiers in every language that stubs are written in; where a format wants ASCII,
//! [`ascii_words`] leaves the others out.

use std::collections::BTreeSet;

use crate::route::{Part, Piece};

/// The longest name, in characters.
const MAX_NAME: usize = 80;

/// The words of a text: runs of letters and digits, split where a capital follows.
pub(super) fn words(text: &str) -> Vec<String> {
    split(text, is_letter)
}

/// The words of a text, of ASCII letters and digits.
pub(super) fn ascii_words(text: &str) -> Vec<String> {
    split(text, |c| c.is_ascii_alphabetic())
}

/// Whether identifiers may begin with a character, in all of the languages.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c.is_alphabetic() && unicode_ident::is_xid_start(c)
}

fn split(text: &str, is_letter: fn(char) -> bool) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower = false;
    for c in text.chars() {
        let shown = c.is_ascii_digit() || is_letter(c);
        if !shown || (c.is_uppercase() && lower) {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        if shown {
            word.extend(
                c.to_lowercase()
                    .filter(|c| c.is_ascii_digit() || is_letter(*c)),
            );
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// The words for a call: the method, what stands in the route, what identifies it.
pub(super) fn of_call(method: &str, route: &[Part], operation: Option<&str>) -> Vec<String> {
    let mut all = words(&method.to_ascii_lowercase());
    if let Some(operation) = operation {
        all.extend(words(operation));
        return all;
    }
    for part in route {
        match part {
            Part::Literal(text) => all.extend(words(text)),
            Part::Param(name) => {
                all.push("by".to_owned());
                all.extend(words(name));
            }
            Part::Mixed(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Literal(text) => all.extend(words(text)),
                        Piece::Param(name) => all.extend(words(name)),
                    }
                }
            }
        }
    }
    all
}

/// `getUsersById`
pub(super) fn camel(words: &[String]) -> String {
    let mut name = String::new();
    for (at, word) in words.iter().enumerate() {
        if at == 0 {
            name.push_str(word);
        } else {
            name.push_str(&capital(word));
        }
    }
    safe(name)
}

/// The same of what is ASCII in the words.
pub(super) fn ascii_camel(words: &[String]) -> String {
    let words: Vec<String> = words.iter().flat_map(|word| ascii_words(word)).collect();
    camel(&words)
}

/// `GetUsersById`
pub(super) fn pascal(words: &[String]) -> String {
    safe(words.iter().map(|word| capital(word)).collect())
}

/// `get_users_by_id`
pub(super) fn snake(words: &[String]) -> String {
    safe(words.join("_"))
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + chars.as_str(),
        None => String::new(),
    }
}

/// A name that is not empty, does not start with a digit and is not too long.
fn safe(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(MAX_NAME) {
        name.truncate(end);
    }
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some(_) => name,
    }
}

/// Gives out names, each once.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// With names that may not be used, such as keywords.
    pub(super) fn reserving<'a>(reserved: impl IntoIterator<Item = &'a str>) -> Names {
        Names {
            taken: reserved.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The name, or the name with a number behind it.
    pub(super) fn take(&mut self, name: &str, joint: &str) -> String {
        let numbered = (2..).map(|n| format!("{name}{joint}{n}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|candidate| !self.taken.contains(candidate));
        let free = free.unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_identifiers() {
        let name = |text: &str| snake(&words(text));
        assert_eq!(name("orderId"), "order_id");
        assert_eq!(name("x-api.key"), "x_api_key");
        assert_eq!(name("2fa"), "n2fa");
        assert_eq!(name("\"; import os #"), "import_os");
        assert_eq!(name("订单ID-券"), "订单id_券");
        assert_eq!(name("№ ℘ ① e\u{301}"), "e");
        assert_eq!(name(&"券".repeat(100)).chars().count(), MAX_NAME);
        assert_eq!(snake(&ascii_words("券")), "unnamed");
        assert_eq!(ascii_camel(&words("get 订单Id")), "getId");
        assert_eq!(camel(&words("HTTPServer v2")), "httpserverV2");
        let mut names = Names::reserving(["class"]);
        assert_eq!(names.take("class", "_"), "class_2");
        assert_eq!(names.take("a", "_"), "a");
        assert_eq!(names.take("a", "_"), "a_2");
    }
}
