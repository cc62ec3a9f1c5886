//! `insufficient-quality`: A backup serves less well than the function may be served.

use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use crate::analysis::endurance_wanted;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::quantity::duration_words;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "insufficient-quality",
    Error,
    Coverage,
    "A backup serves less well than the function may be served.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, function) = (case.backup, &case.function);
    let Some((at, less)) = degraded(case) else {
        if backup.has(Head::CoversQuality) {
            out.proved();
        }
        return;
    };
    let (name, of) = (backup.name(), function.name());
    let Some(allowed) = function.duration(Head::MayDegrade) else {
        if function.has(Head::MayDegrade) || !backup.has(Head::CoversQuality) {
            // A bound that could not be read; or less load, which `minimum` allows.
            return;
        }
        let message = format!("`{name}` serves degraded, and `{of}` may not degrade");
        return out.refuted(
            Diagnostic::new(&RULE, at, message)
                .here(less)
                .also(function.name_at(), format!("`{of}` does not say that it may degrade"))
                .note(format!("`{name}` does not count as a backup of `{of}`"))
                .help("keep a backup that serves in full, or allow it for a time: `may degrade for …`"),
        );
    };
    let Some(used) = endurance_wanted(function, case.primary.as_deref()) else {
        let primary = case.primary.as_ref().map_or("the primary", |p| p.name());
        return out.unknown(
            Diagnostic::new(
                &RULE,
                at,
                format!("nothing says for how long `{name}` would serve degraded"),
            )
            .here(less)
            .also(allowed.at, format!("`{of}` may degrade for {}", duration_words(allowed.ms)))
            .help(format!("state how soon `{primary}` is back: `repaired within …`")),
        );
    };
    if used <= allowed.ms {
        return out.proved();
    }
    let message = format!(
        "`{name}` would serve degraded for {}, and `{of}` may degrade for {}",
        duration_words(used),
        duration_words(allowed.ms)
    );
    out.refuted(
        Diagnostic::new(&RULE, at, message)
            .here(less)
            .also(allowed.at, "this is the limit")
            .help("have the primary repaired sooner (`repaired within …`), or keep a backup that serves in full"),
    );
}

/// Where the backup says that it gives less than is asked in ordinary times, and what is less.
fn degraded(case: &PairCase<'_>) -> Option<(Anchor, String)> {
    let backup = case.backup;
    for clause in backup.clauses(Head::CoversQuality) {
        if let Args::Quality { degraded: Some(text) } = &clause.args {
            return Some((backup.at(clause.span), text.text.to_string()));
        }
    }
    let (covers, demand) = (backup.load(Head::Covers)?, case.function.load(Head::Demand)?);
    let comparable = covers.amount.dimension == demand.amount.dimension;
    let less = comparable && covers.amount.number < demand.amount.number;
    less.then(|| (covers.at, format!("less than the {} of ordinary times", demand.written)))
}
