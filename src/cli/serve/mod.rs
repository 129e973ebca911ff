//! `harcov serve`: the HTML report on this machine, made anew whenever what it is made from changes.

mod analyse;
mod door;
mod http;
mod state;
mod watch;
mod web;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::assess::assess;
use crate::inventory::Rows;
use crate::render::{Live, Page, SourceUrl, in_style, render_page};

use super::args::{CaptureArgs, Common};
use super::report::report_of;
use super::{Failure, Io, inputs, since};

use state::{Made, State};
use watch::Watch;

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(400);

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    captures: CaptureArgs,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Tell what changed since an inventory, capture, folder, JSON report or baseline; with several,
    /// the trend too; may be repeated
    #[arg(long, value_name = "PAST")]
    since: Vec<PathBuf>,
    /// Link evidence to this address, with {path} and {line} filled in
    #[arg(long, value_name = "URL")]
    source_url: Option<SourceUrl>,
}

/// Serves the report until the process is ended.
pub(super) fn run(common: &Common, args: &ServeArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let mut watch = Watch::new(common, &args.captures, &args.since);
    let made = make(common, args, io)?;
    let (listener, door) = web::listen(args.port)?;
    writeln!(io.out, "{}", door.address())?;
    io.out.flush()?;
    io.note("the report is at this address, on this machine only; Ctrl-C ends it");
    let state = Arc::new(State::new(made));
    let serving = Arc::clone(&state);
    std::thread::spawn(move || web::serve(&listener, &Arc::new(door), &serving));
    loop {
        std::thread::sleep(PAUSE);
        if !watch.settled_anew() {
            continue;
        }
        match make(common, args, io) {
            Ok(made) => {
                state.replace(made);
                io.note("files changed: the report was made anew");
            }
            Err(failure) => {
                io.error(&failure.0);
                io.note("the last report stays until this is mended");
                state.fail(failure.0);
            }
        }
    }
}

/// Reads everything and makes the page.
fn make(common: &Common, args: &ServeArgs, io: &mut Io<'_>) -> Result<Made, Failure> {
    let inputs = inputs::read(common, &args.captures, Rows::None, io)?;
    let page = Page {
        source_url: args.source_url.clone(),
        live: Live::Watching,
        ..Page::default()
    };
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let mut report = report_of(&inputs, &assessment);
    if !args.since.is_empty() {
        report.since = Some(since::row(&args.since, &inputs, &report, io)?);
    }
    let html = in_style(&report, inputs.config.param_style)
        .and_then(|report| render_page(&report, &page))
        .map_err(|error| Failure::new(error.to_string()))?;
    Ok(Made { html, inputs, page })
}
