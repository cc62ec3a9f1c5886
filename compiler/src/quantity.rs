//! Exact numbers with dimensions: what `1.8 MW`, `500 part/day` and `30%` amount to.
//!
//! Numbers are fractions of 128-bit integers, so a bound met exactly is met. Every
//! unit is declared by a `unit` item; the prelude's `s` is what durations are made of.

use std::sync::Arc;

use num_rational::Ratio;
use num_traits::{CheckedDiv, CheckedMul, Zero};
use rbp_grammar::ast::Quantity;
use smol_str::SmolStr;

/// An exact number.
pub type Number = Ratio<i128>;

/// A product of base units with exponents, sorted by name: `EUR¹ s⁻¹`. Empty for a plain number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Dimension(Arc<[(SmolStr, i8)]>);

impl Dimension {
    /// The dimension of one base unit.
    pub fn base(unit: impl Into<SmolStr>) -> Dimension {
        Dimension(Arc::from([(unit.into(), 1)]))
    }

    /// The dimension of time.
    pub fn time() -> Dimension {
        Dimension::base("s")
    }

    /// True for a plain number.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// True for a duration.
    pub fn is_time(&self) -> bool {
        matches!(&*self.0, [(unit, 1)] if unit == "s")
    }

    /// True for money, and for money per time: the base unit is a currency, written as ISO 4217
    /// has it, in three capital letters.
    pub fn is_money(&self) -> bool {
        let currency = |unit: &str| unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase());
        let mut currencies =
            self.0.iter().filter(|(unit, _)| currency(unit.rsplit('.').next().unwrap_or(unit)));
        let rest = self
            .0
            .iter()
            .all(|(unit, exponent)| *exponent == 1 || (unit == "s" && *exponent == -1));
        currencies.next().is_some() && currencies.next().is_none() && rest
    }

    /// True for a plain number per time.
    pub fn is_rate(&self) -> bool {
        matches!(&*self.0, [(unit, -1)] if unit == "s")
    }

    /// The same per time: `part` becomes `part/s`; exponents add up.
    #[must_use]
    pub fn times(&self, other: &Dimension, sign: i8) -> Dimension {
        if self.is_none() && sign == 1 {
            return other.clone();
        }
        let mut product = self.0.to_vec();
        for (unit, exponent) in other.0.iter() {
            let exponent = exponent.saturating_mul(sign);
            match product.iter_mut().find(|(u, _)| u == unit) {
                Some((_, e)) => *e = e.saturating_add(exponent),
                None => product.push((unit.clone(), exponent)),
            }
        }
        product.retain(|(_, e)| *e != 0);
        product.sort();
        Dimension(product.into())
    }

    /// The dimension in words, such as `a duration`, `W` or `part per time`.
    pub fn words(&self) -> String {
        let short = |unit: &SmolStr| match unit.rsplit('.').next() {
            Some("s") if unit == "s" => "time".to_owned(),
            Some(last) => last.to_owned(),
            None => unit.to_string(),
        };
        if self.is_none() {
            return "a plain number".into();
        }
        if self.is_time() {
            return "a duration".into();
        }
        let part = |sign: bool| -> Vec<String> {
            let chosen = self.0.iter().filter(|(_, e)| (*e > 0) == sign);
            chosen
                .map(|(u, e)| match e.unsigned_abs() {
                    1 => short(u),
                    n => format!("{}^{n}", short(u)),
                })
                .collect()
        };
        let (above, below) = (part(true), part(false));
        match (above.is_empty(), below.is_empty()) {
            (false, true) => above.join("·"),
            (true, _) => format!("a number per {}", below.join("·")),
            (false, false) => format!("{} per {}", above.join("·"), below.join("·")),
        }
    }
}

/// A number of base units.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Amount {
    /// How many.
    pub number: Number,
    /// Of what.
    pub dimension: Dimension,
}

impl Amount {
    /// The duration in milliseconds, rounded up; `None` where this is no duration or out of range.
    pub fn milliseconds(&self) -> Option<u64> {
        if !self.dimension.is_time() {
            return None;
        }
        let (parts, whole) = (self.number.numer().checked_mul(&1000)?, self.number.denom());
        let above = i128::from(parts % whole > 0);
        u64::try_from(parts / whole + above).ok()
    }
}

/// Reads a number as the lexer gives it: digits with `_`, a fraction, an exponent. `None` where it
/// does not fit 128 bits.
pub fn number(text: &str) -> Option<Number> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit) {
        value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_i128.checked_pow(shift.unsigned_abs())?;
    let value = Number::from_integer(value);
    if shift == 0 {
        return Some(value);
    }
    let power = Number::from_integer(power);
    if shift < 0 { value.checked_div(&power) } else { value.checked_mul(&power) }
}

/// The product of two numbers. Most are whole, and then nothing is to be reduced.
fn times(left: &Number, right: &Number) -> Option<Number> {
    match left.is_integer() && right.is_integer() {
        true => left.numer().checked_mul(right.numer()).map(Number::from_integer),
        false => left.checked_mul(right),
    }
}

/// The product of two amounts; `sign` −1 divides. `None` out of range or for a division by zero.
pub fn product(left: &Amount, right: &Amount, sign: i8) -> Option<Amount> {
    let number = if sign < 0 {
        if right.number.is_zero() {
            return None;
        }
        left.number.checked_div(&right.number)?
    } else {
        times(&left.number, &right.number)?
    };
    Some(Amount { number, dimension: left.dimension.times(&right.dimension, sign) })
}

/// A number as a person would write it, to three places: `45000`, `0.6`. Halves round away from zero.
pub fn decimal(number: &Number) -> String {
    if number.is_integer() {
        return number.numer().to_string();
    }
    let Some(scaled) = number.checked_mul(&Number::from_integer(1000)) else {
        return format!("{}/{}", number.numer(), number.denom());
    };
    let thousandths = scaled.round().to_integer();
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.abs() / 1000, thousandths.abs() % 1000);
    let places = format!("{rest:03}");
    match places.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        places => format!("{sign}{whole}.{places}"),
    }
}

/// A number of base units as so many of the unit in which another quantity is written: with
/// `250000 EUR/year`, `310000 EUR/year`. `None` where that other one is zero, or out of range.
pub fn in_unit_of(base: &Number, amount: &Amount, written: &Quantity) -> Option<String> {
    let unit = amount.number.checked_div(&number(&written.number).filter(|n| !n.is_zero())?)?;
    let number = if unit.is_zero() { return None } else { decimal(&base.checked_div(&unit)?) };
    Some(Quantity { number: number.into(), ..written.clone() }.to_string())
}

/// Milliseconds as a person would write them: `11 s`, `2 min 30 s`, `4 h`.
pub fn duration_words(milliseconds: u64) -> String {
    if milliseconds == 0 {
        return "0 s".into();
    }
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
    let mut rest = milliseconds;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            parts.push(format!("{} {unit}", rest / size));
            rest %= size;
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        assert_eq!(number("1.8"), Some(Number::new(18, 10)));
        assert_eq!(number("1e-5"), Some(Number::new(1, 100_000)));
        assert_eq!(number("41_000"), Some(Number::from_integer(41_000)));
        assert_eq!(number("1e99"), None);
        assert_eq!(number(&"9".repeat(60)), None);
    }

    #[test]
    fn durations_read_as_written() {
        assert_eq!(duration_words(11_000), "11 s");
        assert_eq!(duration_words(150_000), "2 min 30 s");
        assert_eq!(duration_words(345_600_000), "4 d");
    }
}
