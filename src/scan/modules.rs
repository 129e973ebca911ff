//! Which file a module is.

use std::collections::HashMap;

/// Files by the modules that they can be.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// Of each file, the folders and its name without ending; a package's own file has its folder's.
    paths: Vec<Vec<String>>,
    folders: Vec<Vec<String>>,
    stems: Vec<String>,
    by_last: HashMap<String, Vec<usize>>,
    by_folder: HashMap<Vec<String>, Vec<usize>>,
}

impl Modules {
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut modules = Modules::default();
        for (at, name) in names.enumerate() {
            let mut path: Vec<String> = name.split('/').map(str::to_owned).collect();
            let file = path.pop().unwrap_or_default();
            let folder = path.clone();
            let (stem, ending) = file.split_once('.').unwrap_or((&file, ""));
            // In Go, a package is a folder.
            if ending != "go" && !matches!(stem, "index" | "__init__" | "mod") {
                path.push(stem.to_owned());
            }
            let known = modules
                .by_last
                .entry(path.last().cloned().unwrap_or_default());
            known.or_default().push(at);
            modules
                .by_folder
                .entry(folder.clone())
                .or_default()
                .push(at);
            modules.stems.push(stem.to_owned());
            modules.paths.push(path);
            modules.folders.push(folder);
        }
        modules
    }

    /// The files that a module can be which a file names; the closest.
    pub(super) fn resolve(&self, from: usize, module: &[String]) -> Vec<usize> {
        let first = module.first().map(String::as_str);
        if matches!(first, Some("." | "..")) {
            let mut path = self.folders[from].clone();
            for segment in module {
                match segment.as_str() {
                    "." => {}
                    ".." => {
                        path.pop();
                    }
                    _ => path.push(segment.clone()),
                }
            }
            return self.ending(&path, true);
        }
        let is_root = |s: &&String| matches!(s.as_str(), "crate" | "self" | "super" | "@" | "~");
        let named: Vec<String> = module.iter().skip_while(is_root).cloned().collect();
        // The front may name the project, whose folder is not below the source.
        (0..named.len())
            .map(|at| self.ending(&named[at..], false))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn ending(&self, path: &[String], whole: bool) -> Vec<usize> {
        let Some(last) = path.last() else {
            return Vec::new();
        };
        let known = self.by_last.get(last).map_or(&[][..], Vec::as_slice);
        let fits = |at: &usize| {
            let own = &self.paths[*at];
            own.ends_with(path) && (!whole || own.len() == path.len())
        };
        known.iter().copied().filter(fits).collect()
    }

    /// The files of a file's folder.
    pub(super) fn beside(&self, file: usize) -> &[usize] {
        let known = self.by_folder.get(&self.folders[file]);
        known.map_or(&[], Vec::as_slice)
    }

    /// The name of a file without its ending.
    pub(super) fn stem(&self, file: usize) -> &str {
        &self.stems[file]
    }

    /// The last segment of a file's module.
    pub(super) fn name(&self, file: usize) -> &str {
        self.paths[file].last().map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_lead_to_files() {
        let names = [
            "app/main.py",
            "app/api/__init__.py",
            "app/api/users.py",
            "web/routes/users.js",
            "web/server.js",
            "cmd/users/list.go",
        ];
        let modules = Modules::new(names.into_iter());
        let to = |from: usize, module: &str| {
            let module: Vec<String> = module.split('/').map(str::to_owned).collect();
            modules.resolve(from, &module)
        };
        assert_eq!(to(0, "./api/users"), [2]);
        assert_eq!(to(0, "shop/app/api"), [1]);
        assert_eq!(to(1, "./users"), [2]);
        assert_eq!(to(2, "../main"), [0]);
        assert_eq!(to(4, "./routes/users"), [3]);
        assert_eq!(to(4, "a.example/cmd/users"), [5]);
        assert_eq!(to(4, "express"), [0; 0]);
    }
}
