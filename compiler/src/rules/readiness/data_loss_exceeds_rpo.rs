//! `data-loss-exceeds-rpo`: A copy may be further behind than the function may lose.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::quantity::duration_words;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "data-loss-exceeds-rpo",
    Error,
    Readiness,
    "A copy may be further behind than the function may lose.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, function) = (case.backup, &case.function);
    let Some(primary) = case.primary.as_ref().filter(|p| p.is("record")) else { return };
    let Some(lag) = backup.duration(Head::LagWithin) else {
        // `missing-freshness` tells.
        return out.undecided();
    };
    let (name, of) = (backup.name(), function.name());
    let Some(rpo) = case.objective(Head::Rpo) else {
        if function.has(Head::Rpo) {
            return out.undecided();
        }
        let message =
            format!("nothing says how much of `{}` the function `{of}` may lose", primary.name());
        return out.unknown(
            Diagnostic::new(&RULE, function.name_at(), message)
                .also(lag.at, format!("`{name}` may be {} behind", duration_words(lag.ms)))
                .help("state its recovery point objective, for example `rpo 5min`"),
        );
    };
    let delay = backup.duration(Head::DelayedBy);
    let behind = lag.ms.saturating_add(delay.map_or(0, |delay| delay.ms));
    if behind <= rpo.ms {
        return out.proved();
    }
    let message = format!(
        "`{name}` may be {} behind, and `{of}` may lose no more than {}",
        duration_words(behind),
        duration_words(rpo.ms)
    );
    let mut finding = Diagnostic::new(&RULE, lag.at, message)
        .here("this is too far")
        .also(rpo.at, "this is the limit");
    if let Some(delay) = delay {
        finding = finding.also(delay.at, "and it is kept behind by this on purpose");
    }
    out.refuted(
        finding.help("copy more often, or agree on a longer RPO; `rpo … on corruption` may differ"),
    );
}
