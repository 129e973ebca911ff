//! What is declared of a resource, on the whole and on each of it: `Route::apiResource("users", …)`,
//! `router.register("users", UserViewSet)`.

use std::collections::BTreeSet;

use super::facts::Site;
use super::idioms::{Actions, Resource, idioms};
use super::language::Role;
use super::pattern::Piece;
use super::request::{Context, How, Methods, Requests};
use super::syntax::Id;
use super::views::Viewed;

/// What a resource declares.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) resource: &'static Resource,
    /// The actions that are declared, unless its view says them.
    pub(super) only: Option<BTreeSet<String>>,
}

impl Declared {
    /// The sites of a resource's routes, of the one that names it.
    pub(super) fn sites(&self, named: Site) -> Vec<Site> {
        let mut each = named.clone();
        for pattern in &mut each.patterns {
            pattern.push(Piece::Text("/{id}".to_owned()));
        }
        let sides = [(named, &self.resource.whole), (each, &self.resource.each)];
        let sides = sides.into_iter();
        sides
            .filter_map(|(site, actions)| self.side(site, actions))
            .collect()
    }

    fn side(&self, mut site: Site, actions: &'static Actions) -> Option<Site> {
        site.methods.any = false;
        site.methods.names.clear();
        let Some(only) = &self.only else {
            let parts = site.view.map_or_else(Vec::new, |view| view.parts);
            let actions = Some(actions);
            site.view = Some(Viewed { parts, actions });
            site.methods.how = How::Unknown;
            return Some(site);
        };
        let named = only.iter().filter_map(|action| actions.get(action));
        site.methods.names.extend(named.flatten().cloned());
        site.methods.how = How::Said;
        (!site.methods.names.is_empty()).then_some(site)
    }
}

impl Requests<'_, '_> {
    /// What a call declares of a resource.
    pub(super) fn resource(&self, call: Id) -> Option<Declared> {
        let syntax = self.syntax();
        let resource = idioms().resource(syntax.name(call))?;
        if !resource.complete {
            return Some(Declared {
                resource,
                only: None,
            });
        }
        let all = resource.whole.keys().chain(resource.each.keys()).cloned();
        let mut only: BTreeSet<String> = all.collect();
        let routes = &idioms().routes;
        let mut limit = |name: &str, given: Vec<Id>| {
            let named: BTreeSet<&str> = given
                .into_iter()
                .flat_map(|id| syntax.descendants(id))
                .filter(|id| syntax.role(*id) == Role::String)
                .map(|id| syntax.source(id).trim_matches(['"', '\'']))
                .collect();
            if routes.only.contains(name) {
                only.retain(|action| named.contains(action.as_str()));
            } else if routes.except.contains(name) {
                only.retain(|action| !named.contains(action.as_str()));
            }
        };
        // `Route::resource("users", Users::class, ["only" => ["index"]])`
        for given in syntax.arguments(call) {
            for entry in syntax.get(given).kids.iter().copied() {
                if syntax.role(entry) == Role::Pair {
                    let value = syntax.get(entry).kids.last().copied();
                    let name = syntax.name(entry).trim_matches(['"', '\'']);
                    limit(name, value.into_iter().collect());
                }
            }
        }
        let mut inner = call;
        for at in syntax.ancestors(call) {
            if syntax.role(at) != Role::Call || syntax.get(at).receiver != Some(inner) {
                break;
            }
            limit(syntax.name(at), syntax.arguments(at).collect());
            inner = at;
        }
        Some(Declared {
            resource,
            only: Some(only),
        })
    }

    /// Routes that functions of a view declare behind those of its resource:
    /// `@action(detail=True, methods=["post"])`. Each with its path.
    pub(super) fn extra_routes(&self) -> Vec<(Id, String, Context)> {
        let syntax = self.syntax();
        let mut found = Vec::new();
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) != Role::Annotation
                || !idioms().routes.extra.contains(syntax.name(id))
            {
                continue;
            }
            let entry = |name: &str| syntax.arguments(id).find(|id| syntax.name(*id) == name);
            let mut around = syntax.ancestors(id);
            let function = around.find(|at| syntax.role(*at) == Role::Function);
            let (Some(function), Some(detail)) = (function, entry("detail")) else {
                continue;
            };
            let Some(class) = syntax.class_of(function) else {
                continue;
            };
            let own = entry("url_path").and_then(|pair| syntax.get(pair).kids.last().copied());
            let own = own.map(|text| syntax.source(text).trim_matches(['r', '"', '\'']));
            let own = own.or_else(|| syntax.function_name(function)).unwrap_or("");
            let is_each = syntax.source(detail).ends_with("True");
            let path = if is_each {
                format!("{{id}}/{own}")
            } else {
                own.to_owned()
            };
            let said = syntax.arguments(id).flat_map(|given| self.method_of(given));
            let mut names: BTreeSet<String> = said.collect();
            if names.is_empty() {
                names.insert("GET".to_owned());
            }
            let methods = Methods {
                names,
                how: How::Said,
                ..Methods::default()
            };
            let context = Context {
                methods,
                annotated: Some(id),
                plain: true,
                routers: BTreeSet::from([syntax.name(class).to_owned()]),
                ..Context::default()
            };
            found.push((id, path, context));
        }
        found
    }
}
