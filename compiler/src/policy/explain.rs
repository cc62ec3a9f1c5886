//! Why a rule fails: the expressions that do not hold, each with the values in it.

use rbp_grammar::ast::{Expr, Name, Operator, Quantifier};

use super::eval::{Bound, Judge};
use super::text::written;
use super::value::Value;

/// The most lines of an explanation.
const MAX_LINES: usize = 12;

impl Judge<'_> {
    /// The parts of a condition that do not hold, a line each.
    pub fn explain(&self, condition: &Expr, bound: &mut Bound) -> Vec<String> {
        let mut lines = Vec::new();
        self.tell(condition, true, bound, "", &mut lines);
        if lines.len() > MAX_LINES {
            let more = lines.len() - MAX_LINES;
            lines.truncate(MAX_LINES);
            lines.push(format!("and {more} more"));
        }
        lines
    }

    /// Tells why an expression is not as wanted.
    fn tell(
        &self,
        expr: &Expr,
        wanted: bool,
        bound: &mut Bound,
        prefix: &str,
        lines: &mut Vec<String>,
    ) {
        let value = self.value(expr, bound);
        if value.truth() == Some(wanted) || lines.len() > 4 * MAX_LINES {
            return;
        }
        match expr {
            Expr::Not(of) => self.tell(of, !wanted, bound, prefix, lines),
            Expr::Binary { operator: Operator::And | Operator::Or, left, right } => {
                self.tell(left, wanted, bound, prefix, lines);
                self.tell(right, wanted, bound, prefix, lines);
            }
            Expr::Quantified {
                quantifier: Quantifier::Some | Quantifier::Every,
                name,
                set,
                body,
            } => self.tell_each((name, set, body), wanted, bound, prefix, lines),
            _ => {
                let parts = self.parts(expr, bound);
                let parts = if parts.is_empty() { String::new() } else { format!(": {parts}") };
                let is = match value {
                    Value::Unknown(_) | Value::Unstated(_) => "is unknown",
                    Value::Truth(true) => "holds",
                    _ => "does not hold",
                };
                lines.push(format!("{prefix}`{}` {is}{parts}", written(expr)));
            }
        }
    }

    fn tell_each(
        &self,
        (name, set, body): (&Name, &Expr, &Expr),
        wanted: bool,
        bound: &mut Bound,
        prefix: &str,
        lines: &mut Vec<String>,
    ) {
        match self.value(set, bound) {
            Value::Set(members) if members.is_empty() => {
                lines.push(format!("{prefix}`{}` is empty", written(set)));
            }
            Value::Set(members) => {
                for member in members {
                    let prefix = format!("{prefix}{} = {}: ", name.text, member.words());
                    bound.push((name.text.clone(), member));
                    self.tell(body, wanted, bound, &prefix, lines);
                    bound.pop();
                }
            }
            other => lines.push(format!("{prefix}`{}` is {}", written(set), other.words())),
        }
    }

    /// The values in a comparison, or of what holds or does not.
    fn parts(&self, expr: &Expr, bound: &mut Bound) -> String {
        let mut shown: Vec<(String, String)> = Vec::new();
        self.gather(expr, bound, true, &mut shown);
        let each = shown.into_iter().map(|(text, value)| format!("`{text}` is {value}"));
        each.collect::<Vec<_>>().join(", ")
    }

    fn gather(
        &self,
        expr: &Expr,
        bound: &mut Bound,
        whole: bool,
        shown: &mut Vec<(String, String)>,
    ) {
        match expr {
            Expr::Binary { left, right, operator } => {
                self.gather(left, bound, false, shown);
                self.gather(right, bound, false, shown);
                let sum = matches!(
                    operator,
                    Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide
                );
                if sum {
                    self.show(expr, bound, shown);
                }
            }
            Expr::ShareOf { of, .. } | Expr::Negate(of) => {
                self.gather(of, bound, false, shown);
                self.show(expr, bound, shown);
            }
            Expr::For { amount, .. } => self.gather(amount, bound, false, shown),
            Expr::Field { .. } | Expr::Quantified { .. } | Expr::Name(_) => {
                self.show(expr, bound, shown);
            }
            Expr::Call { arguments, .. } => {
                arguments.iter().for_each(|argument| self.gather(argument, bound, false, shown));
                if !whole {
                    self.show(expr, bound, shown);
                }
            }
            Expr::Text(_) | Expr::Quantity(_) | Expr::Date(_) | Expr::Not(_) => {}
        }
    }

    fn show(&self, expr: &Expr, bound: &mut Bound, shown: &mut Vec<(String, String)>) {
        let (text, value) = (written(expr), self.value(expr, bound).words());
        if text != value && !shown.iter().any(|(known, _)| *known == text) {
            shown.push((text, value));
        }
    }
}
