//! The syntax of a file as the scan sees it: the same few kinds of nodes for all languages.

use std::ops::Range;

use super::language::Role;

/// A node: its position in [`Syntax::nodes`].
pub(super) type Id = usize;

/// A node with what lies below it, in the order of the source.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) role: Role,
    pub(super) span: Range<usize>,
    pub(super) parent: Option<Id>,
    pub(super) kids: Vec<Id>,
    /// The name: of a call what is called, of an assignment its target, of a pair its key.
    pub(super) name: Range<usize>,
    /// Of a call everything in front of its arguments, of an assignment the whole target.
    pub(super) head: Range<usize>,
    /// Of a call what it is made on: a position in `kids`.
    pub(super) receiver: Option<Id>,
}

/// A file's syntax.
#[derive(Debug, Default)]
pub(super) struct Syntax<'s> {
    pub(super) text: &'s str,
    pub(super) nodes: Vec<Node>,
    pub(super) comments: Vec<Range<usize>>,
    /// Statements that import something.
    pub(super) imports: Vec<Range<usize>>,
    /// Where each line begins.
    lines: Vec<usize>,
    /// The nearest function around each node.
    functions: Vec<Option<Id>>,
    /// Whether something was left out because it is nested too deeply.
    pub(super) too_deep: bool,
}

impl<'s> Syntax<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Syntax {
            text,
            lines: std::iter::once(0).chain(breaks).collect(),
            ..Syntax::default()
        }
    }

    /// Tells each node what is around it, once all nodes are there.
    pub(super) fn close(&mut self) {
        for id in 0..self.nodes.len() {
            for at in 0..self.nodes[id].kids.len() {
                let kid = self.nodes[id].kids[at];
                self.nodes[kid].parent = Some(id);
            }
        }
        self.functions = vec![None; self.nodes.len()];
        let roots = (0..self.nodes.len()).filter(|id| self.nodes[*id].parent.is_none());
        let mut todo: Vec<Id> = roots.collect();
        while let Some(id) = todo.pop() {
            let around = match self.nodes[id].role {
                Role::Function => Some(id),
                _ => self.functions[id],
            };
            for kid in &self.nodes[id].kids {
                self.functions[*kid] = around;
            }
            todo.extend(&self.nodes[id].kids);
        }
    }

    pub(super) fn get(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    pub(super) fn role(&self, id: Id) -> Role {
        self.nodes[id].role
    }

    pub(super) fn name(&self, id: Id) -> &'s str {
        self.text.get(self.nodes[id].name.clone()).unwrap_or("")
    }

    pub(super) fn head(&self, id: Id) -> &'s str {
        self.text.get(self.nodes[id].head.clone()).unwrap_or("")
    }

    pub(super) fn source(&self, id: Id) -> &'s str {
        self.text.get(self.nodes[id].span.clone()).unwrap_or("")
    }

    /// Whether a node is what stands in a block, and no table.
    pub(super) fn is_block(&self, id: Id) -> bool {
        let before = self.text.get(..self.nodes[id].span.start);
        let opened = before.is_some_and(|text| text.trim_end().ends_with('{'));
        opened || (self.role(id) == Role::Other && self.source(id).starts_with('{'))
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte)
    }

    /// What lies around a node, from inside out.
    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(self.nodes[id].parent, |at| self.nodes[*at].parent)
    }

    /// A node and everything below it.
    pub(super) fn descendants(&self, id: Id) -> Vec<Id> {
        let mut found = vec![id];
        let mut at = 0;
        while at < found.len() {
            let kids = &self.nodes[found[at]].kids;
            found.extend(kids.iter().copied());
            at += 1;
        }
        found
    }

    /// The nearest function around a node.
    pub(super) fn function_of(&self, id: Id) -> Option<Id> {
        self.functions[id]
    }

    /// The nearest class around a node.
    pub(super) fn class_of(&self, id: Id) -> Option<Id> {
        self.ancestors(id).find(|at| self.role(*at) == Role::Class)
    }

    /// What a function is called: by its own name, or by what it is assigned to.
    pub(super) fn function_name(&self, function: Id) -> Option<&'s str> {
        let own = self.name(function);
        if !own.is_empty() {
            return Some(own);
        }
        let named = self.ancestors(function).take(3).find(|at| {
            matches!(self.role(*at), Role::Assign | Role::Pair) && !self.name(*at).is_empty()
        });
        named.map(|at| self.name(at))
    }

    /// The name of the nearest function around a node that has one.
    pub(super) fn named_function(&self, id: Id) -> Option<&'s str> {
        let around = self.ancestors(id);
        around
            .filter(|at| self.role(*at) == Role::Function)
            .find_map(|at| self.function_name(at))
    }

    /// The operator between the first two operands of an expression.
    pub(super) fn operator(&self, id: Id) -> &'s str {
        match self.nodes[id].kids.as_slice() {
            [first, second, ..] => {
                let between = self.nodes[*first].span.end..self.nodes[*second].span.start;
                operator(self.text.get(between).unwrap_or(""))
            }
            _ => "",
        }
    }

    /// The arguments of a call or annotation, or the entries of a table.
    pub(super) fn arguments(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let node = &self.nodes[id];
        node.kids
            .iter()
            .copied()
            .filter(move |kid| Some(*kid) != node.receiver)
    }
}

/// The operator in what stands between two operands, without the marks of the second and the brackets
/// around either: `+` of `) + &`.
pub(super) fn operator(between: &str) -> &str {
    let is_edge = |c: char| c == ')' || c.is_whitespace();
    let text = between.trim_start_matches(is_edge);
    let end = text.find(|c: char| c == '(' || c.is_whitespace());
    let mark = &text[..end.unwrap_or(text.len())];
    match mark.strip_prefix('+') {
        Some(rest) if rest.trim_start_matches('&').is_empty() => &mark[..1],
        _ => mark,
    }
}

/// Whether a node is a text.
pub(super) fn is_text(syntax: &Syntax<'_>, id: Id) -> bool {
    matches!(syntax.role(id), Role::String | Role::Concat)
}

#[cfg(test)]
mod tests {
    use super::operator;

    #[test]
    fn operators_are_found_between_marks_and_brackets() {
        for (between, found) in [
            (" + ", "+"),
            (" + &", "+"),
            ("+&", "+"),
            (") + (", "+"),
            (".", "."),
            ("\n", ""),
            (" && ", "&&"),
            (" ?? (", "??"),
            (" == !", "=="),
        ] {
            assert_eq!(operator(between), found, "{between}");
        }
    }
}
