//! `overcommitted-backup`: One loss calls on a backup for several functions, and together they
//! demand more than it carries.

use std::collections::BTreeMap;
use std::sync::Arc;

use num_traits::CheckedAdd;
use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use crate::analysis::{Called, analysis, called_together, demanded};
use crate::diagnostic::Diagnostic;
use crate::model::{Element, LoadView};
use crate::names::ItemId;
use crate::quantity::{Number, in_unit_of};
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "overcommitted-backup",
    Error,
    Coverage,
    "One loss calls on a backup for several functions, which together demand more than it carries.",
    Check::Backup(check)
);

type Lost = (LossSort, ItemId);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    if case.functions.len() < 2 {
        return;
    }
    let Some(calls) = calls(case) else {
        // A function that is not credible or cannot be read is another rule's finding.
        return out.undecided();
    };
    let together = calls.into_iter().filter(|(_, functions)| functions.len() > 1);
    let mut worst: Option<(Number, Lost, Vec<Arc<Element>>)> = None;
    let mut any = false;
    for (lost, functions) in together {
        any = true;
        let Some(sum) = sum(case, &functions) else {
            return out.unknown(unsaid(case, &functions));
        };
        if worst.as_ref().is_none_or(|(most, _, _)| sum > *most) {
            worst = Some((sum, lost, functions));
        }
    }
    match (case.backup.load(Head::Covers), worst) {
        (Some(covers), Some((sum, lost, functions))) if sum > covers.amount.number => {
            out.refuted_by(vec![lost], finding(case, &covers, &sum, &[lost], &functions));
        }
        (None, _) if any => out.undecided(),
        (covers, _) => several(case, covers, out),
    }
}

/// After two losses at once, where functions say that they survive so many.
fn several(case: &BackupCase<'_>, covers: Option<LoadView<'_>>, out: &mut Outcomes<'_>) {
    let orders = case.functions.iter().filter_map(|f| analysis(case.db, f.id)).map(|a| a.order);
    let order = orders.max().unwrap_or(1);
    let carries = |sum: &Number| covers.as_ref().is_some_and(|c| *sum <= c.amount.number);
    if order < 2 || sum(case, &case.functions).is_some_and(|all| carries(&all)) {
        return out.proved();
    }
    let functions: Vec<ItemId> = case.functions.iter().map(|function| function.id).collect();
    let Some(called) = called_together(case.db, case.backup.id, &functions) else {
        return out.unknown(untried(case, order));
    };
    for Called { losses, functions } in &called {
        let functions: Vec<_> = functions.iter().map(|at| case.functions[*at].clone()).collect();
        match (sum(case, &functions), &covers) {
            (Some(sum), Some(covers)) if sum > covers.amount.number => {
                let finding = finding(case, covers, &sum, losses, &functions);
                return out.refuted_by(losses.to_vec(), finding);
            }
            (Some(_), Some(_)) => {}
            (_, None) => return out.undecided(),
            (None, _) => return out.unknown(unsaid(case, &functions)),
        }
    }
    match order > 2 {
        true => out.unknown(untried(case, order)),
        false => out.proved(),
    }
}

fn untried(case: &BackupCase<'_>, order: u32) -> Diagnostic {
    let message = format!(
        "whether {order} losses together call on `{}` for more than it carries was not tried",
        case.backup.name()
    );
    Diagnostic::new(&RULE, case.backup.clause_at(Head::Protects), message)
        .note("what all of its functions demand together is more than it covers")
        .help("let it cover all of them together, or let them survive fewer losses")
}

/// Per single loss the functions that call on the backup after it. `None` where one of them could
/// not be analysed, or where the backup takes no part in one.
fn calls(case: &BackupCase<'_>) -> Option<BTreeMap<Lost, Vec<Arc<Element>>>> {
    let mut calls: BTreeMap<Lost, Vec<Arc<Element>>> = BTreeMap::new();
    for function in &case.functions {
        let analysis = analysis(case.db, function.id).filter(|a| !a.too_large)?;
        let at = analysis.cone.index.get(&case.backup.id)?;
        for restored in analysis.restored.iter().filter(|r| r.by.contains(at)) {
            let lost = (restored.loss.sort, analysis.cone.lost(restored.loss).id);
            calls.entry(lost).or_default().push(function.clone());
        }
    }
    Some(calls)
}

/// What the functions demand together; `None` where one does not say, or not in the backup's unit.
fn sum(case: &BackupCase<'_>, functions: &[Arc<Element>]) -> Option<Number> {
    let covers = case.backup.load(Head::Covers)?;
    functions.iter().try_fold(Number::from_integer(0), |sum, function| {
        let (_, wanted) = demanded(function)?;
        let same = wanted.amount.dimension == covers.amount.dimension;
        sum.checked_add(&wanted.amount.number).filter(|_| same)
    })
}

fn unsaid(case: &BackupCase<'_>, functions: &[Arc<Element>]) -> Diagnostic {
    let message = format!(
        "one loss calls on `{}` for {} functions, and what they demand together cannot be reckoned",
        case.backup.name(),
        functions.len()
    );
    let mut finding = Diagnostic::new(&RULE, case.backup.clause_at(Head::Protects), message);
    for function in functions {
        finding = finding.also(function.name_at(), "this one calls on it");
    }
    finding.help("state `demand` in each of them and `covers` in the backup, in units of one sort")
}

fn finding(
    case: &BackupCase<'_>,
    covers: &LoadView<'_>,
    sum: &Number,
    losses: &[Lost],
    functions: &[Arc<Element>],
) -> Diagnostic {
    let name = case.backup.name();
    let together = in_unit_of(sum, covers.amount, covers.written)
        .unwrap_or_else(|| "more than can be reckoned".into());
    let named = losses.iter().filter_map(|(_, id)| Some(case.element(*id)?.name().to_owned()));
    let lost = named.collect::<Vec<_>>().join("` and `");
    let message = format!(
        "the loss of `{lost}` calls on `{name}` for {} functions that demand {together} together, and it carries {}",
        functions.len(),
        covers.written
    );
    let mut finding = Diagnostic::new(&RULE, covers.at, message).here("this serves one at a time");
    for function in functions {
        if let Some((_, wanted)) = demanded(function) {
            let words =
                format!("`{}` cannot do with less than {}", function.name(), wanted.written);
            finding = finding.also(wanted.at, words);
        }
    }
    finding.help(
        "keep a larger one or one for each, or say which function goes without and accept that",
    )
}
