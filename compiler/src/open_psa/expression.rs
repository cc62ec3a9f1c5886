//! What basic events say of their probabilities.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::document::{Document, Fault};

/// How deep expressions and parameters may build on one another.
const MAX_DEPTH: usize = 200;

/// Works out expressions; parameters by name.
pub(super) struct Values<'a> {
    pub document: &'a Document,
    /// The elements that hold the parameters' expressions.
    pub parameters: FxHashMap<String, usize>,
    /// How long the mission lasts, where it is said.
    pub mission: Option<f64>,
    /// What parameters came to: each is worked out once, however many rest on it.
    known: RefCell<FxHashMap<usize, f64>>,
}

impl<'a> Values<'a> {
    pub fn new(
        document: &'a Document,
        parameters: FxHashMap<String, usize>,
        mission: Option<f64>,
    ) -> Values<'a> {
        Values { document, parameters, mission, known: RefCell::default() }
    }

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
                let known = self.known.borrow().get(&of).copied();
                match known {
                    Some(value) => value,
                    None => {
                        let value = self.expression(of, depth + 1)?;
                        self.known.borrow_mut().insert(of, value);
                        value
                    }
                }
            }
            "system-mission-time" => self.mission.ok_or_else(|| {
                let message = "how long the mission lasts is stated nowhere; \
                               say it with `--mission-time`, in the unit of time of the file's rates";
                Fault::new(element.at, message)
            })?,
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

#[cfg(test)]
mod tests {
    use crate::open_psa::read;

    /// Each parameter asks twice for the one before: worked out anew each time, that would take for ever.
    #[test]
    fn what_many_ask_for_is_worked_out_once() {
        let twice = |at: usize| {
            let before = format!("<parameter name=\"p{}\"/>", at - 1);
            format!(
                "<define-parameter name=\"p{at}\"><add>{before}{before}</add></define-parameter>"
            )
        };
        let text = format!(
            "<opsa-mef><define-fault-tree name=\"t\"><define-gate name=\"top\"><basic-event name=\"a\"/>\
             </define-gate></define-fault-tree><model-data><define-basic-event name=\"a\">\
             <parameter name=\"p90\"/></define-basic-event><define-parameter name=\"p0\">\
             <float value=\"1e-30\"/></define-parameter>{}</model-data></opsa-mef>",
            (1..=90).map(twice).collect::<String>()
        );
        let model = read(&text, None).map_err(|fault| fault.message);
        let probability = model.map(|model| model.probabilities);
        assert_eq!(probability, Ok(vec![Some(1e-30 * f64::powi(2.0, 90))]));
    }
}
