//! `harcov export` and `harcov stub`: what was observed, in forms that other tools and projects use.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::assess::assess;
use crate::config::Status;
use crate::export::{Api, ExportFormat, Wanted};
use crate::inventory::Rows;
use crate::route::EndpointPattern;

use super::args::{CaptureArgs, Common, Tongue, code_language};
use super::inputs::{self, Inputs};
use super::{Failure, Io, output};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The format
    #[arg(value_name = "FORMAT")]
    format: ExportFormat,
    #[command(flatten)]
    captures: CaptureArgs,
    /// Only endpoints of this status; may be repeated
    #[arg(long, value_name = "STATUS")]
    status: Vec<Wish>,
    /// Only endpoints that this pattern names, such as `POST */order/*`; may be repeated
    #[arg(long, value_name = "PATTERN")]
    endpoint: Vec<EndpointPattern>,
    /// Write into this file instead of stdout
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true
    )]
    output: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct StubArgs {
    /// Patterns of endpoints, such as `POST */order/*`; by default all missing ones
    #[arg(value_name = "ENDPOINT")]
    endpoints: Vec<EndpointPattern>,
    /// The language of the code
    #[arg(long, value_name = "LANGUAGE", value_parser = code_language())]
    lang: Option<Tongue>,
    /// A HAR file or a folder of them; by default those of the configuration; may be repeated
    #[arg(long, value_name = "CAPTURE")]
    capture: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// A Tera template of your own
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Write into this file instead of stdout
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true
    )]
    output: PathBuf,
}

/// How captures are read that are not named by position.
#[derive(Debug, Args)]
struct ReadingArgs {
    /// Compare with this manifest instead of the configuration's; may be repeated
    #[arg(long, value_name = "FILE")]
    manifest: Vec<PathBuf>,
    /// Count this host as the API's, instead of those configured or found; may be repeated
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// Go on, with exit code 0, if some captures cannot be read
    #[arg(long)]
    keep_going: bool,
}

/// A status that observed endpoints may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wish {
    Implemented,
    Partial,
    Missing,
    Unknown,
    Excluded,
}

impl From<Wish> for Status {
    fn from(wish: Wish) -> Status {
        match wish {
            Wish::Implemented => Status::Implemented,
            Wish::Partial => Status::Partial,
            Wish::Missing => Status::Missing,
            Wish::Unknown => Status::Unknown,
            Wish::Excluded => Status::Excluded,
        }
    }
}

/// Writes the endpoints in a format of another tool.
pub(super) fn export(common: &Common, args: &ExportArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    output::check_writable(&args.output)?;
    let inputs = inputs::read(common, &args.captures, Rows::None, io)?;
    let wanted = Wanted {
        statuses: args.status.iter().map(|wish| (*wish).into()).collect(),
        patterns: args.endpoint.clone(),
    };
    let api = api(&inputs, &wanted, io);
    let text = crate::export::export(&api, args.format);
    output::write(&args.output, &text, io)?;
    Ok(inputs.exit)
}

/// Writes client stubs.
pub(super) fn stub(common: &Common, args: &StubArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let Some(Tongue::Code(language)) = args.lang else {
        return Err(Failure::new(
            "name the language of the stubs: --lang python, typescript, kotlin or rust",
        ));
    };
    output::check_writable(&args.output)?;
    let template = output::read_template(args.template.as_deref(), io)?;
    let captures = CaptureArgs {
        captures: args.capture.clone(),
        manifest: args.reading.manifest.clone(),
        host: args.reading.host.clone(),
        param_style: None,
        keep_going: args.reading.keep_going,
    };
    let inputs = inputs::read(common, &captures, Rows::None, io)?;
    let wanted = Wanted {
        statuses: if args.endpoints.is_empty() {
            missing(&inputs)
        } else {
            Vec::new()
        },
        patterns: args.endpoints.clone(),
    };
    let api = api(&inputs, &wanted, io);
    let template = template
        .as_ref()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let text = crate::export::stub(&api, language, inputs.locale, template)
        .map_err(|error| Failure::new(error.to_string()))?;
    output::write(&args.output, &text, io)?;
    Ok(inputs.exit)
}

/// What is to be built. Without a manifest nobody knows what is there, so that is everything.
fn missing(inputs: &Inputs) -> Vec<Status> {
    if inputs.manifest.claims.is_empty() {
        Vec::new()
    } else {
        vec![Status::Missing]
    }
}

/// What is wanted; a warning if that is nothing.
fn api(inputs: &Inputs, wanted: &Wanted, io: &mut Io<'_>) -> Api {
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let api = Api::new(
        &inputs.inventory,
        &assessment,
        &inputs.config,
        inputs.locale,
        wanted,
    );
    if api.calls.is_empty() && !inputs.inventory.endpoints.is_empty() {
        io.warn("no observed endpoint is meant; `harcov routes` lists them");
    }
    api
}
