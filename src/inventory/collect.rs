//! From sources to evidence: every capture is read and recorded, every inventory read, one after the
//! other.

use std::path::{Path, PathBuf};

use crate::capture::{Foreign, ReadError, Sorted, Source, read_mapped, sort};
use crate::scope::{Filter, Gate};
use crate::value::{ConstantRules, Sensitive, Values};

use super::evidence::CaptureEvidence;
use super::file;
use super::parts::Parts;
use super::recorder::{EntryRow, Recordable, Recorder, Rows};

/// What was collected of some captures.
#[derive(Debug, Default)]
pub struct Collected {
    /// The evidence of all that could be read.
    pub parts: Parts,
    /// The rows of entries that were asked for.
    pub rows: Vec<EntryRow>,
    /// The inventories that were read, by the names of their sources: they hold no single entries.
    pub inventories: Vec<String>,
    /// The captures that could not be read.
    pub failed: Vec<Failed>,
}

/// A capture that could not be read.
#[derive(Debug)]
pub struct Failed {
    /// Where it is: the path as given.
    pub place: String,
    /// The file, if it is one.
    pub path: Option<PathBuf>,
    /// Whether it is surely meant as a capture: named by hand, called `.har`, or a Git LFS pointer; what
    /// a folder holds besides may be anything.
    pub meant: bool,
    /// Why.
    pub error: ReadError,
}

/// Reads and records every source. `rows` says which entries have a row; `progress` is told the
/// name of the source that is being read and how many of its bytes have been.
pub fn collect<'r>(
    sources: Vec<Source>,
    filter: &Filter,
    rows: impl Into<Rows<'r>>,
    progress: &mut dyn FnMut(&str, u64),
) -> Collected {
    let rows = rows.into();
    let mut collected = Collected::default();
    for source in sources {
        let name = source.name().to_owned();
        let meant = !source.walked() || source.is_har_by_name();
        let path = source.path().map(Path::to_owned);
        let place = source
            .path()
            .map_or_else(|| name.clone(), |path| path.display().to_string());
        let place = Sensitive::built_in().masked(&place);
        let result = match sort(source, file::SCHEMA_NAME) {
            Ok(Sorted::Capture(source)) => record(source, filter, rows, progress)
                .map(|(evidence, rows)| collected.add_capture(evidence, rows)),
            Ok(Sorted::Document(text)) => file::read(&text).map(|parts| {
                collected.inventories.push(name);
                let rules = ConstantRules::with_privacy(&filter.privacy);
                for mut part in parts {
                    part.deny(&rules);
                    collected.parts.add_written(part);
                }
            }),
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            collected.failed.push(Failed {
                place,
                path,
                meant: meant || matches!(error, ReadError::NotHar(Foreign::GitLfs)),
                error,
            });
        }
    }
    collected
}

impl Collected {
    /// Adds a capture; of a copy of one that is known, nothing but perhaps its name counts.
    fn add_capture(&mut self, evidence: CaptureEvidence, rows: Vec<EntryRow>) {
        if self.parts.add(evidence) {
            self.rows.extend(rows);
        }
    }
}

/// Reads and records one capture.
fn record(
    source: Source,
    filter: &Filter,
    rows: Rows<'_>,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<(CaptureEvidence, Vec<EntryRow>), ReadError> {
    // Values of different captures are never compared, so each has tokens of its own.
    let values = Values::with_privacy(&filter.privacy);
    let gate = Gate::new(filter, &values);
    let mut recorder = Recorder::new(filter.limits, &filter.privacy);
    let name = source.name().to_owned();
    let capture = read_mapped(
        source,
        &mut |bytes| progress(&name, bytes),
        &|entry| Recordable::new(&entry, &gate, rows),
        &mut |recordable| recorder.add(recordable),
    )?;
    Ok(recorder.finish(capture))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::*;

    /// A reader that gives a few bytes at a time.
    struct Pieces(io::Cursor<Vec<u8>>, usize);

    impl Read for Pieces {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1 * 7 % 4_093 + 1;
            let length = self.1.min(into.len());
            self.0.read(&mut into[..length])
        }
    }

    /// Calls that feed each other and repeat, with what nobody reads between them.
    fn capture() -> String {
        let entry = |index: usize| {
            let state = ["NEW", "PAID", "DONE"][index % 3];
            let item = |at: usize| {
                let id = 7_000_000 + index * 31 + at;
                serde_json::json!({
                    "id": id, "state": state, "note": "a \"b\"\n",
                    "link": format!("/orders?cursor={id}"), "price": 1.5, "ok": at.is_multiple_of(2),
                })
            };
            let items: Vec<_> = (0..index % 7).map(item).collect();
            let body = serde_json::json!({"ret": 0, "list": items}).to_string();
            serde_json::json!({
                "startedDateTime": format!("2026-03-01T10:{:02}:{:02}Z", index / 60 % 60, index % 60),
                "_resourceType": "xhr",
                "_": "y".repeat(12_000),
                "request": {
                    "method": "GET",
                    "url": format!("https://api.example.com/v1/orders/{}?page={}", 7_000_000 + (index / 2) * 31, index % 5),
                    "headers": [{"name": "Cookie", "value": format!("sid=s{:030}", index % 4)}],
                },
                "response": {"status": 200, "content": {"mimeType": "application/json", "text": body}},
            })
        };
        let entries: Vec<_> = (0..120).map(entry).collect();
        serde_json::json!({"log": {"entries": entries}}).to_string()
    }

    #[test]
    fn the_random_key_does_not_decide_what_there_is_room_for() {
        let entry = |round: usize| {
            let order = |at: usize| {
                let state = ["NEW", "PAID", "DONE", "SENT"][(at + round * (1 + at % 3)) % 4];
                serde_json::json!({"order_id": 7_000_000 + at, "state": state})
            };
            let body = serde_json::json!({"orders": (0..30).map(order).collect::<Vec<_>>()});
            serde_json::json!({
                "startedDateTime": format!("2026-03-01T10:00:{round:02}Z"),
                "request": {"method": "GET", "url": format!("https://api.example.com/orders?page={round}")},
                "response": {"status": 200, "content": {
                    "mimeType": "application/json", "text": body.to_string(),
                }},
            })
        };
        let entries: Vec<_> = (0..4).map(entry).collect();
        let text = serde_json::json!({"log": {"entries": entries}}).to_string();
        let mut filter = Filter::default();
        (filter.limits.states, filter.limits.values) = (45, 20);
        let evidence = || {
            let source = Source::reader("x", io::Cursor::new(text.clone().into_bytes()));
            record(source, &filter, Rows::None, &mut |_, _| ())
                .unwrap()
                .0
        };
        let first = evidence();
        assert!(first.capture.left_out.len() >= 2, "{:?}", first.capture);
        for _ in 0..8 {
            assert_eq!(evidence(), first);
        }
    }

    #[test]
    fn neither_threads_nor_pieces_change_the_evidence() {
        let text = capture();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("capture.har");
        std::fs::write(&path, &text).unwrap();
        let filter = Filter::default();
        let evidence = |source: Source| {
            let (evidence, _) =
                record(source.named("x"), &filter, Rows::None, &mut |_, _| ()).unwrap();
            evidence
        };
        // A small file is read by one thread, a stream by several.
        let alone = evidence(Source::file(&path));
        assert!(alone.links.values().any(|support| *support > 20));
        let bytes = || io::Cursor::new(text.clone().into_bytes());
        assert_eq!(evidence(Source::reader("x", bytes())), alone);
        assert_eq!(evidence(Source::reader("x", Pieces(bytes(), 1))), alone);
    }
}
