//! `untested-coverage`: A backup is counted on for more than any passed test has shown.

use rbp_grammar::ast::Proof;
use rbp_grammar::head::Head;

use super::{evidence, held, starts_as_kept};
use crate::analysis::endurance_wanted;
use crate::diagnostic::Diagnostic;
use crate::model::{LoadView, Test};
use crate::quantity::{Amount, duration_words};
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "untested-coverage",
    Error,
    Maintenance,
    "A backup is counted on for more than any passed test has shown.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, function) = (case.backup, &case.function);
    let wanted = function.load(Head::Demand).or_else(|| function.load(Head::Minimum));
    let (Some(wanted), Some(covers)) = (wanted, backup.load(Head::Covers)) else {
        // `insufficient-load` says what is missing, if anything is.
        return;
    };
    if covers.amount.dimension != wanted.amount.dimension {
        return out.undecided();
    }
    if !backup.tests().iter().any(|test| held(test, case.as_of).is_some()) {
        // `untested-backup` tells.
        return out.undecided();
    }
    let less = covers.amount.number < wanted.amount.number;
    let claim = Claim { load: if less { covers } else { wanted }, time: time(case, &covers) };
    let counting = evidence(backup, case.as_of).filter(starts_as_kept);
    let proved: Vec<Shown<'_>> = counting.flat_map(shown).collect();
    if proved.iter().any(|shown| claim.is_met(shown)) {
        return out.proved();
    }
    let words = match claim.time {
        Some(time) => format!("{} for {}", claim.load.written, duration_words(time)),
        None => claim.load.written.to_string(),
    };
    let message = format!(
        "`{}` counts on `{}` for {words}, and no passed test has shown that",
        function.name(),
        backup.name()
    );
    let mut finding = Diagnostic::new(&RULE, covers.at, message)
        .here("this is what it is said to carry")
        .also(wanted.at, format!("`{}` demands this", function.name()));
    for shown in &proved {
        let place = shown.test.clause_at(Head::Proves);
        finding = finding
            .also(place, format!("the test `{}` shows {}", shown.test.name.text, shown.words));
    }
    if proved.is_empty() {
        finding = finding.note("no test that passed, counts and is more than talk shows any load");
    }
    out.refuted(
        finding
            .help("test it at that load for that long, or accept the gap with a reason and an end"),
    );
}

/// What must have been shown.
struct Claim<'a> {
    load: LoadView<'a>,
    time: Option<u64>,
}

/// What a test has shown.
struct Shown<'a> {
    test: Test<'a>,
    amount: Amount,
    ms: Option<u64>,
    words: String,
}

impl Claim<'_> {
    fn is_met(&self, shown: &Shown<'_>) -> bool {
        shown.amount.dimension == self.load.amount.dimension
            && shown.amount.number >= self.load.amount.number
            && self.time.is_none_or(|time| shown.ms.is_some_and(|ms| ms >= time))
    }
}

/// For how long it is counted on by itself: until it is resupplied, if it is.
fn time(case: &PairCase<'_>, covers: &LoadView<'_>) -> Option<u64> {
    let wanted = endurance_wanted(&case.function, case.primary.as_deref())?;
    Some(covers.duration.map_or(wanted, |lasts| lasts.ms.min(wanted)))
}

fn shown(test: Test<'_>) -> Vec<Shown<'_>> {
    let loads = test.proofs().iter().filter_map(|proof| match proof {
        Proof::Load { amount, duration } => Some((amount, duration)),
        Proof::Aspect(_) => None,
    });
    let shown = loads.filter_map(|(amount, duration)| {
        let ms = duration.as_ref().and_then(|d| test.backup.timed(d)).map(|d| d.ms);
        let words = match duration {
            Some(duration) => format!("{amount} for {duration}"),
            None => amount.to_string(),
        };
        Some(Shown { test, amount: test.backup.amount(amount)?.clone(), ms, words })
    });
    shown.collect()
}
