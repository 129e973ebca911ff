//! What speaks of a path, guards it or stands in for it, and sends nothing: messages, permissions, mocks.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::idioms::{idioms, words};
use super::imports::Imports;
use super::language::Role;
use super::request::{Context, Requests};
use super::scope::{client, owner};
use super::syntax::{Id, is_text};

/// The table `asides.toml`, which explains its keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asides {
    tellers: BTreeSet<String>,
    levels: BTreeSet<String>,
    no_levels: BTreeSet<String>,
    guards: BTreeSet<String>,
    followers: BTreeSet<String>,
    guarded: BTreeSet<String>,
    handled: BTreeSet<String>,
    tables: BTreeSet<String>,
    mocks: BTreeSet<String>,
    mocking: BTreeSet<String>,
    mock_modules: BTreeSet<String>,
}

static ASIDES: LazyLock<Asides> =
    LazyLock::new(|| toml::from_str(include_str!("asides.toml")).unwrap_or_default());

fn has(known: &BTreeSet<String>, name: &str) -> bool {
    words(name).iter().any(|word| known.contains(word))
}

/// Whether the name of a call is that of a message: `Errorf`, `LogWarning`, `logRequest`.
fn is_message(name: &str) -> bool {
    let words = words(name);
    let is_level = |word: &String| ASIDES.levels.contains(word);
    let logs = words.first().is_some_and(|word| word == "log")
        && !words.get(1).is_some_and(|w| ASIDES.no_levels.contains(w));
    !words.is_empty() && (logs || words.iter().all(is_level))
}

impl Requests<'_, '_> {
    /// Whether a call tells people or meters of what it is given.
    pub(super) fn tells(&self, call: Id) -> bool {
        let name = self.syntax().name(call);
        if idioms().calls.mention.contains(name) {
            return true;
        }
        let by_name = || is_message(name) || has(&ASIDES.tellers, name);
        let on = || client(self.syntax(), call).is_some_and(|on| is_last(&ASIDES.tellers, on));
        !self.asks(call) && (by_name() || on())
    }

    /// Whether a call says who may ask for what it is given, how often, or what else holds for it.
    pub(super) fn guards(&self, call: Id) -> bool {
        let syntax = self.syntax();
        if self.asks(call) {
            return false;
        }
        let on = owner(syntax.head(call).trim_end());
        let parent = syntax.get(call).parent;
        let followed = parent
            .filter(|at| syntax.role(*at) == Role::Call && syntax.get(*at).receiver == Some(call));
        has(&ASIDES.guards, syntax.name(call))
            || on.is_some_and(|on| is_last(&ASIDES.guards, on))
            || followed.is_some_and(|at| has(&ASIDES.followers, syntax.name(at)))
    }

    /// Whether an annotation says what else holds for a path, and declares none.
    pub(super) fn is_guard(&self, annotation: Id) -> bool {
        let syntax = self.syntax();
        let name = syntax.name(annotation);
        let on = owner(syntax.head(annotation).trim_end());
        let guards = has(&ASIDES.guards, name) || on.is_some_and(|on| is_last(&ASIDES.guards, on));
        guards && idioms().verb_in(name).is_none()
    }

    /// Whether the name of a call says that it sends or declares what it is given.
    fn asks(&self, call: Id) -> bool {
        let syntax = self.syntax();
        let name = syntax.name(call);
        let routes = &idioms().routes;
        let last = words(name).pop().unwrap_or_default();
        let declared = [&routes.declare, &routes.mount];
        idioms().verb_in(name).is_some()
            || idioms().sends(&last)
            || idioms().default_verb(syntax.head(call)).is_some()
            || declared.iter().any(|known| known.contains(name))
            || idioms().resource(name).is_some()
            || self.custom.declares(syntax, call)
    }

    /// Whether a row of a table is one of a list of which nothing says that it is called or answered:
    /// `RETRYABLE = [("GET", "/x")]`.
    pub(super) fn is_listed(&self, row: Id) -> bool {
        let syntax = self.syntax();
        let mut around = syntax.ancestors(row);
        let list = around.find(|at| syntax.role(*at) != Role::Other);
        let Some(list) = list.filter(|at| match syntax.role(*at) {
            Role::Object => true,
            Role::Call => idioms().calls.list.contains(syntax.name(*at)),
            _ => false,
        }) else {
            return false;
        };
        let cells = &syntax.get(row).kids;
        let key = |id: &Id| match syntax.role(*id) {
            Role::Pair => syntax.name(*id),
            _ => "",
        };
        if cells.iter().any(|id| self.is_handler_cell(*id)) {
            return false;
        }
        if cells.iter().any(|id| has(&ASIDES.guarded, key(id))) {
            return true;
        }
        let mut around = syntax.ancestors(list);
        let table = around.find(|at| syntax.role(*at) != Role::Other);
        let named = table.filter(|at| matches!(syntax.role(*at), Role::Assign | Role::Pair));
        named.is_some_and(|at| {
            let name = syntax.name(at);
            has(&ASIDES.guards, name) || (cells.len() == 2 && !has(&ASIDES.tables, name))
        })
    }

    /// Whether a cell of a row says what answers the row's path, or how it is called.
    fn is_handler_cell(&self, cell: Id) -> bool {
        let syntax = self.syntax();
        match syntax.role(cell) {
            Role::Function => true,
            Role::Pair => {
                let value = syntax.get(cell).kids.last();
                has(&ASIDES.handled, syntax.name(cell))
                    || value.is_some_and(|id| syntax.role(*id) == Role::Function)
            }
            Role::Name | Role::Member => self.method_of(cell).is_empty(),
            _ => false,
        }
    }

    /// Whether a path is given to what stands in for a server in tests.
    pub(super) fn is_mocked(&self, context: &Context, imports: &Imports) -> bool {
        let mut calls = context.calls.iter();
        calls.any(|(call, _)| self.mocks(*call, imports))
    }

    fn mocks(&self, call: Id, imports: &Imports) -> bool {
        let syntax = self.syntax();
        let name = syntax.name(call);
        if ASIDES.mocking.contains(name) || has(&ASIDES.mocks, name) {
            return true;
        }
        let is_mock = |on: &str| {
            let module = imports.get(on).map(|import| import.module.as_slice());
            let by_module = module.is_some_and(|module| {
                let named = |segment: &String| has(&ASIDES.mocks, segment);
                let only = matches!(module, [only] if ASIDES.mock_modules.contains(only));
                only || module.iter().any(named)
            });
            by_module || has(&ASIDES.mocks, on)
        };
        let on = client(syntax, call);
        let made = on.is_some_and(|on| {
            let values = self.folder.scopes.values_of(syntax, on, call, false);
            let mut values = values.iter();
            values.any(|id| syntax.role(*id) == Role::Call && has(&ASIDES.mocks, syntax.name(*id)))
        });
        made || on.is_some_and(is_mock)
    }

    /// Whether a table is what a call is given, and no list that the call makes.
    pub(super) fn is_given(&self, context: &Context) -> bool {
        let syntax = self.syntax();
        context.calls.iter().any(|(call, from)| {
            let name = syntax.name(*call);
            let makes =
                idioms().calls.list.contains(name) || idioms().arguments.wrap.contains(name);
            !makes && syntax.get(*call).receiver != Some(*from) && !is_text(syntax, *from)
        })
    }
}

/// Whether the last word of a name is one of some words.
fn is_last(known: &BTreeSet<String>, name: &str) -> bool {
    words(name).last().is_some_and(|word| known.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let read: Result<Asides, _> = toml::from_str(include_str!("asides.toml"));
        assert!(read.is_ok(), "{read:?}");
    }

    #[test]
    fn messages_are_told_by_their_names() {
        for name in ["Info", "Errorf", "LogWarning", "logRequest", "LOG_ERROR"] {
            assert!(is_message(name), "{name}");
        }
        for name in [
            "logIn",
            "logout",
            "login",
            "information_desk",
            "errorPage",
            "get",
            "",
        ] {
            assert!(!is_message(name), "{name}");
        }
    }
}
