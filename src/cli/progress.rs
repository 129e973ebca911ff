//! A progress bar for work that takes a while, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::capture::Source;

/// Below this many bytes reading is over before a bar could be read.
const MIN_BYTES: u64 = 32 << 20;

/// The bar, or nothing.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    /// The capture that is being read, and the bytes of those before it.
    current: String,
    before: u64,
    in_current: u64,
}

impl Progress {
    /// A bar over the bytes of all sources, if it is wanted, all sizes are known and large.
    pub(super) fn new(sources: &[Source], wanted: bool) -> Self {
        let sizes: Option<u64> = sources.iter().map(Source::size).sum();
        let total = sizes.filter(|total| wanted && *total >= MIN_BYTES);
        Progress {
            bar: total.map(|total| {
                let target = ProgressDrawTarget::stderr_with_hz(10);
                let bar = ProgressBar::with_draw_target(Some(total), target);
                let template = "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
                bar.enable_steady_tick(Duration::from_millis(200));
                bar
            }),
            current: String::new(),
            before: 0,
            in_current: 0,
        }
    }

    /// So many bytes of a source have been read.
    pub(super) fn at(&mut self, source: &str, bytes: u64) {
        let Some(bar) = &self.bar else { return };
        if self.current != source {
            source.clone_into(&mut self.current);
            self.before += self.in_current;
        }
        self.in_current = bytes;
        bar.set_position(self.before + bytes);
    }
}

/// The bar leaves nothing behind.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
