//! Exact fractions.

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
        self.order(&other) != Ordering::Less
    }

    /// The lesser first: by whole parts and remainders, so that nothing overflows.
    pub(crate) fn order(&self, other: &Number) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        loop {
            let whole = a.over.div_euclid(a.under).cmp(&b.over.div_euclid(b.under));
            let (rest_a, rest_b) = (a.over.rem_euclid(a.under), b.over.rem_euclid(b.under));
            if whole != Ordering::Equal || rest_a == 0 || rest_b == 0 {
                return whole.then(rest_a.min(1).cmp(&rest_b.min(1)));
            }
            // The remainders stand as their inverses do, the other way round.
            let inverse = |over, under| Number { over, under };
            (a, b) = (inverse(b.under, rest_b), inverse(a.under, rest_a));
        }
    }
}

/// An amount's number and unit.
pub(crate) fn amount(amount: &Amount) -> Option<(Number, &str)> {
    Some((Number::read(&amount.number)?, &amount.unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_compared_exactly() {
        let at_least = |a: (i128, i128), b: (i128, i128)| {
            let number = |(over, under)| Number { over, under };
            number(a).at_least(number(b))
        };
        assert!(at_least((1, 3), (333, 1000)) && !at_least((333, 1000), (1, 3)));
        assert!(at_least((2, 6), (1, 3)) && at_least((1, 3), (2, 6)));
        assert!(at_least((i128::MAX, 2), (i128::MAX - 1, 2)) && !at_least((-1, 3), (0, 1)));
        for (a, b) in (-7..8).flat_map(|a| (-7..8).map(move |b| (a, b))) {
            for (c, d) in (1..8).flat_map(|c| (1..8).map(move |d| (c, d))) {
                assert_eq!(at_least((a, c), (b, d)), a * d >= b * c, "{a}/{c} {b}/{d}");
            }
        }
    }
}
