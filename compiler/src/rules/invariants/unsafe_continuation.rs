//! `unsafe-continuation`: Nothing observes the condition under which a backup must not continue.

use rbp_grammar::ast::{LossSort, SignalExpr};
use rbp_grammar::head::Head;

use crate::analysis::{Fallen, Rests, analysis, loss_words, trigger};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::names::ItemId;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "unsafe-continuation",
    Error,
    Invariants,
    "Nothing observes the condition under which a backup must not continue.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let conditions = activation.fail_safes();
    if conditions.is_empty() {
        return;
    }
    let mut proved = true;
    for (when, _, at) in conditions {
        proved &= condition(case, when, at, out);
    }
    if proved {
        out.proved();
    }
}

/// Looks at one condition; true where it is observed whenever the backup is called on.
fn condition(case: &BackupCase<'_>, when: &SignalExpr, at: Anchor, out: &mut Outcomes<'_>) -> bool {
    let backup = case.backup;
    let mut ids = Vec::new();
    let mut observed = true;
    for name in trigger::names(when) {
        let Some(signal) = backup.target(name).and_then(|id| case.element(id)) else {
            observed = false;
            continue;
        };
        ids.push(signal.id);
        if !signal.has(Head::From) {
            observed = false;
            if !signal.is_broken() {
                out.refuted(unobserved(backup, &signal, backup.at(name.span)));
            }
        }
    }
    if !observed {
        return false;
    }
    let rests = Rests::of(case.db, case.here, &ids, |_| true);
    let (losses, known) = losses(case);
    for (sort, lost) in losses {
        let taken = taken(&rests, sort, lost);
        if !taken.is_empty() && !seen(backup, when, &rests.falls_with(&taken)) {
            out.refuted(falls(case, when, at, (sort, lost)));
            return false;
        }
    }
    known && !rests.incomplete
}

/// What a loss takes at once of what the signals rest on.
fn taken(rests: &Rests, sort: LossSort, lost: ItemId) -> Vec<ItemId> {
    let controlled = |e: &Element| {
        !e.has(Head::Immutable) && e.named(Head::ControlledBy).iter().any(|c| c.id == lost)
    };
    let hit = |e: &Element| e.id == lost || (sort == LossSort::Compromised && controlled(e));
    let mut taken: Vec<ItemId> = rests.elements.iter().filter(|e| hit(e)).map(|e| e.id).collect();
    if sort == LossSort::Lost {
        return taken;
    }
    // What is wrong in a record is soon wrong in what follows it.
    let copies = |from: ItemId| {
        let copies = rests.elements.iter().filter(move |e| {
            let follows = e.has(Head::LagWithin) && !e.has(Head::Immutable);
            follows && e.primary().is_some_and(|primary| primary.id == from)
        });
        copies.map(|e| e.id)
    };
    let mut from = vec![lost];
    from.extend(taken.iter().copied());
    while let Some(at) = from.pop() {
        let new: Vec<ItemId> = copies(at).filter(|id| !taken.contains(id)).collect();
        taken.extend(&new);
        from.extend(new);
    }
    taken
}

/// The losses that call on the backup, and whether these are all: its primary's own first.
fn losses(case: &BackupCase<'_>) -> (Vec<(LossSort, ItemId)>, bool) {
    let own = case.primary.iter().map(|p| (LossSort::Lost, p.id));
    let mut losses: Vec<(LossSort, ItemId)> = own.collect();
    let mut known = case.primary.is_some();
    for function in &case.functions {
        let Some(analysis) = analysis(case.db, function.id) else {
            known = false;
            continue;
        };
        let cone = &analysis.cone;
        known &= !cone.incomplete && !analysis.too_large;
        let Some(own) = cone.index.get(&case.backup.id) else { continue };
        let calling = analysis.restored.iter().filter(|r| r.by.contains(own));
        losses.extend(calling.map(|r| (r.loss.sort, cone.lost(r.loss).id)));
    }
    let mut met = rustc_hash::FxHashSet::default();
    losses.retain(|loss| met.insert(*loss));
    (losses, known)
}

/// Whether a condition can still be observed. Each side of `or` is a danger of its own; of
/// `2 of [..]` two are enough.
fn seen(backup: &Element, expr: &SignalExpr, fallen: &Fallen<'_>) -> bool {
    match expr {
        SignalExpr::Signal(name) => backup.target(name).is_some_and(|id| !fallen.has(id)),
        SignalExpr::Not(inner) => seen(backup, inner, fallen),
        SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
            seen(backup, left, fallen) && seen(backup, right, fallen)
        }
        SignalExpr::Some { count, of, .. } => {
            of.iter().filter(|inner| seen(backup, inner, fallen)).count() >= count.value as usize
        }
    }
}

fn unobserved(backup: &Element, signal: &Element, at: Anchor) -> Diagnostic {
    let name = signal.name();
    let message =
        format!("`{}` must not continue when `{name}`, and nothing observes that", backup.name());
    Diagnostic::new(&RULE, at, message)
        .also(signal.name_at(), format!("`{name}` does not say what it comes from"))
        .note("where going on is unsafe, stopping comes before the backup; what nobody sees stops nothing")
        .help(format!("name what observes it: `from …` in `{name}`"))
}

fn falls(
    case: &BackupCase<'_>,
    when: &SignalExpr,
    at: Anchor,
    (sort, lost): (LossSort, ItemId),
) -> Diagnostic {
    let backup = case.backup;
    let names = trigger::names(when);
    let words: Vec<String> = names.iter().map(|n| format!("`{}`", n.text)).collect();
    let lost = case.element(lost);
    let what = lost.as_ref().map_or("", |l| l.name());
    let message = format!(
        "{} calls on `{}` and takes what observes {}, under which it must not continue",
        loss_words(sort, what),
        backup.name(),
        words.join(" and ")
    );
    let mut finding = Diagnostic::new(&RULE, at, message);
    for signal in names.iter().filter_map(|n| case.element(backup.target(n)?)) {
        finding = finding
            .also(signal.clause_at(Head::From), format!("where `{}` comes from", signal.name()));
    }
    finding
        .note("the danger is looked for at the very moment at which nobody can see it")
        .help(format!("let it be observed from something that does not rest on `{what}`"))
}
