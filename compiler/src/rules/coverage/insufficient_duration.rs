//! `insufficient-duration`: A backup does not last as long as it must.

use rbp_grammar::head::Head;

use crate::analysis::{demanded, endurance_wanted, holds_out_for};
use crate::diagnostic::Diagnostic;
use crate::model::LoadView;
use crate::names::ItemId;
use crate::quantity::duration_words;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "insufficient-duration",
    Error,
    Coverage,
    "A backup does not last as long as it must.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let until = holds_out_for(case.db, case.here, case.backup);
    if let Some(until) = until.filter(|until| !case.analysis.cone.stands_in(*until)) {
        return out.refuted(unheld(case, until));
    }
    let Some(wanted) = endurance_wanted(&case.function, case.primary.as_deref()) else { return };
    let Some(covers) = case.backup.load(Head::Covers) else {
        // `insufficient-load` says what to add.
        return out.undecided();
    };
    let Some(lasts) = covers.duration else {
        if case.backup.is_partial() {
            // What it states may be what could not be read.
            return out.undecided();
        }
        return out.unknown(unsaid(case, &covers, wanted));
    };
    match covers.resupply {
        Some((_, within)) if within.ms <= lasts.ms => out.proved(),
        _ if lasts.ms >= wanted => out.proved(),
        resupply => {
            let finding = short(case, &covers, lasts.ms, wanted);
            out.refuted(match resupply {
                Some((by, within)) => finding.note(format!(
                    "`{}` brings more only within {}, after it has run out",
                    by.text,
                    duration_words(within.ms)
                )),
                None => finding,
            });
        }
    }
}

/// It holds out until another is there that is of no use to the function.
fn unheld(case: &PairCase<'_>, until: ItemId) -> Diagnostic {
    let (name, function) = (case.backup.name(), case.function.name());
    let until = case.element(until).map_or(String::new(), |until| until.name().to_owned());
    let message = format!(
        "`{name}` holds out until `{until}` is there, and `{until}` does not count for `{function}`"
    );
    let at = case.backup.clause_at(Head::Covers);
    Diagnostic::new(&RULE, at, message).here("this counts on it").help(format!(
        "let `{until}` protect `{function}` and cover as much, or name one that does"
    ))
}

fn unsaid(case: &PairCase<'_>, covers: &LoadView<'_>, wanted: u64) -> Diagnostic {
    let name = case.backup.name();
    let finding =
        Diagnostic::new(&RULE, covers.at, format!("nothing says for how long `{name}` lasts"))
            .help(format!("state it, for example `for {}`", duration_words(wanted)));
    because(case, finding)
}

fn short(case: &PairCase<'_>, covers: &LoadView<'_>, lasts: u64, wanted: u64) -> Diagnostic {
    let message = format!(
        "`{}` lasts {}, and must last {}",
        case.backup.name(),
        duration_words(lasts),
        duration_words(wanted)
    );
    let finding = Diagnostic::new(&RULE, covers.at, message)
        .here("this is too short")
        .help("keep more, or arrange a resupply: `resupplied by … within …`");
    because(case, finding)
}

/// Where the duration that is wanted comes from.
fn because(case: &PairCase<'_>, finding: Diagnostic) -> Diagnostic {
    let function = &case.function;
    let demand = demanded(function)
        .map(|(_, load)| load)
        .filter(|load| load.duration.is_some())
        .or_else(|| function.load(Head::Demand));
    let finding = match demand.and_then(|load| load.duration) {
        Some(timed) => finding.also(timed.at, format!("`{}` demands this", function.name())),
        None => finding,
    };
    match case.primary.as_ref().and_then(|p| p.duration(Head::RepairedWithin)) {
        Some(timed) => finding.also(timed.at, "until then the primary is repaired"),
        None => finding,
    }
}
