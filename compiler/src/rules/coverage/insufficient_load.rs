//! `insufficient-load`: A backup carries less than the function cannot do without.

use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use crate::analysis::demanded;
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::rules::language::dimension_mismatch::{Side, between};
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "insufficient-load",
    Error,
    Coverage,
    "A backup carries less than the function cannot do without.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, function) = (case.backup, &case.function);
    let (name, of) = (backup.name(), function.name());
    match (demanded(function), backup.load(Head::Covers)) {
        (None, _) if function.has(Head::Demand) || function.has(Head::Minimum) => out.undecided(),
        (_, None) if backup.has(Head::Covers) => out.undecided(),
        (Some((head, wanted)), Some(covers)) => {
            let (carried, least) = (Side::of(Head::Covers, &covers), Side::of(head, &wanted));
            if let Some(mismatch) = between(&carried, &least) {
                return out.unknown(mismatch);
            }
            if covers.amount.number >= wanted.amount.number {
                return out.proved();
            }
            let least = if head == Head::Minimum { "cannot go below" } else { "demands" };
            let message = format!(
                "`{name}` carries {}, and `{of}` {least} {}",
                covers.written, wanted.written
            );
            out.refuted(
                Diagnostic::new(&RULE, covers.at, message)
                    .here("this is less")
                    .also(wanted.at, format!("than `{of}` {least}"))
                    .note(format!("`{name}` does not count as a backup of `{of}`"))
                    .help("keep a larger one, or let the function go on with less: `minimum …`"),
            );
        }
        (Some((_, wanted)), None) => out.unknown(
            Diagnostic::new(
                &RULE,
                backup.clause_at(Head::CoversQuality),
                format!("nothing says how much of `{of}` its backup `{name}` carries"),
            )
            .also(wanted.at, "this is demanded")
            .help(format!("state it, for example `covers {}`", wanted.written)),
        ),
        (None, Some(covers)) => out.unknown(
            Diagnostic::new(
                &RULE,
                function.name_at(),
                format!(
                    "nothing says how much `{of}` demands, so `{name}` cannot be compared with it"
                ),
            )
            .also(covers.at, format!("`{name}` carries this"))
            .help(format!("state it, for example `demand {}`", covers.written)),
        ),
        (None, None) if is_full(backup) => out.proved(),
        (None, None) => out.unknown(
            Diagnostic::new(
                &RULE,
                backup.name_at(),
                format!("nothing says how much of `{of}` its backup `{name}` carries"),
            )
            .help("say `covers full`, or state what is demanded and what is covered"),
        ),
    }
}

fn is_full(backup: &Element) -> bool {
    backup
        .clauses(Head::CoversQuality)
        .any(|clause| matches!(clause.args, Args::Quality { degraded: None }))
}
