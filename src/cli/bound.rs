//! Limits on the command line: `80`, `order=100`, `high=0`.

use std::str::FromStr;

use crate::config::{Config, Level, Limit};
use crate::report::Report;

use super::Failure;

/// A number, for all endpoints or for some.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bound<T> {
    of: Option<String>,
    number: T,
}

/// A percentage with what it is for.
pub(super) fn percent(text: &str) -> Result<Bound<f64>, String> {
    let bound: Bound<f64> = parse(text)?;
    if (0.0..=100.0).contains(&bound.number) {
        Ok(bound)
    } else {
        Err("write a percentage from 0 to 100".to_owned())
    }
}

/// A count with what it is for.
pub(super) fn count(text: &str) -> Result<Bound<usize>, String> {
    parse(text)
}

fn parse<T: FromStr>(text: &str) -> Result<Bound<T>, String> {
    let (of, number) = match text.rsplit_once('=') {
        Some((of, number)) => (Some(of.to_owned()), number),
        None => (None, text),
    };
    let number = number.trim_end_matches('%').parse();
    let number = number.map_err(|_| {
        "write a number, or the name of a group or priority and a number: `order=90`".to_owned()
    })?;
    Ok(Bound { of, number })
}

/// The limits of the configuration with those of the command line, which win.
pub(super) fn limits(
    config: &Config,
    report: &Report,
    percents: &[Bound<f64>],
    counts: &[Bound<usize>],
) -> Result<Vec<Limit>, Failure> {
    let mut limits = config.gate.limits.clone();
    for bound in percents {
        of(bound.of.as_deref(), report, &mut limits)?.fail_under = Some(bound.number);
    }
    for bound in counts {
        of(bound.of.as_deref(), report, &mut limits)?.max_missing = Some(bound.number);
    }
    for limit in &limits {
        if let Some(group) = limit
            .group
            .as_deref()
            .filter(|name| !has_group(report, name))
        {
            return Err(unknown(group, report));
        }
    }
    Ok(limits)
}

/// The limit for what a name stands for, which is added if there is none.
fn of<'l>(
    name: Option<&str>,
    report: &Report,
    limits: &'l mut Vec<Limit>,
) -> Result<&'l mut Limit, Failure> {
    let wanted = match name {
        None => Limit::default(),
        Some(name) => named(name, report).ok_or_else(|| unknown(name, report))?,
    };
    let same = |limit: &Limit| limit.group == wanted.group && limit.priority == wanted.priority;
    let at = limits.iter().position(same).unwrap_or_else(|| {
        limits.push(wanted);
        limits.len() - 1
    });
    Ok(&mut limits[at])
}

/// A group or a priority; a group wins over a priority of the same name unless that is said.
fn named(name: &str, report: &Report) -> Option<Limit> {
    let group = |name: &str| {
        has_group(report, name).then(|| Limit {
            group: Some(name.to_owned()),
            ..Limit::default()
        })
    };
    let priority = |name: &str| {
        let levels = [Level::High, Level::Medium, Level::Low];
        let level = levels.into_iter().find(|level| level.name() == name)?;
        Some(Limit {
            priority: Some(level),
            ..Limit::default()
        })
    };
    match name.split_once(':') {
        Some(("group", name)) => group(name),
        Some(("priority", name)) => priority(name),
        _ => group(name).or_else(|| priority(name)),
    }
}

fn has_group(report: &Report, name: &str) -> bool {
    report.groups.iter().any(|group| group.name == name)
}

fn unknown(name: &str, report: &Report) -> Failure {
    let groups: Vec<String> = report
        .groups
        .iter()
        .map(|g| format!("`{}`", g.name))
        .collect();
    let priorities = "the priorities `high`, `medium` and `low`";
    let known = match groups.as_slice() {
        [] => format!("there are {priorities}"),
        groups => format!(
            "there are the groups {}, and {priorities}",
            groups.join(", ")
        ),
    };
    Failure::new(format!("no group or priority is called `{name}`; {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_a_number_for_something() {
        let of = |text| percent(text).map(|bound| (bound.of, bound.number));
        assert_eq!(of("80"), Ok((None, 80.0)));
        assert_eq!(of("a=b=99.5%"), Ok((Some("a=b".to_owned()), 99.5)));
        assert!(of("101").is_err() && of("order=").is_err() && of("NaN").is_err());
        assert!(count("-1").is_err() && count("high=0").is_ok());
    }
}
