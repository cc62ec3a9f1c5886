//! What losses do to a function: what ends it, what brings it back and how long that takes.

use std::collections::BTreeMap;

use rbp_ruleset as rs;

use super::Names;
use super::parts::sort;
use crate::analysis::{Analysis, Cone, Index, Loss, analysis, budget, protectors, recall_needed};
use crate::db::file;
use crate::model::{Element, element};

fn loss(names: &Names<'_>, cone: &Cone, loss: Loss) -> rs::Loss {
    rs::Loss { sort: sort(loss.sort), element: names.id(cone.lost(loss).id) }
}

fn sorted(names: &Names<'_>, cone: &Cone, losses: &[Loss]) -> Vec<rs::Loss> {
    let mut losses: Vec<rs::Loss> = losses.iter().map(|l| loss(names, cone, *l)).collect();
    losses.sort();
    losses
}

/// Writes what the analysis found into a function.
pub(super) fn effects(names: &Names<'_>, f: &Element, into: &mut rs::Function) {
    into.time_budgets = time_budgets(names, f);
    let Some(analysis) = analysis(names.db, f.id) else { return };
    if analysis.too_large {
        return;
    }
    let cone = &analysis.cone;
    let single = analysis.cuts.iter().map(|cut| vec![cut.loss]);
    let sets = single.chain(analysis.larger.iter().cloned());
    into.cut_sets = sets.map(|set| sorted(names, cone, &set)).collect();
    into.cut_sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    into.cut_sets_to = if cone.incomplete { 0 } else { analysis.complete_to };
    into.restorations = restorations(names, analysis);
}

/// The single losses that backups answer, those together that the same backups answer in the same
/// time.
fn restorations(names: &Names<'_>, analysis: &Analysis) -> Vec<rs::Restoration> {
    let cone = &analysis.cone;
    let mut all: BTreeMap<(u64, &[Index]), Vec<Loss>> = BTreeMap::new();
    for restored in &analysis.restored {
        all.entry((restored.ms, &restored.by)).or_default().push(restored.loss);
    }
    let each = all.into_iter().map(|((within_ms, by), losses)| rs::Restoration {
        after: sorted(names, cone, &losses),
        by: by.iter().filter_map(|at| Some(names.id(cone.elements.get(*at)?.id))).collect(),
        within_ms,
    });
    let mut table: Vec<rs::Restoration> = each.collect();
    table.sort_by(|a, b| a.after.cmp(&b.after));
    table
}

/// Whether it is said when a backup is put to work, and by whom: before that nothing else begins.
fn is_called(backup: &Element) -> bool {
    backup.activation().is_some_and(|a| a.when().is_some() && !a.succession().is_empty())
}

/// How long each backup of a function takes at best.
fn time_budgets(names: &Names<'_>, f: &Element) -> Vec<rs::TimeBudget> {
    let Some(here) = file(names.db, f.id.file) else { return Vec::new() };
    let backups = protectors(names.db, f.id).iter().filter_map(|id| element(names.db, *id));
    let each = backups.map(|backup| {
        let budget = budget(names.db, here, &backup, recall_needed(names.db, here, &backup));
        let step =
            |step: &crate::analysis::Step| rs::TimeStep { step: step.word.to_owned(), ms: step.ms };
        rs::TimeBudget {
            backup: names.id(backup.id),
            steps: budget.steps.iter().map(step).collect(),
            complete: is_called(&backup) && budget.unstated.is_empty() && !budget.undecided,
        }
    });
    let mut table: Vec<rs::TimeBudget> = each.collect();
    table.retain(|b| !b.backup.is_empty());
    table.sort_by(|a, b| a.backup.cmp(&b.backup));
    table
}
