//! Pagination: lists that are asked for piece by piece.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scope::{Exchange, Place};
use crate::value::{Kind, Token};

use super::names::{Name, Names};
use super::observed::Observed;
use super::series::Fingerprints;

/// Lists followed in one capture, and pieces counted of each.
const MAX_LISTS: usize = 1 << 14;
const MAX_PIECES: usize = 10_000;

/// How the pieces of a list are told apart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PageKind {
    /// By the number of the page.
    Page,
    /// By the position of the first item.
    Offset,
    /// By what the piece before it gave.
    Cursor,
}

impl PageKind {
    /// The word for it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            PageKind::Page => "page",
            PageKind::Offset => "offset",
            PageKind::Cursor => "cursor",
        }
    }
}

/// What was observed of one parameter that asks for pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageUse {
    /// What it is.
    pub kind: PageKind,
    /// Requests of the list with most different pieces.
    pub requests: usize,
    /// Its different pieces.
    pub pieces: usize,
    /// Whether how much at once was sent as well.
    pub sized: bool,
}

impl PageUse {
    /// The one that shows more; of one name both have one kind.
    pub(super) fn merge(&mut self, other: PageUse) {
        let sized = self.sized || other.sized;
        if (other.pieces, other.requests) > (self.pieces, self.requests) {
            *self = other;
        }
        self.sized = sized;
    }
}

/// Parameters that ask for pieces, by place and name.
pub type Paging = BTreeMap<(Place, String), PageUse>;

/// The table `paging.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    page: BTreeSet<String>,
    offset: BTreeSet<String>,
    cursor: BTreeSet<String>,
    size: BTreeSet<String>,
    weak: BTreeSet<String>,
}

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Piece(PageKind),
    Size,
    Nothing,
}

impl Table {
    fn built_in() -> &'static Table {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("paging.toml")).expect("paging.toml is valid")
        })
    }

    fn says(&self, name: &str) -> Says {
        let last = name.trim_end_matches(']').rsplit(['.', '[']).next();
        // `page[number]` is known as a whole, `variables.pageNo` by its last step.
        [Some(name), last]
            .into_iter()
            .flatten()
            .map(|name| self.says_word(&bare(name)))
            .find(|says| *says != Says::Nothing)
            .unwrap_or(Says::Nothing)
    }

    fn says_word(&self, word: &str) -> Says {
        if self.page.contains(word) {
            Says::Piece(PageKind::Page)
        } else if self.offset.contains(word) {
            Says::Piece(PageKind::Offset)
        } else if self.cursor.contains(word) {
            Says::Piece(PageKind::Cursor)
        } else if self.size.contains(word) {
            Says::Size
        } else {
            Says::Nothing
        }
    }
}

/// A name in lower case without what joins words.
fn bare(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a parameter asks for a piece, or for how much at once.
pub fn is_paging_name(name: &str) -> bool {
    Table::built_in().says(name) != Says::Nothing
}

/// Whether the name of a parameter that asks for a piece may as well say something else.
pub fn is_weak_paging_name(name: &str) -> bool {
    let last = name.trim_end_matches(']').rsplit(['.', '[']).next();
    Table::built_in().weak.contains(&bare(last.unwrap_or(name)))
}

/// One list: a call with everything but what asks for pieces.
type List = (usize, Token, Place, Name);

/// The lists of one capture while it is read.
#[derive(Default)]
pub(super) struct PageBook {
    says: HashMap<Name, Says>,
    lists: HashMap<List, Pieces>,
}

#[derive(Default)]
struct Pieces {
    kind: Option<PageKind>,
    requests: usize,
    tokens: HashSet<Token>,
    sized: bool,
}

impl PageBook {
    /// Takes one exchange of the given call; `names` are the numbers of its parameters' names.
    pub(super) fn add(
        &mut self,
        call: usize,
        exchange: &Exchange,
        names: &[Name],
        fingerprints: &Fingerprints,
    ) {
        let said: Vec<Says> = exchange
            .params
            .iter()
            .zip(names)
            .map(|(param, name)| {
                let says = self.says.entry(*name);
                *says.or_insert_with(|| Table::built_in().says(&param.name))
            })
            .collect();
        let sized = said.contains(&Says::Size);
        let mut list = None;
        for ((param, name), says) in exchange.params.iter().zip(names).zip(&said) {
            let Says::Piece(kind) = says else { continue };
            let counted = *kind != PageKind::Cursor;
            if counted && param.value.kind != Kind::Integer {
                continue;
            }
            let token = *list.get_or_insert_with(|| {
                fingerprints.of(exchange, |at| {
                    said.get(at).is_none_or(|says| *says == Says::Nothing)
                })
            });
            let key = (call, token, param.place, *name);
            if self.lists.len() >= MAX_LISTS && !self.lists.contains_key(&key) {
                continue;
            }
            let pieces = self.lists.entry(key).or_default();
            pieces.kind = Some(*kind);
            pieces.requests += 1;
            pieces.sized |= sized;
            if pieces.tokens.len() < MAX_PIECES {
                pieces.tokens.insert(param.value.token);
            }
        }
    }

    /// Writes the lists into what was observed of each call.
    pub(super) fn finish(self, observed: &mut [Observed], names: &Names) {
        for ((call, _, place, name), pieces) in self.lists {
            let (Some(observed), Some(kind)) = (observed.get_mut(call), pieces.kind) else {
                continue;
            };
            let used = PageUse {
                kind,
                requests: pieces.requests,
                pieces: pieces.tokens.len(),
                sized: pieces.sized,
            };
            let key = (place, names.name(name).to_owned());
            add(&mut observed.paging, key, used);
        }
    }
}

/// Adds one use to a table.
pub(super) fn add(paging: &mut Paging, key: (Place, String), used: PageUse) {
    paging
        .entry(key)
        .and_modify(|known| known.merge(used))
        .or_insert(used);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_what_joins_words() {
        let says = |name| Table::built_in().says(name);
        assert_eq!(says("page_index"), Says::Piece(PageKind::Page));
        assert_eq!(says("variables.pageNo"), Says::Piece(PageKind::Page));
        assert_eq!(says("page[size]"), Says::Size);
        assert_eq!(says("page[number]"), Says::Piece(PageKind::Page));
        assert_eq!(says("starting_after"), Says::Piece(PageKind::Cursor));
        assert_eq!(says("order_id"), Says::Nothing);
    }
}
