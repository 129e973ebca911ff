//! What stands in front of paths: routers, groups, classes, clients with a base address.

use std::collections::BTreeSet;

use super::idioms::{idioms, words};
use super::language::Role;
use super::pattern::{Pattern, Piece};
use super::request::Requests;
use super::scope::{owner, takes};
use super::syntax::{Id, Syntax, is_text};

/// How far what a router is made of is followed.
const MAX_STEPS: usize = 4;

/// What a router or client puts in front of paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Front {
    /// The prefix, by how it was made.
    pub(super) prefix: Option<Vec<Pattern>>,
    /// The names that it can be mounted by: its own, that of the function which makes or is given it,
    /// and nothing for the file; empty if it is no router.
    pub(super) names: BTreeSet<String>,
}

impl Front {
    fn is_router(&self) -> bool {
        self.prefix.is_some() || !self.names.is_empty()
    }

    pub(super) fn behind(
        outer: Option<Vec<Pattern>>,
        own: Option<Vec<Pattern>>,
    ) -> Option<Vec<Pattern>> {
        match (outer, own) {
            (Some(outer), Some(own)) => Some(join_prefixes(&outer, &own)),
            (outer, own) => own.or(outer),
        }
    }
}

impl Requests<'_, '_> {
    /// What a router or client puts in front.
    pub(super) fn front(&self, on: Id) -> Front {
        self.front_in(on, MAX_STEPS)
    }

    fn front_in(&self, on: Id, steps: usize) -> Front {
        let syntax = self.syntax();
        let Some(steps) = steps.checked_sub(1) else {
            return Front::default();
        };
        match syntax.role(on) {
            Role::Call => {
                let receiver = syntax.get(on).receiver;
                // `r.Group("/a").Group("/b")`: the prefix of what it was made on comes first.
                let mut front = receiver.map_or_else(Front::default, |r| self.front_in(r, steps));
                front.prefix = Front::behind(front.prefix, self.own_prefix(on));
                if front.names.is_empty() && is_maker(syntax.head(on)) {
                    front.names = self.makers_of(on);
                }
                front
            }
            Role::Name | Role::Member => self.named_front(on, steps),
            _ => Front::default(),
        }
    }

    /// The prefix that a call gives what it makes.
    fn own_prefix(&self, call: Id) -> Option<Vec<Pattern>> {
        let syntax = self.syntax();
        let base = self.base_argument(call);
        let first = syntax.arguments(call).next();
        let mounted = first.filter(|first| {
            let made_on = syntax.get(call).receiver.is_some();
            let is_router = idioms().routes.routers.contains(syntax.name(call));
            made_on && is_router && is_text(syntax, *first)
        });
        base.or(mounted).map(|id| self.folder.fold(id))
    }

    /// Whether a call makes what paths are declared on, with a text in front of all of them:
    /// `router.Group("/orders")`.
    pub(super) fn makes_front(&self, call: Id, text: Id) -> bool {
        let syntax = self.syntax();
        let receiver = syntax.get(call).receiver;
        receiver.is_some_and(|on| on != text)
            && idioms().routes.routers.contains(syntax.name(call))
            && syntax.arguments(call).next() == Some(text)
    }

    /// Whether a call declares paths behind the one that it is made on or given, which it does not call
    /// itself: `orders.POST("/{id}/cancel", cancel)`, `r.Route("/orders", func(r chi.Router) { … })`.
    pub(super) fn declares_inside(&self, call: Id, path: Id) -> bool {
        let syntax = self.syntax();
        let routes = &idioms().routes;
        let name = syntax.name(call);
        if syntax.get(call).receiver != Some(path) {
            let is_function = |id: Id| syntax.role(id) == Role::Function;
            return routes.mount.contains(name)
                && !routes.get.contains(name)
                && syntax.arguments(call).any(is_function);
        }
        let mut given = syntax.arguments(call);
        self.declares(call)
            && given.next().is_some_and(|first| {
                self.is_rooted(first)
                    || given.any(|id| self.is_rooted(id))
                    || (is_text(syntax, first) && self.front(path).is_router())
            })
    }

    /// Whether a call of this name can declare or mount a path.
    pub(super) fn declares(&self, call: Id) -> bool {
        let name = self.syntax().name(call);
        let routes = &idioms().routes;
        let known = [&routes.declare, &routes.mount, &routes.attach];
        idioms().verb_in(name).is_some() || known.iter().any(|words| words.contains(name))
    }

    /// Whether an argument is a path by itself: a text that begins with a slash, or none at all.
    pub(super) fn is_rooted(&self, id: Id) -> bool {
        let is_path = |pattern: &Pattern| match pattern.as_slice() {
            [] => true,
            [Piece::Text(text), ..] => text.is_empty() || text.starts_with('/'),
            _ => false,
        };
        is_text(self.syntax(), id) && self.folder.fold(id).iter().any(is_path)
    }

    /// The argument, or the entry of an argument, that holds a prefix.
    pub(super) fn base_argument(&self, call: Id) -> Option<Id> {
        let syntax = self.syntax();
        let below = |id: Id| match syntax.role(id) {
            Role::Pair => vec![id],
            Role::Object => syntax.get(id).kids.clone(),
            _ => Vec::new(),
        };
        syntax.arguments(call).flat_map(below).find(|id| {
            syntax.role(*id) == Role::Pair && idioms().arguments.base.contains(syntax.name(*id))
        })
    }

    fn named_front(&self, on: Id, steps: usize) -> Front {
        let syntax = self.syntax();
        let name = syntax.name(on);
        let values = self.folder.scopes.values(syntax, on);
        let mut found = Front::default();
        for value in values.iter().filter(|v| is_made(syntax, **v)) {
            let front = self.front_in(*value, steps);
            if found.prefix.is_none() {
                found.prefix = front.prefix;
            }
            found.names.extend(front.names);
        }
        if !found.names.is_empty() {
            found.names.insert(name.to_owned());
        }
        if !values.is_empty() || syntax.role(on) == Role::Member {
            return found;
        }
        let around = std::iter::successors(syntax.function_of(on), |f| syntax.function_of(*f));
        let given = around.into_iter().find(|f| takes(syntax, *f, name));
        match given {
            Some(function) => self.given_to(function, steps),
            // `Route::prefix("/a")->group(function () { Route::get(…) })`
            None if is_maker(name) => syntax
                .function_of(on)
                .map_or_else(Front::default, |function| self.inside(function, steps)),
            None => Front::default(),
        }
    }

    /// What a function's router has in front: by the mount that the function is an argument of, or
    /// whoever calls it.
    fn given_to(&self, function: Id, steps: usize) -> Front {
        let inside = self.inside(function, steps);
        if inside.is_router() {
            return inside;
        }
        Front {
            prefix: None,
            names: self.makers_of(function),
        }
    }

    /// What stands in front of the routes in a function that is given to a mount.
    fn inside(&self, function: Id, steps: usize) -> Front {
        let syntax = self.syntax();
        let call = syntax.get(function).parent;
        let mount = call.filter(|call| {
            syntax.role(*call) == Role::Call && idioms().routes.mount.contains(syntax.name(*call))
        });
        let Some(call) = mount else {
            return Front::default();
        };
        let receiver = syntax.get(call).receiver;
        let mut front = receiver.map_or_else(Front::default, |on| self.front_in(on, steps));
        let first = syntax.arguments(call).next();
        let own = first.filter(|first| is_text(syntax, *first));
        let own = self.base_argument(call).or(own);
        front.prefix = Front::behind(front.prefix, own.map(|id| self.folder.fold(id)));
        front
    }

    /// What something made here can be asked for by: the functions around, and the file.
    pub(super) fn makers_of(&self, made: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let own = (syntax.role(made) == Role::Function).then_some(made);
        let first = own.or(syntax.function_of(made));
        let around = std::iter::successors(first, |f| syntax.function_of(*f));
        let mut names: BTreeSet<String> = around
            .filter_map(|f| syntax.function_name(f))
            .map(str::to_owned)
            .collect();
        names.insert(String::new());
        names
    }

    /// The prefix that annotations of the class around a function say.
    pub(super) fn class_prefix(&self, function: Id) -> Option<Vec<Pattern>> {
        let syntax = self.syntax();
        let class = syntax.class_of(function)?;
        let above = syntax.classes_above(class).into_iter();
        let routes = &idioms().routes;
        for annotation in above.flat_map(|class| self.annotations(class)) {
            if !routes.classes.contains(syntax.name(annotation)) {
                continue;
            }
            // `@Controller({ path: "users" })`
            let mut given = syntax.arguments(annotation).flat_map(|id| {
                let entries = syntax.get(id).kids.iter().copied();
                let is_entry = |kid: &Id| syntax.role(*kid) == Role::Pair;
                match syntax.role(id) {
                    Role::Object => entries.filter(is_entry).collect(),
                    _ => vec![id],
                }
            });
            let prefix = given.find(|id| {
                is_text(syntax, *id)
                    || matches!(syntax.role(*id), Role::Name | Role::Member)
                    || (syntax.role(*id) == Role::Pair && routes.prefix.contains(syntax.name(*id)))
            });
            if let Some(prefix) = prefix {
                let name = syntax.name(class);
                let name = name.strip_suffix("Controller").unwrap_or(name);
                return Some(
                    self.folder
                        .fold(prefix)
                        .into_iter()
                        .flat_map(|p| named(p, name))
                        .collect(),
                );
            }
        }
        None
    }

    /// What stands in front of the router that an annotation names: `@router.get(…)`.
    pub(super) fn router_of(&self, annotation: Id) -> Front {
        let syntax = self.syntax();
        let Some(router) = owner(syntax.head(annotation)) else {
            return Front::default();
        };
        let assigns = self.folder.scopes.assignments(router).iter();
        let made = assigns.filter_map(|assign| super::scope::value(syntax, *assign));
        let mut found = Front::default();
        for value in made.filter(|value| is_made(syntax, *value)) {
            let front = self.front(value);
            if found.prefix.is_none() {
                found.prefix = front.prefix;
            }
            found.names.extend(front.names);
        }
        if !found.names.is_empty() {
            found.names.insert(router.to_owned());
        }
        found
    }
}

/// Whether something is made by a call, or has another name.
fn is_made(syntax: &Syntax<'_>, value: Id) -> bool {
    matches!(
        syntax.role(value),
        Role::Call | Role::Name | Role::Member | Role::Other
    )
}

/// Whether a call of this name makes a router.
pub(super) fn is_maker(head: &str) -> bool {
    let makers = &idioms().routes.makers;
    words(head).iter().any(|word| makers.contains(word))
}

/// `[controller]` stands for the class's name.
fn named(pattern: Pattern, name: &str) -> Vec<Pattern> {
    let put = |name: &str| -> Pattern {
        let with = |piece: &Piece| match piece {
            Piece::Text(text) => Piece::Text(text.replace("[controller]", name)),
            Piece::Hole(hole) => Piece::Hole(hole.clone()),
        };
        pattern.iter().map(with).collect()
    };
    let as_written = put(name);
    if as_written == pattern {
        vec![pattern]
    } else {
        vec![as_written, put(&name.to_lowercase())]
    }
}

/// Each of the first with each of the second behind it.
pub(super) fn join_prefixes(first: &[Pattern], second: &[Pattern]) -> Vec<Pattern> {
    let mut joined = Vec::new();
    for head in first {
        for tail in second.iter().take(4) {
            let mut pattern = head.clone();
            pattern.push(Piece::Text("/".to_owned()));
            pattern.extend(tail.iter().cloned());
            joined.push(pattern);
        }
    }
    joined.truncate(8);
    joined
}
