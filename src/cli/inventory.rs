//! `harcov inventory`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::assess::assess;
use crate::config::Config;
use crate::inventory::{self, Known, Rows};
use crate::manifest::Manifest;
use crate::render::{outline, tables};
use crate::report::{Context, Report, build};

use super::args::{CaptureArgs, Common};
use super::guard::Input;
use super::inputs;
use super::{EXIT_OK, Failure, Io, output};

#[derive(Debug, Args)]
pub(super) struct InventoryArgs {
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
    /// The file to write, or for tables the folder; by default stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
    /// The format
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    pub(super) format: InventoryFormat,
    /// Sum all captures up: smaller, but no capture can be told from the others any more
    #[arg(long)]
    pub(super) fold: bool,
    /// Write plain text to compare instead, for `git config diff.har.textconv`
    #[arg(long, conflicts_with = "fold")]
    pub(super) textconv: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InventoryFormat {
    /// An inventory, which can be given in place of the captures
    Json,
    /// Tables of endpoints, parameters, response fields and values that flow, for databases
    Csv,
}

/// Writes the evidence of captures and inventories as one inventory.
pub(super) fn run(common: &Common, args: &InventoryArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    if args.format == InventoryFormat::Csv {
        return csv(common, args, io);
    }
    output::check_writable(&args.output)?;
    if args.textconv {
        return textconv(common, args, io);
    }
    let config = inputs::configured(common, &args.captures, io)?;
    let evidence = inputs::read_evidence(config, &args.captures, Rows::None, io)?;
    let known = known(&evidence.config, &evidence.manifest);
    let text = inventory::write(evidence.parts, &known, args.fold)
        .map_err(|overlap| Failure::new(overlap.to_string()))?;
    // What it was made of is in it, so an inventory may be kept up in its place.
    match io.guard.read(&args.output) {
        Some(Input::Inventory) => output::update(&args.output, &text, io)?,
        _ => output::write(&args.output, &text, io)?,
    }
    Ok(evidence.exit)
}

/// Writes what the captures show as text that Git compares. What is wrong with one is told in place of
/// it, for Git would end with it and show no other.
fn textconv(common: &Common, args: &InventoryArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let text = match observed(common, args, io) {
        Ok((report, _)) => outline(&report),
        Err(failure) => format!("{}\n", named_plainly(&failure, &args.captures.captures)),
    };
    output::write(&args.output, &text, io)?;
    Ok(EXIT_OK)
}

/// A message without the folders of captures: Git's copies lie in another one each time.
fn named_plainly(failure: &Failure, captures: &[PathBuf]) -> String {
    let mut text = failure.to_string();
    for capture in captures {
        let name = capture.file_name().unwrap_or_default().to_string_lossy();
        text = text.replace(&*capture.to_string_lossy(), &name);
    }
    text
}

/// Writes what the captures show as tables into a folder.
fn csv(common: &Common, args: &InventoryArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    if args.fold || args.textconv {
        return Err(Failure::new(
            "`--format csv` writes tables; leave `--fold` and `--textconv` out",
        ));
    }
    let folder = folder_for_tables(&args.output)?;
    let (report, exit) = observed(common, args, io)?;
    for (name, text) in tables(&report) {
        output::write(&folder.join(name).with_extension("csv"), &text, io)?;
    }
    Ok(exit)
}

/// The folder that tables go into, made if it is not there.
fn folder_for_tables(output: &Path) -> Result<&Path, Failure> {
    if output.as_os_str() == "-" {
        return Err(Failure::new(
            "`--format csv` writes several tables; name a folder for them with `--output DIR`",
        ));
    }
    std::fs::create_dir_all(output).map_err(|error| {
        Failure::new(format!(
            "cannot write tables into {}: {error}; name a folder",
            output.display()
        ))
    })?;
    Ok(output)
}

/// The report of what the captures show, and the exit code of reading them.
fn observed(
    common: &Common,
    args: &InventoryArgs,
    io: &mut Io<'_>,
) -> Result<(Report, u8), Failure> {
    let inputs = inputs::read(common, &args.captures, Rows::None, io)?;
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let report = build(&Context {
        inventory: &inputs.inventory,
        assessment: &assessment,
        config: &inputs.config,
        manifest: &inputs.manifest,
        locale: inputs.locale,
    });
    Ok((report, inputs.exit))
}

/// What configuration and manifest say of the API.
fn known(config: &Config, manifest: &Manifest) -> Known {
    let mut pins = config.pins();
    pins.pins.extend(manifest.pins().pins);
    let mut values: BTreeSet<String> = BTreeSet::new();
    for route in &config.routes {
        values.extend(route.split_by.iter().cloned());
    }
    for step in config.flows.iter().flat_map(|flow| &flow.steps) {
        values.extend(step.with.iter().map(|(param, _)| param.clone()));
    }
    for claim in &manifest.claims {
        values.extend(claim.values.keys().cloned());
    }
    Known {
        pins,
        values,
        privacy: config.scope.privacy.clone(),
    }
}
