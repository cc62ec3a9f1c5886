//! Whether a backup counts for a function: nothing is known to fall short. What is not stated does not take
//! a backup out.

use crate::{Amount, Backup, Element, Function, Load, LossSort};

/// Whether the backup counts.
pub(super) fn credible(backup: &Backup, function: &Function, primary: Option<&Element>) -> bool {
    let Some(activation) = &backup.activation else { return false };
    let puts_to_work = activation.when.is_some() && !activation.by.is_empty();
    let whole = backup.degraded.is_none() || function.may_degrade_ms.is_some();
    puts_to_work && whole && carries(backup, function) && lasts(backup, function, primary)
}

/// The level that a function cannot go below.
fn demanded(function: &Function) -> Option<&Load> {
    function.minimum.as_ref().or(function.demand.as_ref())
}

fn carries(backup: &Backup, function: &Function) -> bool {
    let (Some(covers), Some(wanted)) = (&backup.covers, demanded(function)) else { return true };
    if covers.amount.unit != wanted.amount.unit {
        return false;
    }
    let (Some(mut there), Some(wanted)) = (fraction(&covers.amount), fraction(&wanted.amount))
    else {
        return false;
    };
    if let Some(share) = lent(backup, function) {
        // What cannot be reckoned with exactly does not count.
        let Some(rest) = fraction(share).and_then(|(n, d)| times(there, (d - n, d))) else {
            return false;
        };
        there = rest;
    }
    at_least(there, wanted)
}

/// The share that is lent and does not come back within the recovery time objective.
fn lent<'a>(backup: &'a Backup, function: &Function) -> Option<&'a Amount> {
    let lends = backup.lends.as_ref()?;
    let rto = super::super::functions::objective(&function.rto, LossSort::Lost, &[]);
    let back = lends.recall_ms.zip(rto).is_some_and(|(recall, rto)| recall <= rto);
    (!back).then_some(&lends.share)
}

fn lasts(backup: &Backup, function: &Function, primary: Option<&Element>) -> bool {
    let Some(covers) = &backup.covers else { return true };
    let Some(covered) = covers.for_ms else { return true };
    let resupplied = covers.resupplied_by.is_some()
        && covers.resupplied_within_ms.is_some_and(|within| within <= covered);
    let wanted = demanded(function).and_then(|load| load.for_ms);
    let wanted = wanted.or_else(|| function.demand.as_ref().and_then(|load| load.for_ms));
    let repaired = primary.and_then(|p| p.repaired_ms);
    let wanted = match (wanted, repaired) {
        (Some(wanted), Some(repaired)) => Some(wanted.min(repaired)),
        (wanted, repaired) => wanted.or(repaired),
    };
    resupplied || wanted.is_none_or(|wanted| covered >= wanted)
}

/// Numerator and denominator, the latter above 0.
type Fraction = (i128, i128);

fn fraction(amount: &Amount) -> Option<Fraction> {
    let (n, d) = match amount.number.split_once('/') {
        Some((n, d)) => (n.parse().ok()?, d.parse().ok()?),
        None => (amount.number.parse().ok()?, 1),
    };
    (d > 0).then_some((n, d))
}

fn times(a: Fraction, b: Fraction) -> Option<Fraction> {
    Some((a.0.checked_mul(b.0.max(0))?, a.1.checked_mul(b.1)?))
}

/// Compared by whole parts and remainders, so that nothing overflows.
fn at_least(mut a: Fraction, mut b: Fraction) -> bool {
    loop {
        let (whole_a, whole_b) = (a.0.div_euclid(a.1), b.0.div_euclid(b.1));
        if whole_a != whole_b {
            return whole_a > whole_b;
        }
        let (rest_a, rest_b) = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
        if rest_b == 0 {
            return true;
        }
        if rest_a == 0 {
            return false;
        }
        // rest_a / a.1 >= rest_b / b.1 exactly where b.1 / rest_b >= a.1 / rest_a.
        (a, b) = ((b.1, rest_b), (a.1, rest_a));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_compared_exactly() {
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
