//! Captures with their truth, read into sightings.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use harcov::route::{Origin, SegmentStats, Sighting};
use harcov::scope::Place;
use harcov::value::{Segment, Token, Tokens};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// One capture, as inference sees it, and what is true of it.
pub struct Capture {
    pub spec: String,
    pub density: String,
    pub paths: Vec<PathEvidence>,
    /// For each entry that counts: its place in `paths`, its method, its true template.
    pub entries: Vec<(usize, String, String)>,
}

/// One distinct path with its evidence, owned.
pub struct PathEvidence {
    pub method: String,
    pub host: String,
    pub segments: Vec<Segment>,
    pub slashed: u32,
    pub requests: u32,
    pub stats: Vec<SegmentStats>,
    pub params: Vec<(Place, String)>,
    pub fields: Vec<String>,
    pub statuses: Vec<u16>,
    values: Vec<std::collections::HashSet<Token>>,
}

impl PathEvidence {
    pub fn sighting(&self) -> Sighting<'_> {
        Sighting {
            method: &self.method,
            host: &self.host,
            segments: &self.segments,
            operation: None,
            slashed: self.slashed,
            requests: self.requests,
            stats: &self.stats,
            params: self.params.iter().map(|(p, n)| (*p, n.as_str())).collect(),
            fields: self.fields.iter().map(String::as_str).collect(),
            statuses: self.statuses.clone(),
        }
    }
}

/// Reads all captures with a truth in a directory.
pub fn read_dir(dir: &Path) -> Vec<Capture> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap_or_else(|e| panic!("cannot read {}: {e}", dir.display()))
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".truth.json").map(str::to_owned))
        .collect();
    names.sort();
    names.iter().map(|name| read(dir, name)).collect()
}

fn json(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn read(dir: &Path, name: &str) -> Capture {
    let har = json(&dir.join(format!("{name}.har")));
    let truth = json(&dir.join(format!("{name}.truth.json")));
    let tokens = Tokens::new();
    let mut builder = Builder::default();
    let mut entries = Vec::new();
    let none = Vec::new();
    let list = har["log"]["entries"].as_array().unwrap_or(&none);
    for (entry, truth) in list
        .iter()
        .zip(truth["entries"].as_array().unwrap_or(&none))
    {
        let at = builder.add(entry, &tokens);
        if let (Some(at), Some(template)) = (at, truth["template"].as_str()) {
            let method = truth["method"].as_str().unwrap_or_default();
            entries.push((at, method.to_owned(), template.to_owned()));
        }
    }
    Capture {
        spec: truth["spec"].as_str().unwrap_or_default().to_owned(),
        density: truth["density"].as_str().unwrap_or_default().to_owned(),
        paths: builder.paths,
        entries,
    }
}

#[derive(Default)]
struct Builder {
    paths: Vec<PathEvidence>,
    index: HashMap<(String, String, Vec<Segment>), usize>,
    seen: HashMap<Token, Vec<String>>,
    sent: HashMap<Token, Vec<(Place, String)>>,
}

impl Builder {
    fn add(&mut self, entry: &Value, tokens: &Tokens) -> Option<usize> {
        let request = &entry["request"];
        let method = request["method"].as_str()?.to_owned();
        let media = entry["response"]["content"]["mimeType"]
            .as_str()
            .unwrap_or_default();
        if method == "OPTIONS"
            || ["javascript", "image", "html"]
                .iter()
                .any(|m| media.contains(m))
        {
            return None;
        }
        let url = request["url"].as_str()?;
        let rest = url.split_once("://")?.1;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let slash = path.len() > 1 && path.ends_with('/');
        let decoded: Vec<String> = path
            .trim_matches('/')
            .split('/')
            .filter(|_| path.len() > 1)
            .map(|s| percent_decode_str(s).decode_utf8_lossy().into_owned())
            .collect();
        let segments = Segment::path(decoded.iter().map(String::as_str), tokens);
        let mut params = Vec::new();
        for pair in request["queryString"].as_array().into_iter().flatten() {
            let (name, value) = (pair["name"].as_str()?, pair["value"].as_str()?);
            params.push((Place::Query, name.to_owned(), tokens.token(value)));
        }
        if let Some(text) = request["postData"]["text"].as_str() {
            if let Ok(body) = serde_json::from_str::<Value>(text) {
                let mut fields = Vec::new();
                scalars(&body, "", tokens, &mut fields);
                params.extend(fields.into_iter().map(|(n, t)| (Place::Json, n, t)));
            }
        }
        for (place, name, token) in &params {
            let at = self.sent.entry(*token).or_default();
            if at.len() < 16 && !at.contains(&(*place, name.clone())) {
                at.push((*place, name.clone()));
            }
        }
        let status = entry["response"]["status"].as_u64().unwrap_or(0) as u16;
        let mut fields = Vec::new();
        if let Some(text) = entry["response"]["content"]["text"].as_str() {
            if let Ok(body) = serde_json::from_str::<Value>(text) {
                scalars(&body, "", tokens, &mut fields);
            }
        }
        let key = (method.clone(), host.to_owned(), segments.clone());
        let at = *self.index.entry(key).or_insert_with(|| {
            self.paths.push(PathEvidence {
                method: method.clone(),
                host: host.to_owned(),
                stats: vec![SegmentStats::default(); segments.len()],
                values: vec![Default::default(); segments.len()],
                segments: segments.clone(),
                slashed: 0,
                requests: 0,
                params: Vec::new(),
                fields: Vec::new(),
                statuses: Vec::new(),
            });
            self.paths.len() - 1
        });
        let path = &mut self.paths[at];
        path.requests += 1;
        path.slashed += u32::from(slash);
        if !path.statuses.contains(&status) {
            path.statuses.push(status);
        }
        for (place, name, _) in &params {
            if !path.params.contains(&(*place, name.clone())) {
                path.params.push((*place, name.clone()));
            }
        }
        if status < 400 {
            for (name, _) in &fields {
                if !path.fields.contains(name) {
                    path.fields.push(name.clone());
                }
            }
        }
        for (i, segment) in segments.iter().enumerate() {
            let stats = &mut path.stats[i];
            if path.values[i].insert(segment.token()) {
                stats.distinct += 1;
            }
            note(
                &mut stats.origins,
                segment.token(),
                &self.seen,
                &self.sent,
                &fields,
            );
            stats.parts.resize(segment.parts().len(), BTreeMap::new());
            for (part, token) in stats.parts.iter_mut().zip(segment.parts()) {
                note(part, *token, &self.seen, &self.sent, &fields);
            }
        }
        for (name, token) in fields {
            let at = self.seen.entry(token).or_default();
            if at.len() < 16 && !at.contains(&name) {
                at.push(name);
            }
        }
        Some(at)
    }
}

fn note(
    origins: &mut BTreeMap<Origin, u32>,
    token: Token,
    seen: &HashMap<Token, Vec<String>>,
    sent: &HashMap<Token, Vec<(Place, String)>>,
    own: &[(String, Token)],
) {
    for path in seen.get(&token).into_iter().flatten() {
        *origins.entry(Origin::Response(path.clone())).or_default() += 1;
    }
    for (place, name) in sent.get(&token).into_iter().flatten() {
        *origins
            .entry(Origin::Request(*place, name.clone()))
            .or_default() += 1;
    }
    let mut echoes: Vec<&String> = own.iter().filter(|f| f.1 == token).map(|f| &f.0).collect();
    echoes.dedup();
    for path in echoes {
        *origins.entry(Origin::Echo(path.clone())).or_default() += 1;
    }
}

fn scalars(value: &Value, path: &str, tokens: &Tokens, out: &mut Vec<(String, Token)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                scalars(value, &path, tokens, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                scalars(item, &format!("{path}[]"), tokens, out);
            }
        }
        Value::String(text) => out.push((path.to_owned(), tokens.token(text))),
        Value::Number(n) => out.push((path.to_owned(), tokens.token(&n.to_string()))),
        Value::Bool(_) | Value::Null => {}
    }
}
