//! `cut-set-within-tolerance`: Losses that a function says it survives end it together.

use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use crate::analysis::Loss;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Tolerance;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "cut-set-within-tolerance",
    Error,
    SinglePoints,
    "Losses that a function says it survives end it together.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let analysis = case.analysis;
    if analysis.order < 2 {
        // One loss at a time is judged by the rules on single losses.
        return;
    }
    let mut found = false;
    for set in &analysis.larger {
        if let Some((claim, at)) = claim(case, set) {
            found = true;
            out.refuted_by(
                set.iter().map(|loss| case.loss(*loss)).collect(),
                finding(case, set, &claim, at),
            );
        }
    }
    if analysis.complete_to < analysis.order {
        let at = case.function.clause_at(Head::Survives);
        let message = format!(
            "`{}` says it survives any {} losses; only up to {} could be searched",
            case.function.name(),
            analysis.order,
            analysis.complete_to
        );
        out.unknown(
            Diagnostic::new(&RULE, at, message)
                .note("the function rests on too many elements for this order"),
        );
    } else if !found {
        out.proved();
    }
}

/// The claim that a set of losses breaks, and where it is made.
fn claim(case: &FunctionCase<'_>, set: &[Loss]) -> Option<(String, Anchor)> {
    let function = case.function;
    let general = |order: u32| set.len() as u32 <= order;
    let tolerances = function.tolerances();
    let stated = tolerances.iter().find_map(|tolerance| match tolerance {
        Tolerance::Any { order, kind: None, at } if general(*order) => {
            Some((format!("any {order} losses"), *at))
        }
        Tolerance::Any { order, kind: Some((name, Some(kind))), at } if general(*order) => {
            let all = set.iter().all(|loss| {
                let lost = case.analysis.cone.lost(*loss);
                loss.sort == LossSort::Lost
                    && lost.lineage.as_ref().is_some_and(|l| l.descends_from(*kind))
            });
            all.then(|| (format!("any {order} losses of the kind `{}`", name.text), *at))
        }
        _ => None,
    });
    let silent = !tolerances.iter().any(|t| matches!(t, Tolerance::Any { kind: None, .. }));
    // Where the function makes no general claim, the package's own holds.
    let default = silent && case.default_order() >= set.len() as u32;
    stated.or_else(|| {
        default.then(|| {
            (format!("any {} losses, as `rbp.toml` says", case.default_order()), function.name_at())
        })
    })
}

fn finding(case: &FunctionCase<'_>, set: &[Loss], claim: &str, at: Anchor) -> Diagnostic {
    let cone = &case.analysis.cone;
    let words: Vec<String> = set.iter().map(|loss| cone.loss_words(*loss)).collect();
    let message = format!(
        "{} together end `{}`, which says it survives {claim}",
        words.join(" and "),
        case.function.name()
    );
    let mut finding = Diagnostic::new(&RULE, at, message);
    for loss in set {
        let lost = cone.lost(*loss);
        finding = finding.also(lost.name_at(), format!("`{}` is declared here", lost.name()));
    }
    finding.help("add a backup that needs none of them, or claim less")
}
