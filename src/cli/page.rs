//! The HTML page on the command line: its options, and the files that it is made of.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::render::{Assets, Live, Page, SourceUrl, render_page, style};
use crate::report::Report;

use super::output;
use super::{Failure, Io};

/// Larger pages are slow to open, and code hosts no longer show them.
const LARGE: usize = 10_000_000;

/// How HTML reports are put together.
#[derive(Debug, Clone, Args)]
pub(super) struct PageArgs {
    /// Where an HTML report has its style sheet and script
    #[arg(long, value_name = "WHERE", default_value = "inline")]
    pub(super) html_assets: HtmlAssets,
    /// Link evidence in HTML reports to this address, with {path} and {line} filled in
    #[arg(long, value_name = "URL")]
    pub(super) source_url: Option<SourceUrl>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum HtmlAssets {
    /// In the page, which then is one file
    Inline,
    /// In files beside it, for hosts that forbid inline ones
    External,
}

impl PageArgs {
    /// The options for a page that lies at this path.
    pub(super) fn page(&self, path: &Path) -> Result<Page, Failure> {
        let assets = match self.html_assets {
            HtmlAssets::Inline => Assets::Inline,
            HtmlAssets::External => {
                let stem = path.file_stem().and_then(|stem| stem.to_str());
                let stem = stem.filter(|_| path.as_os_str() != "-").ok_or_else(|| {
                    Failure::new(
                        "`--html-assets external` writes files beside the report; name one with `--report html=FILE`",
                    )
                })?;
                Assets::Beside {
                    style: format!("{stem}.css"),
                    script: format!("{stem}.js"),
                }
            }
        };
        Ok(Page {
            assets,
            source_url: self.source_url.clone(),
            live: Live::Off,
        })
    }
}

impl PageArgs {
    /// The files that lie beside a page at this path, and what they hold.
    pub(super) fn beside(&self, path: &Path) -> Result<Vec<(PathBuf, &'static str)>, Failure> {
        let page = self.page(path)?;
        Ok(match &page.assets {
            Assets::Inline => Vec::new(),
            Assets::Beside {
                style: name,
                script: code,
            } => vec![
                (path.with_file_name(name), style()),
                (path.with_file_name(code), page.script()),
            ],
        })
    }
}

/// Writes the page and what lies beside it.
pub(super) fn write(
    args: &PageArgs,
    report: &Report,
    path: &Path,
    io: &mut Io<'_>,
) -> Result<(), Failure> {
    let page = args.page(path)?;
    let text = render_page(report, &page).map_err(|error| Failure::new(error.to_string()))?;
    if text.len() > LARGE {
        io.warn(&format!(
            "{} has {} MB; `--host` and `[scope]` in harcov.toml narrow what counts",
            path.display(),
            text.len() / 1_000_000,
        ));
    }
    output::write(path, &text, io)?;
    for (path, text) in args.beside(path)? {
        output::write(&path, text, io)?;
    }
    Ok(())
}
