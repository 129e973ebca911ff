//! From sources to evidence: every capture is read and recorded, one after the other.

use crate::capture::{ReadError, Source, read_mapped};
use crate::scope::{Filter, Gate};
use crate::value::Values;

use super::evidence::Evidence;
use super::recorder::{EntryRow, Recordable, Recorder};

/// What was collected of some captures.
#[derive(Debug, Default)]
pub struct Collected {
    /// The evidence of all that could be read.
    pub evidence: Evidence,
    /// A row for each entry, if asked for.
    pub rows: Vec<EntryRow>,
    /// The captures that could not be read.
    pub failed: Vec<Failed>,
}

/// A capture that could not be read.
#[derive(Debug)]
pub struct Failed {
    /// Where it is: the path as given.
    pub place: String,
    /// Whether it was named by hand; a file that was merely found in a folder may be anything.
    pub named: bool,
    /// Why.
    pub error: ReadError,
}

/// Reads and records every source. `rows` asks for a row for each entry; `progress` is told the
/// name of the source that is being read and how many of its bytes have been.
pub fn collect(
    sources: Vec<Source>,
    filter: &Filter,
    rows: bool,
    progress: &mut dyn FnMut(&str, u64),
) -> Collected {
    let mut collected = Collected::default();
    for source in sources {
        // Values of different captures are never compared, so each has tokens of its own.
        let values = Values::new();
        let gate = Gate::new(filter, &values);
        let mut recorder = Recorder::new();
        let name = source.name().to_owned();
        let named = !source.walked();
        let place = source
            .path()
            .map_or_else(|| name.clone(), |path| path.display().to_string());
        let result = read_mapped(
            source,
            &mut |bytes| progress(&name, bytes),
            &|entry| Recordable::new(&entry, &gate, rows),
            &mut |recordable| recorder.add(recordable),
        );
        match result {
            Ok(capture) => {
                let (evidence, rows) = recorder.finish(capture);
                collected.evidence.add(evidence);
                collected.rows.extend(rows);
            }
            Err(error) => collected.failed.push(Failed {
                place,
                named,
                error,
            }),
        }
    }
    collected
}
