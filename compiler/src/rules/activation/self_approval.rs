//! `self-approval`: Who stands in decides alone that they stand in.

use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::model::NeedView;
use crate::names::ItemId;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "self-approval",
    Error,
    Access,
    "Who stands in decides alone that they stand in.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    if !backup.is("actor") {
        return;
    }
    let Some(activation) = backup.activation() else { return };
    let succession = activation.succession();
    if succession.is_empty() {
        return;
    }
    let mut proved = true;
    for step in succession.iter().filter(|step| !step.automatic) {
        if alone(case, &step.who, backup.id, &mut FxHashSet::default()) {
            proved = false;
            let name = backup.name();
            let message = format!("`{name}` decides alone that `{name}` stands in");
            out.refuted(
                Diagnostic::new(&RULE, step.who.at, message)
                    .here(format!("`{name}` suffices here"))
                    .note("powers that one takes for oneself are how a stand-in becomes a capture")
                    .help("let somebody else decide, or two together: `by 2 of [a, b]`"),
            );
        }
    }
    if proved {
        out.proved();
    }
}

/// Whether that one person suffices for a need.
fn alone(
    case: &BackupCase<'_>,
    need: &NeedView<'_>,
    who: ItemId,
    seen: &mut FxHashSet<ItemId>,
) -> bool {
    let can = need.of.iter().filter(|target| {
        target.id == who || seen.insert(target.id) && made_up_of(case, target.id, who, seen)
    });
    can.count() >= need.count as usize
}

/// Whether a team or rota acts when that one person is there.
fn made_up_of(
    case: &BackupCase<'_>,
    team: ItemId,
    who: ItemId,
    seen: &mut FxHashSet<ItemId>,
) -> bool {
    let Some(team) = case.element(team).filter(|e| e.is("actor")) else { return false };
    let needs = team.needs();
    let mut people = needs.iter().filter(|need| need.of.iter().any(|t| is_actor(case, t.id)));
    let Some(first) = people.next() else { return false };
    alone(case, first, who, seen) && people.all(|need| alone(case, need, who, seen))
}

fn is_actor(case: &BackupCase<'_>, id: ItemId) -> bool {
    case.element(id).is_some_and(|e| e.is("actor"))
}
