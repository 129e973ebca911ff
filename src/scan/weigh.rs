//! From what all files say to the evidence for each endpoint.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::facts::{FileFacts, Site};
use super::front::join_prefixes;
use super::modules::Modules;
use super::pattern::{PathPattern, Pattern, Piece};
use super::request::{How, Stance};
use super::routers::Routers;
use super::target::{Fit, Target, fit};
use super::unify::{Match, Routes};
use super::{EndpointScan, Evidence, EvidenceKind};
use crate::config::Status;

/// The table `weights.toml`, which explains its keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    said: f64,
    wrapper: f64,
    default: f64,
    any: f64,
    around: f64,
    path: f64,
    guess: f64,
    suffix: f64,
    test: f64,
    comment: f64,
    based: f64,
    base_share: f64,
    base_votes: usize,
    common_share: f64,
}

static WEIGHTS: LazyLock<Weights> =
    LazyLock::new(|| toml::from_str(include_str!("weights.toml")).unwrap_or_default());

/// One file with what it says.
pub(super) struct Scanned {
    pub(super) name: String,
    pub(super) test: bool,
    pub(super) facts: FileFacts,
}

/// A path of the source that agrees with routes.
struct Hit<'a> {
    file: &'a Scanned,
    site: &'a Site,
    methods: BTreeSet<String>,
    how: How,
    /// Whether other methods may be answered too.
    open: bool,
    /// Whether it may be only a part of the path that is called.
    part: bool,
    path: PathPattern,
    matches: Vec<Match>,
}

/// The evidence for each target; `words` are the texts looked for that occur anywhere.
pub(super) fn weigh(
    targets: &[Target],
    files: &[Scanned],
    words: &BTreeSet<String>,
) -> Vec<EndpointScan> {
    let routes = Routes::new(targets);
    let names = Names::of(files);
    let modules = Modules::new(files.iter().map(|file| file.name.as_str()));
    let code = files.iter().map(|file| (!file.test).then_some(&file.facts));
    let mounted = Routers::new(code.collect(), &modules);
    let mut bases: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut hits = Vec::new();
    for (at, file) in files.iter().enumerate() {
        for site in &file.facts.sites {
            let mut methods = site.methods.names.clone();
            let mut how = site.methods.how;
            let mut part = site.methods.part;
            if how == How::Unknown
                && site.view.is_none()
                && let Some((callee, method)) = names.method(&site.methods.callees)
            {
                methods.insert(method.to_owned());
                how = How::Wrapper;
                part |= site.methods.is_part_in(callee);
            }
            let mut open = false;
            if how != How::Said
                && let Some(view) = &site.view
                && let Some(known) = mounted.answers(at, view, how)
            {
                (methods, how, open) = (known.methods, known.how, known.open);
            }
            let prefixes = mounted.prefixes(at, &site.routers);
            let patterns = match prefixes.as_slice() {
                [] => Cow::Borrowed(&site.patterns),
                prefixes => Cow::Owned(join_prefixes(prefixes, &site.patterns)),
            };
            for pattern in patterns.iter().flat_map(|p| names.resolve(p, 3)) {
                let Some(path) = PathPattern::of(&pattern) else {
                    continue;
                };
                if site.stance != Stance::Mentioned {
                    bases.extend(base_of(&path, &routes));
                }
                let plain = path.rooted || site.called || (path.open && path.literals() > 1);
                let matches = if plain {
                    routes.matches(&path)
                } else {
                    Vec::new()
                };
                if !matches.is_empty() {
                    hits.push(Hit {
                        file,
                        site,
                        methods: methods.clone(),
                        how,
                        open,
                        part,
                        path,
                        matches,
                    });
                }
            }
        }
        for pattern in file.facts.exports.values().flatten() {
            bases.extend(PathPattern::of(pattern).and_then(|path| base_of(&path, &routes)));
        }
    }
    bases.extend(voted(&hits, &routes));
    let mut evidence: Vec<Vec<(Evidence, &Hit<'_>)>> = targets.iter().map(|_| Vec::new()).collect();
    for hit in &hits {
        hit.tell(targets, &routes, &bases, words, &mut evidence);
    }
    drop_definitions(&routes, &mut evidence);
    let common = common(targets, words);
    targets
        .iter()
        .zip(evidence)
        .map(|(target, evidence)| conclude(target, evidence, &common))
        .collect()
}

/// Where a path of a route is called, the place that gives the path its name says nothing more, and
/// neither does what else the same function does with it.
fn drop_definitions(routes: &Routes, evidence: &mut [Vec<(Evidence, &Hit<'_>)>]) {
    let place = |row: &Evidence| (row.file.clone(), row.function.clone());
    for wanted in &routes.wanted {
        let rows = wanted.targets.iter().flat_map(|at| &evidence[*at]);
        let exact = rows.filter(|(row, _)| row.kind == EvidenceKind::Exact);
        let called: BTreeSet<_> = exact.map(|(row, _)| place(row)).collect();
        if called.is_empty() {
            continue;
        }
        for at in &wanted.targets {
            evidence[*at].retain(|(row, hit)| {
                let again = row.function.is_some() && called.contains(&place(row));
                let named = matches!(hit.site.stance, Stance::Defined | Stance::Listed);
                let nothing_more = named || (again && row.kind == EvidenceKind::Path);
                row.kind == EvidenceKind::Exact || !nothing_more
            });
        }
    }
}

/// What names stand for across files.
struct Names<'a> {
    exports: BTreeMap<&'a str, Option<&'a [Pattern]>>,
    wrappers: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Names<'a> {
    /// A name that stands for different things in different files stands for none.
    fn of(files: &'a [Scanned]) -> Self {
        let mut exports: BTreeMap<&str, Option<&[Pattern]>> = BTreeMap::new();
        let mut wrappers: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for file in files.iter().filter(|file| !file.test) {
            for (name, patterns) in &file.facts.exports {
                let known = exports.entry(name).or_insert(Some(patterns));
                if known.is_some_and(|known| known != patterns.as_slice()) {
                    *known = None;
                }
            }
            for (name, method) in &file.facts.wrappers {
                let known = wrappers.entry(name).or_insert(Some(method));
                if known.is_some_and(|known| known != method) {
                    *known = None;
                }
            }
        }
        Names { exports, wrappers }
    }

    /// The method that one of the calls around a path sends, and which of them.
    fn method(&self, callees: &[String]) -> Option<(usize, &'a str)> {
        callees.iter().enumerate().find_map(|(at, callee)| {
            let method = self.wrappers.get(callee.as_str()).copied().flatten();
            method.map(|method| (at, method))
        })
    }

    /// A pattern with the names resolved that other files give a meaning.
    fn resolve(&self, pattern: &Pattern, steps: usize) -> Vec<Pattern> {
        let mut found = vec![Pattern::new()];
        for piece in pattern {
            let meaning = match piece {
                Piece::Hole(Some(name)) if steps > 0 => self.meaning(name),
                _ => None,
            };
            let Some(meaning) = meaning else {
                for pattern in &mut found {
                    pattern.push(piece.clone());
                }
                continue;
            };
            let meanings = meaning.iter().flat_map(|p| self.resolve(p, steps - 1));
            let meanings: Vec<Pattern> = meanings.take(8).collect();
            found = found
                .iter()
                .flat_map(|head| {
                    meanings.iter().map(|tail| {
                        let mut pattern = head.clone();
                        pattern.extend(tail.iter().cloned());
                        pattern
                    })
                })
                .take(8)
                .collect();
        }
        found
    }

    fn meaning(&self, name: &str) -> Option<&'a [Pattern]> {
        let mut parts = name.rsplit(['.', ':']).filter(|part| !part.is_empty());
        let last = parts.next()?;
        if let Some(owner) = parts.next() {
            let owned = format!("{owner}.{last}");
            if let Some(known) = self.exports.get(owned.as_str()) {
                return *known;
            }
        }
        self.exports.get(last).copied().flatten()
    }
}

/// The first segments of routes that a text of the source is, if it is no whole route.
fn base_of(path: &PathPattern, routes: &Routes) -> Option<Vec<String>> {
    if path.segments.is_empty() || path.literals() == 0 {
        return None;
    }
    let mut base = None;
    for route in routes.candidates(path) {
        let wanted = &routes.wanted[route];
        let longer = wanted.segments.len() > path.segments.len();
        let fits = path
            .segments
            .iter()
            .zip(&wanted.segments)
            .all(|(source, segment)| {
                matches!(fit(source, segment), Fit::Text | Fit::Value | Fit::Example)
            });
        if fits && wanted.segments.len() == path.segments.len() {
            return None;
        }
        if fits && longer {
            base = Some(wanted.segments[..path.segments.len()].to_vec());
        }
    }
    base
}

/// The bases that the routes themselves or enough paths of the source speak for.
fn voted(hits: &[Hit<'_>], routes: &Routes) -> BTreeSet<Vec<String>> {
    let weights = &*WEIGHTS;
    let mut votes: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    let mut leftovers: BTreeSet<&[String]> = BTreeSet::new();
    for hit in hits
        .iter()
        .filter(|hit| hit.site.stance != Stance::Mentioned)
    {
        let fronts: BTreeSet<&[String]> = hit
            .matches
            .iter()
            .filter(|m| m.missing > 0)
            .map(|m| &routes.wanted[m.route].segments[..m.missing])
            .collect();
        leftovers.extend(&fronts);
        if let (Some(front), 1) = (fronts.first(), fronts.len()) {
            votes.entry(front).or_default().insert(&hit.path.segments);
        }
    }
    leftovers
        .into_iter()
        .filter(|front| {
            let having = routes
                .wanted
                .iter()
                .filter(|w| w.segments.starts_with(front));
            #[allow(clippy::cast_precision_loss, reason = "counts of routes are small")]
            let share = having.count() as f64 / routes.wanted.len().max(1) as f64;
            let said = votes.get(front).map_or(0, BTreeSet::len);
            share >= weights.base_share || said >= weights.base_votes
        })
        .map(<[String]>::to_vec)
        .collect()
}

impl Hit<'_> {
    fn tell<'h>(
        &'h self,
        targets: &[Target],
        routes: &Routes,
        bases: &BTreeSet<Vec<String>>,
        words: &BTreeSet<String>,
        evidence: &mut [Vec<(Evidence, &'h Hit<'h>)>],
    ) {
        let has_front = |m: &&Match| {
            m.missing == 0 || bases.contains(&routes.wanted[m.route].segments[..m.missing])
        };
        let known: Vec<&Match> = self.matches.iter().filter(has_front).collect();
        let sure = known.len() == 1 || known.iter().all(|m| m.missing + m.extra == 0);
        let sure = sure && !known.is_empty();
        let matches = if sure {
            known
        } else {
            self.matches.iter().collect()
        };
        let hosts: BTreeSet<&str> = targets.iter().filter_map(|t| t.host.as_deref()).collect();
        let host = self
            .path
            .host
            .as_deref()
            .filter(|host| hosts.contains(host));
        for found in matches {
            for at in &routes.wanted[found.route].targets {
                let target = &targets[*at];
                let other = host.is_some() && target.host.as_deref() != host;
                if other || self.is_elsewhere(target, words) {
                    continue;
                }
                let Some((kind, confidence)) = self.kind(target, found, sure, words) else {
                    continue;
                };
                let row = Evidence {
                    file: self.file.name.clone(),
                    line: self.site.line,
                    function: self.site.function.clone(),
                    kind,
                    confidence,
                };
                evidence[*at].push((row, self));
            }
        }
    }

    /// Whether the path is at a host that has nothing to do with an endpoint: the source names the
    /// endpoint's own host, and this one is of another site. Where it does not, the client is of
    /// another installation.
    fn is_elsewhere(&self, target: &Target, words: &BTreeSet<String>) -> bool {
        let Some(host) = &self.path.host else {
            return false;
        };
        let bare = |host: &str| host.split(':').next().unwrap_or("").to_owned();
        let site = |host: &str| {
            let host = bare(host);
            let mut labels: Vec<String> = host.rsplit('.').take(2).map(str::to_owned).collect();
            labels.reverse();
            labels
        };
        let is_local = |host: &str| {
            let host = bare(host);
            !host.contains('.') || host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        };
        let known = target.hosts.iter().any(|own| words.contains(&bare(own)));
        known && !is_local(host) && target.hosts.iter().all(|own| site(own) != site(host))
    }

    fn kind(
        &self,
        target: &Target,
        found: &Match,
        sure: bool,
        words: &BTreeSet<String>,
    ) -> Option<(EvidenceKind, f64)> {
        let weights = &*WEIGHTS;
        let any = self.site.methods.any;
        let agrees = any || self.methods.contains(&target.method);
        if !agrees && self.how != How::Unknown && !self.open {
            return None;
        }
        if self.site.stance == Stance::Mentioned {
            return Some((EvidenceKind::Comment, weights.comment));
        }
        if self.file.test || self.site.test {
            return Some((EvidenceKind::Test, weights.test));
        }
        if !sure {
            return Some((EvidenceKind::Suffix, weights.suffix));
        }
        if found.guesses > 0 || self.part {
            return Some((EvidenceKind::Path, weights.guess));
        }
        let named = |name: &String| words.contains(name);
        let listed = self.site.stance == Stance::Listed;
        if !agrees || listed || !target.operation.as_ref().is_none_or(named) {
            return Some((EvidenceKind::Path, weights.path));
        }
        let confidence = match self.how {
            _ if any => weights.any,
            How::Said => weights.said,
            How::Wrapper => weights.wrapper,
            How::Default => weights.default,
            How::Around | How::Unknown => weights.around,
        };
        let off = if found.missing > 0 {
            weights.based
        } else {
            0.0
        };
        let confidence = ((confidence - off) * 100.0).round() / 100.0;
        Some((EvidenceKind::Exact, confidence))
    }
}

/// Parameters that nearly every endpoint sends and that the source names: sent in one place.
fn common(targets: &[Target], words: &BTreeSet<String>) -> BTreeSet<String> {
    common_names(targets)
        .into_iter()
        .filter(|name| words.contains(name))
        .collect()
}

/// Parameters that nearly every endpoint sends.
pub(super) fn common_names(targets: &[Target]) -> BTreeSet<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in targets.iter().flat_map(|target| &target.params) {
        *counts.entry(name).or_default() += 1;
    }
    #[allow(clippy::cast_precision_loss, reason = "counts of endpoints are small")]
    let enough = |count: usize| {
        targets.len() >= 3 && count as f64 >= WEIGHTS.common_share * targets.len() as f64
    };
    counts
        .into_iter()
        .filter(|(_, count)| enough(*count))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// What the evidence for an endpoint comes to.
fn conclude(
    target: &Target,
    mut evidence: Vec<(Evidence, &Hit<'_>)>,
    common: &BTreeSet<String>,
) -> EndpointScan {
    let mut params: Vec<String> = Vec::new();
    let mut open = false;
    for (row, hit) in &evidence {
        if row.kind != EvidenceKind::Exact {
            continue;
        }
        open |= hit.site.params.open;
        for name in hit.path.query.iter().chain(&hit.site.params.names) {
            if !params.contains(name) {
                params.push(name.clone());
            }
        }
    }
    let params = (!open && !params.is_empty()).then(|| {
        let shared = target.params.iter().filter(|name| common.contains(*name));
        let more: Vec<String> = shared
            .filter(|name| !params.contains(name))
            .cloned()
            .collect();
        params.extend(more);
        params
    });
    let beyond: Vec<String> = match &params {
        Some(listed) => target
            .params
            .iter()
            .filter(|name| !covers(listed, name))
            .cloned()
            .collect(),
        None => Vec::new(),
    };
    evidence.sort_by(|(one, _), (other, _)| one.order(other));
    let mut rows: Vec<Evidence> = Vec::new();
    for (row, _) in evidence {
        let same = |known: &Evidence| {
            known.file == row.file
                && (known.line == row.line
                    || (known.function == row.function && row.function.is_some()))
        };
        if !rows.iter().any(same) {
            rows.push(row);
        }
    }
    let status = match rows.first().map(|row| row.kind) {
        Some(EvidenceKind::Exact) if beyond.is_empty() => Status::Implemented,
        Some(EvidenceKind::Exact) => Status::Partial,
        Some(EvidenceKind::Path | EvidenceKind::Suffix) => Status::Unknown,
        Some(EvidenceKind::Comment | EvidenceKind::Test) | None => Status::Missing,
    };
    EndpointScan {
        target: target.clone(),
        status,
        params,
        beyond,
        evidence: rows,
    }
}

/// Whether a list names a parameter, itself or an object or list that holds it.
fn covers(listed: &[String], name: &str) -> bool {
    // `OrderId` in a struct of Go or C# is sent as `order_id` or `orderId`.
    let bare = |text: &str| text.replace('_', "").to_ascii_lowercase();
    let name = bare(name);
    listed.iter().any(|known| {
        name.strip_prefix(bare(known).as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}
