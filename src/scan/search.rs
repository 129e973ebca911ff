//! Finds the files that can hold a route, reads them, and weighs what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use aho_corasick::AhoCorasick;

use super::custom::CustomCalls;
use super::facts::{FileFacts, read};
use super::language::Language;
use super::pattern::PathPattern;
use super::target::{Target, needles};
use super::unify::Routes;
use super::walk::{Found, LeftOut, unfit, walk};
use super::weigh::{Scanned, common_names, weigh};
use super::{Scan, ScanOptions};

/// Deeply nested code needs room.
const STACK: usize = 64 << 20;

/// Stands in routes of C# for the name of the class around.
const CONTROLLER: &str = "[controller]";

/// Looks for endpoints in source code; `progress` is told the bytes that were read, and of how many.
pub fn scan(targets: &[Target], options: &ScanOptions, progress: &mut dyn FnMut(u64, u64)) -> Scan {
    let walked = walk(&options.sources, &options.root);
    let total = walked.files.iter().map(|file| file.bytes).sum();
    let custom = CustomCalls(options.calls.clone());
    let texts = needles(targets);
    let mut wanted = texts.clone();
    wanted.extend(targets.iter().filter_map(|target| target.operation.clone()));
    wanted.extend(common_names(targets));
    let mut result = Scan {
        files: walked.files.len(),
        left_out: walked.left_out,
        ..Scan::default()
    };
    let mut read_bytes = 0;
    let mut words = BTreeSet::new();
    let mut scanned: BTreeMap<usize, FileFacts> = BTreeMap::new();
    let mut others: Vec<usize> = Vec::new();
    let Some(needles) = automaton(&texts) else {
        return Scan::default();
    };
    wanted.insert(CONTROLLER.to_owned());
    let first = Pass::new(
        &wanted,
        |word| match texts.contains(word) || word == CONTROLLER {
            true => Counts::Quoted,
            false => Counts::Never,
        },
        &custom,
        &needles,
    );
    let all: Vec<usize> = (0..walked.files.len()).collect();
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
    // Files that use routes by names that these files give them.
    let names = exported(targets, &scanned);
    if !names.is_empty() {
        others.sort_unstable();
        let second = Pass::new(&names, |_| Counts::Named, &custom, &needles);
        second.run(&walked.files, &others, &mut |at, outcome| {
            if let Ok(Some(facts)) = outcome.facts {
                scanned.insert(at, facts);
            }
        });
    }
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

/// The names that files give to routes.
fn exported(targets: &[Target], scanned: &BTreeMap<usize, FileFacts>) -> BTreeSet<String> {
    let routes = Routes::new(targets);
    let mut names = BTreeSet::new();
    for (name, patterns) in scanned.values().flat_map(|facts| &facts.exports) {
        let meant = patterns
            .iter()
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

/// Finds all of some words, overlapping ones too.
fn automaton<'w>(words: impl IntoIterator<Item = &'w String>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::Standard)
        .build(words)
        .ok()
}

/// What makes a file worth parsing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// The word by itself.
    Named,
    /// The word in a text: beside a quote or slash.
    Quoted,
    /// The word does not.
    Never,
}

/// A search for texts in files.
struct Pass<'p> {
    words: Vec<&'p str>,
    counts: Vec<Counts>,
    automaton: Option<AhoCorasick>,
    custom: &'p CustomCalls,
    needles: &'p AhoCorasick,
}

impl<'p> Pass<'p> {
    fn new(
        words: &'p BTreeSet<String>,
        counts: impl Fn(&String) -> Counts,
        custom: &'p CustomCalls,
        needles: &'p AhoCorasick,
    ) -> Self {
        Pass {
            counts: words.iter().map(counts).collect(),
            automaton: automaton(words),
            words: words.iter().map(String::as_str).collect(),
            custom,
            needles,
        }
    }

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
        let found = self.found(&content);
        for at in found.words {
            outcome.words.insert(self.words[at].to_owned());
        }
        if found.counts
            && let Some(language) = Language::of(&file.path)
        {
            let text = String::from_utf8_lossy(&content);
            outcome.facts = Ok(read(&text, language, self.custom, self.needles));
        }
        outcome
    }

    /// The words that stand in a text by themselves.
    fn found(&self, content: &[u8]) -> Hits {
        let mut found = Hits::default();
        let Some(automaton) = &self.automaton else {
            return found;
        };
        let is_word =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let is_edge = |byte: Option<&u8>| matches!(byte, Some(b'/' | b'"' | b'\'' | b'`'));
        for hit in automaton.find_overlapping_iter(content) {
            let before = hit.start().checked_sub(1).and_then(|at| content.get(at));
            let after = content.get(hit.end());
            if is_word(before) || is_word(after) {
                continue;
            }
            let word = hit.pattern().as_usize();
            found.words.insert(word);
            found.counts |= match self.counts[word] {
                Counts::Named => true,
                Counts::Quoted => is_edge(before) || is_edge(after),
                Counts::Never => false,
            };
        }
        found
    }
}

/// Which words a file holds.
#[derive(Debug, Default)]
struct Hits {
    words: BTreeSet<usize>,
    /// Whether one of them makes it worth parsing.
    counts: bool,
}
