//! The languages: for each grammar, which of its nodes play which role.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::grammar::grammar;

/// What a node of a syntax tree is for the scan; `languages.toml` explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Skip,
    Import,
    String,
    Hole,
    Concat,
    Call,
    Arguments,
    Pair,
    Shorthand,
    FlatMap,
    Members,
    Object,
    Function,
    Class,
    Annotation,
    Assign,
    Name,
    Member,
    Comment,
    Choice,
    Index,
    Parameter,
    Statement,
    Returns,
    #[default]
    Other,
}

/// A language whose grammar this build holds.
pub(super) struct Language {
    pub(super) name: String,
    extensions: Vec<String>,
    pub(super) grammar: tree_sitter::Language,
    /// Whether `$name` in a string is a variable that the grammar may take for text.
    pub(super) variables: bool,
    /// By the number of a node's kind, the roles it can play.
    roles: Vec<Vec<Role>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLanguage {
    name: String,
    /// The language of the table whose kinds this one shares.
    like: Option<String>,
    extensions: Vec<String>,
    #[serde(default)]
    variables: bool,
    #[serde(default)]
    kinds: BTreeMap<Role, Vec<String>>,
}

#[derive(Deserialize)]
struct Table {
    language: Vec<RawLanguage>,
}

/// The table as it is written, with languages that this build may lack.
fn table() -> Vec<RawLanguage> {
    toml::from_str::<Table>(include_str!("languages.toml"))
        .map(|table| table.language)
        .unwrap_or_default()
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let table = table();
    let mut languages = Vec::new();
    for raw in &table {
        let Some(grammar) = grammar(&raw.name) else {
            continue;
        };
        let like = raw
            .like
            .as_ref()
            .and_then(|like| table.iter().find(|other| other.name == *like));
        let kinds = &like.unwrap_or(raw).kinds;
        let mut roles = vec![Vec::new(); grammar.node_kind_count()];
        for (id, roles) in (0u16..).zip(&mut roles) {
            let Some(kind) = grammar.node_kind_for_id(id) else {
                continue;
            };
            for (role, names) in kinds {
                if names.iter().any(|name| name == kind) && grammar.node_kind_is_named(id) {
                    roles.push(*role);
                }
            }
        }
        languages.push(Language {
            name: raw.name.clone(),
            extensions: raw.extensions.clone(),
            grammar,
            variables: raw.variables,
            roles,
        });
    }
    languages
});

impl Language {
    /// The language of a file, by the ending of its name.
    pub(super) fn of(file: &Path) -> Option<&'static Language> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        LANGUAGES
            .iter()
            .find(|language| language.extensions.contains(&ending))
    }

    /// The role of a node by its kind; the first of the table where several fit.
    pub(super) fn role(&self, node: tree_sitter::Node<'_>) -> Role {
        let roles = self.roles.get(usize::from(node.kind_id()));
        roles
            .and_then(|roles| roles.first().copied())
            .unwrap_or_default()
    }

    /// Whether a node can play a role.
    pub(super) fn plays(&self, node: tree_sitter::Node<'_>, role: Role) -> bool {
        let roles = self.roles.get(usize::from(node.kind_id()));
        roles.is_some_and(|roles| roles.contains(&role))
    }
}

/// The languages that this build reads, for messages.
pub fn languages() -> Vec<&'static str> {
    LANGUAGES.iter().map(|l| l.name.as_str()).collect()
}

/// The endings of all languages of the table that this build lacks the grammar of.
pub(super) fn lacking(file: &Path) -> Option<String> {
    static LACKING: LazyLock<Vec<RawLanguage>> = LazyLock::new(|| {
        let mut table = table();
        table.retain(|raw| grammar(&raw.name).is_none());
        table
    });
    let ending = file.extension()?.to_str()?.to_ascii_lowercase();
    let raw = LACKING.iter().find(|raw| raw.extensions.contains(&ending));
    raw.map(|raw| raw.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_table_is_one_of_its_grammar() {
        let raw: Table = toml::from_str(include_str!("languages.toml")).unwrap();
        let mut unknown = Vec::new();
        for raw in &raw.language {
            let Some(grammar) = grammar(&raw.name) else {
                continue;
            };
            for kind in raw.kinds.values().flatten() {
                if grammar.id_for_node_kind(kind, true) == 0 {
                    unknown.push(format!("{}: {kind}", raw.name));
                }
            }
        }
        assert!(unknown.is_empty(), "{unknown:#?}");
    }
}
