//! `harcov flow`.

mod text;

use clap::Args;

use crate::assess::assess;
use crate::inventory::Rows;
use crate::render::{in_style, to_json};
use crate::report::{Context, StoryDocument, build};

use super::args::{CaptureArgs, Common, ListFormat};
use super::io::visible;
use super::{Failure, Io, inputs};

#[derive(Debug, Args)]
pub(super) struct FlowArgs {
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
    /// The format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ListFormat,
}

/// Tells how the captures use the API.
pub(super) fn run(common: &Common, args: &FlowArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let inputs = inputs::read(common, &args.captures, Rows::None, io)?;
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let report = build(&Context {
        inventory: &inputs.inventory,
        assessment: &assessment,
        config: &inputs.config,
        manifest: &inputs.manifest,
        locale: inputs.locale,
    });
    let story = StoryDocument::of(report);
    match args.format {
        ListFormat::Json => {
            let text = to_json(&story).map_err(|error| Failure::new(error.to_string()))?;
            write!(io.out, "{text}")?;
        }
        ListFormat::Text => {
            let story = in_style(&story, inputs.config.param_style)
                .map_err(|error| Failure::new(error.to_string()))?;
            for line in text::lines(&story, inputs.locale) {
                writeln!(io.out, "{}", visible(&line))?;
            }
        }
    }
    Ok(inputs.exit)
}
