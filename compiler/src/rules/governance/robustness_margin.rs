//! `robustness-margin`: A dependency is made strong instead of being backed up.

use num_traits::Zero;
use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use crate::analysis::{Cut, Reason, acceptances_for, protectors_from};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::quantity::{Dimension, Number};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "robustness-margin",
    Hint,
    Governance,
    "A dependency is made strong instead of being backed up.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    for cut in &case.analysis.cuts {
        let lost = case.analysis.cone.lost(cut.loss);
        if cut.loss.sort == LossSort::Lost
            && cut.reason == Reason::Unaddressed
            && let Some(at) = strong(lost)
            && !backed_up(case, lost)
            && !accepted(case, cut)
        {
            out.refuted(finding(case, lost, at));
        }
    }
}

/// Where it is said to fail next to never: not there for at most 0.001 % of the time, or failing at
/// most once in a million hours.
fn strong(element: &Element) -> Option<Anchor> {
    let rare = |head: Head, bound: Number, dimension: Dimension| {
        let (amount, _) = element.quantity(head)?;
        let small = amount.dimension == dimension && amount.number <= bound;
        (small && amount.number >= Number::zero()).then(|| element.clause_at(head))
    };
    rare(Head::Unavailability, Number::new(1, 100_000), Dimension::default()).or_else(|| {
        let rate = Dimension::default().times(&Dimension::time(), -1);
        rare(Head::Fails, Number::new(1, 3_600_000_000), rate)
    })
}

fn backed_up(case: &FunctionCase<'_>, lost: &Element) -> bool {
    protectors_from(case.db, case.here, case.function.id).iter().any(|id| {
        let primary = case.element(*id).and_then(|backup| backup.primary().map(|p| p.id));
        primary == Some(lost.id)
    })
}

/// Whether the decision is written down already.
fn accepted(case: &FunctionCase<'_>, cut: &Cut) -> bool {
    let loss = case.loss(cut.loss);
    acceptances_for(case.db, case.here).iter().any(|acceptance| {
        let functions = acceptance.functions();
        acceptance.losses().contains(&loss)
            && (functions.is_empty() || functions.contains(&case.function.id))
    })
}

fn finding(case: &FunctionCase<'_>, lost: &Element, at: Anchor) -> Diagnostic {
    let (name, function) = (lost.name(), case.function.name());
    let message = format!(
        "`{name}` is made strong and has no substitute: that is a robustness margin, not a backup"
    );
    Diagnostic::new(&RULE, at, message)
        .here("said to fail next to never")
        .also(case.function.name_at(), format!("`{function}` ends with it all the same"))
        .note("a margin makes the loss rare; what happens on the day of the loss is still not said")
        .help(format!(
            "if the margin is the decision, write it down: `accept loss of {name} for {function} {{ … }}`"
        ))
}
