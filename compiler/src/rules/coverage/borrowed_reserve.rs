//! `borrowed-reserve`: What is lent does not come back in time, and without it too little is left.

use rbp_grammar::ast::{Args, LossSort};
use rbp_grammar::head::Head;

use crate::analysis::{demanded, effective_share};
use crate::diagnostic::Diagnostic;
use crate::quantity::{Number, duration_words};
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "borrowed-reserve",
    Error,
    Coverage,
    "What is lent does not come back in time, and without it too little is left.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, function) = (case.backup, &case.function);
    let Some(clause) = backup.clause(Head::Lends) else { return };
    let Args::Lends { share, recall, .. } = &clause.args else { return };
    if effective_share(backup, function) == Number::from_integer(1) || enough_is_left(case) {
        return out.proved();
    }
    let Some(rto) = function.objective(Head::Rto, LossSort::Lost, function) else {
        // `function-without-rto` tells.
        return out.undecided();
    };
    let (name, of) = (backup.name(), function.name());
    let message = match recall.as_ref().and_then(|r| backup.timed(r)) {
        Some(recall) => format!(
            "{share} of `{name}` is lent and comes back within {}, and `{of}` must be back within {}",
            duration_words(recall.ms),
            duration_words(rto.ms)
        ),
        None => format!("{share} of `{name}` is lent, and nothing says how soon it comes back"),
    };
    let mut finding = Diagnostic::new(&RULE, backup.at(clause.span), message)
        .here("what is lent does not count")
        .also(rto.at, format!("`{of}` must be back within this"));
    if let (Some(covers), Some((_, wanted))) = (backup.load(Head::Covers), demanded(function)) {
        finding = finding.also(covers.at, "this is what it carries in full").note(format!(
            "what is left is less than the {} that `{of}` cannot go below",
            wanted.written
        ));
    }
    out.refuted(finding.help("lend less, call it back sooner, or keep it `reserved`"));
}

/// Whether the part that is not lent suffices.
fn enough_is_left(case: &PairCase<'_>) -> bool {
    let (Some(covers), Some((_, wanted))) =
        (case.backup.load(Head::Covers), demanded(&case.function))
    else {
        return false;
    };
    let share = effective_share(case.backup, &case.function);
    covers.amount.dimension == wanted.amount.dimension
        && num_traits::CheckedMul::checked_mul(&covers.amount.number, &share)
            .is_some_and(|left| left >= wanted.amount.number)
}
