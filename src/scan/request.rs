//! What is done with a path where it stands: the method it is called with, the prefixes in front of
//! it, the calls it goes through.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::custom::CustomCalls;
use super::fold::Folder;
use super::idioms::{idioms, words};
use super::language::Role;
use super::pattern::{Pattern, Piece};
use super::scope::{owner, value};
use super::syntax::{Id, Syntax};

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
}

/// What is known of a path from what stands around it.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) methods: Methods,
    /// What stands in front of it, the outermost first; each with alternatives.
    pub(super) prefixes: Vec<Vec<Pattern>>,
    /// The calls that it goes through, each with the argument or receiver that holds it.
    pub(super) calls: Vec<(Id, Id)>,
    /// The annotation that holds it, and the function that is annotated.
    pub(super) annotated: Option<Id>,
    /// The table that holds it.
    pub(super) table: Option<Id>,
    pub(super) stance: Stance,
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
    /// It is the prefix of other paths, and no path by itself.
    Prefix,
}

/// Finds contexts in one file.
pub(super) struct Requests<'f, 's> {
    pub(super) folder: Folder<'f, 's>,
    pub(super) custom: &'f CustomCalls,
    /// The methods that each function sends.
    pub(super) sends: HashMap<Id, BTreeSet<String>>,
    /// The calls that mount a router, by its name.
    mounts: HashMap<&'s str, Id>,
}

impl<'f, 's> Requests<'f, 's> {
    pub(super) fn new(folder: Folder<'f, 's>, custom: &'f CustomCalls) -> Self {
        let mut requests = Requests {
            folder,
            custom,
            sends: HashMap::new(),
            mounts: HashMap::new(),
        };
        requests.sends = requests.sent();
        requests.mounts = requests.mounting();
        requests
    }

    fn syntax(&self) -> &'f Syntax<'s> {
        self.folder.syntax
    }

    /// The context of a path.
    pub(super) fn context(&self, site: Id) -> Context {
        let syntax = self.syntax();
        let mut context = Context::default();
        let mut fallback: Option<String> = None;
        let mut any = false;
        if syntax.role(site) == Role::Name {
            let function = syntax.function_of(site);
            for assign in self.folder.scopes.assignments(syntax.name(site)) {
                if syntax.function_of(*assign) == function {
                    context.methods.say(self.assigned_method(*assign));
                }
            }
        }
        let mut from = site;
        for at in syntax.ancestors(site) {
            match syntax.role(at) {
                Role::Call => {
                    if idioms().calls.mention.contains(syntax.name(at))
                        && context.methods.how == How::Unknown
                    {
                        context.stance = Stance::Mentioned;
                        return context;
                    }
                    self.call(at, from, &mut context, &mut fallback, &mut any);
                    context.calls.push((at, from));
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
                    context.methods.say(said);
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
                    } else {
                        Stance::Defined
                    };
                    if !context.calls.is_empty() {
                        context.prefixes.extend(self.mounted(syntax.name(at)));
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
                Role::Function | Role::Class => break,
                _ => {}
            }
            from = at;
        }
        self.settle(site, &mut context.methods, fallback, any);
        context.prefixes.reverse();
        context
    }

    fn call(
        &self,
        call: Id,
        from: Id,
        context: &mut Context,
        fallback: &mut Option<String>,
        any: &mut bool,
    ) {
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
            if said.is_empty() {
                said = others
                    .iter()
                    .flat_map(|id| self.method_within(*id))
                    .collect();
            }
        }
        let routes = &idioms().routes;
        if said.is_empty() && !is_receiver && routes.declare.contains(name) {
            said = others.iter().flat_map(|id| self.handlers(*id)).collect();
            if said.is_empty() && syntax.get(call).receiver.is_some() {
                *any |= routes.any.contains(name);
                if routes.get.contains(name) {
                    *fallback = Some("GET".to_owned());
                }
            } else if said.is_empty() && others.iter().any(|id| !is_text(syntax, *id)) {
                *any |= routes.any.contains(name) || routes.bare.contains(name);
            }
        }
        if !said.is_empty() && !is_receiver {
            let on = owner(syntax.head(call).trim_end());
            context.plain |= on.is_some_and(|on| idioms().is_client(on));
        }
        let found_here = !said.is_empty() || *any || fallback.is_some();
        context.methods.say(said);
        if fallback.is_none() {
            *fallback = idioms().default_verb(syntax.head(call)).map(str::to_owned);
        }
        if !is_receiver {
            context.methods.callees.push(name.to_owned());
            if found_here || context.calls.is_empty() {
                let receiver = syntax.get(call).receiver;
                context
                    .prefixes
                    .extend(receiver.and_then(|receiver| self.front_of(receiver)));
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
    }

    /// What stands in front of the paths of a router or client: by how it was made, or by where it
    /// is mounted.
    fn front_of(&self, receiver: Id) -> Option<Vec<Pattern>> {
        let made = self.prefix_of(receiver, 4);
        made.or_else(|| self.mounted(self.syntax().name(receiver)))
    }

    /// Where a router of this name is mounted in the file: `app.use("/users", users)`.
    fn mounted(&self, name: &str) -> Option<Vec<Pattern>> {
        let call = self.mounts.get(name)?;
        let first = self.syntax().arguments(*call).next()?;
        Some(self.folder.fold(first))
    }

    fn mounting(&self) -> HashMap<&'s str, Id> {
        let syntax = self.syntax();
        let routes = &idioms().routes;
        let mut mounts = HashMap::new();
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) != Role::Call || !routes.mount.contains(syntax.name(id)) {
                continue;
            }
            let mut arguments = syntax.arguments(id);
            if arguments.next().is_some_and(|first| is_text(syntax, first)) {
                for named in arguments.filter(|id| syntax.role(*id) == Role::Name) {
                    mounts.entry(syntax.name(named)).or_insert(id);
                }
            }
        }
        mounts
    }

    /// The prefix that a router or client puts in front, by how it was made.
    fn prefix_of(&self, receiver: Id, steps: usize) -> Option<Vec<Pattern>> {
        let syntax = self.syntax();
        let steps = steps.checked_sub(1)?;
        match syntax.role(receiver) {
            Role::Call => {
                let routes = &idioms().routes;
                let arguments: Vec<Id> = syntax.arguments(receiver).collect();
                let below = |id: &Id| match syntax.role(*id) {
                    Role::Pair => vec![*id],
                    Role::Object => syntax.get(*id).kids.clone(),
                    _ => Vec::new(),
                };
                let base = arguments.iter().flat_map(below).find(|id| {
                    syntax.role(*id) == Role::Pair
                        && idioms().arguments.base.contains(syntax.name(*id))
                });
                let first = arguments.first().copied();
                let mounted = first.filter(|first| {
                    let made_on = syntax.get(receiver).receiver.is_some();
                    let text = is_text(syntax, *first);
                    text && made_on && routes.routers.contains(syntax.name(receiver))
                });
                let own = base.or(mounted).map(|id| self.folder.fold(id));
                // `r.Group("/a").Group("/b")`: the prefix of what it was made on comes first.
                let outer = syntax
                    .get(receiver)
                    .receiver
                    .and_then(|on| self.prefix_of(on, steps));
                match (outer, own) {
                    (Some(outer), Some(own)) => Some(join_prefixes(&outer, &own)),
                    (outer, own) => own.or(outer),
                }
            }
            Role::Name | Role::Member => {
                let values = self.folder.scopes.values(syntax, receiver);
                values
                    .into_iter()
                    .find_map(|value| self.prefix_of(value, steps))
            }
            _ => None,
        }
    }

    /// The method that an argument is.
    fn method_of(&self, id: Id) -> BTreeSet<String> {
        self.method_value(id, false, 5)
    }

    fn method_value(&self, id: Id, named: bool, steps: usize) -> BTreeSet<String> {
        let syntax = self.syntax();
        let Some(steps) = steps.checked_sub(1) else {
            return BTreeSet::new();
        };
        let node = syntax.get(id);
        let one = |verb: Option<&str>| verb.map(str::to_owned).into_iter().collect();
        match node.role {
            Role::String => {
                let text = syntax.source(id).trim_matches(|c: char| !c.is_alphabetic());
                one(idioms()
                    .verb(text)
                    .filter(|_| !text.starts_with("del") || named || text.len() > 3))
            }
            Role::Name | Role::Member => {
                let source = syntax.source(id);
                let before = node.span.start.checked_sub(1);
                let dotted = before.is_some_and(|at| syntax.text.as_bytes()[at] == b'.');
                let mut words = words(syntax.name(id));
                let told = source.to_lowercase().contains("method") || dotted || named;
                words.retain(|word| !matches!(word.as_str(), "method" | "http" | "request"));
                if let [word] = words.as_slice()
                    && (told || syntax.name(id).chars().all(|c| !c.is_lowercase()))
                    && let Some(verb) = idioms().verb(word)
                {
                    return one(Some(verb));
                }
                let values = self.folder.scopes.values(syntax, id);
                let text = |id: &Id| is_text(syntax, *id) || syntax.role(*id) == Role::Choice;
                let values = values.into_iter().filter(text);
                values
                    .flat_map(|id| self.method_value(id, named, steps))
                    .collect()
            }
            Role::Pair if idioms().arguments.method.contains(syntax.name(id)) => {
                let value = node.kids.iter();
                value
                    .flat_map(|id| self.method_value(*id, true, steps))
                    .collect()
            }
            Role::Object if named => {
                let kids = node.kids.iter();
                kids.flat_map(|id| self.method_value(*id, true, steps))
                    .collect()
            }
            Role::Choice => {
                let kids = node.kids.iter();
                kids.flat_map(|id| self.method_value(*id, named, steps))
                    .collect()
            }
            Role::Object => self.method_entries(id, id),
            _ => BTreeSet::new(),
        }
    }

    /// The method that entries of a table say.
    fn method_entries(&self, table: Id, except: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let kids = syntax.get(table).kids.iter().copied();
        kids.filter(|id| *id != except && syntax.role(*id) == Role::Pair)
            .flat_map(|id| self.method_of(id))
            .collect()
    }

    /// The method that something inside an argument says: `Builder::new().method(Method::GET)`.
    fn method_within(&self, id: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        if !matches!(syntax.role(id), Role::Call | Role::Other) {
            return BTreeSet::new();
        }
        let mut found = BTreeSet::new();
        for at in syntax.descendants(id) {
            let says = match syntax.role(at) {
                Role::Call => idioms().arguments.method.contains(syntax.name(at)),
                _ => false,
            };
            if says {
                for argument in syntax.arguments(at) {
                    found.extend(self.method_value(argument, true, 3));
                }
            }
        }
        found
    }

    /// The methods of handlers: `get(list).post(create)`.
    fn handlers(&self, id: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let mut found = BTreeSet::new();
        let mut at = Some(id);
        while let Some(id) = at.filter(|id| syntax.role(*id) == Role::Call) {
            found.extend(idioms().verb(syntax.name(id)).map(str::to_owned));
            if let Some(argument) = syntax.arguments(id).next()
                && found.is_empty()
            {
                // `web::get().to(handler)` names it in front; `on(MethodFilter::GET, …)` inside.
                found.extend(self.method_value(argument, true, 3));
            }
            at = syntax.get(id).receiver;
        }
        found
    }

    /// The method that is set on what a path was made part of: `request.httpMethod = "POST"`.
    fn assigned_method(&self, assign: Id) -> BTreeSet<String> {
        let syntax = self.syntax();
        let variable = syntax.name(assign);
        let function = syntax.function_of(assign);
        let mut found = BTreeSet::new();
        for name in &idioms().arguments.method {
            for other in self.folder.scopes.assignments(name) {
                let same = owner(syntax.head(*other)) == Some(variable)
                    && syntax.function_of(*other) == function
                    && syntax.get(*other).span.start > syntax.get(assign).span.start;
                if let Some(value) = value(syntax, *other).filter(|_| same) {
                    found.extend(self.method_value(value, true, 4));
                }
            }
        }
        found
    }

    fn annotation(&self, annotation: Id, context: &mut Context) {
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
            // JAX-RS: `@GET @Path("x")`.
            for at in self.annotations(owned) {
                let verb = idioms().verb(syntax.name(at));
                said.extend(verb.map(str::to_owned));
            }
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
        }
        context.methods.say(said);
        // `@router.get(…)`
        if let Some(router) = owner(syntax.head(annotation)) {
            let made = self.folder.scopes.assignments(router).iter();
            let mut made = made.filter_map(|assign| value(syntax, *assign));
            context
                .prefixes
                .extend(made.find_map(|id| self.prefix_of(id, 4)));
        }
        context.prefixes.extend(self.class_prefix(owned));
    }

    /// The prefix that annotations of the class around a function say.
    fn class_prefix(&self, function: Id) -> Option<Vec<Pattern>> {
        let syntax = self.syntax();
        let class = syntax.class_of(function)?;
        let routes = &idioms().routes;
        for annotation in self.annotations(class) {
            if !routes.classes.contains(syntax.name(annotation)) {
                continue;
            }
            let prefix = syntax.arguments(annotation).find(|id| {
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

    /// The annotations of a function or class.
    fn annotations(&self, owned: Id) -> Vec<Id> {
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
                || syntax
                    .arguments(id)
                    .any(|a| is_text(syntax, a) || syntax.role(a) == Role::Pair)
            {
                continue;
            }
            let mut context = Context::default();
            self.annotation(id, &mut context);
            let jax = syntax
                .ancestors(id)
                .find(|at| syntax.role(*at) == Role::Function)
                .is_some_and(|function| {
                    self.annotations(function)
                        .iter()
                        .any(|at| syntax.name(*at) == "Path")
                });
            if !jax && context.stance != Stance::Prefix && !context.prefixes.is_empty() {
                context.prefixes.reverse();
                found.push((id, context));
            }
        }
        found
    }

    /// The methods that each function sends, by the calls in it.
    fn sent(&self) -> HashMap<Id, BTreeSet<String>> {
        let syntax = self.syntax();
        let mut sends: HashMap<Id, BTreeSet<String>> = HashMap::new();
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) != Role::Call {
                continue;
            }
            let Some(function) = syntax.function_of(id) else {
                continue;
            };
            let head = syntax.head(id);
            let on = owner(head.trim_end());
            let name = syntax.name(id);
            let trusted = on.is_some_and(|on| idioms().makes_requests(on))
                || name.starts_with('_')
                || (syntax
                    .get(id)
                    .receiver
                    .is_some_and(|r| syntax.role(r) == Role::Call)
                    && idioms().verb(name) != Some("GET"));
            let mut said: BTreeSet<String> = BTreeSet::new();
            if trusted {
                said.extend(idioms().verb_in(name).map(str::to_owned));
            }
            if said.is_empty() {
                let arguments = syntax.arguments(id);
                said = arguments.flat_map(|id| self.method_of(id)).collect();
            }
            if !said.is_empty() {
                sends.entry(function).or_default().extend(said);
            }
        }
        sends
    }

    /// The method of each function of the file that sends one and no other, by name.
    pub(super) fn wrappers(&self) -> BTreeMap<String, String> {
        let syntax = self.syntax();
        let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
        // Parameters `method="GET"`.
        let mut defaults: HashMap<Id, String> = HashMap::new();
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) == Role::Parameter
                && idioms().arguments.method.contains(syntax.name(id))
                && let Some(default) = syntax.get(id).kids.last()
                && let Some(method) = self.method_value(*default, true, 2).pop_first()
                && let Some(function) = syntax.function_of(id)
            {
                defaults.insert(function, method);
            }
        }
        for id in 0..syntax.nodes.len() {
            if syntax.role(id) != Role::Function {
                continue;
            }
            let Some(name) = syntax.function_name(id) else {
                continue;
            };
            let sends = self
                .sends
                .get(&id)
                .map(|sends| sends.iter().collect::<Vec<_>>());
            let one = match (defaults.get(&id), sends.as_deref()) {
                (Some(default), _) => Some(default.clone()),
                (None, Some([only])) => Some((*only).clone()),
                _ => None,
            };
            let known = found.entry(name.to_owned()).or_insert_with(|| one.clone());
            if *known != one {
                *known = None;
            }
        }
        found
            .into_iter()
            .filter_map(|(name, method)| Some((name, method?)))
            .collect()
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
        for callee in &methods.callees {
            for function in self.folder.scopes.functions(callee) {
                if let Some(sends) = self.sends.get(function)
                    && sends.len() == 1
                {
                    methods.names.clone_from(sends);
                    methods.how = How::Wrapper;
                    return;
                }
            }
        }
        if let Some(method) = fallback {
            methods.names.insert(method);
            methods.how = How::Default;
            return;
        }
        let around = syntax.function_of(site).and_then(|f| self.sends.get(&f));
        if let Some(sends) = around.filter(|sends| sends.len() == 1) {
            methods.names.clone_from(sends);
            methods.how = How::Around;
        }
    }
}

impl Methods {
    /// Takes what the surroundings say; the innermost wins.
    fn say(&mut self, said: BTreeSet<String>) {
        if self.how == How::Unknown && !said.is_empty() {
            self.names = said;
            self.how = How::Said;
        }
    }
}

fn is_text(syntax: &Syntax<'_>, id: Id) -> bool {
    matches!(syntax.role(id), Role::String | Role::Concat)
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
