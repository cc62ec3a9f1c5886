//! `not-independent`: What is declared independent shares something.

use std::sync::Arc;

use rbp_grammar::head::Head;

use crate::analysis::Rests;
use crate::diagnostic::Diagnostic;
use crate::model::{Element, Ref};
use crate::names::ItemId;
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
        let mut start = vec![case.backup.id];
        let resupply = case.backup.load(Head::Covers).and_then(|load| load.resupply);
        start.extend(resupply.and_then(|(by, _)| case.backup.target(by)));
        let own = Rests::of(case.db, case.here, &start, |_| true);
        let other = Rests::of(case.db, case.here, &[claim.id], |_| true);
        // What is first found is what both rest on; a principal that controls both comes after that.
        let resting = own.elements.iter().find(|element| other.has(element.id)).cloned();
        match resting.map(|shared| (shared, "rest on")).or_else(|| controller(case, &own, &other)) {
            Some((shared, how)) => out.refuted(finding(case, &claim, &shared, how)),
            None if own.incomplete || other.incomplete => out.undecided(),
            None => out.proved(),
        }
    }
}

/// A principal that can destroy something of both, or that one rests on while it controls the other.
fn controller(
    case: &BackupCase<'_>,
    own: &Rests,
    other: &Rests,
) -> Option<(Arc<Element>, &'static str)> {
    let (ours, theirs) = (controllers(own), controllers(other));
    let both = ours.iter().find(|id| theirs.contains(id) || other.has(**id));
    let both = both.or_else(|| theirs.iter().find(|id| own.has(**id)));
    Some((case.element(*both?)?, "are in the hands of"))
}

fn controllers(rests: &Rests) -> Vec<ItemId> {
    let open = rests.elements.iter().filter(|element| !element.has(Head::Immutable));
    open.flat_map(|element| element.named(Head::ControlledBy)).map(|named| named.id).collect()
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
