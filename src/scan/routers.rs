//! Which prefixes routers have that are mounted elsewhere, in the file or in another one.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use super::declared::DECLARED;
use super::facts::FileFacts;
use super::front::join_prefixes;
use super::idioms::{idioms, words};
use super::imports::Import;
use super::modules::Modules;
use super::mounts::{Mount, Mounted, parts};
use super::pattern::{Pattern, Piece, flatten};

/// How many mounts, and how many files that pass an import on, are followed.
const MAX_STEPS: usize = 4;

/// A router: the file, and its name there; no name for the file's own.
type Router = (usize, String);

/// The mounts of files; files are positions in the slice that they were made of.
pub(super) struct Routers<'a> {
    files: Vec<Option<&'a FileFacts>>,
    modules: &'a Modules,
    mounts: BTreeMap<Router, Vec<(usize, &'a Mount)>>,
    /// Routers that others are mounted on.
    on: BTreeSet<Router>,
}

/// What has to be read before all mounts are understood.
#[derive(Debug, Default)]
pub(super) struct Unread {
    pub(super) files: BTreeSet<usize>,
    /// Names of routers whose file nobody names.
    pub(super) names: BTreeSet<String>,
}

impl<'a> Routers<'a> {
    /// Of files of which some were read, with their modules.
    pub(super) fn new(files: Vec<Option<&'a FileFacts>>, modules: &'a Modules) -> Self {
        let mut routers = Routers {
            files,
            modules,
            mounts: BTreeMap::new(),
            on: BTreeSet::new(),
        };
        let mut mounts: BTreeMap<Router, Vec<(usize, &'a Mount)>> = BTreeMap::new();
        routers.on = routers
            .all()
            .flat_map(|(file, mount, _)| mount.on.iter().map(move |name| (file, name.clone())))
            .collect();
        for (file, mount, mounted) in routers.all() {
            let known = routers
                .meant(file, mounted)
                .into_iter()
                .find(|router| routers.is_known(router));
            if let Some(router) = known {
                mounts.entry(router).or_default().push((file, mount));
            }
        }
        routers.mounts = mounts;
        routers
    }

    fn all(&self) -> impl Iterator<Item = (usize, &'a Mount, &'a Mounted)> {
        let read = self.files.iter().enumerate();
        let read = read.filter_map(|(at, facts)| Some((at, (*facts)?)));
        read.flat_map(|(at, facts)| facts.mounts.iter().map(move |mount| (at, mount)))
            .flat_map(|(at, mount)| mount.routers.iter().map(move |router| (at, mount, router)))
    }

    /// The files and names that mounts speak of and that were not read.
    pub(super) fn unread(&self, needles: &AhoCorasick) -> Unread {
        let mut unread = Unread::default();
        for (file, mount, mounted) in self.all() {
            if !self.matters(file, mount, needles) {
                continue;
            }
            let meant = self.meant(file, mounted);
            let mut known = meant.iter().filter(|router| self.is_known(router));
            if let Some(found) = known.next() {
                if let Mounted::Named(parts) = mounted
                    && self.is_only(file, found, parts)
                {
                    unread.files.extend(self.unread_alike(parts));
                }
                continue;
            }
            let files = meant.iter().map(|(file, _)| *file);
            unread
                .files
                .extend(files.filter(|at| self.files[*at].is_none()));
            let routes = &idioms().routes;
            let is_usual = |word: &String| {
                word == "urls" || routes.makers.contains(word) || routes.handed.contains(word)
            };
            if let Mounted::Named(parts) = mounted
                && let Some(last) = parts.last()
                // A single word is in too many files.
                && words(last).len() > 1
                && !words(last).iter().all(is_usual)
            {
                unread.names.insert(last.clone());
            }
        }
        self.unread_views(&mut unread);
        self.unread_names(&mut unread);
        unread
    }

    /// Notes the files that names in paths are taken from: `@Controller(`api/${TASKS}`)`.
    fn unread_names(&self, unread: &mut Unread) {
        for (file, facts) in self.files.iter().enumerate() {
            let Some(facts) = facts else { continue };
            let sites = facts.sites.iter().filter(|site| site.called);
            let mut names: BTreeSet<&str> = BTreeSet::new();
            for piece in sites.flat_map(|site| site.patterns.iter().flatten()) {
                if let Piece::Hole(Some(name)) = piece {
                    names.insert(name);
                }
            }
            for name in names {
                let parts = parts(name);
                let is_imported = |first: &String| facts.imports.contains_key(first);
                if parts.first().is_some_and(is_imported) {
                    let meant = self.leads(file, &parts, MAX_STEPS).into_iter();
                    let files = meant.map(|(at, _)| at);
                    unread
                        .files
                        .extend(files.filter(|at| self.files[*at].is_none()));
                }
            }
        }
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        self.files.len()
    }

    /// What a file says, if it was read.
    pub(super) fn facts(&self, file: usize) -> Option<&'a FileFacts> {
        self.files.get(file).copied().flatten()
    }

    /// What something that a file names can be, the likeliest first.
    pub(super) fn named(&self, file: usize, parts: &[String]) -> Vec<(usize, String)> {
        self.leads(file, parts, MAX_STEPS)
    }

    /// Whether a file that was read declares paths on a router.
    fn is_known(&self, router: &Router) -> bool {
        let (file, name) = router;
        self.on.contains(router)
            || self.files[*file].is_some_and(|facts| facts.routers.contains(name))
    }

    /// Whether a mount puts anything in front that a route can have.
    fn matters(&self, file: usize, mount: &Mount, needles: &AhoCorasick) -> bool {
        let says = mount
            .prefix
            .iter()
            .any(|prefix| needles.is_match(&flatten(prefix)));
        says || mount
            .on
            .iter()
            .any(|name| self.mounts.contains_key(&(file, name.clone())))
    }

    /// The routers that a mount can mean, the likeliest first.
    fn meant(&self, file: usize, mounted: &Mounted) -> Vec<Router> {
        match mounted {
            Mounted::Module(module) => {
                let files = self.modules.resolve(file, module);
                files.into_iter().map(|at| (at, String::new())).collect()
            }
            Mounted::Named(parts) => self.called(file, parts, MAX_STEPS),
        }
    }

    fn called(&self, file: usize, parts: &[String], steps: usize) -> Vec<Router> {
        let mut found = self.leads(file, parts, steps);
        let last = parts.last().filter(|_| steps > 0);
        if let Some(last) = last
            && !found.iter().any(|router| self.is_known(router))
        {
            found.extend(self.only(last));
        }
        found
    }

    /// The routers that the parts of a name lead to.
    fn leads(&self, file: usize, parts: &[String], steps: usize) -> Vec<Router> {
        let (Some(steps), [front @ .., last]) = (steps.checked_sub(1), parts) else {
            return Vec::new();
        };
        let imports = self.files[file].map(|facts| &facts.imports);
        let imported = |name: &String| imports.and_then(|imports| imports.get(name));
        let mut found = Vec::new();
        if let Some(import) = parts.first().and_then(imported) {
            self.imported(file, import, &parts[1..], steps, &mut found);
        }
        match front {
            [] => {
                found.push((file, last.clone()));
                // Those that were not read are found by the name.
                let beside = self.modules.beside(file).iter();
                let beside = beside.filter(|at| self.files[**at].is_some());
                found.extend(beside.map(|at| (*at, last.clone())));
            }
            [.., owner] => {
                let files = self.modules.resolve(file, front);
                found.extend(files.into_iter().map(|at| (at, last.clone())));
                found.push((file, last.clone()));
                found.extend(self.alike(owner, last));
                // `router.urls`, `router.routes()`
                found.push((file, owner.clone()));
            }
        }
        // Functions with a path of their own: `routes![show]`.
        let named = found.iter().filter(|(_, name)| !name.is_empty());
        let declared = named.map(|(at, name)| (*at, format!("{DECLARED}{name}")));
        found.extend(declared.collect::<Vec<_>>());
        found
    }

    fn imported(
        &self,
        file: usize,
        import: &Import,
        rest: &[String],
        steps: usize,
        found: &mut Vec<Router>,
    ) {
        let whole = self.modules.resolve(file, &import.module);
        // `from shop.routes import users` may mean a module.
        let mut module = import.module.clone();
        module.extend(import.name.clone());
        let below = match import.name {
            Some(_) => self.modules.resolve(file, &module),
            None => Vec::new(),
        };
        let below = below
            .into_iter()
            .filter(|at| self.modules.name(*at) == module[module.len() - 1]);
        let below: Vec<usize> = below.collect();
        match (rest.last(), &import.name) {
            (Some(last), None) => found.extend(whole.iter().map(|at| (*at, last.clone()))),
            (Some(last), Some(_)) => {
                found.extend(below.iter().chain(&whole).map(|at| (*at, last.clone())));
            }
            (None, None) => found.extend(whole.iter().map(|at| (*at, String::new()))),
            (None, Some(name)) => {
                found.extend(whole.iter().map(|at| (*at, name.clone())));
                found.extend(below.iter().map(|at| (*at, String::new())));
            }
        }
        // A file that only passes on what it imports, and one whose export has another name there.
        for at in whole {
            let asked = import.name.as_ref().or(rest.last());
            let passes = |name: &&String| {
                self.files[at].is_some_and(|facts| facts.imports.contains_key(*name))
            };
            match asked.filter(passes) {
                Some(name) => found.extend(self.called(at, std::slice::from_ref(name), steps)),
                None if rest.is_empty() => found.push((at, String::new())),
                None => {}
            }
        }
    }

    /// Whether a router was found by nothing but its last name, in a file that nothing leads to.
    fn is_only(&self, file: usize, found: &Router, parts: &[String]) -> bool {
        parts.len() > 1 && found.0 != file && !self.leads(file, parts, MAX_STEPS).contains(found)
    }

    /// The files that were not read and are called like what a router is asked of: `users.go` for
    /// `usersResource.Routes`.
    fn unread_alike(&self, parts: &[String]) -> Vec<usize> {
        let Some(owner) = parts.len().checked_sub(2).map(|at| &parts[at]) else {
            return Vec::new();
        };
        let unread = (0..self.files.len()).filter(|at| self.files[*at].is_none());
        unread.filter(|at| self.is_alike(owner, *at)).collect()
    }

    /// Whether a file is called like what a router is asked of.
    fn is_alike(&self, owner: &str, file: usize) -> bool {
        let bare = |text: &str| -> String {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let (owner, file) = (bare(owner), bare(self.modules.stem(file)));
        file.len() > 2 && (owner.starts_with(&file) || file.starts_with(&owner))
    }

    /// Routers of a name in files that are called like what they are asked of: `userHandler.Register`.
    fn alike(&self, owner: &str, name: &str) -> Vec<Router> {
        let named = (0..self.files.len()).filter(|at| self.is_known(&(*at, name.to_owned())));
        named
            .filter(|at| self.is_alike(owner, *at))
            .map(|at| (at, name.to_owned()))
            .collect()
    }

    /// The router of a name that only one file has.
    fn only(&self, name: &str) -> Option<Router> {
        let mut named = (0..self.files.len())
            .map(|at| (at, name.to_owned()))
            .filter(|router| self.is_known(router));
        match (named.next(), named.next()) {
            (Some(router), None) => Some(router),
            _ => None,
        }
    }

    /// What is in front of the paths that a file declares on a router of one of these names; nothing
    /// if nobody mounts it.
    pub(super) fn prefixes(&self, file: usize, names: &BTreeSet<String>) -> Vec<Pattern> {
        self.in_front(file, names, MAX_STEPS)
    }

    fn in_front(&self, file: usize, names: &BTreeSet<String>, steps: usize) -> Vec<Pattern> {
        let Some(steps) = steps.checked_sub(1) else {
            return Vec::new();
        };
        let mut found: Vec<Pattern> = Vec::new();
        for name in names {
            let mounts = self.mounts.get(&(file, name.clone()));
            for (at, mount) in mounts.into_iter().flatten() {
                let outer = self.in_front(*at, &mount.on, steps);
                let whole = if outer.is_empty() {
                    mount.prefix.clone()
                } else {
                    join_prefixes(&outer, &mount.prefix)
                };
                for prefix in whole {
                    if !found.contains(&prefix) {
                        found.push(prefix);
                    }
                }
            }
        }
        found.truncate(8);
        found
    }
}
