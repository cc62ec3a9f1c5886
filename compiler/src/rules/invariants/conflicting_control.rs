//! `conflicting-control`: Two backups of one primary take over at once, and nothing keeps them apart.

use std::sync::Arc;

use rbp_grammar::head::Head;

use crate::analysis::{resupplier, stand_ins, trigger};
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::names::ItemId;
use crate::rules::{Check, Outcomes, PairCase, rule};

rule!(
    "conflicting-control",
    Error,
    Invariants,
    "Two backups of one primary take over at once, and nothing keeps them apart.",
    Check::Pair(check)
);

fn check(case: &PairCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, Some(primary)) = (case.backup, &case.primary) else { return };
    if !acts_alone(backup) {
        return;
    }
    let cone = &case.analysis.cone;
    let standing = cone.index.get(&primary.id).and_then(|at| cone.stand_ins.get(at));
    let mut standing: Vec<Arc<Element>> =
        standing.into_iter().flatten().filter_map(|at| cone.elements.get(*at).cloned()).collect();
    if !standing.iter().any(|other| other.id == backup.id) {
        return;
    }
    if primary.is("record") {
        // Two that write are in conflict for whichever functions they do it.
        let more = stand_ins(case.db, case.here, primary.id).iter().copied();
        let more = more.filter(|id| standing.iter().all(|known| known.id != *id));
        let more: Vec<_> = more.filter_map(|id| case.element(id)).collect();
        standing.extend(more);
    }
    let others = standing.iter().filter(|other| other.id != backup.id && acts_alone(other));
    let others: Vec<_> = others.collect();
    let against: Vec<_> = others.iter().filter(|other| !kept_apart(backup, other)).collect();
    if others.is_empty() {
        return;
    }
    if against.is_empty() {
        return out.proved();
    }
    // Of two the second tells.
    for other in against.into_iter().filter(|other| other.id < backup.id) {
        out.refuted(finding(backup, other, primary));
    }
}

/// Whether it takes over without anybody's decision, or serves all the time.
fn acts_alone(backup: &Element) -> bool {
    let automatic = backup.activation().is_some_and(|a| a.succession().iter().any(|s| s.automatic));
    automatic || backup.word(Head::Readiness) == Some("hot")
}

fn kept_apart(one: &Element, other: &Element) -> bool {
    // What holds out until the other is there is fed by it.
    let feeds = |a: &Element, b: &Element| resupplier(a).is_some_and(|(by, _)| by == b.id);
    feeds(one, other)
        || feeds(other, one)
        || fences(one, other)
        || fences(other, one)
        || same_hand(one, other)
        || exclusive(one, other)
}

fn fences(one: &Element, other: &Element) -> bool {
    let activation = one.activation();
    let fences = activation.as_ref().map(|a| a.fences()).unwrap_or_default();
    fences.iter().any(|(target, via, _)| one.target(target) == Some(other.id) && !via.is_empty())
}

/// Whether the same controller, or the same people, act on both: one hand, one thing after the other.
/// Of several, any two quorums must have one in common.
fn same_hand(one: &Element, other: &Element) -> bool {
    let (one, other) = (hands(one), hands(other));
    let together = |(_, count, of): &(bool, u32, Vec<ItemId>)| *count as usize * 2 > of.len();
    !one.is_empty() && one == other && one.iter().all(together)
}

/// Who acts first, and every controller that acts later.
fn hands(backup: &Element) -> Vec<(bool, u32, Vec<ItemId>)> {
    let Some(activation) = backup.activation() else { return Vec::new() };
    let succession = activation.succession();
    let acting = succession.iter().enumerate().filter(|(number, s)| *number == 0 || s.automatic);
    acting
        .map(|(_, step)| {
            let mut of: Vec<ItemId> = step.who.of.iter().map(|target| target.id).collect();
            of.sort();
            (step.automatic, step.who.count, of)
        })
        .collect()
}

/// Whether no state of the signals calls for both.
fn exclusive(one: &Element, other: &Element) -> bool {
    let (one_rule, other_rule) = (one.activation(), other.activation());
    let (Some((first, _)), Some((second, _))) =
        (one_rule.as_ref().and_then(|a| a.when()), other_rule.as_ref().and_then(|a| a.when()))
    else {
        return false;
    };
    trigger::meetable_together(&[(one, first), (other, second)]) == Some(false)
}

fn finding(backup: &Element, other: &Element, primary: &Element) -> Diagnostic {
    let (own, name, lost) = (backup.name(), other.name(), primary.name());
    let message = format!(
        "losing `{lost}` calls on `{name}` and on `{own}` at once, and nothing keeps the two apart"
    );
    let place = |of: &Element| {
        let activation = of.activation();
        activation.map_or(of.name_at(), |a| a.clause_at(Head::By))
    };
    Diagnostic::new(&RULE, place(backup), message)
        .here(format!("`{own}` acts by itself"))
        .also(place(other), format!("so does `{name}`"))
        .note("two that both act for one primary work against each other: two writers, two sources on one line")
        .help(format!(
            "let one controller act on both, or let the second shut the first out: `fence {name} via …`"
        ))
}
