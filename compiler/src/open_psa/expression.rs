//! What basic events say of their probabilities.

use rustc_hash::FxHashMap;

use super::document::{Document, Fault};

/// How deep expressions and parameters may build on one another.
const MAX_DEPTH: usize = 200;

/// Works out expressions; parameters by name.
pub(super) struct Values<'a> {
    pub document: &'a Document,
    /// The elements that hold the parameters' expressions.
    pub parameters: FxHashMap<String, usize>,
}

impl Values<'_> {
    pub fn value(&self, at: usize) -> Result<f64, Fault> {
        self.expression(at, 0)
    }

    fn expression(&self, at: usize, depth: usize) -> Result<f64, Fault> {
        let element = &self.document.elements[at];
        if depth > MAX_DEPTH {
            return Err(Fault::new(
                element.at,
                "this expression is nested too deep, or rests on itself",
            ));
        }
        let operands = || -> Result<Vec<f64>, Fault> {
            self.document.children(at).map(|child| self.expression(child, depth + 1)).collect()
        };
        let value = match element.name.as_str() {
            "float" | "int" => {
                let text = element.required("value")?;
                text.trim()
                    .parse()
                    .map_err(|_| Fault::new(element.at, format!("`{text}` is no number")))?
            }
            "parameter" => {
                let name = element.required("name")?;
                let unknown = || Fault::new(element.at, format!("no parameter is called `{name}`"));
                let of = *self.parameters.get(name).ok_or_else(unknown)?;
                self.expression(of, depth + 1)?
            }
            "system-mission-time" => {
                let message = "how long the mission lasts is stated nowhere; write it as a number";
                return Err(Fault::new(element.at, message));
            }
            "exponential" => match operands()?[..] {
                [rate, time] if rate >= 0.0 && time >= 0.0 => -(-rate * time).exp_m1(),
                [_, _] => return Err(Fault::new(element.at, "a rate or a time below zero")),
                _ => return Err(Fault::new(element.at, "`<exponential>` takes a rate and a time")),
            },
            "neg" => -operands()?.first().copied().unwrap_or(0.0),
            "add" => operands()?.into_iter().sum(),
            "mul" => operands()?.into_iter().product(),
            "sub" => folded(&operands()?, |a, b| a - b),
            "div" => folded(&operands()?, |a, b| a / b),
            other => {
                return Err(Fault::new(
                    element.at,
                    format!("`<{other}>` is no expression that is read"),
                ));
            }
        };
        match value.is_finite() {
            true => Ok(value),
            false => Err(Fault::new(element.at, "this expression has no value")),
        }
    }
}

fn folded(operands: &[f64], step: impl Fn(f64, f64) -> f64) -> f64 {
    operands.iter().copied().reduce(step).unwrap_or(0.0)
}
