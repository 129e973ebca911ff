//! The gaps that are known and let pass.

use std::path::PathBuf;

use crate::report::GapRow;

/// What a project knows to be open: gaps by fingerprint, each with a reason, some until a day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Baseline {
    /// The file it was read from.
    pub file: Option<PathBuf>,
    /// The gaps, in the order of the file.
    pub entries: Vec<Entry>,
}

/// One gap that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The gap's fingerprint.
    pub fingerprint: String,
    /// The gap's code; for readers.
    pub code: Option<String>,
    /// The endpoint; for readers.
    pub endpoint: Option<String>,
    /// The parameters and values of the gap that are known; others are news.
    pub subjects: Vec<String>,
    /// Why it may stay open.
    pub reason: Option<String>,
    /// The last day on which it may (`YYYY-MM-DD`).
    pub until: Option<String>,
}

/// What a baseline says of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// Nothing.
    Nothing,
    /// It is known, and may stay open.
    Known(&'a Entry),
    /// It was known until a day that has passed.
    Expired(&'a Entry),
}

impl Baseline {
    /// What is said of a gap on a day.
    pub(super) fn of(&self, gap: &GapRow, today: &str) -> Said<'_> {
        match self.entry(gap) {
            Some(entry) if entry.until.as_deref().is_some_and(|until| until < today) => {
                Said::Expired(entry)
            }
            Some(entry) if gap.subjects.iter().all(|s| entry.subjects.contains(s)) => {
                Said::Known(entry)
            }
            Some(_) | None => Said::Nothing,
        }
    }

    fn entry(&self, gap: &GapRow) -> Option<&Entry> {
        let of = |entry: &&Entry| entry.fingerprint == gap.fingerprint;
        self.entries.iter().find(of)
    }

    /// The entries that no gap has any more.
    pub fn unused<'a>(&'a self, gaps: &'a [GapRow]) -> impl Iterator<Item = &'a Entry> {
        self.entries
            .iter()
            .filter(|entry| gaps.iter().all(|gap| gap.fingerprint != entry.fingerprint))
    }

    /// All gaps as they are now, with the reasons and days of those that were known.
    pub fn updated(&self, gaps: &[GapRow]) -> Baseline {
        let entries = gaps.iter().map(|gap| {
            let known = self.entry(gap);
            Entry {
                fingerprint: gap.fingerprint.clone(),
                code: Some(gap.code.clone()),
                endpoint: gap.endpoint.clone(),
                subjects: gap.subjects.clone(),
                reason: known.and_then(|entry| entry.reason.clone()),
                until: known.and_then(|entry| entry.until.clone()),
            }
        });
        Baseline {
            file: self.file.clone(),
            entries: entries.collect(),
        }
    }

    /// What is left of it: no gap that is gone, and no parameter or value that is no longer beyond the
    /// manifest. Nothing is added.
    pub fn pruned(&self, gaps: &[GapRow]) -> Baseline {
        let entries = self.entries.iter().filter_map(|entry| {
            let gap = gaps
                .iter()
                .find(|gap| gap.fingerprint == entry.fingerprint)?;
            let mut kept = entry.clone();
            kept.subjects
                .retain(|subject| gap.subjects.contains(subject));
            Some(kept)
        });
        Baseline {
            file: self.file.clone(),
            entries: entries.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::Level;
    use crate::report::GapLevel;

    fn gap(fingerprint: &str, subjects: &[&str]) -> GapRow {
        GapRow {
            code: "endpoint-partial".to_owned(),
            level: GapLevel::Warning,
            priority: Level::Low,
            endpoint: Some(fingerprint.to_owned()),
            subjects: subjects.iter().map(ToString::to_string).collect(),
            fingerprint: fingerprint.to_owned(),
            title: String::new(),
            text: String::new(),
            remedy: String::new(),
            place: None,
        }
    }

    #[test]
    fn what_grows_is_no_longer_known() {
        let known = Baseline::default().updated(&[gap("a", &["x", "y"])]);
        let said = |subjects: &[&str]| known.of(&gap("a", subjects), "2026-01-01");
        assert!(matches!(said(&["y"]), Said::Known(_)));
        assert_eq!(said(&["y", "z"]), Said::Nothing);
        assert_eq!(known.of(&gap("b", &[]), "2026-01-01"), Said::Nothing);
    }

    #[test]
    fn a_day_is_the_last_one() {
        let mut known = Baseline::default().updated(&[gap("a", &[])]);
        known.entries[0].until = Some("2026-01-31".to_owned());
        assert!(matches!(
            known.of(&gap("a", &[]), "2026-01-31"),
            Said::Known(_)
        ));
        assert!(matches!(
            known.of(&gap("a", &[]), "2026-02-01"),
            Said::Expired(_)
        ));
    }

    fn gaps() -> impl Strategy<Value = Vec<GapRow>> {
        let subjects = prop::collection::btree_set("[x-z]", 0..3);
        prop::collection::btree_map("[a-e]", subjects, 0..5).prop_map(|gaps| {
            let one = |(name, subjects): (String, std::collections::BTreeSet<String>)| {
                gap(
                    &name,
                    &subjects.iter().map(String::as_str).collect::<Vec<_>>(),
                )
            };
            gaps.into_iter().map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn pruning_only_shrinks(before in gaps(), now in gaps()) {
            let known = Baseline::default().updated(&before);
            let pruned = known.pruned(&now);
            for entry in &pruned.entries {
                let was = known.entries.iter().find(|e| e.fingerprint == entry.fingerprint).unwrap();
                prop_assert!(entry.subjects.iter().all(|s| was.subjects.contains(s)));
            }
            prop_assert!(pruned.unused(&now).next().is_none());
            for gap in &now {
                let passes = |baseline: &Baseline| matches!(baseline.of(gap, "2026-01-01"), Said::Known(_));
                prop_assert_eq!(passes(&pruned), passes(&known));
            }
            prop_assert_eq!(pruned.pruned(&now), pruned);
        }

        #[test]
        fn what_was_updated_lets_everything_pass(before in gaps(), now in gaps()) {
            let known = Baseline::default().updated(&before).updated(&now);
            for gap in &now {
                prop_assert!(matches!(known.of(gap, "2026-01-01"), Said::Known(_)));
            }
        }
    }
}
