//! `not-independent`: What is declared independent shares something.

use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use crate::analysis::Cone;
use crate::diagnostic::Diagnostic;
use crate::model::Ref;
use crate::names::ItemId;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "not-independent",
    Error,
    Independence,
    "What is declared independent shares something.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    for claim in case.backup.named(Head::IndependentOf) {
        out.judge(shared(case, &claim));
    }
}

/// The first element that both rest on. Anything that both can reach counts, also where a choice
/// such as `1 of [..]` would let one do without it: a claim of independence means nothing shared.
fn shared(case: &PairCase<'_>, claim: &Ref<'_>) -> Option<Diagnostic> {
    let cone = &case.analysis.cone;
    let own = rests_on(cone, case.backup.id);
    let other = rests_on(cone, claim.id);
    let both: FxHashSet<ItemId> = other.into_iter().collect();
    let found = own.into_iter().find(|id| both.contains(id))?;
    let shared = crate::model::element(case.db, found)?;
    let message = format!(
        "`{}` is declared independent of `{}`, and both rest on `{}`",
        case.backup.name(),
        claim.name.text,
        shared.name()
    );
    Some(
        Diagnostic::new(&RULE, case.backup.at(claim.name.span), message)
            .also(shared.name_at(), format!("`{}` is declared here", shared.name()))
            .help("move one of them off it, or drop the claim"),
    )
}

/// The element and everything that it can reach by needs, nearest first.
fn rests_on(cone: &Cone, start: ItemId) -> Vec<ItemId> {
    let mut reached = vec![start];
    let mut seen: FxHashSet<ItemId> = reached.iter().copied().collect();
    let mut next = 0;
    while let Some(id) = reached.get(next).copied() {
        next += 1;
        let element = cone.index.get(&id).and_then(|at| cone.elements.get(*at));
        let needs = element.map(|e| e.needs()).unwrap_or_default();
        reached.extend(
            needs.iter().flat_map(|need| &need.of).map(|t| t.id).filter(|id| seen.insert(*id)),
        );
    }
    reached
}
