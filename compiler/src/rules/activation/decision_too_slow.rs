//! `decision-too-slow`: Nobody who may decide does so in time.

use rbp_grammar::head::Head;

use crate::analysis::{decision_bound, held_by};
use crate::diagnostic::Diagnostic;
use crate::model::Activation;
use crate::quantity::duration_words;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "decision-too-slow",
    Error,
    Activation,
    "Nobody who may decide does so in time.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let succession = activation.succession();
    if succession.is_empty() {
        return;
    }
    let bounds: Vec<Option<u64>> =
        (0..succession.len()).map(|number| decision_bound(&succession, number)).collect();
    if case.backup.is_partial() && bounds.contains(&None) {
        // What it states may be what could not be read.
        return out.undecided();
    }
    if let Some(number) = bounds.iter().position(Option::is_none) {
        let who = succession.get(number).map_or(activation.at, |step| step.who.at);
        return out.unknown(unbounded(&activation, who));
    }
    let Some(rto) = case.objective(Head::Rto) else {
        // `function-without-rto` tells.
        return out.undecided();
    };
    // What holds out until then gives it more time.
    let held = held_by(case.db, case.here, case.backup, case.function.id);
    let rto = held
        .iter()
        .map(|(_, within)| *within)
        .min_by_key(|w| w.ms)
        .map_or(rto, |within| if within.ms > rto.ms { within } else { rto });
    let fastest = bounds.iter().flatten().min().copied().unwrap_or(0);
    if fastest <= rto.ms {
        return out.proved();
    }
    let message = match held.is_empty() {
        true => format!(
            "the decision on `{}` may take {}, and `{}` must be back within {}",
            case.backup.name(),
            duration_words(fastest),
            case.function.name(),
            duration_words(rto.ms)
        ),
        false => format!(
            "the decision on `{}` may take {}, and it is waited for no longer than {}",
            case.backup.name(),
            duration_words(fastest),
            duration_words(rto.ms)
        ),
    };
    out.refuted(
        Diagnostic::new(&RULE, activation.clause_at(Head::By), message)
            .here("nobody here is held to a shorter time")
            .also(rto.at, "the time is up by then")
            .help("bind the decision to a shorter time, or let a controller decide: `by automatic on …`"),
    );
}

fn unbounded(activation: &Activation<'_>, who: crate::diagnostic::Anchor) -> Diagnostic {
    let message =
        format!("nothing says how soon the decision on `{}` is made", activation.backup.name());
    Diagnostic::new(&RULE, who, message)
        .here("decides in a time that is not stated")
        .note("the time counts from the moment the trigger is met; whoever has no bound must decide before the next in the order is asked")
        .help("state it: `within …`")
}
