//! `capacity-reservation`: Spare capacity is declared as a backup.

use rbp_grammar::ast::{Args, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use crate::analysis::protectors_from;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::names::ItemId;
use crate::quantity::Number;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "capacity-reservation",
    Hint,
    Governance,
    "Spare capacity is declared as a backup.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let mut said = FxHashSet::default();
    pools(case, &mut said, out);
    for id in protectors_from(case.db, case.here, case.function.id) {
        let Some(backup) = case.element(*id) else { continue };
        if let Some(at) = lends_most(&backup)
            && said.insert(*id)
        {
            out.refuted(lent(&backup, at));
        }
    }
}

/// Backups that serve all the time, beside their primaries: `1 of [primary, backup]`.
fn pools(case: &FunctionCase<'_>, said: &mut FxHashSet<ItemId>, out: &mut Outcomes<'_>) {
    let cone = &case.analysis.cone;
    for resting in &cone.elements {
        for need in resting.needs() {
            if need.of.len() < 2 || need.count as usize >= need.of.len() {
                continue;
            }
            let pool: FxHashSet<ItemId> = need.of.iter().map(|target| target.id).collect();
            for target in &need.of {
                let member = cone.index.get(&target.id).and_then(|at| cone.elements.get(*at));
                let Some(member) = member.filter(|e| e.role() == Role::Backup) else { continue };
                if let Some(primary) = member.primary().filter(|p| pool.contains(&p.id))
                    && said.insert(member.id)
                {
                    let place = resting.at(target.name.span);
                    out.refuted(serves(member, &primary.name.text, resting, place));
                }
            }
        }
    }
}

/// Where more than half of it is lent for ordinary work.
fn lends_most(backup: &Element) -> Option<Anchor> {
    let clause = backup.clause(Head::Lends)?;
    let Args::Lends { share, .. } = &clause.args else { return None };
    let lent = backup.amount(share)?;
    let most = lent.dimension.is_none() && lent.number > Number::new(1, 2);
    most.then(|| backup.at(clause.span))
}

const HELP: &str =
    "capacity that is held for demand needs no activation: declare it as a dependency";

fn serves(backup: &Element, primary: &str, resting: &Element, place: Anchor) -> Diagnostic {
    let name = backup.name();
    let message = format!(
        "`{name}` serves beside `{primary}` all the time: that is capacity reservation, not a backup"
    );
    Diagnostic::new(&RULE, backup.name_at(), message)
        .also(place, format!("`{}` counts on it already", resting.name()))
        .note("a pool that goes on with fewer members needs nobody to call on one of them")
        .help(HELP)
}

fn lent(backup: &Element, at: Anchor) -> Diagnostic {
    let message = format!(
        "most of `{}` does ordinary work: that is capacity reservation, not a backup",
        backup.name()
    );
    Diagnostic::new(&RULE, at, message)
        .note("what is lent is in use on the day when it is called for")
        .help(format!("lend at most half of it, or keep it `reserved`; {HELP}"))
}
