//! What becomes of a function after some losses, by the checker's own evaluator.

use crate::logic::day::day;
use crate::logic::model::Model;
use crate::verify::survive::Survival;
use crate::verify::whole;
use crate::{Loss, RuleSet};

/// How soon a function is back after exactly these losses, in milliseconds; nothing where they end it. Costs what the
/// function rests on.
///
/// # Errors
///
/// Where the document does not hold together, or the function or a loss is not in it.
pub fn after(rules: &RuleSet, function: &str, losses: &[Loss]) -> Result<Option<u64>, String> {
    let model = Model::of(rules, day(&rules.as_of).unwrap_or(0));
    if let Some(fault) = model.faults.iter().cloned().chain(whole::faults(&model)).next() {
        return Err(fault);
    }
    let id = model.find(function).ok_or_else(|| format!("`{function}` is not in the document"))?;
    let named = model.items[id].function.ok_or_else(|| format!("`{function}` is no function"))?;
    let survival = Survival::of(&model, named, id);
    let numbers: Vec<usize> = losses.iter().filter_map(|loss| survival.number(loss)).collect();
    Ok(survival.exactly(&numbers))
}
