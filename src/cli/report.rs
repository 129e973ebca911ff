//! `harcov report`.

use std::path::PathBuf;

use crate::assess::{Assessment, ModuleName, assess};
use crate::locale::Lang;
use crate::render::Format;
use crate::report::{Context, Report, build};

use super::args::{Common, ReportArgs};
use super::inputs::{self, Inputs};
use super::output::{self, Output, Target};
use super::places::folder_in_repository;
use super::produce::Producer;
use super::{Failure, Io, page, since};

/// Writes the gap report.
pub(super) fn run(common: &Common, args: &ReportArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let targets = targets(args)?;
    output::check_all(targets.iter().map(|target| target.path.as_path()))?;
    let template = output::read_template(args.template.as_deref(), io)?;
    let inputs = inputs::read_against(common, &args.captures, &args.against, io)?;
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    warn_of_modules(&assessment, io);
    let mut report = report_of(&inputs, &assessment);
    if !args.since.is_empty() {
        report.since = Some(since::row(&args.since, &inputs, &report, io)?);
    }
    let folder = folder_in_repository(&inputs.config);
    let producer = Producer::new(
        report.clone(),
        inputs.config.param_style,
        &folder,
        template,
        &args.page,
    )?;
    for target in &targets {
        if target.output == Output::Format(Format::Html) {
            page::write(&args.page, producer.shown(), &target.path, io)?;
            continue;
        }
        output::write(&target.path, &producer.text(target)?, io)?;
    }
    Ok(inputs.exit)
}

/// Warns of modules whose patterns match nothing, most likely by a mistake in writing.
fn warn_of_modules(assessment: &Assessment, io: &mut Io<'_>) {
    for module in &assessment.modules {
        let (ModuleName::Declared(name), Some(location)) = (&module.name, &module.location) else {
            continue;
        };
        if module.endpoints.is_empty() && module.unobserved.is_empty() {
            io.warn(&format!(
                "{location}: the module `{}` names no endpoint of the captures or the manifest; check its patterns with `harcov routes`",
                name.get(Lang::En),
            ));
        }
    }
}

/// Puts the assessment of the inputs into words.
pub(super) fn report_of(inputs: &Inputs, assessment: &Assessment) -> Report {
    build(&Context {
        inventory: &inputs.inventory,
        assessment,
        config: &inputs.config,
        manifest: &inputs.manifest,
        locale: inputs.locale,
    })
}

/// What was asked for, or Markdown (with a template: its result) on stdout.
fn targets(args: &ReportArgs) -> Result<Vec<Target>, Failure> {
    let mut targets = args.report.clone();
    targets.extend(injections(&args.inject));
    let uses_template =
        |target: &Target| matches!(target.output, Output::Template | Output::Inject);
    if args.report.iter().any(|t| t.output == Output::Template) && args.template.is_none() {
        return Err(Failure::new(
            "the format `template` needs a template; name it with --template FILE",
        ));
    }
    let (wanted, output) = match args.template {
        Some(_) => (!targets.iter().any(uses_template), Output::Template),
        None => (targets.is_empty(), Output::Format(Format::Markdown)),
    };
    if wanted {
        targets.push(Target {
            output,
            path: PathBuf::from("-"),
        });
    }
    Ok(targets)
}

/// Documents that the report is put into.
pub(super) fn injections(files: &[PathBuf]) -> impl Iterator<Item = Target> {
    files.iter().map(|path| Target {
        output: Output::Inject,
        path: path.clone(),
    })
}
