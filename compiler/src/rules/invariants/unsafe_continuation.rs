//! `unsafe-continuation`: Nothing observes the condition under which a backup must not continue.

use rbp_grammar::ast::{LossSort, SignalExpr};
use rbp_grammar::head::Head;

use crate::analysis::{Fallen, Rests, analysis, trigger};
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
    for lost in losses.into_iter().filter(|lost| rests.has(*lost)) {
        if !seen(backup, when, &rests.falls_with(lost)) {
            out.refuted(falls(case, when, at, lost));
            return false;
        }
    }
    known && !rests.incomplete
}

/// The losses that call on the backup, and whether these are all: its primary's own first.
fn losses(case: &BackupCase<'_>) -> (Vec<ItemId>, bool) {
    let mut losses: Vec<ItemId> = case.primary.iter().map(|p| p.id).collect();
    let mut known = case.primary.is_some();
    for function in &case.functions {
        let Some(analysis) = analysis(case.db, function.id) else {
            known = false;
            continue;
        };
        let cone = &analysis.cone;
        known &= !cone.incomplete && !analysis.too_large;
        let Some(own) = cone.index.get(&case.backup.id) else { continue };
        let calling = analysis
            .restored
            .iter()
            .filter(|r| r.loss.sort == LossSort::Lost && r.by.contains(own));
        losses.extend(calling.map(|r| cone.lost(r.loss).id));
    }
    let mut met = rustc_hash::FxHashSet::default();
    losses.retain(|id| met.insert(*id));
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

fn falls(case: &BackupCase<'_>, when: &SignalExpr, at: Anchor, lost: ItemId) -> Diagnostic {
    let backup = case.backup;
    let names = trigger::names(when);
    let words: Vec<String> = names.iter().map(|n| format!("`{}`", n.text)).collect();
    let lost = case.element(lost);
    let what = lost.as_ref().map_or("", |l| l.name());
    let message = format!(
        "losing `{what}` calls on `{}` and takes what observes {}, under which it must not continue",
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
