//! `harcov inventory`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use crate::assess::assess;
use crate::config::Config;
use crate::inventory::{self, Known};
use crate::manifest::Manifest;
use crate::render::outline;
use crate::report::{Context, build};

use super::args::{CaptureArgs, Common};
use super::inputs;
use super::{Failure, Io, output};

#[derive(Debug, Args)]
pub(super) struct InventoryArgs {
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
    /// The file to write; by default stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
    /// Sum all captures up: smaller, but no capture can be told from the others any more
    #[arg(long)]
    pub(super) fold: bool,
    /// Write plain text to compare instead, for `git config diff.har.textconv`
    #[arg(long, conflicts_with = "fold")]
    pub(super) textconv: bool,
}

/// Writes the evidence of captures and inventories as one inventory.
pub(super) fn run(common: &Common, args: &InventoryArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    output::check_writable(&args.output)?;
    if args.textconv {
        return textconv(common, args, io);
    }
    let evidence = inputs::read_evidence(common, &args.captures, false, io)?;
    let known = known(&evidence.config, &evidence.manifest);
    let text = inventory::write(evidence.parts, &known, args.fold)
        .map_err(|overlap| Failure::new(overlap.to_string()))?;
    output::write(&args.output, &text, io)?;
    Ok(evidence.exit)
}

/// Writes what the captures show as text that Git compares.
fn textconv(common: &Common, args: &InventoryArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let inputs = inputs::read(common, &args.captures, false, io)?;
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let report = build(&Context {
        inventory: &inputs.inventory,
        assessment: &assessment,
        config: &inputs.config,
        manifest: &inputs.manifest,
        locale: inputs.locale,
    });
    output::write(&args.output, &outline(&report), io)?;
    Ok(inputs.exit)
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
    Known { pins, values }
}
