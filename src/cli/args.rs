//! What can be said on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, TypedValueParser};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};

use crate::export::Language;
use crate::locale::Lang;
use crate::route::ParamStyle;

use super::check::CheckArgs;
use super::diff::DiffArgs;
use super::export::{ExportArgs, StubArgs};
use super::flow::FlowArgs;
use super::inventory::InventoryArgs;
use super::output::Target;
use super::scan::ScanArgs;

const EXIT_CODES: &str = "Exit codes:
  0  fine
  1  a gate failed, or with --exit-code there is a difference
  2  an error: usage, configuration, or a capture that could not be read";

/// The version, with the commit in a release build; see `build.rs`.
const VERSION: &str = env!("HARCOV_VERSION");

/// Reads HAR captures and reports how much of the API they exercise is implemented.
#[derive(Debug, Parser)]
#[command(name = "harcov", version = VERSION, after_help = EXIT_CODES, max_term_width = 100)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What the arguments say of colour, which the streams have to know before they are understood.
pub(super) fn color(args: &[OsString]) -> ColorChoice {
    let mut args = args.iter().skip(1).take_while(|arg| *arg != "--");
    while let Some(arg) = args.next().map(|arg| arg.to_string_lossy()) {
        let said = match arg.strip_prefix("--color") {
            Some("") => args.next().map(|word| word.to_string_lossy()),
            Some(rest) => rest.strip_prefix('=').map(Into::into),
            None => None,
        };
        if let Some(choice) = said.and_then(|word| ColorChoice::from_str(&word, false).ok()) {
            return choice;
        }
    }
    ColorChoice::Auto
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(super) struct Common {
    /// The configuration; by default the harcov.toml of this folder or the nearest one above
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long, global = true, conflicts_with = "config")]
    pub(super) no_config: bool,
    /// The language of reports, whatever the configuration says
    #[arg(long, global = true, value_name = "LANG", value_parser = report_language())]
    lang: Option<Tongue>,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
}

/// What `--lang` may name: the language of reports or, for stubs, of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue {
    Report(Lang),
    Code(Language),
}

fn report_language() -> impl TypedValueParser<Value = Tongue> {
    EnumValueParser::<Lang>::new().map(Tongue::Report)
}

/// For the command whose `--lang` is one of code.
pub(super) fn code_language() -> impl TypedValueParser<Value = Tongue> {
    EnumValueParser::<Language>::new().map(Tongue::Code)
}

impl Common {
    /// The language of reports, if it is said.
    pub(super) fn lang(&self) -> Option<Lang> {
        match self.lang {
            Some(Tongue::Report(lang)) => Some(lang),
            Some(Tongue::Code(_)) | None => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the gap report: what is implemented, what is missing, what to build first
    Report(ReportArgs),
    /// Fail if the API is not covered as the project asks
    Check(CheckArgs),
    /// List the inferred routes with the evidence for each
    Routes(RoutesArgs),
    /// Find the endpoints in source code, and write or update the manifest
    Scan(ScanArgs),
    /// Tell how the captures use the API: steps, lineage, polls, states, roles, pages
    Flow(FlowArgs),
    /// Say which rule, route, manifest entry and priority reasons hold for a request
    Explain(ExplainArgs),
    /// Tell what new captures show that old ones do not, and the other way round
    Diff(DiffArgs),
    /// Write what captures show as a small file that can be given in place of them
    Inventory(InventoryArgs),
    /// Write a harcov.toml and a manifest.toml from captures
    Init(InitArgs),
    /// Show the HTML report on this machine, made anew as files change
    Serve(super::serve::ServeArgs),
    /// Write what was observed as OpenAPI, Postman collection, HTTP file or k6 script
    Export(ExportArgs),
    /// Write client stubs of endpoints, by default of the missing ones
    Stub(StubArgs),
    /// Write captures with secrets and personal data replaced, or check that they are
    Redact(super::redact::RedactArgs),
    /// Print a JSON Schema
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them into a folder
    Man(ManArgs),
}

/// What every command that reads captures takes.
#[derive(Debug, Args)]
pub(super) struct CaptureArgs {
    /// Captures: HAR files, inventories, folders of them, or `-`; by default those of the configuration
    #[arg(value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
    /// Compare with this manifest instead of the configuration's; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) manifest: Vec<PathBuf>,
    /// Count this host as the API's, instead of those configured or found; may be repeated
    #[arg(long, value_name = "HOST")]
    pub(super) host: Vec<String>,
    /// How parameters are written in routes; the ids in JSON and baselines keep `<id>`
    #[arg(long, value_name = "STYLE")]
    pub(super) param_style: Option<ParamStyle>,
    /// Go on, with exit code 0, if some captures cannot be read
    #[arg(long)]
    pub(super) keep_going: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
    /// Compare with this description of the API (OpenAPI, Postman, Insomnia, Bruno) instead of
    /// manifests; may be repeated
    #[arg(long, value_name = "FILE", conflicts_with = "manifest")]
    pub(super) against: Vec<PathBuf>,
    /// Tell what changed since an inventory, capture, folder, JSON report or baseline; with several,
    /// the trend too; may be repeated
    #[arg(long, value_name = "PAST")]
    pub(super) since: Vec<PathBuf>,
    /// Write a report: FORMAT is md, html, json, terminal, csv, junit, sarif, gitlab, github, summary,
    /// badge, badge-svg, template or inject; `-` is stdout; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub(super) report: Vec<Target>,
    /// Put the report between the lines `<!-- harcov:begin -->` and `<!-- harcov:end -->` of a
    /// Markdown file; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) inject: Vec<PathBuf>,
    /// A Tera template of your own for the format `template`, which stdout then gets by default, and
    /// for what is put into files
    #[arg(long, value_name = "FILE")]
    pub(super) template: Option<PathBuf>,
    #[command(flatten)]
    pub(super) page: super::page::PageArgs,
}

#[derive(Debug, Args)]
pub(super) struct RoutesArgs {
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
    /// The format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ListFormat,
    /// List each entry of the captures instead of each route
    #[arg(long)]
    pub(super) each_request: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The method
    #[arg(value_name = "METHOD")]
    pub(super) method: String,
    /// The URL or path of a request, or a route
    #[arg(value_name = "URL")]
    pub(super) url: String,
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Captures: HAR files, folders of them, or `-`
    #[arg(value_name = "CAPTURE", required = true)]
    pub(super) captures: Vec<PathBuf>,
    /// The folder to write into
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) dir: PathBuf,
    /// Overwrite files that are there
    #[arg(long)]
    pub(super) force: bool,
    /// Count this host as the API's, instead of those found; may be repeated
    #[arg(long, value_name = "HOST")]
    pub(super) host: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// What to describe
    #[arg(value_name = "NAME")]
    pub(super) name: SchemaName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaName {
    /// harcov.toml
    Config,
    /// The manifest
    Manifest,
    /// The JSON report
    Report,
    /// What `harcov flow --format json` writes
    Flow,
    /// An inventory
    Inventory,
    /// What `harcov check --format json` prints
    Check,
    /// The gaps that `harcov check` lets pass
    Baseline,
    /// The JSON diff
    Diff,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_known_before_anything_else() {
        let of = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(Into::into).collect();
            color(&args)
        };
        assert_eq!(of("harcov diff --color always a b"), ColorChoice::Always);
        assert_eq!(of("harcov --color=never diff"), ColorChoice::Never);
        assert_eq!(of("harcov --color auto report"), ColorChoice::Auto);
        for other in [
            "harcov",
            "harcov --color",
            "harcov --colors=always",
            "harcov diff a -- --color=always",
        ] {
            assert_eq!(of(other), ColorChoice::Auto, "{other}");
        }
    }
}
