//! `harcov diff`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::config::{ChangeLevel, Config};
use crate::diff::{self, Code, Diff, Level, Sides};
use crate::inventory::{Evidence, Rows};
use crate::locale::{Locale, visible};
use crate::render::{DiffFormat, in_style, render_diff};
use crate::route::ParamStyle;

use super::args::{CaptureArgs, Common};
use super::git::GitCall;
use super::places::folder_in_repository;
use super::scan;
use super::today::TodayArgs;
use super::{EXIT_FAILED, EXIT_OK, Failure, Io, inputs, output};

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The old and the new side: captures, inventories or folders of them; with `--` any number of
    /// old ones
    #[arg(value_name = "OLD NEW", required = true)]
    sides: Vec<PathBuf>,
    /// The new side behind `--`, if a side has several captures
    #[arg(value_name = "NEW", last = true)]
    new: Vec<PathBuf>,
    /// Take the arguments that Git gives a `diff.<driver>.command`
    #[arg(long, conflicts_with_all = ["new", "output", "report", "fail_on", "exit_code"])]
    git: bool,
    /// The format on stdout
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Form,
    /// Write to a file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write a diff: FORMAT is terminal, md, json, github or html; `-` is stdout; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<Target>,
    /// End with 1 if there is a change of this level or a higher one
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<FailOn>,
    /// End with 1 if there is any change, as `git diff` does
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    today: TodayArgs,
    /// Compare the status with this manifest instead of the configuration's; may be repeated
    #[arg(long, value_name = "FILE")]
    manifest: Vec<PathBuf>,
    /// Count this host as the API's, instead of those configured or found; may be repeated
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// How parameters are written in routes; the ids in JSON keep `<id>`
    #[arg(long, value_name = "STYLE")]
    param_style: Option<ParamStyle>,
    /// Go on, with exit code 0, if some captures cannot be read
    #[arg(long)]
    keep_going: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people at a terminal
    Terminal,
    /// Markdown that fits a comment of a pull request
    #[value(alias = "md")]
    Markdown,
    /// The diff as data
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// One page that needs nothing else
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Changes that break a client
    Breaking,
    /// These and those to look at
    Warning,
    /// Any change
    Info,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Breaking => Level::Breaking,
            FailOn::Warning => Level::Warning,
            FailOn::Info => Level::Info,
        }
    }
}

/// One output: a format and where it goes.
#[derive(Debug, Clone)]
struct Target {
    form: Form,
    path: PathBuf,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((word, path)) = text.split_once('=').filter(|(_, path)| !path.is_empty()) else {
            return Err("write FORMAT=PATH, such as html=diff.html".to_owned());
        };
        Ok(Target {
            form: Form::from_str(word, false).map_err(|_| {
                format!("no format is called `{word}`; there are terminal, md, json, github, html")
            })?,
            path: path.into(),
        })
    }
}

/// Tells what the new side shows that the old one does not, and the other way round.
pub(super) fn run(common: &Common, args: &DiffArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    if args.git {
        return for_git(common, args, io);
    }
    let targets = targets(args);
    output::check_all(targets.iter().map(|target| target.path.as_path()))?;
    let (old, new) = sides(args)?;
    let compared = compare(common, args, [old, new], io)?;
    for target in &targets {
        let text = compared.text(target.form, target.path.as_os_str() == "-", io)?;
        output::write(&target.path, &text, io)?;
    }
    let diff = &compared.diff;
    let fails = args.fail_on.is_some_and(|level| diff.reaches(level.into()));
    let differs = args.exit_code && !diff.changes.is_empty();
    Ok(compared.exit.max(if fails || differs {
        EXIT_FAILED
    } else {
        EXIT_OK
    }))
}

/// Tells Git about one file. What is wrong with a file is told in place of its changes, for Git would
/// end with it and show no other.
fn for_git(common: &Common, args: &DiffArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let Some(call) = GitCall::new(&args.sides)? else {
        return Ok(EXIT_OK);
    };
    let sides = [call.old, call.new].map(|side| side.map(std::slice::from_ref).unwrap_or_default());
    let told = compare(common, args, sides, io).and_then(|diff| diff.text(args.format, true, io));
    let text = told.unwrap_or_else(|failure| format!("{failure}\n"));
    let name = call.path.to_string_lossy();
    write!(io.out, "harcov diff {}\n{text}\n", visible(&name))?;
    Ok(EXIT_OK)
}

/// A diff, and what writing it needs.
struct Compared {
    diff: Diff,
    /// How parameters are written for people.
    style: ParamStyle,
    /// The folder of the configuration in the repository.
    folder: String,
    /// The exit code that the captures earn.
    exit: u8,
}

impl Compared {
    /// The diff in a format.
    fn text(&self, form: Form, on_stdout: bool, io: &Io<'_>) -> Result<String, Failure> {
        let format = match form {
            Form::Terminal => DiffFormat::Terminal {
                color: io.wants_color() && on_stdout,
            },
            Form::Markdown => DiffFormat::Markdown,
            Form::Json => DiffFormat::Json,
            Form::Github => DiffFormat::Github,
            Form::Html => DiffFormat::Html,
        };
        let text = match form {
            Form::Json => render_diff(&self.diff, format),
            Form::Github => in_style(&self.diff, self.style)
                .and_then(|diff| render_diff(&diff.into_owned().below(&self.folder), format)),
            _ => in_style(&self.diff, self.style).and_then(|diff| render_diff(&diff, format)),
        };
        text.map_err(|error| Failure::new(error.to_string()))
    }
}

/// Compares two sides; one without a path is empty.
fn compare(
    common: &Common,
    args: &DiffArgs,
    [old, new]: [&[PathBuf]; 2],
    io: &mut Io<'_>,
) -> Result<Compared, Failure> {
    let mut config = inputs::configured(common, &capture_args(args), io)?;
    check_codes(&config)?;
    let named = scan::take_sources(&mut config, &args.manifest);
    let mut manifest = inputs::load_manifest(&config, &named, io)?;
    let mut exit = EXIT_OK;
    let mut side = |paths: &[PathBuf], io: &mut Io<'_>| -> Result<Evidence, Failure> {
        if paths.is_empty() {
            return Ok(Evidence::default());
        }
        let (collected, code) =
            inputs::collect_from(&config, paths, Rows::None, args.keep_going, io)?;
        exit = exit.max(code);
        let evidence = inputs::fold(collected.parts)?;
        inputs::tell_problems(&evidence, io);
        Ok(evidence)
    };
    let (old, mut new) = (side(old, io)?, side(new, io)?);
    let hosts = Sides::moved_host(&old, &new, &config.scope);
    if let Some((old_host, new_host)) = &hosts {
        new = new.with_host(new_host, old_host);
    }
    let both = inputs::infer(&old.and(&new), &config, &mut manifest, io)?;
    scan::complete(&config, &both, &mut manifest, io)?;
    let sides = Sides::new(&both, &old, &new, hosts, &config, &manifest);
    let diff = diff::diff(&diff::Context {
        sides: &sides,
        config: &config,
        manifest: &manifest,
        today: args.today.said(),
        locale: Locale::new(inputs::language(&config)),
    });
    Ok(Compared {
        diff,
        style: config.param_style,
        folder: folder_in_repository(&config),
        exit,
    })
}

/// What was asked for, or the format on stdout.
fn targets(args: &DiffArgs) -> Vec<Target> {
    let mut targets = args.report.clone();
    if targets.is_empty() || args.output.is_some() {
        targets.push(Target {
            form: args.format,
            path: args.output.clone().unwrap_or_else(|| PathBuf::from("-")),
        });
    }
    targets
}

/// The paths of both sides.
fn sides(args: &DiffArgs) -> Result<(&[PathBuf], &[PathBuf]), Failure> {
    match (args.sides.as_slice(), args.new.as_slice()) {
        ([old, new], []) => Ok((std::slice::from_ref(old), std::slice::from_ref(new))),
        (old, new @ [_, ..]) => Ok((old, new)),
        (_, []) => Err(Failure::new(
            "name an old and a new side, `harcov diff OLD NEW`; several captures of a side are written `harcov diff OLD... -- NEW...`",
        )),
    }
}

/// What all commands over captures take.
fn capture_args(args: &DiffArgs) -> CaptureArgs {
    CaptureArgs {
        captures: Vec::new(),
        manifest: args.manifest.clone(),
        host: args.host.clone(),
        param_style: args.param_style,
        keep_going: args.keep_going,
    }
}

/// Refuses levels of codes that there are none of.
fn check_codes(config: &Config) -> Result<(), Failure> {
    let levels: &std::collections::BTreeMap<String, ChangeLevel> = &config.diff.levels;
    let known: Vec<String> = Code::all().map(Code::name).collect();
    let Some(unknown) = levels.keys().find(|code| !known.contains(code)) else {
        return Ok(());
    };
    let place = config
        .diff
        .levels_at
        .as_ref()
        .map_or_else(String::new, |place| format!("{place}: "));
    Err(Failure::new(format!(
        "{place}no change has the code `{unknown}`; there are {}",
        known.join(", ")
    )))
}
