//! Days of the calendar: read from text, counted from 1970-01-01, written.

/// A day, counted from 1970-01-01.
pub(crate) type Day = i64;

/// The last day of the year 9999: nothing is told beyond that.
pub(crate) const LAST: Day = 2_932_896;

/// Reads `2026-11-25`. `None` where that is no day of the calendar.
pub(crate) fn day(text: &str) -> Option<Day> {
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

/// A number of digits alone.
pub(crate) fn number(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The day as text.
pub(crate) fn day_words(day: Day) -> String {
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
}
