//! Holds a report against the rules.

use crate::config::{Deny, Limit, Status};
use crate::locale::{Arg, Lang, Locale};
use crate::report::{EndpointRow, GapLevel, GapRow, PlaceRow, Report};

use super::baseline::{Baseline, Said};
use super::verdict::{CHECK_SCHEMA, KnownRow, LimitRow, Verdict, Violation};

/// What is denied where nothing is said.
const USUAL: [Deny; 4] = [Deny::New, Deny::Unknown, Deny::Unobserved, Deny::Expired];
/// Digits behind the point that a percentage is shown with at most, if fewer do not tell it apart.
const MAX_DIGITS: usize = 6;

/// What a project asks of its report.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The limits with where they were written; their groups are some of the report's.
    pub limits: Vec<(Limit, Option<PlaceRow>)>,
    /// What may not be there. Nothing said is the usual: new and unknown endpoints, entries never
    /// observed, and exclusions that are over; only the last with limits and no baseline.
    pub deny: Option<Vec<Deny>>,
    /// What is known.
    pub baseline: Option<Baseline>,
    /// The day that exclusions and the baseline are held against (`YYYY-MM-DD`).
    pub today: String,
}

impl Rules {
    fn denied(&self) -> &[Deny] {
        match &self.deny {
            Some(deny) => deny,
            None if self.limits.is_empty() || self.baseline.is_some() => &USUAL,
            None => &[Deny::Expired],
        }
    }

    fn denies(&self, code: &str) -> bool {
        self.denied().iter().any(|deny| code_of(*deny) == code)
    }

    /// How many endpoints are missing and pass because the manifest does not name them, if none is that it
    /// names: then `missing` is denied for nothing.
    pub fn only_named(&self, report: &Report) -> Option<usize> {
        let [missing, new] = [Deny::Missing, Deny::New].map(code_of);
        let count = |code: &str| report.gaps.iter().filter(|gap| gap.code == code).count();
        let denied = self.denies(missing) && !self.denies(new);
        (denied && count(missing) == 0 && count(new) > 0).then(|| count(new))
    }

    /// Every gap that a baseline can hold: what is denied, and what limits count.
    pub fn gaps(&self, report: &Report) -> Vec<GapRow> {
        let counts = self
            .limits
            .iter()
            .any(|(limit, _)| limit.max_missing.is_some());
        let wanted = |gap: &GapRow| self.denies(&gap.code) || (counts && is_missing(&gap.code));
        self.all_gaps(report).into_iter().filter(wanted).collect()
    }

    /// Every gap that a baseline may have held, whatever is asked for this time.
    pub fn all_gaps(&self, report: &Report) -> Vec<GapRow> {
        let mut gaps = report.gaps.clone();
        gaps.extend(self.expired(report));
        gaps
    }

    /// Exclusions that are over.
    fn expired(&self, report: &Report) -> Vec<GapRow> {
        let locale = Locale::new(Lang::of_tag(&report.lang));
        let over = |row: &&EndpointRow| {
            let until = row.exclusion.as_ref().and_then(|e| e.until.as_deref());
            until.is_some_and(|until| until < self.today.as_str())
        };
        let rows = report.endpoints.iter().filter(over);
        rows.map(|row| {
            let place = row.manifest.clone();
            let code = code_of(Deny::Expired);
            GapRow::of_endpoint(locale, code, row, Vec::new(), place, false)
        })
        .collect()
    }

    fn said(&self, gap: &GapRow) -> Said<'_> {
        match &self.baseline {
            Some(baseline) => baseline.of(gap, &self.today),
            None => Said::Nothing,
        }
    }

    fn is_known(&self, gap: &GapRow) -> bool {
        matches!(self.said(gap), Said::Known(_))
    }
}

/// Holds a report against the rules.
pub fn check(report: &Report, rules: &Rules) -> Verdict {
    let gaps = rules.gaps(report);
    let (limits, mut violations) = limits(report, rules);
    let mut known = Vec::new();
    for gap in &gaps {
        match rules.said(gap) {
            Said::Known(entry) => known.push(KnownRow::new(gap, entry)),
            Said::Expired(entry) if rules.denies(&gap.code) => {
                violations.push(Violation::expired(failing(gap), entry));
            }
            Said::Nothing if rules.denies(&gap.code) => {
                violations.push(Violation::new(failing(gap)));
            }
            Said::Expired(_) | Said::Nothing => {}
        }
    }
    let unused = rules.baseline.as_ref();
    let all = rules.all_gaps(report);
    let unused = unused.map_or_else(Vec::new, |baseline| {
        let entries = baseline.unused(&all);
        entries.map(|entry| entry.fingerprint.clone()).collect()
    });
    Verdict {
        schema: CHECK_SCHEMA.to_owned(),
        lang: report.lang.clone(),
        generator: report.generator.clone(),
        passed: violations.is_empty(),
        coverage: report.coverage.clone(),
        limits,
        violations,
        known,
        unused,
    }
}

/// The same gap as an error: the gate asks for it.
fn failing(gap: &GapRow) -> GapRow {
    GapRow {
        level: GapLevel::Error,
        ..gap.clone()
    }
}

fn code_of(deny: Deny) -> &'static str {
    match deny {
        Deny::New => "endpoint-new",
        Deny::Missing => "endpoint-missing",
        Deny::Partial => "endpoint-partial",
        Deny::Unknown => "endpoint-unknown",
        Deny::Unobserved => "endpoint-unobserved",
        Deny::Expired => "exclusion-expired",
    }
}

fn is_missing(code: &str) -> bool {
    [Deny::New, Deny::Missing].map(code_of).contains(&code)
}

/// How each limit stands, and those that do not hold.
fn limits(report: &Report, rules: &Rules) -> (Vec<LimitRow>, Vec<Violation>) {
    let locale = Locale::new(Lang::of_tag(&report.lang));
    let mut rows = Vec::new();
    let mut violations = Vec::new();
    for (limit, place) in &rules.limits {
        let row = count(report, rules, limit);
        let name = Arg::Text(subject(report, limit, locale));
        let key = format!(
            "{}/{}",
            limit.group.as_deref().unwrap_or("*"),
            limit.priority.map_or("*", |level| level.name())
        );
        if let Some(wanted) = limit.fail_under.filter(|wanted| row.is_under(*wanted)) {
            let percent = row.percent.map(|_| told_apart(row.exact(), wanted));
            let percent = percent.unwrap_or_else(|| "-".to_owned());
            let args = [
                ("subject", name.clone()),
                ("n", Arg::Count(row.implemented)),
                ("total", Arg::Count(row.total)),
                ("percent", Arg::Text(percent)),
                ("wanted", Arg::Text(format!("{wanted}%"))),
            ];
            let gap = GapRow::of_rule(locale, "coverage-low", &key, &args, place.clone());
            violations.push(Violation::new(gap));
        }
        if let Some(allowed) = limit.max_missing.filter(|allowed| row.counted() > *allowed) {
            let args = [
                ("subject", name),
                ("n", Arg::Count(row.counted())),
                ("allowed", Arg::Count(allowed)),
            ];
            let gap = GapRow::of_rule(locale, "missing-many", &key, &args, place.clone());
            violations.push(Violation::new(gap));
        }
        rows.push(row);
    }
    (rows, violations)
}

/// A percentage below the one that is wanted, with as many digits as show that it is.
fn told_apart(percent: f64, wanted: f64) -> String {
    let texts = (1..=MAX_DIGITS).map(|digits| format!("{percent:.digits$}"));
    let below = |text: &String| text.parse().is_ok_and(|shown: f64| shown < wanted);
    let text = texts.into_iter().find(below);
    format!("{}%", text.unwrap_or_else(|| percent.to_string()))
}

/// Counts what a limit is for.
fn count(report: &Report, rules: &Rules, limit: &Limit) -> LimitRow {
    let is_for = |row: &&EndpointRow| {
        limit.group.as_ref().is_none_or(|group| row.group == *group)
            && limit
                .priority
                .is_none_or(|level| row.priority.importance == level)
    };
    let mut counted = LimitRow {
        group: limit.group.clone(),
        priority: limit.priority,
        fail_under: limit.fail_under,
        max_missing: limit.max_missing,
        ..LimitRow::default()
    };
    for row in report.endpoints.iter().filter(is_for) {
        match row.status {
            Status::Implemented => counted.implemented += 1,
            Status::Missing => {
                counted.missing += 1;
                let gaps = report.gaps.iter();
                let mut gaps = gaps.filter(|gap| gap.endpoint.as_ref() == Some(&row.id));
                counted.known += usize::from(gaps.any(|gap| rules.is_known(gap)));
            }
            Status::Partial | Status::Unknown => {}
            Status::Excluded | Status::Unobserved => continue,
        }
        counted.total += 1;
    }
    counted.finish()
}

/// What a limit is for, in words.
fn subject(report: &Report, limit: &Limit, locale: &Locale) -> String {
    let group = limit.group.as_ref().map(|name| {
        let known = report.groups.iter().find(|group| group.name == *name);
        known.map_or_else(|| name.clone(), |group| group.title.clone())
    });
    let level = limit.priority.map(|level| {
        let level = locale.get(&format!("level.{}", level.name())).to_owned();
        locale.format("gate.priority", &[("level", Arg::Text(level))])
    });
    let parts: Vec<String> = group.into_iter().chain(level).collect();
    if parts.is_empty() {
        locale.get("gate.all").to_owned()
    } else {
        parts.join(locale.get("list.separator"))
    }
}

#[cfg(test)]
mod tests {
    use super::told_apart;

    #[test]
    fn a_percentage_shows_that_it_is_too_low() {
        assert_eq!(told_apart(43.75, 50.0), "43.8%");
        assert_eq!(told_apart(43.75, 43.8), "43.75%");
        assert_eq!(told_apart(200.0 / 3.0, 66.67), "66.667%");
        assert_eq!(told_apart(99.999_999_9, 100.0), "99.9999999%");
    }
}
