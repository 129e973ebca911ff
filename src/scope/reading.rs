//! Whether a call reads, as far as its method and its name say.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

use crate::value::snake;

/// The table `reading.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    words: HashSet<String>,
    waits: HashSet<String>,
    writing_methods: HashSet<String>,
    verbs: Verbs,
}

impl Rules {
    fn built_in() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("reading.toml")).expect("reading.toml is valid")
        })
    }
}

/// The verbs of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verbs {
    reads: HashSet<String>,
    nouns: HashSet<String>,
    writes: HashSet<String>,
    joins: HashSet<String>,
}

impl Verbs {
    /// Whether a name reads by its first verb; `None` if it has no verb.
    ///
    /// A verb of reading that may be a noun gives way to a verb of writing at the end, and any to one
    /// that is joined to it.
    fn read(&self, name: &[String]) -> Option<bool> {
        let verb = |at: &usize| {
            let word = &name[*at];
            self.reads.contains(word) || self.nouns.contains(word) || self.writes_at(name, *at)
        };
        let first = (0..name.len()).find(verb)?;
        let joined = (1..name.len())
            .any(|at| self.joins.contains(&name[at - 1]) && self.writes_at(name, at));
        let at_the_end = self.nouns.contains(&name[first]) && self.writes_at(name, name.len() - 1);
        Some(!(self.writes_at(name, first) || joined || at_the_end))
    }

    /// Whether a verb of writing stands at a position: one word, or two.
    fn writes_at(&self, name: &[String], at: usize) -> bool {
        let two = || Some(format!("{}_{}", name.get(at)?, name.get(at + 1)?));
        self.writes.contains(&name[at]) || two().is_some_and(|verb| self.writes.contains(&verb))
    }
}

/// The words of a name, lower case: `getUserInfo` is `get`, `user`, `info`.
pub(crate) fn spoken(name: &str) -> Vec<String> {
    let snake = snake(name);
    let words = snake.split('_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether a name says that what is called so only reads: by its first verb, else by its last word. Of a batch all
/// names have to; what an operation belongs to (`user.get`), or stands before a colon, says nothing.
pub(crate) fn reads(name: &str) -> bool {
    names_read(name, |words, rules| {
        words.last().is_some_and(|word| rules.words.contains(word))
    })
}

/// The same of what is called again and again, where also words of waiting tell (`heartbeat`, `pollOrder`).
pub(crate) fn reads_again(name: &str) -> bool {
    names_read(name, |words, rules| {
        let last = words.last().is_some_and(|word| rules.words.contains(word));
        let ends = [words.first(), words.last()];
        last || ends
            .into_iter()
            .flatten()
            .any(|word| rules.waits.contains(word))
    })
}

/// Whether all names of a batch read, where `without_verb` says it of those that hold no verb.
fn names_read(name: &str, without_verb: impl Fn(&[String], &Rules) -> bool) -> bool {
    let rules = Rules::built_in();
    name.split('+').all(|name| {
        let behind = name.rsplit(['/', '#', ':', '.']).next();
        let words = spoken(behind.unwrap_or(name));
        let said = rules.verbs.read(&words);
        said.unwrap_or_else(|| without_verb(&words, rules))
    })
}

/// Whether a word of a route, in lower case, says that something is read (`list`).
pub fn is_read_word(word: &str) -> bool {
    Rules::built_in().words.contains(word)
}

/// Whether requests of a method always change something.
pub(crate) fn always_writes(method: &str) -> bool {
    Rules::built_in().writing_methods.contains(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_that_they_read() {
        for name in [
            "status",
            "order_status",
            "getOrder",
            "GetOrder",
            "wp.getPosts",
            "get_order",
            "heartbeat",
            "pollOrder",
            "taobao.trade.get",
        ] {
            assert!(reads_again(name), "{name}");
        }
        for name in [
            "order_update_status",
            "createOrderQuery",
            "getA+createB",
            "increment",
            "AddToCart",
            "order.create",
            "checkout",
            "",
            "été",
        ] {
            assert!(!reads_again(name), "{name}");
        }
    }
}
