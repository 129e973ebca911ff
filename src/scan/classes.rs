//! What classes are made of.

use super::language::Role;
use super::syntax::{Id, Syntax};

/// The names of the classes that a class is made of, as they are written.
pub(super) fn bases<'s>(syntax: &Syntax<'s>, class: Id) -> impl Iterator<Item = &'s str> {
    let node = syntax.get(class);
    let inside = node.kids.last().map(|body| syntax.get(*body).span.start);
    let end = inside.unwrap_or(node.span.end).max(node.name.end);
    let head = syntax.text.get(node.name.end..end).unwrap_or("");
    listed(head).split(',').filter_map(|base| {
        let base = base.split(['<', '(', '[', '{']).next().unwrap_or("").trim();
        (!base.is_empty() && !base.contains(['=', ' '])).then_some(base)
    })
}

/// The list of bases in what stands between a class's name and its body: `(A, b.B):`, `extends A`,
/// `(x: X) : A, B`.
fn listed(head: &str) -> &str {
    let head = head.split('{').next().unwrap_or("");
    if let Some((_, behind)) = head.split_once("extends ") {
        return behind.split(" implements ").next().unwrap_or(behind);
    }
    let behind_name = head.trim_start();
    let (given, rest) = match behind_name.strip_prefix('(') {
        Some(inside) => match inside.rsplit_once(')') {
            Some((given, rest)) if !rest.trim_end_matches([':', '\n', ' ']).is_empty() => {
                (given, rest)
            }
            // In Python, the bases are what the class is given.
            Some((given, _)) => return given,
            None => return "",
        },
        None => ("", behind_name),
    };
    let rest = rest.trim_start();
    match rest.strip_prefix(':') {
        Some(bases) if !bases.trim().is_empty() => bases,
        _ => given,
    }
}

impl Syntax<'_> {
    /// A class of a file and those above it that the file has too, the nearest first.
    pub(super) fn classes_above(&self, class: Id) -> Vec<Id> {
        let mut found = vec![class];
        let mut at = 0;
        while at < found.len() && found.len() < 8 {
            let names: Vec<&str> = bases(self, found[at]).collect();
            if !names.is_empty() {
                let classes = (0..self.nodes.len()).filter(|id| self.role(*id) == Role::Class);
                let above = classes.filter(|id| names.contains(&self.name(*id)));
                let new: Vec<Id> = above.filter(|id| !found.contains(id)).collect();
                found.extend(new);
            }
            at += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn bases_of_all_languages_are_found() {
        for (head, found) in [
            (
                "(viewsets.ModelViewSet, Base):\n    ",
                "viewsets.ModelViewSet, Base",
            ),
            (":\n    ", ""),
            (" extends Base implements X {", "Base "),
            (" : ApiControllerBase\n", " ApiControllerBase\n"),
            ("(HttpClient http) : Base, IShop {", " Base, IShop "),
            (" {", ""),
        ] {
            let told = listed(head);
            let told = told.trim_end_matches(['{', '\n', ' ']);
            assert_eq!(told.trim(), found.trim(), "{head}");
        }
    }
}
