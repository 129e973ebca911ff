//! The texts of outputs: formats, the user's template, and what is put into a document.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::render::{Format, in_style, inject, render, render_page, render_template};
use crate::report::Report;
use crate::route::ParamStyle;

use super::Failure;
use super::output::{Output, Target};
use super::page::PageArgs;

/// What outputs are made from.
pub(super) struct Producer {
    /// As data.
    report: Report,
    /// The same for people, with endpoints in the project's style where that is another one.
    restyled: Option<Report>,
    /// The same with the project's files named from the top of the repository.
    placed: Report,
    /// The user's template with the name that messages show.
    template: Option<(String, String)>,
    page: PageArgs,
    /// What stands above a summary.
    heading: String,
}

impl Producer {
    /// Of a report whose files lie in a folder of the repository, for a project that writes parameters in a
    /// style.
    pub(super) fn new(
        report: Report,
        style: ParamStyle,
        folder: &str,
        template: Option<(String, String)>,
        page: &PageArgs,
    ) -> Result<Self, Failure> {
        let shown = in_style(&report, style).map_err(|error| Failure::new(error.to_string()))?;
        let placed = shown.clone().into_owned().below(folder);
        let restyled = match shown {
            Cow::Owned(shown) => Some(shown),
            Cow::Borrowed(_) => None,
        };
        Ok(Producer {
            placed,
            report,
            restyled,
            template,
            page: page.clone(),
            heading: String::new(),
        })
    }

    /// The report for people.
    pub(super) fn shown(&self) -> &Report {
        self.restyled.as_ref().unwrap_or(&self.report)
    }

    /// With Markdown above what goes into a step's summary.
    pub(super) fn headed(mut self, markdown: String) -> Self {
        self.heading = markdown;
        self
    }

    /// The text that an output is to hold.
    pub(super) fn text(&self, target: &Target) -> Result<String, Failure> {
        match target.output {
            Output::Format(Format::Summary) => Ok(format!(
                "{}{}",
                self.heading,
                self.rendered(Format::Summary)?
            )),
            Output::Format(Format::Html) => {
                let page = self.page.page(&target.path)?;
                render_page(self.shown(), &page).map_err(|error| Failure::new(error.to_string()))
            }
            Output::Format(format) => self.rendered(format),
            Output::Template => self.templated(),
            Output::Inject => self.injected(&target.path),
        }
    }

    /// The files that belong to an output and lie beside it, and what they are to hold.
    pub(super) fn beside(&self, target: &Target) -> Result<Vec<(PathBuf, &'static str)>, Failure> {
        match target.output {
            Output::Format(Format::Html) => self.page.beside(&target.path),
            _ => Ok(Vec::new()),
        }
    }

    fn rendered(&self, format: Format) -> Result<String, Failure> {
        let report = if format.has_places() {
            &self.placed
        } else if format == Format::Json {
            &self.report
        } else {
            self.shown()
        };
        render(report, format).map_err(|error| Failure::new(error.to_string()))
    }

    fn templated(&self) -> Result<String, Failure> {
        let Some((name, text)) = &self.template else {
            return Err(Failure::new(
                "the format `template` needs a template; name it with --template FILE",
            ));
        };
        render_template(self.shown(), name, text).map_err(|error| Failure::new(error.to_string()))
    }

    /// The document with the template's text, or else the Markdown report, between its markers.
    fn injected(&self, path: &Path) -> Result<String, Failure> {
        let shown = path.display();
        let document = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(format!(
                "cannot read {shown}: {error}; a report is put into a file that is there"
            ))
        })?;
        let markdown = match self.template {
            Some(_) => self.templated()?,
            None => self.rendered(Format::Markdown)?,
        };
        inject(&document, &markdown)
            .map_err(|error| Failure::new(format!("cannot put the report into {shown}: {error}")))
    }
}
