//! What of a capture stays readable: what harcov's own reports show of it, and no more.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Inventory;
use crate::route::{Part, Piece, Template, is_api_word};
use crate::scope::{Filter, shown_host};
use crate::value::{ConstantRules, Said, Segment, SegmentPiece, Shape, is_root, is_version};

/// What stays.
#[derive(Debug)]
pub struct Keep {
    rules: ConstantRules,
    /// What reports show: constants, names, and the words of routes.
    words: BTreeSet<String>,
    /// Names of operations.
    operations: BTreeSet<String>,
    /// Hosts of the traffic.
    hosts: BTreeSet<String>,
    /// The routes of each host.
    routes: BTreeMap<String, Vec<Template>>,
    /// Words that the configuration's patterns on paths are made of.
    patterns: BTreeSet<String>,
}

impl Keep {
    /// What reports on this inventory show.
    pub fn of(inventory: &Inventory, filter: &Filter) -> Self {
        let mut words = BTreeSet::new();
        let mut operations = BTreeSet::new();
        let mut routes: BTreeMap<String, Vec<Template>> = BTreeMap::new();
        for endpoint in &inventory.endpoints {
            let observed = &endpoint.observed;
            let params = observed.params.values().map(|known| &known.values);
            let fields = observed.fields.values().map(|known| &known.values);
            for counts in params.chain(fields).filter(|counts| counts.listable) {
                words.extend(counts.counts.keys().cloned());
            }
            let names = observed.params.keys().map(|(_, name)| name);
            for name in names.chain(observed.fields.keys()) {
                let steps = name.split(['.', '[', ']']);
                words.extend(steps.filter(|step| !step.is_empty()).map(str::to_owned));
            }
            words.extend(texts(&endpoint.route).map(str::to_owned));
            if let Some(operation) = &endpoint.operation {
                operations.extend(operation.name.split('+').map(str::to_owned));
            }
            let known = routes.entry(endpoint.host.clone()).or_default();
            if !known.contains(&endpoint.route) {
                known.push(endpoint.route.clone());
            }
        }
        for routes in routes.values_mut() {
            routes.sort_by_key(|route| std::cmp::Reverse(literals(route)));
        }
        let patterns = filter.exclude.iter().chain(&filter.include);
        Keep {
            rules: ConstantRules::with_privacy(&filter.privacy),
            words,
            operations,
            hosts: inventory
                .hosts
                .iter()
                .map(|host| host.host.clone())
                .collect(),
            routes,
            patterns: patterns
                .flat_map(|pattern| pattern.as_str().split(|c: char| !c.is_alphanumeric()))
                .filter(|word| word.len() >= 2)
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The rules of which values may be shown.
    pub(super) fn rules(&self) -> &ConstantRules {
        &self.rules
    }

    /// Whether a value stays. A text has one fate, wherever it stands and whatever its name says, so
    /// that what equals each other still does: what reports show of the capture stays, and so do
    /// dates, languages and versions, but for birthdays.
    pub(super) fn value(&self, name: &str, text: &str) -> bool {
        if matches!(text, "true" | "false") {
            return true;
        }
        if self.rules.privacy().of_value(text) == Some(Said::Denied) {
            return false;
        }
        self.words.contains(text) || is_harmless(text) && !is_birth(name)
    }

    /// Whether a word of a text that nobody compares stays.
    pub(super) fn word(&self, text: &str) -> bool {
        self.value("", text) || self.rules.is_known(text)
    }

    /// Whether a text is the name of an operation, and stands where such names do.
    pub(super) fn operation(&self, name: &str, text: &str) -> bool {
        let last = name.rsplit(['.', ']']).next().unwrap_or(name);
        let named = matches!(last, "operationName" | "method" | "soapaction")
            || crate::scope::names_action(last);
        named && self.operations.contains(text)
    }

    /// Whether a host, as it is shown, is one of the traffic's.
    pub(super) fn host(&self, host: &str) -> bool {
        let shown = shown_host(host);
        self.hosts
            .iter()
            .any(|known| known == shown.as_ref() || known.split(':').next() == Some(shown.as_ref()))
    }

    /// The route of a path, given by its decoded segments.
    pub(super) fn route(&self, host: &str, path: &[String]) -> Option<&Template> {
        let routes = self.routes.get(host)?;
        routes
            .iter()
            .find(|route| route.matches(path.iter().map(String::as_str)))
    }

    /// Whether a text stays in a path of which no route is known.
    pub(super) fn path_word(&self, text: &str) -> bool {
        text.is_empty()
            || is_version(text)
            || is_root(text)
            || self.rules.is_known(text)
            || self.patterns.contains(text)
            || (is_api_word(text) && is_text(text))
    }
}

fn is_text(text: &str) -> bool {
    matches!(
        Segment::parse(text, &crate::value::Tokens::default()).pieces(),
        [SegmentPiece::Word(_)]
    )
}

/// The texts that are literal in a route.
fn texts(route: &Template) -> impl Iterator<Item = &str> {
    route.parts.iter().flat_map(|part| match part {
        Part::Literal(text) => vec![text.as_str()],
        Part::Param(_) => Vec::new(),
        Part::Mixed(pieces) => pieces.iter().filter_map(literal).collect(),
    })
}

fn literal(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Literal(text) => Some(text),
        Piece::Param(_) => None,
    }
}

/// How many characters of a route are literal.
fn literals(route: &Template) -> usize {
    let of_piece = |piece: &Piece| match piece {
        Piece::Literal(text) => text.len(),
        Piece::Param(_) => 0,
    };
    let parts = route.parts.iter().map(|part| match part {
        Part::Literal(text) => 100 + text.len(),
        Part::Param(_) => 0,
        Part::Mixed(pieces) => pieces.iter().map(of_piece).sum(),
    });
    parts.sum()
}

/// Whether a name is that of somebody's birthday.
fn is_birth(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["birth", "dob", "生日"]
        .iter()
        .any(|word| name.contains(word))
}

/// Times, languages and versions, which say nothing of a person by themselves.
fn is_harmless(text: &str) -> bool {
    match Shape::of(text) {
        Shape::Date | Shape::DateTime | Shape::Month | Shape::Time | Shape::Locale => true,
        Shape::Version => text.len() <= 12 && text.split(['.', '-']).all(|part| part.len() <= 3),
        Shape::Integer => is_compact_date(text),
        _ => false,
    }
}

/// `20250624`
fn is_compact_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse().ok());
    text.len() == 8
        && number(0..4).is_some_and(|year: u32| (2000..2050).contains(&year))
        && number(4..6).is_some_and(|month| (1..=12).contains(&month))
        && number(6..8).is_some_and(|day| (1..=31).contains(&day))
}
