//! What is done with a path where it stands: the method it is called with, the prefixes in front of
//! it, the calls it goes through.

use std::collections::{BTreeSet, HashMap};

use super::custom::CustomCalls;
use super::feeds;
use super::fold::Folder;
use super::front::is_maker;
use super::idioms::idioms;
use super::language::Role;
use super::pattern::Pattern;
use super::resources::Declared;
use super::scope::client;
use super::syntax::{Id, Syntax, is_text};

/// How the method was found; the better, the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum How {
    /// The call, annotation or table around the path says it.
    Said,
    /// The function that the path is given to sends one method.
    Wrapper,
    /// The call sends this method unless another is said.
    Default,
    /// The function around sends one method and no other.
    Around,
    /// It was not found.
    #[default]
    Unknown,
}

/// The methods that a path is called with.
#[derive(Debug, Clone, Default)]
pub(super) struct Methods {
    pub(super) names: BTreeSet<String>,
    /// Whether it answers any method.
    pub(super) any: bool,
    pub(super) how: How,
    /// What it is given to, for functions of other files.
    pub(super) callees: Vec<String>,
    /// How many of these stand inside the first that may put it together with more.
    pub(super) doubt: Option<usize>,
    /// Whether it may be only a part of the path that is called with them.
    pub(super) part: bool,
}

/// What is known of a path from what stands around it.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) methods: Methods,
    /// What stands in front of it, the outermost first; each with alternatives.
    pub(super) prefixes: Vec<Vec<Pattern>>,
    /// The routes of a resource that it stands for: on the whole and on each of it.
    pub(super) resource: Option<Declared>,
    /// The view that is declared to answer, in its parts, where the declaration says no method.
    pub(super) view: Option<Vec<String>>,
    /// The names that what it is declared on can be mounted by.
    pub(super) routers: BTreeSet<String>,
    /// The calls that it goes through, each with the argument or receiver that holds it.
    pub(super) calls: Vec<(Id, Id)>,
    /// The annotation that holds it, and the function that is annotated.
    pub(super) annotated: Option<Id>,
    /// The table that holds it.
    pub(super) table: Option<Id>,
    pub(super) stance: Stance,
    /// Whether it is given to a call whose methods follow: `route("/x").get(show).put(save)`.
    pub(super) routed: bool,
    /// Whether it is called on a client, or declared by an annotation.
    pub(super) plain: bool,
}

/// What a path is for where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stance {
    /// It is called or declared, or its use is not known.
    #[default]
    Used,
    /// It is given a name, to be used elsewhere.
    Defined,
    /// It is only spoken of: a text for people, an import.
    Mentioned,
    /// It is in a list, or given to a call, that says what else holds for it and sends nothing.
    Listed,
    /// It is the prefix of other paths, and no path by itself.
    Prefix,
}

/// Finds contexts in one file.
pub(super) struct Requests<'f, 's> {
    pub(super) folder: Folder<'f, 's>,
    pub(super) custom: &'f CustomCalls,
    /// The methods that each function sends.
    pub(super) sends: HashMap<Id, BTreeSet<String>>,
    /// The method of functions that say none.
    pub(super) defaults: HashMap<Id, String>,
    pub(super) feeds: feeds::Known<'s>,
}

impl<'f, 's> Requests<'f, 's> {
    pub(super) fn new(folder: Folder<'f, 's>, custom: &'f CustomCalls) -> Self {
        let mut requests = Requests {
            folder,
            custom,
            sends: HashMap::new(),
            defaults: HashMap::new(),
            feeds: feeds::Known::default(),
        };
        requests.sends = requests.sent();
        requests.defaults = requests.defaults();
        requests
    }

    pub(super) fn syntax(&self) -> &'f Syntax<'s> {
        self.folder.syntax
    }

    /// Whether a text is given to an annotation, or to a call that declares a route.
    pub(super) fn is_declaration(&self, id: Id) -> bool {
        let syntax = self.syntax();
        let parent = syntax.get(id).parent;
        parent.is_some_and(|at| match syntax.role(at) {
            Role::Annotation => true,
            Role::Call => idioms().routes.declare.contains(syntax.name(at)),
            _ => false,
        })
    }

    /// The context of a path.
    pub(super) fn context(&self, site: Id) -> Context {
        let syntax = self.syntax();
        let mut context = Context::default();
        let mut fallback: Option<String> = None;
        let mut any = false;
        let mut front = false;
        // What only a table around says, and whether what holds it sends nothing.
        let (mut row, mut aside) = (None, false);
        self.assigned(site, &mut context);
        let mut from = site;
        for at in syntax.ancestors(site) {
            match syntax.role(at) {
                Role::Call => {
                    let open = context.methods.how == How::Unknown;
                    let by_call = !open && row.is_none();
                    if !by_call && self.mentions(at, from, &mut context) {
                        return context;
                    }
                    let is_receiver = syntax.get(at).receiver == Some(from);
                    aside |= !by_call && !is_receiver && self.guards(at);
                    front |= self.makes_front(at, from);
                    if open && !any && fallback.is_none() && self.declares_inside(at, from) {
                        self.prefix(at, from, &mut context);
                        front = true;
                        break;
                    }
                    let found = self.call(at, from, &mut context, &mut fallback, &mut any);
                    context.calls.push((at, from));
                    if !found {
                        self.doubt(at, from, site, &mut context);
                    }
                }
                Role::Pair
                    if context.calls.is_empty()
                        && idioms().arguments.base.contains(syntax.name(at)) =>
                {
                    context.stance = Stance::Prefix;
                    return context;
                }
                Role::Object if syntax.role(from) == Role::Pair => {
                    context.table = context.table.or(Some(at));
                    let said = self.method_entries(at, from);
                    row = row.or((context.calls.is_empty() && !said.is_empty()).then_some(at));
                    context.methods.say(said);
                }
                Role::Object if from == site => {
                    let said = self.method_elements(at);
                    row = row.or((!said.is_empty()).then_some(at));
                    context.methods.say(said);
                    self.doubt_element(at, site, &mut context);
                }
                Role::Annotation => {
                    self.annotation(at, &mut context);
                    break;
                }
                Role::Assign => {
                    let said = self.assigned_method(at);
                    context.methods.say(said);
                    let is_part = self.folder.scopes.is_appended(syntax, at);
                    context.stance = if is_part {
                        Stance::Prefix
                    } else if context.view.is_some() {
                        Stance::Used
                    } else {
                        Stance::Defined
                    };
                    if !context.routers.is_empty() {
                        context.routers.insert(syntax.name(at).to_owned());
                    }
                    break;
                }
                Role::Statement => {
                    if syntax.role(from) == Role::String {
                        context.stance = Stance::Mentioned;
                    }
                    break;
                }
                Role::Returns if context.calls.is_empty() => context.stance = Stance::Defined,
                Role::Function if context.calls.is_empty() => {
                    self.given(at, site, &mut context);
                    break;
                }
                Role::Function | Role::Class => break,
                _ => {}
            }
            from = at;
        }
        // What paths are declared behind is called by none of the calls around it.
        let by_view = context.view.is_some();
        let any = any && !by_view;
        if !front && (!by_view || fallback.is_some() || context.methods.callees.len() > 1) {
            self.settle(site, &mut context.methods, fallback, any);
        }
        context.prefixes.reverse();
        let listed = row.is_some_and(|row| !self.is_given(&context) && self.is_listed(row));
        if (aside || listed) && context.stance != Stance::Prefix {
            context.stance = Stance::Listed;
        }
        context
    }

    /// Takes the methods that are assigned with a name in the same function.
    fn assigned(&self, site: Id, context: &mut Context) {
        let syntax = self.syntax();
        if syntax.role(site) != Role::Name {
            return;
        }
        let function = syntax.function_of(site);
        for assign in self.folder.scopes.assignments(syntax.name(site)) {
            if syntax.function_of(*assign) == function {
                context.methods.say(self.assigned_method(*assign));
            }
        }
    }

    /// Notes that a path is what others are declared behind in a call.
    fn prefix(&self, call: Id, from: Id, context: &mut Context) {
        let receiver = self.syntax().get(call).receiver;
        if let Some(on) = receiver.filter(|on| *on != from) {
            let outer = self.front(on);
            context.prefixes.extend(outer.prefix);
            context.routers.extend(outer.names);
        }
        context.calls.push((call, from));
        context.stance = Stance::Defined;
    }

    /// Whether a path is given to a call that sends it, so that it may lack the slash in front.
    pub(super) fn is_sent(&self, context: &Context) -> bool {
        let syntax = self.syntax();
        let Some((call, from)) = context.calls.first().copied() else {
            return false;
        };
        let given = syntax.get(call).receiver != Some(from) && context.stance == Stance::Used;
        let by_function = matches!(context.methods.how, How::Wrapper | How::Default);
        let by_client = || client(syntax, call).is_some_and(|on| idioms().is_client(on));
        given && (by_function || by_client() || idioms().sends(syntax.name(call)))
    }

    /// Whether a call only speaks of a path, or keeps something by it.
    fn mentions(&self, call: Id, from: Id, context: &mut Context) -> bool {
        let syntax = self.syntax();
        let is_given = syntax.get(call).receiver != Some(from);
        let kept = self.looks_up(call).filter(|_| is_given);
        if kept.is_none() && !(is_given && self.tells(call)) {
            return false;
        }
        let said = kept.map(str::to_owned).into_iter();
        context.methods.say(said.collect());
        context.stance = Stance::Mentioned;
        true
    }

    /// Takes what a call says of what it is given or made on; whether it says a method.
    fn call(
        &self,
        call: Id,
        from: Id,
        context: &mut Context,
        fallback: &mut Option<String>,
        any: &mut bool,
    ) -> bool {
        let syntax = self.syntax();
        let name = syntax.name(call);
        let is_receiver = syntax.get(call).receiver == Some(from);
        let others: Vec<Id> = syntax.arguments(call).filter(|id| *id != from).collect();
        let mut said = BTreeSet::new();
        if !is_receiver {
            said = self.custom.methods(syntax, call, |id| self.method_of(id));
        }
        if said.is_empty() {
            let own = if is_receiver {
                idioms().verb(name)
            } else {
                idioms().verb_in(name)
            };
            said.extend(own.map(str::to_owned));
        }
        if said.is_empty() && !is_receiver {
            said = others.iter().flat_map(|id| self.method_of(*id)).collect();
            // `request("GET", "invoices")`
            context.plain |= !said.is_empty() && idioms().sends(name);
            if said.is_empty() {
                said = others
                    .iter()
                    .flat_map(|id| self.method_within(*id))
                    .collect();
            }
        }
        let routes = &idioms().routes;
        let receiver = syntax.get(call).receiver.filter(|_| !is_receiver);
        let front = receiver.map(|receiver| self.front(receiver));
        if said.is_empty() && !is_receiver && routes.declare.contains(name) {
            said = others.iter().flat_map(|id| self.handlers(*id)).collect();
            said.extend(others.iter().flat_map(|id| self.method_list(*id)));
            if said.is_empty() && syntax.get(call).receiver.is_some() {
                *any |= routes.any.contains(name);
                if routes.get.contains(name) {
                    *fallback = Some("GET".to_owned());
                    context.routed = true;
                }
            } else if said.is_empty() && others.iter().any(|id| !is_text(syntax, *id)) {
                *any |= routes.any.contains(name) || routes.bare.contains(name);
            }
        }
        if !said.is_empty() && !is_receiver {
            let on = client(syntax, call);
            context.plain |= on.is_some_and(|on| idioms().is_client(on));
        }
        // `router.register("users", UserViewSet)`
        let of_router =
            || is_maker(syntax.head(call)) || front.as_ref().is_some_and(|f| !f.names.is_empty());
        let resource = self
            .resource(call)
            .filter(|_| said.is_empty() && !is_receiver);
        if let Some(resource) = resource.filter(|_| of_router()) {
            *any = true;
            context.plain = true;
            context.resource = Some(resource);
        }
        let declares = said.is_empty() && (*any || fallback.is_some());
        if declares && !is_receiver && routes.viewed.contains(name) {
            self.viewed(call, from, context);
        }
        let found_here = !said.is_empty() || *any || fallback.is_some();
        let says = !said.is_empty() || *any;
        if context.routed && is_receiver && context.methods.how == How::Said {
            context.methods.names.extend(said);
        } else {
            context.methods.say(said);
        }
        let default = idioms().default_verb(syntax.head(call));
        if fallback.is_none() {
            *fallback = default.map(str::to_owned);
        }
        if context.methods.how == How::Unknown && (*any || fallback.is_some()) {
            context.methods.part |= context.methods.doubt.is_some();
        }
        if !is_receiver {
            // What keeps things is no function of another file that has the same name.
            let callee = if self.is_on_store(call) { "" } else { name };
            context.methods.callees.push(callee.to_owned());
            if found_here || context.calls.is_empty() {
                if let Some(front) = front {
                    context.prefixes.extend(front.prefix);
                    context.routers.extend(front.names);
                } else if *any && routes.bare.contains(name) && syntax.function_of(call).is_none() {
                    context.routers.insert(String::new());
                }
            }
            // The routes inside a mount.
            let first = syntax.arguments(call).next();
            if routes.mount.contains(name)
                && let Some(first) = first.filter(|first| *first != from)
                && is_text(syntax, first)
            {
                context.prefixes.push(self.folder.fold(first));
            }
        }
        says || default.is_some()
    }

    /// The methods of a path whose surroundings did not say them.
    fn settle(&self, site: Id, methods: &mut Methods, fallback: Option<String>, any: bool) {
        if methods.how != How::Unknown {
            return;
        }
        let syntax = self.syntax();
        if any {
            methods.any = true;
            methods.how = How::Default;
            return;
        }
        for (at, callee) in methods.callees.iter().enumerate() {
            for function in self.folder.scopes.functions(callee) {
                if let Some(sends) = self.sends.get(function)
                    && sends.len() == 1
                {
                    methods.names.clone_from(sends);
                    methods.how = How::Wrapper;
                    methods.part = methods.is_part_in(at);
                    return;
                }
            }
        }
        let around = syntax.function_of(site).and_then(|f| self.sends.get(&f));
        let around = around.filter(|sends| sends.len() == 1);
        let around = around.filter(|_| self.reaches_sender(site));
        let staged = &idioms().calls.staged;
        let is_staged = methods.callees.iter().any(|callee| staged.contains(callee));
        if let Some(method) = fallback.filter(|_| !is_staged || around.is_none()) {
            methods.names.insert(method);
            methods.how = How::Default;
            return;
        }
        if let Some(sends) = around {
            methods.names.clone_from(sends);
            methods.how = How::Around;
            methods.part = methods.doubt.is_some() && !methods.callees.is_empty();
            return;
        }
        let default = methods.callees.iter().enumerate().find_map(|(at, callee)| {
            let mut functions = self.folder.scopes.functions(callee).iter();
            let method = functions.find_map(|function| self.defaults.get(function));
            method.map(|method| (at, method))
        });
        if let Some((at, method)) = default {
            methods.names.insert(method.clone());
            methods.how = How::Default;
            methods.part = methods.is_part_in(at);
        }
    }
}

impl Context {
    /// Whether it is the path of a route, whatever method that answers.
    pub(super) fn is_route(&self) -> bool {
        self.methods.any || self.view.is_some() || self.resource.is_some()
    }
}

impl Methods {
    /// Takes what the surroundings say; the innermost wins.
    pub(super) fn say(&mut self, said: BTreeSet<String>) {
        if self.how == How::Unknown && !said.is_empty() {
            self.names = said;
            self.how = How::Said;
            self.part = self.doubt.is_some();
        }
    }
}
