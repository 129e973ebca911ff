//! The file of a baseline.

use std::collections::BTreeSet;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::config::check::Checks;
use crate::config::forms::{Day, OneOrMany};
use crate::config::source::Source;
use crate::config::write::text::{TomlText, string, strings};
use crate::config::{Diagnostics, document};

use super::baseline::{Baseline, Entry};

const HEAD: &str = "The gaps that are known and that `harcov check` lets pass.
`harcov check --update-baseline` writes this file and keeps `reason` and `until`, the last day on which a
gap may stay open; `--prune-baseline` takes out what is gone.";

/// The gaps that are known and that `harcov check` lets pass.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "harcov baseline")]
struct RawBaseline {
    /// The gaps.
    #[serde(default)]
    #[schemars(with = "Vec<RawEntry>")]
    gap: Vec<Spanned<RawEntry>>,
}

/// One gap that is known.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "KnownGap")]
struct RawEntry {
    /// The gap's fingerprint: twelve hexadecimal digits.
    #[schemars(with = "String")]
    fingerprint: Spanned<String>,
    /// The gap's code; for readers.
    code: Option<String>,
    /// The endpoint; for readers.
    endpoint: Option<String>,
    /// The parameters and values that are known not to be in the manifest; others are news.
    #[serde(default)]
    subjects: OneOrMany,
    /// Why it may stay open.
    reason: Option<String>,
    /// The last day on which it may (`YYYY-MM-DD`).
    #[schemars(with = "Option<Day>")]
    until: Option<Spanned<Day>>,
}

/// Reads the text of a baseline; `file` names it in messages.
///
/// ```
/// use std::path::Path;
///
/// let text = "[[gap]]\nfingerprint = 'f5db962866d7'\nreason = 'Paid at the counter.'\n";
/// let baseline = harcov::gate::parse(text, Path::new("baseline.toml")).unwrap();
/// assert_eq!(baseline.entries.len(), 1);
/// ```
///
/// # Errors
/// All problems of the file.
pub fn parse(text: &str, file: &Path) -> Result<Baseline, Diagnostics> {
    let source = Source::new(text, file);
    let (raw, problems) = document::read::<RawBaseline>(&source);
    let mut checks = Checks::new(&source, problems);
    let baseline = raw.map(|raw| Baseline {
        file: Some(file.to_owned()),
        entries: entries(raw, &mut checks),
    });
    checks.finish(baseline).map(|(baseline, _)| baseline)
}

/// The JSON Schema (draft 2020-12) of a baseline.
pub fn schema() -> Value {
    crate::config::schema::of::<RawBaseline>()
}

fn entries(raw: RawBaseline, checks: &mut Checks<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut listed: BTreeSet<String> = BTreeSet::new();
    for written in raw.gap {
        let raw = written.into_inner();
        let span = raw.fingerprint.span();
        let fingerprint = raw.fingerprint.into_inner();
        let is_one = fingerprint.len() == 12 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_one {
            let remedy = "copy it from what `harcov check` says";
            checks.error(&span, "a fingerprint has twelve hexadecimal digits", remedy);
        } else if !listed.insert(fingerprint.clone()) {
            checks.error(&span, "the gap is listed twice", "keep one of them");
        }
        let entry = Entry {
            fingerprint,
            code: raw.code,
            endpoint: raw.endpoint,
            subjects: raw.subjects.into_strings(),
            reason: raw.reason,
            until: raw.until.and_then(|until| checks.day(&until)),
        };
        entries.push(entry);
    }
    entries
}

impl Baseline {
    /// The file's text.
    pub fn to_toml(&self) -> String {
        let mut text = TomlText::default();
        text.comment(HEAD);
        for entry in &self.entries {
            let said = |text: &Option<String>| text.as_deref().map(string);
            let subjects = (!entry.subjects.is_empty()).then(|| strings(&entry.subjects));
            let keys = [
                ("fingerprint", Some(string(&entry.fingerprint))),
                ("code", said(&entry.code)),
                ("endpoint", said(&entry.endpoint)),
                ("subjects", subjects),
                ("reason", said(&entry.reason)),
                ("until", entry.until.clone()),
            ];
            let pairs: Vec<(&str, String)> = keys
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)))
                .collect();
            text.table("[[gap]]", &pairs);
        }
        text.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let entry = |fingerprint: &str| Entry {
            fingerprint: fingerprint.to_owned(),
            code: Some("endpoint-new".to_owned()),
            endpoint: Some("GET /a\"\n[[gap]]\u{202e}".to_owned()),
            subjects: vec!["a'b".to_owned(), "c=d".to_owned()],
            reason: Some("券 \\ \"x\"".to_owned()),
            until: Some("2026-12-31".to_owned()),
        };
        let bare = Entry {
            code: None,
            endpoint: None,
            subjects: Vec::new(),
            reason: None,
            until: None,
            ..entry("00000000000b")
        };
        let file = Path::new("b.toml");
        let baseline = Baseline {
            file: Some(file.to_owned()),
            entries: vec![entry("0123456789ab"), bare],
        };
        assert_eq!(parse(&baseline.to_toml(), file).unwrap(), baseline);
    }

    #[test]
    fn problems_are_told_with_their_places() {
        let text = "[[gap]]\nfingerprint = 'x'\nuntil = 'soon'\n[[gap]]\nfingerprint = '0123456789ab'\n[[gap]]\nfingerprint = '0123456789ab'\nwhy = ''\n";
        let told = parse(text, Path::new("b.toml")).unwrap_err().to_string();
        let lines: Vec<&str> = told
            .lines()
            .filter(|line| line.starts_with("b.toml"))
            .collect();
        assert_eq!(
            lines,
            [
                "b.toml:2:15: a fingerprint has twelve hexadecimal digits; copy it from what `harcov check` says",
                "b.toml:3:9: `soon` is no date; write it as `2026-01-31`",
                "b.toml:7:15: the gap is listed twice; keep one of them",
                "b.toml:8:1: unknown key `why` in [[gap]]; the keys are `code`, `endpoint`, `fingerprint`, `reason`, `subjects` and `until`",
            ]
        );
    }
}
