//! `split-control`: A backup takes over by itself and nothing shuts its primary out.

use rbp_grammar::head::Head;

use crate::analysis::protectors_from;
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::names::ItemId;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "split-control",
    Error,
    Readiness,
    "A backup takes over by itself and nothing shuts its primary out.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, Some(primary)) = (case.backup, &case.primary) else { return };
    let Some(activation) = backup.activation() else { return };
    let succession = activation.succession();
    let automatic = succession.iter().any(|step| step.automatic);
    let hot = backup.word(Head::Readiness) == Some("hot");
    if !(automatic || hot) || backup.is("actor") {
        return;
    }
    let fences = activation.fences();
    let shut = fences.iter().any(|(target, via, _)| {
        backup.target(target).is_some_and(|id| {
            id == primary.id || (is_needed(primary, id) && !is_replaced(case, id))
        }) && !via.is_empty()
    });
    if shut || backup.is_broken() {
        return out.proved();
    }
    let (name, of) = (backup.name(), primary.name());
    let how = if automatic { "takes over by itself" } else { "runs all the time" };
    let message = format!("`{name}` {how}, and nothing shuts `{of}` out");
    let mut finding = Diagnostic::new(&RULE, activation.clause_at(Head::By), message)
        .also(primary.name_at(), format!("`{of}` may still be at work, or come back"))
        .note("two that both believe to be in charge write twice, pay twice or feed one line twice")
        .help(format!("shut the primary out first: `fence {of} via …`"));
    for (target, _, at) in fences {
        let replaced =
            backup.target(target).is_some_and(|id| is_needed(primary, id) && is_replaced(case, id));
        let words = match replaced {
            true => format!(
                "this shuts out `{}`, which has a backup of its own, so `{of}` may go on",
                target.text
            ),
            false => format!("this shuts out `{}`, not `{of}`", target.text),
        };
        finding = finding.also(at, words);
    }
    out.refuted(finding);
}

/// Whether a backup stands in for it, so that what needs it goes on.
fn is_replaced(case: &BackupCase<'_>, id: ItemId) -> bool {
    let all =
        case.functions.iter().flat_map(|function| protectors_from(case.db, case.here, function.id));
    let mut others = all.filter_map(|backup| case.element(*backup));
    others.any(|other| other.primary().is_some_and(|primary| primary.id == id))
}

/// Whether the primary stops without it.
fn is_needed(primary: &Element, id: ItemId) -> bool {
    primary.needs().iter().any(|need| {
        need.count as usize == need.named as usize && need.of.iter().any(|target| target.id == id)
    })
}
