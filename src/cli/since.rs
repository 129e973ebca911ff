//! `harcov report --since`: earlier captures, inventories, reports and baselines to compare with.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::diff::{self, Side, Sides};
use crate::gate::{self, Baseline, Rules};
use crate::inventory::{Evidence, Rows};
use crate::report::{
    BaselineRow, ChangeCounts, Context, GapRow, Past, Report, SinceRow, Then, build, since,
};
use crate::value::Sensitive;

use super::guard::Input;
use super::inputs::{self, Inputs};
use super::{Failure, Io};

/// After every day on which an exclusion may end.
const LAST_DAY: &str = "9999-12-31";

/// What changed since what these files hold.
pub(super) fn row(
    paths: &[PathBuf],
    inputs: &Inputs,
    now: &Report,
    io: &mut Io<'_>,
) -> Result<SinceRow, Failure> {
    let mut pasts = Vec::new();
    let mut baseline = None;
    for path in paths {
        let name = name(path);
        if path.extension().is_some_and(|kind| kind == "toml") {
            io.guard.reads(path, Input::Source);
            baseline = Some(known(path, name, inputs, now)?);
        } else if let Some(old) = report(path)? {
            pasts.push(Past {
                name,
                old,
                new: None,
                changes: None,
            });
        } else {
            pasts.push(observed(path, name, inputs, io)?);
        }
    }
    Ok(since(pasts, now, baseline))
}

/// The file as it was named; where it lies on a machine is nobody's affair.
fn name(path: &Path) -> String {
    let shown = if path.is_absolute() {
        Path::new(path.file_name().unwrap_or_default())
    } else {
        path
    };
    let parts: Vec<_> = shown.iter().map(|part| part.to_string_lossy()).collect();
    Sensitive::built_in().masked(&parts.join("/"))
}

/// What says which kind of file it is.
#[derive(Deserialize)]
struct Named {
    schema: String,
}

/// The JSON report in a file, if it holds one.
fn report(path: &Path) -> Result<Option<Then>, Failure> {
    if path.extension().is_none_or(|kind| kind != "json") || !path.is_file() {
        return Ok(None);
    }
    let failed = |why: &dyn std::fmt::Display| {
        Failure::new(format!("cannot read {}: {why}", path.display()))
    };
    let text = std::fs::read(path).map_err(|error| failed(&error))?;
    let is_report = |named: Named| named.schema.starts_with("harcov.report/");
    if !serde_json::from_slice(&text).is_ok_and(is_report) {
        return Ok(None);
    }
    let report: Then = serde_json::from_slice(&text)
        .map_err(|error| failed(&format!("it is no JSON report: {error}")))?;
    Ok(Some(report))
}

/// What became of the gaps that a baseline knows.
fn known(path: &Path, name: String, inputs: &Inputs, now: &Report) -> Result<BaselineRow, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(format!(
            "cannot read the baseline {}: {error}",
            path.display()
        ))
    })?;
    let baseline: Baseline = gate::parse(&text, path)
        .map_err(|problems| Failure::new(problems.to_string().trim_end()))?;
    // A baseline holds the kinds of gaps that the gate denies or counts, here or where it was
    // written; others are no news.
    let gate = &inputs.config.gate;
    let rules = Rules {
        limits: gate
            .limits
            .iter()
            .cloned()
            .map(|limit| (limit, None))
            .collect(),
        deny: gate.deny.clone(),
        baseline: Some(baseline.clone()),
        ..Rules::default()
    };
    let asked = rules.gaps(now);
    let is_wanted = |gap: &&GapRow| {
        let mut entries = baseline.entries.iter();
        entries.any(|entry| entry.code.as_ref() == Some(&gap.code))
            || asked.iter().any(|one| one.fingerprint == gap.fingerprint)
    };
    let new = now.gaps.iter().filter(is_wanted);
    let new = new.filter(|gap| !baseline.knows(gap));
    let mut new: Vec<String> = new.filter_map(|gap| gap.endpoint.clone()).collect();
    // A report knows no day: an exclusion that ends some day may be over, and its gap still there.
    let all = Rules {
        today: LAST_DAY.to_owned(),
        ..rules.clone()
    }
    .all_gaps(now);
    let closed = baseline.unused(&all);
    let mut closed: Vec<String> = closed
        .map(|entry| entry.endpoint.clone().unwrap_or(entry.fingerprint.clone()))
        .collect();
    for list in [&mut new, &mut closed] {
        list.sort();
        list.dedup();
    }
    Ok(BaselineRow {
        name,
        known: baseline.entries.len(),
        new,
        closed,
    })
}

/// What captures or inventories showed, with routes inferred over them and what is seen now.
fn observed(path: &Path, name: String, inputs: &Inputs, io: &mut Io<'_>) -> Result<Past, Failure> {
    let config = &inputs.config;
    let (collected, _) = inputs::collect_from(config, &[path.to_owned()], Rows::None, false, io)?;
    let old = inputs::fold(collected.parts)?;
    let sides = sides(&old, inputs, io)?;
    let of = |side: &Side| {
        build(&Context {
            inventory: &side.inventory,
            assessment: &side.assessment,
            config,
            manifest: &inputs.manifest,
            locale: inputs.locale,
        })
    };
    let counts = diff::diff(&diff::Context {
        sides: &sides,
        config,
        manifest: &inputs.manifest,
        today: None,
        locale: inputs.locale,
    })
    .counts;
    Ok(Past {
        name,
        old: Then::from(&of(&sides.old)),
        new: Some(Then::from(&of(&sides.new))),
        changes: Some(ChangeCounts {
            breaking: counts.breaking,
            warning: counts.warning,
            info: counts.info,
        }),
    })
}

fn sides(old: &Evidence, inputs: &Inputs, io: &mut Io<'_>) -> Result<Sides, Failure> {
    let config = &inputs.config;
    let mut new = inputs.evidence.clone();
    let hosts = Sides::moved_host(old, &new, &config.scope);
    if let Some((old_host, new_host)) = &hosts {
        new = new.with_host(new_host, old_host);
    }
    let mut manifest = inputs.manifest.clone();
    let both = inputs::infer(&old.and(&new), config, &mut manifest, io)?;
    Ok(Sides::new(&both, old, &new, hosts, config, &manifest))
}
