//! Moments and days: read from RFC 3339 text, written in UTC.

const DAY_MS: i64 = 86_400_000;

/// A moment, in milliseconds since 1970 in UTC.
pub(super) type Moment = i64;

/// A day, counted from 1970-01-01.
pub(super) type Day = i64;

/// Reads `2026-11-25T10:15:30Z`, with a fraction of a second and an offset such as `+01:00` where they
/// are written. What is finer than a millisecond is cut off. `None` where it is no such moment.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    let day = day(text.get(..10)?)?;
    if bytes.get(10) != Some(&b'T') || bytes.get(13) != Some(&b':') || bytes.get(16) != Some(&b':')
    {
        return None;
    }
    let (hour, minute) = (number(text.get(11..13)?)?, number(text.get(14..16)?)?);
    let second = number(text.get(17..19)?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut ms = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit())?;
        let digits = fraction.get(..end).filter(|digits| (1..=9).contains(&digits.len()))?;
        ms = number(&format!("{digits:0<3}")[..3])?;
        rest = fraction.get(end..)?;
    }
    let local = day * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    Some(local - offset(rest)? * 60_000)
}

/// The minutes of `Z`, `+01:00` or `-03:30`.
fn offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if text.len() != 6 || text.as_bytes().get(3) != Some(&b':') {
        return None;
    }
    let (hours, minutes) = (number(text.get(1..3)?)?, number(text.get(4..6)?)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes))
}

/// Reads `2026-11-25`. `None` where that is no day of the calendar.
pub(super) fn day(text: &str) -> Option<Day> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let (year, month) = (number(text.get(..4)?)?, number(text.get(5..7)?)?);
    let of_month = number(text.get(8..)?)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let most = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (1..=most).contains(&of_month).then(|| {
        // Years that begin in March, so that the day that may be missing is the last.
        let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        y * 365 + y.div_euclid(4) - y.div_euclid(100)
            + y.div_euclid(400)
            + (153 * m + 2) / 5
            + of_month
            - 719_469
    })
}

fn number(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The day of a moment, in UTC.
pub(super) fn day_of(moment: Moment) -> Day {
    moment.div_euclid(DAY_MS)
}

/// The day as text.
pub(super) fn day_words(day: Day) -> String {
    let days = day + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let m = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// The moment as text, in UTC, with milliseconds where there are any.
pub(super) fn moment_words(moment: Moment) -> String {
    let ms = moment.rem_euclid(DAY_MS);
    let (seconds, rest) = (ms / 1000, ms % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    format!("{}T{hour:02}:{minute:02}:{second:02}{fraction}Z", day_words(day_of(moment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_is_the_day_after_the_one_before() {
        let mut last = day("1899-12-31").unwrap_or_default();
        for year in 1900..2700 {
            for month in 1..=12 {
                for of_month in 1..=31 {
                    let text = format!("{year:04}-{month:02}-{of_month:02}");
                    let Some(day) = day(&text) else { continue };
                    assert_eq!((day, day_words(day)), (last + 1, text));
                    last = day;
                }
            }
        }
        assert_eq!(day("1970-01-01"), Some(0));
    }

    #[test]
    fn moments_are_read_with_fractions_and_offsets() {
        assert_eq!(moment("1970-01-01T00:00:01.2Z"), Some(1200));
        assert_eq!(moment("1970-01-01T01:00:00.123456789+01:00"), Some(123));
        assert_eq!(moment_words(-1), "1969-12-31T23:59:59.999Z");
        for text in [
            "2026-11-25",
            "2026-11-25T10:15Z",
            "2026-11-25 10:15:30Z",
            "2026-11-25T10:15:30",
            "2026-02-29T10:15:30Z",
            "2026-11-25T24:00:00Z",
            "2026-11-25T10:15:60Z",
            "2026-11-25T10:15:30.Z",
            "2026-11-25T10:15:30+1:00",
            "+026-11-25T10:15:30Z",
            "2026-11-25T10:15:30Zulu",
            "２026-11-25T10:15:30Z",
            "2026-11-25T10:15:30.1234567890Z",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
