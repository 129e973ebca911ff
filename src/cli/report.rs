//! `harcov report`.

use std::path::PathBuf;

use crate::assess::{Assessment, ModuleName, assess};
use crate::locale::Lang;
use crate::render::{Format, render, render_template};
use crate::report::{Context, Report, build};

use super::args::{Common, ReportArgs};
use super::inputs::{self, Inputs};
use super::output::{self, Target};
use super::{Failure, Io, page};

/// Writes the gap report.
pub(super) fn run(common: &Common, args: &ReportArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let targets = targets(args)?;
    for target in &targets {
        output::check_writable(&target.path)?;
    }
    let template = output::read_template(args.template.as_deref())?;
    let inputs = inputs::read_against(common, &args.captures, &args.against, io)?;
    let assessment = assess(&inputs.inventory, &inputs.config, &inputs.manifest);
    warn_of_modules(&assessment, io);
    let report = report_of(&inputs, &assessment);
    for target in &targets {
        let text = match (target.format, &template) {
            (Some(Format::Html), _) => {
                page::write(&args.page, &report, &target.path, io)?;
                continue;
            }
            (Some(format), _) => render(&report, format),
            (None, Some((name, text))) => render_template(&report, name, text),
            (None, None) => continue,
        };
        let text = text.map_err(|error| Failure::new(error.to_string()))?;
        output::write(&target.path, &text, io)?;
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
fn report_of(inputs: &Inputs, assessment: &Assessment) -> Report {
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
    let template = |target: &Target| target.format.is_none();
    if args.report.iter().any(template) && args.template.is_none() {
        return Err(Failure::new(
            "the format `template` needs a template; name it with --template FILE",
        ));
    }
    let mut targets = args.report.clone();
    let wanted = if args.template.is_some() {
        !targets.iter().any(template)
    } else {
        targets.is_empty()
    };
    if wanted {
        targets.push(Target {
            format: args.template.is_none().then_some(Format::Markdown),
            path: PathBuf::from("-"),
        });
    }
    Ok(targets)
}
