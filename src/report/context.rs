//! What a report is made from, and how it is put into words.

use std::path::Path;

use crate::assess::{Assessment, Reason};
use crate::config::{Config, Location, Prose};
use crate::inventory::Inventory;
use crate::locale::Locale;
use crate::manifest::Manifest;

use super::model::PlaceRow;

/// Everything that a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// What was observed.
    pub inventory: &'a Inventory,
    /// What is concluded of it.
    pub assessment: &'a Assessment,
    /// What the project says.
    pub config: &'a Config,
    /// What it claims.
    pub manifest: &'a Manifest,
    /// The language of the report.
    pub locale: &'static Locale,
}

impl Context<'_> {
    /// Prose of the user in the report's language.
    pub(super) fn prose(&self, prose: &Prose) -> String {
        prose.get(self.locale.lang()).to_owned()
    }

    /// A place in a file of the project.
    pub(super) fn place(&self, location: &Location) -> PlaceRow {
        PlaceRow::new(location, self.config)
    }

    /// A reason in words.
    pub(super) fn say(&self, reason: &Reason) -> String {
        self.locale.format(reason.key, &reason.args)
    }

    /// Several reasons in words.
    pub(super) fn say_all(&self, reasons: &[Reason]) -> Vec<String> {
        reasons.iter().map(|reason| self.say(reason)).collect()
    }
}

impl PlaceRow {
    /// A place in a file of the project, the same on every machine: relative to the configuration's
    /// folder, or the file's name alone where it lies elsewhere.
    pub fn new(location: &Location, config: &Config) -> Self {
        let file = Path::new(&location.file);
        let within = match file.strip_prefix(&config.root) {
            Ok(within) if within.is_relative() => within,
            _ => Path::new(file.file_name().unwrap_or_default()),
        };
        let parts: Vec<_> = within.iter().map(|part| part.to_string_lossy()).collect();
        PlaceRow {
            file: parts.join("/"),
            line: location.line.max(1),
        }
    }
}
