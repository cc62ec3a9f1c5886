//! `shared-approver`: One person counts for two who must act together.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::{Rests, stand_ins};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::NeedView;
use crate::names::ItemId;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "shared-approver",
    Error,
    Access,
    "One person counts for two who must act together.",
    Check::Backup(check)
);

/// Some who must all act: so many of some, and so many of others.
type Together = Vec<(u32, Vec<ItemId>)>;

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let (mut owed, mut proved) = (false, true);
    for step in activation.succession().iter().filter(|step| !step.automatic) {
        let named: Vec<ItemId> = step.who.of.iter().map(|target| target.id).collect();
        let rests = Rests::of(case.db, case.here, &named, |e| e.is("actor"));
        let teams = rests.elements.iter().filter(|e| e.is("actor"));
        let teams = teams.map(|team| of_actors(case, &team.needs()));
        let step_itself = vec![(step.who.count, named)];
        for together in std::iter::once(step_itself).chain(teams).filter(takes_several) {
            owed = true;
            if let Some(found) = counted_twice(case, &together) {
                proved = false;
                out.refuted(finding(step.who.at, &found));
            }
        }
    }
    if owed && proved {
        out.proved();
    }
}

/// What of some needs is about actors.
fn of_actors(case: &BackupCase<'_>, needs: &[NeedView<'_>]) -> Together {
    let actors = |need: &NeedView<'_>| {
        let of = need.of.iter().map(|target| target.id);
        (need.count, of.filter(|id| case.element(*id).is_some_and(|e| e.is("actor"))).collect())
    };
    needs.iter().map(actors).filter(|(_, of): &(u32, Vec<ItemId>)| !of.is_empty()).collect()
}

fn takes_several(together: &Together) -> bool {
    together.len() > 1 || together.iter().any(|(count, _)| *count > 1)
}

/// Who counts twice, and for which two.
struct Found {
    who: String,
    parties: [String; 2],
}

fn counted_twice(case: &BackupCase<'_>, together: &Together) -> Option<Found> {
    let mut seen: FxHashMap<ItemId, (usize, ItemId)> = FxHashMap::default();
    let name = |id: ItemId| case.element(id).map_or_else(String::new, |e| e.name().to_owned());
    for (clause, (count, parties)) in together.iter().enumerate() {
        for party in parties {
            for person in people(case, *party) {
                match seen.get(&person) {
                    Some((other, first)) if *other != clause || *count > 1 => {
                        return Some(Found {
                            who: name(person),
                            parties: [*first, *party].map(name),
                        });
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(person, (clause, *party));
                    }
                }
            }
        }
    }
    None
}

/// Everybody who can act for somebody who is named, deputies included. Linear in them.
fn people(case: &BackupCase<'_>, party: ItemId) -> Vec<ItemId> {
    let (mut found, mut met, mut open) = (Vec::new(), FxHashSet::default(), vec![party]);
    while let Some(id) = open.pop() {
        let Some(actor) = case.element(id).filter(|_| met.insert(id)) else { continue };
        let members = of_actors(case, &actor.needs());
        found.extend(members.is_empty().then_some(id));
        open.extend(members.into_iter().flat_map(|(_, of)| of));
        open.extend(stand_ins(case.db, case.here, id));
    }
    found
}

fn finding(at: Anchor, found: &Found) -> Diagnostic {
    let (who, [first, second]) = (&found.who, &found.parties);
    let message = match first == second {
        true => format!("`{who}` is counted twice among those who must act together"),
        false => {
            format!("`{who}` would count for `{first}` and for `{second}`, who must act together")
        }
    };
    Diagnostic::new(&RULE, at, message)
        .here("this takes several people")
        .note(
            "nobody counts twice: with the others gone, one person is left where two are asked for",
        )
        .help("name people or teams that have nobody in common")
}
