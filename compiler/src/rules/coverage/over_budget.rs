//! `over-budget`: The backups of a function cost more than its budget.

use std::sync::Arc;

use num_traits::CheckedAdd;
use rbp_grammar::head::Head;

use crate::analysis::protectors_from;
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::quantity::{Number, in_unit_of};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "over-budget",
    Error,
    Governance,
    "The backups of a function cost more than its budget.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let function = case.function;
    let Some((budget, written)) = function.quantity(Head::Budget) else { return };
    let backups: Vec<Arc<Element>> = protectors_from(case.db, case.here, function.id)
        .iter()
        .filter_map(|id| case.element(*id))
        .collect();
    let mut sum = Number::from_integer(0);
    let mut unclear: Vec<&Arc<Element>> = Vec::new();
    for backup in &backups {
        let cost = backup.quantity(Head::Cost).filter(|(c, _)| c.dimension == budget.dimension);
        match cost.and_then(|(cost, _)| sum.checked_add(&cost.number)) {
            Some(more) => sum = more,
            None => unclear.push(backup),
        }
    }
    let at = function.at(written.span);
    let name = function.name();
    if sum > budget.number {
        let cost = in_unit_of(&sum, budget, written).unwrap_or_else(|| "more".into());
        let message = format!("the backups of `{name}` cost {cost}, and its budget is {written}");
        let mut finding = Diagnostic::new(&RULE, at, message).here("this is exceeded");
        for backup in &backups {
            if let Some((_, cost)) = backup.quantity(Head::Cost) {
                finding = finding.also(
                    backup.clause_at(Head::Cost),
                    format!("`{}` costs {cost}", backup.name()),
                );
            }
        }
        return out.refuted(finding.help("find the money, or a cheaper backup"));
    }
    if let Some(backup) = unclear.first() {
        let message = match backup.has(Head::Cost) {
            true => format!(
                "what `{}` costs and the budget of `{name}` cannot be compared",
                backup.name()
            ),
            false => format!(
                "`{name}` has a budget, and its backup `{}` does not say what it costs",
                backup.name()
            ),
        };
        return out.unknown(
            Diagnostic::new(&RULE, backup.clause_at(Head::Cost), message)
                .also(at, "this is the budget")
                .help("state both as money over the same time, such as `cost 41000 EUR/year`"),
        );
    }
    out.proved();
}
