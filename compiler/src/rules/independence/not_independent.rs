//! `not-independent`: What is declared independent shares something.

use rbp_grammar::head::Head;

use crate::analysis::{Rests, common_controller, rests_from};
use crate::diagnostic::Diagnostic;
use crate::model::{Element, Ref};
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "not-independent",
    Error,
    Independence,
    "What is declared independent shares something.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    for claim in case.backup.named(Head::IndependentOf) {
        // What puts it to work is another matter: `shared-activation-path` looks at that.
        let own = Rests::of(case.db, case.here, &rests_from(case.backup), |_| true);
        let other = Rests::of(case.db, case.here, &[claim.id], |_| true);
        // What is first found is what both rest on; a principal that controls both comes after that.
        let resting = own.elements.iter().find(|element| other.has(element.id)).cloned();
        let controller = || {
            let controller = case.element(common_controller(&own, &other)?)?;
            Some((controller, "are in the hands of"))
        };
        match resting.map(|shared| (shared, "rest on")).or_else(controller) {
            Some((shared, how)) => out.refuted(finding(case, &claim, &shared, how)),
            None if own.incomplete || other.incomplete => out.undecided(),
            None => out.proved(),
        }
    }
}

/// Anything that both can reach counts, also where a choice such as `1 of [..]` would let one do
/// without it: a claim of independence means nothing shared.
fn finding(case: &BackupCase<'_>, claim: &Ref<'_>, shared: &Element, how: &str) -> Diagnostic {
    let message = format!(
        "`{}` is declared independent of `{}`, and both {how} `{}`",
        case.backup.name(),
        claim.name.text,
        shared.name()
    );
    Diagnostic::new(&RULE, case.backup.at(claim.name.span), message)
        .also(shared.name_at(), format!("`{}` is declared here", shared.name()))
        .help("move one of them off it, or drop the claim")
}
