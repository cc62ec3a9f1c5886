//! `cut-set-within-tolerance`: Losses that a function says it survives end it together.

use rbp_grammar::head::Head;

use crate::analysis::{Claim, Loss};
use crate::diagnostic::Diagnostic;
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
        if let Some(claim) = analysis.cone.claim(case.default_order(), set) {
            found = true;
            out.refuted_by(
                set.iter().map(|loss| case.loss(*loss)).collect(),
                finding(case, set, &claim),
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

fn finding(case: &FunctionCase<'_>, set: &[Loss], claim: &Claim) -> Diagnostic {
    let cone = &case.analysis.cone;
    let words: Vec<String> = set.iter().map(|loss| cone.loss_words(*loss)).collect();
    let message = format!(
        "{} together end `{}`, which says it survives {}",
        words.join(" and "),
        case.function.name(),
        claim.words
    );
    let mut finding = Diagnostic::new(&RULE, claim.at, message);
    for loss in set {
        let lost = cone.lost(*loss);
        finding = finding.also(lost.name_at(), format!("`{}` is declared here", lost.name()));
    }
    finding.help("add a backup that needs none of them, or claim less")
}
