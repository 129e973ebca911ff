//! Which files can hold a route, by the texts in them: one pass over their bytes.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::target::{Target, VALUE};

/// Stands in routes of C# for the name of the class around.
const CONTROLLER: &str = "[controller]";

/// A first segment that this share of the routes has may stand in another file.
const BASE_SHARE: f64 = 0.5;

/// How far an address is looked back into.
const MAX_ADDRESS: usize = 200;

/// Finds all of some words, overlapping ones too.
pub(super) fn automaton<'w>(words: impl IntoIterator<Item = &'w String>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(words)
        .ok()
}

/// The texts that routes are made of.
pub(super) fn needles(targets: &[Target]) -> BTreeSet<String> {
    targets.iter().flat_map(texts).collect()
}

fn texts(target: &Target) -> BTreeSet<String> {
    let segments = target.segments();
    let texts = segments.iter().flat_map(|segment| segment.split(VALUE));
    let texts = texts.filter(|text| !text.is_empty());
    texts.map(str::to_owned).collect()
}

/// How a word stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    /// Somewhere in a text: `"json"` in a table, `application/json`.
    Somewhere,
    /// As all that a call is given, or what a key such as `url` has.
    Alone,
    /// As a segment of a path: behind a slash that is none inside another text, or in front of one.
    InPath,
}

/// What is looked for in files, and when it makes one worth parsing.
pub(super) struct Candidates {
    words: Vec<String>,
    automaton: Option<AhoCorasick>,
    /// Of each word, whether routes are made of it, or its mere name counts.
    kinds: Vec<Kind>,
    /// For each route, the words that a file must hold where none of them stands in a path.
    routes: Vec<Vec<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A text of a route.
    Needle,
    /// Whatever stands around it, the file is worth parsing.
    Name,
    /// It is only noted.
    Noted,
}

/// What of the words a file holds.
#[derive(Debug, Default)]
pub(super) struct Hits {
    /// The words.
    pub(super) words: BTreeSet<usize>,
    /// Whether the file is worth parsing.
    pub(super) counts: bool,
}

impl Candidates {
    /// Looks for routes, and notes some words more.
    pub(super) fn of_routes(targets: &[Target], noted: BTreeSet<String>) -> Self {
        let needles = needles(targets);
        let mut kinds: BTreeMap<String, Kind> =
            noted.into_iter().map(|word| (word, Kind::Noted)).collect();
        kinds.insert(CONTROLLER.to_owned(), Kind::Name);
        kinds.extend(needles.into_iter().map(|word| (word, Kind::Needle)));
        let (words, kinds): (Vec<String>, Vec<Kind>) = kinds.into_iter().unzip();
        let mut found = Candidates {
            automaton: automaton(&words),
            words,
            kinds,
            routes: Vec::new(),
        };
        found.routes = found.needed(targets);
        found
    }

    /// Looks for names.
    pub(super) fn of_names(names: &BTreeSet<String>) -> Self {
        Candidates {
            automaton: automaton(names),
            words: names.iter().cloned().collect(),
            kinds: vec![Kind::Name; names.len()],
            routes: Vec::new(),
        }
    }

    /// The texts of each route but for those in front that many routes share; of routes that hold all
    /// of another's only the other.
    fn needed(&self, targets: &[Target]) -> Vec<Vec<usize>> {
        let mut fronts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for target in targets {
            let segments = target.segments();
            for end in 1..segments.len() {
                *fronts.entry(segments[..end].to_vec()).or_default() += 1;
            }
        }
        #[allow(clippy::cast_precision_loss, reason = "counts of routes are small")]
        let is_shared = |front: &[String]| {
            let having = fronts.get(front).copied().unwrap_or(0);
            targets.len() > 3 && having as f64 >= BASE_SHARE * targets.len() as f64
        };
        let mut needed: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
        for target in targets {
            let segments = target.segments();
            let shared = (1..segments.len())
                .rev()
                .find(|end| is_shared(&segments[..*end]));
            let rest = &segments[shared.unwrap_or(0)..];
            let texts = rest.iter().flat_map(|segment| segment.split(VALUE));
            let texts: BTreeSet<&str> = texts.filter(|text| !text.is_empty()).collect();
            let words = texts.iter().filter_map(|text| {
                self.words
                    .binary_search_by(|word| word.as_str().cmp(text))
                    .ok()
            });
            let words: Vec<usize> = words.collect();
            if !words.is_empty() {
                needed.insert((words.len(), words));
            }
        }
        let mut least: Vec<Vec<usize>> = Vec::new();
        for (_, words) in needed {
            let holds = |less: &Vec<usize>| less.iter().all(|word| words.contains(word));
            if !least.iter().any(holds) {
                least.push(words);
            }
        }
        least
    }

    pub(super) fn word(&self, at: usize) -> &str {
        &self.words[at]
    }

    /// The words that stand in a text by themselves.
    pub(super) fn find(&self, content: &[u8]) -> Hits {
        let mut found = Hits::default();
        let Some(automaton) = &self.automaton else {
            return found;
        };
        let mut best: BTreeMap<usize, Stands> = BTreeMap::new();
        for hit in automaton.find_overlapping_iter(content) {
            let (before, behind) = (&content[..hit.start()], &content[hit.end()..]);
            if before.last().copied().is_some_and(is_word)
                || behind.first().copied().is_some_and(is_word)
            {
                continue;
            }
            let word = hit.pattern().as_usize();
            found.words.insert(word);
            match self.kinds[word] {
                Kind::Name => found.counts = true,
                Kind::Needle if !found.counts => {
                    if let Some(stands) = stands(before, behind) {
                        found.counts = stands == Stands::InPath;
                        let known = best.entry(word).or_insert(stands);
                        *known = stands.max(*known);
                    }
                }
                _ => {}
            }
        }
        found.counts |= self.routes.iter().any(|words| match words.as_slice() {
            [only] => best.get(only).is_some_and(|s| *s >= Stands::Alone),
            words => words.iter().all(|word| best.contains_key(word)),
        });
        found
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// How a word stands in a text, by what is around; nothing if it stands in none.
fn stands(before: &[u8], behind: &[u8]) -> Option<Stands> {
    let (last, next) = (before.last().copied(), behind.first().copied());
    let quoted = last.is_some_and(is_quote);
    let closed = next.is_some_and(is_quote);
    if last == Some(b'/') {
        let front = &before[..before.len() - 1];
        let opens = match front.last() {
            // `"/x`, `{id}/x`, `) + /x`, `<id>/x`, `^/x`
            Some(byte) if !is_word(*byte) => !matches!(byte, b'/' | b'.' | b'-' | b'*' | b' '),
            // `%s/x`, `$base/x`, `:id/x`
            Some(_) => {
                let name = front.iter().rev().take_while(|b| is_word(**b)).count();
                let mark = front.iter().rev().nth(name);
                matches!(mark, Some(b'%' | b'$' | b':'))
            }
            None => false,
        };
        return Some(if opens || next == Some(b'/') {
            Stands::InPath
        } else {
            in_address(front)
        });
    }
    if quoted && matches!(next, Some(b'/' | b'?' | b'$' | b'{' | b'%')) {
        return Some(Stands::InPath);
    }
    if next == Some(b'/') {
        // `}x/`, `^x/`
        let is_path = last.is_some_and(|byte| matches!(byte, b'}' | b'^' | b')'));
        return Some(if is_path {
            Stands::InPath
        } else {
            Stands::Somewhere
        });
    }
    if quoted && closed && is_given(&before[..before.len() - 1]) {
        return Some(Stands::Alone);
    }
    (quoted || closed).then_some(Stands::Somewhere)
}

/// How a segment stands behind what is in front of its slash: in an address or a path that begins with
/// a slash, in a path that does not, or in some other text such as a media type.
fn in_address(front: &[u8]) -> Stands {
    let is_inside = |byte: &&u8| !is_quote(**byte) && !byte.is_ascii_whitespace();
    let length = front
        .iter()
        .rev()
        .take(MAX_ADDRESS)
        .take_while(is_inside)
        .count();
    let (outside, text) = front.split_at(front.len() - length);
    let quoted = outside.last().copied().is_some_and(is_quote);
    let first = text.split(|byte| *byte == b'/').next().unwrap_or(text);
    let media: [&[u8]; 7] = [
        b"application",
        b"text",
        b"image",
        b"audio",
        b"video",
        b"multipart",
        b"font",
    ];
    if first.is_empty() || text.windows(3).any(|three| three == b"://") {
        Stands::InPath
    } else if !quoted
        || media.contains(&first)
        || first.contains(&b'.')
        || !first.iter().all(|b| is_word(*b))
    {
        Stands::Somewhere
    } else {
        Stands::Alone
    }
}

/// Whether what follows is the first thing that a call is given, or what a key for paths has.
fn is_given(before: &[u8]) -> bool {
    let trimmed = before.trim_ascii_end();
    match trimmed.last() {
        // `get(@"x")`, `get(f"x")`
        Some(b'(') => true,
        Some(b'@' | b'r' | b'f' | b'b') if before.len() == trimmed.len() => {
            before[..before.len() - 1].last() == Some(&b'(')
        }
        // `query: () => "x"`
        Some(b'>') => trimmed.ends_with(b"=>"),
        Some(b':' | b'=') => {
            let key = trimmed[..trimmed.len() - 1].trim_ascii_end();
            let keys: [&[u8]; 9] = [
                b"url",
                b"path",
                b"value",
                b"uri",
                b"endpoint",
                b"route",
                b"resource",
                b"href",
                b"prefix",
            ];
            let end = &key[key.len().saturating_sub(10)..];
            let end = end.to_ascii_lowercase();
            keys.iter().any(|known| end.ends_with(known))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_by_what_is_around() {
        let of = |text: &str| {
            let at = text.find("users").unwrap();
            stands(&text.as_bytes()[..at], &text.as_bytes()[at + 5..])
        };
        for text in [
            "get('/users')",
            "`${base}/users`",
            "\"%s/users\"",
            "\"$base/users\"",
            "'users/' + id",
            "\"users?page=\"",
            "^users/",
            "http://a.example:80/users/",
            "f\"{self.base}/users\"",
            "'https://a.example/api/v2/users'",
            "'/api/v2/users'",
        ] {
            assert_eq!(of(text), Some(Stands::InPath), "{text}");
        }
        for text in [
            "@Get('users')",
            "url: 'users'",
            "path=\"users\"",
            "get(r\"users\")",
            "query: () => 'users'",
            "get('api/v2/users')",
        ] {
            assert_eq!(of(text), Some(Stands::Alone), "{text}");
        }
        for text in [
            "x = 'users'",
            "'text/users'",
            "['a', 'users']",
            "// and/users",
        ] {
            assert_eq!(of(text), Some(Stands::Somewhere), "{text}");
        }
        for text in ["users.get()", "let users = 1"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
