//! Which single person a loss calls on, and for what.

use rbp_grammar::ast::{LossSort, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::{Analysis, Rests, analysis, sole_deciders};
use crate::db::{Db, SourceFile, file};
use crate::model::{Element, element, facts};
use crate::names::{ItemId, imports_lost, namers};

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

/// People, and what each does for a backup.
type People = Vec<(ItemId, Part)>;

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

/// The duties of a person.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Duties {
    /// Those that are known, sorted.
    pub all: Vec<Duty>,
    /// Something could not be read or analysed, so there may be more.
    pub incomplete: bool,
}

/// The duties of a person, of whatever functions. They are found from the person upwards: by the
/// teams and backups that name it, and the functions that those protect.
pub(super) fn duties(db: &dyn Db, person: ItemId) -> Option<&Duties> {
    Some(duties_of(db, file(db, person.file)?, person.item))
}

#[salsa::tracked(returns(ref))]
fn duties_of(db: &dyn Db, at: SourceFile, item: u32) -> Duties {
    let person = ItemId { file: at.id(db), item };
    let mut duties = Duties { all: Vec::new(), incomplete: imports_lost(db) };
    let mut named = vec![person];
    let mut homes: Vec<SourceFile> = Vec::new();
    let mut next = 0;
    while let Some(id) = named.get(next).copied() {
        next += 1;
        let Some(home) = file(db, id.file) else { continue };
        homes.extend(called_for(db, home, id.item));
        for from in namers(db, home) {
            let callers = callers(db, *from);
            duties.incomplete |= callers.incomplete;
            let first = callers.pairs.partition_point(|(called, _)| *called < id);
            let by = callers.pairs.iter().skip(first).take_while(|(called, _)| *called == id);
            for (_, by) in by {
                if !named.contains(by) {
                    named.push(*by);
                }
            }
        }
    }
    homes.sort_by_key(|home| home.id(db));
    homes.dedup();
    for home in homes {
        let (found, incomplete) = duties_in(db, home);
        duties.incomplete |= incomplete;
        let own = found.iter().filter(|(who, _)| *who == person);
        duties.all.extend(own.map(|(_, duty)| *duty));
    }
    duties.all.sort_unstable();
    duties.all.dedup();
    duties
}

/// The files of the functions that a backup protects; none of what is no backup.
fn called_for(db: &dyn Db, at: SourceFile, item: u32) -> Vec<SourceFile> {
    let backup = element(db, ItemId { file: at.id(db), item });
    let Some(backup) = backup.filter(|e| e.role() == Role::Backup) else { return Vec::new() };
    backup.named(Head::Protects).iter().filter_map(|f| file(db, f.id.file)).collect()
}

/// What a file's backups and people name.
#[derive(Debug, PartialEq, Eq, Default)]
struct Callers {
    /// (named, by), sorted.
    pairs: Vec<(ItemId, ItemId)>,
    /// One of them could not be read in full.
    incomplete: bool,
}

#[salsa::tracked(returns(ref))]
fn callers(db: &dyn Db, at: SourceFile) -> Callers {
    let facts = facts(db, at);
    let mut callers = Callers { pairs: Vec::new(), incomplete: facts.unread };
    for element in facts.elements().filter(|e| e.role() == Role::Backup || e.is("actor")) {
        callers.incomplete |= element.is_partial();
        callers.pairs.extend(element.targets().map(|named| (named, element.id)));
    }
    callers.pairs.sort_unstable();
    callers.pairs.dedup();
    callers
}

#[salsa::tracked(returns(ref))]
fn duties_in(db: &dyn Db, at: SourceFile) -> (Vec<(ItemId, Duty)>, bool) {
    let (mut found, mut incomplete) = (Vec::new(), false);
    for function in facts(db, at).elements().filter(|e| e.role() == Role::Function) {
        let Some(analysis) = analysis(db, function.id) else { continue };
        incomplete |= analysis.cone.incomplete || analysis.too_large;
        of_function(db, at, function.id, analysis, &mut found);
    }
    (found, incomplete)
}

fn of_function(
    db: &dyn Db,
    here: SourceFile,
    function: ItemId,
    analysis: &Analysis,
    found: &mut Vec<(ItemId, Duty)>,
) {
    let cone = &analysis.cone;
    if !cone.elements.iter().any(|e| e.is_person()) {
        return;
    }
    let mut crews: FxHashMap<usize, Rests> = FxHashMap::default();
    let mut tied: FxHashMap<(usize, Vec<ItemId>), People> = FxHashMap::default();
    for restored in &analysis.restored {
        let lost = (restored.loss.sort, cone.lost(restored.loss).id);
        for at in &restored.by {
            let Some(backup) = cone.elements.get(*at) else { continue };
            let Some(primary) = backup.primary() else { continue };
            // What protects another function on which this one rests is that one's own.
            if !backup.named(Head::Protects).iter().any(|f| f.id == function) {
                continue;
            }
            let crew = crews.entry(*at).or_insert_with(|| crew(db, here, backup));
            let gone: Vec<ItemId> =
                restored.gone.iter().copied().filter(|id| crew.has(*id)).collect();
            let people = tied
                .entry((*at, gone))
                .or_insert_with_key(|(_, gone)| people(db, here, backup, gone));
            let duty = |part| Duty { lost, function, backup: backup.id, primary: primary.id, part };
            found.extend(people.iter().map(|(person, part)| (*person, duty(*part))));
        }
    }
}

/// Everybody whom a backup may call on, with what puts it to work. Only through people: who keeps up
/// a service that it needs does so on any other day too.
pub(super) fn crew(db: &dyn Db, here: SourceFile, backup: &Element) -> Rests {
    let mut start = vec![backup.id];
    if let Some(activation) = backup.activation() {
        let steps = activation.succession();
        start.extend(steps.iter().flat_map(|step| &step.who.of).map(|target| target.id));
    }
    Rests::of(db, here, &start, |e| e.is("actor"))
}

/// The people without each of whom the backup does not serve once some others are gone.
fn people(db: &dyn Db, here: SourceFile, backup: &Element, gone: &[ItemId]) -> People {
    let deputy = backup.is("actor") || backup.word(Head::Readiness) == Some("trained");
    let part = if deputy { Part::Deputy } else { Part::Hands };
    let rests = Rests::of(db, here, &[backup.id], |e| e.is("actor"));
    let left = rests.falls_with(gone);
    let mut people = Vec::new();
    for person in rests.elements.iter().filter(|e| e.is_person() && !left.has(e.id)) {
        if rests.falls_with(&[gone, &[person.id]].concat()).has(backup.id) {
            people.push((person.id, part));
        }
    }
    for id in sole_deciders(db, here, backup, gone).0 {
        if !people.iter().any(|(known, _)| *known == id) {
            people.push((id, Part::Authority));
        }
    }
    people
}
