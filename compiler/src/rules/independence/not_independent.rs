//! `not-independent`: What is declared independent shares something.

use rbp_grammar::head::Head;

use crate::analysis::Rests;
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
        let own = Rests::of(case.db, case.here, &[case.backup.id], |_| true);
        let other = Rests::of(case.db, case.here, &[claim.id], |_| true);
        match own.elements.iter().find(|element| other.has(element.id)) {
            Some(shared) => out.refuted(finding(case, &claim, shared)),
            None if own.incomplete || other.incomplete => out.undecided(),
            None => out.proved(),
        }
    }
}

/// `shared` is the first that both rest on. Anything that both can reach counts, also where a choice
/// such as `1 of [..]` would let one do without it: a claim of independence means nothing shared.
fn finding(case: &BackupCase<'_>, claim: &Ref<'_>, shared: &Element) -> Diagnostic {
    let message = format!(
        "`{}` is declared independent of `{}`, and both rest on `{}`",
        case.backup.name(),
        claim.name.text,
        shared.name()
    );
    Diagnostic::new(&RULE, case.backup.at(claim.name.span), message)
        .also(shared.name_at(), format!("`{}` is declared here", shared.name()))
        .help("move one of them off it, or drop the claim")
}
