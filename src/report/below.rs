//! The same report with its files named from a folder further up.

use super::model::{PlaceRow, Report};

impl Report {
    /// Names the project's files from the folder that `folder` lies in: `manifest.toml` becomes
    /// `api/manifest.toml`. CI wants paths from the top of the repository.
    pub fn below(mut self, folder: &str) -> Self {
        if folder.is_empty() {
            return self;
        }
        let within = |file: &mut String| *file = format!("{folder}/{file}");
        let moved = |place: &mut Option<PlaceRow>| {
            if let Some(place) = place {
                within(&mut place.file);
            }
        };
        for gap in &mut self.gaps {
            moved(&mut gap.place);
        }
        for endpoint in &mut self.endpoints {
            moved(&mut endpoint.manifest);
            endpoint.evidence.iter_mut().for_each(within);
        }
        for capture in &mut self.captures {
            within(&mut capture.name);
        }
        self
    }
}
