//! Whether a call reads, as far as its method and its name say.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

/// The table `reading.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    words: HashSet<String>,
    waits: HashSet<String>,
    writing_methods: HashSet<String>,
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

/// Whether a word of a route, in lower case, says that something is read (`list`).
pub fn is_read_word(word: &str) -> bool {
    Rules::built_in().words.contains(word)
}

/// Whether requests of a method always change something.
pub(crate) fn always_writes(method: &str) -> bool {
    Rules::built_in().writing_methods.contains(method)
}

/// Whether the last step of a route, or an operation, says that what is called again and again only reads:
/// by its last word (`order_status`), or by its first (`getOrder`, `wp.getPosts`, `get_order`).
pub(crate) fn reads_again(name: &str) -> bool {
    let rules = Rules::built_in();
    let reads = |word: &str| {
        let word = word.to_ascii_lowercase();
        rules.words.contains(&word) || rules.waits.contains(&word)
    };
    let mut parts = name.split(['_', '-', '.', ':', '/', '#', '+']);
    let first = parts.next().unwrap_or_default();
    let last = parts.next_back().unwrap_or(first);
    reads(first) || reads(last) || reads(first_word(last))
}

/// The first of the words that are joined by capitals.
fn first_word(name: &str) -> &str {
    let mut capitals = name.char_indices().skip(1);
    let end = capitals.find(|(_, char)| char.is_ascii_uppercase());
    end.map_or(name, |(at, _)| &name[..at])
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
            "taobao.trade.get",
        ] {
            assert!(reads_again(name), "{name}");
        }
        for name in [
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
