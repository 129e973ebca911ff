//! What a file takes from other files, by the names that it gives to it.

use std::collections::HashMap;

/// Something of another file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// The other file as it is named: its segments, relative ones with `.` and `..` in front.
    pub(super) module: Vec<String>,
    /// What of it; nothing for all of it, or its default.
    pub(super) name: Option<String>,
}

/// Imports by their names in the file.
pub(super) type Imports = HashMap<String, Import>;

/// Reads the import statements of a file, in any of the languages that name what they import.
pub(super) fn imports<'t>(statements: impl Iterator<Item = &'t str>) -> Imports {
    let mut found = Imports::new();
    for statement in statements {
        let text = statement.trim().trim_end_matches(';');
        if let Some(rest) = text.strip_prefix("from ") {
            python_from(rest, &mut found);
        } else if let Some(rest) = text.strip_prefix("use ") {
            rust(rest, &[], &mut found);
        } else if let Some(rest) = text.strip_prefix("pub use ") {
            rust(rest, &[], &mut found);
        } else if let Some(rest) = text.strip_prefix("import") {
            match (rest.rfind(" from "), rest.contains(['"', '\''])) {
                (Some(at), _) => script(&rest[..at], &rest[at + 6..], &mut found),
                (None, true) => go(rest, &mut found),
                (None, false) => python_import(rest, &mut found),
            }
        }
    }
    found
}

/// The segments of a module as it is written: `./routes/users.js`, `..api.users`, `shop.urls`.
pub(super) fn module(text: &str) -> Vec<String> {
    let text = text.trim().trim_matches(['"', '\'', '`']);
    if text.contains('/') {
        let script = [".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx"];
        let bare = script.iter().find_map(|ending| text.strip_suffix(ending));
        let segments = bare.unwrap_or(text).split('/').filter(|s| !s.is_empty());
        return segments.map(str::to_owned).collect();
    }
    let dots = text.len() - text.trim_start_matches('.').len();
    let mut segments = match dots {
        0 => Vec::new(),
        1 => vec![".".to_owned()],
        more => vec!["..".to_owned(); more - 1],
    };
    let named = text[dots..].split('.').filter(|s| !s.is_empty());
    segments.extend(named.map(str::to_owned));
    segments
}

/// `a as b`, or `a`: what is imported, and its name here.
fn renamed<'t>(item: &'t str, by: &str) -> (&'t str, &'t str) {
    match item.split_once(by) {
        Some((name, alias)) => (name.trim(), alias.trim()),
        None => (item.trim(), item.trim()),
    }
}

fn add(found: &mut Imports, here: &str, module: Vec<String>, name: Option<&str>) {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    if !here.is_empty() && here.chars().all(is_name) {
        let name = name.filter(|name| *name != "default").map(str::to_owned);
        found.insert(here.to_owned(), Import { module, name });
    }
}

/// `shop.routes import users as u, orders`
fn python_from(rest: &str, found: &mut Imports) {
    let Some((from, items)) = rest.split_once(" import ") else {
        return;
    };
    for item in items.trim().trim_matches(['(', ')']).split(',') {
        let (name, here) = renamed(item, " as ");
        add(found, here, module(from), Some(name));
    }
}

/// `shop.routes.users as u, os`
fn python_import(rest: &str, found: &mut Imports) {
    for item in rest.split(',') {
        let (name, here) = renamed(item, " as ");
        let here = here.rsplit('.').next().unwrap_or(here);
        add(found, here, module(name), None);
    }
}

/// `users, { a as b }` from `./users`
fn script(items: &str, from: &str, found: &mut Imports) {
    let (plain, listed) = match items.split_once('{') {
        Some((plain, listed)) => (plain, listed.split('}').next().unwrap_or("")),
        None => (items, ""),
    };
    for item in plain.split(',') {
        let item = item.trim().trim_start_matches("type ");
        let here = item.strip_prefix("* as ").unwrap_or(item);
        add(found, here.trim(), module(from), None);
    }
    for item in listed.split(',') {
        let (name, here) = renamed(item, " as ");
        add(found, here, module(from), Some(name));
    }
}

/// `( alias "host/shop/users" … )`
fn go(rest: &str, found: &mut Imports) {
    for line in rest.trim().trim_matches(['(', ')']).lines() {
        let mut parts = line.split('"');
        let (Some(alias), Some(path)) = (parts.next(), parts.next()) else {
            continue;
        };
        let module = module(path);
        let is_version = |s: &&String| s.len() > 1 && s[1..].bytes().all(|b| b.is_ascii_digit());
        let last = module.iter().rev().find(|s| !is_version(s)).cloned();
        let alias = alias.trim();
        let here = if alias.is_empty() {
            last.unwrap_or_default()
        } else {
            alias.to_owned()
        };
        add(found, &here, module, None);
    }
}

/// `crate::routes::{users, orders as o, v2::{self, list}}`
fn rust(tree: &str, front: &[String], found: &mut Imports) {
    let tree = tree.trim();
    let (path, below) = match tree.split_once('{') {
        Some((path, below)) => (path, below.strip_suffix('}')),
        None => (tree, None),
    };
    let (path, here) = renamed(path, " as ");
    let mut segments = front.to_vec();
    let named = path.split("::").map(str::trim).filter(|s| !s.is_empty());
    segments.extend(named.map(str::to_owned));
    if let Some(below) = below {
        let mut depth = 0usize;
        let is_split = |c: char| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        };
        for item in below.split(is_split) {
            rust(item, &segments, found);
        }
        return;
    }
    let Some(last) = segments.pop() else {
        return;
    };
    let here = here.rsplit("::").next().unwrap_or(here);
    if last == "self" {
        if let Some(module) = segments.last().cloned() {
            add(found, &module, segments, None);
        }
    } else if last != "*" {
        add(found, here, segments, Some(&last));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_all_languages_are_read() {
        for (statement, here, from, name) in [
            (
                "from .users import bp as users_bp, x",
                "users_bp",
                "./users",
                "bp",
            ),
            ("from ..api import (\n  a,\n  b\n)", "b", "../api", "b"),
            (
                "import shop.routes.users as u",
                "u",
                "shop/routes/users",
                "-",
            ),
            (
                "import users from './routes/users.js';",
                "users",
                "./routes/users",
                "-",
            ),
            (
                "import x, { router as r } from \"@/users\"",
                "r",
                "@/users",
                "router",
            ),
            ("import * as users from './users'", "users", "./users", "-"),
            (
                "import (\n\t\"fmt\"\n\tu \"a.example/shop/users\"\n)",
                "u",
                "a.example/shop/users",
                "-",
            ),
            (
                "import \"a.example/shop/users/v2\"",
                "users",
                "a.example/shop/users/v2",
                "-",
            ),
            (
                "use crate::routes::{users, v2::{self, list as l}};",
                "l",
                "crate/routes/v2",
                "list",
            ),
            (
                "use crate::routes::{users, v2::{self, list}};",
                "v2",
                "crate/routes/v2",
                "-",
            ),
            (
                "use crate::routes::users;",
                "users",
                "crate/routes",
                "users",
            ),
        ] {
            let found = imports(std::iter::once(statement));
            let told = found.get(here).map(|import| {
                let name = import.name.as_deref().unwrap_or("-");
                (import.module.join("/"), name.to_owned())
            });
            assert_eq!(
                told,
                Some((from.to_owned(), name.to_owned())),
                "{statement}"
            );
        }
    }

    #[test]
    fn modules_are_split_into_segments() {
        assert_eq!(module("'./routes/users.js'"), [".", "routes", "users"]);
        assert_eq!(module("shop.urls"), ["shop", "urls"]);
        assert_eq!(module("...x"), ["..", "..", "x"]);
    }
}
