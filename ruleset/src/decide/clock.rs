//! Moments: read from RFC 3339 text, written in UTC.

use crate::logic::day::{Day, day, day_words, number};

const DAY_MS: i64 = 86_400_000;

/// A moment, in milliseconds since 1970 in UTC.
pub(super) type Moment = i64;

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

/// The day of a moment, in UTC.
pub(super) fn day_of(moment: Moment) -> Day {
    moment.div_euclid(DAY_MS)
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
