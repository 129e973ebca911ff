//! Where a file mounts routers, its own ones and those of other files.

use std::collections::BTreeSet;

use super::fold::is_path_like;
use super::front::{Front, is_maker};
use super::idioms::{idioms, words};
use super::imports::module;
use super::language::Role;
use super::pattern::Pattern;
use super::request::Requests;
use super::scope::value;
use super::syntax::Id;

/// Where a file mounts a router, perhaps one of another file.
#[derive(Debug, Clone)]
pub(super) struct Mount {
    pub(super) routers: Vec<Mounted>,
    pub(super) prefix: Vec<Pattern>,
    /// The names of what it is mounted on.
    pub(super) on: BTreeSet<String>,
}

/// A router as a mount names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mounted {
    /// `users.router`, `users::routes`
    Named(Vec<String>),
    /// `require("./users")`, `include("shop.urls")`
    Module(Vec<String>),
}

impl Requests<'_, '_> {
    /// Where the file mounts routers.
    pub(super) fn mounts(&self) -> Vec<Mount> {
        let syntax = self.syntax();
        let calls = (0..syntax.nodes.len()).filter(|id| syntax.role(*id) == Role::Call);
        calls.flat_map(|call| self.mounts_at(call)).collect()
    }

    fn mounts_at(&self, call: Id) -> Vec<Mount> {
        let syntax = self.syntax();
        let routes = &idioms().routes;
        let name = syntax.name(call);
        let attaches = routes.attach.contains(name);
        let declares = routes.declare.contains(name) && !attaches;
        if !attaches && !routes.mount.contains(name) {
            return self.handed(call);
        }
        let given: Vec<Id> = syntax.arguments(call).collect();
        let is_prefix = |id: &Id| match syntax.role(*id) {
            Role::String | Role::Concat => true,
            Role::Name | Role::Member => self.folder.fold(*id).iter().any(is_path_like),
            _ => false,
        };
        let first = given.first().copied().filter(is_prefix);
        let own = self.base_argument(call).or(first);
        let own = own.map(|id| self.folder.fold(id));
        let targets = given.iter().filter(|id| Some(**id) != first);
        let mounted: Vec<Mounted> = targets.flat_map(|id| self.mounted(*id, declares)).collect();
        if mounted.is_empty() {
            return Vec::new();
        }
        let receiver = syntax.get(call).receiver;
        let front = receiver.map_or_else(Front::default, |on| self.front(on));
        let prefix = Front::behind(front.prefix, own);
        vec![Mount {
            routers: mounted,
            prefix: prefix.unwrap_or_else(|| vec![Pattern::new()]),
            on: front.names,
        }]
    }

    /// The routers that an argument of a mount names.
    fn mounted(&self, id: Id, only_modules: bool) -> Vec<Mounted> {
        let syntax = self.syntax();
        match syntax.role(id) {
            Role::Name | Role::Member if !only_modules || syntax.role(id) == Role::Name => {
                let mut found = vec![Mounted::Named(parts(syntax.source(id)))];
                // `const users = require("./users")`
                for value in self.folder.scopes.values(syntax, id) {
                    if syntax.role(value) == Role::Call && !is_maker(syntax.head(value)) {
                        found.extend(self.mounted(value, false));
                    }
                }
                found
            }
            Role::Call => {
                let name = syntax.name(id);
                let given: Vec<Id> = syntax.arguments(id).collect();
                if matches!(name, "require" | "include") {
                    let text = given.first().map(|first| match syntax.role(*first) {
                        Role::Object => syntax.get(*first).kids.first().copied().unwrap_or(*first),
                        _ => *first,
                    });
                    return match text {
                        Some(text) if syntax.role(text) == Role::String => {
                            vec![Mounted::Module(module(syntax.source(text)))]
                        }
                        Some(router) => self.mounted(router, false),
                        None => Vec::new(),
                    };
                }
                if only_modules {
                    return Vec::new();
                }
                if name == "routes" && syntax.head(id).contains('!') {
                    let named = given.iter().filter(|id| syntax.role(**id) == Role::Name);
                    return named
                        .map(|id| Mounted::Named(vec![syntax.name(*id).to_owned()]))
                        .collect();
                }
                vec![Mounted::Named(parts(syntax.head(id)))]
            }
            _ => Vec::new(),
        }
    }

    /// A group that is handed to a function: `RegisterUsers(v1.Group("/users"))`.
    fn handed(&self, call: Id) -> Vec<Mount> {
        let syntax = self.syntax();
        let mut found = Vec::new();
        for id in syntax.arguments(call) {
            let is_group = match syntax.role(id) {
                Role::Call => idioms().routes.routers.contains(syntax.name(id)),
                Role::Name => {
                    let known = words(syntax.name(id));
                    known.iter().all(|w| idioms().routes.handed.contains(w))
                        || self
                            .folder
                            .scopes
                            .assignments(syntax.name(id))
                            .iter()
                            .filter_map(|assign| value(syntax, *assign))
                            .any(|value| {
                                syntax.role(value) == Role::Call
                                    && idioms().routes.routers.contains(syntax.name(value))
                            })
                }
                _ => false,
            };
            if !is_group {
                continue;
            }
            let front = self.front(id);
            if front.prefix.is_some() || !front.names.is_empty() {
                found.push(Mount {
                    routers: vec![Mounted::Named(parts(syntax.head(call)))],
                    prefix: front.prefix.unwrap_or_else(|| vec![Pattern::new()]),
                    on: front.names,
                });
            }
        }
        found
    }
}

/// `users.router` in its parts; of `Users{}.Routes`, the type is one.
pub(super) fn parts(source: &str) -> Vec<String> {
    let source = source.replace("{}", "");
    let source = source.split(['(', '<', '{']).next().unwrap_or("");
    let parts = source.split(['.', ':', '>', '-', '?', '&', '$']);
    let named = parts.map(str::trim).filter(|part| !part.is_empty());
    named.map(str::to_owned).collect()
}
