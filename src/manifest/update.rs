//! Updates a manifest with what was found in source code: what people wrote, its order and its
//! comments stay.

use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::load::parse;
use super::write::ClaimDraft;
use super::{Claim, Manifest};
use crate::config::{Diagnostic, Diagnostics, Location, Status};
use crate::route::ParamStyle;

/// What became of a manifest.
#[derive(Debug, Clone, Default)]
pub struct Updated {
    /// The new text.
    pub text: String,
    /// How many entries were added.
    pub added: usize,
    /// How many were changed.
    pub changed: usize,
    /// Claims that something is implemented for which nothing was found.
    pub unfounded: Vec<Claim>,
    /// Claims that something is implemented, none of whose places speaks for it any more, with the
    /// places where its path still stands.
    pub faint: Vec<(Claim, Vec<String>)>,
}

/// Puts what was found into the text of a manifest; `file` names it in messages.
///
/// An entry that is there keeps its title, notes, exclusion, order and comments. Its places follow
/// the lines of the code, parameters that the code sends are added to those listed, and `unknown` or
/// `missing` becomes what was found. What is new goes to the end.
///
/// # Errors
/// The text is no valid manifest, or writes its endpoints in a form that cannot be added to.
pub fn update(
    text: &str,
    file: &Path,
    found: &[ClaimDraft],
    style: ParamStyle,
) -> Result<Updated, Diagnostics> {
    let manifest = parse(text, file)?;
    let unusable = |what: &str| {
        let place = Location::file(file.display().to_string());
        let remedy = "write each endpoint as an `[[endpoint]]`";
        Diagnostics::from(Diagnostic::error(place, what.to_owned()).remedy(remedy))
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|_| unusable("the manifest cannot be updated"))?;
    let entries = document
        .entry("endpoint")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(entries) = entries.as_array_of_tables_mut() else {
        return Err(unusable("the manifest lists its endpoints in one value"));
    };
    let mut updated = Updated::default();
    for draft in found {
        let at = manifest
            .claims
            .iter()
            .position(|claim| is_same(claim, draft));
        let known = at.and_then(|at| Some((&manifest.claims[at], entries.get_mut(at)?)));
        if let Some((claim, table)) = known {
            updated.changed += usize::from(refresh(table, claim, draft));
        } else {
            entries.push(entry(draft, style));
            updated.added += 1;
        }
    }
    updated.unfounded = unfounded(&manifest, found);
    updated.faint = faint(&manifest, found);
    updated.text = with_ends_of(text, document.to_string());
    Ok(updated)
}

/// The new text with the line ends of the old one.
fn with_ends_of(old: &str, new: String) -> String {
    let is_crlf = old
        .split_once('\n')
        .is_some_and(|(first, _)| first.ends_with('\r'));
    if is_crlf {
        new.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        new
    }
}

fn is_same(claim: &Claim, draft: &ClaimDraft) -> bool {
    claim.method == draft.method
        && (claim.host.is_none() || draft.host.is_none() || claim.host == draft.host)
        && claim.names() == draft.names()
        && claim.route.shape() == draft.route.shape()
}

/// The claims that something is implemented.
fn positive(manifest: &Manifest) -> impl Iterator<Item = &Claim> {
    let claims = manifest.claims.iter();
    claims.filter(|claim| matches!(claim.status, Status::Implemented | Status::Partial))
}

fn unfounded(manifest: &Manifest, found: &[ClaimDraft]) -> Vec<Claim> {
    positive(manifest)
        .filter(|claim| !found.iter().any(|draft| is_same(claim, draft)))
        .cloned()
        .collect()
}

/// The claims whose places are no longer among those where something was found, and of which nothing
/// but the path was found elsewhere. What names no place was looked at by someone, and so was what
/// stands at a place where the path is.
fn faint(manifest: &Manifest, found: &[ClaimDraft]) -> Vec<(Claim, Vec<String>)> {
    let faint = |claim: &Claim| {
        let mut places = Vec::new();
        for draft in found.iter().filter(|draft| is_same(claim, draft)) {
            if draft.status == Status::Implemented {
                return None;
            }
            places.extend(draft.source.iter().cloned());
        }
        let gone = !claim.source.is_empty() && !places.is_empty();
        let stands = claim.source.iter().any(|place| places.contains(place));
        (gone && !stands).then(|| (claim.clone(), places))
    };
    positive(manifest).filter_map(faint).collect()
}

/// Brings one entry up to date; whether anything changed.
fn refresh(table: &mut Table, claim: &Claim, draft: &ClaimDraft) -> bool {
    if claim.status == Status::Excluded {
        return false;
    }
    let mut changed = false;
    let source = refreshed(&claim.source, &draft.source);
    if source != claim.source && draft.status == Status::Implemented {
        put(table, "source", list(&source));
        changed = true;
    }
    if draft.status != Status::Implemented {
        return changed;
    }
    if matches!(claim.status, Status::Unknown | Status::Missing) {
        put(table, "status", Value::from(draft.status.name()));
        changed = true;
    }
    if let Some(listed) = &claim.params {
        let covered = |name: &String| listed.iter().any(|known| known == name);
        let more: Vec<&String> = draft.params.iter().filter(|name| !covered(name)).collect();
        if !more.is_empty() && claim.status != Status::Unknown {
            let all: Vec<String> = listed.iter().chain(more).cloned().collect();
            put(table, "params", list(&all));
            changed = true;
        } else if claim.status == Status::Unknown && !draft.params.is_empty() {
            // Nobody has looked yet: what was seen gives way to what the code sends.
            put(table, "params", list(&draft.params));
            changed |= *listed != draft.params;
        }
    }
    changed
}

/// The places of an entry: those in files where something was found follow the code.
fn refreshed(listed: &[String], found: &[String]) -> Vec<String> {
    if listed.is_empty() {
        return found.to_vec();
    }
    let file = |place: &str| {
        place
            .rsplit_once(':')
            .map_or(place, |(file, _)| file)
            .to_owned()
    };
    let mut rest: Vec<&String> = found
        .iter()
        .filter(|place| !listed.contains(place))
        .collect();
    let mut places: Vec<String> = Vec::new();
    for place in listed {
        let follows = rest.iter().position(|new| file(new) == file(place));
        let place = match follows.filter(|_| !found.contains(place)) {
            Some(at) => rest.remove(at).clone(),
            None => place.clone(),
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// Sets a value and keeps the comment behind it, and the space around its key.
fn put(table: &mut Table, key: &str, mut new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
}

fn list(texts: &[String]) -> Value {
    Value::Array(texts.iter().map(String::as_str).collect::<Array>())
}

/// A new entry.
fn entry(draft: &ClaimDraft, style: ParamStyle) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("method", value(draft.method.as_str()));
    table.insert("route", value(draft.route.display(style).to_string()));
    if let Some(mut key) = table.key_mut("route") {
        key.leaf_decor_mut().set_suffix("  ");
    }
    if let Some(host) = &draft.host {
        table.insert("host", value(host.as_str()));
    }
    if let Some(operation) = &draft.operation {
        table.insert("operation", value(operation.as_str()));
    }
    table.insert("status", value(draft.status.name()));
    if !draft.params.is_empty() {
        table.insert("params", Item::Value(list(&draft.params)));
    }
    if !draft.source.is_empty() {
        table.insert("source", Item::Value(list(&draft.source)));
    }
    table
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn draft(method: &str, route: &str, line: usize) -> ClaimDraft {
        ClaimDraft {
            method: method.to_owned(),
            route: route.parse().unwrap(),
            host: None,
            operation: None,
            status: Status::Implemented,
            title: None,
            params: vec!["a".to_owned(), "b".to_owned()],
            values: BTreeMap::new(),
            source: vec![format!("src/x.py:{line}")],
            note: None,
            priority: None,
        }
    }

    const WRITTEN: &str = "# ours
[[endpoint]] # first
method = 'GET'
route  = '/users/{id}' # by id
note   = \"hand-written\"
params = ['a'] # known
source = ['src/x.py:1', 'doc.md:2']

# left out
[[endpoint]]
method = 'POST'
route  = '/ads'
status = 'excluded'
reason = 'no ads'

[[endpoint]]
method = 'GET'
route  = '/init'
status = 'unknown'
params = ['seen']
";

    #[test]
    fn what_people_wrote_stays() {
        let found = [
            draft("GET", "/users/<user_id>", 7),
            draft("POST", "/ads", 8),
            draft("GET", "/init", 9),
            draft("DELETE", "/users/<id>", 10),
        ];
        let updated = update(WRITTEN, Path::new("m.toml"), &found, ParamStyle::Angle).unwrap();
        assert_eq!((updated.added, updated.changed), (1, 2));
        let expected = WRITTEN
            .replace("['a'] # known", "[\"a\", \"b\"] # known")
            .replace(
                "['src/x.py:1', 'doc.md:2']",
                "[\"src/x.py:7\", \"doc.md:2\"]",
            )
            .replace("status = 'unknown'", "status = \"implemented\"")
            .replace("['seen']", "[\"a\", \"b\"]\nsource = [\"src/x.py:9\"]");
        let added = "
[[endpoint]]
method = \"DELETE\"
route  = \"/users/<id>\"
status = \"implemented\"
params = [\"a\", \"b\"]
source = [\"src/x.py:10\"]
";
        assert_eq!(updated.text, expected + added);
        let again = update(
            &updated.text,
            Path::new("m.toml"),
            &found,
            ParamStyle::Angle,
        )
        .unwrap();
        assert_eq!((again.text, again.changed), (updated.text, 0));
    }

    #[test]
    fn claims_without_evidence_are_told() {
        let updated = update(WRITTEN, Path::new("m.toml"), &[], ParamStyle::Angle).unwrap();
        assert_eq!(updated.text, WRITTEN);
        let routes = updated
            .unfounded
            .iter()
            .map(|c| c.route.display(ParamStyle::Angle).to_string());
        assert_eq!(routes.collect::<Vec<_>>(), ["/users/<id>"]);
    }

    #[test]
    fn claims_of_which_only_the_path_is_left_are_told() {
        let only_path = |lines: &[usize]| {
            let drafts = lines.iter().map(|line| ClaimDraft {
                status: Status::Unknown,
                ..draft("GET", "/users/<id>", *line)
            });
            let found: Vec<ClaimDraft> = drafts.collect();
            let updated = update(WRITTEN, Path::new("m.toml"), &found, ParamStyle::Angle).unwrap();
            assert_eq!(updated.text, WRITTEN);
            assert!(updated.unfounded.is_empty());
            let places = updated.faint.into_iter().flat_map(|(_, places)| places);
            places.collect::<Vec<String>>()
        };
        assert_eq!(only_path(&[4]), ["src/x.py:4"]);
        // Someone looked at the path there, and holds it for the call.
        assert!(only_path(&[1]).is_empty());
    }
}
