//! What commands read: configuration, manifest and captures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::capture::{Capture, Limit, Source, find};
use crate::config::{self, Config, Diagnostics};
use crate::inventory::{Collected, EntryRow, Evidence, Failed, Inventory, Parts, Rows, collect};
use crate::locale::{Lang, Locale};
use crate::manifest::{self, Manifest};
use crate::route::Template;

use super::args::{CaptureArgs, Common};
use super::guard::Input;
use super::progress::Progress;
use super::scan;
use super::wording::counted;
use super::{EXIT_ERROR, EXIT_OK, Failure, Io};

/// Everything that a command over captures needs.
pub(super) struct Inputs {
    pub(super) config: Config,
    pub(super) manifest: Manifest,
    pub(super) inventory: Inventory,
    /// What the inventory was inferred from.
    pub(super) evidence: Evidence,
    pub(super) rows: Vec<EntryRow>,
    pub(super) locale: &'static Locale,
    /// The exit code that the captures earn: an error if some could not be read.
    pub(super) exit: u8,
}

/// What was read before anything is inferred from it.
pub(super) struct Gathered {
    pub(super) config: Config,
    pub(super) manifest: Manifest,
    pub(super) parts: Parts,
    pub(super) rows: Vec<EntryRow>,
    /// The exit code that the captures earn: an error if some could not be read.
    pub(super) exit: u8,
}

/// Reads the manifest and captures under a configuration; `rows` says which entries have a row.
pub(super) fn read_evidence(
    mut config: Config,
    args: &CaptureArgs,
    rows: Rows<'_>,
    io: &mut Io<'_>,
) -> Result<Gathered, Failure> {
    let named = scan::take_sources(&mut config, &args.manifest);
    let manifest = load_manifest(&config, &named, io)?;
    let (collected, exit) = collect_from(&config, &args.captures, rows, args.keep_going, io)?;
    Ok(Gathered {
        config,
        manifest,
        parts: collected.parts,
        rows: collected.rows,
        exit,
    })
}

/// The configuration with what the command line says instead.
pub(super) fn configured(
    common: &Common,
    args: &CaptureArgs,
    io: &mut Io<'_>,
) -> Result<Config, Failure> {
    let mut config = load_config(common, io)?;
    if let Some(style) = args.param_style {
        config.param_style = style;
    }
    if !args.host.is_empty() {
        config.scope.hosts = args.host.iter().map(|h| h.to_lowercase()).collect();
    }
    if let Some(lang) = common.lang() {
        config.lang = Some(lang);
    }
    Ok(config)
}

/// Collects the named captures, or those of the configuration, and tells of what could not be read;
/// with the exit code that this earns.
pub(super) fn collect_from(
    config: &Config,
    named: &[PathBuf],
    rows: Rows<'_>,
    keep_going: bool,
    io: &mut Io<'_>,
) -> Result<(Collected, u8), Failure> {
    let (sources, mut lost) = sources(config, named)?;
    let files = files_of(&sources);
    let mut progress = Progress::new(&sources, io.wants_progress());
    let collected = collect(sources, &config.scope, rows, &mut |name, bytes| {
        progress.at(name, bytes);
    });
    drop(progress);
    note_read(&files, &collected, io);
    if collected.parts.is_empty() {
        lost.extend(failures(&collected, |_| true));
        return Err(Failure::new(lost.join("\n")));
    }
    lost.extend(failures(&collected, |failed| failed.meant));
    for message in failures(&collected, |failed| !failed.meant) {
        io.warn(&message);
    }
    tell_lost(&lost, keep_going, io);
    if matches!(rows, Rows::All) {
        for name in &collected.inventories {
            io.warn(&format!(
                "{name}: an inventory holds no single requests; name the captures to list them"
            ));
        }
    }
    let exit = if lost.is_empty() || keep_going {
        EXIT_OK
    } else {
        EXIT_ERROR
    };
    Ok((collected, exit))
}

/// The files of sources with their names.
fn files_of(sources: &[Source]) -> Vec<(String, PathBuf)> {
    let files = sources.iter().map(|source| {
        let path = source.path()?.to_owned();
        Some((source.name().to_owned(), path))
    });
    files.flatten().collect()
}

/// Notes the files that were read, so that no output takes their place; what a folder merely held, such
/// as the report of an earlier run, is none of them.
fn note_read(files: &[(String, PathBuf)], collected: &Collected, io: &mut Io<'_>) {
    for (name, path) in files {
        let mut others = collected.failed.iter().filter(|failed| !failed.meant);
        if others.any(|failed| failed.path.as_ref() == Some(path)) {
            continue;
        }
        let kind = if collected.inventories.contains(name) {
            Input::Inventory
        } else {
            Input::Source
        };
        io.guard.reads(path, kind);
    }
}

/// Reads configuration, manifest and captures; `rows` says which entries have a row. Evidence in
/// source code that stands for a manifest is looked for.
pub(super) fn read(
    common: &Common,
    args: &CaptureArgs,
    rows: Rows<'_>,
    io: &mut Io<'_>,
) -> Result<Inputs, Failure> {
    let config = configured(common, args, io)?;
    let mut inputs = observe(config, args, rows, io)?;
    scan::complete(&inputs.config, &inputs.inventory, &mut inputs.manifest, io)?;
    Ok(inputs)
}

/// The same under a configuration, without a look at source code.
pub(super) fn observe(
    config: Config,
    args: &CaptureArgs,
    rows: Rows<'_>,
    io: &mut Io<'_>,
) -> Result<Inputs, Failure> {
    let gathered = read_evidence(config, args, rows, io)?;
    inferred(gathered, io)
}

/// The same with descriptions of the API, if there are any, in place of the manifests.
pub(super) fn read_against(
    common: &Common,
    args: &CaptureArgs,
    against: &[PathBuf],
    io: &mut Io<'_>,
) -> Result<Inputs, Failure> {
    if against.is_empty() {
        return read(common, args, Rows::None, io);
    }
    let config = configured(common, args, io)?;
    for file in against {
        io.guard.reads(file, Input::Source);
    }
    let manifest = warned(manifest::load_descriptions(against), io)?;
    let (collected, exit) = collect_from(&config, &args.captures, Rows::None, args.keep_going, io)?;
    let gathered = Gathered {
        config,
        manifest,
        parts: collected.parts,
        rows: collected.rows,
        exit,
    };
    inferred(gathered, io)
}

/// Infers the routes of what was gathered.
fn inferred(gathered: Gathered, io: &mut Io<'_>) -> Result<Inputs, Failure> {
    let Gathered {
        config,
        mut manifest,
        parts,
        rows,
        exit,
    } = gathered;
    let evidence = fold(parts)?;
    tell_problems(&evidence, io);
    let inventory = infer(&evidence, &config, &mut manifest, io)?;
    Ok(Inputs {
        locale: Locale::new(language(&config)),
        config,
        manifest,
        inventory,
        evidence,
        rows,
        exit,
    })
}

/// The sum of all parts.
pub(super) fn fold(parts: Parts) -> Result<Evidence, Failure> {
    parts
        .fold()
        .map_err(|overlap| Failure::new(overlap.to_string()))
}

/// Infers the routes with what configuration and manifest say of them; the routes of descriptions
/// are put where the evidence has them.
pub(super) fn infer(
    evidence: &Evidence,
    config: &Config,
    manifest: &mut Manifest,
    io: &mut Io<'_>,
) -> Result<Inventory, Failure> {
    manifest.mount(evidence);
    let mut pins = config.pins();
    pins.pins.extend(manifest.pins().pins);
    let inventory = Inventory::build(evidence, &config.scope, &pins);
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
    Ok(inventory)
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
    io.guard.reads(&file, Input::Source);
    let config = config::load(&file).map_err(|problems| told(&problems))?;
    for warning in &config.warnings {
        io.warn(&warning.unmarked());
    }
    Ok(config)
}

pub(super) fn load_manifest(
    config: &Config,
    named: &[PathBuf],
    io: &mut Io<'_>,
) -> Result<Manifest, Failure> {
    let files = if named.is_empty() {
        &config.manifests
    } else {
        named
    };
    for file in files {
        io.guard.reads(file, Input::Source);
    }
    warned(manifest::load(files, &config.spec), io)
}

/// The manifest, once its warnings are told.
fn warned(loaded: Result<Manifest, Diagnostics>, io: &mut Io<'_>) -> Result<Manifest, Failure> {
    let manifest = loaded.map_err(|problems| told(&problems))?;
    for warning in &manifest.warnings {
        io.warn(&warning.unmarked());
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
    let renamed = sources.into_iter().map(|source| {
        let short = Some(source.name())
            .filter(|name| Path::new(name).is_absolute())
            .and_then(short);
        match short {
            Some(short) => source.named(short),
            None => source,
        }
    });
    numbered(renamed.collect())
}

/// Names that are the same once phone numbers and the like are masked are told apart by a number.
fn numbered(sources: Vec<Source>) -> Vec<Source> {
    let mut seen: BTreeMap<String, Vec<Option<PathBuf>>> = BTreeMap::new();
    sources
        .into_iter()
        .map(|source| {
            let path = source.path().map(Path::to_owned);
            let paths = seen.entry(source.name().to_owned()).or_default();
            let known = paths.iter().position(|known| *known == path);
            let position = known.unwrap_or_else(|| {
                paths.push(path);
                paths.len() - 1
            });
            if position == 0 || !source.name().contains('<') {
                return source;
            }
            let name = format!("{} ({})", source.name(), position + 1);
            source.named(name)
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

/// Tells of captures that could not be read: the exit code says so too, unless the user wants to go
/// on. What a folder merely held is no loss.
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
pub(super) fn tell_problems(evidence: &Evidence, io: &mut Io<'_>) {
    let mut captures: Vec<&Capture> = evidence.captures.values().map(|(c, _)| c).collect();
    captures.sort_by_key(|capture| (&capture.name, &capture.id));
    for capture in captures {
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
                "{}: {} skipped",
                capture.name,
                counted(
                    capture.unusable.len() - 5,
                    "more entry was",
                    "more entries were"
                ),
            ));
        }
        for (limit, count) in &capture.left_out {
            io.warn(&format!(
                "{}: it has more {} than are kept, and {count} uses of further ones were left out; raise `{}` under [limits] in harcov.toml",
                capture.name,
                limit_of(*limit),
                limit.name(),
            ));
        }
    }
}

/// What there is too much of.
fn limit_of(limit: Limit) -> &'static str {
    match limit {
        Limit::Calls => "distinct calls",
        Limit::Names => "names of parameters or fields in one call",
        Limit::Values => "distinct values to follow into requests",
        Limit::Repeats => "requests to look at for repetition",
        Limit::Roles => "roles of calls",
        Limit::Waits => "requests that took long",
        Limit::States => "states of things, or calls before their changes",
    }
}
