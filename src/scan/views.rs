//! What views answer: the classes and functions that declarations name, in the file or in another one:
//! `path("x", Users.as_view())`, `router.register("users", UserViewSet)`.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::bases;
use super::idioms::{Actions, idioms};
use super::language::Role;
use super::mounts::parts;
use super::request::{Context, How, Requests};
use super::routers::{Routers, Unread};
use super::syntax::Id;

/// How many classes above a class are followed.
const MAX_STEPS: usize = 6;

/// A class or function that a declaration can name.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// Methods and actions: the functions of a class, what is said at a function.
    words: BTreeSet<String>,
    /// What a class is made of.
    bases: Vec<Vec<String>>,
    /// Whether it is a function that may answer more than it speaks of.
    open: bool,
    is_function: bool,
}

/// The view that a declaration names.
#[derive(Debug, Clone)]
pub(super) struct Viewed {
    /// `views.Users` in its parts; none if no name is given.
    pub(super) parts: Vec<String>,
    /// The methods by action, if it is one of a resource.
    pub(super) actions: Option<&'static Actions>,
}

/// What is known of a view's answers.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) methods: BTreeSet<String>,
    pub(super) how: How,
    /// Whether there may be others.
    pub(super) open: bool,
}

impl Requests<'_, '_> {
    /// The classes and functions of the file that a declaration can name.
    pub(super) fn views(&self) -> BTreeMap<String, View> {
        let syntax = self.syntax();
        let mut found: BTreeMap<String, View> = BTreeMap::new();
        for id in 0..syntax.nodes.len() {
            let is_inside = syntax.function_of(id).is_some();
            let class = syntax.class_of(id);
            let function = || syntax.function_name(id).unwrap_or("");
            match syntax.role(id) {
                Role::Class if !is_inside => {
                    let view = found.entry(syntax.name(id).to_owned()).or_default();
                    view.bases.extend(bases(syntax, id).map(parts));
                }
                Role::Function if !is_inside && class.is_none() => {
                    found.insert(function().to_owned(), self.view_function(id));
                }
                Role::Function if !is_inside => {
                    let class = class.map_or("", |class| syntax.name(class));
                    let view = found.entry(class.to_owned()).or_default();
                    view.words.insert(function().to_owned());
                }
                _ => {}
            }
        }
        found
    }

    /// What a function answers: what its annotations say, or the methods that it asks for.
    fn view_function(&self, function: Id) -> View {
        let syntax = self.syntax();
        let mut view = View {
            is_function: true,
            ..View::default()
        };
        for annotation in self.annotations(function) {
            let name = syntax.name(annotation);
            let given = syntax.arguments(annotation);
            let listed: BTreeSet<String> = given.flat_map(|id| self.method_list(id)).collect();
            let own = idioms().views.get(name).filter(|_| listed.is_empty());
            view.words.extend(own.into_iter().flatten().cloned());
            if own.is_none() && listed.is_empty() {
                view.words.extend(idioms().verb_in(name).map(str::to_owned));
            }
            view.words.extend(listed);
        }
        if !view.words.is_empty() {
            return view;
        }
        let source = syntax.source(function);
        if source.contains(".method") {
            let texts = syntax.descendants(function).into_iter();
            let texts = texts.filter(|id| syntax.role(*id) == Role::String);
            let words = texts.map(|id| syntax.source(id).trim_matches(['"', '\'']));
            let verbs = words.filter(|word| idioms().verb(word) == Some(word));
            view.words.extend(verbs.map(str::to_owned));
        }
        // `if request.method != "POST": …` turns all others away.
        let refuses = source.contains(".method !=") || source.contains(".method not in");
        view.open = view.words.is_empty() || !refuses;
        if view.open {
            view.words.insert("GET".to_owned());
        }
        view
    }

    /// Notes the view that a call which declares a route is given behind the path.
    pub(super) fn viewed(&self, call: Id, from: Id, context: &mut Context) {
        let syntax = self.syntax();
        let given: Vec<Id> = syntax.arguments(call).filter(|id| *id != from).collect();
        let found = given.iter().find_map(|id| self.view_in(*id, MAX_STEPS));
        let (parts, mapped) = found.unwrap_or_default();
        context.methods.say(mapped);
        context.view = Some(parts);
    }

    /// The view in an argument, and the methods that are mapped to its actions:
    /// `csrf_exempt(Users.as_view({"get": "list"}))`.
    fn view_in(&self, id: Id, steps: usize) -> Option<(Vec<String>, BTreeSet<String>)> {
        let syntax = self.syntax();
        let steps = steps.checked_sub(1)?;
        let routes = &idioms().routes;
        match syntax.role(id) {
            Role::Name | Role::Member => Some((parts(syntax.source(id)), BTreeSet::new())),
            Role::Pair if routes.views.contains(syntax.name(id)) => {
                self.view_in(*syntax.get(id).kids.last()?, steps)
            }
            Role::Call if routes.as_view.contains(syntax.name(id)) => {
                let mut made_of = parts(syntax.head(id));
                made_of.pop();
                let tables = syntax.arguments(id);
                let tables = tables.filter(|given| syntax.role(*given) == Role::Object);
                let keys = tables.flat_map(|table| syntax.get(table).kids.iter());
                let keys = keys.map(|entry| syntax.name(*entry).trim_matches(['"', '\'']));
                let mapped = keys.filter_map(|key| idioms().verb(key).map(str::to_owned));
                Some((made_of, mapped.collect()))
            }
            Role::Call
                if !routes.mount.contains(syntax.name(id)) && syntax.name(id) != "include" =>
            {
                syntax
                    .arguments(id)
                    .find_map(|given| self.view_in(given, steps))
            }
            _ => None,
        }
    }
}

impl Routers<'_> {
    /// What the view of a declaration answers whose own methods were found in some way.
    pub(super) fn answers(&self, file: usize, view: &Viewed, how: How) -> Option<Answers> {
        let known = self.answer(file, &view.parts, MAX_STEPS)?;
        if known.is_function && how != How::Unknown {
            return None;
        }
        let words = known.words.iter();
        let methods: BTreeSet<String> = if let Some(actions) = view.actions {
            let named = words.filter_map(|word| actions.get(word));
            named.flatten().cloned().collect()
        } else {
            let verbs = words.filter_map(|word| idioms().verb(word));
            verbs.map(str::to_owned).collect()
        };
        Some(Answers {
            methods,
            how: if known.open { How::Default } else { How::Said },
            open: known.open,
        })
    }

    /// A view with what the classes above it answer.
    fn answer(&self, file: usize, parts: &[String], steps: usize) -> Option<View> {
        let steps = steps.checked_sub(1)?;
        let last = parts.last()?;
        let Some((at, view)) = self.view(file, parts) else {
            let words = idioms().views.get(last)?.clone();
            return Some(View {
                words,
                ..View::default()
            });
        };
        let mut found = view.clone();
        for base in &view.bases {
            match self.answer(at, base, steps) {
                Some(above) => {
                    found.words.extend(above.words);
                    found.open |= above.open;
                }
                None => found.open = true,
            }
        }
        Some(found)
    }

    /// The view of a name, in the file that it is likely in.
    fn view(&self, file: usize, parts: &[String]) -> Option<(usize, &View)> {
        let meant = self.named(file, parts);
        meant.into_iter().find_map(|(at, name)| {
            let view = self.facts(at)?.views.get(&name)?;
            Some((at, view))
        })
    }

    /// Notes the files that views are in which were not read.
    pub(super) fn unread_views(&self, unread: &mut Unread) {
        for at in 0..self.count() {
            let sites = self.facts(at).into_iter().flat_map(|facts| &facts.sites);
            for view in sites.filter_map(|site| site.view.as_ref()) {
                self.unread_view(at, &view.parts, MAX_STEPS, unread);
            }
        }
    }

    fn unread_view(&self, file: usize, parts: &[String], steps: usize, unread: &mut Unread) {
        let Some(steps) = steps.checked_sub(1) else {
            return;
        };
        if let Some((at, view)) = self.view(file, parts) {
            for base in &view.bases {
                self.unread_view(at, base, steps, unread);
            }
        } else if !parts
            .last()
            .is_some_and(|name| idioms().views.contains_key(name))
        {
            let meant = self.named(file, parts).into_iter().map(|(at, _)| at);
            unread
                .files
                .extend(meant.filter(|at| self.facts(*at).is_none()));
        }
    }
}
