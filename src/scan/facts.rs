//! What one file says: the paths in it with what is done with them, and what other files may need.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;

use super::custom::CustomCalls;
use super::fold::{Folder, is_path_like, says_something};
use super::front::{is_maker, join_prefixes};
use super::idioms::idioms;
use super::imports::{Imports, imports};
use super::language::{Language, Role};
use super::lower::lower;
use super::mounts::Mount;
use super::params::Params;
use super::pattern::{HOLE, Pattern, Piece, flatten};
use super::request::{Context, How, Methods, Requests, Stance};
use super::scope::{Scopes, value};
use super::syntax::{Id, Syntax};
use super::views::{View, Viewed};

/// A path in the source with what is done with it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// What it can be.
    pub(super) patterns: Vec<Pattern>,
    /// The line of the path, from 1.
    pub(super) line: usize,
    /// The function around it, or annotated with it.
    pub(super) function: Option<String>,
    pub(super) methods: Methods,
    pub(super) params: Params,
    pub(super) stance: Stance,
    /// The names that what it is declared on can be mounted by.
    pub(super) routers: BTreeSet<String>,
    /// Whether it lies in a test of a file that holds other code too.
    pub(super) test: bool,
    /// The view that is declared to answer.
    pub(super) view: Option<Viewed>,
    /// Whether it is called or declared, so that it may lack the slash in front.
    pub(super) called: bool,
}

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct FileFacts {
    pub(super) sites: Vec<Site>,
    /// The paths that names at the file's top stand for.
    pub(super) exports: HashMap<String, Vec<Pattern>>,
    /// The method of functions that send one and no other.
    pub(super) wrappers: BTreeMap<String, String>,
    /// What it takes from other files.
    pub(super) imports: Imports,
    /// Where it mounts routers.
    pub(super) mounts: Vec<Mount>,
    /// What its classes and functions answer where a declaration names them.
    pub(super) views: BTreeMap<String, View>,
    /// The names of the routers that it declares paths on.
    pub(super) routers: BTreeSet<String>,
    /// Whether the syntax is broken somewhere.
    pub(super) broken: bool,
    /// Whether something was left out because it is nested too deeply.
    pub(super) too_deep: bool,
    /// Whether something was left out because names lead to too many others.
    pub(super) cut: bool,
}

/// Reads a file; nothing if its grammar gives up on it. `needles` finds the texts that routes are
/// made of.
pub(super) fn read(
    text: &str,
    language: &Language,
    custom: &CustomCalls,
    needles: &AhoCorasick,
) -> Option<FileFacts> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&language.grammar).ok()?;
    let tree = parser.parse(text, None)?;
    let syntax = lower(&tree, text, language);
    let scopes = Scopes::of(&syntax);
    let requests = Requests::new(Folder::new(&syntax, &scopes), custom);
    let imports = imports(
        syntax
            .imports
            .iter()
            .filter_map(|span| text.get(span.clone())),
    );
    let reader = Reader {
        syntax: &syntax,
        requests: &requests,
        imports: &imports,
        needles,
        tests: tests(&syntax),
    };
    let mut facts = FileFacts {
        sites: reader.sites(),
        exports: reader.exports(&scopes),
        wrappers: requests.wrappers(),
        imports: Imports::new(),
        mounts: requests.mounts(),
        views: requests.views(),
        routers: BTreeSet::new(),
        broken: tree.root_node().has_error(),
        too_deep: syntax.too_deep,
        cut: requests.folder.is_cut(),
    };
    facts.imports = imports;
    facts.sites.extend(comments(&syntax, needles));
    facts.sites.sort_by_key(|site| site.line);
    let routers = facts.sites.iter().flat_map(|site| &site.routers);
    facts.routers = routers.cloned().collect();
    Some(facts)
}

struct Reader<'r, 'f, 's> {
    syntax: &'f Syntax<'s>,
    requests: &'r Requests<'f, 's>,
    imports: &'r Imports,
    needles: &'r AhoCorasick,
    /// What is annotated as a test.
    tests: HashSet<Id>,
}

impl Reader<'_, '_, '_> {
    fn sites(&self) -> Vec<Site> {
        let mut sites = Vec::new();
        for id in 0..self.syntax.nodes.len() {
            if self.is_piece(id) {
                continue;
            }
            match self.syntax.role(id) {
                Role::String | Role::Concat => {
                    sites.extend(self.expression(id).into_iter().flatten());
                }
                Role::Call if self.requests.folder.is_addition(id) => {}
                Role::Call if self.requests.folder.makes(id).is_some() => {
                    let found = self.expression(id).or_else(|| self.use_of_name(id));
                    sites.extend(found.into_iter().flatten());
                }
                Role::Name | Role::Member | Role::Call => {
                    sites.extend(self.use_of_name(id).into_iter().flatten());
                }
                _ => {}
            }
        }
        let bare = self.requests.bare_routes().into_iter();
        let bare = bare.map(|(id, context)| (id, String::new(), context));
        for (id, path, context) in bare.chain(self.requests.extra_routes()) {
            sites.extend(self.site(id, vec![vec![Piece::Text(path)]], context));
        }
        sites
    }

    /// Whether an expression is part of a larger one that is looked at instead.
    fn is_piece(&self, id: Id) -> bool {
        let syntax = self.syntax;
        let Some(parent) = syntax.get(id).parent else {
            return false;
        };
        match syntax.role(parent) {
            Role::Concat | Role::Hole => true,
            _ => self.requests.folder.is_joined(id),
        }
    }

    fn expression(&self, id: Id) -> Option<Vec<Site>> {
        let mut patterns = self.requests.folder.fold(id);
        let said = self
            .requests
            .is_declaration(id)
            .then(|| line(&mut patterns))
            .flatten();
        let any = patterns.iter().any(says_something);
        if !any && self.syntax.role(id) != Role::String {
            return None;
        }
        let flat: Vec<String> = patterns.iter().map(flatten).collect();
        let words = |text: &String| text.len() > 2000 || text.trim().contains(char::is_whitespace);
        if flat.iter().all(words) || !patterns.iter().any(|p| self.can_matter(p)) {
            return None;
        }
        let mut context = self.requests.context(id);
        if let Some(method) = said {
            context.methods.names = BTreeSet::from([method]);
            context.methods.any = false;
            context.methods.how = How::Said;
            context.stance = Stance::Used;
        }
        if context.methods.how != How::Unknown && self.requests.is_behind_path(id) {
            // `move("/a", "/b")` may join them; what is sent with a path is none.
            context.methods.part = true;
            if self
                .syntax
                .get(id)
                .parent
                .is_some_and(|at| self.syntax.role(at) != Role::Call)
            {
                return None;
            }
        }
        let called =
            context.methods.how == How::Said || context.is_route() || context.annotated.is_some();
        let pathless = !flat.iter().any(|text| text.contains('/'));
        let of_group = self.is_of_group(&context, &flat);
        let declared = context.is_route() || context.plain || of_group;
        if pathless && !(called && declared) {
            return None;
        }
        Some(self.site(id, patterns, context))
    }

    /// Whether a path without any slash is declared on a router: the group's own path, or a value behind it, as
    /// in `group.POST("", create)`, or whatever `Route::get('list', …)` declares.
    fn is_of_group(&self, context: &Context, flat: &[String]) -> bool {
        let call = context.calls.first();
        let by_router = call.is_some_and(|(call, _)| is_maker(self.syntax.head(*call)));
        let is_value = |text: &String| text.is_empty() || text.starts_with('{');
        !context.routers.is_empty() && flat.iter().all(is_value)
            || !context.prefixes.is_empty() && by_router
    }

    /// Whether an expression can be a path of a route: it holds a text of one, a name that other files
    /// may explain, or nothing but what stands for values. Most texts of a file cannot.
    fn can_matter(&self, pattern: &Pattern) -> bool {
        let is_word = |text: &str| {
            text.starts_with(|c: char| c.is_alphanumeric() || c.is_whitespace())
                && !text.contains('/')
        };
        let mut pieces = pattern.iter();
        pattern.is_empty()
            || pieces.any(|piece| match piece {
                Piece::Text(text) => self.needles.is_match(text) || !is_word(text),
                Piece::Hole(name) => name.is_some(),
            })
    }

    /// A name, or a call, that stands for a path where it is given to a call.
    fn use_of_name(&self, id: Id) -> Option<Vec<Site>> {
        let syntax = self.syntax;
        let mut inner = id;
        let mut parent = syntax.get(id).parent?;
        // A value with a mark or type behind it: `components.url!`
        while syntax.role(parent) == Role::Other
            && syntax.get(parent).kids.len() <= 2
            && syntax.get(parent).kids.first() == Some(&inner)
        {
            inner = parent;
            parent = syntax.get(parent).parent?;
        }
        let keyed = syntax.role(parent) == Role::Pair;
        let used = match syntax.role(parent) {
            Role::Call | Role::Annotation => true,
            Role::Pair => syntax.get(parent).kids.last() == Some(&inner),
            _ => false,
        };
        let requests = self.requests;
        if !used || requests.declares_inside(parent, inner) || requests.is_behind_path(id) {
            return None;
        }
        let patterns = self.requests.folder.fold(id);
        let known = patterns.iter().any(is_path_like);
        let named =
            matches!(patterns.as_slice(), [p] if matches!(p.as_slice(), [Piece::Hole(Some(_))]));
        let is_path = !keyed || idioms().arguments.path.contains(syntax.name(parent));
        let is_word = |pattern: &Pattern| matches!(pattern.as_slice(), [Piece::Text(text)] if self.needles.is_match(text));
        // `request("GET", self._path)`
        let word = !known && !patterns.is_empty() && patterns.iter().all(is_word);
        let word = word && self.is_given_first(parent, inner);
        let can_be = known || word || (named && is_path);
        if !can_be {
            return None;
        }
        let mut context = self.requests.context(id);
        context.methods.part |=
            syntax.role(id) == Role::Call && self.requests.folder.may_be_longer(id);
        let how = context.methods.how;
        if word && !(context.plain && how == How::Said) {
            return None;
        }
        if named && (!matches!(how, How::Said | How::Wrapper) || self.is_in_block(&context)) {
            return None;
        }
        if known && context.methods.how == How::Unknown && context.methods.callees.is_empty() {
            return None;
        }
        Some(self.site(id, patterns, context))
    }

    /// Whether a call is given nothing in front of an argument but a method.
    fn is_given_first(&self, call: Id, argument: Id) -> bool {
        let syntax = self.syntax;
        let mut before = syntax.arguments(call).take_while(|id| *id != argument);
        syntax.role(call) == Role::Call
            && syntax.get(call).receiver != Some(argument)
            && before.all(|id| !self.requests.method_of(id).is_empty())
    }

    /// Whether something stands in a block that one of the calls around it runs: `get { respond(all()) }`.
    fn is_in_block(&self, context: &Context) -> bool {
        let syntax = self.syntax;
        let mut calls = context.calls.iter();
        calls
            .any(|(call, from)| syntax.get(*call).receiver != Some(*from) && syntax.is_block(*from))
    }

    fn site(&self, id: Id, patterns: Vec<Pattern>, context: Context) -> Vec<Site> {
        let syntax = self.syntax;
        if context.stance == Stance::Prefix {
            return Vec::new();
        }
        let params = Params::of(&self.requests.folder, &context, id);
        let test = self.is_in_test(id) || self.requests.is_mocked(&context, self.imports);
        let called = context.methods.how == How::Said
            || context.is_route()
            || context.annotated.is_some()
            || self.requests.is_sent(&context);
        let function = match context.annotated {
            Some(annotation) => syntax
                .ancestors(annotation)
                .find(|at| syntax.role(*at) == Role::Function)
                .and_then(|function| syntax.function_name(function)),
            None => syntax.named_function(id),
        };
        let mut patterns = patterns;
        for prefix in context.prefixes.iter().rev() {
            let mut longer = join_prefixes(prefix, &patterns);
            // The path may hold the prefix already, or be an address of its own.
            longer.extend(
                patterns
                    .iter()
                    .filter(|p| flatten(p).contains("://"))
                    .cloned(),
            );
            patterns = longer;
        }
        let view = context.view.map(|parts| Viewed {
            parts,
            actions: None,
        });
        let site = Site {
            patterns,
            line: syntax.line(syntax.get(id).span.start),
            function: function.map(str::to_owned),
            methods: context.methods,
            params,
            stance: context.stance,
            routers: context.routers,
            view,
            test,
            called,
        };
        match context.resource {
            Some(declared) => declared.sites(site),
            None => vec![site],
        }
    }

    fn is_in_test(&self, id: Id) -> bool {
        let mut around = self.syntax.ancestors(id);
        !self.tests.is_empty() && around.any(|at| self.tests.contains(&at))
    }

    /// What names at the top of the file, and entries of tables there, stand for.
    fn exports(&self, scopes: &Scopes<'_>) -> HashMap<String, Vec<Pattern>> {
        let syntax = self.syntax;
        let mut exports: HashMap<String, Vec<Pattern>> = HashMap::new();
        let mut add = |name: &str, id: Id| {
            let found = self.requests.folder.fold(id);
            // A path, or a segment of one: `VERSION = "v2"`.
            let constant = name.chars().all(|c| !c.is_lowercase());
            let is_part = |pattern: &Pattern| {
                is_path_like(pattern) || (constant && self.needles.is_match(&flatten(pattern)))
            };
            let found: Vec<Pattern> = found.into_iter().filter(is_part).collect();
            if !found.is_empty() && !name.is_empty() {
                exports.entry(name.to_owned()).or_default().extend(found);
            }
        };
        for id in 0..syntax.nodes.len() {
            let at_top = || syntax.function_of(id).is_none();
            match syntax.role(id) {
                Role::Assign if at_top() => {
                    let Some(value) = value(syntax, id) else {
                        continue;
                    };
                    add(syntax.name(id), value);
                    if syntax.role(value) == Role::Object {
                        for kid in syntax.descendants(value) {
                            if syntax.role(kid) == Role::Pair {
                                let name = format!("{}.{}", syntax.name(id), syntax.name(kid));
                                add(&name, kid);
                            }
                        }
                    }
                }
                Role::Function => {
                    if let Some(name) = syntax.function_name(id)
                        && scopes.functions(name).len() == 1
                    {
                        for result in super::fold::results(syntax, scopes, id) {
                            if !matches!(syntax.role(result), Role::Call) {
                                add(name, result);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        exports
    }
}

/// Takes the method off a request line: `GET /users/{id}`.
fn line(patterns: &mut [Pattern]) -> Option<String> {
    let [pattern] = patterns else {
        return None;
    };
    let Some(Piece::Text(text)) = pattern.first_mut() else {
        return None;
    };
    let (word, path) = text.split_once(' ')?;
    let method = idioms().verb(word).filter(|verb| *verb == word)?.to_owned();
    *text = path.trim_start().to_owned();
    Some(method)
}

/// What is annotated as a test: Rust keeps tests in the file that they test.
fn tests(syntax: &Syntax<'_>) -> HashSet<Id> {
    let is_test = |id: &Id| {
        let source = syntax.source(*id);
        source.contains("cfg(test)") || source == "#[test]" || source == "@Test"
    };
    (0..syntax.nodes.len())
        .filter(|id| syntax.role(*id) == Role::Annotation && is_test(id))
        .filter_map(|id| syntax.get(id).parent)
        .collect()
}

/// The paths that comments speak of.
fn comments(syntax: &Syntax<'_>, needles: &AhoCorasick) -> Vec<Site> {
    let mut sites = Vec::new();
    for span in &syntax.comments {
        let text = syntax.text.get(span.clone()).unwrap_or("");
        let mut method: Option<&str> = None;
        let is_edge = |c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | ',' | ';' | '[' | ']')
        };
        for word in text.split(is_edge) {
            let path = word.trim_end_matches(['.', ':']);
            let offset = word.as_ptr() as usize - syntax.text.as_ptr() as usize;
            let is_path = path.len() > 2 && path.len() < 300 && !path.starts_with("//");
            if is_path && path.contains('/') && needles.is_match(path) {
                let mut methods = Methods::default();
                methods.names.extend(method.map(str::to_owned));
                if method.is_some() {
                    methods.how = How::Said;
                }
                sites.push(Site {
                    patterns: vec![vec![Piece::Text(path.replace(HOLE, ""))]],
                    line: syntax.line(offset),
                    function: None,
                    methods,
                    params: Params::default(),
                    stance: Stance::Mentioned,
                    routers: BTreeSet::new(),
                    view: None,
                    test: false,
                    called: false,
                });
            }
            let upper = !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase());
            method = idioms().verb(word).filter(|_| upper);
        }
    }
    sites
}
