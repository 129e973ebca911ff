//! The command line: arguments in, exit code out.
//!
//! [`run`] is the whole program with its streams passed in, so that tests run it in process;
//! [`main`] gives it the real ones.

mod args;
mod baseline;
mod bound;
mod check;
mod diff;
mod explain;
mod export;
mod flow;
mod git;
mod guard;
mod init;
mod inputs;
mod inventory;
mod io;
mod output;
mod page;
mod places;
mod produce;
mod progress;
mod redact;
mod report;
mod routes;
mod scan;
mod serve;
mod since;
mod stale;
mod support;
mod today;
mod wording;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;

use anstream::AutoStream;
use anstream::stream::RawStream;
use clap::{ColorChoice, CommandFactory, Parser};

use args::{Cli, Command};
pub use io::Io;

/// Everything went well.
pub const EXIT_OK: u8 = 0;
/// A gate failed, or a difference was found and asked for.
pub const EXIT_FAILED: u8 = 1;
/// An error: usage, configuration, or input that could not be read.
pub const EXIT_ERROR: u8 = 2;

/// An error that ends a command: what was wrong, where, and what to do, a line each.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Failure(message.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a stream broke because nobody reads it any more, which is no error.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Failure(String::new())
        } else {
            Failure(format!("cannot write the output: {error}"))
        }
    }
}

/// Runs harcov on the process's own arguments and streams.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let color = args::color(&args);
    let mut stdout = colored(std::io::stdout().lock(), color);
    let mut stderr = colored(std::io::stderr(), color);
    let mut io = Io::new(&mut stdout, &mut stderr);
    io.set_terminal(std::io::stderr().is_terminal());
    ExitCode::from(run(args, &mut io))
}

/// A stream that strips colour where it is not wanted: the option decides, else the environment and
/// whether it is a terminal.
fn colored<S: RawStream>(raw: S, color: ColorChoice) -> AutoStream<S> {
    let choice = match color {
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
        ColorChoice::Auto => AutoStream::choice(&raw),
    };
    AutoStream::new(raw, choice)
}

/// Runs harcov on the given arguments, the first of which is the program's name.
pub fn run(args: impl IntoIterator<Item = impl Into<OsString> + Clone>, io: &mut Io<'_>) -> u8 {
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    io.set_color(args::color(&args));
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            io.show_usage(&error);
            return if error.use_stderr() {
                EXIT_ERROR
            } else {
                EXIT_OK
            };
        }
    };
    io.set_quiet(cli.common.quiet);
    io.set_color(cli.common.color);
    match dispatch(cli, io) {
        Ok(code) => code,
        Err(failure) if failure.0.is_empty() => EXIT_OK,
        Err(failure) => {
            io.error(&failure.0);
            EXIT_ERROR
        }
    }
}

fn dispatch(cli: Cli, io: &mut Io<'_>) -> Result<u8, Failure> {
    let common = &cli.common;
    match cli.command {
        Command::Report(args) => report::run(common, &args, io),
        Command::Check(args) => check::run(common, &args, io),
        Command::Routes(args) => routes::run(common, &args, io),
        Command::Scan(args) => scan::run(common, &args, io),
        Command::Flow(args) => flow::run(common, &args, io),
        Command::Explain(args) => explain::run(common, &args, io),
        Command::Diff(args) => diff::run(common, &args, io),
        Command::Inventory(args) => inventory::run(common, &args, io),
        Command::Init(args) => init::run(common, &args, io),
        Command::Serve(args) => serve::run(common, &args, io),
        Command::Export(args) => export::export(common, &args, io),
        Command::Stub(args) => export::stub(common, &args, io),
        Command::Redact(args) => redact::run(common, &args, io),
        Command::Schema(args) => support::schema(&args, io),
        Command::Completions(args) => support::completions(&args, io),
        Command::Man(args) => support::man(&args, io),
    }
}

/// The command line's description, for completions, manual pages and tests.
pub fn command() -> clap::Command {
    Cli::command()
}
