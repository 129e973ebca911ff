//! The report of a capture that was dropped on the page: made in memory, written nowhere.

use std::io::Cursor;

use crate::assess::assess;
use crate::capture::Source;
use crate::cli::Failure;
use crate::cli::inputs::{failures, fold};
use crate::inventory::{Inventory, collect};
use crate::render::{Live, Page, in_style, render_page};
use crate::report::{Context, build};
use crate::scope::Filter;

use super::state::Made;

/// Makes the page of a capture under the configuration and manifest of the served report.
pub(super) fn analyse(made: &Made, name: &str, content: &[u8]) -> Result<String, Failure> {
    let config = &made.inputs.config;
    let mut inventory = read(made, &config.scope, name, content)?;
    if inventory.endpoints.is_empty() {
        // Another API's capture: the hosts of the configuration say nothing about it.
        inventory = read(made, &Filter::default(), name, content)?;
    }
    let manifest = &made.inputs.manifest;
    let assessment = assess(&inventory, config, manifest);
    let mut report = build(&Context {
        inventory: &inventory,
        assessment: &assessment,
        config,
        manifest,
        locale: made.inputs.locale,
    });
    report.title = format!("{name} · {}", report.title);
    let page = Page {
        live: Live::Dropped,
        ..made.page.clone()
    };
    in_style(&report, config.param_style)
        .and_then(|report| render_page(&report, &page))
        .map_err(|error| Failure::new(error.to_string()))
}

fn read(made: &Made, filter: &Filter, name: &str, content: &[u8]) -> Result<Inventory, Failure> {
    let source = Source::reader(name, Cursor::new(content.to_vec()));
    let collected = collect(vec![source], filter, false, &mut |_, _| ());
    if collected.parts.is_empty() {
        return Err(Failure::new(failures(&collected, |_| true).join("\n")));
    }
    let evidence = fold(collected.parts)?;
    let mut pins = made.inputs.config.pins();
    pins.pins.extend(made.inputs.manifest.pins().pins);
    Ok(Inventory::build(&evidence, filter, &pins))
}
