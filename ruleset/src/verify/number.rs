//! Exact fractions and days.

use std::cmp::Ordering;

use crate::Amount;

/// A fraction with a positive denominator. What overflows cannot be told, and counts against a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    over: i128,
    under: i128,
}

impl Number {
    pub(crate) const ZERO: Number = Number { over: 0, under: 1 };
    pub(crate) const ONE: Number = Number { over: 1, under: 1 };

    /// Reads `1/3600` or `12`.
    pub(crate) fn read(text: &str) -> Option<Number> {
        let (over, under) = text.split_once('/').unwrap_or((text, "1"));
        Number::new(over.parse().ok()?, under.parse().ok().filter(|under| *under > 0)?)
    }

    fn new(over: i128, under: i128) -> Option<Number> {
        let (mut a, mut b) = (over.checked_abs()?, under);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Some(Number { over: over / a, under: under / a })
    }

    pub(crate) fn times(self, other: Number) -> Option<Number> {
        let (one, two) =
            (Number::new(self.over, other.under)?, Number::new(other.over, self.under)?);
        Number::new(one.over.checked_mul(two.over)?, one.under.checked_mul(two.under)?)
    }

    pub(crate) fn plus(self, other: Number) -> Option<Number> {
        let left = self.over.checked_mul(other.under)?;
        let over = left.checked_add(other.over.checked_mul(self.under)?)?;
        Number::new(over, self.under.checked_mul(other.under)?)
    }

    /// What is left of 1, never less than nothing.
    pub(crate) fn rest(self) -> Option<Number> {
        let rest = Number::ONE.plus(Number { over: self.over.checked_neg()?, ..self })?;
        Some(if rest.over < 0 { Number::ZERO } else { rest })
    }

    pub(crate) fn at_least(self, other: Number) -> bool {
        let minus = other.over.checked_neg().map(|over| Number { over, ..other });
        minus.and_then(|minus| self.plus(minus)).is_some_and(|d| d.over >= 0)
    }

    /// The lesser first.
    pub(crate) fn order(&self, other: &Number) -> Ordering {
        match (self.at_least(*other), other.at_least(*self)) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, _) => Ordering::Less,
        }
    }
}

/// An amount's number and unit.
pub(crate) fn amount(amount: &Amount) -> Option<(Number, &str)> {
    Some((Number::read(&amount.number)?, &amount.unit))
}

/// Days since 1970-01-01 of `2026-10-01`; `None` where that is no day of the calendar.
pub(crate) fn day(text: &str) -> Option<i64> {
    let digit = |(at, byte): (usize, u8)| {
        if [4, 7].contains(&at) { byte == b'-' } else { byte.is_ascii_digit() }
    };
    if text.len() != 10 || !text.bytes().enumerate().all(digit) {
        return None;
    }
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let long = [31, 28 + i64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month).ok()?.checked_sub(1)?;
    let fits =
        text.len() == 10 && (1..=9999).contains(&year) && (1..=*long.get(month)?).contains(&day);
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    fits.then(|| years + long[..month].iter().sum::<i64>() + day - 1 - 719_162)
}
