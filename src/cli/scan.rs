//! `harcov scan`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use similar::TextDiff;

use crate::config::{Config, SCAN};
use crate::inventory::{Inventory, Rows};
use crate::manifest::{Manifest, ManifestDraft, SectionDraft, update};
use crate::render::to_json;
use crate::route::ParamStyle;
use crate::scan::{EndpointScan, Evidence, SHOWN, Scan, ScanOptions, Target, scan};
use crate::spec::{self, is_description};

use super::args::{CaptureArgs, Common, ListFormat};
use super::guard::Input;
use super::inputs;
use super::io::visible;
use super::wording::counted;
use super::{EXIT_OK, Failure, Io, output};

/// How many places of one endpoint the JSON lists.
const LISTED: usize = 20;

#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    /// Files and folders of source code
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,
    /// What to look for: descriptions of an API (OpenAPI, Postman) or captures; by default those of the configuration; may be repeated
    #[arg(long, value_name = "FILE")]
    against: Vec<PathBuf>,
    /// Write or update this manifest; by default that of the configuration
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Show how the manifest would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// The format of what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ListFormat,
    /// Count this host as the API's, instead of those configured or found; may be repeated
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// How parameters are written in routes
    #[arg(long, value_name = "STYLE")]
    param_style: Option<ParamStyle>,
    /// Go on, with exit code 0, if some captures cannot be read
    #[arg(long)]
    keep_going: bool,
}

/// What is looked for, and what was configured.
struct Looked {
    targets: Vec<Target>,
    config: Config,
    exit: u8,
}

/// Looks for the endpoints in source code, and writes or updates the manifest.
pub(super) fn run(common: &Common, args: &ScanArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    check_sources(&args.sources)?;
    let looked = look(common, args, io)?;
    if looked.targets.is_empty() {
        return Err(nothing_to_look_for(args));
    }
    let manifest = manifest_of(args, &looked.config)?;
    if let Some(file) = manifest.as_ref().filter(|_| !args.dry_run) {
        output::check_writable(file)?;
    }
    let root = match &manifest {
        Some(file) => file.parent().unwrap_or(Path::new("")).to_owned(),
        None => looked.config.root.clone(),
    };
    let found = search(&args.sources, &root, &looked.targets, &looked.config, io);
    tell_left_out(&found, io);
    if args.format == ListFormat::Json {
        let text = to_json(&json(&found, looked.config.param_style))
            .map_err(|error| Failure::new(error.to_string()))?;
        write!(io.out, "{text}")?;
    } else if !args.dry_run {
        lines(&found, looked.config.param_style, io)?;
    }
    match manifest {
        Some(file) => write_manifest(&file, &found, &looked.config, args.dry_run, io)?,
        // There is nothing to compare with: what would be written is shown as it is.
        None if args.dry_run && args.format != ListFormat::Json => {
            write!(io.out, "{}", new_manifest(&found, &looked.config))?;
        }
        None => {}
    }
    Ok(looked.exit)
}

/// Scans sources with a progress bar where one is wanted.
pub(super) fn search(
    sources: &[PathBuf],
    root: &Path,
    targets: &[Target],
    config: &Config,
    io: &Io<'_>,
) -> Scan {
    let options = ScanOptions {
        sources: sources.to_vec(),
        root: root.to_owned(),
        calls: config.scan.calls.clone(),
    };
    let bar = io.wants_progress().then(bar);
    let found = scan(targets, &options, &mut |read, total| {
        if let Some(bar) = &bar {
            bar.set_length(total);
            bar.set_position(read);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    found
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
    let template = "{bar:30} {bytes}/{total_bytes} of source code";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Takes the sources to scan from the manifests that the command names; the others are left. If it
/// names any manifest, those of the configuration do not count.
pub(super) fn take_sources(config: &mut Config, named: &[PathBuf]) -> Vec<PathBuf> {
    if named.is_empty() {
        return Vec::new();
    }
    let source = |path: &PathBuf| {
        let text = path.to_str()?;
        text.strip_prefix(SCAN).map(PathBuf::from)
    };
    config.scan.sources = named.iter().filter_map(source).collect();
    config.manifests = Vec::new();
    named
        .iter()
        .filter(|path| source(path).is_none())
        .cloned()
        .collect()
}

/// Adds to the manifest what the sources say that stand for one.
pub(super) fn complete(
    config: &Config,
    inventory: &Inventory,
    manifest: &mut Manifest,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    if config.scan.sources.is_empty() {
        return Ok(());
    }
    check_sources(&config.scan.sources)?;
    let targets = Target::of(inventory);
    let found = search(&config.scan.sources, &config.root, &targets, config, io);
    if found.files == 0 {
        io.warn("the sources to scan hold no file in a language that is read");
    }
    tell_left_out(&found, io);
    found.complete(manifest, &config.root);
    Ok(())
}

/// A source that is not there is a mistake in writing.
pub(super) fn check_sources(sources: &[PathBuf]) -> Result<(), Failure> {
    let absent: Vec<String> = sources
        .iter()
        .filter(|source| !source.exists())
        .map(|source| {
            format!(
                "{}: there is no such file or folder; name source code",
                source.display()
            )
        })
        .collect();
    if absent.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(absent.join("\n")))
    }
}

/// What was named describes or shows no endpoint.
fn nothing_to_look_for(args: &ScanArgs) -> Failure {
    let named: Vec<String> = args
        .against
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let who = match named.as_slice() {
        [] => "the captures of the configuration show no endpoint".to_owned(),
        [one] => format!("{one} has no endpoint"),
        several => format!("{} have no endpoint", several.join(", ")),
    };
    Failure::new(format!(
        "{who} to look for; a description needs operations under `paths`, and of a capture `harcov routes --each-request` says why its requests do not count"
    ))
}

/// The endpoints to look for: of the descriptions and captures that were named, or of the captures
/// of the configuration.
fn look(common: &Common, args: &ScanArgs, io: &mut Io<'_>) -> Result<Looked, Failure> {
    let mut targets = Vec::new();
    let mut captures = Vec::new();
    for file in &args.against {
        io.guard.reads(file, Input::Source);
        match described(file, io)? {
            Some(found) => targets.extend(found),
            None => captures.push(file.clone()),
        }
    }
    if captures.is_empty() && !args.against.is_empty() {
        let mut config = inputs::load_config(common, io)?;
        config.param_style = args.param_style.unwrap_or(config.param_style);
        return Ok(Looked {
            targets,
            config,
            exit: EXIT_OK,
        });
    }
    let captures = CaptureArgs {
        captures,
        manifest: Vec::new(),
        host: args.host.clone(),
        param_style: args.param_style,
        keep_going: args.keep_going,
    };
    let mut config = inputs::configured(common, &captures, io)?;
    let manifests = config.manifests.clone();
    config.manifests.retain(|file| !is_to_be_made(file));
    let read = inputs::observe(config, &captures, Rows::None, io)?;
    targets.extend(Target::of(&read.inventory));
    Ok(Looked {
        targets,
        config: Config {
            manifests,
            ..read.config
        },
        exit: read.exit,
    })
}

/// Whether a manifest is not there yet: a scan takes it for an empty one, which it may fill.
fn is_to_be_made(file: &Path) -> bool {
    is_toml(file) && !file.exists()
}

fn is_toml(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "toml")
}

/// The operations of a file that describes an API; nothing if it is something else, such as a
/// capture.
fn described(file: &Path, io: &mut Io<'_>) -> Result<Option<Vec<Target>>, Failure> {
    if !file.exists() || !is_description(file) {
        return Ok(None);
    }
    let is_json = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    match spec::load(file) {
        Ok(description) => {
            for warning in description.warnings.iter().take(SHOWN) {
                io.warn(&warning.unmarked());
            }
            let more = description.warnings.len().saturating_sub(SHOWN);
            if more > 0 {
                io.warn(&format!(
                    "{}: {}",
                    description.file,
                    counted(more, "more warning", "more warnings")
                ));
            }
            Ok(Some(Target::described(&description)))
        }
        // A capture may be called so too; its reader tells what is wrong with it.
        Err(_) if is_json => Ok(None),
        Err(problems) => Err(Failure::new(problems.to_string().trim_end())),
    }
}

/// The manifest to write: the one that was named, or the only one of the configuration.
fn manifest_of(args: &ScanArgs, config: &Config) -> Result<Option<PathBuf>, Failure> {
    if let Some(file) = &args.manifest {
        return Ok(Some(file.clone()));
    }
    let mut configured = config.manifests.iter().filter(|file| is_toml(file));
    let quiet = args.format == ListFormat::Json || !args.against.is_empty();
    match (configured.next(), configured.next()) {
        (Some(only), None) if args.dry_run || !quiet => Ok(Some(only.clone())),
        (Some(_), Some(_)) if args.dry_run || !quiet => Err(Failure::new(
            "the configuration names several manifests; say with --manifest FILE which one to update",
        )),
        _ => Ok(None),
    }
}

/// The manifest where there is none yet.
fn new_manifest(found: &Scan, config: &Config) -> String {
    let draft = ManifestDraft {
        schema: None,
        scanned: true,
        lang: inputs::language(config),
        param_style: config.param_style,
        sections: vec![SectionDraft {
            title: String::new(),
            claims: found.drafts(),
        }],
    };
    draft.to_toml()
}

/// Writes a new manifest, or brings one up to date.
fn write_manifest(
    file: &Path,
    found: &Scan,
    config: &Config,
    dry_run: bool,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    let old = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Failure::new(format!(
                "cannot read {}: {error}; check its permissions",
                file.display()
            )));
        }
    };
    let text = if old.is_empty() {
        new_manifest(found, config)
    } else {
        let updated = update(&old, file, &found.drafts(), config.param_style)
            .map_err(|problems| Failure::new(problems.to_string().trim_end()))?;
        for claim in &updated.unfounded {
            io.warn(&format!(
                "{}: the manifest claims `{} {}`, and nothing in the source speaks for it",
                claim.location,
                claim.method,
                claim.route.display(config.param_style),
            ));
        }
        for (claim, places) in &updated.faint {
            io.warn(&format!(
                "{}: the manifest claims `{} {}`, and nothing at {} speaks for it any more; only its path stands in the source: {}",
                claim.location,
                claim.method,
                claim.route.display(config.param_style),
                claim.source.join(", "),
                places.join(", "),
            ));
        }
        updated.text
    };
    if dry_run {
        let name = file.display().to_string();
        let diff = TextDiff::from_lines(&old, &text);
        let mut unified = diff.unified_diff();
        write!(io.out, "{}", unified.header(&name, &name))?;
        return Ok(());
    }
    output::update(file, &text, io)
}

/// What was left out, by reason.
fn tell_left_out(found: &Scan, io: &mut Io<'_>) {
    for (reason, names) in &found.left_out {
        let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
        let more = names.len().saturating_sub(SHOWN);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        io.note(&format!(
            "left out as {}: {}{more}",
            reason.name(),
            shown.join(", ")
        ));
    }
    if !found.too_deep.is_empty() {
        io.warn(&format!(
            "nested too deeply to be read whole: {}",
            found.too_deep.join(", ")
        ));
    }
    if !found.cut.is_empty() {
        io.note(&format!(
            "too much to follow, read as far as it goes: {}",
            found.cut.join(", ")
        ));
    }
}

/// The result for people: each endpoint with its best places, and a sum.
fn lines(found: &Scan, style: ParamStyle, io: &mut Io<'_>) -> Result<(), Failure> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for endpoint in &found.endpoints {
        *counts.entry(endpoint.status.name()).or_default() += 1;
        let target = &endpoint.target;
        let operation = target.operation.as_ref().map(|name| format!(" [{name}]"));
        // The host is told where it alone tells endpoints apart.
        let host = target.host.as_ref().filter(|_| found.is_at_several(target));
        let host = host.map(|host| format!(" ({host})"));
        let line = format!(
            "{:<11} {:<7} {}{}{}",
            endpoint.status.name(),
            target.method,
            target.route.display(style),
            operation.unwrap_or_default(),
            host.unwrap_or_default(),
        );
        writeln!(io.out, "{}", visible(&line))?;
        if !endpoint.beyond.is_empty() {
            let line = format!("            not sent: {}", endpoint.beyond.join(", "));
            writeln!(io.out, "{}", visible(&line))?;
        }
        for row in endpoint.evidence.iter().take(SHOWN) {
            writeln!(io.out, "{}", visible(&evidence_line(row)))?;
        }
        if endpoint.evidence.len() > SHOWN {
            writeln!(
                io.out,
                "            and {} more",
                endpoint.evidence.len() - SHOWN
            )?;
        }
    }
    let sum: Vec<String> = counts
        .iter()
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    writeln!(
        io.out,
        "\n{}: {}; {} with {}, {} of them parsed",
        counted(found.endpoints.len(), "endpoint", "endpoints"),
        sum.join(", "),
        counted(found.files, "file", "files"),
        counted(found.lines, "line", "lines"),
        found.parsed,
    )?;
    Ok(())
}

fn evidence_line(row: &Evidence) -> String {
    let function = row.function.as_ref().map(|name| format!(" {name}"));
    format!(
        "            {}{} ({}, {:.2})",
        row.place(),
        function.unwrap_or_default(),
        row.kind.name(),
        row.confidence,
    )
}

/// The result for programs.
#[derive(Serialize)]
struct ScanJson<'a> {
    endpoints: Vec<EndpointJson<'a>>,
    files: usize,
    lines: usize,
    parsed: usize,
    left_out: BTreeMap<&'static str, &'a [String]>,
    broken: &'a [String],
}

#[derive(Serialize)]
struct EndpointJson<'a> {
    method: &'a str,
    route: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    status: &'static str,
    /// What the source sends, if it spells out all of it.
    params: Option<&'a [String]>,
    /// What it does not send although it was seen or described.
    not_sent: &'a [String],
    evidence: Vec<&'a Evidence>,
}

fn json(found: &Scan, style: ParamStyle) -> ScanJson<'_> {
    let row = |endpoint: &'_ EndpointScan| -> (String, &'static str) {
        (
            endpoint.target.route.display(style).to_string(),
            endpoint.status.name(),
        )
    };
    ScanJson {
        endpoints: found
            .endpoints
            .iter()
            .map(|endpoint| {
                let (route, status) = row(endpoint);
                EndpointJson {
                    method: &endpoint.target.method,
                    route,
                    host: endpoint.target.host.as_deref(),
                    operation: endpoint.target.operation.as_deref(),
                    status,
                    params: endpoint.params.as_deref(),
                    not_sent: &endpoint.beyond,
                    evidence: endpoint.evidence.iter().take(LISTED).collect(),
                }
            })
            .collect(),
        files: found.files,
        lines: found.lines,
        parsed: found.parsed,
        left_out: found
            .left_out
            .iter()
            .map(|(reason, names)| (reason.name(), names.as_slice()))
            .collect(),
        broken: &found.broken,
    }
}
