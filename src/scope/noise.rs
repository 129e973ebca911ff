//! The table of what is not API traffic.

use std::sync::OnceLock;

use foldhash::HashSet;
use serde::Deserialize;

/// The table `noise.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Noise {
    pub(super) asset_types: HashSet<String>,
    pub(super) script_types: HashSet<String>,
    pub(super) beacon_types: HashSet<String>,
    pub(super) call_types: HashSet<String>,
    pub(super) page_types: HashSet<String>,
    asset_media: Vec<String>,
    asset_endings: HashSet<String>,
    well_known: HashSet<String>,
    tracker_hosts: HashSet<String>,
    tracker_labels: HashSet<String>,
    tracker_words: Vec<String>,
    pub(super) call_headers: HashSet<String>,
    auth_schemes: HashSet<String>,
    pub(super) methods: HashSet<String>,
    pub(super) safe_methods: HashSet<String>,
}

/// Whether a path is one that every site is asked for.
pub(crate) fn is_well_known(path: &str) -> bool {
    Noise::built_in().is_well_known(path)
}

/// How sure it is that a host collects rather than serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tracker {
    /// Nothing says so.
    No,
    /// Its name sounds like it.
    Likely,
    /// It is a known one.
    Known,
}

impl Noise {
    pub(super) fn built_in() -> &'static Self {
        static NOISE: OnceLock<Noise> = OnceLock::new();
        NOISE.get_or_init(|| {
            #[expect(clippy::expect_used, reason = "the table is embedded and tested")]
            toml::from_str(include_str!("noise.toml")).expect("noise.toml is valid")
        })
    }

    /// The scheme that a header of credentials, its name in lower case, begins with, if it is a known one.
    pub(super) fn auth_scheme(&self, name: &str, value: &str) -> Option<&str> {
        if !matches!(name, "authorization" | "proxy-authorization") {
            return None;
        }
        let scheme = value.split_ascii_whitespace().next()?.to_ascii_lowercase();
        self.auth_schemes.get(&scheme).map(String::as_str)
    }

    /// Whether a content type, in lower case, is one of static assets.
    pub(super) fn is_asset_media(&self, media: &str) -> bool {
        self.asset_media
            .iter()
            .any(|prefix| media.starts_with(prefix.as_str()))
    }

    /// Whether a path ends like a static asset.
    pub(super) fn is_asset_path(&self, path: &str) -> bool {
        let lower = path.to_ascii_lowercase();
        let file = lower.rsplit('/').next().unwrap_or_default();
        let ending = file.rsplit_once('.').map(|(_, ending)| ending);
        ending.is_some_and(|ending| self.asset_endings.contains(ending))
    }

    /// Whether a path is one that every site is asked for.
    pub(super) fn is_well_known(&self, path: &str) -> bool {
        self.well_known.contains(path)
    }

    /// Whether a host (without a port) is one of analytics, advertising or telemetry.
    pub(super) fn tracker(&self, host: &str) -> Tracker {
        let mut rest = host;
        loop {
            if self.tracker_hosts.contains(rest) {
                return Tracker::Known;
            }
            match rest.split_once('.') {
                Some((_, parent)) => rest = parent,
                None => break,
            }
        }
        let first = host.split('.').next().unwrap_or_default();
        let named = self.tracker_labels.contains(first)
            || host
                .split('.')
                .any(|label| self.tracker_words.iter().any(|word| label.contains(word)));
        if named { Tracker::Likely } else { Tracker::No }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trackers_are_told_by_host() {
        let noise = Noise::built_in();
        assert_eq!(noise.tracker("www.google-analytics.com"), Tracker::Known);
        assert_eq!(noise.tracker("hm.baidu.com"), Tracker::Known);
        assert_eq!(noise.tracker("www.analytics-metrics.test"), Tracker::Likely);
        assert_eq!(noise.tracker("stats.example.org"), Tracker::Likely);
        assert_eq!(noise.tracker("api.example.org"), Tracker::No);
        assert_eq!(noise.tracker("baidu.com"), Tracker::No);
    }

    #[test]
    fn assets_are_told_by_path() {
        let noise = Noise::built_in();
        assert!(noise.is_asset_path("/static/app.3f2a.js"));
        assert!(!noise.is_asset_path("/api/v1.2/users"));
        assert!(!noise.is_asset_path("/js/"));
    }
}
