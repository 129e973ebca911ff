//! Scores of predicted templates against the truth.

use std::collections::{BTreeMap, BTreeSet};

/// What is counted of one capture.
#[derive(Default, Clone, Copy)]
pub(crate) struct Score {
    pub(crate) f1: f64,
    pub(crate) exact: f64,
    pub(crate) over: f64,
    pub(crate) under: f64,
    /// None where no true template has a parameter.
    pub(crate) names: Option<f64>,
}

/// A count as a number to divide.
pub(crate) fn ratio(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

type Endpoint = (String, Vec<String>);

/// The structure of a template and its parameters' names.
pub(crate) fn canon(template: &str) -> (Vec<String>, Vec<String>) {
    let mut names = Vec::new();
    let template = template.trim_end_matches('/');
    let structure = template
        .split('/')
        .skip(1)
        .map(|segment| {
            let mut out = String::new();
            let mut rest = segment;
            while let Some(open) = rest.find(['{', '<']) {
                let Some(end) = rest[open..].find(['}', '>']) else {
                    break;
                };
                names.push(rest[open + 1..open + end].to_owned());
                out.push_str(&rest[..open]);
                out.push_str("{}");
                rest = &rest[open + end + 1..];
            }
            out.push_str(rest);
            percent_encoding::percent_decode_str(&out)
                .decode_utf8_lossy()
                .into_owned()
        })
        .collect();
    (structure, names)
}

/// Scores method, true and inferred template of each request.
pub(crate) fn score(pairs: &[(&str, &str, Option<String>)]) -> Score {
    let mut truths: BTreeMap<Endpoint, Vec<String>> = BTreeMap::new();
    let mut guesses: BTreeMap<Endpoint, Vec<String>> = BTreeMap::new();
    let mut split: BTreeMap<Endpoint, BTreeSet<Endpoint>> = BTreeMap::new();
    let mut merged: BTreeMap<Endpoint, BTreeSet<Endpoint>> = BTreeMap::new();
    let mut exact = 0;
    let mut missing = 0;
    for (method, truth, guess) in pairs {
        let (t, tn) = canon(truth);
        let t = ((*method).to_owned(), t);
        truths.entry(t.clone()).or_insert(tn);
        let Some(guess) = guess else {
            missing += 1;
            let nothing = ("?".to_owned(), vec![missing.to_string()]);
            split.entry(t.clone()).or_default().insert(nothing.clone());
            merged.entry(nothing).or_default().insert(t);
            continue;
        };
        let (g, gn) = canon(guess);
        let g = ((*method).to_owned(), g);
        exact += usize::from(t == g);
        guesses.entry(g.clone()).or_insert(gn);
        split.entry(t.clone()).or_default().insert(g.clone());
        merged.entry(g).or_default().insert(t);
    }
    let hits = truths.keys().filter(|t| guesses.contains_key(*t)).count();
    let extra = |m: &BTreeMap<Endpoint, BTreeSet<Endpoint>>| {
        ratio(m.values().map(|v| v.len() - 1).sum::<usize>()) / ratio(truths.len())
    };
    let (mut ok, mut total) = (0, 0);
    for (endpoint, names) in &truths {
        total += names.len();
        if let Some(guess) = guesses.get(endpoint) {
            let slots = slots(&endpoint.1);
            for (i, before) in slots.iter().enumerate() {
                let form = |names: &[String]| {
                    strict(names.get(i).map_or("", String::as_str), before.as_deref())
                };
                ok += usize::from(form(names) == form(guess));
            }
        }
    }
    Score {
        f1: 2.0 * ratio(hits) / ratio(truths.len() + guesses.len()),
        exact: ratio(exact) / ratio(pairs.len()),
        over: extra(&merged),
        under: extra(&split),
        names: (total > 0).then(|| ratio(ok) / ratio(total)),
    }
}

/// For each parameter the literal segment before it.
fn slots(structure: &[String]) -> Vec<Option<String>> {
    let mut out = Vec::new();
    let mut before = None;
    for segment in structure {
        let n = segment.matches("{}").count();
        out.extend(std::iter::repeat_n(before.clone(), n));
        if n == 0 {
            before = Some(segment.clone());
        }
    }
    out
}

const IDS: [&str; 15] = [
    "id",
    "uid",
    "uuid",
    "sid",
    "key",
    "guid",
    "name",
    "slug",
    "identifier",
    "ident",
    "number",
    "no",
    "code",
    "ref",
    "param",
];
const OPAQUE: [&str; 7] = ["id", "sid", "uid", "uuid", "guid", "gid", "iid"];

/// `cinema_id`, `cinemaId`, `idCinema` and `id` behind `cinema` are one name.
fn strict(name: &str, before: Option<&str>) -> String {
    let mut words: Vec<String> = tokens(name).iter().map(|w| one(w)).collect();
    if words.is_empty() {
        words.push("param".to_owned());
    }
    let noun = before.and_then(|b| tokens(b).last().map(|w| one(w)));
    if let (Some(noun), 1, true) = (noun, words.len(), IDS.contains(&words[0].as_str())) {
        words.insert(0, noun);
    }
    if words.len() > 1 && OPAQUE.contains(&words[words.len() - 1].as_str()) {
        words.pop();
    } else if words.len() > 1 && words[0] == "id" {
        words.remove(0);
    }
    words.concat()
}

fn tokens(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut last = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && (last.is_ascii_lowercase() || last.is_ascii_digit()) {
            spaced.push('_');
        }
        spaced.push(c);
        last = c;
    }
    spaced
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn one(word: &str) -> String {
    let cut = |n: usize| word[..word.len() - n].to_owned();
    if word.ends_with("ies") {
        cut(3) + "y"
    } else if ["sses", "xes", "ches", "shes"]
        .iter()
        .any(|e| word.ends_with(e))
    {
        cut(2)
    } else if word.ends_with('s') && !word.ends_with("ss") {
        cut(1)
    } else {
        word.to_owned()
    }
}
