//! Which single person a loss calls on, and for what.

use rbp_grammar::ast::{LossSort, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::{Analysis, Rests, analysis, sole_deciders};
use crate::db::{Db, SourceFile, Workspace};
use crate::model::{Element, facts};
use crate::names::ItemId;

/// What a person does for a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    /// Stands in for somebody.
    Deputy,
    /// Works it or puts it in place.
    Hands,
    /// Is the only one who may decide on it.
    Authority,
}

/// One loss calls on one person, without whom a backup of a function does not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Duty {
    /// What is lost.
    pub lost: (LossSort, ItemId),
    /// For which function.
    pub function: ItemId,
    /// The backup called on.
    pub backup: ItemId,
    /// What the backup stands in for.
    pub primary: ItemId,
    /// What the person does for it.
    pub part: Part,
}

/// Every duty of the workspace, by person.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Duties {
    by_person: FxHashMap<ItemId, Vec<Duty>>,
    /// Some function could not be analysed, so there may be more.
    pub incomplete: bool,
}

impl Duties {
    /// The duties of a person, sorted.
    pub fn of(&self, person: ItemId) -> &[Duty] {
        self.by_person.get(&person).map_or(&[], Vec::as_slice)
    }
}

/// The duties of all, put together from those of each file.
#[salsa::tracked(returns(ref))]
pub(super) fn duties(db: &dyn Db) -> Duties {
    let mut all = Duties::default();
    for at in Workspace::get(db).files(db).iter().flatten() {
        let (found, incomplete) = duties_in(db, *at);
        all.incomplete |= incomplete;
        for (person, duty) in found {
            all.by_person.entry(*person).or_default().push(*duty);
        }
    }
    for duties in all.by_person.values_mut() {
        duties.sort_unstable();
        duties.dedup();
    }
    all
}

#[salsa::tracked(returns(ref))]
fn duties_in(db: &dyn Db, at: SourceFile) -> (Vec<(ItemId, Duty)>, bool) {
    let (mut found, mut incomplete) = (Vec::new(), false);
    for function in facts(db, at).elements().filter(|e| e.role() == Role::Function) {
        let Some(analysis) = analysis(db, function.id) else { continue };
        incomplete |= analysis.cone.incomplete || analysis.too_large;
        of_function(db, function.id, analysis, &mut found);
    }
    (found, incomplete)
}

fn of_function(
    db: &dyn Db,
    function: ItemId,
    analysis: &Analysis,
    found: &mut Vec<(ItemId, Duty)>,
) {
    let cone = &analysis.cone;
    if !cone.elements.iter().any(|e| e.is_person()) {
        return;
    }
    let mut tied: FxHashMap<usize, Vec<(ItemId, Part)>> = FxHashMap::default();
    for restored in &analysis.restored {
        let lost = (restored.loss.sort, cone.lost(restored.loss).id);
        for at in &restored.by {
            let Some(backup) = cone.elements.get(*at) else { continue };
            let Some(primary) = backup.primary() else { continue };
            // What protects another function on which this one rests is that one's own.
            if !backup.named(Head::Protects).iter().any(|f| f.id == function) {
                continue;
            }
            let people = tied.entry(*at).or_insert_with(|| people(db, backup));
            let duty = |part| Duty { lost, function, backup: backup.id, primary: primary.id, part };
            found.extend(people.iter().map(|(person, part)| (*person, duty(*part))));
        }
    }
}

/// The people without each of whom the backup does not serve.
pub(super) fn people(db: &dyn Db, backup: &Element) -> Vec<(ItemId, Part)> {
    let deputy = backup.is("actor") || backup.word(Head::Readiness) == Some("trained");
    let part = if deputy { Part::Deputy } else { Part::Hands };
    // Only through people: who keeps up a service that it needs does so on any other day too.
    let rests = Rests::of(db, &[backup.id], |e| e.is("actor"));
    let mut people = Vec::new();
    for person in rests.elements.iter().filter(|e| e.is_person()) {
        if rests.falls_with(person.id).has(backup.id) {
            people.push((person.id, part));
        }
    }
    for id in sole_deciders(db, backup).0 {
        if !people.iter().any(|(known, _)| *known == id) {
            people.push((id, Part::Authority));
        }
    }
    people
}
