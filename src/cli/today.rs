//! The day that dates are held against.

use std::time::SystemTime;

use clap::Args;

use crate::config::is_day;
use crate::report::day;

#[derive(Debug, Args)]
pub(super) struct TodayArgs {
    /// The day that exclusions, the baseline and what is ignored are held against, as `2026-01-31` or in
    /// seconds since 1970; by default the clock's for `check`, and none for `diff`
    #[arg(
        long,
        value_name = "DAY",
        env = "SOURCE_DATE_EPOCH",
        hide_env_values = true,
        value_parser = said
    )]
    today: Option<Said>,
}

impl TodayArgs {
    /// The day that was said.
    pub(super) fn said(&self) -> Option<&str> {
        self.today.as_ref()?.0.as_deref()
    }

    /// The day that was said, or else the clock's.
    pub(super) fn or_clock(&self) -> String {
        self.said().map_or_else(clock, str::to_owned)
    }
}

/// A day, or none if the variable is there and empty.
#[derive(Debug, Clone)]
struct Said(Option<String>);

fn said(text: &str) -> Result<Said, String> {
    let unset = || std::env::var_os("SOURCE_DATE_EPOCH").is_some_and(|value| value.is_empty());
    if text.is_empty() && unset() {
        return Ok(Said(None));
    }
    today(text).map(|day| Said(Some(day)))
}

/// A day, in one of its two forms.
fn today(text: &str) -> Result<String, String> {
    if is_day(text) {
        return Ok(text.to_owned());
    }
    let seconds: Option<i64> = text.parse().ok();
    // The last second of the year 9999.
    match seconds.filter(|seconds| (0..=253_402_300_799).contains(seconds)) {
        Some(seconds) => Ok(day(seconds)),
        None => Err("write a day such as 2026-01-31, or seconds since 1970".to_owned()),
    }
}

fn clock() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    day(since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or_default()
    }))
}

#[cfg(test)]
mod tests {
    use super::today;

    #[test]
    fn days_in_both_forms() {
        assert_eq!(today("2026-01-31").as_deref(), Ok("2026-01-31"));
        assert_eq!(today("1769817600").as_deref(), Ok("2026-01-31"));
        for wrong in ["", "tomorrow", "2026-13-01", "-1", "253402300800"] {
            assert!(today(wrong).is_err(), "{wrong}");
        }
    }
}
