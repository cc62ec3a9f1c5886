//! What an expression of a policy amounts to, and how values are held against each other.

use std::sync::Arc;

use num_traits::{CheckedAdd, CheckedMul, CheckedSub, Zero};
use rbp_grammar::ast::{Operator, Quantity};
use smol_str::SmolStr;

use crate::db::Day;
use crate::model::{Element, Test, day_words};
use crate::quantity::{Amount, Dimension, Number, decimal, duration_words, in_unit_of, product};

/// A value. Every operation on what is unknown gives something unknown, unless the rest decides.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Not to be told; with the reason.
    Unknown(String),
    /// Known not to be stated; with what is silent of what.
    Unstated(String),
    Truth(bool),
    Text(SmolStr),
    Day(Day),
    Quantity(Measured),
    /// Several quantities of which each counts: the least and the greatest.
    Between(Box<[Measured; 2]>),
    Load(Measured, Option<u64>),
    Element(Arc<Element>),
    /// A test, by its number.
    Test(Arc<Element>, usize),
    Proofs(Arc<Element>, usize),
    Set(Vec<Value>),
}

/// An amount, and the unit in which somebody wrote it.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub amount: Amount,
    unit: Option<Arc<(Quantity, Amount)>>,
}

impl Measured {
    /// An amount in no unit of anybody's.
    pub fn bare(amount: Amount) -> Measured {
        Measured { amount, unit: None }
    }

    /// An amount as it is written.
    pub fn written(amount: &Amount, quantity: &Quantity) -> Measured {
        let unit = Some(Arc::new((quantity.clone(), amount.clone())));
        Measured { amount: amount.clone(), unit }
    }

    /// Another number of the same.
    pub fn with(&self, number: Number) -> Measured {
        let amount = Amount { number, dimension: self.amount.dimension.clone() };
        Measured { amount, unit: self.unit.clone() }
    }

    fn words(&self) -> String {
        if let Some(ms) = self.amount.milliseconds() {
            return duration_words(ms);
        }
        let unit = self.unit.as_deref().filter(|(_, of)| of.dimension == self.amount.dimension);
        let in_unit = unit.and_then(|(written, of)| in_unit_of(&self.amount.number, of, written));
        in_unit.unwrap_or_else(|| match self.amount.dimension.is_none() {
            true => decimal(&self.amount.number),
            false => format!("{} {}", decimal(&self.amount.number), self.amount.dimension.words()),
        })
    }
}

impl Value {
    pub fn number(number: i128) -> Value {
        let number = Number::from_integer(number);
        Value::Quantity(Measured::bare(Amount { number, dimension: Dimension::default() }))
    }

    pub fn milliseconds(ms: u64) -> Value {
        let number = Number::new(i128::from(ms), 1000);
        Value::Quantity(Measured::bare(Amount { number, dimension: Dimension::time() }))
    }

    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Truth(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Why it is not known.
    pub fn unknown(&self) -> Option<&str> {
        match self {
            Value::Unknown(why) | Value::Unstated(why) => Some(why),
            _ => None,
        }
    }

    /// The value as a person would write it.
    pub fn words(&self) -> String {
        match self {
            Value::Unknown(why) | Value::Unstated(why) => format!("unknown ({why})"),
            Value::Between(ends) => format!("{} to {}", ends[0].words(), ends[1].words()),
            Value::Truth(true) => "yes".into(),
            Value::Truth(false) => "no".into(),
            Value::Text(text) => format!("\"{text}\""),
            Value::Day(day) => day_words(*day),
            Value::Quantity(amount) | Value::Load(amount, None) => amount.words(),
            Value::Load(amount, Some(ms)) => {
                format!("{} for {}", amount.words(), duration_words(*ms))
            }
            Value::Element(element) => element.name().to_owned(),
            Value::Test(backup, at) | Value::Proofs(backup, at) => {
                test(backup, *at).map_or(String::new(), |test| test.name.text.to_string())
            }
            Value::Set(members) if members.is_empty() => "nothing".into(),
            Value::Set(members) => {
                const MOST: usize = 6;
                let shown = members.iter().take(MOST).map(|member| match member {
                    Value::Set(_) => format!("[{}]", member.words()),
                    _ => member.words(),
                });
                let more = members.len().saturating_sub(MOST);
                let more = (more > 0).then(|| format!("{more} more"));
                shown.chain(more).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Whether two values are the same; `None` where that is not known or makes no sense.
    pub fn same(&self, other: &Value) -> Option<bool> {
        match (self, other) {
            (Value::Truth(a), Value::Truth(b)) => Some(a == b),
            // `Diesel` is diesel, and who writes a provider's name otherwise has no second provider.
            (Value::Text(a), Value::Text(b)) => {
                let plain = a.is_ascii() && b.is_ascii();
                let alike = || a.to_lowercase() == b.to_lowercase();
                Some(if plain { a.eq_ignore_ascii_case(b) } else { a == b || alike() })
            }
            (Value::Day(a), Value::Day(b)) => Some(a == b),
            (Value::Element(a), Value::Element(b)) => Some(a.id == b.id),
            (Value::Test(a, n), Value::Test(b, m)) => Some(a.id == b.id && n == m),
            (Value::Set(_), _) | (_, Value::Set(_)) => None,
            _ => {
                let holds = |operator| compare(operator, self, other).truth();
                Some(holds(Operator::LessEqual)? && holds(Operator::GreaterEqual)?)
            }
        }
    }
}

/// A test of a backup by its number.
pub(super) fn test(backup: &Element, at: usize) -> Option<Test<'_>> {
    backup.tests().into_iter().nth(at)
}

fn unfit() -> Value {
    Value::Unknown("these cannot be compared".into())
}

/// Holds two values against each other.
pub(super) fn compare(operator: Operator, left: &Value, right: &Value) -> Value {
    if let Some(why) = left.unknown().or_else(|| right.unknown()) {
        return Value::Unknown(why.into());
    }
    match (operator, left, right) {
        (_, Value::Between(..), _) | (_, _, Value::Between(..)) => each(operator, left, right),
        (Operator::Equal, ..) => left.same(right).map_or_else(unfit, Value::Truth),
        (Operator::NotEqual, ..) => left.same(right).map_or_else(unfit, |same| Value::Truth(!same)),
        (Operator::LessEqual, ..) => at_least(right, left),
        (Operator::GreaterEqual, ..) => at_least(left, right),
        (Operator::Less, ..) => not(at_least(left, right)),
        (Operator::Greater, ..) => not(at_least(right, left)),
        _ => unfit(),
    }
}

/// The same of each of several: it holds where it holds of the least and the greatest.
fn each(operator: Operator, left: &Value, right: &Value) -> Value {
    let ends = |value: &Value| match value {
        Value::Between(ends) => ends.each_ref().map(|end| Value::Quantity(end.clone())),
        one => [one.clone(), one.clone()],
    };
    let (left, right) = (ends(left), ends(right));
    let mut all = left.iter().flat_map(|l| right.iter().map(move |r| compare(operator, l, r)));
    let first = all.next().unwrap_or_else(unfit);
    match all.all(|one| one.truth() == first.truth()) {
        true => first,
        false => Value::Unknown("it has several, and not each of them is so".into()),
    }
}

pub(super) fn not(value: Value) -> Value {
    match value {
        Value::Truth(truth) => Value::Truth(!truth),
        other => other,
    }
}

/// Whether the first reaches the second: a load has to be at least as much, for at least as long.
fn at_least(left: &Value, right: &Value) -> Value {
    let (left_time, right_time) = (time_of(left), time_of(right));
    match (left, right) {
        (Value::Day(a), Value::Day(b)) => Value::Truth(a >= b),
        (Value::Quantity(a) | Value::Load(a, _), Value::Quantity(b) | Value::Load(b, _)) => {
            let (a, b) = (&a.amount, &b.amount);
            // The sum over nothing, and a load that is not shown, are nothing of anything.
            let nothing = |of: &Amount| of.number.is_zero() && of.dimension.is_none();
            if a.dimension != b.dimension && !nothing(a) && !nothing(b) {
                let (a, b) = (left.words(), right.words());
                return Value::Unknown(format!("{a} and {b} cannot be compared"));
            }
            match (left_time, right_time) {
                _ if a.number < b.number => Value::Truth(false),
                (_, None) => Value::Truth(true),
                (Some(left), Some(right)) => Value::Truth(left >= right),
                (None, Some(_)) => Value::Unknown("nothing says for how long".into()),
            }
        }
        _ => unfit(),
    }
}

fn time_of(value: &Value) -> Option<u64> {
    match value {
        Value::Load(_, time) => *time,
        _ => None,
    }
}

/// Adds, subtracts, multiplies or divides.
pub(super) fn reckon(operator: Operator, left: &Value, right: &Value) -> Value {
    if let Some(why) = left.unknown().or_else(|| right.unknown()) {
        return Value::Unknown(why.into());
    }
    let result = match (operator, left, right) {
        (Operator::Subtract, Value::Day(a), Value::Day(b)) => {
            let days = i128::from(a.0) - i128::from(b.0);
            let number = Number::from_integer(days * 86_400);
            let days = Amount { number, dimension: Dimension::time() };
            Some(Value::Quantity(Measured::bare(days)))
        }
        (Operator::Add, Value::Day(day), Value::Quantity(by)) => shifted(*day, &by.amount, 1),
        (Operator::Subtract, Value::Day(day), Value::Quantity(by)) => shifted(*day, &by.amount, -1),
        (_, Value::Quantity(a), Value::Quantity(b)) => amounts(operator, a, b).map(Value::Quantity),
        _ => None,
    };
    result.unwrap_or_else(|| Value::Unknown("that cannot be reckoned".into()))
}

fn amounts(operator: Operator, a: &Measured, b: &Measured) -> Option<Measured> {
    let (left, right) = (&a.amount, &b.amount);
    match operator {
        Operator::Multiply => scaled(a, b, product(left, right, 1)?),
        Operator::Divide => scaled(a, b, product(left, right, -1)?),
        // The sum over nothing is a bare zero.
        Operator::Add if left.number.is_zero() => Some(b.clone()),
        Operator::Add | Operator::Subtract if right.number.is_zero() => Some(a.clone()),
        _ if left.dimension != right.dimension => None,
        Operator::Add => Some(a.with(left.number.checked_add(&right.number)?)),
        _ => Some(a.with(left.number.checked_sub(&right.number)?)),
    }
}

/// A product, in the unit of the side that has its dimension.
fn scaled(a: &Measured, b: &Measured, product: Amount) -> Option<Measured> {
    let side = [a, b].into_iter().find(|side| side.amount.dimension == product.dimension);
    Some(match side {
        Some(side) => side.with(product.number),
        None => Measured::bare(product),
    })
}

/// A day so many whole days later or earlier.
fn shifted(day: Day, by: &Amount, sign: i64) -> Option<Value> {
    let days = i64::try_from(by.milliseconds()? / 86_400_000).ok()?;
    let day = i64::from(day.0).checked_add(days.checked_mul(sign)?)?;
    Some(Value::Day(Day(i32::try_from(day).ok()?)))
}

/// A share of a quantity or a load.
pub(super) fn share(of: &Value, share: &Amount) -> Value {
    let scaled = |of: &Measured| Some(of.with(of.amount.number.checked_mul(&share.number)?));
    let result = match of {
        Value::Unknown(_) | Value::Unstated(_) => return of.clone(),
        Value::Quantity(amount) => scaled(amount).map(Value::Quantity),
        Value::Load(amount, time) => scaled(amount).map(|amount| Value::Load(amount, *time)),
        _ => None,
    };
    result.unwrap_or_else(|| Value::Unknown("that cannot be reckoned".into()))
}
