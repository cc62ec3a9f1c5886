//! Evaluating an expression on the model, in three values. Every set is finite and nothing recurs, so it
//! ends; how much is tried for one rule is bounded all the same.

use std::cell::Cell;

use num_traits::CheckedSub;
use rbp_grammar::ast::{Expr, Name, Operator, Quantifier, Role};
use smol_str::SmolStr;

use super::depended;
use super::fields::{self, Owner, Reader};
use super::functions::{self, Answers};
use super::value::{Measured, Value, compare, not, reckon, share};
use crate::db::{Day, Db, SourceFile, Workspace};
use crate::model::{Policy, facts};
use crate::quantity::{Amount, Number};

/// The most steps that the rules of one policy take on one element.
const MAX_STEPS: u32 = 1_000_000;

/// The names that are bound, the innermost last.
pub(super) type Bound = Vec<(SmolStr, Value)>;

/// Where a policy is judged.
pub(super) struct Judge<'a> {
    pub db: &'a dyn Db,
    /// The file that is checked.
    pub here: SourceFile,
    pub policy: &'a Policy,
    pub day: Day,
    answers: &'a Answers,
    steps: Cell<u32>,
    /// It was asked who names an element.
    pub asked: Cell<bool>,
    /// An import could not be read: then that is not known.
    lost: bool,
}

impl<'a> Judge<'a> {
    /// A judge of a policy, where some import could not be read or every one could.
    pub fn new(
        db: &'a dyn Db,
        here: SourceFile,
        policy: &'a Policy,
        day: Day,
        answers: &'a Answers,
        lost: bool,
    ) -> Judge<'a> {
        let (steps, asked) = (Cell::new(0), Cell::new(false));
        Judge { db, here, policy, day, answers, steps, asked, lost }
    }

    /// What comes of asking who names an element. Behind an import that could not be read, somebody may whom
    /// nobody knows.
    fn as_far_as_known(&self, of: &str, known: impl FnOnce() -> Value) -> Value {
        self.asked.set(true);
        match self.lost {
            false => known(),
            true => {
                let why = format!("an import could not be read, so not every {of} is known");
                Value::Unknown(why)
            }
        }
    }

    /// Begins to count anew.
    pub fn rested(&self) {
        self.steps.set(0);
    }

    /// What an expression amounts to.
    pub fn value(&self, expr: &Expr, bound: &mut Bound) -> Value {
        self.steps.set(self.steps.get().saturating_add(1));
        if self.steps.get() > MAX_STEPS {
            return Value::Unknown("there is too much to be tried".into());
        }
        match expr {
            Expr::Name(name) => self.named(name, bound),
            Expr::Text(text) => Value::Text(text.text.clone()),
            Expr::Date(date) => crate::model::day(date).map_or_else(unmeant, Value::Day),
            Expr::Quantity(quantity) => match self.policy.amount(quantity) {
                Some(amount) => Value::Quantity(Measured::written(amount, quantity)),
                None => unmeant(),
            },
            Expr::Field { of, field } => self.field(&self.value(of, bound), field),
            Expr::Call { callee, arguments } => self.call(callee, arguments, bound),
            Expr::Not(of) => not(self.value(of, bound)),
            Expr::Negate(of) => match self.value(of, bound) {
                Value::Quantity(of) => {
                    let number = Number::from_integer(0).checked_sub(&of.amount.number);
                    number.map_or_else(unmeant, |number| Value::Quantity(of.with(number)))
                }
                other => other,
            },
            Expr::Binary { operator, left, right } => self.binary(*operator, left, right, bound),
            Expr::ShareOf { share: part, of } => match self.policy.amount(part) {
                Some(part) => share(&self.value(of, bound), part),
                None => unmeant(),
            },
            Expr::For { amount, duration } => {
                let time = self.policy.amount(duration).and_then(Amount::milliseconds);
                match self.value(amount, bound) {
                    Value::Quantity(amount) | Value::Load(amount, _) => Value::Load(amount, time),
                    other => other,
                }
            }
            Expr::Quantified { quantifier, name, set, body } => {
                self.quantified(*quantifier, name, set, body, bound)
            }
        }
    }

    fn named(&self, name: &Name, bound: &Bound) -> Value {
        if let Some((_, value)) = bound.iter().rev().find(|(known, _)| *known == name.text) {
            return value.clone();
        }
        match name.text.as_str() {
            "today" => Value::Day(self.day),
            "functions" => self.all(Role::Function),
            "backups" => self.all(Role::Backup),
            "dependencies" => self.all(Role::Dependency),
            "signals" => self.all(Role::Signal),
            _ => unmeant(),
        }
    }

    /// Everything of a role in the package.
    pub fn all(&self, role: Role) -> Value {
        let package = self.here.package(self.db);
        let files = Workspace::get(self.db).files(self.db).iter().flatten();
        let files = files.filter(|at| at.package(self.db) == package);
        let elements = files.flat_map(|at| facts(self.db, *at).elements());
        let elements = elements.filter(|e| e.role() == role).cloned().map(Value::Element);
        Value::Set(elements.collect())
    }

    pub fn field(&self, of: &Value, field: &Name) -> Value {
        match of {
            Value::Element(element) => {
                let from = Reader { db: self.db, here: self.here };
                let read = || fields::of_element(from, element, &field.text);
                match fields::is_said_by_others(element, &field.text) {
                    true => self.as_far_as_known("backup", read),
                    false => read(),
                }
            }
            Value::Test(backup, at) => {
                fields::of_test(backup, *at, Owner::Test, &field.text, self.day)
            }
            Value::Proofs(backup, at) => {
                fields::of_test(backup, *at, Owner::Proofs, &field.text, self.day)
            }
            Value::Unknown(_) | Value::Unstated(_) => of.clone(),
            _ => unmeant(),
        }
    }

    fn call(&self, callee: &Expr, arguments: &[Expr], bound: &mut Bound) -> Value {
        let (name, first) = match callee {
            Expr::Name(name) => (name, None),
            Expr::Field { of, field } => (field, Some(&**of)),
            _ => return unmeant(),
        };
        let all = first.into_iter().chain(arguments);
        let values: Vec<Value> = all.map(|argument| self.value(argument, bound)).collect();
        functions::call(self.db, (self.here, self.day), self.answers, &name.text, &values)
    }

    fn binary(&self, operator: Operator, left: &Expr, right: &Expr, bound: &mut Bound) -> Value {
        let first = self.value(left, bound);
        match (operator, first.truth()) {
            (Operator::And, Some(false)) | (Operator::Or, Some(true)) => return first,
            _ => {}
        }
        let second = self.value(right, bound);
        match operator {
            Operator::And => decided([first, second], false),
            Operator::Or => decided([first, second], true),
            Operator::In => within(&first, &second),
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => {
                reckon(operator, &first, &second)
            }
            _ => compare(operator, &first, &second),
        }
    }

    fn quantified(
        &self,
        quantifier: Quantifier,
        name: &Name,
        set: &Expr,
        body: &Expr,
        bound: &mut Bound,
    ) -> Value {
        if quantifier == Quantifier::Some
            && let Some((sought, way)) = depended::asked(name, set, body, bound)
            && let Value::Element(sought) = self.value(sought, bound)
        {
            return match depended::any(self.db, self.here, &sought, way) {
                Value::Truth(true) => Value::Truth(true),
                other => self.as_far_as_known("function that depends on it", || other),
            };
        }
        let members = match self.value(set, bound) {
            Value::Set(members) => members,
            silent @ (Value::Unknown(_) | Value::Unstated(_)) => return silent,
            _ => return unmeant(),
        };
        let mut values = members.into_iter().map(|member| {
            bound.push((name.text.clone(), member));
            let value = self.value(body, bound);
            bound.pop();
            value
        });
        match quantifier {
            Quantifier::Some => decided(values, true),
            Quantifier::Every => decided(values, false),
            Quantifier::Count => {
                let add = |held: i128, value: Value| match value.unknown() {
                    Some(why) => Err(Value::Unknown(why.into())),
                    None => Ok(held + i128::from(value.truth() == Some(true))),
                };
                values.try_fold(0, add).map_or_else(|unknown| unknown, Value::number)
            }
            Quantifier::Sum => {
                let add = |sum: Value, value: Value| reckon(Operator::Add, &sum, &value);
                values.fold(Value::number(0), add)
            }
        }
    }
}

fn unmeant() -> Value {
    Value::Unknown("this means nothing here".into())
}

/// One value that decides is enough; else one that is unknown leaves all of it unknown.
fn decided(values: impl IntoIterator<Item = Value>, by: bool) -> Value {
    let mut unknown = None;
    for value in values {
        match value {
            Value::Truth(truth) if truth == by => return Value::Truth(by),
            Value::Unknown(why) | Value::Unstated(why) => unknown = unknown.or(Some(why)),
            _ => {}
        }
    }
    unknown.map_or(Value::Truth(!by), Value::Unknown)
}

fn within(value: &Value, set: &Value) -> Value {
    let members = match (value, set) {
        _ if value.unknown().or(set.unknown()).is_some() => {
            return if value.unknown().is_some() { value.clone() } else { set.clone() };
        }
        (_, Value::Set(members)) => members,
        _ => return unmeant(),
    };
    let same = members.iter().map(|member| match value.same(member) {
        Some(same) => Value::Truth(same),
        None => Value::Unknown("these cannot be compared".into()),
    });
    decided(same, true)
}
