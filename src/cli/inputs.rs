//! What commands read: configuration, manifest and captures.

use std::path::{Path, PathBuf};

use crate::capture::{Source, find};
use crate::config::{self, Config, Diagnostics};
use crate::inventory::{Collected, EntryRow, Failed, Inventory, collect};
use crate::locale::{Lang, Locale};
use crate::manifest::{self, Manifest};
use crate::route::Template;

use super::args::{CaptureArgs, Common};
use super::progress::Progress;
use super::{EXIT_ERROR, EXIT_OK, Failure, Io};

/// Everything that a command over captures needs.
pub(super) struct Inputs {
    pub(super) config: Config,
    pub(super) manifest: Manifest,
    pub(super) inventory: Inventory,
    pub(super) rows: Vec<EntryRow>,
    pub(super) locale: &'static Locale,
    /// The exit code that the captures earn: an error if some could not be read.
    pub(super) exit: u8,
}

/// Reads configuration, manifest and captures; `rows` asks for a row for each entry.
pub(super) fn read(
    common: &Common,
    args: &CaptureArgs,
    rows: bool,
    io: &mut Io<'_>,
) -> Result<Inputs, Failure> {
    let mut config = load_config(common, io)?;
    if let Some(style) = args.param_style {
        config.param_style = style;
    }
    if !args.host.is_empty() {
        config.scope.hosts = args.host.iter().map(|h| h.to_lowercase()).collect();
    }
    if let Some(lang) = common.lang {
        config.lang = Some(lang);
    }
    let manifest = load_manifest(&config, &args.manifest, io)?;
    let (sources, mut lost) = sources(&config, &args.captures)?;
    let mut progress = Progress::new(&sources, io.wants_progress());
    let collected = collect(sources, &config.scope, rows, &mut |name, bytes| {
        progress.at(name, bytes);
    });
    drop(progress);
    if collected.evidence.captures.is_empty() {
        lost.extend(failures(&collected, |_| true));
        return Err(Failure::new(lost.join("\n")));
    }
    lost.extend(failures(&collected, |failed| failed.named));
    for message in failures(&collected, |failed| !failed.named) {
        io.warn(&message);
    }
    tell_lost(&lost, args.keep_going, io);
    tell_problems(&collected, io);
    let mut pins = config.pins();
    pins.pins.extend(manifest.pins().pins);
    let inventory = Inventory::build(&collected.evidence, &config.scope, &pins);
    let routes: Vec<&Template> = inventory.routes.iter().map(|r| &r.template).collect();
    let unused = config.corrections.unused(&routes);
    if !unused.is_empty() && !inventory.routes.is_empty() {
        return Err(told(&Diagnostics::new(unused)));
    }
    if inventory.endpoints.is_empty() {
        io.warn(
            "no entry counts as API traffic; `harcov routes --each-request` says why, `--host` names the API's host",
        );
    }
    Ok(Inputs {
        locale: Locale::new(language(&config)),
        config,
        manifest,
        inventory,
        rows: collected.rows,
        exit: if lost.is_empty() || args.keep_going {
            EXIT_OK
        } else {
            EXIT_ERROR
        },
    })
}

/// The configured language, else English.
pub(super) fn language(config: &Config) -> Lang {
    config.lang.unwrap_or_default()
}

/// The configuration that was named, or found above the working directory, or none.
pub(super) fn load_config(common: &Common, io: &mut Io<'_>) -> Result<Config, Failure> {
    if common.no_config {
        return Ok(Config::default());
    }
    let file = common
        .config
        .clone()
        .or_else(|| config::discover(Path::new(".")));
    let Some(file) = file else {
        return Ok(Config::default());
    };
    let config = config::load(&file).map_err(|problems| told(&problems))?;
    for warning in &config.warnings {
        io.warn(&warning.to_string());
    }
    Ok(config)
}

fn load_manifest(config: &Config, named: &[PathBuf], io: &mut Io<'_>) -> Result<Manifest, Failure> {
    let files = if named.is_empty() {
        &config.manifests
    } else {
        named
    };
    let manifest = manifest::load(files).map_err(|problems| told(&problems))?;
    for warning in &manifest.warnings {
        io.warn(&warning.to_string());
    }
    Ok(manifest)
}

fn told(problems: &Diagnostics) -> Failure {
    Failure::new(problems.to_string().trim_end())
}

/// The captures that were named, or those of the configuration, and what is wrong with the others.
fn sources(config: &Config, named: &[PathBuf]) -> Result<(Vec<Source>, Vec<String>), Failure> {
    let paths = if named.is_empty() {
        &config.captures
    } else {
        named
    };
    if paths.is_empty() {
        return Err(Failure::new(
            "no captures: name HAR files or folders of them, or list them under `captures` in harcov.toml",
        ));
    }
    let mut problems = Vec::new();
    let mut sources: Vec<Source> = Vec::new();
    for path in paths {
        match find(std::slice::from_ref(path)) {
            Ok(found) => sources.extend(found),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    if sources.is_empty() {
        return Err(Failure::new(problems.join("\n")));
    }
    if config.file.is_some() {
        sources = sources
            .into_iter()
            .map(|source| source.named_within(&config.root))
            .collect();
    }
    Ok((named_apart(sources), problems))
}

/// Captures that lie elsewhere are named by as little of their path as tells them apart, so that
/// reports do not tell where on a machine they were.
pub(super) fn named_apart(sources: Vec<Source>) -> Vec<Source> {
    let names: Vec<String> = sources.iter().map(|s| s.name().to_owned()).collect();
    let short = |name: &str| {
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
        (1..=parts.len())
            .map(|kept| parts[parts.len() - kept..].join("/"))
            .find(|short| {
                let same =
                    |other: &&String| *other == short || other.ends_with(&format!("/{short}"));
                names.iter().filter(same).count() == 1
            })
    };
    sources
        .into_iter()
        .map(|source| {
            let short = Some(source.name())
                .filter(|name| Path::new(name).is_absolute())
                .and_then(short);
            match short {
                Some(short) => source.named(short),
                None => source,
            }
        })
        .collect()
}

/// Why captures could not be read.
pub(super) fn failures(collected: &Collected, wanted: impl Fn(&Failed) -> bool) -> Vec<String> {
    let failed = collected.failed.iter().filter(|failed| wanted(failed));
    failed
        .map(|failed| format!("{}: {}", failed.place, failed.error))
        .collect()
}

/// Tells of captures that were named and could not be read: the exit code says so too, unless the
/// user wants to go on. What a folder merely held is no loss.
fn tell_lost(lost: &[String], keep_going: bool, io: &mut Io<'_>) {
    for message in lost {
        if keep_going {
            io.warn(message);
        } else {
            io.error(message);
        }
    }
    if !lost.is_empty() && !keep_going {
        io.note("the other captures were read; with --keep-going this is no error");
    }
}

/// Warns of what of a capture could not be read.
fn tell_problems(collected: &Collected, io: &mut Io<'_>) {
    for (capture, _) in collected.evidence.captures.values() {
        if let Some(byte) = capture.ended_at {
            let read = match capture.entries - capture.unusable.len() {
                0 => "no entry before it was read".to_owned(),
                1 => "the entry before it was read".to_owned(),
                read => format!("the {read} entries before it were read"),
            };
            io.warn(&format!(
                "{}: ends at byte {byte}, within the capture; {read}",
                capture.name,
            ));
        }
        for unusable in capture.unusable.iter().take(5) {
            io.warn(&format!(
                "{}: entry {} was skipped: {}",
                capture.name,
                unusable.index + 1,
                unusable.problem,
            ));
        }
        if capture.unusable.len() > 5 {
            io.warn(&format!(
                "{}: {} more entries were skipped",
                capture.name,
                capture.unusable.len() - 5,
            ));
        }
    }
}
