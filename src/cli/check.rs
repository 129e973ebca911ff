//! `harcov check`: the gate.

use std::path::PathBuf;

use clap::Args;

use crate::assess::assess;
use crate::config::{Config, Deny, Limit, Location};
use crate::gate::{Rules, Verdict, check};
use crate::inventory::Rows;
use crate::locale::Arg;
use crate::render::{in_style, to_json, verdict_markdown, verdict_text};
use crate::report::{PlaceRow, Report};

use super::args::{CaptureArgs, Common, ListFormat};
use super::baseline::{self, Change};
use super::bound::{self, Bound};
use super::guard::Input;
use super::inputs::{self, Inputs};
use super::output::{self, Target, committed};
use super::page::PageArgs;
use super::places::folder_in_repository;
use super::produce::Producer;
use super::report::{injections, report_of};
use super::today::TodayArgs;
use super::{EXIT_FAILED, EXIT_OK, Failure, Io, stale};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) captures: CaptureArgs,
    /// Fail if less of the endpoints is implemented, in percent: `80`, `order=100` for a group,
    /// `high=100` for a priority; may be repeated
    #[arg(long, value_name = "[OF=]PCT", allow_negative_numbers = true, value_parser = bound::percent)]
    fail_under: Vec<Bound<f64>>,
    /// Fail if more endpoints are missing: `12`, `order=3` for a group, `high=0` for a priority; may be
    /// repeated
    #[arg(long, value_name = "[OF=]N", allow_negative_numbers = true, value_parser = bound::count)]
    max_missing: Vec<Bound<usize>>,
    /// Fail if there are any; may be repeated. By default new, unknown, unobserved and expired; with
    /// limits and no baseline only expired
    #[arg(long, value_name = "KIND")]
    deny: Vec<Deny>,
    /// The file of the gaps that are known and let pass
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the baseline anew from the gaps that there are, with the reasons of those that were known
    #[arg(long, conflicts_with = "prune_baseline")]
    update_baseline: bool,
    /// Take out of the baseline what is no gap any more; nothing is ever added
    #[arg(long)]
    prune_baseline: bool,
    /// Fail if this report is not what would be written now; FORMAT= where the name does not tell it;
    /// may be repeated
    #[arg(long, value_name = "[FORMAT=]FILE", value_parser = committed)]
    stale: Vec<Target>,
    /// Fail if the report between the markers of this Markdown file is stale; may be repeated
    #[arg(long, value_name = "FILE")]
    inject: Vec<PathBuf>,
    /// The Tera template of stale reports of the format `template`, and of what is put into files
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Write a report in which the gaps are the violations; as for `harcov report`
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<Target>,
    #[command(flatten)]
    page: PageArgs,
    /// The format of the verdict on stdout
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ListFormat,
    #[command(flatten)]
    today: TodayArgs,
}

/// Holds the report against what the project asks.
pub(super) fn run(common: &Common, args: &CheckArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    output::check_all(args.report.iter().map(|target| target.path.as_path()))?;
    let template = output::read_template(args.template.as_deref(), io)?;
    let inputs = inputs::read(common, &args.captures, Rows::None, io)?;
    if inputs.inventory.endpoints.is_empty() {
        return Err(Failure::new(
            "the gate cannot tell: no entry of the captures counts, so there is no endpoint to hold it against; `harcov routes --each-request` says why, and --host or `hosts` under [scope] names the API's host",
        ));
    }
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    let report = report_of(&inputs, &assessment);
    let rules = rules(args, &inputs.config, &report, io)?;
    let mut verdict = check(&report, &rules);
    if let Some(unnamed) = rules.only_named(&report) {
        let args = [("n", Arg::Count(unnamed))];
        io.note(&inputs.locale.format("gate.only-named", &args));
    }

    let folder = folder_in_repository(&inputs.config);
    let param_style = inputs.config.param_style;
    let producer = Producer::new(
        report.clone(),
        param_style,
        &folder,
        template.clone(),
        &args.page,
    )?;
    let stale = stale::violations(
        &committed_reports(args, &inputs)?,
        &producer,
        &inputs.config,
        inputs.locale,
    )?;
    verdict.passed &= stale.is_empty();
    verdict.violations.extend(stale);

    let shown = in_style(&verdict, param_style).map_err(|error| Failure::new(error.to_string()))?;
    let gaps = verdict
        .violations
        .iter()
        .map(|violation| violation.gap.clone());
    let failing = Report {
        gaps: gaps.collect(),
        ..report
    };
    let producer = Producer::new(failing, param_style, &folder, template, &args.page)?
        .headed(verdict_markdown(&shown));
    for target in &args.report {
        output::write(&target.path, &producer.text(target)?, io)?;
        for (path, text) in producer.beside(target)? {
            output::write(&path, text, io)?;
        }
    }
    tell(&verdict, &shown, args, io)?;
    Ok(match (inputs.exit, verdict.passed) {
        (EXIT_OK, false) => EXIT_FAILED,
        (exit, _) => exit,
    })
}

/// What is asked, with the baseline as it is after it was changed.
fn rules(
    args: &CheckArgs,
    config: &Config,
    report: &Report,
    io: &mut Io<'_>,
) -> Result<Rules, Failure> {
    let change = match (args.update_baseline, args.prune_baseline) {
        (true, _) => Change::Update,
        (_, true) => Change::Prune,
        _ => Change::None,
    };
    let file = baseline::file(args.baseline.as_ref(), config);
    if let Some(file) = &file {
        io.guard.reads(file, Input::Source);
    }
    let limits = bound::limits(config, report, &args.fail_under, &args.max_missing)?;
    let mut rules = Rules {
        limits: limits
            .into_iter()
            .map(|limit| {
                let place = place(&limit, config);
                (limit, place)
            })
            .collect(),
        deny: match args.deny.as_slice() {
            [] => config.gate.deny.clone(),
            deny => Some(deny.to_vec()),
        },
        baseline: baseline::load(file.as_deref(), change)?,
        today: args.today.or_clock(),
    };
    if let Some(known) = rules.baseline.clone() {
        let [gaps, all] = [rules.gaps(report), rules.all_gaps(report)];
        rules.baseline = Some(baseline::change(known, change, &gaps, &all, io)?);
    }
    Ok(rules)
}

/// Where a limit was written; for one of the command line, the top of the configuration, else of the
/// manifest.
fn place(limit: &Limit, config: &Config) -> Option<PlaceRow> {
    let top = || {
        let file = config.file.as_ref().or(config.manifests.first())?;
        Some(Location::file(file.display().to_string()))
    };
    let location = limit.location.clone().or_else(top)?;
    Some(PlaceRow::new(&location, config))
}

/// The reports that have to be fresh: those of the command line, or else of the configuration.
fn committed_reports(args: &CheckArgs, inputs: &Inputs) -> Result<Vec<Target>, Failure> {
    let mut targets = args.stale.clone();
    targets.extend(injections(&args.inject));
    if targets.is_empty() {
        targets = stale::configured(&inputs.config)?;
    }
    Ok(targets)
}

/// Prints the verdict, as data or as it is shown to people, beside a report on stdout to the other stream.
fn tell(
    verdict: &Verdict,
    shown: &Verdict,
    args: &CheckArgs,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    let text = match args.format {
        ListFormat::Json => to_json(verdict).map_err(|error| Failure::new(error.to_string()))?,
        ListFormat::Text => verdict_text(shown),
    };
    if args
        .report
        .iter()
        .any(|target| target.path.as_os_str() == "-")
    {
        io.note(text.trim_end());
    } else {
        io.out.write_all(text.as_bytes())?;
    }
    Ok(())
}
