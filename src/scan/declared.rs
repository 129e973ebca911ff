//! What annotations declare: `@app.get("/x")`, `@GetMapping("x")`, `#[get("/x")]`.

use std::collections::BTreeSet;

use super::idioms::idioms;
use super::language::Role;
use super::request::{Context, How, Requests, Stance};
use super::syntax::Id;

/// Stands in front of the name of a function that an annotation declares a path for, so that it is no
/// router's.
pub(super) const DECLARED: char = '#';

impl Requests<'_, '_> {
    /// What an annotation with a path in it says.
    pub(super) fn annotation(&self, annotation: Id, context: &mut Context) {
        let syntax = self.syntax();
        let routes = &idioms().routes;
        let owner_of = syntax.ancestors(annotation).find(|at| {
            matches!(
                syntax.role(*at),
                Role::Function | Role::Class | Role::Parameter
            )
        });
        let Some(owned) = owner_of else {
            context.stance = Stance::Mentioned;
            return;
        };
        if syntax.role(owned) != Role::Function {
            context.stance = Stance::Prefix;
            return;
        }
        context.annotated = Some(annotation);
        context.plain = true;
        let name = syntax.name(annotation);
        let mut said: BTreeSet<String> = idioms()
            .verb_in(name)
            .map(str::to_owned)
            .into_iter()
            .collect();
        if said.is_empty() {
            said = syntax
                .arguments(annotation)
                .flat_map(|id| self.method_of(id))
                .collect();
        }
        if said.is_empty() {
            said = self.said_beside(annotation, owned);
        }
        if said.is_empty() && routes.get.contains(name) {
            said.insert("GET".to_owned());
        }
        if said.is_empty() && routes.any.contains(name) {
            context.methods.any = true;
            context.methods.how = How::Default;
        }
        if said.is_empty() && !context.methods.any {
            context.stance = Stance::Mentioned;
        } else if self.is_guard(annotation) {
            context.stance = Stance::Listed;
        }
        context.methods.say(said);
        let front = self.router_of(annotation);
        context.prefixes.extend(front.prefix);
        context.routers.extend(front.names);
        let class = self.class_prefix(owned);
        if class.is_none() && context.routers.is_empty() {
            // `#[get("/x")] fn show()`, mounted by the function's name.
            let name = syntax.function_name(owned);
            context
                .routers
                .extend(name.map(|name| format!("{DECLARED}{name}")));
        }
        context.prefixes.extend(class);
    }

    /// The methods that other annotations of a function say: `@GET @Path("x")`,
    /// `[HttpDelete] [Route("x")]`.
    fn said_beside(&self, annotation: Id, function: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let mut said = BTreeSet::new();
        for at in self.annotations(function) {
            if at == annotation {
                continue;
            }
            let name = syntax.name(at);
            said.extend(idioms().verb_in(name).map(str::to_owned));
            if idioms().arguments.method.contains(name) {
                let given = syntax.arguments(at);
                said.extend(given.flat_map(|id| self.method_of(id)));
            }
        }
        said
    }

    /// What a function gives that is a request of an endpoint: `query: () => 'users'`.
    pub(super) fn given(&self, function: Id, site: Id, context: &mut Context) {
        let syntax = self.syntax();
        let calls = &idioms().calls;
        let name = syntax.function_name(function).unwrap_or("");
        let Some(method) = calls.gives.get(name) else {
            return;
        };
        let inside = syntax.ancestors(site).take_while(|at| *at != function);
        let mut inside = std::iter::once(site).chain(inside);
        let is_given = inside.all(|at| match syntax.role(at) {
            Role::Pair => idioms().arguments.path.contains(syntax.name(at)),
            Role::String
            | Role::Concat
            | Role::Name
            | Role::Member
            | Role::Object
            | Role::Returns
            | Role::Choice
            | Role::Other => true,
            _ => false,
        });
        let mut around = syntax.ancestors(function);
        let call = around.find(|at| !matches!(syntax.role(*at), Role::Pair | Role::Object));
        let declares = call.is_some_and(|call| {
            syntax.role(call) == Role::Call && calls.endpoints.contains(syntax.name(call))
        });
        if is_given && declares {
            context.plain = true;
            context.methods.say(BTreeSet::from([method.clone()]));
        }
    }

    /// The annotations of a function or class.
    pub(super) fn annotations(&self, owned: Id) -> Vec<Id> {
        let syntax = self.syntax();
        let mut found = Vec::new();
        for kid in &syntax.get(owned).kids {
            match syntax.role(*kid) {
                Role::Annotation => found.push(*kid),
                Role::Other => {
                    let below = syntax.get(*kid).kids.iter().copied();
                    found.extend(below.filter(|id| syntax.role(*id) == Role::Annotation));
                }
                _ => {}
            }
        }
        found
    }

    /// Annotations that name a method and no path, on functions of classes with a prefix.
    pub(super) fn bare_routes(&self) -> Vec<(Id, Context)> {
        let syntax = self.syntax();
        let mut found = Vec::new();
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) != Role::Annotation
                || idioms().verb_in(syntax.name(id)).is_none()
                || syntax.arguments(id).any(|given| self.is_given_path(given))
            {
                continue;
            }
            let mut context = Context::default();
            self.annotation(id, &mut context);
            if self.is_routed(id) {
                continue;
            }
            if context.stance != Stance::Prefix && !context.prefixes.is_empty() {
                context.prefixes.reverse();
                found.push((id, context));
            }
        }
        found
    }
    /// Whether what an annotation is given can be a path, and not how its route is called:
    /// `[HttpGet(Name = "list")]`.
    fn is_given_path(&self, given: Id) -> bool {
        let syntax = self.syntax();
        let (name, is_pair) = (syntax.name(given), syntax.role(given) == Role::Pair);
        !is_pair || idioms().routes.prefix.contains(name) || idioms().arguments.path.contains(name)
    }

    /// Whether another annotation of the function has the path: `@GET @Path("x")`.
    fn is_routed(&self, annotation: Id) -> bool {
        let syntax = self.syntax();
        let mut around = syntax.ancestors(annotation);
        let function = around.find(|at| syntax.role(*at) == Role::Function);
        let beside = function.map_or_else(Vec::new, |function| self.annotations(function));
        let has_path = |at: &Id| {
            idioms().routes.classes.contains(syntax.name(*at))
                && syntax.arguments(*at).any(|given| self.is_given_path(given))
        };
        beside.iter().any(|at| *at != annotation && has_path(at))
    }
}
