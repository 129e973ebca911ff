//! The gaps that are known and let pass.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use crate::report::{GapRow, gap_fingerprint};
use crate::route::unnamed;
use crate::value::fingerprint;

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

    /// Whether a gap is one of these, at whatever time and with whatever parameters.
    pub fn knows(&self, gap: &GapRow) -> bool {
        self.entry(gap).is_some()
    }

    fn entry(&self, gap: &GapRow) -> Option<&Entry> {
        let names = names(gap);
        let mut entries = self.entries.iter();
        // What says the same by itself goes before what would say it today.
        let written = entries
            .clone()
            .find(|entry| names.contains(&entry.fingerprint));
        written.or_else(|| entries.find(|entry| entry.today().as_ref() == Some(&gap.fingerprint)))
    }

    /// The entries that none of all gaps has any more, whether the gate asks for it or not.
    pub fn unused(&self, gaps: &[GapRow]) -> impl Iterator<Item = &Entry> {
        let there = Named::new(gaps);
        let gone = move |entry: &&Entry| there.of(entry).is_none();
        self.entries.iter().filter(gone)
    }

    /// The gaps that are asked for as they are now, with the reasons and days of those that were known;
    /// then the known ones that nobody asks for this time, as long as they are among all gaps.
    pub fn updated(&self, gaps: &[GapRow], all: &[GapRow]) -> Baseline {
        let asked = Named::new(gaps);
        let others = self.pruned(all).entries.into_iter();
        let others = others.filter(|entry| asked.of(entry).is_none());
        let mut listed = HashSet::new();
        let gaps = gaps.iter().filter(|gap| listed.insert(&gap.fingerprint));
        let entries = gaps.map(|gap| {
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
            entries: entries.chain(others).collect(),
        }
    }

    /// What is left of it: no gap that is gone, and no parameter or value that is no longer beyond the
    /// manifest. Nothing is added.
    pub fn pruned(&self, gaps: &[GapRow]) -> Baseline {
        let there = Named::new(gaps);
        let entries = self.entries.iter().filter_map(|entry| {
            let gap = there.of(entry)?;
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

/// Gaps by all the fingerprints that they have had.
struct Named<'g>(HashMap<String, &'g GapRow>);

impl<'g> Named<'g> {
    fn new(gaps: &'g [GapRow]) -> Self {
        let of_each = gaps
            .iter()
            .flat_map(|gap| names(gap).into_iter().map(move |name| (name, gap)));
        Named(of_each.collect())
    }

    /// The gap that an entry is about.
    fn of(&self, entry: &Entry) -> Option<&'g GapRow> {
        let written = self.0.get(&entry.fingerprint);
        let gap = written.or_else(|| self.0.get(&entry.today()?));
        gap.copied()
    }
}

/// The fingerprints that a gap has had: files of earlier versions name it with the parameters of its
/// route, and such a route without the host that tells it from one whose parameters are called otherwise.
fn names(gap: &GapRow) -> Vec<String> {
    let id = gap.endpoint.as_deref().unwrap_or_default();
    let mut names = vec![gap.fingerprint.clone(), earlier(&gap.code, id)];
    let on_any_host = id.rsplit_once(" @").map(|(id, _)| id);
    if let Some(id) = on_any_host.filter(|id| unnamed(id) != **id) {
        names.push(earlier(&gap.code, id));
    }
    names
}

/// The fingerprint that earlier versions gave to the gap of an endpoint.
fn earlier(code: &str, endpoint: &str) -> String {
    fingerprint(&["gap", code, endpoint])
}

impl Entry {
    /// Today's fingerprint of one of an earlier version, if it says what it is about.
    fn today(&self) -> Option<String> {
        let (code, endpoint) = (self.code.as_ref()?, self.endpoint.as_ref()?);
        let old = self.fingerprint == earlier(code, endpoint);
        old.then(|| gap_fingerprint(code, endpoint))
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
        let known = Baseline::default().updated(&[gap("a", &["x", "y"])], &[]);
        let said = |subjects: &[&str]| known.of(&gap("a", subjects), "2026-01-01");
        assert!(matches!(said(&["y"]), Said::Known(_)));
        assert_eq!(said(&["y", "z"]), Said::Nothing);
        assert_eq!(known.of(&gap("b", &[]), "2026-01-01"), Said::Nothing);
    }

    #[test]
    fn a_day_is_the_last_one() {
        let mut known = Baseline::default().updated(&[gap("a", &[])], &[]);
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

    /// The gap of an endpoint, with today's fingerprint.
    fn gap_of(endpoint: &str) -> GapRow {
        GapRow {
            endpoint: Some(endpoint.to_owned()),
            fingerprint: gap_fingerprint("endpoint-partial", endpoint),
            ..gap("", &[])
        }
    }

    /// What an earlier version wrote of it.
    fn entry_before(endpoint: &str) -> Entry {
        let known = Baseline::default().updated(&[gap_of(endpoint)], &[]);
        Entry {
            fingerprint: earlier("endpoint-partial", endpoint),
            ..known.entries[0].clone()
        }
    }

    #[test]
    fn the_same_path_of_another_host_is_news() {
        let known = Baseline::default().updated(&[gap_of("GET /a/list")], &[]);
        let before = Baseline {
            entries: vec![entry_before("GET /a/list")],
            ..Baseline::default()
        };
        for known in [known, before] {
            assert!(known.knows(&gap_of("GET /a/list")));
            assert!(!known.knows(&gap_of("GET /a/list @other.example")));
        }
    }

    #[test]
    fn what_was_written_before_holds_for_its_own_endpoint() {
        let (one, other) = ("GET /items/<item_no>", "GET /items/<sku_id>");
        let before = Baseline {
            entries: vec![entry_before(one), entry_before(other)],
            ..Baseline::default()
        };
        // Parameters of one name since then.
        assert!(before.knows(&gap_of("GET /items/<item_id>")));
        // Told apart by their hosts since then.
        let now = [gap_of(&format!("{one} @a")), gap_of(&format!("{other} @b"))];
        assert_eq!(before.entry(&now[0]), Some(&before.entries[0]));
        assert_eq!(before.entry(&now[1]), Some(&before.entries[1]));
        assert_eq!(before.unused(&now).count(), 0);
        assert_eq!(before.pruned(&now), before);
        let updated = before.updated(&now, &now);
        let fingerprints = updated.entries.iter().map(|entry| &entry.fingerprint);
        assert!(fingerprints.eq(now.iter().map(|gap| &gap.fingerprint)));
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
            let known = Baseline::default().updated(&before, &before);
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
            let known = Baseline::default().updated(&before, &before).updated(&now, &now);
            for gap in &now {
                prop_assert!(matches!(known.of(gap, "2026-01-01"), Said::Known(_)));
            }
        }
    }
}
