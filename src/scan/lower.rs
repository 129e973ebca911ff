//! From a grammar's tree to the scan's [`Syntax`].

use std::ops::Range;

use tree_sitter::Node as Tree;

use super::language::{Language, Role};
use super::literals::variables;
use super::scope::type_arguments;
use super::syntax::{Id, Node, Syntax, operator};

/// Below this depth nothing is looked at: no person wrote it.
const MAX_DEPTH: usize = 1500;

/// Reads the tree of a file.
pub(super) fn lower<'s>(
    tree: &tree_sitter::Tree,
    text: &'s str,
    language: &Language,
) -> Syntax<'s> {
    let mut lowering = Lowering {
        syntax: Syntax::new(text),
        language,
    };
    lowering.node(tree.root_node(), 0);
    let mut syntax = lowering.syntax;
    syntax.close();
    syntax
}

struct Lowering<'s, 'l> {
    syntax: Syntax<'s>,
    language: &'l Language,
}

impl Lowering<'_, '_> {
    fn push(&mut self, role: Role, span: Range<usize>, kids: Vec<Id>) -> Id {
        self.syntax.nodes.push(Node {
            role,
            span,
            parent: None,
            kids,
            name: 0..0,
            head: 0..0,
            receiver: None,
        });
        self.syntax.nodes.len() - 1
    }

    fn node(&mut self, tree: Tree<'_>, depth: usize) -> Option<Id> {
        if depth > MAX_DEPTH {
            self.syntax.too_deep = true;
            return None;
        }
        let role = self.language.role(tree);
        match role {
            Role::Skip => None,
            Role::Comment => {
                self.syntax.comments.push(tree.byte_range());
                None
            }
            Role::Import => {
                self.syntax.imports.push(tree.byte_range());
                None
            }
            Role::String => Some(self.string(tree, depth)),
            Role::Call => Some(self.call(tree, depth)),
            Role::Annotation => Some(self.annotation(tree, depth)),
            Role::Assign => Some(self.assign(tree, depth)),
            Role::Pair => Some(self.pair(tree, depth)),
            Role::FlatMap => Some(self.flat_map(tree, depth)),
            Role::Members => Some(self.members(tree, depth)),
            Role::Shorthand => {
                let name = self.push(Role::Name, tree.byte_range(), Vec::new());
                self.syntax.nodes[name].name = tree.byte_range();
                let pair = self.push(Role::Pair, tree.byte_range(), vec![name]);
                self.syntax.nodes[pair].name = tree.byte_range();
                Some(pair)
            }
            Role::Name => {
                let id = self.push(role, tree.byte_range(), Vec::new());
                self.syntax.nodes[id].name = self.last_name(tree.byte_range());
                Some(id)
            }
            Role::Member => Some(self.member(tree, depth)),
            Role::Index => Some(self.index(tree, depth)),
            Role::Function | Role::Class => {
                let kids = self.kids(tree, depth);
                let id = self.push(role, tree.byte_range(), kids);
                let name = tree.child_by_field_name("name");
                let name = name.or_else(|| tree.child_by_field_name("type"));
                let name = name.or_else(|| signed(tree, 3));
                self.syntax.nodes[id].name = name.map_or(0..0, |name| name.byte_range());
                Some(id)
            }
            Role::Parameter => {
                let kids = self.kids(tree, depth);
                let id = self.push(role, tree.byte_range(), kids);
                let fields = ["name", "pattern", "left"];
                let named = fields.iter().find_map(|f| tree.child_by_field_name(f));
                let span = named.map_or(tree.byte_range(), |name| name.byte_range());
                self.syntax.nodes[id].name = self.first_name(span);
                Some(id)
            }
            Role::Object | Role::Arguments if tree.kind() == "token_tree" => {
                Some(self.tokens(tree, depth))
            }
            Role::Concat => Some(self.concat(tree, depth)),
            Role::Object | Role::Choice | Role::Statement | Role::Returns => {
                let kids = self.kids(tree, depth);
                Some(self.push(role, tree.byte_range(), kids))
            }
            Role::Hole | Role::Arguments | Role::Other => {
                let kids = self.kids(tree, depth);
                match kids.as_slice() {
                    [only] => Some(*only),
                    _ if !tree.is_named() => None,
                    _ => Some(self.push(Role::Other, tree.byte_range(), kids)),
                }
            }
        }
    }

    /// What lies below a node. Annotations that stand in front of a function or class go into it.
    fn kids(&mut self, tree: Tree<'_>, depth: usize) -> Vec<Id> {
        let mut cursor = tree.walk();
        let below: Vec<Tree<'_>> = tree.named_children(&mut cursor).collect();
        self.all(&below, depth)
    }

    fn all(&mut self, trees: &[Tree<'_>], depth: usize) -> Vec<Id> {
        let mut kids = Vec::with_capacity(trees.len());
        let mut waiting: Vec<Id> = Vec::new();
        for tree in trees {
            let Some(id) = self.node(*tree, depth + 1) else {
                continue;
            };
            // Not the only method of a class, which stands for the class's body.
            let kind = tree.kind();
            let declares = !(kind.ends_with("body") || kind == "declaration_list");
            match self.syntax.role(id) {
                Role::Annotation => waiting.push(id),
                Role::Function | Role::Class if declares && !waiting.is_empty() => {
                    self.syntax.nodes[id].kids.splice(0..0, waiting.drain(..));
                    kids.push(id);
                }
                _ => kids.push(id),
            }
        }
        kids.extend(waiting);
        kids
    }

    /// A string whose kids are holes, each with what is embedded in it.
    fn string(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut holes = Vec::new();
        let mut todo: Vec<Tree<'_>> = Vec::new();
        push_kids(tree, &mut todo);
        while let Some(part) = todo.pop() {
            let role = self.language.role(part);
            if role == Role::Other {
                push_kids(part, &mut todo);
            } else if role != Role::Skip {
                let kids = if role == Role::Hole {
                    self.kids(part, depth + 1)
                } else {
                    self.node(part, depth + 1).into_iter().collect()
                };
                holes.push(self.push(Role::Hole, part.byte_range(), kids));
            }
        }
        if self.language.variables {
            self.variables(tree.byte_range(), &mut holes);
        }
        self.push(Role::String, tree.byte_range(), holes)
    }

    /// Adds the variables of a string that the grammar took for text.
    fn variables(&mut self, string: Range<usize>, holes: &mut Vec<Id>) {
        let text = self.syntax.text.get(string.clone()).unwrap_or("");
        let told = holes.len();
        for found in variables(text) {
            let span = string.start + found.start..string.start + found.end;
            let starts = |id: &Id| self.syntax.get(*id).span.start <= span.start;
            let before = holes[..told].partition_point(starts);
            let last = before.checked_sub(1).map(|at| holes[at]);
            if last.is_some_and(|id| self.syntax.get(id).span.end > span.start) {
                continue;
            }
            let name = span.start + 1..span.end;
            let variable = self.push(Role::Name, name.clone(), Vec::new());
            self.syntax.nodes[variable].name = name;
            holes.push(self.push(Role::Hole, span, vec![variable]));
        }
        holes.sort_by_key(|id| self.syntax.get(*id).span.start);
    }

    fn concat(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let kids = self.kids(tree, depth);
        // In Dart, a literal is a list of texts side by side, mostly of one.
        if let [only] = kids.as_slice() {
            return *only;
        }
        let between = match kids.as_slice() {
            [first, second, ..] => {
                let (first, second) = (self.syntax.get(*first), self.syntax.get(*second));
                let gap = first.span.end..second.span.start;
                operator(self.syntax.text.get(gap).unwrap_or(""))
            }
            _ => "",
        };
        let role = match between {
            "+" | "." | "%" | "/" | "" => Role::Concat,
            "||" | "??" | "?:" | "or" => Role::Choice,
            _ => Role::Other,
        };
        self.push(role, tree.byte_range(), kids)
    }

    fn member(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut kids = self.kids(tree, depth);
        // A chain of bare names is one name; what is computed inside stays visible.
        kids.retain(|kid| !matches!(self.syntax.role(*kid), Role::Name | Role::Other));
        let id = self.push(Role::Member, tree.byte_range(), kids);
        self.syntax.nodes[id].name = self.last_name(tree.byte_range());
        id
    }

    /// `table["key"]` is a member by that name, whose head is the table.
    fn index(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let kids = self.kids(tree, depth);
        if let [table, key] = kids.as_slice()
            && self.syntax.role(*key) == Role::String
            && self.syntax.get(*key).kids.is_empty()
            && matches!(self.syntax.role(*table), Role::Name | Role::Member)
        {
            let head = self.syntax.get(*table).span.clone();
            let name = self.key(self.syntax.get(*key).span.clone());
            let id = self.push(Role::Member, tree.byte_range(), Vec::new());
            self.syntax.nodes[id].head = head;
            self.syntax.nodes[id].name = name;
            return id;
        }
        self.push(Role::Other, tree.byte_range(), kids)
    }

    fn call(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut cursor = tree.walk();
        let parts: Vec<Tree<'_>> = tree.named_children(&mut cursor).collect();
        let is_arguments = |part: &&Tree<'_>| self.language.plays(**part, Role::Arguments);
        let given: Vec<Tree<'_>> = parts.iter().filter(is_arguments).copied().collect();
        let first = given.first().map(Tree::start_byte);
        let callee: Vec<Tree<'_>> = parts
            .iter()
            .take_while(|part| first.is_none_or(|first| part.start_byte() < first))
            .take_while(|part| self.language.role(**part) != Role::Object)
            // Not the types in `get<User>(…)`.
            .filter(|part| self.syntax.text.as_bytes().get(part.start_byte()) != Some(&b'<'))
            .copied()
            .collect();
        let head = tree.start_byte()..first.unwrap_or(tree.end_byte());
        // `f(a) { … }`: what follows is one more argument of the call inside.
        if let [inner] = callee.as_slice()
            && self.language.role(*inner) == Role::Call
        {
            let call = self.call(*inner, depth + 1);
            let more = self.arguments(&given, depth);
            self.syntax.nodes[call].kids.extend(more);
            self.syntax.nodes[call].span.end = tree.end_byte();
            return call;
        }
        let receiver = self.receiver(&callee, depth);
        let mut kids: Vec<Id> = receiver.into_iter().collect();
        kids.extend(self.arguments(&given, depth));
        // `new User { Name = name }`
        let set = parts
            .iter()
            .filter(|part| self.language.role(**part) == Role::Object);
        let set: Vec<Tree<'_>> = set.filter(|part| !is_arguments(part)).copied().collect();
        for part in set {
            kids.extend(self.node(part, depth + 1));
        }
        let id = self.push(Role::Call, tree.byte_range(), kids);
        let name = self.last_name(head.clone());
        let node = &mut self.syntax.nodes[id];
        node.receiver = receiver;
        node.head = head;
        node.name = name;
        id
    }

    /// What a call is made on.
    fn receiver(&mut self, callee: &[Tree<'_>], depth: usize) -> Option<Id> {
        match callee {
            [] => None,
            [one] if self.language.role(*one) == Role::Member => {
                let object = one.named_child(0)?;
                self.node(object, depth + 1)
            }
            [one] if self.language.role(*one) == Role::Other => {
                // Such as a generic name around a member.
                let inner = one.named_child(0)?;
                self.receiver(&[inner], depth + 1)
            }
            [one] if self.language.role(*one) == Role::Name => None,
            // Such as a function that is called where it is written.
            [one] => self.node(*one, depth + 1),
            [first, ..] => match self.language.role(*first) {
                Role::Other => None,
                _ => self.node(*first, depth + 1),
            },
        }
    }

    fn arguments(&mut self, given: &[Tree<'_>], depth: usize) -> Vec<Id> {
        let mut kids = Vec::new();
        for arguments in given {
            if arguments.kind() == "token_tree" {
                let tokens = self.tokens(*arguments, depth + 1);
                kids.append(&mut self.syntax.nodes[tokens].kids);
                continue;
            }
            let below = self.kids(*arguments, depth + 1);
            for kid in below {
                // Arguments inside a suffix.
                let node = self.syntax.get(kid);
                let is_list = node.role == Role::Other
                    && self.syntax.text.as_bytes().get(node.span.start) == Some(&b'(');
                if is_list {
                    kids.extend(node.kids.clone());
                } else {
                    kids.push(kid);
                }
            }
        }
        kids
    }

    fn annotation(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut arguments = None;
        let mut todo = vec![(tree, 0)];
        while let Some((part, level)) = todo.pop() {
            let mut cursor = part.walk();
            for kid in part.named_children(&mut cursor) {
                let opens = kid.kind() == "parenthesized_expression";
                if self.language.plays(kid, Role::Arguments) || opens {
                    arguments = arguments.or(Some(kid));
                } else if level < 3 {
                    todo.push((kid, level + 1));
                }
            }
        }
        let head = tree.start_byte()..arguments.map_or(tree.end_byte(), |a| a.start_byte());
        let kids = match arguments {
            Some(arguments) => self.arguments(&[arguments], depth),
            None => Vec::new(),
        };
        let id = self.push(Role::Annotation, tree.byte_range(), kids);
        self.syntax.nodes[id].name = self.last_name(head.clone());
        self.syntax.nodes[id].head = head;
        id
    }

    fn assign(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let field = |names: &[&str]| names.iter().find_map(|n| tree.child_by_field_name(n));
        let mut cursor = tree.walk();
        let parts: Vec<Tree<'_>> = tree.named_children(&mut cursor).collect();
        let target = field(&["left", "name", "pattern", "target", "property"]);
        let target = target.or_else(|| {
            let declares = |part: &&Tree<'_>| {
                let kind = part.kind();
                !kind.contains("modifier") && !kind.contains("binding") && kind != "annotation"
            };
            parts.iter().find(declares).copied()
        });
        let value = field(&["right", "value", "result", "computed_value"]);
        let value = value.or_else(|| parts.last().copied().filter(|_| parts.len() > 1));
        let value = value.filter(|value| Some(value.id()) != target.map(|t| t.id()));
        let mut kids = Vec::new();
        for part in &parts {
            if Some(part.id()) != target.map(|t| t.id()) && Some(part.id()) != value.map(|v| v.id())
            {
                // Modifiers and types, of which annotations matter.
                let extra = self.node(*part, depth + 1);
                kids.extend(extra.filter(|id| self.syntax.role(*id) == Role::Annotation));
            }
        }
        let value = value.and_then(|value| self.node(value, depth + 1));
        kids.extend(value);
        let id = self.push(Role::Assign, tree.byte_range(), kids);
        let head = target.map_or(0..0, |target| target.byte_range());
        self.syntax.nodes[id].head = head.clone();
        self.syntax.nodes[id].name = self.target_name(head);
        id
    }

    fn pair(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut cursor = tree.walk();
        let parts: Vec<Tree<'_>> = tree.named_children(&mut cursor).collect();
        match parts.as_slice() {
            [] => self.push(Role::Other, tree.byte_range(), Vec::new()),
            [only] => {
                let only = self.node(*only, depth + 1);
                only.unwrap_or_else(|| self.push(Role::Other, tree.byte_range(), Vec::new()))
            }
            [key, .., value] => {
                let name = self.key(key.byte_range());
                let value = self.node(*value, depth + 1);
                let id = self.push(Role::Pair, tree.byte_range(), value.into_iter().collect());
                self.syntax.nodes[id].name = name;
                id
            }
        }
    }

    /// Keys and values side by side.
    fn flat_map(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut kids = Vec::new();
        let mut key: Option<Range<usize>> = None;
        let mut cursor = tree.walk();
        for (at, part) in (0u32..).zip(tree.children(&mut cursor)) {
            match tree.field_name_for_child(at) {
                Some("key") => key = Some(part.byte_range()),
                Some("value") => {
                    let value = self.node(part, depth + 1);
                    let span = key.clone().map_or(part.start_byte(), |key| key.start);
                    let pair = self.push(
                        Role::Pair,
                        span..part.end_byte(),
                        value.into_iter().collect(),
                    );
                    self.syntax.nodes[pair].name = key.take().map_or(0..0, |key| self.key(key));
                    kids.push(pair);
                }
                _ => {}
            }
        }
        self.push(Role::Object, tree.byte_range(), kids)
    }

    /// Members side by side: `new { name = value, other.name }`.
    fn members(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let mut kids = Vec::new();
        let mut key: Option<Range<usize>> = None;
        let mut cursor = tree.walk();
        let parts: Vec<Tree<'_>> = tree.children(&mut cursor).collect();
        for (at, part) in parts.iter().enumerate() {
            if !part.is_named() {
                continue;
            }
            if parts.get(at + 1).is_some_and(|next| next.kind() == "=") {
                key = Some(part.byte_range());
                continue;
            }
            let value = self.node(*part, depth + 1);
            let name = key
                .take()
                .unwrap_or_else(|| self.last_name(part.byte_range()));
            let span = name.start..part.end_byte();
            let pair = self.push(Role::Pair, span, value.into_iter().collect());
            self.syntax.nodes[pair].name = name;
            kids.push(pair);
        }
        self.push(Role::Object, tree.byte_range(), kids)
    }

    /// The tokens of a macro: `"key": value` is a pair, groups of tokens are tables.
    fn tokens(&mut self, tree: Tree<'_>, depth: usize) -> Id {
        let below = self.kids(tree, depth);
        let mut kids = Vec::new();
        let mut below = below.into_iter().peekable();
        while let Some(id) = below.next() {
            let span = self.syntax.get(id).span.clone();
            let rest = self.syntax.text.get(span.end..).unwrap_or("");
            let keyed = self.syntax.role(id) == Role::String
                && rest.trim_start().starts_with(':')
                && !rest.trim_start().starts_with("::");
            if keyed && let Some(value) = below.next() {
                let end = self.syntax.get(value).span.end;
                let pair = self.push(Role::Pair, span.start..end, vec![value]);
                self.syntax.nodes[pair].name = self.key(span);
                kids.push(pair);
            } else {
                kids.push(id);
            }
        }
        self.push(Role::Object, tree.byte_range(), kids)
    }

    /// A key without quotes and colons around it.
    fn key(&self, span: Range<usize>) -> Range<usize> {
        let text = self.syntax.text.get(span.clone()).unwrap_or("");
        let is_edge =
            |c: char| matches!(c, '"' | '\'' | '`' | ':' | '[' | ']' | '$') || c.is_whitespace();
        let left = text.len() - text.trim_start_matches(is_edge).len();
        let inner = text.trim_matches(is_edge).len();
        span.start + left..span.start + left + inner
    }

    /// The name that an assignment gives a value: `self.base` is `base`, `u: String` is `u`.
    fn target_name(&self, span: Range<usize>) -> Range<usize> {
        let text = self.syntax.text.get(span.clone()).unwrap_or("");
        let end = text.find([',', ':', '[', '=']).unwrap_or(text.len());
        self.last_name(span.start..span.start + end)
    }

    fn first_name(&self, span: Range<usize>) -> Range<usize> {
        let text = self.syntax.text.get(span.clone()).unwrap_or("");
        let start = text.find(is_name).unwrap_or(text.len());
        let rest = &text[start..];
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        span.start + start..span.start + start + end
    }

    /// The last name of a text, whatever type arguments or marks follow it.
    fn last_name(&self, span: Range<usize>) -> Range<usize> {
        let text = self.syntax.text.get(span.clone()).unwrap_or("");
        let end = type_arguments(text);
        let text = &text[..end];
        let end = text.rfind(is_name).map_or(0, |at| {
            at + text[at..].chars().next().map_or(0, char::len_utf8)
        });
        let start = text[..end].rfind(|c| !is_name(c)).map_or(0, |at| {
            at + text[at..].chars().next().map_or(0, char::len_utf8)
        });
        span.start + start..span.start + end
    }
}

/// The name in the signature of a function, where it stands apart.
fn signed(tree: Tree<'_>, levels: usize) -> Option<Tree<'_>> {
    let levels = levels.checked_sub(1)?;
    let signature = tree
        .child_by_field_name("signature")
        .or_else(|| tree.named_child(0))
        .filter(|first| !first.kind().contains("parameter"))?;
    let name = signature.child_by_field_name("name");
    name.or_else(|| signed(signature, levels))
}

/// The named children of a node, the first on top.
fn push_kids<'t>(tree: Tree<'t>, todo: &mut Vec<Tree<'t>>) {
    let mut cursor = tree.walk();
    let at = todo.len();
    todo.extend(tree.named_children(&mut cursor));
    todo[at..].reverse();
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
