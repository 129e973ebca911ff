//! The file of gaps that are known: read, updated, pruned.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::gate::{self, Baseline};
use crate::report::GapRow;

use super::{Failure, Io, output};

/// What is to be done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Update,
    Prune,
}

/// The file that was named, else the configuration's.
pub(super) fn file(named: Option<&PathBuf>, config: &Config) -> Option<PathBuf> {
    named.or(config.gate.baseline.as_ref()).cloned()
}

/// Reads a baseline; for an update it need not be there.
pub(super) fn load(file: Option<&Path>, change: Change) -> Result<Option<Baseline>, Failure> {
    let Some(file) = file else {
        return match change {
            Change::None => Ok(None),
            Change::Update | Change::Prune => Err(Failure::new(
                "there is no baseline to change; name it with --baseline FILE, or as `baseline` under [gate] in harcov.toml",
            )),
        };
    };
    if change == Change::Update {
        output::check_writable(file)?;
        if !file.exists() {
            return Ok(Some(Baseline {
                file: Some(file.to_owned()),
                ..Baseline::default()
            }));
        }
    }
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(format!(
            "cannot read the baseline {}: {error}; check the path, or write it with --update-baseline",
            file.display()
        ))
    })?;
    let baseline = gate::parse(&text, file);
    baseline
        .map(Some)
        .map_err(|problems| Failure::new(problems.to_string().trim_end()))
}

/// Changes a baseline as asked, with the gaps that the gate asks for and all that there are, and writes it.
pub(super) fn change(
    baseline: Baseline,
    change: Change,
    gaps: &[GapRow],
    all: &[GapRow],
    io: &mut Io<'_>,
) -> Result<Baseline, Failure> {
    let changed = match change {
        Change::None => return Ok(baseline),
        Change::Update => baseline.updated(gaps, all),
        Change::Prune => baseline.pruned(all),
    };
    if let Some(file) = &changed.file {
        // What a prune leaves as it is keeps its comments and order.
        if change == Change::Update || changed != baseline {
            output::update(file, &changed.to_toml(), io)?;
        } else {
            io.note(&format!("{} is up to date", file.display()));
        }
    }
    Ok(changed)
}
