//! Finds the files that can hold a route, reads them, and weighs what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use aho_corasick::AhoCorasick;

use super::candidates::{Candidates, automaton, needles};
use super::custom::CustomCalls;
use super::facts::{FileFacts, read};
use super::fold::is_path_like;
use super::language::Language;
use super::modules::Modules;
use super::pattern::PathPattern;
use super::routers::Routers;
use super::target::Target;
use super::unify::Routes;
use super::walk::{Found, LeftOut, unfit, walk};
use super::weigh::{Scanned, common_names, weigh};
use super::{Scan, ScanOptions};

/// Deeply nested code needs room.
const STACK: usize = 64 << 20;

/// How often files are read because others lead to them.
const MAX_ROUNDS: usize = 4;

/// Looks for endpoints in source code; `progress` is told the bytes that were read, and of how many.
pub fn scan(targets: &[Target], options: &ScanOptions, progress: &mut dyn FnMut(u64, u64)) -> Scan {
    let walked = walk(&options.sources, &options.root);
    let total = walked.files.iter().map(|file| file.bytes).sum();
    let custom = CustomCalls(options.calls.clone());
    let mut noted: BTreeSet<String> = common_names(targets);
    noted.extend(targets.iter().filter_map(|target| target.operation.clone()));
    let hosts = targets.iter().flat_map(|target| &target.hosts);
    noted.extend(hosts.filter_map(|host| host.split(':').next().map(str::to_owned)));
    let candidates = Candidates::of_routes(targets, noted);
    let Some(needles) = automaton(&needles(targets)) else {
        return Scan::default();
    };
    let reading = Reading {
        custom: &custom,
        needles: &needles,
    };
    let mut result = Scan {
        files: walked.files.len(),
        left_out: walked.left_out,
        ..Scan::default()
    };
    let mut read_bytes = 0;
    let mut words = BTreeSet::new();
    let mut scanned: BTreeMap<usize, FileFacts> = BTreeMap::new();
    let mut others: Vec<usize> = Vec::new();
    let all: Vec<usize> = (0..walked.files.len()).collect();
    let first = reading.pass(Some(&candidates));
    first.run(&walked.files, &all, &mut |at, outcome| {
        read_bytes += walked.files[at].bytes;
        progress(read_bytes, total);
        result.lines += outcome.lines;
        words.extend(outcome.words);
        match outcome.facts {
            Ok(Some(facts)) => {
                scanned.insert(at, facts);
            }
            Ok(None) => others.push(at),
            Err(reason) => {
                let told = result.left_out.entry(reason).or_default();
                told.push(walked.files[at].name.clone());
            }
        }
    });
    others.sort_unstable();
    follow(targets, &walked.files, others, &mut scanned, reading);
    let files: Vec<Scanned> = scanned
        .into_iter()
        .map(|(at, facts)| Scanned {
            name: walked.files[at].name.clone(),
            test: walked.files[at].test,
            facts,
        })
        .collect();
    result.parsed = files.len();
    let names_of = |wanted: fn(&FileFacts) -> bool| {
        let files = files.iter().filter(move |file| wanted(&file.facts));
        files.map(|file| file.name.clone()).collect()
    };
    result.broken = names_of(|facts| facts.broken);
    result.too_deep = names_of(|facts| facts.too_deep);
    result.cut = names_of(|facts| facts.cut);
    for told in result.left_out.values_mut() {
        told.sort_unstable();
    }
    result.endpoints = weigh(targets, &files, &words);
    result
}

/// Reads files that declare paths on routers which others mount, or use routes by names that others
/// give them.
fn follow(
    targets: &[Target],
    files: &[Found],
    mut others: Vec<usize>,
    scanned: &mut BTreeMap<usize, FileFacts>,
    reading: Reading<'_>,
) {
    let modules = Modules::new(files.iter().map(|file| file.name.as_str()));
    let mut looked: BTreeSet<String> = BTreeSet::new();
    for _ in 0..MAX_ROUNDS {
        let mut names = exported(targets, scanned);
        let facts = (0..files.len()).map(|at| scanned.get(&at));
        let unread = Routers::new(facts.collect(), &modules).unread(reading.needles);
        names.extend(unread.names);
        names.retain(|name| looked.insert(name.clone()));
        let before = scanned.len();
        let mut add = |at: usize, outcome: Outcome| {
            if let Ok(Some(facts)) = outcome.facts {
                scanned.insert(at, facts);
            }
        };
        let (mounted, rest): (Vec<usize>, _) =
            others.into_iter().partition(|at| unread.files.contains(at));
        reading.pass(None).run(files, &mounted, &mut add);
        others = rest;
        if !names.is_empty() {
            let candidates = Candidates::of_names(&names);
            reading
                .pass(Some(&candidates))
                .run(files, &others, &mut add);
        }
        if scanned.len() == before {
            return;
        }
        others.retain(|at| !scanned.contains_key(at));
    }
}

/// The names that files give to routes.
fn exported(targets: &[Target], scanned: &BTreeMap<usize, FileFacts>) -> BTreeSet<String> {
    let routes = Routes::new(targets);
    let mut names = BTreeSet::new();
    for (name, patterns) in scanned.values().flat_map(|facts| &facts.exports) {
        let meant = patterns
            .iter()
            .filter(|pattern| is_path_like(pattern))
            .filter_map(PathPattern::of)
            .any(|path| !routes.matches(&path).is_empty());
        let last = name.rsplit('.').next().unwrap_or(name);
        if meant && last.len() > 3 {
            names.insert(last.to_owned());
        }
    }
    names
}

/// What one file comes to.
struct Outcome {
    lines: usize,
    /// The texts looked for that it holds.
    words: BTreeSet<String>,
    /// What it says; nothing if it holds no text that counts.
    facts: Result<Option<FileFacts>, LeftOut>,
}

/// What every file is read with.
#[derive(Clone, Copy)]
struct Reading<'p> {
    custom: &'p CustomCalls,
    /// Finds the texts that routes are made of.
    needles: &'p AhoCorasick,
}

impl<'p> Reading<'p> {
    fn pass(self, candidates: Option<&'p Candidates>) -> Pass<'p> {
        Pass {
            candidates,
            reading: self,
        }
    }
}

/// A search in files.
struct Pass<'p> {
    /// What makes a file worth parsing; without it, every file is.
    candidates: Option<&'p Candidates>,
    reading: Reading<'p>,
}

impl Pass<'_> {
    /// Reads files on all processors; outcomes come in any order.
    fn run(&self, files: &[Found], wanted: &[usize], done: &mut dyn FnMut(usize, Outcome)) {
        let next = AtomicUsize::new(0);
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel(64);
            for _ in 0..workers.min(wanted.len()) {
                let (sender, next) = (sender.clone(), &next);
                let work = move || {
                    while let Some(at) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if sender.send((*at, self.file(&files[*at]))).is_err() {
                            return;
                        }
                    }
                };
                let spawned = std::thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, work);
                if spawned.is_err() {
                    break;
                }
            }
            drop(sender);
            while let Ok((at, outcome)) = receiver.recv() {
                done(at, outcome);
            }
        });
    }

    fn file(&self, file: &Found) -> Outcome {
        let mut outcome = Outcome {
            lines: 0,
            words: BTreeSet::new(),
            facts: Ok(None),
        };
        let Ok(content) = std::fs::read(&file.path) else {
            outcome.facts = Err(LeftOut::Unreadable);
            return outcome;
        };
        outcome.lines = memchr::memchr_iter(b'\n', &content).count();
        if let Some(reason) = unfit(&content) {
            outcome.facts = Err(reason);
            return outcome;
        }
        let hits = self.candidates.map(|known| known.find(&content));
        if let (Some(hits), Some(candidates)) = (&hits, self.candidates) {
            let words = hits.words.iter().map(|at| candidates.word(*at).to_owned());
            outcome.words.extend(words);
        }
        if hits.is_none_or(|hits| hits.counts)
            && let Some(language) = Language::of(&file.path)
        {
            let text = String::from_utf8_lossy(&content);
            outcome.facts = Ok(read(
                &text,
                language,
                self.reading.custom,
                self.reading.needles,
            ));
        }
        outcome
    }
}
