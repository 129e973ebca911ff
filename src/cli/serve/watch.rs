//! Notices that a file which the report is made from has changed.
//!
//! Files are looked at again and again: that works on every system and file system, and costs
//! nothing that could be felt for the number of captures that a project has.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::capture::find;
use crate::cli::args::{CaptureArgs, Common};
use crate::config;

/// Sizes and times of files; what is not there has none.
type Looks = Vec<(PathBuf, Option<(u64, Option<SystemTime>)>)>;

/// Watches the files of a command's arguments.
pub(super) struct Watch {
    config: Option<PathBuf>,
    discovers: bool,
    captures: Vec<PathBuf>,
    manifests: Vec<PathBuf>,
    /// What the report is compared with: captures, reports, baselines.
    pasts: Vec<PathBuf>,
    /// What the last report was made from, and what was seen since.
    made_from: Looks,
    last: Looks,
}

impl Watch {
    pub(super) fn new(common: &Common, args: &CaptureArgs, pasts: &[PathBuf]) -> Self {
        let mut watch = Watch {
            config: common.config.clone(),
            discovers: common.config.is_none() && !common.no_config,
            captures: args.captures.clone(),
            manifests: args.manifest.clone(),
            pasts: pasts.to_owned(),
            made_from: Looks::new(),
            last: Looks::new(),
        };
        watch.made_from = watch.look();
        watch.last.clone_from(&watch.made_from);
        watch
    }

    /// Whether something has changed since a report was last made and is no longer being written;
    /// true once for each change.
    pub(super) fn settled_anew(&mut self) -> bool {
        let now = self.look();
        let settled = now == self.last && now != self.made_from;
        if settled {
            self.made_from.clone_from(&now);
        }
        self.last = now;
        settled
    }

    fn look(&self) -> Looks {
        let found = || config::discover(Path::new("."));
        let config = self.config.clone().or_else(|| self.discovers.then(found)?);
        // A configuration that cannot be read names nothing; it is watched itself.
        let known = config.as_ref().and_then(|file| config::load(file).ok());
        let pick = |named: &Vec<PathBuf>, of: fn(&config::Config) -> &Vec<PathBuf>| {
            if named.is_empty() {
                known
                    .as_ref()
                    .map(|known| of(known).clone())
                    .unwrap_or_default()
            } else {
                named.clone()
            }
        };
        let mut files: Vec<PathBuf> = config.iter().cloned().collect();
        files.extend(pick(&self.manifests, |config| &config.manifests));
        let captures = pick(&self.captures, |config| &config.captures);
        for path in captures.into_iter().chain(self.pasts.clone()) {
            let sources = find(std::slice::from_ref(&path)).unwrap_or_default();
            files.extend(
                sources
                    .iter()
                    .filter_map(|source| Some(source.path()?.to_owned())),
            );
            files.push(path);
        }
        files
            .into_iter()
            .map(|file| (look_at(&file), file))
            .map(|(look, file)| (file, look))
            .collect()
    }
}

fn look_at(file: &Path) -> Option<(u64, Option<SystemTime>)> {
    let known = file.metadata().ok()?;
    // A folder's own time changes with files that are no captures.
    Some(if known.is_dir() {
        (0, None)
    } else {
        (known.len(), known.modified().ok())
    })
}
