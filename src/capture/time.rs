//! Points in time, in the forms that producers write.

/// Microseconds since 1970 UTC.
///
/// Understood are ISO 8601 with any number of fraction digits, with an offset as `Z`, `+08:00`,
/// `+0800` or `+08`, or none (UTC is assumed); the form of HTTP and mail headers (`Tue, 13 Sep 2011
/// 18:50:36 GMT`); that of JavaScript's `Date` (`Thu Jan 31 2019 18:25:18 GMT+0800 (CST)`); and
/// numbers, which are seconds, milliseconds or microseconds since 1970 by their size.
pub(super) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return from_number(number);
    }
    iso(text).or_else(|| worded(text))
}

/// Seconds until the year 5138, milliseconds until 5138, microseconds otherwise.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked, and a fraction of a microsecond is nothing"
)]
fn from_number(number: f64) -> Option<i64> {
    let micros = match number.abs() {
        size if size < 1e11 => number * 1e6,
        size if size < 1e14 => number * 1e3,
        _ => number,
    };
    (micros.abs() < 9e18).then_some(micros as i64)
}

fn iso(text: &str) -> Option<i64> {
    let (date, clock) = text
        .split_once(['T', 't', ' '])
        .unwrap_or((text, "00:00:00"));
    let (year, month_day) = date.split_once('-')?;
    let (month, day) = month_day.split_once('-')?;
    let end = clock
        .find(|char: char| !matches!(char, '0'..='9' | ':' | '.' | ','))
        .unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(end);
    assemble(
        number(year)?,
        number(month)?,
        number(day)?,
        clock,
        offset(zone)?,
    )
}

/// `[Tue,] 13 Sep 2011 18:50:36 ZONE` and `Tue Sep 13 2011 18:50:36 ZONE`.
fn worded(text: &str) -> Option<i64> {
    let text = text.split('(').next()?;
    let words: Vec<_> = text
        .split([' ', ',', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    let month_at = words.iter().position(|word| month(word).is_some())?;
    let clock_at = words.iter().position(|word| word.contains(':'))?;
    let mut numbers = words[..clock_at].iter().filter_map(|word| number(word));
    let (day, year) = (numbers.next()?, numbers.next()?);
    let zone_from = text.find(words[clock_at])? + words[clock_at].len();
    assemble(
        year,
        month(words[month_at])?,
        day,
        words[clock_at],
        offset(&text[zone_from..])?,
    )
}

/// The number of a month by its English name.
fn month(word: &str) -> Option<i64> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let start = word.get(..3)?.to_ascii_lowercase();
    let at = MONTHS
        .as_bytes()
        .chunks(3)
        .position(|name| name == start.as_bytes())?;
    word.bytes()
        .all(|byte| byte.is_ascii_alphabetic())
        .then(|| i64::try_from(at).unwrap_or(0) + 1)
}

fn number(digits: &str) -> Option<i64> {
    (digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 6)
        .then(|| digits.parse().ok())?
}

/// An offset from UTC in seconds: nothing, `Z`, `GMT`, `UTC`, `+08:00`, `+0800`, `+08`.
fn offset(zone: &str) -> Option<i64> {
    let zone = zone.trim();
    let zone = zone
        .strip_prefix("GMT")
        .or(zone.strip_prefix("UTC"))
        .unwrap_or(zone);
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() {
        0
    } else {
        number(minutes)?
    };
    Some(sign * (number(hours)? * 3600 + minutes * 60))
}

/// Puts a date, a clock time (`18:50:36.503`) and an offset together.
fn assemble(year: i64, month: i64, day: i64, clock: &str, offset: i64) -> Option<i64> {
    let (whole, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut parts = whole.split(':').map(number);
    let (hour, minute, second) = (
        parts.next()??,
        parts.next()??,
        parts.next().unwrap_or(Some(0))?,
    );
    let valid = year <= 200_000
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour <= 24
        && minute < 60
        && second <= 60;
    if !valid || parts.next().is_some() {
        return None;
    }
    let seconds =
        days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    Some(seconds * 1_000_000 + micros(fraction)?)
}

/// The first six digits of a fraction; more are cut off.
fn micros(fraction: &str) -> Option<i64> {
    fraction
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    digits.parse().ok()
}

/// Days since 1970-01-01 of a date in the Gregorian calendar; the algorithm of that name in
/// Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_form() {
        const AT: i64 = 1_315_939_836_503_000;
        for text in [
            "2011-09-13T18:50:36.503Z",
            "2011-09-13T18:50:36.503000000Z",
            "2011-09-13T18:50:36.503+0000",
            "2011-09-13T18:50:36.503",
            "2011-09-14T02:50:36.503+08:00",
            "2011-09-13T10:50:36,503-08",
            " 2011-09-13 18:50:36.503 ",
            "1315939836503",
            "1315939836.503",
            "1315939836503000",
        ] {
            assert_eq!(parse(text), Some(AT), "{text}");
        }
        for text in [
            "Tue, 13 Sep 2011 18:50:36 GMT",
            "13 Sep 2011 18:50:36 +0000",
            "Tue Sep 13 2011 18:50:36 GMT+0000 (UTC)",
            "Wed, 14 Sep 2011 02:50:36 GMT+0800 (CST)",
            "Tuesday, 13-Sep-2011 18:50:36 UTC",
            "2011-09-13T18:50:36Z",
        ] {
            assert_eq!(parse(text), Some(AT / 1_000_000 * 1_000_000), "{text}");
        }
        assert_eq!(
            parse("Thu, 31 Jan 51974 18:25:18 GMT+0800 (CST)"),
            Some(1_577_976_459_918_000_000)
        );
        assert_eq!(parse("2011-09-13"), Some(1_315_872_000_000_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2011-13-13T18:50:36Z",
            "18:50",
            "2011-09-13T18:50:36 o'clock",
            "1e300",
            "NaN",
            "日本語",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,40}|[-0-9:.,TZ+ JanGMT()]{0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn days_follow_each_other(day in -1_000_000i64..1_000_000) {
            let base = days_from_civil(1970, 1, 1);
            prop_assert_eq!(base, 0);
            let (year, month) = (1970 + day / 400, day.rem_euclid(12) + 1);
            let next = if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
            prop_assert!((28..=31).contains(&(next - days_from_civil(year, month, 1))));
        }
    }
}
